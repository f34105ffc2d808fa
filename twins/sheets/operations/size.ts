import { invalid, tooManyCells } from '../errors.ts'
import type { Sheet, Workbook } from '../workbook.ts'

const MAX_CELLS = 10_000_000
const MAX_COLUMNS = 18_278

/** Refuses sizes beyond a workbook's limits. */
export function assertSize(book: Workbook, sheet: Sheet | undefined, rows: number, columns: number): void {
  if (columns > MAX_COLUMNS) throw invalid(`You cannot have more than ${MAX_COLUMNS} columns in a sheet.`)
  const others = book.sheets.reduce(
    (total, other) => (other === sheet ? total : total + other.rowCount * other.columnCount),
    0,
  )
  if (others + rows * columns > MAX_CELLS) throw tooManyCells()
}

/** Gives a sheet as many rows and columns as are needed. */
export function growTo(book: Workbook, sheet: Sheet, rows: number, columns: number): void {
  const rowCount = Math.max(sheet.rowCount, rows)
  const columnCount = Math.max(sheet.columnCount, columns)
  if (rowCount === sheet.rowCount && columnCount === sheet.columnCount) return
  assertSize(book, sheet, rowCount, columnCount)
  sheet.resize(rowCount, columnCount)
  book.changed()
}
