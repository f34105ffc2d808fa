import { created, noContent, ok, type Reply } from '../../../shared/kernel/reply.ts'
import { BASE36_UPPER, BASE62 } from '../../../shared/universe/random.ts'
import { accessTokenOf } from '../authentication.ts'
import { record, target, userTarget } from '../events.ts'
import { findServer } from '../rules/authorizationServers.ts'
import { groupsClaim, personalClaims } from '../rules/claims.ts'
import { authenticateClient, type Form, isUsed, use } from '../rules/clientAuthentication.ts'
import { type Client, findClient } from '../rules/clients.ts'
import { checkProof } from '../rules/dpop.ts'
import { dpopNonce, isDpopNonce } from '../rules/dpopNonce.ts'
import { grant, polledTooSoon, revokeReplayed } from '../rules/grants.ts'
import { readJwt, signedBy } from '../rules/jwt.ts'
import { OAuthError, type OAuthErrorCode, refuse, replying } from '../rules/oauthErrors.ts'
import { grantedScopes, splitScopes } from '../rules/scopes.ts'
import { type Issuer, issuerOf, issueTokens, revokeRefreshToken } from '../rules/tokens.ts'
import type { User } from '../tables/directory.ts'
import type { Json } from '../tables/document.ts'
import { jwk } from '../views/authorizationServers.ts'
import { formOf } from './authorize.ts'
import { type OktaCall, operations } from './define.ts'
import { asksForWebSso, webSsoToken } from './webSso.ts'

export const issuerIn = (call: OktaCall): Issuer => {
  const id = (call.params as { authorizationServerId?: string }).authorizationServerId
  const server = id === undefined ? undefined : findServer(call.tables, id)
  if (server && server.status !== 'ACTIVE') refuse('invalid_request', 'The authorization server is inactive.')
  return issuerOf(call, server)
}

export const errorBody = (
  error: OAuthErrorCode,
  description: string,
  status = error === 'invalid_client' ? 401 : 400,
  headers = {},
  more: Json = {},
): Reply => ({
  status,
  body: { error, error_description: description, ...more },
  headers,
})

/**
 * The token endpoint. What fails is answered, not thrown: failed passwords, replayed codes and stolen refresh tokens
 * leave their traces.
 */
function tokens(call: OktaCall): Reply {
  const form = formOf(call)
  const issuer = issuerIn(call)
  const client = authenticateClient(call, form)
  checkBrowser(call, client, form)
  const proof = proofOf(call, client)
  if ('reply' in proof) return proof.reply
  if (polledTooSoon(call, form)) return errorBody('slow_down', 'The client is polling too frequently.')
  revokeReplayed(call, client, form)
  try {
    if (asksForWebSso(form)) return ok(webSsoToken(call, client, form))
    const { done, ...granted } = grant({ call, issuer, client, form })
    const { refreshTokenId, accessSecret, ...body } = issueTokens(call, {
      ...granted,
      ...(proof.jkt && { jkt: proof.jkt }),
    })
    done?.({ accessSecret, ...(refreshTokenId && { refreshTokenId }) })
    return ok(body, proof.jkt ? { 'dpop-nonce': dpopNonce(call) } : {})
  } catch (error) {
    if (!(error instanceof OAuthError)) throw error
    const status = error.code === 'mfa_required' ? 403 : undefined
    return errorBody(error.code, error.description, status, {}, error.more)
  }
}

/** A browser may redeem codes and refresh, from an origin the org trusts or the app's own. */
function checkBrowser(call: OktaCall, client: Client, form: Form): void {
  const origin = call.request.header('origin')
  if (origin === undefined || origin === 'null') return
  const own = client.redirectUris.some((uri) => URL.canParse(uri) && new URL(uri).origin === origin)
  const trusted = call.tables.trustedOrigins.all().some((row) => row.status === 'ACTIVE' && row.data.origin === origin)
  if (!own && !trusted && origin !== new URL(call.link('')).origin) {
    refuse(
      'invalid_request',
      'Browser requests to the token endpoint must be part of at least one whitelisted redirect_uri.',
    )
  }
  if (form.grant_type === 'client_credentials') {
    refuse('invalid_request', 'Browser requests to the token endpoint must use Proof Key for Code Exchange.')
  }
}

/** The key a request is bound to by its DPoP proof, when the app asks for one or the client sends one. */
function proofOf(call: OktaCall, client: Client): { jkt?: string } | { reply: Reply } {
  const proof = call.request.header('dpop')
  if (proof === undefined && !client.dpopBound) return {}
  const now = Math.floor(call.now / 1000)
  const result = checkProof(proof, {
    method: call.request.method,
    url: call.link(call.request.path.replace(/^\/+/, '/')),
    now,
    seen: (jti) => isUsed(call, `dpop/${jti}`),
    nonce: (nonce) => isDpopNonce(call, nonce),
  })
  if (!result.ok) {
    const headers = result.error === 'use_dpop_nonce' ? { 'dpop-nonce': dpopNonce(call) } : {}
    return { reply: errorBody(result.error, result.description, 400, headers) }
  }
  use(call, `dpop/${result.jti}`, call.now + 600_000)
  return { jkt: result.jkt }
}

/** RFC 7662. Whatever is unknown, foreign, revoked or old is just not active. */
function introspected(call: OktaCall): Reply {
  const form = formOf(call)
  const issuer = issuerIn(call)
  authenticateClient(call, form)
  if (!form.token) return errorBody('invalid_request', "The 'token' parameter is required.")
  return ok(introspection(call, issuer, form.token) ?? { active: false })
}

function introspection(call: OktaCall, issuer: Issuer, token: string): object | undefined {
  const jwt = readJwt(token)
  if (jwt && String(jwt.claims.jti).startsWith('ID.')) return idTokenState(call, issuer, jwt)
  if (jwt) {
    const row = accessTokenOf(call, token)
    if (!row || row.server !== issuer.id || row.revoked || row.expiresAt <= call.now) return undefined
    const { iss, aud, sub, iat, exp, jti, cid, uid } = jwt.claims
    return {
      active: true,
      scope: row.scopes.join(' '),
      username: sub,
      exp,
      iat,
      sub,
      aud,
      iss,
      jti,
      token_type: row.jkt ? 'DPoP' : 'Bearer',
      client_id: cid,
      ...(uid !== undefined && { uid }),
      ...(row.jkt && { cnf: { jkt: row.jkt } }),
    }
  }
  const secret = call.open(token)
  const row = secret === undefined ? undefined : call.tables.refreshTokens.by('secret', secret)
  if (!row || row.server !== issuer.id || row.status !== 'ACTIVE' || row.expiresAt <= call.now) return undefined
  const user = row.userId ? call.tables.users.get(row.userId) : undefined
  return {
    active: true,
    token_type: 'Bearer',
    scope: row.scopes.join(' '),
    client_id: row.clientId,
    username: user?.profile.login,
    exp: Math.floor(row.expiresAt / 1000),
    sub: user?.profile.login,
    uid: row.userId,
  }
}

function idTokenState(
  call: OktaCall,
  issuer: Issuer,
  jwt: NonNullable<ReturnType<typeof readJwt>>,
): object | undefined {
  const key = call.tables.serverKeys.get(jwt.header.kid ?? '')
  const live = key?.serverId === issuer.id && signedBy(jwt, jwk(key)) && Number(jwt.claims.exp) * 1000 > call.now
  if (!live) return undefined
  const { sub, aud, iss, iat, exp, jti, preferred_username: username } = jwt.claims
  return { active: true, token_type: 'Bearer', username, sub, aud, iss, iat, exp, jti }
}

/** RFC 7009: always 200. A refresh token takes its access tokens along; an access token goes alone. */
function revoked(call: OktaCall): Reply {
  const form = formOf(call)
  const issuer = issuerIn(call)
  const client = authenticateClient(call, form)
  if (!form.token) return errorBody('invalid_request', "The 'token' parameter is required.")
  const event = issuer.server ? 'app.oauth2.as.token.revoke' : 'app.oauth2.token.revoke'
  const access = readJwt(form.token) ? accessTokenOf(call, form.token) : undefined
  if (access?.clientId === client.id) call.tables.accessTokens.patch(access.secret, { revoked: true })
  const secret = access ? undefined : call.open(form.token)
  const refresh = secret === undefined ? undefined : call.tables.refreshTokens.by('secret', secret)
  if (refresh?.clientId === client.id) revokeRefreshToken(call, refresh)
  if (access || refresh) record(call, event, [target('PublicClientApp', client.app.id, client.app.label)])
  return { status: 200 }
}

/** What an access token lets its holder know about the person. */
function userInfo(call: OktaCall): Reply {
  const issuer = issuerIn(call)
  const value = /^(?:Bearer|DPoP) +(\S+)$/i.exec(call.request.header('authorization') ?? '')?.[1]
  const token = value === undefined ? undefined : accessTokenOf(call, value)
  const user = token?.userId ? call.tables.users.get(token.userId) : undefined
  const challenge = (status: number, error: string, description: string): Reply => ({
    status,
    headers: {
      'www-authenticate': `Bearer authorization_uri="${issuer.issuer}${issuer.server ? '' : '/oauth2'}/v1/authorize", realm="${call.link('')}", scope="openid", error="${error}", error_description="${description}", resource="${call.request.path}"`,
    },
  })
  if (!token || token.revoked || token.expiresAt <= call.now || token.server !== issuer.id) {
    return challenge(401, 'invalid_token', 'The access token is invalid.')
  }
  if (!user || !token.scopes.includes('openid')) {
    return challenge(
      403,
      'insufficient_scope',
      'The access token must provide access to at least one of these scopes - profile, email, address or phone',
    )
  }
  const client = findClient(call.tables, token.clientId)
  return ok({
    sub: user.id,
    ...personalClaims(user, token.scopes),
    ...(client && token.scopes.includes('groups') && groupsClaim(call, user, client)),
  })
}

const DEVICE_LIFETIME = 600

/** RFC 8628: a code for the device, and one for the person to type. */
function deviceAuthorized(call: OktaCall): Reply {
  const form = formOf(call)
  const issuer = issuerIn(call)
  const client = deviceClient(call, form)
  const scopes = replying(() => grantedScopes(call, issuer, client, splitScopes(form.scope), 'device'))
  const deviceCode = call.random.uuid()
  const userCode = call.random.text(8, BASE36_UPPER.slice(10))
  call.tables.deviceCodes.insert({
    deviceCode,
    userCode,
    clientId: client.id,
    server: issuer.id,
    scopes,
    amr: [],
    status: 'PENDING',
    expiresAt: call.now + DEVICE_LIFETIME * 1000,
  })
  return ok({
    device_code: deviceCode,
    user_code: userCode,
    verification_uri: call.link('/activate'),
    verification_uri_complete: `${call.link('/activate')}?user_code=${userCode}`,
    expires_in: DEVICE_LIFETIME,
    interval: 5,
  })
}

function deviceClient(call: OktaCall, form: Form): Client {
  const client = authenticateClient(call, form)
  if (!client.grantTypes.includes('urn:ietf:params:oauth:grant-type:device_code')) {
    refuse(
      'unauthorized_client',
      `The client is not authorized to use the provided grant type. Configured grant types: [${client.grantTypes.join(', ')}].`,
    )
  }
  return client
}

/** RFC 9126: the parameters go ahead, the browser brings only a reference. */
function pushed(call: OktaCall): Reply {
  const { client_secret: _, client_assertion: __, client_assertion_type: ___, ...parameters } = formOf(call)
  const client = authenticateClient(call, formOf(call))
  const id = `urn:okta:${call.random.text(43, BASE62)}`
  call.tables.pushedRequests.insert({
    id,
    clientId: client.id,
    server: issuerIn(call).id,
    parameters,
    expiresAt: call.now + 60_000,
  })
  return created({ request_uri: id, expires_in: 60 })
}

/** RFC 9493: whom a security event is about. */
interface Subject {
  readonly format?: string
  readonly id?: string
  readonly sub?: string
  readonly email?: string
}

const subjectOf = (call: OktaCall, { format, id, sub, email }: Subject): User | undefined =>
  format === 'email'
    ? call.tables.users.all().find(({ profile }) => profile.email === email)
    : call.tables.users.get((format === 'opaque' ? id : sub) ?? '')

/** What a browser asks before it posts: any origin may ask, the post itself is checked. */
const preflight = (call: OktaCall): Reply => ({
  status: 204,
  headers: {
    'access-control-allow-origin': call.request.header('origin') ?? '*',
    'access-control-allow-methods': 'POST, OPTIONS',
    'access-control-allow-headers': call.request.header('access-control-request-headers') ?? '*',
    'access-control-allow-credentials': 'true',
    'access-control-max-age': '600',
  },
})

/** The protocol endpoints of the org's authorization server and of custom ones. */
export const tokenOperations = operations({
  token: tokens,
  tokenOptions: preflight,
  tokenOptionsCustomAS: preflight,
  parOptions: preflight,
  parOptionsCustomAS: preflight,
  tokenCustomAS: tokens,
  introspect: introspected,
  introspectCustomAS: introspected,
  revoke: revoked,
  revokeCustomAS: revoked,
  userinfo: userInfo,
  userinfoCustomAS: userInfo,
  deviceAuthorize: deviceAuthorized,
  deviceAuthorizeCustomAS: deviceAuthorized,
  par: pushed,
  parCustomAS: pushed,

  /** A partner says that a person is no longer to be trusted: everything they hold ends. */
  globalTokenRevocation(call) {
    const { sub_id: subject } = call.body as { sub_id?: Subject }
    const user = subject && subjectOf(call, subject)
    if (!user) return { status: 404 }
    for (const session of call.tables.sessions.where('user', user.id)) call.tables.sessions.remove(session.id)
    for (const token of call.tables.refreshTokens.where('user', user.id)) revokeRefreshToken(call, token)
    for (const token of call.tables.accessTokens.where('user', user.id))
      call.tables.accessTokens.patch(token.secret, { revoked: true })
    record(call, 'user.authentication.universal_logout', [userTarget(user)])
    return noContent()
  },
})
