import type {
  DeleteTableColumnRequest,
  DeleteTableRowRequest,
  InsertTableColumnRequest,
  InsertTableRequest,
  InsertTableRowRequest,
  PinTableHeaderRowsRequest,
  TableCellLocation,
} from '../../../../openapi/types/docs.ts'
import { atomsIn, cellsOf, editParagraph, editTable, mapCells, row, table } from '../model/content.ts'
import { CELL_STYLE, COLUMN, cellParagraph, emptyCell, emptyTable, NORMAL, ROW_STYLE } from '../model/fresh.ts'
import { cut, inlineAt, paragraph, run } from '../model/inlines.ts'
import { refuse } from '../model/refused.ts'
import { blockAt } from '../model/sequence.ts'
import type { Block, Cell, Content, Style, Table } from '../model/types.ts'
import type { Draft, Point } from './draft.ts'
import { difference, inheritedTextStyle } from './styles.ts'
import { deleteStretch, forget, splitOff, styleAt } from './text.ts'

/** Puts a newline and a table at a point. Cells take over the look of the text there, and its bullet. */
export function insertTable(draft: Draft, request: InsertTableRequest): void {
  const { rows = 0, columns = 0 } = request
  if (rows < 1) throw refuse('The number of rows must be greater than or equal to 1.')
  if (columns < 1) throw refuse('The number of columns must be greater than or equal to 1.')
  const point = draft.insertion(request)
  const { kind, content } = draft.segment(point)
  if (kind === 'footnote') throw refuse('Tables cannot be inserted inside a footnote.')
  const tab = draft.tab(point.tabId)
  let width = 0
  const edited = editParagraph(content, point.index, (old, offset) => {
    const style = styleAt(old, offset)
    const look = { ...inheritedTextStyle(tab, old.style), ...style }
    const made = emptyTable(
      rows,
      columns,
      cellParagraph(difference(look, inheritedTextStyle(tab, NORMAL)), old.bullet, old.style),
    )
    width = 1 + made.width
    return [
      paragraph([...cut(old.inlines, 0, offset), run('\n', style)], old),
      made,
      paragraph(cut(old.inlines, offset, old.width), splitOff(draft, old)),
    ]
  })
  draft.setContent(point, edited, { index: point.index, removed: 0, inserted: width })
}

export const NO_TABLE = 'The provided table start location is invalid.'

/** Changes the table that starts exactly at a location; indexes move by the difference in width at `at`. */
export function changeTable(
  draft: Draft,
  location: { index?: number; segmentId?: string; tabId?: string } | undefined,
  change: (old: Table) => Block,
): Point {
  const point = draft.point(location)
  const content = editTable(draft.content(point), point.index, (old) => [change(old)])
  if (!content) throw refuse(NO_TABLE)
  draft.setContent(point, content)
  return point
}

/** The table at a location, unchanged. */
export function readTable(
  draft: Draft,
  location: { index?: number; segmentId?: string; tabId?: string } | undefined,
): Table {
  let found: Table | undefined
  changeTable(draft, location, (old) => {
    found = old
    return old
  })
  return found as Table
}

/** A cell location, checked against its table; a covered cell stands for the cell that covers it. */
export function locateCell(draft: Draft, location: TableCellLocation | undefined) {
  const old = readTable(draft, location?.tableStartLocation)
  const { rowIndex = 0, columnIndex = 0 } = location ?? {}
  if (rowIndex < 0 || rowIndex >= old.rows.length) {
    throw refuse(`Invalid row index: ${rowIndex}. The row index must be within the bounds of the table.`)
  }
  if (columnIndex < 0 || columnIndex >= old.columns.length) {
    throw refuse(`Invalid column index: ${columnIndex}. The column index must be within the bounds of the table.`)
  }
  const head = headOf(old, rowIndex, columnIndex)
  return { table: old, ...head }
}

export const spans = (style: Style | undefined): { rows: number; columns: number } => ({
  rows: (style?.rowSpan as number | undefined) ?? 1,
  columns: (style?.columnSpan as number | undefined) ?? 1,
})

/** The cell that covers a position of the grid. */
export function headOf(old: Table, rowIndex: number, columnIndex: number) {
  for (let r = rowIndex; r >= 0; r--) {
    for (let c = columnIndex; c >= 0; c--) {
      const span = spans(old.rows[r]?.cells[c]?.style)
      if (r + span.rows > rowIndex && c + span.columns > columnIndex && (span.rows > 1 || span.columns > 1)) {
        return { row: r, column: c, span }
      }
    }
  }
  return { row: rowIndex, column: columnIndex, span: { rows: 1, columns: 1 } }
}

/** An empty cell that looks like another: its style, and the style of its first paragraph. */
function likeCell(model: Cell | undefined): Cell {
  const first = model && blockAt(model.content, 0)?.block
  const style = { ...(model?.style ?? CELL_STYLE), rowSpan: 1, columnSpan: 1 }
  if (first?.kind !== 'paragraph') return emptyCell(cellParagraph(), style)
  const { headingId: _own, ...paragraphStyle } = first.style
  const text = inlineAt(first.inlines, 0)?.style ?? {}
  return emptyCell(paragraph([run('\n', text)], { style: paragraphStyle, bullet: first.bullet }), style)
}

/** Replaces a table where it stands and records how indexes after `offset` (relative to the table) moved. */
function resizeTable(
  draft: Draft,
  location: TableCellLocation | undefined,
  next: Table,
  offsets: readonly { offset: number; width: number }[],
): void {
  const point = draft.point(location?.tableStartLocation)
  const content = editTable(draft.content(point), point.index, () => [next]) as Content
  // From the end, so that each offset is one of the old table.
  const edits = [...offsets].reverse().map(({ offset, width }) => ({
    index: point.index + offset,
    removed: Math.max(0, -width),
    inserted: Math.max(0, width),
  }))
  draft.setContent(point, content, ...edits)
}

export function insertTableRow(draft: Draft, { tableCellLocation, insertBelow }: InsertTableRowRequest): void {
  const { table: old, row: at, span } = locateCell(draft, tableCellLocation)
  const position = insertBelow ? at + span.rows : at
  const model = old.rows[insertBelow ? position - 1 : at]
  const covered = old.columns.map((_, column) => {
    const head = headOf(old, Math.max(0, position - 1), column)
    return position > 0 && position < old.rows.length && head.row + head.span.rows > position ? head : undefined
  })
  const fresh = row(
    (model?.cells ?? []).map((part) => likeCell(part)),
    { ...ROW_STYLE, ...withoutHeader(model?.style) },
  )
  // A merged cell that the new row runs through grows by it.
  const grown = mapCells(old, (part, r, c) => {
    const grows = covered[c] && covered[c]?.row === r && covered[c]?.column === c
    return grows ? { ...part, style: { ...part.style, rowSpan: spans(part.style).rows + 1 } } : part
  })
  const offset = 1 + old.rows.slice(0, position).reduce((width, line) => width + line.width, 0)
  const next = table([...grown.rows.slice(0, position), fresh, ...grown.rows.slice(position)], old.columns)
  resizeTable(draft, tableCellLocation, next, [{ offset, width: fresh.width }])
}

const withoutHeader = (style: Style | undefined): Style => {
  const { tableHeader: _pinned, ...rest } = style ?? {}
  return rest
}

export function insertTableColumn(draft: Draft, { tableCellLocation, insertRight }: InsertTableColumnRequest): void {
  const { table: old, column: at, span } = locateCell(draft, tableCellLocation)
  const position = insertRight ? at + span.columns : at
  const offsets: { offset: number; width: number }[] = []
  let start = 1
  const rows = old.rows.map((line, rowIndex) => {
    const fresh = likeCell(line.cells[insertRight ? position - 1 : at])
    offsets.push({ offset: start + 1 + widthOf(line.cells.slice(0, position)), width: fresh.width })
    start += line.width
    const head = position > 0 && position < old.columns.length ? headOf(old, rowIndex, position - 1) : undefined
    const cells = line.cells.map((part, column) =>
      head && head.row === rowIndex && head.column === column && head.column + head.span.columns > position
        ? { ...part, style: { ...part.style, columnSpan: spans(part.style).columns + 1 } }
        : part,
    )
    return row([...cells.slice(0, position), fresh, ...cells.slice(position)], line.style)
  })
  const columns = [...old.columns.slice(0, position), COLUMN, ...old.columns.slice(position)]
  resizeTable(draft, tableCellLocation, table(rows, columns), offsets)
}

const widthOf = (cells: readonly Cell[]) => cells.reduce((width, part) => width + part.width, 0)

/** Removes the row of a cell; the table goes with its last row. */
export function deleteTableRow(draft: Draft, { tableCellLocation }: DeleteTableRowRequest): void {
  const { table: old, row: from, span } = locateCell(draft, tableCellLocation)
  const to = from + span.rows
  if (to - from >= old.rows.length) {
    removeTable(draft, tableCellLocation, old)
    return
  }
  const offsets = old.rows.slice(from, to).map((line, i) => ({
    offset: 1 + old.rows.slice(0, from + i).reduce((width, part) => width + part.width, 0),
    width: -line.width,
  }))
  const shrunk = mapCells(old, (part, r) => {
    const size = spans(part.style).rows
    const lost = r < from ? Math.max(0, Math.min(to, r + size) - from) : 0
    return lost > 0 ? { ...part, style: { ...part.style, rowSpan: size - lost } } : part
  })
  dropObjects(draft, tableCellLocation, old, (r) => r >= from && r < to)
  resizeTable(
    draft,
    tableCellLocation,
    table(
      shrunk.rows.filter((_, r) => r < from || r >= to),
      old.columns,
    ),
    offsets,
  )
}

/** Removes the column of a cell; the table goes with its last column. */
export function deleteTableColumn(draft: Draft, { tableCellLocation }: DeleteTableColumnRequest): void {
  const { table: old, column: from, span } = locateCell(draft, tableCellLocation)
  const to = from + span.columns
  if (to - from >= old.columns.length) {
    removeTable(draft, tableCellLocation, old)
    return
  }
  const offsets: { offset: number; width: number }[] = []
  let start = 1
  const rows = old.rows.map((line) => {
    const removed = line.cells.slice(from, to)
    offsets.push({ offset: start + 1 + widthOf(line.cells.slice(0, from)), width: -widthOf(removed) })
    start += line.width
    const cells = line.cells.map((part, c) => {
      const size = spans(part.style).columns
      const lost = c < from ? Math.max(0, Math.min(to, c + size) - from) : 0
      return lost > 0 ? { ...part, style: { ...part.style, columnSpan: size - lost } } : part
    })
    return row([...cells.slice(0, from), ...cells.slice(to)], line.style)
  })
  dropObjects(draft, tableCellLocation, old, (_r, c) => c >= from && c < to)
  resizeTable(
    draft,
    tableCellLocation,
    table(
      rows,
      old.columns.filter((_, c) => c < from || c >= to),
    ),
    offsets,
  )
}

function removeTable(draft: Draft, location: TableCellLocation | undefined, old: Table): void {
  const point = draft.point(location?.tableStartLocation)
  deleteStretch(draft, { ...point, start: point.index, end: point.index + old.width })
}

/** Objects and footnotes of cells that go away go with them. */
function dropObjects(
  draft: Draft,
  location: TableCellLocation | undefined,
  old: Table,
  gone: (row: number, column: number) => boolean,
): void {
  const { tabId } = draft.point(location?.tableStartLocation)
  for (const { row: r, column: c, cell: part } of cellsOf(old)) {
    if (gone(r, c)) forget(draft, tabId, atomsIn(part.content, 0, part.content.width))
  }
}

/** Repeats the first rows on every page. */
export function pinTableHeaderRows(draft: Draft, request: PinTableHeaderRowsRequest): void {
  const count = request.pinnedHeaderRowsCount ?? 0
  if (count < 0) throw refuse('The number of pinned header rows must not be negative.')
  changeTable(draft, request.tableStartLocation, (old) => {
    if (count > old.rows.length) throw refuse('The number of pinned header rows must not exceed the number of rows.')
    const rows = old.rows.map((line, i) =>
      row(line.cells, i < count ? { ...line.style, tableHeader: true } : withoutHeader(line.style)),
    )
    return table(rows, old.columns)
  })
}
