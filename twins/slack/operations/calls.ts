import { actor, isBot, type SlackCall } from '../caller.ts'
import { done, fail, invalidArguments } from '../errors.ts'
import { newId, seconds } from '../ids.ts'
import { json, text, whole } from '../rules/arguments.ts'
import type { CallRow, Json } from '../tables.ts'
import { operations } from './define.ts'

const callView = (row: CallRow) => ({
  id: row.id,
  date_start: row.start,
  external_unique_id: row.externalId,
  join_url: row.joinUrl,
  ...(row.desktopUrl ? { desktop_app_join_url: row.desktopUrl } : {}),
  ...(row.displayId ? { external_display_id: row.displayId } : {}),
  title: row.title,
  ...(row.users.length > 0 ? { users: row.users } : {}),
  ...(row.end ? { date_end: row.end } : {}),
})

function known(call: SlackCall): CallRow {
  const row = call.tables.calls.get(String((call.query as { id?: string }).id ?? ''))
  if (!row) throw fail('invalid_call_id')
  return row
}

function active(call: SlackCall): CallRow {
  const row = known(call)
  if (row.end) throw fail('inactive_call')
  return row
}

/** People of a call: `slack_id` of members, `external_id` and a name of others. */
function people(call: SlackCall, value: unknown): Json[] {
  const users = json(value)
  if (users === undefined) return []
  if (!Array.isArray(users)) throw fail('bad_users')
  return users.map((user: Json) => {
    if (typeof user.slack_id === 'string' && !call.tables.users.has(user.slack_id)) throw fail('user_not_found')
    if (typeof user.slack_id !== 'string' && typeof user.external_id !== 'string') throw fail('bad_users')
    return user
  })
}

const same = (a: Json, b: Json): boolean =>
  a.slack_id !== undefined ? a.slack_id === b.slack_id : a.external_id === b.external_id

export const calls = operations({
  'calls.add': (call) => {
    const { query } = call
    const creator = text(query.created_by) ?? (isBot(call.caller) ? undefined : actor(call.caller).id)
    if (creator === undefined) throw fail('invalid_created_by')
    if (!call.tables.users.has(creator)) throw fail('user_not_found')
    const id = String(query.external_unique_id)
    if (call.tables.calls.by('external', id)) throw invalidArguments('external_unique_id is already in use')
    const start = whole(query.date_start)
    if (Number.isNaN(start)) throw fail('invalid_start_time')
    const row = call.tables.calls.insert({
      id: newId(call.random, 'call'),
      externalId: id,
      joinUrl: String(query.join_url),
      title: text(query.title) ?? '',
      createdBy: creator,
      start: start ?? seconds(call.now),
      users: people(call, query.users),
      channels: [],
      ...(text(query.desktop_app_join_url) ? { desktopUrl: String(query.desktop_app_join_url) } : {}),
      ...(text(query.external_display_id) ? { displayId: String(query.external_display_id) } : {}),
    })
    return done({ call: callView(row) })
  },

  'calls.info': (call) => done({ call: callView(known(call)) }),

  'calls.update': (call) => {
    const row = known(call)
    const { query } = call
    const changed = call.tables.calls.replace({
      ...row,
      title: text(query.title) ?? row.title,
      joinUrl: text(query.join_url) ?? row.joinUrl,
      ...(text(query.desktop_app_join_url) ? { desktopUrl: String(query.desktop_app_join_url) } : {}),
    })
    return done({ call: callView(changed) })
  },

  'calls.end': (call) => {
    const row = active(call)
    const duration = whole(call.query.duration)
    const ended = call.tables.calls.replace({ ...row, end: duration ? row.start + duration : seconds(call.now) })
    return done({ call: callView(ended) })
  },

  'calls.participants.add': (call) => {
    const row = active(call)
    const joined = people(call, call.query.users).filter((user) => !row.users.some((one) => same(one, user)))
    return done({ call: callView(call.tables.calls.replace({ ...row, users: [...row.users, ...joined] })) })
  },

  'calls.participants.remove': (call) => {
    const row = active(call)
    const gone = people(call, call.query.users)
    const users = row.users.filter((user) => !gone.some((one) => same(one, user)))
    return done({ call: callView(call.tables.calls.replace({ ...row, users })) })
  },
})
