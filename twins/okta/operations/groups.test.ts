import { afterAll, beforeAll, expect, it } from 'vitest'
import { type Org, openOrg } from '../testing.ts'

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
