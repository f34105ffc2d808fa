import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { gone, member, type Org, openOrg, refused } from '../testing.ts'

/** Realms, and the rules that move people into them. */
let org: Org
beforeAll(async () => {
  org = await openOrg()
})
afterAll(() => org.close())

const REALMS = '/api/v1/realms'
const RULES = '/api/v1/realm-assignments'
const realm = async (name: string) => (await org.post(REALMS, { profile: { name } })).body.id as string
const rule = (name: string, realmId: string, value?: string) => ({
  name,
  conditions: { ...(value && { expression: { value } }) },
  actions: { assignUserToRealm: { realmId } },
})
const realmOf = async (id: string) => (await org.get(`/api/v1/users/${id}`)).body.realmId

it('a realm is renamed, and goes when nobody is in it', async () => {
  const id = await realm('South')
  const path = `${REALMS}/${id}`
  expect(await org.post(REALMS, { profile: { name: 'South' } })).toMatchObject(refused(400, 'E0000001'))
  expect((await org.put(path, { profile: { name: 'Far south' } })).body).toMatchObject({
    id,
    profile: { name: 'Far south' },
    isDefault: false,
  })
  const search = encodeURIComponent('profile.name sw "Far"')
  expect((await org.get(`${REALMS}?search=${search}`)).body).toMatchObject([{ id }])
  expect(await org.get(`${REALMS}?search=nonsense`)).toMatchObject(refused(400, 'E0000031'))
  expect((await org.delete(path)).status).toBe(204)
  expect(await org.get(path)).toMatchObject(gone(id, 'Realm'))
})

describe('an assignment', () => {
  it('is made inactive, switched, changed and removed when inactive', async () => {
    const realmId = await realm('West')
    expect(await org.post(RULES, rule('Astray', 'none'))).toMatchObject(refused(400, 'E0000001'))
    const made = await org.post(RULES, rule('Go west', realmId))
    expect(made).toMatchObject({ status: 200, body: { name: 'Go west', status: 'INACTIVE', isDefault: false } })
    expect(await org.post(RULES, rule('Go west', realmId))).toMatchObject(refused(400, 'E0000001'))
    const path = `${RULES}/${made.body.id}`
    expect((await org.get(path)).body).toEqual(made.body)
    expect((await org.get(RULES)).body).toEqual([made.body])
    expect((await org.put(path, rule('Go further', realmId))).body.name).toBe('Go further')
    expect((await org.post(`${path}/lifecycle/activate`)).status).toBe(204)
    expect((await org.get(path)).body.status).toBe('ACTIVE')
    expect((await org.delete(path)).status).toBe(400)
    expect((await org.post(`${path}/lifecycle/deactivate`)).status).toBe(204)
    expect((await org.delete(path)).status).toBe(204)
    expect(await org.get(path)).toMatchObject(gone(made.body.id, 'RealmAssignment'))
  })

  it('moves whom its expression names, and tells how many', async () => {
    const [north, east] = [await realm('North'), await realm('East')]
    const diver = await member(org, 'diver@acme.test')
    const cook = await member(org, 'cook@acme.test')
    await org.post(`/api/v1/users/${diver.id}`, { profile: { title: 'Diver' } })
    const before = await realmOf(cook.id)
    const made = await org.post(RULES, rule('Divers north', north as string, 'user.profile.title == "Diver"'))
    const run = await org.post(`${RULES}/operations`, { assignmentId: made.body.id })
    expect(run).toMatchObject({
      status: 201,
      body: { type: 'realm:assignment', status: 'COMPLETED', realmName: 'North', numUserMoved: 1 },
    })
    expect([await realmOf(diver.id), await realmOf(cook.id)]).toEqual([north, before])
    expect((await org.post(`${RULES}/operations`, { assignmentId: made.body.id })).body.numUserMoved).toBe(0)
    expect((await org.post(`${RULES}/operations`, { assignmentId: 'none' })).status).toBe(404)

    // Of all the active ones, the first in order of priority has its way.
    const all = await org.post(RULES, { ...rule('Everybody east', east as string), priority: 9 })
    for (const { id } of [made.body, all.body]) await org.post(`${RULES}/${id}/lifecycle/activate`)
    await org.post(`${RULES}/operations`, { assignmentId: 'ALL' })
    expect([await realmOf(diver.id), await realmOf(cook.id)]).toEqual([north, east])
    const operations = (await org.get(`${RULES}/operations`)).body
    expect(operations[0].realmName).toBe('North')
    expect(operations).toHaveLength(4)
    expect(await org.delete(`${REALMS}/${east}`)).toMatchObject(refused(400, 'E0000178'))
  })
})
