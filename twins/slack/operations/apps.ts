import { HEX } from '../../../shared/universe/random.ts'
import { accessOf, accessView } from '../accessLists.ts'
import { callingApp, isAdmin, type SlackCall } from '../caller.ts'
import { argumentsOf } from '../dialect.ts'
import { done, fail } from '../errors.ts'
import { seconds } from '../ids.ts'
import { limit, text } from '../rules/arguments.ts'
import { offsetPage } from '../rules/cursors.ts'
import { imageSize } from '../rules/images.ts'
import { socketUrl } from '../sockets.ts'
import type { App } from '../tables.ts'
import { uninstall } from '../uninstalling.ts'
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
    // One for each who authorised the app, however many tokens they have.
    const owners = new Map([...tokens].map((token) => [`${token.teamId}:${token.userId}`, token]))
    const all = [...owners.values()].map((token) => ({
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
    uninstall(call, app)
    return done({ uninstalled: true })
  },

  /** By upload or by address. What is behind an address is not fetched. */
  'apps.icon.set': (call) => {
    const app = configured(call)
    const file = argumentsOf(call.request, call.operation).files.get('file')
    const url = text(call.query.url)
    if (file && url !== undefined) throw fail('invalid_parameters')
    if (!file && url === undefined) throw fail('missing_arguments')
    if (url !== undefined && !/^https?:/.test(URL.canParse(url) ? url : '')) throw fail('icon_not_accessible')
    if (file) requireIcon(file.bytes)
    const icon = url ?? `https://avatars.slack-edge.com/${app.id}_${call.random.text(20, HEX)}_512.png`
    call.tables.apps.replace({ ...app, icon, updated: seconds(call.now) })
    return done()
  },

  /** Who may use an app that another app made, for the app that made it. */
  'apps.managed.permissions.set': (call) => {
    const { app: manager, team, user } = call.caller
    if (!manager) throw fail('access_denied')
    const app = call.tables.apps.get(String(call.query.app_id))
    if (!app) throw fail('app_not_found')
    if (app.managedBy === undefined) throw fail('app_not_managed')
    if (app.managedBy !== manager.id) throw fail('app_not_owned_by_manager_app')
    if (team.enterpriseId === undefined) throw fail('enterprise_only_feature')
    const owner = app.collaborators?.[0] ?? user?.id
    if (call.query.permissions === 'app_owner' && owner === undefined) throw fail('app_owner_not_found')
    const isOwner = call.query.permissions === 'app_owner'
    const row = call.tables.accessLists.put({
      ...accessOf(call, `app:${app.id}`, 'everyone'),
      type: isOwner ? 'named_entities' : 'everyone',
      users: isOwner && owner !== undefined ? [owner] : [],
    })
    return done(accessView(row))
  },

  /** The app says whether a person is connected to it, after `user_connection` asked. */
  'apps.user.connection.update': (call) => {
    const app = call.caller.app
    if (!app) throw fail('app_not_found')
    const { user_id: user, status } = call.query
    if (![...app.events.bot, ...app.events.user].includes('user_connection')) throw fail('app_not_subscribed')
    if (!call.tables.users.has(String(user))) throw fail('user_not_found')
    call.tables.userConnections.put({
      appId: app.id,
      user: String(user),
      status: status === 'connected' ? 'connected' : 'disconnected',
    })
    return done()
  },
})

/** The app a configuration token's owner may change. */
function configured(call: SlackCall): App {
  const id = String((call.query as { app_id?: string }).app_id)
  if (!/^A[A-Z0-9]+$/.test(id)) throw fail('invalid_app_id')
  const app = call.tables.apps.get(id)
  if (!app) throw fail('invalid_app')
  const { user } = call.caller
  if (!user || !(app.collaborators?.includes(user.id) || isAdmin(user))) throw fail('no_permission')
  return app
}

const MIN_ICON = 512
const MAX_ICON = 2000

function requireIcon(bytes: Uint8Array): void {
  const size = imageSize(bytes)
  if (!size) throw fail('error_bad_format')
  if ([size.width, size.height].some((side) => side < MIN_ICON || side > MAX_ICON)) throw fail('invalid_icon_size')
}

function readContext(value: string): { aid?: string } | undefined {
  try {
    return JSON.parse(Buffer.from(value.replace(/^4-/, ''), 'base64url').toString('utf8'))
  } catch {
    return undefined
  }
}
