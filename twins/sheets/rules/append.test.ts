import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { parseCells, within } from './a1.ts'
import { areaName } from './address.ts'
import { findTable } from './append.ts'

/** The table an append to `range` finds in rows of x and blanks. */
function table(rows: readonly string[], range: string) {
  const size = { rows: rows.length, columns: Math.max(...rows.map((row) => row.length)) }
  const area = within(parseCells(range) ?? {}, 100, 26)
  const found = findTable(area, size, (row, column) => rows[row]?.[column] === 'x')
  return found && areaName(found)
}

describe('the table an append finds', () => {
  test.each([
    ['a blank column parts two tables, the last one wins', ['x.x'], 'A1:Z100', 'C1'],
    ['a single cell picks its own', ['x.x'], 'A1', 'A1'],
    ['rows below', ['xx', 'xx'], 'A1', 'A1:B2'],
    ['a gap in one column does not part it', ['xxx', 'x.x', 'xxx'], 'A1', 'A1:C3'],
    ['cells that touch by a corner', ['x.', '.x'], 'A1', 'A1:B2'],
    ['it may start left and end right of the range', ['....', '.xxx', '.xxx'], 'A1:C', 'B2:D3'],
    ['a blank target finds none, whatever lies beside it', ['xx', '..', 'xx'], 'A2', undefined],
    ['the last of two tables', ['xx', '..', 'xx'], 'A:B', 'A3:B3'],
  ] as const)('%s', (_, rows, range, expected) => expect(table(rows, range)).toBe(expected))

  test('its edge is blank all round', () => {
    const grid = fc.array(fc.stringMatching(/^[x.]{6}$/), { minLength: 1, maxLength: 6 })
    fc.assert(
      fc.property(grid, (rows) => {
        const filled = (row: number, column: number) => rows[row]?.[column] === 'x'
        const found = findTable({ top: 0, left: 0, bottom: 10, right: 10 }, { rows: rows.length, columns: 6 }, filled)
        if (!found) {
          expect(rows.join('')).not.toContain('x')
          return
        }
        for (let row = found.top - 1; row <= found.bottom; row++) {
          for (let column = found.left - 1; column <= found.right; column++) {
            const inside = row >= found.top && row < found.bottom && column >= found.left && column < found.right
            if (!inside) expect(filled(row, column)).toBe(false)
          }
        }
      }),
    )
  })
})
