import type { SlackCall } from '../../caller.ts'
import { done, fail } from '../../errors.ts'
import { limit, text } from '../../rules/arguments.ts'
import { cursorPage } from '../../rules/cursors.ts'
import { parseTimestamp } from '../../rules/timestamps.ts'
import type { Conversation, Message } from '../../tables.ts'
import { operations } from '../define.ts'
import { administrator, orgChannel } from './gate.ts'

/** Statistics of a channel's messages: what the workspace knows of them. Nobody's reading is counted. */

const WEEK = 7 * 86_400
const MAX_PAGE = 100

interface Window {
  readonly oldest: string
  readonly latest: string
}

const shifted = (ts: string, by: number): string => {
  const [whole, fraction] = ts.split('.')
  return `${String(Math.max(0, Number(whole) + by)).padStart(10, '0')}.${fraction}`
}

/** The time a call asks about; a week, when only one end is given. */
function windowOf(call: SlackCall, span: number): Window {
  const query = call.query as { oldest_ts?: unknown; latest_ts?: unknown }
  const read = (value: unknown) => {
    if (text(value) === undefined) return undefined
    const ts = parseTimestamp(value)
    if (ts === undefined) throw fail('invalid_arguments')
    return ts
  }
  const now = parseTimestamp(`${Math.floor(call.now / 1000)}.999999`) as string
  const oldest = read(query.oldest_ts)
  const latest = read(query.latest_ts) ?? (oldest === undefined ? now : shifted(oldest, span))
  return { oldest: oldest ?? shifted(latest, -span), latest }
}

function messagesIn(call: SlackCall, channel: Conversation, { oldest, latest }: Window): Message[] {
  return call.tables.messages
    .where('channel', channel.id)
    .filter((row) => row.ephemeralTo === undefined && row.ts >= oldest && row.ts <= latest)
}

function channelOf(call: SlackCall): Conversation {
  administrator(call)
  return orgChannel(call, String((call.query as { channel?: string }).channel))
}

const peopleWhoReacted = (row: Message): string[] => [...new Set(row.reactions.flatMap(({ users }) => users))]

/** A message's numbers, by department and by workspace of those who reacted. */
function activityView(call: SlackCall, row: Message): object {
  const people = peopleWhoReacted(row).flatMap((id) => call.tables.users.get(id) ?? [])
  const count = (by: (user: (typeof people)[number]) => string) =>
    Object.entries(Object.groupBy(people, by)).map(([key, users]) => [key, users?.length ?? 0] as const)
  const nothing = { clicks: 0, shares: 0, views: 0 }
  return {
    channel_id: row.channel,
    timestamp: row.ts,
    unique_user_views_count: 0,
    unique_user_clicks_count: 0,
    unique_user_shares_count: 0,
    unique_user_reactions_count: people.length,
    unique_stats_by_department: count((user) => user.title).map(([department, reactions]) => ({
      department,
      reactions,
      ...nothing,
    })),
    unique_stats_by_org: count((user) => user.teamId).map(([team_id, reactions]) => ({
      team_id,
      reactions,
      ...nothing,
    })),
    unique_views_client: { desktop_views_count: 0, mobile_views_count: 0, web_views_count: 0 },
  }
}

function fileView(call: SlackCall, id: string): object[] {
  const file = call.tables.files.get(id)
  if (!file) return []
  const { created, filetype, mimetype, prettyType } = file
  return [{ id, created, timestamp: created, filetype, mimetype, pretty_type: prettyType }]
}

const metadataView = (call: SlackCall, row: Message) => ({
  type: 'message',
  ...(row.subtype ? { subtype: row.subtype } : {}),
  ts: row.ts,
  ...(row.threadTs ? { thread_ts: row.threadTs } : {}),
  ...(row.user ? { user_id: row.user } : {}),
  text_character_count: row.text.length,
  reactions: row.reactions.map(({ name, users }) => ({ name, count: users.length })),
  files: (row.files ?? []).flatMap((id) => fileView(call, id)),
})

export const adminMessages = operations({
  'admin.analytics.messages.activity': (call) => {
    const channel = channelOf(call)
    const rows = messagesIn(call, channel, windowOf(call, WEEK))
    const size = limit(call.query.limit, 50, MAX_PAGE, 'invalid_arguments')
    const page = cursorPage('next_ts', rows, (row) => row.ts, size, call.query.cursor)
    return done({
      message_activities: page.items.map((row) => activityView(call, row)),
      response_metadata: { next_cursor: page.next },
    })
  },

  'admin.analytics.messages.metadata': (call) => {
    const channel = channelOf(call)
    const rows = messagesIn(call, channel, windowOf(call, Number.MAX_SAFE_INTEGER))
    const page = cursorPage('next_ts', rows, (row) => row.ts, MAX_PAGE, call.query.cursor)
    return done({
      messages: page.items.map((row) => metadataView(call, row)),
      response_metadata: { next_cursor: page.next },
    })
  },
})
