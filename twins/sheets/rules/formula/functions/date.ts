import { civil, daysInMonth, serialOf } from '../../serial.ts'
import { fullMatrix, numberIn, toNumber } from '../coerce.ts'
import { type Context, define } from '../registry.ts'
import { CellError, raise, type Scalar, type Value } from '../values.ts'

define('NOW', '', ({ scope }) => scope.host.now)
define('TODAY', '', ({ scope }) => Math.floor(scope.host.now))
define('DATE', 'n n n', (_, year, month, day) => {
  const full = Math.trunc(year) < 1900 ? Math.trunc(year) + 1900 : Math.trunc(year)
  const serial = serialOf(full, Math.trunc(month), Math.trunc(day))
  return serial < 0 ? raise('NUM', 'Function DATE evaluates to an out of range date.') : serial
})
define('TIME', 'n n n', (_, hours, minutes, seconds) => {
  const total = (Math.trunc(hours) * 3600 + Math.trunc(minutes) * 60 + Math.trunc(seconds)) / 86_400
  return total - Math.floor(total)
})
define('DATEVALUE', 'v', ({ name, scope }, value) => {
  const serial = typeof value === 'number' ? value : numberIn(String(value ?? ''), scope)
  return serial === undefined
    ? raise('VALUE', `${name} parameter '${value}' cannot be parsed to date/time.`)
    : Math.floor(serial)
})
define('TIMEVALUE', 'v', ({ name, scope }, value) => {
  const serial = typeof value === 'number' ? value : numberIn(String(value ?? ''), scope)
  return serial === undefined
    ? raise('VALUE', `${name} parameter '${value}' cannot be parsed to date/time.`)
    : serial - Math.floor(serial)
})
define('YEAR', 'n', (_, date) => civil(date).year)
define('MONTH', 'n', (_, date) => civil(date).month)
define('DAY', 'n', (_, date) => civil(date).day)
define('HOUR', 'n', (_, date) => civil(date).hour)
define('MINUTE', 'n', (_, date) => civil(date).minute)
define('SECOND', 'n', (_, date) => civil(date).second)
define('WEEKDAY', 'n n?', (_, date, type = 1) => {
  const { weekday } = civil(date)
  if (type === 2) return ((weekday + 6) % 7) + 1
  return type === 3 ? (weekday + 6) % 7 : weekday + 1
})

export function isoWeek(date: number): number {
  const { weekday } = civil(date)
  const thursday = Math.floor(date) - ((weekday + 6) % 7) + 3
  return Math.floor((thursday - serialOf(civil(thursday).year, 1, 1)) / 7) + 1
}
define('ISOWEEKNUM', 'n', (_, date) => isoWeek(date))
define('WEEKNUM', 'n n?', (_, date, type = 1) => {
  if (type === 21) return isoWeek(date)
  const first = type === 1 || type === 17 ? 0 : type === 2 ? 1 : (type - 10) % 7
  const newYear = serialOf(civil(date).year, 1, 1)
  const offset = (civil(newYear).weekday - first + 7) % 7
  return Math.floor((Math.floor(date) - newYear + offset) / 7) + 1
})

/** The same day some months later, or the month's last day. */
function addMonths(date: number, months: number): number {
  const { year, month, day } = civil(date)
  const first = civil(serialOf(year, month + Math.trunc(months), 1))
  return serialOf(first.year, first.month, Math.min(day, daysInMonth(first.year, first.month)))
}
define('EDATE', 'n n', (_, date, months) => addMonths(date, months))
define('EOMONTH', 'n n', (_, date, months) => {
  const { year, month } = civil(date)
  return serialOf(year, month + Math.trunc(months) + 1, 0)
})
define('DAYS', 'n n', (_, end, start) => Math.floor(end) - Math.floor(start))
define('DAYS360', 'n n b?', (_, start, end, european = false) => days360(start, end, european))
function days360(start: number, end: number, european: boolean): number {
  const a = civil(start)
  const b = civil(end)
  let first = a.day
  let last = b.day
  if (european) {
    first = Math.min(first, 30)
    last = Math.min(last, 30)
  } else {
    if (a.month === 2 && first === daysInMonth(a.year, 2)) first = 30
    if (first === 31) first = 30
    if (last === 31 && first >= 30) last = 30
  }
  return (b.year - a.year) * 360 + (b.month - a.month) * 30 + last - first
}
define('YEARFRAC', 'n n n?', (_, start, end, basis = 0) => {
  const [from, to] = start <= end ? [start, end] : [end, start]
  switch (basis) {
    case 1: {
      const years = civil(to).year - civil(from).year + 1
      const days = serialOf(civil(to).year + 1, 1, 1) - serialOf(civil(from).year, 1, 1)
      return (to - from) / (days / years)
    }
    case 2:
      return (to - from) / 360
    case 3:
      return (to - from) / 365
    default:
      return days360(from, to, basis === 4) / 360
  }
})
define('DATEDIF', 'n n s', (_, start, end, unit) => {
  if (start > end)
    raise(
      'NUM',
      'Function DATEDIF parameter 1 value should be less than or equal to Function DATEDIF parameter 2 value.',
    )
  const a = civil(start)
  const b = civil(end)
  const months = (b.year - a.year) * 12 + b.month - a.month - (b.day < a.day ? 1 : 0)
  switch (unit.toUpperCase()) {
    case 'Y':
      return Math.floor(months / 12)
    case 'M':
      return months
    case 'D':
      return Math.floor(end) - Math.floor(start)
    case 'YM':
      return months % 12
    case 'MD':
      return Math.floor(end) - addMonths(start, months)
    case 'YD':
      return Math.floor(end) - addMonths(start, Math.floor(months / 12) * 12)
    default:
      return raise(
        'VALUE',
        `Function DATEDIF parameter 3 value is '${unit}'. It should be one of: Y, M, D, MD, YM, YD.`,
      )
  }
})

/** Days off: a weekend pattern and a list of holidays. */
function offDays(
  { name, scope }: Context,
  weekend: Value | undefined,
  holidays: Value | undefined,
): (date: number) => boolean {
  const days =
    weekend === undefined ? [6, 0] : weekendDays(weekend instanceof Object ? fullMatrix(weekend).at(0, 0) : weekend)
  const dates = new Set(
    holidays === undefined
      ? []
      : fullMatrix(holidays)
          .flat()
          .filter((value) => value !== null)
          .map((value) => Math.floor(toNumber(value, scope, name, 3))),
  )
  return (date) => days.includes(civil(date).weekday) || dates.has(date)
}
function weekendDays(weekend: Scalar): number[] {
  if (typeof weekend === 'string') return [...weekend].flatMap((mark, i) => (mark === '1' ? [(i + 1) % 7] : []))
  const code = weekend instanceof CellError ? 1 : Number(weekend)
  return code >= 11 ? [code - 11] : [(code + 5) % 7, (code + 6) % 7]
}
function networkDays(start: number, end: number, off: (date: number) => boolean): number {
  const [from, to, sign] =
    start <= end ? [Math.floor(start), Math.floor(end), 1] : [Math.floor(end), Math.floor(start), -1]
  let count = 0
  for (let date = from; date <= to; date++) if (!off(date)) count++
  return count * sign
}
function workday(start: number, days: number, off: (date: number) => boolean): number {
  let date = Math.floor(start)
  const step = Math.sign(days)
  for (let left = Math.abs(Math.trunc(days)); left > 0; ) {
    date += step
    if (!off(date)) left--
  }
  return date
}
define('NETWORKDAYS', 'n n r?', (context, start, end, holidays) =>
  networkDays(start, end, offDays(context, undefined, holidays)),
)
define('NETWORKDAYS.INTL', 'n n r? r?', (context, start, end, weekend, holidays) =>
  networkDays(start, end, offDays(context, weekend, holidays)),
)
define('WORKDAY', 'n n r?', (context, start, days, holidays) =>
  workday(start, days, offDays(context, undefined, holidays)),
)
define('WORKDAY.INTL', 'n n r? r?', (context, start, days, weekend, holidays) =>
  workday(start, days, offDays(context, weekend, holidays)),
)

define('TO_DATE', 'v', (_, value) => value)
define('TO_DOLLARS', 'v', (_, value) => value)
define('TO_PERCENT', 'v', (_, value) => value)
define('TO_PURE_NUMBER', 'v', (_, value) => value)
define(
  'EPOCHTODATE',
  'n n?',
  (_, stamp, unit = 1) => 25569 + stamp / (unit === 1 ? 86_400 : unit === 2 ? 86_400_000 : 86_400_000_000),
)
