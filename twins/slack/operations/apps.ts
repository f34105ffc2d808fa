import { callingApp } from '../caller.ts'
import { done, fail } from '../errors.ts'
import { announce } from '../events.ts'
import { limit, text } from '../rules/arguments.ts'
import { offsetPage } from '../rules/cursors.ts'
import { socketUrl } from '../sockets.ts'
import { operations } from './define.ts'

export const apps = operations({
  'apps.connections.open': (call) => {
    const app = callingApp(call.caller)
    // Opening a connection is what makes an app a Socket Mode app here: events no longer go to its URL.
    if (!app.socketMode) call.tables.apps.replace({ ...app, socketMode: true })
    return done({ url: socketUrl(call, app.id) })
  },

  'apps.event.authorizations.list': (call) => {
    const { tables, query } = call
    const app = callingApp(call.caller)
    const context = readContext(text(query.event_context) ?? '')
    if (!context || context.aid !== app.id) throw fail('invalid_event_context')
    const tokens = tables.tokens
      .rows()
      .filter((token) => token.appId === app.id && !token.revoked && (token.kind === 'bot' || token.kind === 'user'))
    const all = [...tokens].map((token) => ({
      enterprise_id: null,
      team_id: token.teamId,
      user_id: token.userId,
      is_bot: token.kind === 'bot',
      is_enterprise_install: false,
    }))
    const page = offsetPage(all, limit(query.limit, 100, 1000), query.cursor)
    return done({ authorizations: page.items, response_metadata: { next_cursor: page.next } })
  },

  'apps.uninstall': (call) => {
    const { query, tables, caller } = call
    const app = tables.apps.by('client', text(query.client_id) ?? '')
    if (!app) throw fail('invalid_client_id')
    if (app.clientSecret !== query.client_secret) throw fail('bad_client_secret')
    if (caller.app?.id !== app.id) throw fail('client_id_token_mismatch')
    const revoked = [...tables.tokens.rows()].filter((token) => token.appId === app.id && token.kind !== 'app')
    announce(call, { type: 'app_uninstalled' }, { appId: app.id })
    const of = (kind: string) => revoked.filter((token) => token.kind === kind).flatMap((token) => token.userId ?? [])
    announce(call, { type: 'tokens_revoked', tokens: { oauth: of('user'), bot: of('bot') } }, { appId: app.id })
    for (const token of revoked) tables.tokens.replace({ ...token, revoked: true })
    return done()
  },
})

function readContext(value: string): { aid?: string } | undefined {
  try {
    return JSON.parse(Buffer.from(value.replace(/^4-/, ''), 'base64url').toString('utf8'))
  } catch {
    return undefined
  }
}
