import type { Instant } from '../../shared/universe/clock.ts'

export const SECOND = 1000
export const MINUTE = 60 * SECOND
export const HOUR = 60 * MINUTE
export const DAY = 24 * HOUR

/** RFC 3339 with milliseconds and Z, as Drive writes times: `2023-07-20T08:47:44.700Z`. */
export const timestamp = (instant: Instant): string => new Date(instant).toISOString()

/** Parses an RFC 3339 time; `undefined` when it is none. A time without zone is UTC. */
export function parseTimestamp(text: string): Instant | undefined {
  if (!/^\d{4}-\d{2}-\d{2}([Tt]\d{2}:\d{2}(:\d{2}(\.\d+)?)?([Zz]|[+-]\d{2}:?\d{2})?)?$/.test(text)) return undefined
  const zoned = /[Tt]/.test(text) && !/([Zz]|[+-]\d{2}:?\d{2})$/.test(text) ? `${text}Z` : text
  const instant = Date.parse(zoned)
  return Number.isNaN(instant) ? undefined : instant
}
