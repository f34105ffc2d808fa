import { changeFile } from '../../../google/index.ts'
import { DEFAULT_COLUMNS, DEFAULT_ROWS, newSheetRow } from '../../defaults.ts'
import { duplicateTitle, invalid, noSheet } from '../../errors.ts'
import type { GridProperties, SheetProperties, SpreadsheetProperties } from '../../model.ts'
import { withColorStyles } from '../../rules/color.ts'
import { rewriteReferences } from '../../rules/formula/rewrite.ts'
import { isLocale } from '../../rules/locale.ts'
import { masked, updateMask } from '../../rules/mask.ts'
import { isTimeZone } from '../../rules/serial.ts'
import { deleteCells, rewriteFormulas } from '../../rules/structure.ts'
import { type Sheet, Sheet as SheetClass, type Workbook } from '../../workbook.ts'
import { copySheet } from '../copy.ts'
import { assertSize } from '../size.ts'
import { requests } from './define.ts'

const PROPERTY_NAMES = [
  'title',
  'locale',
  'autoRecalc',
  'timeZone',
  'defaultFormat',
  'iterativeCalculationSettings',
  'spreadsheetTheme',
  'importFunctionsExternalUrlAccessAllowed',
]

/** Properties without what the API leaves out: false, zero. */
export function normalProperties(properties: SheetProperties): SheetProperties {
  const { hidden, rightToLeft, gridProperties, ...rest } = withColorStyles(properties)
  const grid =
    gridProperties &&
    (Object.fromEntries(Object.entries(gridProperties).filter(([, value]) => value)) as unknown as GridProperties)
  return {
    ...rest,
    ...(grid && { gridProperties: grid }),
    ...(hidden && { hidden }),
    ...(rightToLeft && { rightToLeft }),
  }
}

export function assertTitle(book: Workbook, title: string, except?: Sheet): void {
  if (title === '') throw invalid('A sheet name cannot be empty.')
  if (title.length > 100) throw invalid('The sheet name cannot be greater than 100 characters.')
  const lower = title.toLowerCase()
  if (book.sheets.some((sheet) => sheet !== except && sheet.title.toLowerCase() === lower)) throw duplicateTitle(title)
}

function freeTitle(book: Workbook): string {
  for (let number = book.sheets.length + 1; ; number++) {
    const title = `Sheet${number}`
    if (!book.titled(title)) return title
  }
}

const isTaken = (book: Workbook) => (id: number) => book.sheet(id) !== undefined

/** Adds a sheet as described; what is left out gets Sheets' defaults. */
export function addSheet(book: Workbook, given: Partial<SheetProperties> = {}): Sheet {
  const title = given.title ?? freeTitle(book)
  assertTitle(book, title)
  if (given.sheetId !== undefined && book.sheet(given.sheetId))
    throw invalid(`A sheet with the id ${given.sheetId} already exists.`)
  const index = given.index ?? book.sheets.length
  if (index < 0 || index > book.sheets.length) throw invalid(`Invalid sheet index: ${index}`)
  const {
    rowCount = DEFAULT_ROWS,
    columnCount = DEFAULT_COLUMNS,
    ...grid
  } = given.gridProperties ?? ({} as Partial<GridProperties>)
  if (rowCount < 1 || columnCount < 1) throw invalid('A sheet must have at least one row and one column.')
  assertSize(book, undefined, rowCount, columnCount)
  const isObject = given.sheetType === 'OBJECT'
  const { title: _title, sheetId, index: _index, sheetType, gridProperties: _grid, ...look } = given
  const properties = normalProperties({
    sheetId: sheetId ?? book.newId(isTaken(book)),
    title,
    index,
    sheetType: sheetType ?? 'GRID',
    ...(!isObject && { gridProperties: { rowCount, columnCount, ...grid } }),
    ...look,
  })
  const sheet = new SheetClass(newSheetRow(book.id, properties))
  book.insertSheet(sheet, index)
  return sheet
}

const visible = (book: Workbook) => book.sheets.filter(({ row }) => !row.properties.hidden)

export function sheetOf(book: Workbook, sheetId: number | undefined): Sheet {
  const sheet = book.sheet(sheetId ?? 0)
  if (!sheet) throw noSheet(sheetId ?? 0)
  return sheet
}

function rename(book: Workbook, sheet: Sheet, title: string): void {
  const before = sheet.title
  if (before === title) return
  assertTitle(book, title, sheet)
  rewriteFormulas(book, (formula) =>
    rewriteReferences(formula, book.properties.locale, (reference) =>
      reference.sheet?.toLowerCase() === before.toLowerCase() ? { ...reference, sheet: title } : undefined,
    ),
  )
  sheet.setProperties({ ...sheet.row.properties, title })
}

/** Moves a sheet before the one that has the index now. */
function reindex(book: Workbook, sheet: Sheet, index: number): void {
  if (index < 0 || index > book.sheets.length) throw invalid(`Invalid sheet index: ${index}`)
  const from = book.sheets.indexOf(sheet)
  book.sheets.splice(from, 1)
  book.sheets.splice(index > from ? index - 1 : index, 0, sheet)
  book.renumber()
}

function resize(book: Workbook, sheet: Sheet, before: GridProperties, after: GridProperties): void {
  if (after.rowCount < 1) throw invalid("You can't delete all the rows on the sheet.")
  if (after.columnCount < 1) throw invalid("You can't delete all the columns on the sheet.")
  if ((after.frozenRowCount ?? 0) >= after.rowCount) throw invalid("You can't freeze all visible rows on the sheet.")
  if ((after.frozenColumnCount ?? 0) >= after.columnCount)
    throw invalid("You can't freeze all visible columns on the sheet.")
  assertSize(book, sheet, after.rowCount, after.columnCount)
  if (after.rowCount < before.rowCount) deleteCells(book, sheet, 'ROWS', after.rowCount, before.rowCount)
  if (after.columnCount < before.columnCount) deleteCells(book, sheet, 'COLUMNS', after.columnCount, before.columnCount)
}

export const sheetRequests = requests({
  updateSpreadsheetProperties: ({ call, book }, { properties, fields }) => {
    const before = { title: book.title, ...book.properties }
    const { title, ...after } = masked(before as SpreadsheetProperties, properties, updateMask(fields), PROPERTY_NAMES)
    if (!isLocale(after.locale ?? '')) throw invalid(`Unsupported locale: ${after.locale}`)
    if (!isTimeZone(after.timeZone ?? '')) throw invalid(`Invalid time zone: ${after.timeZone}`)
    if (title !== before.title) changeFile(call, book.id, { name: title ?? '' })
    book.properties = after
    book.changed()
    return undefined
  },

  addSheet: ({ book }, { properties }) => ({
    properties: addSheet(book, properties as Partial<SheetProperties>).row.properties,
  }),

  deleteSheet: ({ book }, { sheetId }) => {
    const sheet = sheetOf(book, sheetId)
    if (book.sheets.length === 1) throw invalid("You can't remove all the sheets in a document.")
    if (!sheet.row.properties.hidden && visible(book).length === 1)
      throw invalid("You can't remove all the visible sheets in a document.")
    const { title } = sheet
    book.removeSheet(sheet)
    rewriteFormulas(book, (formula) =>
      rewriteReferences(formula, book.properties.locale, (reference) =>
        reference.sheet?.toLowerCase() === title.toLowerCase() ? 'vanished' : undefined,
      ),
    )
    book.namedRanges = book.namedRanges.filter(({ range }) => (range.sheetId ?? 0) !== sheet.id)
    book.developerMetadata = book.developerMetadata.filter(
      ({ location }) => (location.sheetId ?? location.dimensionRange?.sheetId) !== sheet.id,
    )
    return undefined
  },

  updateSheetProperties: ({ book }, { properties = {}, fields }) => {
    const sheet = sheetOf(book, properties.sheetId)
    const before = sheet.row.properties
    const mask = updateMask(fields)
    const names = [
      'sheetId',
      'title',
      'index',
      'sheetType',
      'gridProperties',
      'hidden',
      'tabColor',
      'tabColorStyle',
      'rightToLeft',
      'dataSourceSheetProperties',
    ]
    const after = masked(before, mask.has('*') ? { ...before, ...properties } : properties, mask, names)
    const title = after.title ?? ''
    const index = after.index ?? 0
    if (after.hidden && !before.hidden && visible(book).length === 1)
      throw invalid("You can't hide all the sheets in a document.")
    if (after.gridProperties && before.gridProperties) {
      const grid = {
        ...after.gridProperties,
        rowCount: after.gridProperties.rowCount ?? 0,
        columnCount: after.gridProperties.columnCount ?? 0,
      }
      resize(book, sheet, before.gridProperties, grid)
    }
    rename(book, sheet, title)
    sheet.setProperties(
      normalProperties({ ...after, sheetId: before.sheetId, sheetType: before.sheetType, title, index: before.index }),
    )
    if (mask.has('index') && index !== before.index) reindex(book, sheet, index)
    book.changed()
    return undefined
  },

  duplicateSheet: ({ book }, { sourceSheetId, insertSheetIndex, newSheetId, newSheetName }) => {
    const source = sheetOf(book, sourceSheetId)
    if (newSheetName !== undefined) assertTitle(book, newSheetName)
    if (newSheetId !== undefined && book.sheet(newSheetId))
      throw invalid(`A sheet with the id ${newSheetId} already exists.`)
    const copy = copySheet(source, book, { title: newSheetName, sheetId: newSheetId })
    book.insertSheet(copy, Math.min(insertSheetIndex ?? 0, book.sheets.length))
    return { properties: copy.row.properties }
  },
})
