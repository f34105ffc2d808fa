import type { Area } from '../address.ts'
import type { Node } from './parser.ts'

/** Error types of the API and how a cell shows them. */
export const ERROR_CODES = {
  ERROR: '#ERROR!',
  NULL_VALUE: '#NULL!',
  DIVIDE_BY_ZERO: '#DIV/0!',
  VALUE: '#VALUE!',
  REF: '#REF!',
  NAME: '#NAME?',
  NUM: '#NUM!',
  N_A: '#N/A',
  LOADING: 'Loading...',
} as const

export type ErrorType = keyof typeof ERROR_CODES

/** An error as a value: it spreads through whatever uses it. */
export class CellError {
  readonly type: ErrorType
  readonly message: string
  constructor(type: ErrorType, message = '') {
    this.type = type
    this.message = message
  }
  get code(): string {
    return ERROR_CODES[this.type]
  }
}

export const fault = (type: ErrorType, message?: string) => new CellError(type, message)
export const PARSE_ERROR = fault('ERROR', 'Formula parse error.')
export const CIRCULAR = fault(
  'REF',
  'Circular dependency detected. To resolve with iterative calculation, see File > Settings.',
)
export const MISSING_REFERENCE = fault('REF', 'Reference does not exist.')
export const NO_ARRAY_VALUE = fault('VALUE', 'An array value could not be found.')

/** What a cell can hold. `null` is blank. */
export type Scalar = number | string | boolean | null | CellError

/** A table of values: the result of a function, a literal, or the cells a reference names. */
export class Matrix {
  readonly rows: readonly (readonly Scalar[])[]
  constructor(rows: readonly (readonly Scalar[])[]) {
    this.rows = rows
  }
  get height(): number {
    return this.rows.length
  }
  get width(): number {
    return this.rows[0]?.length ?? 0
  }
  at(row: number, column: number): Scalar {
    return this.rows[row]?.[column] ?? null
  }
  flat(): Scalar[] {
    return this.rows.flat()
  }
  static column(values: readonly Scalar[]): Matrix {
    return new Matrix(values.map((value) => [value]))
  }
  static of(height: number, width: number, value: (row: number, column: number) => Scalar): Matrix {
    return new Matrix(
      Array.from({ length: height }, (_, row) => Array.from({ length: width }, (_, column) => value(row, column))),
    )
  }
}

/** Cells of a sheet, not yet read. */
export class Reference {
  readonly sheetId: number
  readonly area: Area
  /** Reads the cells, blanks beyond the used part cut off. */
  readonly read: () => Matrix
  constructor(sheetId: number, area: Area, read: () => Matrix) {
    this.sheetId = sheetId
    this.area = area
    this.read = read
  }
  get height(): number {
    return this.area.bottom - this.area.top
  }
  get width(): number {
    return this.area.right - this.area.left
  }
}

/** A function made by LAMBDA. */
export class Lambda {
  readonly parameters: readonly string[]
  readonly call: (args: readonly Value[]) => Value
  constructor(parameters: readonly string[], call: (args: readonly Value[]) => Value) {
    this.parameters = parameters
    this.call = call
  }
}

export type Value = Scalar | Matrix | Reference | Lambda

/** Thrown by functions to answer with an error. */
export class Fault extends Error {
  readonly error: CellError
  constructor(error: CellError) {
    super(error.message)
    this.error = error
  }
}

export const raise = (type: ErrorType, message?: string): never => {
  throw new Fault(fault(type, message))
}

/** Result of `work`, an error it raised included. */
export function settle<T extends Value>(work: () => T): T | CellError {
  try {
    return work()
  } catch (error) {
    if (error instanceof Fault) return error.error
    throw error
  }
}

/** A number as text: fifteen significant digits, as `&` joins it. */
export function numberText(value: number): string {
  if (Number.isInteger(value) && Math.abs(value) < 1e15) return String(value)
  const size = Math.abs(value)
  if (size >= 1e15 || (size < 1e-9 && size > 0)) {
    const [mantissa, exponent] = Number(value.toPrecision(15)).toExponential().split('e') as [string, string]
    return `${mantissa}E${exponent[0]}${exponent.slice(1).padStart(2, '0')}`
  }
  return String(Number(value.toPrecision(15)))
}

export function textOf(value: Exclude<Scalar, CellError>): string {
  if (value === null) return ''
  if (typeof value === 'string') return value
  return typeof value === 'boolean' ? (value ? 'TRUE' : 'FALSE') : numberText(value)
}

const rank = (value: Scalar) => (typeof value === 'number' ? 0 : typeof value === 'string' ? 1 : 2)

/** Order of two values: numbers, then text without case, then booleans. A blank takes the other side's type. */
export function compare(left: Exclude<Scalar, CellError>, right: Exclude<Scalar, CellError>): number {
  const a = left ?? blankLike(right)
  const b = right ?? blankLike(left)
  if (rank(a) !== rank(b)) return rank(a) - rank(b)
  if (typeof a === 'string') {
    const x = a.toLowerCase()
    const y = (b as string).toLowerCase()
    return x < y ? -1 : x > y ? 1 : 0
  }
  return Number(a) - Number(b)
}

const blankLike = (other: Scalar) => (typeof other === 'string' ? '' : typeof other === 'boolean' ? false : 0)

export type { Node }
