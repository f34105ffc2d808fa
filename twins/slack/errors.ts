import { ServiceError } from '../../shared/kernel/dialect.ts'
import { ok, type Reply } from '../../shared/kernel/reply.ts'

/** What a failed call carries beside `error`: `needed`, `errors`, `response_metadata`, `detail`, … */
export type FailureDetail = Readonly<Record<string, unknown>>

/** A failed call. Slack answers HTTP 200 to everything it handled; the code is in the body. */
export const failure = (error: string, detail?: FailureDetail): Reply => ok({ ok: false, error, ...detail })

/**
 * A refusal in Slack's own terms: `throw fail('channel_not_found')`.
 *
 * @example throw fail('missing_scope', { needed: 'chat:write', provided: 'users:read' })
 */
export const fail = (error: string, detail?: FailureDetail): ServiceError =>
  new ServiceError(failure(error, detail), error)

/** A successful call: `ok` first, as the service writes it. */
export const done = (body: object = {}): Reply => ok({ ok: true, ...body })

/** Text answers of hooks.slack.com: a status and a bare code, no JSON. */
export const plainText = (status: number, body: string): Reply => ({
  status,
  body,
  headers: { 'content-type': 'text/html' },
})

/** `response_metadata.messages` as argument checks word them: `[ERROR] must be less than 100 [json-pointer:/limit]`. */
export const invalidArguments = (...messages: readonly string[]): ServiceError =>
  fail('invalid_arguments', { response_metadata: { messages: messages.map((message) => `[ERROR] ${message}`) } })
