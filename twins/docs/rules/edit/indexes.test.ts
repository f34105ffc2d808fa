import { describe, expect, test } from 'vitest'
import { bodyAfter, bold, edit, insert, outline, range, remove, view } from '../../testing/editing.ts'

describe('where things come to lie', () => {
  test('text with a newline makes two paragraphs, and the end of the segment is before its last newline', () => {
    const hello = insert(1, 'Hello\nWorld')
    expect(outline(bodyAfter(hello))).toEqual(['[0,1) section', '[1,7) Hello\\n', '[7,13) World\\n'])
    expect(outline(bodyAfter(hello, { insertText: { text: '!', endOfSegmentLocation: {} } }))).toContain(
      '[7,14) World!\\n',
    )
  })

  test('styles cut runs and clearing them joins what is alike', () => {
    const bolded = [insert(1, 'Hello'), bold(1, 3, true)]
    expect(outline(bodyAfter(...bolded)).slice(1)).toEqual(['[1,3) He', '[3,7) llo\\n'])
    expect(outline(bodyAfter(...bolded, bold(2, 3))).slice(1)).toEqual(['[1,2) H', '[2,7) ello\\n'])
    const cleared = bodyAfter(...bolded, bold(1, 3))
    expect(outline(cleared).slice(1)).toEqual(['[1,7) Hello\\n'])
    expect(cleared[1]?.paragraph?.elements?.[0]?.textRun?.textStyle).toEqual({})
  })

  test('deleting a newline joins paragraphs', () => {
    expect(outline(bodyAfter(insert(1, 'Hello\nWorld!'), remove(6, 7))).slice(1)).toEqual(['[1,13) HelloWorld!\\n'])
  })

  test('a character outside the basic plane is two indexes wide and is not cut', () => {
    const emoji = [insert(1, 'a😀b')]
    expect(outline(bodyAfter(...emoji, insert(3, 'x'))).slice(1)).toEqual(['[1,7) ax😀b\\n'])
    expect(outline(bodyAfter(...emoji, remove(2, 4))).slice(1)).toEqual(['[1,4) ab\\n'])
    expect(() => edit([...emoji, remove(2, 3)])).toThrow('Invalid deletion range')
  })

  test('a page break ends its paragraph', () => {
    expect(outline(bodyAfter(insert(1, 'text'), { insertPageBreak: { location: { index: 1 } } })).slice(1)).toEqual([
      '[1,2) pageBreak',
      '[2,3) \\n',
      '[3,8) text\\n',
    ])
  })

  test('a section break comes after a newline', () => {
    const sections = bodyAfter(insert(1, 'abcdefghij'), {
      insertSectionBreak: { sectionType: 'NEXT_PAGE', location: { index: 5 } },
    })
    expect(outline(sections)).toEqual(['[0,1) section', '[1,6) abcd\\n', '[6,7) section', '[7,14) efghij\\n'])
    expect(sections[2]?.sectionBreak?.sectionStyle?.sectionType).toBe('NEXT_PAGE')
  })

  test('an image is one index wide', () => {
    const uri = 'https://example.com/a.png'
    const body = bodyAfter(insert(1, 'abcd'), { insertInlineImage: { uri, location: { index: 3 } } })
    expect(outline(body).slice(1)).toEqual(['[1,3) ab', '[3,4) inlineObjectElement', '[4,7) cd\\n'])
  })

  test('a footnote has indexes of its own and goes with its reference', () => {
    const note = [insert(1, 'abcdef'), { createFootnote: { location: { index: 4 } } }]
    const { document, replies } = edit(note)
    const { footnoteId } = (replies[1] as { createFootnote: { footnoteId: string } }).createFootnote
    expect(outline(view(document).body?.content ?? []).slice(1)).toEqual([
      '[1,4) abc',
      '[4,5) footnoteReference',
      '[5,9) def\\n',
    ])
    expect(outline(view(document).footnotes?.[footnoteId]?.content ?? [])).toEqual(['[0,2)  \\n'])
    expect(view(edit([...note, remove(4, 5)]).document).footnotes).toBeUndefined()
  })

  test('a header begins at 0 and does not move the body', () => {
    const create = { createHeader: { type: 'DEFAULT' as const } }
    const { document, replies } = edit([create, insert(0, 'Top', 'kix.1')])
    expect(replies[0]).toEqual({ createHeader: { headerId: 'kix.1' } })
    const shown = view(document)
    expect(shown.documentStyle?.defaultHeaderId).toBe('kix.1')
    expect(shown.headers?.['kix.1']?.content?.[0]).toMatchObject({
      endIndex: 4,
      paragraph: { elements: [{ endIndex: 4 }] },
    })
    expect(shown.headers?.['kix.1']?.content?.[0]).not.toHaveProperty('startIndex')
    expect(outline(shown.body?.content ?? [])).toEqual(['[0,1) section', '[1,2) \\n'])
    expect(() => edit([create, create])).toThrow('Invalid requests[1].createHeader: Default header already exists.')
  })

  test('bullets take leading tabs for depth and remove them', () => {
    const body = bodyAfter(insert(1, 'a\n\tb\n\t\tc'), {
      createParagraphBullets: { range: range(1, 9), bulletPreset: 'BULLET_DISC_CIRCLE_SQUARE' },
    })
    expect(outline(body).slice(1)).toEqual(['[1,3) a\\n', '[3,5) b\\n', '[5,7) c\\n'])
    expect(body.slice(1).map((element) => element.paragraph?.bullet?.nestingLevel)).toEqual([undefined, 1, 2])
    expect(body[2]?.paragraph?.paragraphStyle).toMatchObject({
      indentFirstLine: { magnitude: 54 },
      indentStart: { magnitude: 72 },
    })
  })

  test('a table of 2×2 begins behind a newline and ends one index behind its last row', () => {
    const body = bodyAfter({ insertTable: { rows: 2, columns: 2, location: { index: 1 } } })
    expect(outline(body).slice(1)).toEqual([
      '[1,2) \\n',
      '[2,14) table 2x2',
      '[5,6) \\n',
      '[7,8) \\n',
      '[10,11) \\n',
      '[12,13) \\n',
      '[14,15) \\n',
    ])
    expect(body[2]?.table?.tableRows?.map(({ startIndex, endIndex }) => [startIndex, endIndex])).toEqual([
      [3, 8],
      [8, 13],
    ])
  })

  test('rows add 1+2c indexes, columns 2 a row', () => {
    const table = { insertTable: { rows: 2, columns: 2, location: { index: 1 } } }
    const cell = { tableStartLocation: { index: 2 }, rowIndex: 0, columnIndex: 0 }
    expect(outline(bodyAfter(table, { insertTableRow: { tableCellLocation: cell, insertBelow: true } }))).toContain(
      '[2,19) table 3x2',
    )
    expect(outline(bodyAfter(table, { insertTableColumn: { tableCellLocation: cell, insertRight: true } }))).toContain(
      '[2,18) table 2x3',
    )
    expect(outline(bodyAfter(table, { deleteTableRow: { tableCellLocation: cell } }))).toContain('[2,9) table 1x2')
    expect(outline(bodyAfter(table, { deleteTableColumn: { tableCellLocation: cell } }))).toContain('[2,10) table 2x1')
  })

  test('replaceAllText counts, moves indexes and keeps the style of the first character', () => {
    const { document, replies } = edit([
      insert(1, 'Hello hello HELLO'),
      bold(7, 8, true),
      { replaceAllText: { containsText: { text: 'Hello' }, replaceText: 'Hi' } },
    ])
    expect(replies[2]).toEqual({ replaceAllText: { occurrencesChanged: 3 } })
    expect(outline(view(document).body?.content ?? []).slice(1)).toEqual(['[1,4) Hi ', '[4,6) Hi', '[6,10)  Hi\\n'])
    expect(edit([{ replaceAllText: { containsText: { text: 'x' }, replaceText: 'y' } }]).replies).toEqual([
      { replaceAllText: {} },
    ])
  })

  test('a named range is pushed at its start, grows inside, and goes when its text goes', () => {
    const named = [insert(1, 'abcdefghijklmno'), { createNamedRange: { name: 'n', range: range(7, 12) } }]
    const ranges = (...more: Parameters<typeof bodyAfter>) =>
      view(edit([...named, ...more]).document).namedRanges?.n?.namedRanges?.[0]?.ranges
    expect(ranges()).toEqual([range(7, 12)])
    expect(ranges(insert(7, 'xx'))).toEqual([range(9, 14)])
    expect(ranges(insert(8, 'xx'))).toEqual([range(7, 14)])
    expect(ranges(insert(12, 'xx'))).toEqual([range(7, 12)])
    expect(ranges(remove(5, 9))).toEqual([range(5, 8)])
    expect(ranges(remove(6, 13))).toBeUndefined()
  })
})
