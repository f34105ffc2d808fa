import type { Instant } from '../../../shared/universe/clock.ts'

const formats = new Map<string, Intl.DateTimeFormat>()

function format(zone: string): Intl.DateTimeFormat {
  let made = formats.get(zone)
  if (!made) {
    made = new Intl.DateTimeFormat('en-US', {
      timeZone: zone,
      hourCycle: 'h23',
      year: 'numeric',
      month: 'numeric',
      day: 'numeric',
      hour: 'numeric',
      minute: 'numeric',
      second: 'numeric',
    })
    formats.set(zone, made)
  }
  return made
}

/** Difference of a zone's wall clock to UTC at an instant, ms. */
export function offsetOf(at: Instant, zone: string): number {
  if (zone === 'UTC' || zone === 'Etc/UTC' || zone === 'GMT') return 0
  const parts: Record<string, number> = {}
  for (const { type, value } of format(zone).formatToParts(at)) parts[type] = Number(value)
  const { year = 0, month = 1, day = 1, hour = 0, minute = 0, second = 0 } = parts
  return Date.UTC(year, month - 1, day, hour, minute, second) - Math.floor(at / 1000) * 1000
}

/** Wall-clock parts of an instant in a zone, as a Date whose UTC members are the zone's. */
export const wallClock = (at: Instant, zone: string): Date => new Date(at + offsetOf(at, zone))

/** The instant of a zone's wall clock. A time that a clock change skips moves forward. */
export function instantOf(wall: number, zone: string): Instant {
  const guess = wall - offsetOf(wall, zone)
  return wall - offsetOf(guess, zone)
}

const two = (n: number) => String(n).padStart(2, '0')

/** `2026-09-25T22:42:39.399-0300`: how Jira writes times, in the reader's zone. */
export function timestamp(at: Instant, zone: string): string {
  const offset = Math.round(offsetOf(at, zone) / 60_000)
  const sign = offset < 0 ? '-' : '+'
  const size = Math.abs(offset)
  return `${new Date(at + offset * 60_000).toISOString().slice(0, 23)}${sign}${two(Math.floor(size / 60))}${two(size % 60)}`
}

/** `yyyy-MM-dd` of an instant in a zone. */
export const dateOf = (at: Instant, zone: string): string => wallClock(at, zone).toISOString().slice(0, 10)

const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec']

/** `25/Sep/26`: dates for people. */
export function friendlyDate(at: Instant, zone: string): string {
  const wall = wallClock(at, zone)
  return `${two(wall.getUTCDate())}/${MONTHS[wall.getUTCMonth()]}/${two(wall.getUTCFullYear() % 100)}`
}

/** `25/Sep/26 10:42 PM`. */
export function friendlyTime(at: Instant, zone: string): string {
  const wall = wallClock(at, zone)
  const hour = wall.getUTCHours()
  return `${friendlyDate(at, zone)} ${hour % 12 || 12}:${two(wall.getUTCMinutes())} ${hour < 12 ? 'AM' : 'PM'}`
}

/** A calendar date `yyyy-MM-dd` that exists. */
export function isDate(text: string): boolean {
  const match = /^(\d{4})-(\d{2})-(\d{2})$/.exec(text)
  if (!match) return false
  const at = Date.UTC(Number(match[1]), Number(match[2]) - 1, Number(match[3]))
  return new Date(at).toISOString().slice(0, 10) === text
}

/** `2026-01-15T09:00:00.000+0000` as an instant: the form worklogs and date-times are sent in. */
export function parseTimestamp(text: string): Instant | undefined {
  const match = /^(\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(?::\d{2}(?:\.\d{1,3})?)?)(Z|[+-]\d{2}:?\d{2})?$/.exec(text)
  if (!match) return undefined
  const zone = (match[2] ?? 'Z').replace(/^([+-]\d{2})(\d{2})$/, '$1:$2')
  const at = Date.parse(`${match[1]}${zone}`)
  return Number.isNaN(at) ? undefined : at
}
