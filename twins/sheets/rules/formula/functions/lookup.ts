import { parseRange, within } from '../../a1.ts'
import type { Plain } from '../coerce.ts'
import { fullMatrix, matrixOf } from '../coerce.ts'
import { rangeAt } from '../evaluate.ts'
import { type Context, define } from '../registry.ts'
import {
  CellError,
  compare,
  Fault,
  fault,
  Matrix,
  MISSING_REFERENCE,
  Reference,
  raise,
  type Scalar,
  textOf,
  type Value,
} from '../values.ts'
import { hasWildcard, wildcard } from './criteria.ts'

const same = (wanted: Plain): ((value: Scalar) => boolean) => {
  if (typeof wanted === 'string' && hasWildcard(wanted)) {
    const pattern = wildcard(wanted)
    return (value) => typeof value === 'string' && pattern.test(value)
  }
  return (value) =>
    value !== null && !(value instanceof CellError) && typeof value === typeof wanted && compare(value, wanted) === 0
}

/** Position of the last value that is not above `wanted`, in values sorted upwards. */
function below(values: readonly Scalar[], wanted: Plain): number {
  let found = -1
  values.forEach((value, at) => {
    if (
      value !== null &&
      !(value instanceof CellError) &&
      typeof value === typeof wanted &&
      compare(value, wanted) <= 0
    )
      found = at
  })
  return found
}

const missing = (name: string, wanted: Plain) =>
  fault('N_A', `Did not find value '${textOf(wanted)}' in ${name} evaluation.`)

function tableLookup({ name }: Context, wanted: Plain, table: Matrix, index: number, sorted: boolean): Scalar {
  const size = table.width
  if (index < 1)
    raise('VALUE', `Function ${name} parameter 3 value is ${index}. Valid values are between 1 and ${size} inclusive.`)
  if (index > size) raise('REF', `${name} evaluates to an out of bounds range.`)
  const keys = table.rows.map((row) => row[0] ?? null)
  const at = sorted ? below(keys, wanted) : keys.findIndex(same(wanted))
  return at < 0 ? missing(name, wanted) : table.at(at, Math.trunc(index) - 1)
}
define('VLOOKUP', 'v r n b?', (context, wanted, table, index, sorted = true) =>
  tableLookup(context, wanted, widened(table), index, sorted),
)
define('HLOOKUP', 'v r n b?', (context, wanted, table, index, sorted = true) =>
  tableLookup(context, wanted, transpose(widened(table)), index, sorted),
)

/** A table with all its columns, even those whose cells are blank. */
function widened(value: Value): Matrix {
  const matrix = matrixOf(value)
  if (!(value instanceof Reference)) return matrix
  const height = matrix.height
  return Matrix.of(height, value.width, (row, column) => matrix.at(row, column))
}
export const transpose = (matrix: Matrix) =>
  Matrix.of(matrix.width, matrix.height, (row, column) => matrix.at(column, row))
define('TRANSPOSE', 'a', (_, matrix) => transpose(matrix))

define('MATCH', 'v r n?', ({ name }, wanted, range, type = 1) => {
  const matrix = matrixOf(range)
  if (matrix.height > 1 && matrix.width > 1) raise('N_A', 'MATCH range must be a single row or a single column.')
  const values = matrix.flat()
  let at: number
  if (type === 0) at = values.findIndex(same(wanted))
  else if (type > 0) at = below(values, wanted)
  else
    at = values.findLastIndex(
      (value) =>
        value !== null &&
        !(value instanceof CellError) &&
        typeof value === typeof wanted &&
        compare(value, wanted) >= 0,
    )
  return at < 0 ? missing(name, wanted) : at + 1
})
define('XMATCH', 'v r n? n?', ({ name }, wanted, range, mode = 0, search = 1) => {
  const at = extendedSearch(matrixOf(range).flat(), wanted, mode, search)
  return at < 0 ? missing(name, wanted) : at + 1
})

/** XLOOKUP's modes: 0 exact, 1 exact or next larger, -1 exact or next smaller, 2 wildcards; search -1 from the end. */
function extendedSearch(values: readonly Scalar[], wanted: Plain, mode: number, search: number): number {
  const matches =
    mode === 2 ? same(wanted) : (value: Scalar) => !(value instanceof CellError) && compareOrNull(value, wanted) === 0
  const at = search < 0 ? values.findLastIndex(matches) : values.findIndex(matches)
  if (at >= 0 || mode === 0 || mode === 2) return at
  let best = -1
  values.forEach((value, position) => {
    if (value === null || value instanceof CellError || typeof value !== typeof wanted) return
    const order = compare(value, wanted)
    if (Math.sign(order) !== mode) return
    const current = values[best]
    if (
      best < 0 ||
      current === undefined ||
      current instanceof CellError ||
      Math.sign(compare(value, current)) === -mode
    )
      best = position
  })
  return best
}
const compareOrNull = (value: Plain, wanted: Plain) =>
  (value === null) !== (wanted === null) || typeof value !== typeof wanted ? 1 : compare(value, wanted)

define('XLOOKUP', 'v r r r? n? n?', ({ name }, wanted, range, results, otherwise, mode = 0, search = 1) => {
  const keys = matrixOf(range)
  const across = keys.height === 1 && keys.width > 1
  const at = extendedSearch(keys.flat(), wanted, mode, search)
  if (at < 0) return otherwise === undefined ? missing(name, wanted) : otherwise
  const found = fullMatrix(results)
  const line = across ? found.rows.map((row) => [row[at] ?? null]) : [found.rows[at] ?? []]
  return line.length === 1 && line[0]?.length === 1 ? (line[0][0] ?? null) : new Matrix(line)
})
define('LOOKUP', 'v r r?', ({ name }, wanted, range, results) => {
  const keys = matrixOf(range)
  const wide = keys.width > keys.height
  const line =
    results === undefined ? (wide ? (keys.rows[0] ?? []) : keys.rows.map((row) => row[0] ?? null)) : keys.flat()
  const at = below(line, wanted)
  if (at < 0) return missing(name, wanted)
  if (results !== undefined) return matrixOf(results).flat()[at] ?? null
  return wide ? keys.at(keys.height - 1, at) : keys.at(at, keys.width - 1)
})

define('INDEX', 'r n? n?', ({ scope }, value, row = 0, column = 0) => {
  const height = value instanceof Reference ? value.height : matrixOf(value).height
  const width = value instanceof Reference ? value.width : matrixOf(value).width
  const [r, c] = height === 1 && width > 1 && column === 0 ? [0, row] : [row, column]
  const bound = (position: number, at: number, size: number) => {
    if (at < 0 || at > size)
      raise(
        'NUM',
        `Function INDEX parameter ${position} value is ${at}. Valid values are between 0 and ${size} inclusive.`,
      )
  }
  bound(2, r, height)
  bound(3, c, width)
  const top = r === 0 ? 0 : Math.trunc(r) - 1
  const left = c === 0 ? 0 : Math.trunc(c) - 1
  const bottom = r === 0 ? height : top + 1
  const right = c === 0 ? width : left + 1
  if (value instanceof Reference) {
    const { area } = value
    return rangeAt(
      value.sheetId,
      { top: area.top + top, left: area.left + left, bottom: area.top + bottom, right: area.left + right },
      scope,
    )
  }
  const matrix = fullMatrix(value)
  return Matrix.of(bottom - top, right - left, (y, x) => matrix.at(top + y, left + x))
})
define('OFFSET', 'r n n n? n?', ({ scope }, value, rows, columns, height, width) => {
  if (!(value instanceof Reference)) return raise('VALUE', 'Function OFFSET parameter 1 expects a reference.')
  const top = value.area.top + Math.trunc(rows)
  const left = value.area.left + Math.trunc(columns)
  const area = {
    top,
    left,
    bottom: top + Math.trunc(height ?? value.height),
    right: left + Math.trunc(width ?? value.width),
  }
  const size = scope.host.size(value.sheetId)
  if (
    top < 0 ||
    left < 0 ||
    !size ||
    area.bottom > size.rows ||
    area.right > size.columns ||
    area.bottom <= top ||
    area.right <= left
  )
    raise('REF', 'Function OFFSET evaluates to an out of bounds range.')
  return rangeAt(value.sheetId, area, scope)
})
define('INDIRECT', 's b?', ({ scope }, text) => {
  const { host } = scope
  const parsed = parseRange(text)
  const invalid = () =>
    new Fault(fault('REF', `Function INDIRECT parameter 1 value is '${text}'. It is not a valid cell/range reference.`))
  if (!parsed) throw invalid()
  if (!parsed.cells) {
    const found = host.named(parsed.name ?? '')
    if (!found) throw invalid()
    return found instanceof CellError ? found : rangeAt(found.sheetId, found.area, scope)
  }
  const sheetId = parsed.title === undefined ? scope.sheetId : host.sheetId(parsed.title)
  const size = sheetId === undefined ? undefined : host.size(sheetId)
  if (sheetId === undefined || !size) throw invalid()
  const area = within(parsed.cells, size.rows, size.columns)
  if (area.top >= size.rows || area.left >= size.columns) throw invalid()
  return rangeAt(sheetId, area, scope)
})
define('IMPORTRANGE', 's s', ({ scope }, spreadsheet, range) => scope.host.importRange(spreadsheet, range))
define('GETPIVOTDATA', 's r e*', () => MISSING_REFERENCE)
