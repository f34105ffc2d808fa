import { atoms, cut, paragraph, withInlines } from './inlines.ts'
import { refuse } from './refused.ts'
import { blockAt, blockNumber, blocksIn, mapBlocks, splice } from './sequence.ts'
import type { Atom, Block, Cell, Content, Paragraph, Row, Style, Table } from './types.ts'

/** Blocks that hold blocks: tables and their cells, and edits that find their way into them. */

export const cell = (content: Content, style: Style): Cell => ({ width: 1 + content.width, content, style })
export const row = (cells: readonly Cell[], style: Style): Row => ({
  width: 1 + cells.reduce((width, part) => width + part.width, 0),
  cells,
  style,
})
export const table = (rows: readonly Row[], columns: readonly Style[]): Table => ({
  kind: 'table',
  width: 2 + rows.reduce((width, part) => width + part.width, 0),
  rows,
  columns,
})

/** A cell with its place: the index of its first content, relative to the table's start. */
export interface PlacedCell {
  readonly row: number
  readonly column: number
  readonly start: number
  readonly cell: Cell
}

export function* cellsOf(old: Table): Generator<PlacedCell> {
  let at = 1
  for (const [rowIndex, line] of old.rows.entries()) {
    let start = at + 1
    for (const [column, part] of line.cells.entries()) {
      yield { row: rowIndex, column, start: start + 1, cell: part }
      start += part.width
    }
    at += line.width
  }
}

/** The same table with some cells replaced. */
export function mapCells(old: Table, change: (cell: Cell, row: number, column: number, start: number) => Cell): Table {
  let at = 1
  let changed = false
  const rows = old.rows.map((line, rowIndex) => {
    let start = at + 1
    at += line.width
    let same = true
    const cells = line.cells.map((part, column) => {
      const next = change(part, rowIndex, column, start + 1)
      start += part.width
      if (next !== part) same = false
      return next
    })
    if (same) return line
    changed = true
    return row(cells, line.style)
  })
  return changed ? table(rows, old.columns) : old
}

/** Where an edit happens: a segment itself, or a cell of a table in it. */
export type Container = 'segment' | 'cell'

/**
 * Applies `change` to the innermost list of blocks that holds all of [start, end), with the range made relative to it.
 */
export function within(
  content: Content,
  start: number,
  end: number,
  change: (inner: Content, start: number, end: number, container: Container) => Content,
  container: Container = 'segment',
): Content {
  const placed = blockAt(content, start)
  if (placed?.block.kind === 'table' && start > placed.start && end <= placed.start + placed.block.width) {
    for (const { row: line, column, start: cellStart, cell: part } of cellsOf(placed.block)) {
      const from = placed.start + cellStart
      if (start < from || end > from + part.content.width) continue
      const inner = within(part.content, start - from, end - from, change, 'cell')
      const changed = mapCells(placed.block, (old, r, c) => (r === line && c === column ? cell(inner, old.style) : old))
      return splice(content, placed.position, 1, [changed])
    }
  }
  return change(content, start, end, container)
}

export const OUTSIDE_PARAGRAPH =
  'The insertion index must be inside the bounds of an existing paragraph. You can still create new paragraphs by inserting newlines.'

/** Replaces the paragraph that holds an index by the blocks that `edit` makes of it and the offset into it. */
export function editParagraph(
  content: Content,
  index: number,
  edit: (old: Paragraph, offset: number, container: Container) => readonly Block[],
): Content {
  return within(content, index, index + 1, (inner, at, _end, container) => {
    const placed = blockAt(inner, at)
    if (placed?.block.kind !== 'paragraph') throw refuse(OUTSIDE_PARAGRAPH)
    const old = placed.block
    const offset = at - placed.start
    return splice(inner, placed.position, 1, edit(old, offset, container))
  })
}

/** The paragraph that holds an index, whatever it is nested in, and its first index. */
export function paragraphAt(content: Content, index: number): { paragraph: Paragraph; start: number } | undefined {
  for (const found of paragraphsIn(content, index, index + 1)) return found
  return undefined
}

/** Paragraphs that overlap [from, to), those in tables and tables of contents included. */
export function* paragraphsIn(
  content: Content,
  from = 0,
  to = content.width,
  base = 0,
): Generator<{ paragraph: Paragraph; start: number }> {
  for (const { block, start } of blocksIn(content, from, to)) {
    if (block.kind === 'paragraph') yield { paragraph: block, start: base + start }
    else if (block.kind === 'tableOfContents') {
      yield* paragraphsIn(block.content, from - start - 1, to - start - 1, base + start + 1)
    } else if (block.kind === 'table') {
      for (const placed of cellsOf(block)) {
        const at = start + placed.start
        if (at >= to || at + placed.cell.content.width <= from) continue
        yield* paragraphsIn(placed.cell.content, from - at, to - at, base + at)
      }
    }
  }
}

/** Changes every paragraph that overlaps [from, to), those in tables included; tables of contents are read-only. */
export function mapParagraphs(
  content: Content,
  from: number,
  to: number,
  change: (old: Paragraph, start: number) => Paragraph,
  base = 0,
): Content {
  return mapBlocks(content, from, to, (block, start) => {
    if (block.kind === 'paragraph') return change(block, base + start)
    if (block.kind !== 'table') return block
    return mapCells(block, (part, _row, _column, cellStart) => {
      const at = start + cellStart
      if (at >= to || at + part.content.width <= from) return part
      const inner = mapParagraphs(part.content, from - at, to - at, change, base + at)
      return inner === part.content ? part : cell(inner, part.style)
    })
  })
}

/** Replaces the table that starts exactly at an index; `undefined` when none does. */
export function editTable(
  content: Content,
  index: number,
  edit: (old: Table) => readonly Block[],
): Content | undefined {
  let found = false
  const edited = within(content, index, index + 1, (inner, at) => {
    const placed = blockAt(inner, at)
    if (placed?.block.kind !== 'table' || placed.start !== at) return inner
    found = true
    return splice(inner, placed.position, 1, edit(placed.block))
  })
  return found ? edited : undefined
}

/** Elements other than text that lie in [from, to). */
export function atomsIn(content: Content, from: number, to: number): Atom[] {
  const found: Atom[] = []
  for (const { paragraph: part, start } of paragraphsIn(content, from, to)) {
    found.push(...atoms(cut(part.inlines, from - start, to - start)))
  }
  return found
}

const CANNOT_DELETE = 'Invalid deletion range. Cannot delete the requested range.'

/**
 * Removes [from, to). Tables, section breaks and tables of contents go whole or not at all, and not without the newline
 * before them unless the range begins at them. Paragraphs that a removed newline separated become one: it keeps the
 * style of the first when text of the first is left, else that of the last.
 */
export function deleteRange(content: Content, from: number, to: number): Content {
  return within(content, from, to, (inner, start, end, container) => {
    if (end >= inner.width) {
      throw refuse(
        container === 'segment'
          ? 'The range cannot include the newline character at the end of the segment.'
          : CANNOT_DELETE,
      )
    }
    const first = blockAt(inner, start)
    const last = blockAt(inner, end)
    if (!first || !last) throw refuse(CANNOT_DELETE)
    const head = start - first.start
    const tail = end - last.start
    if (first.block.kind !== 'paragraph' && head > 0) throw refuse(CANNOT_DELETE)
    if (last.block.kind !== 'paragraph') {
      if (tail > 0) throw refuse(CANNOT_DELETE)
      const removed = blockNumber(inner, last.position - 1)
      if (removed?.kind === 'paragraph' || first.position === last.position) throw refuse(CANNOT_DELETE)
    }
    assertWholeCharacters(first.block, head)
    assertWholeCharacters(last.block, tail)
    if (last.block.kind !== 'paragraph') {
      // The removed part ends with a whole block: what is left of the first paragraph keeps its own newline.
      const kept = first.block.kind === 'paragraph' && head > 0
      if (kept) throw refuse(CANNOT_DELETE)
      return splice(inner, first.position, last.position - first.position, [])
    }
    const rest = cut(last.block.inlines, tail, last.block.width)
    const merged =
      first.block.kind === 'paragraph' && head > 0
        ? paragraph([...cut(first.block.inlines, 0, head), ...rest], first.block)
        : withInlines(last.block, rest)
    return splice(inner, first.position, last.position - first.position + 1, [merged])
  })
}

/** Refuses to cut a surrogate pair or an equation in two. */
function assertWholeCharacters(block: Block, offset: number): void {
  if (block.kind !== 'paragraph' || offset === 0) return
  let at = 0
  for (const inline of block.inlines) {
    const width = inline.kind === 'text' ? inline.text.length : (inline.width ?? 1)
    if (offset > at && offset < at + width) {
      if (inline.kind !== 'text' || insideSurrogatePair(inline.text, offset - at)) throw refuse(CANNOT_DELETE)
    }
    at += width
  }
}

export const insideSurrogatePair = (text: string, offset: number): boolean =>
  offset > 0 &&
  offset < text.length &&
  isBetween(text.charCodeAt(offset - 1), 0xd800, 0xdbff) &&
  isBetween(text.charCodeAt(offset), 0xdc00, 0xdfff)

const isBetween = (code: number, low: number, high: number) => code >= low && code <= high
