import { actor, type SlackCall } from '../caller.ts'
import { conversation, requireActive, requireMember } from '../conversations.ts'
import { done, fail } from '../errors.ts'
import { announce } from '../events.ts'
import { seconds } from '../ids.ts'
import { messageAt, systemMessage } from '../messages.ts'
import { text } from '../rules/arguments.ts'
import { parseTimestamp } from '../rules/timestamps.ts'
import type { Conversation, Message, Pin } from '../tables.ts'
import { messageView } from '../views/messages.ts'
import { operations } from './define.ts'

const MAX_PINS = 100

function item(call: SlackCall): { channel: Conversation; row: Message } {
  const { channel: id, timestamp } = call.query as { channel?: string; timestamp?: string }
  const channel = conversation(call, id)
  requireMember(call, channel, actor(call.caller))
  if (text(timestamp) === undefined) throw fail('no_item_specified')
  const ts = parseTimestamp(timestamp)
  if (!ts) throw fail('bad_timestamp')
  const row = messageAt(call, channel.id, ts)
  if (!row || row.tombstone) throw fail('message_not_found')
  return { channel, row }
}

const pinView = (call: SlackCall, pin: Pin, row: Message) => ({
  type: 'message',
  created: pin.created,
  created_by: pin.user,
  channel: pin.channel,
  message: messageView(call, row, { permalink: true }),
})

function tell(call: SlackCall, type: 'pin_added' | 'pin_removed', channel: Conversation, pin: Pin, row: Message): void {
  const count = call.tables.pins.count('channel', channel.id)
  announce(
    call,
    {
      type,
      user: actor(call.caller).id,
      channel_id: channel.id,
      item: pinView(call, pin, row),
      ...(row.user ? { item_user: row.user } : {}),
      pin_count: count,
      pinned_info: { channel: channel.id, pinned_by: pin.user, pinned_ts: pin.created },
      ...(type === 'pin_removed' ? { has_pins: count > 0 } : {}),
    },
    { channel: channel.id },
  )
}

export const pins = operations({
  'pins.add': (call) => {
    const { channel, row } = item(call)
    requireActive(channel)
    const key = `${channel.id}:${row.ts}`
    if (call.tables.pins.has(key)) throw fail('already_pinned')
    if (row.subtype === 'pinned_item') throw fail('not_pinnable')
    if (call.tables.pins.count('channel', channel.id) >= MAX_PINS) throw fail('too_many_pins')
    const user = actor(call.caller).id
    const pin = call.tables.pins.insert({ channel: channel.id, ts: row.ts, user, created: seconds(call.now) })
    const pinned = call.tables.messages.replace({ ...row, pinnedTo: [channel.id] })
    systemMessage(call, channel, 'pinned_item', user, `<@${user}> pinned a message to this channel.`, {
      item_type: 'C',
    })
    tell(call, 'pin_added', channel, pin, pinned)
    return done()
  },

  'pins.remove': (call) => {
    const { channel, row } = item(call)
    const pin = call.tables.pins.remove(`${channel.id}:${row.ts}`)
    if (!pin) throw fail('no_pin')
    const { pinnedTo: _, ...plain } = row
    tell(call, 'pin_removed', channel, pin, call.tables.messages.replace(plain))
    return done()
  },

  'pins.list': (call) => {
    const channel = conversation(call, call.query.channel)
    const newest = call.tables.pins.scan('channel', { prefix: channel.id, reverse: true })
    const items = [...newest].flatMap((pin) => {
      const row = messageAt(call, channel.id, pin.ts)
      return row ? [pinView(call, pin, row)] : []
    })
    return done({ items })
  },
})
