import type { ParagraphElement, StructuralElement, TextStyle } from '../../../openapi/types/docs.ts'
import { cellsOf, paragraphsIn } from '../rules/model/content.ts'
import { widthOf } from '../rules/model/inlines.ts'
import { blocksIn } from '../rules/model/sequence.ts'
import type { Block, Content, Inline, Paragraph, TextStyle as Style, Table } from '../rules/model/types.ts'

/** How content is shown: what depends on the document around it and on how it was asked for. */
export interface Showing {
  /** Links inside the document: `heading: {id, tabId}` with tabs, `headingId` in the single-tab form. */
  readonly tabs: boolean
  readonly footnoteNumbers: ReadonlyMap<string, string>
}

/** Footnotes are numbered by where they are referred to. */
export function footnoteNumbers(body: Content): ReadonlyMap<string, string> {
  const numbers = new Map<string, string>()
  for (const { paragraph } of paragraphsIn(body)) {
    for (const inline of paragraph.inlines) {
      if (inline.kind !== 'footnoteReference') continue
      numbers.set(inline.properties?.footnoteId as string, String(numbers.size + 1))
    }
  }
  return numbers
}

/** An index range; a start of 0 is left out, as everything that has its default value. */
const indexes = (start: number, end: number) => (start === 0 ? { endIndex: end } : { startIndex: start, endIndex: end })

/** A segment's, cell's or table of contents' elements; `base` is the index of its first. */
export function contentView(content: Content, showing: Showing, base = 0): StructuralElement[] {
  return [...blocksIn(content)].map(({ block, start }) => ({
    ...indexes(base + start, base + start + block.width),
    ...blockView(block, base + start, showing),
  }))
}

function blockView(block: Block, start: number, showing: Showing): StructuralElement {
  switch (block.kind) {
    case 'paragraph':
      return { paragraph: paragraphView(block, start, showing) }
    case 'table':
      return { table: tableView(block, start, showing) }
    case 'sectionBreak':
      return { sectionBreak: { sectionStyle: block.style } }
    case 'tableOfContents':
      return { tableOfContents: { content: contentView(block.content, showing, start + 1) } }
  }
}

function paragraphView(block: Paragraph, start: number, showing: Showing): NonNullable<StructuralElement['paragraph']> {
  let at = start
  const elements = block.inlines.map((inline) => {
    const from = at
    at += widthOf(inline)
    return { ...indexes(from, at), ...inlineView(inline, showing) }
  })
  const { bullet, positionedObjectIds, suggestedParagraphStyleChanges } = block
  return {
    elements,
    paragraphStyle: block.style,
    ...(suggestedParagraphStyleChanges && { suggestedParagraphStyleChanges }),
    ...(bullet && {
      bullet: {
        listId: bullet.listId,
        ...(bullet.nestingLevel > 0 && { nestingLevel: bullet.nestingLevel }),
        textStyle: textStyleView(bullet.textStyle, showing),
      },
    }),
    ...(positionedObjectIds && { positionedObjectIds: [...positionedObjectIds] }),
  }
}

function inlineView(inline: Inline, showing: Showing): ParagraphElement {
  const { suggestedInsertionIds, suggestedDeletionIds, suggestedTextStyleChanges } = inline
  const textStyle = textStyleView(inline.style, showing)
  const marks = {
    ...(suggestedInsertionIds && { suggestedInsertionIds }),
    ...(suggestedDeletionIds && { suggestedDeletionIds }),
    ...(suggestedTextStyleChanges && { suggestedTextStyleChanges }),
  }
  if (inline.kind === 'text') return { textRun: { content: inline.text, textStyle, ...marks } }
  if (inline.kind === 'equation') return { equation: { ...inline.properties, ...marks } }
  const number = inline.kind === 'footnoteReference' && {
    footnoteNumber: showing.footnoteNumbers.get(inline.properties?.footnoteId as string),
  }
  return { [inline.kind]: { ...inline.properties, ...number, textStyle, ...marks } }
}

function textStyleView(style: Style, { tabs }: Showing): TextStyle {
  const { heading, bookmark } = style.link ?? {}
  if (tabs || (!heading && !bookmark)) return style
  return { ...style, link: heading ? { headingId: heading.id } : { bookmarkId: bookmark?.id } }
}

function tableView(old: Table, start: number, showing: Showing): NonNullable<StructuralElement['table']> {
  const cells = cellsOf(old)
  let at = start + 1
  const tableRows = old.rows.map((line) => {
    const from = at
    at += line.width
    const tableCells = line.cells.map((part) => {
      const placed = cells.next().value
      const first = start + (placed?.start ?? 0)
      return {
        ...indexes(first - 1, first - 1 + part.width),
        content: contentView(part.content, showing, first),
        tableCellStyle: part.style,
      }
    })
    return { ...indexes(from, at), tableCells, tableRowStyle: line.style }
  })
  return {
    rows: old.rows.length,
    columns: old.columns.length,
    tableRows,
    tableStyle: { tableColumnProperties: [...old.columns] },
  }
}
