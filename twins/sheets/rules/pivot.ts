import type { PivotGroup, PivotTable } from '../model.ts'
import { sortOrder } from './formula/functions/array.ts'
import type { Host } from './formula/scope.ts'
import { CellError, Matrix, type Scalar, textOf } from './formula/values.ts'
import { allSame, summarize } from './pivot-values.ts'
import { areaOf } from './ranges.ts'

type Record = readonly Scalar[]

/** One group of a pivot table: the values that make it, outermost first, and its rows of data. */
interface Group {
  readonly path: readonly Scalar[]
  readonly records: readonly Record[]
}

const labelOf = (value: Scalar) => (value === null || value instanceof CellError ? '' : value)

/** Groups of one axis, with a subtotal after each outer value where the group asks for it. */
function groupsOf(
  records: readonly Record[],
  groups: readonly PivotGroup[],
  path: readonly Scalar[] = [],
): { group: Group; total: boolean }[] {
  const [first, ...rest] = groups
  if (!first) return [{ group: { path, records }, total: false }]
  const column = first.sourceColumnOffset ?? 0
  const buckets = new Map<string, Record[]>()
  for (const record of records) {
    const key = JSON.stringify(record[column] ?? null)
    const bucket = buckets.get(key)
    if (bucket) bucket.push(record)
    else buckets.set(key, [record])
  }
  const ascending = first.sortOrder !== 'DESCENDING'
  const sorted = [...buckets.values()].toSorted((a, b) =>
    sortOrder(a[0]?.[column] ?? null, b[0]?.[column] ?? null, ascending),
  )
  const result = sorted.flatMap((bucket) => {
    const value = bucket[0]?.[column] ?? null
    const inner = groupsOf(bucket, rest, [...path, value])
    const subtotal =
      rest.length > 0 && rest[0]?.showTotals
        ? [{ group: { path: [...path, `${textOf(labelOf(value))} Total`], records: bucket }, total: true }]
        : []
    return [...inner, ...subtotal]
  })
  return path.length === 0 && first.showTotals
    ? [...result, { group: { path: ['Grand Total'], records }, total: true }]
    : result
}

/** The cells a pivot table shows, from its anchor on. */
export function pivotMatrix({ source, rows = [], columns = [], values = [] }: PivotTable, host: Host): Matrix {
  const sheetId = source?.sheetId ?? 0
  const size = source && host.size(sheetId)
  if (!source || !size) return new Matrix([[null]])
  const area = areaOf(source, size.rows, size.columns)
  const matrix = host.read(sheetId, area)
  const [headings = [], ...records] = matrix.rows
  const named = (group: PivotGroup) => group.label ?? labelOf(headings[group.sourceColumnOffset ?? 0] ?? null)
  const down = groupsOf(
    records.filter((record) => record.some((value) => value !== null)),
    rows,
  )
  const across = groupsOf(records, columns)
  const titles = values.map(
    (value) =>
      value.name ??
      `${value.summarizeFunction ?? 'SUM'} of ${textOf(labelOf(headings[value.sourceColumnOffset ?? 0] ?? null))}`,
  )
  const cellsOf = (group: Group) =>
    across.flatMap(({ group: other }) => {
      const inside = group.records.filter((record) => columns.length === 0 || other.records.includes(record))
      return values.map((value) =>
        inside.length === 0
          ? null
          : summarize(
              inside.map((record) => record[value.sourceColumnOffset ?? 0] ?? null),
              value.summarizeFunction ?? 'SUM',
            ),
      )
    })
  const heads: Scalar[][] = []
  columns.forEach((column, level) => {
    const line: Scalar[] = rows.map((row, at) =>
      level === columns.length - 1 && values.length <= 1 ? named(row) : at === 0 ? null : null,
    )
    heads.push([...line, ...across.flatMap(({ group }) => values.map(() => labelOf(group.path[level] ?? null)))])
    if (level === 0)
      heads.unshift([
        ...rows.map((_, at) => (at === 0 && titles.length === 1 ? (titles[0] as string) : null)),
        named(column),
      ])
  })
  if (columns.length === 0 || values.length > 1) heads.push([...rows.map(named), ...across.flatMap(() => titles)])
  const body = down.map(({ group }, at) => {
    const previous = at > 0 ? down[at - 1]?.group.path : undefined
    // A repeated outer label stands once, on its first line.
    const labels = rows.map((_, level) => {
      const value = group.path[level] ?? null
      return previous && level < rows.length - 1 && allSame(previous, group.path, level) ? null : labelOf(value)
    })
    return [...labels, ...cellsOf(group)]
  })
  const lines = [...heads, ...(rows.length > 0 || values.length > 0 ? body : [])]
  const width = Math.max(1, ...lines.map((line) => line.length))
  return new Matrix(lines.map((line) => Array.from({ length: width }, (_, at) => line[at] ?? null)))
}
