import { describe, expect, test } from 'vitest'
import type { Request } from '../../../../openapi/types/docs.ts'
import { bodyAfter, bold, edit, insert, outline, range, remove, view } from '../../testing/editing.ts'

const paragraphStyle = (index: number, ...requests: Request[]) =>
  bodyAfter(...requests)[index]?.paragraph?.paragraphStyle
const heading = (start: number, end: number): Request => ({
  updateParagraphStyle: {
    range: range(start, end),
    paragraphStyle: { namedStyleType: 'HEADING_1' },
    fields: 'namedStyleType',
  },
})
const runs = (...requests: Request[]) =>
  bodyAfter(...requests)
    .flatMap(({ paragraph }) => paragraph?.elements ?? [])
    .map(({ textRun }) => [textRun?.content, textRun?.textStyle])

describe('text and its style', () => {
  test('new text looks like the text before it', () => {
    expect(runs(insert(1, 'ab'), bold(1, 2, true), insert(2, 'x'))).toEqual([
      ['ax', { bold: true }],
      ['b\n', {}],
    ])
    expect(runs(insert(1, 'ab'), bold(1, 2, true), insert(1, 'x'))).toEqual([
      ['xa', { bold: true }],
      ['b\n', {}],
    ])
  })

  test('a link brings its look, does not grow, and takes its look along', () => {
    const link: Request = {
      updateTextStyle: { range: range(1, 3), textStyle: { link: { url: 'https://a.example' } }, fields: 'link' },
    }
    const look = {
      underline: true,
      foregroundColor: { color: { rgbColor: { red: 0.06666667, green: 0.33333334, blue: 0.8 } } },
      link: { url: 'https://a.example' },
    }
    expect(runs(insert(1, 'ab c'), link)).toEqual([
      ['ab', look],
      [' c\n', {}],
    ])
    expect(runs(insert(1, 'ab c'), link, insert(3, 'x'))).toEqual([
      ['ab', look],
      ['x c\n', {}],
    ])
    expect(runs(insert(1, 'ab c'), link, insert(2, 'x'))).toEqual([
      ['axb', look],
      [' c\n', {}],
    ])
    const clear: Request = { updateTextStyle: { range: range(1, 3), textStyle: {}, fields: 'link' } }
    expect(runs(insert(1, 'ab c'), link, clear)).toEqual([['ab c\n', {}]])
    const star: Request = { updateTextStyle: { range: range(1, 3), textStyle: { bold: true }, fields: '*' } }
    expect(runs(insert(1, 'ab c'), link, star)).toEqual([
      ['ab', { bold: true }],
      [' c\n', {}],
    ])
  })

  test('what the named style gives anyway is inherited, colours have eight bits', () => {
    expect(runs(insert(1, 'a'), bold(1, 2, false))).toEqual([['a\n', {}]])
    const half: Request = {
      updateTextStyle: {
        range: range(1, 2),
        textStyle: { foregroundColor: { color: { rgbColor: { red: 0.5, blue: 0 } } } },
        fields: 'foregroundColor',
      },
    }
    expect(runs(insert(1, 'a'), half)[0]).toEqual([
      'a',
      { foregroundColor: { color: { rgbColor: { red: 0.5019608 } } } },
    ])
  })

  test('control characters and private characters are dropped, soft line breaks stay', () => {
    expect(runs(insert(1, 'a\u0000\u000c\r\ue000\u000bb'))).toEqual([['a\u000bb\n', {}]])
  })
})

describe('paragraphs', () => {
  test('headings get an id, each its own, and lose it again', () => {
    const style = paragraphStyle(1, insert(1, 'Title'), heading(1, 2))
    expect(style).toEqual({ headingId: 'h.1', namedStyleType: 'HEADING_1', direction: 'LEFT_TO_RIGHT' })
    const split = bodyAfter(insert(1, 'Title'), heading(1, 2), insert(6, '\nBody'))
    expect(split.slice(1).map(({ paragraph }) => paragraph?.paragraphStyle?.headingId)).toEqual(['h.1', 'h.2'])
    expect(split[2]?.paragraph?.paragraphStyle?.namedStyleType).toBe('HEADING_1')
    const normal: Request = {
      updateParagraphStyle: {
        range: range(1, 2),
        paragraphStyle: { namedStyleType: 'NORMAL_TEXT' },
        fields: 'namedStyleType',
      },
    }
    expect(paragraphStyle(1, insert(1, 'Title'), heading(1, 2), normal)).toEqual({
      namedStyleType: 'NORMAL_TEXT',
      direction: 'LEFT_TO_RIGHT',
    })
  })

  test('joined paragraphs keep the first one’s style, unless nothing of it is left', () => {
    const two = [insert(1, 'Head\ntext'), heading(1, 2)]
    expect(paragraphStyle(1, ...two, remove(4, 7))?.namedStyleType).toBe('HEADING_1')
    expect(paragraphStyle(1, ...two, remove(1, 6))?.namedStyleType).toBe('NORMAL_TEXT')
  })

  test('bullets join a list of the same preset before them, and indents stay when bullets go', () => {
    const bullets = (start: number, end: number): Request => ({
      createParagraphBullets: { range: range(start, end), bulletPreset: 'NUMBERED_DECIMAL_NESTED' },
    })
    const body = bodyAfter(insert(1, 'a\nb\nc'), bullets(1, 2), bullets(3, 4))
    expect(body[1]?.paragraph?.bullet).toEqual(body[2]?.paragraph?.bullet)
    expect(body[1]?.paragraph?.bullet).toEqual({ listId: 'kix.1', textStyle: { underline: false } })
    const list = view(edit([insert(1, 'a'), bullets(1, 2)]).document).lists?.['kix.1']?.listProperties?.nestingLevels
    expect(list).toHaveLength(9)
    expect(list?.[1]).toMatchObject({ glyphType: 'DECIMAL', glyphFormat: '%0.%1.', startNumber: 1 })
    const plain = bodyAfter(insert(1, 'a'), bullets(1, 2), { deleteParagraphBullets: { range: range(1, 2) } })
    expect(plain[1]?.paragraph?.bullet).toBeUndefined()
    expect(plain[1]?.paragraph?.paragraphStyle?.indentStart).toEqual({ magnitude: 36, unit: 'PT' })
  })
})

describe('tables', () => {
  const TABLE: Request = { insertTable: { rows: 2, columns: 2, location: { index: 1 } } }
  const cell = (rowIndex: number, columnIndex: number) => ({ tableStartLocation: { index: 2 }, rowIndex, columnIndex })
  const fill = [insert(12, 'd'), insert(10, 'c'), insert(7, 'b'), insert(5, 'a')]

  test('merging collects the text in the head cell, taking apart leaves it there', () => {
    const merge: Request = {
      mergeTableCells: { tableRange: { tableCellLocation: cell(0, 0), rowSpan: 2, columnSpan: 1 } },
    }
    const unmerge: Request = {
      unmergeTableCells: { tableRange: { tableCellLocation: cell(0, 0), rowSpan: 2, columnSpan: 1 } },
    }
    const merged = bodyAfter(TABLE, ...fill, merge)
    expect(outline(merged).slice(2)).toEqual([
      '[2,19) table 2x2',
      '[5,7) a\\n',
      '[7,9) c\\n',
      '[10,12) b\\n',
      '[14,15) \\n',
      '[16,18) d\\n',
      '[19,20) \\n',
    ])
    expect(merged[2]?.table?.tableRows?.[0]?.tableCells?.[0]?.tableCellStyle).toMatchObject({
      rowSpan: 2,
      columnSpan: 1,
    })
    const apart = bodyAfter(TABLE, ...fill, merge, unmerge)
    expect(apart[2]?.table?.tableRows?.[0]?.tableCells?.[0]?.tableCellStyle).toMatchObject({ rowSpan: 1 })
    expect(outline(apart)).toEqual(outline(merged))
  })

  test('styles reach the cells, rows and columns they name', () => {
    const red = { color: { rgbColor: { red: 1 } } }
    const table = bodyAfter(
      TABLE,
      {
        updateTableCellStyle: {
          tableRange: { tableCellLocation: cell(0, 0), rowSpan: 1, columnSpan: 2 },
          tableCellStyle: { backgroundColor: red },
          fields: 'backgroundColor',
        },
      },
      {
        updateTableRowStyle: {
          tableStartLocation: { index: 2 },
          rowIndices: [1],
          tableRowStyle: { minRowHeight: { magnitude: 30, unit: 'PT' } },
          fields: 'minRowHeight',
        },
      },
      {
        updateTableColumnProperties: {
          tableStartLocation: { index: 2 },
          columnIndices: [0],
          tableColumnProperties: { widthType: 'FIXED_WIDTH', width: { magnitude: 100, unit: 'PT' } },
          fields: '*',
        },
      },
      { pinTableHeaderRows: { tableStartLocation: { index: 2 }, pinnedHeaderRowsCount: 1 } },
    )[2]?.table
    expect(
      table?.tableRows?.map(({ tableCells }) =>
        tableCells?.map(({ tableCellStyle }) => tableCellStyle?.backgroundColor),
      ),
    ).toEqual([
      [red, red],
      [{}, {}],
    ])
    expect(table?.tableRows?.map(({ tableRowStyle }) => tableRowStyle)).toEqual([
      { minRowHeight: { unit: 'PT' }, tableHeader: true },
      { minRowHeight: { magnitude: 30, unit: 'PT' } },
    ])
    expect(table?.tableStyle?.tableColumnProperties?.map(({ widthType }) => widthType)).toEqual([
      'FIXED_WIDTH',
      'EVENLY_DISTRIBUTED',
    ])
  })

  test('images and footnotes go with their row', () => {
    const { document } = edit([
      TABLE,
      { insertInlineImage: { uri: 'https://a.example/1.png', location: { index: 5 } } },
      { insertInlineImage: { uri: 'https://a.example/2.png', location: { index: 5 } } },
      { createFootnote: { location: { index: 5 } } },
      { deleteTableRow: { tableCellLocation: cell(0, 0) } },
    ])
    expect(view(document)).not.toHaveProperty('inlineObjects')
    expect(view(document)).not.toHaveProperty('footnotes')
  })

  test('a table goes whole, and with its last row', () => {
    expect(outline(bodyAfter(TABLE, remove(2, 14))).slice(1)).toEqual(['[1,2) \\n', '[2,3) \\n'])
    const row: Request = { deleteTableRow: { tableCellLocation: cell(0, 0) } }
    expect(outline(bodyAfter(TABLE, row, row)).slice(1)).toEqual(['[1,2) \\n', '[2,3) \\n'])
  })
})

test('tabs: a tree with index spaces of its own', () => {
  const { document, replies } = edit([
    { addDocumentTab: { tabProperties: { title: 'Second', iconEmoji: '🚀' } } },
    { addDocumentTab: { tabProperties: { title: 'Child', parentTabId: 't.1' } } },
    { insertText: { text: 'in child', location: { index: 1, tabId: 't.2' } } },
    { updateDocumentTabProperties: { tabProperties: { tabId: 't.1', index: 0 }, fields: 'index' } },
  ])
  expect(replies[0]).toEqual({
    addDocumentTab: { tabProperties: { tabId: 't.1', title: 'Second', index: 1, iconEmoji: '🚀' } },
  })
  const shown = view(document, true)
  expect(shown.tabs?.map(({ tabProperties }) => tabProperties?.title)).toEqual(['Second', 'Tab 1'])
  expect(shown.tabs?.[0]?.childTabs?.[0]?.tabProperties).toEqual({
    tabId: 't.2',
    title: 'Child',
    parentTabId: 't.1',
    index: 0,
    nestingLevel: 1,
  })
  expect(outline(shown.tabs?.[0]?.childTabs?.[0]?.documentTab?.body?.content ?? [])).toContain('[1,10) in child\\n')
  expect(view(edit([{ deleteTab: { tabId: 't.1' } }], document).document, true).tabs).toHaveLength(1)
})

test('sections: a new one is styled as the one it splits', () => {
  const body = bodyAfter(
    {
      updateSectionStyle: {
        range: range(1, 2),
        sectionStyle: { marginTop: { magnitude: 72, unit: 'PT' } },
        fields: 'marginTop',
      },
    },
    { insertSectionBreak: { sectionType: 'NEXT_PAGE', endOfSegmentLocation: {} } },
  )
  expect(body[2]?.sectionBreak?.sectionStyle).toEqual({
    columnSeparatorStyle: 'NONE',
    contentDirection: 'LEFT_TO_RIGHT',
    marginTop: { magnitude: 72, unit: 'PT' },
    sectionType: 'NEXT_PAGE',
  })
})

test('chips: people, dates, files', () => {
  const elements = bodyAfter(
    { insertPerson: { personProperties: { email: 'ada@example.com' }, location: { index: 1 } } },
    {
      insertDate: {
        dateElementProperties: { timestamp: '2026-01-08T12:00:00Z', dateFormat: 'DATE_FORMAT_ISO8601' },
        location: { index: 2 },
      },
    },
    {
      insertDate: {
        dateElementProperties: { timestamp: '1970-01-01T05:00:00Z', timeFormat: 'TIME_FORMAT_HOUR_MINUTE' },
        location: { index: 3 },
      },
    },
    {
      insertRichLink: {
        richLinkProperties: { uri: 'https://docs.google.com/document/d/1/edit' },
        location: { index: 4 },
      },
    },
  )[1]?.paragraph?.elements
  expect(elements?.[0]?.person?.personProperties).toEqual({ name: 'Ada', email: 'ada@example.com' })
  expect(elements?.[1]?.dateElement?.dateElementProperties?.displayText).toBe('2026-01-08')
  expect(elements?.[2]?.dateElement?.dateElementProperties?.displayText).toBe('Jan 1, 1970 5:00 AM')
  expect(elements?.[3]?.richLink?.richLinkProperties).toMatchObject({ title: 'Linked' })
})

test('a named range’s content is replaced, and the range stays over it', () => {
  const { document } = edit([
    insert(1, 'Dear NAME, hello'),
    { createNamedRange: { name: 'who', range: range(6, 10) } },
    { replaceNamedRangeContent: { namedRangeName: 'who', text: 'Ada Lovelace' } },
  ])
  expect(outline(view(document).body?.content ?? [])).toContain('[1,26) Dear Ada Lovelace, hello\\n')
  expect(view(document).namedRanges?.who?.namedRanges?.[0]?.ranges).toEqual([range(6, 18)])
})

test('named styles and the document style', () => {
  const { document } = edit([
    {
      updateNamedStyle: {
        namedStyle: { namedStyleType: 'HEADING_1', textStyle: { bold: true } },
        fields: 'named_style_type,text_style,text_style.bold',
      },
    },
    { updateDocumentStyle: { documentStyle: { marginTop: { magnitude: 36, unit: 'PT' } }, fields: 'marginTop' } },
  ])
  const shown = view(document)
  expect(shown.namedStyles?.styles?.[1]?.textStyle).toEqual({ bold: true, fontSize: { magnitude: 20, unit: 'PT' } })
  expect(shown.documentStyle?.marginTop).toEqual({ magnitude: 36, unit: 'PT' })
})

test('regular expressions replace with their own case rules', () => {
  const request: Request = {
    replaceAllText: { containsText: { text: 'a+', searchByRegex: true, matchCase: true }, replaceText: '-' },
  }
  expect(edit([insert(1, 'aaa A aa'), request]).replies[1]).toEqual({ replaceAllText: { occurrencesChanged: 2 } })
})
