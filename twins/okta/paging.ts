import type { Incoming } from '../../shared/kernel/incoming.ts'
import { ok, type Reply } from '../../shared/kernel/reply.ts'
import { fail } from './errors.ts'

/** How one list pages. */
export interface PageOptions<T> {
  /** Page size when the caller names none. */
  readonly limit: number
  /** Larger limits are cut to this. */
  readonly max?: number
  /** Smaller limits are raised to this. */
  readonly min?: number
  /** What a cursor says of an item. Default: its `id`. */
  readonly cursor?: (item: T) => string
  /** Whether an item comes after the cursor. Default: its cursor text sorts later, true for ids, which ascend. */
  readonly follows?: (item: T, cursor: string) => boolean
  /** Whether the cursor could be one of ours. Default: any. */
  readonly accepts?: (cursor: string) => boolean
  /** Links besides `self` and `next`: policies have only `self`. */
  readonly selfOnly?: boolean
  /** Query parameters the `self` link forgets. */
  readonly forget?: readonly string[]
}

interface Paged {
  readonly query: object
  readonly request: Incoming
  link(path: string): string
}

/** One page of a list and the header that leads on. */
export interface Page<T> {
  readonly items: readonly T[]
  readonly headers: Readonly<Record<string, readonly string[]>>
  readonly next?: string
}

/**
 * Cuts one page out of a list, in Okta's manner: `limit`, `after`, and a `Link` header line per relation, whose `self`
 * names the limit in force even when the caller sent none. A cursor keeps its place when rows come and go.
 */
export function pageOf<T>(call: Paged, list: Iterable<T>, options: PageOptions<T>): Page<T> {
  // Some lists page though the contract does not name the parameters: behaviours do.
  const sent = new URLSearchParams(call.request.search)
  const query = { after: sent.get('after') ?? undefined, limit: sent.get('limit') ?? undefined, ...call.query } as {
    after?: string
    limit?: number | string
  }
  const cursor = options.cursor ?? ((item: T) => (item as { id: string }).id)
  const limit = limitOf(query.limit, options)
  const after = query.after
  if (after !== undefined && options.accepts && !options.accepts(after)) fail('E0000029', '', ['Invalid cursor.'])
  const follows = options.follows ?? ((item: T, mark: string) => cursor(item) > mark)
  const items: T[] = []
  let more = false
  for (const item of list) {
    if (after !== undefined && after !== '' && !follows(item, after)) continue
    if (items.length === limit) {
      more = true
      break
    }
    items.push(item)
  }
  const link = [relation(call, 'self', { limit }, options.forget)]
  const last = items.at(-1)
  const next = more && !options.selfOnly && last !== undefined ? cursor(last) : undefined
  if (next !== undefined) link.push(relation(call, 'next', { after: next, limit }, options.forget))
  return { items, headers: { link }, ...(next !== undefined && { next }) }
}

/** A page as a reply: the items through a view, the links beside them. */
export function page<T>(call: Paged, list: Iterable<T>, options: PageOptions<T>, view: (item: T) => unknown): Reply {
  const { items, headers } = pageOf(call, list, options)
  return ok(items.map(view), headers)
}

/** A list that Okta gives whole, without a `Link` header. */
export function whole<T>(list: Iterable<T>, view: (item: T) => unknown): Reply {
  return ok(Array.from(list, view))
}

/** Orders a list by something else than its ids and keeps cursors in that order. */
export function sortedBy<T>(key: (item: T) => string): Pick<PageOptions<T>, 'cursor' | 'follows'> {
  return { cursor: key, follows: (item, mark) => key(item) > mark }
}

function limitOf(given: number | string | undefined, { limit, max, min = 1 }: PageOptions<never>): number {
  const wanted = given === undefined || given === '' ? limit : Number(given)
  if (!Number.isInteger(wanted)) fail('E0000029', '', ['Invalid limit.'])
  if (wanted === -1) return max ?? limit
  return Math.min(Math.max(wanted, min), max ?? Number.POSITIVE_INFINITY)
}

/** One `Link` header line. `after` comes first, then the caller's own parameters in their order. */
function relation(
  call: Paged,
  rel: string,
  set: { after?: string; limit: number },
  forget: readonly string[] = [],
): string {
  const query = new URLSearchParams()
  if (set.after !== undefined) query.set('after', set.after)
  for (const [name, value] of new URLSearchParams(call.request.search)) {
    if (name === 'limit' || forget.includes(name) || (name === 'after' && rel === 'next')) continue
    query.append(name, value)
  }
  query.set('limit', String(set.limit))
  return `<${call.link(call.request.path.replace(/^\/+/, '/'))}?${query}>; rel="${rel}"`
}
