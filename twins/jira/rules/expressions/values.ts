import { EvaluationError } from './ast.ts'

/** An object of Jira within an expression: an issue, a user. Its properties are worked out when asked for. */
export class Bean {
  readonly type: string
  readonly properties: Readonly<Record<string, () => unknown>>
  /** What a result shows of it. */
  readonly json: () => unknown
  /** Tells whether two are the same. */
  readonly identity: string

  constructor(
    type: string,
    identity: string,
    properties: Readonly<Record<string, () => unknown>>,
    json: () => unknown,
  ) {
    this.type = type
    this.identity = `${type} ${identity}`
    this.properties = properties
    this.json = json
  }
}

export type Callable = (...given: unknown[]) => unknown

/** Entity properties: any key may be asked for. */
export class Bag {
  readonly get: (key: string) => unknown
  constructor(get: (key: string) => unknown) {
    this.get = get
  }
}

/** An instant. */
export class Moment {
  readonly at: number
  constructor(at: number) {
    this.at = at
  }
}

export function typeName(value: unknown): string {
  if (value === null || value === undefined) return 'null'
  if (Array.isArray(value)) return 'List'
  if (value instanceof Bean) return value.type
  if (value instanceof Moment) return 'Date'
  if (typeof value === 'object') return 'Map'
  return { string: 'String', number: 'Number', boolean: 'Boolean' }[typeof value as string] ?? 'Function'
}

/** Whether two values are equal: lists and maps by what they hold, beans by which they are. */
export function equal(a: unknown, b: unknown): boolean {
  if (a instanceof Bean && b instanceof Bean) return a.identity === b.identity
  if (a instanceof Moment && b instanceof Moment) return a.at === b.at
  if (Array.isArray(a) && Array.isArray(b)) return a.length === b.length && a.every((item, at) => equal(item, b[at]))
  return (a ?? null) === (b ?? null)
}

/** `<0`, `0` or `>0`; only numbers, strings and dates have an order. */
export function compare(a: unknown, b: unknown): number {
  if (a instanceof Moment && b instanceof Moment) return a.at - b.at
  if (typeof a === 'number' && typeof b === 'number') return a - b
  if (typeof a === 'string' && typeof b === 'string') return a < b ? -1 : a > b ? 1 : 0
  throw new EvaluationError(`${typeName(a)} and ${typeName(b)} cannot be compared`)
}

/** A result as JSON. */
export function toJson(value: unknown): unknown {
  if (value instanceof Bean) return value.json()
  if (value instanceof Moment) return new Date(value.at).toISOString()
  if (Array.isArray(value)) return value.map(toJson)
  if (typeof value === 'function' || value instanceof Bag)
    throw new EvaluationError('The result cannot be shown as JSON')
  if (typeof value === 'object' && value !== null)
    return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, toJson(item)]))
  return value ?? null
}

export const toText = (value: unknown): string => {
  const json = toJson(value)
  return typeof json === 'string' ? json : JSON.stringify(json)
}
