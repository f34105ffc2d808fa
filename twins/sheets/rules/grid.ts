import type { Cell, CellRow } from '../model.ts'
import type { Area } from './address.ts'

/** The cells of a sheet while a call works on it. Rows are shared with the store until one is written. */
export class Grid {
  #rows: (CellRow | null)[]
  #shared: boolean

  constructor(rows: readonly (CellRow | null)[] = [], shared = true) {
    this.#rows = rows as (CellRow | null)[] // copied before the first write
    this.#shared = shared
  }

  /** Rows up to the last one that has cells. The list stays as it is: a later write makes a new one. */
  get rows(): readonly (CellRow | null)[] {
    this.#shared = true
    return this.#rows
  }

  get(row: number, column: number): Cell | undefined {
    return this.#rows[row]?.[column] ?? undefined
  }

  set(row: number, column: number, cell: Cell | undefined): void {
    const empty = cell === undefined || Object.keys(cell).length === 0
    const before = this.#rows[row]
    if (empty && (before?.[column] ?? null) === null) return
    const after = before ? before.slice() : []
    while (after.length <= column) after.push(null)
    after[column] = empty ? null : (cell as Cell)
    this.replace(row, after)
  }

  /** Puts a whole row, blanks at its end cut off. */
  replace(row: number, cells: CellRow | null): void {
    this.#own()
    const last = cells ? cells.findLastIndex((cell) => cell !== null) : -1
    while (this.#rows.length <= row) this.#rows.push(null)
    this.#rows[row] = cells && last >= 0 ? (last === cells.length - 1 ? cells : cells.slice(0, last + 1)) : null
    this.#trim()
  }

  /** Replaces `remove` rows from `at` by `rows`. */
  splice(at: number, remove: number, rows: readonly (CellRow | null)[]): void {
    this.#own()
    if (rows.some((row) => row !== null)) while (this.#rows.length < at) this.#rows.push(null)
    this.#rows.splice(at, remove, ...rows)
    this.#trim()
  }

  /** Replaces every row by what `change` makes of it. */
  mapRows(change: (cells: CellRow, row: number) => CellRow | null): void {
    this.#own()
    this.#rows.forEach((cells, row) => {
      if (!cells) return
      const after = change(cells, row)
      if (after !== cells) this.replace(row, after)
    })
    this.#trim()
  }

  /** Cells that exist, in an area or everywhere, row by row. */
  *cells(area?: Area): Generator<[row: number, column: number, cell: Cell]> {
    const bottom = Math.min(area?.bottom ?? this.#rows.length, this.#rows.length)
    for (let row = area?.top ?? 0; row < bottom; row++) {
      const cells = this.#rows[row]
      if (!cells) continue
      const right = Math.min(area?.right ?? cells.length, cells.length)
      for (let column = area?.left ?? 0; column < right; column++) {
        const cell = cells[column]
        if (cell) yield [row, column, cell]
      }
    }
  }

  /** Changes every cell of an area, those that do not exist included. */
  update(area: Area, change: (cell: Cell, row: number, column: number) => Cell | undefined): void {
    for (let row = area.top; row < area.bottom; row++) {
      const before = this.#rows[row]
      const after = before ? before.slice() : []
      let changed = false
      for (let column = area.left; column < area.right; column++) {
        const cell = after[column] ?? EMPTY
        const next = change(cell, row, column)
        if (next === cell) continue
        while (after.length <= column) after.push(null)
        after[column] = next && Object.keys(next).length > 0 ? next : null
        changed = true
      }
      if (changed) this.replace(row, after)
    }
  }

  #own(): void {
    if (!this.#shared) return
    this.#rows = this.#rows.slice()
    this.#shared = false
  }

  #trim(): void {
    while (this.#rows.length > 0 && this.#rows.at(-1) === null) this.#rows.pop()
  }
}

const EMPTY: Cell = {}
