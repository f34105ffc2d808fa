import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { Request } from '../../../../openapi/types/docs.ts'
import { docsContract } from '../../contract.ts'
import { edit, surroundings, view } from '../../testing/editing.ts'
import { violations } from '../../testing/invariants.ts'
import { freshDocument } from '../model/fresh.ts'
import { applyBatch, InvalidRequest, KINDS } from './batch.ts'
import { cleanText } from './text.ts'

/** Where the first table begins until something is put before it. */
const TABLE = 10
const index = fc.integer({ min: 0, max: 60 })
const range = fc
  .tuple(index, fc.integer({ min: 1, max: 15 }))
  .map(([startIndex, width]) => ({ startIndex, endIndex: startIndex + width }))
const location = index.map((at) => ({ index: at }))
const text = fc.string({
  unit: fc.constantFrom('a', 'b', ' ', '\n', '\t', '😀', '\u0007'),
  minLength: 1,
  maxLength: 12,
})
const cell = fc.record({
  tableStartLocation: fc.oneof({ weight: 9, arbitrary: fc.constant({ index: TABLE }) }, location),
  rowIndex: fc.integer({ min: 0, max: 2 }),
  columnIndex: fc.integer({ min: 0, max: 2 }),
})
const tableRange = fc.record({
  tableCellLocation: cell,
  rowSpan: fc.integer({ min: 1, max: 2 }),
  columnSpan: fc.integer({ min: 1, max: 2 }),
})
const size = fc.integer({ min: 1, max: 3 })
const preset = fc.constantFrom('BULLET_DISC_CIRCLE_SQUARE' as const, 'NUMBERED_DECIMAL_NESTED' as const)
const named = fc.constantFrom('NORMAL_TEXT' as const, 'HEADING_1' as const, 'TITLE' as const)

/** Requests as likely to be refused as to be applied. */
const request: fc.Arbitrary<Request> = fc.oneof(
  fc.record({ insertText: fc.record({ text, location }) }),
  fc.record({ insertText: fc.record({ text, endOfSegmentLocation: fc.constant({}) }) }),
  fc.record({ deleteContentRange: fc.record({ range }) }),
  fc.record({ insertTable: fc.record({ rows: size, columns: size, location }) }),
  fc.record({ insertTableRow: fc.record({ tableCellLocation: cell, insertBelow: fc.boolean() }) }),
  fc.record({ insertTableColumn: fc.record({ tableCellLocation: cell, insertRight: fc.boolean() }) }),
  fc.record({ deleteTableRow: fc.record({ tableCellLocation: cell }) }),
  fc.record({ deleteTableColumn: fc.record({ tableCellLocation: cell }) }),
  fc.record({ mergeTableCells: fc.record({ tableRange }) }),
  fc.record({ unmergeTableCells: fc.record({ tableRange }) }),
  fc.record({ createParagraphBullets: fc.record({ range, bulletPreset: preset }) }),
  fc.record({ deleteParagraphBullets: fc.record({ range }) }),
  fc.record({
    updateTextStyle: fc.record({ range, textStyle: fc.record({ bold: fc.boolean() }), fields: fc.constant('bold') }),
  }),
  fc.record({
    updateTextStyle: fc.record({
      range,
      textStyle: fc.constant({ link: { url: 'https://a.example' } }),
      fields: fc.constant('link'),
    }),
  }),
  fc.record({
    updateParagraphStyle: fc.record({
      range,
      paragraphStyle: fc.record({ namedStyleType: named }),
      fields: fc.constant('*'),
    }),
  }),
  fc.record({ insertPageBreak: fc.record({ location }) }),
  fc.record({ insertSectionBreak: fc.record({ location, sectionType: fc.constant('NEXT_PAGE' as const) }) }),
  fc.record({ createFootnote: fc.record({ location }) }),
  fc.record({ insertInlineImage: fc.record({ location, uri: fc.constant('https://a.example/i.png') }) }),
  fc.record({ createNamedRange: fc.record({ name: fc.constantFrom('n', 'm'), range }) }),
  fc.record({ deleteNamedRange: fc.record({ name: fc.constantFrom('n', 'm') }) }),
  fc.record({ replaceNamedRangeContent: fc.record({ namedRangeName: fc.constantFrom('n', 'm'), text }) }),
  fc.record({
    replaceAllText: fc.record({
      containsText: fc.record({ text: fc.constantFrom('a', 'ab', 'b ') }),
      replaceText: text,
    }),
  }),
)

const START: Request[] = [
  { insertText: { text: 'one two\nthree\n\tfour', location: { index: 1 } } },
  { insertTable: { rows: 2, columns: 3, location: { index: TABLE - 1 } } },
]

test('whatever is applied keeps the model whole, and what is refused changes nothing', () => {
  const applied = new Set<string>()
  fc.assert(
    fc.property(fc.array(request, { minLength: 5, maxLength: 25 }), (requests) => {
      const around = surroundings()
      let document = applyBatch(freshDocument(), START, around).document
      for (const one of requests) {
        const before = view(document, true)
        try {
          document = applyBatch(document, [one], around).document
          applied.add(Object.keys(one)[0] as string)
        } catch (error) {
          if (!(error instanceof InvalidRequest)) throw error
          expect(view(document, true)).toEqual(before)
        }
        expect(violations(view(document, true)), JSON.stringify(one)).toEqual([])
      }
    }),
    { numRuns: 250, seed: 7 },
  )
  // The test would prove little if most requests were refused.
  expect([...applied].sort()).toHaveLength(21)
})

test('text goes in and out as in a plain string', () => {
  const action = fc.record({
    at: fc.nat(),
    width: fc.nat({ max: 5 }),
    text: fc.string({ unit: fc.constantFrom('a', 'b', '\n'), minLength: 1, maxLength: 6 }),
    insert: fc.boolean(),
  })
  fc.assert(
    fc.property(fc.array(action, { maxLength: 30 }), (actions) => {
      let plain = ''
      const requests: Request[] = []
      for (const { at, width, text: piece, insert } of actions) {
        const from = at % (plain.length + 1)
        const to = Math.min(plain.length, from + width)
        if (insert) {
          requests.push({ insertText: { text: piece, location: { index: from + 1 } } })
          plain = plain.slice(0, from) + piece + plain.slice(from)
        } else if (to > from) {
          requests.push({ deleteContentRange: { range: { startIndex: from + 1, endIndex: to + 1 } } })
          plain = plain.slice(0, from) + plain.slice(to)
        }
      }
      const { body } = view(edit(requests).document)
      const shown = body?.content
        ?.flatMap(({ paragraph }) => paragraph?.elements ?? [])
        .map(({ textRun }) => textRun?.content)
      expect(shown?.join('')).toBe(`${plain}\n`)
    }),
    { numRuns: 300, seed: 7 },
  )
})

test('styles stay with their characters while text comes and goes around them', () => {
  fc.assert(
    fc.property(fc.array(fc.tuple(fc.nat(), text), { maxLength: 10 }), (pieces) => {
      const requests: Request[] = [
        { insertText: { text: 'xYYYx', location: { index: 1 } } },
        { updateTextStyle: { range: { startIndex: 2, endIndex: 5 }, textStyle: { italic: true }, fields: 'italic' } },
      ]
      let length = 5
      for (const [at, piece] of pieces) {
        const clean = cleanText(piece)
        requests.push({ insertText: { text: piece, location: { index: 1 + (at % 2 ? 0 : length) } } })
        length += clean.length
      }
      const elements =
        view(edit(requests).document).body?.content?.flatMap(({ paragraph }) => paragraph?.elements ?? []) ?? []
      const italic = elements.filter(({ textRun }) => textRun?.textStyle?.italic).map(({ textRun }) => textRun?.content)
      expect(italic).toEqual(['YYY'])
    }),
    { seed: 7 },
  )
})

test('others’ edits and a batch for an older revision come together like two people typing', () => {
  const words = 'alpha beta gamma delta'
  fc.assert(
    fc.property(fc.nat({ max: words.length }), fc.nat({ max: words.length }), (theirs, ours) => {
      const base = edit([{ insertText: { text: words, location: { index: 1 } } }]).document
      const first = edit([{ insertText: { text: '<<', location: { index: 1 + theirs } } }], base)
      const second = edit(
        [
          { insertText: { text: '>', location: { index: 1 + ours } } },
          { insertText: { text: '>', location: { index: 2 + ours } } },
        ],
        first.document,
        first.edits,
      )
      const text = view(second.document).body?.content?.[1]?.paragraph?.elements?.[0]?.textRun?.content ?? ''
      expect(text.replace('<<', '')).toBe(`${words.slice(0, ours)}>>${words.slice(ours)}\n`)
      expect(text.replace('>>', '')).toBe(`${words.slice(0, theirs)}<<${words.slice(theirs)}\n`)
    }),
    { seed: 7 },
  )
})

test('ten thousand paragraphs take an edit without walking all of them', () => {
  const lines = Array.from({ length: 10_000 }, (_, i) => `Paragraph ${i}`).join('\n')
  let { document } = edit([{ insertText: { text: lines, location: { index: 1 } } }])
  const around = surroundings()
  const end = 100_000
  const requests = Array.from(
    { length: 2000 },
    (_, i): Request => ({ insertText: { text: 'x\n', location: { index: 1 + ((i * 7919) % end) } } }),
  )
  const started = performance.now()
  document = applyBatch(document, requests, around).document
  // Some 0.05 ms each; a model that is rebuilt for every request would need ten seconds.
  expect(performance.now() - started).toBeLessThan(3000)
  expect(document.tabs[0]?.segments['']?.content.length).toBe(12_001)
})

test('all kinds of requests have an effect', () => {
  const request = docsContract().document.components?.schemas?.Request as { properties: object }
  expect(KINDS.toSorted()).toEqual(Object.keys(request.properties).toSorted())
})
