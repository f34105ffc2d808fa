import { assertEditable, type SheetsCall } from '../access.ts'
import { invalid } from '../errors.ts'
import type { Located } from '../resolve.ts'
import { rangeName } from '../rules/a1.ts'
import { type Area, columnName } from '../rules/address.ts'
import { type EntryContext, enter } from '../rules/enter.ts'
import { localeOf } from '../rules/locale.ts'
import { civil } from '../rules/serial.ts'
import { type RenderOptions, valueRangeView } from '../views/values.ts'
import type { Sheet, Workbook } from '../workbook.ts'

/** How a request wants its values understood and shown again. */
export interface WriteOptions {
  readonly valueInputOption: string
  readonly includeValuesInResponse?: boolean
  readonly responseValueRenderOption?: string
  readonly responseDateTimeRenderOption?: string
}

/** What was written where; cells that were null are not counted. */
export interface Written {
  readonly sheet: Sheet
  readonly area: Area
  readonly rows: ReadonlySet<number>
  readonly columns: ReadonlySet<number>
  readonly cells: number
  readonly majorDimension: string
}

/** The option, which has no default. */
export function inputOption(option: string | undefined): string {
  if (option === undefined || option === 'INPUT_VALUE_OPTION_UNSPECIFIED')
    throw invalid("'valueInputOption' is required but not specified")
  return option
}

export const entryContext = (book: Workbook): EntryContext => ({
  locale: localeOf(book.properties.locale),
  localeName: book.properties.locale,
  year: civil(book.values.now).year,
})

type Values = readonly (readonly unknown[])[]

/** Checks the shape of values and lays them out by rows. */
export function asRows(values: unknown, majorDimension: string | undefined): Values {
  const lines = ((Array.isArray(values) ? values : []) as (unknown[] | null)[]).map((line) => line ?? [])
  lines.forEach((line, major) => {
    line.forEach((value, minor) => {
      if (value !== null && typeof value === 'object')
        throw invalid(`Invalid values[${major}][${minor}]: ${protoText(value)}`)
    })
  })
  if (majorDimension !== 'COLUMNS') return lines
  const height = Math.max(0, ...lines.map((line) => line.length))
  return Array.from({ length: height }, (_, row) => lines.map((line) => (row < line.length ? line[row] : undefined)))
}

/** A list or object in the text form of protocol buffers, which the refusal quotes. */
function protoText(value: unknown, indent = ''): string {
  if (Array.isArray(value)) {
    const items = value
      .map((item) => `${indent}  values {\n${protoValue(item, `${indent}    `)}${indent}  }\n`)
      .join('')
    return `list_value {\n${items}${indent}}\n`
  }
  const fields = Object.entries(value as object)
    .map(
      ([key, item]) =>
        `${indent}  fields {\n${indent}    key: "${key}"\n${indent}    value {\n${protoValue(item, `${indent}      `)}${indent}    }\n${indent}  }\n`,
    )
    .join('')
  return `struct_value {\n${fields}${indent}}\n`
}

function protoValue(value: unknown, indent: string): string {
  if (value === null) return `${indent}null_value: NULL_VALUE\n`
  if (typeof value === 'number') return `${indent}number_value: ${Number.isInteger(value) ? value.toFixed(1) : value}\n`
  if (typeof value === 'boolean') return `${indent}bool_value: ${value}\n`
  return typeof value === 'string'
    ? `${indent}string_value: ${JSON.stringify(value)}\n`
    : `${indent}${protoText(value, indent)}`
}

/** Writes values from the first cell of a range. The grid does not grow; a range of several cells is a limit. */
export function writeRange(
  call: SheetsCall,
  book: Workbook,
  text: string,
  target: Located,
  values: unknown,
  majorDimension: string | undefined,
  option: string,
): Written {
  const { sheet, area, open } = target
  const rows = asRows(values, majorDimension)
  const height = rows.length
  const width = Math.max(0, ...rows.map((row) => row.length))
  const anchor = open === undefined ? false : open.bottom === area.top + 1 && open.right === area.left + 1
  const limit = anchor
    ? sheet.area
    : {
        ...area,
        bottom: open?.bottom === undefined ? sheet.rowCount : area.bottom,
        right: open?.right === undefined ? sheet.columnCount : area.right,
      }
  const within = text.includes('!') ? text : rangeName(sheet.title, area)
  if (area.left + width > limit.right)
    throw invalid(
      `Requested writing within range [${within}], but tried writing to column [${columnName(limit.right)}]`,
    )
  if (area.top + height > limit.bottom)
    throw invalid(`Requested writing within range [${within}], but tried writing to row [${limit.bottom + 1}]`)
  return put(call, book, sheet, area.top, area.left, rows, option, majorDimension, area)
}

/** Enters rows of values from a cell on. `empty` is the range reported when there is nothing to write. */
export function put(
  call: SheetsCall,
  book: Workbook,
  sheet: Sheet,
  top: number,
  left: number,
  rows: Values,
  option: string,
  majorDimension: string | undefined,
  empty: Area,
): Written {
  const width = Math.max(0, ...rows.map((row) => row.length))
  const area = width > 0 ? { top, left, bottom: top + rows.length, right: left + width } : empty
  if (width > 0) assertEditable(call, book, sheet, area)
  const context = entryContext(book)
  const touched = { rows: new Set<number>(), columns: new Set<number>(), cells: 0 }
  rows.forEach((values, row) => {
    if (values.length === 0) return
    const at = { top: top + row, left, bottom: top + row + 1, right: left + values.length }
    sheet.grid.update(at, (cell, r, c) => {
      const value = values[c - left]
      if (value === null || value === undefined) return cell
      touched.rows.add(r)
      touched.columns.add(c)
      touched.cells++
      return enter(cell, value, option, context)
    })
  })
  book.changed()
  return { sheet, area, ...touched, majorDimension: majorDimension === 'COLUMNS' ? 'COLUMNS' : 'ROWS' }
}

const count = <K extends string>(key: K, value: number) => (value > 0 ? ({ [key]: value } as Record<K, number>) : {})

/** UpdateValuesResponse. */
export function writtenView(
  book: Workbook,
  { sheet, area, rows, columns, cells, majorDimension }: Written,
  options: WriteOptions,
) {
  const render: RenderOptions = {
    majorDimension,
    valueRenderOption: options.responseValueRenderOption,
    dateTimeRenderOption: options.responseDateTimeRenderOption,
  }
  return {
    spreadsheetId: book.id,
    updatedRange: rangeName(sheet.title, area),
    ...count('updatedRows', rows.size),
    ...count('updatedColumns', columns.size),
    ...count('updatedCells', cells),
    ...(options.includeValuesInResponse && { updatedData: valueRangeView(book, sheet, area, render) }),
  }
}

/** Totals of several writes: a row or column written twice counts once. */
export function totalsView(written: readonly Written[]) {
  const distinct = (of: (one: Written) => ReadonlySet<number>) =>
    new Set(written.flatMap((one) => [...of(one)].map((at) => `${one.sheet.id}/${at}`))).size
  return {
    ...count(
      'totalUpdatedRows',
      distinct(({ rows }) => rows),
    ),
    ...count(
      'totalUpdatedColumns',
      distinct(({ columns }) => columns),
    ),
    ...count(
      'totalUpdatedCells',
      written.reduce((total, { cells }) => total + cells, 0),
    ),
    ...count('totalUpdatedSheets', new Set(written.filter(({ cells }) => cells > 0).map(({ sheet }) => sheet.id)).size),
  }
}

/** Empties cells of a range; looks, notes and validation stay. */
export function clearValues(call: SheetsCall, book: Workbook, { sheet, area }: Located): string {
  assertEditable(call, book, sheet, area)
  for (const [row, column, cell] of [...sheet.grid.cells(area)])
    sheet.grid.set(row, column, enter(cell, '', 'RAW', entryContext(book)))
  book.changed()
  return rangeName(sheet.title, area)
}
