import type { SlackMoment } from './caller.ts'
import { fail } from './errors.ts'
import { erase, messageAt, post, revise } from './messages.ts'
import { flag, text } from './rules/arguments.ts'
import { readContent, readUpdate } from './rules/content.ts'
import type { App, Conversation, Interaction, Json, Message } from './tables.ts'

/** Messages that answer an interaction: through its response_url, or in the reply to a slash command. */

export interface ResponsePlace {
  readonly app: App
  readonly channel: Conversation
  readonly user: string
  /** The message the interaction came from. */
  readonly ts?: string | undefined
  readonly threadTs?: string | undefined
}

const names = () => undefined

/**
 * Posts, replaces or deletes, as the payload says. Works without membership, and on ephemeral messages.
 *
 * @throws the codes of chat.postMessage
 */
export function respond(moment: SlackMoment, place: ResponsePlace, payload: Json): Message | undefined {
  const { app, channel, user, ts } = place
  const original = ts === undefined ? undefined : moment.tables.messages.get(`${channel.id}:${ts}`)
  if (flag(payload.delete_original)) {
    if (original?.ephemeralTo) moment.tables.messages.remove(`${channel.id}:${original.ts}`)
    else if (original) erase(moment, channel, original)
    return undefined
  }
  const author = { user: app.botUserId, botId: app.botId, appId: app.id }
  if (flag(payload.replace_original) && original) return replace(moment, channel, original, payload)
  const { warnings: _, ...said } = readContent(payload as Record<string, unknown>, moment, names)
  const threadTs = text(payload.thread_ts) ?? place.threadTs
  const isPublic = payload.response_type === 'in_channel'
  return post(moment, channel, {
    ...author,
    ...said,
    ...(threadTs ? { threadTs } : {}),
    ...(isPublic ? {} : { ephemeralTo: user }),
  } as Parameters<typeof post>[2])
}

function replace(moment: SlackMoment, channel: Conversation, original: Message, payload: Json): Message {
  const { warnings: _, ...changes } = readUpdate(payload as Record<string, unknown>, moment, names)
  if (original.ephemeralTo) return moment.tables.messages.replace({ ...original, ...changes } as Message)
  const row = messageAt(moment, channel.id, original.ts)
  if (!row) throw fail('message_not_found')
  return revise(moment, channel, row, changes as Partial<Message>)
}

/** The reply to a slash command: nothing, a text only its author sees, or a message in JSON. */
export function answerCommand(moment: SlackMoment, app: App, row: Interaction, body: string): void {
  const channel = moment.tables.conversations.get(row.channel ?? '')
  if (!channel || body.trim() === '') return
  let payload: Json = { text: body }
  if (body.trimStart().startsWith('{')) {
    try {
      payload = JSON.parse(body) as Json
    } catch {
      // not JSON after all: shown as it is
    }
  }
  if (payload.text === undefined && payload.blocks === undefined && payload.attachments === undefined) return
  respond(moment, { app, channel, user: row.user }, payload)
}
