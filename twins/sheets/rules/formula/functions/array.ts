import { fullMatrix, matrixOf, scalarOf, toBoolean, toNumber } from '../coerce.ts'
import type { Node } from '../parser.ts'
import { type Context, define, defineSpecial } from '../registry.ts'
import { CellError, compare, fault, Matrix, Reference, raise, type Scalar, type Value } from '../values.ts'
import { transpose } from './lookup.ts'

defineSpecial('ARRAYFORMULA', 1, 1, ([node], { evaluate, scope }) => {
  const value = evaluate(node as Node, { ...scope, array: true })
  return value instanceof Reference ? fullMatrix(value) : value
})

const NO_MATCHES = fault('N_A', 'No matches are found in FILTER evaluation.')
define('FILTER', 'a a a*', ({ name }, source, ...conditions) => {
  const across = conditions[0]?.height === 1 && source.height !== 1 && conditions[0].width === source.width
  const table = across ? transpose(source) : source
  const keep = conditions.map((condition) => {
    const line = across ? transpose(condition) : condition
    if (line.width !== 1) raise('VALUE', 'FILTER range must be a single row or a single column.')
    if (line.height !== table.height)
      raise(
        'N_A',
        `FILTER has mismatched range sizes. Expected row count: ${table.height}. column count: 1. Actual row count: ${line.height}, column count: ${line.width}.`,
      )
    return line.flat()
  })
  const rows = table.rows.filter((_, at) =>
    keep.every((line) => {
      const value = line[at] ?? null
      return value !== null && !(value instanceof CellError) && value !== '' && toBoolean(value, name, 2)
    }),
  )
  if (rows.length === 0) return NO_MATCHES
  return across ? transpose(new Matrix(rows)) : new Matrix(rows)
})

/** Order of sorting: numbers, text, booleans, errors; blanks last whichever way it goes. */
export function sortOrder(left: Scalar, right: Scalar, ascending: boolean): number {
  if (left === null || right === null) return Number(left === null) - Number(right === null)
  if (left instanceof CellError || right instanceof CellError) {
    const order = Number(left instanceof CellError) - Number(right instanceof CellError)
    return ascending ? order : -order
  }
  const order = compare(left, right)
  return ascending ? order : -order
}

interface SortKey {
  readonly values: readonly Scalar[]
  readonly ascending: boolean
}
function sortKeys({ name, scope }: Context, table: Matrix, specs: readonly Value[], first: number): SortKey[] {
  const keys: SortKey[] = []
  for (let i = 0; i < specs.length; i += 2) {
    const spec = specs[i] as Value
    const ascending =
      specs[i + 1] === undefined ? true : toBoolean(scalarOf(specs[i + 1] as Value, scope), name, first + i + 1)
    const column = spec instanceof Matrix || spec instanceof Reference ? fullMatrix(spec) : undefined
    if (column && column.height > 1) keys.push({ values: column.flat(), ascending })
    else {
      const at = toNumber(scalarOf(spec, scope), scope, name, first + i)
      if (at < 1 || at > table.width)
        raise(
          'VALUE',
          `Function ${name} parameter ${first + i} value is ${at}. Valid values are between 1 and ${table.width} inclusive.`,
        )
      keys.push({ values: table.rows.map((row) => row[at - 1] ?? null), ascending })
    }
  }
  return keys.length > 0 ? keys : [{ values: table.rows.map((row) => row[0] ?? null), ascending: true }]
}
const byKeys = (keys: readonly SortKey[]) => (a: number, b: number) => {
  for (const { values, ascending } of keys) {
    const order = sortOrder(values[a] ?? null, values[b] ?? null, ascending)
    if (order !== 0) return order
  }
  return a - b
}
define('SORT', 'a r*', (context, table, ...specs) => {
  const keys = sortKeys(context, table, specs, 2)
  const order = table.rows.map((_, at) => at).toSorted(byKeys(keys))
  return new Matrix(order.map((at) => table.rows[at] ?? []))
})
define('SORTN', 'a n? n? r*', (context, table, count = 1, ties = 0, ...specs) => {
  const keys = sortKeys(context, table, specs, 4)
  const order = table.rows.map((_, at) => at).toSorted(byKeys(keys))
  const same = (a: number, b: number) =>
    keys.every(({ values }) => sortOrder(values[a] ?? null, values[b] ?? null, true) === 0)
  let kept = order
  if (ties === 2) kept = order.filter((at, i) => i === 0 || !same(at, order[i - 1] as number))
  const limit = Math.trunc(count)
  const result = kept.slice(0, limit)
  if (ties === 1) result.push(...kept.slice(limit).filter((at) => same(at, kept[limit - 1] as number)))
  return new Matrix(result.map((at) => table.rows[at] ?? []))
})
const key = (row: readonly Scalar[]) =>
  JSON.stringify(
    row.map((value) =>
      value instanceof CellError ? { error: value.type } : typeof value === 'string' ? value.toLowerCase() : value,
    ),
  )
define('UNIQUE', 'r b? b?', (_, value, byColumn = false, exactlyOnce = false) => {
  const source = matrixOf(value)
  const table = byColumn ? transpose(source) : source
  const counts = new Map<string, number>()
  for (const row of table.rows) counts.set(key(row), (counts.get(key(row)) ?? 0) + 1)
  const seen = new Set<string>()
  const rows = table.rows.filter((row) => {
    const id = key(row)
    if (seen.has(id) || (exactlyOnce && counts.get(id) !== 1)) return false
    seen.add(id)
    return true
  })
  if (rows.length === 0) return fault('N_A', 'No unique values.')
  return byColumn ? transpose(new Matrix(rows)) : new Matrix(rows)
})
define('FLATTEN', 'a a*', (_, ...tables) => Matrix.column(tables.flatMap((table) => table.flat())))
define('TOCOL', 'a n? b?', (_, table, ignore = 0, byColumn = false) =>
  Matrix.column(kept(byColumn ? transpose(table) : table, ignore)),
)
define(
  'TOROW',
  'a n? b?',
  (_, table, ignore = 0, byColumn = false) => new Matrix([kept(byColumn ? transpose(table) : table, ignore)]),
)
const kept = (table: Matrix, ignore: number) =>
  table.flat().filter((value) => !((ignore & 1 && value === null) || (ignore & 2 && value instanceof CellError)))
define(
  'ARRAY_CONSTRAIN',
  'a n n',
  (_, table, rows, columns) => new Matrix(table.rows.slice(0, rows).map((row) => row.slice(0, columns))),
)
const stacked = (tables: readonly Matrix[]) => {
  const width = Math.max(...tables.map((table) => table.width))
  return new Matrix(
    tables.flatMap((table) =>
      table.rows.map((row) =>
        Array.from({ length: width }, (_, i) => (i < row.length ? (row[i] ?? null) : fault('N_A'))),
      ),
    ),
  )
}
define('VSTACK', 'a a*', (_, ...tables) => stacked(tables))
define('HSTACK', 'a a*', (_, ...tables) => transpose(stacked(tables.map(transpose))))
const picked = (rows: readonly (readonly Scalar[])[], numbers: readonly number[], name: string) =>
  new Matrix(
    numbers.map((at) => {
      const row = rows[at < 0 ? rows.length + at : at - 1]
      return row ?? raise('VALUE', `Function ${name} parameter 2 value ${at} is out of bounds.`)
    }),
  )
define('CHOOSEROWS', 'a n n*', ({ name }, table, ...rows) => picked(table.rows, rows, name))
define('CHOOSECOLS', 'a n n*', ({ name }, table, ...columns) => transpose(picked(transpose(table).rows, columns, name)))
const slice = <T>(list: readonly T[], count: number | undefined, take: boolean): readonly T[] => {
  if (count === undefined) return list
  if (take) return count >= 0 ? list.slice(0, count) : list.slice(count)
  return count >= 0 ? list.slice(count) : list.slice(0, count)
}
for (const [name, take] of [
  ['TAKE', true],
  ['DROP', false],
] as const) {
  define(
    name,
    'a n? n?',
    (_, table, rows, columns) => new Matrix(slice(table.rows, rows, take).map((row) => slice(row, columns, take))),
  )
}
define('WRAPROWS', 'a n e?', (_, table, size, pad = fault('N_A')) => wrapped(table.flat(), size, pad))
define('WRAPCOLS', 'a n e?', (_, table, size, pad = fault('N_A')) => transpose(wrapped(table.flat(), size, pad)))
const wrapped = (values: readonly Scalar[], size: number, pad: Scalar) =>
  Matrix.of(Math.ceil(values.length / size), size, (row, column) => {
    const at = row * size + column
    return at < values.length ? (values[at] ?? null) : pad
  })
