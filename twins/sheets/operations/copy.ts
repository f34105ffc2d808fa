import type { CellRow, EmbeddedObject, GridRange } from '../model.ts'
import { Sheet, type Workbook } from '../workbook.ts'

/** `Copy of X`, then `Copy of X 1`, … */
function copyTitle(book: Workbook, title: string): string {
  const first = `Copy of ${title}`.slice(0, 100)
  for (let number = 0; ; number++) {
    const candidate = number === 0 ? first : `${first} ${number}`
    if (!book.titled(candidate)) return candidate
  }
}

const moveRange = <R extends { readonly range?: GridRange }>(item: R, sheetId: number): R =>
  item.range ? { ...item, range: { ...item.range, sheetId } } : item

/** A copy of a sheet for a workbook, its own ranges and objects under new ids. The cells are shared until one is written. */
export function copySheet(source: Sheet, book: Workbook, given: { title?: string; sheetId?: number } = {}): Sheet {
  const sheetId = given.sheetId ?? book.newId((id) => book.sheet(id) !== undefined)
  const { row } = source
  const id = () => book.newId(() => false)
  const own = (ranges: readonly GridRange[]) => ranges.map((range) => ({ ...range, sheetId }))
  const objects = (list: readonly EmbeddedObject[], key: 'chartId' | 'slicerId') =>
    list.map((object) => ({ ...retarget(object, source.id, sheetId), [key]: id() }))
  const rows: readonly (CellRow | null)[] = source.grid.rows
  return new Sheet(
    {
      ...row,
      spreadsheetId: book.id,
      properties: {
        ...row.properties,
        sheetId,
        title: given.title ?? copyTitle(book, source.title),
        index: book.sheets.length,
      },
      merges: own(row.merges),
      conditionalFormats: row.conditionalFormats.map((rule) => ({ ...rule, ranges: own(rule.ranges) })),
      filterViews: row.filterViews.map((view) => ({ ...moveRange(view, sheetId), filterViewId: id() })),
      protectedRanges: row.protectedRanges.map((protection) => ({
        ...moveRange(protection, sheetId),
        protectedRangeId: id(),
      })),
      bandedRanges: row.bandedRanges.map((banding) => ({ ...moveRange(banding, sheetId), bandedRangeId: id() })),
      tables: row.tables.map((table) => ({
        ...moveRange(table, sheetId),
        tableId: String(id()),
        name: `${table.name}_${sheetId}`,
      })),
      charts: objects(row.charts, 'chartId'),
      slicers: objects(row.slicers, 'slicerId'),
      rowGroups: row.rowGroups.map((group) => ({ ...group, range: { ...group.range, sheetId } })),
      columnGroups: row.columnGroups.map((group) => ({ ...group, range: { ...group.range, sheetId } })),
      ...(row.basicFilter && { basicFilter: moveRange(row.basicFilter, sheetId) }),
    },
    rows,
  )
}

/** Ranges inside a chart that lie on its own sheet lie on the copy's. */
function retarget<T>(value: T, from: number, to: number): T {
  if (Array.isArray(value)) return value.map((item) => retarget(item, from, to)) as T
  if (value === null || typeof value !== 'object') return value
  const entries = Object.entries(value).map(([key, member]) => [
    key,
    key === 'sheetId' && member === from ? to : retarget(member, from, to),
  ])
  const result = Object.fromEntries(entries)
  if (from === 0 && !('sheetId' in value) && ('startRowIndex' in value || 'rowIndex' in value)) result.sheetId = to
  return result as T
}
