import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { agreementOf, bootstrapped, kappa, kappaOf, type Rated } from './agreement.ts'

const rated = (label: Rated['label'], verdict: Rated['verdict'], times: number): Rated[] =>
  Array.from({ length: times }, () => ({ label, verdict }))

describe('κ', () => {
  it.each([
    [20, 5, 10, 15, 0.4],
    [45, 15, 25, 15, 0.1304],
    [25, 35, 5, 35, 0.2593],
    [10, 0, 0, 10, 1],
    [0, 10, 10, 0, -1],
    [5, 5, 5, 5, 0],
    [10, 0, 0, 0, 1],
  ])('of %i both, %i and %i alone, %i neither is %d', (bothPass, onlyFirst, onlySecond, bothFail, wanted) => {
    expect(kappa({ bothPass, onlyFirst, onlySecond, bothFail })).toBeCloseTo(wanted, 4)
  })

  it('is unknown without items', () => {
    expect(kappa({ bothPass: 0, onlyFirst: 0, onlySecond: 0, bothFail: 0 })).toBeUndefined()
    expect(agreementOf([])).toMatchObject({ items: 0, agreement: undefined, kappa: undefined, falsePass: undefined })
  })

  it('is the same with the raters changed round, and never above 1', () => {
    const n = fc.nat({ max: 50 })
    fc.assert(
      fc.property(n, n, n, n, (bothPass, onlyFirst, onlySecond, bothFail) => {
        const one = kappa({ bothPass, onlyFirst, onlySecond, bothFail })
        const other = kappa({ bothPass, onlyFirst: onlySecond, onlySecond: onlyFirst, bothFail })
        if (one === undefined) return
        expect(one).toBeCloseTo(other as number, 9)
        expect(one).toBeLessThanOrEqual(1)
      }),
    )
  })
})

it('counts what was right, passed wrongly and left open', () => {
  const items = [
    ...rated('pass', 'pass', 8),
    ...rated('pass', 'fail', 1),
    ...rated('pass', 'undecided', 1),
    ...rated('fail', 'fail', 7),
    ...rated('fail', 'pass', 2),
    ...rated('fail', 'undecided', 1),
  ]
  expect(agreementOf(items)).toMatchObject({
    items: 20,
    agreement: 0.75,
    sensitivity: 0.8,
    specificity: 0.7,
    falsePass: 0.2,
    abstention: 0.1,
    kappa: kappa({ bothPass: 8, onlyFirst: 1, onlySecond: 2, bothFail: 7 }),
  })
})

describe('the interval', () => {
  const items = (n: number, cluster: (i: number) => string): Rated[] =>
    Array.from({ length: n }, (_, i) => ({
      label: i % 2 ? 'pass' : 'fail',
      verdict: i % 10 === 0 ? 'pass' : i % 2 ? 'pass' : 'fail',
      cluster: cluster(i),
    }))

  it('holds the number, the same for the same seed, and narrows with more items', () => {
    const width = (n: number) => {
      const { low, high } = bootstrapped(items(n, String), kappaOf) as { low: number; high: number }
      const value = kappaOf(items(n, String)) as number
      expect(low).toBeLessThanOrEqual(value)
      expect(high).toBeGreaterThanOrEqual(value)
      return high - low
    }
    expect(width(400)).toBeLessThan(width(50))
    expect(bootstrapped(items(50, String), kappaOf)).toEqual(bootstrapped(items(50, String), kappaOf))
  })

  it('is wider when items come in clusters that are alike', () => {
    const alike = Array.from({ length: 200 }, (_, i): Rated => {
      const bad = Math.floor(i / 10) % 5 === 0
      return { label: 'fail', verdict: bad ? 'pass' : 'fail', cluster: String(Math.floor(i / 10)) }
    })
    const falsePass = (list: readonly Rated[]) => list.filter(({ verdict }) => verdict === 'pass').length / list.length
    const wide = bootstrapped(alike, falsePass) as { low: number; high: number }
    const narrow = bootstrapped(
      alike.map(({ cluster: _, ...item }) => item),
      falsePass,
    ) as { low: number; high: number }
    expect(wide.high - wide.low).toBeGreaterThan(1.5 * (narrow.high - narrow.low))
  })
})
