import { actor, isAdmin, type SlackCall } from '../caller.ts'
import { done, fail } from '../errors.ts'
import { seconds } from '../ids.ts'
import { list, text, whole } from '../rules/arguments.ts'
import { classicPage } from '../rules/cursors.ts'
import type { Team, User, UserSession } from '../tables.ts'
import { operations } from './define.ts'

const ICON_SIZES = [34, 44, 68, 88, 102, 132, 230]

export const teamView = (team: Team) => ({
  id: team.id,
  name: team.name,
  url: `https://${team.domain}.slack.com/`,
  domain: team.domain,
  email_domain: team.emailDomain,
  avatar_base_url: 'https://ca.slack-edge.com/',
  is_verified: false,
  icon: {
    image_default: true,
    ...Object.fromEntries(
      ICON_SIZES.map((size) => [
        `image_${size}`,
        `https://a.slack-edge.com/80588/img/avatars-teams/ava_0008-${size}.png`,
      ]),
    ),
  },
  lob_sales_home_enabled: false,
  is_sfdc_auto_slack: false,
  ...(team.enterpriseId ? { enterprise_id: team.enterpriseId } : {}),
})

const loginView = (call: SlackCall, row: UserSession) => ({
  user_id: row.user,
  username: call.tables.users.get(row.user)?.name ?? '',
  date_first: row.created,
  date_last: row.created,
  count: 1,
  ip: row.ip,
  user_agent: row.userAgent,
  isp: null,
  country: null,
  region: null,
})

function requireAdmin(call: SlackCall): User {
  const user = actor(call.caller)
  if (!isAdmin(user)) throw fail('not_admin')
  return user
}

export const team = operations({
  'team.info': (call) => {
    const id = text(call.query.team)
    const found = id === undefined ? call.caller.team : call.tables.teams.get(id)
    if (!found) throw fail('team_not_found')
    return done({ team: teamView(found) })
  },

  /** Ids only change when a workspace moves into an organisation. */
  'migration.exchange': (call) => {
    const ids = list(call.query.users)
    if (ids.length > 400) throw fail('too_many_users')
    if (call.caller.team.enterpriseId === undefined) throw fail('not_enterprise_team')
    const known = ids.filter((id) => call.tables.users.has(id))
    const invalid = ids.filter((id) => !call.tables.users.has(id))
    const { id: team_id, enterpriseId: enterprise_id } = call.caller.team
    return done({
      team_id,
      enterprise_id,
      user_id_map: Object.fromEntries(known.map((id) => [id, id])),
      invalid_user_ids: invalid,
    })
  },

  'team.profile.get': () => done({ profile: { fields: [], sections: [] } }),
  'team.billing.info': (call) => done({ plan: call.caller.team.plan === 'free' ? '' : call.caller.team.plan }),
  'team.preferences.list': () =>
    done({
      msg_edit_window_mins: -1,
      allow_message_deletion: true,
      display_real_names: false,
      disable_file_uploads: 'allow_all',
      who_can_post_general: 'ra',
    }),

  'team.billableInfo': (call) => {
    requireAdmin(call)
    const only = text(call.query.user)
    if (only !== undefined && !call.tables.users.has(only)) throw fail('user_not_found')
    const people = call.tables.users
      .all()
      .filter((user) => !user.isBot && user.id !== 'USLACKBOT' && (only === undefined || user.id === only))
    return done({
      billable_info: Object.fromEntries(people.map((user) => [user.id, { billing_active: !user.deleted }])),
    })
  },

  'team.accessLogs': (call) => {
    requireAdmin(call)
    if (call.caller.team.plan === 'free') throw fail('paid_only')
    const before = whole(call.query.before) ?? Number.POSITIVE_INFINITY
    const found = [...call.tables.userSessions.scan('created', { reverse: true })].filter(
      (row) => row.created <= before,
    )
    const { items, paging } = classicPage(found, whole(call.query.count) || 100, whole(call.query.page) || 1)
    return done({ logins: items.map((row) => loginView(call, row)), paging })
  },

  'team.integrationLogs': (call) => {
    requireAdmin(call)
    const logs = call.tables.apps
      .all()
      .filter((app) => app.installed)
      .map((app) => ({
        app_id: app.id,
        app_type: app.name,
        user_id: app.botUserId ?? '',
        user_name: '',
        date: String(app.updated),
        change_type: 'added',
        scope: app.scopes.bot.join(','),
      }))
    const { items, paging } = classicPage(logs, whole(call.query.count) || 100, whole(call.query.page) || 1)
    return done({ logs: items, paging })
  },

  'emoji.list': (call) => {
    const emoji = Object.fromEntries(call.tables.emoji.all().map((row) => [row.name, row.value]))
    return done({ emoji, cache_ts: `${seconds(call.now)}.000000` })
  },

  'dnd.info': (call) => {
    const user =
      text(call.query.user) === undefined ? actor(call.caller) : call.tables.users.get(String(call.query.user))
    if (!user) throw fail('user_not_found')
    return done({ ...dndView(user), ...(user.id === call.caller.user?.id ? snoozeView(call, user) : {}) })
  },

  'dnd.teamInfo': (call) => {
    const ids = list(call.query.users)
    if (ids.length === 0) throw fail('no_users_provided')
    if (ids.length > 50) throw fail('too_many_users')
    const found = ids.flatMap((id) => call.tables.users.get(id) ?? [])
    return done({ users: Object.fromEntries(found.map((user) => [user.id, dndView(user)])) })
  },

  'dnd.setSnooze': (call) => {
    const minutes = whole(call.query.num_minutes)
    if (minutes === undefined || Number.isNaN(minutes) || minutes <= 0) throw fail('missing_duration')
    if (minutes > 60 * 24 * 60) throw fail('too_long')
    const user = call.tables.users.replace({ ...actor(call.caller), snoozeUntil: seconds(call.now) + minutes * 60 })
    return done(snoozeView(call, user))
  },

  'dnd.endSnooze': (call) => {
    const { snoozeUntil, ...user } = actor(call.caller)
    if (!snoozeUntil || snoozeUntil <= seconds(call.now)) throw fail('snooze_not_active')
    call.tables.users.replace(user)
    return done({ ...dndView(user), snooze_enabled: false })
  },

  'dnd.endDnd': (call) => {
    const { snoozeUntil: _, ...user } = actor(call.caller)
    call.tables.users.replace(user)
    return done()
  },
})

/** No schedule is set: the next one never comes. */
const dndView = (_user: User) => ({ dnd_enabled: false, next_dnd_start_ts: 1, next_dnd_end_ts: 1 })

function snoozeView(call: SlackCall, { snoozeUntil = 0 }: User): object {
  const remaining = snoozeUntil - seconds(call.now)
  return remaining > 0
    ? { snooze_enabled: true, snooze_endtime: snoozeUntil, snooze_remaining: remaining, snooze_is_indefinite: false }
    : { snooze_enabled: false }
}
