import { createHash } from 'node:crypto'
import type { Handler, OperationShape } from '../../shared/kernel/call.ts'
import { ok, redirect } from '../../shared/kernel/reply.ts'
import { signingKey } from '../../shared/universe/keys.ts'
import type { GoogleCall, GoogleCaller } from './caller.ts'
import { oauthError } from './errors.ts'
import { newAuthorizationCode } from './ids.ts'
import { decodeJwt, GOOGLE_KEY, verifyJwt } from './jwt.ts'
import type { GoogleTables, User } from './tables.ts'
import { MINUTE } from './time.ts'
import { idTokenOf, issueAccessToken, issueRefreshToken, revokeToken } from './tokens.ts'
import { canonicalEmail, findUser } from './users.ts'

/**
 * Google's OAuth endpoints, served by each Google twin beside its API: `oauth2.googleapis.com/token` and its kin.
 * Their bodies are RFC 6749's, not the API's envelope.
 */

/** Arguments come in the query or a form; `formOf` reads both. */
interface FormShape extends OperationShape {
  params: object
  query: object
  body: unknown
}

export type AuthHandler = Handler<FormShape, GoogleTables, GoogleCaller>
type AuthCall = Parameters<AuthHandler>[0]

/** The arguments of a call, wherever they stand. */
export const formOf = (call: AuthCall): Readonly<Record<string, string | undefined>> => ({
  ...call.query,
  ...(call.body as object | undefined),
})

const JWT_BEARER = 'urn:ietf:params:oauth:grant-type:jwt-bearer'
const TOKEN_EXCHANGE = 'urn:ietf:params:oauth:grant-type:token-exchange'

const GRANTS: Readonly<Record<string, (call: AuthCall, form: Record<string, string | undefined>) => object>> = {
  [JWT_BEARER]: (call, form) => exchangeAssertion(call, form.assertion ?? ''),
  [TOKEN_EXCHANGE]: exchangeSubjectToken,
  refresh_token: exchangeRefreshToken,
  authorization_code: exchangeCode,
}

/**
 * The token endpoint: JWT bearer (service accounts, with domain-wide delegation by `sub`), refresh token, authorization
 * code with PKCE, and the exchange of workload identity federation.
 *
 * Errors: `invalid_grant`, `invalid_client`, `invalid_scope`, `unsupported_grant_type`.
 */
const token: AuthHandler = (call) => {
  const form = formOf(call)
  const grant = GRANTS[form.grant_type ?? '']
  if (!grant) throw oauthError(400, 'unsupported_grant_type', `Invalid grant_type: ${form.grant_type ?? ''}`)
  return ok(grant(call, form), {
    'cache-control': 'no-cache, no-store, max-age=0, must-revalidate',
    pragma: 'no-cache',
  })
}

const bearerToken = (accessToken: string, more: object = {}) => ({
  access_token: accessToken,
  expires_in: 3599,
  ...more,
  token_type: 'Bearer',
})

/** RFC 7523: an assertion signed with a service account's key buys a token. */
function exchangeAssertion(call: AuthCall, assertion: string): object {
  const jwt = decodeJwt(assertion)
  if (!jwt) throw oauthError(400, 'invalid_grant', 'Bad Request')
  const {
    iss,
    scope,
    sub,
    iat,
    exp,
    target_audience: audience,
  } = jwt.payload as Record<string, string | number | undefined>
  const account = typeof iss === 'string' ? findUser(call, iss) : undefined
  const keys = account ? call.tables.serviceAccountKeys.where('user', account.id) : []
  if (!account || keys.length === 0) throw oauthError(400, 'invalid_grant', 'Invalid grant: account not found')
  if (!keys.some(({ signingKey: n }) => verifyJwt(jwt, signingKey(n)))) {
    throw oauthError(400, 'invalid_grant', 'Invalid JWT Signature.')
  }
  const now = call.now / 1000
  if (Number(exp) < now || Number(iat) > now + 300 || Number(exp) - Number(iat) > 3600) {
    throw oauthError(
      400,
      'invalid_grant',
      'Invalid JWT: Token must be a short-lived token (60 minutes) and in a reasonable timeframe. Check your iat and exp values in the JWT claim.',
    )
  }
  const user = sub === undefined || sub === iss ? account : delegate(call, String(sub))
  if (typeof audience === 'string') return { id_token: idTokenOf(call, user, audience, account.subject) }
  const scopes = String(scope ?? '')
    .split(/\s+/)
    .filter(Boolean)
  if (scopes.length === 0) throw oauthError(400, 'invalid_scope', 'Empty or missing scope not allowed.')
  return bearerToken(issueAccessToken(call, { user, clientId: account.subject, scopes }))
}

/**
 * RFC 8693, as `sts.googleapis.com/v1/token` does it for an `external_account` file. The pool's provider here is the twin
 * itself: the subject token is an ID token of the metadata server.
 */
function exchangeSubjectToken(call: AuthCall, form: Record<string, string | undefined>): object {
  const jwt = decodeJwt(form.subject_token ?? '')
  if (!jwt || !verifyJwt(jwt, signingKey(GOOGLE_KEY))) {
    throw oauthError(400, 'invalid_grant', 'The given credential is rejected by the attribute condition.')
  }
  const { sub, exp } = jwt.payload
  const user = call.tables.users.all().find(({ subject }) => subject === sub)
  if (!user) throw oauthError(400, 'invalid_grant', 'Unknown subject.')
  if (Number(exp) < call.now / 1000) throw oauthError(400, 'invalid_grant', 'ID Token has expired.')
  const scopes = (form.scope ?? '').split(/\s+/).filter(Boolean)
  return bearerToken(issueAccessToken(call, { user, clientId: user.subject, scopes }), {
    issued_token_type: 'urn:ietf:params:oauth:token-type:access_token',
  })
}

/** Domain-wide delegation: the service account acts for a person of the domain. */
function delegate(call: GoogleCall, email: string): User {
  const user = findUser(call, email)
  if (!user) throw oauthError(400, 'invalid_grant', 'Invalid email or User ID')
  if (!user.domain) {
    throw oauthError(
      401,
      'unauthorized_client',
      'Client is unauthorized to retrieve access tokens using this method, or client not authorized for any of the scopes requested.',
    )
  }
  return user
}

function checkClient(call: AuthCall, form: Record<string, string | undefined>): string {
  const [basicId, basicSecret] = basicCredentials(call.request.header('authorization'))
  const id = form.client_id ?? basicId
  const client = id === undefined ? undefined : call.tables.oauthClients.get(id)
  if (!client) throw oauthError(401, 'invalid_client', 'The OAuth client was not found.')
  if (call.open(form.client_secret ?? basicSecret ?? '') !== client.secret)
    throw oauthError(401, 'invalid_client', 'Unauthorized')
  return client.id
}

function basicCredentials(header: string | undefined): string[] {
  if (!header || !/^Basic /i.test(header)) return []
  return Buffer.from(header.slice(6), 'base64').toString().split(':').map(decodeURIComponent)
}

function exchangeRefreshToken(call: AuthCall, form: Record<string, string | undefined>): object {
  const clientId = checkClient(call, form)
  const secret = call.open(form.refresh_token ?? '')
  const row = secret === undefined ? undefined : call.tables.refreshTokens.get(secret)
  const user = row?.clientId === clientId ? call.tables.users.get(row.userId) : undefined
  if (!row || !user) throw oauthError(400, 'invalid_grant', 'Token has been expired or revoked.')
  const asked = form.scope?.split(/\s+/).filter(Boolean) ?? row.scopes
  if (!asked.every((scope) => row.scopes.includes(scope))) {
    throw oauthError(400, 'invalid_scope', `Some requested scopes were invalid. {invalid=[${asked.join(', ')}]}`)
  }
  return bearerToken(issueAccessToken(call, { user, clientId, scopes: asked }), {
    scope: asked.join(' '),
    ...(asked.includes('openid') && { id_token: idTokenOf(call, user, clientId) }),
  })
}

function exchangeCode(call: AuthCall, form: Record<string, string | undefined>): object {
  const clientId = checkClient(call, form)
  const secret = call.open(form.code ?? '')
  const code = secret === undefined ? undefined : call.tables.authorizationCodes.remove(secret)
  if (!code || code.clientId !== clientId || code.expiresAt < call.now)
    throw oauthError(400, 'invalid_grant', 'Bad Request')
  if (code.redirectUri !== form.redirect_uri) throw oauthError(400, 'redirect_uri_mismatch', 'Bad Request')
  if (code.codeChallenge !== undefined) {
    const verifier = form.code_verifier ?? ''
    const hashed =
      code.codeChallengeMethod === 'S256' ? createHash('sha256').update(verifier).digest('base64url') : verifier
    if (hashed !== code.codeChallenge) throw oauthError(400, 'invalid_grant', 'Invalid code verifier.')
  }
  const user = call.tables.users.get(code.userId)
  if (!user) throw oauthError(400, 'invalid_grant', 'Bad Request')
  const { scopes } = code
  return bearerToken(issueAccessToken(call, { user, clientId, scopes }), {
    refresh_token: issueRefreshToken(call, { user, clientId, scopes }),
    scope: scopes.join(' '),
    ...(scopes.includes('openid') && { id_token: idTokenOf(call, user, clientId) }),
  })
}

/**
 * The consent page, with everybody consenting: redirects at once with a code. `login_hint` says who signs in; without
 * it, the owner of the ready-made token does.
 */
const authorizeClient: AuthHandler = (call) => {
  const { client_id: id = '', redirect_uri: uri = '', scope = '', state, login_hint: hint, ...query } = formOf(call)
  const client = call.tables.oauthClients.get(id)
  if (!client) throw oauthError(401, 'invalid_client', 'The OAuth client was not found.')
  const local = /^http:\/\/(localhost|127\.0\.0\.1|\[::1\])(:\d+)?(\/|$)/.test(uri)
  if (!local && !client.redirectUris.includes(uri)) throw oauthError(400, 'redirect_uri_mismatch', 'Bad Request')
  const user = hint ? findUser(call, canonicalEmail(call, hint)) : defaultUser(call)
  const target = new URL(uri)
  if (user) {
    const secret = newAuthorizationCode(call.random)
    call.tables.authorizationCodes.insert({
      secret,
      userId: user.id,
      clientId: id,
      scopes: scope.split(/\s+/).filter(Boolean),
      redirectUri: uri,
      ...(query.code_challenge && {
        codeChallenge: query.code_challenge,
        codeChallengeMethod: query.code_challenge_method ?? 'plain',
      }),
      expiresAt: call.now + 10 * MINUTE,
    })
    target.searchParams.set('code', call.seal(secret))
    target.searchParams.set('scope', scope)
  } else target.searchParams.set('error', 'access_denied')
  if (state !== undefined) target.searchParams.set('state', state)
  return redirect(target.href)
}

function defaultUser(call: GoogleCall): User | undefined {
  const token = call.tables.accessTokens.rows().find(({ expiresAt }) => expiresAt === undefined)
  return token && call.tables.users.get(token.userId)
}

/** What a token is worth: `tokeninfo`. */
const tokeninfo: AuthHandler = (call) => {
  const form = formOf(call)
  if (form.id_token) {
    const jwt = decodeJwt(form.id_token)
    if (!jwt || !verifyJwt(jwt, signingKey(GOOGLE_KEY))) throw oauthError(400, 'invalid_token', 'Invalid Value')
    return ok({ ...jwt.payload, email_verified: 'true', alg: 'RS256', kid: jwt.header.kid, typ: 'JWT' })
  }
  const secret = call.open(form.access_token ?? '')
  const row = secret === undefined ? undefined : call.tables.accessTokens.get(secret)
  const user = row && call.tables.users.get(row.userId)
  if (!row || !user || (row.expiresAt ?? Number.POSITIVE_INFINITY) <= call.now) {
    throw oauthError(400, 'invalid_token', 'Invalid Value')
  }
  const expires = row.expiresAt ?? call.now + 3_599_000
  return ok({
    azp: row.clientId,
    aud: row.clientId,
    sub: user.subject,
    scope: row.scopes.join(' '),
    exp: String(Math.floor(expires / 1000)),
    expires_in: String(Math.floor((expires - call.now) / 1000)),
    email: user.email,
    email_verified: 'true',
    access_type: row.expiresAt === undefined ? 'offline' : 'online',
  })
}

const revoke: AuthHandler = (call) => {
  const given = formOf(call).token ?? ''
  if (!revokeToken(call, given)) throw oauthError(400, 'invalid_token', 'Token expired or revoked')
  return ok({})
}

const userinfo: AuthHandler = (call) => {
  const { user } = call.caller
  if (!user) throw oauthError(401, 'invalid_request', 'Invalid Credentials')
  const v3 = !/\/v[12]\//.test(call.request.path)
  const [givenName = '', ...family] = user.displayName.split(' ')
  return ok({
    ...(v3 ? { sub: user.subject } : { id: user.subject }),
    ...(user.kind === 'user' && { name: user.displayName, given_name: givenName, family_name: family.join(' ') }),
    picture: user.photoLink,
    email: user.email,
    ...(v3 ? { email_verified: true } : { verified_email: true }),
    ...(user.domain && { hd: user.domain }),
  })
}

/** Google's public keys: PEM by key id in v1, a JWK set in v3. */
const certs: AuthHandler = (call) => {
  const key = signingKey(GOOGLE_KEY)
  if (call.request.path.includes('/v1/')) return ok({ [key.kid]: key.publicKeyPem })
  return ok({ keys: [{ use: 'sig', alg: 'RS256', kid: key.kid, ...key.publicJwk }] })
}

const discovery: AuthHandler = (call) =>
  ok({
    issuer: 'https://accounts.google.com',
    authorization_endpoint: call.link('/o/oauth2/v2/auth'),
    token_endpoint: call.link('/token'),
    userinfo_endpoint: call.link('/v1/userinfo'),
    revocation_endpoint: call.link('/revoke'),
    jwks_uri: call.link('/oauth2/v3/certs'),
    response_types_supported: ['code'],
    subject_types_supported: ['public'],
    id_token_signing_alg_values_supported: ['RS256'],
    scopes_supported: ['openid', 'email', 'profile'],
    grant_types_supported: ['authorization_code', 'refresh_token', JWT_BEARER],
    code_challenge_methods_supported: ['plain', 'S256'],
  })

/** Handlers by the operation ids that `openapi/overlays/google.yaml` adds to each Google contract. */
export const authOperations = {
  'google.oauth2.token': token,
  'google.oauth2.authorize': authorizeClient,
  'google.oauth2.tokeninfo': tokeninfo,
  'google.oauth2.revoke': revoke,
  'google.oauth2.userinfo': userinfo,
  'google.oauth2.certs': certs,
  'google.oauth2.discovery': discovery,
}
