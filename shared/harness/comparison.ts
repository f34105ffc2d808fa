import { Random } from '../universe/random.ts'
import { average, type Interval, quantile, RESAMPLES } from './satisfaction.ts'

/** Exact two-sided McNemar test of two builds over the same scenarios and seeds: the chance of a split this uneven. */
export function mcNemar(onlyFirst: number, onlySecond: number): number {
  const n = onlyFirst + onlySecond
  if (n === 0) return 1
  const extreme = Math.min(onlyFirst, onlySecond)
  let tail = 0
  let term = 0.5 ** n
  for (let i = 0; i <= extreme; i++) {
    tail += term
    term = (term * (n - i)) / (i + 1)
  }
  return Math.min(1, 2 * tail)
}

/** The same scenario under two builds: 1 satisfied, 0 not, seed by seed. */
export interface Paired {
  readonly weight: number
  readonly runs: readonly (readonly [first: number, second: number])[]
}

/**
 * How much better the second build is, the weighted mean over scenarios, with its 95 % interval: scenarios are drawn anew
 * first, then their pairs. `undefined` when nothing is paired.
 */
export function difference(
  scenarios: readonly Paired[],
  seed = 1,
): { readonly mean: number; readonly interval: Interval } | undefined {
  const used = scenarios.filter(({ runs, weight }) => runs.length > 0 && weight > 0)
  if (used.length === 0) return undefined
  const random = new Random(seed)
  const pick = <T>(from: readonly T[]): T => from[random.integer(from.length)] as T
  const means = Array.from({ length: RESAMPLES }, () =>
    meanOf(
      used.map(() => {
        const { weight, runs } = pick(used)
        return { weight, runs: runs.map(() => pick(runs)) }
      }),
    ),
  ).sort((a, b) => a - b)
  return { mean: meanOf(used), interval: { low: quantile(means, 0.025), high: quantile(means, 0.975) } }
}

function meanOf(scenarios: readonly Paired[]): number {
  const total = scenarios.reduce((sum, { weight }) => sum + weight, 0)
  const gain = ({ runs }: Paired) => average(runs.map(([first, second]) => second - first))
  return scenarios.reduce((sum, one) => sum + one.weight * gain(one), 0) / total
}

/**
 * Holm's correction for asking many questions at once: the chance of each, raised so that naming all below 0.05 errs in at
 * most one of twenty comparisons, however many there are.
 *
 * @example holm([0.01, 0.04, 0.03]) // [0.03, 0.06, 0.06]
 */
export function holm(chances: readonly number[]): number[] {
  const order = chances.map((chance, position) => ({ chance, position })).sort((a, b) => a.chance - b.chance)
  const adjusted = new Array<number>(chances.length)
  let highest = 0
  for (const [rank, { chance, position }] of order.entries()) {
    highest = Math.max(highest, Math.min(1, chance * (chances.length - rank)))
    adjusted[position] = highest
  }
  return adjusted
}
