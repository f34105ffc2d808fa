import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { gone, member, type Org, openOrg, refused } from '../testing.ts'

/** The org's own settings, and who may look in. */
let org: Org
beforeAll(async () => {
  org = await openOrg()
})
afterAll(() => org.close())
const ORG = '/api/v1/org'

it('is changed by name, or replaced', async () => {
  const before = (await org.get(ORG)).body
  expect(before).toMatchObject({ status: 'ACTIVE', _links: { preferences: {}, contacts: {} } })
  const changed = await org.post(ORG, { city: 'Visby', website: 'https://acme.test', id: 'mine' })
  expect(changed.body).toMatchObject({ id: before.id, city: 'Visby', website: 'https://acme.test' })
  expect((await org.post(ORG, { country: 'SE' })).body).toMatchObject({ city: 'Visby', country: 'SE' })
  const replaced = await org.put(ORG, { companyName: 'Acme Divers', country: 'NO' })
  expect(replaced.body).toMatchObject({ companyName: 'Acme Divers', country: 'NO', city: null, website: null })
  expect((await org.get(ORG)).body).toEqual(replaced.body)
  expect(await org.as(`SSWS ${org.world.access.okta.readOnlyToken}`).post(ORG, { city: 'No' })).toMatchObject(
    refused(403, 'E0000006'),
  )
})

it('names whom to call', async () => {
  const user = await member(org, 'billing@acme.test')
  const types = (await org.get(`${ORG}/contacts`)).body
  expect(types.map((one: { contactType: string }) => one.contactType)).toEqual(['BILLING', 'TECHNICAL'])
  const contact = `${ORG}/contacts/billing`
  const before = (await org.get(contact)).body.userId
  expect(await org.put(contact, { userId: 'none' })).toMatchObject(gone('none', 'User'))
  expect((await org.put(contact, { userId: user.id })).body.userId).toBe(user.id)
  expect((await org.get(contact)).body._links.user.href).toBe(`${org.url}/api/v1/users/${user.id}`)
  expect((await org.get(`${ORG}/contacts/technical`)).body.userId).toBe(before)
  expect((await org.get(`${ORG}/contacts/legal`)).status).toBe(404)
})

/** Settings that are one member, read and written. */
describe.each([
  ['orgSettings/thirdPartyAdminSetting', 'thirdPartyAdmin', 'POST', false],
  ['settings/autoAssignAdminAppSetting', 'autoAssignAdminAppSetting', 'POST', true],
  ['settings/clientPrivilegesSetting', 'clientPrivilegesSetting', 'PUT', false],
] as const)('%s', (path, name, method, initial) => {
  it('is a switch', async () => {
    const setting = `${ORG}/${path}`
    expect((await org.get(setting)).body).toEqual({ [name]: initial })
    expect((await org.call(method, setting, { [name]: !initial })).body).toEqual({ [name]: !initial })
    expect((await org.get(setting)).body).toEqual({ [name]: !initial })
    expect((await org.call(method, setting, { [name]: initial })).body).toEqual({ [name]: initial })
    const target = (await org.events('system.org.settings.update')).at(-1)?.target
    expect(target?.[0]?.type).toBe('Organization')
  })
})

it.each([
  ['authenticator-settings', 'verifyKnowledgeSecondWhen2faRequired'],
  ['user-lockout-settings', 'preventBruteForceLockoutFromUnknownDevices'],
])('attack protection: %s', async (path, name) => {
  const setting = `/attack-protection/api/v1/${path}`
  expect((await org.get(setting)).body).toEqual({ [name]: false })
  expect((await org.put(setting, { [name]: true })).body).toEqual({ [name]: true })
  expect((await org.get(setting)).body).toEqual({ [name]: true })
})

it('shows its footer or not, and lets Okta write to people or not', async () => {
  const preferences = `${ORG}/preferences`
  expect((await org.post(`${preferences}/hideEndUserFooter`)).body).toMatchObject({
    showEndUserFooter: false,
    _links: { showEndUserFooter: {} },
  })
  expect((await org.get(preferences)).body.showEndUserFooter).toBe(false)
  expect((await org.post(`${preferences}/showEndUserFooter`)).body.showEndUserFooter).toBe(true)
  const mail = `${ORG}/privacy/oktaCommunication`
  expect((await org.post(`${mail}/optOut`)).body.optOutEmailUsers).toBe(true)
  expect((await org.get(mail)).body).toMatchObject({ optOutEmailUsers: true, _links: { optIn: {} } })
  expect((await org.post(`${mail}/optIn`)).body.optOutEmailUsers).toBe(false)
})

describe('who may look in', () => {
  it("is Okta's support, for hours that can be made more", async () => {
    const support = `${ORG}/privacy/oktaSupport`
    expect((await org.get(support)).body).toMatchObject({
      support: 'DISABLED',
      expiration: null,
      _links: { grant: {} },
    })
    expect((await org.post(`${support}/extend`)).status).toBe(400)
    const granted = (await org.post(`${support}/grant`)).body
    expect(granted.support).toBe('ENABLED')
    await org.post(`${support}/extend`)
    const extended = (await org.get(support)).body
    expect(Date.parse(extended.expiration) - Date.parse(granted.expiration)).toBe(24 * 3_600_000)
    expect((await org.post(`${support}/revoke`)).body.support).toBe('DISABLED')
    expect((await org.get(`${support}/cases`)).body).toEqual({ supportCases: [] })
    expect((await org.patch(`${support}/cases/00000001`, {})).status).toBe(404)
  })

  it('is an account of Aerial that was named', async () => {
    const aerial = `${ORG}/privacy/aerial`
    expect((await org.get(aerial)).status).toBe(404)
    expect((await org.post(`${aerial}/grant`, {})).status).toBe(400)
    const granted = await org.post(`${aerial}/grant`, { accountId: '0200bs617vjbRxLa60ki' })
    expect(granted.body).toMatchObject({ accountId: '0200bs617vjbRxLa60ki', _links: { revoke: {} } })
    expect((await org.get(aerial)).body).toEqual(granted.body)
    expect((await org.post(`${aerial}/grant`, { accountId: 'another' })).body.errorCauses[0].errorSummary).toContain(
      'already has a consent grant',
    )
    expect((await org.post(`${aerial}/revoke`, { accountId: '0200bs617vjbRxLa60ki' })).body._links).toHaveProperty(
      'grant',
    )
    expect((await org.get(aerial)).status).toBe(404)
  })
})

it('has children of their own name', async () => {
  const child = { name: 'Child', subdomain: 'acme-child', edition: 'SKU', admin: { profile: { firstName: 'A', lastName: 'B', email: 'a@b.test', login: 'a@b.test' } } } // biome-ignore format: one row
  expect((await org.post('/api/v1/orgs', { ...child, subdomain: undefined })).status).toBe(400)
  const made = await org.post('/api/v1/orgs', child)
  expect(made).toMatchObject({ status: 201, body: { subdomain: 'acme-child', status: 'ACTIVE', tokenType: 'SSWS' } })
  expect(made.body.id).toMatch(/^00o/)
})

it('console sessions end when they were told to', async () => {
  const path = '/api/v1/first-party-app-settings/admin-console'
  expect((await org.get(path)).body).toMatchObject({ sessionIdleTimeoutMinutes: 15 })
  expect((await org.put(path, { sessionIdleTimeoutMinutes: 3 })).status).toBe(400)
  const settings = { sessionIdleTimeoutMinutes: 30, sessionMaxLifetimeMinutes: 600 }
  expect((await org.put(path, settings)).body).toEqual(settings)
  expect((await org.get(path)).body).toEqual(settings)
  expect(await org.get('/api/v1/first-party-app-settings/dashboard')).toMatchObject(refused(404, 'E0000258'))
})

it('features that others need are switched in order', async () => {
  const features = (await org.get('/api/v1/features')).body
  const [{ id, status }] = features
  const path = `/api/v1/features/${id}`
  const verb = status === 'ENABLED' ? 'disable' : 'enable'
  const changed = (await org.post(`${path}/${verb}`)).body
  expect(changed.status).not.toBe(status)
  expect((await org.get(path)).body.status).toBe(changed.status)
  expect((await org.post(`${path}/${verb === 'enable' ? 'DISABLE' : 'ENABLE'}`)).body.status).toBe(status)
  expect(Array.isArray((await org.get(`${path}/dependencies`)).body)).toBe(true)
  expect((await org.get('/api/v1/features/none/dependencies')).status).toBe(404)
  expect((await org.post(`${path}/explode`)).status).toBeGreaterThanOrEqual(400)
})
