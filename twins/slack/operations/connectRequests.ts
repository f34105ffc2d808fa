import type { SlackCall } from '../caller.ts'
import { done, fail } from '../errors.ts'
import { announce } from '../events.ts'
import { newId, seconds } from '../ids.ts'
import { flag, json, limit, list, text } from '../rules/arguments.ts'
import { offsetPage } from '../rules/cursors.ts'
import type { ConnectRequest, Conversation, Json, Team, User } from '../tables.ts'
import { userView } from '../views/users.ts'
import { operations } from './define.ts'
import { teamView } from './team.ts'

/** Requests of people to invite somebody outside to a channel, and what administrators decide. */

const MAX_MESSAGE = 560

/** A request of the caller's workspace that nobody has decided. */
function pending(call: SlackCall): ConnectRequest {
  const row = call.tables.connectRequests.get(String((call.query as { invite_id?: string }).invite_id))
  if (!row || row.teamId !== call.caller.team.id) throw fail('invite_not_found')
  if (row.status !== 'pending')
    throw fail(row.status === 'approved' ? 'invite_already_approved' : 'invite_already_denied')
  if (row.expires <= seconds(call.now)) throw fail('invite_expired')
  return row
}

const decide = (call: SlackCall, row: ConnectRequest, changes: Partial<ConnectRequest>): ConnectRequest =>
  call.tables.connectRequests.replace({ ...row, ...changes, updated: seconds(call.now) })

function short(message: string | undefined): void {
  if (message !== undefined && message.length > MAX_MESSAGE) throw fail('message_too_long')
}

function requestView(call: SlackCall, row: ConnectRequest): object {
  const channel = call.tables.conversations.get(row.channel) as Conversation
  const team = teamView(call.tables.teams.get(row.teamId) as Team)
  const isPrivate = channel.kind === 'private'
  return {
    id: row.id,
    date_created: row.created,
    date_last_updated: row.updated,
    expires_at: row.expires,
    inviting_team: team,
    inviting_user: userView(call.tables.users.get(row.requester) as User, { email: true }, call.now),
    is_external_limited: row.externalLimited,
    is_sponsored: false,
    target_user: { recipient_email: row.email },
    channel: {
      id: channel.id,
      name: channel.name,
      is_im: false,
      is_private: isPrivate,
      date_created: channel.created,
      connections: [{ team, is_private: isPrivate }],
      pending_connections: [],
      previous_connections: [],
    },
    ...(row.status === 'approved' ? { date_approved: row.updated } : {}),
    ...(row.status === 'denied' ? { date_denied: row.updated } : {}),
  }
}

export const connectRequests = operations({
  'conversations.requestSharedInvite.list': (call) => {
    const { query } = call
    const ids = list(query.invite_ids)
    const user = text(query.user_id)
    const isWanted = (row: ConnectRequest) =>
      row.teamId === call.caller.team.id &&
      (ids.length === 0 || ids.includes(row.id)) &&
      (user === undefined || user === row.requester) &&
      (row.status !== 'approved' || flag(query.include_approved)) &&
      (row.status !== 'denied' || flag(query.include_denied)) &&
      (row.status !== 'pending' || row.expires > seconds(call.now) || flag(query.include_expired))
    const rows = call.tables.connectRequests.all().filter(isWanted)
    const page = offsetPage(rows, limit(query.limit, 200, 1000), query.cursor)
    return done({
      invite_requests: page.items.map((row) => requestView(call, row)),
      response_metadata: { next_cursor: page.next },
    })
  },

  /** The invitation goes out in the name of who asked. */
  'conversations.requestSharedInvite.approve': (call) => {
    const { query, tables } = call
    const row = pending(call)
    const message = json(query.message) as Json | undefined
    if (message && (typeof message.text !== 'string' || message.is_override === undefined))
      throw fail('invalid_arguments')
    short(message?.text as string | undefined)
    const channel = tables.conversations.get(text(query.channel_id) ?? row.channel)
    if (!channel || channel.teamId !== row.teamId) throw fail('channel_not_found')
    const invite = tables.connectInvites.insert({
      id: newId(call.random, 'invite'),
      channel: channel.id,
      hostTeam: row.teamId,
      inviter: row.requester,
      userIds: [],
      emails: [row.email],
      externalLimited: flag(query.is_external_limited, row.externalLimited),
      status: 'sent',
      created: seconds(call.now),
    })
    decide(call, row, { status: 'approved', channel: channel.id })
    const about = { invite: { id: invite.id }, channel: { id: channel.id, name: channel.name } }
    announce(call, { type: 'shared_channel_invite_received', ...about })
    return done({ invite_id: invite.id })
  },

  'conversations.requestSharedInvite.deny': (call) => {
    const row = pending(call)
    short(text(call.query.message))
    decide(call, row, { status: 'denied' })
    return done({ invite_id: row.id })
  },
})
