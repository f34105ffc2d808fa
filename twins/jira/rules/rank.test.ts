import fc from 'fast-check'
import { expect, test } from 'vitest'
import { FIRST_RANK, rankBetween } from './rank.ts'

test('a rank fits between any two neighbours, however often', () => {
  fc.assert(
    fc.property(fc.array(fc.nat(), { maxLength: 60 }), (places) => {
      const ranks: string[] = [FIRST_RANK]
      for (const place of places) {
        const at = place % (ranks.length + 1)
        ranks.splice(at, 0, rankBetween(ranks[at - 1], ranks[at]))
      }
      expect(ranks).toEqual([...ranks].sort())
      expect(new Set(ranks).size).toBe(ranks.length)
      for (const rank of ranks) expect(rank).toMatch(/^0\|[0-9a-z]{6}:[0-9a-z]*$/)
    }),
  )
})
