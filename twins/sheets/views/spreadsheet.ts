import { mayEdit, type SheetsCall } from '../access.ts'
import type { DeveloperMetadata, ProtectedRange } from '../model.ts'
import type { Area } from '../rules/address.ts'
import type { Calculation } from '../rules/calculation.ts'
import { hiddenByFilter } from '../rules/filter.ts'
import { normalRange } from '../rules/ranges.ts'
import type { Sheet, Workbook } from '../workbook.ts'
import { cellView } from './cell.ts'
import { threadsOf } from './comments.ts'

export interface SpreadsheetViewOptions {
  /** Whether cells are wanted. */
  readonly gridData?: boolean
  /** Whether comments are wanted; they are left out unless asked for. */
  readonly comments?: boolean
  /** Only these ranges, and the sheets they lie on. */
  readonly ranges?: readonly { readonly sheet: Sheet; readonly area: Area }[]
}

/** The Spreadsheet resource. */
export function spreadsheetView(
  call: SheetsCall,
  book: Workbook,
  { gridData = false, ranges, comments = false }: SpreadsheetViewOptions = {},
) {
  const touched = ranges && ranges.length > 0 ? new Set(ranges.map(({ sheet }) => sheet)) : undefined
  const sheets = touched ? book.sheets.filter((sheet) => touched.has(sheet)) : book.sheets
  const metadata = book.developerMetadata.filter(({ location }) => location.locationType === 'SPREADSHEET')
  const { user } = call.caller
  return {
    spreadsheetId: book.id,
    properties: { title: book.title, ...book.properties },
    sheets: sheets.map((sheet) => {
      const areas =
        ranges && touched ? ranges.filter((range) => range.sheet === sheet).map(({ area }) => area) : [sheet.area]
      return sheetView(call, book, sheet, gridData && sheet.isGrid ? areas : undefined)
    }),
    ...(book.namedRanges.length > 0 && {
      namedRanges: book.namedRanges.map((named) => ({ ...named, range: normalRange(named.range) })),
    }),
    // Accounts of people get their subject appended, service accounts do not.
    spreadsheetUrl: `https://docs.google.com/spreadsheets/d/${book.id}/edit${user?.kind === 'user' ? `?ouid=${user.subject}` : ''}`,
    ...(metadata.length > 0 && { developerMetadata: metadata.map(metadataView) }),
    ...(comments && filled('comments', threadsOf(call, book.id))),
  }
}

export const propertiesView = (sheet: Sheet) => sheet.row.properties

const filled = <K extends string, T>(key: K, list: readonly T[]) =>
  list.length > 0 ? ({ [key]: list } as Record<K, readonly T[]>) : {}

function sheetView(call: SheetsCall, book: Workbook, sheet: Sheet, areas: readonly Area[] | undefined) {
  const { row } = sheet
  const metadata = book.developerMetadata.filter(
    ({ location }) => location.locationType === 'SHEET' && location.sheetId === sheet.id,
  )
  return {
    properties: propertiesView(sheet),
    ...(areas && { data: areas.map((area) => gridDataView(book, sheet, area)) }),
    ...filled('merges', row.merges.map(normalRange)),
    ...filled(
      'conditionalFormats',
      row.conditionalFormats.map((rule) => ({ ...rule, ranges: rule.ranges.map(normalRange) })),
    ),
    ...filled('filterViews', row.filterViews),
    ...filled(
      'protectedRanges',
      row.protectedRanges.map((protection) => protectedRangeView(call, book, protection)),
    ),
    ...(row.basicFilter && { basicFilter: row.basicFilter }),
    ...filled('charts', row.charts),
    ...filled('bandedRanges', row.bandedRanges),
    ...filled('developerMetadata', metadata.map(metadataView)),
    ...filled('rowGroups', row.rowGroups),
    ...filled('columnGroups', row.columnGroups),
    ...filled('slicers', row.slicers),
    ...filled('tables', row.tables),
  }
}

/** A protection as the caller sees it: editors are shown to those who may edit. */
export function protectedRangeView(call: SheetsCall, book: Workbook, { editors, ...protection }: ProtectedRange) {
  const requestingUserCanEdit = mayEdit(call, book, { ...protection, editors })
  return {
    ...protection,
    ...(protection.range && { range: normalRange(protection.range) }),
    ...(requestingUserCanEdit && { requestingUserCanEdit }),
    ...(requestingUserCanEdit && !protection.warningOnly && { editors: editors ?? {} }),
  }
}

export const metadataView = ({ location, ...metadata }: DeveloperMetadata) => ({
  ...metadata,
  location: {
    ...location,
    ...(location.dimensionRange && { dimensionRange: withoutZeroSheet(location.dimensionRange) }),
  },
})

const withoutZeroSheet = <R extends { readonly sheetId?: number }>({ sheetId, ...range }: R) =>
  sheetId ? { sheetId, ...range } : range

/** GridData of a rectangle: rows up to the last that has cells, metadata of every row and column. */
function gridDataView(book: Workbook, sheet: Sheet, area: Area) {
  const { values } = book
  const used = values.used(sheet.id)
  const rowData: { values?: object[] }[] = []
  for (let row = area.top; row < Math.min(area.bottom, Math.max(used.rows, decoratedRows(sheet))); row++) {
    const cells: object[] = []
    let length = 0
    for (
      let column = area.left;
      column < Math.min(area.right, Math.max(used.columns, decoratedColumns(sheet)));
      column++
    ) {
      const view = cellView(book, sheet, row, column)
      cells.push(view)
      if (Object.keys(view).length > 0) length = cells.length
    }
    rowData.push(length > 0 ? { values: cells.slice(0, length) } : {})
  }
  while (rowData.length > 0 && !rowData.at(-1)?.values) rowData.pop()
  return {
    ...(area.top > 0 && { startRow: area.top }),
    ...(area.left > 0 && { startColumn: area.left }),
    ...filled('rowData', rowData),
    rowMetadata: dimensionView(book, sheet, 'ROWS', area.top, area.bottom, values),
    columnMetadata: dimensionView(book, sheet, 'COLUMNS', area.left, area.right, values),
  }
}

const decoratedRows = (sheet: Sheet) =>
  Math.max(
    0,
    ...sheet.row.bandedRanges.map(({ range }) => Math.min(range.endRowIndex ?? sheet.rowCount, sheet.rowCount)),
  )
const decoratedColumns = (sheet: Sheet) =>
  Math.max(
    0,
    ...sheet.row.bandedRanges.map(({ range }) =>
      Math.min(range.endColumnIndex ?? sheet.columnCount, sheet.columnCount),
    ),
  )

export const DEFAULT_SIZE = { ROWS: 21, COLUMNS: 100 } as const

function dimensionView(
  book: Workbook,
  sheet: Sheet,
  dimension: 'ROWS' | 'COLUMNS',
  from: number,
  to: number,
  values: Calculation,
) {
  const known = dimension === 'ROWS' ? sheet.row.rows : sheet.row.columns
  const filtered = dimension === 'ROWS' && sheet.row.basicFilter ? hiddenByFilter(sheet.row, values) : undefined
  const located = book.developerMetadata.filter(
    ({ location }) =>
      location.dimensionRange?.dimension === dimension && (location.dimensionRange.sheetId ?? 0) === sheet.id,
  )
  return Array.from({ length: Math.max(0, to - from) }, (_, offset) => {
    const at = from + offset
    const { pixelSize = DEFAULT_SIZE[dimension], hiddenByUser } = known[at] ?? {}
    const here = located.filter(({ location }) => location.dimensionRange?.startIndex === at)
    return {
      ...(filtered?.has(at) && { hiddenByFilter: true }),
      ...(hiddenByUser && { hiddenByUser }),
      pixelSize,
      ...(here.length > 0 && { developerMetadata: here.map(metadataView) }),
    }
  })
}
