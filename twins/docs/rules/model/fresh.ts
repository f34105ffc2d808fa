import { cell, row, table } from './content.ts'
import { paragraph, run } from './inlines.ts'
import { contentOf } from './sequence.ts'
import type {
  Bullet,
  Cell,
  Content,
  DocumentModel,
  NamedStyle,
  Paragraph,
  ParagraphStyle,
  Segment,
  Style,
  Tab,
  Table,
  TextStyle,
} from './types.ts'

/** What new things contain: documents, tabs, segments, table cells. Values as recorded from the service in 2026. */

export const pt = (magnitude: number) =>
  magnitude === 0 ? { unit: 'PT' as const } : { magnitude, unit: 'PT' as const }
const grey = (level: number) => ({ color: { rgbColor: { red: level, green: level, blue: level } } })
const NO_BORDER = { color: {}, width: pt(0), padding: pt(0), dashStyle: 'SOLID' } as const

export const NORMAL: ParagraphStyle = { namedStyleType: 'NORMAL_TEXT', direction: 'LEFT_TO_RIGHT' }

const BORDERS: ParagraphStyle = {
  borderBetween: NO_BORDER,
  borderTop: NO_BORDER,
  borderBottom: NO_BORDER,
  borderLeft: NO_BORDER,
  borderRight: NO_BORDER,
}

const NORMAL_TEXT: NamedStyle = {
  namedStyleType: 'NORMAL_TEXT',
  textStyle: {
    bold: false,
    italic: false,
    underline: false,
    strikethrough: false,
    smallCaps: false,
    backgroundColor: {},
    foregroundColor: { color: { rgbColor: {} } },
    fontSize: pt(11),
    weightedFontFamily: { fontFamily: 'Arial', weight: 400 },
    baselineOffset: 'NONE',
  },
  paragraphStyle: {
    namedStyleType: 'NORMAL_TEXT',
    alignment: 'START',
    lineSpacing: 115,
    direction: 'LEFT_TO_RIGHT',
    spacingMode: 'COLLAPSE_LISTS',
    spaceAbove: pt(0),
    spaceBelow: pt(0),
    ...BORDERS,
    indentFirstLine: pt(0),
    indentStart: pt(0),
    indentEnd: pt(0),
    keepLinesTogether: false,
    keepWithNext: false,
    avoidWidowAndOrphan: true,
    shading: { backgroundColor: {} },
    pageBreakBefore: false,
  },
}

const heading = (
  namedStyleType: NamedStyle['namedStyleType'],
  textStyle: TextStyle,
  above: number,
  below: number,
): NamedStyle => ({
  namedStyleType,
  textStyle,
  paragraphStyle: {
    ...NORMAL,
    spaceAbove: pt(above),
    spaceBelow: pt(below),
    keepLinesTogether: true,
    keepWithNext: true,
    pageBreakBefore: false,
  },
})

export const NAMED_STYLES: readonly NamedStyle[] = [
  NORMAL_TEXT,
  heading('HEADING_1', { fontSize: pt(20) }, 20, 6),
  heading('HEADING_2', { bold: false, fontSize: pt(16) }, 18, 6),
  heading('HEADING_3', { bold: false, foregroundColor: grey(0.2627451), fontSize: pt(14) }, 16, 4),
  heading('HEADING_4', { foregroundColor: grey(0.4), fontSize: pt(12) }, 14, 4),
  heading('HEADING_5', { foregroundColor: grey(0.4), fontSize: pt(11) }, 12, 4),
  heading('HEADING_6', { italic: true, foregroundColor: grey(0.4), fontSize: pt(11) }, 12, 4),
  heading('TITLE', { fontSize: pt(26) }, 0, 3),
  heading(
    'SUBTITLE',
    {
      italic: false,
      foregroundColor: grey(0.4),
      fontSize: pt(15),
      weightedFontFamily: { fontFamily: 'Arial', weight: 400 },
    },
    0,
    16,
  ),
]

const DOCUMENT_STYLE: Style = {
  background: { color: {} },
  pageNumberStart: 1,
  marginTop: pt(72),
  marginBottom: pt(72),
  marginRight: pt(72),
  marginLeft: pt(72),
  pageSize: { height: pt(792), width: pt(612) },
  marginHeader: pt(36),
  marginFooter: pt(36),
  useCustomHeaderFooterMargins: true,
  documentFormat: { documentMode: 'PAGES' },
}

export const SECTION_STYLE: Style = {
  columnSeparatorStyle: 'NONE',
  contentDirection: 'LEFT_TO_RIGHT',
  sectionType: 'CONTINUOUS',
}

export const emptyParagraph = (style: ParagraphStyle = NORMAL, textStyle: TextStyle = {}): Paragraph =>
  paragraph([run('\n', textStyle)], { style })

/** A body begins with a section break; no other segment does. */
export const bodyOf = (paragraphs: readonly (Paragraph | Table)[]): Segment => ({
  kind: 'body',
  content: contentOf([{ kind: 'sectionBreak', width: 1, style: SECTION_STYLE }, ...paragraphs]),
})

export const freshTab = (tabId: string, title: string, body: Segment = bodyOf([emptyParagraph()])): Tab => ({
  tabId,
  title,
  segments: { '': body },
  documentStyle: DOCUMENT_STYLE,
  namedStyles: NAMED_STYLES,
  lists: {},
  namedRanges: [],
  inlineObjects: {},
  positionedObjects: {},
})

/** The document `documents.create` makes. */
export const freshDocument = (): DocumentModel => ({ tabs: [freshTab('t.0', 'Tab 1')] })

export const emptyContent = (): Content => contentOf([emptyParagraph()])

/** A new footnote: a space, in the footnotes' smaller size. */
export const footnoteContent = (): Content =>
  contentOf([paragraph([run(' \n', { fontSize: pt(10) })], { style: { ...NORMAL, lineSpacing: 100 } })])

/** Paragraphs of new cells spell out every property, as recorded; cells made in a list keep its bullet and indents. */
const CELL_PARAGRAPH: ParagraphStyle = {
  namedStyleType: 'NORMAL_TEXT',
  alignment: 'START',
  lineSpacing: 100,
  direction: 'LEFT_TO_RIGHT',
  spacingMode: 'COLLAPSE_LISTS',
  spaceAbove: pt(0),
  spaceBelow: pt(0),
  ...BORDERS,
  indentFirstLine: pt(0),
  indentStart: pt(0),
  indentEnd: pt(0),
  keepLinesTogether: false,
  keepWithNext: false,
  avoidWidowAndOrphan: false,
  shading: { backgroundColor: {} },
  pageBreakBefore: false,
}

export const CELL_STYLE: Style = {
  rowSpan: 1,
  columnSpan: 1,
  backgroundColor: {},
  paddingLeft: pt(5),
  paddingRight: pt(5),
  paddingTop: pt(5),
  paddingBottom: pt(5),
  contentAlignment: 'TOP',
}

export const ROW_STYLE: Style = { minRowHeight: pt(0) }
export const COLUMN: Style = { widthType: 'EVENLY_DISTRIBUTED' }

export const cellParagraph = (textStyle: TextStyle = {}, bullet?: Bullet, indents?: ParagraphStyle): Paragraph => {
  if (!bullet) return paragraph([run('\n', textStyle)], { style: CELL_PARAGRAPH })
  const { spacingMode: _collapse, ...style } = CELL_PARAGRAPH
  const { indentFirstLine, indentStart } = indents ?? {}
  return paragraph([run('\n', textStyle)], {
    style: { ...style, ...(indentFirstLine && { indentFirstLine }), ...(indentStart && { indentStart }) },
    bullet,
  })
}

export const emptyCell = (first: Paragraph = cellParagraph(), style: Style = CELL_STYLE): Cell =>
  cell(contentOf([first]), style)

export const emptyTable = (rows: number, columns: number, first: Paragraph = cellParagraph()): Table =>
  table(
    Array.from({ length: rows }, () =>
      row(
        Array.from({ length: columns }, () => emptyCell(first)),
        ROW_STYLE,
      ),
    ),
    Array.from({ length: columns }, () => COLUMN),
  )
