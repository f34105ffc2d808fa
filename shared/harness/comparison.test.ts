import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { Random } from '../universe/random.ts'
import { difference, holm, mcNemar, type Paired } from './comparison.ts'

describe('McNemar', () => {
  it.each([
    [0, 0, 1],
    [0, 5, 0.0625],
    [1, 9, 0.0215],
    [5, 5, 1],
  ])('of %i against %i is %f', (first, second, chance) => {
    expect(mcNemar(first, second)).toBeCloseTo(chance, 3)
  })

  it('takes no side, and falls as the split grows uneven', () => {
    fc.assert(
      fc.property(fc.nat(60), fc.nat(60), (a, b) => {
        expect(mcNemar(a, b)).toBeCloseTo(mcNemar(b, a), 12)
        expect(mcNemar(a, b)).toBeGreaterThan(0)
        expect(mcNemar(a, b)).toBeLessThanOrEqual(1)
        if (a < b) expect(mcNemar(a, b + 1)).toBeLessThanOrEqual(mcNemar(a, b) + 1e-12)
      }),
    )
  })
})

describe('the difference of two builds', () => {
  const scenario = (...runs: [number, number][]): Paired => ({ weight: 1, runs })

  it('is the weighted mean over scenarios', () => {
    const better = difference(Array.from({ length: 12 }, () => scenario([0, 1], [1, 1])))
    expect(better?.mean).toBe(0.5)
    expect(better?.interval.low).toBeGreaterThan(0)
    expect(difference([{ weight: 3, runs: [[0, 1]] }, scenario([1, 1])])?.mean).toBe(0.75)
    expect(difference([scenario()])).toBeUndefined()
  })

  it('turns round when the builds do, and is nothing between a build and itself', () => {
    const runs = fc.array(fc.tuple(fc.constantFrom(0, 1), fc.constantFrom(0, 1)), { minLength: 1, maxLength: 6 })
    fc.assert(
      fc.property(fc.array(runs, { minLength: 1, maxLength: 5 }), (all) => {
        const there = difference(all.map((one) => ({ weight: 1, runs: one })))
        const back = difference(all.map((one) => ({ weight: 1, runs: one.map(([a, b]) => [b, a] as const) })))
        expect(there?.mean).toBeCloseTo(-(back?.mean ?? 0), 10)
        expect(there?.interval.low).toBeLessThanOrEqual((there?.mean ?? 0) + 1e-9)
        expect(there?.interval.high).toBeGreaterThanOrEqual((there?.mean ?? 0) - 1e-9)
        const same = difference(all.map((one) => ({ weight: 1, runs: one.map(([a]) => [a, a] as const) })))
        expect(same).toEqual({ mean: 0, interval: { low: 0, high: 0 } })
      }),
      { numRuns: 25 },
    )
  })

  it('has an interval that covers the truth about as often as it claims', () => {
    const random = new Random(5)
    let covered = 0
    for (let trial = 0; trial < 100; trial++) {
      const scenarios = Array.from({ length: 20 }, () => {
        const gain = random.number() < 0.5 ? 0.3 : 0 // half of the scenarios profit: 0.15 on average
        const base = 0.5
        const run = (rate: number) => (random.number() < rate ? 1 : 0)
        return { weight: 1, runs: Array.from({ length: 8 }, () => [run(base), run(base + gain)] as const) }
      })
      const found = difference(scenarios, trial)
      if (found && found.interval.low <= 0.15 && 0.15 <= found.interval.high) covered++
    }
    expect(covered / 100).toBeGreaterThan(0.88)
  })
})

describe('Holm', () => {
  it('corrects step by step', () => {
    expect(holm([0.01, 0.04, 0.03])).toEqual([0.03, 0.06, 0.06])
    expect(holm([])).toEqual([])
  })

  it('raises every chance, keeps their order and never passes 1', () => {
    fc.assert(
      fc.property(fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { maxLength: 12 }), (chances) => {
        const adjusted = holm(chances)
        for (const [i, chance] of chances.entries()) {
          expect(adjusted[i]).toBeGreaterThanOrEqual(chance)
          expect(adjusted[i]).toBeLessThanOrEqual(1)
          for (const [j, other] of chances.entries())
            if (chance < other) expect(adjusted[i]).toBeLessThanOrEqual(adjusted[j] as number)
        }
      }),
    )
  })

  it('names a difference that is none in at most one of twenty comparisons', () => {
    const random = new Random(3)
    let named = 0
    for (let trial = 0; trial < 1000; trial++) {
      const chances = Array.from({ length: 10 }, () => random.number())
      if (holm(chances).some((chance) => chance < 0.05)) named++
    }
    expect(named / 1000).toBeLessThan(0.07)
  })
})
