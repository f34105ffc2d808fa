import { fullMatrix, matrixOf } from '../coerce.ts'
import { type Context, define } from '../registry.ts'
import { CellError, Fault, Matrix, Reference, raise, type Scalar, type Value } from '../values.ts'
import { allNumbersOf, mean, median, numbersOf, sum, valuesOf, variance } from './aggregate.ts'
import { criterion, type Test } from './criteria.ts'
import { pairs, registry } from './math.ts'

type Reduce = (numbers: number[], name: string) => number

const largest: Reduce = (numbers) => numbers.reduce((a, b) => (b > a ? b : a), numbers[0] ?? 0)
const smallest: Reduce = (numbers) => numbers.reduce((a, b) => (b < a ? b : a), numbers[0] ?? 0)

const reductions: Readonly<Record<string, Reduce>> = {
  AVERAGE: mean,
  MAX: largest,
  MIN: smallest,
  MEDIAN: median,
  STDEV: (numbers, name) => Math.sqrt(variance(numbers, 1, name)),
  'STDEV.S': (numbers, name) => Math.sqrt(variance(numbers, 1, name)),
  STDEVP: (numbers, name) => Math.sqrt(variance(numbers, 0, name)),
  'STDEV.P': (numbers, name) => Math.sqrt(variance(numbers, 0, name)),
  VAR: (numbers, name) => variance(numbers, 1, name),
  'VAR.S': (numbers, name) => variance(numbers, 1, name),
  VARP: (numbers, name) => variance(numbers, 0, name),
  'VAR.P': (numbers, name) => variance(numbers, 0, name),
  DEVSQ: (numbers, name) => variance(numbers, 0, name) * numbers.length,
  AVEDEV: (numbers, name) => {
    const average = mean(numbers, name)
    return mean(
      numbers.map((x) => Math.abs(x - average)),
      name,
    )
  },
  GEOMEAN: (numbers, name) => Math.exp(mean(numbers.map(Math.log), name)),
  HARMEAN: (numbers, name) =>
    1 /
    mean(
      numbers.map((x) => 1 / x),
      name,
    ),
  MODE: (numbers, name) => modes(numbers, name)[0] as number,
  'MODE.SNGL': (numbers, name) => modes(numbers, name)[0] as number,
}
for (const [name, reduce] of Object.entries(reductions)) {
  define(name, 'r r*', (context, ...args) => reduce(numbersOf(context, args), name))
  registry.set(name, (context, args) => reduce(numbersOf(context, args), name))
}
define('MODE.MULT', 'r r*', (context, ...args) => Matrix.column(modes(numbersOf(context, args), 'MODE.MULT')))

const overAll: Readonly<Record<string, Reduce>> = {
  AVERAGEA: mean,
  MAXA: largest,
  MINA: smallest,
  STDEVA: (numbers, name) => Math.sqrt(variance(numbers, 1, name)),
  STDEVPA: (numbers, name) => Math.sqrt(variance(numbers, 0, name)),
  VARA: (numbers, name) => variance(numbers, 1, name),
  VARPA: (numbers, name) => variance(numbers, 0, name),
}
for (const [name, reduce] of Object.entries(overAll))
  define(name, 'r r*', (context, ...args) => reduce(allNumbersOf(context, args), name))

function modes(numbers: number[], name: string): number[] {
  const counts = new Map<number, number>()
  for (const number of numbers) counts.set(number, (counts.get(number) ?? 0) + 1)
  const most = Math.max(0, ...counts.values())
  if (most < 2) raise('N_A', `${name} has no valid input data.`)
  return [...counts].filter(([, count]) => count === most).map(([number]) => number)
}

const isNumber = (value: Scalar) => typeof value === 'number'
const counts: Readonly<Record<string, (args: readonly Value[]) => number>> = {
  COUNT: (args) =>
    args.reduce<number>(
      (total, arg) =>
        total +
        matrixOf(arg)
          .flat()
          .filter(
            (value) =>
              isNumber(value) ||
              (!(arg instanceof Reference) &&
                !(arg instanceof Matrix) &&
                value !== null &&
                Number.isFinite(Number(value))),
          ).length,
      0,
    ),
  COUNTA: (args) =>
    args.reduce<number>(
      (total, arg) =>
        total +
        matrixOf(arg)
          .flat()
          .filter((value) => value !== null).length,
      0,
    ),
}
for (const [name, count] of Object.entries(counts)) {
  define(name, 'r r*', (_, ...args) => count(args))
  registry.set(name, (_, args) => count(args))
}
define('COUNTBLANK', 'r r*', (_, ...args) =>
  args.reduce<number>((total, arg) => {
    const filled = matrixOf(arg)
      .flat()
      .filter((value) => value !== null && value !== '').length
    const cells = arg instanceof Reference || arg instanceof Matrix ? arg.height * arg.width : 1
    return total + cells - filled
  }, 0),
)
const identity = (value: Scalar) => `${typeof value}:${typeof value === 'string' ? value : String(value)}`
define(
  'COUNTUNIQUE',
  'r r*',
  (_, ...args) =>
    new Set(
      valuesOf(args)
        .filter((value) => value !== '')
        .map(identity),
    ).size,
)

function rankedNumber(context: Context, data: Value, rank: number, fromTop: boolean): number {
  const numbers = numbersOf(context, [data]).toSorted((a, b) => (fromTop ? b - a : a - b))
  const value = numbers[Math.ceil(rank) - 1]
  return value ?? raise('NUM', `Function ${context.name} parameter 2 value ${rank} is out of range.`)
}
define('LARGE', 'r n', (context, data, rank) => rankedNumber(context, data, rank, true))
define('SMALL', 'r n', (context, data, rank) => rankedNumber(context, data, rank, false))
const rank = (context: Context, value: number, data: Value, ascending: boolean, average: boolean) => {
  const numbers = numbersOf(context, [data])
  const before = numbers.filter((x) => (ascending ? x < value : x > value)).length
  const same = numbers.filter((x) => x === value).length
  if (same === 0) raise('N_A', `Function ${context.name} parameter 1 value ${value} was not found in the data.`)
  return before + 1 + (average ? (same - 1) / 2 : 0)
}
define('RANK RANK.EQ', 'n r b?', (context, value, data, ascending = false) =>
  rank(context, value, data, ascending, false),
)
define('RANK.AVG', 'n r b?', (context, value, data, ascending = false) => rank(context, value, data, ascending, true))

/** Value at a fraction of the sorted numbers, interpolated; `edge` is 0 for the inclusive and 1 for the exclusive form. */
function percentile(context: Context, data: Value, fraction: number, edge: 0 | 1): number {
  const numbers = numbersOf(context, [data]).toSorted((a, b) => a - b)
  const at = edge === 0 ? fraction * (numbers.length - 1) : fraction * (numbers.length + 1) - 1
  if (numbers.length === 0 || at < 0 || at > numbers.length - 1)
    raise(
      'NUM',
      `Function ${context.name} parameter 2 value is ${fraction}. Valid values are between 0 and 1 inclusive.`,
    )
  const low = numbers[Math.floor(at)] as number
  const high = numbers[Math.ceil(at)] as number
  return Number((low + (high - low) * (at - Math.floor(at))).toPrecision(15))
}
define('PERCENTILE PERCENTILE.INC', 'r n', (context, data, fraction) => percentile(context, data, fraction, 0))
define('PERCENTILE.EXC', 'r n', (context, data, fraction) => percentile(context, data, fraction, 1))
define('QUARTILE QUARTILE.INC', 'r n', (context, data, quarter) =>
  percentile(context, data, Math.trunc(quarter) / 4, 0),
)
define('QUARTILE.EXC', 'r n', (context, data, quarter) => percentile(context, data, Math.trunc(quarter) / 4, 1))
define('PERCENTRANK PERCENTRANK.INC', 'r n n?', (context, data, value, digits = 3) => {
  const numbers = numbersOf(context, [data]).toSorted((a, b) => a - b)
  const below = numbers.filter((x) => x < value).length
  const exact = numbers.includes(value)
  const low = numbers[below - 1]
  const high = numbers[below]
  if (!exact && (low === undefined || high === undefined))
    return raise('N_A', `Function ${context.name} parameter 2 value ${value} is out of range.`)
  const at = exact ? below : below - 1 + (value - (low as number)) / ((high as number) - (low as number))
  const scale = 10 ** digits
  return Math.floor((at / (numbers.length - 1)) * scale) / scale
})

interface Fit {
  readonly slope: number
  readonly intercept: number
  readonly correlation: number
}
/** Least squares over the positions where both ranges hold numbers. */
function leastSquares({ name }: Context, ys: Matrix, xs: Matrix): Fit {
  const points = pairs(xs, ys)
  const mx = mean(
    points.map(([x]) => x),
    name,
  )
  const my = mean(
    points.map(([, y]) => y),
    name,
  )
  const sxy = points.reduce((total, [x, y]) => total + (x - mx) * (y - my), 0)
  const sxx = points.reduce((total, [x]) => total + (x - mx) ** 2, 0)
  const syy = points.reduce((total, [, y]) => total + (y - my) ** 2, 0)
  if (sxx === 0) raise('DIVIDE_BY_ZERO', `Evaluation of function ${name} caused a divide by zero error.`)
  const slope = sxy / sxx
  return { slope, intercept: my - slope * mx, correlation: sxy / Math.sqrt(sxx * syy) }
}
define('SLOPE', 'a a', (context, y, x) => leastSquares(context, y, x).slope)
define('INTERCEPT', 'a a', (context, y, x) => leastSquares(context, y, x).intercept)
define('CORREL PEARSON', 'a a', (context, y, x) => leastSquares(context, y, x).correlation)
define('RSQ', 'a a', (context, y, x) => leastSquares(context, y, x).correlation ** 2)
define('FORECAST FORECAST.LINEAR', 'n a a', (context, at, y, x) => {
  const { slope, intercept } = leastSquares(context, y, x)
  return intercept + slope * at
})
define('COVAR COVARIANCE.P', 'a a', (context, x, y) => covariance(context, x, y, 0))
define('COVARIANCE.S', 'a a', (context, x, y) => covariance(context, x, y, 1))
function covariance({ name }: Context, x: Matrix, y: Matrix, less: number): number {
  const points = pairs(x, y)
  const mx = mean(
    points.map(([a]) => a),
    name,
  )
  const my = mean(
    points.map(([, b]) => b),
    name,
  )
  return points.reduce((total, [a, b]) => total + (a - mx) * (b - my), 0) / (points.length - less)
}
define('AVERAGE.WEIGHTED', 'a a', ({ name }, values, weights) => {
  const points = pairs(values, weights)
  const total = sum(points.map(([, weight]) => weight))
  return total === 0
    ? raise('DIVIDE_BY_ZERO', `Evaluation of function ${name} caused a divide by zero error.`)
    : sum(points.map(([value, weight]) => value * weight)) / total
})

/** Rows and columns, as flat positions, that meet every pair of range and condition. */
function matching(context: Context, conditions: readonly Value[]): { positions: number[]; size: number } {
  if (conditions.length % 2) raise('N_A', `Function ${context.name} expects criteria in pairs.`)
  const tests: { cells: Scalar[]; test: Test }[] = []
  let shape: Matrix | undefined
  for (let i = 0; i < conditions.length; i += 2) {
    const range = fullMatrix(conditions[i] as Value)
    shape ??= range
    if (range.height !== shape.height || range.width !== shape.width)
      raise('VALUE', `Array arguments to ${context.name} are of different size.`)
    tests.push({ cells: range.flat(), test: criterion(single(conditions[i + 1] as Value), context.scope) })
  }
  const size = tests[0]?.cells.length ?? 0
  const positions: number[] = []
  for (let at = 0; at < size; at++) if (tests.every(({ cells, test }) => test(cells[at] as Scalar))) positions.push(at)
  return { positions, size }
}
const single = (value: Value): Scalar => matrixOf(value).at(0, 0)

function numbersAt(range: Value, positions: readonly number[]): number[] {
  const cells = fullMatrix(range).flat()
  return positions.flatMap((at) => {
    const value = cells[at]
    if (value instanceof CellError) throw new Fault(value)
    return typeof value === 'number' ? [value] : []
  })
}

/** Conditions of SUMIF may be an array inside ARRAYFORMULA: one answer for each. */
function overConditions(context: Context, condition: Value, answer: (condition: Value) => Scalar): Value {
  const matrix = condition instanceof Reference || condition instanceof Matrix ? fullMatrix(condition) : undefined
  if (!context.scope.array || !matrix || matrix.height * matrix.width === 1) return answer(condition)
  return Matrix.of(matrix.height, matrix.width, (row, column) => answer(matrix.at(row, column)))
}

/** The cells SUMIF adds up: as many as the tested range, from the first cell of the sum range. */
function aligned(range: Value, shape: Value): Value {
  if (!(range instanceof Reference)) return range
  const { height, width } = shape instanceof Reference ? shape : matrixOf(shape)
  const matrix = range.read()
  return Matrix.of(height, width, (row, column) => matrix.at(row, column))
}

define('COUNTIF', 'r r', (context, range, condition) =>
  overConditions(context, condition, (one) => matching(context, [range, one]).positions.length),
)
define('SUMIF', 'r r r?', (context, range, condition, sums) =>
  overConditions(context, condition, (one) =>
    sum(numbersAt(sums === undefined ? range : aligned(sums, range), matching(context, [range, one]).positions)),
  ),
)
define('AVERAGEIF', 'r r r?', (context, range, condition, averaged) =>
  overConditions(context, condition, (one) =>
    mean(
      numbersAt(averaged === undefined ? range : aligned(averaged, range), matching(context, [range, one]).positions),
      'AVERAGEIF',
    ),
  ),
)
define('COUNTIFS', 'r r r*', (context, ...conditions) => matching(context, conditions).positions.length)
define('COUNTUNIQUEIFS', 'r r r r*', (context, range, ...conditions) => {
  const cells = fullMatrix(range).flat()
  return new Set(
    matching(context, conditions)
      .positions.map((at) => cells[at] as Scalar)
      .filter((value) => value !== null)
      .map(identity),
  ).size
})
const conditional: Readonly<Record<string, Reduce>> = {
  SUMIFS: sum,
  AVERAGEIFS: mean,
  MAXIFS: largest,
  MINIFS: smallest,
}
for (const [name, reduce] of Object.entries(conditional)) {
  define(name, 'r r r r*', (context, range, ...conditions) => {
    const { positions, size } = matching(context, conditions)
    if (fullMatrix(range).flat().length !== size) raise('VALUE', `Array arguments to ${name} are of different size.`)
    return reduce(numbersAt(range, positions), name)
  })
}
define('FREQUENCY', 'r r', (context, data, classes) => {
  const bounds = numbersOf(context, [classes]).toSorted((a, b) => a - b)
  const numbers = numbersOf(context, [data])
  const counted = bounds.map(
    (bound, i) => numbers.filter((x) => x <= bound && (i === 0 || x > (bounds[i - 1] as number))).length,
  )
  return Matrix.column([...counted, numbers.filter((x) => x > (bounds.at(-1) ?? Number.NEGATIVE_INFINITY)).length])
})
