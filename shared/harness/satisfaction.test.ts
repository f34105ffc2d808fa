import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { Random } from '../universe/random.ts'
import {
  passAtK,
  passHatK,
  perfectRunsFor,
  plannedLooks,
  reaches,
  scenarioSatisfaction,
  suiteSatisfaction,
  tally,
  wilson,
  Z_LOOK,
} from './satisfaction.ts'

describe('wilson', () => {
  it.each([
    [5, 5, 0.566, 1],
    [10, 10, 0.722, 1],
    [30, 30, 0.886, 1],
    [95, 100, 0.888, 0.978],
    [190, 200, 0.91, 0.973],
    [0, 10, 0, 0.278],
    [0, 0, 0, 1],
  ])('of %i in %i is %f to %f', (successes, n, low, high) => {
    expect(wilson(successes, n).low).toBeCloseTo(low, 3)
    expect(wilson(successes, n).high).toBeCloseTo(high, 3)
  })

  it('holds the share, stays in 0 to 1 and narrows with n', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 400 }), fc.double({ min: 0, max: 1, noNaN: true }), (n, share) => {
        const successes = Math.round(n * share)
        const { low, high } = wilson(successes, n)
        expect(low).toBeGreaterThanOrEqual(0)
        expect(high).toBeLessThanOrEqual(1)
        expect(low).toBeLessThanOrEqual(successes / n + 1e-12)
        expect(high).toBeGreaterThanOrEqual(successes / n - 1e-12)
        const wider = wilson(successes, n)
        const narrower = wilson(successes * 4, n * 4)
        expect(narrower.high - narrower.low).toBeLessThan(wider.high - wider.low)
      }),
    )
  })

  it.each([0.5, 0.8, 0.95])('covers a true share of %f about 95 times in 100', (truth) => {
    const random = new Random(42)
    let covered = 0
    for (let trial = 0; trial < 4000; trial++) {
      let successes = 0
      for (let i = 0; i < 40; i++) if (random.number() < truth) successes++
      const { low, high } = wilson(successes, 40)
      if (low <= truth && truth <= high) covered++
    }
    expect(covered / 4000).toBeGreaterThan(0.92)
    expect(covered / 4000).toBeLessThan(0.985)
  })

  it('says how many perfect runs a target takes', () => {
    expect([0.9, 0.95, 0.98].map(perfectRunsFor)).toEqual([35, 73, 189])
  })
})

describe('pass^k and pass@k', () => {
  it('count combinations', () => {
    expect(passHatK(8, 10, 3)).toBeCloseTo(0.4667, 4)
    expect(passHatK(10, 10, 3)).toBe(1)
    expect(passHatK(2, 10, 3)).toBe(0)
    expect(passHatK(2, 2, 3)).toBe(0)
    expect(passAtK(1, 10, 3)).toBeCloseTo(0.3, 10)
    expect(passAtK(8, 10, 3)).toBe(1)
  })
})

describe('a suite', () => {
  it('is the weighted mean of its scenarios, not of its runs', () => {
    const result = suiteSatisfaction([
      { weight: 1, runs: [1] },
      { weight: 3, runs: [0, 0, 0, 0, 0, 0, 0, 0] },
    ])
    expect(result?.mean).toBe(0.25)
  })

  it('knows less when runs repeat a few scenarios than when there are many', () => {
    const few = suiteSatisfaction([
      { weight: 1, runs: Array(50).fill(1) },
      { weight: 1, runs: Array(50).fill(1) },
    ])
    expect(few?.interval.low).toBeLessThan(wilson(100, 100).low)
  })

  it('has an interval that covers the truth about as often as it claims, for runs that hang together', () => {
    const random = new Random(7)
    let covered = 0
    for (let trial = 0; trial < 120; trial++) {
      const clusters = Array.from({ length: 20 }, () => {
        const rate = random.number() < 0.7 ? 0.95 : 0.35 // most scenarios easy, some hard: mean 0.77
        return { weight: 1, runs: Array.from({ length: 10 }, () => (random.number() < rate ? 1 : 0)) }
      })
      const { interval } = suiteSatisfaction(clusters, trial) as { interval: { low: number; high: number } }
      if (interval.low <= 0.77 && 0.77 <= interval.high) covered++
    }
    expect(covered / 120).toBeGreaterThan(0.88)
  })

  it('of nothing is unknown', () => {
    expect(suiteSatisfaction([])).toBeUndefined()
    expect(scenarioSatisfaction(tally(['invalid', 'invalid']))).toBeUndefined()
  })
})

it('counts undecided as not satisfied and leaves invalid out', () => {
  expect(scenarioSatisfaction(tally(['satisfied', 'undecided', 'invalid']))?.mean).toBe(0.5)
})

it('gates on the lower bound', () => {
  expect(reaches(wilson(10, 10), 0.9)).toBe(false)
  expect(reaches(wilson(40, 40), 0.9)).toBe(true)
})

it('looks at most four times, the last time when all is done', () => {
  expect(plannedLooks(8, 40)).toEqual([8, 19, 29, 40])
  expect(plannedLooks(8, 9)).toEqual([8, 9])
  expect(plannedLooks(8, 8)).toEqual([8])
})

it('errs no more often for looking four times', () => {
  const random = new Random(11)
  const target = 0.8
  let stopped = 0
  for (let trial = 0; trial < 2000; trial++) {
    let satisfied = 0
    let n = 0
    for (const look of plannedLooks(10, 60)) {
      for (; n < look; n++) if (random.number() < target) satisfied++
      const { low, high } = wilson(satisfied, n, Z_LOOK)
      if (low > target || high < target) {
        stopped++
        break
      }
    }
  }
  expect(stopped / 2000).toBeLessThan(0.05)
})
