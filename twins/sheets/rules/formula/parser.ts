import { type OpenArea, parseCells } from '../a1.ts'
import { type Locale, localeOf } from '../locale.ts'
import { REFERENCE, type Token, tokenize } from './lexer.ts'

export type BinaryOperator = '+' | '-' | '*' | '/' | '^' | '&' | '=' | '<>' | '<' | '>' | '<=' | '>='

export type Node =
  | { readonly kind: 'number'; readonly value: number }
  | { readonly kind: 'string'; readonly value: string }
  | { readonly kind: 'boolean'; readonly value: boolean }
  | { readonly kind: 'error'; readonly code: string }
  /** An argument left out: `IF(,,)`. */
  | { readonly kind: 'blank' }
  | { readonly kind: 'reference'; readonly sheet?: string; readonly cells?: OpenArea }
  | { readonly kind: 'name'; readonly name: string }
  | { readonly kind: 'table'; readonly table: string; readonly part: string }
  | { readonly kind: 'call'; readonly name: string; readonly written: string; readonly args: readonly Node[] }
  /** A call of a value: `LAMBDA(x, x+1)(2)`. */
  | { readonly kind: 'invoke'; readonly callee: Node; readonly args: readonly Node[] }
  | { readonly kind: 'negate' | 'plus' | 'percent'; readonly operand: Node }
  | { readonly kind: 'binary'; readonly operator: BinaryOperator; readonly left: Node; readonly right: Node }
  | { readonly kind: 'array'; readonly rows: readonly (readonly Node[])[] }
  /** A range whose ends are computed: `A1:INDEX(B:B, 3)`. */
  | { readonly kind: 'span'; readonly left: Node; readonly right: Node }

const PRECEDENCE: Readonly<Record<string, number>> = {
  '=': 1,
  '<>': 1,
  '<': 1,
  '>': 1,
  '<=': 1,
  '>=': 1,
  '&': 2,
  '+': 3,
  '-': 3,
  '*': 4,
  '/': 4,
  '^': 5,
  ':': 7,
}

class SyntaxFault extends Error {}

/** Title of a sheet prefix: `'Bob''s'!` → Bob's. */
export const prefixTitle = (prefix: string) => {
  const bare = prefix.slice(0, -1)
  return bare.startsWith("'") ? bare.slice(1, -1).replaceAll("''", "'") : bare
}

class Parser {
  #position = 0
  readonly #tokens: readonly Token[]
  readonly #locale: Locale

  constructor(tokens: readonly Token[], locale: Locale) {
    this.#tokens = tokens.filter(({ kind }) => kind !== 'space')
    this.#locale = locale
  }

  parse(): Node {
    const node = this.#expression(0)
    if (this.#position < this.#tokens.length) throw new SyntaxFault()
    return node
  }

  get #next(): Token | undefined {
    return this.#tokens[this.#position]
  }

  #take(): Token {
    const token = this.#tokens[this.#position++]
    if (!token) throw new SyntaxFault()
    return token
  }

  #accept(text: string): boolean {
    const next = this.#next
    if (next?.text !== text || next.kind === 'string') return false
    this.#position++
    return true
  }

  #expect(text: string): void {
    if (!this.#accept(text)) throw new SyntaxFault()
  }

  #expression(minimum: number): Node {
    let left = this.#postfix(this.#prefix())
    for (;;) {
      const operator = this.#next
      const precedence = operator?.kind === 'operator' ? PRECEDENCE[operator.text] : undefined
      if (precedence === undefined || precedence <= minimum) return left
      this.#position++
      const right = this.#expression(precedence)
      left =
        operator?.text === ':'
          ? { kind: 'span', left, right }
          : { kind: 'binary', operator: operator?.text as BinaryOperator, left, right }
      left = this.#postfix(left)
    }
  }

  #postfix(node: Node): Node {
    let result = node
    for (;;) {
      if (this.#accept('%')) result = { kind: 'percent', operand: result }
      else if (this.#next?.text === '(' && (result.kind === 'call' || result.kind === 'invoke'))
        result = { kind: 'invoke', callee: result, args: this.#arguments() }
      else return result
    }
  }

  /** A sign binds tighter than `^`: -2^2 is 4. */
  #prefix(): Node {
    if (this.#accept('-')) return { kind: 'negate', operand: this.#postfix(this.#prefix()) }
    if (this.#accept('+')) return { kind: 'plus', operand: this.#postfix(this.#prefix()) }
    return this.#atom(this.#take())
  }

  #atom({ kind, text }: Token): Node {
    switch (kind) {
      case 'number':
        return { kind, value: Number(text.replace(',', '.')) }
      case 'string':
        return { kind, value: text.slice(1, -1).replaceAll('""', '"') }
      case 'error':
        return { kind, code: text }
      case 'reference':
        return this.#reference(text)
      case 'name':
        return this.#name(text)
      case 'open':
        if (text === '{') return this.#array()
        return this.#group()
      default:
        throw new SyntaxFault()
    }
  }

  #group(): Node {
    const node = this.#expression(0)
    this.#expect(')')
    return node
  }

  #reference(text: string): Node {
    const parts = REFERENCE.exec(text)?.groups
    if (!parts) throw new SyntaxFault()
    const sheet = parts.sheet === undefined ? undefined : prefixTitle(parts.sheet)
    if (parts.lost) return { kind: 'reference', sheet }
    const cells = parseCells(`${parts.first}${parts.last === undefined ? '' : `:${parts.last}`}`)
    if (!cells) throw new SyntaxFault()
    return { kind: 'reference', sheet, cells }
  }

  #name(text: string): Node {
    if (this.#next?.text === '(')
      return { kind: 'call', name: text.toUpperCase(), written: text, args: this.#arguments() }
    if (/^(true|false)$/i.test(text)) return { kind: 'boolean', value: text.toLowerCase() === 'true' }
    const table = /^(.+?)\[(.*)\]$/.exec(text)
    if (table) return { kind: 'table', table: table[1] as string, part: table[2] as string }
    return { kind: 'name', name: text }
  }

  #arguments(): Node[] {
    this.#expect('(')
    const args: Node[] = []
    if (this.#accept(')')) return args
    for (;;) {
      const next = this.#next
      args.push(next?.kind === 'separator' || next?.text === ')' ? { kind: 'blank' } : this.#expression(0))
      if (this.#accept(')')) return args
      if (!this.#accept(this.#locale.argument) && !this.#accept(';')) throw new SyntaxFault()
    }
  }

  #array(): Node {
    const rows: Node[][] = [[]]
    if (this.#accept('}')) return { kind: 'array', rows: [] }
    for (;;) {
      rows.at(-1)?.push(this.#expression(0))
      if (this.#accept('}')) return { kind: 'array', rows }
      if (this.#accept(this.#locale.arrayColumn)) continue
      if (!this.#accept(';')) throw new SyntaxFault()
      rows.push([])
    }
  }
}

const CACHE_SIZE = 20_000
const cache = new Map<string, Node | null>()

/** The tree of a formula (with its `=`), or `null` when it does not parse. */
export function parseFormula(formula: string, localeName: string): Node | null {
  const key = `${localeName}\n${formula}`
  let node = cache.get(key)
  if (node === undefined) {
    node = parse(formula, localeOf(localeName))
    if (cache.size >= CACHE_SIZE) cache.clear()
    cache.set(key, node)
  }
  return node
}

function parse(formula: string, locale: Locale): Node | null {
  const tokens = tokenize(formula.slice(1), locale)
  if (!tokens) return null
  try {
    return new Parser(tokens, locale).parse()
  } catch (error) {
    if (error instanceof SyntaxFault) return null
    throw error
  }
}
