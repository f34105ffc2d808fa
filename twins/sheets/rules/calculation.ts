import type { Cell, CellRow, NamedRange, NumberFormat, SheetTable } from '../model.ts'
import { type Area, cellName } from './address.ts'
import { fullMatrix, scalarOf } from './formula/coerce.ts'
import { evaluate } from './formula/evaluate.ts'
import './formula/functions/index.ts'
import { parseFormula } from './formula/parser.ts'
import { resultFormat } from './formula/result-format.ts'
import type { Host, Scope } from './formula/scope.ts'
import { maySpill } from './formula/spill.ts'
import {
  CellError,
  CIRCULAR,
  fault,
  Matrix,
  PARSE_ERROR,
  Reference,
  type Scalar,
  textOf,
  type Value,
} from './formula/values.ts'
import { type Locale, localeOf } from './locale.ts'
import { pivotMatrix } from './pivot.ts'
import { areaOf } from './ranges.ts'

/** A sheet as formulas see it. */
export interface SheetView {
  readonly sheetId: number
  readonly title: string
  readonly rowCount: number
  readonly columnCount: number
  readonly rows: readonly (CellRow | null)[]
  readonly tables: readonly SheetTable[]
  readonly hidden: (row: number) => 'filter' | 'user' | undefined
}

/** A spreadsheet as formulas see it. */
export interface BookView {
  readonly localeName: string
  readonly sheets: readonly SheetView[]
  readonly namedRanges: readonly NamedRange[]
  /** Serial number of NOW(). */
  readonly now: number
  readonly seed: number
  readonly importRange: (spreadsheet: string, range: string) => Matrix | CellError
}

/** What a cell shows before it is formatted. */
export interface Result {
  readonly value: Scalar
  /** Format that a formula's result inherits. */
  readonly format?: NumberFormat
  /** Filled by another cell's formula or pivot table. */
  readonly spilled?: boolean
}

const BLANK: Result = { value: null }
/** Columns of the largest sheet, so that a cell has one number. */
const STRIDE = 18_278
const keyOf = (row: number, column: number) => row * STRIDE + column

interface Anchor {
  readonly row: number
  readonly column: number
}

interface SheetState {
  readonly view: SheetView
  readonly results: Map<number, Result>
  readonly spills: Map<number, Result>
  readonly running: Set<number>
  /** Formulas that may fill further cells and have not been evaluated yet. */
  readonly pending: Map<number, Anchor>
  usedRows: number
  usedColumns: number
}

/**
 * Values of a workbook's cells, computed when they are asked for and kept. Results are a function of what is stored,
 * so nothing computed is ever stored: a calculation belongs to one state of the spreadsheet and dies with it.
 */
export class Calculation implements Host {
  readonly locale: Locale
  readonly localeName: string
  readonly now: number
  readonly importRange: (spreadsheet: string, range: string) => Matrix | CellError
  readonly #states = new Map<number, SheetState>()
  readonly #book: BookView
  #chance: number

  constructor(book: BookView) {
    this.#book = book
    this.localeName = book.localeName
    this.locale = localeOf(book.localeName)
    this.now = book.now
    this.importRange = book.importRange
    this.#chance = book.seed
  }

  /** A linear congruential step is chance enough for RAND(): reproducible, and new after every change. */
  random(): number {
    this.#chance = (Math.imul(this.#chance, 1_664_525) + 1_013_904_223) >>> 0
    return this.#chance / 0x1_0000_0000
  }

  /** The value of a cell, with the format its formula gives it. */
  result(sheetId: number, row: number, column: number): Result {
    const state = this.#state(sheetId)
    return state ? this.#result(state, row, column) : BLANK
  }

  sheetId(title: string): number | undefined {
    const { sheets } = this.#book
    const lower = title.toLowerCase()
    return (
      sheets.find((sheet) => sheet.title === title) ?? sheets.find((sheet) => sheet.title.toLowerCase() === lower)
    )?.sheetId
  }

  sheetTitle(sheetId: number): string {
    return this.#book.sheets.find((sheet) => sheet.sheetId === sheetId)?.title ?? ''
  }

  size(sheetId: number): { rows: number; columns: number } | undefined {
    const view = this.#book.sheets.find((sheet) => sheet.sheetId === sheetId)
    return view && { rows: view.rowCount, columns: view.columnCount }
  }

  read(sheetId: number, area: Area): Matrix {
    const state = this.#state(sheetId)
    if (!state) return new Matrix([[null]])
    this.#fill(state, area)
    const bottom = Math.max(area.top + 1, Math.min(area.bottom, state.usedRows))
    const right = Math.max(area.left + 1, Math.min(area.right, state.usedColumns))
    return Matrix.of(
      bottom - area.top,
      right - area.left,
      (row, column) => this.#result(state, area.top + row, area.left + column).value,
    )
  }

  format(sheetId: number, row: number, column: number): NumberFormat | undefined {
    const cell = this.#cell(sheetId, row, column)
    return (
      cell?.userEnteredFormat?.numberFormat ??
      (cell?.userEnteredValue?.formulaValue !== undefined || !cell
        ? this.result(sheetId, row, column).format
        : undefined)
    )
  }

  formula(sheetId: number, row: number, column: number): string | undefined {
    return this.#cell(sheetId, row, column)?.userEnteredValue?.formulaValue
  }

  named(name: string): { sheetId: number; area: Area } | CellError | undefined {
    const lower = name.toLowerCase()
    const found = this.#book.namedRanges.find((range) => range.name.toLowerCase() === lower)
    if (found) return this.#located(found.range)
    const table = this.#tables().find((other) => other.name.toLowerCase() === lower)
    return table && this.table(table.name, '', 0)
  }

  table(name: string, part: string, row: number): { sheetId: number; area: Area } | CellError | undefined {
    const table = this.#tables().find((other) => other.name.toLowerCase() === name.toLowerCase())
    const place = table && this.#located(table.range)
    if (!table || !place || place instanceof CellError) return place
    const { sheetId, area } = place
    const body = { ...area, top: area.top + 1 }
    const parts = part.split(',').map((text) => text.trim().replace(/^\[|\]$/g, ''))
    let result: Area = body
    for (const text of parts) {
      if (text === '' || /^#data$/i.test(text)) continue
      if (/^#all$/i.test(text)) result = { ...result, top: area.top, bottom: area.bottom }
      else if (/^#headers$/i.test(text)) result = { ...result, top: area.top, bottom: area.top + 1 }
      else {
        const column = text.replace(/^@/, '')
        const at =
          table.columnProperties?.findIndex((other) => other.columnName?.toLowerCase() === column.toLowerCase()) ?? -1
        if (at < 0) return fault('REF', `Unknown column '${column}'.`)
        result = { ...result, left: area.left + at, right: area.left + at + 1 }
        if (text.startsWith('@')) result = { ...result, top: row, bottom: row + 1 }
      }
    }
    return { sheetId, area: result }
  }

  hidden(sheetId: number, row: number): 'filter' | 'user' | undefined {
    return this.#state(sheetId)?.view.hidden(row)
  }

  /** Evaluates a formula as if it stood in a cell: conditions of formats and validations. */
  evaluateAt(formula: string, sheetId: number, row: number, column: number): Scalar {
    const node = parseFormula(formula, this.localeName)
    if (!node) return PARSE_ERROR
    const scope: Scope = { host: this, sheetId, row, column, array: false }
    return scalarOf(evaluate(node, scope), scope)
  }

  /** The address a HYPERLINK formula points to. */
  hyperlink(formula: string, sheetId: number, row: number, column: number): string | undefined {
    const node = parseFormula(formula, this.localeName)
    const target = node?.kind === 'call' && node.name === 'HYPERLINK' ? node.args[0] : undefined
    if (!target) return undefined
    const scope: Scope = { host: this, sheetId, row, column, array: false }
    const value = scalarOf(evaluate(target, scope), scope)
    return value === null || value instanceof CellError ? undefined : textOf(value)
  }

  /** Rows and columns that hold anything, computed cells included. */
  used(sheetId: number): { rows: number; columns: number } {
    const state = this.#state(sheetId)
    if (!state) return { rows: 0, columns: 0 }
    this.#fill(state, { top: 0, left: 0, bottom: state.view.rowCount, right: state.view.columnCount })
    return { rows: state.usedRows, columns: state.usedColumns }
  }

  #tables(): SheetTable[] {
    return this.#book.sheets.flatMap((sheet) => sheet.tables)
  }

  #located(range: NamedRange['range']): { sheetId: number; area: Area } | CellError {
    const sheetId = range.sheetId ?? 0
    const size = this.size(sheetId)
    return size ? { sheetId, area: areaOf(range, size.rows, size.columns) } : fault('REF', 'Reference does not exist.')
  }

  #cell(sheetId: number, row: number, column: number): Cell | undefined {
    return this.#book.sheets.find((sheet) => sheet.sheetId === sheetId)?.rows[row]?.[column] ?? undefined
  }

  #state(sheetId: number): SheetState | undefined {
    let state = this.#states.get(sheetId)
    if (state) return state
    const view = this.#book.sheets.find((sheet) => sheet.sheetId === sheetId)
    if (!view) return undefined
    const pending = new Map<number, Anchor>()
    let usedColumns = 0
    view.rows.forEach((cells, row) => {
      if (!cells) return
      usedColumns = Math.max(usedColumns, cells.length)
      for (const column of anchorsOf(cells, this.localeName)) pending.set(keyOf(row, column), { row, column })
    })
    state = {
      view,
      results: new Map(),
      spills: new Map(),
      running: new Set(),
      pending,
      usedRows: view.rows.length,
      usedColumns,
    }
    this.#states.set(sheetId, state)
    return state
  }

  /** Evaluates the formulas that could spill into an area: those above and to the left of its last cell. */
  #fill(state: SheetState, area: Area): void {
    if (state.pending.size === 0) return
    for (const [key, { row, column }] of state.pending) {
      if (row >= area.bottom || column >= area.right || state.running.has(key)) continue
      this.#result(state, row, column)
    }
  }

  #result(state: SheetState, row: number, column: number): Result {
    const key = keyOf(row, column)
    const known = state.results.get(key)
    if (known) return known
    const cell = state.view.rows[row]?.[column]
    const entered = cell?.userEnteredValue
    if (entered?.formulaValue !== undefined || cell?.pivotTable) return this.#computed(state, row, column, cell as Cell)
    if (entered) {
      const result = { value: literal(entered) }
      state.results.set(key, result)
      return result
    }
    const spilled = state.spills.get(key)
    if (spilled || state.pending.size === 0) return spilled ?? BLANK
    this.#fill(state, { top: row, left: column, bottom: row + 1, right: column + 1 })
    return state.spills.get(key) ?? BLANK
  }

  #computed(state: SheetState, row: number, column: number, cell: Cell): Result {
    const key = keyOf(row, column)
    if (state.running.has(key)) return { value: CIRCULAR }
    state.running.add(key)
    try {
      const result = cell.pivotTable ? this.#pivot(state, row, column, cell) : this.#formula(state, row, column, cell)
      state.results.set(key, result)
      return result
    } finally {
      state.running.delete(key)
      state.pending.delete(key)
    }
  }

  #pivot(state: SheetState, row: number, column: number, cell: Cell): Result {
    if (!cell.pivotTable) return BLANK
    return { value: this.#spread(state, row, column, pivotMatrix(cell.pivotTable, this), undefined) }
  }

  #formula(state: SheetState, row: number, column: number, cell: Cell): Result {
    const node = parseFormula(cell.userEnteredValue?.formulaValue as string, this.localeName)
    if (!node) return { value: PARSE_ERROR }
    const scope: Scope = { host: this, sheetId: state.view.sheetId, row, column, array: false }
    const value = evaluate(node, scope)
    const format = resultFormat(node, scope)
    const spreads =
      value instanceof Matrix || (value instanceof Reference && node.kind !== 'reference' && node.kind !== 'name')
    const scalar = spreads
      ? this.#spread(state, row, column, fullMatrix(value as Value), format)
      : scalarOf(value, scope)
    return format && typeof scalar === 'number' ? { value: scalar, format } : { value: scalar }
  }

  /** Lays a table out from its cell, unless something is in the way. */
  #spread(state: SheetState, row: number, column: number, matrix: Matrix, format: NumberFormat | undefined): Scalar {
    const { rowCount, columnCount, rows } = state.view
    const [bottom, right] = [row + matrix.height, column + matrix.width]
    if (right > columnCount)
      return fault('REF', `Result was not automatically expanded, please insert more columns (${right - columnCount}).`)
    if (bottom > rowCount)
      return fault('REF', `Result was not automatically expanded, please insert more rows (${bottom - rowCount}).`)
    for (let r = row; r < bottom; r++) {
      for (let c = column; c < right; c++) {
        if (r === row && c === column) continue
        const other = rows[r]?.[c]
        if (other?.userEnteredValue || other?.pivotTable || state.spills.has(keyOf(r, c)))
          return fault('REF', `Array result was not expanded because it would overwrite data in ${cellName(r, c)}.`)
      }
    }
    for (let r = row; r < bottom; r++) {
      for (let c = column; c < right; c++) {
        if (r === row && c === column) continue
        const value = matrix.at(r - row, c - column)
        state.spills.set(keyOf(r, c), { value, spilled: true, ...(format && typeof value === 'number' && { format }) })
      }
    }
    state.usedRows = Math.max(state.usedRows, bottom)
    state.usedColumns = Math.max(state.usedColumns, right)
    return matrix.at(0, 0)
  }
}

function literal(value: NonNullable<Cell['userEnteredValue']>): Scalar {
  return value.numberValue ?? value.stringValue ?? value.boolValue ?? null
}

/** Columns of a row whose formulas may spill. Rows are immutable, so each is looked through once. */
const anchorCache = new WeakMap<CellRow, readonly number[]>()
function anchorsOf(cells: CellRow, localeName: string): readonly number[] {
  let columns = anchorCache.get(cells)
  if (!columns) {
    columns = cells.flatMap((cell, column) => {
      if (cell?.pivotTable) return [column]
      const formula = cell?.userEnteredValue?.formulaValue
      const node = formula === undefined ? null : parseFormula(formula, localeName)
      return node && maySpill(node) ? [column] : []
    })
    anchorCache.set(cells, columns)
  }
  return columns
}
