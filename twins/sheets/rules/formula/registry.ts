import { fullMatrix, isMulti, type Plain, plain, scalarOf, toBoolean, toNumber, toText } from './coerce.ts'
import type { Node } from './parser.ts'
import type { Scope } from './scope.ts'
import { fault, Lambda, Matrix, raise, type Scalar, settle, type Value } from './values.ts'

/**
 * Kinds of parameters in a signature:
 * `n` number, `s` text, `b` boolean, `v` any value, `e` any value or error: single values, given element by element
 * inside ARRAYFORMULA; `r` as it is: a range stays a range; `a` all values of an argument that is evaluated as an
 * array; `f` a LAMBDA. `?` marks an optional parameter, `*` any number of them.
 */
interface Kinds {
  n: number
  s: string
  b: boolean
  v: Plain
  e: Scalar
  r: Value
  a: Matrix
  f: Lambda
}

type Parameter<P> = P extends `${infer K extends keyof Kinds}?`
  ? [Kinds[K] | undefined]
  : P extends `${infer K extends keyof Kinds}*`
    ? Kinds[K][]
    : P extends keyof Kinds
      ? [Kinds[P]]
      : []
type Parameters<S> = S extends `${infer Head} ${infer Tail}` ? [...Parameter<Head>, ...Parameters<Tail>] : Parameter<S>

/** What an implementation may ask beside its arguments. */
export interface Context {
  readonly name: string
  readonly scope: Scope
  /** Evaluates in the caller's scope. */
  readonly evaluate: (node: Node, scope: Scope) => Value
}

export interface FunctionDefinition {
  readonly name: string
  readonly minimum: number
  readonly maximum: number
  readonly call: (nodes: readonly Node[], context: Context) => Value
}

export const functions = new Map<string, FunctionDefinition>()

interface Slot {
  readonly kind: keyof Kinds
  readonly optional: boolean
  readonly repeated: boolean
}

const slotsOf = (signature: string): Slot[] =>
  signature === ''
    ? []
    : signature.split(' ').map((part) => ({
        kind: part[0] as keyof Kinds,
        optional: part.endsWith('?'),
        repeated: part.endsWith('*'),
      }))

/**
 * Adds a function to the library.
 *
 * @example define('ROUND', 'n n?', (_, value, places = 0) => round(value, places))
 */
export function define<const S extends string>(
  names: string,
  signature: S,
  implementation: (context: Context, ...args: Parameters<S>) => Value,
): void {
  const slots = slotsOf(signature)
  const repeated = slots.findIndex((slot) => slot.repeated)
  const minimum = slots.filter((slot) => !slot.optional && !slot.repeated).length
  const run = implementation as (context: Context, ...args: unknown[]) => Value // the signature types the arguments
  for (const name of names.split(' ')) {
    functions.set(name, {
      name,
      minimum,
      maximum: repeated < 0 ? slots.length : Number.POSITIVE_INFINITY,
      call: (nodes, context) => call(nodes, { ...context, name }, slots, run),
    })
  }
}

/** Adds a function that evaluates its own arguments: conditions, LET, LAMBDA. */
export function defineSpecial(
  name: string,
  minimum: number,
  maximum: number,
  call: (nodes: readonly Node[], context: Context) => Value,
): void {
  functions.set(name, { name, minimum, maximum, call })
}

function slotAt(slots: readonly Slot[], position: number): Slot {
  const last = slots.length - 1
  return slots[Math.min(position, last)] as Slot
}

const isScalarKind = (kind: keyof Kinds) => 'nsbve'.includes(kind)

function call(
  nodes: readonly Node[],
  context: Context,
  slots: readonly Slot[],
  run: (context: Context, ...args: unknown[]) => Value,
): Value {
  const { scope, evaluate } = context
  const values = nodes.map((node, position) => {
    const { kind, optional } = slotAt(slots, position)
    if (node.kind === 'blank') return optional ? undefined : null
    return evaluate(node, kind === 'a' && !scope.array ? { ...scope, array: true } : scope)
  })
  const prepare = (value: Value | undefined, position: number): unknown =>
    value === undefined ? undefined : coerced(value, slotAt(slots, position).kind, position + 1, context)
  const lifted = values.filter(
    (value, position): value is Matrix =>
      value !== undefined && isScalarKind(slotAt(slots, position).kind) && scope.array && isMulti(value),
  )
  if (lifted.length === 0) return run(context, ...values.map(prepare))
  const arrays = values.map((value, position) =>
    value !== undefined && isScalarKind(slotAt(slots, position).kind) && isMulti(value) ? fullMatrix(value) : value,
  )
  const whole = arrays.map((value, position) =>
    isScalarKind(slotAt(slots, position).kind) ? undefined : prepare(value, position),
  )
  return broadcast(
    arrays.filter((value): value is Matrix => value instanceof Matrix),
    (row, column) =>
      settle(() =>
        scalarOf(
          run(
            context,
            ...arrays.map((value, position) => {
              if (!isScalarKind(slotAt(slots, position).kind)) return whole[position]
              return prepare(value instanceof Matrix ? element(value, row, column) : value, position)
            }),
          ),
          scope,
        ),
      ),
  )
}

/** A matrix as large as the largest; single rows and columns are repeated, what is missing is #N/A. */
export function broadcast(inputs: readonly Matrix[], value: (row: number, column: number) => Scalar): Matrix {
  const height = Math.max(...inputs.map((input) => input.height))
  const width = Math.max(...inputs.map((input) => input.width))
  return Matrix.of(height, width, value)
}

export function element(matrix: Matrix, row: number, column: number): Scalar {
  const r = matrix.height === 1 ? 0 : row
  const c = matrix.width === 1 ? 0 : column
  return r < matrix.height && c < matrix.width ? matrix.at(r, c) : fault('N_A')
}

function coerced(value: Value, kind: keyof Kinds, position: number, { name, scope }: Context): unknown {
  switch (kind) {
    case 'n':
      return toNumber(scalarOf(value, scope), scope, name, position)
    case 's':
      return toText(scalarOf(value, scope))
    case 'b':
      return toBoolean(scalarOf(value, scope), name, position)
    case 'v':
      return plain(scalarOf(value, scope))
    case 'e':
      return scalarOf(value, scope)
    case 'a':
      return fullMatrix(value)
    case 'f':
      return value instanceof Lambda
        ? value
        : raise('VALUE', `Function ${name} parameter ${position} expects lambda values.`)
    default:
      return value
  }
}

/** The error for a wrong number of arguments, in Sheets' words. */
export function arityFault({ name, minimum, maximum }: FunctionDefinition, count: number) {
  const expected =
    maximum === Number.POSITIVE_INFINITY
      ? `at least ${minimum}`
      : minimum === maximum
        ? `${minimum}`
        : `between ${minimum} and ${maximum}`
  return fault(
    'N_A',
    `Wrong number of arguments to ${name}. Expected ${expected} arguments, but got ${count} arguments.`,
  )
}
