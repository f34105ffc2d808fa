import type { SlackCall } from '../caller.ts'
import { done, fail } from '../errors.ts'
import { limit, text, whole } from '../rules/arguments.ts'
import { offsetPage } from '../rules/cursors.ts'
import type { Activity } from '../tables.ts'
import { operations } from './define.ts'

/** The activity log of an app: what its functions and workflows did. */

const LEVELS: readonly Activity['level'][] = ['trace', 'debug', 'info', 'warn', 'error', 'fatal']
const COMPONENTS = ['events_api', 'workflows', 'functions', 'tables']
const SOURCES = ['slack', 'developer']

const activityView = (row: Activity) => ({
  level: row.level,
  event_type: row.eventType,
  source: 'slack',
  component_type: row.componentType,
  component_id: row.componentId,
  payload: row.payload,
  created: row.created,
  trace_id: row.traceId,
})

/** What a call's filters let through; `invalid_args` for a filter that makes no sense. */
function wanted(query: Readonly<Record<string, unknown>>): (row: Activity) => boolean {
  const level = text(query.min_log_level) ?? 'info'
  const type = text(query.component_type)
  const source = text(query.source)
  const least = LEVELS.indexOf(level as Activity['level'])
  if (least < 0 || (type && !COMPONENTS.includes(type)) || (source && !SOURCES.includes(source)))
    throw fail('invalid_args')
  const from = whole(query.min_date_created) ?? 0
  const until = whole(query.max_date_created) ?? Number.MAX_SAFE_INTEGER
  const is = (name: string, value: string) => text(query[name]) === undefined || query[name] === value
  return (row) =>
    LEVELS.indexOf(row.level) >= least &&
    row.created >= from &&
    row.created <= until &&
    source !== 'developer' &&
    is('component_type', row.componentType) &&
    is('component_id', row.componentId) &&
    is('log_event_type', row.eventType) &&
    is('trace_id', row.traceId) &&
    is('team_id', row.teamId)
}

/** Newest first, unless asked otherwise. */
export function activityPage(call: SlackCall, rows: readonly Activity[], view: (row: Activity) => object) {
  const query = call.query as Readonly<Record<string, unknown>>
  const found = rows.filter(wanted(query))
  if (query.sort_direction !== 'asc') found.reverse()
  const page = offsetPage(found, limit(query.limit, 100, 1000, 'invalid_args'), query.cursor)
  return done({ activities: page.items.map(view), response_metadata: { next_cursor: page.next } })
}

/** The app a log is asked of. */
export function loggedApp(call: SlackCall): string {
  const id = String((call.query as { app_id?: string }).app_id)
  if (!/^A[A-Z0-9]+$/.test(id)) throw fail('invalid_app_id')
  if (!call.tables.apps.has(id)) throw fail('invalid_app')
  return id
}

export const activities = operations({
  'apps.activities.list': (call) => {
    if (call.caller.team.plan === 'free') throw fail('free_team_not_allowed')
    return activityPage(call, call.tables.activities.where('app', loggedApp(call)), activityView)
  },

  'admin.apps.activities.list': (call) => {
    const id = text(call.query.app_id)
    const rows = id === undefined ? call.tables.activities.all() : call.tables.activities.where('app', loggedApp(call))
    return activityPage(call, rows, (row) => ({ app_id: row.appId, ...activityView(row) }))
  },
})
