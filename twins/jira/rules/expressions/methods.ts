import { EvaluationError } from './ast.ts'
import { type Callable, compare, equal, Moment, toText, typeName } from './values.ts'

const fn = (value: unknown): Callable => {
  if (typeof value !== 'function') throw new EvaluationError(`A function is expected instead of ${typeName(value)}`)
  return value as Callable
}

/** Whether a condition holds: conditions are booleans, nothing else is taken for one. */
export function truth(value: unknown): boolean {
  if (typeof value !== 'boolean') throw new EvaluationError(`Boolean is expected instead of ${typeName(value)}`)
  return value
}

const integer = (value: unknown, standard: number) => (value === undefined ? standard : Math.trunc(Number(value)))

const lists = (list: readonly unknown[]): Record<string, unknown> => ({
  length: list.length,
  map: (of: unknown) => list.map((item, at) => fn(of)(item, at)),
  flatMap: (of: unknown) => list.flatMap((item, at) => fn(of)(item, at)),
  flatten: () => list.flat(),
  filter: (of: unknown) => list.filter((item, at) => truth(fn(of)(item, at))),
  find: (of: unknown) => list.find((item, at) => truth(fn(of)(item, at))) ?? null,
  some: (of: unknown) => list.some((item, at) => truth(fn(of)(item, at))),
  every: (of: unknown) => list.every((item, at) => truth(fn(of)(item, at))),
  includes: (wanted: unknown) => list.some((item) => equal(item, wanted)),
  indexOf: (wanted: unknown) => list.findIndex((item) => equal(item, wanted)),
  concat: (...more: unknown[]) => list.concat(...more),
  slice: (from: unknown, to: unknown) => list.slice(integer(from, 0), integer(to, list.length)),
  join: (by: unknown = ',') => list.map(toText).join(String(by)),
  reverse: () => [...list].reverse(),
  sort: (of?: unknown) => [...list].sort((a, b) => (of === undefined ? compare(a, b) : Number(fn(of)(a, b)))),
  reduce: (of: unknown, ...start: unknown[]) => {
    if (list.length === 0 && start.length === 0) throw new EvaluationError('Reduce of an empty list')
    const [first, rest] = start.length > 0 ? [start[0], list] : [list[0], list.slice(1)]
    return rest.reduce((sum: unknown, item) => fn(of)(sum, item), first)
  },
})

const strings = (text: string): Record<string, unknown> => ({
  length: text.length,
  trim: () => text.trim(),
  toLowerCase: () => text.toLowerCase(),
  toUpperCase: () => text.toUpperCase(),
  includes: (part: unknown) => text.includes(String(part)),
  startsWith: (part: unknown) => text.startsWith(String(part)),
  endsWith: (part: unknown) => text.endsWith(String(part)),
  indexOf: (part: unknown) => text.indexOf(String(part)),
  lastIndexOf: (part: unknown) => text.lastIndexOf(String(part)),
  charAt: (at: unknown) => text.charAt(integer(at, 0)),
  split: (by?: unknown) => (by === undefined ? [text] : text.split(String(by))),
  substring: (from: unknown, to: unknown) => text.substring(integer(from, 0), integer(to, text.length)),
  slice: (from: unknown, to: unknown) => text.slice(integer(from, 0), integer(to, text.length)),
  replace: (part: unknown, by: unknown) => text.replace(String(part), () => String(by)),
})

const DAY = 86_400_000

function moved(at: number, months: number): Moment {
  const date = new Date(at)
  const day = date.getUTCDate()
  date.setUTCDate(1)
  date.setUTCMonth(date.getUTCMonth() + months)
  const last = new Date(Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + 1, 0)).getUTCDate()
  date.setUTCDate(Math.min(day, last))
  return new Moment(date.getTime())
}

const dates = ({ at }: Moment): Record<string, unknown> => {
  const date = new Date(at)
  const by = (unit: number, sign: 1 | -1) => (count: unknown) => new Moment(at + sign * unit * Number(count))
  return {
    getTime: () => at,
    toISOString: () => date.toISOString(),
    toString: () => date.toISOString(),
    getFullYear: () => date.getUTCFullYear(),
    getMonth: () => date.getUTCMonth(),
    getDate: () => date.getUTCDate(),
    getDay: () => date.getUTCDay(),
    getHours: () => date.getUTCHours(),
    getMinutes: () => date.getUTCMinutes(),
    getSeconds: () => date.getUTCSeconds(),
    plusMinutes: by(60_000, 1),
    minusMinutes: by(60_000, -1),
    plusHours: by(3_600_000, 1),
    minusHours: by(3_600_000, -1),
    plusDays: by(DAY, 1),
    minusDays: by(DAY, -1),
    plusWeeks: by(7 * DAY, 1),
    minusWeeks: by(7 * DAY, -1),
    plusMonths: (count: unknown) => moved(at, Number(count)),
    minusMonths: (count: unknown) => moved(at, -Number(count)),
    plusYears: (count: unknown) => moved(at, 12 * Number(count)),
    minusYears: (count: unknown) => moved(at, -12 * Number(count)),
  }
}

const numbers = (value: number): Record<string, unknown> => ({
  toFixed: (digits: unknown) => value.toFixed(integer(digits, 0)),
  toString: () => String(value),
})

/** What a plain value can do: its methods and `length`. */
export function membersOf(value: unknown): Record<string, unknown> {
  if (Array.isArray(value)) return lists(value)
  if (typeof value === 'string') return strings(value)
  if (typeof value === 'number') return numbers(value)
  if (value instanceof Moment) return dates(value)
  return {}
}
