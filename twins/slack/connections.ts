import type { SlackMoment } from './caller.ts'
import { membersOf, newConversation } from './conversations.ts'
import { announce } from './events.ts'
import type { Conversation } from './tables.ts'

/** Cuts a connection: the workspace that goes keeps a copy of the channel with its own people, the host the channel. */
export function disconnect(moment: SlackMoment, channel: Conversation, teamId: string): Conversation {
  const { conversations, memberships, users } = moment.tables
  const without = (ids: readonly string[] | undefined) => (ids ?? []).filter((id) => id !== teamId)
  const connectedTeams = without(channel.connectedTeams)
  const left = conversations.replace({
    ...channel,
    connectedTeams,
    invitingTeams: without(channel.invitingTeams),
    updated: moment.now,
  })
  const taken = conversations.by('name', [teamId, channel.name]) !== undefined
  const copy = newConversation(moment, {
    kind: channel.kind,
    name: taken ? `${channel.name}-disconnected` : channel.name,
    creator: channel.creator,
    teamId,
    topic: channel.topic,
    purpose: channel.purpose,
    original: { channel: channel.id, host: channel.teamId },
  })
  for (const member of membersOf(moment, channel.id)) {
    if (users.get(member)?.teamId !== teamId) continue
    const row = memberships.remove(`${channel.id}:${member}`)
    if (row) memberships.put({ ...row, channel: copy.id })
  }
  const event = { previously_connected_team_id: teamId, is_ext_shared: connectedTeams.length > 0 }
  announce(moment, { type: 'channel_unshared', channel: channel.id, ...event }, { channel: channel.id })
  return left
}
