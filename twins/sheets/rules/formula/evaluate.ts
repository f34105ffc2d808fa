import { within } from '../a1.ts'
import type { Area } from '../address.ts'
import { fullMatrix, isMulti, scalarOf, shownText, toNumber } from './coerce.ts'
import type { BinaryOperator, Node } from './parser.ts'
import { arityFault, broadcast, element, functions } from './registry.ts'
import { resultFormat } from './result-format.ts'
import type { Scope } from './scope.ts'
import {
  CellError,
  compare,
  ERROR_CODES,
  type ErrorType,
  Fault,
  fault,
  Lambda,
  Matrix,
  MISSING_REFERENCE,
  Reference,
  raise,
  type Scalar,
  settle,
  type Value,
} from './values.ts'

/** Names under which Sheets reports the arguments of operators. */
const OPERATOR_NAMES: Readonly<Record<BinaryOperator, string>> = {
  '+': 'ADD',
  '-': 'MINUS',
  '*': 'MULTIPLY',
  '/': 'DIVIDE',
  '^': 'POW',
  '&': 'CONCAT',
  '=': 'EQ',
  '<>': 'NE',
  '<': 'LT',
  '<=': 'LTE',
  '>': 'GT',
  '>=': 'GTE',
}

/** The value of an expression; errors are values. */
export function evaluate(node: Node, scope: Scope): Value {
  try {
    return valueAt(node, scope)
  } catch (error) {
    if (error instanceof Fault) return error.error
    throw error
  }
}

function valueAt(node: Node, scope: Scope): Value {
  switch (node.kind) {
    case 'number':
    case 'string':
    case 'boolean':
      return node.value
    case 'blank':
      return null
    case 'error':
      return errorLiteral(node.code)
    case 'reference':
      return reference(node, scope)
    case 'name':
      return nameValue(node.name, scope)
    case 'table':
      return located(
        scope.host.table(node.table, node.part, scope.row),
        `Unknown range name: '${node.table.toUpperCase()}'.`,
        scope,
      )
    case 'call':
      return callFunction(node, scope)
    case 'invoke':
      return invoke(evaluate(node.callee, scope), node.args, scope)
    case 'negate':
      return elementwise(scope, 'UMINUS', [node.operand], ([value]) => -toNumber(value as Scalar, scope, 'UMINUS', 1))
    case 'plus':
      return evaluate(node.operand, scope)
    case 'percent':
      return elementwise(
        scope,
        'UNARY_PERCENT',
        [node.operand],
        ([value]) => toNumber(value as Scalar, scope, 'UNARY_PERCENT', 1) / 100,
      )
    case 'binary':
      return binary(node.operator, node.left, node.right, scope)
    case 'array':
      return arrayLiteral(node.rows, scope)
    case 'span':
      return span(evaluate(node.left, scope), evaluate(node.right, scope), scope)
  }
}

function errorLiteral(code: string): CellError {
  const type = (Object.keys(ERROR_CODES) as ErrorType[]).find((key) => ERROR_CODES[key] === code) ?? 'ERROR'
  return fault(type)
}

function reference(node: Extract<Node, { kind: 'reference' }>, scope: Scope): Value {
  if (!node.cells) return MISSING_REFERENCE
  const sheetId = node.sheet === undefined ? scope.sheetId : scope.host.sheetId(node.sheet)
  const size = sheetId === undefined ? undefined : scope.host.size(sheetId)
  if (sheetId === undefined || !size) return fault('REF', `Unresolved sheet name '${node.sheet}'.`)
  return rangeAt(sheetId, within(node.cells, size.rows, size.columns), scope)
}

/** A range of a sheet as a value. */
export function rangeAt(sheetId: number, area: Area, { host }: Scope): Reference {
  return new Reference(sheetId, area, () => host.read(sheetId, area))
}

function nameValue(name: string, scope: Scope): Value {
  const bound = scope.variables?.get(name.toUpperCase())
  if (bound !== undefined) return bound
  return located(scope.host.named(name), `Unknown range name: '${name.toUpperCase()}'.`, scope)
}

function located(found: { sheetId: number; area: Area } | CellError | undefined, missing: string, scope: Scope): Value {
  if (found === undefined) return fault('NAME', missing)
  return found instanceof CellError ? found : rangeAt(found.sheetId, found.area, scope)
}

function callFunction({ name, written, args }: Extract<Node, { kind: 'call' }>, scope: Scope): Value {
  const bound = scope.variables?.get(name)
  if (bound instanceof Lambda) return invoke(bound, args, scope)
  const definition = functions.get(name)
  if (!definition) return fault('NAME', `Unknown function: '${written}'.`)
  const count = args.length === 1 && args[0]?.kind === 'blank' && definition.minimum === 0 ? 0 : args.length
  if (count < definition.minimum || count > definition.maximum) return arityFault(definition, count)
  return definition.call(args, { name, scope, evaluate })
}

function invoke(callee: Value, args: readonly Node[], scope: Scope): Value {
  if (callee instanceof CellError) return callee
  if (!(callee instanceof Lambda)) return raise('NAME', 'Only a LAMBDA can be called.')
  return callee.call(args.map((node) => evaluate(node, scope)))
}

/** Applies an operator to single values, or inside ARRAYFORMULA to every element. */
function elementwise(
  scope: Scope,
  _name: string,
  operands: readonly Node[],
  apply: (values: readonly Scalar[]) => Scalar,
): Value {
  const values = operands.map((node) => evaluate(node, scope))
  if (!scope.array || !values.some(isMulti)) return apply(values.map((value) => scalarOf(value, scope)))
  const arrays = values.map((value) => (isMulti(value) ? fullMatrix(value) : scalarOf(value, scope)))
  const matrices = arrays.filter((value) => value instanceof Matrix)
  return broadcast(matrices, (row, column) =>
    settle(() => apply(arrays.map((value) => (value instanceof Matrix ? element(value, row, column) : value)))),
  )
}

function binary(operator: BinaryOperator, left: Node, right: Node, scope: Scope): Value {
  if (operator === '&') return concatenation(left, right, scope)
  const name = OPERATOR_NAMES[operator]
  return elementwise(scope, name, [left, right], ([a, b]) => operate(operator, a as Scalar, b as Scalar, scope))
}

/** `&` shows a date the way its cell does, so it looks at ranges before their values. */
function concatenation(left: Node, right: Node, scope: Scope): Value {
  const values = [evaluate(left, scope), evaluate(right, scope)] as const
  if (scope.array && values.some(isMulti)) {
    const arrays = values.map((value) => fullMatrix(value))
    return broadcast(arrays, (row, column) =>
      settle(() => arrays.map((value) => shownText(element(value, row, column), scope)).join('')),
    )
  }
  return [left, right].map((node, at) => shownText(values[at] as Value, scope, resultFormat(node, scope))).join('')
}

export function operate(operator: BinaryOperator, left: Scalar, right: Scalar, scope: Scope): Scalar {
  if (left instanceof CellError) return left
  if (right instanceof CellError) return right
  switch (operator) {
    case '=':
      return compare(left, right) === 0
    case '<>':
      return compare(left, right) !== 0
    case '<':
      return compare(left, right) < 0
    case '>':
      return compare(left, right) > 0
    case '<=':
      return compare(left, right) <= 0
    case '>=':
      return compare(left, right) >= 0
    default:
      return arithmetic(operator, left, right, scope)
  }
}

function arithmetic(operator: BinaryOperator, left: Scalar, right: Scalar, scope: Scope): Scalar {
  const name = OPERATOR_NAMES[operator]
  const a = toNumber(left, scope, name, 1)
  const b = toNumber(right, scope, name, 2)
  switch (operator) {
    case '+':
      return finite(a + b, name)
    case '-':
      return finite(a - b, name)
    case '*':
      return finite(a * b, name)
    case '/':
      return b === 0 ? raise('DIVIDE_BY_ZERO', 'Function DIVIDE parameter 2 cannot be zero.') : a / b
    default:
      return power(a, b, name)
  }
}

export function power(base: number, exponent: number, name: string): number {
  if (base === 0 && exponent === 0) return raise('NUM', `Function ${name} caused a divide by zero error.`)
  if (base === 0 && exponent < 0) return raise('DIVIDE_BY_ZERO', `Function ${name} caused a divide by zero error.`)
  return finite(base ** exponent, name)
}

/** A result that is a number; too large or undefined ones are #NUM!. */
export function finite(value: number, name: string): number {
  return Number.isFinite(value)
    ? value
    : raise('NUM', `Function ${name} evaluates to an out of range or imaginary number.`)
}

function arrayLiteral(rows: readonly (readonly Node[])[], scope: Scope): Value {
  const bands = rows.map((row) => {
    const blocks = row.map((node) => fullMatrix(evaluate(node, scope)))
    const height = Math.max(...blocks.map((block) => block.height))
    if (blocks.some((block) => block.height !== height)) raise('VALUE', mismatch('rows'))
    return Array.from({ length: height }, (_, line) => blocks.flatMap((block) => block.rows[line] ?? []))
  })
  const width = bands[0]?.[0]?.length ?? 0
  if (bands.some((band) => band.some((row) => row.length !== width))) raise('VALUE', mismatch('columns'))
  return bands.length === 0 ? fault('REF', 'Reference does not exist.') : new Matrix(bands.flat())
}

const mismatch = (what: string) => `In ARRAY_LITERAL, an Array Literal was missing values for one or more ${what}.`

function span(left: Value, right: Value, scope: Scope): Value {
  if (left instanceof CellError) return left
  if (right instanceof CellError) return right
  if (!(left instanceof Reference && right instanceof Reference)) return raise('REF', 'Reference does not exist.')
  const area = {
    top: Math.min(left.area.top, right.area.top),
    left: Math.min(left.area.left, right.area.left),
    bottom: Math.max(left.area.bottom, right.area.bottom),
    right: Math.max(left.area.right, right.area.right),
  }
  return rangeAt(left.sheetId, area, scope)
}
