/**
 * The Okta expression language as group rules use it: comparisons and logic over `user.attribute`, group membership
 * functions, the String, Arrays, Convert, Time and Iso3166Convert libraries.
 */
export type Expression =
  | { readonly kind: 'value'; readonly value: unknown }
  | { readonly kind: 'list'; readonly items: readonly Expression[] }
  | { readonly kind: 'member'; readonly of: Expression | undefined; readonly name: string }
  | { readonly kind: 'index'; readonly of: Expression; readonly index: Expression }
  | {
      readonly kind: 'call'
      readonly of: Expression | undefined
      readonly name: string
      readonly arguments: readonly Expression[]
    }
  | { readonly kind: 'unary'; readonly operator: '!' | '-'; readonly of: Expression }
  | { readonly kind: 'binary'; readonly operator: Binary; readonly left: Expression; readonly right: Expression }
  | { readonly kind: 'choice'; readonly test: Expression; readonly yes: Expression; readonly no: Expression }

type Binary = '==' | '!=' | '<' | '>' | '<=' | '>=' | '&&' | '||' | '+' | '-' | '*' | '/' | '%' | 'matches'

/** Text that is no expression, or one that cannot be computed. */
export class ExpressionError extends Error {}

/** What an expression is about. */
export interface Scope {
  /** Names it can start from: `user`, `appuser`, `app`, `org`. */
  readonly names: Readonly<Record<string, unknown>>
  /** Groups of the user. */
  readonly groups: readonly { readonly id: string; readonly name: string }[]
  readonly now: number
  /** `user.getInternalProperty("status")`. */
  readonly internal?: Readonly<Record<string, unknown>>
}

interface Token {
  readonly kind: 'name' | 'text' | 'number' | 'sign' | 'end'
  readonly text: string
}

const TOKEN =
  /\s+|("(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*')|(\d+(?:\.\d+)?)|([A-Za-z_$][\w$]*)|(==|!=|<=|>=|&&|\|\||\?:|[-+*/%<>!?:.,()[\]{}])/gy

const WORDS: Readonly<Record<string, string>> = {
  and: '&&',
  or: '||',
  not: '!',
  eq: '==',
  ne: '!=',
  lt: '<',
  gt: '>',
  le: '<=',
  ge: '>=',
}

function tokenize(source: string): Token[] {
  const tokens: Token[] = []
  let at = 0
  for (const match of source.matchAll(TOKEN)) {
    at = match.index + match[0].length
    const [, text, number, name, sign] = match
    if (text !== undefined) tokens.push({ kind: 'text', text: text.slice(1, -1).replace(/\\(.)/g, '$1') })
    else if (number !== undefined) tokens.push({ kind: 'number', text: number })
    else if (sign !== undefined) tokens.push({ kind: 'sign', text: sign })
    else if (name !== undefined) {
      const word = tokens.at(-1)?.text === '.' ? undefined : WORDS[name.toLowerCase()]
      tokens.push(word ? { kind: 'sign', text: word } : { kind: 'name', text: name })
    }
  }
  if (at !== source.length) throw new ExpressionError(`Unexpected character '${source[at]}' at position ${at}`)
  tokens.push({ kind: 'end', text: 'end of expression' })
  return tokens
}

/** Operators from loosest to tightest. */
const LEVELS: readonly (readonly string[])[] = [
  ['||'],
  ['&&'],
  ['==', '!='],
  ['<', '>', '<=', '>=', 'matches'],
  ['+', '-'],
  ['*', '/', '%'],
]

const MAX_DEPTH = 100

/**
 * Parses an expression.
 *
 * @throws {ExpressionError}
 * @example parseExpression('user.department=="Sales" AND !isMemberOfAnyGroup("00g1")')
 */
export function parseExpression(source: string): Expression {
  const tokens = tokenize(source)
  let position = 0
  let depth = 0
  const peek = () => tokens[position] as Token
  const next = () => tokens[position++] as Token
  const is = (text: string) => peek().kind !== 'text' && peek().text === text
  const take = (text: string) => is(text) && !!next()
  const need = (text: string) => {
    if (!take(text)) throw new ExpressionError(`'${text}' expected, '${peek().text}' found`)
  }

  const expression = (): Expression => {
    if (++depth > MAX_DEPTH) throw new ExpressionError('Nested too deeply')
    const test = level(0)
    let result = test
    if (take('?')) {
      const yes = expression()
      need(':')
      result = { kind: 'choice', test, yes, no: expression() }
    } else if (take('?:')) {
      result = {
        kind: 'choice',
        test: { kind: 'binary', operator: '!=', left: test, right: NULL },
        yes: test,
        no: expression(),
      }
    }
    depth--
    return result
  }
  const level = (n: number): Expression => {
    const operators = LEVELS[n]
    if (!operators) return unary()
    let left = level(n + 1)
    while (peek().kind !== 'text' && operators.includes(peek().text)) {
      left = { kind: 'binary', operator: next().text as Binary, left, right: level(n + 1) }
    }
    return left
  }
  const unary = (): Expression => {
    if (++depth > MAX_DEPTH) throw new ExpressionError('Nested too deeply')
    const operator = is('!') || is('-') ? (next().text as '!' | '-') : undefined
    const result: Expression = operator ? { kind: 'unary', operator, of: unary() } : postfix(primary())
    depth--
    return result
  }
  const list = (end: string): Expression[] => {
    const items: Expression[] = []
    if (take(end)) return items
    do items.push(expression())
    while (take(','))
    need(end)
    return items
  }
  const primary = (): Expression => {
    const token = next()
    if (token.kind === 'text') return { kind: 'value', value: token.text }
    if (token.kind === 'number') return { kind: 'value', value: Number(token.text) }
    if (token.kind === 'name') {
      if (token.text in LITERALS) return { kind: 'value', value: LITERALS[token.text] }
      if (take('(')) return { kind: 'call', of: undefined, name: token.text, arguments: list(')') }
      return { kind: 'member', of: undefined, name: token.text }
    }
    if (token.text === '(') {
      const inner = expression()
      need(')')
      return inner
    }
    if (token.text === '{') return { kind: 'list', items: list('}') }
    throw new ExpressionError(`Unexpected '${token.text}'`)
  }
  const postfix = (start: Expression): Expression => {
    let of = start
    for (;;) {
      if (take('.')) {
        const name = next()
        if (name.kind !== 'name') throw new ExpressionError(`Name expected, '${name.text}' found`)
        of = take('(')
          ? { kind: 'call', of, name: name.text, arguments: list(')') }
          : { kind: 'member', of, name: name.text }
      } else if (take('[')) {
        of = { kind: 'index', of, index: expression() }
        need(']')
      } else return of
    }
  }

  const parsed = expression()
  if (peek().kind !== 'end') throw new ExpressionError(`Unexpected '${peek().text}'`)
  return parsed
}

const LITERALS: Readonly<Record<string, unknown>> = { true: true, false: false, null: null }
const NULL: Expression = { kind: 'value', value: null }

/** Computes an expression. @throws {ExpressionError} when a function is unknown or an argument of the wrong kind. */
export function evaluate(expression: Expression, scope: Scope): unknown {
  const of = (part: Expression): unknown => evaluate(part, scope)
  switch (expression.kind) {
    case 'value':
      return expression.value
    case 'list':
      return expression.items.map(of)
    case 'member':
      return expression.of ? member(of(expression.of), expression.name) : (scope.names[expression.name] ?? null)
    case 'index':
      return member(of(expression.of), String(of(expression.index)))
    case 'unary': {
      const value = of(expression.of)
      return expression.operator === '!' ? !truth(value) : -Number(value)
    }
    case 'choice':
      return truth(of(expression.test)) ? of(expression.yes) : of(expression.no)
    case 'binary':
      return binary(expression.operator, expression.left, expression.right, of)
    case 'call':
      return invoke(expression.of, expression.name, expression.arguments.map(of), of, scope)
  }
}

/** Whether an expression holds; one that cannot be computed does not. */
export function holds(expression: Expression, scope: Scope): boolean {
  try {
    return evaluate(expression, scope) === true
  } catch (error) {
    if (error instanceof ExpressionError) return false
    throw error
  }
}

const member = (of: unknown, name: string): unknown =>
  of !== null && typeof of === 'object' && Object.hasOwn(of, name) ? (of as Record<string, unknown>)[name] : null

const truth = (value: unknown): boolean => value === true || value === 'true'

function binary(operator: Binary, left: Expression, right: Expression, of: (part: Expression) => unknown): unknown {
  if (operator === '&&') return truth(of(left)) && truth(of(right))
  if (operator === '||') return truth(of(left)) || truth(of(right))
  const a = of(left)
  const b = of(right)
  switch (operator) {
    case '==':
      return equals(a, b)
    case '!=':
      return !equals(a, b)
    case 'matches':
      return pattern(String(b)).test(String(a ?? ''))
    case '+':
      return typeof a === 'number' && typeof b === 'number' ? a + b : `${a ?? ''}${b ?? ''}`
    case '-':
      return Number(a) - Number(b)
    case '*':
      return Number(a) * Number(b)
    case '/':
      return Number(a) / Number(b)
    case '%':
      return Number(a) % Number(b)
    default:
      return ordered(operator, a, b)
  }
}

function equals(a: unknown, b: unknown): boolean {
  if (a === null || b === null || a === undefined || b === undefined) return (a ?? null) === (b ?? null)
  if (Array.isArray(a) && Array.isArray(b)) return a.length === b.length && a.every((item, i) => equals(item, b[i]))
  // Okta compares strings of group rules without regard to case.
  if (typeof a === 'string' && typeof b === 'string') return a.toLowerCase() === b.toLowerCase()
  return a === b || String(a) === String(b)
}

function ordered(operator: '<' | '>' | '<=' | '>=', a: unknown, b: unknown): boolean {
  if (a === null || b === null || a === undefined || b === undefined) return false
  const numeric = typeof a === 'number' || typeof b === 'number'
  const [x, y] = numeric ? [Number(a), Number(b)] : [String(a), String(b)]
  if (operator === '<') return x < y
  if (operator === '>') return x > y
  return operator === '<=' ? x <= y : x >= y
}

function pattern(source: string): RegExp {
  try {
    return new RegExp(source)
  } catch {
    throw new ExpressionError(`Invalid regular expression: ${source}`)
  }
}

type Arguments = readonly unknown[]

function invoke(
  target: Expression | undefined,
  name: string,
  given: Arguments,
  of: (part: Expression) => unknown,
  scope: Scope,
): unknown {
  if (!target) {
    const groups = MEMBERSHIP[name]
    if (groups) return groups(scope.groups, given)
    if (/^has(Directory|Workday)User$/.test(name)) return false
    // Functions of the String library need not be called by its name: `substringAfter(user.email, '@')`, in traffic.
    const bare = STRING[name]
    if (bare) return bare(given)
    throw new ExpressionError(`Function '${name}' is not defined`)
  }
  const library = target.kind === 'member' && !target.of ? LIBRARIES[target.name] : undefined
  if (library) {
    const method = library[name]
    if (!method) throw new ExpressionError(`Method '${name}' is not defined`)
    return method(given, scope)
  }
  if (name === 'getInternalProperty') return scope.internal?.[String(given[0])] ?? null
  if (name === 'isMemberOf') return memberOf(scope.groups, given)
  const value = of(target)
  const method = Array.isArray(value) ? LIST_METHODS[name] : METHODS[name]
  if (!method) throw new ExpressionError(`Method '${name}' is not defined`)
  return method([value, ...given], scope)
}

type Groups = Scope['groups']
const named = (groups: Groups, test: (name: string) => boolean) => groups.some((group) => test(group.name))

const MEMBERSHIP: Readonly<Record<string, (groups: Groups, given: Arguments) => boolean>> = {
  isMemberOfAnyGroup: (groups, ids) => groups.some((group) => ids.flat().includes(group.id)),
  isMemberOfGroup: (groups, [id]) => groups.some((group) => group.id === id),
  isMemberOfGroupName: (groups, [name]) => named(groups, (own) => own === name),
  isMemberOfGroupNameStartsWith: (groups, [text]) => named(groups, (own) => own.startsWith(String(text))),
  isMemberOfGroupNameContains: (groups, [text]) => named(groups, (own) => own.includes(String(text))),
  isMemberOfGroupNameRegex: (groups, [source]) => named(groups, (own) => pattern(String(source)).test(own)),
}

/** `user.isMemberOf({'group.id': {…}})`: the form of the Identity Engine. Lists of ids or names are enough of it. */
const memberOf = (groups: Groups, given: Arguments): boolean => {
  const wanted = given.flat(2).map(String)
  return groups.some((group) => wanted.includes(group.id) || wanted.includes(group.name))
}

const text = (value: unknown): string => (value === null || value === undefined ? '' : String(value))
const list = (value: unknown): unknown[] =>
  Array.isArray(value) ? value : value === null || value === undefined ? [] : [value]

const STRING: Readonly<Record<string, (given: Arguments) => unknown>> = {
  append: ([a, b]) => text(a) + text(b),
  join: ([by, ...parts]) => parts.flat().map(text).join(text(by)),
  len: ([a]) => text(a).length,
  removeSpaces: ([a]) => text(a).replaceAll(' ', ''),
  replace: ([a, from, to]) => text(a).replaceAll(text(from), text(to)),
  replaceFirst: ([a, from, to]) => text(a).replace(text(from), () => text(to)),
  startsWith: ([a, b]) => text(a).startsWith(text(b)),
  endsWith: ([a, b]) => text(a).endsWith(text(b)),
  stringContains: ([a, b]) => text(a).includes(text(b)),
  stringSwitch: ([a, otherwise, ...pairs]) => {
    for (let i = 0; i + 1 < pairs.length; i += 2) if (text(a).includes(text(pairs[i]))) return pairs[i + 1]
    return otherwise
  },
  substring: ([a, from, to]) => text(a).slice(Number(from), Number(to)),
  substringAfter: ([a, mark]) => after(text(a), text(mark)),
  substringBefore: ([a, mark]) => before(text(a), text(mark)),
  toLowerCase: ([a]) => text(a).toLowerCase(),
  toUpperCase: ([a]) => text(a).toUpperCase(),
}

const after = (a: string, mark: string) => (a.includes(mark) ? a.slice(a.indexOf(mark) + mark.length) : '')
const before = (a: string, mark: string) => (a.includes(mark) ? a.slice(0, a.indexOf(mark)) : a)

const ARRAYS: Readonly<Record<string, (given: Arguments) => unknown>> = {
  add: ([items, item]) => [...list(items), item],
  remove: ([items, item]) => list(items).filter((own) => !equals(own, item)),
  clear: () => [],
  get: ([items, at]) => list(items)[Number(at)] ?? null,
  flatten: (items) => items.flat(Number.POSITIVE_INFINITY),
  contains: ([items, item]) => list(items).some((own) => equals(own, item)),
  size: ([items]) => list(items).length,
  isEmpty: ([items]) => list(items).length === 0,
  toCsvString: ([items]) => list(items).join(','),
}

const region = (code: unknown): string => {
  try {
    return new Intl.DisplayNames('en', { type: 'region' }).of(text(code).toUpperCase()) ?? ''
  } catch {
    return ''
  }
}

const LIBRARIES: Readonly<Record<string, Readonly<Record<string, (given: Arguments, scope: Scope) => unknown>>>> = {
  String: STRING,
  Arrays: ARRAYS,
  Convert: {
    toInt: ([a]) => Math.round(Number(a)),
    toNum: ([a]) => Number(a),
  },
  Iso3166Convert: {
    toName: ([a]) => region(a),
    toAlpha2: ([a]) => text(a).slice(0, 2).toUpperCase(),
  },
  Time: {
    now: (_given, scope) => new Date(scope.now).toISOString(),
    fromIso8601ToUnix: ([a]) => Math.floor(Date.parse(text(a)) / 1000),
    fromUnixToIso8601: ([a]) => new Date(Number(a) * 1000).toISOString(),
  },
}

const METHODS: Readonly<Record<string, (given: Arguments, scope: Scope) => unknown>> = {
  ...STRING,
  contains: ([a, b]) => text(a).includes(text(b)),
  length: ([a]) => text(a).length,
  isEmpty: ([a]) => text(a) === '',
  equals: ([a, b]) => equals(a, b),
  equalsIgnoreCase: ([a, b]) => text(a).toLowerCase() === text(b).toLowerCase(),
  matches: ([a, b]) => pattern(text(b)).test(text(a)),
  toInteger: ([a]) => Math.trunc(Number(a)),
}

const LIST_METHODS: typeof METHODS = {
  contains: ([a, b]) => list(a).some((own) => equals(own, b)),
  size: ([a]) => list(a).length,
  isEmpty: ([a]) => list(a).length === 0,
  get: ([a, at]) => list(a)[Number(at)] ?? null,
}
