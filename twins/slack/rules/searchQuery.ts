const DAY = 86_400

/** A search as people write it: words, "phrases", -exclusions and modifiers such as `from:@boris in:#anvils has:link`. */
export interface SearchQuery {
  readonly words: readonly string[]
  readonly excluded: readonly string[]
  readonly from: readonly string[]
  readonly in: readonly string[]
  readonly has: readonly string[]
  readonly is: readonly string[]
  /** Seconds. */
  readonly after?: number
  readonly before?: number
}

const TOKEN = /-?(?:[a-z]+:)?"[^"]*"|\S+/gi

export function parseSearch(query: string, now: number): SearchQuery {
  const found = {
    words: [] as string[],
    excluded: [] as string[],
    from: [] as string[],
    in: [] as string[],
    has: [] as string[],
    is: [] as string[],
  }
  let after: number | undefined
  let before: number | undefined
  for (const [token] of query.matchAll(TOKEN)) {
    const [, key = '', value = ''] = /^(from|in|to|has|is|before|after|on|during|with|creator):(.+)$/i.exec(token) ?? []
    const bare = value.replace(/^["@#<]+|[">]+$/g, '')
    switch (key.toLowerCase()) {
      case '':
        if (token.startsWith('-')) found.excluded.push(plain(token.slice(1)))
        else found.words.push(plain(token))
        break
      case 'from':
      case 'creator':
        found.from.push(bare.replace(/^@/, ''))
        break
      case 'in':
        found.in.push(bare)
        break
      case 'to':
      case 'with':
        found.in.push(bare)
        break
      case 'has':
        found.has.push(value.toLowerCase())
        break
      case 'is':
        found.is.push(value.toLowerCase())
        break
      default: {
        const span = dates(bare, now)
        if (!span) break
        if (key === 'before') before = span.start
        else if (key === 'after') after = span.end
        else [after, before] = [span.start, span.end]
      }
    }
  }
  return { ...found, ...(after === undefined ? {} : { after }), ...(before === undefined ? {} : { before }) }
}

const plain = (token: string): string => token.replaceAll('"', '').toLowerCase()

const MONTHS = [
  'january',
  'february',
  'march',
  'april',
  'may',
  'june',
  'july',
  'august',
  'september',
  'october',
  'november',
  'december',
]

/** The span a date word means: a day, a month or a year. */
function dates(word: string, now: number): { start: number; end: number } | undefined {
  const today = now - (now % DAY)
  const said = word.toLowerCase()
  if (said === 'today') return { start: today, end: today + DAY }
  if (said === 'yesterday') return { start: today - DAY, end: today }
  const [, year, month, day] = /^(\d{4})(?:-(\d{2})(?:-(\d{2}))?)?$/.exec(said) ?? []
  if (year) return span(Number(year), month ? Number(month) - 1 : undefined, day ? Number(day) : undefined)
  const named = MONTHS.findIndex((name) => name === said || name.slice(0, 3) === said)
  return named < 0 ? undefined : span(new Date(now * 1000).getUTCFullYear(), named, undefined)
}

function span(year: number, month: number | undefined, day: number | undefined): { start: number; end: number } {
  const utc = (y: number, m: number, d: number) => Date.UTC(y, m, d) / 1000
  if (month === undefined) return { start: utc(year, 0, 1), end: utc(year + 1, 0, 1) }
  if (day === undefined) return { start: utc(year, month, 1), end: utc(year, month + 1, 1) }
  return { start: utc(year, month, day), end: utc(year, month, day + 1) }
}
