import okta from '@okta/okta-sdk-nodejs'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openWorld, type World } from '../../shared/testing/world.ts'

/** People, groups and rules through Okta's own SDK, over real sockets. */
let world: World
let client: okta.Client

beforeAll(async () => {
  world = await openWorld({ twins: ['okta'], fixture: 'blank' })
  client = new okta.Client({ orgUrl: world.access.okta.url, token: world.access.okta.token })
})
afterAll(() => world.close())

const person = (login: string, more: object = {}) => ({
  profile: { login, email: login, firstName: 'Nils', lastName: 'Oberg', ...more },
})
const create = (body: object, query: object = {}) =>
  client.userApi.createUser({ body: body as okta.CreateUserRequest, ...query })

/** What a refused call says. */
async function refusal(call: Promise<unknown>): Promise<{ status: number; code: string; causes: string[] }> {
  try {
    await call
  } catch (error) {
    const { status, errorCode, errorCauses } = error as okta.OktaApiError & { errorCauses?: { errorSummary: string }[] }
    return {
      status: Number(status),
      code: String(errorCode),
      causes: (errorCauses ?? []).map((cause) => String(cause.errorSummary)),
    }
  }
  throw new Error('Not refused')
}

const json = async (path: string, init?: RequestInit) => {
  const reply = await world.fetch('okta', path, init)
  return { status: reply.status, body: reply.status === 204 ? undefined : await reply.json(), headers: reply.headers }
}
const post = (path: string, body: object = {}) =>
  json(path, { method: 'POST', body: JSON.stringify(body), headers: { 'content-type': 'application/json' } })

describe('users', () => {
  it('show the links their status allows', async () => {
    const provisioned = await create(person('links@acme.test'))
    expect(provisioned.status).toBe('PROVISIONED')
    const { body } = await json(`/api/v1/users/${provisioned.id}`)
    expect(Object.keys(body._links).sort()).toEqual(
      ['deactivate', 'reactivate', 'resetFactors', 'resetPassword', 'schema', 'self', 'suspend', 'type'].sort(),
    )
    const listed = await json(`/api/v1/users?filter=${encodeURIComponent(`id eq "${provisioned.id}"`)}`)
    expect(Object.keys(listed.body[0]._links)).toEqual(['self'])
  })

  it('with a password from elsewhere are imported', async () => {
    const hash = {
      algorithm: 'SHA-512',
      salt: 'TXlTYWx0',
      saltOrder: 'PREFIX',
      value: 'c29tZSBoYXNoIG9mIGEgcGFzc3dvcmQ=',
    }
    const user = await create(
      { ...person('hashed@acme.test'), credentials: { password: { hash } } },
      { activate: false },
    )
    expect(user.credentials?.provider).toMatchObject({ type: 'IMPORT', name: 'IMPORT' })
    expect(user.statusChanged).toEqual(user.passwordChanged)
  })

  it('are deactivated by the first delete and erased by the second', async () => {
    const { id } = await create(person('gone@acme.test'))
    const path = `/api/v1/users/${id}`
    expect((await json(path, { method: 'DELETE' })).status).toBe(204)
    expect((await json(path)).body).toMatchObject({ status: 'DEPROVISIONED', _links: { delete: {} } })
    expect((await refusal(create(person('GONE@acme.test')))).code).toBe('E0000001')
    expect((await json(path, { method: 'DELETE' })).status).toBe(204)
    expect((await json(path)).body.errorSummary).toBe(`Not found: Resource not found: ${id} (User)`)
    expect((await create(person('gone@acme.test'))).id).not.toBe(id)
  })

  it('are refused with every cause at once', async () => {
    const { status, causes } = await refusal(create({ profile: { login: 'nomail', email: 'nomail', lastName: 'X' } }))
    expect(status).toBe(400)
    expect(causes).toEqual([
      'login: Username must be in the form of an email address',
      'firstName: The field cannot be left blank',
      'email: Does not match required pattern',
    ])
    expect((await refusal(create(person('x@acme.test', { shoe: 44 })))).causes).toEqual([
      "Property name 'shoe' is not defined in profile",
    ])
  })

  it('are found by id, login and unambiguous short name', async () => {
    const { id } = await create(person('short.name@acme.test'))
    for (const name of [id, 'SHORT.name@acme.test', 'short.name']) {
      expect((await client.userApi.getUser({ userId: String(name) })).id).toBe(id)
    }
    await create(person('short.name@other.test'))
    expect((await refusal(client.userApi.getUser({ userId: 'short.name' }))).status).toBe(404)
  })

  it('move through suspension, and refuse what their status does not allow', async () => {
    const { id } = await create({ ...person('moves@acme.test'), credentials: { password: { value: 'Str0ng-enough' } } })
    const path = `/api/v1/users/${id}/lifecycle`
    expect((await post(`${path}/activate`)).body.errorCode).toBe('E0000016')
    expect((await post(`${path}/suspend`)).body).toEqual({})
    expect((await post(`${path}/suspend`)).body.errorCode).toBe('E0000001')
    expect((await post(`${path}/unsuspend`)).status).toBe(200)
    expect((await json(`/api/v1/users/${id}`)).body.status).toBe('ACTIVE')
    const unlock = await post(`${path}/unlock`)
    expect(unlock.body).toMatchObject({
      errorCode: 'E0000032',
      errorCauses: [{ errorSummary: 'The user is not locked out.' }],
    })
    const staged = await create(person('staged@acme.test'), { activate: false })
    expect((await post(`/api/v1/users/${staged.id}/lifecycle/reactivate`)).body.errorCode).toBe('E0000038')
    const link = await post(`/api/v1/users/${staged.id}/lifecycle/activate?sendEmail=false`)
    expect(link.body.activationUrl).toContain(link.body.activationToken)
  })

  it('need passwords the policy accepts, and old ones to change them', async () => {
    const weak = await refusal(create({ ...person('weak@acme.test'), credentials: { password: { value: 'short' } } }))
    expect(weak.causes[0]).toContain('Password requirements were not met')
    const { id } = await create({
      ...person('changes@acme.test'),
      credentials: { password: { value: 'First-passw0rd' } },
    })
    const change = (oldPassword: string, newPassword: string) =>
      post(`/api/v1/users/${id}/credentials/change_password`, {
        oldPassword: { value: oldPassword },
        newPassword: { value: newPassword },
      })
    expect((await change('wrong', 'Second-passw0rd')).body.errorCode).toBe('E0000014')
    expect((await change('First-passw0rd', 'Second-passw0rd')).body.provider).toEqual({ type: 'OKTA', name: 'OKTA' })
    expect((await change('Second-passw0rd', 'First-passw0rd')).status).toBe(403)
  })

  it('are paged without gaps or repeats while others come and go', async () => {
    for (let i = 0; i < 9; i++) await create(person(`page${i}@acme.test`, { department: 'Paging' }))
    const seen = new Set<string>()
    const collection = await client.userApi.listUsers({ search: 'profile.department eq "paging"', limit: 2 })
    let walked = 0
    await collection.each(async (user) => {
      expect(seen.has(String(user.id))).toBe(false)
      seen.add(String(user.id))
      if (walked++ === 1) {
        await create(person('late@acme.test', { department: 'Paging' }))
        await json(`/api/v1/users/${user.id}`, { method: 'DELETE' })
        await json(`/api/v1/users/${user.id}`, { method: 'DELETE' })
      }
    })
    expect(seen.size).toBe(10)
  })

  it('are searched by any attribute, sorted, and refused operators that are not there', async () => {
    await create(person('zoe@acme.test', { firstName: 'Zoe', city: 'Zagreb', userType: 'Sorted' }))
    await create(person('abe@acme.test', { firstName: 'Abe', city: 'Aarhus', userType: 'Sorted' }))
    const names = async (query: string) =>
      (await json(`/api/v1/users?${query}`)).body.map(
        (user: { profile: { firstName: string } }) => user.profile.firstName,
      )
    const search = (text: string) => `search=${encodeURIComponent(text)}`
    expect(await names(`${search('profile.userType eq "sorted"')}&sortBy=profile.city&sortOrder=desc`)).toEqual([
      'Zoe',
      'Abe',
    ])
    expect(
      await names(search('profile.userType eq "Sorted" and (profile.city sw "z" or profile.email co "nobody")')),
    ).toEqual(['Zoe'])
    for (const text of ['profile.city ne "x"', 'profile.nothing eq "x"', 'profile.city eq']) {
      expect((await json(`/api/v1/users?${search(text)}`)).body.errorCode).toBe('E0000031')
    }
  })

  it('take attributes the schema was given, and lose them with it', async () => {
    const schema = (definition: object | null) =>
      post('/api/v1/meta/schemas/user/default', { definitions: { custom: { properties: { badge: definition } } } })
    expect((await schema({ title: 'Badge', type: 'integer' })).status).toBe(200)
    const { id } = await create(person('badge@acme.test', { badge: 7 }))
    expect((await refusal(create(person('badge2@acme.test', { badge: 'seven' })))).causes[0]).toContain('badge')
    expect((await json(`/api/v1/users?search=${encodeURIComponent('profile.badge eq 7')}`)).body).toHaveLength(1)
    await schema(null)
    expect((await json(`/api/v1/users/${id}`)).body.profile).not.toHaveProperty('badge')
  })
})

describe('groups', () => {
  const group = async (name: string) =>
    (await client.groupApi.createGroup({ group: { profile: { name, description: 'of a test' } } })).id as string

  it('hold members put there by hand', async () => {
    const id = await group('By hand')
    const user = await create(person('hand@acme.test'))
    const member = `/api/v1/groups/${id}/users/${user.id}`
    for (let i = 0; i < 2; i++) expect((await json(member, { method: 'PUT' })).status).toBe(204)
    expect((await json(`/api/v1/groups/${id}/users`)).body).toHaveLength(1)
    expect(
      (await json(`/api/v1/users/${user.id}/groups`)).body.map(
        (one: { profile: { name: string } }) => one.profile.name,
      ),
    ).toEqual(['Everyone', 'By hand'])
    expect((await json('/api/v1/groups?filter=profile.name+eq+%22By+hand%22')).body.errorCode).toBe('E0000031')
    const clash = await post('/api/v1/groups', { profile: { name: 'by HAND' } })
    expect(clash.body.errorCauses[0].errorSummary).toBe(
      'name: An object with this field already exists in the current organization',
    )
  })

  it('are filled by rules, which follow profiles, exclude who was removed and break with their group', async () => {
    const id = await group('By rule')
    const rule = await post('/api/v1/groups/rules', {
      type: 'group_rule',
      name: 'Engineers',
      status: 'ACTIVE',
      conditions: { expression: { type: 'urn:okta:expression:1.0', value: 'user.department=="Engineering"' } },
      actions: { assignUserToGroups: { groupIds: [id] } },
    })
    expect(rule.body.status).toBe('INACTIVE')
    const one = await create(person('rule1@acme.test', { department: 'Engineering' }))
    const two = await create(person('rule2@acme.test', { department: 'Engineering' }))
    const members = async () => (await json(`/api/v1/groups/${id}/users`)).body.map((user: { id: string }) => user.id)
    expect(await members()).toEqual([])
    expect((await post(`/api/v1/groups/rules/${rule.body.id}/lifecycle/activate`)).status).toBe(204)
    expect(await members()).toEqual([one.id, two.id])
    await post(`/api/v1/users/${one.id}`, { profile: { department: 'Sales' } })
    expect(await members()).toEqual([two.id])
    await json(`/api/v1/groups/${id}/users/${two.id}`, { method: 'DELETE' })
    await post(`/api/v1/users/${two.id}`, { profile: { title: 'Engineer' } })
    expect(await members()).toEqual([])
    await json(`/api/v1/groups/${id}`, { method: 'DELETE' })
    expect((await json(`/api/v1/groups/rules/${rule.body.id}`)).body).toMatchObject({
      status: 'INVALID',
      allGroupsValid: false,
    })
    expect(
      (await post('/api/v1/groups/rules', { name: 'Broken', conditions: { expression: { value: 'user.' } } })).body
        .errorSummary,
    ).toBe('Api validation failed: validateRule')
  })

  it('bring their members into apps, until a direct assignment or removal', async () => {
    const id = await group('App users')
    const user = await create(person('appuser@acme.test'))
    await json(`/api/v1/groups/${id}/users/${user.id}`, { method: 'PUT' })
    const app = await post('/api/v1/apps', {
      name: 'bookmark',
      label: 'Wiki',
      signOnMode: 'BOOKMARK',
      settings: { app: { url: 'https://wiki.acme.test' } },
    })
    const path = `/api/v1/apps/${app.body.id}`
    expect((await json(`${path}/groups/${id}`, { method: 'PUT' })).body.priority).toBe(0)
    expect((await json(`${path}/users/${user.id}`)).body.scope).toBe('GROUP')
    expect((await post(`${path}/users`, { id: user.id, scope: 'USER' })).body.scope).toBe('USER')
    expect((await json(`${path}/users/${user.id}`, { method: 'DELETE' })).status).toBe(204)
    expect((await json(`${path}/users/${user.id}`)).body.scope).toBe('GROUP')
    await json(`${path}/groups/${id}`, { method: 'DELETE' })
    expect((await json(`${path}/users`)).body).toEqual([])
    expect((await json(path, { method: 'DELETE' })).body.errorCauses[0].errorSummary).toBe(
      'The application must be deactivated before deletion.',
    )
  })
})

describe('the system log', () => {
  it('has every change, its author and the id of the request', async () => {
    const reply = await post('/api/v1/groups', { profile: { name: 'Logged' } })
    const { body, headers } = await json(
      `/api/v1/logs?filter=${encodeURIComponent('eventType eq "group.lifecycle.create"')}&limit=1000`,
    )
    const event = body.at(-1)
    expect(event.target[0]).toMatchObject({ id: reply.body.id, type: 'UserGroup', displayName: 'Logged' })
    expect(event.actor.alternateId).toBe('admin@example.com')
    expect(event.transaction.id).toBe(reply.headers.get('x-okta-request-id'))
    expect(headers.get('link')).toContain('rel="next"')
  })
})
