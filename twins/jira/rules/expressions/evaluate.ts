import { EvaluationError, type Node } from './ast.ts'
import { membersOf, truth } from './methods.ts'
import { Bag, Bean, compare, equal, Moment, toText, typeName } from './values.ts'

/** Names an expression can use. */
export type Scope = Readonly<Record<string, unknown>>

/** What an evaluation cost. */
export interface Cost {
  steps: number
  expensive: number
  beans: number
}

export const STEP_LIMIT = 10_000
export const EXPENSIVE_LIMIT = 10

/** Properties that Jira loads one by one. */
export const EXPENSIVE: readonly string[] = [
  'attachments',
  'changelogs',
  'comments',
  'links',
  'properties',
  'subtasks',
  'stories',
  'watchers',
  'worklogs',
]

/**
 * The value of an expression.
 *
 * @throws {@link EvaluationError} for names and properties that are not there, wrong types, and work without end
 */
export function evaluate(node: Node, scope: Scope, now: number, cost: Cost): unknown {
  if (++cost.steps > STEP_LIMIT) throw new EvaluationError(`The expression exceeded the limit of ${STEP_LIMIT} steps`)
  const of = (part: Node) => evaluate(part, scope, now, cost)
  switch (node.kind) {
    case 'literal':
      return node.value
    case 'template':
      return node.parts.map((part) => (typeof part === 'string' ? part : toText(of(part)))).join('')
    case 'name':
      if (!Object.hasOwn(scope, node.name)) throw new EvaluationError(`Unrecognized identifier: "${node.name}"`)
      return scope[node.name]
    case 'list':
      return node.items.map(of)
    case 'object':
      return Object.fromEntries(node.entries.map(({ key, value }) => [key, of(value)]))
    case 'member':
      return member(of(node.of), node, of, cost)
    case 'call': {
      const callee = of(node.callee)
      if (typeof callee !== 'function') throw new EvaluationError(`${typeName(callee)} is not a function`)
      return callee(...node.given.map(of))
    }
    case 'new':
      return made(node.name, node.given.map(of), now)
    case 'arrow':
      return (...given: unknown[]) => {
        const own = Object.fromEntries(node.names.map((name, at) => [name, given[at] ?? null]))
        return evaluate(node.body, { ...scope, ...own }, now, cost)
      }
    case 'unary':
      return unary(node.operator, of(node.operand))
    case 'binary':
      return binary(node, of)
    case 'choice':
      return truth(of(node.test)) ? of(node.yes) : of(node.no)
    case 'let':
      return evaluate(node.body, { ...scope, [node.name]: of(node.value) }, now, cost)
  }
}

function member(
  holder: unknown,
  node: Extract<Node, { kind: 'member' }>,
  of: (part: Node) => unknown,
  cost: Cost,
): unknown {
  const key = of(node.key)
  const name = String(key)
  if (holder === null || holder === undefined) {
    if (node.optional) return null
    throw new EvaluationError(`Cannot read property "${name}" of null`)
  }
  if (holder instanceof Bag) return holder.get(name)
  if (Array.isArray(holder) && typeof key === 'number') return holder[key] ?? null
  if (holder instanceof Bean) {
    if (EXPENSIVE.includes(name) && ++cost.expensive > EXPENSIVE_LIMIT)
      throw new EvaluationError(`The expression exceeded the limit of ${EXPENSIVE_LIMIT} expensive operations`)
    const read = Object.hasOwn(holder.properties, name) ? holder.properties[name] : undefined
    if (!read) throw unrecognized(holder, name)
    const value = read()
    if (value instanceof Bean) cost.beans++
    if (Array.isArray(value)) cost.beans += value.filter((item) => item instanceof Bean).length
    return value ?? null
  }
  const members = membersOf(holder)
  if (Object.hasOwn(members, name)) return members[name]
  if (typeName(holder) === 'Map') return Object.hasOwn(holder, name) ? (holder as Record<string, unknown>)[name] : null
  throw new EvaluationError(`Unrecognized property of ${typeName(holder)}: "${name}"`)
}

const unrecognized = (bean: Bean, name: string) =>
  new EvaluationError(
    `Unrecognized property of \`${bean.type.toLowerCase()}\`: "${name}". Available properties of type '${bean.type}' are: ${Object.keys(
      bean.properties,
    )
      .sort()
      .map((property) => `'${property}'`)
      .join(', ')}`,
  )

function made(name: string, [given]: readonly unknown[], now: number): unknown {
  if (name === 'Map') return {}
  if (name !== 'Date' && name !== 'CalendarDate') throw new EvaluationError(`Unrecognized type: "${name}"`)
  if (given === undefined) return new Moment(now)
  const at = given instanceof Moment ? given.at : typeof given === 'number' ? given : Date.parse(String(given))
  if (Number.isNaN(at)) throw new EvaluationError(`"${String(given)}" is not a date`)
  return new Moment(at)
}

function unary(operator: string, value: unknown): unknown {
  if (operator === '!') return !truth(value)
  if (operator === 'typeof') return typeName(value)
  return -number(value)
}

function number(value: unknown): number {
  if (typeof value !== 'number') throw new EvaluationError(`Number is expected instead of ${typeName(value)}`)
  return value
}

const ARITHMETIC: Readonly<Record<string, (a: number, b: number) => number>> = {
  '-': (a, b) => a - b,
  '*': (a, b) => a * b,
  '/': (a, b) => a / b,
  '%': (a, b) => a % b,
}

const ORDER: Readonly<Record<string, (order: number) => boolean>> = {
  '<': (order) => order < 0,
  '>': (order) => order > 0,
  '<=': (order) => order <= 0,
  '>=': (order) => order >= 0,
}

function binary({ operator, left, right }: Extract<Node, { kind: 'binary' }>, of: (part: Node) => unknown): unknown {
  const a = of(left)
  if (operator === '&&') return truth(a) && truth(of(right))
  if (operator === '||') return truth(a) || truth(of(right))
  if (operator === '??') return a ?? of(right)
  const b = of(right)
  if (operator === '==') return equal(a, b)
  if (operator === '!=') return !equal(a, b)
  const order = ORDER[operator]
  if (order) return order(compare(a, b))
  if (operator !== '+') return ARITHMETIC[operator]?.(number(a), number(b))
  return typeof a === 'number' && typeof b === 'number' ? a + b : toText(a) + toText(b)
}
