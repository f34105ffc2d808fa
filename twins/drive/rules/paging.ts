import { invalidValue } from '../errors.ts'

/** A page of a list and the token of the next one. */
export interface Page<T> {
  readonly items: readonly T[]
  readonly nextPageToken?: string
}

interface Cursor {
  /** What was asked: a token is good for the same question only. */
  readonly question: string
  /** Sort keys of the last item given. */
  readonly last: readonly SortKey[]
}

export type SortKey = string | number | boolean

const MARK = '~!!~'

const encode = (cursor: Cursor) => MARK + Buffer.from(JSON.stringify(cursor)).toString('base64url')

function decode(token: string): Cursor | undefined {
  if (!token.startsWith(MARK)) return undefined
  try {
    return JSON.parse(Buffer.from(token.slice(MARK.length), 'base64url').toString()) as Cursor
  } catch {
    return undefined
  }
}

/**
 * Cuts a page out of an ordered list. The token names the last item by its sort keys, so that items added meanwhile
 * neither repeat nor hide others.
 *
 * @throws 400 `Invalid Value` for a token that is none, or another question's
 */
export function page<T>(
  sorted: readonly T[],
  {
    size,
    token,
    question,
    keysOf,
    compare,
  }: {
    size: number
    token?: string
    question: string
    keysOf: (item: T) => readonly SortKey[]
    compare: (a: readonly SortKey[], b: readonly SortKey[]) => number
  },
): Page<T> {
  let start = 0
  if (token) {
    const cursor = decode(token)
    if (!cursor || cursor.question !== question) throw invalidValue('pageToken')
    start = sorted.findIndex((item) => compare(keysOf(item), cursor.last) > 0)
    if (start < 0) start = sorted.length
  }
  const items = sorted.slice(start, start + size)
  const last = items.at(-1)
  const more = start + size < sorted.length && last !== undefined
  return more ? { items, nextPageToken: encode({ question, last: keysOf(last) }) } : { items }
}

/** A page of rows that are already in order, each with a number that orders them. */
export function pageByOrder<T extends { readonly order: number }>(
  rows: readonly T[],
  size: number,
  token: string | undefined,
  question: string,
): Page<T> {
  return page(rows, {
    size,
    token,
    question,
    keysOf: ({ order }) => [order],
    compare: ([a], [b]) => (a as number) - (b as number),
  })
}

/** A page of rows in the order of a string. */
export function pageByText<T>(
  rows: readonly T[],
  size: number,
  token: string | undefined,
  question: string,
  textOf: (row: T) => string,
): Page<T> {
  return page(rows, {
    size,
    token,
    question,
    keysOf: (row) => [textOf(row)],
    compare: ([a], [b]) => compareText(a as string, b as string),
  })
}

const compareText = (a: string, b: string) => (a < b ? -1 : a > b ? 1 : 0)
