/**
 * Message timestamps: `seconds.micros`, unique per channel, and the message's id. They are compared as text, never as
 * floating-point numbers: 16 digits do not fit.
 */
const PATTERN = /^\d{1,10}(\.\d{1,6})?$/

/** Microseconds since 1970 as a safe integer. */
const micros = (ts: string): number => {
  const [whole = '0', fraction = ''] = ts.split('.')
  return Number(whole) * 1_000_000 + Number(fraction.padEnd(6, '0'))
}

const format = (value: number): string => {
  const whole = Math.floor(value / 1_000_000)
  return `${whole}.${String(value - whole * 1_000_000).padStart(6, '0')}`
}

/**
 * The timestamp of the next message of a channel.
 *
 * Messages posted through API and clients end in 9 (recorded 2025–26); the two digits before it come from chance. A
 * channel's timestamps grow strictly, even within one millisecond of a frozen clock.
 */
export function nextTimestamp(now: number, chance: number, latest: string | undefined): string {
  const candidate = now * 1000 + chance * 10 + 9
  const last = latest === undefined ? 0 : micros(latest)
  return format(candidate > last ? candidate : last + 10 - ((last + 1) % 10))
}

/** `event_ts` of events that are no messages: the second and a small counter times 100. */
export const eventTimestamp = (now: number, counter: number): string =>
  `${Math.floor(now / 1000)}.${String((counter % 9999) * 100).padStart(6, '0')}`

/** The fixed-width text of a timestamp argument, so that text order is time order. `undefined`: not a timestamp. */
export function parseTimestamp(value: unknown): string | undefined {
  const text = typeof value === 'number' ? String(value) : value
  if (typeof text !== 'string' || !PATTERN.test(text)) return undefined
  const [whole = '', fraction = ''] = text.split('.')
  return `${whole.padStart(10, '0')}.${fraction.padEnd(6, '0')}`
}

export const ZERO_TS = '0000000000.000000'
export const timestampSeconds = (ts: string): number => Number(ts.split('.')[0])

/** `1773301324.033409` → `p1773301324033409`, the tail of a permalink. */
export const permalinkTail = (ts: string): string => `p${ts.replace('.', '')}`
