import { createHash } from 'node:crypto'
import { content, redirect } from '../../../shared/kernel/reply.ts'
import { HEX } from '../../../shared/universe/random.ts'
import type { SlackCall } from '../caller.ts'
import { done, fail } from '../errors.ts'
import { DIGITS, seconds } from '../ids.ts'
import { addBot, newRefreshToken, newToken } from '../install.ts'
import { list, text } from '../rules/arguments.ts'
import { escapeAll } from '../rules/mrkdwn.ts'
import type { App, OAuthCode, Team, Token, User } from '../tables.ts'
import { operations } from './define.ts'

/** Scopes of a classic app that are not the person's. */
const CLASSIC_BOT: ReadonlySet<string> = new Set(['bot', 'commands', 'incoming-webhook'])

const CODE_LIFE = 600
const TOKEN_LIFE = 43_200

/** A page the browser shows when an authorization request is wrong: nothing goes back to the app. */
const errorPage = (code: string) => ({
  ...content(
    `<!DOCTYPE html><html><head><title>Error | Slack</title></head><body><h1>Something went wrong</h1><p>${escapeAll(code)}</p></body></html>`,
    'text/html; charset=utf-8',
  ),
})

export interface AuthorizeQuery {
  readonly client_id?: string
  readonly redirect_uri?: string
  readonly state?: string
  readonly user?: string
  readonly deny?: string
}

const isRegistered = (app: App, uri: string): boolean =>
  app.redirectUrls.some((known) => uri === known || uri.startsWith(known))

/** Who stands before the consent page: the `user` of the request, or the workspace's owner. */
function consenting(call: SlackCall, name: string | undefined): User | undefined {
  const { users } = call.tables
  if (name !== undefined) return users.get(name) ?? users.by('email', name.toLowerCase())
  return users.rows().find((user) => user.role === 'primary_owner')
}

/**
 * The consent page, which consents by itself: for the workspace's owner, or the `user` the request adds; `deny=1`
 * refuses. A code comes back, good for ten minutes and once.
 */
export function authorize(
  call: SlackCall,
  query: AuthorizeQuery,
  grant: Pick<OAuthCode, 'scopes' | 'userScopes'> & Partial<OAuthCode>,
) {
  const app = call.tables.apps.by('client', text(query.client_id) ?? '')
  if (!app) return errorPage('invalid_client_id')
  const uri = text(query.redirect_uri) ?? app.redirectUrls[0]
  if (uri === undefined || !isRegistered(app, uri)) return errorPage('bad_redirect_uri')
  if (grant.scopes.length === 0 && grant.userScopes.length === 0) return errorPage('no_scopes')
  const back = new URL(uri)
  if (query.state !== undefined) back.searchParams.set('state', query.state)
  const user = consenting(call, text(query.user))
  if (text(query.deny) || !user) {
    back.searchParams.set('error', 'access_denied')
    return redirect(back.toString())
  }
  const { random } = call
  const secret = `${random.text(12, DIGITS)}.${random.text(13, DIGITS)}.${random.text(54, HEX)}`
  call.tables.codes.insert({
    secret,
    appId: app.id,
    userId: user.id,
    ...(query.redirect_uri ? { redirectUri: query.redirect_uri } : {}),
    expires: seconds(call.now) + CODE_LIFE,
    ...grant,
  })
  back.searchParams.set('code', call.seal(secret))
  return redirect(back.toString())
}

/** Client credentials: in the form, or as Basic authorization. */
export function client(call: SlackCall): App {
  const { client_id, client_secret } = call.query as { client_id?: string; client_secret?: string }
  const basic = /^Basic\s+(\S+)$/i.exec(call.request.header('authorization') ?? '')?.[1]
  const [id, secret] = basic ? Buffer.from(basic, 'base64').toString('utf8').split(':') : [client_id, client_secret]
  const app = call.tables.apps.by('client', id ?? '')
  if (!app) throw fail('invalid_client_id')
  const usesPkce = text((call.query as { code_verifier?: string }).code_verifier) !== undefined
  if (app.clientSecret !== secret && !(usesPkce && secret === undefined)) throw fail('bad_client_secret')
  return app
}

/** Spends a code. The consent page of classic apps and that of later ones give codes for different methods. */
export function spendCode(call: SlackCall, app: App, isClassic = false): OAuthCode {
  const { code, redirect_uri, code_verifier } = call.query as {
    code?: string
    redirect_uri?: string
    code_verifier?: string
  }
  const secret = call.open(text(code) ?? '')
  const row = secret === undefined ? undefined : call.tables.codes.get(secret)
  if (!row || row.appId !== app.id || row.expires <= seconds(call.now)) throw fail('invalid_code')
  if ((row.classic ?? false) !== isClassic) throw fail('oauth_authorization_url_mismatch')
  if (row.redirectUri !== undefined && row.redirectUri !== redirect_uri) throw fail('bad_redirect_uri')
  if (row.challenge !== undefined) {
    const hash = createHash('sha256')
      .update(text(code_verifier) ?? '')
      .digest('base64url')
    if (hash !== row.challenge && code_verifier !== row.challenge) throw fail('invalid_code_verifier')
  }
  call.tables.codes.remove(row.secret)
  return row
}

interface Issued {
  readonly access_token: string
  readonly refresh_token?: string
  readonly expires_in?: number
}

/** A token of an installation: the known one with more scopes, or a new one; an expiring one when the app rotates. */
function issue(
  call: SlackCall,
  app: App,
  kind: 'bot' | 'user',
  userId: string,
  scopes: readonly string[],
): Issued & { scopes: readonly string[] } {
  const { tables } = call
  const known = tables.tokens.where('owner', [app.id, kind, userId]).find((token) => !token.revoked)
  const all = [...new Set([...(known?.scopes ?? []), ...scopes])]
  const team = tables.users.get(userId)?.teamId as string
  const row = {
    teamId: team,
    appId: app.id,
    userId,
    scopes: all,
    ...(kind === 'bot' && app.botId ? { botId: app.botId } : {}),
  }
  if (app.tokenRotation) return { ...rotating(call, kind, row), scopes: all }
  const token = known ? tables.tokens.replace({ ...known, scopes: all }) : newToken(call, kind, row)
  return { access_token: call.seal(token.secret), scopes: all }
}

function rotating(
  call: SlackCall,
  kind: Token['kind'],
  row: Omit<Token, 'secret' | 'kind' | 'expires' | 'refresh'>,
): Issued {
  const refresh = newRefreshToken(call)
  const token = newToken(call, kind, { ...row, expires: seconds(call.now) + TOKEN_LIFE, refresh })
  return { access_token: call.seal(token.secret), refresh_token: call.seal(refresh), expires_in: TOKEN_LIFE }
}

/** Refreshing: a new pair, and the old refresh token is spent. */
export function refreshed(call: SlackCall, app: App | undefined): { token: Token; issued: Issued } {
  const secret = call.open(text((call.query as { refresh_token?: string }).refresh_token) ?? '')
  const token = secret === undefined ? undefined : call.tables.tokens.by('refresh', secret)
  if (!token || token.revoked || (app && token.appId !== app.id)) throw fail('invalid_refresh_token')
  const { refresh: _, expires: __, secret: ___, kind, ...row } = token
  const { refresh: ____, ...spent } = token
  call.tables.tokens.replace(spent)
  return { token, issued: rotating(call, kind, row) }
}

const installed = (team: Team, app: App) => ({
  app_id: app.id,
  team: { id: team.id, name: team.name },
  enterprise: null,
  is_enterprise_install: false,
})

function webhookOf(call: SlackCall, app: App, team: Team): object {
  const hook = call.tables.webhooks.rows().find((row) => row.appId === app.id)
  const channel = hook && call.tables.conversations.get(hook.channel)
  if (!hook || !channel) return {}
  const url = call.link(`/services/${team.id}/${hook.botId}/${call.seal(hook.secret)}`)
  const configuration = `https://${team.domain}.slack.com/services/${hook.botId}`
  return {
    incoming_webhook: { channel: `#${channel.name}`, channel_id: channel.id, configuration_url: configuration, url },
  }
}

function install(call: SlackCall, app: App, code: OAuthCode) {
  const user = call.tables.users.get(code.userId) as User
  const team = call.tables.teams.get(user.teamId) as Team
  const withBot = code.scopes.length > 0 ? addBot(call, app, team, app.name, user) : app
  const botUser = withBot.botUserId
  const bot = code.scopes.length > 0 && botUser ? issue(call, withBot, 'bot', botUser, code.scopes) : undefined
  const person = code.userScopes.length > 0 ? issue(call, withBot, 'user', user.id, code.userScopes) : undefined
  const authed = person ? { scope: person.scopes.join(','), token_type: 'user', ...tokenFields(person) } : {}
  return done({
    ...(bot ? { ...tokenFields(bot), token_type: 'bot', scope: bot.scopes.join(','), bot_user_id: botUser } : {}),
    ...installed(team, withBot),
    authed_user: { id: user.id, ...authed },
    ...(code.scopes.includes('incoming-webhook') ? webhookOf(call, withBot, team) : {}),
  })
}

const tokenFields = ({ access_token, refresh_token, expires_in }: Issued) => ({
  access_token,
  ...(refresh_token ? { refresh_token, expires_in } : {}),
})

export const oauth = operations({
  authorize: (call) => {
    const { query } = call
    const method = text(query.code_challenge)
    return authorize(call, query, {
      scopes: list(query.scope),
      userScopes: list(query.user_scope),
      ...(method ? { challenge: method } : {}),
    })
  },

  classicAuthorize: (call) => {
    const all = list(call.query.scope)
    const scopes = all.filter((scope) => CLASSIC_BOT.has(scope))
    const userScopes = all.filter((scope) => !CLASSIC_BOT.has(scope))
    return authorize(call, call.query, { scopes, userScopes: ['identify', ...userScopes], classic: true })
  },

  /** Classic apps: a token of the person, and one of the bot beside it. */
  'oauth.access': (call) => {
    const app = client(call)
    const code = spendCode(call, app, true)
    const user = call.tables.users.get(code.userId) as User
    const team = call.tables.teams.get(user.teamId) as Team
    const wantsBot = code.scopes.includes('bot')
    const withBot = wantsBot ? addBot(call, app, team, app.name, user) : app
    const person = issue(call, withBot, 'user', user.id, code.userScopes)
    const bot = wantsBot && withBot.botUserId ? issue(call, withBot, 'bot', withBot.botUserId, ['bot']) : undefined
    return done({
      access_token: person.access_token,
      scope: [...person.scopes, ...code.scopes].join(','),
      user_id: user.id,
      team_name: team.name,
      team_id: team.id,
      enterprise_id: team.enterpriseId ?? null,
      ...(code.scopes.includes('incoming-webhook') ? webhookOf(call, withBot, team) : {}),
      ...(bot ? { bot: { bot_user_id: withBot.botUserId, bot_access_token: bot.access_token } } : {}),
    })
  },

  'oauth.v2.access': (call) => {
    const app = client(call)
    const grant = text(call.query.grant_type) ?? 'authorization_code'
    if (grant === 'authorization_code') return install(call, app, spendCode(call, app))
    if (grant !== 'refresh_token') throw fail('invalid_grant_type')
    const { token, issued } = refreshed(call, app)
    const team = call.tables.teams.get(token.teamId) as Team
    const isBot = token.kind === 'bot'
    return done({
      ...tokenFields(issued),
      token_type: isBot ? 'bot' : 'user',
      scope: token.scopes.join(','),
      ...(isBot ? { bot_user_id: token.userId } : {}),
      ...installed(team, app),
      authed_user: { id: token.userId },
    })
  },

  /** User tokens alone, for apps without a bot. */
  'oauth.v2.user.access': (call) => {
    const app = client(call)
    if ((text(call.query.grant_type) ?? 'authorization_code') === 'refresh_token') {
      const { token, issued } = refreshed(call, app)
      return done({
        ...tokenFields(issued),
        token_type: 'user',
        scope: token.scopes.join(','),
        ...installed(call.tables.teams.get(token.teamId) as Team, app),
        user_id: token.userId,
        authed_user: { id: token.userId },
      })
    }
    const code = spendCode(call, app)
    if (code.userScopes.length === 0) throw fail('no_user_scopes')
    const user = call.tables.users.get(code.userId) as User
    const person = issue(call, app, 'user', user.id, code.userScopes)
    const team = call.tables.teams.get(user.teamId) as Team
    return done({
      ...tokenFields(person),
      token_type: 'user',
      scope: person.scopes.join(','),
      ...installed(team, app),
      user_id: user.id,
      authed_user: { id: user.id },
    })
  },

  'oauth.v2.exchange': (call) => {
    const app = client(call)
    const token = call.caller.token
    if (!token || token.appId !== app.id) throw fail('invalid_token')
    if (!app.tokenRotation) throw fail('token_rotation_not_enabled')
    if (token.expires) throw fail('token_already_exchanged')
    const { secret: _, kind, ...row } = token
    call.tables.tokens.remove(token.secret)
    return done({
      ...tokenFields(rotating(call, kind, row)),
      token_type: kind,
      scope: token.scopes.join(','),
      ...installed(call.caller.team, app),
    })
  },

  'tooling.tokens.rotate': (call) => {
    const { token, issued } = refreshed(call, undefined)
    const iat = seconds(call.now)
    return done({
      token: issued.access_token,
      refresh_token: issued.refresh_token,
      team_id: token.teamId,
      user_id: token.userId,
      iat,
      exp: iat + TOKEN_LIFE,
    })
  },
})
