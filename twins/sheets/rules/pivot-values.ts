import { mean, median, sum, variance } from './formula/functions/aggregate.ts'
import { CellError, type Scalar, settle } from './formula/values.ts'

/** Whether two paths agree down to a level. */
export const allSame = (a: readonly Scalar[], b: readonly Scalar[], level: number) =>
  a.slice(0, level + 1).every((value, at) => value === b[at])

/** One cell of a pivot table. */
export function summarize(values: readonly Scalar[], how: string): Scalar {
  const numbers = values.filter((value) => typeof value === 'number')
  const present = values.filter((value) => value !== null && !(value instanceof CellError))
  return settle((): Scalar => {
    switch (how) {
      case 'COUNTA':
        return present.length
      case 'COUNT':
        return numbers.length
      case 'COUNTUNIQUE':
        return new Set(present).size
      case 'AVERAGE':
        return mean(numbers, 'AVERAGE')
      case 'MAX':
        return numbers.length > 0 ? numbers.reduce((a, b) => Math.max(a, b)) : 0
      case 'MIN':
        return numbers.length > 0 ? numbers.reduce((a, b) => Math.min(a, b)) : 0
      case 'MEDIAN':
        return median(numbers, 'MEDIAN')
      case 'PRODUCT':
        return numbers.reduce((a, b) => a * b, 1)
      case 'STDEV':
        return Math.sqrt(variance(numbers, 1, 'STDEV'))
      case 'STDEVP':
        return Math.sqrt(variance(numbers, 0, 'STDEVP'))
      case 'VAR':
        return variance(numbers, 1, 'VAR')
      case 'VARP':
        return variance(numbers, 0, 'VARP')
      default:
        return sum(numbers)
    }
  })
}
