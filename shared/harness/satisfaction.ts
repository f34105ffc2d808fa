import { Random } from '../universe/random.ts'

/** How a trajectory ended. `invalid` is our fault (a twin's gap, infrastructure) and leaves the count. */
export type Outcome = 'satisfied' | 'unsatisfied' | 'undecided' | 'invalid'

export interface Interval {
  readonly low: number
  readonly high: number
}

/** Two-sided 95 %. */
const Z = 1.959964

/**
 * Wilson's score interval for `successes` of `n`. With n = 0 nothing is known: 0 to 1.
 *
 * @example wilson(10, 10) // { low: 0.722…, high: 1 }: ten perfect runs show no more than that
 */
export function wilson(successes: number, n: number, z = Z): Interval {
  if (n <= 0) return { low: 0, high: 1 }
  const p = successes / n
  const spread = z * Math.sqrt((p * (1 - p)) / n + (z * z) / (4 * n * n))
  const middle = p + (z * z) / (2 * n)
  const scale = 1 + (z * z) / n
  return {
    low: successes === 0 ? 0 : (middle - spread) / scale,
    high: successes === n ? 1 : (middle + spread) / scale,
  }
}

/** Runs of a scenario, counted. */
export interface Tally {
  readonly satisfied: number
  readonly unsatisfied: number
  readonly undecided: number
  readonly invalid: number
}

export function tally(outcomes: Iterable<Outcome>): Tally {
  const counts = { satisfied: 0, unsatisfied: 0, undecided: 0, invalid: 0 }
  for (const outcome of outcomes) counts[outcome]++
  return counts
}

/** Runs that count: `undecided` does, as not satisfied. */
export const valid = ({ satisfied, unsatisfied, undecided }: Tally) => satisfied + unsatisfied + undecided

/** One scenario's share of satisfied runs, with its interval; `undefined` when no run counts. */
export function scenarioSatisfaction(counts: Tally): { mean: number; interval: Interval } | undefined {
  const n = valid(counts)
  return n === 0 ? undefined : { mean: counts.satisfied / n, interval: wilson(counts.satisfied, n) }
}

/** pass^k: the chance that k runs drawn from these all succeed, C(c,k)/C(n,k). 0 when there are fewer than k. */
export function passHatK(successes: number, n: number, k: number): number {
  if (n < k) return 0
  let chance = 1
  for (let i = 0; i < k; i++) chance *= (successes - i) / (n - i)
  return Math.max(0, chance)
}

/** pass@k: the chance that one of k runs succeeds. */
export function passAtK(successes: number, n: number, k: number): number {
  return n < k ? 0 : 1 - passHatK(n - successes, n, k)
}

/** Scenarios of a suite with their weights. */
export interface Cluster {
  readonly weight: number
  /** 1 satisfied, 0 not: the valid runs. */
  readonly runs: readonly number[]
}

/** Below this many scenarios a bootstrap over them says too little. */
const CLUSTERS_FOR_BOOTSTRAP = 10
/** Correlation of runs of one scenario, assumed when there are too few scenarios to see it. */
const ASSUMED_CORRELATION = 0.2
export const RESAMPLES = 2000

/**
 * A suite's satisfaction: the weighted mean over scenarios. Runs of one scenario are alike, so they are never pooled
 * into one interval: with ten scenarios or more it is bootstrapped over scenarios and then runs, below that Wilson's on
 * the effective number of runs, n / (1 + (m − 1)ρ).
 */
export function suiteSatisfaction(
  clusters: readonly Cluster[],
  seed = 1,
): { mean: number; interval: Interval } | undefined {
  const used = clusters.filter(({ runs, weight }) => runs.length > 0 && weight > 0)
  if (used.length === 0) return undefined
  const mean = weightedMean(used)
  if (used.length >= CLUSTERS_FOR_BOOTSTRAP) return { mean, interval: bootstrap(used, seed) }
  const n = used.reduce((sum, { runs }) => sum + runs.length, 0)
  const size = n / used.length
  const correlation = used.length > 1 ? ASSUMED_CORRELATION : 0 // a single scenario speaks for itself alone
  const effective = n / (1 + (size - 1) * correlation)
  return { mean, interval: wilson(mean * effective, effective) }
}

export const average = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length

function weightedMean(clusters: readonly Cluster[]): number {
  const total = clusters.reduce((sum, { weight }) => sum + weight, 0)
  return clusters.reduce((sum, { weight, runs }) => sum + weight * average(runs), 0) / total
}

function bootstrap(clusters: readonly Cluster[], seed: number): Interval {
  const random = new Random(seed)
  const pick = <T>(from: readonly T[]): T => from[random.integer(from.length)] as T
  const means: number[] = []
  for (let i = 0; i < RESAMPLES; i++) {
    const drawn = clusters.map(() => {
      const { weight, runs } = pick(clusters)
      return { weight, runs: runs.map(() => pick(runs)) }
    })
    means.push(weightedMean(drawn))
  }
  means.sort((a, b) => a - b)
  return { low: quantile(means, 0.025), high: quantile(means, 0.975) }
}

export function quantile(sorted: readonly number[], share: number): number {
  return sorted[Math.min(sorted.length - 1, Math.max(0, Math.round(share * (sorted.length - 1))))] as number
}

/** Times a run in progress may be looked at to stop it early. */
export const LOOKS = 4
/** Two-sided 95 % shared by four looks, 98.75 % each: whoever looks more often errs more often. */
export const Z_LOOK = 2.497705

/** Numbers of runs after which is looked: the least, the most, and evenly between. */
export function plannedLooks(least: number, most: number): number[] {
  if (least >= most) return [most]
  const looks = Array.from({ length: LOOKS }, (_, i) => Math.round(least + ((most - least) * i) / (LOOKS - 1)))
  return [...new Set(looks)]
}

/** Whether an interval's lower end reaches the target: what a gate asks. */
export const reaches = (interval: Interval, target: number) => interval.low >= target

/** Runs without a failure that it takes for a lower bound of `target`: why "100 %" is never printed alone. */
export function perfectRunsFor(target: number): number {
  for (let n = 1; ; n++) if (wilson(n, n).low >= target) return n
}
