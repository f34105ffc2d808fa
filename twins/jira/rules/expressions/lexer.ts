import { ExpressionSyntaxError } from './ast.ts'

export interface Token {
  readonly kind: 'number' | 'string' | 'template' | 'name' | 'symbol' | 'end'
  readonly text: string
  readonly at: number
}

const SYMBOLS = ['=>', '==', '!=', '<=', '>=', '&&', '||', '??', '?.', ...'()[]{}.,:;?<>+-*/%!=']
const ESCAPES: Readonly<Record<string, string>> = { n: '\n', t: '\t', r: '\r' }

/** Splits an expression into tokens; texts of strings come unescaped, those of templates as written. */
export function tokenize(source: string): Token[] {
  const tokens: Token[] = []
  let at = 0
  const push = (kind: Token['kind'], text: string, end: number) => {
    tokens.push({ kind, text, at })
    at = end
  }
  while (at < source.length) {
    const rest = source.slice(at)
    const blank = /^(\s+|\/\/[^\n]*|\/\*[\s\S]*?\*\/)/.exec(rest)
    const word = /^[A-Za-z_$][\w$]*/.exec(rest)
    const number = /^\d+(\.\d+)?/.exec(rest)
    const symbol = SYMBOLS.find((candidate) => rest.startsWith(candidate))
    if (blank) at += blank[0].length
    else if (word) push('name', word[0], at + word[0].length)
    else if (number) push('number', number[0], at + number[0].length)
    else if (rest[0] === "'" || rest[0] === '"') {
      const end = closing(source, at)
      push('string', unescaped(source.slice(at + 1, end)), end + 1)
    } else if (rest[0] === '`') {
      const end = closing(source, at)
      push('template', source.slice(at + 1, end), end + 1)
    } else if (symbol) push('symbol', symbol, at + symbol.length)
    else throw new ExpressionSyntaxError(`${rest[0]} encountered.`, source, at)
  }
  tokens.push({ kind: 'end', text: '<EOF>', at })
  return tokens
}

/** Where the quotation that opens at a place ends. */
function closing(source: string, start: number): number {
  for (let at = start + 1; at < source.length; at++) {
    if (source[at] === '\\') at++
    else if (source[at] === source[start]) return at
  }
  throw new ExpressionSyntaxError('The string is not closed.', source, start)
}

export const unescaped = (text: string): string => text.replace(/\\(.)/g, (_, char: string) => ESCAPES[char] ?? char)
