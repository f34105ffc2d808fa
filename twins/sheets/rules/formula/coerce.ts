import { parseMoment, parseNumber } from '../input.ts'
import { display, isDateFormat } from '../number-format.ts'
import { civil } from '../serial.ts'
import type { Scope } from './scope.ts'
import {
  CellError,
  Fault,
  fault,
  Lambda,
  Matrix,
  NO_ARRAY_VALUE,
  Reference,
  raise,
  type Scalar,
  textOf,
  type Value,
} from './values.ts'

export type Plain = Exclude<Scalar, CellError>

export const isMulti = (value: Value): value is Matrix | Reference =>
  (value instanceof Matrix || value instanceof Reference) && (value.height !== 1 || value.width !== 1)

/** All values of an argument, blanks beyond the used part of a sheet left out. */
export function matrixOf(value: Value): Matrix {
  if (value instanceof Matrix) return value
  if (value instanceof Reference) return value.read()
  return new Matrix([[scalarOnly(value)]])
}

/** As {@link matrixOf}, as large as the range that was named. */
export function fullMatrix(value: Value): Matrix {
  const matrix = matrixOf(value)
  if (!(value instanceof Reference) || (matrix.height === value.height && matrix.width === value.width)) return matrix
  return Matrix.of(value.height, value.width, (row, column) => matrix.at(row, column))
}

const scalarOnly = (value: Exclude<Value, Matrix | Reference>): Scalar =>
  value instanceof Lambda
    ? fault('N_A', 'Function LAMBDA should be followed by a call containing the actual values.')
    : value

/** One value where one is wanted: a range gives the cell that shares the formula's row or column. */
export function scalarOf(value: Value, scope: Scope): Scalar {
  if (value instanceof Matrix) return value.height === 0 ? null : value.at(0, 0)
  if (!(value instanceof Reference)) return scalarOnly(value)
  const { area } = value
  if (value.height === 1 && value.width === 1) return value.read().at(0, 0)
  const row = value.width === 1 && scope.row >= area.top && scope.row < area.bottom ? scope.row : undefined
  const column = value.height === 1 && scope.column >= area.left && scope.column < area.right ? scope.column : undefined
  if (value.sheetId === scope.sheetId || row !== undefined || column !== undefined) {
    if (row !== undefined) return value.read().at(row - area.top, 0)
    if (column !== undefined) return value.read().at(0, column - area.left)
  }
  return NO_ARRAY_VALUE
}

/** The number a text stands for, dates and percentages included. */
export function numberIn(text: string, scope: Scope): number | undefined {
  const { locale, now } = scope.host
  const bare = text.trim()
  return (parseNumber(bare, locale) ?? parseMoment(bare, { locale, year: civil(now).year }))?.value
}

export function toNumber(value: Scalar, scope: Scope, name: string, position: number): number {
  if (typeof value === 'number') return value
  if (value === null) return 0
  if (typeof value === 'boolean') return value ? 1 : 0
  if (value instanceof CellError) throw new Fault(value)
  const number = numberIn(value, scope)
  if (number !== undefined) return number
  return raise(
    'VALUE',
    `Function ${name} parameter ${position} expects number values. But '${value}' is a text and cannot be coerced to a number.`,
  )
}

export function toBoolean(value: Scalar, name: string, position: number): boolean {
  if (typeof value === 'boolean') return value
  if (value === null) return false
  if (typeof value === 'number') return value !== 0
  if (value instanceof CellError) throw new Fault(value)
  if (/^(true|false)$/i.test(value)) return value.toLowerCase() === 'true'
  return raise(
    'VALUE',
    `Function ${name} parameter ${position} expects boolean values. But '${value}' is a text and cannot be coerced to a boolean.`,
  )
}

export function toText(value: Scalar): string {
  if (value instanceof CellError) throw new Fault(value)
  return textOf(value)
}

export function plain(value: Scalar): Plain {
  if (value instanceof CellError) throw new Fault(value)
  return value
}

/** The text of a value as `&` joins it: dates read as they are shown. */
export function shownText(value: Value, scope: Scope, format = formatOf(value, scope)): string {
  const scalar = plain(scalarOf(value, scope))
  return typeof scalar === 'number' && isDateFormat(format)
    ? display(scalar, format, scope.host.locale)
    : textOf(scalar)
}

const formatOf = (value: Value, { host }: Scope) =>
  value instanceof Reference ? host.format(value.sheetId, value.area.top, value.area.left) : undefined
