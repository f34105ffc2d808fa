import { fullMatrix, scalarOf } from '../coerce.ts'
import { rangeAt } from '../evaluate.ts'
import type { Node } from '../parser.ts'
import { type Context, define, defineSpecial } from '../registry.ts'
import { fault, Lambda, Matrix, Reference, raise, type Scalar, type Value } from '../values.ts'

const MANY = Number.POSITIVE_INFINITY

const nameOf = (node: Node, name: string): string =>
  node.kind === 'name' ? node.name.toUpperCase() : raise('NAME', `Argument name of function ${name} is not valid.`)

defineSpecial('LAMBDA', 1, MANY, (nodes, { evaluate, scope }) => {
  const parameters = nodes.slice(0, -1).map((node) => nameOf(node, 'LAMBDA'))
  const body = nodes.at(-1) as Node
  return new Lambda(parameters, (args) => {
    if (args.length !== parameters.length)
      return fault(
        'N_A',
        `Wrong number of arguments to LAMBDA. Expected ${parameters.length} arguments, but got ${args.length} arguments.`,
      )
    const variables = new Map(scope.variables)
    parameters.forEach((parameter, i) => void variables.set(parameter, args[i] as Value))
    return evaluate(body, { ...scope, variables })
  })
})
defineSpecial('LET', 3, MANY, (nodes, { evaluate, scope }) => {
  let inner = scope
  for (let i = 0; i + 1 < nodes.length; i += 2) {
    const name = nameOf(nodes[i] as Node, 'LET')
    const value = evaluate(nodes[i + 1] as Node, inner)
    inner = { ...inner, variables: new Map(inner.variables).set(name, value) }
  }
  return evaluate(nodes.at(-1) as Node, inner)
})

/** A single result of a LAMBDA; arrays are refused where one value must stand. */
function one({ name, scope }: Context, value: Value): Scalar {
  if ((value instanceof Matrix || value instanceof Reference) && value.height * value.width > 1)
    return fault('VALUE', `Single value expected. Nested array results are not supported in ${name}.`)
  return scalarOf(value, scope)
}

define('MAP', 'r r*', (context, ...args) => {
  const lambda = args.at(-1)
  if (!(lambda instanceof Lambda)) return raise('VALUE', 'Function MAP expects a LAMBDA as its last argument.')
  const tables = args.slice(0, -1).map(fullMatrix)
  const first = tables[0]
  if (!first) return raise('N_A', 'Function MAP expects an array.')
  return Matrix.of(first.height, first.width, (row, column) =>
    one(context, lambda.call(tables.map((table) => table.at(row, column)))),
  )
})
define('REDUCE', 'r r f', (_, initial, table, lambda) =>
  fullMatrix(table)
    .flat()
    .reduce<Value>((total, value) => lambda.call([total, value]), initial),
)
define('SCAN', 'r r f', (context, initial, table, lambda) => {
  let total: Value = initial
  const source = fullMatrix(table)
  return Matrix.of(source.height, source.width, (row, column) => {
    total = lambda.call([total, source.at(row, column)])
    return one(context, total)
  })
})
/** The rows or columns of an argument: parts of a range stay ranges. */
function lines({ scope }: Context, value: Value, byRow: boolean): Value[] {
  const table = fullMatrix(value)
  const count = byRow ? table.height : table.width
  return Array.from({ length: count }, (_, at) => {
    if (value instanceof Reference) {
      const { top, left, bottom, right } = value.area
      const area = byRow
        ? { top: top + at, left, bottom: top + at + 1, right }
        : { top, left: left + at, bottom, right: left + at + 1 }
      return rangeAt(value.sheetId, area, scope)
    }
    return byRow ? new Matrix([table.rows[at] ?? []]) : Matrix.column(table.rows.map((row) => row[at] ?? null))
  })
}
define('BYROW', 'r f', (context, table, lambda) =>
  Matrix.column(lines(context, table, true).map((line) => one(context, lambda.call([line])))),
)
define(
  'BYCOL',
  'r f',
  (context, table, lambda) =>
    new Matrix([lines(context, table, false).map((line) => one(context, lambda.call([line])))]),
)
define('MAKEARRAY', 'n n f', (context, rows, columns, lambda) =>
  Matrix.of(rows, columns, (row, column) => one(context, lambda.call([row + 1, column + 1]))),
)
