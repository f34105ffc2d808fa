import type { JiraCall } from '../context.ts'
import { versionOf } from '../context.ts'
import type { Writer } from '../rules/issues/create.ts'

/** The caller as one who writes: version 2 sends wiki text, version 3 documents. */
export const writer = (call: JiraCall): Writer => ({
  site: call,
  user: call.caller.user,
  api: /\/rest\/api\//.test(call.request.path) ? versionOf(call.request.path) : '2',
})

/** A body as the older endpoints take it: an object, whatever else was sent. */
export const bodyOf = (call: JiraCall): Record<string, unknown> =>
  typeof call.body === 'object' && call.body !== null && !Array.isArray(call.body)
    ? (call.body as Record<string, unknown>)
    : {}

/** A member as text; one left out or null is what stood there before. */
export const text = (value: unknown, standard = ''): string =>
  value === undefined || value === null ? standard : String(value)

/** A row under the name and with the description that were sent; what was not sent stays. */
export const renamed = <Row extends { readonly name: string; readonly description?: string }>(
  row: Row,
  { name, description }: { readonly name?: unknown; readonly description?: unknown },
): Row & { readonly description: string } => ({
  ...row,
  name: text(name, row.name),
  description: text(description, row.description),
})
