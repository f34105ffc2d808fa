import { actor, isBot } from '../caller.ts'
import { argumentsOf } from '../dialect.ts'
import { done, fail } from '../errors.ts'
import { announce } from '../events.ts'
import { seconds } from '../ids.ts'
import { flag, limit } from '../rules/arguments.ts'
import { offsetPage } from '../rules/cursors.ts'
import { operations } from './define.ts'

export const auth = operations({
  'auth.test': ({ caller, now }) => {
    const { team, user, token, app } = caller
    const where = { url: `https://${team.domain}.slack.com/`, team: team.name }
    if (caller.kind === 'app') return done({ app_name: app?.name, app_id: app?.id, ...where, team_id: team.id })
    return done({
      ...where,
      user: user?.name,
      team_id: team.id,
      user_id: user?.id,
      ...(isBot(caller) ? { bot_id: token?.botId } : {}),
      ...(team.enterpriseId ? { enterprise_id: team.enterpriseId } : {}),
      is_enterprise_install: false,
      ...(token?.expires ? { expires_in: token.expires - seconds(now) } : {}),
    })
  },

  'auth.revoke': (call) => {
    const { caller, query, tables } = call
    if (!caller.token) throw fail('not_authed')
    if (flag(query.test)) return done({ revoked: false })
    tables.tokens.replace({ ...caller.token, revoked: true })
    const kind = isBot(caller) ? 'bot' : 'oauth'
    const tokens = { oauth: [] as string[], bot: [] as string[], [kind]: [actor(caller).id] }
    announce(call, { type: 'tokens_revoked', tokens }, caller.app ? { appId: caller.app.id } : {})
    return done({ revoked: true })
  },

  'auth.teams.list': ({ caller, query }) => {
    const page = offsetPage(
      [{ id: caller.team.id, name: caller.team.name }],
      limit(query.limit, 100, 1000),
      query.cursor,
    )
    return done({ teams: page.items, response_metadata: { next_cursor: page.next } })
  },

  'api.test': (call) => {
    const { token: _, ...args } = argumentsOf(call.request, call.operation).values
    const echo = Object.keys(args).length > 0 ? { args } : {}
    if (typeof args.error === 'string' && args.error !== '') throw fail(args.error, echo)
    return done(echo)
  },
})
