import type { GridRange as WireRange } from '../../../../openapi/types/sheets.ts'
import { assertEditable } from '../../access.ts'
import { invalid } from '../../errors.ts'
import type { Cell, Dimension, DimensionGroup, DimensionProperties } from '../../model.ts'
import { locate, locateDimension } from '../../resolve.ts'
import type { Area } from '../../rules/address.ts'
import { deletedSpan, insertedSpan, mapReference, rewriteReferences } from '../../rules/formula/rewrite.ts'
import { masked, updateMask } from '../../rules/mask.ts'
import { deleteCells, insertCells, moveCells, rewriteFormulas } from '../../rules/structure.ts'
import { textWidth } from '../../rules/text-width.ts'
import { DEFAULT_SIZE } from '../../views/spreadsheet.ts'
import { shown } from '../../views/values.ts'
import type { Sheet, Workbook } from '../../workbook.ts'
import { assertSize } from '../size.ts'
import { type RequestContext, requests } from './define.ts'

const band = (sheet: Sheet, dimension: Dimension, start: number, end: number): Area =>
  dimension === 'ROWS' ? { ...sheet.area, top: start, bottom: end } : { ...sheet.area, left: start, right: end }

/** Pixels between the text and the edges of its cell. */
const CELL_MARGIN = 6

function fittingWidth(book: Workbook, sheet: Sheet, column: number): number {
  const { rows } = book.values.used(sheet.id)
  let widest = 0
  for (let row = 0; row < rows; row++) {
    const text = shown(book, sheet.id, row, column)
    const size = sheet.grid.get(row, column)?.userEnteredFormat?.textFormat?.fontSize ?? 10
    for (const line of text.split('\n')) widest = Math.max(widest, textWidth(line, size))
  }
  return widest === 0 ? DEFAULT_SIZE.COLUMNS : Math.max(21, Math.round(widest) + CELL_MARGIN)
}

function fittingHeight(book: Workbook, sheet: Sheet, row: number): number {
  const { columns } = book.values.used(sheet.id)
  let lines = 1
  for (let column = 0; column < columns; column++)
    lines = Math.max(lines, shown(book, sheet.id, row, column).split('\n').length)
  return DEFAULT_SIZE.ROWS + (lines - 1) * 13
}

/** Moves the cells of a block aside, or what lies beyond it in, along one dimension; formulas follow within the block's band. */
function shiftBlock(
  { call, book }: RequestContext,
  range: WireRange | undefined,
  dimension: string | undefined,
  insert: boolean,
) {
  const { sheet, area } = locate(book, range)
  if (dimension !== 'ROWS' && dimension !== 'COLUMNS') throw invalid('No shift dimension specified.')
  const affected = dimension === 'ROWS' ? { ...area, bottom: sheet.rowCount } : { ...area, right: sheet.columnCount }
  assertEditable(call, book, sheet, affected)
  const before = new Map<string, Cell>()
  for (const [row, column, cell] of sheet.grid.cells(affected)) before.set(`${row} ${column}`, cell)
  const [height, width] = [area.bottom - area.top, area.right - area.left]
  const by = insert ? -1 : 1
  sheet.grid.update(affected, (_, row, column) => {
    if (insert && row < area.bottom && column < area.right) return undefined
    const source = dimension === 'ROWS' ? `${row + by * height} ${column}` : `${row} ${column + by * width}`
    return before.get(source)
  })
  const [from, to] = dimension === 'ROWS' ? [area.top, area.bottom] : [area.left, area.right]
  const map = insert ? insertedSpan(from, to - from) : deletedSpan(from, to)
  const [crossKey, low, high] =
    dimension === 'ROWS' ? (['column', area.left, area.right] as const) : (['row', area.top, area.bottom] as const)
  rewriteFormulas(book, (formula, host) =>
    rewriteReferences(formula, book.properties.locale, (reference) => {
      const named = reference.sheet === undefined ? host : book.titled(reference.sheet)
      const [first, last] = [reference.first[crossKey], (reference.last ?? reference.first)[crossKey]]
      const inside = named === sheet && first !== undefined && last !== undefined && first >= low && last < high
      return inside ? mapReference(reference, dimension, map) : undefined
    }),
  )
  return undefined
}

const groupsKey = (dimension: Dimension) => (dimension === 'ROWS' ? 'rowGroups' : 'columnGroups')

/** Groups of nested ranges: what lies inside another range is one level deeper. */
function regrouped(
  ranges: readonly { start: number; end: number; collapsed?: boolean }[],
  sheet: Sheet,
  dimension: Dimension,
): DimensionGroup[] {
  return ranges
    .toSorted((a, b) => a.start - b.start || b.end - a.end)
    .map(({ start, end, collapsed }, at, all) => ({
      range: { ...(sheet.id ? { sheetId: sheet.id } : {}), dimension, startIndex: start, endIndex: end },
      depth:
        1 +
        all.filter(
          (other, i) =>
            i !== at && other.start <= start && other.end >= end && (other.start < start || other.end > end || i < at),
        ).length,
      ...(collapsed && { collapsed }),
    }))
}

const spans = (groups: readonly DimensionGroup[]) =>
  groups.map(({ range, collapsed }) => ({
    start: range.startIndex ?? 0,
    end: range.endIndex ?? 0,
    ...(collapsed && { collapsed }),
  }))

export const dimensionRequests = requests({
  insertDimension: ({ call, book }, { range, inheritFromBefore }) => {
    const { sheet, dimension, start, end, count } = locateDimension(book, { ...range, endIndex: range?.endIndex ?? 0 })
    if (inheritFromBefore && start === 0)
      throw invalid('inheritFromBefore cannot be true if inserting at the first row or column of the sheet.')
    if (start > count)
      throw invalid(
        `range.startIndex[${start}] must be less than or equal to the number of ${dimension.toLowerCase()}[${count}]`,
      )
    const added = end - start
    assertSize(
      book,
      sheet,
      sheet.rowCount + (dimension === 'ROWS' ? added : 0),
      sheet.columnCount + (dimension === 'COLUMNS' ? added : 0),
    )
    assertEditable(call, book, sheet, band(sheet, dimension, start, start))
    insertCells(book, sheet, dimension, start, added, inheritFromBefore)
    return undefined
  },

  deleteDimension: ({ call, book }, { range }) => {
    const { sheet, dimension, start, end, count } = locateDimension(book, range)
    const word = dimension === 'ROWS' ? 'row' : 'column'
    if (end > count)
      throw invalid(
        `Cannot delete a ${word} that doesn't exist. Tried to delete ${word} index ${end - 1} but there are only ${count} ${word}s.`,
      )
    const frozen =
      (dimension === 'ROWS'
        ? sheet.row.properties.gridProperties?.frozenRowCount
        : sheet.row.properties.gridProperties?.frozenColumnCount) ?? 0
    if (end - start >= count) throw invalid(`You can't delete all the ${word}s on the sheet.`)
    if (start <= frozen && end >= count && frozen > 0)
      throw invalid(`Sorry, it is not possible to delete all non-frozen ${word}s.`)
    assertEditable(call, book, sheet, band(sheet, dimension, start, end))
    deleteCells(book, sheet, dimension, start, end)
    return undefined
  },

  appendDimension: ({ book }, { sheetId, dimension, length = 0 }) => {
    const { sheet } = locate(book, { sheetId })
    if (length < 1) throw invalid('length must be greater than 0.')
    const rows = sheet.rowCount + (dimension === 'ROWS' ? length : 0)
    const columns = sheet.columnCount + (dimension === 'COLUMNS' ? length : 0)
    assertSize(book, sheet, rows, columns)
    sheet.resize(rows, columns)
    book.changed()
    return undefined
  },

  moveDimension: ({ call, book }, { source, destinationIndex = 0 }) => {
    const { sheet, dimension, start, end, count } = locateDimension(book, source)
    if (destinationIndex < 0 || destinationIndex > count)
      throw invalid(`destinationIndex[${destinationIndex}] is out of bounds.`)
    if (destinationIndex > start && destinationIndex < end)
      throw invalid('The destination index must not be within the source range.')
    assertEditable(
      call,
      book,
      sheet,
      band(sheet, dimension, Math.min(start, destinationIndex), Math.max(end, destinationIndex)),
    )
    if (destinationIndex === start || destinationIndex === end) return undefined
    moveCells(book, sheet, dimension, start, end, destinationIndex)
    return undefined
  },

  updateDimensionProperties: ({ book }, { range, properties, fields }) => {
    const { sheet, dimension, start, end } = locateDimension(book, range)
    const mask = updateMask(fields)
    const key = dimension === 'ROWS' ? 'rows' : 'columns'
    const changed: Record<number, DimensionProperties> = { ...sheet.row[key] }
    for (let at = start; at < end; at++) {
      const after = masked(changed[at] ?? {}, properties, mask, [
        'pixelSize',
        'hiddenByUser',
        'hiddenByFilter',
        'developerMetadata',
      ])
      const { hiddenByUser, pixelSize } = after as DimensionProperties
      changed[at] = { ...(pixelSize !== undefined && { pixelSize }), ...(hiddenByUser && { hiddenByUser }) }
    }
    sheet.row[key] = changed
    book.changed()
    return undefined
  },

  autoResizeDimensions: ({ book }, { dimensions }) => {
    const { sheet, dimension, start, end } = locateDimension(book, dimensions)
    const key = dimension === 'ROWS' ? 'rows' : 'columns'
    const changed: Record<number, DimensionProperties> = { ...sheet.row[key] }
    for (let at = start; at < end; at++) {
      const pixelSize = dimension === 'COLUMNS' ? fittingWidth(book, sheet, at) : fittingHeight(book, sheet, at)
      changed[at] = { ...changed[at], pixelSize }
    }
    sheet.row[key] = changed
    book.changed()
    return undefined
  },

  insertRange: (context, { range, shiftDimension }) => shiftBlock(context, range, shiftDimension, true),
  deleteRange: (context, { range, shiftDimension }) => shiftBlock(context, range, shiftDimension, false),

  addDimensionGroup: ({ book }, { range }) => {
    const { sheet, dimension, start, end } = locateDimension(book, range)
    const key = groupsKey(dimension)
    sheet.row[key] = regrouped([...spans(sheet.row[key]), { start, end }], sheet, dimension)
    const grid = sheet.row.properties.gridProperties
    if (grid)
      sheet.setProperties({
        ...sheet.row.properties,
        gridProperties: { ...grid, rowGroupControlAfter: true, columnGroupControlAfter: true },
      })
    book.changed()
    return { dimensionGroups: sheet.row[key] }
  },

  deleteDimensionGroup: ({ book }, { range }) => {
    const { sheet, dimension, start, end } = locateDimension(book, range)
    const key = groupsKey(dimension)
    const all = spans(sheet.row[key])
    // The deepest group over the range gives up that part of itself.
    const depths = regrouped(all, sheet, dimension)
    const over = depths
      .filter((group) => (group.range.startIndex ?? 0) < end && (group.range.endIndex ?? 0) > start)
      .toSorted((a, b) => b.depth - a.depth)[0]
    if (!over) throw invalid('There are no groups to delete in the specified range.')
    const [from, to] = [over.range.startIndex ?? 0, over.range.endIndex ?? 0]
    const rest = all.filter((group) => group.start !== from || group.end !== to)
    if (from < start) rest.push({ start: from, end: start })
    if (to > end) rest.push({ start: end, end: to })
    sheet.row[key] = regrouped(rest, sheet, dimension)
    book.changed()
    return sheet.row[key].length > 0 ? { dimensionGroups: sheet.row[key] } : {}
  },

  updateDimensionGroup: ({ book }, { dimensionGroup, fields }) => {
    const { sheet, dimension, start, end } = locateDimension(book, dimensionGroup?.range)
    const key = groupsKey(dimension)
    const mask = updateMask(fields)
    let found = false
    sheet.row[key] = sheet.row[key].map((group) => {
      if (
        group.range.startIndex !== start ||
        group.range.endIndex !== end ||
        group.depth !== (dimensionGroup?.depth ?? group.depth)
      )
        return group
      found = true
      const collapsed = mask.has('collapsed') || mask.has('*') ? dimensionGroup?.collapsed : group.collapsed
      const { collapsed: _before, ...rest } = group
      return { ...rest, ...(collapsed && { collapsed }) }
    })
    if (!found) throw invalid('No dimension group found at the specified range and depth.')
    hideCollapsed(sheet, dimension, start, end, dimensionGroup?.collapsed === true)
    book.changed()
    return undefined
  },
})

/** Collapsing a group hides its rows or columns. */
function hideCollapsed(sheet: Sheet, dimension: Dimension, start: number, end: number, hidden: boolean): void {
  const key = dimension === 'ROWS' ? 'rows' : 'columns'
  const changed: Record<number, DimensionProperties> = { ...sheet.row[key] }
  for (let at = start; at < end; at++) {
    const { hiddenByUser: _before, ...rest } = changed[at] ?? {}
    changed[at] = { ...rest, ...(hidden && { hiddenByUser: true }) }
  }
  sheet.row[key] = changed
}
