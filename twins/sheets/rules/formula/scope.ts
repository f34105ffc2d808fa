import type { NumberFormat } from '../../model.ts'
import type { Area } from '../address.ts'
import type { Locale } from '../locale.ts'
import type { CellError, Matrix, Value } from './values.ts'

/** What formulas see of the workbook they stand in. */
export interface Host {
  readonly locale: Locale
  readonly localeName: string
  /** Now, as a serial number in the spreadsheet's time zone: the instant of the last change. */
  readonly now: number
  /** Chance of the last change: the same formula at the same place draws the same numbers until the next one. */
  random(): number
  sheetId(title: string): number | undefined
  sheetTitle(sheetId: number): string
  size(sheetId: number): { readonly rows: number; readonly columns: number } | undefined
  /** Values of an area; rows and columns past the used part of the sheet are cut off. */
  read(sheetId: number, area: Area): Matrix
  /** Number format a cell's value is shown with. */
  format(sheetId: number, row: number, column: number): NumberFormat | undefined
  formula(sheetId: number, row: number, column: number): string | undefined
  named(name: string): { readonly sheetId: number; readonly area: Area } | CellError | undefined
  table(
    name: string,
    part: string,
    row: number,
  ): { readonly sheetId: number; readonly area: Area } | CellError | undefined
  /** Rows a filter or a user hides, for SUBTOTAL. */
  hidden(sheetId: number, row: number): 'filter' | 'user' | undefined
  /** Another spreadsheet of the same store. */
  importRange(spreadsheet: string, range: string): Matrix | CellError
}

/** Where and how an expression is evaluated. */
export interface Scope {
  readonly host: Host
  readonly sheetId: number
  readonly row: number
  readonly column: number
  /** Inside ARRAYFORMULA and its like: operators and functions work on every element of a range. */
  readonly array: boolean
  /** Names bound by LET and LAMBDA, in upper case. */
  readonly variables?: ReadonlyMap<string, Value>
}
