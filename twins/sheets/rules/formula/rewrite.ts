import { quoteTitle } from '../a1.ts'
import { columnIndex, columnName } from '../address.ts'
import { localeOf } from '../locale.ts'
import { REFERENCE, type Token, tokenize } from './lexer.ts'
import { prefixTitle } from './parser.ts'

/** One end of a reference: `$B$2`, `B`, `2`. */
export interface End {
  readonly column?: number
  readonly row?: number
  readonly columnFixed?: boolean
  readonly rowFixed?: boolean
}

/** A reference as it stands in a formula. */
export interface WrittenReference {
  /** Title of the sheet it names; absent: the sheet of the formula. */
  readonly sheet?: string
  readonly first: End
  readonly last?: End
}

/** What becomes of a reference: another one, `'lost'` when its cells are gone, `'vanished'` when its sheet is, or `undefined` to leave it alone. */
export type Change = (reference: WrittenReference) => WrittenReference | 'lost' | 'vanished' | undefined

function parseEnd(text: string): End {
  const match = /^(\$?)([A-Za-z]{1,3})?(\$?)(\d+)?$/.exec(text)
  if (!match) return {}
  const [, first, letters, second, digits] = match
  return {
    ...(letters !== undefined && { column: columnIndex(letters), ...(first && { columnFixed: true }) }),
    ...(digits !== undefined && {
      row: Number(digits) - 1,
      ...((letters === undefined ? first : second) && { rowFixed: true }),
    }),
  }
}

const printEnd = ({ column, row, columnFixed, rowFixed }: End) =>
  `${column === undefined ? '' : `${columnFixed ? '$' : ''}${columnName(column)}`}${row === undefined ? '' : `${rowFixed ? '$' : ''}${row + 1}`}`

const sameEnd = (a: End, b: End) =>
  a.column === b.column && a.row === b.row && a.columnFixed === b.columnFixed && a.rowFixed === b.rowFixed

function print({ sheet, first, last }: WrittenReference): string {
  const prefix = sheet === undefined ? '' : `${quoteTitle(sheet)}!`
  const single = !last || (sameEnd(first, last) && first.column !== undefined && first.row !== undefined)
  return `${prefix}${printEnd(first)}${single ? '' : `:${printEnd(last)}`}`
}

function written(token: Token): WrittenReference | undefined {
  const parts = REFERENCE.exec(token.text)?.groups
  if (!parts || parts.lost) return undefined
  return {
    ...(parts.sheet !== undefined && { sheet: prefixTitle(parts.sheet) }),
    first: parseEnd(parts.first as string),
    ...(parts.last !== undefined && { last: parseEnd(parts.last) }),
  }
}

/** Rewrites the references of a formula; everything else stays as typed. */
export function rewriteReferences(formula: string, localeName: string, change: Change): string {
  return rewriteTokens(formula, localeName, (token) => {
    if (token.kind !== 'reference') return undefined
    const reference = written(token)
    const changed = reference && change(reference)
    if (changed === 'vanished') return '#REF!'
    if (changed === 'lost') return reference?.sheet === undefined ? '#REF!' : `${quoteTitle(reference.sheet)}!#REF!`
    return changed && print(changed)
  })
}

/** Rewrites single tokens of a formula. */
export function rewriteTokens(
  formula: string,
  localeName: string,
  change: (token: Token) => string | undefined,
): string {
  const tokens = tokenize(formula.slice(1), localeOf(localeName))
  if (!tokens) return formula
  let result = '='
  for (const token of tokens) result += change(token) ?? token.text
  return result
}

/** Stores `B1:B1` as `B1`, as Sheets does. */
export const normalizeFormula = (formula: string, localeName: string): string =>
  formula.includes(':')
    ? rewriteReferences(formula, localeName, (reference) =>
        reference.last &&
        sameEnd(reference.first, reference.last) &&
        reference.first.column !== undefined &&
        reference.first.row !== undefined
          ? { ...reference, last: undefined }
          : undefined,
      )
    : formula

const MAX_ROW = 10_000_000
const MAX_COLUMN = 18_278

/** The formula as it reads when copied `rows` down and `columns` to the right: fixed parts stay. */
export function shiftFormula(formula: string, localeName: string, rows: number, columns: number): string {
  if (rows === 0 && columns === 0) return formula
  const shift = (end: End): End => ({
    ...end,
    ...(end.row !== undefined && !end.rowFixed && { row: end.row + rows }),
    ...(end.column !== undefined && !end.columnFixed && { column: end.column + columns }),
  })
  const inside = ({ row = 0, column = 0 }: End) => row >= 0 && column >= 0 && row < MAX_ROW && column < MAX_COLUMN
  return rewriteReferences(formula, localeName, ({ sheet, first, last }) => {
    const from = shift(first)
    const to = last && shift(last)
    return inside(from) && (!to || inside(to)) ? { sheet, first: from, last: to } : 'lost'
  })
}

/** Where a run of indexes lies after rows or columns were inserted, deleted or moved; `undefined`: it is gone. */
export type MapSpan = (start: number, end: number) => readonly [start: number, end: number] | undefined

/** Follows a structural change of one dimension through a reference. */
export function mapReference(
  reference: WrittenReference,
  dimension: 'ROWS' | 'COLUMNS',
  map: MapSpan,
): WrittenReference | 'lost' {
  const key = dimension === 'ROWS' ? 'row' : 'column'
  const { first, last = first } = reference
  const low = first[key]
  const high = last[key]
  if (low === undefined && high === undefined) return reference
  // An open end (A5:A) reaches to the end of the sheet, whatever its size.
  const start = Math.min(low ?? 0, high ?? Number.POSITIVE_INFINITY)
  const end = low === undefined || high === undefined ? MAX_ROW : Math.max(low, high) + 1
  const span = map(start, end)
  if (!span) return 'lost'
  const flipped = low !== undefined && high !== undefined && low > high
  const [from, to] = flipped ? [span[1] - 1, span[0]] : [span[0], span[1] - 1]
  return {
    ...reference,
    first: low === undefined ? first : { ...first, [key]: from },
    ...(reference.last && { last: high === undefined ? last : { ...last, [key]: to } }),
  }
}

export const insertedSpan =
  (at: number, count: number): MapSpan =>
  (start, end) => [start >= at ? start + count : start, end > at ? end + count : end]

export const deletedSpan =
  (from: number, to: number): MapSpan =>
  (start, end) => {
    const map = (index: number) => (index <= from ? index : index >= to ? index - (to - from) : from)
    const [first, last] = [map(start), map(end)]
    return last > first ? [first, last] : undefined
  }

/** Rows or columns `from`…`to` taken out and put before `destination`, as numbered before the move. */
export const movedSpan =
  (from: number, to: number, destination: number): MapSpan =>
  (start, end) => {
    const index = movedIndex(from, to, destination)
    if (end - start === 1 || (start >= from && end <= to)) return [index(start), index(end - 1) + 1]
    const ends = [index(start), index(end - 1)]
    return ends[0] !== undefined && ends[1] !== undefined && ends[0] <= ends[1] ? [ends[0], ends[1] + 1] : [start, end]
  }

export const movedIndex =
  (from: number, to: number, destination: number) =>
  (index: number): number => {
    const size = to - from
    if (index >= from && index < to) return destination > from ? index + destination - to : index + destination - from
    if (destination > to && index >= to && index < destination) return index - size
    if (destination < from && index >= destination && index < from) return index + size
    return index
  }
