import { gzipSync } from 'node:zlib'
import type { SlackCall } from '../../caller.ts'
import { isAdmin } from '../../caller.ts'
import { channelNamed, isMember, membersOf } from '../../conversations.ts'
import { done, fail } from '../../errors.ts'
import { sendCsv } from '../../exports.ts'
import { SLACKBOT, seconds } from '../../ids.ts'
import { newUser, welcome } from '../../install.ts'
import { joinChannel } from '../../membership.ts'
import { flag, limit, list, text, whole } from '../../rules/arguments.ts'
import { offsetPage } from '../../rules/cursors.ts'
import type { User } from '../../tables.ts'
import { operations } from '../define.ts'
import { administrator, orgChannel, orgTeam, orgUser } from './gate.ts'

const DAY = 86_400

const people = (call: SlackCall): User[] => call.tables.users.all().filter((user) => user.id !== SLACKBOT)

const memberView = (user: User) => ({
  id: user.id,
  email: user.email ?? '',
  is_admin: isAdmin(user),
  is_owner: user.role === 'owner' || user.role === 'primary_owner',
  is_primary_owner: user.role === 'primary_owner',
  is_restricted: user.role === 'guest' || user.role === 'single_channel_guest',
  is_ultra_restricted: user.role === 'single_channel_guest',
  is_bot: user.isBot,
  is_active: !user.deleted,
  username: user.name,
  full_name: user.realName,
  date_created: 0,
  deactivated_ts: user.deleted ? user.updated : 0,
  expiration_ts: user.expiration ?? 0,
  workspaces: [user.teamId],
  has_2fa: false,
  has_sso: false,
})

function setRole(call: SlackCall, role: User['role']) {
  administrator(call)
  orgTeam(call)
  const user = orgUser(call)
  if (user.isBot) throw fail('user_is_bot')
  call.tables.users.replace({ ...user, role, updated: seconds(call.now) })
  return done()
}

const newline = (rows: readonly object[]): Uint8Array => gzipSync(rows.map((row) => JSON.stringify(row)).join('\n'))

/** One line per person or public channel of a day, compressed. */
function analytics(call: SlackCall, type: string, date: string | undefined): readonly object[] {
  if (type === 'member') {
    return people(call).map((user) => ({
      date,
      enterprise_id: call.caller.team.enterpriseId,
      user_id: user.id,
      email_address: user.email ?? '',
      is_guest: user.role.includes('guest'),
      is_billable_seat: !user.isBot,
      is_active: !user.deleted,
      messages_posted_count: 0,
      reactions_added_count: 0,
    }))
  }
  const channels = call.tables.conversations.all().filter((channel) => channel.kind === 'public')
  return channels.map((channel) => {
    if (date === undefined)
      return {
        channel_id: channel.id,
        name: channel.name,
        topic: channel.topic.value,
        description: channel.purpose.value,
        date,
      }
    const members = membersOf(call, channel.id).length
    return {
      date,
      enterprise_id: call.caller.team.enterpriseId,
      originating_team: { team_id: channel.teamId },
      channel_id: channel.id,
      date_created: channel.created,
      total_members_count: members,
      full_members_count: members,
      guest_member_count: 0,
      messages_posted_count: 0,
      is_shared_externally: false,
      visibility: 'public',
    }
  })
}

export const adminUsers = operations({
  'admin.users.list': (call) => {
    administrator(call)
    const { query } = call
    const team = text(query.team_id)
    const isWanted = (user: User) =>
      (team === undefined || user.teamId === team) &&
      (query.is_active === undefined || flag(query.is_active) === !user.deleted)
    const page = offsetPage(people(call).filter(isWanted), limit(query.limit, 100, 100), query.cursor)
    return done({ users: page.items.map(memberView), response_metadata: { next_cursor: page.next } })
  },

  'admin.users.invite': (call) => {
    administrator(call)
    const { query } = call
    const team = orgTeam(call)
    const email = String(query.email)
    if (!email.includes('@')) throw fail('invalid_email')
    if (call.tables.users.by('email', email.toLowerCase())) throw fail('already_in_team')
    const ids = list(query.channel_ids)
    if (ids.length === 0) throw fail('channel_not_found')
    const channels = ids.map((id) => orgChannel(call, id))
    const role = flag(query.is_ultra_restricted)
      ? 'single_channel_guest'
      : flag(query.is_restricted)
        ? 'guest'
        : 'member'
    const name = email.split('@')[0]?.toLowerCase() ?? email
    const user = newUser(call, { teamId: team.id, name, realName: text(query.real_name) ?? name, email, role })
    const general = role === 'member' ? channelNamed(call, team.id, 'general') : undefined
    welcome(call, user, general ? [general] : [])
    for (const channel of channels) if (!isMember(call, channel.id, user.id)) joinChannel(call, channel, user)
    return done()
  },

  'admin.users.assign': (call) => {
    administrator(call)
    const team = orgTeam(call)
    const user = orgUser(call)
    if (user.teamId === team.id) throw fail('user_already_team_member')
    const ids = list(call.query.channel_ids)
    for (const channel of ids.map((id) => orgChannel(call, id))) joinChannel(call, channel, user)
    return done()
  },

  'admin.users.remove': (call) => {
    administrator(call)
    orgTeam(call)
    const user = orgUser(call)
    if (user.role === 'primary_owner') throw fail('cannot_remove_primary_owner')
    call.tables.users.replace({ ...user, deleted: true, updated: seconds(call.now) })
    return done()
  },

  'admin.users.setAdmin': (call) => setRole(call, 'admin'),
  'admin.users.setOwner': (call) => setRole(call, 'owner'),
  'admin.users.setRegular': (call) => setRole(call, 'member'),

  'admin.users.setExpiration': (call) => {
    administrator(call)
    const user = orgUser(call)
    if (!user.role.includes('guest')) throw fail('not_a_guest')
    const at = whole(call.query.expiration_ts)
    if (!at || at <= seconds(call.now)) throw fail('invalid_expiration_ts')
    call.tables.users.replace({ ...user, expiration: at })
    return done()
  },

  'admin.users.getExpiration': (call) => {
    administrator(call)
    return done({
      expiration_ts:
        orgUser(call, String((call.query as { user?: string }).user ?? call.query.user_id)).expiration ?? 0,
    })
  },

  /** Slackbot sends a table. Every version of Slack's apps is supported here, so nobody is in it. */
  'admin.users.unsupportedVersions.export': (call) => {
    sendCsv(call, administrator(call), 'unsupported-versions.csv', [], ['user_id', 'email', 'device', 'version'])
    return done()
  },

  'admin.analytics.getFile': (call) => {
    administrator(call)
    const { query } = call
    const date = text(query.date)
    const isMetadata = flag(query.metadata_only)
    if (query.type !== 'member' && query.type !== 'public_channel') throw fail('invalid_type')
    if (isMetadata && query.type === 'member') throw fail('metadata_not_available')
    if (!isMetadata && (date === undefined || !/^\d{4}-\d{2}-\d{2}$/.test(date))) throw fail('invalid_date')
    if (date !== undefined && Date.parse(date) + DAY * 1000 > call.now) throw fail('file_not_yet_available')
    const rows = analytics(call, query.type, isMetadata ? undefined : date)
    return { status: 200, body: newline(rows), headers: { 'content-type': 'application/gzip' } }
  },
})
