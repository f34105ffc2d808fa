/** Rows and columns of a rectangle: zero-based, end exclusive. */
export interface Area {
  readonly top: number
  readonly left: number
  readonly bottom: number
  readonly right: number
}

/** Column letters of a zero-based index: 0 → A, 26 → AA. */
export function columnName(index: number): string {
  let name = ''
  for (let rest = index + 1; rest > 0; rest = Math.floor((rest - 1) / 26)) {
    name = String.fromCharCode(65 + ((rest - 1) % 26)) + name
  }
  return name
}

/** Zero-based index of column letters, in either case. */
export function columnIndex(name: string): number {
  let index = 0
  for (const letter of name.toUpperCase()) index = index * 26 + letter.charCodeAt(0) - 64
  return index - 1
}

export const cellName = (row: number, column: number) => `${columnName(column)}${row + 1}`

/** `A1:B2`, or `A1` for a single cell. */
export function areaName({ top, left, bottom, right }: Area): string {
  const first = cellName(top, left)
  return bottom - top === 1 && right - left === 1 ? first : `${first}:${cellName(bottom - 1, right - 1)}`
}

export const contains = (area: Area, row: number, column: number) =>
  row >= area.top && row < area.bottom && column >= area.left && column < area.right

export const covers = (outer: Area, inner: Area) =>
  inner.top >= outer.top && inner.bottom <= outer.bottom && inner.left >= outer.left && inner.right <= outer.right

export const overlaps = (a: Area, b: Area) =>
  a.top < b.bottom && b.top < a.bottom && a.left < b.right && b.left < a.right

/** The common part, or `undefined`. */
export function intersection(a: Area, b: Area): Area | undefined {
  return overlaps(a, b)
    ? {
        top: Math.max(a.top, b.top),
        left: Math.max(a.left, b.left),
        bottom: Math.min(a.bottom, b.bottom),
        right: Math.min(a.right, b.right),
      }
    : undefined
}

export const single = (row: number, column: number): Area => ({
  top: row,
  left: column,
  bottom: row + 1,
  right: column + 1,
})
