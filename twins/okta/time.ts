import type { Instant } from '../../shared/universe/clock.ts'

/** An instant as Okta shows stored times: milliseconds are always `000`. */
export const isoTime = (instant: Instant): string => `${new Date(instant).toISOString().slice(0, 19)}.000Z`

/** The same, or `null` for what has not happened. */
export const isoTimeOrNull = (instant: Instant | undefined): string | null =>
  instant === undefined ? null : isoTime(instant)

/** With its milliseconds, as the system log has them. */
export const isoMillis = (instant: Instant): string => new Date(instant).toISOString()
