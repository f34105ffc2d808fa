import { describe, expect, it } from 'vitest'
import { stepAt, stepOf, totp } from './totp.ts'

// The secret of RFC 6238's test vectors, "12345678901234567890" in base32; its codes have eight digits, ours the last six.
const secret = 'GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ'

describe('one-time codes', () => {
  it.each([
    [59, '287082'],
    [1111111109, '081804'],
    [1234567890, '005924'],
    [20000000000, '353130'],
  ])('at %i seconds are as RFC 6238 has them', (seconds, code) => {
    expect(totp(secret, stepAt(seconds * 1000))).toBe(code)
  })

  it('are good one step early and late, and not two', () => {
    const now = 1_800_000_000_000
    const code = totp(secret, stepAt(now))
    expect(stepOf(secret, code, now + 30_000)).toBe(stepAt(now))
    expect(stepOf(secret, code, now - 30_000)).toBe(stepAt(now))
    expect(stepOf(secret, code, now + 61_000)).toBeUndefined()
  })
})
