import { afterAll, beforeAll, expect, it } from 'vitest'
import { type Org, openOrg, refused } from '../testing.ts'

let org: Org
beforeAll(async () => {
  org = await openOrg()
})
afterAll(() => org.close())

const ZONES = '/api/v1/zones'
const zone = (name: string, value: string) => ({ type: 'IP', name, gateways: [{ type: 'RANGE', value }] })

it('a zone is of addresses', async () => {
  expect(await org.post(ZONES, zone('Nowhere', 'the office'))).toMatchObject(
    refused(400, 'E0000001', { summary: 'Api validation failed: gateways' }),
  )
})

it('zones are found by what filters say together', async () => {
  await org.post(ZONES, zone('North', '10.0.0.1'))
  await org.post(ZONES, zone('South', '10.0.0.2'))
  const names = async (filter: string) =>
    (await org.get(`${ZONES}?filter=${encodeURIComponent(filter)}`)).body.map(({ name }: { name: string }) => name)
  expect(await names('name eq "North" or name eq "South"')).toEqual(['North', 'South'])
  expect(await names('usage eq "POLICY" and system eq false')).toEqual(['North', 'South'])
  expect(await org.get(`${ZONES}?filter=${encodeURIComponent('color eq "red"')}`)).toMatchObject(
    refused(400, 'E0000031'),
  )
})

it('a zone that a rule names stays', async () => {
  const { id } = (await org.post(ZONES, zone('Named', '10.0.0.3'))).body
  await org.post(`${ZONES}/${id}/lifecycle/deactivate`)
  const [policy] = (await org.get('/api/v1/policies?type=PASSWORD')).body
  const rules = `/api/v1/policies/${policy.id}/rules`
  const conditions = { network: { connection: 'ZONE', include: [id] } }
  const rule = (await org.post(rules, { type: 'PASSWORD', name: 'From there', conditions })).body
  expect(await org.delete(`${ZONES}/${id}`)).toMatchObject(refused(400, 'E0000001'))
  await org.delete(`${rules}/${rule.id}`)
  expect((await org.delete(`${ZONES}/${id}`)).status).toBe(204)
})
