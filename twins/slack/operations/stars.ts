import { actor, type SlackCall } from '../caller.ts'
import { conversation } from '../conversations.ts'
import { done, fail } from '../errors.ts'
import { announce } from '../events.ts'
import { visibleFile } from '../files.ts'
import { seconds } from '../ids.ts'
import { messageAt } from '../messages.ts'
import { text, whole } from '../rules/arguments.ts'
import { classicPage } from '../rules/cursors.ts'
import { parseTimestamp } from '../rules/timestamps.ts'
import type { Star } from '../tables.ts'
import { fileView } from '../views/files.ts'
import { messageView } from '../views/messages.ts'
import { operations } from './define.ts'

/** What `file`, `channel` and `timestamp` name: a file, a message, or a whole channel. */
function named(call: SlackCall): Omit<Star, 'user' | 'created'> {
  const { file: fileId, channel: channelId, timestamp } = call.query as Record<string, string | undefined>
  if (text(fileId) !== undefined) {
    const file = visibleFile(call, fileId, actor(call.caller).id)
    return { item: file.id, file: file.id }
  }
  if (text(channelId) === undefined) throw fail('no_item_specified')
  const channel = conversation(call, channelId)
  if (text(timestamp) === undefined) return { item: channel.id, channel: channel.id }
  const ts = parseTimestamp(timestamp)
  if (!ts) throw fail('bad_timestamp')
  const row = messageAt(call, channel.id, ts)
  if (!row) throw fail('message_not_found')
  return { item: `${channel.id}:${row.ts}`, channel: channel.id, ts: row.ts }
}

function itemView(call: SlackCall, star: Star): object | undefined {
  const file = star.file === undefined ? undefined : call.tables.files.get(star.file)
  if (file) return { type: 'file', file: fileView(call, file, star.user), date_create: star.created }
  const row = star.channel && star.ts ? messageAt(call, star.channel, star.ts) : undefined
  if (row) {
    const message = messageView(call, row, { viewer: star.user, permalink: true })
    return { type: 'message', channel: star.channel, message, date_create: star.created }
  }
  return star.channel && !star.ts ? { type: 'channel', channel: star.channel, date_create: star.created } : undefined
}

export const stars = operations({
  'stars.add': (call) => {
    const user = actor(call.caller).id
    const target = named(call)
    if (call.tables.stars.has(`${user}:${target.item}`)) throw fail('already_starred')
    const star = call.tables.stars.insert({ ...target, user, created: seconds(call.now) })
    announce(call, { type: 'star_added', user, item: itemView(call, star) }, { user })
    return done()
  },

  'stars.remove': (call) => {
    const user = actor(call.caller).id
    const star = call.tables.stars.remove(`${user}:${named(call).item}`)
    if (!star) throw fail('not_starred')
    announce(call, { type: 'star_removed', user, item: itemView(call, star) }, { user })
    return done()
  },

  'stars.list': (call) => {
    const { query, tables } = call
    const newest = tables.stars.scan('user', { prefix: actor(call.caller).id, reverse: true })
    const found = [...newest].flatMap((star) => itemView(call, star) ?? [])
    const { items, paging } = classicPage(found, whole(query.count) || 100, whole(query.page) || 1)
    return done({ items, paging })
  },
})
