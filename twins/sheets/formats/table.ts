import { shown } from '../views/values.ts'
import type { Sheet, Workbook } from '../workbook.ts'

/** A sheet as the texts it shows: every row as long as the widest. */
export function shownTable(book: Workbook, sheet: Sheet): string[][] {
  const { rows, columns } = book.values.used(sheet.id)
  return Array.from({ length: rows }, (_, row) =>
    Array.from({ length: columns }, (_, column) => shown(book, sheet.id, row, column)),
  )
}

export const escapeXml = (text: string) =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;')
