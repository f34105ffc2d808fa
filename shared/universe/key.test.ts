import fc from 'fast-check'
import { expect, it } from 'vitest'
import { encodeKey, type KeyPart } from './key.ts'

const word = fc.string({ unit: fc.constantFrom('a', 'b', 'Z', '0', '-', 'é') })

it('orders encoded keys as their parts are ordered', () => {
  fc.assert(
    fc.property(fc.tuple(word, fc.nat()), fc.tuple(word, fc.nat()), (a, b) => {
      const before = a[0] < b[0] || (a[0] === b[0] && a[1] < b[1])
      expect(encodeKey(a) < encodeKey(b)).toBe(before)
      const flippedBefore = a[1] < b[1] || (a[1] === b[1] && a[0] < b[0])
      const flip = ([text, number]: [string, number]): KeyPart[] => [number, text]
      expect(encodeKey(flip(a)) < encodeKey(flip(b))).toBe(flippedBefore)
    }),
  )
})

it('refuses numbers whose order it cannot keep', () => {
  for (const number of [-1, 1.5, Number.NaN, 2 ** 60]) expect(() => encodeKey(number)).toThrow(RangeError)
})
