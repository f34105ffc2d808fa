import type { JiraCall } from './context.ts'
import { badRequest } from './errors.ts'

/** Where a page starts and how long it may be, within an endpoint's limits. */
export function window(query: { startAt?: unknown; maxResults?: unknown }, standard = 50, cap = standard) {
  const number = (value: unknown, fallback: number) =>
    value === undefined || value === '' || Number.isNaN(Number(value)) ? fallback : Number(value)
  const startAt = Math.max(0, number(query.startAt, 0))
  const asked = number(query.maxResults, standard)
  return { startAt, maxResults: Math.min(cap, asked < 1 ? (asked === 0 ? standard : 1) : asked) }
}

/** `{startAt, maxResults, total, <name>: […]}`: lists that name their array. */
export function namedPage<R, V>(
  name: string,
  rows: readonly R[],
  at: { startAt: number; maxResults: number },
  view: (row: R) => V,
) {
  const { startAt, maxResults } = at
  return { startAt, maxResults, total: rows.length, [name]: rows.slice(startAt, startAt + maxResults).map(view) }
}

/** A PageBean: `self`, `maxResults`, `startAt`, `total`, `isLast`, `values`, and `nextPage` while there is one. */
export function pageBean<R, V>(
  call: JiraCall,
  rows: readonly R[],
  view: (row: R) => V,
  standard = 50,
  cap = Math.max(standard, 100),
) {
  const { startAt, maxResults } = window(call.query as { startAt?: unknown; maxResults?: unknown }, standard, cap)
  const isLast = startAt + maxResults >= rows.length
  const page = (from: number) => {
    const query = new URLSearchParams(call.request.search)
    query.delete('startAt')
    query.delete('maxResults')
    query.append('maxResults', String(maxResults))
    query.append('startAt', String(from))
    return `${call.link(call.request.path)}?${query}`
  }
  return {
    self: page(startAt),
    ...(!isLast && { nextPage: page(startAt + maxResults) }),
    maxResults,
    startAt,
    total: rows.length,
    isLast,
    values: rows.slice(startAt, startAt + maxResults).map(view),
  }
}

/** `expand=a,b` and `expand=a&expand=b`. */
export const expandOf = (expand: unknown): string[] =>
  [expand]
    .flat()
    .flatMap((part) => (typeof part === 'string' ? part.split(',') : []))
    .map((part) => part.trim())
    .filter(Boolean)

/** Ids of a query or body: numbers or strings, commas allowed. */
export const idsOf = (ids: unknown): string[] =>
  [ids]
    .flat()
    .flatMap((id) => (id === undefined || id === null ? [] : String(id).split(',')))
    .map((id) => id.trim())
    .filter(Boolean)

/** Whether something of one of these ids was asked for; all is, when no id was named. */
export const among = (ids: readonly string[], ...values: readonly (string | null | undefined)[]): boolean =>
  ids.length === 0 || values.some((value) => typeof value === 'string' && ids.includes(value))

/** Checks `orderBy` and gives the direction: `-name`, `+name`, `name`. */
export function orderOf(
  orderBy: unknown,
  allowed: readonly string[],
  standard: string,
): { key: string; descending: boolean } {
  const text = orderBy === undefined ? standard : String(orderBy).trim()
  const key = allowed.find((name) => name.toLowerCase() === text.replace(/^[+-]/, '').trim().toLowerCase())
  if (!key)
    throw badRequest(`The field to order by should be one of [${allowed.join(', ')}]. Instead, it was: ${text}.`)
  return { key, descending: text.startsWith('-') }
}

/** Orders rows by a text or number, ignoring case. */
export function sorted<R>(rows: readonly R[], by: (row: R) => string | number, descending = false): R[] {
  const key = (row: R) => {
    const value = by(row)
    return typeof value === 'string' ? value.toLowerCase() : value
  }
  return [...rows].sort((a, b) => {
    const [left, right] = [key(a), key(b)]
    const order = left < right ? -1 : left > right ? 1 : 0
    return descending ? -order : order
  })
}

/** Moves rows of an ordered table: after another one, or first or last. */
export function reordered<R extends { readonly id: string }>(rows: readonly R[], body: Record<string, unknown>): R[] {
  const ids = idsOf(body.ids)
  const moving = ids.map((id) => rows.find((row) => row.id === id))
  if (ids.length === 0 || moving.includes(undefined)) throw badRequest('The ids are invalid.')
  const rest = rows.filter((row) => !ids.includes(row.id))
  const at =
    body.after === undefined
      ? body.position === 'First'
        ? 0
        : rest.length
      : rest.findIndex((row) => row.id === String(body.after)) + 1
  if (body.after !== undefined && at === 0) throw badRequest('The row to move after does not exist.')
  rest.splice(at, 0, ...(moving as R[]))
  return rest
}
