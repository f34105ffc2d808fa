import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { gone, member, type Org, openOrg, refused, webApp } from '../testing.ts'

/** What hangs on an app: scopes, connections to other apps, provisioning, pushed groups, people. */
let org: Org
let app: Awaited<ReturnType<typeof webApp>>
let path: string
beforeAll(async () => {
  org = await openOrg()
  app = await webApp(org, 'Main')
  path = `/api/v1/apps/${app.id}`
})
afterAll(() => org.close())

const idsOf = (rows: { id: string }[]) => rows.map(({ id }) => id)
const group = async (name: string) => (await org.post('/api/v1/groups', { profile: { name } })).body.id as string

it("scopes of the org's API are granted by an administrator and taken back", async () => {
  const issuer = org.url
  expect(await org.post(`${path}/grants`, { scopeId: 'everything', issuer })).toMatchObject(refused(400, 'E0000001'))
  const made = await org.post(`${path}/grants`, { scopeId: 'okta.users.read', issuer })
  expect(made.body).toMatchObject({ status: 'ACTIVE', scopeId: 'okta.users.read', source: 'ADMIN', issuer })
  expect((await org.post(`${path}/grants`, { scopeId: 'okta.users.read', issuer })).body.id).toBe(made.body.id)
  const grant = `${path}/grants/${made.body.id}`
  expect((await org.get(`${grant}?expand=scope`)).body._embedded.scope.id).toBe('okta.users.read')
  expect((await org.get(`${path}/grants`)).body).toEqual([made.body])
  expect((await org.delete(grant)).status).toBe(204)
  expect(await org.get(grant)).toMatchObject(gone(made.body.id, 'OAuth2ScopeConsentGrant'))
})

it('claims for federation have one name each', async () => {
  const claims = `${path}/federated-claims`
  const body = { name: 'role', expression: 'appuser.role' }
  expect(await org.post(claims, { name: 'role' })).toMatchObject(refused(400, 'E0000001'))
  const made = await org.post(claims, body)
  expect(made).toMatchObject({ status: 201, body })
  expect((await org.post(claims, body)).status).toBe(400)
  expect((await org.get(claims)).body).toEqual([made.body])
  const one = `${claims}/${made.body.id}`
  expect((await org.put(one, { ...body, expression: 'user.title' })).body.expression).toBe('user.title')
  expect((await org.get(one)).body).toMatchObject({ name: 'role', expression: 'user.title' })
  expect((await org.delete(one)).status).toBe(204)
  expect((await org.get(claims)).body).toEqual([])
})

describe('other apps', () => {
  it('connect across: who asks and who answers see the same connection', async () => {
    const other = await webApp(org, 'Answers')
    const connections = `${path}/cwo/connections`
    const ends = { requestingAppInstanceId: app.id, resourceAppInstanceId: other.id }
    expect((await org.post(connections, { ...ends, resourceAppInstanceId: 'none' })).status).toBe(404)
    const made = await org.post(connections, ends)
    expect(made).toMatchObject({ status: 201, body: { ...ends, status: 'ACTIVE' } })
    expect(made.body.id).toMatch(/^con/)
    expect((await org.post(connections, ends)).status).toBe(400)
    const third = await webApp(org, 'Asked')
    const begun = await org.post(connections, { resourceAppInstanceId: third.id })
    expect(begun).toMatchObject({ status: 201, body: { requestingAppInstanceId: app.id } })
    await org.delete(`${connections}/${begun.body.id}`)
    const one = `${connections}/${made.body.id}`
    expect((await org.get(one)).body).toEqual(made.body)
    expect((await org.get(`/api/v1/apps/${other.id}/cwo/connections`)).body).toEqual([made.body])
    expect((await org.patch(one, { status: 'INACTIVE' })).body).toMatchObject({ ...ends, status: 'INACTIVE' })
    expect(await org.patch(one, { status: 'BROKEN' })).toMatchObject({ status: 400 })
    expect((await org.delete(one)).status).toBe(204)
    expect(await org.get(one)).toMatchObject(gone(made.body.id, 'Connection'))
  })

  it('may be trusted to sign people on, five at most', async () => {
    const allowed = `${path}/interclient-allowed-apps`
    const others = await Promise.all([1, 2, 3, 4, 5, 6].map((n) => webApp(org, `Friend ${n}`)))
    const [first, ...rest] = others.map(({ id }) => id)
    const made = await org.post(allowed, { id: first })
    expect(made).toMatchObject({ status: 201, body: { appInstanceId: app.id, trustedAppInstanceId: first } })
    for (const id of rest.slice(0, 4)) expect((await org.post(allowed, { id })).status).toBe(201)
    expect(await org.post(allowed, { id: rest[4] })).toMatchObject(
      refused(400, 'E0000001', { causes: ['The target application cannot have more than 5 trusted apps.'] }),
    )
    expect((await org.get(allowed)).body).toEqual([first, ...rest.slice(0, 4)])
    expect((await org.get(`/api/v1/apps/${first}/interclient-target-apps`)).body).toEqual([app.id])
    expect((await org.delete(`${allowed}/${first}`)).status).toBe(204)
    expect((await org.get(`/api/v1/apps/${first}/interclient-target-apps`)).body).toEqual([])
    expect((await org.delete(`${allowed}/${first}`)).status).toBe(404)
    const bookmark = await org.post('/api/v1/apps', {
      name: 'bookmark',
      label: 'Mark',
      signOnMode: 'BOOKMARK',
      settings: { app: { url: 'https://acme.test', requestIntegration: false } },
    })
    expect(await org.post(`/api/v1/apps/${bookmark.body.id}/interclient-allowed-apps`, { id: first })).toMatchObject(
      refused(400, 'E0000001', { causes: ['The target application must be an OIDC or SAML app.'] }),
    )
  })
})

describe('provisioning', () => {
  it('has features once its connection is set up', async () => {
    const { body } = await org.post('/api/v1/apps', {
      name: 'okta_org2org',
      label: 'Org2Org',
      signOnMode: 'SAML_2_0',
      settings: { app: { acsUrl: 'https://t.test/acs', audRestriction: 'https://t.test', baseUrl: 'https://t.test' } },
    })
    const provisioned = `/api/v1/apps/${body.id}`
    const unsupported = refused(400, 'E0000001', { causes: ['Provisioning is not supported.'] })
    expect(await org.get(`${provisioned}/features`)).toMatchObject(unsupported)
    const connection = `${provisioned}/connections/default`
    expect((await org.get(connection)).body).toMatchObject({ status: 'DISABLED', _links: { activate: {} } })
    const profile = { authScheme: 'TOKEN', token: 't' }
    const set = await org.post(`${connection}?activate=true`, { baseUrl: 'https://t.test/api/v1', profile })
    expect(set.body).toMatchObject({ authScheme: 'TOKEN', status: 'ENABLED', profile: { authScheme: 'TOKEN' } })
    expect(JSON.stringify(set.body)).not.toContain('"t"')
    expect((await org.post(`${connection}/lifecycle/deactivate`)).status).toBe(204)
    expect((await org.get(connection)).body.status).toBe('DISABLED')
    expect((await org.post(`${connection}/lifecycle/activate`)).status).toBe(204)
    const keys = (await org.get(`${connection}/jwks`)).body.jwks.keys
    expect(keys).toMatchObject([{ kty: 'RSA', use: 'sig' }])

    const features = (await org.get(`${provisioned}/features`)).body
    expect(features.map((feature: { name: string }) => feature.name)).toEqual([
      'USER_PROVISIONING',
      'INBOUND_PROVISIONING',
    ])
    const feature = `${provisioned}/features/USER_PROVISIONING`
    const changed = await org.put(feature, { create: { lifecycleCreate: { status: 'ENABLED' } } })
    expect(changed.body.capabilities.create.lifecycleCreate.status).toBe('ENABLED')
    expect(changed.body.capabilities.update).toEqual(features[0].capabilities.update)
    expect((await org.get(feature)).body).toEqual(changed.body)
    expect(await org.get(`${provisioned}/features/NONE`)).toMatchObject({ status: 404 })
  })

  it('by OAuth ends with the consent of the other side', async () => {
    const connection = `${path}/connections/default`
    const set = await org.post(connection, { profile: { authScheme: 'OAUTH2', clientId: 'theirs' } })
    expect(set.body).toMatchObject({ authScheme: 'OAUTH2', profile: { authScheme: 'OAUTH2', clientId: 'theirs' } })
    expect((await org.get(connection)).body).toEqual(set.body)
    expect((await org.post(`/api/v1/apps/oidc_client/${app.id}/oauth2/callback?code=c&state=s`)).status).toBe(204)
    expect((await org.post('/api/v1/apps/oidc_client/none/oauth2/callback?code=c&state=s')).status).toBe(404)
  })
})

describe('people', () => {
  it('are assigned by group, whose profile is changed name by name', async () => {
    const id = await group('Staff')
    const user = await member(org, 'lea.holm@acme.test')
    await org.put(`/api/v1/groups/${id}/users/${user.id}`)
    const assignment = `${path}/groups/${id}`
    await org.put(assignment, { priority: 0, profile: { role: 'reader', site: 'north' } })
    expect((await org.get(`/api/v1/groups/${id}/apps`)).body).toMatchObject([{ id: app.id, label: 'Main' }])
    const patched = await org.patch(assignment, [{ op: 'replace', path: '/profile/role', value: 'writer' }])
    expect(patched.body).toMatchObject({ id, priority: 0, profile: { role: 'writer', site: 'north' } })
    expect((await org.get(assignment)).body.profile).toEqual({ role: 'writer', site: 'north' })
    const second = await group('Guests')
    await org.put(`${path}/groups/${second}`, { priority: 0 })
    expect(idsOf((await org.get(`${path}/groups`)).body)).toEqual([second, id])
    expect((await org.patch(`${path}/groups/none`, [])).status).toBe(404)
    const joined = (await org.get(`${path}/users/${user.id}`)).body
    expect(joined).toMatchObject({ scope: 'GROUP', _links: { group: { name: 'Staff' } } })
    const event = (await org.events('application.user_membership.add')).at(-1)
    expect(idsOf(event?.target ?? [])).toEqual(expect.arrayContaining([user.id, app.id]))
  })

  it('keep what an update does not name', async () => {
    const user = await member(org, 'ola.berg@acme.test', app.id)
    const assignment = `${path}/users/${user.id}`
    const before = (await org.get(assignment)).body
    const changed = await org.post(assignment, { credentials: { userName: 'ola' } })
    expect(changed.body).toMatchObject({ credentials: { userName: 'ola' }, profile: before.profile, scope: 'USER' })
    const named = await org.post(assignment, { profile: { nickname: 'O' } })
    expect(named.body).toMatchObject({ credentials: { userName: 'ola' }, profile: { nickname: 'O' } })
    expect((await org.get(assignment)).body.profile).toEqual({ ...before.profile, nickname: 'O' })
    expect((await org.delete(assignment)).status).toBe(204)
    expect(await org.get(assignment)).toMatchObject({ status: 404 })
  })
})

it('a logo is uploaded as a picture', async () => {
  const form = new FormData()
  form.set('file', new Blob([new Uint8Array([0x89, 0x50, 0x4e, 0x47])], { type: 'image/png' }), 'logo.png')
  expect((await org.post(`${path}/logo`, form)).status).toBe(201)
  const [logo] = (await org.get(path)).body._links.logo
  expect(logo.href).toContain(`${org.url}/fs/bco/4/`)
})
