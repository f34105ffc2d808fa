import type { Cell, ExtendedValue } from '../model.ts'
import { CellError, type Scalar } from '../rules/formula/values.ts'
import type { Sheet, Workbook } from '../workbook.ts'
import { effectiveFormat, isDecorated } from './format.ts'
import { shown } from './values.ts'

/** A computed value on the wire; blanks and empty texts of formulas have none. */
export function effectiveValue(value: Scalar): ExtendedValue | undefined {
  if (value === null || value === '') return undefined
  if (value instanceof CellError)
    return { errorValue: { type: value.type, ...(value.message && { message: value.message }) } }
  if (typeof value === 'number') return { numberValue: value }
  return typeof value === 'boolean' ? { boolValue: value } : { stringValue: value }
}

/** The target of a cell that is one link: HYPERLINK(), or a format with a link. */
export function hyperlinkOf(
  { values }: Workbook,
  sheet: Sheet,
  row: number,
  column: number,
  cell: Cell | undefined,
): string | undefined {
  const formula = cell?.userEnteredValue?.formulaValue
  const target =
    formula && /^=\s*HYPERLINK\s*\(/i.test(formula) ? values.hyperlink(formula, sheet.id, row, column) : undefined
  return target ?? cell?.userEnteredFormat?.textFormat?.link?.uri
}

/** CellData. A cell that nothing touched is `{}`. */
export function cellView(book: Workbook, sheet: Sheet, row: number, column: number): object {
  const cell = sheet.grid.get(row, column)
  const { value, spilled } = book.values.result(sheet.id, row, column)
  const exists =
    cell?.userEnteredValue !== undefined ||
    cell?.userEnteredFormat !== undefined ||
    spilled ||
    cell?.pivotTable !== undefined
  if (!cell && !spilled && !isDecorated(sheet, row, column)) return {}
  const effective = effectiveValue(value)
  const link = hyperlinkOf(book, sheet, row, column, cell)
  return {
    ...(cell?.userEnteredValue && { userEnteredValue: cell.userEnteredValue }),
    ...(effective && { effectiveValue: effective, formattedValue: shown(book, sheet.id, row, column) }),
    ...(cell?.userEnteredFormat && { userEnteredFormat: cell.userEnteredFormat }),
    ...((exists || isDecorated(sheet, row, column)) && {
      effectiveFormat: effectiveFormat(book, sheet, row, column, cell, link),
    }),
    ...(link !== undefined && { hyperlink: link }),
    ...(cell?.note !== undefined && { note: cell.note }),
    ...(cell?.textFormatRuns && { textFormatRuns: cell.textFormatRuns }),
    ...(cell?.dataValidation && { dataValidation: cell.dataValidation }),
    ...(cell?.pivotTable && { pivotTable: cell.pivotTable }),
    ...(cell?.chipRuns && { chipRuns: cell.chipRuns }),
  }
}
