import { afterAll, beforeAll, expect, it } from 'vitest'
import { type Org, openOrg, webApp } from '../testing.ts'

let org: Org
beforeAll(async () => {
  org = await openOrg()
})
afterAll(() => org.close())

it("schemas of users and groups link to themselves, an app's does not", async () => {
  const app = await webApp(org, 'Main')
  const links = async (path: string) => (await org.get(`/api/v1/meta/schemas/${path}/default`)).body._links
  expect(await links('user')).toHaveProperty('self')
  expect(await links('group')).toHaveProperty('self')
  expect(await links(`apps/${app.id}`)).toBeUndefined()
})

it('people change their names, but not their login', async () => {
  const { properties } = (await org.get('/api/v1/meta/schemas/user/default')).body.definitions.base
  const action = (name: string) => properties[name].permissions[0].action
  expect([action('login'), action('firstName'), action('title')]).toEqual(['READ_ONLY', 'READ_WRITE', 'READ_ONLY'])
})
