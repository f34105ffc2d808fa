import { actor, type SlackCall } from '../caller.ts'
import { canSee, isDirect, membersOf } from '../conversations.ts'
import { done, fail } from '../errors.ts'
import { seconds } from '../ids.ts'
import { flag, text, whole } from '../rules/arguments.ts'
import { parseSearch, type SearchQuery } from '../rules/searchQuery.ts'
import { timestampSeconds } from '../rules/timestamps.ts'
import type { Conversation, File, Message, User } from '../tables.ts'
import { canSeeFile, fileView } from '../views/files.ts'
import { permalink } from '../views/messages.ts'
import { operations } from './define.ts'

/** Marks around what matched, when asked to highlight. */
const START = '\ue000'
const END = '\ue001'

const isFrom = (user: User | undefined, me: User, name: string): boolean =>
  user !== undefined &&
  (name === 'me' ? user.id === me.id : [user.id, user.name, user.displayName.toLowerCase()].includes(name))

function isIn(call: SlackCall, channel: Conversation, name: string): boolean {
  if (channel.id === name || channel.name === name) return true
  if (!isDirect(channel)) return false
  return membersOf(call, channel.id).some((id) => id === name || call.tables.users.get(id)?.name === name)
}

function hasAll(call: SlackCall, row: Message, { has, is }: SearchQuery): boolean {
  const tests = has.map((what) => {
    if (what === 'link') return /<https?:/.test(row.text)
    if (what === 'pin') return (row.pinnedTo?.length ?? 0) > 0
    if (what === 'reaction') return row.reactions.length > 0
    if (what === 'file') return (row.files?.length ?? 0) > 0
    if (what === 'star') return call.tables.stars.has(`${call.caller.user?.id}:${row.channel}:${row.ts}`)
    return row.reactions.some((reaction) => `:${reaction.name}:` === what)
  })
  const kind = call.tables.conversations.get(row.channel)?.kind
  const states = is.map((what) =>
    what === 'thread' ? row.threadTs !== undefined : what === 'dm' ? kind === 'im' : true,
  )
  return [...tests, ...states].every(Boolean)
}

const searchable = (row: Message): boolean =>
  row.ephemeralTo === undefined &&
  !row.tombstone &&
  (row.subtype === undefined || /^(bot_message|file_share|thread_broadcast|me_message)$/.test(row.subtype))

/** Whether a message answers a query, as `me` sees the workspace. */
export function matches(call: SlackCall, query: SearchQuery, row: Message, me: User): boolean {
  if (!searchable(row)) return false
  const body = row.text.toLowerCase()
  const at = timestampSeconds(row.ts)
  const author = row.user === undefined ? undefined : call.tables.users.get(row.user)
  const channel = call.tables.conversations.get(row.channel) as Conversation
  return (
    query.words.every((word) => body.includes(word)) &&
    !query.excluded.some((word) => body.includes(word)) &&
    query.from.every((name) => isFrom(author, me, name)) &&
    query.in.every((name) => isIn(call, channel, name)) &&
    hasAll(call, row, query) &&
    (query.after === undefined || at >= query.after) &&
    (query.before === undefined || at < query.before) &&
    canSee(call, channel, me)
  )
}

function matchView(call: SlackCall, row: Message, highlighted: readonly string[]): object {
  const channel = call.tables.conversations.get(row.channel) as Conversation
  const isIm = channel.kind === 'im'
  const author = row.user === undefined ? undefined : call.tables.users.get(row.user)
  return {
    iid: `${row.channel}-${row.ts}`,
    team: channel.teamId,
    score: 0,
    channel: {
      id: channel.id,
      is_channel: channel.kind === 'public',
      is_group: channel.kind === 'private',
      is_im: isIm,
      is_mpim: channel.kind === 'mpim',
      is_shared: false,
      is_org_shared: false,
      is_ext_shared: false,
      is_private: channel.kind !== 'public',
      name: isIm ? (membersOf(call, channel.id).find((id) => id !== call.caller.user?.id) ?? '') : channel.name,
      pending_shared: [],
      is_pending_ext_shared: false,
    },
    type: isIm ? 'im' : 'message',
    user: row.user ?? null,
    username: author?.name ?? row.username ?? '',
    ts: row.ts,
    text: highlight(row.text, highlighted),
    permalink: permalink(call, row),
    ...(row.blocks ? { blocks: row.blocks } : {}),
    ...(row.attachments ? { attachments: row.attachments } : {}),
  }
}

export function highlight(body: string, words: readonly string[]): string {
  if (words.length === 0) return body
  const pattern = new RegExp(words.map((word) => word.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')).join('|'), 'gi')
  return body.replace(pattern, (found) => `${START}${found}${END}`)
}

interface Section {
  readonly total: number
  readonly matches: readonly object[]
}

function pages<T>(call: SlackCall, found: readonly T[], view: (item: T) => object): Section {
  const { count, page } = call.query as { count?: number; page?: number }
  const size = Math.min(whole(count) || 20, 100)
  const number = whole(page) || 1
  const first = (number - 1) * size
  const shown = found.slice(first, first + size)
  const total = found.length
  const pageCount = Math.ceil(total / size)
  return {
    total,
    ...{
      pagination: {
        total_count: total,
        page: number,
        per_page: size,
        page_count: pageCount,
        first: total === 0 ? 0 : first + 1,
        last: first + shown.length,
      },
      paging: { count: size, total, page: number, pages: pageCount },
    },
    matches: shown.map(view),
  }
}

function queryOf(call: SlackCall): { said: string; query: SearchQuery } {
  const said = text((call.query as { query?: string }).query)
  if (said === undefined) throw fail('No query passed')
  return { said, query: parseSearch(said, seconds(call.now)) }
}

function searchMessages(call: SlackCall, query: SearchQuery): Section {
  const { sort_dir, highlight: marked } = call.query as { sort_dir?: string; highlight?: unknown }
  const me = actor(call.caller)
  const found = [...call.tables.messages.rows()].filter((row) => matches(call, query, row, me))
  found.sort((a, b) => (a.ts < b.ts ? 1 : -1))
  if (sort_dir === 'asc') found.reverse()
  return pages(call, found, (row) => matchView(call, row, flag(marked) ? query.words : []))
}

/** Files that answer a query, newest first, as `me` sees them. */
export function filesFound(call: SlackCall, query: SearchQuery, me: User): File[] {
  const isFound = (file: File) => {
    const words = `${file.name} ${file.title}`.toLowerCase()
    return (
      file.completed &&
      file.mode !== 'tombstone' &&
      query.words.every((word) => words.includes(word)) &&
      query.from.every((name) => isFrom(call.tables.users.get(file.user), me, name)) &&
      canSeeFile(call, file, me.id)
    )
  }
  return [...call.tables.files.scan('created', { reverse: true })].filter(isFound)
}

function searchFiles(call: SlackCall, query: SearchQuery): Section {
  const me = actor(call.caller)
  return pages(call, filesFound(call, query, me), (file) => fileView(call, file, me.id))
}

export const search = operations({
  'search.messages': (call) => {
    const { said, query } = queryOf(call)
    return done({ query: said, messages: searchMessages(call, query) })
  },
  'search.files': (call) => {
    const { said, query } = queryOf(call)
    return done({ query: said, files: searchFiles(call, query) })
  },
  'search.all': (call) => {
    const { said, query } = queryOf(call)
    return done({
      query: said,
      messages: searchMessages(call, query),
      files: searchFiles(call, query),
      posts: { total: 0, matches: [] },
    })
  },
})
