/**
 * The SCIM-like language of `filter` and `search`:
 *
 *     expression := and { "or" and }
 *     and        := term { "and" term }
 *     term       := "not" term | "(" expression ")" | attribute "pr" | attribute operator value
 *     value      := "string" | number | true | false | null | bare-word
 *
 * `and` binds tighter than `or`; keywords and operators in any case, attribute names as they are.
 */
export type Filter =
  | { readonly kind: 'and' | 'or'; readonly left: Filter; readonly right: Filter }
  | { readonly kind: 'not'; readonly of: Filter }
  | { readonly kind: 'test'; readonly attribute: string; readonly operator: Operator; readonly value: Scalar }

export type Operator = 'eq' | 'ne' | 'sw' | 'ew' | 'co' | 'gt' | 'ge' | 'lt' | 'le' | 'pr'
export type Scalar = string | number | boolean | null

const OPERATORS: ReadonlySet<string> = new Set(['eq', 'ne', 'sw', 'ew', 'co', 'gt', 'ge', 'lt', 'le', 'pr'])

/** Text that is no filter. Callers word it as their endpoint does. */
export class FilterError extends Error {}

/** Deeper nesting than any client writes. */
const MAX_DEPTH = 64

/**
 * Parses a filter.
 *
 * @throws {FilterError}
 * @example parseFilter('status eq "ACTIVE" and (profile.city sw "San" or profile.city pr)')
 */
export function parseFilter(text: string): Filter {
  const tokens = tokenize(text)
  let position = 0
  const peek = () => tokens[position]
  const word = (name: string) => peek()?.kind === 'word' && peek()?.text.toLowerCase() === name

  const expression = (depth: number): Filter => {
    if (depth > MAX_DEPTH) throw new FilterError('Nested too deeply')
    let left = conjunction(depth)
    while (word('or')) {
      position++
      left = { kind: 'or', left, right: conjunction(depth) }
    }
    return left
  }
  const conjunction = (depth: number): Filter => {
    let left = term(depth)
    while (word('and')) {
      position++
      left = { kind: 'and', left, right: term(depth) }
    }
    return left
  }
  const term = (depth: number): Filter => {
    const token = tokens[position++]
    if (!token) throw new FilterError('Expression ends early')
    if (token.kind === '(') {
      const inner = expression(depth + 1)
      if (tokens[position++]?.kind !== ')') throw new FilterError('Missing )')
      return inner
    }
    if (token.kind !== 'word') throw new FilterError(`Unexpected ${token.text}`)
    if (token.text.toLowerCase() === 'not') return { kind: 'not', of: term(depth + 1) }
    return test(token.text)
  }
  const test = (attribute: string): Filter => {
    const named = tokens[position++]
    const operator = named?.text.toLowerCase()
    if (named?.kind !== 'word' || operator === undefined || !OPERATORS.has(operator)) {
      throw new FilterError(`Operator expected after ${attribute}`)
    }
    if (operator === 'pr') return { kind: 'test', attribute, operator, value: null }
    const value = tokens[position++]
    if (!value || value.kind === '(' || value.kind === ')') throw new FilterError(`Value expected after ${operator}`)
    return { kind: 'test', attribute, operator: operator as Operator, value: scalar(value) }
  }

  const parsed = expression(0)
  if (position < tokens.length) throw new FilterError(`Unexpected ${tokens[position]?.text}`)
  return parsed
}

interface Token {
  readonly kind: 'word' | 'string' | '(' | ')'
  readonly text: string
}

const TOKEN = /\s+|([()])|"((?:[^"\\]|\\.)*)"|([^\s()"]+)/gy

function tokenize(text: string): Token[] {
  const tokens: Token[] = []
  let at = 0
  for (const match of text.matchAll(TOKEN)) {
    at = match.index + match[0].length
    if (match[1]) tokens.push({ kind: match[1] as '(' | ')', text: match[1] })
    else if (match[2] !== undefined) tokens.push({ kind: 'string', text: unquoted(match[2]) })
    else if (match[3]) tokens.push({ kind: 'word', text: match[3] })
  }
  if (at !== text.length) throw new FilterError('Unterminated string')
  return tokens
}

function unquoted(raw: string): string {
  if (!raw.includes('\\')) return raw
  try {
    return JSON.parse(`"${raw}"`)
  } catch {
    throw new FilterError('Bad escape in string')
  }
}

function scalar({ kind, text }: Token): Scalar {
  if (kind === 'string') return text
  if (text === 'true') return true
  if (text === 'false') return false
  if (text === 'null') return null
  return /^-?\d+(\.\d+)?$/.test(text) ? Number(text) : text
}

/** What an endpoint allows in its filters. */
export interface FilterRules {
  /** Operators by attribute; `undefined` when the attribute cannot be filtered on. */
  operators(attribute: string): readonly Operator[] | undefined
  readonly not?: boolean
}

/** Checks a filter against what its endpoint allows. @throws {FilterError} */
export function checkFilter(filter: Filter, rules: FilterRules): void {
  if (filter.kind === 'and' || filter.kind === 'or') {
    checkFilter(filter.left, rules)
    checkFilter(filter.right, rules)
  } else if (filter.kind === 'not') {
    if (!rules.not) throw new FilterError('not is not supported')
    checkFilter(filter.of, rules)
  } else if (filter.kind === 'test' && !rules.operators(filter.attribute)?.includes(filter.operator)) {
    throw new FilterError(`${filter.attribute} ${filter.operator} is not supported`)
  }
}

/** How values are compared. */
export interface Comparison {
  /** `search` ignores the case of strings, `filter` does not. */
  readonly ignoreCase: boolean
}

/**
 * Whether an object passes. `read` gives an attribute's value; of an array any element may match.
 *
 * @example matches(parseFilter('status eq "ACTIVE"'), (name) => user[name], { ignoreCase: true })
 */
export function matches(filter: Filter, read: (attribute: string) => unknown, comparison: Comparison): boolean {
  switch (filter.kind) {
    case 'and':
      return matches(filter.left, read, comparison) && matches(filter.right, read, comparison)
    case 'or':
      return matches(filter.left, read, comparison) || matches(filter.right, read, comparison)
    case 'not':
      return !matches(filter.of, read, comparison)
    case 'test': {
      const found = read(filter.attribute)
      const values = Array.isArray(found) ? found : [found]
      if (filter.operator === 'ne') return values.every((value) => !holds('eq', value, filter.value, comparison))
      return values.some((value) => holds(filter.operator, value, filter.value, comparison))
    }
  }
}

function holds(operator: Operator, actual: unknown, wanted: Scalar, { ignoreCase }: Comparison): boolean {
  if (operator === 'pr') return actual !== undefined && actual !== null && actual !== ''
  if (actual === undefined || actual === null) return operator === 'eq' && wanted === null
  const fold = (value: unknown) => (ignoreCase ? String(value).toLowerCase() : String(value))
  const left = fold(actual)
  const right = fold(wanted)
  switch (operator) {
    case 'eq':
      return left === right || (isDate(left) && isDate(right) && Date.parse(left) === Date.parse(right))
    case 'sw':
      return left.startsWith(right)
    case 'ew':
      return left.endsWith(right)
    case 'co':
      return left.includes(right)
    default:
      return ordered(operator, compare(actual, wanted, left, right))
  }
}

function compare(actual: unknown, wanted: Scalar, left: string, right: string): number {
  if (typeof actual === 'number' && typeof wanted === 'number') return actual - wanted
  if (isDate(left) && isDate(right)) return Date.parse(left) - Date.parse(right)
  return left < right ? -1 : left > right ? 1 : 0
}

function ordered(operator: Operator, order: number): boolean {
  if (operator === 'gt') return order > 0
  if (operator === 'ge') return order >= 0
  if (operator === 'lt') return order < 0
  return operator === 'le' && order <= 0
}

const isDate = (text: string): boolean => /^\d{4}-\d\d-\d\d(t[\d:.]+(z|[+-]\d\d:?\d\d)?)?$/i.test(text)
