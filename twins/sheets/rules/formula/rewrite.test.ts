import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { cellName } from '../address.ts'
import {
  deletedSpan,
  insertedSpan,
  type MapSpan,
  mapReference,
  movedIndex,
  movedSpan,
  normalizeFormula,
  rewriteReferences,
  shiftFormula,
} from './rewrite.ts'

const follow = (formula: string, dimension: 'ROWS' | 'COLUMNS', map: MapSpan) =>
  rewriteReferences(formula, 'en_US', (reference) => mapReference(reference, dimension, map))

describe('copying a formula', () => {
  test.each([
    ['=A1+$A$1', 2, 1, '=B3+$A$1'],
    ['=SUM(A$1:B2)', 1, 0, '=SUM(A$1:B3)'],
    ['=A:A', 5, 2, '=C:C'],
    ["='My Sheet'!A1", 1, 1, "='My Sheet'!B2"],
    ['=A1', -1, 0, '=#REF!'],
    ['="A1"&B1', 1, 0, '="A1"&B2'],
    ['=LOG10(A1)', 1, 0, '=LOG10(A2)'],
  ])('%s by %d rows and %d columns', (formula, rows, columns, result) =>
    expect(shiftFormula(formula, 'en_US', rows, columns)).toBe(result),
  )

  test('there and back is the same formula', () => {
    const cell = fc.tuple(fc.nat(500), fc.nat(500)).map(([row, column]) => cellName(row, column))
    fc.assert(
      fc.property(cell, cell, fc.nat(50), fc.nat(50), (a, b, rows, columns) => {
        const formula = `=SUM(${a}, ${b})*2`
        expect(shiftFormula(shiftFormula(formula, 'en_US', rows, columns), 'en_US', -rows, -columns)).toBe(formula)
      }),
    )
  })
})

describe('rows and columns come and go', () => {
  test.each([
    ['=A2+A5', insertedSpan(2, 3), '=A2+A8'],
    ['=SUM(A1:A5)', insertedSpan(2, 1), '=SUM(A1:A6)'],
    ['=SUM(A1:A5)', deletedSpan(1, 3), '=SUM(A1:A3)'],
    ['=SUM(A2:A3)', deletedSpan(1, 3), '=SUM(#REF!)'],
    ['=A5:A', insertedSpan(0, 2), '=A7:A'],
    ['=B:B+1:2', insertedSpan(0, 1), '=B:B+2:3'],
    ['=A1', movedSpan(0, 1, 3), '=A3'],
    ['=A3', movedSpan(0, 1, 3), '=A2'],
  ])('%s', (formula, map, result) => expect(follow(formula, 'ROWS', map)).toBe(result))

  test('what is inserted and deleted again leaves references as they were', () => {
    fc.assert(
      fc.property(fc.nat(200), fc.nat(20), fc.nat(220), fc.integer({ min: 1, max: 9 }), (start, length, at, count) => {
        const formula = `=SUM(A${start + 1}:C${start + length + 2})`
        expect(follow(follow(formula, 'ROWS', insertedSpan(at, count)), 'ROWS', deletedSpan(at, at + count))).toBe(
          formula,
        )
      }),
    )
  })

  test('a move is a permutation', () => {
    fc.assert(
      fc.property(fc.nat(8), fc.integer({ min: 1, max: 4 }), fc.nat(12), (from, size, destination) => {
        fc.pre(from + size <= 12 && (destination <= from || destination >= from + size))
        const index = movedIndex(from, from + size, destination)
        const places = Array.from({ length: 12 }, (_, at) => index(at))
        expect(places.toSorted((a, b) => a - b)).toEqual(Array.from({ length: 12 }, (_, at) => at))
      }),
    )
  })
})

test('a range of one cell is stored as the cell', () => {
  expect(normalizeFormula('=SUM( B1:B1 ,C1:C2)', 'en_US')).toBe('=SUM( B1 ,C1:C2)')
})
