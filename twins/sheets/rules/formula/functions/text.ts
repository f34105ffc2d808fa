import { apply } from '../../number-format.ts'
import { fullMatrix, matrixOf, numberIn, shownText, toText } from '../coerce.ts'
import { define } from '../registry.ts'
import { Matrix, raise, type Scalar, textOf, type Value } from '../values.ts'
import { hasWildcard, wildcard } from './criteria.ts'
import { round } from './math.ts'
import { regularExpression } from './regex.ts'

define('LEN', 's', (_, text) => text.length)
define('LENB', 's', (_, text) => Buffer.byteLength(text))
define('LOWER', 's', (_, text) => text.toLowerCase())
define('UPPER', 's', (_, text) => text.toUpperCase())
define('PROPER', 's', (_, text) =>
  text
    .toLowerCase()
    .replace(/(^|[^\p{L}\p{M}'])(\p{L})/gu, (_match, before: string, letter: string) => before + letter.toUpperCase()),
)
define('TRIM', 's', (_, text) => text.trim().replace(/ {2,}/g, ' '))
// biome-ignore lint/suspicious/noControlCharactersInRegex: CLEAN removes exactly these
define('CLEAN', 's', (_, text) => text.replace(/[\u0000-\u001f]/g, ''))
const notNegative = (name: string, position: number, value: number) =>
  value < 0
    ? raise('NUM', `Function ${name} parameter ${position} value is ${value}. It should be greater than or equal to 0.`)
    : Math.trunc(value)
define('LEFT LEFTB', 's n?', ({ name }, text, count = 1) => text.slice(0, notNegative(name, 2, count)))
define('RIGHT RIGHTB', 's n?', ({ name }, text, count = 1) =>
  notNegative(name, 2, count) === 0 ? '' : text.slice(-Math.trunc(count)),
)
define('MID MIDB', 's n n', ({ name }, text, start, count) => {
  if (start < 1)
    raise('NUM', `Function ${name} parameter 2 value is ${start}. It should be greater than or equal to 1.`)
  return text.slice(start - 1, start - 1 + notNegative(name, 3, count))
})
define('REPT', 's n', (_, text, count) => text.repeat(notNegative('REPT', 2, count)))
define('CHAR UNICHAR', 'n', ({ name }, code) =>
  code < 1 || code > 0x10ffff
    ? raise('NUM', `Function ${name} parameter 1 value ${code} is out of range.`)
    : String.fromCodePoint(code),
)
define(
  'CODE UNICODE',
  's',
  ({ name }, text) => text.codePointAt(0) ?? raise('VALUE', `Function ${name} parameter 1 value should be non-empty.`),
)
define('EXACT', 's s', (_, a, b) => a === b)
define('SUBSTITUTE', 's s s n?', (_, text, search, replacement, occurrence) => {
  if (search === '') return text
  if (occurrence === undefined) return text.replaceAll(search, () => replacement)
  const parts = text.split(search)
  return parts.length <= occurrence
    ? text
    : parts.slice(0, occurrence).join(search) + replacement + parts.slice(occurrence).join(search)
})
define(
  'REPLACE REPLACEB',
  's n n s',
  (_, text, start, count, replacement) => text.slice(0, start - 1) + replacement + text.slice(start - 1 + count),
)
define('FIND FINDB', 's s n?', ({ name }, search, text, start = 1) => {
  const at = text.indexOf(search, start - 1)
  return at >= 0 ? at + 1 : raise('VALUE', `In ${name} evaluation, cannot find '${search}' within '${text}'.`)
})
define('SEARCH SEARCHB', 's s n?', ({ name }, search, text, start = 1) => {
  const pattern = hasWildcard(search) ? new RegExp(wildcard(search).source.slice(1, -1), 'iu') : undefined
  const rest = text.slice(start - 1)
  const at = pattern ? rest.search(pattern) : rest.toLowerCase().indexOf(search.toLowerCase())
  return at >= 0 ? at + start : raise('VALUE', `In ${name} evaluation, cannot find '${search}' within '${text}'.`)
})
define('CONCATENATE', 'r r*', ({ scope }, ...args) =>
  args
    .map((arg) =>
      matrixOf(arg).height * matrixOf(arg).width > 1
        ? matrixOf(arg).flat().map(toText).join('')
        : shownText(arg, scope),
    )
    .join(''),
)
define('CONCAT', 'v v', (_, a, b) => textOf(a) + textOf(b))
const joined = (args: readonly Value[]) => args.flatMap((arg) => matrixOf(arg).flat().map(toText))
define('JOIN', 's r r*', (_, delimiter, ...args) => joined(args).join(delimiter))
define('TEXTJOIN', 'r b r r*', (_, delimiters, ignoreEmpty, ...args) => {
  const marks = joined([delimiters])
  const parts = joined(args).filter((part) => !ignoreEmpty || part !== '')
  return parts.map((part, i) => (i === 0 ? part : `${marks[(i - 1) % marks.length]}${part}`)).join('')
})
const splitParts = (text: string, delimiters: readonly string[]): string[] => {
  const mark = delimiters.toSorted((a, b) => b.length - a.length)
  const parts: string[] = []
  let start = 0
  for (let i = 0; i < text.length; ) {
    const found = mark.find((delimiter) => text.startsWith(delimiter, i))
    if (!found) {
      i++
      continue
    }
    parts.push(text.slice(start, i))
    i += found.length
    start = i
  }
  return [...parts, text.slice(start)]
}
define('SPLIT', 'r s b? b?', ({ scope }, value, delimiter, byEach = true, removeEmpty = true) => {
  if (delimiter === '') raise('VALUE', 'Function SPLIT parameter 2 value should be non-empty.')
  const texts = scope.array
    ? fullMatrix(value).rows.map((row) => toText(row[0] ?? null))
    : [toText(matrixOf(value).at(0, 0))]
  const rows = texts.map((text) =>
    splitParts(text, byEach ? [...delimiter] : [delimiter])
      .filter((part) => !removeEmpty || part !== '')
      .map((part): Scalar => (part === '' ? null : (numberIn(part, scope) ?? part))),
  )
  const width = Math.max(1, ...rows.map((row) => row.length))
  return new Matrix(rows.map((row) => Array.from({ length: width }, (_, i) => row[i] ?? null)))
})
define('TEXT', 'v s', ({ scope }, value, pattern) =>
  typeof value === 'string' || typeof value === 'boolean'
    ? textOf(value)
    : apply(pattern, value ?? 0, scope.host.locale),
)
define('VALUE', 'v', ({ scope }, value) => {
  if (typeof value === 'number') return value
  const text = textOf(value)
  return (
    numberIn(text, scope) ?? (text === '' ? 0 : raise('VALUE', `VALUE parameter '${text}' cannot be parsed to number.`))
  )
})
define('NUMBERVALUE', 's s? s?', ({ scope }, text, decimal = '.', group = ',') => {
  const number = Number(text.replaceAll(group, '').replace(decimal, '.').replace(/%$/, ''))
  return Number.isFinite(number) && text !== ''
    ? number / (text.endsWith('%') ? 100 : 1)
    : (numberIn(text, scope) ?? raise('VALUE', `NUMBERVALUE parameter '${text}' cannot be parsed to number.`))
})
const grouped = (_value: number, places: number) => (places > 0 ? `#,##0.${'0'.repeat(places)}` : '#,##0')
define('FIXED', 'n n? b?', ({ scope }, value, places = 2, plain = false) => {
  const pattern = grouped(value, places)
  return apply(plain ? pattern.replace('#,##', '') : pattern, round(value, places), scope.host.locale)
})
define('DOLLAR', 'n n?', ({ scope }, value, places = 2) =>
  apply(`"$"${grouped(value, places)};("$"${grouped(value, places)})`, round(value, places), scope.host.locale),
)
const ROMAN: readonly (readonly [number, string])[] = [
  [1000, 'M'],
  [900, 'CM'],
  [500, 'D'],
  [400, 'CD'],
  [100, 'C'],
  [90, 'XC'],
  [50, 'L'],
  [40, 'XL'],
  [10, 'X'],
  [9, 'IX'],
  [5, 'V'],
  [4, 'IV'],
  [1, 'I'],
]
define('ROMAN', 'n n?', (_, value) => {
  if (value < 1 || value > 3999)
    raise('VALUE', `Function ROMAN parameter 1 value is ${value}. Valid values are between 1 and 3999 inclusive.`)
  let rest = Math.trunc(value)
  return ROMAN.reduce((text, [size, letters]) => {
    const times = Math.floor(rest / size)
    rest -= times * size
    return text + letters.repeat(times)
  }, '')
})
define('ARABIC', 's', (_, text) => {
  let rest = text.toUpperCase()
  let total = 0
  for (const [size, letters] of ROMAN) {
    while (rest.startsWith(letters)) {
      total += size
      rest = rest.slice(letters.length)
    }
  }
  return rest === '' ? total : raise('VALUE', `Function ARABIC parameter 1 value '${text}' is not a roman number.`)
})
define('ENCODEURL', 's', (_, text) => encodeURIComponent(text))
define('TO_TEXT', 'r', ({ scope }, value) => shownText(value, scope))
define('ASC', 's', (_, text) => text.normalize('NFKC'))

define('REGEXMATCH', 's s', (_, text, pattern) => regularExpression('REGEXMATCH', pattern).test(text))
define('REGEXREPLACE', 's s s', (_, text, pattern, replacement) =>
  text.replace(
    regularExpression('REGEXREPLACE', pattern, 'g'),
    replacement.replaceAll('$0', '$$&').replace(/\\(\d)/g, '$$$1'),
  ),
)
define('REGEXEXTRACT', 's s', (_, text, pattern) => {
  const match = regularExpression('REGEXEXTRACT', pattern).exec(text)
  if (!match)
    return raise(
      'N_A',
      `Function REGEXEXTRACT parameter 2 value "${pattern}" does not match text of Function REGEXEXTRACT parameter 1 value "${text}".`,
    )
  return match.length === 1 ? match[0] : new Matrix([match.slice(1).map((group) => group ?? null)])
})

define('HYPERLINK', 's v?', (_, url, label) => label ?? url)
define('IMAGE', 's n? n? n?', () => null)
define('SPARKLINE', 'r r?', () => null)
