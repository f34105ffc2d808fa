import type { BooleanCondition } from '../model.ts'
import type { Calculation } from './calculation.ts'
import { shiftFormula } from './formula/rewrite.ts'
import { CellError, compare, type Scalar, textOf } from './formula/values.ts'
import { isWebAddress, parseMoment, parseNumber } from './input.ts'
import { civil } from './serial.ts'

/** The cell a condition looks at. */
export interface Subject {
  readonly sheetId: number
  readonly row: number
  readonly column: number
  readonly values: Calculation
  /** Top left cell of the range a custom formula is written for. */
  readonly origin?: { readonly row: number; readonly column: number }
}

/** How many values a condition of each type takes: conditions of validations, filters and formats. */
export const CONDITION_VALUES: Readonly<Record<string, readonly [least: number, most: number]>> = {
  NUMBER_GREATER: [1, 1],
  NUMBER_GREATER_THAN_EQ: [1, 1],
  NUMBER_LESS: [1, 1],
  NUMBER_LESS_THAN_EQ: [1, 1],
  NUMBER_EQ: [1, 1],
  NUMBER_NOT_EQ: [1, 1],
  NUMBER_BETWEEN: [2, 2],
  NUMBER_NOT_BETWEEN: [2, 2],
  TEXT_CONTAINS: [1, 1],
  TEXT_NOT_CONTAINS: [1, 1],
  TEXT_STARTS_WITH: [1, 1],
  TEXT_ENDS_WITH: [1, 1],
  TEXT_EQ: [1, 1],
  TEXT_NOT_EQ: [1, Number.POSITIVE_INFINITY],
  TEXT_IS_EMAIL: [0, 0],
  TEXT_IS_URL: [0, 0],
  DATE_EQ: [1, 1],
  DATE_NOT_EQ: [1, Number.POSITIVE_INFINITY],
  DATE_BEFORE: [1, 1],
  DATE_AFTER: [1, 1],
  DATE_ON_OR_BEFORE: [1, 1],
  DATE_ON_OR_AFTER: [1, 1],
  DATE_BETWEEN: [2, 2],
  DATE_NOT_BETWEEN: [2, 2],
  DATE_IS_VALID: [0, 0],
  ONE_OF_RANGE: [1, 1],
  ONE_OF_LIST: [1, Number.POSITIVE_INFINITY],
  BLANK: [0, 0],
  NOT_BLANK: [0, 0],
  CUSTOM_FORMULA: [1, 1],
  BOOLEAN: [0, 2],
  FILTER_EXPRESSION: [1, 1],
}

/** Whether a cell meets a condition. */
export function holds(condition: BooleanCondition, subject: Subject): boolean {
  const { sheetId, row, column, values } = subject
  const { value } = values.result(sheetId, row, column)
  const operands = (condition.values ?? []).map((operand) => operandOf(operand, subject))
  const [first, second] = operands
  const { type } = condition
  if (type === 'BLANK') return value === null || value === ''
  if (type === 'NOT_BLANK') return value !== null && value !== ''
  if (type === 'CUSTOM_FORMULA') return truthy(first ?? null)
  if (value instanceof CellError) return false
  if (type.startsWith('NUMBER_'))
    return typeof value === 'number' && numeric(type.slice(7), value, first ?? null, second ?? null)
  if (type.startsWith('DATE_'))
    return typeof value === 'number' && dated(type.slice(5), value, first ?? null, second ?? null)
  if (type.startsWith('TEXT_')) return textual(type.slice(5), textOf(value), operands.map(plainText))
  if (type === 'ONE_OF_LIST') return operands.some((operand) => plainText(operand) === textOf(value))
  if (type === 'BOOLEAN') return typeof value === 'boolean'
  return true
}

const truthy = (value: Scalar) => value === true || (typeof value === 'number' && value !== 0)
const plainText = (value: Scalar) => (value instanceof CellError ? '' : textOf(value))

function operandOf(
  { userEnteredValue, relativeDate }: NonNullable<BooleanCondition['values']>[number],
  subject: Subject,
): Scalar {
  const { sheetId, row, column, values, origin } = subject
  const today = Math.floor(values.now)
  if (relativeDate) {
    const offsets: Readonly<Record<string, number>> = {
      PAST_YEAR: -365,
      PAST_MONTH: -30,
      PAST_WEEK: -7,
      YESTERDAY: -1,
      TODAY: 0,
      TOMORROW: 1,
    }
    return today + (offsets[relativeDate] ?? 0)
  }
  const text = userEnteredValue ?? ''
  if (text.startsWith('=')) {
    const formula = origin ? shiftFormula(text, values.localeName, row - origin.row, column - origin.column) : text
    return values.evaluateAt(formula, sheetId, row, column)
  }
  return (
    (parseNumber(text, values.locale) ?? parseMoment(text, { locale: values.locale, year: civil(values.now).year }))
      ?.value ?? text
  )
}

function numeric(test: string, value: number, first: Scalar, second: Scalar): boolean {
  if (typeof first !== 'number') return false
  switch (test) {
    case 'GREATER':
      return value > first
    case 'GREATER_THAN_EQ':
      return value >= first
    case 'LESS':
      return value < first
    case 'LESS_THAN_EQ':
      return value <= first
    case 'EQ':
      return value === first
    case 'NOT_EQ':
      return value !== first
    default: {
      const inside = typeof second === 'number' && value >= Math.min(first, second) && value <= Math.max(first, second)
      return test === 'BETWEEN' ? inside : !inside
    }
  }
}

function dated(test: string, value: number, first: Scalar, second: Scalar): boolean {
  if (test === 'IS_VALID') return true
  const tests: Readonly<Record<string, string>> = {
    EQ: 'EQ',
    NOT_EQ: 'NOT_EQ',
    BEFORE: 'LESS',
    AFTER: 'GREATER',
    ON_OR_BEFORE: 'LESS_THAN_EQ',
    ON_OR_AFTER: 'GREATER_THAN_EQ',
  }
  return numeric(tests[test] ?? test, Math.floor(value), first, second)
}

function textual(test: string, text: string, operands: readonly string[]): boolean {
  const same = (a: string, b: string) => compare(a, b) === 0
  const lower = text.toLowerCase()
  const first = (operands[0] ?? '').toLowerCase()
  switch (test) {
    case 'CONTAINS':
      return lower.includes(first)
    case 'NOT_CONTAINS':
      return !lower.includes(first)
    case 'STARTS_WITH':
      return lower.startsWith(first)
    case 'ENDS_WITH':
      return lower.endsWith(first)
    case 'EQ':
      return same(text, operands[0] ?? '')
    case 'NOT_EQ':
      return !operands.some((operand) => same(text, operand))
    case 'IS_EMAIL':
      return /^[^\s@]+@[^\s@.]+(?:\.[^\s@.]+)+$/.test(text)
    default:
      return isWebAddress(text)
  }
}
