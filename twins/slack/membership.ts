import type { SlackMoment } from './caller.ts'
import { addMember } from './conversations.ts'
import { announce } from './events.ts'
import { systemMessage } from './messages.ts'
import type { Conversation, User } from './tables.ts'

/** Coming and going, with what each tells the workspace. */

const kindOf = (channel: Conversation): string => (channel.kind === 'private' ? 'group' : 'channel')
const typeLetter = (channel: Conversation): string => (channel.kind === 'private' ? 'G' : 'C')

function announceJoined(moment: SlackMoment, channel: Conversation, user: User, inviter?: User): void {
  announce(
    moment,
    {
      type: 'member_joined_channel',
      user: user.id,
      channel: channel.id,
      channel_type: typeLetter(channel),
      team: user.teamId,
      ...(inviter ? { inviter: inviter.id } : {}),
    },
    { channel: channel.id },
  )
}

export function joinChannel(moment: SlackMoment, channel: Conversation, user: User, inviter?: User): void {
  addMember(moment, channel.id, user.id)
  const details = inviter ? { inviter: inviter.id } : {}
  systemMessage(
    moment,
    channel,
    `${kindOf(channel)}_join`,
    user.id,
    `<@${user.id}> has joined the ${kindOf(channel)}`,
    details,
  )
  announceJoined(moment, channel, user, inviter)
}

export function leaveChannel(moment: SlackMoment, channel: Conversation, user: User): void {
  systemMessage(moment, channel, `${kindOf(channel)}_leave`, user.id, `<@${user.id}> has left the ${kindOf(channel)}`)
  const event = {
    type: 'member_left_channel',
    user: user.id,
    channel: channel.id,
    channel_type: typeLetter(channel),
    team: user.teamId,
  }
  announce(moment, event, { channel: channel.id })
  moment.tables.memberships.remove(`${channel.id}:${user.id}`)
}

/** A new channel: its creator has joined; public ones are news to all. */
export function channelCreated(moment: SlackMoment, channel: Conversation, creator: User): void {
  if (channel.kind === 'public') {
    const { id, name, created } = channel
    announce(moment, {
      type: 'channel_created',
      channel: {
        id,
        is_channel: true,
        name,
        name_normalized: name,
        created,
        creator: creator.id,
        is_shared: false,
        is_org_shared: false,
        context_team_id: channel.teamId,
      },
    })
  }
  systemMessage(
    moment,
    channel,
    `${kindOf(channel)}_join`,
    creator.id,
    `<@${creator.id}> has joined the ${kindOf(channel)}`,
  )
  announceJoined(moment, channel, creator)
}
