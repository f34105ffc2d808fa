import { JqlSyntaxError } from './ast.ts'
import { RESERVED_CHARACTERS } from './reserved.ts'

export interface Token {
  readonly kind: 'word' | 'string' | 'symbol' | 'end'
  /** The value: unescaped, without quotes. */
  readonly text: string
  readonly line: number
  readonly column: number
}

const SYMBOLS = ['!=', '!~', '<=', '>=', '&&', '||', '=', '<', '>', '~', '!', '(', ')', ',', '[', ']', '&', '|']
const WORD_END = /[\s"'=!<>~(),[\]&|]/

/** `(line 1, character 4)`, as Jira ends its messages. */
export const place = (at: { line: number; column: number }) => `(line ${at.line}, character ${at.column})`

/** Splits a query into tokens; `end` is the last one. Throws {@link JqlSyntaxError}. */
export function tokenize(jql: string): Token[] {
  const tokens: Token[] = []
  let at = 0
  let line = 1
  let lineStart = 0
  const here = () => ({ line, column: at - lineStart + 1 })

  while (at < jql.length) {
    const character = jql[at] as string
    if (/\s/.test(character)) {
      at++
      if (character === '\n') {
        line++
        lineStart = at
      }
      continue
    }
    const start = here()
    if (character === '"' || character === "'") {
      const { text, end } = quoted(jql, at, start)
      tokens.push({ kind: 'string', text, ...start })
      at = end
      continue
    }
    const symbol = SYMBOLS.find((candidate) => jql.startsWith(candidate, at))
    if (symbol) {
      tokens.push({ kind: 'symbol', text: symbol, ...start })
      at += symbol.length
      continue
    }
    let text = ''
    while (at < jql.length && !WORD_END.test(jql[at] as string)) {
      const next = jql[at] as string
      if (next === '\\') {
        const sequence = escaped(jql, at, here())
        text += sequence.text
        at = sequence.end
        continue
      }
      if (RESERVED_CHARACTERS.includes(next)) throw reservedCharacter(next, here())
      text += next
      at++
    }
    tokens.push({ kind: 'word', text, ...start })
  }
  tokens.push({ kind: 'end', text: '', ...here() })
  return tokens
}

function reservedCharacter(character: string, at: { line: number; column: number }) {
  const code = character.charCodeAt(0).toString(16).padStart(4, '0')
  return new JqlSyntaxError(
    `Error in the JQL Query: The character '${character}' is a reserved JQL character. You must enclose it in a string or use the escape '\\u${code}' instead. ${place(at)}`,
  )
}

function quoted(jql: string, from: number, start: { line: number; column: number }) {
  const quote = jql[from]
  let text = ''
  let at = from + 1
  while (at < jql.length && jql[at] !== quote) {
    if (jql[at] === '\\') {
      const sequence = escaped(jql, at, { line: start.line, column: start.column + at - from })
      text += sequence.text
      at = sequence.end
    } else text += jql[at++]
  }
  if (at >= jql.length) {
    throw new JqlSyntaxError(
      text === ''
        ? `Error in the JQL Query: The quoted string has not been completed. ${place(start)}`
        : `Error in the JQL Query: The quoted string '${text}' has not been completed. ${place(start)}`,
    )
  }
  return { text, end: at + 1 }
}

const ESCAPES: Readonly<Record<string, string>> = {
  n: '\n',
  t: '\t',
  r: '\r',
  '\\': '\\',
  '"': '"',
  "'": "'",
  ' ': ' ',
}

function escaped(jql: string, at: number, position: { line: number; column: number }) {
  const next = jql[at + 1]
  if (next !== undefined && next in ESCAPES) return { text: ESCAPES[next] as string, end: at + 2 }
  const unicode = /^u([0-9a-fA-F]{4})/.exec(jql.slice(at + 1, at + 6))
  if (unicode) return { text: String.fromCharCode(Number.parseInt(unicode[1] as string, 16)), end: at + 6 }
  throw new JqlSyntaxError(
    `Error in the JQL Query: '\\${next ?? ''}' is an illegal JQL escape sequence. The valid escape sequences are \\', \\", \\t, \\n, \\r, \\\\, '\\ ' and \\uXXXX. ${place(position)}`,
  )
}
