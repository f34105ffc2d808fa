import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openWorld, type World } from '../../shared/testing/world.ts'

/** Who may do what: credentials, their refusals, and roles. */
let world: World
beforeAll(async () => {
  world = await openWorld({ twins: ['okta'], fixture: 'blank' })
})
afterAll(() => world.close())

const call = async (path: string, authorization: string | undefined, method = 'GET', body?: object) => {
  const reply = await fetch(world.access.okta.url + path, {
    method,
    headers: { ...(authorization && { authorization }), ...(body && { 'content-type': 'application/json' }) },
    ...(body && { body: JSON.stringify(body) }),
  })
  const text = await reply.text()
  return { status: reply.status, headers: reply.headers, text, body: text ? JSON.parse(text) : undefined }
}

describe('credentials', () => {
  it.each([
    ['none', undefined, 403, 'E0000005'],
    ['an unknown token', `SSWS 00${'x'.repeat(40)}`, 401, 'E0000011'],
    ['a scheme in another case', 'ssws whatever', 403, 'E0000005'],
  ])('%s: refused', async (_name, authorization, status, code) => {
    const reply = await call('/api/v1/users', authorization)
    expect(reply.status).toBe(status)
    expect(reply.body.errorCode).toBe(code)
    expect(reply.body.errorId).toMatch(/^oae[\w-]{22}$/)
  })

  it('an access token that is none gets no body, but a challenge', async () => {
    const reply = await call('/api/v1/users', 'Bearer a.b.c')
    expect(reply.status).toBe(401)
    expect(reply.text).toBe('')
    expect(reply.headers.get('www-authenticate')).toContain('error="invalid_token"')
  })

  it('of a reader read, and do not write', async () => {
    const reader = `SSWS ${world.access.okta.readOnlyToken}`
    expect((await call('/api/v1/groups', reader)).status).toBe(200)
    const refused = await call('/api/v1/groups', reader, 'POST', { profile: { name: 'No' } })
    expect(refused.body.errorCode).toBe('E0000006')
  })

  it('name their universe: one of another org sees that org alone', async () => {
    const other = world.multiverse.create({ id: 'other' })
    const { token } = world.multiverse.access(other).okta as { token: string }
    await call('/api/v1/groups', world.access.okta.authorization, 'POST', { profile: { name: 'Only here' } })
    const names = async (authorization: string) =>
      (await call('/api/v1/groups', authorization)).body.map(
        (group: { profile: { name: string } }) => group.profile.name,
      )
    expect(await names(world.access.okta.authorization)).toContain('Only here')
    expect(await names(`SSWS ${token}`)).not.toContain('Only here')
  })
})

describe('requests', () => {
  const admin = () => world.access.okta.authorization

  it.each([
    ['/api/v1/nothing', 'GET', 404, 'E0000008'],
    ['/api/v1/users', 'PATCH', 405, 'E0000022'],
    ['//api/v1/groups/none', 'GET', 404, 'E0000007'],
  ])('%s by %s → %i', async (path, method, status, code) => {
    const reply = await call(path, admin(), method)
    expect([reply.status, reply.body.errorCode]).toEqual([status, code])
  })

  it('that do not parse are not well-formed', async () => {
    const reply = await world.fetch('okta', '/api/v1/groups', {
      method: 'POST',
      body: '{"profile":',
      headers: { 'content-type': 'application/json' },
    })
    expect((await reply.json()).errorCode).toBe('E0000003')
  })

  it('are told how much of their rate is left', async () => {
    const { headers } = await call('/api/v1/users/me', admin())
    expect(Number(headers.get('x-rate-limit-remaining'))).toBeLessThan(Number(headers.get('x-rate-limit-limit')))
    expect(headers.get('x-okta-request-id')).toMatch(/^[0-9a-f]{32}$/)
  })
})

describe('roles', () => {
  it('have the same id on every holder when they can be narrowed, and are narrowed by targets', async () => {
    const admin = world.access.okta.authorization
    const user = (
      await call('/api/v1/users', admin, 'POST', {
        profile: { login: 'r@acme.test', email: 'r@acme.test', firstName: 'R', lastName: 'R' },
      })
    ).body
    const group = (await call('/api/v1/groups', admin, 'POST', { profile: { name: 'Aim' } })).body
    const role = await call(`/api/v1/users/${user.id}/roles`, admin, 'POST', { type: 'USER_ADMIN' })
    expect([role.status, role.body.id]).toEqual([201, 'KVJUKUS7IFCE2SKO'])
    expect((await call(`/api/v1/users/${user.id}/roles`, admin, 'POST', { type: 'USER_ADMIN' })).status).toBe(409)
    const targets = `/api/v1/users/${user.id}/roles/${role.body.id}/targets/groups`
    expect((await call(`${targets}/${group.id}`, admin, 'PUT')).status).toBe(204)
    expect((await call(targets, admin)).body).toHaveLength(1)
    expect((await call(`${targets}/${group.id}`, admin, 'DELETE')).status).toBe(400)
    expect((await call(`/api/v1/users/${user.id}/roles/${role.body.id}`, admin, 'DELETE')).status).toBe(204)
  })
})

describe('bodies of another shape', () => {
  it.each([
    ['a value for a list', '/api/v1/iam/roles', { label: 'Shape', description: 'None', permissions: 5 }],
    ['a list for an object', '/api/v1/groups', { profile: [] }],
    ['a text for an object', '/api/v1/users', { profile: 'none' }],
    ['an object for a text', '/api/v1/groups', { profile: { name: {} } }],
    ['a word for a number', '/api/v1/policies', { type: 'OKTA_SIGN_ON', name: 'Shape', priority: 'first' }],
    ['a word that is none', '/api/v1/captchas', { name: 'Gate', type: 'RIDDLE', siteKey: 'k', secretKey: 's' }],
    [
      'the same, further in',
      '/api/v1/trustedOrigins',
      { name: 'o', origin: 'https://o.test', scopes: [{ type: 'ALL' }] },
    ],
  ])('%s: not well-formed', async (_what, path, body) => {
    const reply = await call(path, world.access.okta.authorization, 'POST', body)
    expect(reply).toMatchObject({ status: 400, body: { errorCode: 'E0000003' } })
  })
})
