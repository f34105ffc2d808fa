import { actor, type SlackCall } from '../caller.ts'
import { canSee, conversation, requireActive } from '../conversations.ts'
import { done, fail } from '../errors.ts'
import { announce } from '../events.ts'
import { messageAt } from '../messages.ts'
import { limit, text, whole } from '../rules/arguments.ts'
import { classicPage, offsetPage } from '../rules/cursors.ts'
import { emojiText, readEmoji } from '../rules/emoji.ts'
import { parseTimestamp } from '../rules/timestamps.ts'
import type { Conversation, Message, Reaction } from '../tables.ts'
import { messageView } from '../views/messages.ts'
import { operations } from './define.ts'

/** Ceilings of one message: different emoji, and of one person's. */
const MAX_KINDS = 50
const MAX_OWN = 23

/** The message that `channel` and `timestamp` name. */
function item(call: SlackCall): { channel: Conversation; row: Message } {
  const { channel: id, timestamp } = call.query as { channel?: string; timestamp?: string }
  if (text(id) === undefined || text(timestamp) === undefined) throw fail('no_item_specified')
  const channel = conversation(call, id)
  const ts = parseTimestamp(timestamp)
  if (!ts) throw fail('bad_timestamp')
  const row = messageAt(call, channel.id, ts)
  if (!row || row.tombstone) throw fail('message_not_found')
  return { channel, row }
}

function emojiNamed(call: SlackCall, name: unknown): string {
  const emoji = readEmoji(String(name ?? ''), (custom) => call.tables.emoji.has(custom))
  if (!emoji) throw fail('invalid_name')
  return emojiText(emoji)
}

function tell(call: SlackCall, type: 'reaction_added' | 'reaction_removed', reaction: string, row: Message): void {
  const event = {
    type,
    user: actor(call.caller).id,
    reaction,
    item: { type: 'message', channel: row.channel, ts: row.ts },
    ...(row.user ? { item_user: row.user } : {}),
  }
  announce(call, event, { channel: row.channel })
}

export const reactions = operations({
  'reactions.add': (call) => {
    const name = emojiNamed(call, call.query.name)
    const { channel, row } = item(call)
    requireActive(channel)
    const user = actor(call.caller).id
    const known = row.reactions.find((reaction) => reaction.name === name)
    if (known?.users.includes(user)) throw fail('already_reacted')
    if (!known && row.reactions.length >= MAX_KINDS) throw fail('too_many_emoji')
    if (row.reactions.filter((reaction) => reaction.users.includes(user)).length >= MAX_OWN)
      throw fail('too_many_reactions')
    const changed: Reaction[] = known
      ? row.reactions.map((reaction) => (reaction === known ? { name, users: [...known.users, user] } : reaction))
      : [...row.reactions, { name, users: [user] }]
    call.tables.messages.replace({ ...row, reactions: changed })
    tell(call, 'reaction_added', name, row)
    return done()
  },

  'reactions.remove': (call) => {
    const name = emojiNamed(call, call.query.name)
    const { row } = item(call)
    const user = actor(call.caller).id
    if (!row.reactions.some((reaction) => reaction.name === name && reaction.users.includes(user)))
      throw fail('no_reaction')
    const left = row.reactions
      .map((reaction) =>
        reaction.name === name ? { name, users: reaction.users.filter((one) => one !== user) } : reaction,
      )
      .filter((reaction) => reaction.users.length > 0)
    call.tables.messages.replace({ ...row, reactions: left })
    tell(call, 'reaction_removed', name, row)
    return done()
  },

  'reactions.get': (call) => {
    const { channel, row } = item(call)
    const message = messageView(call, row, { viewer: actor(call.caller).id, permalink: true })
    return done({ type: 'message', channel: channel.id, message })
  },

  'reactions.list': (call) => {
    const { query, tables } = call
    const me = actor(call.caller)
    const user = text(query.user) ?? me.id
    if (!tables.users.has(user)) throw fail('user_not_found')
    const items = [...tables.messages.scan('reactedBy', { prefix: user, reverse: true })]
      .filter((row) => canSee(call, tables.conversations.get(row.channel) as Conversation, me))
      .map((row) => ({
        type: 'message',
        channel: row.channel,
        message: messageView(call, row, { viewer: me.id, permalink: true }),
      }))
    if (query.count === undefined && query.page === undefined) {
      const page = offsetPage(items, limit(query.limit, 100, 1000), query.cursor)
      return done({ items: page.items, response_metadata: { next_cursor: page.next } })
    }
    const { items: page, paging } = classicPage(items, whole(query.count) || 100, whole(query.page) || 1)
    return done({ items: page, paging })
  },
})
