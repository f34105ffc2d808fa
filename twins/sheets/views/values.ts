import { rangeName } from '../rules/a1.ts'
import type { Area } from '../rules/address.ts'
import { CellError } from '../rules/formula/values.ts'
import { display, isDateFormat } from '../rules/number-format.ts'
import type { Sheet, Workbook } from '../workbook.ts'

export interface RenderOptions {
  readonly majorDimension?: string
  readonly valueRenderOption?: string
  readonly dateTimeRenderOption?: string
}

/** A cell as text, the way it is shown. */
export function shown({ values }: Workbook, sheetId: number, row: number, column: number): string {
  const { value } = values.result(sheetId, row, column)
  return value instanceof CellError ? value.code : display(value, values.format(sheetId, row, column), values.locale)
}

/** A cell as a JSON value, or `undefined` when nothing is in it. */
function rendered(book: Workbook, sheet: Sheet, row: number, column: number, options: RenderOptions): unknown {
  const { values } = book
  const { value } = values.result(sheet.id, row, column)
  const entered = sheet.grid.get(row, column)?.userEnteredValue
  if (value === null && !entered) return undefined
  const option = options.valueRenderOption ?? 'FORMATTED_VALUE'
  if (option === 'FORMULA' && entered?.formulaValue !== undefined) return entered.formulaValue
  if (option === 'FORMATTED_VALUE') return shown(book, sheet.id, row, column)
  if (value === null) return ''
  if (value instanceof CellError) return value.message ? `${value.code} (${value.message})` : value.code
  const asText = option === 'UNFORMATTED_VALUE' && options.dateTimeRenderOption === 'FORMATTED_STRING'
  return asText && typeof value === 'number' && isDateFormat(values.format(sheet.id, row, column))
    ? shown(book, sheet.id, row, column)
    : value
}

/** A ValueRange: blanks at the end of rows and rows at the end left out, `values` absent when nothing is left. */
export function valueRangeView(book: Workbook, sheet: Sheet, area: Area, options: RenderOptions) {
  const majorDimension = options.majorDimension === 'COLUMNS' ? 'COLUMNS' : 'ROWS'
  const used = book.values.used(sheet.id)
  const bottom = Math.min(area.bottom, used.rows)
  const right = Math.min(area.right, used.columns)
  const lines: unknown[][] = []
  const [majorStart, majorEnd, minorStart, minorEnd] =
    majorDimension === 'ROWS' ? [area.top, bottom, area.left, right] : [area.left, right, area.top, bottom]
  for (let major = majorStart; major < majorEnd; major++) {
    const line: unknown[] = []
    let length = 0
    for (let minor = minorStart; minor < minorEnd; minor++) {
      const [row, column] = majorDimension === 'ROWS' ? [major, minor] : [minor, major]
      const value = rendered(book, sheet, row, column, options)
      line.push(value ?? '')
      if (value !== undefined) length = line.length
    }
    lines.push(line.slice(0, length))
  }
  while (lines.at(-1)?.length === 0) lines.pop()
  return { range: rangeName(sheet.title, area), majorDimension, ...(lines.length > 0 && { values: lines }) }
}
