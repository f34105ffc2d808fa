import { ServiceError } from '../../../shared/kernel/dialect.ts'
import { ok, redirect } from '../../../shared/kernel/reply.ts'
import { BASE62 } from '../../../shared/universe/random.ts'
import { isAdmin, type JiraCall, signedIn } from '../context.ts'
import { ADMIN_ID, CLOUD_ID } from '../defaults.ts'
import { timestamp } from '../rules/time.ts'
import type { Token } from '../tables.ts'
import { userAvatars } from '../views/people.ts'
import { operations } from './define.ts'
import { bodyOf } from './shared.ts'

const LIFE = 3600
const CODE_LIFE = 10 * 60_000

const refused = (status: number, error: string, description: string) =>
  new ServiceError(
    { status, body: { error, error_description: description }, headers: { 'content-type': 'application/json' } },
    description,
  )

function issue(
  call: JiraCall,
  kind: Token['kind'],
  from: Pick<Token, 'accountId' | 'scopes' | 'clientId'>,
  life?: number,
): string {
  const secret = `twin${call.random.text(40, BASE62)}`
  call.tables.tokens.insert({
    secret,
    kind,
    accountId: from.accountId,
    ...(from.scopes && { scopes: from.scopes }),
    ...(from.clientId && { clientId: from.clientId }),
    ...(life !== undefined && { expires: call.now + life }),
  })
  return call.seal(secret)
}

/** A fresh pair; the refresh token only with the scope `offline_access`. */
function tokens(call: JiraCall, from: Pick<Token, 'accountId' | 'scopes' | 'clientId'>) {
  const scopes = from.scopes ?? []
  return ok({
    access_token: issue(call, 'access', from, LIFE * 1000),
    ...(scopes.includes('offline_access') && { refresh_token: issue(call, 'refresh', from) }),
    expires_in: LIFE,
    token_type: 'Bearer',
    scope: scopes.filter((scope) => scope !== 'offline_access').join(' '),
  })
}

/** Takes a code or refresh token: each works once. */
function spend(call: JiraCall, sent: unknown, kind: Token['kind']): Token | undefined {
  const secret = typeof sent === 'string' ? call.open(sent) : undefined
  const token = secret === undefined ? undefined : call.tables.tokens.get(secret)
  if (token?.kind !== kind || (token.expires !== undefined && token.expires <= call.now)) return undefined
  call.tables.tokens.remove(token.secret)
  return token
}

const GRANTS = 'authorization_code|refresh_token|client_credentials'

/** OAuth 2.0 (3LO), as auth.atlassian.com and api.atlassian.com speak it. */
export const oauth = operations({
  /** Consent is given at once, for the site's administrator. */
  'dtu.authorize': (call) => {
    const {
      client_id: clientId = '',
      redirect_uri: redirectUri,
      scope = '',
      state,
      response_type: type,
    } = call.query as Record<string, string>
    if (!call.tables.oauthApps.has(clientId)) throw refused(403, 'unauthorized_client', 'Client is not authorized')
    if (type !== 'code' || !redirectUri) throw refused(400, 'invalid_request', 'response_type must be code')
    const code = issue(
      call,
      'code',
      { accountId: ADMIN_ID, scopes: scope.split(' ').filter(Boolean), clientId },
      CODE_LIFE,
    )
    const target = new URL(redirectUri)
    if (state !== undefined) target.searchParams.set('state', state)
    target.searchParams.set('code', code)
    return redirect(target.href)
  },
  'dtu.token': (call) => {
    const body = bodyOf(call) as Record<string, string>
    const app = call.tables.oauthApps.get(body.client_id ?? '')
    if (!GRANTS.split('|').includes(body.grant_type ?? ''))
      throw refused(400, 'invalid_request', `grant_type must be one of [${GRANTS}]`)
    if (!app || app.secret !== body.client_secret) throw refused(401, 'access_denied', 'Unauthorized')
    if (body.grant_type === 'client_credentials')
      return tokens(call, {
        accountId: ADMIN_ID,
        scopes: ['read:jira-work', 'write:jira-work'],
        clientId: app.clientId,
      })
    if (body.grant_type === 'refresh_token') {
      const refresh = spend(call, body.refresh_token, 'refresh')
      if (!refresh) throw refused(403, 'invalid_grant', 'Unknown or invalid refresh token.')
      return tokens(call, refresh)
    }
    const code = spend(call, body.code, 'code')
    if (!code || code.clientId !== app.clientId) throw refused(403, 'invalid_grant', 'Invalid authorization code')
    return tokens(call, code)
  },
  'dtu.accessibleResources': (call) => {
    signedIn(call)
    return ok([
      {
        id: CLOUD_ID,
        url: call.link(''),
        name: 'jira',
        scopes: call.caller.token?.scopes ?? ['read:jira-work', 'write:jira-work', 'read:jira-user'],
        avatarUrl: 'https://site-admin-avatar-cdn.prod.public.atl-paas.net/avatars/240/site.png',
      },
    ])
  },
  'dtu.me': (call) => {
    const user = signedIn(call)
    return ok({
      account_id: user.accountId,
      account_type: user.accountType,
      email: user.email,
      name: user.displayName,
      picture: userAvatars(user)['48x48'],
      account_status: user.active ? 'active' : 'inactive',
      nickname: user.displayName,
      zoneinfo: user.timeZone,
      locale: user.locale.replace('_', '-'),
      characteristics: { not_mentionable: false },
      ...(isAdmin(call, user) && { extended_profile: {} }),
    })
  },
  'dtu.currentSession': (call) => {
    const user = signedIn(call)
    return ok({
      self: call.link(`/rest/api/latest/user?accountId=${encodeURIComponent(user.accountId)}`),
      name: user.email ?? user.accountId,
      loginInfo: { loginCount: 1, previousLoginTime: timestamp(call.now, user.timeZone) },
    })
  },
  'dtu.tenantInfo': () => ok({ cloudId: CLOUD_ID }),
})
