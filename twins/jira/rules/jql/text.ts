/** Endings the English analyser drops, longest first. */
const ENDINGS = ['ations', 'ation', 'ings', 'ing', 'edly', 'ed', 'ies', 'es', 'ly', 's', 'e']

/** A word's stem: close enough to Lucene's English analyser that singular finds plural and the other way round. */
export function stem(word: string): string {
  const lower = word.toLowerCase()
  for (const ending of ENDINGS) {
    if (lower.endsWith(ending) && lower.length - ending.length >= 3) {
      const base = lower.slice(0, -ending.length)
      return ending === 'ies' ? `${base}y` : base.replace(/([^aeiouls])\1$/, '$1')
    }
  }
  return lower
}

const STOP_WORDS = new Set(
  'a an and are as at be but by for if in into is it no not of on or such that the their then there these they this to was will with'.split(
    ' ',
  ),
)

const words = (text: string): string[] => text.toLowerCase().match(/[\p{L}\p{N}_]+/gu) ?? []

/**
 * A text search (`~`): all words must occur, stemmed; `"exact phrase"`, `prefix*`, `wi?d`, `fuzzy~`, `AND`, `OR`, `NOT`,
 * `+must`, `-must not`. `undefined` when the search holds no word at all, which matches nothing.
 */
export function textQuery(search: string): ((text: string) => boolean) | undefined {
  const groups: Matcher[][] = [[]]
  let negate = false
  for (const [raw] of search.matchAll(/[+-]?"[^"]*"(?:~\d*)?|\S+/g)) {
    if (raw === 'OR' || raw === '||') groups.push([])
    else if (raw === 'NOT' || raw === '!') negate = true
    else if (raw !== 'AND' && raw !== '&&') {
      const excluded = negate || (raw.startsWith('-') && raw.length > 1)
      const matcher = term(raw.replace(/^[+-]/, ''))
      if (matcher) (groups.at(-1) as Matcher[]).push(excluded ? (text) => !matcher(text) : matcher)
      negate = false
    }
  }
  const parts = groups.filter((group) => group.length > 0)
  if (parts.length === 0) return undefined
  return (text) => {
    const analysed = analyse(text)
    return parts.some((group) => group.every((matcher) => matcher(analysed)))
  }
}

interface Analysed {
  readonly words: readonly string[]
  readonly stems: ReadonlySet<string>
}
type Matcher = (text: Analysed) => boolean

function analyse(text: string): Analysed {
  const list = words(text)
  return { words: list, stems: new Set(list.map(stem)) }
}

function term(raw: string): Matcher | undefined {
  const phrase = /^"([^"]*)"/.exec(raw)
  if (phrase) return phraseMatcher(words(phrase[1] as string))
  const plain = raw.replace(/\^\d+(\.\d+)?$/, '')
  if (/[*?]/.test(plain)) return wildcard(plain)
  const fuzzy = /^(.+)~(\d(?:\.\d+)?)?$/.exec(plain)
  if (fuzzy) return fuzzyMatcher((fuzzy[1] as string).toLowerCase())
  const parts = words(plain)
  if (parts.length === 0) return undefined
  if (parts.length > 1) return phraseMatcher(parts)
  const [word] = parts as [string]
  if (STOP_WORDS.has(word)) return () => true
  const wanted = stem(word)
  return ({ stems }) => stems.has(wanted)
}

function phraseMatcher(parts: readonly string[]): Matcher | undefined {
  if (parts.length === 0) return undefined
  const stems = parts.map(stem)
  return ({ words }) => {
    const list = words.map(stem)
    return list.some((_, at) => stems.every((part, offset) => list[at + offset] === part))
  }
}

function wildcard(pattern: string): Matcher | undefined {
  if (!/[\p{L}\p{N}]/u.test(pattern)) return undefined
  const body = pattern
    .toLowerCase()
    .replace(/[.+^${}()|[\]\\]/g, '\\$&')
    .replaceAll('*', '.*')
    .replaceAll('?', '.')
  const expression = new RegExp(`^${body}$`, 'u')
  return ({ words }) => words.some((word) => expression.test(word))
}

function fuzzyMatcher(wanted: string): Matcher {
  return ({ words }) => words.some((word) => distance(word, wanted) <= Math.max(1, Math.floor(wanted.length / 4)))
}

function distance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, i) => i)
  for (let i = 1; i <= a.length; i++) {
    const next = [i]
    for (let j = 1; j <= b.length; j++) {
      const cost = a[i - 1] === b[j - 1] ? 0 : 1
      next.push(Math.min((next[j - 1] as number) + 1, (row[j] as number) + 1, (row[j - 1] as number) + cost))
    }
    row = next
  }
  return row[b.length] as number
}
