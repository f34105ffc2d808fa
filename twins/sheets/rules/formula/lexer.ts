import type { Locale } from '../locale.ts'

export type TokenKind =
  | 'number'
  | 'string'
  | 'reference'
  | 'name'
  | 'error'
  | 'operator'
  | 'open'
  | 'close'
  | 'separator'
  | 'space'

export interface Token {
  readonly kind: TokenKind
  readonly text: string
  readonly start: number
}

const SHEET = String.raw`(?:(?:'(?:[^']|'')+'|[\p{L}_][\p{L}\p{N}_.]*)!)?`
const CELL = String.raw`\$?[A-Za-z]{1,3}\$?[1-9]\d{0,7}`
const COLUMN = String.raw`\$?[A-Za-z]{1,3}`
const ROW = String.raw`\$?[1-9]\d{0,7}`
const AREA = `(?:${CELL}:(?:${CELL}|${COLUMN}|${ROW})|${COLUMN}:(?:${CELL}|${COLUMN})|${ROW}:(?:${CELL}|${ROW})|${CELL})`

/** A reference token taken apart: sheet prefix, first and last end. */
export const REFERENCE =
  /^(?<sheet>(?:'(?:[^']|'')+'|[\p{L}_][\p{L}\p{N}_.]*)!)?(?:(?<lost>#REF!)|(?<first>[^:]+)(?::(?<last>.+))?)$/u

const patterns = {
  space: /\s+/uy,
  string: /"(?:[^"]|"")*"/uy,
  reference: new RegExp(String.raw`${SHEET}(?:${AREA}(?![\p{L}\p{N}_(.!])|#REF!)`, 'uy'),
  error: /#(?:DIV\/0!|N\/A|NAME\?|NULL!|NUM!|VALUE!|ERROR!)/uy,
  name: /[\p{L}_\\][\p{L}\p{N}_.]*(?:\[[^\]]*(?:\][^\]]*)?\])?/uy,
  operator: /<>|<=|>=|[-+*/^&=<>%:]/uy,
  open: /[({]/uy,
  close: /[)}]/uy,
} as const

function numberPattern(decimal: string): RegExp {
  const point = decimal === '.' ? '\\.' : ','
  return new RegExp(`(?:\\d+(?:${point}\\d*)?|${point}\\d+)(?:[eE][+-]?\\d+)?`, 'uy')
}
const numbers = { '.': numberPattern('.'), ',': numberPattern(',') }
const separators = { '.': /[,;]/uy, ',': /[;\\]/uy }

/** Splits a formula, without its `=`, into tokens; `undefined` when a character belongs to none. */
export function tokenize(source: string, locale: Locale): Token[] | undefined {
  const order: readonly (readonly [TokenKind, RegExp])[] = [
    ['space', patterns.space],
    ['string', patterns.string],
    ['reference', patterns.reference],
    ['number', numbers[locale.decimal]],
    ['error', patterns.error],
    ['name', patterns.name],
    ['operator', patterns.operator],
    ['open', patterns.open],
    ['close', patterns.close],
    ['separator', separators[locale.decimal]],
  ]
  const tokens: Token[] = []
  let position = 0
  next: while (position < source.length) {
    for (const [kind, pattern] of order) {
      pattern.lastIndex = position
      const match = pattern.exec(source)
      if (!match || match[0] === '') continue
      tokens.push({ kind, text: match[0], start: position })
      position += match[0].length
      continue next
    }
    return undefined
  }
  return tokens
}
