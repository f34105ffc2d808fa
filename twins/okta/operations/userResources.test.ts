import { afterAll, beforeAll, expect, it } from 'vitest'
import { member, type Org, openOrg, refused } from '../testing.ts'

let org: Org
beforeAll(async () => {
  org = await openOrg()
})
afterAll(() => org.close())

it('risk is unknown until an administrator says otherwise, and says so', async () => {
  const { id } = await member(org, 'risky@acme.test')
  const risk = `/api/v1/users/${id}/risk`
  const unrated = await org.get(risk)
  expect(unrated.body).toMatchObject({ riskLevel: 'NONE', _links: { user: { hints: { allow: ['GET'] } } } })
  expect(unrated.body.reason).toBeUndefined()
  expect(await org.put(risk, { riskLevel: 'NONE' })).toMatchObject(refused(400, 'E0000001'))
  const rated = await org.put(risk, { riskLevel: 'HIGH' })
  expect(rated).toMatchObject({ status: 201, body: { riskLevel: 'HIGH', reason: 'Admin override risk' } })
  expect((await org.get(risk)).body).toEqual(rated.body)
  expect((await org.put(risk, { riskLevel: 'LOW' })).status).toBe(200)
})
