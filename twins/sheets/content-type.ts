import { contentType, type File, legacyError, SPREADSHEET } from '../google/index.ts'
import { DEFAULT_COLUMNS, DEFAULT_ROWS, firstSheet, newSheetRow, newSpreadsheetRow } from './defaults.ts'
import { parseDelimited, toCsv, toTsv } from './formats/csv.ts'
import { toHtmlZip } from './formats/html.ts'
import { toOds } from './formats/ods.ts'
import { fromOds } from './formats/ods-import.ts'
import { toPdf } from './formats/pdf.ts'
import { shownTable } from './formats/table.ts'
import { toXlsx } from './formats/xlsx.ts'
import { fromXlsx, type ImportedSheet } from './formats/xlsx-import.ts'
import type { Cell } from './model.ts'
import { entryContext } from './operations/writing.ts'
import { enter } from './rules/enter.ts'
import { tables } from './tables.ts'
import { removeWorkbook, Sheet, type SheetsMoment, Workbook } from './workbook.ts'

const OFFICE = 'application/vnd.openxmlformats-officedocument.spreadsheetml.'
const XLSX = `${OFFICE}sheet`
const ODS = 'application/vnd.oasis.opendocument.spreadsheet'
const OLD_ODS = 'application/x-vnd.oasis.opendocument.spreadsheet'

const blank = (moment: SheetsMoment, id: string) =>
  new Workbook(moment, newSpreadsheetRow(moment, id), [new Sheet(firstSheet(id))], false)

/** Renders a stored spreadsheet; one without content is an empty one. */
const exporting = (write: (book: Workbook) => Uint8Array | string) => (moment: SheetsMoment, file: File) =>
  write(Workbook.open(moment, file.id) ?? blank(moment, file.id))

const firstTable = (book: Workbook) => {
  const [sheet] = book.sheets
  return sheet ? shownTable(book, sheet) : []
}

/**
 * Delimited text becomes the one sheet, named as the file, each field read as if typed. Google's importer runs on its own
 * clock: the spreadsheet is in Pacific time afterwards (recorded: gspread's import_csv).
 */
const importing = (delimiter: string) => (moment: SheetsMoment, file: File, bytes: Uint8Array) => {
  const book = blank(moment, file.id)
  const context = entryContext(book)
  const rows = parseDelimited(new TextDecoder().decode(bytes), delimiter)
  const cells = rows.flatMap((row, at) =>
    row.map((text, column) => [at, column, enter({}, text, 'USER_ENTERED', context)] as const),
  )
  store(moment, file, [{ title: file.name, cells }], { timeZone: 'America/Los_Angeles' })
}

/** Replaces a spreadsheet by imported sheets, each as large as its content or the default. */
function store(
  moment: SheetsMoment,
  file: File,
  imported: readonly ImportedSheet[],
  properties: { readonly timeZone?: string } = {},
): void {
  removeWorkbook(moment, file.id)
  const sheets = imported.map(({ title, cells }, index) => {
    const rowCount = Math.max(DEFAULT_ROWS, ...cells.map(([row]) => row + 1))
    const columnCount = Math.max(DEFAULT_COLUMNS, ...cells.map(([, column]) => column + 1))
    const sheetId = moment.random.integer(2 ** 31)
    const sheet = new Sheet(
      newSheetRow(file.id, { sheetId, title, index, sheetType: 'GRID', gridProperties: { rowCount, columnCount } }),
    )
    for (const [row, column, cell] of cells) sheet.grid.set(row, column, cell as Cell)
    return sheet
  })
  const row = newSpreadsheetRow(moment, file.id)
  new Workbook(
    moment,
    { ...row, properties: { ...row.properties, ...properties } },
    sheets.length > 0 ? sheets : [new Sheet(firstSheet(file.id))],
    false,
  ).save()
}

type Import = (moment: SheetsMoment, file: File, bytes: Uint8Array) => void

/** Refuses bytes that are not what their type says. */
const checked =
  (readIn: (bytes: Uint8Array, moment: SheetsMoment, file: File) => ImportedSheet[]): Import =>
  (moment, file, bytes) => {
    let sheets: ImportedSheet[]
    try {
      sheets = readIn(bytes, moment, file)
    } catch {
      throw legacyError({ code: 400, reason: 'badRequest', message: 'Bad Request' })
    }
    store(moment, file, sheets)
  }
const importXlsx = checked(fromXlsx)
const importOds = checked((bytes, moment, file) => {
  const context = entryContext(blank(moment, file.id))
  return fromOds(bytes, (text) => enter({}, text, 'USER_ENTERED', context))
})

/** What a spreadsheet is to Drive: born with one empty sheet, copied whole, exported and imported. */
contentType({
  mimeType: SPREADSHEET,
  tables,
  create: (moment, file) => blank(moment, file.id).save(),
  copy(moment, from, to) {
    const source = Workbook.open(moment, from.id)
    if (!source) return
    const sheets = source.sheets.map((sheet) => new Sheet({ ...sheet.row, spreadsheetId: to.id }, sheet.grid.rows))
    const copy = new Workbook(
      moment,
      { ...newSpreadsheetRow(moment, to.id), properties: source.properties },
      sheets,
      false,
    )
    copy.namedRanges = source.namedRanges
    copy.developerMetadata = source.developerMetadata
    copy.save()
  },
  remove: (moment, file) => removeWorkbook(moment, file.id),
  export: {
    'text/csv': exporting((book) => toCsv(firstTable(book))),
    'text/tab-separated-values': exporting((book) => toTsv(firstTable(book))),
    [XLSX]: exporting(toXlsx),
    'application/pdf': exporting(toPdf),
    'application/zip': exporting(toHtmlZip),
    [ODS]: exporting(toOds),
    [OLD_ODS]: exporting(toOds),
  },
  import: {
    'text/csv': importing(','),
    'text/tab-separated-values': importing('\t'),
    'text/comma-separated-values': importing(','),
    [XLSX]: importXlsx,
    [`${OFFICE}template`]: importXlsx,
    'application/vnd.ms-excel.sheet.macroenabled.12': importXlsx,
    'application/vnd.ms-excel.template.macroenabled.12': importXlsx,
    [ODS]: importOds,
    [OLD_ODS]: importOds,
  },
  text: exporting((book) =>
    book.sheets
      .flatMap((sheet) => shownTable(book, sheet).map((row) => row.filter((text) => text !== '').join(' ')))
      .join('\n'),
  ) as (moment: SheetsMoment, file: File) => string,
})
