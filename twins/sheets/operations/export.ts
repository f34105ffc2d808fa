import { content } from '../../../shared/kernel/reply.ts'
import { openBook } from '../access.ts'
import { invalid } from '../errors.ts'
import { toCsv, toTsv } from '../formats/csv.ts'
import { toHtmlZip } from '../formats/html.ts'
import { toOds } from '../formats/ods.ts'
import { toPdf } from '../formats/pdf.ts'
import { shownTable } from '../formats/table.ts'
import { toXlsx } from '../formats/xlsx.ts'
import type { Sheet, Workbook } from '../workbook.ts'
import { operations } from './define.ts'
import { sheetOf } from './requests/sheets.ts'

interface Format {
  readonly type: string
  readonly write: (book: Workbook, sheet: Sheet) => Uint8Array | string
}

/** By the extension a download link names. Delimited text is one sheet, the others are the whole spreadsheet. */
const FORMATS: Readonly<Record<string, Format>> = {
  csv: { type: 'text/csv', write: (book, sheet) => toCsv(shownTable(book, sheet)) },
  tsv: { type: 'text/tab-separated-values', write: (book, sheet) => toTsv(shownTable(book, sheet)) },
  xlsx: { type: 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet', write: toXlsx },
  ods: { type: 'application/x-vnd.oasis.opendocument.spreadsheet', write: toOds },
  pdf: { type: 'application/pdf', write: toPdf },
  zip: { type: 'application/zip', write: toHtmlZip },
}

/** Download links: docs.google.com/spreadsheets/d/ID/export?format=csv&gid=0. */
export const exports = operations({
  'sheets.export': (call) => {
    const { params, query } = call
    const book = openBook(call, params.spreadsheetId, 'reader')
    const extension = query.format ?? query.exportFormat ?? 'xlsx'
    const format = FORMATS[extension]
    if (!format) throw invalid(`Unknown export format: ${extension}`)
    const sheet = query.gid === undefined ? book.sheets[0] : sheetOf(book, query.gid)
    if (!sheet) throw invalid('The spreadsheet has no sheet.')
    const single = extension === 'csv' || extension === 'tsv'
    const name = encodeURIComponent(`${book.title}${single ? ` - ${sheet.title}` : ''}.${extension}`)
    return content(format.write(book, sheet), format.type, {
      'content-disposition': `attachment; filename*=UTF-8''${name}`,
    })
  },
})
