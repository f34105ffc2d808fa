import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { gone, type Org, openOrg, refused } from '../testing.ts'

/** People and groups pushed in from a source of their own, one by one or in sessions. */
const SOURCE = '/api/v1/identity-sources/0oaSourceOfTests0001'
let org: Org
beforeAll(async () => {
  org = await openOrg()
})
afterAll(() => org.close())

const profile = (userName: string, more: object = {}) => ({ userName, email: userName, firstName: 'Ada', lastName: 'Ek', ...more }) // biome-ignore format: one row

it('a user is pushed, changed and taken away', async () => {
  const users = `${SOURCE}/users`
  expect(await org.post(users, { profile: {} })).toMatchObject(refused(400, 'E0000001'))
  expect((await org.post(users, { externalId: 'u1', profile: profile('ada@src.test', { mobilePhone: '1' }) })).status).toBe(200) // biome-ignore format: one row
  const path = `${users}/u1`
  expect((await org.get(path)).body).toMatchObject({ externalId: 'u1', profile: { userName: 'ada@src.test' } })
  const patched = await org.patch(path, { profile: { lastName: 'Ask' } })
  expect(patched.body.profile).toMatchObject({ userName: 'ada@src.test', lastName: 'Ask', mobilePhone: '1' })
  const replaced = await org.put(path, { externalId: 'u1', profile: profile('ada@new.test') })
  expect(replaced.body.profile).toEqual(profile('ada@new.test'))
  expect(replaced.body.id).toBe(patched.body.id)
  expect((await org.delete(path)).status).toBe(200)
  expect(await org.get(path)).toMatchObject(gone('u1', 'IdentitySourceUser'))
})

it('a group has members by their names out there', async () => {
  const groups = `${SOURCE}/groups`
  const made = await org.post(groups, { externalId: 'g1', profile: { displayName: 'Crew', description: 'All hands' } })
  expect(made.body).toMatchObject({ externalId: 'g1', profile: { displayName: 'Crew' } })
  expect((await org.get(`${groups}/${made.body.id}`)).body).toEqual(made.body)
  const changed = await org.post(`${groups}/g1`, { profile: { displayName: 'Deck crew' } })
  expect(changed.body.profile).toEqual({ displayName: 'Deck crew', description: 'All hands' })
  const members = `${groups}/g1/membership`
  expect(await org.post(members, {})).toMatchObject(refused(400, 'E0000001'))
  for (const memberExternalId of ['u1', 'u2']) expect((await org.post(members, { memberExternalId })).status).toBe(204)
  expect((await org.get(members)).body).toEqual({ memberExternalIds: ['u1', 'u2'] })
  expect((await org.delete(`${members}/u1`)).status).toBe(204)
  expect((await org.delete(`${members}/u1`)).status).toBe(404)
  expect((await org.get(members)).body).toEqual({ memberExternalIds: ['u2'] })
  expect((await org.delete(`${groups}/g1`)).status).toBe(200)
  expect((await org.get(`${groups}/g1`)).status).toBe(404)
  expect((await org.get(members)).status).toBe(404)
})

describe('a session', () => {
  const session = async (uploads: [path: string, body: object][]) => {
    const { body } = await org.post(`${SOURCE}/sessions`)
    const path = `${SOURCE}/sessions/${body.id}`
    for (const [name, batch] of uploads)
      expect([name, (await org.post(`${path}/${name}`, batch)).status]).toEqual([name, 202])
    return path
  }

  it('changes nothing until its import starts, and then all at once', async () => {
    const people = ['a', 'b'].map((externalId) => ({ externalId, profile: profile(`${externalId}@src.test`) }))
    const path = await session([
      ['bulk-upsert', { entityType: 'USERS', profiles: people }],
      ['bulk-groups-upsert', { profiles: [{ externalId: 'g', profile: { displayName: 'G', description: null } }] }],
      ['bulk-group-memberships-upsert', { memberships: [{ groupExternalId: 'g', memberExternalIds: ['a', 'b'] }] }],
    ])
    expect((await org.get(`${SOURCE}/users/a`)).status).toBe(404)
    expect((await org.post(`${SOURCE}/sessions`)).status).toBe(400)
    expect((await org.post(`${path}/start-import`)).body.status).toBe('TRIGGERED')
    expect((await org.get(`${SOURCE}/users/a`)).body.profile.userName).toBe('a@src.test')
    expect((await org.get(`${SOURCE}/groups/g/membership`)).body.memberExternalIds).toEqual(['a', 'b'])
    expect(await org.post(`${path}/bulk-upsert`, { entityType: 'USERS', profiles: [] })).toMatchObject({ status: 400 })

    const less = await session([
      ['bulk-delete', { entityType: 'USERS', profiles: [{ externalId: 'a' }] }],
      ['bulk-group-memberships-delete', { memberships: [{ groupExternalId: 'g', memberExternalIds: ['a'] }] }],
    ])
    await org.post(`${less}/start-import`)
    expect((await org.get(`${SOURCE}/users/a`)).status).toBe(404)
    expect((await org.get(`${SOURCE}/groups/g/membership`)).body.memberExternalIds).toEqual(['b'])
    const none = await session([['bulk-groups-delete', { externalIds: ['g'] }]])
    await org.post(`${none}/start-import`)
    expect((await org.get(`${SOURCE}/groups/g`)).status).toBe(404)
    expect((await org.get(`${SOURCE}/sessions`)).body).toHaveLength(3)
  })

  it('can be given up before it starts', async () => {
    const path = await session([])
    expect((await org.get(path)).body).toMatchObject({ status: 'CREATED', importType: 'INCREMENTAL' })
    expect((await org.delete(path)).status).toBe(204)
    expect((await org.get(path)).body.status).toBe('CLOSED')
    for (const again of [org.delete(path), org.post(`${path}/start-import`)]) {
      expect(await again).toMatchObject(refused(400, 'E0000001'))
    }
  })
})
