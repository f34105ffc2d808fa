import { matrixOf, toText } from '../coerce.ts'
import { finite, operate, power } from '../evaluate.ts'
import type { BinaryOperator } from '../parser.ts'
import { define } from '../registry.ts'
import { Matrix, raise, type Scalar } from '../values.ts'
import { numbersOf, sum } from './aggregate.ts'

const unary: Readonly<Record<string, (x: number) => number>> = {
  ABS: Math.abs,
  ACOS: Math.acos,
  ACOSH: Math.acosh,
  ASIN: Math.asin,
  ASINH: Math.asinh,
  ATAN: Math.atan,
  ATANH: Math.atanh,
  COS: Math.cos,
  COSH: Math.cosh,
  SIN: Math.sin,
  SINH: Math.sinh,
  TAN: Math.tan,
  TANH: Math.tanh,
  COT: (x) => 1 / Math.tan(x),
  CSC: (x) => 1 / Math.sin(x),
  SEC: (x) => 1 / Math.cos(x),
  ACOT: (x) => Math.PI / 2 - Math.atan(x),
  DEGREES: (x) => (x * 180) / Math.PI,
  RADIANS: (x) => (x * Math.PI) / 180,
  EXP: Math.exp,
  INT: Math.floor,
  SIGN: Math.sign,
  SQRTPI: (x) => Math.sqrt(x * Math.PI),
  EVEN: (x) => Math.sign(x) * 2 * Math.ceil(Math.abs(x) / 2),
  ODD: (x) => (x === 0 ? 1 : Math.sign(x) * (2 * Math.ceil((Math.abs(x) + 1) / 2) - 1)),
}
for (const [name, apply] of Object.entries(unary)) define(name, 'n', (_, x) => finite(apply(x), name))

define('SQRT', 'n', (_, x) =>
  x < 0 ? raise('NUM', 'Function SQRT parameter 1 value is negative. It should be positive or zero.') : Math.sqrt(x),
)
const positive = (name: string, position: number, x: number) =>
  x > 0 ? x : raise('NUM', `Function ${name} parameter ${position} value is ${x}. It should be greater than 0.`)
define('LN', 'n', (_, x) => Math.log(positive('LN', 1, x)))
define('LOG10', 'n', (_, x) => Math.log10(positive('LOG10', 1, x)))
define('LOG', 'n n?', (_, x, base = 10) => {
  const result = Math.log(positive('LOG', 1, x)) / Math.log(positive('LOG', 2, base))
  return Number(result.toPrecision(15))
})
define('PI', '', () => Math.PI)
define('ATAN2', 'n n', (_, x, y) => Math.atan2(y, x))

/** Rounds half away from zero on the decimal digits a person sees. */
export function round(value: number, places = 0): number {
  return shift(value, places, (x) => Math.sign(x) * Math.round(Math.abs(x)))
}
function shift(value: number, places: number, apply: (x: number) => number): number {
  const digits = Math.trunc(places)
  const move = (x: number, by: number) => {
    const [mantissa, exponent = '0'] = String(x).split('e') as [string, string?]
    return Number(`${mantissa}e${Number(exponent) + by}`)
  }
  return move(apply(Number(move(value, digits).toPrecision(15))), -digits) || 0
}
define('ROUND', 'n n?', (_, x, places) => round(x, places))
define('ROUNDUP', 'n n?', (_, x, places = 0) => shift(x, places, (y) => Math.sign(y) * Math.ceil(Math.abs(y))))
define('ROUNDDOWN TRUNC', 'n n?', (_, x, places = 0) => shift(x, places, Math.trunc))
define('MROUND', 'n n', (_, x, factor) => (factor === 0 ? 0 : Number((round(x / factor) * factor).toPrecision(15))))
define('CEILING CEILING.MATH CEILING.PRECISE ISO.CEILING', 'n n? n?', (_, x, factor = 1) =>
  factor === 0
    ? 0
    : Number((Math.ceil(Number((x / Math.abs(factor)).toPrecision(15))) * Math.abs(factor)).toPrecision(15)),
)
define('FLOOR FLOOR.MATH FLOOR.PRECISE', 'n n? n?', (_, x, factor = 1) =>
  factor === 0
    ? 0
    : Number((Math.floor(Number((x / Math.abs(factor)).toPrecision(15))) * Math.abs(factor)).toPrecision(15)),
)
define('MOD', 'n n', (_, x, y) =>
  y === 0
    ? raise('DIVIDE_BY_ZERO', 'Function MOD parameter 2 cannot be zero.')
    : Number((x - y * Math.floor(x / y)).toPrecision(15)),
)
define('QUOTIENT', 'n n', (_, x, y) =>
  y === 0 ? raise('DIVIDE_BY_ZERO', 'Function QUOTIENT parameter 2 cannot be zero.') : Math.trunc(x / y),
)
define('POWER POW', 'n n', ({ name }, x, y) => power(x, y, name))
define('ISEVEN', 'n', (_, x) => Math.trunc(x) % 2 === 0)
define('ISODD', 'n', (_, x) => Math.trunc(x) % 2 !== 0)

const factorial = (x: number): number => (x <= 1 ? 1 : x * factorial(x - 1))
define('FACT', 'n', (_, x) =>
  x < 0
    ? raise('NUM', `Function FACT parameter 1 value is ${x}. It should be greater than or equal to 0.`)
    : finite(factorial(Math.trunc(Math.min(x, 171))), 'FACT'),
)
define('COMBIN', 'n n', (_, n, k) => {
  if (n < 0 || k < 0 || k > n)
    raise('NUM', `Function COMBIN parameter 2 value is ${k}. Valid values are between 0 and ${n} inclusive.`)
  let result = 1
  for (let i = 1; i <= Math.min(k, n - k); i++) result = (result * (n - i + 1)) / i
  return Math.round(result)
})
define('PERMUT', 'n n', (_, n, k) => {
  let result = 1
  for (let i = 0; i < k; i++) result *= n - i
  return result
})
const gcd = (a: number, b: number): number => (b === 0 ? a : gcd(b, a % b))
define('GCD', 'r r*', (context, ...args) => numbersOf(context, args).map(Math.trunc).reduce(gcd, 0))
define('LCM', 'r r*', (context, ...args) =>
  numbersOf(context, args)
    .map(Math.trunc)
    .reduce((a, b) => (a === 0 || b === 0 ? 0 : Math.abs(a * b) / gcd(a, b)), 1),
)
define('BASE', 'n n n?', (_, value, radix, length = 0) =>
  Math.trunc(value).toString(radix).toUpperCase().padStart(length, '0'),
)
define('DECIMAL', 's n', (_, text, radix) => Number.parseInt(text, radix))

define('RAND', '', ({ scope }) => scope.host.random())
define(
  'RANDBETWEEN',
  'n n',
  ({ scope }, low, high) => Math.ceil(low) + Math.floor(scope.host.random() * (Math.floor(high) - Math.ceil(low) + 1)),
)
define('RANDARRAY', 'n? n?', ({ scope }, rows = 1, columns = 1) => Matrix.of(rows, columns, () => scope.host.random()))
define('SEQUENCE', 'n n? n? n?', (_, rows, columns = 1, start = 1, step = 1) => {
  if (rows < 1 || columns < 1)
    raise('NUM', `Function SEQUENCE parameter 1 value is ${rows}. It should be greater than or equal to 1.`)
  return Matrix.of(
    Math.trunc(rows),
    Math.trunc(columns),
    (row, column) => start + step * (row * Math.trunc(columns) + column),
  )
})

define('SUM', 'r r*', (context, ...args) => sum(numbersOf(context, args)))
define('SUMSQ', 'r r*', (context, ...args) => sum(numbersOf(context, args).map((x) => x * x)))
define('PRODUCT', 'r r*', (context, ...args) => {
  const numbers = numbersOf(context, args)
  return numbers.length === 0 ? 0 : numbers.reduce((a, b) => a * b, 1)
})
define('SUMPRODUCT', 'a a*', (_, first, ...more) => {
  const all = [first, ...more]
  if (more.some((other) => other.height !== first.height || other.width !== first.width))
    raise('VALUE', 'Array arguments to SUMPRODUCT are of different size.')
  let total = 0
  for (let row = 0; row < first.height; row++) {
    for (let column = 0; column < first.width; column++)
      total += all.reduce((product, matrix) => product * factorOf(matrix.at(row, column)), 1)
  }
  return Number(total.toPrecision(15))
})
/** What a cell counts in a product: booleans as 1 and 0, text as 0. */
const factorOf = (value: Scalar): number => {
  if (typeof value === 'number') return value
  if (typeof value === 'boolean') return value ? 1 : 0
  toText(value)
  return 0
}
define('SUMX2MY2', 'a a', (_, x, y) => pairs(x, y).reduce((total, [a, b]) => total + a * a - b * b, 0))
define('SUMX2PY2', 'a a', (_, x, y) => pairs(x, y).reduce((total, [a, b]) => total + a * a + b * b, 0))
define('SUMXMY2', 'a a', (_, x, y) => pairs(x, y).reduce((total, [a, b]) => total + (a - b) ** 2, 0))

/** Positions where both tables hold numbers. */
export function pairs(x: Matrix, y: Matrix): [number, number][] {
  const left = x.flat()
  const right = y.flat()
  return left.flatMap((a, i) =>
    typeof a === 'number' && typeof right[i] === 'number' ? [[a, right[i]] as [number, number]] : [],
  )
}

define('MMULT', 'a a', (_, x, y) => {
  if (x.width !== y.height)
    raise(
      'VALUE',
      `Function MMULT has incompatible matrices of sizes ${x.height}x${x.width} and ${y.height}x${y.width}.`,
    )
  return Matrix.of(x.height, y.width, (row, column) =>
    sum(Array.from({ length: x.width }, (_, i) => factorOf(x.at(row, i)) * factorOf(y.at(i, column)))),
  )
})
define('MUNIT', 'n', (_, size) => Matrix.of(size, size, (row, column) => (row === column ? 1 : 0)))
define('MDETERM', 'a', (_, matrix) => determinant(matrix.rows.map((row) => row.map(factorOf))))
function determinant(rows: number[][]): number {
  const m = rows.map((row) => [...row])
  let result = 1
  for (let i = 0; i < m.length; i++) {
    const pivot = m.findIndex((row, at) => at >= i && row[i] !== 0)
    if (pivot < 0) return 0
    if (pivot !== i) {
      const swapped = m[i] as number[]
      m[i] = m[pivot] as number[]
      m[pivot] = swapped
      result = -result
    }
    const top = m[i] as number[]
    result *= top[i] as number
    for (const row of m.slice(i + 1)) {
      const factor = (row[i] as number) / (top[i] as number)
      for (let j = i; j < row.length; j++) row[j] = (row[j] as number) - factor * (top[j] as number)
    }
  }
  return Number(result.toPrecision(14))
}

const operators: Readonly<Record<string, BinaryOperator>> = {
  ADD: '+',
  MINUS: '-',
  MULTIPLY: '*',
  DIVIDE: '/',
  EQ: '=',
  NE: '<>',
  LT: '<',
  LTE: '<=',
  GT: '>',
  GTE: '>=',
}
for (const [name, operator] of Object.entries(operators))
  define(name, 'e e', ({ scope }, a, b) => operate(operator, a, b, scope))
define('UMINUS', 'n', (_, x) => -x)
define('UPLUS', 'v', (_, x) => x)
define('UNARY_PERCENT', 'n', (_, x) => x / 100)

/** Codes of SUBTOTAL; those above 100 also leave out rows a user hid. */
const SUBTOTALS = [
  'AVERAGE',
  'COUNT',
  'COUNTA',
  'MAX',
  'MIN',
  'PRODUCT',
  'STDEV',
  'STDEVP',
  'SUM',
  'VAR',
  'VARP',
] as const
define('SUBTOTAL', 'n r r*', (context, code, ...args) => {
  const which = SUBTOTALS[(code % 100) - 1]
  if (!which)
    return raise(
      'VALUE',
      `Function SUBTOTAL parameter 1 value is ${code}. Valid values are between 1 and 11 or 101 and 111 inclusive.`,
    )
  const { host } = context.scope
  const shown = args.map((arg) => {
    if (!(arg !== null && typeof arg === 'object' && 'sheetId' in arg)) return matrixOf(arg)
    const rows = matrixOf(arg).rows.filter((_, index) => {
      const hidden = host.hidden(arg.sheetId, arg.area.top + index)
      return hidden === undefined || (hidden === 'user' && code < 100)
    })
    return new Matrix(rows.length > 0 ? rows : [[]])
  })
  const definition = registry.get(which)
  return definition ? definition(context, shown) : null
})

type Reducer = (context: import('../registry.ts').Context, args: readonly Matrix[]) => Scalar
/** Filled by the statistical functions: SUBTOTAL and AGGREGATE name them by number. */
export const registry = new Map<string, Reducer>([
  ['SUM', (context, args) => sum(numbersOf(context, args))],
  ['PRODUCT', (context, args) => numbersOf(context, args).reduce((a, b) => a * b, 1)],
])
