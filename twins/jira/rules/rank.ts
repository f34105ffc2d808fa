const DIGITS = '0123456789abcdefghijklmnopqrstuvwxyz'

/** A LexoRank: `0|hzzzzz:`. Bucket, six base-36 digits, and whatever is needed to fit between two neighbours. */
const WIDTH = 6
const STEP = 8

const body = (rank: string): string => rank.slice(2).replace(':', '')

function value(digits: string): number {
  let number = 0
  for (const digit of digits) number = number * 36 + DIGITS.indexOf(digit)
  return number
}

const text = (number: number): string => number.toString(36).padStart(WIDTH, '0')

const wrap = (digits: string): string => `0|${digits.slice(0, WIDTH)}:${digits.slice(WIDTH)}`

/** The rank of a site's first issue. */
export const FIRST_RANK = wrap('hzzzzz')

/**
 * A rank between two others; either may be missing.
 *
 * @example rankBetween('0|hzzzzz:', undefined) // '0|i00007:'
 */
export function rankBetween(before: string | undefined, after: string | undefined): string {
  if (before === undefined && after === undefined) return FIRST_RANK
  if (after === undefined) return wrap(text(value(body(before as string).slice(0, WIDTH)) + STEP))
  if (before === undefined) {
    const first = value(body(after).slice(0, WIDTH))
    if (first > STEP) return wrap(text(first - STEP))
    return wrap(middle('0'.repeat(WIDTH), body(after)))
  }
  return wrap(middle(body(before), body(after)))
}

/** The shortest digits strictly between two strings of digits, at least {@link WIDTH} long. */
function middle(low: string, high: string): string {
  let digits = ''
  let bounded = true
  for (let at = 0; ; at++) {
    const from = at < low.length ? DIGITS.indexOf(low[at] as string) : 0
    const to = bounded && at < high.length ? DIGITS.indexOf(high[at] as string) : 36
    if (to - from > 1) return (digits + DIGITS[Math.floor((from + to) / 2)]).padEnd(WIDTH, 'i')
    digits += DIGITS[from]
    if (to - from === 1) bounded = false
  }
}
