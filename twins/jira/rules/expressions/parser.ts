import { children, ExpressionSyntaxError, type Node } from './ast.ts'
import { type Token, tokenize, unescaped } from './lexer.ts'

const BINARY: readonly (readonly string[])[] = [
  ['||', '??'],
  ['&&'],
  ['==', '!='],
  ['<', '>', '<=', '>='],
  ['+', '-'],
  ['*', '/', '%'],
]

const CONSTANTS: Readonly<Record<string, boolean | null>> = { true: true, false: false, null: null }

const STARTS = '!, -, typeof, (, IDENTIFIER, null, true, false, NUMBER, STRING, TEMPLATE_LITERAL, new, [ or {'

/**
 * Reads an expression.
 *
 * @throws {@link ExpressionSyntaxError}
 */
export function parse(source: string): Node {
  const parser = new Parser(source)
  const node = parser.body()
  parser.expectEnd()
  return node
}

/** Names, constants and other parts without parts. */
export const leaves = (node: Node): number => {
  const parts = children(node)
  return parts.length === 0 ? 1 : parts.reduce((sum, part) => sum + leaves(part), 0)
}

class Parser {
  readonly #source: string
  readonly #tokens: readonly Token[]
  #at = 0

  constructor(source: string) {
    this.#source = source
    this.#tokens = tokenize(source)
  }

  get #token(): Token {
    return this.#tokens[this.#at] as Token
  }

  #is(text: string): boolean {
    const { kind } = this.#token
    return (kind === 'symbol' || kind === 'name') && this.#token.text === text
  }

  #take(text: string): boolean {
    const found = this.#is(text)
    if (found) this.#at++
    return found
  }

  #expect(text: string): void {
    if (!this.#take(text)) this.#fail(text)
  }

  #fail(expected: string): never {
    const { text, at } = this.#token
    throw new ExpressionSyntaxError(`${expected} expected, ${text} encountered.`, this.#source, at)
  }

  #isName(): boolean {
    return this.#token.kind === 'name'
  }

  #name(): string {
    if (!this.#isName()) this.#fail('IDENTIFIER')
    return (this.#tokens[this.#at++] as Token).text
  }

  expectEnd(): void {
    this.#take(';')
    if (this.#token.kind !== 'end') this.#fail('<EOF>')
  }

  /** `let a = 1; let b = 2; a + b` */
  body(): Node {
    if (!this.#take('let')) return this.#expression()
    const name = this.#name()
    this.#expect('=')
    const value = this.#expression()
    this.#expect(';')
    return { kind: 'let', name, value, body: this.body() }
  }

  #expression(): Node {
    const names = this.#arrowNames()
    if (names) return { kind: 'arrow', names, body: this.#is('{') ? this.#block() : this.#expression() }
    const test = this.#binary(0)
    if (!this.#take('?')) return test
    const yes = this.#expression()
    this.#expect(':')
    return { kind: 'choice', test, yes, no: this.#expression() }
  }

  /** A function's braces hold an object, or statements when the first is a `let`. */
  #block(): Node {
    if (this.#tokens[this.#at + 1]?.text !== 'let') return this.#expression()
    this.#expect('{')
    const body = this.body()
    this.#take(';')
    this.#expect('}')
    return body
  }

  /** `x =>` and `(x, y) =>`; anything else is left where it is. */
  #arrowNames(): string[] | undefined {
    const start = this.#at
    const names: string[] = []
    if (this.#isName()) names.push(this.#name())
    else if (this.#take('(')) {
      while (this.#isName()) {
        names.push(this.#name())
        if (!this.#take(',')) break
      }
      if (!this.#take(')')) names.length = 0
    }
    if (this.#take('=>')) return names
    this.#at = start
    return undefined
  }

  #binary(level: number): Node {
    const operators = BINARY[level]
    if (!operators) return this.#unary()
    let left = this.#binary(level + 1)
    for (;;) {
      const operator = operators.find((candidate) => this.#is(candidate))
      if (!operator) return left
      this.#at++
      left = { kind: 'binary', operator, left, right: this.#binary(level + 1) }
    }
  }

  #unary(): Node {
    const operator = ['!', '-', 'typeof'].find((candidate) => this.#take(candidate))
    return operator ? { kind: 'unary', operator, operand: this.#unary() } : this.#postfix(this.#primary())
  }

  #postfix(start: Node): Node {
    let node = start
    for (;;) {
      const optional = this.#take('?.')
      if (this.#take('[')) {
        node = { kind: 'member', of: node, key: this.#expression(), optional }
        this.#expect(']')
      } else if (optional || this.#take('.')) {
        node = { kind: 'member', of: node, key: { kind: 'literal', value: this.#name() }, optional }
      } else if (this.#take('(')) {
        node = { kind: 'call', callee: node, given: this.#list(')') }
      } else return node
    }
  }

  #list(end: string): Node[] {
    const items: Node[] = []
    while (!this.#take(end)) {
      items.push(this.#expression())
      if (!this.#is(end)) this.#expect(',')
    }
    return items
  }

  #primary(): Node {
    const { kind, text } = this.#token
    if (kind === 'end') this.#fail(STARTS)
    if (this.#take('(')) {
      const node = this.#expression()
      this.#expect(')')
      return node
    }
    if (this.#take('[')) return { kind: 'list', items: this.#list(']') }
    if (this.#take('{')) return this.#object()
    if (this.#take('new')) {
      const name = this.#name()
      this.#expect('(')
      return { kind: 'new', name, given: this.#list(')') }
    }
    if (kind === 'symbol') this.#fail(STARTS)
    this.#at++
    if (kind === 'number') return { kind: 'literal', value: Number(text) }
    if (kind === 'string') return { kind: 'literal', value: text }
    if (kind === 'template') return template(text)
    return Object.hasOwn(CONSTANTS, text)
      ? { kind: 'literal', value: CONSTANTS[text] ?? null }
      : { kind: 'name', name: text }
  }

  /** `{ a: 1, 'b': 2, c }` */
  #object(): Node {
    const entries: { key: string; value: Node }[] = []
    while (!this.#take('}')) {
      const key = this.#token.kind === 'string' ? (this.#tokens[this.#at++] as Token).text : this.#name()
      entries.push({ key, value: this.#take(':') ? this.#expression() : { kind: 'name', name: key } })
      if (!this.#is('}')) this.#expect(',')
    }
    return { kind: 'object', entries }
  }
}

function template(text: string): Node {
  const parts = text.split(/\$\{([^}]*)\}/).map((part, at) => (at % 2 === 0 ? unescaped(part) : parse(part)))
  return { kind: 'template', parts }
}
