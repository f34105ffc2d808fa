import { matrixOf, toNumber } from '../coerce.ts'
import type { Context } from '../registry.ts'
import { CellError, Fault, Matrix, Reference, raise, type Scalar, type Value } from '../values.ts'

const isRange = (value: Value): value is Matrix | Reference => value instanceof Matrix || value instanceof Reference

/** Numbers of arguments: ranges give their numbers alone, single arguments must be readable as numbers. */
export function numbersOf({ name, scope }: Context, args: readonly Value[]): number[] {
  const numbers: number[] = []
  args.forEach((arg, position) => {
    if (isRange(arg)) {
      for (const row of matrixOf(arg).rows) {
        for (const value of row) {
          if (typeof value === 'number') numbers.push(value)
          else if (value instanceof CellError) throw new Fault(value)
        }
      }
    } else if (arg !== null) numbers.push(toNumber(arg as Scalar, scope, name, position + 1))
  })
  return numbers
}

/** As {@link numbersOf}, where text counts 0 and TRUE counts 1: AVERAGEA and its kin. */
export function allNumbersOf(context: Context, args: readonly Value[]): number[] {
  return args.flatMap((arg, position) => {
    if (!isRange(arg)) return arg === null ? [] : [toNumber(arg as Scalar, context.scope, context.name, position + 1)]
    return valuesOf([arg]).map((value) => (typeof value === 'number' ? value : value === true ? 1 : 0))
  })
}

/** All values that are not blank; an error among them is the answer. */
export function valuesOf(args: readonly Value[]): Exclude<Scalar, CellError | null>[] {
  return args.flatMap((arg) =>
    matrixOf(arg)
      .flat()
      .filter((value): value is Exclude<Scalar, CellError | null> => {
        if (value instanceof CellError) throw new Fault(value)
        return value !== null
      }),
  )
}

export const sum = (numbers: readonly number[]) => {
  let total = 0
  for (const number of numbers) total += number
  // Sheets, like every spreadsheet, hides the last bits of binary fractions.
  return Number(total.toPrecision(15))
}

export function mean(numbers: readonly number[], name: string): number {
  if (numbers.length === 0) raise('DIVIDE_BY_ZERO', `Evaluation of function ${name} caused a divide by zero error.`)
  return sum(numbers) / numbers.length
}

/** Sum of squared deviations over the count less `less`. */
export function variance(numbers: readonly number[], less: 0 | 1, name: string): number {
  if (numbers.length <= less) raise('DIVIDE_BY_ZERO', `Evaluation of function ${name} caused a divide by zero error.`)
  const average = mean(numbers, name)
  return numbers.reduce((total, number) => total + (number - average) ** 2, 0) / (numbers.length - less)
}

export function median(numbers: readonly number[], name: string): number {
  if (numbers.length === 0) raise('NUM', `${name} has no valid input data.`)
  const sorted = numbers.toSorted((a, b) => a - b)
  const middle = sorted.length >> 1
  return sorted.length % 2
    ? (sorted[middle] as number)
    : ((sorted[middle - 1] as number) + (sorted[middle] as number)) / 2
}
