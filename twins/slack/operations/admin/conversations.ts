import type { SlackCall } from '../../caller.ts'
import { disconnect } from '../../connections.ts'
import { addMember, isMember, membersOf, newConversation } from '../../conversations.ts'
import { done, fail } from '../../errors.ts'
import { announce } from '../../events.ts'
import { channelCreated, joinChannel } from '../../membership.ts'
import { systemMessage } from '../../messages.ts'
import { flag, json, limit, list, text, whole } from '../../rules/arguments.ts'
import { requireChannelName } from '../../rules/channelNames.ts'
import { offsetPage } from '../../rules/cursors.ts'
import type { Conversation, Json } from '../../tables.ts'
import { operations } from '../define.ts'
import { administrator, channelsOf, orgChannel, orgTeam, orgTeams, usersOf } from './gate.ts'

const MAX_RETENTION = 36_500

function setArchived(call: SlackCall, channel: Conversation, archived: boolean): void {
  if (channel.archived === archived) throw fail(archived ? 'already_archived' : 'channel_not_archived')
  if (archived && channel.isGeneral) throw fail('default_org_wide_channel')
  const { id: user } = administrator(call)
  const kind = channel.kind === 'private' ? 'group' : 'channel'
  call.tables.conversations.replace({ ...channel, archived, updated: call.now })
  announce(
    call,
    { type: `${kind}_${archived ? 'archive' : 'unarchive'}`, channel: channel.id, user },
    { channel: channel.id },
  )
}

function setPrivate(call: SlackCall, kind: 'public' | 'private'): void {
  administrator(call)
  const channel = orgChannel(call)
  if (channel.isGeneral) throw fail('default_org_wide_channel')
  if (channel.kind === kind) throw fail(kind === 'private' ? 'channel_type_not_supported' : 'channel_not_private')
  const name = text((call.query as { name?: string }).name)
  call.tables.conversations.replace({ ...channel, kind, ...(name ? { name } : {}), updated: call.now })
}

function removeChannel(call: SlackCall, channel: Conversation): void {
  const { conversations, memberships, messages } = call.tables
  if (channel.isGeneral) throw fail('default_org_wide_channel')
  announce(call, { type: 'channel_deleted', channel: channel.id, actor_id: call.caller.user?.id })
  for (const user of membersOf(call, channel.id)) memberships.remove(`${channel.id}:${user}`)
  for (const row of messages.where('channel', channel.id)) messages.remove(`${row.channel}:${row.ts}`)
  conversations.remove(channel.id)
}

const bulk = (call: SlackCall) => done({ bulk_action_id: String(call.sequence('bulk', 1000)), not_added: [] })

const channelView = (call: SlackCall, channel: Conversation) => ({
  id: channel.id,
  name: channel.name,
  purpose: channel.purpose.value,
  member_count: membersOf(call, channel.id).length,
  created: channel.created,
  creator_id: channel.creator,
  is_private: channel.kind === 'private',
  is_archived: channel.archived,
  is_general: channel.isGeneral,
  last_activity_ts: 0,
  is_ext_shared: (channel.connectedTeams?.length ?? 0) > 0,
  is_global_shared: false,
  is_org_default: false,
  is_org_mandatory: false,
  is_org_shared: (channel.orgTeams?.length ?? 0) > 0,
  is_frozen: false,
  internal_team_ids_count: 1 + (channel.orgTeams?.length ?? 0),
  context_team_id: channel.teamId,
})

export const adminConversations = operations({
  'admin.conversations.archive': (call) => {
    administrator(call)
    setArchived(call, orgChannel(call), true)
    return done()
  },
  'admin.conversations.unarchive': (call) => {
    administrator(call)
    setArchived(call, orgChannel(call), false)
    return done()
  },
  'admin.conversations.convertToPrivate': (call) => {
    setPrivate(call, 'private')
    return done()
  },
  'admin.conversations.convertToPublic': (call) => {
    setPrivate(call, 'public')
    return done()
  },

  'admin.conversations.create': (call) => {
    const user = administrator(call)
    const { query } = call
    const team = flag(query.org_wide) ? call.caller.team : orgTeam(call)
    const name = requireChannelName(call, team.id, query.name)
    const channel = newConversation(call, {
      kind: flag(query.is_private) ? 'private' : 'public',
      name,
      creator: user.id,
      teamId: team.id,
      purpose: { value: text(query.description) ?? '', creator: user.id, last_set: 0 },
      ...(flag(query.org_wide)
        ? {
            orgTeams: orgTeams(call)
              .map(({ id }) => id)
              .filter((id) => id !== team.id),
          }
        : {}),
    })
    addMember(call, channel.id, user.id)
    channelCreated(call, channel, user)
    return done({ channel_id: channel.id })
  },

  'admin.conversations.delete': (call) => {
    administrator(call)
    removeChannel(call, orgChannel(call))
    return done()
  },

  'admin.conversations.rename': (call) => {
    const user = administrator(call)
    const channel = orgChannel(call)
    const name = requireChannelName(call, channel.teamId, call.query.name, channel.id)
    const previousNames = [channel.name, ...channel.previousNames]
    const renamed = call.tables.conversations.replace({ ...channel, name, previousNames, updated: call.now })
    systemMessage(
      call,
      renamed,
      'channel_name',
      user.id,
      `has renamed the channel from "${channel.name}" to "${name}"`,
      { old_name: channel.name, name },
    )
    return done()
  },

  'admin.conversations.invite': (call) => {
    const inviter = administrator(call)
    const channel = orgChannel(call)
    const users = usersOf(call)
    if (users.length === 0) throw fail('user_must_be_admin')
    for (const user of users) if (!isMember(call, channel.id, user.id)) joinChannel(call, channel, user, inviter)
    return done()
  },

  'admin.conversations.search': (call) => {
    administrator(call)
    const { query } = call
    const words = (text(query.query) ?? '').toLowerCase()
    const teams = list(query.team_ids)
    const types = list(query.search_channel_types)
    const found = call.tables.conversations
      .all()
      .filter((channel) => channel.kind === 'public' || channel.kind === 'private')
      .filter((channel) => channel.name.includes(words) && (teams.length === 0 || teams.includes(channel.teamId)))
      .filter((channel) =>
        types.every((type) =>
          type === 'private' ? channel.kind === 'private' : type === 'archived' ? channel.archived : true,
        ),
      )
    const page = offsetPage(found, limit(query.limit, 10, 20), query.cursor)
    return done({
      conversations: page.items.map((channel) => channelView(call, channel)),
      total_count: found.length,
      next_cursor: page.next,
    })
  },

  'admin.conversations.lookup': (call) => {
    administrator(call)
    const { query } = call
    const before = whole(query.last_message_activity_before) ?? 0
    const quiet = call.tables.conversations.all().filter((channel) => {
      if (channel.kind !== 'public' && channel.kind !== 'private') return false
      const latest = call.tables.messages.scan('channel', { prefix: channel.id, reverse: true }).next().value
      return list(query.team_ids).includes(channel.teamId) && Number(latest?.ts ?? 0) < before
    })
    const page = offsetPage(quiet, limit(query.limit, 100, 1000), query.cursor)
    return done({ channel_ids: page.items.map(({ id }) => id), response_metadata: { next_cursor: page.next } })
  },

  'admin.conversations.getTeams': (call) => {
    administrator(call)
    const channel = orgChannel(call)
    const page = offsetPage(
      [channel.teamId, ...(channel.orgTeams ?? [])],
      limit(call.query.limit, 100, 1000),
      call.query.cursor,
    )
    return done({ team_ids: page.items, response_metadata: { next_cursor: page.next } })
  },

  'admin.conversations.setTeams': (call) => {
    administrator(call)
    const channel = orgChannel(call)
    const ids = flag(call.query.org_channel) ? orgTeams(call).map(({ id }) => id) : list(call.query.target_team_ids)
    if (ids.some((id) => !call.tables.teams.has(id))) throw fail('team_not_found')
    call.tables.conversations.replace({ ...channel, orgTeams: ids.filter((id) => id !== channel.teamId) })
    return done({ channel: channel.id })
  },

  'admin.conversations.getConversationPrefs': (call) => {
    administrator(call)
    const anyone = { type: ['everyone'], user: [] }
    const { prefs } = orgChannel(call)
    return done({ prefs: { who_can_post: anyone, can_thread: anyone, can_huddle: anyone, ...prefs } })
  },

  'admin.conversations.setConversationPrefs': (call) => {
    administrator(call)
    const channel = orgChannel(call)
    const prefs = json(call.query.prefs)
    if (typeof prefs !== 'object' || prefs === null) throw fail('invalid_arguments')
    call.tables.conversations.replace({ ...channel, prefs: { ...channel.prefs, ...(prefs as Json) } })
    return done()
  },

  'admin.conversations.getCustomRetention': (call) => {
    administrator(call)
    const { retentionDays = 0 } = orgChannel(call)
    return done({ is_policy_enabled: retentionDays > 0, duration_days: retentionDays })
  },

  'admin.conversations.setCustomRetention': (call) => {
    administrator(call)
    const days = whole(call.query.duration_days)
    if (!days || days < 1 || days > MAX_RETENTION) throw fail('invalid_duration')
    call.tables.conversations.replace({ ...orgChannel(call), retentionDays: days })
    return done()
  },

  'admin.conversations.removeCustomRetention': (call) => {
    administrator(call)
    const { retentionDays: _, ...channel } = orgChannel(call)
    call.tables.conversations.replace(channel)
    return done()
  },

  'admin.conversations.bulkArchive': (call) => {
    administrator(call)
    for (const channel of channelsOf(call)) if (!channel.archived) setArchived(call, channel, true)
    return bulk(call)
  },
  'admin.conversations.bulkDelete': (call) => {
    administrator(call)
    for (const channel of channelsOf(call)) removeChannel(call, channel)
    return bulk(call)
  },
  'admin.conversations.bulkMove': (call) => {
    administrator(call)
    const team = orgTeam(call, 'target_team_id')
    for (const channel of channelsOf(call)) call.tables.conversations.replace({ ...channel, teamId: team.id })
    return bulk(call)
  },
  'admin.conversations.disconnectShared': (call) => {
    administrator(call)
    const channel = orgChannel(call)
    const connected = channel.connectedTeams ?? []
    const leaving = list(call.query.leaving_team_ids)
    if (connected.length === 0) throw fail('channel_not_shared')
    connected
      .filter((id) => leaving.length === 0 || leaving.includes(id))
      .reduce((row, team) => disconnect(call, row, team), channel)
    return done()
  },
})
