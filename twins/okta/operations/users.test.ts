import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { member, type Org, openOrg, refused } from '../testing.ts'

let org: Org
beforeAll(async () => {
  org = await openOrg()
})
afterAll(() => org.close())

const USERS = '/api/v1/users'

it.each([
  ['search and filter', 'search=status eq "ACTIVE"&filter=status eq "ACTIVE"', 'E0000033'],
  ['q and filter', 'q=a&filter=status eq "ACTIVE"', 'E0000033'],
  ['q and search', 'q=a&search=status eq "ACTIVE"', 'E0000031'],
])('%s do not go together', async (_, query, code) => {
  expect(await org.get(`${USERS}?${query}`)).toMatchObject(refused(400, code))
})

it('who is to be read fast comes without credentials and their links', async () => {
  const { id } = await member(org, 'fast@acme.test')
  const type = 'application/json; okta-response=omitCredentials,omitCredentialsLinks,omitTransitioningToStatus'
  const { body } = await org.call('GET', `${USERS}/${id}`, undefined, { 'content-type': type })
  expect(body.credentials).toBeUndefined()
  expect(Object.keys(body._links)).toEqual(['suspend', 'expirePassword', 'deactivate', 'schema', 'self', 'type'])
  const listed = await org.call('GET', `${USERS}?filter=id eq "${id}"`, undefined, { 'content-type': type })
  expect(listed.body[0].credentials).toBeUndefined()
  expect((await org.get(`${USERS}/${id}`)).body).toHaveProperty('credentials')
})

describe('a password being recovered', () => {
  it('cannot expire, but gives way to a temporary one', async () => {
    const { id } = await member(org, 'temp@acme.test')
    const lifecycle = `${USERS}/${id}/lifecycle`
    await org.post(`${lifecycle}/reset_password?sendEmail=false`)
    expect(await org.post(`${lifecycle}/expire_password`)).toMatchObject(refused(403, 'E0000038'))
    expect((await org.post(`${lifecycle}/expire_password_with_temp_password`)).body).toHaveProperty('tempPassword')
    expect((await org.get(`${USERS}/${id}`)).body.status).toBe('PASSWORD_EXPIRED')
  })
})

describe('who is signed in', () => {
  const signedIn = async (login: string) => {
    const { sessionToken } = org.act('signIn', { login })
    return (await org.as(undefined).post('/api/v1/sessions', { sessionToken })).body.id as string
  }
  const end = (cookie: string, body?: object) => org.as(undefined, { cookie }).post(`${USERS}/me/lifecycle/delete_sessions`, body) // biome-ignore format: one row
  const alive = async (ids: string[]) =>
    Promise.all(ids.map(async (id) => (await org.get(`/api/v1/sessions/${id}`)).status))

  it('signs out everywhere else, and here when asked; a token is signed in nowhere', async () => {
    await member(org, 'roamer@acme.test')
    const here = await signedIn('roamer@acme.test')
    const there = await signedIn('roamer@acme.test')
    expect(await org.post(`${USERS}/me/lifecycle/delete_sessions`)).toMatchObject(refused(403, 'E0000005'))
    expect((await end(`sid=${here}`)).status).toBe(200)
    expect(await alive([here, there])).toEqual([200, 404])
    expect((await end(`sid=${here}`, { keepCurrent: false })).status).toBe(200)
    expect(await alive([here])).toEqual([404])
  })
})
