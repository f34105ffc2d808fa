import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { member, type Org, openOrg, PASSWORD, refused, signIn, webApp } from '../testing.ts'

/** A person's own account, by an access token of the org's server that speaks for them. */
const LOGIN = 'mara.lind@acme.test'
const AREAS = 'appAuthenticator.manage appAuthenticator.read appAuthenticator.maintenance.manage appAuthenticator.maintenance.read authenticators.manage authenticators.read email.manage email.read oktaApplications.read organization.read password.manage password.read phone.manage phone.read profile.manage profile.read sessions.manage webauthn.manage webauthn.read' // biome-ignore format: a list
const scopes = (areas: string) => ['openid', ...areas.split(' ').map((area) => `okta.myAccount.${area}`)].join(' ')

let org: Org
let mine: Org
let app: Awaited<ReturnType<typeof webApp>>
let userId: string
const ME = '/idp/myaccount'
const bearer = (token: string) => org.as(`Bearer ${token}`, { accept: 'application/json; okta-version=1.0.0' })

beforeAll(async () => {
  org = await openOrg()
  app = await webApp(org, 'Account')
  userId = (await member(org, LOGIN, app.id)).id
  mine = bearer((await signIn(org, app, LOGIN, scopes(AREAS))).access_token)
})
afterAll(() => org.close())

const profileNow = async () => (await org.get(`/api/v1/users/${userId}`)).body.profile

it('needs a token that speaks for somebody, with the scope of the area', async () => {
  expect(await org.get(`${ME}/profile`)).toMatchObject({ status: 200 })
  const narrow = bearer((await signIn(org, app, LOGIN, scopes('profile.read'))).access_token)
  expect((await narrow.get(`${ME}/profile`)).status).toBe(200)
  const { status, headers } = await narrow.get(`${ME}/emails`)
  expect(status).toBe(403)
  expect(headers.get('www-authenticate')).toContain('scope="okta.myAccount.email.read"')
})

describe('the profile', () => {
  it('is described by a schema of what people may see and change', async () => {
    const { body } = await mine.get(`${ME}/profile/schema`)
    expect(body.properties.login).toMatchObject({ title: 'Username', permissions: { SELF: 'READ_ONLY' } })
    expect(body.properties.firstName.permissions).toEqual({ SELF: 'READ_WRITE' })
    await org.post('/api/v1/meta/schemas/user/default', {
      definitions: {
        custom: {
          properties: {
            salary: { title: 'Salary', type: 'string', permissions: [{ principal: 'SELF', action: 'HIDE' }] },
          },
        },
      },
    })
    await org.post(`/api/v1/users/${userId}`, { profile: { salary: '1', title: 'Diver' } })
    expect((await mine.get(`${ME}/profile/schema`)).body.properties).not.toHaveProperty('salary')
    const { profile } = (await mine.get(`${ME}/profile`)).body
    expect(profile).toMatchObject({ login: LOGIN, title: 'Diver' })
    expect(profile).not.toHaveProperty('salary')
  })

  it('is replaced whole: values are kept by sending them, and what is not theirs stays as it is', async () => {
    const { profile } = (await mine.get(`${ME}/profile`)).body
    const replace = (change: object) => mine.put(`${ME}/profile`, { profile: { ...profile, ...change } })
    const cause = (text: string) => refused(400, 'E0000001', { summary: 'Api validation failed: forUpdate', causes: [text] }) // biome-ignore format: one row
    const { lastName: _, ...partial } = profile
    expect(await mine.put(`${ME}/profile`, { profile: partial })).toMatchObject(
      cause("Property 'lastName' needs a value passed.  To unset it, explicitly set it to null."),
    )
    expect(await replace({ title: 'Captain' })).toMatchObject(
      cause("Property 'title' is read only.  The value supplied must exactly match the existing value."),
    )
    expect(await replace({ salary: '9' })).toMatchObject(
      cause("Property 'salary' does not exist or is not accessible."),
    )
    expect((await replace({ email: 'other@acme.test' })).body.errorCauses[0].errorSummary).toContain('email attributes')
    expect((await replace({ firstName: 'x'.repeat(60) })).status).toBe(400)
    const done = await replace({ firstName: 'Maren', mobilePhone: '+46 70 555 01 00' })
    expect(done.body.profile).toMatchObject({ firstName: 'Maren', title: 'Diver' })
    expect(await profileNow()).toMatchObject({ firstName: 'Maren', mobilePhone: '+46 70 555 01 00', salary: '1' })
    expect((await org.events('user.account.update_profile')).at(-1)?.actor.id).toBe(userId)
  })
})

describe('addresses', () => {
  it('join the profile once their owner proved them', async () => {
    const [primary] = (await mine.get(`${ME}/emails`)).body
    expect(primary).toMatchObject({ status: 'VERIFIED', roles: ['PRIMARY'], profile: { email: LOGIN } })
    expect(await mine.delete(`${ME}/emails/${primary.id}`)).toMatchObject(
      refused(400, 'E0000001', { causes: ["Can't delete a verified email address."] }),
    )
    const email = 'mara@home.test'
    const made = await mine.post(`${ME}/emails`, { profile: { email }, role: 'SECONDARY', sendEmail: false })
    expect(made).toMatchObject({
      status: 201,
      body: { status: 'UNVERIFIED', roles: ['SECONDARY'], profile: { email } },
    })
    expect(made.body._links).not.toHaveProperty('verify')
    const again = await mine.post(`${ME}/emails`, { profile: { email }, role: 'SECONDARY' })
    expect(again).toMatchObject(
      refused(409, 'E0000157', { causes: [`The email ${email} is already registered to the current user profile.`] }),
    )
    const path = `${ME}/emails/${made.body.id}`
    const challenge = await mine.post(`${path}/challenge`, { state: 's' })
    expect(challenge).toMatchObject({ status: 201, body: { status: 'UNVERIFIED', profile: { email } } })
    const open = `${path}/challenge/${challenge.body.id}`
    expect((await mine.get(open)).body.status).toBe('UNVERIFIED')
    expect(await mine.post(`${open}/verify`, { verificationCode: 'nope' })).toMatchObject(
      refused(401, 'E0000004', { causes: ['The verification challenge failed due to an invalid code.'] }),
    )
    expect((await mine.get(path)).body._links).toHaveProperty('verify')
    expect((await profileNow()).secondEmail).toBeNull()
    const { account } = org.act('codes', { login: LOGIN })
    expect((await mine.post(`${open}/verify`, { verificationCode: account.at(-1)?.code })).status).toBe(200)
    expect((await profileNow()).secondEmail).toBe(email)
    expect((await mine.get(`${ME}/emails`)).body).toHaveLength(2)
  })

  it('that wait can be dropped', async () => {
    const { body } = await mine.post(`${ME}/emails`, { profile: { email: 'typo@home.test' }, role: 'PRIMARY' })
    expect((await mine.get(`${ME}/emails/${body.id}`)).body.profile.email).toBe('typo@home.test')
    expect((await mine.delete(`${ME}/emails/${body.id}`)).status).toBe(204)
    expect((await mine.get(`${ME}/emails/${body.id}`)).status).toBe(404)
    expect((await profileNow()).email).toBe(LOGIN)
  })
})

it('phones are verified by a code, sent again when it got lost', async () => {
  const phoneNumber = '+46 70 555 01 99'
  expect((await mine.post(`${ME}/phones`, { profile: { phoneNumber: 'ring me' } })).body.errorCauses).toEqual([
    { errorSummary: 'Invalid phone number.' },
  ])
  const made = await mine.post(`${ME}/phones`, { profile: { phoneNumber }, sendCode: true, method: 'SMS' })
  expect(made).toMatchObject({ status: 201, body: { status: 'UNVERIFIED', profile: { phoneNumber } } })
  const path = `${ME}/phones/${made.body.id}`
  expect(await mine.post(`${ME}/phones`, { profile: { phoneNumber } })).toMatchObject(refused(409, 'E0000157'))
  const sent = await mine.post(`${path}/challenge`, { method: 'CALL', retry: true })
  expect(sent.body._links.verify.href).toBe(`${org.url}${path}/verify`)
  expect(await mine.post(`${path}/verify`, { verificationCode: 'nope' })).toMatchObject(refused(401, 'E0000004'))
  for (const { code } of org.act('codes', { login: LOGIN }).account.slice(-2))
    await mine.post(`${path}/verify`, { verificationCode: code })
  expect((await mine.get(path)).body).toMatchObject({ status: 'VERIFIED' })
  expect((await mine.get(`${ME}/phones`)).body.map((phone: { id: string }) => phone.id)).toEqual([made.body.id])
  expect(await mine.post(`${path}/verify`, { verificationCode: '0' })).toMatchObject(refused(409, 'E0000157'))
  expect((await mine.delete(path)).status).toBe(204)
  expect((await mine.get(path)).status).toBe(404)
})

describe('the password', () => {
  const works = async (password: string) =>
    (await org.as(undefined).post('/api/v1/authn', { username: LOGIN, password })).status

  it('is changed by who knows it, within the policy', async () => {
    const { body } = await mine.get(`${ME}/password/complexity-requirements`)
    expect(body.complexity).toMatchObject({ minLength: 8, excludeUsername: true })
    expect(body.description).toContain('at least 8 characters')
    const change = (oldPassword: string, newPassword: string) =>
      mine.post(`${ME}/password/change-password`, { oldPassword, newPassword })
    expect(await change('wrong', 'Fresh-Water-1')).toMatchObject(refused(403, 'E0000014'))
    expect(await change(PASSWORD, 'short')).toMatchObject(
      refused(400, 'E0000001', { summary: 'Api validation failed: Password' }),
    )
    expect((await change(PASSWORD, 'Fresh-Water-1')).status).toBe(204)
    expect([await works(PASSWORD), await works('Fresh-Water-1')]).toEqual([401, 200])
  })

  it('is replaced, removed and enrolled again', async () => {
    const password = (value: string) => ({ profile: { password: value } })
    expect((await mine.get(`${ME}/password`)).body.status).toBe('ACTIVE')
    expect((await mine.put(`${ME}/password`, password('Other-Water-2'))).status).toBe(201)
    expect(await works('Other-Water-2')).toBe(200)
    expect((await mine.post(`${ME}/password`, password('Third-Water-3'))).status).toBe(409)
    expect((await mine.delete(`${ME}/password`)).status).toBe(204)
    expect((await mine.get(`${ME}/password`)).body.status).toBe('NOT_ENROLLED')
    expect(await works('Other-Water-2')).toBe(401)
    expect((await mine.post(`${ME}/password`, password('Third-Water-3'))).status).toBe(201)
    expect(await works('Third-Water-3')).toBe(200)
  })
})

describe('authenticators', () => {
  const named = async (key: string) => {
    const { body } = await mine.get(`${ME}/authenticators?expand=enrollments`)
    return body.find((one: { key: string }) => one.key === key)
  }

  it('show what is enrolled, under a name of its own', async () => {
    const password = await named('okta_password')
    expect(password._embedded.enrollments).toMatchObject([{ canChangePassword: true, canUnenroll: false }])
    const { body } = await mine.get(`${ME}/authenticators/${password.id}`)
    expect(body).toMatchObject({ key: 'okta_password', enrollable: true })
    expect(body).not.toHaveProperty('_embedded')
    const path = `${ME}/authenticators/${password.id}/enrollments`
    const [enrolled] = (await mine.get(path)).body
    expect((await mine.get(`${path}/${enrolled.id}`)).body).toEqual(enrolled)
    expect((await mine.patch(`${path}/${enrolled.id}`, { nickname: 'The long one' })).body.nickname).toBe(
      'The long one',
    )
    expect((await mine.get(`${path}/${enrolled.id}`)).body.nickname).toBe('The long one')
    await mine.patch(`${path}/${enrolled.id}`, { nickname: null })
    expect((await mine.get(`${path}/${enrolled.id}`)).body).toEqual(enrolled)
    expect((await mine.get(`${path}/none`)).status).toBe(404)
  })

  it('an app on a phone is enrolled with its device, and gone when it goes', async () => {
    const verify = await named('okta_verify')
    const key = { kty: 'EC', crv: 'P-256', kid: 'k1', x: 'O0N1H3AIXj5p5cpQx5RUzowIRz1iPnheo7SbEC-CtFw', y: 'Cea3KAFqsyxqPni2QJ6LjjqgRKgRHpsVzkNazd3m8To', 'okta:kpr': 'HARDWARE' } // biome-ignore format: a key
    const made = await mine.post(`${ME}/app-authenticators`, {
      authenticatorId: verify.id,
      device: {
        displayName: 'Pocket',
        platform: 'ANDROID',
        osVersion: '15',
        clientInstanceBundleId: 'test.acme.app',
        clientInstanceVersion: '1.0',
        clientInstanceDeviceSdkVersion: 'DeviceSDK 1.0.0',
        clientInstanceKey: key,
      },
      methods: { push: { pushToken: 'token', apsEnvironment: 'DEVELOPMENT', keys: { proofOfPossession: key } } },
    })
    expect(made.body).toMatchObject({ authenticatorId: verify.id, user: { id: userId, username: LOGIN } })
    const devices = (await org.get(`/api/v1/users/${userId}/devices`)).body
    expect(devices[0].device).toMatchObject({ id: made.body.device.id, profile: { displayName: 'Pocket' } })
    const path = `${ME}/app-authenticators/${made.body.id}`
    expect((await mine.get(`${path}/push/notifications`)).body).toEqual([])
    const renewed = await mine.call('PATCH', path, { methods: { push: { pushToken: 'fresh' } } }, { 'content-type': 'application/merge-patch+json;okta-version=1.0.0' }) // biome-ignore format: one row
    expect(renewed.body.id).toBe(made.body.id)
    expect((await mine.delete(path)).status).toBe(204)
    expect((await mine.delete(path)).status).toBe(404)
  })

  it('a push waits for the phone, which answers it', async () => {
    const verify = await named('okta_verify')
    const phone = await mine.post(`${ME}/app-authenticators`, {
      authenticatorId: verify.id,
      device: { displayName: 'P', platform: 'IOS', osVersion: '18', clientInstanceBundleId: 'b', clientInstanceVersion: '1', clientInstanceDeviceSdkVersion: '1', clientInstanceKey: { kty: 'EC', crv: 'P-256', kid: 'k', x: 'x', y: 'y', 'okta:kpr': 'HARDWARE' } }, // biome-ignore format: a device
      methods: { push: { pushToken: 't', apsEnvironment: 'PRODUCTION', keys: { proofOfPossession: { kty: 'EC', crv: 'P-256', kid: 'k', x: 'x', y: 'y', 'okta:kpr': 'HARDWARE' } } } }, // biome-ignore format: a key
    })
    const push = `/api/v1/users/${userId}/factors/${phone.body.methods.push.id}`
    expect((await org.get(push)).body).toMatchObject({ factorType: 'push', provider: 'OKTA', status: 'ACTIVE' })
    const challenge = await org.post(`${push}/verify`)
    expect(challenge).toMatchObject({ status: 201, body: { factorResult: 'WAITING' } })
    const [waiting] = (await mine.get(`${ME}/app-authenticators/${phone.body.id}/push/notifications`)).body
    const path = `${ME}/app-authenticators/challenge/${waiting.challenge}/verify`
    expect((await mine.post(path, { method: 'push', challengeResponse: 'signed' })).status).toBe(200)
    const poll = await org.get(new URL(challenge.body._links.poll.href).pathname)
    expect(poll.body.factorResult).toBe('SUCCESS')
    expect((await mine.post(path, { method: 'push' })).status).toBe(404)
    await mine.delete(`${ME}/app-authenticators/${phone.body.id}`)
    expect((await org.get(push)).status).toBe(404)
  })

  it('security keys are registered with the options that were given', async () => {
    const { body } = await mine.post(`${ME}/webauthn/registration`)
    expect(body.options).toMatchObject({ user: { id: userId, name: LOGIN }, excludeCredentials: [] })
    expect(body.options.challenge).toMatch(/^[\w-]{20,}$/)
    const made = await mine.post(`${ME}/webauthn`, { attestation: 'o2NmbXRk', clientData: 'eyJjaGFs' })
    expect(made.body).toMatchObject({ status: 'ACTIVE', type: 'security_key', key: 'webauthn' })
    expect((await mine.get(`${ME}/webauthn`)).body).toEqual([made.body])
    expect((await mine.get(`${ME}/webauthn/${made.body.id}`)).body).toEqual(made.body)
    const next = await mine.post(`${ME}/webauthn/registration`)
    expect(next.body.options.excludeCredentials).toMatchObject([{ id: made.body.credentialId }])
    expect((await mine.delete(`${ME}/webauthn/${made.body.id}`)).status).toBe(204)
    expect((await mine.get(`${ME}/webauthn/${made.body.id}`)).status).toBe(404)
  })
})

it('the org and its apps are told by name', async () => {
  const { body } = await org.get('/api/v1/org')
  expect((await mine.get(`${ME}/organization`)).body).toMatchObject({ name: body.companyName, url: org.url })
  const apps = (await mine.get(`${ME}/okta-applications`)).body
  expect(apps.map((one: { name: string }) => one.name)).toEqual(
    expect.arrayContaining(['okta_enduser', 'saasure', 'okta_browser_plugin']),
  )
})

it('sessions end, and with them the tokens when asked', async () => {
  const { sessionToken } = org.act('signIn', { login: LOGIN })
  const session = await org.as(undefined).post('/api/v1/sessions', { sessionToken })
  const path = `/api/v1/sessions/${session.body.id}`
  expect((await org.get(path)).status).toBe(200)
  expect((await mine.delete(`${ME}/sessions`)).status).toBe(204)
  expect((await org.get(path)).status).toBe(404)
  expect((await mine.get(`${ME}/profile`)).status).toBe(200)
  expect((await mine.delete(`${ME}/sessions?oauthTokens=true`)).status).toBe(204)
  expect((await mine.get(`${ME}/profile`)).status).toBe(401)
})
