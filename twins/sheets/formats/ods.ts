import { strToU8, zipSync } from 'fflate'
import type { Workbook } from '../workbook.ts'
import { escapeXml, shownTable } from './table.ts'

const TYPE = 'application/vnd.oasis.opendocument.spreadsheet'
const HEAD = '<?xml version="1.0" encoding="UTF-8"?>'

/** An OpenDocument spreadsheet of the shown values. */
export function toOds(book: Workbook): Uint8Array {
  const tables = book.sheets
    .filter(({ isGrid }) => isGrid)
    .map((sheet) => {
      const rows = shownTable(book, sheet).map(
        (row) =>
          `<table:table-row>${row.map((text) => `<table:table-cell office:value-type="string"><text:p>${escapeXml(text)}</text:p></table:table-cell>`).join('')}</table:table-row>`,
      )
      return `<table:table table:name="${escapeXml(sheet.title)}">${rows.join('')}</table:table>`
    })
  const names = ['office', 'table', 'text']
    .map((name) => `xmlns:${name}="urn:oasis:names:tc:opendocument:xmlns:${name}:1.0"`)
    .join(' ')
  const files = {
    mimetype: TYPE,
    'META-INF/manifest.xml': `${HEAD}<manifest:manifest xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0"><manifest:file-entry manifest:full-path="/" manifest:media-type="${TYPE}"/><manifest:file-entry manifest:full-path="content.xml" manifest:media-type="text/xml"/></manifest:manifest>`,
    'content.xml': `${HEAD}<office:document-content ${names} office:version="1.2"><office:body><office:spreadsheet>${tables.join('')}</office:spreadsheet></office:body></office:document-content>`,
  }
  // The media type comes first and uncompressed, so that programs can read it in place.
  return zipSync(
    Object.fromEntries(
      Object.entries(files).map(([name, text]) => [name, [strToU8(text), { level: name === 'mimetype' ? 0 : 6 }]]),
    ) as Record<string, [Uint8Array, { level: 0 | 6 }]>,
    { mtime: Date.UTC(1980, 0, 2) },
  )
}
