import type { SlackCall } from '../../caller.ts'
import { done, fail } from '../../errors.ts'
import { seconds } from '../../ids.ts'
import { flag, limit, text, whole } from '../../rules/arguments.ts'
import { offsetPage } from '../../rules/cursors.ts'
import type { User, UserSession } from '../../tables.ts'
import { operations } from '../define.ts'
import { administrator, orgUser, usersOf } from './gate.ts'

/** Sessions of people in Slack's own apps. Tokens are not sessions, and stay. */

/** The machine a session is used on; nobody moves, so what it was made on is where it was last seen. */
const machine = ({ ip, device, userAgent }: UserSession) => ({
  device_hardware: device,
  ip,
  os: userAgent,
  os_version: '',
  slack_client_version: '',
})

const sessionView = (row: UserSession) => ({
  user_id: row.user,
  team_id: row.teamId,
  session_id: Number(row.id),
  created: machine(row),
  recent: machine(row),
})

/** Signs people out: everywhere, or from one kind of device. */
function reset(call: SlackCall, users: readonly User[]) {
  const { mobile_only, web_only } = call.query as { mobile_only?: unknown; web_only?: unknown }
  for (const user of users) {
    if (user.isBot) throw fail('user_is_bot')
    for (const row of call.tables.userSessions.where('user', user.id)) {
      const stays = (flag(mobile_only) && row.device !== 'mobile') || (flag(web_only) && row.device !== 'web')
      if (!stays) call.tables.userSessions.remove(row.id)
    }
  }
  return done()
}

export const adminSessions = operations({
  'admin.users.session.list': (call) => {
    administrator(call)
    const { query } = call
    const id = text(query.user_id)
    const team = text(query.team_id)
    const rows =
      id === undefined ? call.tables.userSessions.all() : call.tables.userSessions.where('user', orgUser(call).id)
    const wanted = rows.filter((row) => team === undefined || row.teamId === team)
    const page = offsetPage(wanted, limit(query.limit, 100, 1000), query.cursor)
    return done({ active_sessions: page.items.map(sessionView), response_metadata: { next_cursor: page.next } })
  },
  'admin.users.session.reset': (call) => {
    administrator(call)
    return reset(call, [orgUser(call)])
  },
  'admin.users.session.resetBulk': (call) => {
    administrator(call)
    const users = usersOf(call)
    if (users.length === 0) throw fail('invalid_arguments')
    return reset(call, users)
  },
  'admin.users.session.invalidate': (call) => {
    administrator(call)
    const row = call.tables.userSessions.get(String(call.query.session_id))
    if (row?.user !== orgUser(call).id) throw fail('session_not_found')
    call.tables.userSessions.remove(row.id)
    return done()
  },

  'admin.users.session.getSettings': (call) => {
    administrator(call)
    const rows = usersOf(call).map((user) => ({
      user,
      rule: call.tables.adminRules.get(`session:settings:${user.id}`),
    }))
    return done({
      session_settings: rows.flatMap(({ user, rule }) => (rule ? [{ user_id: user.id, ...rule.details }] : [])),
      no_settings_applied: rows.flatMap(({ user, rule }) => (rule ? [] : [user.id])),
    })
  },
  'admin.users.session.setSettings': (call) => {
    administrator(call)
    const { query } = call
    const details = {
      desktop_app_browser_quit: flag(query.desktop_app_browser_quit),
      duration: whole(query.duration) ?? 0,
    }
    for (const { id } of usersOf(call)) {
      call.tables.adminRules.put({
        kind: 'session',
        name: 'settings',
        subject: id,
        details,
        created: seconds(call.now),
      })
    }
    return done()
  },
  'admin.users.session.clearSettings': (call) => {
    administrator(call)
    for (const { id } of usersOf(call)) call.tables.adminRules.remove(`session:settings:${id}`)
    return done()
  },
})
