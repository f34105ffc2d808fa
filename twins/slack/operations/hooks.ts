import { ServiceError } from '../../../shared/kernel/dialect.ts'
import type { Reply } from '../../../shared/kernel/reply.ts'
import type { SlackCall } from '../caller.ts'
import { argumentsOf } from '../dialect.ts'
import { plainText } from '../errors.ts'
import { post } from '../messages.ts'
import { respond } from '../responses.ts'
import { json } from '../rules/arguments.ts'
import { readContent } from '../rules/content.ts'
import type { App, Conversation, Json } from '../tables.ts'
import { operations } from './define.ts'

const MAX_USES = 5

/** JSON, or a form whose `payload` is JSON. */
function payloadOf(call: SlackCall): Json | undefined {
  const { values } = argumentsOf(call.request, call.operation)
  const text = call.request.text.trim()
  const value = text.startsWith('{') ? json(text) : json(values.payload)
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Json) : undefined
}

/** Refusals of a post in the hooks' own words: plain text and a status. */
function refused(error: unknown): Reply {
  if (!(error instanceof ServiceError)) throw error
  const { error: code } = error.reply.body as { error: string }
  const status = code === 'channel_not_found' ? 404 : code === 'channel_is_archived' ? 410 : 400
  return plainText(status, code)
}

function postToWebhook(call: SlackCall, app: App, channel: Conversation, payload: Json): Reply {
  const { warnings: _, ...said } = readContent(payload as Record<string, unknown>, call, () => undefined)
  const threadTs = typeof payload.thread_ts === 'string' ? { threadTs: payload.thread_ts } : {}
  post(call, channel, { subtype: 'bot_message', botId: app.botId, appId: app.id, ...said, ...threadTs } as Parameters<
    typeof post
  >[2])
  return plainText(200, 'ok')
}

export const hooks = operations({
  postWebhook: (call) => {
    const { team, bot, secret } = call.params
    if (!call.tables.teams.has(team)) return plainText(404, 'no_team')
    const stored = call.open(secret)
    const hook = stored === undefined ? undefined : call.tables.webhooks.get(stored)
    if (!hook || hook.botId !== bot) return plainText(403, 'invalid_token')
    if (!hook.active) return plainText(404, 'no_service')
    const app = call.tables.apps.get(hook.appId) as App
    const channel = call.tables.conversations.get(hook.channel)
    if (!channel) return plainText(404, 'channel_not_found')
    if (channel.archived) return plainText(410, 'channel_is_archived')
    const payload = payloadOf(call)
    if (!payload) return plainText(400, 'invalid_payload')
    try {
      return postToWebhook(call, app, channel, payload)
    } catch (error) {
      return refused(error)
    }
  },

  respond: (call) => {
    const stored = call.open(call.params.secret)
    const row = stored === undefined ? undefined : call.tables.responseUrls.get(stored)
    if (!row) return { status: 404, body: { ok: false, error: 'invalid_url' } }
    if (row.expires <= call.now) return { status: 404, body: { ok: false, error: 'expired_url' } }
    if (row.uses >= MAX_USES) return { status: 404, body: { ok: false, error: 'used_url' } }
    const app = call.tables.apps.get(row.appId)
    const channel = call.tables.conversations.get(row.channel)
    const payload = payloadOf(call)
    if (!payload || !app || !channel) return plainText(400, 'invalid_payload')
    call.tables.responseUrls.replace({ ...row, uses: row.uses + 1 })
    try {
      respond(call, { app, channel, user: row.user, ts: row.ts, threadTs: row.threadTs }, payload)
    } catch (error) {
      return refused(error)
    }
    return plainText(200, 'ok')
  },
})
