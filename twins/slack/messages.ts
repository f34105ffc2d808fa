import type { SlackMoment } from './caller.ts'
import { isMember, membership } from './conversations.ts'
import { fail } from './errors.ts'
import { announce, CHANNEL_TYPE } from './events.ts'
import { newBlockId, SLACKBOT } from './ids.ts'
import { linkedUrls, mentionedUsers } from './rules/mrkdwn.ts'
import { richText } from './rules/richText.ts'
import { nextTimestamp } from './rules/timestamps.ts'
import type { Conversation, Json, Message, ThreadSummary } from './tables.ts'
import { messageView } from './views/messages.ts'

/** Rows of messages: posting, editing, deleting and what each does to threads, unread marks and subscribers. */

export const messageAt = (moment: SlackMoment, channel: string, ts: string | undefined): Message | undefined => {
  const row = ts === undefined ? undefined : moment.tables.messages.get(`${channel}:${ts}`)
  return row?.ephemeralTo === undefined ? row : undefined
}

/** The next timestamp of a channel. */
export function stamp(moment: SlackMoment, channel: string): string {
  const latest = moment.tables.messages.scan('channel', { prefix: channel, reverse: true }).next().value?.ts
  return nextTimestamp(moment.now, moment.random.integer(100), latest)
}

export type NewMessage = Omit<Message, 'channel' | 'ts' | 'reactions'> & Partial<Pick<Message, 'reactions'>>

const UNTHREADABLE = new Set(['channel_join', 'channel_leave', 'group_join', 'group_leave', 'pinned_item'])

/** Posts a message and tells whoever listens. A reply to a reply belongs to the thread's parent. */
export function post(moment: SlackMoment, channel: Conversation, message: NewMessage): Message {
  const parent = message.threadTs === undefined ? undefined : parentOf(moment, channel.id, message.threadTs)
  const { threadTs: _, ...rest } = message
  const ts = stamp(moment, channel.id)
  const row = moment.tables.messages.insert({
    ...rest,
    ...(parent ? { threadTs: parent.ts } : {}),
    ...(parent && message.broadcast && !message.subtype ? { subtype: 'thread_broadcast' } : {}),
    channel: channel.id,
    ts,
    reactions: message.reactions ?? [],
  })
  if (message.ephemeralTo !== undefined) return row
  if (parent) reply(moment, parent, row)
  const author = row.user === undefined ? undefined : membership(moment, channel.id, row.user)
  if (author) moment.tables.memberships.put({ ...author, lastRead: ts, open: true })
  announceMessage(moment, channel, row)
  return row
}

/** The message a `thread_ts` means, if it still is there. */
function parentOf(moment: SlackMoment, channel: string, ts: string): Message | undefined {
  const row = messageAt(moment, channel, ts)
  const root = row?.threadTs && row.threadTs !== row.ts ? messageAt(moment, channel, row.threadTs) : row
  if (root?.subtype && UNTHREADABLE.has(root.subtype)) throw fail('cannot_reply_to_message')
  return root
}

function reply(moment: SlackMoment, parent: Message, row: Message): void {
  const { count, users }: Omit<ThreadSummary, 'latest'> = parent.thread ?? { count: 0, users: [] }
  const author = row.user ?? row.botId ?? ''
  const subscribers = new Set([...(parent.subscribers ?? (parent.user ? [parent.user] : [])), author])
  moment.tables.messages.replace({
    ...parent,
    threadTs: parent.ts,
    thread: { count: count + 1, users: users.includes(author) ? users : [...users, author], latest: row.ts },
    subscribers: [...subscribers],
  })
}

/** The `message` event, and those that follow from what a message says. */
function announceMessage(moment: SlackMoment, channel: Conversation, row: Message): void {
  const view = messageView(moment, row)
  const root = row.broadcast && row.threadTs ? messageAt(moment, channel.id, row.threadTs) : undefined
  const where = { channel: channel.id, event_ts: row.ts, channel_type: CHANNEL_TYPE[channel.kind] }
  announce(
    moment,
    { ...view, type: 'message', ...(root ? { root: messageView(moment, root) } : {}), ...where },
    { channel: channel.id },
  )
  announceMentions(moment, channel, row)
  announceLinks(moment, channel, row)
  if (row.metadata?.event_type) announceMetadata(moment, row, 'message_metadata_posted')
}

/** `app_mention`: in channels only, to the app that is named. It says nothing of the channel's type. */
export function announceMentions(moment: SlackMoment, channel: Conversation, row: Message): void {
  if (channel.kind === 'im') return
  for (const user of new Set(mentionedUsers(row.text))) {
    const appId = moment.tables.users.get(user)?.appId
    if (!appId || !isMember(moment, channel.id, user)) continue
    announce(
      moment,
      { ...messageView(moment, row), type: 'app_mention', channel: channel.id, event_ts: row.ts },
      { channel: channel.id, appId },
    )
  }
}

function announceLinks(moment: SlackMoment, channel: Conversation, row: Message): void {
  const urls = linkedUrls(row.text)
  if (urls.length === 0) return
  for (const app of moment.tables.apps.all()) {
    if (app.id === row.appId || app.unfurlDomains.length === 0) continue
    const links = urls.flatMap((url) => {
      const host = new URL(url).hostname
      const domain = app.unfurlDomains.find((known) => host === known || host.endsWith(`.${known}`))
      return domain ? [{ url, domain }] : []
    })
    if (links.length === 0) continue
    announce(
      moment,
      {
        type: 'link_shared',
        user: row.user,
        channel: channel.id,
        message_ts: row.ts,
        ...(row.threadTs ? { thread_ts: row.threadTs } : {}),
        unfurl_id: `C0.${row.channel}.${row.ts}`,
        source: 'conversations_history',
        is_bot_user_member: isMember(moment, channel.id, app.botUserId),
        links,
      },
      { appId: app.id },
    )
  }
}

function announceMetadata(moment: SlackMoment, row: Message, type: string, previous?: Json): void {
  announce(
    moment,
    {
      type,
      app_id: row.appId,
      bot_id: row.botId,
      user_id: row.user,
      channel_id: row.channel,
      metadata: row.metadata,
      ...(previous ? { previous_metadata: previous } : {}),
      message_ts: row.ts,
    },
    { channel: row.channel },
  )
}

/** Changes a message and tells subscribers what it was. */
export function revise(moment: SlackMoment, channel: Conversation, row: Message, changes: Partial<Message>): Message {
  const changed = moment.tables.messages.replace({ ...row, ...changes })
  announce(
    moment,
    {
      type: 'message',
      subtype: 'message_changed',
      message: changedView(moment, changed),
      previous_message: messageView(moment, row),
      channel: channel.id,
      hidden: true,
      ts: stamp(moment, channel.id),
      channel_type: CHANNEL_TYPE[channel.kind],
    },
    { channel: channel.id },
  )
  if (changes.metadata?.event_type) announceMetadata(moment, changed, 'message_metadata_updated', row.metadata)
  return changed
}

function changedView(moment: SlackMoment, row: Message): Json {
  const view = messageView(moment, row)
  return row.edited ? { ...view, source_team: view.team, user_team: view.team } : view
}

/**
 * Deletes a message. A parent of replies stays as a tombstone, told as a change; when its last reply goes, the
 * tombstone goes too (both recorded).
 */
export function erase(moment: SlackMoment, channel: Conversation, row: Message): void {
  const { messages, pins } = moment.tables
  pins.remove(`${row.channel}:${row.ts}`)
  for (const id of row.files ?? []) unshare(moment, id, row)
  if (row.thread && row.thread.count > 0) {
    const { subtype: _, metadata: __, edited: ___, ...rest } = row
    revise(moment, channel, row, {
      ...rest,
      text: 'This message was deleted.',
      blocks: [],
      attachments: [],
      files: [],
      reactions: [],
      user: SLACKBOT,
      tombstone: true,
    })
    return
  }
  messages.remove(`${row.channel}:${row.ts}`)
  if (row.metadata?.event_type) announceMetadata(moment, row, 'message_metadata_deleted')
  announceDeletion(moment, channel, row)
  if (row.threadTs && row.threadTs !== row.ts) forgetReply(moment, channel, row.threadTs)
}

function announceDeletion(moment: SlackMoment, channel: Conversation, row: Message): void {
  announce(
    moment,
    {
      type: 'message',
      subtype: 'message_deleted',
      previous_message: messageView(moment, row),
      channel: channel.id,
      hidden: true,
      deleted_ts: row.ts,
      ts: stamp(moment, channel.id),
      channel_type: CHANNEL_TYPE[channel.kind],
    },
    { channel: channel.id },
  )
}

function forgetReply(moment: SlackMoment, channel: Conversation, threadTs: string): void {
  const parent = messageAt(moment, channel.id, threadTs)
  if (!parent) return
  const left = moment.tables.messages.where('thread', [channel.id, threadTs])
  const last = left.at(-1)
  if (last) {
    const users = [...new Set(left.map((row) => row.user ?? row.botId ?? ''))]
    moment.tables.messages.replace({ ...parent, thread: { count: left.length, users, latest: last.ts } })
  } else if (parent.tombstone) {
    moment.tables.messages.remove(`${parent.channel}:${parent.ts}`)
    announceDeletion(moment, channel, parent)
  } else {
    const { thread: _, threadTs: __, ...alone } = parent
    moment.tables.messages.replace(alone)
  }
}

function unshare(moment: SlackMoment, id: string, row: Message): void {
  const file = moment.tables.files.get(id)
  if (!file) return
  const shares = file.shares.filter((share) => share.channel !== row.channel || share.ts !== row.ts)
  moment.tables.files.replace({ ...file, shares })
}

/** A line Slack itself writes: joins, topics, names. Private channels have `group_*` twins of some. */
export function systemMessage(
  moment: SlackMoment,
  channel: Conversation,
  subtype: string,
  user: string,
  text: string,
  details: Json = {},
): Message {
  return post(moment, channel, { subtype, user, text, details })
}

/** A message of Slackbot to one person, in their conversation with it. */
export const slackbotMessage = (moment: SlackMoment, text: string): NewMessage => ({
  user: SLACKBOT,
  text,
  blocks: [richText(text, newBlockId(moment.random))],
})
