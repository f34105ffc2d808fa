import { createHash, generateKeyPairSync, randomUUID } from 'node:crypto'
import JwtVerifier from '@okta/jwt-verifier'
import { OktaAuth } from '@okta/okta-auth-js'
import { exportJWK, importPKCS8, SignJWT } from 'jose'
import * as oidc from 'openid-client'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openWorld, type World } from '../../shared/testing/world.ts'

/** Signing in, tokens and their checks, through the clients people use. */
let world: World
let base: string
const REDIRECT = 'http://localhost:8080/callback'

beforeAll(async () => {
  world = await openWorld({ twins: ['okta'], fixture: 'blank' })
  base = world.access.okta.url
})
afterAll(() => world.close())

const admin = async (method: string, path: string, body?: object) => {
  const reply = await fetch(base + path, {
    method,
    headers: { authorization: world.access.okta.authorization, ...(body && { 'content-type': 'application/json' }) },
    ...(body && { body: JSON.stringify(body) }),
  })
  const text = await reply.text()
  if (reply.status >= 300) throw new Error(`${method} ${path}: ${reply.status} ${text}`)
  return text ? JSON.parse(text) : undefined
}

const app = (label: string, oauthClient: object, credentials: object = {}) =>
  admin('POST', '/api/v1/apps', {
    name: 'oidc_client',
    label,
    signOnMode: 'OPENID_CONNECT',
    credentials: { oauthClient: credentials },
    settings: { oauthClient },
  })

const PASSWORD = 'Tiger-Lily-9'
async function member(appId: string, login: string) {
  const profile = { login, email: login, firstName: 'Ines', lastName: 'Okoro' }
  const user = await admin('POST', '/api/v1/users', { profile, credentials: { password: { value: PASSWORD } } })
  await admin('POST', `/api/v1/apps/${appId}/users`, { id: user.id, scope: 'USER' })
  return user
}

const form = (fields: Record<string, string>) => ({
  method: 'POST',
  headers: { 'content-type': 'application/x-www-form-urlencoded' },
  body: new URLSearchParams(fields).toString(),
})

describe('a browser app with okta-auth-js', () => {
  it('authn gives a session token, authorize a code, and PKCE redeems it', async () => {
    const spa = await app(
      'SPA',
      {
        application_type: 'browser',
        grant_types: ['authorization_code', 'refresh_token'],
        response_types: ['code'],
        redirect_uris: [REDIRECT],
      },
      { token_endpoint_auth_method: 'none' },
    )
    await member(spa.id, 'ines@example.com')
    const auth = new OktaAuth({
      issuer: `${base}/oauth2/default`,
      clientId: spa.credentials.oauthClient.client_id,
      redirectUri: REDIRECT,
      pkce: true,
    })
    const transaction = await auth.signInWithCredentials({ username: 'ines@example.com', password: PASSWORD })
    expect(transaction.status).toBe('SUCCESS')
    const params = await auth.token.prepareTokenParams({ scopes: ['openid', 'profile', 'offline_access'] })
    const query = new URLSearchParams({
      client_id: spa.credentials.oauthClient.client_id,
      response_type: 'code',
      scope: 'openid profile offline_access',
      redirect_uri: REDIRECT,
      state: 's1',
      nonce: 'n1',
      code_challenge: params.codeChallenge as string,
      code_challenge_method: 'S256',
      sessionToken: transaction.sessionToken as string,
    })
    const answer = await fetch(`${base}/oauth2/default/v1/authorize?${query}`, { redirect: 'manual' })
    expect(answer.status).toBe(302)
    const landed = new URL(answer.headers.get('location') as string)
    expect(landed.searchParams.get('state')).toBe('s1')
    const { tokens } = await auth.token.exchangeCodeForTokens({
      ...params,
      authorizationCode: landed.searchParams.get('code') as string,
      state: 's1',
      nonce: 'n1',
    } as never)
    expect(tokens.idToken?.claims.preferred_username).toBe('ines@example.com')
    expect(tokens.refreshToken?.refreshToken).toBeTruthy()

    const verifier = new JwtVerifier({
      issuer: `${base}/oauth2/default`,
      testing: { disableHttpsCheck: true },
    } as never)
    const verified = await verifier.verifyAccessToken(tokens.accessToken?.accessToken as string, 'api://default')
    expect(verified.claims.sub).toBe('ines@example.com')

    const again = await fetch(
      `${base}/oauth2/default/v1/token`,
      form({
        grant_type: 'authorization_code',
        code: landed.searchParams.get('code') as string,
        redirect_uri: REDIRECT,
        client_id: spa.credentials.oauthClient.client_id,
        code_verifier: params.codeVerifier as string,
      }),
    )
    expect(await again.json()).toEqual({
      error: 'invalid_grant',
      error_description: 'The authorization code is invalid or has expired.',
    })
  })
})

describe('a web app with openid-client', () => {
  let web: { id: string; credentials: { oauthClient: { client_id: string; client_secret: string } } }
  let config: oidc.Configuration

  beforeAll(async () => {
    web = await app('Web', {
      application_type: 'web',
      grant_types: ['authorization_code', 'refresh_token', 'password'],
      response_types: ['code'],
      redirect_uris: [REDIRECT],
      post_logout_redirect_uris: ['http://localhost:8080/bye'],
    })
    await member(web.id, 'noor@example.com')
    const { client_id, client_secret } = web.credentials.oauthClient
    config = await oidc.discovery(new URL(`${base}/oauth2/default`), client_id, client_secret, undefined, {
      execute: [oidc.allowInsecureRequests],
    })
  })

  /** Fills in the sign-in form as a browser would. */
  async function signIn(url: URL): Promise<URL> {
    const pageReply = await fetch(url, { redirect: 'manual' })
    const action = /action="([^"]+)"/.exec(await pageReply.text())?.[1]?.replaceAll('&#38;', '&') as string
    const posted = await fetch(action, {
      ...form({ username: 'noor@example.com', password: PASSWORD }),
      redirect: 'manual',
    })
    expect(posted.status).toBe(302)
    const cookie = (posted.headers.get('set-cookie') as string).split(';')[0] as string
    const back = await fetch(posted.headers.get('location') as string, { headers: { cookie }, redirect: 'manual' })
    return new URL(back.headers.get('location') as string)
  }

  it('the whole code flow: form, code, tokens, userinfo, refresh, introspection, revocation, logout', async () => {
    const verifier = oidc.randomPKCECodeVerifier()
    const state = oidc.randomState()
    const url = oidc.buildAuthorizationUrl(config, {
      redirect_uri: REDIRECT,
      scope: 'openid profile email offline_access',
      state,
      code_challenge: await oidc.calculatePKCECodeChallenge(verifier),
      code_challenge_method: 'S256',
    })
    const landed = await signIn(url)
    const tokens = await oidc.authorizationCodeGrant(config, landed, {
      pkceCodeVerifier: verifier,
      expectedState: state,
    })
    const claims = tokens.claims() as oidc.IDToken
    const info = await oidc.fetchUserInfo(config, tokens.access_token, claims.sub)
    expect(info).toMatchObject({ email: 'noor@example.com', given_name: 'Ines', zoneinfo: 'America/Los_Angeles' })

    const renewed = await oidc.refreshTokenGrant(config, tokens.refresh_token as string)
    expect(renewed.refresh_token).toBe(tokens.refresh_token)
    expect((await oidc.tokenIntrospection(config, renewed.access_token)).active).toBe(true)
    await oidc.tokenRevocation(config, tokens.refresh_token as string)
    expect((await oidc.tokenIntrospection(config, renewed.access_token)).active).toBe(false)
    await expect(oidc.refreshTokenGrant(config, tokens.refresh_token as string)).rejects.toMatchObject({
      error: 'invalid_grant',
    })

    const bye = oidc.buildEndSessionUrl(config, {
      id_token_hint: tokens.id_token as string,
      post_logout_redirect_uri: 'http://localhost:8080/bye',
      state: 'x',
    })
    expect((await fetch(bye, { redirect: 'manual' })).headers.get('location')).toBe('http://localhost:8080/bye?state=x')
  })

  it('refuses in Okta’s words', async () => {
    const { client_id, client_secret } = web.credentials.oauthClient
    const token = async (fields: Record<string, string>) => {
      const reply = await fetch(`${base}/oauth2/default/v1/token`, form(fields))
      return { status: reply.status, ...((await reply.json()) as object) }
    }
    expect(await token({ grant_type: 'password' })).toMatchObject({
      status: 401,
      error: 'invalid_client',
      error_description: 'No client credentials found.',
    })
    expect(await token({ grant_type: 'password', client_id, client_secret: 'wrong' })).toMatchObject({
      status: 401,
      error_description: 'The client secret supplied for a confidential client is invalid.',
    })
    expect(await token({ client_id, client_secret, grant_type: 'client_credentials' })).toMatchObject({
      status: 400,
      error: 'unauthorized_client',
    })
    const bad = {
      client_id,
      client_secret,
      grant_type: 'password',
      username: 'noor@example.com',
      password: 'nope',
      scope: 'openid',
    }
    expect(await token(bad)).toMatchObject({
      error: 'invalid_grant',
      error_description: 'The credentials provided were invalid.',
    })
    expect(await token({ ...bad, password: PASSWORD })).toMatchObject({
      status: 200,
      token_type: 'Bearer',
      expires_in: 3600,
    })
    expect(await token({ ...bad, password: PASSWORD, scope: 'unheard-of' })).toMatchObject({ error: 'invalid_scope' })

    const query = { client_id, response_type: 'code', scope: 'openid', redirect_uri: REDIRECT }
    const none = await fetch(
      `${base}/oauth2/default/v1/authorize?${new URLSearchParams({ ...query, state: 'z', prompt: 'none' })}`,
      { redirect: 'manual' },
    )
    expect(new URL(none.headers.get('location') as string).searchParams.get('error')).toBe('login_required')
    const astray = await fetch(
      `${base}/oauth2/default/v1/authorize?${new URLSearchParams({ ...query, redirect_uri: 'http://evil.example' })}`,
      { redirect: 'manual' },
    )
    expect(astray.status).toBe(400)
  })

  it('policies of the server decide: without one, nobody gets a token', async () => {
    const server = await admin('POST', '/api/v1/authorizationServers', {
      name: 'Bare',
      description: 'x',
      audiences: ['api://bare'],
    })
    const { client_id, client_secret } = web.credentials.oauthClient
    const fields = {
      client_id,
      client_secret,
      grant_type: 'password',
      username: 'noor@example.com',
      password: PASSWORD,
      scope: 'openid',
    }
    const refused = await fetch(`${base}/oauth2/${server.id}/v1/token`, form(fields))
    expect(await refused.json()).toMatchObject({
      error: 'access_denied',
      error_description: 'Policy evaluation failed for this request, please check the policy configurations.',
    })
    const policy = await admin('POST', `/api/v1/authorizationServers/${server.id}/policies`, {
      type: 'OAUTH_AUTHORIZATION_POLICY',
      name: 'P',
      description: 'P',
      conditions: { clients: { include: ['ALL_CLIENTS'] } },
    })
    await admin('POST', `/api/v1/authorizationServers/${server.id}/policies/${policy.id}/rules`, {
      type: 'RESOURCE_ACCESS',
      name: 'R',
      conditions: {
        people: { groups: { include: ['EVERYONE'] } },
        grantTypes: { include: ['password'] },
        scopes: { include: ['*'] },
      },
      actions: { token: { accessTokenLifetimeMinutes: 5 } },
    })
    const given = await fetch(`${base}/oauth2/${server.id}/v1/token`, form(fields))
    expect(await given.json()).toMatchObject({ expires_in: 300 })
  })
})

describe('a service app', () => {
  it('signs its assertion, proves its key, and may do what its role allows', async () => {
    const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 })
    const jwk = { ...(await exportJWK(publicKey)), kid: 'k1', use: 'sig', alg: 'RS256' }
    const service = await app(
      'Service',
      {
        application_type: 'service',
        grant_types: ['client_credentials'],
        response_types: ['token'],
        dpop_bound_access_tokens: true,
        jwks: { keys: [jwk] },
      },
      { token_endpoint_auth_method: 'private_key_jwt' },
    )
    const clientId = service.credentials.oauthClient.client_id as string
    await admin('POST', `/api/v1/apps/${service.id}/grants`, { scopeId: 'okta.users.read', issuer: base })
    await admin('POST', `/oauth2/v1/clients/${clientId}/roles`, { type: 'READ_ONLY_ADMIN' })
    const key = await importPKCS8(privateKey.export({ type: 'pkcs8', format: 'pem' }) as string, 'RS256')
    const endpoint = `${base}/oauth2/v1/token`
    const request = async (proof?: string) => {
      const assertion = await new SignJWT({})
        .setProtectedHeader({ alg: 'RS256', kid: 'k1' })
        .setIssuer(clientId)
        .setSubject(clientId)
        .setAudience(endpoint)
        .setJti(randomUUID())
        .setIssuedAt()
        .setExpirationTime('5m')
        .sign(key)
      const fields = {
        grant_type: 'client_credentials',
        scope: 'okta.users.read',
        client_assertion_type: 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer',
        client_assertion: assertion,
      }
      const init = form(fields)
      return fetch(endpoint, { ...init, headers: { ...init.headers, ...(proof && { dpop: proof }) } })
    }
    const pair = generateKeyPairSync('ec', { namedCurve: 'P-256' })
    const prove = async (method: string, url: string, more: object) =>
      new SignJWT({ htm: method, htu: url, ...more })
        .setProtectedHeader({ alg: 'ES256', typ: 'dpop+jwt', jwk: await exportJWK(pair.publicKey) })
        .setJti(randomUUID())
        .setIssuedAt()
        .sign(pair.privateKey)

    expect(await (await request()).json()).toMatchObject({
      error: 'invalid_dpop_proof',
      error_description: 'The DPoP proof JWT header is missing.',
    })
    const challenged = await request(await prove('POST', endpoint, {}))
    expect(await challenged.json()).toMatchObject({ error: 'use_dpop_nonce' })
    const nonce = challenged.headers.get('dpop-nonce') as string
    const granted = await request(await prove('POST', endpoint, { nonce }))
    const { access_token: token, token_type: type } = (await granted.json()) as {
      access_token: string
      token_type: string
    }
    expect(type).toBe('DPoP')

    const users = `${base}/api/v1/users`
    const ath = createHash('sha256').update(token).digest('base64url')
    const asProven = await fetch(users, {
      headers: { authorization: `DPoP ${token}`, dpop: await prove('GET', users, { ath }) },
    })
    expect(asProven.status).toBe(200)
    const asBearer = await fetch(users, { headers: { authorization: `Bearer ${token}` } })
    expect(asBearer.status).toBe(401)
  })
})

describe('a device', () => {
  it('waits until somebody types its code', async () => {
    const tv = await app(
      'TV',
      {
        application_type: 'native',
        grant_types: ['urn:ietf:params:oauth:grant-type:device_code', 'authorization_code'],
        response_types: ['code'],
        redirect_uris: [REDIRECT],
      },
      { token_endpoint_auth_method: 'none' },
    )
    await member(tv.id, 'tomas@example.com')
    const client_id = tv.credentials.oauthClient.client_id as string
    const started = (await (
      await fetch(`${base}/oauth2/default/v1/device/authorize`, form({ client_id, scope: 'openid' }))
    ).json()) as { device_code: string; user_code: string }
    const poll = async () =>
      (
        await fetch(
          `${base}/oauth2/default/v1/token`,
          form({
            client_id,
            grant_type: 'urn:ietf:params:oauth:grant-type:device_code',
            device_code: started.device_code,
          }),
        )
      ).json()
    expect(await poll()).toMatchObject({ error: 'authorization_pending' })
    const typed = await fetch(
      `${base}/activate`,
      form({ user_code: started.user_code, username: 'tomas@example.com', password: PASSWORD, decision: 'allow' }),
    )
    expect(await typed.text()).toContain('Device activated')
    expect(await poll()).toMatchObject({ token_type: 'Bearer', scope: 'openid' })
  })
})
