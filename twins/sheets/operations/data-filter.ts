import type { DataFilter } from '../../../openapi/types/sheets.ts'
import { invalid } from '../errors.ts'
import type { DeveloperMetadata, Dimension, DimensionRange, GridRange } from '../model.ts'
import { type Located, locate, resolveRange } from '../resolve.ts'
import type { Sheet, Workbook } from '../workbook.ts'

/** Developer metadata that a lookup describes. */
export function lookUp(
  book: Workbook,
  lookup: NonNullable<DataFilter['developerMetadataLookup']>,
): DeveloperMetadata[] {
  const {
    metadataId,
    metadataKey,
    metadataValue,
    visibility,
    locationType,
    metadataLocation,
    locationMatchingStrategy,
  } = lookup
  return book.developerMetadata.filter(
    (metadata) =>
      (metadataId === undefined || metadata.metadataId === metadataId) &&
      (metadataKey === undefined || metadata.metadataKey === metadataKey) &&
      (metadataValue === undefined || metadata.metadataValue === metadataValue) &&
      (visibility === undefined || metadata.visibility === visibility) &&
      (locationType === undefined || metadata.location.locationType === locationType) &&
      (metadataLocation === undefined ||
        matchesLocation(
          metadata,
          metadataLocation as DeveloperMetadata['location'],
          locationMatchingStrategy !== 'EXACT_LOCATION',
        )),
  )
}

const sameRange = (a: DimensionRange | undefined, b: DimensionRange | undefined) =>
  (a?.sheetId ?? 0) === (b?.sheetId ?? 0) &&
  a?.dimension === b?.dimension &&
  a?.startIndex === b?.startIndex &&
  a?.endIndex === b?.endIndex

/** Whether metadata lies at a place, or also inside it: a sheet encloses its rows, the spreadsheet everything. */
function matchesLocation(
  { location }: DeveloperMetadata,
  wanted: DeveloperMetadata['location'],
  intersecting: boolean,
): boolean {
  if (wanted.spreadsheet) return intersecting || location.locationType === 'SPREADSHEET'
  if (wanted.dimensionRange)
    return location.dimensionRange !== undefined && sameRange(location.dimensionRange, wanted.dimensionRange)
  const sheetId = wanted.sheetId ?? 0
  if (location.locationType === 'SHEET') return (location.sheetId ?? 0) === sheetId
  return intersecting && location.dimensionRange !== undefined && (location.dimensionRange.sheetId ?? 0) === sheetId
}

/** The cells a piece of developer metadata stands for; the spreadsheet's own stand for none. */
function placeOf(book: Workbook, { location }: DeveloperMetadata): Located[] {
  if (location.locationType === 'SPREADSHEET') return []
  const sheet = book.sheet(location.sheetId ?? location.dimensionRange?.sheetId ?? 0)
  if (!sheet) return []
  const { dimensionRange } = location
  return [{ sheet, area: dimensionRange ? bandOf(sheet, dimensionRange) : sheet.area, open: {} }]
}

function bandOf(sheet: Sheet, { dimension, startIndex = 0, endIndex }: DimensionRange) {
  const rows = (dimension as Dimension) === 'ROWS'
  const end = endIndex ?? (rows ? sheet.rowCount : sheet.columnCount)
  return rows ? { ...sheet.area, top: startIndex, bottom: end } : { ...sheet.area, left: startIndex, right: end }
}

/** The ranges a data filter selects. */
export function rangesOf(book: Workbook, filter: DataFilter): Located[] {
  if (filter.a1Range !== undefined) return [resolveRange(book, filter.a1Range)]
  if (filter.gridRange) {
    const { sheet, area } = locate(book, filter.gridRange as GridRange, 'gridRange')
    return [{ sheet, area, open: openOf(filter.gridRange as GridRange) }]
  }
  if (filter.developerMetadataLookup)
    return lookUp(book, filter.developerMetadataLookup).flatMap((metadata) => placeOf(book, metadata))
  throw invalid('Must specify a data filter.')
}

const openOf = ({ startRowIndex, endRowIndex, startColumnIndex, endColumnIndex }: GridRange) => ({
  top: startRowIndex,
  bottom: endRowIndex,
  left: startColumnIndex,
  right: endColumnIndex,
})
