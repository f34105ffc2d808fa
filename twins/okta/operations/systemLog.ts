import { ok } from '../../../shared/kernel/reply.ts'
import { fail, invalid } from '../errors.ts'
import { FilterError, matches, parseFilter } from '../rules/filter.ts'
import type { LogEntry } from '../tables/administration.ts'
import type { OktaCall } from './define.ts'
import { operations } from './define.ts'

const DAY = 24 * 3600 * 1000

/** The system log: what happened, who did it, to what. */
export const systemLog = operations({
  /** Without `until`, ascending, it can be polled: there is always a next page. */
  listLogEvents(call) {
    const { since, until, filter, q, after, sortOrder } = call.query as Record<string, string | undefined>
    const limit = limitOf((call.query as { limit?: number }).limit)
    const from = since === undefined ? call.now - 7 * DAY : instant('since', since)
    const before = until === undefined ? Number.POSITIVE_INFINITY : instant('until', until)
    const down = sortOrder?.toUpperCase() === 'DESCENDING'
    const passes = predicate(filter, q)
    const hits = call.tables.logs
      .all()
      .filter((entry) => entry.published >= from && entry.published < before && passes(entry))
    if (down) hits.reverse()
    const left = after ? hits.filter((entry) => (down ? entry.id < after : entry.id > after)) : hits
    const shown = left.slice(0, limit)
    const polling = until === undefined && !down
    const last = shown.at(-1)?.id ?? after ?? '0'
    const link = [relation(call, 'self', undefined, limit)]
    if (polling || left.length > shown.length) link.push(relation(call, 'next', last, limit))
    return ok(
      shown.map((entry) => entry.event),
      { link },
    )
  },
})

function limitOf(given: number | undefined): number {
  if (given === undefined) return 100
  if (given < 0 || given > 1000) invalid('limit', ['limit: The limit must be between 0 and 1000'])
  return given
}

function instant(name: string, text: string): number {
  const at = Date.parse(text)
  if (Number.isNaN(at) || !/^\d{4}-\d\d-\d\d/.test(text)) {
    return invalid(name, [
      `${name}: The date format in your query is not recognized. Please enter dates using ISO8601 string format.`,
      `${name}: must be a date-time`,
    ])
  }
  return at
}

/** Whether an event passes the filter and has all the words asked for. */
function predicate(filter: string | undefined, q: string | undefined): (entry: LogEntry) => boolean {
  const words = q?.toLowerCase().split(/\s+/).filter(Boolean) ?? []
  if (words.length > 10) invalid('q', ['q: No more than ten words are allowed'])
  const parsed = filter ? parsedFilter(filter) : undefined
  return ({ event }) => {
    if (parsed && !matches(parsed, (path) => valuesAt(event, path.split('.')), { ignoreCase: true })) return false
    if (words.length === 0) return true
    const text = JSON.stringify(event).toLowerCase()
    return words.every((word) => text.includes(word))
  }
}

function parsedFilter(text: string) {
  try {
    const filter = parseFilter(text)
    if (/\bpublished\b/.test(text))
      fail('E0000031', '', ['Filtering on published is not supported: use since and until.'])
    return filter
  } catch (error) {
    if (error instanceof FilterError) return fail('E0000031', '', [`Unable to parse the filter: ${error.message}`])
    throw error
  }
}

/** Values at a path; lists are looked into. */
function valuesAt(value: unknown, path: readonly string[]): unknown {
  const [name, ...rest] = path
  if (name === undefined) return value
  if (Array.isArray(value)) return value.flatMap((item) => valuesAt(item, path) ?? [])
  return typeof value === 'object' && value !== null
    ? valuesAt((value as Record<string, unknown>)[name], rest)
    : undefined
}

function relation(call: OktaCall, rel: string, after: string | undefined, limit: number): string {
  const query = new URLSearchParams()
  if (after !== undefined) query.set('after', after)
  for (const [name, value] of new URLSearchParams(call.request.search)) {
    if (name !== 'limit' && !(name === 'after' && rel === 'next')) query.append(name, value)
  }
  query.set('limit', String(limit))
  return `<${call.link('/api/v1/logs')}?${query}>; rel="${rel}"`
}
