import {
  actor,
  type Caller,
  callingApp,
  hasScope,
  isAdmin,
  isBot,
  missingScope,
  type SlackCall,
  type SlackMoment,
} from '../caller.ts'
import { canSee, channelNamed, conversation, isMember, openDirect, requireActive } from '../conversations.ts'
import { done, fail } from '../errors.ts'
import { isUserId } from '../ids.ts'
import { erase, messageAt, post, revise, stamp } from '../messages.ts'
import { type Arguments, flag, json, list, text } from '../rules/arguments.ts'
import { type Content, type MentionFinder, readContent, readUpdate } from '../rules/content.ts'
import { storedText } from '../rules/mrkdwn.ts'
import { parseTimestamp } from '../rules/timestamps.ts'
import type { Conversation, Json, Message } from '../tables.ts'
import { messageView, permalink } from '../views/messages.ts'
import { operations } from './define.ts'

/** The conversation a post goes to: an id, a channel's name, or a person, whose DM is opened. */
export function destination(call: SlackMoment, caller: Caller, target: unknown): Conversation {
  const me = actor(caller)
  const id = String(target ?? '')
  if (isUserId(id)) {
    const user = call.tables.users.get(id)
    if (!user || user.deleted) throw fail('channel_not_found')
    if (user.isBot && me.isBot && user.id !== me.id) throw fail('cannot_dm_bot')
    return openDirect(call, [me, user]).channel
  }
  const channel = call.tables.conversations.get(id) ?? channelNamed(call, caller.team.id, id)
  if (!channel || !canSee(call, channel, me)) throw fail('channel_not_found')
  return channel
}

/** Whether the caller may post: members may, and bots with `chat:write.public` into public channels. */
export function requirePosting(call: SlackMoment, caller: Caller, channel: Conversation): void {
  requireActive(channel)
  const me = actor(caller)
  if (isMember(call, channel.id, me.id)) return
  const isOpen = channel.kind === 'public' && hasScope(caller, 'chat:write.public')
  if (!isOpen) throw fail('not_in_channel')
}

/** `@handle` of user groups always, names of people and channels with `parse=full`. */
export const mentionFinder =
  (call: SlackMoment, caller: Caller): MentionFinder =>
  (sign, word, args) => {
    const full = args.parse === 'full'
    const team = caller.team.id
    if (sign === '#') {
      const channel = full ? channelNamed(call, team, word) : undefined
      return channel ? `<#${channel.id}|${channel.name}>` : undefined
    }
    if (full && /^(here|channel|everyone)$/.test(word)) return `<!${word}>`
    const group = full || flag(args.link_names) ? call.tables.usergroups.by('handle', [team, word]) : undefined
    if (group) return `<!subteam^${group.id}|@${group.handle}>`
    const user = full ? call.tables.users.by('name', [team, word]) : undefined
    return user ? `<@${user.id}>` : undefined
  }

/** Who a message is from: a bot under its own or an assumed name, or a person. */
export function authorOf(caller: Caller, args: Arguments): Partial<Message> {
  const me = actor(caller)
  const username = text(args.username)
  const emoji = text(args.icon_emoji)
  const url = text(args.icon_url)
  const { app, token } = caller
  if (!isBot(caller)) return { user: me.id, ...(app ? { appId: app.id, botId: app.botId } : {}) }
  if (username !== undefined || emoji !== undefined || url !== undefined) {
    if (!hasScope(caller, 'chat:write.customize')) throw missingScope(caller, ['chat:write.customize'])
    const icons = emoji ? { emoji } : url ? { image_36: url, image_48: url, image_72: url } : undefined
    return {
      subtype: 'bot_message',
      botId: token?.botId,
      appId: app?.id,
      username: username ?? app?.name,
      ...(icons ? { icons } : {}),
    }
  }
  return { user: me.id, botId: token?.botId, appId: app?.id }
}

/** Posts what a call says. Shared by posting at once, later and through hooks. */
export function postContent(
  call: SlackMoment,
  caller: Caller,
  channel: Conversation,
  args: Arguments,
  content: Content,
): Message {
  const { warnings: _, ...said } = content
  const threadTs = parseTimestamp(args.thread_ts)
  return post(call, channel, {
    ...authorOf(caller, args),
    ...said,
    ...(threadTs ? { threadTs, ...(flag(args.reply_broadcast) ? { broadcast: true } : {}) } : {}),
  } as Parameters<typeof post>[2])
}

export const warned = (body: object, warnings: readonly string[]): object =>
  warnings.length > 0 ? { ...body, warning: warnings.join(','), response_metadata: { warnings } } : body

/** The message a change names, in a conversation the caller sees: ids only, no names, no people. */
function targetMessage(call: SlackCall, channelId: unknown, ts: unknown): { channel: Conversation; row: Message } {
  const channel = conversation(call, channelId)
  const row = messageAt(call, channel.id, parseTimestamp(ts))
  if (!row || row.tombstone) throw fail('message_not_found')
  return { channel, row }
}

const isOwn = (caller: Caller, row: Message): boolean =>
  isBot(caller) ? row.botId !== undefined && row.botId === caller.token?.botId : row.user === caller.user?.id

export const chat = operations({
  'chat.postMessage': (call) => {
    const channel = destination(call, call.caller, call.query.channel)
    requirePosting(call, call.caller, channel)
    const content = readContent(call.query, call, mentionFinder(call, call.caller))
    const row = postContent(call, call.caller, channel, call.query, content)
    const body = { channel: channel.id, ts: row.ts, message: messageView(call, row, { metadata: true }) }
    return done(warned(body, content.warnings))
  },

  'chat.postEphemeral': (call) => {
    const channel = destination(call, call.caller, call.query.channel)
    requirePosting(call, call.caller, channel)
    const user = call.tables.users.get(String(call.query.user))
    if (!user || !isMember(call, channel.id, user.id)) throw fail('user_not_in_channel')
    const { warnings, ...said } = readContent(call.query, call, mentionFinder(call, call.caller))
    const threadTs = parseTimestamp(call.query.thread_ts)
    const row = post(call, channel, {
      ...authorOf(call.caller, call.query),
      ...said,
      ...(threadTs ? { threadTs } : {}),
      ephemeralTo: user.id,
    } as Parameters<typeof post>[2])
    return done(warned({ message_ts: row.ts }, warnings))
  },

  'chat.meMessage': (call) => {
    const channel = destination(call, call.caller, call.query.channel)
    requirePosting(call, call.caller, channel)
    const said = text(call.query.text)
    if (said === undefined) throw fail('no_text')
    const row = post(call, channel, { ...authorOf(call.caller, {}), subtype: 'me_message', text: storedText(said) })
    return done({ channel: channel.id, ts: row.ts })
  },

  'chat.update': (call) => {
    const { query } = call
    const { channel, row } = targetMessage(call, query.channel, query.ts)
    if (channel.archived) throw fail('is_inactive')
    if (!isOwn(call.caller, row) || (row.subtype && !EDITABLE.has(row.subtype))) throw fail('cant_update_message')
    if (row.stream?.state === 'in_progress') throw fail('streaming_state_conflict')
    const { warnings, metadata, ...changes } = readUpdate(query, call, mentionFinder(call, call.caller))
    const isNewText = changes.text !== undefined && changes.text !== row.text && text(query.text) !== undefined
    const files = query.file_ids === undefined ? {} : { files: list(query.file_ids) }
    const cleared = metadata && Object.keys(metadata).length === 0
    const changed = revise(call, channel, row, {
      ...changes,
      ...files,
      ...(metadata ? { metadata: cleared ? undefined : metadata } : {}),
      ...(isNewText
        ? { edited: { user: actor(call.caller).id, ts: stamp(call, channel.id).replace(/\d{6}$/, '000000') } }
        : {}),
    } as Partial<Message>)
    const message = messageView(call, changed, { metadata: true })
    return done(warned({ channel: channel.id, ts: row.ts, text: changed.text, message }, warnings))
  },

  'chat.delete': (call) => {
    const { channel, row } = targetMessage(call, call.query.channel, call.query.ts)
    const mayDelete = isOwn(call.caller, row) || (!isBot(call.caller) && isAdmin(actor(call.caller)))
    if (!mayDelete || (row.subtype && !DELETABLE.has(row.subtype))) throw fail('cant_delete_message')
    erase(call, channel, row)
    return done({ channel: channel.id, ts: row.ts })
  },

  'chat.getPermalink': (call) => {
    const channel = conversation(call, call.query.channel)
    const row = messageAt(call, channel.id, parseTimestamp(call.query.message_ts))
    if (!row) throw fail('message_not_found')
    return done({ permalink: permalink(call, row), channel: channel.id })
  },

  'chat.unfurl': (call) => {
    const app = callingApp(call.caller)
    const { channel, row } = unfurled(call)
    const entities = unfurledEntities(call, row, app.id)
    const unfurls = json(call.query.unfurls) ?? (entities.length > 0 ? {} : undefined)
    if (unfurls === undefined) throw fail(text(call.query.unfurls) ? 'invalid_unfurls_format' : 'missing_unfurls')
    if (typeof unfurls !== 'object' || Array.isArray(unfurls)) throw fail('invalid_unfurls_format')
    const entries = Object.entries(unfurls as Record<string, Json>)
    const links = row.text.replaceAll('&amp;', '&')
    if (entries.some(([url]) => !links.includes(url))) throw fail('cannot_unfurl_url')
    const others = (row.attachments ?? []).filter((one) => !entries.some(([url]) => one.app_unfurl_url === url))
    const added = entries.map(([url, preview]) => ({
      ...preview,
      fallback: preview.fallback ?? preview.title ?? '[no preview available]',
      bot_id: app.botId,
      app_unfurl_url: url,
      is_app_unfurl: true,
      app_id: app.id,
      from_url: url,
    }))
    const attachments = [...others, ...added].map((attachment, i) => ({ ...attachment, id: i + 1 }))
    revise(call, channel, row, { attachments, ...(entities.length > 0 ? { entities } : {}) })
    return done()
  },
})

/** `metadata.entities`: work objects for links of the message, kept beside those of other apps. */
function unfurledEntities(call: SlackCall, row: Message, appId: string): readonly Json[] {
  const { entities } = (json((call.query as { metadata?: unknown }).metadata) ?? {}) as { entities?: unknown }
  if (entities === undefined) return []
  if (!Array.isArray(entities)) throw fail('invalid_unfurls_format')
  const links = row.text.replaceAll('&amp;', '&')
  if ((entities as Json[]).some((one) => !links.includes(String(one.app_unfurl_url)))) throw fail('cannot_unfurl_url')
  const others = (row.entities ?? []).filter((one) => one.app_id !== appId)
  return [...others, ...(entities as Json[]).map((one) => ({ ...one, app_id: appId }))]
}

/** Subtypes whose author may change them. */
const EDITABLE = new Set(['bot_message', 'me_message', 'thread_broadcast', 'file_share', 'assistant_app_thread'])
const DELETABLE = new Set([...EDITABLE])

/** The message of an unfurl: by channel and timestamp, or by the id and source of a link_shared event. */
function unfurled(call: SlackCall): { channel: Conversation; row: Message } {
  const { channel, ts, unfurl_id, source } = call.query as Record<string, unknown>
  const [, byIdChannel, byIdTs] = /^C0\.([A-Z0-9]+)\.(\d+\.\d+)$/.exec(String(unfurl_id ?? '')) ?? []
  if (unfurl_id && !byIdChannel) throw fail('invalid_unfurl_id')
  if (unfurl_id && !source) throw fail('missing_source')
  if (!unfurl_id && !channel) throw fail('missing_channel')
  if (!unfurl_id && !ts) throw fail('missing_ts')
  const row = call.tables.conversations.get(byIdChannel ?? String(channel))
  if (!row) throw fail('cannot_find_channel')
  const message = messageAt(call, row.id, parseTimestamp(byIdTs ?? ts))
  if (!message) throw fail('cannot_find_message')
  return { channel: row, row: message }
}
