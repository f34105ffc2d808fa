import type { Change, ChangeItem, Issue } from '../../tables.ts'
import type { Clause, Condition, Operand, Operator, Predicate, Query, SortKey } from './ast.ts'
import { parseDate, type Span } from './dates.ts'
import { type Comparable, type JqlContext, type JqlField, jqlField } from './fields.ts'
import { jqlFunction } from './functions.ts'
import { parse } from './parser.ts'
import { textQuery } from './text.ts'

export type Matches = (issue: Issue) => boolean

const NOTHING: Matches = () => false
/** Saved filters inside saved filters: deeper is a cycle. */
const DEEPEST = 20

/** Compiles a where clause. What Jira would object to matches nothing. */
export function compile(clause: Clause | undefined, context: JqlContext, depth = 0): Matches {
  if (!clause) return () => true
  if (clause.kind === 'not') {
    const inner = compile(clause.clause, context, depth)
    return (issue) => !inner(issue)
  }
  if (clause.kind === 'condition') return condition(clause, context, depth)
  const parts = clause.clauses.map((part) => compile(part, context, depth))
  return clause.kind === 'and'
    ? (issue) => parts.every((part) => part(issue))
    : (issue) => parts.some((part) => part(issue))
}

function condition(clause: Condition, context: JqlContext, depth: number): Matches {
  if (clause.field.property) return propertyCondition(clause, context)
  const field = jqlField(context.site, clause.field.name)
  if (!field?.operators.includes(clause.operator)) return NOTHING
  if (field.id === 'filter') return filterCondition(clause, context, depth)
  const { operator, operand } = clause
  if (operator === 'changed' || operator.startsWith('was')) return historyCondition(clause, field, context)
  if (!operand) return NOTHING
  if (operand.kind === 'empty') {
    const empty: Matches = (issue) => field.values(issue, context).length === 0
    return operator === 'is' || operator === '=' ? empty : (issue) => !empty(issue)
  }
  if (operator === '~' || operator === '!~') return textCondition(field, operator, operand, context)
  if (operator === 'is' || operator === 'is not') return NOTHING
  if (field.type === 'date') return dateCondition(field, operator, operand, context)
  if (field.type === 'number') return numberCondition(field, operator, operand, context)
  return rowCondition(field, operator, operand, context)
}

/** The values an operand stands for. `undefined`: something in it does not exist. */
function resolved(field: JqlField, operand: Operand, context: JqlContext): readonly Comparable[] | undefined {
  if (operand.kind === 'list') {
    const parts = operand.items.map((item) => resolved(field, item, context))
    const known = parts.filter((part) => part !== undefined)
    return known.length === 0 ? undefined : known.flat()
  }
  if (operand.kind === 'function') {
    const known = jqlFunction(operand.name)
    return known && operand.args.length >= known.least && operand.args.length <= known.most
      ? known.run(operand.args, context)
      : undefined
  }
  return operand.kind === 'value' ? field.resolve?.(operand.value, context) : []
}

function rowCondition(field: JqlField, operator: Operator, operand: Operand, context: JqlContext): Matches {
  const wanted = resolved(field, operand, context)
  if (!wanted) return NOTHING
  if (field.id === 'resolution' && wanted.includes('unresolved')) {
    const open: Matches = (issue) => issue.resolutionId === null || (wanted as string[]).includes(issue.resolutionId)
    return operator === '=' || operator === 'in' ? open : (issue) => !open(issue)
  }
  const withEmpty = operand.kind === 'list' && operand.items.some((item) => item.kind === 'empty')
  if (operator === '=' || operator === 'in') {
    const set = new Set(wanted)
    return (issue) => {
      const values = field.values(issue, context)
      return values.length === 0 ? withEmpty : values.some((value) => set.has(value))
    }
  }
  if (operator === '!=' || operator === 'not in') {
    const set = new Set(wanted)
    // Empty fields never match the negative operators.
    return (issue) => {
      const values = field.values(issue, context)
      return values.length > 0 && !values.some((value) => set.has(value))
    }
  }
  const rank = (value: Comparable) => field.rank?.(value, context) ?? value
  const bounds = wanted.map(rank)
  return (issue) =>
    field.values(issue, context).some((value) => bounds.some((bound) => compares(rank(value), operator, bound)))
}

function compares(left: Comparable, operator: Operator, right: Comparable): boolean {
  if (operator === '<') return left < right
  if (operator === '<=') return left <= right
  return operator === '>' ? left > right : left >= right
}

function textCondition(field: JqlField, operator: Operator, operand: Operand, context: JqlContext): Matches {
  if (operand.kind !== 'value') return NOTHING
  const query = textQuery(operand.value)
  if (!query) return NOTHING
  const named = (value: Comparable) =>
    field.type === 'row' ? (context.site.tables.versions.get(String(value))?.name ?? '') : String(value)
  return (issue) => {
    const values = field.values(issue, context)
    if (operator === '!~') return values.length > 0 && !values.some((value) => query(named(value)))
    return values.some((value) => query(named(value)))
  }
}

function spans(operand: Operand, { site, zone }: JqlContext): (Span | undefined)[] {
  if (operand.kind === 'list') return operand.items.flatMap((item) => spans(item, { site, zone, user: undefined }))
  if (operand.kind === 'value') return [parseDate(operand.value, site.now, zone)]
  if (operand.kind !== 'function') return []
  const at = jqlFunction(operand.name)?.run(operand.args, { site, zone, user: undefined })?.[0]
  return [typeof at === 'number' ? { from: at, to: at } : undefined]
}

function dateCondition(field: JqlField, operator: Operator, operand: Operand, context: JqlContext): Matches {
  const wanted = spans(operand, context).filter((span) => span !== undefined)
  if (wanted.length === 0) return NOTHING
  const test = (at: number, { from, to }: Span): boolean => {
    if (operator === '<') return at < from
    if (operator === '<=') return at <= to
    if (operator === '>') return at > to
    if (operator === '>=') return at >= from
    return at >= from && at <= to
  }
  const negative = operator === '!=' || operator === 'not in'
  return (issue) => {
    const values = field.values(issue, context) as number[]
    if (negative)
      return values.length > 0 && !values.some((at) => wanted.some((span) => at >= span.from && at <= span.to))
    return values.some((at) => wanted.some((span) => test(at, span)))
  }
}

function numberCondition(field: JqlField, operator: Operator, operand: Operand, context: JqlContext): Matches {
  const items = operand.kind === 'list' ? operand.items : [operand]
  const wanted = items
    .map((item) => (item.kind === 'value' ? numberOf(item.value) : Number.NaN))
    .filter((n) => !Number.isNaN(n))
  if (wanted.length === 0) return NOTHING
  return (issue) => {
    const values = field.values(issue, context) as number[]
    if (operator === '!=' || operator === 'not in')
      return values.length > 0 && !values.some((value) => wanted.includes(value))
    if (operator === '=' || operator === 'in') return values.some((value) => wanted.includes(value))
    return values.some((value) => wanted.some((bound) => compares(value, operator, bound)))
  }
}

/** A number, or a duration as estimates are compared with: `2h`, in seconds. */
const numberOf = (text: string): number => {
  const duration = /^(\d+)([wdhm])$/.exec(text)
  if (!duration) return Number(text)
  return Number(duration[1]) * { w: 144_000, d: 28_800, h: 3600, m: 60 }[duration[2] as 'w']
}

/** `filter = 10000` stands for the saved query, run for the caller. */
function filterCondition(clause: Condition, context: JqlContext, depth: number): Matches {
  if (!clause.operand || depth > DEEPEST) return NOTHING
  const field = jqlField(context.site, 'filter') as JqlField
  const ids = resolved(field, clause.operand, context) ?? []
  const queries = ids.map((id) => context.site.tables.filters.get(String(id))).filter((filter) => filter !== undefined)
  const compiled = queries.map((filter) => compile(parse(filter.jql).where, context, depth + 1))
  const some: Matches = (issue) => compiled.some((matches) => matches(issue))
  return clause.operator === '=' || clause.operator === 'in' ? some : (issue) => !some(issue)
}

/** `issue.property[key].path = value`. */
function propertyCondition({ field, operator, operand }: Condition, { site, zone, user }: JqlContext): Matches {
  const { key, path } = field.property as { key: string; path: string }
  const read = (issue: Issue): unknown => {
    let value: unknown = site.tables.properties.get(`issue/${issue.id}/${key}`)?.value
    for (const part of path === '' ? [] : path.split('.'))
      value = (value as Record<string, unknown> | undefined)?.[part]
    return value
  }
  if (!operand) return NOTHING
  const texts = (operand.kind === 'list' ? operand.items : [operand]).map((item) =>
    item.kind === 'value' ? item.value : '',
  )
  const query = operator.endsWith('~') ? textQuery(texts[0] as string) : undefined
  const at = (text: string) =>
    Number.isNaN(Number(text)) ? (parseDate(text, site.now, zone)?.from ?? (user ? text : text)) : Number(text)
  return (issue) => {
    const value = read(issue)
    if (operand.kind === 'empty')
      return (value === undefined || value === null) === (operator === 'is' || operator === '=')
    if (value === undefined || value === null) return false
    const values = [value].flat().map(String)
    switch (operator) {
      case '=':
      case 'in':
        return values.some((item) => texts.includes(item))
      case '!=':
      case 'not in':
        return !values.some((item) => texts.includes(item))
      case '~':
        return !!query && values.some(query)
      case '!~':
        return !!query && !values.some(query)
      default:
        return values.some((item) => compares(at(item), operator, at(texts[0] as string)))
    }
  }
}

/** The periods an issue's field had each value, from its history. */
interface Period {
  readonly value: string | null
  readonly from: number
  readonly to: number
  /** Who set the value; absent for the first one. */
  readonly by?: string | null
}

function itemsOf(issue: Issue, field: JqlField, { site }: JqlContext): { change: Change; item: ChangeItem }[] {
  return site.tables.changes
    .where('issue', issue.id)
    .flatMap((change) => change.items.filter((item) => item.field === field.history).map((item) => ({ change, item })))
}

function periods(issue: Issue, field: JqlField, context: JqlContext): Period[] {
  const items = itemsOf(issue, field, context)
  const now = field.values(issue, context)[0]
  const made: Period[] = []
  let from = issue.created
  let by: string | null | undefined = issue.creatorId
  for (const { change, item } of items) {
    made.push({ value: item.from, from, to: change.created, by })
    from = change.created
    by = change.authorId
  }
  made.push({ value: now === undefined ? null : String(now), from, to: Number.MAX_SAFE_INTEGER, by })
  return made
}

function historyCondition({ operator, operand, predicates }: Condition, field: JqlField, context: JqlContext): Matches {
  if (!field.history || !context.user) return NOTHING // Nobody signed in sees no history (recorded).
  if (operator === 'changed') {
    const tests = predicates.map((predicate) => changePredicate(predicate, field, context))
    return (issue) =>
      itemsOf(issue, field, context).some(({ change, item }) => tests.every((test) => test(change, item)))
  }
  const wanted = operand?.kind === 'empty' ? [] : operand && resolved(field, operand, context)
  if (!wanted) return NOTHING
  const isEmpty = operand?.kind === 'empty'
  const tests = predicates.map((predicate) => periodPredicate(predicate, context))
  const was: Matches = (issue) =>
    periods(issue, field, context).some(
      (period) =>
        (isEmpty ? period.value === null : wanted.map(String).includes(String(period.value))) &&
        tests.every((test) => test(period)),
    )
  return operator === 'was' || operator === 'was in' ? was : (issue) => !was(issue)
}

function times(operand: Operand, context: JqlContext): Span[] {
  return spans(operand, context).filter((span) => span !== undefined)
}

/** Days stand for all of them in ON. */
const wholeDay = ({ from }: Span): Span => ({ from, to: from + 86_399_999 })

function peopleOf(operand: Operand, context: JqlContext): readonly Comparable[] {
  const assignee = jqlField(context.site, 'assignee') as JqlField
  return resolved(assignee, operand, context) ?? []
}

function periodPredicate({ operator, operand }: Predicate, context: JqlContext): (period: Period) => boolean {
  const [first, second] = times(operand, context)
  switch (operator) {
    case 'by': {
      const people = peopleOf(operand, context)
      return (period) => people.includes(period.by ?? '')
    }
    case 'after':
      return (period) => !!first && period.to > first.to
    case 'before':
      return (period) => !!first && period.from < first.from
    case 'on': {
      const day = first && wholeDay(first)
      return (period) => !!day && period.from <= day.to && period.to >= day.from
    }
    case 'during':
      return (period) => !!first && !!second && period.from <= second.to && period.to >= first.from
    default:
      return () => true
  }
}

function changePredicate(
  { operator, operand }: Predicate,
  field: JqlField,
  context: JqlContext,
): (change: Change, item: ChangeItem) => boolean {
  const [first, second] = times(operand, context)
  switch (operator) {
    case 'by': {
      const people = peopleOf(operand, context)
      return (change) => people.includes(change.authorId ?? '')
    }
    case 'from':
    case 'to': {
      const wanted = operand.kind === 'empty' ? [null] : (resolved(field, operand, context) ?? []).map(String)
      return (_, item) => (wanted as (string | null)[]).includes(operator === 'from' ? item.from : item.to)
    }
    case 'after':
      return (change) => !!first && change.created > first.to
    case 'before':
      return (change) => !!first && change.created < first.from
    case 'on': {
      const day = first && wholeDay(first)
      return (change) => !!day && change.created >= day.from && change.created <= day.to
    }
    case 'during':
      return (change) => !!first && !!second && change.created >= first.from && change.created <= second.to
  }
}

/** The order of a result. Unknown sort fields are left out; empty values come last when ascending; ties by key. */
export function comparator(orderBy: readonly SortKey[], context: JqlContext): (a: Issue, b: Issue) => number {
  const keys = orderBy
    .map(({ field, direction }) => ({ field: jqlField(context.site, field.name), direction }))
    .filter((key): key is { field: JqlField; direction: 'asc' | 'desc' | undefined } => !!key.field?.orderable)
  const project = jqlField(context.site, 'key') as JqlField
  const place = (field: JqlField, issue: Issue): Comparable | undefined => {
    const [value] = field.values(issue, context)
    if (value === undefined) return undefined
    const rank = field.rank?.(value, context) ?? value
    return typeof rank === 'string' ? rank.toLowerCase() : rank
  }
  return (a, b) => {
    for (const { field, direction } of keys) {
      const [left, right] = [place(field, a), place(field, b)]
      if (left === right) continue
      const order = left === undefined ? 1 : right === undefined ? -1 : left < right ? -1 : 1
      return direction === 'desc' ? -order : order
    }
    const [left, right] = [place(project, a) ?? '', place(project, b) ?? '']
    if (keys.length > 0) return left < right ? -1 : left > right ? 1 : 0
    return b.created - a.created || Number(b.id) - Number(a.id)
  }
}

/** Runs a query over issues. */
export function run(query: Query, issues: Iterable<Issue>, context: JqlContext): Issue[] {
  const matches = compile(query.where, context)
  return [...issues].filter((issue) => matches(issue)).sort(comparator(query.orderBy, context))
}
