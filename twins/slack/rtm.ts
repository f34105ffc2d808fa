import type { SocketSession } from '../../shared/kernel/twin.ts'
import type { SlackMoment } from './caller.ts'
import { isMember, membersOf } from './conversations.ts'
import { newBlockId, newId } from './ids.ts'
import { post } from './messages.ts'
import { sendPresence } from './rtmEvents.ts'
import { storedText } from './rules/mrkdwn.ts'
import { richText } from './rules/richText.ts'
import type { Json, RtmSession, SlackTables, Ticket, User } from './tables.ts'

/**
 * Real Time Messaging: a socket that sees the workspace as one user does, and speaks. Frames with an `id` are answered
 * with `reply_to`. Source: the RTM guide.
 */

type Frame = Json & { readonly type?: string; readonly id?: number }

const ERRORS = { channel: { code: 1, msg: 'invalid channel id' }, text: { code: 2, msg: 'message text is missing' } }

export function openRtm(
  moment: SlackMoment,
  ticket: Ticket | undefined,
  send: (text: string) => void,
): { channel: string; session: SocketSession<SlackTables> } | undefined {
  if (ticket?.userId === undefined) return undefined
  const { id } = moment.tables.rtmSessions.insert({
    id: newId(moment.random, 'event'),
    userId: ticket.userId,
    batchPresence: ticket.batchPresence ?? false,
    presenceOf: [],
  })
  return {
    channel: id,
    session: {
      open: () => send(JSON.stringify({ type: 'hello' })),
      message: (later, text) => receive(later, id, text, (frame) => send(JSON.stringify(frame))),
      close: (later) => void later.tables.rtmSessions.remove(id),
    },
  }
}

function receive(moment: SlackMoment, id: string, text: string, answer: (frame: object) => void): void {
  const session = moment.tables.rtmSessions.get(id)
  const me = moment.tables.users.get(session?.userId ?? '')
  const frame = parsed(text)
  if (!session || !me || !frame) return // what is no JSON object is not answered
  switch (frame.type) {
    case 'ping':
      answer({ ...frame, reply_to: frame.id, type: 'pong' })
      return
    case 'message':
      answer(speak(moment, session, me, frame))
      return
    case 'typing':
    case 'user_typing':
      typing(moment, me, frame)
      return
    case 'presence_sub':
      moment.tables.rtmSessions.replace({ ...session, presenceOf: ids(frame) })
      return
    case 'presence_query':
      for (const user of ids(frame)) sendPresence(moment, session, moment.tables.users.get(user))
  }
}

const ids = (frame: Frame): string[] => (Array.isArray(frame.ids) ? frame.ids.map(String) : [])

function parsed(text: string): Frame | undefined {
  try {
    const value: unknown = JSON.parse(text)
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Frame) : undefined
  } catch {
    return undefined
  }
}

/** A message typed into the socket: whoever sent it is told its timestamp, everyone else sees the event. */
function speak(moment: SlackMoment, session: RtmSession, me: User, frame: Frame): object {
  const channel = moment.tables.conversations.get(String(frame.channel ?? ''))
  const refused = (error: object) => ({ ok: false, reply_to: frame.id, error })
  if (!channel || channel.archived || !isMember(moment, channel.id, me.id)) return refused(ERRORS.channel)
  if (typeof frame.text !== 'string' || frame.text === '') return refused(ERRORS.text)
  const text = storedText(frame.text)
  const row = post(moment, channel, {
    user: me.id,
    ...(me.botId ? { botId: me.botId, appId: me.appId as string } : {}),
    text,
    blocks: [richText(text, newBlockId(moment.random))],
    spokenIn: session.id,
    ...(frame.thread_ts ? { threadTs: String(frame.thread_ts), broadcast: frame.reply_broadcast === true } : {}),
  })
  return { ok: true, reply_to: frame.id, ts: row.ts, text: row.text }
}

function typing(moment: SlackMoment, me: User, frame: Frame): void {
  const channel = String(frame.channel ?? '')
  if (!isMember(moment, channel, me.id)) return
  const members = new Set(membersOf(moment, channel))
  for (const session of moment.tables.rtmSessions.all()) {
    if (session.userId !== me.id && members.has(session.userId))
      moment.push(session.id, { type: 'user_typing', channel, user: me.id })
  }
}
