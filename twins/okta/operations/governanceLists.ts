import { ok, type Reply } from '../../../shared/kernel/reply.ts'
import { fail } from '../errors.ts'
import { checkFilter, type Filter, FilterError, matches, type Operator, parseFilter } from '../rules/filter.ts'
import type { Document, Json } from '../tables/document.ts'
import { isoTime } from '../time.ts'
import { governed } from '../views/governance.ts'
import type { OktaCall } from './define.ts'

/** How one list of Governance is narrowed, ordered and paged. */
export interface Listing<T> {
  /** Attributes a filter may name, and with which operators. */
  readonly filter?: Readonly<Record<string, readonly Operator[]>>
  /** Whether filters may say `not`. */
  readonly not?: boolean
  /** What `orderBy` may name. */
  readonly order?: readonly string[]
  /** An attribute of an item. Default: of a document, see {@link attributeOf}. */
  readonly read?: (item: T, attribute: string) => unknown
  /** Items on a page when the caller names no limit. Default 20. */
  readonly limit?: number
  /** Whether the list says how many there are in all. */
  readonly total?: boolean
  /** More links beside `self` and `next`. */
  readonly links?: Json
}

const MAX = 200
const LOST =
  'The after parameter is not a valid, be sure to use links in response bodies or headers as the source of truth for paginated requests containing an after parameter.'

interface Query {
  readonly filter?: string
  readonly orderBy?: string
  readonly after?: string
  readonly limit?: number
}

/**
 * A list of Governance: items in `data`, `self` and `next` in `_links`.
 *
 * @throws 400 E0000053 for a filter it does not know, 400 E0000029 for a limit, cursor or order that is none
 */
export function governanceList<T extends { readonly id: string }>(
  call: OktaCall,
  items: readonly T[],
  listing: Listing<T>,
  view: (item: T) => unknown,
): Reply {
  const query = call.query as Query
  const limit = Number(query.limit ?? listing.limit ?? 20)
  if (!Number.isInteger(limit) || limit < 1 || limit > MAX)
    fail('E0000029', '', ['The limit parameter is not a valid.'])
  const found = ordered(filtered(items, query.filter, listing), query.orderBy, listing)
  const start = query.after === undefined ? 0 : 1 + found.findIndex((item) => item.id === query.after)
  if (query.after !== undefined && start === 0) fail('E0000029', '', [LOST])
  const page = found.slice(start, start + limit)
  const last = page.at(-1)
  const next = last !== undefined && start + limit < found.length
  return ok({
    data: page.map(view),
    ...(listing.total && { metadata: { total: found.length } }),
    _links: { self: link(call), ...(next && { next: link(call, last.id, limit) }), ...listing.links },
  })
}

/** The filter of a call that may not come without one. */
export function requiredFilter(call: OktaCall, attributes: readonly string[]): Filter {
  const { filter } = call.query as Query
  return parsed(filter ?? '', { filter: Object.fromEntries(attributes.map((name) => [name, ['eq' as const]])) })
}

function parsed<T>(text: string, { filter = {}, not = false }: Listing<T>): Filter {
  try {
    const expression = parseFilter(text)
    checkFilter(expression, { operators: (name) => (Object.hasOwn(filter, name) ? filter[name] : undefined), not })
    return expression
  } catch (error) {
    if (error instanceof FilterError) return fail('E0000053', '', ['Invalid filter syntax.'])
    throw error
  }
}

function reader<T>({ read }: Listing<T>): (item: T, attribute: string) => unknown {
  return read ?? ((item, attribute) => attributeOf(item as unknown as Document, attribute))
}

/** An attribute of a document as its view names it: `status`, `lastUpdated`, `target.externalId`. */
export function attributeOf(row: Document, attribute: string): unknown {
  if (attribute === 'id' || attribute === 'status') return row[attribute]
  if (attribute === 'created' || attribute === 'lastUpdated') return isoTime(row[attribute])
  return attribute.split('.').reduce<unknown>((value, name) => (value as Json | undefined)?.[name], row.data)
}

function filtered<T>(items: readonly T[], text: string | undefined, listing: Listing<T>): readonly T[] {
  if (text === undefined) return items
  const expression = parsed(text, listing)
  const read = reader(listing)
  return items.filter((item) => matches(expression, (name) => read(item, name), { ignoreCase: true }))
}

function ordered<T>(items: readonly T[], text: string | undefined, listing: Listing<T>): readonly T[] {
  if (text === undefined) return items
  const [, name = '', direction = 'asc'] = /^(\w+)(?: (asc|desc))?$/.exec(text) ?? []
  if (!listing.order?.includes(name)) fail('E0000029', '', ['Invalid orderBy syntax.'])
  const read = reader(listing)
  const key = (item: T) => String(read(item, name) ?? '')
  const ascending = items.toSorted((left, right) => (key(left) < key(right) ? -1 : key(left) > key(right) ? 1 : 0))
  return direction === 'desc' ? ascending.toReversed() : ascending
}

/** The call's own address; for the next page with its cursor. Blanks are `%20` here, not `+`: recorded. */
function link(call: OktaCall, after?: string, limit?: number) {
  const query = new URLSearchParams(call.request.search)
  if (after !== undefined) query.set('after', after)
  if (limit !== undefined) query.set('limit', String(limit))
  const text = [...query].map(([name, value]) => `${name}=${encodeURIComponent(value)}`).join('&')
  return governed(call, call.request.path.replace(/^\/+/, '/') + (text && `?${text}`))
}
