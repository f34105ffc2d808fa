import type { Spreadsheet } from '../../../openapi/types/sheets.ts'
import { ok } from '../../../shared/kernel/reply.ts'
import { parseMask } from '../../google/fields.ts'
import { callerUser, createFile, SPREADSHEET } from '../../google/index.ts'
import { change, openBook, type SheetsCall } from '../access.ts'
import { DEFAULT_COLUMNS, DEFAULT_ROWS, DEFAULT_TITLE, firstSheet, newSpreadsheetRow } from '../defaults.ts'
import { invalid } from '../errors.ts'
import type { NamedRange, SheetProperties, SpreadsheetProperties } from '../model.ts'
import { resolveRange } from '../resolve.ts'
import { isLocale } from '../rules/locale.ts'
import { reaches } from '../rules/mask.ts'
import { isTimeZone } from '../rules/serial.ts'
import { spreadsheetView } from '../views/spreadsheet.ts'
import { Sheet, Workbook } from '../workbook.ts'
import { copySheet } from './copy.ts'
import { rangesOf } from './data-filter.ts'
import { operations } from './define.ts'
import { applyCellData } from './requests/cells.ts'
import { addSheet, sheetOf } from './requests/sheets.ts'

/** Fields wanted of cells decide whether cells are shown; without a mask the parameter does. */
const wantsGridData = (fields: string | undefined, includeGridData: boolean | undefined) =>
  fields ? reaches(parseMask(fields), 'sheets', 'data') : includeGridData === true

const ALL_CELL_FIELDS = new Map([['*', undefined]])

/** A spreadsheet as the body of create describes it. */
function build(
  call: SheetsCall,
  id: string,
  { properties = {}, sheets = [], namedRanges = [] }: Spreadsheet,
): Workbook {
  const row = newSpreadsheetRow(call, id)
  const { title: _title, ...given } = properties
  const locale = given.locale ?? row.properties.locale
  const timeZone = given.timeZone ?? row.properties.timeZone
  if (!isLocale(locale)) throw invalid(`Invalid spreadsheet.properties: Unsupported locale: ${locale}`)
  if (!isTimeZone(timeZone)) throw invalid(`Invalid spreadsheet.properties: Invalid time zone: ${timeZone}`)
  const merged = {
    ...row.properties,
    ...(given as Partial<SpreadsheetProperties>),
    locale,
    timeZone,
    defaultFormat: row.properties.defaultFormat,
    spreadsheetTheme: row.properties.spreadsheetTheme,
  }
  const book = new Workbook(
    call,
    { ...row, properties: merged },
    sheets.length > 0 ? [] : [new Sheet(firstSheet(id))],
    false,
  )
  for (const sheet of sheets) {
    const { index: _index, ...own } = (sheet.properties ?? {}) as Partial<SheetProperties>
    const first = book.sheets.length === 0 && own.sheetId === undefined ? { sheetId: 0 } : {}
    const made = addSheet(book, {
      ...first,
      ...own,
      gridProperties: { rowCount: DEFAULT_ROWS, columnCount: DEFAULT_COLUMNS, ...own.gridProperties },
    })
    fill(book, made, sheet)
  }
  book.namedRanges = namedRanges.map(
    (named): NamedRange => ({
      ...(named as NamedRange),
      namedRangeId: named.namedRangeId ?? String(book.newId(() => false)),
    }),
  )
  return book
}

function fill(book: Workbook, made: Sheet, sheet: NonNullable<Spreadsheet['sheets']>[number]): void {
  for (const { startRow = 0, startColumn = 0, rowData = [] } of sheet.data ?? []) {
    rowData.forEach(({ values = [] }, row) => {
      values.forEach((data, column) => {
        const at = [startRow + row, startColumn + column] as const
        made.grid.set(...at, applyCellData(book, made.grid.get(...at) ?? {}, data, ALL_CELL_FIELDS))
      })
    })
  }
  if (sheet.merges) made.row.merges = sheet.merges.map((range) => ({ ...range, sheetId: made.id }))
  if (sheet.conditionalFormats)
    made.row.conditionalFormats = sheet.conditionalFormats as typeof made.row.conditionalFormats
  book.changed()
}

export const spreadsheets = operations({
  'sheets.spreadsheets.create': (call) => {
    const body = call.body ?? {}
    const file = createFile(call, {
      name: body.properties?.title ?? DEFAULT_TITLE,
      mimeType: SPREADSHEET,
      owner: callerUser(call),
    })
    const book = build(call, file.id, body)
    book.save()
    return ok(spreadsheetView(call, Workbook.open(call, file.id) as Workbook))
  },

  'sheets.spreadsheets.get': (call) => {
    const { params, query } = call
    const book = openBook(call, params.spreadsheetId, 'reader')
    const ranges = query.ranges?.map((range) => resolveRange(book, range))
    return ok(
      spreadsheetView(call, book, {
        ranges,
        gridData: wantsGridData(query.fields, query.includeGridData),
        comments: query.commentsViewMode === 'COMMENTS_VIEW_MODE_INCLUDED',
      }),
    )
  },

  'sheets.spreadsheets.getByDataFilter': (call) => {
    const { params, query, body = {} } = call
    const book = openBook(call, params.spreadsheetId, 'reader')
    const ranges = (body.dataFilters ?? []).flatMap((filter) => rangesOf(book, filter))
    return ok(
      spreadsheetView(call, book, {
        ranges,
        gridData: wantsGridData(query.fields, body.includeGridData),
        comments: body.commentsViewMode === 'COMMENTS_VIEW_MODE_INCLUDED',
      }),
    )
  },

  'sheets.spreadsheets.sheets.copyTo': (call) => {
    const { params, body = {} } = call
    const source = sheetOf(openBook(call, params.spreadsheetId, 'reader'), params.sheetId)
    const destination = body.destinationSpreadsheetId ?? ''
    return ok(
      change(call, destination, (book) => {
        const copy = copySheet(source, book)
        book.insertSheet(copy)
        return copy.row.properties
      }),
    )
  },
})
