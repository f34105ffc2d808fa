import { afterAll, beforeAll, expect, it } from 'vitest'
import { type Org, openOrg, refused } from '../testing.ts'

let org: Org
beforeAll(async () => {
  org = await openOrg()
})
afterAll(() => org.close())

const DOMAINS = '/api/v1/domains'
const made = async (domain: string, certificateSourceType: string) =>
  (await org.post(DOMAINS, { domain, certificateSourceType })).body
const recordsOf = ({ dnsRecords }: { dnsRecords: { recordType: string; fqdn: string }[] }) =>
  dnsRecords.map(({ recordType, fqdn }) => `${recordType} ${fqdn}`)

it('a domain is proven by other records when Okta is to get its certificate', async () => {
  const own = await made('own.acme.io', 'MANUAL')
  expect(recordsOf(own)).toEqual(['TXT _oktaverification.own.acme.io', 'CNAME own.acme.io'])
  const managed = await made('managed.acme.io', 'OKTA_MANAGED')
  expect(recordsOf(managed)).toEqual(['TXT _acme-challenge.managed.acme.io', 'CAA managed.acme.io', 'CNAME managed.acme.io']) // biome-ignore format: one row
})

it('a domain goes to any brand but the default one', async () => {
  const { id, brandId } = await made('moving.acme.io', 'MANUAL')
  const brands = (await org.get('/api/v1/brands')).body as { id: string; isDefault: boolean }[]
  const standard = brands.find(({ isDefault }) => isDefault)
  expect(await org.put(`${DOMAINS}/${id}`, { brandId: standard?.id })).toMatchObject(refused(409, 'E0000203'))
  expect((await org.put(`${DOMAINS}/${id}`, { brandId })).status).toBe(200)
})

it('a domain that is not there is missing in its own words', async () => {
  for (const reply of [org.get(`${DOMAINS}/none`), org.post(`${DOMAINS}/none/verify`), org.delete(`${DOMAINS}/none`)]) {
    expect(await reply).toMatchObject(refused(404, 'E0000163'))
  }
})

it('addresses are tried again when they are somebody here', async () => {
  const path = '/api/v1/org/email/bounces/remove-list'
  expect(await org.post(path, { emailAddresses: [] })).toMatchObject(refused(400, 'E0000001'))
  const { errors } = (await org.post(path, { emailAddresses: ['none', 'no@acme.test', 'admin@example.com'] })).body
  expect(errors.map((error: { reason: string }) => error.reason.split('.')[0])).toEqual([
    'Invalid email address',
    'This email address does not belong to any user in your organization',
  ])
})

it('a mail that is to activate says how', async () => {
  const [{ id }] = (await org.get('/api/v1/brands')).body
  const path = `/api/v1/brands/${id}/templates/email/UserActivation/customizations`
  const mail = { language: 'en', subject: 'Welcome', body: 'Hello', isDefault: true }
  expect(await org.post(path, mail)).toMatchObject(refused(400, 'E0000001', { causes: ['Invalid email text'] }))
  expect((await org.post(path, { ...mail, body: `Go to \${activationLink}` })).status).toBe(201)
})
