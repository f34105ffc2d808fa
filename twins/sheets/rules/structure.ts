import type { Cell, CellRow, DeveloperMetadata, Dimension, DimensionProperties, GridRange } from '../model.ts'
import type { Sheet, Workbook } from '../workbook.ts'
import {
  deletedSpan,
  insertedSpan,
  type MapSpan,
  mapReference,
  movedIndex,
  movedSpan,
  rewriteReferences,
} from './formula/rewrite.ts'
import { mapDimensionRange, mapRange, mapRanges } from './ranges.ts'

/**
 * Inserting, deleting and moving rows and columns: cells move, and everything that names a range follows: formulas,
 * named ranges, merges, formats, filters, protections, charts, tables, groups, developer metadata.
 */

/** Rewrites every formula of the workbook that can name the sheet. */
export function rewriteFormulas(book: Workbook, change: (formula: string, sheet: Sheet) => string): void {
  for (const sheet of book.sheets) {
    sheet.grid.mapRows((cells) => {
      let next: (Cell | null)[] | undefined
      cells.forEach((cell, column) => {
        const formula = cell?.userEnteredValue?.formulaValue
        if (formula === undefined) return
        const formulaValue = change(formula, sheet)
        if (formulaValue === formula) return
        next ??= cells.slice()
        next[column] = { ...cell, userEnteredValue: { formulaValue } }
      })
      return next ?? cells
    })
  }
  book.changed()
}

const onSheet = (range: GridRange, sheet: Sheet) => (range.sheetId ?? 0) === sheet.id

/** Lets everything but cells and sizes follow a structural change of one sheet. */
function follow(book: Workbook, sheet: Sheet, dimension: Dimension, map: MapSpan): void {
  rewriteFormulas(book, (formula, host) =>
    rewriteReferences(formula, book.properties.locale, (reference) => {
      const named = reference.sheet === undefined ? host : book.titled(reference.sheet)
      return named === sheet ? mapReference(reference, dimension, map) : undefined
    }),
  )
  const { row } = sheet
  const one = <R extends { readonly range?: GridRange }>(item: R): R[] => {
    if (!item.range) return [item]
    const range = mapRange(item.range, dimension, map)
    return range ? [{ ...item, range }] : []
  }
  row.merges = mapRanges(row.merges, dimension, map).filter(isSeveralCells)
  row.conditionalFormats = row.conditionalFormats.flatMap((rule) => {
    const ranges = mapRanges(rule.ranges, dimension, map)
    return ranges.length > 0 ? [{ ...rule, ranges }] : []
  })
  row.filterViews = row.filterViews.flatMap(one)
  row.protectedRanges = row.protectedRanges.flatMap(one)
  row.bandedRanges = row.bandedRanges.flatMap(one)
  row.tables = row.tables.flatMap(one)
  const filter = row.basicFilter && one(row.basicFilter)[0]
  if (filter) row.basicFilter = filter
  else delete row.basicFilter
  const groups = dimension === 'ROWS' ? 'rowGroups' : 'columnGroups'
  row[groups] = row[groups].flatMap((group) => {
    const range = mapDimensionRange(group.range, dimension, map)
    return range ? [{ ...group, range }] : []
  })
  row.charts = row.charts.map((chart) => mapSources(chart, sheet, dimension, map))
  row.slicers = row.slicers.map((slicer) => mapSources(slicer, sheet, dimension, map))
  book.namedRanges = book.namedRanges.flatMap((named) => (onSheet(named.range, sheet) ? one(named) : [named]))
  book.developerMetadata = book.developerMetadata.flatMap((metadata) => followMetadata(metadata, sheet, dimension, map))
}

const isSeveralCells = ({ startRowIndex = 0, endRowIndex = 0, startColumnIndex = 0, endColumnIndex = 0 }: GridRange) =>
  (endRowIndex - startRowIndex) * (endColumnIndex - startColumnIndex) > 1

function followMetadata(
  metadata: DeveloperMetadata,
  sheet: Sheet,
  dimension: Dimension,
  map: MapSpan,
): DeveloperMetadata[] {
  const range = metadata.location.dimensionRange
  if (!range || (range.sheetId ?? 0) !== sheet.id) return [metadata]
  const dimensionRange = mapDimensionRange(range, dimension, map)
  return dimensionRange ? [{ ...metadata, location: { ...metadata.location, dimensionRange } }] : []
}

/** Ranges anywhere inside a chart or slicer. */
function mapSources<T>(value: T, sheet: Sheet, dimension: Dimension, map: MapSpan): T {
  if (Array.isArray(value)) return value.map((item) => mapSources(item, sheet, dimension, map)) as T
  if (value === null || typeof value !== 'object') return value
  if ('startRowIndex' in value || 'startColumnIndex' in value)
    return onSheet(value as GridRange, sheet) ? ((mapRange(value as GridRange, dimension, map) ?? value) as T) : value
  return Object.fromEntries(
    Object.entries(value).map(([key, member]) => [key, mapSources(member, sheet, dimension, map)]),
  ) as T
}

const propertiesKey = (dimension: Dimension) => (dimension === 'ROWS' ? 'rows' : 'columns')

function moveProperties(sheet: Sheet, dimension: Dimension, index: (at: number) => number | undefined): void {
  const key = propertiesKey(dimension)
  const moved: Record<number, DimensionProperties> = {}
  for (const [at, properties] of Object.entries(sheet.row[key])) {
    const to = index(Number(at))
    if (to !== undefined) moved[to] = properties
  }
  sheet.row[key] = moved
}

/** Inserts blank rows or columns; with `inheritFromBefore` they look like the ones before, else like the ones after. */
export function insertCells(
  book: Workbook,
  sheet: Sheet,
  dimension: Dimension,
  at: number,
  count: number,
  inheritFromBefore = false,
): void {
  const model = inheritFromBefore ? at - 1 : at
  if (dimension === 'ROWS') {
    const likeness = looksOf(sheet.grid.rows[model] ?? null)
    sheet.grid.splice(
      at,
      0,
      Array.from({ length: count }, () => likeness),
    )
    sheet.resize(sheet.rowCount + count, sheet.columnCount)
  } else {
    sheet.grid.mapRows((cells) => {
      if (cells.length <= Math.min(at, model)) return cells
      const likeness = lookOf(cells[model] ?? null)
      const padded = [...cells, ...Array.from({ length: Math.max(0, at - cells.length) }, () => null)]
      return [...padded.slice(0, at), ...Array.from({ length: count }, () => likeness), ...padded.slice(at)]
    })
    sheet.resize(sheet.rowCount, sheet.columnCount + count)
  }
  moveProperties(sheet, dimension, (index) => (index >= at ? index + count : index))
  follow(book, sheet, dimension, insertedSpan(at, count))
}

const lookOf = (cell: Cell | null): Cell | null => {
  if (!cell?.userEnteredFormat && !cell?.dataValidation) return null
  const { userEnteredFormat, dataValidation } = cell
  return { ...(userEnteredFormat && { userEnteredFormat }), ...(dataValidation && { dataValidation }) }
}
const looksOf = (cells: CellRow | null): CellRow | null => {
  const looks = cells?.map(lookOf)
  return looks?.some((cell) => cell !== null) ? looks : null
}

export function deleteCells(book: Workbook, sheet: Sheet, dimension: Dimension, from: number, to: number): void {
  if (dimension === 'ROWS') {
    sheet.grid.splice(from, to - from, [])
    sheet.resize(sheet.rowCount - (to - from), sheet.columnCount)
  } else {
    sheet.grid.mapRows((cells) => (cells.length > from ? [...cells.slice(0, from), ...cells.slice(to)] : cells))
    sheet.resize(sheet.rowCount, sheet.columnCount - (to - from))
  }
  moveProperties(sheet, dimension, (index) => (index < from ? index : index >= to ? index - (to - from) : undefined))
  follow(book, sheet, dimension, deletedSpan(from, to))
}

/** Moves rows or columns before `destination`, as they were numbered before. */
export function moveCells(
  book: Workbook,
  sheet: Sheet,
  dimension: Dimension,
  from: number,
  to: number,
  destination: number,
): void {
  const index = movedIndex(from, to, destination)
  if (dimension === 'ROWS') {
    const rows = Array.from({ length: sheet.rowCount }, (_, at) => sheet.grid.rows[at] ?? null)
    const moved: (CellRow | null)[] = []
    rows.forEach((cells, at) => {
      moved[index(at)] = cells
    })
    sheet.grid.splice(0, sheet.rowCount, moved)
  } else {
    sheet.grid.mapRows((cells) => {
      const moved: (Cell | null)[] = Array.from({ length: sheet.columnCount }, () => null)
      cells.forEach((cell, at) => {
        moved[index(at)] = cell
      })
      return moved
    })
  }
  moveProperties(sheet, dimension, index)
  follow(book, sheet, dimension, movedSpan(from, to, destination))
}
