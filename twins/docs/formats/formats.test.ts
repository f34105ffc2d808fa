import { XMLParser } from 'fast-xml-parser'
import { strFromU8, unzipSync } from 'fflate'
import { describe, expect, test } from 'vitest'
import { edit, insert, surroundings, view } from '../testing/editing.ts'
import { violations } from '../testing/invariants.ts'
import { toDocx } from './docx.ts'
import { fromDocx } from './docx-import.ts'
import { toEpub } from './epub.ts'
import { toHtml } from './html.ts'
import { fromHtml, fromPlainText } from './html-import.ts'
import { fromMarkdown, toMarkdown } from './markdown.ts'
import { toOdt } from './odt.ts'
import { toPdf } from './pdf.ts'
import { toPlainText, toSearchText } from './plain-text.ts'
import { toRtf } from './rtf.ts'

/** `⏎` stands for the two blanks that end a line which is not the last of its list. */
const MARKDOWN = `# Launch plan

Read the **whole** plan, *then* ask [Ada](https://ada.example/). Use \`npm test\`.

## Steps

1. Build⏎
   * compile⏎
   * link⏎
2. Ship

| **Who** | **When** |
| :---- | :---- |
| Ada | Monday |
| Bob | Tuesday |

Done ~~never~~, R\\&D\\!
`.replaceAll('⏎', '  ')

const plan = () => fromMarkdown(MARKDOWN, surroundings())

describe('Markdown', () => {
  test('becomes a document that keeps the model’s rules', () => {
    const shown = view(plan(), true)
    expect(violations(shown)).toEqual([])
    const content = shown.tabs?.[0]?.documentTab?.body?.content ?? []
    expect(content[1]?.paragraph?.paragraphStyle).toMatchObject({ namedStyleType: 'HEADING_1', headingId: 'h.1' })
    expect(content[2]?.paragraph?.elements?.[1]?.textRun).toEqual({ content: 'whole', textStyle: { bold: true } })
    const items = content.filter(({ paragraph }) => paragraph?.bullet)
    expect(items.map(({ paragraph }) => paragraph?.bullet?.nestingLevel)).toEqual([undefined, 1, 1, undefined])
    expect(new Set(items.map(({ paragraph }) => paragraph?.bullet?.listId)).size).toBe(1)
    const table = content.find((element) => element.table)?.table
    expect([table?.rows, table?.columns]).toEqual([3, 2])
  })

  test('quotations and tasks', () => {
    const text = '> To be\n\n- [ ] think  \n- [ ] act\n'
    expect(toMarkdown(fromMarkdown(text, surroundings()))).toBe(text)
  })

  test('comes out as it went in', () => {
    expect(toMarkdown(plan())).toBe(MARKDOWN)
    expect(toMarkdown(fromMarkdown(toMarkdown(plan()), surroundings()))).toBe(MARKDOWN)
  })
})

test('plain text: byte order mark, CRLF, glyphs of lists, a tab behind each cell', () => {
  expect(toPlainText(plan())).toBe(
    `\uFEFF${[
      'Launch plan',
      'Read the whole plan, then ask Ada. Use npm test.',
      'Steps',
      '1. Build',
      '   * compile',
      '   * link',
      '2. Ship',
      'Who',
      '\tWhen',
      '\tAda',
      '\tMonday',
      '\tBob',
      '\tTuesday',
      '\tDone never, R&D!',
    ].join('\r\n')}`,
  )
  expect(toSearchText(fromPlainText('\uFEFFa\r\nb'))).toBe('a\nb')
})

test('plain text: blank paragraphs and cells, page breaks', () => {
  const { document } = edit([
    { insertTable: { rows: 1, columns: 2, location: { index: 1 } } },
    insert(1, 'before'),
    { insertPageBreak: { location: { index: 4 } } },
  ])
  expect(toPlainText(document)).toBe('\uFEFFbef\r\n________________\r\nore\r\n\r\n\r\n\t\r\n\r\n\t\r\n')
})

test('HTML comes back with the same structure', () => {
  const html = toHtml(plan(), 'Plan & more')
  expect(html).toContain('<title>Plan &amp; more</title>')
  expect(toMarkdown(fromHtml(html, surroundings()))).toBe(MARKDOWN)
})

test('footnotes and soft line breaks are in every text format', () => {
  const { document } = edit([
    insert(1, 'See\vhere'),
    { createFootnote: { location: { index: 4 } } },
    insert(1, 'note', 'kix.1'),
  ])
  expect(toPlainText(document)).toBe('\uFEFFSee[1]\r\nhere\r\n________________\r\n[1] note')
  expect(toMarkdown(document)).toBe('See[^1]  \nhere\n\n[^1]: note\n')
  expect(toHtml(document, 'T')).toContain('<br>')
})

test('a Word file holds the parts it must, with the text in them', () => {
  const files = unzipSync(toDocx(plan()))
  expect(Object.keys(files).sort()).toEqual([
    '[Content_Types].xml',
    '_rels/.rels',
    'word/_rels/document.xml.rels',
    'word/document.xml',
    'word/numbering.xml',
    'word/styles.xml',
  ])
  const text = strFromU8(files['word/document.xml'] as Uint8Array)
  expect(text).toContain('<w:pStyle w:val="Heading1"/>')
  expect(text).toContain('<w:t xml:space="preserve">whole</w:t>')
  expect(strFromU8(files['word/_rels/document.xml.rels'] as Uint8Array)).toContain('Target="https://ada.example/"')
  expect(toDocx(plan())).toEqual(toDocx(plan()))
})

test('a Word file comes back with the same structure', () => {
  const back = fromDocx(toDocx(plan()), surroundings())
  expect(violations(view(back, true))).toEqual([])
  // Fonts of runs are not read.
  expect(toMarkdown(back)).toBe(MARKDOWN.replaceAll('`', ''))
})

test('the offsets of a PDF lead to its objects', () => {
  const pdf = Buffer.from(toPdf(plan())).toString('latin1')
  expect(pdf.startsWith('%PDF-1.4')).toBe(true)
  const start = Number(/startxref\n(\d+)/.exec(pdf)?.[1])
  expect(pdf.slice(start, start + 4)).toBe('xref')
  const offsets = [...pdf.matchAll(/^(\d{10}) 00000 n/gm)].map(([, at]) => Number(at))
  expect(offsets.map((at) => Number.parseInt(pdf.slice(at), 10))).toEqual(offsets.map((_, i) => i + 1))
  expect(pdf).toContain('(Launch plan) Tj')
})

test('Rich Text escapes what it must', () => {
  expect(toRtf(fromPlainText('a{b}\\ é'))).toContain('a\\{b\\}\\\\ \\u233?')
})

test('OpenDocument and EPUB begin with their type, and hold well-formed text', () => {
  const wellFormed = (text: string) => new XMLParser({ ignoreAttributes: false }).parse(text, true)
  const odt = toOdt(plan())
  expect(strFromU8(odt.slice(30, 38))).toBe('mimetype')
  const content = strFromU8(unzipSync(odt)['content.xml'] as Uint8Array)
  wellFormed(content)
  expect(content).toContain('<text:h text:outline-level="1">Launch plan</text:h>')
  expect(content).toContain('<text:span text:style-name="TB">whole</text:span>')
  const epub = toEpub(plan(), 'Plan & more')
  expect(strFromU8(epub.slice(30, 38))).toBe('mimetype')
  const files = unzipSync(epub)
  for (const [name, bytes] of Object.entries(files)) if (name !== 'mimetype') wellFormed(strFromU8(bytes))
  expect(strFromU8(files['GoogleDoc/main.xhtml'] as Uint8Array)).toContain('Plan &amp; more')
})
