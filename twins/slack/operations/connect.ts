import { actor, type SlackCall, sameOrg } from '../caller.ts'
import { addMember, conversation, requireActive, requireMember } from '../conversations.ts'
import { done, fail } from '../errors.ts'
import { announce } from '../events.ts'
import { newId, seconds } from '../ids.ts'
import { flag, limit, list, text } from '../rules/arguments.ts'
import { offsetPage } from '../rules/cursors.ts'
import type { ConnectInvite, Conversation, Team } from '../tables.ts'
import { operations } from './define.ts'
import { teamView } from './team.ts'

/** Slack Connect: a channel of one workspace, shared with another of the same universe. */

function inviteView(call: SlackCall, row: ConnectInvite): object {
  const host = call.tables.teams.get(row.hostTeam) as Team
  const channel = call.tables.conversations.get(row.channel) as Conversation
  return {
    direction: row.hostTeam === call.caller.team.id ? 'outgoing' : 'incoming',
    status: row.status,
    date_last_updated: row.created,
    invite_type: 'channel',
    invite: {
      id: row.id,
      date_created: row.created,
      date_invalid: row.created + 14 * 86_400,
      inviting_team: teamView(host),
      inviting_user: { id: row.inviter, team_id: row.hostTeam },
      ...(row.emails[0] ? { recipient_email: row.emails[0] } : {}),
      ...(row.userIds[0] ? { recipient_user_id: row.userIds[0] } : {}),
    },
    channel: { id: channel.id, name: channel.name, is_private: channel.kind === 'private', is_im: false },
  }
}

function known(call: SlackCall, id: unknown): ConnectInvite {
  const row = call.tables.connectInvites.get(String(id ?? ''))
  if (!row) throw fail('invite_not_found')
  return row
}

/** `shared_channel_invite_accepted`, `…_approved`, `…_declined`. */
function tell(call: SlackCall, row: ConnectInvite, what: 'accepted' | 'approved' | 'declined'): void {
  const { id, name } = call.tables.conversations.get(row.channel) as Conversation
  announce(call, { type: `shared_channel_invite_${what}`, invite: { id: row.id }, channel: { id, name } })
}

/** The channel is shared: both sides see it, and who accepted is in. */
function share(call: SlackCall, row: ConnectInvite): void {
  const channel = call.tables.conversations.get(row.channel) as Conversation
  const target = row.targetTeam as string
  const connectedTeams = [...new Set([...(channel.connectedTeams ?? []), target])]
  const invitingTeams = row.externalLimited ? (channel.invitingTeams ?? []) : [...(channel.invitingTeams ?? []), target]
  call.tables.conversations.replace({ ...channel, connectedTeams, invitingTeams, updated: call.now })
  if (row.acceptedBy) addMember(call, channel.id, row.acceptedBy)
  announce(call, { type: 'channel_shared', channel: channel.id, connected_team_id: target }, { channel: channel.id })
}

export const connect = operations({
  'conversations.inviteShared': (call) => {
    const { query, tables } = call
    const channel = conversation(call, query.channel)
    const inviter = actor(call.caller)
    if (call.caller.team.plan === 'free') throw fail('not_paid')
    if (channel.kind === 'im' || channel.kind === 'mpim') throw fail('invalid_channel_type')
    if (channel.isGeneral) throw fail('cannot_share_mandatory_channel')
    if (channel.archived) throw fail('channel_archived')
    const isHost = sameOrg(call, channel.teamId, call.caller.team.id)
    if (!isHost && !channel.invitingTeams?.includes(call.caller.team.id)) throw fail('no_external_invite_permission')
    requireMember(call, channel, inviter)
    const userIds = list(query.user_ids)
    const emails = list(query.emails)
    if (userIds.length === 0 && emails.length === 0) throw fail('recipients_not_specified')
    if (userIds.some((id) => !tables.users.has(id))) throw fail('user_not_found')
    if (emails.some((email) => !email.includes('@'))) throw fail('invalid_email')
    const row = tables.connectInvites.insert({
      id: newId(call.random, 'invite'),
      channel: channel.id,
      hostTeam: call.caller.team.id,
      inviter: inviter.id,
      userIds,
      emails,
      externalLimited: flag(query.external_limited, true),
      status: 'sent',
      created: seconds(call.now),
    })
    announce(call, {
      type: 'shared_channel_invite_received',
      invite: { id: row.id },
      channel: { id: channel.id, name: channel.name },
    })
    return done({ invite_id: row.id, is_legacy_shared_channel: false })
  },

  'conversations.acceptSharedInvite': (call) => {
    const { query } = call
    const byChannel = text(query.channel_id)
    const id = text(query.invite_id) ?? call.tables.connectInvites.rows().find((row) => row.channel === byChannel)?.id
    const row = known(call, id)
    if (row.status !== 'sent') throw fail('invite_used')
    if (row.hostTeam === call.caller.team.id) throw fail('invite_from_same_org')
    const host = call.tables.conversations.get(row.channel)
    if (!host) throw fail('invite_not_found')
    requireActive(host)
    const acceptedBy = actor(call.caller).id
    const waits = [row.hostTeam, call.caller.team.id].some((id) => call.tables.teams.get(id)?.approvesInvites)
    const accepted = call.tables.connectInvites.replace({
      ...row,
      status: waits ? 'accepted' : 'approved',
      acceptedBy,
      targetTeam: call.caller.team.id,
    })
    tell(call, accepted, 'accepted')
    if (!waits) share(call, accepted)
    return done({ implicit_approval: !waits, channel_id: row.channel, invite_id: row.id, can_open_scdm: true })
  },

  'conversations.approveSharedInvite': (call) => {
    const row = known(call, call.query.invite_id)
    if (row.status === 'approved') throw fail('already_approved')
    if (row.status !== 'accepted') throw fail('approval_not_found')
    const approved = call.tables.connectInvites.replace({ ...row, status: 'approved' })
    tell(call, approved, 'approved')
    share(call, approved)
    return done()
  },

  'conversations.declineSharedInvite': (call) => {
    const row = known(call, call.query.invite_id)
    if (row.status === 'approved' || row.status === 'declined') throw fail('inactive_invite')
    tell(call, call.tables.connectInvites.replace({ ...row, status: 'declined' }), 'declined')
    return done()
  },

  'conversations.listConnectInvites': (call) => {
    const mine = call.tables.connectInvites
      .all()
      .filter((row) => row.hostTeam === call.caller.team.id || row.targetTeam === call.caller.team.id)
    const page = offsetPage(mine, limit(call.query.count, 100, 1000), call.query.cursor)
    return done({
      invites: page.items.map((row) => inviteView(call, row)),
      response_metadata: { next_cursor: page.next },
    })
  },

  /** Whether the people of a connected workspace may invite others, or only post. */
  'conversations.externalInvitePermissions.set': (call) => {
    const channel = conversation(call, call.query.channel)
    const { target_team: target, action } = call.query
    if (action !== 'upgrade' && action !== 'downgrade') throw fail('invalid_action')
    if (!channel.connectedTeams?.includes(String(target))) throw fail('invalid_target_team')
    const others = (channel.invitingTeams ?? []).filter((id) => id !== target)
    const invitingTeams = action === 'upgrade' ? [...others, String(target)] : others
    call.tables.conversations.replace({ ...channel, invitingTeams, updated: call.now })
    return done()
  },

  /** Somebody of another organisation can be found by an e-mail that is theirs. */
  'users.discoverableContacts.lookup': (call) => {
    if (call.caller.team.enterpriseId === undefined) throw fail('not_an_enterprise')
    const email = text(call.query.email)?.toLowerCase() ?? ''
    if (!email.includes('@')) throw fail('invalid_arguments')
    const found = call.tables.users.by('email', email)
    const is_discoverable = found !== undefined && !found.deleted && !sameOrg(call, found.teamId, call.caller.team.id)
    return done({ is_discoverable })
  },
})
