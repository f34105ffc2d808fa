import { columnIndex } from '../../address.ts'
import { parseMoment } from '../../input.ts'
import { apply } from '../../number-format.ts'
import { civil } from '../../serial.ts'
import type { Scope } from '../scope.ts'
import { CellError, compare, type Scalar, textOf } from '../values.ts'
import { sortOrder } from './array.ts'
import { wildcard } from './criteria.ts'
import { type Condition, type Query, QueryFault, type Term } from './query-language.ts'

export interface QueryData {
  readonly labels: readonly string[]
  readonly rows: readonly (readonly Scalar[])[]
  /** Sheet column of the data's first column; absent when the data is no range and columns are Col1, Col2 … */
  readonly firstColumn?: number
  readonly headed: boolean
}

type Line = readonly Scalar[]

/** Runs a query; the first row of the result holds the labels when the data has headings or the query makes any. */
export function runQuery(query: Query, data: QueryData, scope: Scope): Scalar[][] {
  const run = new Run(data, scope)
  const rows = query.where ? data.rows.filter((row) => run.holds(query.where as Condition, row)) : [...data.rows]
  const select = query.select ?? data.labels.map((_, at): Term => ({ kind: 'column', number: at + 1 }))
  const aggregated = query.groupBy.length > 0 || query.pivot.length > 0 || select.some(hasAggregate)
  if (query.pivot.length > 0) return limited(run.pivoted(query, select, rows), query, 1)
  const groups = aggregated ? run.groups(query, select, rows) : rows.map((row) => [row])
  const ordered = groups.toSorted((a, b) => {
    for (const { term, descending } of query.orderBy) {
      const order = sortOrder(run.value(term, a), run.value(term, b), !descending)
      if (order !== 0) return order
    }
    return 0
  })
  const body = ordered.map((group) => select.map((term) => run.formatted(query, term, run.value(term, group))))
  const labelled = data.headed || query.labels.length > 0 || select.some((term) => term.kind !== 'column')
  return labelled ? limited([select.map((term) => run.label(query, term)), ...body], query, 1) : limited(body, query, 0)
}

function limited(rows: Scalar[][], { limit, offset = 0 }: Query, heads: number): Scalar[][] {
  const body = rows.slice(heads).slice(offset, limit === undefined ? undefined : offset + limit)
  return [...rows.slice(0, heads), ...body]
}

const hasAggregate = (term: Term): boolean =>
  term.kind === 'aggregate' || (term.kind === 'arithmetic' && (hasAggregate(term.left) || hasAggregate(term.right)))

const sameTerm = (a: Term, b: Term) => JSON.stringify(a).toLowerCase() === JSON.stringify(b).toLowerCase()

class Run {
  readonly #data: QueryData
  readonly #scope: Scope

  constructor(data: QueryData, scope: Scope) {
    this.#data = data
    this.#scope = scope
  }

  #column(term: Extract<Term, { kind: 'column' }>): number {
    const { firstColumn, labels } = this.#data
    const at =
      term.number === undefined
        ? firstColumn === undefined
          ? -1
          : columnIndex(term.letter as string) - firstColumn
        : term.number - 1
    if (at < 0 || at >= labels.length)
      throw new QueryFault(`NO_COLUMN: ${term.letter?.toUpperCase() ?? `Col${term.number}`}`)
    return at
  }

  /** Value of a term for a group of rows; what is no aggregate is taken from its first row. */
  value(term: Term, group: readonly Line[]): Scalar {
    switch (term.kind) {
      case 'column':
        return group[0]?.[this.#column(term)] ?? null
      case 'literal':
        return term.value
      case 'date':
        return parseMoment(term.text, { locale: this.#scope.host.locale, year: 2000 })?.value ?? null
      case 'aggregate':
        return aggregate(
          term.name,
          group.map((row) => this.value(term.of, [row])),
        )
      case 'call':
        return this.#call(
          term.name,
          term.args.map((arg) => this.value(arg, group)),
        )
      case 'arithmetic':
        return arithmetic(term.operator, this.value(term.left, group), this.value(term.right, group))
    }
  }

  #call(name: string, [first]: readonly Scalar[]): Scalar {
    if (name === 'now') return this.#scope.host.now
    if (first === null || first === undefined || first instanceof CellError) return null
    if (name === 'upper') return textOf(first).toUpperCase()
    if (name === 'lower') return textOf(first).toLowerCase()
    const moment = civil(Number(first))
    switch (name) {
      case 'year':
        return moment.year
      case 'month':
        return moment.month - 1
      case 'day':
        return moment.day
      case 'hour':
        return moment.hour
      case 'minute':
        return moment.minute
      case 'second':
        return moment.second
      case 'quarter':
        return Math.ceil(moment.month / 3)
      case 'dayofweek':
        return moment.weekday + 1
      case 'todate':
        return Math.floor(Number(first))
      default:
        throw new QueryFault(`PARSE_ERROR: Encountered "${name}"`)
    }
  }

  holds(condition: Condition, row: Line): boolean {
    switch (condition.kind) {
      case 'and':
        return this.holds(condition.left, row) && this.holds(condition.right, row)
      case 'or':
        return this.holds(condition.left, row) || this.holds(condition.right, row)
      case 'not':
        return !this.holds(condition.of, row)
      case 'null': {
        const value = this.value(condition.of, [row])
        return (value === null || value === '') !== condition.negated
      }
      case 'compare':
        return compares(condition.operator, this.value(condition.left, [row]), this.value(condition.right, [row]))
    }
  }

  groups({ groupBy }: Query, select: readonly Term[], rows: readonly Line[]): Line[][] {
    const stray = select.find((term) => term.kind === 'column' && !groupBy.some((by) => sameTerm(by, term)))
    if (stray) throw new QueryFault(`ADD_COL_TO_GROUP_BY_OR_AGG: ${this.#name(stray)}`)
    if (groupBy.length === 0) return [[...rows]]
    const groups = new Map<string, Line[]>()
    for (const row of rows) {
      const key = JSON.stringify(groupBy.map((term) => this.value(term, [row])))
      const group = groups.get(key)
      if (group) group.push(row)
      else groups.set(key, [row])
    }
    return [...groups.values()].toSorted((a, b) => {
      for (const term of groupBy) {
        const order = sortOrder(this.value(term, a), this.value(term, b), true)
        if (order !== 0) return order
      }
      return 0
    })
  }

  /** One column per value of the pivot columns and aggregate. */
  pivoted(query: Query, select: readonly Term[], rows: readonly Line[]): Scalar[][] {
    const heads = select.filter((term) => !hasAggregate(term))
    const cells = select.filter(hasAggregate)
    const pivots = this.groups({ ...query, groupBy: query.pivot }, [], rows)
    const lines = this.groups({ ...query, groupBy: query.groupBy }, heads, rows)
    const pivotKey = (row: Line) => JSON.stringify(query.pivot.map((term) => this.value(term, [row])))
    const titles = pivots.flatMap((group) => {
      const title = query.pivot.map((term) => textOf(plainOrNull(this.value(term, group)))).join(',')
      return cells.map((cell) => (cells.length > 1 ? `${title} ${this.label(query, cell)}` : title))
    })
    const body = lines.map((line) => [
      ...heads.map((term) => this.value(term, line)),
      ...pivots.flatMap((pivot) => {
        const key = pivotKey(pivot[0] as Line)
        const part = line.filter((row) => pivotKey(row) === key)
        return cells.map((cell) => (part.length > 0 ? this.value(cell, part) : null))
      }),
    ])
    return [[...heads.map((term) => this.label(query, term)), ...titles], ...body]
  }

  formatted({ formats }: Query, term: Term, value: Scalar): Scalar {
    const format = formats.find((other) => sameTerm(other.term, term))
    return format && typeof value === 'number' ? apply(format.text, value, this.#scope.host.locale) : value
  }

  label({ labels }: Query, term: Term): string {
    return labels.find((other) => sameTerm(other.term, term))?.text ?? this.#name(term)
  }

  #name(term: Term): string {
    switch (term.kind) {
      case 'column':
        return this.#data.labels[this.#column(term)] ?? ''
      case 'aggregate':
        return `${term.name} ${this.#name(term.of)}`.trim()
      case 'call':
        return `${term.name}(${term.args.map((arg) => this.#name(arg)).join(', ')})`
      case 'arithmetic': {
        const names = { '+': 'sum', '-': 'difference', '*': 'product', '/': 'quotient' }[term.operator]
        return `${names}(${this.#name(term.left)}${this.#name(term.right)})`
      }
      case 'literal':
        return typeof term.value === 'string' ? `"${term.value}"` : `${term.value}`
      case 'date':
        return term.text
    }
  }
}

const plainOrNull = (value: Scalar) => (value instanceof CellError ? null : value)

function aggregate(name: string, values: readonly Scalar[]): Scalar {
  const present = values.filter((value) => value !== null && !(value instanceof CellError))
  if (name === 'count') return present.length
  if (present.length === 0) return null
  if (name === 'max' || name === 'min') {
    const order = name === 'max' ? 1 : -1
    return present.reduce((best, value) => (compare(value as number, best as number) * order > 0 ? value : best))
  }
  const numbers = present.filter((value) => typeof value === 'number')
  if (numbers.length !== present.length) throw new QueryFault('AVG_SUM_ONLY_NUMERIC')
  const total = numbers.reduce((a, b) => a + b, 0)
  return Number((name === 'avg' ? total / numbers.length : total).toPrecision(15))
}

function arithmetic(operator: string, left: Scalar, right: Scalar): Scalar {
  if (typeof left !== 'number' || typeof right !== 'number') return null
  if (operator === '/') return right === 0 ? null : left / right
  return operator === '+' ? left + right : operator === '-' ? left - right : left * right
}

function compares(operator: string, left: Scalar, right: Scalar): boolean {
  if (left === null || right === null || left instanceof CellError || right instanceof CellError) return false
  const text = textOf(left)
  const other = textOf(right)
  switch (operator) {
    case 'contains':
      return text.includes(other)
    case 'starts':
      return text.startsWith(other)
    case 'ends':
      return text.endsWith(other)
    case 'matches':
      return new RegExp(`^(?:${other})$`, 'u').test(text)
    case 'like':
      return wildcard(other.replaceAll('%', '*').replaceAll('_', '?')).test(text)
  }
  if (typeof left !== typeof right) return operator === '<>'
  const order = typeof left === 'string' ? (left < other ? -1 : left > other ? 1 : 0) : compare(left, right)
  switch (operator) {
    case '=':
      return order === 0
    case '<>':
      return order !== 0
    case '<':
      return order < 0
    case '>':
      return order > 0
    case '<=':
      return order <= 0
    default:
      return order >= 0
  }
}
