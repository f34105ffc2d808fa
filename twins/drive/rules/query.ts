/** The search language of files.list and drives.list: `name contains 'a' and not ('x@y' in writers or trashed = true)`. */

export type Operator = '=' | '!=' | '<' | '<=' | '>' | '>=' | 'contains' | 'in' | 'has'

/** One comparison: a leaf of a query. */
export type Comparison =
  | { readonly kind: 'compare'; readonly field: string; readonly operator: Operator; readonly value: string }
  /** `properties has { key='k' and value='v' }` */
  | { readonly kind: 'has'; readonly field: string; readonly key: string; readonly value: string | undefined }

export type Term =
  | Comparison
  | { readonly kind: 'and' | 'or'; readonly terms: readonly Term[] }
  | { readonly kind: 'not'; readonly term: Term }

/** A query that is none. Drive answers 400 `Invalid Value`. */
export class QuerySyntax extends Error {}

interface Token {
  readonly kind: 'string' | 'word' | 'operator' | 'mark' | 'end'
  readonly text: string
}

const PATTERN = /\s*(?:('(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*")|(!=|<=|>=|=|<|>)|([(){}])|([^\s'"()={}<>!]+))/gsy

function tokenize(query: string): Token[] {
  const tokens: Token[] = []
  PATTERN.lastIndex = 0
  let at = 0
  while (query.slice(at).trim() !== '') {
    PATTERN.lastIndex = at
    const match = PATTERN.exec(query)
    if (!match) throw new QuerySyntax(query)
    const [, quoted, operator, mark, word] = match
    if (quoted !== undefined) tokens.push({ kind: 'string', text: quoted.slice(1, -1).replace(/\\(.)/gs, '$1') })
    else if (operator) tokens.push({ kind: 'operator', text: operator })
    else if (mark) tokens.push({ kind: 'mark', text: mark })
    else tokens.push({ kind: 'word', text: word as string })
    at = PATTERN.lastIndex
  }
  return tokens
}

const END: Token = { kind: 'end', text: '' }

/**
 * Parses a query. `and` binds tighter than `or`, `not` tighter than both.
 *
 * @throws QuerySyntax
 */
export function parseQuery(query: string): Term {
  const tokens = tokenize(query)
  let at = 0
  const peek = (ahead = 0): Token => tokens[at + ahead] ?? END
  const next = (): Token => tokens[at++] ?? END
  const fail = (): never => {
    throw new QuerySyntax(query)
  }
  const isWord = (token: Token, word: string) => token.kind === 'word' && token.text.toLowerCase() === word
  const mark = (text: string) => (peek().kind === 'mark' && peek().text === text ? next() : fail())

  const chain = (kind: 'and' | 'or', operand: () => Term): Term => {
    const terms = [operand()]
    while (isWord(peek(), kind)) {
      next()
      terms.push(operand())
    }
    return terms.length === 1 ? (terms[0] as Term) : { kind, terms }
  }
  const or = (): Term => chain('or', () => chain('and', not))
  const not = (): Term => {
    if (!isWord(peek(), 'not')) return primary()
    next()
    return { kind: 'not', term: not() }
  }
  const primary = (): Term => {
    if (peek().kind === 'mark') {
      mark('(')
      const inner = or()
      mark(')')
      return inner
    }
    const left = next()
    if (left.kind === 'string') {
      if (!isWord(next(), 'in')) fail()
      const field = next()
      return field.kind === 'word' ? { kind: 'compare', field: field.text, operator: 'in', value: left.text } : fail()
    }
    if (left.kind !== 'word') fail()
    return comparison(left.text)
  }
  const comparison = (field: string): Term => {
    const operator = peek()
    if (isWord(operator, 'has')) {
      next()
      return has(field)
    }
    if (isWord(operator, 'contains') || isWord(operator, 'in') || operator.kind === 'operator') {
      next()
      const value = next()
      if (value.kind !== 'string' && value.kind !== 'word') fail()
      return { kind: 'compare', field, operator: operator.text.toLowerCase() as Operator, value: value.text }
    }
    if (isWord(operator, 'not') && isWord(peek(1), 'in')) {
      at += 2
      return { kind: 'not', term: { kind: 'compare', field, operator: 'in', value: next().text } }
    }
    // A bare boolean: `sharedWithMe`, `starred and …`.
    return { kind: 'compare', field, operator: '=', value: 'true' }
  }
  const has = (field: string): Term => {
    mark('{')
    const pairs: Record<string, string> = {}
    do {
      const name = next()
      if (name.kind !== 'word' || next().text !== '=') fail()
      const value = next()
      if (value.kind !== 'string' && value.kind !== 'word') fail()
      pairs[name.text] = value.text
    } while (isWord(peek(), 'and') && next())
    mark('}')
    return pairs.key === undefined ? fail() : { kind: 'has', field, key: pairs.key, value: pairs.value }
  }
  const term = or()
  return peek().kind === 'end' ? term : fail()
}

/** Every comparison of a query, for what must be known before it runs. */
export function* comparisons(term: Term): IteratorObject<Comparison, undefined> {
  switch (term.kind) {
    case 'and':
    case 'or':
      for (const inner of term.terms) yield* comparisons(inner)
      break
    case 'not':
      yield* comparisons(term.term)
      break
    default:
      yield term
  }
}

/** Runs a query: `matches` decides single comparisons. */
export function evaluate(term: Term, matches: (comparison: Comparison) => boolean): boolean {
  switch (term.kind) {
    case 'and':
      return term.terms.every((inner) => evaluate(inner, matches))
    case 'or':
      return term.terms.some((inner) => evaluate(inner, matches))
    case 'not':
      return !evaluate(term.term, matches)
    default:
      return matches(term)
  }
}

/** A string as a query writes it. */
export const quote = (text: string): string => `'${text.replace(/[\\']/g, '\\$&')}'`
