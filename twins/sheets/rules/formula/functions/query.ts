import { fullMatrix, toText } from '../coerce.ts'
import { define } from '../registry.ts'
import { fault, Matrix, Reference, type Scalar, type Value } from '../values.ts'
import { parseQuery, QueryFault } from './query-language.ts'
import { runQuery } from './query-run.ts'

/** Rows of headings: as told, or guessed from a first row of text above something else. */
function headings(table: readonly (readonly Scalar[])[], told: number | undefined): number {
  if (told !== undefined && told >= 0) return told
  const [first, second] = table
  if (!first || !second) return 0
  const allText =
    first.every((value) => value === null || typeof value === 'string') &&
    first.some((value) => typeof value === 'string')
  return allText && second.some((value) => value !== null && typeof value !== 'string') ? 1 : 0
}

define('QUERY', 'r s? n?', ({ scope }, data: Value, query, told) => {
  const table = fullMatrix(data).rows
  const used = table.slice(0, table.findLastIndex((row) => row.some((value) => value !== null)) + 1)
  const first = data instanceof Reference ? data.area.left : undefined
  try {
    const parsed = parseQuery(query ?? 'select *')
    const count = headings(used, told)
    const labels = (used[0] ?? []).map((_, column) =>
      used
        .slice(0, count)
        .map((row) => toText(row[column] ?? null))
        .filter((text) => text !== '')
        .join(' '),
    )
    const result = runQuery(parsed, { labels, rows: used.slice(count), firstColumn: first, headed: count > 0 }, scope)
    return result.length > 0 ? new Matrix(result) : fault('N_A', 'Query completed with an empty output.')
  } catch (error) {
    if (error instanceof QueryFault)
      return fault('VALUE', `Unable to parse query string for Function QUERY parameter 2: ${error.message}`)
    throw error
  }
})
