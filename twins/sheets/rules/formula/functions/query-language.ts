import { columnIndex } from '../../address.ts'

/** A query that does not parse. */
export class QueryFault extends Error {}

export type Aggregate = 'sum' | 'avg' | 'count' | 'max' | 'min'

/** A value computed for a row or, with aggregates, for a group. */
export type Term =
  /** `letter` names a column of the sheet, `number` (from 1) one of the data. */
  | { readonly kind: 'column'; readonly letter?: string; readonly number?: number }
  | { readonly kind: 'literal'; readonly value: number | string | boolean | null }
  | { readonly kind: 'date'; readonly text: string }
  | { readonly kind: 'aggregate'; readonly name: Aggregate; readonly of: Term }
  | { readonly kind: 'call'; readonly name: string; readonly args: readonly Term[] }
  | { readonly kind: 'arithmetic'; readonly operator: string; readonly left: Term; readonly right: Term }

export type Condition =
  | { readonly kind: 'and' | 'or'; readonly left: Condition; readonly right: Condition }
  | { readonly kind: 'not'; readonly of: Condition }
  | { readonly kind: 'null'; readonly of: Term; readonly negated: boolean }
  | { readonly kind: 'compare'; readonly operator: string; readonly left: Term; readonly right: Term }

export interface Query {
  /** Absent: every column. */
  readonly select?: readonly Term[]
  readonly where?: Condition
  readonly groupBy: readonly Term[]
  readonly pivot: readonly Term[]
  readonly orderBy: readonly { readonly term: Term; readonly descending: boolean }[]
  readonly limit?: number
  readonly offset?: number
  readonly labels: readonly { readonly term: Term; readonly text: string }[]
  readonly formats: readonly { readonly term: Term; readonly text: string }[]
}

const TOKEN = /\s*(?:("[^"]*"|'[^']*')|(`[^`]*`)|(\d+(?:\.\d+)?)|([A-Za-z_]\w*)|(<=|>=|<>|!=|[-+*/=<>(),]))/y

interface Token {
  readonly kind: 'string' | 'identifier' | 'number' | 'word' | 'mark'
  readonly text: string
}

function tokens(source: string): Token[] {
  const list: Token[] = []
  TOKEN.lastIndex = 0
  let position = 0
  while (source.slice(position).trim() !== '') {
    TOKEN.lastIndex = position
    const match = TOKEN.exec(source)
    if (!match) throw new QueryFault(`PARSE_ERROR: Encountered "${source.slice(position).trim()[0]}"`)
    const kinds = ['string', 'identifier', 'number', 'word', 'mark'] as const
    const at = match.slice(1).findIndex((group) => group !== undefined)
    const text = match[at + 1] as string
    const kind = kinds[at] as Token['kind']
    list.push({ kind, text: kind === 'string' || kind === 'identifier' ? text.slice(1, -1) : text })
    position = TOKEN.lastIndex
  }
  return list
}

const AGGREGATES = new Set(['sum', 'avg', 'count', 'max', 'min'])
const CLAUSES = new Set([
  'select',
  'where',
  'group',
  'pivot',
  'order',
  'limit',
  'offset',
  'label',
  'format',
  'options',
  'skipping',
])

class Reader {
  #at = 0
  readonly #tokens: readonly Token[]

  constructor(source: string) {
    this.#tokens = tokens(source)
  }

  get done(): boolean {
    return this.#at >= this.#tokens.length
  }

  word(...words: string[]): boolean {
    const next = this.#tokens[this.#at]
    if (next?.kind !== 'word' || !words.includes(next.text.toLowerCase())) return false
    this.#at++
    return true
  }

  mark(text: string): boolean {
    const next = this.#tokens[this.#at]
    if (next?.kind !== 'mark' || next.text !== text) return false
    this.#at++
    return true
  }

  take(): Token {
    const next = this.#tokens[this.#at++]
    if (!next) throw new QueryFault('PARSE_ERROR: Encountered "<EOF>"')
    return next
  }

  peek(): Token | undefined {
    return this.#tokens[this.#at]
  }

  need(found: boolean): void {
    if (!found) throw new QueryFault(`PARSE_ERROR: Encountered "${this.peek()?.text ?? '<EOF>'}"`)
  }

  list<T>(read: () => T): T[] {
    const items = [read()]
    while (this.mark(',')) items.push(read())
    return items
  }

  term(): Term {
    let left = this.#product()
    for (;;) {
      const operator = this.mark('+') ? '+' : this.mark('-') ? '-' : undefined
      if (!operator) return left
      left = { kind: 'arithmetic', operator, left, right: this.#product() }
    }
  }

  #product(): Term {
    let left = this.#factor()
    for (;;) {
      const operator = this.mark('*') ? '*' : this.mark('/') ? '/' : undefined
      if (!operator) return left
      left = { kind: 'arithmetic', operator, left, right: this.#factor() }
    }
  }

  #factor(): Term {
    if (this.mark('(')) {
      const inner = this.term()
      this.need(this.mark(')'))
      return inner
    }
    if (this.mark('-'))
      return { kind: 'arithmetic', operator: '-', left: { kind: 'literal', value: 0 }, right: this.#factor() }
    const { kind, text } = this.take()
    if (kind === 'string') return { kind: 'literal', value: text }
    if (kind === 'number') return { kind: 'literal', value: Number(text) }
    if (kind === 'identifier') return column(text)
    if (kind !== 'word') throw new QueryFault(`PARSE_ERROR: Encountered "${text}"`)
    return this.#word(text)
  }

  #word(text: string): Term {
    const lower = text.toLowerCase()
    if (lower === 'true' || lower === 'false') return { kind: 'literal', value: lower === 'true' }
    const next = this.peek()
    if (
      (lower === 'date' || lower === 'datetime' || lower === 'timestamp' || lower === 'timeofday') &&
      next?.kind === 'string'
    )
      return { kind: 'date', text: this.take().text }
    if (!this.mark('(')) return column(text)
    const args = this.mark(')') ? [] : this.list(() => this.term())
    if (args.length > 0) this.need(this.mark(')'))
    const [first] = args
    if (AGGREGATES.has(lower) && first) return { kind: 'aggregate', name: lower as Aggregate, of: first }
    return { kind: 'call', name: lower, args }
  }

  condition(): Condition {
    let left = this.#conjunction()
    while (this.word('or')) left = { kind: 'or', left, right: this.#conjunction() }
    return left
  }

  #conjunction(): Condition {
    let left = this.#negation()
    while (this.word('and')) left = { kind: 'and', left, right: this.#negation() }
    return left
  }

  #negation(): Condition {
    if (this.word('not')) return { kind: 'not', of: this.#negation() }
    const start = this.#at
    if (this.mark('(')) {
      try {
        const inner = this.condition()
        this.need(this.mark(')'))
        return inner
      } catch (error) {
        if (!(error instanceof QueryFault)) throw error
        this.#at = start // the parenthesis belongs to a value
      }
    }
    return this.#comparison()
  }

  #comparison(): Condition {
    const left = this.term()
    if (this.word('is')) {
      const negated = this.word('not')
      this.need(this.word('null'))
      return { kind: 'null', of: left, negated }
    }
    for (const [first, second] of [
      ['contains'],
      ['matches'],
      ['like'],
      ['starts', 'with'],
      ['ends', 'with'],
    ] as const) {
      if (!this.word(first)) continue
      if (second) this.need(this.word(second))
      return { kind: 'compare', operator: first, left, right: this.term() }
    }
    const operator = ['=', '<>', '!=', '<=', '>=', '<', '>'].find((mark) => this.mark(mark))
    this.need(operator !== undefined)
    return { kind: 'compare', operator: operator === '!=' ? '<>' : (operator as string), left, right: this.term() }
  }
}

function column(text: string): Term {
  const numbered = /^col(\d+)$/i.exec(text)
  if (numbered) return { kind: 'column', number: Number(numbered[1]) }
  if (!/^[A-Za-z]{1,3}$/.test(text) || columnIndex(text) > 18_277 || CLAUSES.has(text.toLowerCase()))
    throw new QueryFault(`NO_COLUMN: ${text}`)
  return { kind: 'column', letter: text }
}

/** Reads a query in the language of QUERY: clauses in their fixed order. */
export function parseQuery(source: string): Query {
  const reader = new Reader(source)
  const query: { -readonly [K in keyof Query]: Query[K] } = {
    groupBy: [],
    pivot: [],
    orderBy: [],
    labels: [],
    formats: [],
  }
  const named = () => ({ term: reader.term(), text: reader.take().text })
  if (reader.word('select') && !reader.mark('*')) query.select = reader.list(() => reader.term())
  if (reader.word('where')) query.where = reader.condition()
  if (reader.word('group')) {
    reader.need(reader.word('by'))
    query.groupBy = reader.list(() => reader.term())
  }
  if (reader.word('pivot')) query.pivot = reader.list(() => reader.term())
  if (reader.word('order')) {
    reader.need(reader.word('by'))
    query.orderBy = reader.list(() => {
      const term = reader.term()
      const descending = reader.word('desc')
      if (!descending) reader.word('asc')
      return { term, descending }
    })
  }
  if (reader.word('limit')) query.limit = Number(reader.take().text)
  if (reader.word('offset')) query.offset = Number(reader.take().text)
  if (reader.word('label')) query.labels = reader.list(named)
  if (reader.word('format')) query.formats = reader.list(named)
  if (reader.word('options')) while (!reader.done) reader.take()
  reader.need(reader.done)
  return query
}
