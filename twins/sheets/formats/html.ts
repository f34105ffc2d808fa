import { strToU8, zipSync } from 'fflate'
import type { Workbook } from '../workbook.ts'
import { escapeXml, shownTable } from './table.ts'

/** A web page per sheet, zipped, as Drive exports `application/zip`. */
export function toHtmlZip(book: Workbook): Uint8Array {
  const files = book.sheets
    .filter(({ isGrid }) => isGrid)
    .map((sheet) => {
      const rows = shownTable(book, sheet).map(
        (row) => `<tr>${row.map((text) => `<td>${escapeXml(text)}</td>`).join('')}</tr>`,
      )
      const page = `<html><head><meta charset="utf-8"><title>${escapeXml(sheet.title)}</title></head><body><table>${rows.join('')}</table></body></html>`
      return [`${sheet.title.replace(/[^\w -]/g, '')}.html`, strToU8(page)] as const
    })
  return zipSync(Object.fromEntries(files), { mtime: Date.UTC(1980, 0, 2) })
}
