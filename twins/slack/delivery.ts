import { createHmac } from 'node:crypto'
import type { SlackMoment } from './caller.ts'
import type { App, Json } from './tables.ts'

/** Something an app is told: an event, an interaction or a slash command. */
export interface Notice {
  readonly kind: 'event' | 'interactive' | 'slash_commands' | 'options'
  readonly payload: Json
  /** Row that waits for the app's answer. */
  readonly interactionId?: string
  /** Where to, when it is not the app's usual address: a command has its own. */
  readonly url?: string
}

/** Retries of the Events API: nearly at once, after one minute, after five. */
const EVENT_RETRIES = [1000, 60_000, 300_000]

const SOCKET_TYPE = {
  event: 'events_api',
  interactive: 'interactive',
  options: 'interactive',
  slash_commands: 'slash_commands',
} as const

/** Sends a notice the way the app listens: through one of its sockets, or to its URL. */
export function sendToApp(moment: SlackMoment, app: App, notice: Notice, attempt = 0): boolean {
  if (app.socketMode) return sendBySocket(moment, app, notice, attempt)
  const url = notice.url ?? urlFor(app, notice.kind)
  if (!url) return false
  const isEvent = notice.kind === 'event'
  const body = bodyOf(notice)
  moment.deliver({
    url,
    method: 'POST',
    headers: {
      // bolt-js compares the form's content type as a whole: no charset
      'content-type': isEvent ? 'application/json' : 'application/x-www-form-urlencoded',
      'user-agent': 'Slackbot 1.0 (+https://api.slack.com/robots)',
      accept: '*/*',
    },
    body,
    kind: isEvent ? 'events_api' : notice.kind,
    ...(isEvent ? { retries: EVENT_RETRIES } : {}),
    ...(notice.interactionId ? { onResult: 'answered' } : {}),
    context: {
      appId: app.id,
      secret: app.signingSecret,
      ...(notice.interactionId ? { interactionId: notice.interactionId } : {}),
    },
  })
  return true
}

const urlFor = (app: App, kind: Notice['kind']): string | undefined => {
  if (kind === 'event') return app.requestUrlVerified === false ? undefined : app.requestUrl
  return kind === 'options' ? (app.optionsUrl ?? app.interactivityUrl) : app.interactivityUrl
}

function bodyOf({ kind, payload }: Notice): string {
  if (kind === 'event') return JSON.stringify(payload)
  if (kind !== 'slash_commands') return new URLSearchParams({ payload: JSON.stringify(payload) }).toString()
  return new URLSearchParams(Object.entries(payload).map(([name, value]) => [name, String(value)])).toString()
}

/** One of the app's open sockets gets the envelope. Without one, events wait for their retry. */
function sendBySocket(moment: SlackMoment, app: App, notice: Notice, attempt: number): boolean {
  const open = moment.tables.connections.where('app', app.id)
  const connection = open[moment.random.integer(Math.max(1, open.length))]
  if (!connection) {
    const wait = EVENT_RETRIES[attempt]
    if (notice.kind === 'event' && wait !== undefined) {
      moment.schedule({
        kind: 'socketRetry',
        at: moment.now + wait,
        payload: { appId: app.id, notice, attempt: attempt + 1 },
      })
    }
    return false
  }
  moment.push(connection.id, {
    envelope_id: notice.interactionId ?? moment.random.uuid(),
    payload: notice.payload,
    type: SOCKET_TYPE[notice.kind],
    accepts_response_payload: notice.kind !== 'event',
    ...(notice.kind === 'event' ? { retry_attempt: attempt, retry_reason: attempt > 0 ? 'timeout' : '' } : {}),
  })
  return true
}

/** `X-Slack-Signature` over the body and the second it is sent. Verifiers allow five minutes of skew. */
export function signature(secret: string, timestamp: number, body: string): Record<string, string> {
  const digest = createHmac('sha256', secret).update(`v0:${timestamp}:${body}`).digest('hex')
  return { 'x-slack-request-timestamp': String(timestamp), 'x-slack-signature': `v0=${digest}` }
}

/** Reasons as the Events API names them on a retry. */
export const retryHeaders = (attempt: number, reason: string): Record<string, string> => ({
  'x-slack-retry-num': String(attempt),
  'x-slack-retry-reason': reason,
})
