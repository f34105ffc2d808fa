import { createHmac } from 'node:crypto'

/** Seconds a code lasts. */
export const TIME_STEP = 30

const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'

function fromBase32(secret: string): Buffer {
  const bytes: number[] = []
  let bits = 0
  let held = 0
  for (const letter of secret.toUpperCase()) {
    const value = ALPHABET.indexOf(letter)
    if (value < 0) continue
    held = (held << 5) | value
    bits += 5
    if (bits >= 8) {
      bytes.push((held >>> (bits - 8)) & 0xff)
      bits -= 8
    }
    held &= (1 << bits) - 1
  }
  return Buffer.from(bytes)
}

/** The step an instant falls in. */
export const stepAt = (instant: number): number => Math.floor(instant / 1000 / TIME_STEP)

/**
 * The six digits of a secret at a step (RFC 6238, HMAC-SHA-1).
 *
 * @example totp('GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ', 1) // '287082'
 */
export function totp(secret: string, step: number): string {
  const counter = Buffer.alloc(8)
  counter.writeBigUInt64BE(BigInt(step))
  const digest = createHmac('sha1', fromBase32(secret)).update(counter).digest()
  const offset = (digest.at(-1) ?? 0) & 0xf
  return String((digest.readUInt32BE(offset) & 0x7fffffff) % 1_000_000).padStart(6, '0')
}

/** The step a code belongs to, one step of tolerance each way; `undefined` when it is wrong. */
export function stepOf(secret: string, code: string, instant: number): number | undefined {
  const now = stepAt(instant)
  return [now, now - 1, now + 1].find((step) => totp(secret, step) === code)
}
