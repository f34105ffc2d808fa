import { type Area, areaName, columnIndex } from './address.ts'

/** A range as written: ends left open are `undefined`. Zero-based, end exclusive. */
export interface OpenArea {
  readonly top?: number
  readonly left?: number
  readonly bottom?: number
  readonly right?: number
}

export interface ParsedRange {
  /** Sheet title as written, without quotes; absent when the range names none. */
  readonly title?: string
  /** Whether the title stood in quotes, which makes it a title and nothing else. */
  readonly quoted: boolean
  /** The cells; absent when the text after the title is not a cell range. */
  readonly cells?: OpenArea
  /** What is not a cell range: a sheet title, a named range or a table. */
  readonly name?: string
}

const CELL = /^\$?([A-Za-z]{1,3})\$?([1-9]\d{0,7})$/
const COLUMN = /^\$?([A-Za-z]{1,3})$/
const ROW = /^\$?([1-9]\d{0,7})$/
const R1C1 = /^R([1-9]\d*)C([1-9]\d*)$/i
const R1C1_ONLY = /^(?:R[1-9]\d*(?:C[1-9]\d*)?|C[1-9]\d*)$/i

interface End {
  readonly row?: number
  readonly column?: number
}

function parseEnd(text: string): End | undefined {
  const r1c1 = R1C1.exec(text)
  if (r1c1) return { row: Number(r1c1[1]) - 1, column: Number(r1c1[2]) - 1 }
  const cell = CELL.exec(text)
  if (cell) return { row: Number(cell[2]) - 1, column: columnIndex(cell[1] as string) }
  const column = COLUMN.exec(text)
  if (column) return { column: columnIndex(column[1] as string) }
  const row = ROW.exec(text)
  return row ? { row: Number(row[1]) - 1 } : undefined
}

const ordered = (a: number | undefined, b: number | undefined): [number | undefined, number | undefined] =>
  a !== undefined && b !== undefined && a > b ? [b, a] : [a, b]

/** `A1`, `A1:B2`, `A:C`, `1:3`, `A5:B`, `A1:1`, `R1C1:R2C3`; reversed corners are put in order. */
export function parseCells(text: string): OpenArea | undefined {
  const [first, second, ...more] = text.split(':')
  if (first === undefined || more.length > 0) return undefined
  const start = parseEnd(first)
  if (!start) return undefined
  if (second === undefined) {
    if (start.row === undefined || start.column === undefined) return undefined
    return { top: start.row, left: start.column, bottom: start.row + 1, right: start.column + 1 }
  }
  const end = parseEnd(second)
  if (!end) return undefined
  if (start.row === undefined && end.row !== undefined && start.column === undefined) return undefined
  const [top, last] = ordered(start.row, end.row)
  const [left, rightmost] = ordered(start.column, end.column)
  return {
    top: top ?? (last !== undefined && start.row === undefined ? last : undefined),
    left,
    bottom: end.row === undefined || start.row === undefined ? undefined : (last as number) + 1,
    right: end.column === undefined || start.column === undefined ? undefined : (rightmost as number) + 1,
  }
}

/** Splits a quoted or bare title from what follows the `!`. `undefined`: malformed quotes. */
function splitTitle(text: string): { title?: string; quoted: boolean; rest?: string } | undefined {
  if (text.startsWith("'")) {
    const match = /^'((?:[^']|'')*)'(?:!(.*))?$/s.exec(text)
    return match ? { title: (match[1] as string).replaceAll("''", "'"), quoted: true, rest: match[2] } : undefined
  }
  const mark = text.lastIndexOf('!')
  return mark < 0
    ? { quoted: false, rest: text }
    : { title: text.slice(0, mark), quoted: false, rest: text.slice(mark + 1) }
}

/** Reads a range in A1 or R1C1 notation, without looking at any spreadsheet. */
export function parseRange(text: string): ParsedRange | undefined {
  const split = splitTitle(text)
  if (!split) return undefined
  const { title, quoted, rest } = split
  if (rest === undefined) return { title, quoted }
  if (title !== undefined && (title === '' || rest === '')) return undefined
  const cells = parseCells(rest)
  return cells ? { title, quoted, cells } : { title, quoted, name: rest }
}

/** The part of a grid an open range means. Ends beyond the grid are cut off, a start beyond it is kept. */
export function within(cells: OpenArea, rows: number, columns: number): Area {
  const top = cells.top ?? 0
  const left = cells.left ?? 0
  return {
    top,
    left,
    bottom: Math.max(top + 1, Math.min(cells.bottom ?? rows, rows)),
    right: Math.max(left + 1, Math.min(cells.right ?? columns, columns)),
  }
}

/** Whether a title can stand bare before `!`: a plain word that does not read as a cell. */
export const isPlainTitle = (title: string) =>
  /^[A-Za-z_][A-Za-z0-9_]*$/.test(title) && !CELL.test(title) && !R1C1_ONLY.test(title)

export const quoteTitle = (title: string) => (isPlainTitle(title) ? title : `'${title.replaceAll("'", "''")}'`)

/** `Sheet1!A1:B2`, the way Google echoes ranges. */
export const rangeName = (title: string, area: Area) => `${quoteTitle(title)}!${areaName(area)}`

/** Whether a text may name a range: a word that is no cell, R1C1 or boolean. */
export const isRangeName = (name: string) =>
  /^[\p{L}_][\p{L}\p{N}_.]{0,249}$/u.test(name) &&
  !CELL.test(name) &&
  !R1C1_ONLY.test(name) &&
  !/^(true|false)$/i.test(name)
