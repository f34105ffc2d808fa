/** Days from 1899-12-30, Sheets' day zero, to 1970-01-01. */
const UNIX_EPOCH = 25569
const DAY = 86_400_000

export interface CivilTime {
  readonly year: number
  /** 1–12. */
  readonly month: number
  readonly day: number
  readonly hour: number
  readonly minute: number
  readonly second: number
  /** 0 = Sunday. */
  readonly weekday: number
}

/** Serial day number of a date; months and days out of range carry over, as DATE() does. */
export function serialOf(year: number, month: number, day: number): number {
  const date = new Date(0)
  date.setUTCFullYear(year, month - 1, day)
  return Math.round(date.getTime() / DAY) + UNIX_EPOCH
}

/** Date and time of day of a serial number. */
export function civil(serial: number): CivilTime {
  const date = new Date(Math.round((serial - UNIX_EPOCH) * 86_400) * 1000)
  return {
    year: date.getUTCFullYear(),
    month: date.getUTCMonth() + 1,
    day: date.getUTCDate(),
    hour: date.getUTCHours(),
    minute: date.getUTCMinutes(),
    second: date.getUTCSeconds(),
    weekday: date.getUTCDay(),
  }
}

export const daysInMonth = (year: number, month: number) => new Date(Date.UTC(year, month, 0)).getUTCDate()

/** Serial number of an instant as a clock in `timeZone` shows it. */
export function serialOfInstant(instant: number, timeZone: string): number {
  return (instant + zoneOffset(instant, timeZone)) / DAY + UNIX_EPOCH
}

const formatters = new Map<string, Intl.DateTimeFormat>()

function zoneOffset(instant: number, timeZone: string): number {
  let formatter = formatters.get(timeZone)
  if (!formatter) {
    formatter = new Intl.DateTimeFormat('en-US', {
      timeZone,
      hourCycle: 'h23',
      year: 'numeric',
      month: 'numeric',
      day: 'numeric',
      hour: 'numeric',
      minute: 'numeric',
      second: 'numeric',
    })
    formatters.set(timeZone, formatter)
  }
  const part = Object.fromEntries(
    formatter.formatToParts(new Date(instant)).map(({ type, value }) => [type, Number(value)]),
  )
  const local = Date.UTC(part.year as number, (part.month as number) - 1, part.day, part.hour, part.minute, part.second)
  return local - Math.floor(instant / 1000) * 1000
}

/** Whether Intl knows the zone, which is what Sheets accepts. */
export function isTimeZone(timeZone: string): boolean {
  try {
    zoneOffset(0, timeZone)
    return true
  } catch {
    return false
  }
}
