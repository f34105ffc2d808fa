import { fullMatrix, isMulti, matrixOf, scalarOf, toBoolean } from '../coerce.ts'
import type { Node } from '../parser.ts'
import { broadcast, type Context, define, defineSpecial, element } from '../registry.ts'
import { CellError, compare, Fault, fault, Matrix, raise, type Scalar, settle, type Value } from '../values.ts'

const MANY = Number.POSITIVE_INFINITY

/** A choice made for a single condition, or for every element of one inside ARRAYFORMULA. */
function choose(
  { evaluate, scope }: Context,
  condition: Node,
  pick: (condition: Scalar) => Node | undefined,
  otherwise: Scalar,
): Value {
  const value = evaluate(condition, scope)
  if (!scope.array || !isMulti(value)) {
    const branch = pick(scalarOf(value, scope))
    return branch ? evaluate(branch, scope) : otherwise
  }
  const conditions = fullMatrix(value)
  const branches = new Map<Node, Matrix>()
  const branchOf = (node: Node) => {
    let matrix = branches.get(node)
    if (!matrix) {
      matrix = fullMatrix(evaluate(node, scope))
      branches.set(node, matrix)
    }
    return matrix
  }
  return broadcast([conditions], (row, column) =>
    settle(() => {
      const branch = pick(conditions.at(row, column))
      return branch ? element(branchOf(branch), row, column) : otherwise
    }),
  )
}

defineSpecial('IF', 2, 3, ([condition, yes, no], context) =>
  choose(context, condition as Node, (value) => (toBoolean(value, 'IF', 1) ? yes : no), false),
)

/** A value where errors matter: `replace` decides which ones give way to the fallback. */
function rescue(nodes: readonly Node[], { evaluate, scope }: Context, replace: (error: CellError) => boolean): Value {
  const value = evaluate(nodes[0] as Node, scope)
  const fallback = () => (nodes[1] ? evaluate(nodes[1], scope) : null)
  if (value instanceof CellError) return replace(value) ? fallback() : value
  if (!isMulti(value)) {
    const scalar = scalarOf(value, scope)
    return scalar instanceof CellError && replace(scalar) ? fallback() : value
  }
  const matrix = fullMatrix(value)
  if (!matrix.flat().some((cell) => cell instanceof CellError && replace(cell))) return value
  const substitute = fullMatrix(fallback())
  return Matrix.of(matrix.height, matrix.width, (row, column) => {
    const cell = matrix.at(row, column)
    return cell instanceof CellError && replace(cell) ? element(substitute, row, column) : cell
  })
}
defineSpecial('IFERROR', 1, 2, (nodes, context) => rescue(nodes, context, () => true))
defineSpecial('IFNA', 2, 2, (nodes, context) => rescue(nodes, context, ({ type }) => type === 'N_A'))

defineSpecial('IFS', 2, MANY, (nodes, context) => {
  for (let i = 0; i + 1 < nodes.length; i += 2) {
    const value = scalarOf(context.evaluate(nodes[i] as Node, context.scope), context.scope)
    if (toBoolean(value, 'IFS', i + 1)) return context.evaluate(nodes[i + 1] as Node, context.scope)
  }
  return fault('N_A', 'No match.')
})
defineSpecial('SWITCH', 3, MANY, (nodes, { evaluate, scope }) => {
  const subject = scalarOf(evaluate(nodes[0] as Node, scope), scope)
  if (subject instanceof CellError) return subject
  for (let i = 1; i + 1 < nodes.length; i += 2) {
    const candidate = scalarOf(evaluate(nodes[i] as Node, scope), scope)
    if (candidate instanceof CellError) return candidate
    if (compare(subject, candidate) === 0) return evaluate(nodes[i + 1] as Node, scope)
  }
  return nodes.length % 2 === 0
    ? evaluate(nodes.at(-1) as Node, scope)
    : fault('N_A', 'Function SWITCH did not match any case.')
})
defineSpecial('CHOOSE', 2, MANY, ([index, ...choices], { evaluate, scope }) => {
  const at = scalarOf(evaluate(index as Node, scope), scope)
  if (at instanceof CellError) return at
  const node = choices[Math.trunc(Number(at)) - 1]
  return node
    ? evaluate(node, scope)
    : raise(
        'NUM',
        `Function CHOOSE parameter 1 value is ${at}. Valid values are between 1 and ${choices.length} inclusive.`,
      )
})

/** Truth values of arguments; text in ranges does not count. */
function truths({ name }: Context, args: readonly Value[]): boolean[] {
  const result = args.flatMap((arg, position) => {
    const ranged = isMulti(arg)
    return matrixOf(arg)
      .flat()
      .flatMap((value) => {
        if (value instanceof CellError) throw new Fault(value)
        return ranged && (value === null || typeof value === 'string') ? [] : [toBoolean(value, name, position + 1)]
      })
  })
  return result.length > 0 ? result : raise('VALUE', `${name} has no valid input data.`)
}
define('AND', 'r r*', (context, ...args) => truths(context, args).every(Boolean))
define('OR', 'r r*', (context, ...args) => truths(context, args).some(Boolean))
define('XOR', 'r r*', (context, ...args) => truths(context, args).filter(Boolean).length % 2 === 1)
define('NOT', 'b', (_, value) => !value)
define('TRUE', '', () => true)
define('FALSE', '', () => false)
