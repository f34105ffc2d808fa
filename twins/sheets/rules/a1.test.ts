import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { isPlainTitle, isRangeName, parseRange, quoteTitle, rangeName, within } from './a1.ts'
import { columnIndex, columnName } from './address.ts'

const echoed = (text: string) => {
  const parsed = parseRange(text)
  return parsed?.cells && rangeName(parsed.title ?? 'Sheet1', within(parsed.cells, 1000, 26))
}

describe('ranges in A1 and R1C1 notation', () => {
  test.each([
    ['A1', 'Sheet1!A1'],
    ['A1:A1', 'Sheet1!A1'],
    ['a1:b2', 'Sheet1!A1:B2'],
    ['D4:A1', 'Sheet1!A1:D4'],
    ['$A$1:$B2', 'Sheet1!A1:B2'],
    ['Sheet1!A:A', 'Sheet1!A1:A1000'],
    ['Sheet1!2:3', 'Sheet1!A2:Z3'],
    ['Sheet1!A5:B', 'Sheet1!A5:B1000'],
    ['Sheet1!A1:1', 'Sheet1!A1:Z1'],
    ['Sheet1!R2C3', 'Sheet1!C2'],
    ['Sheet1!R1C1:R2C2', 'Sheet1!A1:B2'],
    ["'Bob''s'!A1", "'Bob''s'!A1"],
    ["'a!b'!A1:B", "'a!b'!A1:B1000"],
    ["'D3'!A1", "'D3'!A1"],
    ['🌵 x!A1', "'🌵 x'!A1"],
  ])('%s is %s', (text, name) => expect(echoed(text)).toBe(name))

  test.each(['A1:B2:C3', 'Sheet1!A1:B1,C1', 'NOT-A-RANGE', 'Sheet1!', '!A1', "'open!A1"])(
    '%s is no cell range',
    (text) => {
      expect(parseRange(text)?.cells).toBeUndefined()
    },
  )

  test('a quoted word is a title, a bare one may be a name', () => {
    expect(parseRange("'D3'")).toEqual({ title: 'D3', quoted: true })
    expect(parseRange('Budget')).toMatchObject({ name: 'Budget', quoted: false })
    expect(parseRange('D3')?.cells).toBeDefined()
  })

  test.each([
    ['Sheet1', true],
    ['_x', true],
    ['A1', false],
    ['R1C1', false],
    ['1st', false],
    ['Class Data', false],
    ['é', false],
  ])('title %s stands bare: %s', (title, bare) => expect(isPlainTitle(title)).toBe(bare))

  test.each([
    ['total', true],
    ['A1', false],
    ['true', false],
    ['1x', false],
    ['two words', false],
  ])('%s can name a range: %s', (name, can) => expect(isRangeName(name)).toBe(can))
})

describe('properties', () => {
  test('column letters and indexes are inverse', () => {
    fc.assert(fc.property(fc.integer({ min: 0, max: 18_277 }), (index) => columnIndex(columnName(index)) === index))
  })

  test('a printed range reads back as the same cells under the same title', () => {
    const index = fc.integer({ min: 0, max: 999 })
    fc.assert(
      fc.property(fc.string({ minLength: 1 }), index, index, index, index, (title, a, b, c, d) => {
        const area = {
          top: Math.min(a, b),
          bottom: Math.max(a, b) + 1,
          left: Math.min(c, d),
          right: Math.max(c, d) + 1,
        }
        const parsed = parseRange(rangeName(title, area))
        expect(parsed?.title).toBe(title)
        expect(parsed?.cells && within(parsed.cells, 1000, 1000)).toEqual(area)
        expect(quoteTitle(title).startsWith("'")).toBe(!isPlainTitle(title))
      }),
    )
  })
})
