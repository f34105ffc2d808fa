import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { gone, member, type Org, openOrg, person, refused, webApp } from '../testing.ts'

/** Administrator roles: who holds them, what they are narrowed to, and custom ones over sets of resources. */
let org: Org
const ids: Record<string, string> = {}
const idsOf = (rows: { id: string }[]) => rows.map(({ id }) => id)
const made = async (path: string, body: object) => (await org.post(path, body)).body.id as string

beforeAll(async () => {
  org = await openOrg()
  ids.user = (await member(org, 'admin.one@acme.test')).id
  ids.group = await made('/api/v1/groups', { profile: { name: 'Admins' } })
  ids.target = await made('/api/v1/groups', { profile: { name: 'Target' } })
  ids.other = await made('/api/v1/groups', { profile: { name: 'Other' } })
  const service = await org.post('/api/v1/apps', {
    name: 'oidc_client',
    label: 'Service',
    signOnMode: 'OPENID_CONNECT',
    credentials: { oauthClient: {} },
    settings: {
      oauthClient: { application_type: 'service', grant_types: ['client_credentials'], response_types: ['token'] },
    },
  })
  ids.client = service.body.credentials.oauthClient.client_id
  ids.app = (await webApp(org, 'Narrow')).id
})
afterAll(() => org.close())

describe.each([
  ['a user', 'user', '/api/v1/users'],
  ['a group', 'group', '/api/v1/groups'],
  ['a client', 'client', '/oauth2/v1/clients'],
])('%s', (_name, kind, root) => {
  const roles = () => `${root}/${ids[kind]}/roles`

  it('holds roles, each once, until they are taken back', async () => {
    expect(await org.post(roles(), { type: 'CAPTAIN' })).toMatchObject(refused(400, 'E0000001'))
    const given = await org.post(roles(), { type: 'READ_ONLY_ADMIN' })
    expect(given.body).toMatchObject({ type: 'READ_ONLY_ADMIN', status: 'ACTIVE', assignmentType: kind.toUpperCase() })
    expect([200, 201]).toContain(given.status)
    expect(await org.post(roles(), { type: 'READ_ONLY_ADMIN' })).toMatchObject({ status: 409 })
    const role = `${roles()}/${given.body.id}`
    expect((await org.get(role)).body).toEqual(given.body)
    expect((await org.get(roles())).body).toEqual([given.body])
    expect((await org.delete(role)).status).toBe(204)
    expect(await org.get(role)).toMatchObject(gone(given.body.id, 'RoleAssignment'))
    expect((await org.get(roles())).body).toEqual([])
    const type = { user: 'user.account', group: 'group', client: 'app.oauth2.client' }[kind]
    const grants = await org.events(`${type}.privilege.grant`)
    expect(grants.at(-1)?.target?.[0]?.id).toBe(ids[kind])
    expect((await org.events(`${type}.privilege.revoke`)).at(-1)?.target?.[0]?.id).toBe(ids[kind])
  })

  it('has a role over some groups only', async () => {
    const { id } = (await org.post(roles(), { type: 'USER_ADMIN' })).body
    const targets = `${roles()}/${id}/targets/groups`
    expect((await org.get(targets)).body).toEqual([])
    expect((await org.put(`${targets}/none`)).status).toBe(404)
    expect((await org.put(`${targets}/${ids.target}`)).status).toBe(204)
    expect((await org.put(`${targets}/${ids.other}`)).status).toBe(204)
    expect(idsOf((await org.get(targets)).body).sort()).toEqual([ids.target, ids.other].sort())
    expect((await org.delete(`${targets}/${ids.target}`)).status).toBe(204)
    expect(idsOf((await org.get(targets)).body)).toEqual([ids.other])
    expect((await org.delete(`${targets}/${ids.other}`)).status).toBe(400)
    expect(await org.put(`${roles()}/${id}/targets/catalog/apps/oidc_client`)).toMatchObject(refused(400, 'E0000091'))
    await org.delete(`${roles()}/${id}`)
    expect((await org.get(targets)).status).toBe(404)
  })

  it('has a role over some apps only: one of a name takes the place of all of that name', async () => {
    const { id } = (await org.post(roles(), { type: 'APP_ADMIN' })).body
    const targets = `${roles()}/${id}/targets/catalog/apps`
    expect((await org.put(`${targets}/bookmark`)).status).toBe(204)
    expect((await org.put(`${targets}/oidc_client`)).status).toBe(204)
    const names = async () => (await org.get(targets)).body.map((one: { name: string }) => one.name).sort()
    expect(await names()).toEqual(['bookmark', 'oidc_client'])
    expect((await org.put(`${targets}/oidc_client/${ids.app}`)).status).toBe(204)
    expect(await names()).toEqual(['Narrow', 'bookmark'])
    expect((await org.get(`${targets}?limit=1`)).headers.get('link')).toContain('rel="next"')
    expect((await org.delete(`${targets}/bookmark`)).status).toBe(204)
    expect(await names()).toEqual(['Narrow'])
    expect((await org.delete(`${targets}/oidc_client/${ids.app}`)).status).toBe(400)
    await org.put(`${targets}/bookmark`)
    expect((await org.delete(`${targets}/oidc_client/${ids.app}`)).status).toBe(204)
    expect(await names()).toEqual(['bookmark'])
    expect((await org.delete(`${targets}/oidc_client/${ids.app}`)).status).toBe(404)
    expect(await org.put(`${roles()}/${id}/targets/groups/${ids.target}`)).toMatchObject(refused(400, 'E0000091'))
    if (kind === 'user') {
      const governance = (await org.get(`${roles()}/${id}/governance`)).body
      expect(governance).toMatchObject({ grants: [], _links: { assignee: { href: `${org.url}${root}/${ids.user}` } } })
      expect((await org.get(`${roles()}/none/governance`)).status).toBe(404)
      const listed = await org.get(`${roles()}/${id}/targets`)
      expect(listed.body).toMatchObject([{ assignmentType: 'USER', orn: expect.stringContaining('apps:bookmark') }])
      expect((await org.put(targets)).status).toBe(204)
      expect(await names()).toEqual([])
    }
    await org.delete(`${roles()}/${id}`)
  })
})

it('nobody has the roles of a group that is not there', async () => {
  expect(await org.get('/api/v1/groups/none/roles')).toMatchObject({ status: 200, body: [] })
  expect(await org.get('/api/v1/users/none/roles')).toMatchObject(gone('none', 'User'))
  expect(await org.delete('/api/v1/groups/none/roles/x')).toMatchObject(gone('none', 'UserGroup'))
})

it('members of a group have its roles, as the group', async () => {
  const { id } = (await org.post(`/api/v1/groups/${ids.group}/roles`, { type: 'READ_ONLY_ADMIN' })).body
  await org.put(`/api/v1/groups/${ids.group}/users/${ids.user}`)
  const roles = (await org.get(`/api/v1/users/${ids.user}/roles`)).body
  expect(roles).toMatchObject([{ id, type: 'READ_ONLY_ADMIN', assignmentType: 'GROUP' }])
  const holders = (await org.get('/api/v1/iam/assignees/users')).body.value
  expect(idsOf(holders)).toContain(ids.user)
  await org.delete(`/api/v1/groups/${ids.group}/roles/${id}`)
  expect(idsOf((await org.get('/api/v1/iam/assignees/users')).body.value)).not.toContain(ids.user)
  const everyone = (await org.get('/api/v1/groups?q=Everyone')).body[0].id
  expect(await org.post(`/api/v1/groups/${everyone}/roles`, { type: 'ORG_ADMIN' })).toMatchObject(
    refused(400, 'E0000211'),
  )
})

describe('custom roles', () => {
  const ROLES = '/api/v1/iam/roles'
  const SETS = '/api/v1/iam/resource-sets'

  it('are named once, changed by id or label, and kept while somebody holds them', async () => {
    const body = { label: 'Greeter', description: 'Says hello', permissions: ['okta.users.read'] }
    expect(await org.post(ROLES, { ...body, permissions: [] })).toMatchObject(refused(400, 'E0000001'))
    const created = await org.post(ROLES, body)
    expect(created.body).toMatchObject({ label: 'Greeter', description: 'Says hello' })
    expect(await org.post(ROLES, body)).toMatchObject(
      refused(400, 'E0000001', { causes: ['label: There is already an admin role with this name.'] }),
    )
    expect((await org.get(`${ROLES}/Greeter`)).body).toEqual(created.body)
    expect(idsOf((await org.get(ROLES)).body.roles)).toContain(created.body.id)
    const renamed = await org.put(`${ROLES}/${created.body.id}`, { label: 'Host', description: 'Says hello' })
    expect(renamed.body).toMatchObject({ id: created.body.id, label: 'Host' })
    expect((await org.get(`${ROLES}/Greeter`)).status).toBe(404)

    const permissions = `${ROLES}/Host/permissions`
    expect((await org.post(`${permissions}/okta.groups.read`)).status).toBe(204)
    expect((await org.post(`${permissions}/everything`)).status).toBe(400)
    const labels = (await org.get(permissions)).body.permissions.map((one: { label: string }) => one.label)
    expect(labels.sort()).toEqual(['okta.groups.read', 'okta.users.read'])
    expect((await org.delete(`${permissions}/okta.groups.read`)).status).toBe(204)
    expect((await org.get(`${permissions}/okta.groups.read`)).status).toBe(404)
    expect((await org.delete(`${ROLES}/Host`)).status).toBe(204)
    expect(await org.get(`${ROLES}/Host`)).toMatchObject(gone('Host', 'CustomRole'))
  })

  it('are bound to sets of resources, for members who come and go', async () => {
    const role = await made(ROLES, { label: 'Reader', description: 'Reads', permissions: ['okta.users.read'] })
    const url = (path: string) => `${org.url}/api/v1${path}`
    const set = await org.post(SETS, { label: 'North', description: 'All up north', resources: [url('/users')] })
    expect(set.body).toMatchObject({ label: 'North', _links: { bindings: {}, resources: {} } })
    expect(await org.post(SETS, { label: 'North', description: 'x', resources: [] })).toMatchObject({ status: 400 })
    const path = `${SETS}/${set.body.id}`
    expect((await org.get(`${SETS}/North`)).body).toEqual(set.body)
    expect((await org.put(path, { label: 'Far north', description: 'Further up' })).body.label).toBe('Far north')
    expect(idsOf((await org.get(SETS)).body['resource-sets'])).toContain(set.body.id)

    const added = await org.post(`${path}/resources`, {
      resourceOrnOrUrl: url(`/groups/${ids.target}`),
      conditions: {},
    })
    expect(added.body.orn).toMatch(new RegExp(`:groups:${ids.target}$`))
    const one = `${path}/resources/${added.body.id}`
    expect((await org.get(one)).body).toEqual(added.body)
    const exclude = { Exclude: { 'okta:ORN': [`orn:okta:directory:x:groups:${ids.other}`] } }
    expect((await org.put(one, { conditions: exclude })).body.conditions).toEqual(exclude)
    const byLabel = `${SETS}/Far north/resources/${added.body.id}`
    expect((await org.get(byLabel)).body.conditions).toEqual(exclude)
    expect(await org.put(byLabel, { conditions: exclude })).toMatchObject(gone('Far north', 'IAMPolicy'))
    expect((await org.get(`${path}/resources`)).body.resources).toHaveLength(2)
    expect((await org.delete(one)).status).toBe(204)
    expect((await org.get(one)).status).toBe(404)

    const bindings = `${path}/bindings`
    const bound = await org.post(bindings, { role, members: [url(`/users/${ids.user}`)] })
    expect(bound.body._links).toHaveProperty('members')
    expect(idsOf((await org.get(bindings)).body.roles)).toEqual([role])
    const binding = `${bindings}/${role}`
    expect((await org.get(binding)).body.id).toBe(role)
    expect((await org.get(`/api/v1/users/${ids.user}/roles`)).body).toMatchObject([
      { type: 'CUSTOM', role, 'resource-set': set.body.id },
    ])
    expect((await org.delete(`${ROLES}/${role}`)).status).toBe(400)
    await org.patch(`${binding}/members`, { additions: [url(`/groups/${ids.group}`)] })
    const { members } = (await org.get(`${binding}/members`)).body
    expect(members).toHaveLength(2)
    const last = `${binding}/members/${members[1].id}`
    expect((await org.get(last)).body._links.self.href).toBe(url(`/groups/${ids.group}`))
    expect((await org.delete(last)).status).toBe(204)
    expect((await org.get(last)).status).toBe(404)
    expect((await org.delete(binding)).status).toBe(204)
    expect(await org.get(binding)).toMatchObject(gone(role, 'IAMPolicyBinding'))
    expect(await org.post(bindings, { role, members: [] })).toMatchObject(refused(400, 'E0000001'))
    await org.post(bindings, { role, members: [url(`/users/${ids.user}`)] })
    const [only] = (await org.get(`${binding}/members`)).body.members
    expect((await org.delete(`${binding}/members/${only.id}`)).status).toBe(204)
    expect((await org.get(binding)).status).toBe(404)
    expect((await org.get(`${binding}/members`)).body.members).toEqual([])
    expect((await org.get(`/api/v1/users/${ids.user}/roles`)).body).toEqual([])
    expect((await org.get(bindings)).body.roles).toEqual([])
    await org.patch(`${binding}/members`, { additions: [url(`/users/${ids.user}`)] })
    expect((await org.get(binding)).status).toBe(200)
    expect((await org.delete(path)).status).toBe(204)
    expect(await org.get(path)).toMatchObject(gone(set.body.id, 'IAMPolicy'))
    expect((await org.delete(`${ROLES}/${role}`)).status).toBe(204)
  })

  it('let their holder do what they permit, and no more', async () => {
    const role = await made(ROLES, { label: 'Viewer', description: 'Views', permissions: ['okta.groups.read'] })
    const set = await made(SETS, { label: 'Groups', description: 'g', resources: [`${org.url}/api/v1/groups`] })
    await org.post(`${SETS}/${set}/bindings`, { role, members: [`${org.url}/api/v1/users/${ids.user}`] })
    const cookie = await sessionOf('admin.one@acme.test')
    const viewer = org.as(undefined, { cookie })
    expect((await viewer.get('/api/v1/groups')).status).toBe(200)
    expect(await viewer.post('/api/v1/groups', { profile: { name: 'No' } })).toMatchObject(refused(403, 'E0000006'))
    expect(await viewer.post('/api/v1/users', person('x@acme.test'))).toMatchObject(refused(403, 'E0000006'))
  })
})

async function sessionOf(login: string): Promise<string> {
  const { sessionToken } = org.act('signIn', { login })
  const path = `/login/sessionCookieRedirect?token=${encodeURIComponent(sessionToken)}&redirectUrl=/`
  const { headers } = await org.as(undefined).get(path)
  return headers.getSetCookie().find((line) => line.startsWith('sid=')) as string
}

describe('bundles of roles that people ask for', () => {
  const BUNDLES = '/api/v1/iam/governance/bundles'

  it('are offered once the org opted in', async () => {
    const optIn = '/api/v1/iam/governance/optIn'
    expect((await org.get(optIn)).body.optInStatus).toBe('OPTED_OUT')
    expect((await org.post(optIn)).body.optInStatus).toBe('OPTED_IN')
    expect((await org.get(optIn)).body.optInStatus).toBe('OPTED_IN')
    expect((await org.post('/api/v1/iam/governance/optOut')).body.optInStatus).toBe('OPTED_OUT')
    expect((await org.get(optIn)).body.optInStatus).toBe('OPTED_OUT')
  })

  it('hold roles over sets', async () => {
    const set = await made('/api/v1/iam/resource-sets', { label: 'East', description: 'e', resources: [] })
    expect(await org.post(BUNDLES, { description: 'no name' })).toMatchObject(refused(400, 'E0000001'))
    const entitlements = [{ role: 'ORG_ADMIN' }, { role: 'CUSTOM', resourceSets: [set] }]
    const bundle = await org.post(BUNDLES, { name: 'Helpers', description: 'Help', entitlements })
    expect(bundle.body).toMatchObject({ name: 'Helpers', status: 'ACTIVE', orn: expect.stringContaining('bundles') })
    const path = `${BUNDLES}/${bundle.body.id}`
    expect((await org.get(path)).body).toEqual(bundle.body)
    expect(idsOf((await org.get(BUNDLES)).body.bundles)).toEqual([bundle.body.id])
    const held = (await org.get(`${path}/entitlements`)).body.entitlements
    expect(held.map((one: { role: string }) => one.role).sort()).toEqual(['CUSTOM', 'ORG_ADMIN'])
    const custom = held.find((one: { role: string }) => one.role === 'CUSTOM')
    const values = (await org.get(`${path}/entitlements/${custom.id}/values`)).body.entitlementValues
    expect(values).toMatchObject([{ name: 'East' }])
    expect((await org.get(`${path}/entitlements/none/values`)).status).toBe(404)
    expect((await org.put(path, { name: 'Aides', entitlements: [] })).body.name).toBe('Aides')
    expect((await org.get(`${path}/entitlements`)).body.entitlements).toEqual([])
    expect((await org.delete(path)).status).toBe(204)
    expect((await org.get(path)).status).toBe(404)
  })
})
