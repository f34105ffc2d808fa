import type { SlackMoment } from '../caller.ts'
import { SLACKBOT } from '../ids.ts'
import { permalinkTail } from '../rules/timestamps.ts'
import type { Message, Team } from '../tables.ts'
import { fileView } from './files.ts'
import { botView } from './users.ts'

export interface MessageOptions {
  /** Whose stars and subscriptions count. */
  readonly viewer?: string
  /** `include_all_metadata`: the payload as well. */
  readonly metadata?: boolean
  readonly permalink?: boolean
}

/** A message as history, replies, reactions and events show it. */
export function messageView(moment: SlackMoment, row: Message, options: MessageOptions = {}): Record<string, unknown> {
  if (row.tombstone) return tombstoneView(row, options)
  const team = teamOf(moment, row)
  const isBotMessage = row.subtype === 'bot_message'
  return {
    ...(row.subtype ? { subtype: row.subtype } : {}),
    ...(row.user && !isBotMessage ? { user: row.user } : {}),
    type: 'message',
    ts: row.ts,
    ...(row.clientMsgId ? { client_msg_id: row.clientMsgId } : {}),
    ...(row.botId ? { bot_id: row.botId } : {}),
    ...(row.appId ? { app_id: row.appId } : {}),
    ...(row.username ? { username: row.username } : {}),
    ...(row.icons ? { icons: row.icons } : {}),
    text: row.text,
    ...(team ? { team: team.id } : {}),
    ...(row.botId && !isBotMessage ? { bot_profile: profileOf(moment, row) } : {}),
    ...row.details,
    ...(row.edited ? { edited: row.edited } : {}),
    ...threadFields(moment, row, options),
    ...(row.attachments?.length ? { attachments: row.attachments } : {}),
    ...(row.blocks?.length ? { blocks: row.blocks } : {}),
    ...(row.files?.length
      ? { files: row.files.map((id) => attachedFile(moment, id)), upload: true, display_as_bot: false }
      : {}),
    ...(row.reactions.length ? { reactions: row.reactions.map(reactionView) } : {}),
    ...(row.pinnedTo?.length ? { pinned_to: row.pinnedTo } : {}),
    ...metadataFields(row, options),
    ...(row.stream ? { streaming_state: row.stream.state } : {}),
    ...(options.viewer && moment.tables.stars.has(`${options.viewer}:${row.channel}:${row.ts}`)
      ? { is_starred: true }
      : {}),
    ...(options.permalink ? { permalink: permalink(moment, row) } : {}),
  }
}

const reactionView = ({ name, users }: Message['reactions'][number]) => ({ name, users, count: users.length })

const teamOf = (moment: SlackMoment, row: Message): Team | undefined => {
  if (
    row.subtype &&
    row.subtype !== 'file_share' &&
    row.subtype !== 'thread_broadcast' &&
    row.subtype !== 'me_message'
  ) {
    return undefined // system messages and bot_message carry no team
  }
  const teamId = moment.tables.conversations.get(row.channel)?.teamId
  return teamId === undefined ? undefined : moment.tables.teams.get(teamId)
}

function profileOf(moment: SlackMoment, row: Message): object {
  const bot = botView(moment, row.botId as string)
  const teamId = moment.tables.conversations.get(row.channel)?.teamId
  return { ...bot, team_id: teamId }
}

function attachedFile(moment: SlackMoment, id: string): object {
  const file = moment.tables.files.get(id)
  return file ? fileView(moment, file) : { id, mode: 'tombstone' }
}

function metadataFields(row: Message, { metadata }: MessageOptions): object {
  if (!row.metadata) return {}
  return { metadata: metadata ? row.metadata : { event_type: row.metadata.event_type } }
}

/** How many people a parent names of those who replied. */
const SHOWN_REPLIERS = 5

function threadFields(moment: SlackMoment, row: Message, { viewer }: MessageOptions): object {
  if (row.threadTs === undefined) return {}
  if (row.threadTs !== row.ts) {
    const parent = moment.tables.messages.get(`${row.channel}:${row.threadTs}`)
    const parentUser = parent?.tombstone ? SLACKBOT : parent?.user
    return { thread_ts: row.threadTs, ...(parentUser ? { parent_user_id: parentUser } : {}) }
  }
  return {
    thread_ts: row.threadTs,
    ...summaryFields(row),
    is_locked: false,
    subscribed: viewer !== undefined && (row.subscribers?.includes(viewer) ?? false),
  }
}

function summaryFields({ thread }: Message): object {
  if (!thread) return {}
  return {
    reply_count: thread.count,
    reply_users_count: thread.users.length,
    latest_reply: thread.latest,
    reply_users: thread.users.slice(0, SHOWN_REPLIERS),
  }
}

/** What is left of a deleted parent. */
function tombstoneView(row: Message, options: MessageOptions): Record<string, unknown> {
  return {
    subtype: 'tombstone',
    user: SLACKBOT,
    type: 'message',
    ts: row.ts,
    text: 'This message was deleted.',
    thread_ts: row.ts,
    ...summaryFields(row),
    is_locked: false,
    subscribed: options.viewer !== undefined && (row.subscribers?.includes(options.viewer) ?? false),
    hidden: true,
    parent_user_id: SLACKBOT,
  }
}

/** `https://<domain>.slack.com/archives/<channel>/p<ts>`; replies name their thread. */
export function permalink(moment: SlackMoment, row: Message): string {
  const channel = moment.tables.conversations.get(row.channel)
  const team = moment.tables.teams.get(channel?.teamId ?? '')
  const link = `https://${team?.domain}.slack.com/archives/${row.channel}/${permalinkTail(row.ts)}`
  const isReply = row.threadTs !== undefined && row.threadTs !== row.ts
  return isReply ? `${link}?thread_ts=${row.threadTs}&cid=${row.channel}` : link
}
