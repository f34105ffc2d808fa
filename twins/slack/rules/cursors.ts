import { Buffer } from 'node:buffer'
import { fail } from '../errors.ts'

/** Opaque to callers; real ones are base64 of a name and a value: `dXNlcjpVMDYxTkZUVDI=` is `user:U061NFTT2`. */
export type CursorKind = 'user' | 'team' | 'im_id' | 'next_ts' | 'id'

export const encodeCursor = (kind: CursorKind, value: string): string =>
  Buffer.from(`${kind}:${value}`).toString('base64')

/** The value behind a cursor; '' when none was sent. Throws `invalid_cursor`. */
export function decodeCursor(kind: CursorKind, cursor: unknown): string {
  if (cursor === undefined || cursor === null || cursor === '') return ''
  const [name, ...rest] = Buffer.from(String(cursor), 'base64').toString('utf8').split(':')
  const value = rest.join(':')
  if (name !== kind || value === '') throw fail('invalid_cursor')
  return value
}

export interface Page<T> {
  readonly items: readonly T[]
  /** '' on the last page, as `response_metadata.next_cursor` has it. */
  readonly next: string
}

/**
 * The page after `cursor` of items that are sorted by `keyOf`. Reads one item more than it returns, no further.
 */
export function cursorPage<T>(
  kind: CursorKind,
  items: Iterable<T>,
  keyOf: (item: T) => string,
  limit: number,
  cursor: unknown,
): Page<T> {
  const from = decodeCursor(kind, cursor)
  const page: T[] = []
  for (const item of items) {
    if (from !== '' && keyOf(item) < from) continue
    if (page.length === limit) return { items: page, next: encodeCursor(kind, keyOf(item)) }
    page.push(item)
  }
  return { items: page, next: '' }
}

/** Page of an unordered list, by position. */
export function offsetPage<T>(items: readonly T[], limit: number, cursor: unknown): Page<T> {
  const from = decodeCursor('id', cursor)
  const start = from === '' ? 0 : Number(from)
  if (!Number.isSafeInteger(start) || start < 0) throw fail('invalid_cursor')
  const end = start + limit
  return { items: items.slice(start, end), next: end < items.length ? encodeCursor('id', String(end)) : '' }
}

/** Classic paging of files, searches, stars and reactions. */
export interface Paging {
  readonly count: number
  readonly total: number
  readonly page: number
  readonly pages: number
}

export function classicPage<T>(
  items: readonly T[],
  count: number,
  page: number,
): { items: readonly T[]; paging: Paging } {
  const start = (page - 1) * count
  return {
    items: items.slice(start, start + count),
    paging: { count, total: items.length, page, pages: Math.ceil(items.length / count) },
  }
}
