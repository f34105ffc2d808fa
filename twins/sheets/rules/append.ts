import type { Area } from './address.ts'

/** Whether a cell holds anything. */
export type Occupied = (row: number, column: number) => boolean

/**
 * The table that an append goes to: the block of filled cells, bounded by blank rows and columns, around the last
 * filled cell of the searched range. `undefined` when the range is blank, whatever lies beside it.
 */
export function findTable(
  range: Area,
  size: { readonly rows: number; readonly columns: number },
  occupied: Occupied,
): Area | undefined {
  const bottom = Math.min(range.bottom, size.rows)
  const right = Math.min(range.right, size.columns)
  for (let row = bottom - 1; row >= range.top; row--) {
    for (let column = right - 1; column >= range.left; column--) {
      if (occupied(row, column)) return blockAround(row, column, size, occupied)
    }
  }
  return undefined
}

function blockAround(
  row: number,
  column: number,
  size: { readonly rows: number; readonly columns: number },
  occupied: Occupied,
): Area {
  let [top, left, bottom, right] = [row, column, row + 1, column + 1]
  const rowFilled = (at: number) => {
    if (at < 0 || at >= size.rows) return false
    for (let c = Math.max(0, left - 1); c <= Math.min(size.columns - 1, right); c++) if (occupied(at, c)) return true
    return false
  }
  const columnFilled = (at: number) => {
    if (at < 0 || at >= size.columns) return false
    for (let r = Math.max(0, top - 1); r <= Math.min(size.rows - 1, bottom); r++) if (occupied(r, at)) return true
    return false
  }
  for (;;) {
    if (rowFilled(top - 1)) top--
    else if (rowFilled(bottom)) bottom++
    else if (columnFilled(left - 1)) left--
    else if (columnFilled(right)) right++
    else return { top, left, bottom, right }
  }
}
