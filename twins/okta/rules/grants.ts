import { BASE62 } from '../../../shared/universe/random.ts'
import { record, target } from '../events.ts'
import type { OktaCall } from '../operations/define.ts'
import type { User } from '../tables/directory.ts'
import type { Authorization } from '../tables/oauth.ts'
import type { Form } from './clientAuthentication.ts'
import { type Client, isAssigned } from './clients.ts'
import { readJwt, signedBy } from './jwt.ts'
import { OAuthError, oauthError } from './oauthErrors.ts'
import { answers } from './pkce.ts'
import { grantedScopes, splitScopes } from './scopes.ts'
import { checkPassword, signOnDecision } from './signIn.ts'
import {
  advanceRefreshToken,
  findRefreshToken,
  type Issue,
  type Issuer,
  lifetimesFor,
  reusedToken,
  revokeRefreshToken,
} from './tokens.ts'

/** What a grant comes to: everything but the binding to a DPoP key. */
type Granted = Omit<Issue, 'jkt'> & {
  readonly done?: (tokens: { refreshTokenId?: string; accessSecret: string }) => void
}

interface Request {
  readonly call: OktaCall
  readonly issuer: Issuer
  readonly client: Client
  readonly form: Form
}

export const DEVICE_GRANT = 'urn:ietf:params:oauth:grant-type:device_code'
export const EXCHANGE_GRANT = 'urn:ietf:params:oauth:grant-type:token-exchange'
export const CIBA_GRANT = 'urn:openid:params:grant-type:ciba'
const JWT_BEARER = 'urn:ietf:params:oauth:grant-type:jwt-bearer'
export const MFA_OTP = 'http://auth0.com/oauth/grant-type/mfa-otp'
export const MFA_OOB = 'http://auth0.com/oauth/grant-type/mfa-oob'
const OTP = 'urn:okta:params:oauth:grant-type:otp'
export const OOB = 'urn:okta:params:oauth:grant-type:oob'

/** Grant types as the rules of authorization servers name them. */
const handlers: Readonly<Record<string, (request: Request) => Granted>> = {
  authorization_code: byCode,
  refresh_token: byRefreshToken,
  client_credentials: byClientCredentials,
  password: byPassword,
  [DEVICE_GRANT]: byDevice,
  [EXCHANGE_GRANT]: byExchange,
  [CIBA_GRANT]: (request) => byRequest(request, 'ciba', request.form.auth_req_id, CIBA_GRANT),
  [MFA_OOB]: (request) => byRequest(request, 'mfa', request.form.oob_code, MFA_OOB),
  [MFA_OTP]: byOtp,
  [OOB]: (request) => byRequest(request, 'oob', request.form.oob_code, OOB),
  [OTP]: byOtp,
  [JWT_BEARER]: byAssertion,
}

export const GRANT_TYPES = Object.keys(handlers)

/** Runs the grant a token request names. */
export function grant(request: Request): Granted {
  const { form, client } = request
  const type = form.grant_type
  if (!type) {
    return oauthError(
      'invalid_request',
      `The token request must specify a 'grant_type'. Valid values: [${GRANT_TYPES.join(', ')}].`,
    )
  }
  const handler = handlers[type]
  if (!handler) {
    return oauthError(
      'unsupported_grant_type',
      `The authorization grant type is not supported by the authorization server. Configured grant types: [${GRANT_TYPES.join(', ')}].`,
    )
  }
  requireGrantType(client, type)
  return handler(request)
}

/** Refuses a client that may use none of these grant types. */
export function requireGrantType(client: Client, ...types: string[]): void {
  if (types.some((type) => client.grantTypes.includes(type))) return
  oauthError(
    'unauthorized_client',
    `The client is not authorized to use the provided grant type. Configured grant types: [${client.grantTypes.join(', ')}].`,
  )
}

const wantsRefresh = (client: Client, scopes: readonly string[]): boolean =>
  scopes.includes('offline_access') && client.grantTypes.includes('refresh_token')

function userOf(call: OktaCall, authorization: Authorization): User {
  const user = authorization.userId ? call.tables.users.get(authorization.userId) : undefined
  if (!user || ['SUSPENDED', 'DEPROVISIONED', 'LOCKED_OUT'].includes(user.status)) {
    return oauthError('invalid_grant', 'The user is not allowed to access this app.')
  }
  return user
}

function byCode({ call, issuer, client, form }: Request): Granted {
  if (!form.code) oauthError('invalid_request', "The token request must specify an authorization 'code'.")
  const invalid = (): never => oauthError('invalid_grant', 'The authorization code is invalid or has expired.')
  const secret = call.open(form.code as string)
  const row = secret === undefined ? undefined : call.tables.authorizationCodes.get(secret)
  if (!row || row.expiresAt <= call.now || row.clientId !== client.id || row.server !== issuer.id || row.used)
    return invalid()
  if (row.redirectUri !== form.redirect_uri) {
    oauthError(
      'invalid_grant',
      "The 'redirect_uri' does not match the redirection URI used in the authorization request.",
    )
  }
  if (row.challenge !== undefined) {
    if (!form.code_verifier)
      oauthError(
        'invalid_grant',
        'PKCE code verifier is required when the code challenge was specified in the authorization request.',
      )
    if (!answers(form.code_verifier as string, row.challenge)) oauthError('invalid_grant', 'PKCE verification failed.')
  } else if (form.code_verifier) {
    oauthError('invalid_grant', 'PKCE verification failed.')
  }
  const user = userOf(call, row)
  const { code: _, redirectUri: __, challenge: ___, expiresAt: ____, used: _____, ...authorization } = row
  return {
    issuer,
    client,
    authorization,
    lifetimes: lifetimesFor(call, issuer, client, 'authorization_code', user, row.scopes),
    wantsRefresh: wantsRefresh(client, row.scopes),
    done: ({ refreshTokenId, accessSecret }) =>
      void call.tables.authorizationCodes.patch(row.code, {
        used: true,
        accessSecret,
        ...(refreshTokenId && { refreshTokenId }),
      }),
  }
}

/** A code that comes twice: what its first use gave is revoked. */
export function revokeReplayed(call: OktaCall, client: Client, form: Form): void {
  const secret = form.grant_type === 'authorization_code' && form.code ? call.open(form.code) : undefined
  const row = secret === undefined ? undefined : call.tables.authorizationCodes.get(secret)
  if (row?.used && row.clientId === client.id) {
    if (row.accessSecret) call.tables.accessTokens.patch(row.accessSecret, { revoked: true })
    const refresh = row.refreshTokenId ? call.tables.refreshTokens.get(row.refreshTokenId) : undefined
    if (refresh) revokeRefreshToken(call, refresh)
  }
  const stolen =
    form.grant_type === 'refresh_token' && form.refresh_token
      ? reusedToken(call, client, form.refresh_token)
      : undefined
  if (stolen) {
    revokeRefreshToken(call, stolen)
    const type = stolen.server === 'org' ? 'app.oauth2.token.detect_reuse' : 'app.oauth2.as.token.detect_reuse'
    record(call, type, [target('PublicClientApp', client.app.id, client.app.label)], {
      result: 'FAILURE',
      reason: 'Refresh token reuse',
    })
  }
}

function byRefreshToken({ call, issuer, client, form }: Request): Granted {
  if (!form.refresh_token) oauthError('invalid_request', "The token request must specify a 'refresh_token'.")
  const row = findRefreshToken(call, client, issuer, form.refresh_token as string)
  const user = row.userId ? userOf(call, row) : undefined
  const asked = splitScopes(form.scope)
  if (asked.some((scope) => !row.scopes.includes(scope))) {
    oauthError(
      'invalid_scope',
      'The requested scope is invalid, unknown, malformed, or exceeds the scope granted by the resource owner.',
    )
  }
  const scopes = asked.length > 0 ? asked : row.scopes
  const authorization: Authorization = {
    clientId: row.clientId,
    server: row.server,
    scopes,
    amr: row.amr,
    ...(row.userId && { userId: row.userId }),
    ...(row.sessionId && { sessionId: row.sessionId }),
    ...(row.authTime !== undefined && { authTime: row.authTime }),
  }
  const lifetimes = lifetimesFor(call, issuer, client, 'authorization_code', user, scopes)
  const refresh = advanceRefreshToken(call, client, row, form.refresh_token as string)
  return { issuer, client, authorization, lifetimes, refresh }
}

function byClientCredentials({ call, issuer, client, form }: Request): Granted {
  if (!issuer.server && client.authMethod !== 'private_key_jwt') {
    oauthError(
      'invalid_client',
      'Client Credentials requests to the Org Authorization Server must use the private_key_jwt token_endpoint_auth_method.',
    )
  }
  const scopes = grantedScopes(call, issuer, client, splitScopes(form.scope), 'client_credentials')
  return {
    issuer,
    client,
    authorization: { clientId: client.id, server: issuer.id, scopes, amr: [] },
    lifetimes: lifetimesFor(call, issuer, client, 'client_credentials', undefined, scopes),
  }
}

function forUser(
  { call, issuer, client, form }: Request,
  user: User,
  amr: readonly string[],
  grantType: string,
): Granted {
  if (!isAssigned(call.tables, client, user.id))
    oauthError('access_denied', 'User is not assigned to the client application.')
  const scopes = grantedScopes(call, issuer, client, splitScopes(form.scope), grantType)
  return {
    issuer,
    client,
    authorization: { clientId: client.id, server: issuer.id, scopes, userId: user.id, authTime: call.now, amr },
    lifetimes: lifetimesFor(call, issuer, client, grantType, user, scopes),
    wantsRefresh: wantsRefresh(client, scopes),
  }
}

function byPassword(request: Request): Granted {
  const { call, form } = request
  if (!form.username || !form.password)
    oauthError('invalid_request', "The token request must specify 'username' and 'password'.")
  const outcome = checkPassword(call, form.username as string, form.password)
  if (outcome.kind === 'expired') return oauthError('invalid_grant', 'Password has expired.')
  if (outcome.kind !== 'ok') return oauthError('invalid_grant', 'The credentials provided were invalid.')
  const requiresFactor = signOnDecision(call, outcome.user).requireFactor
  if (requiresFactor && SECOND_FACTORS.some((type) => request.client.grantTypes.includes(type)))
    return secondFactorFor(request, outcome.user)
  if (requiresFactor) {
    oauthError('invalid_grant', 'Resource owner password credentials cannot be used with MFA enabled.')
  }
  return forUser(request, outcome.user, ['pwd'], 'password')
}

const SECOND_FACTORS = [MFA_OOB, MFA_OTP]
const MFA_LIFETIME = 300_000

/** Direct authentication: the password was right, now a second factor is due. */
function secondFactorFor({ call, issuer, client }: Request, user: User): never {
  const { id } = call.tables.authenticationRequests.insert({
    id: call.random.text(32, BASE62),
    kind: 'mfa',
    clientId: client.id,
    server: issuer.id,
    scopes: [],
    userId: user.id,
    amr: ['pwd'],
    status: 'PENDING',
    expiresAt: call.now + MFA_LIFETIME,
  })
  throw new OAuthError('mfa_required', 'MFA is required to authenticate.', { mfa_token: id })
}

const POLL_INTERVAL = 5000

function byDevice({ call, issuer, client, form }: Request): Granted {
  if (!form.device_code) oauthError('invalid_request', "The token request must specify a 'device_code'.")
  const row = call.tables.deviceCodes.get(form.device_code as string)
  if (!row || row.clientId !== client.id || row.server !== issuer.id || row.status === 'USED') {
    return oauthError('invalid_grant', 'The device code is invalid.')
  }
  if (row.expiresAt <= call.now) oauthError('expired_token', 'The device code has expired.')
  if (row.status === 'DENIED') oauthError('access_denied', 'The resource owner denied the request.')
  if (row.status === 'PENDING') {
    oauthError('authorization_pending', 'The device authorization is pending. Please try again later.')
  }
  const user = userOf(call, row)
  const { deviceCode, userCode: _, expiresAt: __, status: ___, lastPoll: ____, ...authorization } = row
  return {
    issuer,
    client,
    authorization,
    lifetimes: lifetimesFor(call, issuer, client, DEVICE_GRANT, user, row.scopes),
    wantsRefresh: wantsRefresh(client, row.scopes),
    done: () => void call.tables.deviceCodes.patch(deviceCode, { status: 'USED' }),
  }
}

/** Whether a client polls faster than it was told to. */
export function polledTooSoon(call: OktaCall, form: Form): boolean {
  const row =
    form.grant_type === DEVICE_GRANT && form.device_code ? call.tables.deviceCodes.get(form.device_code) : undefined
  if (row?.status !== 'PENDING') return false
  const soon = row.lastPoll !== undefined && call.now - row.lastPoll < POLL_INTERVAL - 1000 && call.now > row.lastPoll
  return soon
}

/** A service asks in a person's name, or a device secret opens another app. */
function byExchange(request: Request): Granted {
  const { call, form } = request
  const subjectToken = form.subject_token
  if (!subjectToken) oauthError('invalid_request', "The token request must specify a 'subject_token'.")
  if (!form.subject_token_type) oauthError('invalid_request', "The token request must specify a 'subject_token_type'.")
  const jti = readJwt(subjectToken as string)?.claims.jti
  const secret = typeof jti === 'string' ? call.open(jti.split('.')[1] ?? '') : undefined
  const token = secret === undefined ? undefined : call.tables.accessTokens.get(secret)
  if (!token || token.revoked || token.expiresAt <= call.now)
    return oauthError('invalid_grant', "The 'subject_token' is invalid.")
  const user = userOf(call, {
    clientId: token.clientId,
    server: token.server,
    scopes: token.scopes,
    amr: [],
    ...(token.userId && { userId: token.userId }),
  })
  return forUser(request, user, ['pwd'], EXCHANGE_GRANT)
}

/** Authentication that somebody grants on another device. */
function byRequest(request: Request, kind: 'ciba' | 'mfa' | 'oob', id: string | undefined, grantType: string): Granted {
  const { call, client } = request
  const row = id === undefined ? undefined : call.tables.authenticationRequests.get(id)
  if (!row || row.kind !== kind || row.clientId !== client.id || row.status === 'USED') {
    return oauthError('invalid_grant', 'The authentication request is invalid.')
  }
  if (row.expiresAt <= call.now) oauthError('expired_token', 'The authentication request has expired.')
  if (row.status === 'DENIED') oauthError('access_denied', 'The user denied the request.')
  if (row.status === 'PENDING')
    oauthError('authorization_pending', 'No user response received on the out-of-band authenticator yet.')
  call.tables.authenticationRequests.patch(row.id, { status: 'USED' })
  return forUser(request, userOf(call, row), ['mfa'], grantType)
}

/** A one-time password in place of, or after, the first factor. */
function byOtp(request: Request): Granted {
  const { call, form } = request
  const started = form.mfa_token ? call.tables.authenticationRequests.get(form.mfa_token) : undefined
  const user = started?.userId
    ? call.tables.users.get(started.userId)
    : call.tables.users.by('login', (form.login_hint ?? form.username ?? '').toLowerCase())
  if (!user || !form.otp) return oauthError('invalid_grant', 'The OTP is invalid.')
  const fits = call.tables.factors
    .where('user', user.id)
    .some((factor) => factor.status === 'ACTIVE' && factor.passCode === form.otp)
  if (!fits) oauthError('invalid_grant', 'The OTP is invalid.')
  return forUser(request, user, ['otp'], form.grant_type as string)
}

/** RFC 7523: a JWT of a trusted identity provider speaks for a person. */
function byAssertion(request: Request): Granted {
  const { call, form, client } = request
  const jwt = form.assertion ? readJwt(form.assertion) : undefined
  if (!jwt || !client.jwks.some((key) => signedBy(jwt, key)))
    return oauthError('invalid_grant', 'The assertion is invalid.')
  const user = call.tables.users.by('login', String(jwt.claims.sub).toLowerCase())
  if (!user) return oauthError('invalid_grant', 'The assertion is invalid.')
  return forUser(request, user, ['pwd'], JWT_BEARER)
}
