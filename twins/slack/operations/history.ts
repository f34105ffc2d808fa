import { actor, isBot, type SlackCall } from '../caller.ts'
import { conversation, isMember, membership } from '../conversations.ts'
import { done, fail } from '../errors.ts'
import { messageAt } from '../messages.ts'
import { flag, limit, text } from '../rules/arguments.ts'
import { decodeCursor, encodeCursor } from '../rules/cursors.ts'
import { parseTimestamp, ZERO_TS } from '../rules/timestamps.ts'
import type { Conversation, Message } from '../tables.ts'
import { messageView } from '../views/messages.ts'
import { operations } from './define.ts'

/** Past every timestamp: `~` sorts after digits. */
const END = '~'

interface Window {
  readonly oldest: string
  readonly latest: string
  readonly inclusive: boolean
}

/** `oldest` and `latest` bound the messages shown, excluded unless `inclusive`. */
function windowOf(query: { oldest?: unknown; latest?: unknown; inclusive?: unknown }): Window {
  const bound = (value: unknown, otherwise: string, error: string) => {
    if (text(value) === undefined || value === 'now') return otherwise
    const ts = parseTimestamp(value)
    if (!ts) throw fail(error)
    return ts
  }
  return {
    oldest: bound(query.oldest, ZERO_TS, 'invalid_ts_oldest'),
    latest: bound(query.latest, END, 'invalid_ts_latest'),
    inclusive: flag(query.inclusive),
  }
}

const within = ({ oldest, latest, inclusive }: Window, ts: string): boolean =>
  inclusive ? ts >= oldest && ts <= latest : ts > oldest && ts < latest

/** A cursor names the timestamp of the next message, without its dot. */
const cursorTo = (row: Message): string => encodeCursor('next_ts', row.ts.replace('.', ''))
function cursorTs(cursor: unknown): string | undefined {
  const digits = decodeCursor('next_ts', cursor)
  if (digits === '') return undefined
  if (!/^\d{16}$/.test(digits)) throw fail('invalid_cursor')
  return `${digits.slice(0, 10)}.${digits.slice(10)}`
}

/** Bots read what they are in; people read every public channel. */
function readable(call: SlackCall, id: unknown): Conversation {
  const channel = conversation(call, id, 'history')
  if (isBot(call.caller) && !isMember(call, channel.id, actor(call.caller).id)) throw fail('not_in_channel')
  return channel
}

const optionsOf = (call: SlackCall) => ({
  viewer: actor(call.caller).id,
  metadata: flag((call.query as { include_all_metadata?: unknown }).include_all_metadata),
})

export const history = operations({
  'conversations.history': (call) => {
    const { query, tables } = call
    const channel = readable(call, query.channel)
    const window = windowOf(query)
    const size = limit(query.limit, 100, 999)
    const start = cursorTs(query.cursor)
    // Newest first, lazily: one page costs the same in a channel of two hundred messages and of twenty thousand.
    const upper = start ?? window.latest
    const rows = tables.messages.scan('history', {
      prefix: channel.id,
      from: [channel.id, window.oldest],
      before: [channel.id, `${upper}${END}`],
      reverse: true,
    })
    const shown: Message[] = []
    let next: Message | undefined
    for (const row of rows) {
      if (!within(window, row.ts)) continue
      if (shown.length === size) {
        next = row
        break
      }
      shown.push(row)
    }
    const options = optionsOf(call)
    return done({
      ...(window.oldest === ZERO_TS ? {} : { oldest: String(query.oldest) }),
      ...(text(query.latest) === undefined ? {} : { latest: String(query.latest) }),
      messages: shown.map((row) => messageView(call, row, options)),
      has_more: next !== undefined,
      pin_count: tables.pins.count('channel', channel.id),
      channel_actions_ts: null,
      channel_actions_count: 0,
      ...(next ? { response_metadata: { next_cursor: cursorTo(next) } } : {}),
    })
  },

  'conversations.replies': (call) => {
    const { query, tables } = call
    const channel = readable(call, query.channel)
    const asked = messageAt(call, channel.id, parseTimestamp(query.ts))
    const parent = asked?.threadTs && asked.threadTs !== asked.ts ? messageAt(call, channel.id, asked.threadTs) : asked
    if (!parent) throw fail('thread_not_found')
    const window = windowOf(query)
    const size = limit(query.limit, 1000, 1000)
    const start = cursorTs(query.cursor) ?? window.oldest
    const options = optionsOf(call)
    const shown: Message[] = []
    let next: Message | undefined
    for (const row of tables.messages.scan('thread', {
      prefix: [channel.id, parent.ts],
      from: [channel.id, parent.ts, start],
    })) {
      if (!within(window, row.ts)) continue
      if (shown.length + 1 >= size && shown.length > 0) {
        next = row
        break
      }
      shown.push(row)
    }
    const isWhole = query.cursor || start === ZERO_TS || within(window, parent.ts)
    const first = isWhole ? [parentView(call, channel, parent, options)] : []
    return done({
      messages: [...first, ...shown.map((row) => messageView(call, row, options))],
      has_more: next !== undefined,
      ...(next ? { response_metadata: { next_cursor: cursorTo(next) } } : {}),
    })
  },
})

function parentView(call: SlackCall, channel: Conversation, parent: Message, options: { viewer: string }): object {
  const view = messageView(call, parent, options)
  if (!parent.thread || !view.subscribed) return view
  return { ...view, last_read: membership(call, channel.id, options.viewer)?.lastRead }
}
