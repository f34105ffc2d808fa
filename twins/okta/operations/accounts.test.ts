import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { gone, member, type Org, openOrg, refused, webApp } from '../testing.ts'

/** Accounts that are nobody's, keys that travel ahead of their owners, and who carries messages. */
let org: Org
let user: Awaited<ReturnType<typeof member>>
beforeAll(async () => {
  org = await openOrg()
  user = await member(org, 'shared@acme.test')
})
afterAll(() => org.close())
const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[1-5][0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/

describe('service accounts', () => {
  it('of the org are users that are managed', async () => {
    const accounts = '/privileged-access/api/v1/okta-service-accounts'
    const body = { name: 'Shared admin', description: 'For the sync', oktaUserId: user.id, ownerUserIds: [user.id] }
    expect(await org.post(accounts, { ...body, oktaUserId: 'none' })).toMatchObject(gone('none', 'User'))
    const made = await org.post(accounts, body)
    expect(made).toMatchObject({
      status: 201,
      body: { ...body, username: 'shared@acme.test', email: 'shared@acme.test', status: 'UNSECURED' },
    })
    expect(made.body.id).toMatch(UUID)
    expect(await org.post(accounts, body)).toMatchObject(refused(400, 'E0000001'))
    const path = `${accounts}/${made.body.id}`
    expect((await org.get(path)).body).toEqual(made.body)
    expect((await org.get(accounts)).body).toEqual([made.body])
    const changed = await org.patch(path, { name: 'Shared one', oktaUserId: 'other' })
    expect(changed.body).toMatchObject({ name: 'Shared one', oktaUserId: user.id, ownerUserIds: [user.id] })
    expect((await org.delete(path)).status).toBe(204)
    expect((await org.get(path)).status).toBe(404)
  })

  it('of an app are its logins, with a secret nobody reads', async () => {
    const app = await webApp(org, 'Vault')
    const { id } = (await org.get('/api/v1/org')).body
    const accounts = '/privileged-access/api/v1/service-accounts'
    const containerOrn = `orn:okta:idp:${id}:apps:oidc_client:${app.id}`
    const body = { name: 'robot', containerOrn, username: 'robot@app', password: 'very secret' }
    expect(await org.post(accounts, { ...body, password: undefined })).toMatchObject(refused(400, 'E0000001'))
    expect((await org.post(accounts, { ...body, containerOrn: 'orn:okta:idp:x:apps:y:none' })).status).toBe(404)
    const made = await org.post(accounts, body)
    expect(made.body).toMatchObject({ containerInstanceName: 'Vault', containerGlobalName: 'oidc_client' })
    expect(JSON.stringify(made.body)).not.toContain('very secret')
    const path = `${accounts}/${made.body.id}`
    expect((await org.get(path)).body).toEqual(made.body)
    expect((await org.patch(path, { description: 'Beeps' })).body).toMatchObject({
      name: 'robot',
      description: 'Beeps',
    })
    expect((await org.get(accounts)).body).toHaveLength(1)
    expect((await org.delete(path)).status).toBe(204)
    expect((await org.get(accounts)).body).toEqual([])
  })
})

describe('keys that travel', () => {
  it('are ordered, written, shipped with a PIN and active when their owner has them', async () => {
    const root = '/webauthn-registration/api/v1'
    const fulfillmentProvider = 'yubico'
    const list = async () => (await org.get(`${root}/users/${user.id}/enrollments`)).body
    const fulfillmentData = [{ customizationId: 'c', productId: 'p', inventoryProductId: 'i' }]
    const order = { userId: user.id, fulfillmentProvider, fulfillmentData }
    expect((await org.post(`${root}/initiate-fulfillment-request`, order)).status).toBe(204)
    expect((await org.post(`${root}/initiate-fulfillment-request`, { ...order, userId: 'none' })).status).toBe(404)
    const yubicoTransportKeyJWK = { kty: 'EC', crv: 'P-384', kid: 'k', use: 'enc', x: 'x', y: 'y' }
    const enrol = await org.post(`${root}/enroll`, {
      userId: user.id,
      enrollmentRpIds: ['acme.okta.test'],
      fulfillmentProvider,
      yubicoTransportKeyJWK,
    })
    expect(enrol.body).toMatchObject({ userId: user.id, fulfillmentProvider })
    const [{ authenticatorEnrollmentId: id }] = enrol.body.credRequests
    expect(await list()).toMatchObject([{ id, factorType: 'webauthn', provider: 'FIDO', status: 'PENDING_ACTIVATION' }])
    const activation = { userId: user.id, fulfillmentProvider, serial: '3632071', version: '5.4.3', pinResponseJwe: 'e', yubicoSigningJwks: [] } // biome-ignore format: one row
    const responses = (key: string) => [{ authenticatorEnrollmentId: key, credResponseJwe: 'e' }]
    expect((await org.post(`${root}/activate`, { ...activation, credResponses: responses('none') })).status).toBe(404)
    const active = await org.post(`${root}/activate`, { ...activation, credResponses: responses(id) })
    expect(active.body).toEqual({ authenticatorEnrollmentIds: [id], fulfillmentProvider, userId: user.id })
    expect(await list()).toMatchObject([{ id, status: 'ACTIVE', profile: { authenticatorName: '3632071' } }])
    const pin = { userId: user.id, authenticatorEnrollmentId: id, fulfillmentProvider }
    expect((await org.post(`${root}/send-pin`, pin)).status).toBe(204)
    expect((await org.post(`${root}/send-pin`, { ...pin, authenticatorEnrollmentId: 'x' })).status).toBe(404)
    const path = `${root}/users/${user.id}/enrollments/${id}`
    expect((await org.post(`${path}/mark-error`)).status).toBe(204)
    expect(await list()).toMatchObject([{ status: 'FULFILLMENT_ERRORED' }])
    expect((await org.delete(path)).status).toBe(204)
    expect(await list()).toEqual([])
    expect((await org.delete(path)).status).toBe(404)
  })

  it('of the older kind are known by their seed', async () => {
    const tokens = '/api/v1/org/factors/yubikey_token/tokens'
    const seed = { serialNumber: '7886622', publicId: 'ccccccijgibu', privateId: 'b74be6169486', aesKey: '1fcc6d8ce39bf1604e0b17f3e0a11067' } // biome-ignore format: one row
    expect(await org.post(tokens, { serialNumber: '1' })).toMatchObject(refused(400, 'E0000001'))
    const made = await org.post(tokens, seed)
    expect(made.body).toMatchObject({ status: 'UNASSIGNED', profile: { serial: '000007886622' } })
    expect(JSON.stringify(made.body)).not.toContain(seed.aesKey)
    expect((await org.get(`${tokens}/${made.body.id}`)).body).toEqual(made.body)
    expect((await org.get(tokens)).body).toEqual([made.body])
    expect((await org.get(`${tokens}/none`)).status).toBe(404)
  })
})

it('telephony goes through the provider that is first', async () => {
  const providers = '/api/v1/telephony-providers'
  const body = {
    providerName: 'TWILIO',
    providerSid: 'AC1',
    providerAuthToken: 'secret token',
    providerCapability: 'ALL',
    providerSettings: { sms: { twilioPhoneNumber: '+46705550100' }, call: { twilioVerifySid: 'v' } },
  }
  expect(await org.post(providers, { providerName: 'TWILIO' })).toMatchObject(refused(400, 'E0000001'))
  const first = await org.post(providers, body)
  expect(first).toMatchObject({ status: 201, body: { providerSid: 'AC1', isPrimaryProvider: true, enabled: true } })
  expect(JSON.stringify(first.body)).not.toContain('secret token')
  const second = await org.post(providers, { ...body, providerName: 'TELESIGN', providerSid: 'TS1', providerSettings: { sms: { telesignService: 'm' } } }) // biome-ignore format: one row
  const path = `${providers}/${second.body.id}`
  expect(second.body.isPrimaryProvider).toBe(false)
  expect((await org.post(`${path}/setAsPrimary`)).body.isPrimaryProvider).toBe(true)
  expect((await org.get(`${providers}/${first.body.id}`)).body.isPrimaryProvider).toBe(false)
  const changed = await org.patch(path, { providerSettings: { sms: { telesignService: 'other' } } })
  expect(changed.body).toMatchObject({ providerSid: 'TS1', providerSettings: { sms: { telesignService: 'other' } } })
  const sms = { factor: 'SMS', phoneNumber: '+46705550101', countryCodeIso2: 'SE' }
  expect((await org.post(`${path}/test`, sms)).status).toBe(204)
  expect((await org.post(`${providers}/none/test`, sms)).status).toBe(404)
  expect((await org.delete(path)).status).toBe(400)
  expect((await org.post(`${path}/lifecycle/deactivate`)).body.enabled).toBe(false)
  expect((await org.delete(path)).status).toBe(204)
  const other = `${providers}/${first.body.id}`
  await org.post(`${other}/lifecycle/deactivate`)
  expect((await org.post(`${other}/lifecycle/activate`)).body.enabled).toBe(true)
  expect((await org.get(providers)).body).toMatchObject([{ id: first.body.id }])
})

it('an API service has two secrets at most, so that one can follow the other', async () => {
  const services = '/integrations/api/v1/api-services'
  const made = await org.post(services, { type: 'anzennaapiservice', grantedScopes: ['okta.users.read'] })
  expect(made).toMatchObject({ status: 201, body: { type: 'anzennaapiservice', grantedScopes: ['okta.users.read'] } })
  const path = `${services}/${made.body.id}`
  const { clientSecret, ...shown } = made.body
  expect((await org.get(path)).body).toEqual(shown)
  expect((await org.get(services)).body).toEqual([shown])
  const secrets = `${path}/credentials/secrets`
  const [first] = (await org.get(secrets)).body
  expect(first.client_secret).toBe(`***${clientSecret.slice(-4)}`)
  const second = await org.post(secrets)
  expect(second).toMatchObject({ status: 201, body: { status: 'ACTIVE' } })
  expect(second.body.client_secret).not.toContain('*')
  expect((await org.post(secrets)).status).toBe(400)
  const one = `${secrets}/${first.id}`
  expect((await org.delete(one)).status).toBe(400)
  expect((await org.post(`${one}/lifecycle/deactivate`)).body).toMatchObject({
    status: 'INACTIVE',
    _links: { delete: {} },
  })
  expect((await org.post(`${one}/lifecycle/activate`)).body.status).toBe('ACTIVE')
  await org.post(`${one}/lifecycle/deactivate`)
  expect((await org.delete(one)).status).toBe(204)
  expect((await org.get(secrets)).body).toHaveLength(1)
  expect((await org.delete(path)).status).toBe(204)
  expect(await org.get(path)).toMatchObject(gone(made.body.id, 'APIServiceIntegration'))
})

it('a token is narrowed to networks, and ends itself', async () => {
  const tokens = (await org.get('/api/v1/api-tokens')).body
  const reader = tokens.find((one: { id: string; userId: string }) => one.userId !== tokens[0].userId) ?? tokens[1]
  const path = `/api/v1/api-tokens/${reader.id}`
  const network = { connection: 'ZONE', include: ['nzo1'] }
  const changed = await org.put(path, { name: reader.name, network })
  expect(changed.body).toMatchObject({ id: reader.id, name: reader.name, network })
  expect((await org.get(path)).body).toEqual(changed.body)
  const mine = org.as(`SSWS ${org.world.access.okta.readOnlyToken}`)
  expect((await mine.get('/api/v1/users/me')).status).toBe(200)
  expect((await mine.delete('/api/v1/api-tokens/current')).status).toBe(204)
  expect(await mine.get('/api/v1/users/me')).toMatchObject(refused(401, 'E0000011'))
  expect((await org.events('system.api_token.revoke')).length).toBe(1)
  expect((await org.delete('/api/v1/api-tokens/00Tnone')).status).toBe(404)
  const [last] = (await org.get('/api/v1/api-tokens')).body
  expect((await org.delete(`/api/v1/api-tokens/${last.id}`)).status).toBe(204)
  expect(await org.get('/api/v1/users/me')).toMatchObject(refused(401, 'E0000011'))
})
