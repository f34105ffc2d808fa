import type { Moment } from '../../shared/kernel/twin.ts'
import type { CellRow, DeveloperMetadata, NamedRange, SheetProperties, SpreadsheetProperties } from './model.ts'
import { findRange } from './resolve.ts'
import { type Area, contains } from './rules/address.ts'
import { Calculation, type SheetView } from './rules/calculation.ts'
import { hiddenByFilter } from './rules/filter.ts'
import { CellError, type Matrix } from './rules/formula/values.ts'
import { Grid } from './rules/grid.ts'
import { areaOf } from './rules/ranges.ts'
import { serialOfInstant } from './rules/serial.ts'
import { CHUNK_ROWS, type ChunkRow, type SheetRow, type SheetsTables, type SpreadsheetRow, sheetKey } from './tables.ts'

export type SheetsMoment = Moment<SheetsTables>

type Mutable<T> = { -readonly [K in keyof T]: T[K] }

/** A sheet while a call works on it: its row, open to change, and its cells. */
export class Sheet {
  readonly row: Mutable<SheetRow>
  readonly grid: Grid
  readonly stored: SheetRow | undefined
  readonly storedRows: readonly (CellRow | null)[]

  constructor(row: SheetRow, rows: readonly (CellRow | null)[] = [], stored?: SheetRow) {
    this.row = { ...row }
    this.stored = stored
    this.storedRows = stored ? rows : []
    this.grid = new Grid(rows)
  }

  get id(): number {
    return this.row.properties.sheetId
  }
  get title(): string {
    return this.row.properties.title
  }
  get rowCount(): number {
    return this.row.properties.gridProperties?.rowCount ?? 0
  }
  get columnCount(): number {
    return this.row.properties.gridProperties?.columnCount ?? 0
  }
  get isGrid(): boolean {
    return this.row.properties.gridProperties !== undefined
  }
  /** The whole grid. */
  get area(): Area {
    return { top: 0, left: 0, bottom: this.rowCount, right: this.columnCount }
  }

  resize(rowCount: number, columnCount: number): void {
    const gridProperties = { ...this.row.properties.gridProperties, rowCount, columnCount }
    this.setProperties({ ...this.row.properties, gridProperties })
  }

  setProperties(properties: SheetProperties): void {
    this.row.properties = properties
  }

  /** The merge a cell belongs to. */
  mergeAt(row: number, column: number): Area | undefined {
    for (const range of this.row.merges) {
      const area = areaOf(range, this.rowCount, this.columnCount)
      if (contains(area, row, column)) return area
    }
    return undefined
  }
}

const calculations = new WeakMap<SpreadsheetRow, Calculation>()

/** A spreadsheet while a call works on it. Changes reach the tables with {@link save}. */
export class Workbook {
  readonly id: string
  properties: Omit<SpreadsheetProperties, 'title'>
  namedRanges: readonly NamedRange[]
  developerMetadata: readonly DeveloperMetadata[]
  sheets: Sheet[]
  readonly #moment: SheetsMoment
  readonly #stored: SpreadsheetRow | undefined
  #removed: Sheet[] = []
  #dirty = false
  #calculation: Calculation | undefined

  constructor(moment: SheetsMoment, row: SpreadsheetRow, sheets: Sheet[], stored: boolean) {
    this.#moment = moment
    this.#stored = stored ? row : undefined
    this.id = row.id
    this.properties = row.properties
    this.namedRanges = row.namedRanges
    this.developerMetadata = row.developerMetadata
    this.sheets = sheets
  }

  /** The spreadsheet of a file id, if the file has one. */
  static open(moment: SheetsMoment, id: string): Workbook | undefined {
    const { tables } = moment
    const row = tables.spreadsheets.get(id)
    if (!row) return undefined
    const sheets = tables.sheets
      .where('spreadsheet', id)
      .map((sheet) => new Sheet(sheet, loadRows(moment, sheet), sheet))
    return new Workbook(moment, row, sheets, true)
  }

  get title(): string {
    return this.#moment.tables.files.get(this.id)?.name ?? ''
  }

  sheet(id: number): Sheet | undefined {
    return this.sheets.find((sheet) => sheet.id === id)
  }

  titled(title: string): Sheet | undefined {
    const lower = title.toLowerCase()
    return (
      this.sheets.find((sheet) => sheet.title === title) ??
      this.sheets.find((sheet) => sheet.title.toLowerCase() === lower)
    )
  }

  /** Says that something changed: values are computed anew when next asked for. */
  changed(): void {
    this.#dirty = true
    this.#calculation = undefined
  }

  insertSheet(sheet: Sheet, index = this.sheets.length): void {
    this.sheets.splice(index, 0, sheet)
    this.renumber()
  }

  removeSheet(sheet: Sheet): void {
    this.sheets = this.sheets.filter((other) => other !== sheet)
    if (sheet.stored) this.#removed.push(sheet)
    this.renumber()
  }

  renumber(): void {
    this.sheets.forEach((sheet, index) => {
      if (sheet.row.properties.index !== index) sheet.setProperties({ ...sheet.row.properties, index })
    })
    this.changed()
  }

  /** An id no sheet, chart or range of this spreadsheet has. */
  newId(taken: (id: number) => boolean): number {
    for (;;) {
      const id = this.#moment.random.integer(2 ** 31)
      if (id > 0 && !taken(id)) return id
    }
  }

  /** Values of the cells. An unchanged spreadsheet keeps them from one call to the next. */
  get values(): Calculation {
    const stored = this.#dirty ? undefined : this.#stored
    this.#calculation ??= stored && calculations.get(stored)
    if (!this.#calculation) {
      this.#calculation = this.#calculate(stored)
      if (stored) calculations.set(stored, this.#calculation)
    }
    return this.#calculation
  }

  #calculate(stored: SpreadsheetRow | undefined): Calculation {
    const calculation: Calculation = new Calculation({
      localeName: this.properties.locale,
      sheets: this.sheets.map((sheet) => viewOf(sheet, () => calculation)),
      namedRanges: this.namedRanges,
      now: serialOfInstant(stored?.changedAt ?? this.#moment.now, this.properties.timeZone),
      seed: this.#stored?.chance ?? 1,
      importRange: (spreadsheet, range) => {
        // What another spreadsheet holds can change without this one's row changing: nothing is kept.
        if (stored) calculations.delete(stored)
        return importRange(this.#moment, spreadsheet, range)
      },
    })
    return calculation
  }

  /** Writes what changed to the tables. */
  save(): void {
    const { tables, now, random } = this.#moment
    for (const sheet of this.#removed) {
      tables.sheets.remove(sheetKey(this.id, sheet.id))
      removeChunks(this.#moment, this.id, sheet.id)
    }
    for (const sheet of this.sheets) {
      if (!sheet.stored || changedFields(sheet.stored, sheet.row))
        tables.sheets.put({ ...sheet.row, spreadsheetId: this.id })
      saveRows(this.#moment, this.id, sheet)
    }
    tables.spreadsheets.put({
      id: this.id,
      properties: this.properties,
      namedRanges: this.namedRanges,
      developerMetadata: this.developerMetadata,
      changedAt: now,
      chance: random.integer(2 ** 32),
    })
  }
}

/** A sheet as formulas see it. Filters are worked out when a formula asks for hidden rows. */
function viewOf(sheet: Sheet, values: () => Calculation): SheetView {
  const { rows } = sheet.row
  return {
    sheetId: sheet.id,
    title: sheet.title,
    rowCount: sheet.rowCount,
    columnCount: sheet.columnCount,
    rows: sheet.grid.rows,
    tables: sheet.row.tables,
    hidden: lazily(() => {
      const filtered = hiddenByFilter(sheet.row, values())
      return (row) => (filtered.has(row) ? 'filter' : rows[row]?.hiddenByUser ? 'user' : undefined)
    }),
  }
}

function lazily<A, R>(make: () => (argument: A) => R): (argument: A) => R {
  let made: ((argument: A) => R) | undefined
  return (argument) => {
    made ??= make()
    return made(argument)
  }
}

const changedFields = (before: SheetRow, after: SheetRow) =>
  (Object.keys(after) as (keyof SheetRow)[]).some((key) => before[key] !== after[key]) ||
  Object.keys(before).length !== Object.keys(after).length

function loadRows({ tables }: SheetsMoment, { spreadsheetId, properties }: SheetRow): (CellRow | null)[] {
  const rows: (CellRow | null)[] = []
  for (const chunk of tables.chunks.where('sheet', sheetKey(spreadsheetId, properties.sheetId))) {
    while (rows.length < chunk.index * CHUNK_ROWS) rows.push(null)
    rows.push(...chunk.rows)
  }
  return rows
}

function saveRows({ tables }: SheetsMoment, spreadsheetId: string, sheet: Sheet): void {
  const { rows } = sheet.grid
  const before = sheet.storedRows
  if (rows === before) return
  const count = Math.ceil(Math.max(rows.length, before.length) / CHUNK_ROWS)
  for (let index = 0; index < count; index++) {
    const start = index * CHUNK_ROWS
    const part = rows.slice(start, start + CHUNK_ROWS)
    const old = before.slice(start, start + CHUNK_ROWS)
    if (part.length === old.length && part.every((row, at) => row === old[at])) continue
    const chunk: ChunkRow = { spreadsheetId, sheetId: sheet.id, index, rows: part }
    if (part.some((row) => row !== null)) tables.chunks.put(chunk)
    else tables.chunks.remove(`${sheetKey(spreadsheetId, sheet.id)}/${index}`)
  }
}

function removeChunks({ tables }: SheetsMoment, spreadsheetId: string, sheetId: number): void {
  const key = sheetKey(spreadsheetId, sheetId)
  for (const { index } of tables.chunks.where('sheet', key)) tables.chunks.remove(`${key}/${index}`)
}

/** Removes a spreadsheet's rows: its file is gone. */
export function removeWorkbook(moment: SheetsMoment, id: string): void {
  for (const { properties } of moment.tables.sheets.where('spreadsheet', id)) {
    removeChunks(moment, id, properties.sheetId)
    moment.tables.sheets.remove(sheetKey(id, properties.sheetId))
  }
  moment.tables.spreadsheets.remove(id)
}

/** IMPORTRANGE: sheets of one universe are connected without asking. */
function importRange(moment: SheetsMoment, spreadsheet: string, range: string): Matrix | CellError {
  const id = /\/d\/([\w-]+)/.exec(spreadsheet)?.[1] ?? spreadsheet
  const book = Workbook.open(moment, id)
  if (!book) return new CellError('REF', 'Spreadsheet cannot be found.')
  const found = findRange(book, range)
  if (!found) return new CellError('REF', 'Cannot find range or sheet for imported range.')
  return book.values.read(found.sheet.id, found.area)
}
