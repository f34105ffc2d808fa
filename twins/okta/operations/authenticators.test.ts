import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Org, openOrg, refused, webApp } from '../testing.ts'

let org: Org
let ids: Record<string, string>

beforeAll(async () => {
  org = await openOrg()
  const { body } = await org.get('/api/v1/authenticators')
  ids = Object.fromEntries(body.map((one: { key: string; id: string }) => [one.key, one.id]))
})
afterAll(() => org.close())

const deactivate = (id: string | undefined) => org.post(`/api/v1/authenticators/${id}/lifecycle/deactivate`)
const customApp = async (name: string, activate: boolean) =>
  (await org.post(`/api/v1/authenticators?activate=${activate}`, { key: 'custom_app', name, agreeToTerms: true })).body

describe('authenticators', () => {
  it('are listed by name', async () => {
    const names = (await org.get('/api/v1/authenticators')).body.map((one: { name: string }) => one.name)
    expect(names).toEqual([...names].sort())
  })

  it.each([
    ['the password', 'okta_password', 400, 'E0000001'],
    ['one that is off', 'phone_number', 400, 'E0000001'],
    ['one that a policy enrolls', 'okta_verify', 403, 'E0000148'],
  ])('%s is not switched off', async (_what, key, status, code) => {
    expect(await deactivate(ids[key])).toMatchObject(refused(status, code))
  })

  it('of an app are taken up by the default enrollment policy once active', async () => {
    const { id } = await customApp('Acme Verify', true)
    const refusal = await deactivate(id)
    expect(refusal).toMatchObject(
      refused(403, 'E0000148', { causes: ['Authenticator Enrollment Policies: Default Policy'] }),
    )
  })

  it('that a client signs people in with stay on', async () => {
    const { id } = await customApp('Acme Approve', false)
    await webApp(org, 'Backchannel', {
      grant_types: ['urn:openid:params:grant-type:ciba', 'authorization_code'],
      backchannel_custom_authenticator_id: id,
    })
    await org.post(`/api/v1/authenticators/${id}/lifecycle/activate`)
    expect(await deactivate(id)).toMatchObject(
      refused(400, 'E0000001', { summary: 'Api validation failed: Authenticator' }),
    )
  })

  it('of an identity provider are one', async () => {
    const body = (name: string) => ({
      key: 'external_idp',
      name,
      provider: { type: 'CLAIMS', configuration: { idpId: '0oaPartner' } },
    })
    expect((await org.post('/api/v1/authenticators', body('Partner'))).status).toBe(200)
    expect(await org.post('/api/v1/authenticators', body('Again'))).toMatchObject(refused(409, 'E0000230'))
  })

  it('without a name have the one of their kind', async () => {
    const { body } = await org.post('/api/v1/authenticators', { key: 'google_otp' })
    expect(body).toMatchObject({ name: 'Google Authenticator', settings: {}, status: 'ACTIVE' })
    expect(await org.put(`/api/v1/authenticators/${ids.okta_email}`, {})).toMatchObject(refused(400, 'E0000001'))
  })

  it('of a server of the customer keep its app instance, not its secret', async () => {
    const configuration = { hostName: 'localhost', authPort: 999, sharedSecret: 's3cret' }
    const made = (await org.post('/api/v1/authenticators', { key: 'onprem_mfa', provider: provider(configuration) }))
      .body
    const { instanceId } = made.provider.configuration
    expect(made.provider.configuration).toEqual({ hostName: 'localhost', authPort: 999, instanceId })
    expect(instanceId).toMatch(/^0oa/)
    const moved = await org.put(`/api/v1/authenticators/${made.id}`, {
      name: made.name,
      provider: provider({ hostName: 'example.com', authPort: 1 }),
    })
    expect(moved.body.provider.configuration).toEqual({ hostName: 'example.com', authPort: 1, instanceId })
  })
})

const provider = (configuration: object) => ({ type: 'DEL_OATH', configuration })

describe('a method', () => {
  it('can be switched off while another one is on', async () => {
    const path = `/api/v1/authenticators/${ids.okta_verify}/methods`
    const links = async () =>
      (await org.get(path)).body.map((one: { type: string; _links: object }) => [one.type, ...Object.keys(one._links)])
    expect(await links()).toEqual([
      ['totp', 'self'],
      ['push', 'self', 'activate'],
      ['signed_nonce', 'self', 'activate'],
    ])
    await org.post(`${path}/push/lifecycle/activate`)
    expect((await links()).slice(0, 2)).toEqual([
      ['totp', 'self', 'deactivate'],
      ['push', 'self', 'deactivate'],
    ])
  })

  it('is replaced without naming its type, and has defaults for what is left out', async () => {
    const path = `/api/v1/authenticators/${ids.webauthn}/methods/webauthn`
    const settings = { userVerification: 'REQUIRED', aaguidGroups: [] }
    expect((await org.put(path, { settings })).body.settings).toEqual({ ...settings, attachment: 'ANY' })
    expect((await org.put(path, { settings: {} })).body.settings.userVerification).toBe('DISCOURAGED')
    for (const body of [{ type: 'push' }, {}]) {
      expect(await org.put(path, body)).toMatchObject(refused(400, 'E0000001'))
    }
  })
})
