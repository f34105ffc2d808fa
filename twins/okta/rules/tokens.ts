import { signingKey } from '../../../shared/universe/keys.ts'
import { BASE64URL } from '../../../shared/universe/random.ts'
import { record, target, userTarget } from '../events.ts'
import { newId, PREFIX } from '../ids.ts'
import type { OktaCall, OktaContext } from '../operations/define.ts'
import type { User } from '../tables/directory.ts'
import type { Json } from '../tables/document.ts'
import type { Authorization, AuthorizationServer, RefreshToken } from '../tables/oauth.ts'
import type { AccessToken } from '../tables/tokens.ts'
import { activeKey, issuerPath, ORG_SERVER } from './authorizationServers.ts'
import { groupsClaim, personalClaims, serverClaims, subjectClaim } from './claims.ts'
import type { Client } from './clients.ts'
import { inlineDelivery, type Patch, patchToken } from './hooks.ts'
import { halfHash, type Signer, signJwt } from './jwt.ts'
import { oauthError } from './oauthErrors.ts'
import { AS_POLICY } from './policy.ts'
import { decideToken, type Subject, subjectOf } from './policyEvaluation.ts'
import { policiesOf, rulesOf } from './policyStore.ts'

const HOUR = 3600
const WEEK_MINUTES = 7 * 24 * 60

/** The org's own server, or a custom one. */
export interface Issuer {
  readonly id: string
  readonly issuer: string
  readonly server?: AuthorizationServer
}

export function issuerOf(call: Pick<OktaContext, 'link'>, server: AuthorizationServer | undefined): Issuer {
  return server
    ? { id: server.id, issuer: call.link(issuerPath(server)), server }
    : { id: ORG_SERVER, issuer: call.link('') }
}

/** How long tokens last, and who is asked before they are given out. */
export interface Lifetimes {
  readonly accessSeconds: number
  readonly windowMinutes: number
  /** 0: unlimited. */
  readonly refreshMinutes: number
  readonly hookId?: string
}

const ORG_LIFETIMES: Lifetimes = { accessSeconds: HOUR, windowMinutes: WEEK_MINUTES, refreshMinutes: 0 }

/**
 * What the policies of the server say of a request for tokens.
 *
 * @throws OAuthError `access_denied` when no rule is for it
 */
export function lifetimesFor(
  call: OktaContext,
  issuer: Issuer,
  client: Client,
  grantType: string,
  user: User | undefined,
  scopes: readonly string[],
): Lifetimes {
  const { server } = issuer
  if (!server) return ORG_LIFETIMES
  const subject: Subject = subjectOf(call, user)
  const decision = decideToken(policiesOf(call, server.id, AS_POLICY), (id) => rulesOf(call, id), {
    clientId: client.id,
    grantType,
    subject,
    scopes,
  })
  if (!decision.ok) {
    return oauthError(
      'access_denied',
      decision.reason === 'scopes'
        ? 'Policy evaluation succeeded, but all the requested scopes were rejected.'
        : 'Policy evaluation failed for this request, please check the policy configurations.',
    )
  }
  return {
    accessSeconds: decision.accessMinutes * 60,
    windowMinutes: decision.windowMinutes,
    refreshMinutes: decision.refreshMinutes,
    ...(decision.hookId && { hookId: decision.hookId }),
  }
}

/** The key a server signs with. */
export function signerOf(call: Pick<OktaContext, 'tables'>, serverId: string): Signer {
  const key = activeKey(call.tables, serverId)
  return { kid: key.kid, privateKey: signingKey(key.pool).privateKey }
}

/** A request for tokens that everything has agreed to. */
export interface Issue {
  readonly issuer: Issuer
  readonly client: Client
  readonly authorization: Authorization
  readonly lifetimes: Lifetimes
  /** Thumbprint of the key the tokens are bound to. */
  readonly jkt?: string
  /** The refresh token in use, when these tokens renew it. */
  readonly refresh?: { readonly row: RefreshToken; readonly value: string }
  readonly code?: string
  /** Leave the access token out: the implicit flow for `id_token` alone. */
  readonly idTokenOnly?: boolean
  readonly wantsRefresh?: boolean
}

export interface Tokens {
  readonly access_token?: string
  readonly token_type: string
  readonly expires_in: number
  readonly scope: string
  readonly refresh_token?: string
  readonly id_token?: string
}

const newSecret = (call: Pick<OktaContext, 'random'>): string => call.random.text(32, BASE64URL)

/** Gives out tokens: an access token, an ID token for `openid`, a refresh token for `offline_access`. */
export function issueTokens(call: OktaCall, issue: Issue): Tokens & { refreshTokenId?: string; accessSecret: string } {
  const { issuer, client, authorization, jkt, code } = issue
  const { scopes, userId } = authorization
  const user = userId === undefined ? undefined : call.tables.users.get(userId)
  const refresh = issue.refresh ?? (issue.wantsRefresh ? newRefreshToken(call, issue) : undefined)
  const secret = newSecret(call)
  const draft = accessClaims(call, issue, user, secret, refresh?.row.id)
  const idClaims =
    user && scopes.includes('openid')
      ? identityClaims(call, issue, user, issue.idTokenOnly !== true && issuer.server !== undefined)
      : undefined
  const hooked = askHook(call, issue, draft, idClaims, user)
  const now = Math.floor(call.now / 1000)
  const seconds = hooked.lifetime
  const signer = signerOf(call, issuer.id)
  const row: AccessToken = {
    secret,
    clientId: client.id,
    ...(userId !== undefined && { userId }),
    scopes,
    server: issuer.id,
    issuedAt: call.now,
    expiresAt: call.now + seconds * 1000,
    ...(authorization.authTime !== undefined && { authTime: authorization.authTime }),
    audience: (issuer.server?.audiences[0] ?? issuer.issuer) as string,
    ...(jkt && { jkt }),
    ...(refresh && { refreshTokenId: refresh.row.id }),
    ...(authorization.sessionId && { sessionId: authorization.sessionId }),
  }
  if (!issue.idTokenOnly) call.tables.accessTokens.insert(row)
  // Tokens of the org's own server are opaque to all but Okta: their type says so.
  const accessToken = issue.idTokenOnly
    ? undefined
    : signJwt(
        { ...hooked.access, exp: now + seconds },
        signer,
        issuer.server ? undefined : 'application/okta-internal-at+jwt',
      )
  const idToken = hooked.identity && signIdToken(call, issue, hooked.identity, signer, accessToken, code)
  recordGrant(call, issue, user, {
    access: accessToken !== undefined,
    identity: idToken !== undefined,
    refresh: refresh !== undefined,
  })
  return {
    token_type: jkt ? 'DPoP' : 'Bearer',
    expires_in: seconds,
    ...(accessToken && { access_token: accessToken }),
    scope: scopes.join(' '),
    ...(refresh && { refresh_token: refresh.value, refreshTokenId: refresh.row.id }),
    ...(idToken && { id_token: idToken }),
    accessSecret: secret,
  }
}

function accessClaims(
  call: OktaCall,
  issue: Issue,
  user: User | undefined,
  secret: string,
  refreshId: string | undefined,
): Json {
  const { issuer, client, authorization, jkt } = issue
  const { scopes, authTime } = authorization
  const now = Math.floor(call.now / 1000)
  const subject = { ...(user && { user }), client, scopes }
  const login = user?.profile.login ?? client.id
  return {
    ver: 1,
    jti: `AT.${call.seal(secret)}${refreshId ? `.${refreshId}` : ''}`,
    iss: issuer.issuer,
    aud: issuer.server?.audiences[0] ?? issuer.issuer,
    sub: issuer.server ? (subjectClaim(call, issuer.id, subject) ?? login) : login,
    iat: now,
    exp: now + issue.lifetimes.accessSeconds,
    cid: client.id,
    ...(user && { uid: user.id }),
    scp: scopes,
    ...(authTime !== undefined && { auth_time: Math.floor(authTime / 1000) }),
    ...(jkt && { cnf: { jkt } }),
    ...(issuer.server && serverClaims(call, issuer.id, 'RESOURCE', subject)),
  }
}

/** Claims of the ID token. With an access token beside it, most of a profile is left to userinfo. */
function identityClaims(call: OktaCall, issue: Issue, user: User, thin: boolean): Json {
  const { issuer, client, authorization } = issue
  const { scopes } = authorization
  const personal = issuer.server
    ? serverClaims(call, issuer.id, 'IDENTITY', { user, client, scopes }, thin)
    : orgIdentity(call, issue, user)
  return { ...personal }
}

/** On the org's server: name, e-mail and login; the rest from userinfo unless there is no access token. */
function orgIdentity(call: OktaCall, issue: Issue, user: User): Json {
  const { scopes } = issue.authorization
  const all = personalClaims(user, scopes)
  const thin = Object.fromEntries(
    Object.entries(all).filter(([name]) => ['name', 'email', 'preferred_username'].includes(name)),
  )
  return {
    ...(issue.idTokenOnly ? all : thin),
    ...(scopes.includes('groups') && groupsClaim(call, user, issue.client)),
  }
}

function signIdToken(
  call: OktaCall,
  issue: Issue,
  claims: Json,
  signer: Signer,
  accessToken: string | undefined,
  code: string | undefined,
): string {
  const { issuer, client, authorization } = issue
  const now = Math.floor(call.now / 1000)
  const [org] = call.tables.org.all()
  return signJwt(
    {
      sub: authorization.userId,
      ...claims,
      ver: 1,
      iss: issuer.issuer,
      aud: client.id,
      iat: now,
      exp: now + HOUR,
      jti: `ID.${call.random.text(43, BASE64URL)}`,
      amr: authorization.amr,
      idp: org?.id,
      ...(authorization.nonce !== undefined && { nonce: authorization.nonce }),
      auth_time: Math.floor((authorization.authTime ?? call.now) / 1000),
      ...(accessToken && { at_hash: halfHash(accessToken) }),
      ...(code && { c_hash: halfHash(code) }),
    },
    signer,
  )
}

/** The token inline hook may add claims and move the end. One that is slow or broken is passed over. */
function askHook(call: OktaCall, issue: Issue, access: Json, identity: Json | undefined, user: User | undefined) {
  const lifetime = issue.lifetimes.accessSeconds
  const hook = issue.lifetimes.hookId ? call.tables.inlineHooks.get(issue.lifetimes.hookId) : undefined
  if (hook?.status !== 'ACTIVE') return { access, identity, lifetime }
  const { scopes } = issue.authorization
  const answer = call.ask(
    inlineDelivery(
      call,
      hook,
      {
        context: {
          request: {
            id: 'request',
            method: 'POST',
            url: { value: call.link(call.request.path) },
            ipAddress: '127.0.0.1',
          },
          protocol: {
            type: 'OAUTH2.0',
            request: { scope: scopes.join(' '), client_id: issue.client.id },
            issuer: { uri: issue.issuer.issuer },
            client: { id: issue.client.id, name: issue.client.app.label, type: 'PUBLIC' },
          },
          ...(user && {
            user: {
              id: user.id,
              profile: {
                login: user.profile.login,
                firstName: user.profile.firstName,
                lastName: user.profile.lastName,
              },
            },
          }),
        },
        ...(identity && { identity: { claims: identity, token: { lifetime: { expiration: HOUR } } } }),
        access: {
          claims: access,
          token: { lifetime: { expiration: lifetime } },
          scopes: Object.fromEntries(scopes.map((scope) => [scope, { id: scope, action: 'GRANT' }])),
        },
      },
      call.link(issue.issuer.server ? `/oauth2/${issue.issuer.id}/v1/token` : '/oauth2/v1/token'),
    ),
  )
  if (answer.status !== 200) return { access, identity, lifetime }
  const { commands = [], error } = answerOf(answer.body)
  if (error) return oauthError('server_error', 'The callback service returned an error.')
  let result = { access, identity, lifetime }
  for (const { type, value } of commands) {
    if (type === 'com.okta.access.patch') {
      const { claims, lifetime: seconds } = patchToken(result.access, result.lifetime, value)
      result = { ...result, access: claims, lifetime: seconds }
    } else if (type === 'com.okta.identity.patch' && result.identity) {
      result = { ...result, identity: patchToken(result.identity, HOUR, value).claims }
    }
  }
  return result
}

function answerOf(body: string): { commands?: { type: string; value: Patch[] }[]; error?: unknown } {
  try {
    return (JSON.parse(body) ?? {}) as { commands?: { type: string; value: Patch[] }[] }
  } catch {
    return {}
  }
}

function newRefreshToken(call: OktaCall, issue: Issue): { row: RefreshToken; value: string } {
  const { lifetimes, authorization, jkt } = issue
  const secret = newSecret(call)
  const row = call.tables.refreshTokens.insert({
    ...authorization,
    id: newId(call, PREFIX.refreshToken),
    secret,
    created: call.now,
    lastUpdated: call.now,
    expiresAt: call.now + lifetimes.windowMinutes * 60_000,
    ...(lifetimes.refreshMinutes > 0 && { endsAt: call.now + lifetimes.refreshMinutes * 60_000 }),
    window: lifetimes.windowMinutes,
    status: 'ACTIVE',
    ...(jkt && { jkt }),
  })
  return { row, value: call.seal(secret) }
}

/**
 * The refresh token behind a value, while it lasts. After a rotation the value before it is taken for the leeway.
 *
 * @throws OAuthError `invalid_grant`
 */
export function findRefreshToken(call: OktaCall, client: Client, issuer: Issuer, sealed: string): RefreshToken {
  const invalid = (): never => oauthError('invalid_grant', 'The refresh token is invalid or expired.')
  const secret = call.open(sealed)
  if (secret === undefined) return invalid()
  const current = call.tables.refreshTokens.by('secret', secret)
  const row = current ?? call.tables.refreshTokens.where('previous', secret)[0]
  if (row?.status !== 'ACTIVE' || row.clientId !== client.id || row.server !== issuer.id) return invalid()
  if (row.expiresAt <= call.now || (row.endsAt !== undefined && row.endsAt <= call.now)) return invalid()
  if (!current && (row.rotatedAt ?? 0) + client.leeway * 1000 < call.now) return invalid()
  return row
}

/** Moves the window of a refresh token that is used, and changes its value where the app rotates. */
export function advanceRefreshToken(
  call: OktaCall,
  client: Client,
  row: RefreshToken,
  sealed: string,
): { row: RefreshToken; value: string } {
  const moved = { lastUpdated: call.now, expiresAt: call.now + row.window * 60_000 }
  if (client.rotation === 'STATIC') return { row: call.tables.refreshTokens.patch(row.id, moved), value: sealed }
  const next = newSecret(call)
  const rotated = call.tables.refreshTokens.patch(row.id, {
    ...moved,
    secret: next,
    previous: row.secret,
    rotatedAt: call.now,
  })
  return { row: rotated, value: call.seal(next) }
}

/** Whether a value was rotated away longer ago than the leeway allows: reuse of a stolen token. */
export function reusedToken(call: OktaCall, client: Client, sealed: string): RefreshToken | undefined {
  const secret = call.open(sealed)
  if (secret === undefined || call.tables.refreshTokens.by('secret', secret)) return undefined
  const row = call.tables.refreshTokens.where('previous', secret)[0]
  return row && row.clientId === client.id && (row.rotatedAt ?? 0) + client.leeway * 1000 < call.now ? row : undefined
}

/** Ends a refresh token and every access token it gave. */
export function revokeRefreshToken(call: Pick<OktaContext, 'tables' | 'now'>, token: RefreshToken): void {
  call.tables.refreshTokens.patch(token.id, { status: 'REVOKED', lastUpdated: call.now })
  for (const access of call.tables.accessTokens.where('refresh', token.id)) {
    call.tables.accessTokens.patch(access.secret, { revoked: true })
  }
}

function recordGrant(
  call: OktaCall,
  { issuer, client, authorization }: Issue,
  user: User | undefined,
  given: { access: boolean; identity: boolean; refresh: boolean },
) {
  const prefix = issuer.server ? 'app.oauth2.as.token.grant' : 'app.oauth2.token.grant'
  const app = target('PublicClientApp', client.app.id, client.app.label)
  const about = user ? [app, userTarget(user)] : [app]
  const details = { actor: app, debugData: { grantedScopes: authorization.scopes.join(', ') } }
  if (given.access) record(call, `${prefix}.access_token`, about, details)
  if (given.identity) record(call, `${prefix}.id_token`, about, details)
  if (given.refresh) record(call, `${prefix}.refresh_token`, about, details)
}
