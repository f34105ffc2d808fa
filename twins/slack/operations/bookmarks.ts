import { actor, type SlackCall } from '../caller.ts'
import { conversation, requireMember } from '../conversations.ts'
import { done, fail } from '../errors.ts'
import { newId, seconds } from '../ids.ts'
import { text } from '../rules/arguments.ts'
import { readEmoji } from '../rules/emoji.ts'
import type { Bookmark, Conversation } from '../tables.ts'
import { operations } from './define.ts'

const MAX_BOOKMARKS = 100
const isLink = (link: string): boolean => URL.canParse(link) && /^(https?|mailto):/.test(link)

const bookmarkView = (row: Bookmark) => ({
  id: row.id,
  channel_id: row.channel,
  title: row.title,
  link: row.link,
  emoji: row.emoji,
  icon_url: null,
  type: row.type,
  entity_id: null,
  date_created: row.created,
  date_updated: row.updated,
  rank: row.rank,
  last_updated_by_user_id: row.updatedBy,
  last_updated_by_team_id: null,
  shortcut_id: null,
  app_id: null,
  app_action_id: null,
})

function place(call: SlackCall): Conversation {
  const channel = conversation(call, (call.query as { channel_id?: string }).channel_id)
  requireMember(call, channel, actor(call.caller))
  return channel
}

function known(call: SlackCall, channel: Conversation): Bookmark {
  const row = call.tables.bookmarks.get(String((call.query as { bookmark_id?: string }).bookmark_id ?? ''))
  if (!row || row.channel !== channel.id) throw fail('not_found')
  return row
}

function emojiOf(call: SlackCall, value: unknown): string | undefined {
  const name = text(value)
  if (name !== undefined && !readEmoji(name, (custom) => call.tables.emoji.has(custom))) throw fail('invalid_emoji')
  return name
}

export const bookmarks = operations({
  'bookmarks.add': (call) => {
    const { query, tables } = call
    const channel = place(call)
    if (query.type !== 'link') throw fail('invalid_bookmark_type')
    const link = text(query.link)
    if (link === undefined || !isLink(link)) throw fail('invalid_link')
    const count = tables.bookmarks.count('channel', channel.id)
    if (count >= MAX_BOOKMARKS) throw fail('too_many_bookmarks')
    const now = seconds(call.now)
    const row = tables.bookmarks.insert({
      id: newId(call.random, 'bookmark'),
      channel: channel.id,
      title: String(query.title),
      link,
      emoji: emojiOf(call, query.emoji) ?? '',
      type: 'link',
      rank: rankAt(call.sequence(`bookmarks ${channel.id}`)),
      created: now,
      updated: 0,
      updatedBy: actor(call.caller).id,
    })
    return done({ bookmark: bookmarkView(row) })
  },

  'bookmarks.edit': (call) => {
    const { query, tables } = call
    const row = known(call, place(call))
    const link = text(query.link) ?? row.link
    if (!isLink(link)) throw fail('invalid_link')
    const title = text(query.title) ?? row.title
    const emoji = emojiOf(call, query.emoji) ?? row.emoji
    const changes = { title, link, emoji, updated: seconds(call.now), updatedBy: actor(call.caller).id }
    return done({ bookmark: bookmarkView(tables.bookmarks.replace({ ...row, ...changes })) })
  },

  'bookmarks.remove': (call) => {
    call.tables.bookmarks.remove(known(call, place(call)).id)
    return done()
  },

  'bookmarks.list': (call) => {
    const channel = conversation(call, (call.query as { channel_id?: string }).channel_id)
    return done({ bookmarks: call.tables.bookmarks.where('channel', channel.id).map(bookmarkView) })
  },
})

/** Ranks sort as text. */
const rankAt = (position: number): string => position.toString(36).padStart(4, '0').toUpperCase()
