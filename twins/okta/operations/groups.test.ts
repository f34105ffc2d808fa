import { afterAll, beforeAll, expect, it } from 'vitest'
import { member, type Org, openOrg, refused } from '../testing.ts'

let org: Org
beforeAll(async () => {
  org = await openOrg()
})
afterAll(() => org.close())

const GROUPS = '/api/v1/groups'

it('q and filter narrow a list together', async () => {
  const { body } = await org.post(GROUPS, { profile: { name: 'Harbour' } })
  const named = async (type: string) => (await org.get(`${GROUPS}?q=harb&filter=type eq "${type}"`)).body
  expect(await named('OKTA_GROUP')).toEqual([body])
  expect(await named('APP_GROUP')).toEqual([])
})

it('whoever has a role is in the group of administrators, which no list of their groups shows', async () => {
  const [group] = (await org.get(`${GROUPS}?q=Okta Administrators`)).body
  expect(group).toMatchObject({ type: 'BUILT_IN', profile: { name: 'Okta Administrators' } })
  const { id } = await member(org, 'new.admin@acme.test')
  const members = async () => (await org.get(`${GROUPS}/${group.id}/users`)).body.map((user: { id: string }) => user.id)
  expect(await members()).not.toContain(id)
  const { body } = await org.post(`/api/v1/users/${id}/roles`, { type: 'ORG_ADMIN' })
  expect(await members()).toContain(id)
  expect((await org.get(`/api/v1/users/${id}/groups`)).body).toMatchObject([{ profile: { name: 'Everyone' } }])
  expect((await org.get(`${GROUPS}?filter=id eq "${group.id}"&expand=stats`)).body[0]._embedded.stats.usersCount).toBe(
    (await members()).length,
  )
  expect(await org.put(`${GROUPS}/${group.id}/users/${id}`)).toMatchObject(refused(403, 'E0000006'))
  await org.delete(`/api/v1/users/${id}/roles/${body.id}`)
  expect(await members()).not.toContain(id)
})
