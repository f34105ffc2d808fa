import type { SlackCall } from '../../caller.ts'
import { done, fail } from '../../errors.ts'
import { json, limit, list, text } from '../../rules/arguments.ts'
import { offsetPage } from '../../rules/cursors.ts'
import type { AdminRule, App, AppRequest, Json } from '../../tables.ts'
import { uninstall } from '../../uninstalling.ts'
import { operations } from '../define.ts'
import { administrator, orgApp, orgTeams, putRules } from './gate.ts'

/** Which apps an organisation allows, and how. */

type Decision = 'approved' | 'restricted'

/** The app of a decision: named itself, or by the request for it, which is settled too. */
function decided(call: SlackCall, status: Decision): App {
  const { app_id: id, request_id: requestId } = call.query as { app_id?: string; request_id?: string }
  const request = text(requestId) === undefined ? undefined : call.tables.appRequests.get(String(requestId))
  if (text(requestId) !== undefined && !request) throw fail('invalid_request_id')
  const app = call.tables.apps.get(request?.appId ?? text(id) ?? '')
  if (!app) throw fail('app_not_found')
  for (const row of call.tables.appRequests.where('status', 'pending'))
    if (row.appId === app.id) call.tables.appRequests.replace({ ...row, status })
  return app
}

function forget(call: SlackCall, app: string): boolean {
  const { adminRules } = call.tables
  return [adminRules.remove(`app:approved:${app}`), adminRules.remove(`app:restricted:${app}`)].some(Boolean)
}

const decide = (name: Decision) => (call: SlackCall) => {
  administrator(call)
  const app = decided(call, name)
  forget(call, app.id)
  putRules(call, 'app', name, [app.id], {})
  return done()
}

const scopesOf = (app: App) =>
  app.scopes.bot.map((scope) => ({ name: scope, description: '', is_sensitive: false, token_type: 'bot' }))

const appView = (app: App) => ({ id: app.id, name: app.name, description: '' })

const decidedList = (name: Decision) => (call: SlackCall) => {
  administrator(call)
  const rows = call.tables.adminRules.where('kind', ['app', name])
  const { limit: size, cursor } = call.query as { limit?: number; cursor?: string }
  const page = offsetPage(rows, limit(size, 100, 1000), cursor)
  const view = (row: AdminRule) => {
    const app = call.tables.apps.get(row.subject) as App
    return { app: appView(app), scopes: scopesOf(app), date_updated: row.created, last_resolved_by: {} }
  }
  return done({ [`${name}_apps`]: page.items.map(view), response_metadata: { next_cursor: page.next } })
}

function requestView(call: SlackCall, row: AppRequest): object {
  const app = call.tables.apps.get(row.appId) as App
  const user = call.tables.users.get(row.user)
  const team = call.tables.teams.get(row.teamId)
  return {
    id: row.id,
    app: appView(app),
    user: { id: row.user, name: user?.name, email: user?.email },
    team: { id: row.teamId, name: team?.name, domain: team?.domain },
    scopes: scopesOf(app),
    message: row.message,
    date_created: row.created,
  }
}

const PREVIEWS = ['all_details', 'limited_details', 'no_preview', 'default_to_global_setting']
const STRATEGIES = ['builder_choice', 'end_user_only']
const MAX_DOMAINS = 50

/** `{urls, emails}`: where accounts that a connector signs in with may come from. */
function domainsOf(value: unknown): Json | undefined {
  const given = json(value) as { urls?: unknown; emails?: unknown } | undefined
  if (given === undefined) return undefined
  const domains = { urls: list(given.urls), emails: list(given.emails) }
  const all = [...domains.urls, ...domains.emails]
  if (all.length === 0) throw fail('no_domains_provided')
  if (domains.urls.length > MAX_DOMAINS || domains.emails.length > MAX_DOMAINS) throw fail('too_many_domains_provided')
  if (all.some((domain) => !/^[\w-]+(\.[\w-]+)+$/.test(domain))) throw fail('invalid_domains')
  return domains
}

const DEFAULT_CONFIG = {
  domain_restrictions: { urls: [], emails: [] },
  workflow_auth_strategy: 'builder_choice',
  rich_link_preview_type: 'default_to_global_setting',
}

const configOf = (call: SlackCall, id: string): Json => ({
  app_id: id,
  ...DEFAULT_CONFIG,
  ...call.tables.adminRules.get(`appConfig:config:${id}`)?.details,
})

export const adminApps = operations({
  'admin.apps.approve': decide('approved'),
  'admin.apps.restrict': decide('restricted'),
  'admin.apps.approved.list': decidedList('approved'),
  'admin.apps.restricted.list': decidedList('restricted'),

  'admin.apps.clearResolution': (call) => {
    administrator(call)
    if (!forget(call, String(call.query.app_id))) throw fail('app_not_found')
    return done()
  },

  'admin.apps.requests.list': (call) => {
    administrator(call)
    const rows = call.tables.appRequests.where('status', 'pending')
    const page = offsetPage(rows, limit(call.query.limit, 100, 1000), call.query.cursor)
    return done({
      app_requests: page.items.map((row) => requestView(call, row)),
      response_metadata: { next_cursor: page.next },
    })
  },

  'admin.apps.requests.cancel': (call) => {
    administrator(call)
    const { team_id, enterprise_id, request_id } = call.query
    if (text(team_id) !== undefined && text(enterprise_id) !== undefined) throw fail('too_many_teams_provided')
    const row = call.tables.appRequests.get(String(request_id))
    if (!row) throw fail('invalid_request_id')
    if (text(team_id) !== undefined && team_id !== row.teamId) throw fail('team_not_found')
    if (row.status !== 'pending') throw fail('request_already_resolved')
    call.tables.appRequests.replace({ ...row, status: 'cancelled' })
    return done()
  },

  /** From the whole organisation, or from some of its workspaces. */
  'admin.apps.uninstall': (call) => {
    const user = administrator(call)
    const app = orgApp(call)
    const enterprise = text(call.query.enterprise_id)
    const teams = list(call.query.team_ids)
    if ((enterprise === undefined) === (teams.length === 0)) throw fail('specify_enterprise_or_teams')
    if (teams.length > 100) throw fail('too_many_teams')
    if (enterprise !== undefined && enterprise !== call.caller.team.enterpriseId) throw fail('enterprise_not_found')
    if (teams.some((id) => !orgTeams(call).some((team) => team.id === id))) throw fail('teams_not_found')
    if (app.id === call.caller.app?.id && user.role === 'member') throw fail('permission_denied')
    uninstall(call, app, enterprise === undefined ? teams : undefined)
    if (enterprise !== undefined || teams.length === orgTeams(call).length)
      call.tables.apps.replace({ ...app, installed: false })
    return done()
  },

  'admin.apps.config.set': (call) => {
    administrator(call)
    const { query } = call
    const app = call.tables.apps.get(String(query.app_id))
    if (!app) throw fail('invalid_app')
    const strategy = text(query.workflow_auth_strategy)
    const preview = text(query.rich_link_preview_type)
    if (strategy !== undefined && !STRATEGIES.includes(strategy)) throw fail('invalid_workflow_auth_strategy')
    if (preview !== undefined && !PREVIEWS.includes(preview)) throw fail('invalid_arguments')
    const domains = domainsOf(query.domain_restrictions)
    const { app_id: _, ...known } = configOf(call, app.id)
    putRules(call, 'appConfig', 'config', [app.id], {
      ...known,
      ...(strategy ? { workflow_auth_strategy: strategy } : {}),
      ...(preview ? { rich_link_preview_type: preview } : {}),
      ...(domains ? { domain_restrictions: domains } : {}),
    })
    return done()
  },

  'admin.apps.config.lookup': (call) => {
    administrator(call)
    const ids = list(call.query.app_ids)
    const types = list(call.query.rich_link_preview_types)
    if (ids.length === 0 && types.length === 0) throw fail('missing_args')
    const apps =
      ids.length > 0 ? ids.filter((id) => call.tables.apps.has(id)) : call.tables.apps.all().map(({ id }) => id)
    const configs = apps.map((id) => configOf(call, id))
    return done({
      configs: configs.filter((one) => types.length === 0 || types.includes(String(one.rich_link_preview_type))),
    })
  },
})
