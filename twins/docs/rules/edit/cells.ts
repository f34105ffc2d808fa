import type {
  MergeTableCellsRequest,
  TableRange,
  UnmergeTableCellsRequest,
  UpdateTableCellStyleRequest,
  UpdateTableColumnPropertiesRequest,
  UpdateTableRowStyleRequest,
} from '../../../../openapi/types/docs.ts'
import { cell, cellsOf, mapCells, row, table } from '../model/content.ts'
import { emptyContent } from '../model/fresh.ts'
import { paragraph, run } from '../model/inlines.ts'
import { refuse } from '../model/refused.ts'
import { blockAt, blocksOf, contentOf } from '../model/sequence.ts'
import type { Block, Cell, Content, Style, Table } from '../model/types.ts'
import type { Draft } from './draft.ts'
import { applyMask, fieldMask } from './masks.ts'
import { changeTable, headOf, locateCell, readTable, spans } from './tables.ts'

/** Cells of a table: merging, and the styles of cells, rows and columns. */

interface Area {
  readonly top: number
  readonly left: number
  readonly bottom: number
  readonly right: number
}

/** The rectangle a table range names, checked to lie inside the table and not to cut merged cells. */
function areaOf(draft: Draft, range: TableRange | undefined): { old: Table; area: Area } {
  const { rowSpan = 0, columnSpan = 0 } = range ?? {}
  if (rowSpan < 1) throw refuse(`The rowSpan must be strictly positive, was: ${rowSpan}`)
  if (columnSpan < 1) throw refuse(`The columnSpan must be strictly positive, was: ${columnSpan}`)
  const { table: old } = locateCell(draft, range?.tableCellLocation)
  const { rowIndex: top = 0, columnIndex: left = 0 } = range?.tableCellLocation ?? {}
  const area = { top, left, bottom: top + rowSpan, right: left + columnSpan }
  if (area.bottom > old.rows.length || area.right > old.columns.length) {
    throw refuse('The table range extends outside the bounds of the table.')
  }
  return { old, area }
}

const holds = (area: Area, row: number, column: number) =>
  row >= area.top && row < area.bottom && column >= area.left && column < area.right

function assertRectangular(old: Table, area: Area): void {
  for (const { row: r, column: c, cell: part } of cellsOf(old)) {
    const span = spans(part.style)
    const corners = [holds(area, r, c), holds(area, r + span.rows - 1, c + span.columns - 1)]
    const overlaps = r < area.bottom && r + span.rows > area.top && c < area.right && c + span.columns > area.left
    if (overlaps && !corners.every(Boolean)) throw refuse('The table range must be rectangular.')
  }
}

const isBlank = (part: Cell) => part.content.width === 1

/** Joins cells: their paragraphs move into the upper left one; the others stay as empty cells it covers. */
export function mergeTableCells(draft: Draft, { tableRange }: MergeTableCellsRequest): void {
  const { old, area } = areaOf(draft, tableRange)
  assertRectangular(old, area)
  const parts = [...cellsOf(old)].filter(({ row: r, column: c }) => holds(area, r, c)).map(({ cell: part }) => part)
  const filled = parts.filter((part) => !isBlank(part))
  const text: readonly Block[] = filled.flatMap((part) => blocksOf(part.content))
  const point = draft.point(tableRange?.tableCellLocation?.tableStartLocation)
  const edits = [...cellsOf(old)].flatMap(({ row: r, column: c, cell: part, start }) => {
    if (!holds(area, r, c)) return []
    const head = r === area.top && c === area.left
    const now = head ? (text.length > 0 ? contentOf(text).width : 1) : 1
    const change = now - part.content.width
    return [{ index: point.index + start, removed: Math.max(0, -change), inserted: Math.max(0, change) }]
  })
  changeTable(draft, tableRange?.tableCellLocation?.tableStartLocation, (current) =>
    mapCells(current, (part, r, c) => {
      if (!holds(area, r, c)) return part
      const spanned = { ...part.style, rowSpan: area.bottom - area.top, columnSpan: area.right - area.left }
      if (r === area.top && c === area.left) return cell(text.length > 0 ? contentOf(text) : part.content, spanned)
      return cell(blankLike(part.content), { ...part.style, rowSpan: 1, columnSpan: 1 })
    }),
  )
  draft.setContent(point, draft.content(point), ...edits.reverse())
}

/** An empty paragraph in the style of the first one of a content. */
function blankLike(content: Content): Content {
  const first = blockAt(content, 0)?.block
  if (first?.kind !== 'paragraph') return emptyContent()
  const { headingId: _own, ...style } = first.style
  return contentOf([
    paragraph([run('\n', (first.inlines.at(-1) as { style: object }).style)], { style, bullet: first.bullet }),
  ])
}

/** Takes merged cells apart; the text stays in the upper left one. */
export function unmergeTableCells(draft: Draft, { tableRange }: UnmergeTableCellsRequest): void {
  const { area } = areaOf(draft, tableRange)
  changeTable(draft, tableRange?.tableCellLocation?.tableStartLocation, (old) =>
    mapCells(old, (part, r, c) => {
      const head = headOf(old, r, c)
      const span = spans(part.style)
      if (head.row !== r || head.column !== c || (span.rows === 1 && span.columns === 1) || !holds(area, r, c))
        return part
      return cell(part.content, { ...part.style, rowSpan: 1, columnSpan: 1 })
    }),
  )
}

export function updateTableCellStyle(draft: Draft, request: UpdateTableCellStyleRequest): void {
  const { tableRange, tableStartLocation, fields, tableCellStyle } = request
  if (!tableRange && !tableStartLocation) throw refuse('The cells to update must be specified.')
  const area = tableRange && areaOf(draft, tableRange).area
  const mask = new Map(fieldMask(fields, 'TableCellStyle'))
  for (const name of ['rowSpan', 'columnSpan']) {
    if (mask.has(name) && fields?.trim() !== '*') throw refuse(`Invalid field: ${name} is read-only.`)
    mask.delete(name)
  }
  changeTable(draft, tableRange?.tableCellLocation?.tableStartLocation ?? tableStartLocation, (old) =>
    mapCells(old, (part, r, c) => {
      if (area && !holds(area, r, c)) return part
      return { ...part, style: withDefaults(applyMask(part.style, tableCellStyle, mask)) }
    }),
  )
}

/** Members every cell shows even when they were reset. */
const withDefaults = (style: Style): Style => ({ ...style, backgroundColor: style.backgroundColor ?? {} })

export function updateTableRowStyle(draft: Draft, request: UpdateTableRowStyleRequest): void {
  const mask = fieldMask(request.fields, 'TableRowStyle')
  const rows = chosen(request.rowIndices, readTable(draft, request.tableStartLocation).rows.length, 'row')
  changeTable(draft, request.tableStartLocation, (old) =>
    table(
      old.rows.map((line, i) => {
        if (!rows(i)) return line
        const style = applyMask(line.style, request.tableRowStyle, mask)
        return row(line.cells, { ...style, minRowHeight: style.minRowHeight ?? { unit: 'PT' } })
      }),
      old.columns,
    ),
  )
}

/** A fixed column is at least this wide, in points. */
const NARROWEST = 5

export function updateTableColumnProperties(draft: Draft, request: UpdateTableColumnPropertiesRequest): void {
  const mask = fieldMask(request.fields, 'TableColumnProperties')
  const { width, widthType } = request.tableColumnProperties ?? {}
  if (mask.has('width') && width && (width.magnitude ?? 0) < NARROWEST) {
    throw refuse(`The width of a column must be at least ${NARROWEST} points.`)
  }
  if (mask.has('widthType') && widthType === 'FIXED_WIDTH' && !width)
    throw refuse('A fixed width column must have a width.')
  const columns = chosen(request.columnIndices, readTable(draft, request.tableStartLocation).columns.length, 'column')
  changeTable(draft, request.tableStartLocation, (old) =>
    table(
      old.rows,
      old.columns.map((column, i) => {
        if (!columns(i)) return column
        const changed = applyMask(column, request.tableColumnProperties, mask)
        return { widthType: 'EVENLY_DISTRIBUTED', ...changed }
      }),
    ),
  )
}

/** Which rows or columns a list of positions names; an empty list names all. */
function chosen(
  indices: readonly number[] | undefined,
  count: number,
  what: 'row' | 'column',
): (index: number) => boolean {
  if (!indices?.length) return () => true
  for (const index of indices) {
    if (index < 0 || index >= count) {
      throw refuse(`Invalid ${what} index: ${index}. The ${what} index must be within the bounds of the table.`)
    }
  }
  return (index) => indices.includes(index)
}
