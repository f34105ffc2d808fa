import type { Call, OperationShape } from '../../shared/kernel/call.ts'
import { accessOf, atLeast, type GoogleCaller, SPREADSHEET, touchFile } from '../google/index.ts'
import { forbidden, notFound, notSupported, protectedCell } from './errors.ts'
import type { ProtectedRange } from './model.ts'
import { type Area, covers, overlaps } from './rules/address.ts'
import { areaOf } from './rules/ranges.ts'
import type { SheetsTables } from './tables.ts'
import { type Sheet, Workbook } from './workbook.ts'

export type SheetsCall = Call<OperationShape, SheetsTables, GoogleCaller>

/** The spreadsheet of an id, for a caller who may read or write it. */
export function openBook(call: SheetsCall, id: string, need: 'reader' | 'writer'): Workbook {
  const file = call.tables.files.get(id)
  if (!file) throw notFound()
  const role = accessOf(call, file)
  if (!atLeast(role, need)) throw forbidden()
  if (file.mimeType !== SPREADSHEET) throw file.blob ? notSupported() : notFound()
  const book = Workbook.open(call, id)
  if (!book) throw notFound()
  return book
}

/** Opens a spreadsheet, changes it and saves it; Drive sees one more version. */
export function change<T>(call: SheetsCall, id: string, work: (book: Workbook) => T): T {
  const book = openBook(call, id, 'writer')
  const result = work(book)
  book.save()
  touchFile(call, id)
  return result
}

/** Whether the caller may edit what a protection covers: its editors, and always the file's owner. */
export function mayEdit(call: SheetsCall, book: Workbook, { warningOnly, editors }: ProtectedRange): boolean {
  if (warningOnly) return true
  const { user } = call.caller
  const file = call.tables.files.get(book.id)
  if (!user || !file) return false
  if (file.ownerId === user.id || accessOf(call, file) === 'owner') return true
  if (editors?.domainUsersCanEdit && user.domain) return true
  return (
    editors?.users?.includes(user.email) === true ||
    (editors?.groups ?? []).some((group) => call.tables.groups.by('email', group)?.members.includes(user.email))
  )
}

/** Refuses a write that touches protected cells the caller may not edit. */
export function assertEditable(call: SheetsCall, book: Workbook, sheet: Sheet, area: Area): void {
  for (const protection of sheet.row.protectedRanges) {
    const named =
      protection.namedRangeId === undefined
        ? undefined
        : book.namedRanges.find(({ namedRangeId }) => namedRangeId === protection.namedRangeId)
    const range = named?.range ?? protection.range ?? {}
    if (!overlaps(areaOf(range, sheet.rowCount, sheet.columnCount), area)) continue
    const open = (protection.unprotectedRanges ?? []).some((one) =>
      covers(areaOf(one, sheet.rowCount, sheet.columnCount), area),
    )
    if (!open && !mayEdit(call, book, protection)) throw protectedCell()
  }
}
