import type { SlackMoment } from './caller.ts'
import { canSee, isMember } from './conversations.ts'
import type { Announcement } from './events.ts'
import { WORKSPACE_WIDE } from './rules/workspaceEvents.ts'
import type { Conversation, Json, RtmSession, User } from './tables.ts'
import { conversationView } from './views/conversations.ts'
import { presenceOf } from './views/users.ts'

/** What Real Time Messaging sessions hear: events as their user sees them, and presence they subscribed to. */

/** Tells sessions that watch a person. */
export function announcePresence(moment: SlackMoment, user: User): void {
  for (const session of moment.tables.rtmSessions.all()) {
    if (session.userId === user.id) moment.push(session.id, manualPresence(user))
    if (session.presenceOf.includes(user.id)) sendPresence(moment, session, user)
  }
}

const manualPresence = (user: User) => ({ type: 'manual_presence_change', presence: presenceOf(user) })

export function sendPresence(moment: SlackMoment, session: RtmSession, user: User | undefined): void {
  if (!user) return
  const who = session.batchPresence ? { users: [user.id] } : { user: user.id }
  moment.push(session.id, { type: 'presence_change', ...who, presence: presenceOf(user) })
}

/** Passes an announced event on to the sessions whose user sees it. What is meant for one app alone is not. */
export function sendToSessions(
  moment: SlackMoment,
  { event, appId, user: whose }: Announcement,
  channel: Conversation | undefined,
): void {
  if (appId !== undefined || moment.tables.rtmSessions.size === 0) return
  const { channel_type: _, ...frame } = event
  for (const session of moment.tables.rtmSessions.all()) {
    const me = moment.tables.users.get(session.userId)
    if (!me || (whose !== undefined && whose !== me.id)) continue
    if (channel && !hears(moment, channel, me, event)) continue
    if (isOwnEcho(moment, session, event)) continue
    const own = event.user === me.id ? comingAndGoing(moment, channel, me, event.type) : undefined
    if (own) moment.push(session.id, own)
    moment.push(session.id, frame)
  }
}

/** Members hear what happens in a channel; news about public ones reach all, and whoever leaves hears that. */
const hears = (moment: SlackMoment, channel: Conversation, me: User, event: Json & { type: string }): boolean =>
  isMember(moment, channel.id, me.id) ||
  (event.type === 'member_left_channel' && event.user === me.id) ||
  (WORKSPACE_WIDE.has(event.type) && canSee(moment, channel, me))

/** A session is not sent the message it spoke itself; it had the reply. */
const isOwnEcho = (moment: SlackMoment, session: RtmSession, event: Json): boolean =>
  event.type === 'message' &&
  event.subtype === undefined &&
  moment.tables.messages.get(`${String(event.channel)}:${String(event.ts)}`)?.spokenIn === session.id

/** Frames of their own for the user who came or went. */
function comingAndGoing(
  moment: SlackMoment,
  channel: Conversation | undefined,
  me: User,
  type: string,
): Json | undefined {
  if (!channel) return undefined
  const kind = channel.kind === 'private' ? 'group' : 'channel'
  if (type === 'member_joined_channel')
    return { type: `${kind}_joined`, channel: conversationView(moment, channel, me, { readState: true }) }
  return type === 'member_left_channel' ? { type: `${kind}_left`, channel: channel.id } : undefined
}
