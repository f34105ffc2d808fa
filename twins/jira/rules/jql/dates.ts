import type { Instant } from '../../../../shared/universe/clock.ts'
import { instantOf, wallClock } from '../time.ts'

const UNIT = { w: 604_800_000, d: 86_400_000, h: 3_600_000, m: 60_000 }

/** A span of time a date value stands for: `=` matches within it. */
export interface Span {
  readonly from: Instant
  readonly to: Instant
}

/**
 * A date as JQL writes it: `2026-01-31`, `2026/01/31 14:05`, `-1d`, `"4w 2d"`, epoch milliseconds. In the reader's zone.
 */
export function parseDate(text: string, now: Instant, zone: string): Span | undefined {
  const trimmed = text.trim()
  const absolute = /^(\d{4})[-/](\d{1,2})[-/](\d{1,2})(?:[ T](\d{1,2}):(\d{2}))?$/.exec(trimmed)
  if (absolute) {
    const [, year, month, day, hour = '0', minute = '0'] = absolute
    const wall = Date.UTC(Number(year), Number(month) - 1, Number(day), Number(hour), Number(minute))
    const exists = new Date(wall).getUTCDate() === Number(day) && Number(month) >= 1 && Number(month) <= 12
    if (!exists || Number(hour) > 23 || Number(minute) > 59) return undefined
    const from = instantOf(wall, zone)
    return { from, to: from + 59_999 }
  }
  if (/^-?\d{6,}$/.test(trimmed)) return { from: Number(trimmed), to: Number(trimmed) }
  const shift = parsePeriod(trimmed)
  return shift === undefined ? undefined : { from: now + shift, to: now + shift + 59_999 }
}

/** `-1d`, `+2w 3d`, `4h` as milliseconds. */
export function parsePeriod(text: string): number | undefined {
  const match = /^([+-])?((?:\d+\s*[wdhm]\s*)+|\d+)$/i.exec(text)
  if (!match) return undefined
  let total = 0
  const body = match[2] as string
  if (/^\d+$/.test(body)) total = Number(body) * UNIT.m
  else
    for (const [, amount, unit] of body.matchAll(/(\d+)\s*([wdhm])/gi))
      total += Number(amount) * UNIT[(unit as string).toLowerCase() as 'w']
  return match[1] === '-' ? -total : total
}

type Period = 'Day' | 'Week' | 'Month' | 'Year'
const OWN_UNIT = { Day: 'd', Week: 'w', Month: 'M', Year: 'y' } as const

/** `startOfMonth("-1")`, `endOfDay("+2d")`: start or end of a period in the reader's zone, moved by an increment. */
export function boundary(
  edge: 'start' | 'end',
  period: Period,
  increment: string | undefined,
  now: Instant,
  zone: string,
): Instant | undefined {
  const wall = wallClock(now, zone)
  let [year, month, day] = [wall.getUTCFullYear(), wall.getUTCMonth(), wall.getUTCDate()]
  let time = 0
  if (increment !== undefined) {
    const match = /^([+-]?\d+)([yMwdhm])?$/.exec(increment.trim())
    if (!match) return undefined
    const amount = Number(match[1])
    const unit = match[2] ?? OWN_UNIT[period]
    if (unit === 'y') year += amount
    else if (unit === 'M') month += amount
    else if (unit === 'w') day += amount * 7
    else if (unit === 'd') day += amount
    else time = amount * (unit === 'h' ? UNIT.h : UNIT.m)
  }
  const next = edge === 'end' ? 1 : 0
  let at: number
  if (period === 'Year') at = Date.UTC(year + next, 0, 1)
  else if (period === 'Month') at = Date.UTC(year, month + next, 1)
  else if (period === 'Week') {
    const weekday = new Date(Date.UTC(year, month, day)).getUTCDay() // Weeks start on Sunday in en_US.
    at = Date.UTC(year, month, day - weekday + 7 * next)
  } else at = Date.UTC(year, month, day + next)
  return instantOf(at, zone) - next + time
}
