import { get } from 'node:http'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { type Org, openOrg } from './testing.ts'

let org: Org
beforeAll(async () => {
  org = await openOrg()
})
afterAll(() => org.close())

it('gives each relation of a page a header line of its own', async () => {
  const { authorization } = org.world.access.okta
  const lines = await new Promise<string[] | undefined>((resolve, reject) => {
    get(`${org.url}/api/v1/apps?limit=1`, { headers: { authorization } }, (reply) => {
      reply.resume()
      resolve(reply.headersDistinct.link)
    }).on('error', reject)
  })
  expect(lines).toEqual([
    `<${org.url}/api/v1/apps?limit=1>; rel="self"`,
    expect.stringMatching(/^<[^>]+\/api\/v1\/apps\?after=0oa\w{17}&limit=1>; rel="next"$/),
  ])
})
