import { actor, hasScope, isBot, missingScope, type SlackCall, workspace } from '../caller.ts'
import {
  addMember,
  canSee,
  conversation,
  isDirect,
  isMember,
  membership,
  membersOf,
  newConversation,
  requireActive,
  requireChannel,
  requireMember,
} from '../conversations.ts'
import { done, fail } from '../errors.ts'
import { announce } from '../events.ts'
import { seconds } from '../ids.ts'
import { channelCreated, joinChannel, leaveChannel } from '../membership.ts'
import { systemMessage } from '../messages.ts'
import { flag, limit, list, text } from '../rules/arguments.ts'
import { requireChannelName } from '../rules/channelNames.ts'
import { cursorPage } from '../rules/cursors.ts'
import { escapeAll } from '../rules/mrkdwn.ts'
import { KIND_OF_TYPE, scopesFor } from '../rules/scopes.ts'
import { parseTimestamp } from '../rules/timestamps.ts'
import type { Conversation } from '../tables.ts'
import { conversationView } from '../views/conversations.ts'
import { operations } from './define.ts'

const MAX_NOTE = 250

/** The kinds a `types` argument asks for, each of which needs its own scope. */
function requestedKinds(call: SlackCall, types: unknown): Set<Conversation['kind']> {
  const names = list(types)
  const kinds = (names.length > 0 ? names : ['public_channel']).map((name) => KIND_OF_TYPE[name])
  if (kinds.includes(undefined)) throw fail('invalid_types')
  const needed = (kinds as Conversation['kind'][]).flatMap((kind) => scopesFor(kind, 'read', isBot(call.caller)))
  if (!needed.every((scope) => hasScope(call.caller, scope))) throw missingScope(call.caller, needed)
  return new Set(kinds as Conversation['kind'][])
}

function isListed(call: SlackCall, channel: Conversation, userId: string): boolean {
  const member = membership(call, channel.id, userId)
  if (isDirect(channel)) return member?.open === true
  return member !== undefined || canSee(call, channel, call.tables.users.get(userId))
}

/** Topic and purpose: the same rules, events and system message under two names. */
function setNote(call: SlackCall, name: 'topic' | 'purpose', value: string) {
  const channel = conversation(call, (call.query as { channel: string }).channel, 'write.topic')
  const user = actor(call.caller)
  if (channel.kind === 'im') throw fail('method_not_supported_for_channel_type')
  requireMember(call, channel, user)
  requireActive(channel)
  if ([...value].length > MAX_NOTE) throw fail('too_long')
  const note = { value: escapeAll(value), creator: user.id, last_set: seconds(call.now) }
  const changed = call.tables.conversations.replace({ ...channel, [name]: note, updated: call.now })
  const kind = channel.kind === 'private' ? 'group' : 'channel'
  const what = name === 'topic' ? 'topic' : 'description' // the purpose is called so since 2020; recorded
  const said = value === '' ? `cleared the channel ${what}` : `set the channel ${what}: ${note.value}`
  systemMessage(call, changed, `${kind}_${name}`, user.id, said, { [name]: note.value })
  return changed
}

export const conversations = operations({
  'conversations.list': (call) => {
    const { query, tables, caller } = call
    const kinds = requestedKinds(call, query.types)
    const user = actor(caller)
    const size = limit(query.limit, 100, 1000)
    const noArchived = flag(query.exclude_archived)
    const visible = tables.conversations
      .rows()
      .filter(
        (channel) => kinds.has(channel.kind) && !(noArchived && channel.archived) && isListed(call, channel, user.id),
      )
    const page = cursorPage('team', visible, (channel) => channel.id, size, query.cursor)
    const channels = page.items.map((channel) =>
      conversationView(call, channel, user, { numMembers: !isDirect(channel) }),
    )
    return done({ channels, response_metadata: { next_cursor: page.next } })
  },

  'users.conversations': (call) => {
    const { query, tables, caller } = call
    const kinds = requestedKinds(call, query.types)
    const me = actor(caller)
    const whose = text(query.user) ?? me.id
    if (!tables.users.has(whose)) throw fail('user_not_found')
    const size = limit(query.limit, 100, 1000)
    const noArchived = flag(query.exclude_archived)
    const theirs = tables.memberships
      .scan('user', { prefix: whose })
      .map((row) => tables.conversations.get(row.channel) as Conversation)
      .filter((channel) => kinds.has(channel.kind) && !(noArchived && channel.archived) && canSee(call, channel, me))
    const page = cursorPage('team', theirs, (channel) => channel.id, size, query.cursor)
    const channels = page.items.map((channel) => conversationView(call, channel, me, { membership: false }))
    return done({ channels, response_metadata: { next_cursor: page.next } })
  },

  'conversations.info': (call) => {
    const channel = conversation(call, call.query.channel, 'read')
    const options = { numMembers: flag(call.query.include_num_members), locale: flag(call.query.include_locale) }
    return done({ channel: conversationView(call, channel, actor(call.caller), { ...options, readState: true }) })
  },

  'conversations.members': (call) => {
    const channel = conversation(call, call.query.channel, 'read')
    const rows = call.tables.memberships.scan('channel', { prefix: channel.id })
    const page = cursorPage('user', rows, (row) => row.user, limit(call.query.limit, 100, 1000), call.query.cursor)
    return done({ members: page.items.map((row) => row.user), response_metadata: { next_cursor: page.next } })
  },

  'conversations.create': (call) => {
    const { query, caller } = call
    const user = actor(caller)
    const kind = flag(query.is_private) ? 'private' : 'public'
    const accepted = scopesFor(kind, 'write', isBot(caller))
    if (!accepted.some((scope) => hasScope(caller, scope))) throw missingScope(caller, accepted)
    const { id: teamId } = workspace(call)
    const name = requireChannelName(call, teamId, query.name)
    const channel = newConversation(call, { kind, name, creator: user.id, teamId })
    addMember(call, channel.id, user.id)
    channelCreated(call, channel, user)
    return done({ channel: { ...conversationView(call, channel, user, { readState: true }), priority: 0 } })
  },

  'conversations.join': (call) => {
    const channel = conversation(call, call.query.channel)
    const user = actor(call.caller)
    if (channel.kind !== 'public') throw fail('method_not_supported_for_channel_type')
    requireActive(channel)
    const already = isMember(call, channel.id, user.id)
    if (!already) joinChannel(call, channel, user)
    const view = conversationView(call, channel, user, { readState: true })
    if (!already) return done({ channel: view })
    return done({
      channel: view,
      warning: 'already_in_channel',
      response_metadata: { warnings: ['already_in_channel'] },
    })
  },

  'conversations.leave': (call) => {
    const channel = conversation(call, call.query.channel, 'write')
    const user = actor(call.caller)
    requireChannel(channel)
    if (!isMember(call, channel.id, user.id)) return done({ not_in_channel: true })
    if (channel.isGeneral) throw fail('cant_leave_general')
    if (channel.kind === 'private' && membersOf(call, channel.id).length === 1) throw fail('last_member')
    leaveChannel(call, channel, user)
    return done()
  },

  'conversations.kick': (call) => {
    const channel = conversation(call, call.query.channel, 'write')
    const user = actor(call.caller)
    requireChannel(channel)
    requireMember(call, channel, user)
    const target = call.tables.users.get(text(call.query.user) ?? '')
    if (!target) throw fail('user_not_found')
    if (target.id === user.id) throw fail('cant_kick_self')
    if (channel.isGeneral) throw fail('cant_kick_from_general')
    if (!isMember(call, channel.id, target.id)) throw fail('not_in_channel')
    leaveChannel(call, channel, target)
    return done({ errors: {} })
  },

  'conversations.invite': (call) => {
    const channel = conversation(call, call.query.channel, 'write.invites')
    const inviter = actor(call.caller)
    if (isDirect(channel)) throw fail('method_not_supported_for_channel_type')
    requireMember(call, channel, inviter)
    requireActive(channel)
    const ids = list(call.query.users)
    if (ids.length === 0) throw fail('no_user')
    const verdicts = ids.map((id) => ({ id, error: invitationError(call, channel, id, inviter.id) }))
    const errors = verdicts.flatMap(({ id, error }) => (error ? [{ user: id, ok: false, error }] : []))
    const first = errors[0]
    if (first && (!flag(call.query.force) || errors.length === ids.length)) throw fail(first.error, { errors })
    for (const { id, error } of verdicts) {
      const invited = error ? undefined : call.tables.users.get(id)
      if (invited) joinChannel(call, channel, invited, inviter)
    }
    const view = conversationView(call, channel, inviter, { readState: true })
    return done({ channel: view, ...(first ? { errors } : {}) })
  },

  'conversations.archive': (call) => {
    const channel = conversation(call, call.query.channel, 'write')
    const user = actor(call.caller)
    requireChannel(channel)
    if (channel.isGeneral) throw fail('cant_archive_general')
    if (channel.archived) throw fail('already_archived')
    requireMember(call, channel, user)
    const kind = channel.kind === 'private' ? 'group' : 'channel'
    systemMessage(call, channel, `${kind}_archive`, user.id, 'archived the channel')
    call.tables.conversations.replace({ ...channel, archived: true, updated: call.now })
    announce(
      call,
      { type: `${kind}_archive`, channel: channel.id, user: user.id, is_moved: 0 },
      { channel: channel.id },
    )
    return done()
  },

  'conversations.unarchive': (call) => {
    const channel = conversation(call, call.query.channel, 'write')
    const user = actor(call.caller)
    requireChannel(channel)
    if (!channel.archived) throw fail('not_archived')
    if (isBot(call.caller)) requireMember(call, channel, user)
    const open = call.tables.conversations.replace({ ...channel, archived: false, updated: call.now })
    const kind = channel.kind === 'private' ? 'group' : 'channel'
    if (!isMember(call, channel.id, user.id)) addMember(call, channel.id, user.id)
    systemMessage(call, open, `${kind}_unarchive`, user.id, 'un-archived the channel')
    announce(call, { type: `${kind}_unarchive`, channel: channel.id, user: user.id }, { channel: channel.id })
    return done()
  },

  'conversations.rename': (call) => {
    const channel = conversation(call, call.query.channel, 'write')
    const user = actor(call.caller)
    requireChannel(channel)
    requireMember(call, channel, user)
    requireActive(channel)
    const mayRename = channel.creator === user.id || user.role.endsWith('owner') || user.role === 'admin'
    if (!mayRename) throw fail('not_authorized')
    const name = requireChannelName(call, channel.teamId, call.query.name, channel.id)
    const previousNames = [channel.name, ...channel.previousNames.filter((old) => old !== name)]
    const renamed = call.tables.conversations.replace({ ...channel, name, previousNames, updated: call.now })
    const kind = channel.kind === 'private' ? 'group' : 'channel'
    systemMessage(
      call,
      renamed,
      `${kind}_name`,
      user.id,
      `has renamed the channel from "${channel.name}" to "${name}"`,
      {
        old_name: channel.name,
        name,
      },
    )
    const { id, created } = channel
    const brief = { id, name, name_normalized: name, created, is_channel: true, is_mpim: false }
    announce(call, { type: `${kind}_rename`, channel: brief }, { channel: channel.id })
    return done({ channel: conversationView(call, renamed, user, { readState: true }) })
  },

  'conversations.setTopic': (call) => {
    const channel = setNote(call, 'topic', text(call.query.topic) ?? '')
    return done({ channel: conversationView(call, channel, actor(call.caller), { readState: true, latest: true }) })
  },

  'conversations.setPurpose': (call) => {
    const channel = setNote(call, 'purpose', text(call.query.purpose) ?? '')
    return done({ channel: conversationView(call, channel, actor(call.caller), { readState: true }) })
  },

  'conversations.mark': (call) => {
    const channel = conversation(call, call.query.channel, 'write')
    const mine = membership(call, channel.id, actor(call.caller).id)
    if (!mine) throw fail('not_in_channel')
    const ts = parseTimestamp(call.query.ts)
    if (!ts) throw fail('invalid_timestamp')
    call.tables.memberships.put({ ...mine, lastRead: ts })
    return done()
  },
})

/** Why a person cannot be invited; nothing when they can. */
function invitationError(call: SlackCall, channel: Conversation, id: string, inviter: string): string | undefined {
  const user = call.tables.users.get(id)
  if (!user || user.deleted) return 'user_not_found'
  if (user.id === inviter) return 'cant_invite_self'
  if (isMember(call, channel.id, user.id)) return 'already_in_channel'
  const isSingle = user.role === 'single_channel_guest'
  return isSingle &&
    call.tables.memberships.scan('user', { prefix: user.id }).some((row) => row.channel.startsWith('C'))
    ? 'ura_max_channels'
    : undefined
}
