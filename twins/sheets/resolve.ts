import { invalid, unparsable } from './errors.ts'
import type { DimensionRange, GridRange } from './model.ts'
import { type OpenArea, parseRange, rangeName, within } from './rules/a1.ts'
import type { Area } from './rules/address.ts'
import { areaOf } from './rules/ranges.ts'
import type { Sheet, Workbook } from './workbook.ts'

/** A range of a workbook that exists. */
export interface Located {
  readonly sheet: Sheet
  readonly area: Area
  /** Which ends the text left open: `A5:B` has no bottom. */
  readonly open?: OpenArea
}

/** Finds what a range text means, or `undefined`. Ends beyond the grid are cut off, a start beyond it is kept. */
export function findRange(book: Workbook, text: string): Located | undefined {
  const parsed = parseRange(text)
  if (!parsed) return undefined
  const { title, quoted, cells, name } = parsed
  if (cells) {
    const sheet = title === undefined ? book.sheets[0] : book.titled(title)
    return sheet && { sheet, area: within(cells, sheet.rowCount, sheet.columnCount), open: cells }
  }
  if (name === undefined) return quoted && title !== undefined ? wholeSheet(book, title) : undefined
  return namedRange(book, name) ?? (title === undefined ? wholeSheet(book, name) : undefined)
}

function wholeSheet(book: Workbook, title: string): Located | undefined {
  const sheet = book.titled(title)
  return sheet && { sheet, area: sheet.area, open: {} }
}

function namedRange(book: Workbook, name: string): Located | undefined {
  const lower = name.toLowerCase()
  const named = book.namedRanges.find((range) => range.name.toLowerCase() === lower)
  if (named) return gridLocated(book, named.range)
  for (const sheet of book.sheets) {
    const table = sheet.row.tables.find((other) => other.name.toLowerCase() === lower)
    if (table) return gridLocated(book, table.range)
  }
  return undefined
}

function gridLocated(book: Workbook, range: GridRange): Located | undefined {
  const sheet = book.sheet(range.sheetId ?? 0)
  return sheet && { sheet, area: areaOf(range, sheet.rowCount, sheet.columnCount) }
}

/** The range a client names, or the refusal Sheets gives. */
export function resolveRange(book: Workbook, text: string): Located {
  const found = findRange(book, text)
  if (!found?.sheet.isGrid) throw unparsable(text)
  const { sheet, area, open } = found
  if (area.top >= sheet.rowCount || area.left >= sheet.columnCount) {
    const named = open ? { ...area, bottom: open.bottom ?? area.bottom, right: open.right ?? area.right } : area
    throw invalid(
      `Range (${rangeName(sheet.title, named)}) exceeds grid limits. Max rows: ${sheet.rowCount}, max columns: ${sheet.columnCount}`,
    )
  }
  return found
}

/** The sheet and rectangle of a wire range; an absent sheet is sheet 0. */
export function locate(book: Workbook, range: GridRange | undefined, label = 'range'): { sheet: Sheet; area: Area } {
  const sheetId = range?.sheetId ?? 0
  const sheet = book.sheet(sheetId)
  if (!sheet) throw invalid(`No grid with id: ${sheetId}`)
  const { startRowIndex: top, endRowIndex: bottom, startColumnIndex: left, endColumnIndex: right } = range ?? {}
  const order = (key: string, start: number | undefined, end: number | undefined) => {
    if ((start ?? 0) < 0) throw invalid(`${label}.start${key}Index[${start}] must not be negative.`)
    if (start !== undefined && end !== undefined && start > end)
      throw invalid(`${label}.start${key}Index[${start}] is greater than ${label}.end${key}Index[${end}]`)
  }
  order('Row', top, bottom)
  order('Column', left, right)
  const outside = (key: string, value: number | undefined, limit: number) => {
    if (value !== undefined && value > limit)
      throw invalid(`${label}.end${key}Index[${value}] is after last ${key.toLowerCase()} in grid[${limit}]`)
  }
  const beyond = (key: string, value: number | undefined, limit: number) => {
    if (value !== undefined && value >= limit && limit > 0)
      throw invalid(`${label}.start${key}Index[${value}] is after last ${key.toLowerCase()} in grid[${limit - 1}]`)
  }
  beyond('Row', top, sheet.rowCount)
  beyond('Column', left, sheet.columnCount)
  outside('Row', bottom, sheet.rowCount)
  outside('Column', right, sheet.columnCount)
  return { sheet, area: areaOf(range ?? {}, sheet.rowCount, sheet.columnCount) }
}

/** The sheet and indexes of a run of rows or columns. */
export function locateDimension(book: Workbook, range: DimensionRange | undefined) {
  const sheetId = range?.sheetId ?? 0
  const sheet = book.sheet(sheetId)
  if (!sheet) throw invalid(`No grid with id: ${sheetId}`)
  const dimension = range?.dimension
  if (dimension !== 'ROWS' && dimension !== 'COLUMNS') throw invalid('No dimension specified.')
  const count = dimension === 'ROWS' ? sheet.rowCount : sheet.columnCount
  const start = range?.startIndex ?? 0
  const end = range?.endIndex ?? count
  if (start < 0) throw invalid(`range.startIndex[${start}] must not be negative.`)
  if (start >= end) throw invalid(`range.startIndex[${start}] must be less than range.endIndex[${end}]`)
  return { sheet, dimension, start, end, count } as const
}
