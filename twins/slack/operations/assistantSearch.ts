import { actor, requireScope, type SlackCall } from '../caller.ts'
import { canSee } from '../conversations.ts'
import { done, fail } from '../errors.ts'
import { SLACKBOT, seconds } from '../ids.ts'
import { flag, limit, list, text, whole } from '../rules/arguments.ts'
import { offsetPage } from '../rules/cursors.ts'
import { KIND_OF_TYPE } from '../rules/scopes.ts'
import { parseSearch, type SearchQuery } from '../rules/searchQuery.ts'
import type { Conversation, File, Message, User } from '../tables.ts'
import { permalink } from '../views/messages.ts'
import { operations } from './define.ts'
import { filesFound, highlight, matches } from './search.ts'

/** Search for agents: messages, files, channels and people, one page over all of them. */

type Content = 'messages' | 'files' | 'channels' | 'users'

interface Found {
  readonly content: Content
  readonly at: number
  readonly view: object
}

interface Search {
  readonly me: User
  readonly query: SearchQuery
  readonly kinds: ReadonlySet<Conversation['kind']>
}

const SCOPES: Readonly<Record<Conversation['kind'], string>> = {
  public: 'search:read.public',
  private: 'search:read.private',
  im: 'search:read.im',
  mpim: 'search:read.mpim',
}

/** Kinds of conversations a call looks into; each needs its own scope. */
function kindsOf(call: SlackCall): ReadonlySet<Conversation['kind']> {
  const types = list((call.query as { channel_types?: unknown }).channel_types)
  const kinds = (types.length > 0 ? types : ['public_channel']).map((type) => KIND_OF_TYPE[type])
  for (const kind of kinds) {
    if (!kind) throw fail('invalid_arguments')
    requireScope(call.caller, SCOPES[kind])
  }
  return new Set(kinds as Conversation['kind'][])
}

/** Channels that take part: of the kinds asked for, not withheld from agents, archived ones when wanted. */
function takesPart(call: SlackCall, { kinds }: Search, channel: Conversation | undefined): boolean {
  const { include_archived_channels: archived } = call.query as { include_archived_channels?: unknown }
  return (
    channel !== undefined &&
    kinds.has(channel.kind) &&
    channel.excludedFromAi !== true &&
    (!channel.archived || flag(archived))
  )
}

function messageView(call: SlackCall, row: Message, { query }: Search): object {
  const { highlight: marked, include_message_blocks: blocks } = call.query as Readonly<Record<string, unknown>>
  const author = call.tables.users.get(row.user ?? '')
  const channel = call.tables.conversations.get(row.channel) as Conversation
  return {
    author_user_id: row.user ?? '',
    author_name: author?.realName ?? row.username ?? '',
    team_id: channel.teamId,
    channel_id: channel.id,
    channel_name: channel.name,
    message_ts: row.ts,
    content: highlight(row.text, flag(marked) ? query.words : []),
    is_author_bot: row.botId !== undefined,
    permalink: permalink(call, row),
    ...(row.thread ? { reply_count: row.thread.count } : {}),
    ...(flag(blocks) && row.blocks ? { blocks: row.blocks } : {}),
  }
}

function fileView(call: SlackCall, file: File): object {
  const author = call.tables.users.get(file.user)
  return {
    file_id: file.id,
    author_user_id: file.user,
    uploader_user_id: file.user,
    author_name: author?.realName ?? '',
    team_id: author?.teamId ?? '',
    date_created: file.created,
    date_updated: file.created,
    title: file.title,
    file_type: file.filetype,
    size: file.size,
    permalink: `https://${call.caller.team.domain}.slack.com/files/${file.user}/${file.id}/${encodeURIComponent(file.name)}`,
    content: file.canvas?.map(({ markdown }) => markdown).join('\n\n') ?? '',
  }
}

function channelView(call: SlackCall, channel: Conversation): object {
  return {
    team_id: channel.teamId,
    creator_user_id: channel.creator,
    creator_name: call.tables.users.get(channel.creator)?.realName ?? '',
    date_created: channel.created,
    date_updated: seconds(channel.updated),
    name: channel.name,
    topic: channel.topic.value,
    purpose: channel.purpose.value,
    permalink: `https://${call.caller.team.domain}.slack.com/archives/${channel.id}`,
    is_archived: channel.archived,
  }
}

const userView = (call: SlackCall, user: User): object => ({
  user_id: user.id,
  full_name: user.realName,
  title: user.title,
  timezone: user.tz,
  email: user.email ?? '',
  permalink: `https://${call.caller.team.domain}.slack.com/team/${user.id}`,
})

const says = (words: readonly string[], ...texts: readonly (string | undefined)[]): boolean => {
  const all = texts.join(' ').toLowerCase()
  return words.every((word) => all.includes(word))
}

/** Everything of one content that answers. */
const FIND: Readonly<Record<Content, (call: SlackCall, search: Search) => Found[]>> = {
  messages: (call, search) => {
    const { include_bots: bots } = call.query as { include_bots?: unknown }
    const isWanted = (row: Message) =>
      takesPart(call, search, call.tables.conversations.get(row.channel)) &&
      (row.botId === undefined || flag(bots, true)) &&
      matches(call, search.query, row, search.me)
    return [...call.tables.messages.rows()]
      .filter(isWanted)
      .map((row) => ({ content: 'messages', at: Number(row.ts), view: messageView(call, row, search) }))
  },
  files: (call, { query, me }) => {
    requireScope(call.caller, 'search:read.files')
    return filesFound(call, query, me).map((file) => ({
      content: 'files',
      at: file.created,
      view: fileView(call, file),
    }))
  },
  channels: (call, search) =>
    call.tables.conversations
      .all()
      .filter((row) => row.kind === 'public' && takesPart(call, search, row))
      .filter((row) => says(search.query.words, row.name, row.topic.value, row.purpose.value))
      .map((row) => ({ content: 'channels', at: row.created, view: channelView(call, row) })),
  users: (call, { query }) => {
    requireScope(call.caller, 'search:read.users')
    const { include_deleted_users: deleted, include_bots: bots } = call.query as Readonly<Record<string, unknown>>
    return call.tables.users
      .all()
      .filter((user) => user.id !== SLACKBOT && (!user.deleted || flag(deleted)) && (!user.isBot || flag(bots)))
      .filter((user) => says(query.words, user.name, user.realName, user.email, user.title))
      .map((user) => ({ content: 'users', at: user.updated, view: userView(call, user) }))
  },
}

const CONTENTS = Object.keys(FIND) as readonly Content[]

function contentsOf(value: unknown): readonly Content[] {
  const given = list(value)
  if (given.some((content) => !CONTENTS.includes(content as Content))) throw fail('invalid_arguments')
  return given.length > 0 ? (given as Content[]) : ['messages']
}

export const assistantSearch = operations({
  'assistant.search.info': () => done({ is_ai_search_enabled: false }),

  /** Newest first. Meaning is not understood: words are, and the modifiers of search.messages. */
  'assistant.search.context': (call) => {
    const { query } = call
    const said = text(query.query)
    if (said === undefined) throw fail('missing_query')
    if (text(query.context_channel_id) !== undefined) requireContext(call)
    const words = [said, text(query.modifiers), ...list(query.term_clauses)].filter((one) => one !== undefined)
    const search = {
      me: actor(call.caller),
      query: parseSearch(words.join(' '), seconds(call.now)),
      kinds: kindsOf(call),
    }
    const after = whole(query.after) ?? 0
    const before = whole(query.before) ?? Number.POSITIVE_INFINITY
    const found = contentsOf(query.content_types)
      .flatMap((content) => FIND[content](call, search))
      .filter(({ at }) => at >= after && at <= before)
      .sort((a, b) => b.at - a.at)
    if (query.sort_dir === 'asc') found.reverse()
    const page = offsetPage(found, limit(query.limit, 20, 20, 'invalid_arguments'), query.cursor)
    const results = CONTENTS.map((content) => [
      content,
      page.items.filter((one) => one.content === content).map(({ view }) => view),
    ])
    return done({ results: Object.fromEntries(results), response_metadata: { next_cursor: page.next } })
  },
})

function requireContext(call: SlackCall): void {
  const { context_channel_id: id } = call.query as { context_channel_id?: string }
  const channel = call.tables.conversations.get(String(id))
  if (!channel || !canSee(call, channel, call.caller.user)) throw fail('context_channel_not_found')
}
