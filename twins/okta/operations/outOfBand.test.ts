import { decodeJwt } from 'jose'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { member, type Org, openOrg, PASSWORD, signIn, webApp } from '../testing.ts'

/** The protocol endpoints of the org's server and of a custom one, where they go beyond the code flow. */
const LOGIN = 'ida.vik@acme.test'
const CIBA = 'urn:openid:params:grant-type:ciba'
const OOB = 'urn:okta:params:oauth:grant-type:oob'
const MFA_OOB = 'http://auth0.com/oauth/grant-type/mfa-oob'
const DEVICE = 'urn:ietf:params:oauth:grant-type:device_code'
const REDIRECT = 'http://localhost:8080/callback'

let org: Org
let app: Awaited<ReturnType<typeof webApp>>
let stranger: { id: string; profile: { login: string } }
beforeAll(async () => {
  org = await openOrg()
  app = await webApp(org, 'Direct', {
    grant_types: ['authorization_code', 'refresh_token', 'password', CIBA, OOB, MFA_OOB, DEVICE],
    post_logout_redirect_uris: ['http://localhost:8080/bye'],
  })
  await member(org, LOGIN, app.id)
  stranger = await member(org, 'sten.oj@acme.test')
  await allowDirectGrants()
})
afterAll(() => org.close())

const post = (path: string, fields: Record<string, string>) => {
  const { client_id, client_secret } = app.credentials.oauthClient
  return org.as(undefined).post(path, new URLSearchParams({ client_id, client_secret, ...fields }))
}
const error = (code: string, status = 400) => ({ status, body: { error: code } })

/** The default policy of a custom server knows nothing of direct authentication. */
async function allowDirectGrants() {
  const policies = '/api/v1/authorizationServers/default/policies'
  const [policy] = (await org.get(policies)).body
  await org.post(`${policies}/${policy.id}/rules`, {
    type: 'RESOURCE_ACCESS',
    name: 'Direct',
    priority: 1,
    conditions: {
      people: { groups: { include: ['EVERYONE'] } },
      grantTypes: { include: [OOB, MFA_OOB, CIBA, DEVICE, 'password', 'authorization_code'] },
      scopes: { include: ['*'] },
    },
    actions: {
      token: { accessTokenLifetimeMinutes: 60, refreshTokenLifetimeMinutes: 0, refreshTokenWindowMinutes: 10_080 },
    },
  })
}

/** With a rule that asks for a second factor, while `work` runs. */
async function requiringFactor(work: () => Promise<void>) {
  const [policy] = (await org.get('/api/v1/policies?type=OKTA_SIGN_ON')).body
  const made = await org.post('/api/v1/policies', {
    type: 'OKTA_SIGN_ON',
    name: 'Two factors',
    conditions: { people: policy.conditions?.people ?? { groups: { include: [await everyone()] } } },
  })
  const path = `/api/v1/policies/${made.body.id}`
  await org.post(`${path}/rules`, {
    type: 'SIGN_ON',
    name: 'Always',
    actions: { signon: { access: 'ALLOW', requireFactor: true, factorPromptMode: 'ALWAYS', session: {} } },
  })
  try {
    await work()
  } finally {
    await org.delete(path)
  }
}
const everyone = async () => (await org.get('/api/v1/groups?q=Everyone')).body[0].id

describe.each([
  ['the org', '', 'openid'],
  ['a custom server', '/default', 'openid'],
])('%s', (_name, server, scope) => {
  const at = (path: string) => `/oauth2${server}/v1/${path}`
  const token = (fields: Record<string, string>) => post(at('token'), fields)

  it('a request on the back channel waits until its person approves', async () => {
    expect(await post(at('bc/authorize'), { scope, login_hint: 'nobody@acme.test' })).toMatchObject(
      error('invalid_request'),
    )
    expect(await post(at('bc/authorize'), { scope, login_hint: stranger.profile.login })).toMatchObject(
      error('access_denied'),
    )
    const asked = await post(at('bc/authorize'), { scope, login_hint: LOGIN, binding_message: 'Table 9' })
    expect(asked).toMatchObject({ status: 200, body: { expires_in: 300, interval: 5 } })
    const { auth_req_id } = asked.body
    expect(await token({ grant_type: CIBA, auth_req_id })).toMatchObject(error('authorization_pending'))
    org.act('answerRequest', { login: LOGIN })
    const given = await token({ grant_type: CIBA, auth_req_id, scope })
    expect(decodeJwt(given.body.access_token)).toMatchObject({ sub: LOGIN })
    expect(await token({ grant_type: CIBA, auth_req_id, scope })).toMatchObject(error('invalid_grant'))
  })

  it('a first factor out of band takes the place of the password', async () => {
    const first = { login_hint: LOGIN, channel_hint: 'push', challenge_hint: OOB }
    for (const path of ['oob-authenticate', 'primary-authenticate']) {
      expect(await post(at(path), { ...first, channel_hint: 'pigeon' })).toMatchObject(error('invalid_request'))
      const { body } = await post(at(path), first)
      expect(body).toMatchObject({ channel: 'push', binding_method: 'none', interval: 5 })
      const fields = { grant_type: OOB, oob_code: body.oob_code, scope }
      expect(await token(fields)).toMatchObject(error('authorization_pending'))
      org.act('answerRequest', { login: LOGIN, approve: path === 'oob-authenticate' })
      const reply = await token(fields)
      if (path === 'oob-authenticate') expect(reply.body.token_type).toBe('Bearer')
      else expect(reply).toMatchObject(error('access_denied'))
    }
  })

  it('a second factor is challenged after the password', async () => {
    await requiringFactor(async () => {
      const password = { grant_type: 'password', username: LOGIN, password: PASSWORD, scope }
      const refused = await token(password)
      expect(refused).toMatchObject(error('mfa_required', 403))
      const { mfa_token } = refused.body
      expect(await post(at('challenge'), { mfa_token: 'foo' })).toMatchObject({
        status: 400,
        body: { error_description: '`foo` has expired. Use a new `oob_code` or `mfa_token` and try again.' },
      })
      const challenged = await post(at('challenge'), { mfa_token, channel_hint: 'push' })
      expect(challenged.body).toMatchObject({ challenge_type: MFA_OOB, channel: 'push' })
      const fields = { grant_type: MFA_OOB, mfa_token, oob_code: challenged.body.oob_code, scope }
      expect(await token(fields)).toMatchObject(error('authorization_pending'))
      org.act('answerRequest', { login: LOGIN })
      expect((await token(fields)).status).toBe(200)
    })
  })

  it('a device shows a code, which its person allows', async () => {
    const shown = (await post(at('device/authorize'), { scope })).body
    expect(shown.user_code).toMatch(/^[A-Z]{8}$/)
    expect(shown.verification_uri_complete).toBe(`${shown.verification_uri}?user_code=${shown.user_code}`)
    const fields = { grant_type: DEVICE, device_code: shown.device_code }
    expect(await token(fields)).toMatchObject(error('authorization_pending'))
    org.act('answerDevice', { login: LOGIN, userCode: shown.user_code })
    expect((await token(fields)).body).toMatchObject({ token_type: 'Bearer', scope })
  })

  it('what was pushed ahead is what is authorized, once', async () => {
    const { sessionToken } = org.act('signIn', { login: LOGIN })
    const parameters = { response_type: 'code', scope, redirect_uri: REDIRECT, state: 'p1', sessionToken }
    const pushed = await post(at('par'), parameters)
    expect(pushed).toMatchObject({ status: 201, body: { expires_in: 60 } })
    const { client_id } = app.credentials.oauthClient
    const query = new URLSearchParams({ client_id, request_uri: pushed.body.request_uri })
    const landed = await org.as(undefined).get(`${at('authorize')}?${query}`)
    expect(landed.status).toBe(302)
    const location = new URL(landed.headers.get('location') as string)
    expect(location.searchParams.get('state')).toBe('p1')
    const code = location.searchParams.get('code') as string
    expect((await token({ grant_type: 'authorization_code', code, redirect_uri: REDIRECT })).status).toBe(200)
    query.set('request_uri', 'urn:okta:unheard-of')
    expect((await org.as(undefined).get(`${at('authorize')}?${query}`)).status).toBe(400)
  })

  it('posts authorize like addresses do, and end sessions', async () => {
    const { sessionToken } = org.act('signIn', { login: LOGIN })
    const posted = await post(at('authorize'), { response_type: 'code', scope, redirect_uri: REDIRECT, state: 'p2', sessionToken }) // biome-ignore format: one row
    const cookie = posted.headers.getSetCookie().find((line) => line.startsWith('sid=')) as string
    const code = new URL(posted.headers.get('location') as string).searchParams.get('code') as string
    const { id_token } = (await token({ grant_type: 'authorization_code', code, redirect_uri: REDIRECT })).body
    const browser = org.as(undefined, { cookie })
    expect((await browser.get('/api/v1/sessions/me')).status).toBe(200)
    const bye = { id_token_hint: id_token, post_logout_redirect_uri: 'http://localhost:8080/bye', state: 'out' }
    const astray = { ...bye, post_logout_redirect_uri: 'http://evil.test' }
    expect((await browser.get(`${at('logout')}?${new URLSearchParams(astray)}`)).status).toBe(400)
    const out = await browser.call('POST', at('logout'), new URLSearchParams(bye))
    expect(out.headers.get('location')).toBe('http://localhost:8080/bye?state=out')
    expect((await browser.get('/api/v1/sessions/me')).status).toBe(404)
    const again = await browser.get(`${at('logout')}?${new URLSearchParams(bye)}`)
    expect(again.headers.get('location')).toBe('http://localhost:8080/bye?state=out')
  })

  it('tokens tell of themselves until they are revoked', async () => {
    const { access_token, refresh_token } = await signIn(org, app, LOGIN, 'openid email offline_access', server)
    const info = await org.as(`Bearer ${access_token}`).get(at('userinfo'))
    expect(info.body).toMatchObject({ email: LOGIN, email_verified: true })
    const introspect = async (value: string) => (await post(at('introspect'), { token: value })).body
    expect(await introspect(access_token)).toMatchObject({ active: true, username: LOGIN, token_type: 'Bearer' })
    expect(await introspect(refresh_token as string)).toMatchObject({ active: true })
    expect((await post(at('revoke'), { token: access_token })).status).toBe(200)
    expect([(await introspect(access_token)).active, (await introspect(refresh_token as string)).active]).toEqual([
      false,
      true,
    ])
    expect((await org.as(`Bearer ${access_token}`).get(at('userinfo'))).status).toBe(401)
    await post(at('revoke'), { token: refresh_token as string })
    expect(await introspect(refresh_token as string)).toEqual({ active: false })
    expect(await post(at('introspect'), { token: 'x', client_secret: 'wrong' })).toMatchObject(
      error('invalid_client', 401),
    )
  })

  it('browsers ask before they post', async () => {
    for (const path of ['token', 'par']) {
      const asked = await org.as(undefined, { origin: 'http://localhost:8080' }).call('OPTIONS', at(path))
      expect(asked.status).toBe(204)
      expect(asked.headers.get('access-control-allow-origin')).toBe('http://localhost:8080')
    }
  })

  it('says where everything is', async () => {
    const base = server === '' ? '' : `/oauth2${server}`
    const { body } = await org.as(undefined).get(`${base}/.well-known/oauth-authorization-server`)
    expect(body).toMatchObject({ issuer: org.url + base, token_endpoint: `${org.url}${at('token')}` })
    const oidc = (await org.as(undefined).get(`${base}/.well-known/openid-configuration`)).body
    expect(oidc.userinfo_endpoint).toBe(org.url + at('userinfo'))
    const { keys } = (await org.as(undefined).get(new URL(oidc.jwks_uri).pathname)).body
    expect(keys[0]).toMatchObject({ kty: 'RSA', use: 'sig', alg: 'RS256' })
    expect((await org.as(undefined).get(`${base}/.well-known/openid-configuration?client_id=none`)).status).toBe(404)
  })
})

it('a partner ends everything somebody holds', async () => {
  const { access_token } = await signIn(org, app, LOGIN, 'openid')
  const user = (await org.get(`/api/v1/users/${LOGIN}`)).body
  expect((await org.post('/oauth2/v1/global-token-revocation', { sub_id: { format: 'opaque', id: 'none' } })).status).toBe(404) // biome-ignore format: one row
  const ended = await org.post('/oauth2/v1/global-token-revocation', { sub_id: { format: 'opaque', id: user.id } })
  expect(ended.status).toBe(204)
  expect((await org.as(`Bearer ${access_token}`).get('/oauth2/v1/userinfo')).status).toBe(401)
  expect((await org.events('user.authentication.universal_logout')).at(-1)?.target?.[0]?.id).toBe(user.id)
})
