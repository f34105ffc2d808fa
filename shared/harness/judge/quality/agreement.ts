import { Random } from '../../../universe/random.ts'
import type { Interval } from '../../satisfaction.ts'

/** A verdict beside the right answer. */
export interface Rated {
  readonly label: 'pass' | 'fail'
  readonly verdict: 'pass' | 'fail' | 'undecided'
  /** Items of one run are alike: they are drawn together. */
  readonly cluster?: string
}

/** How well a judge agrees with the labels. Shares are `undefined` where nothing was counted. */
export interface Agreement {
  readonly items: number
  /** Share of right verdicts; an abstention is not right. */
  readonly agreement: number | undefined
  /** Cohen's κ over pass and fail, of the items that were decided. */
  readonly kappa: number | undefined
  readonly kappaInterval: Interval | undefined
  /** Share of passes that were passed. */
  readonly sensitivity: number | undefined
  /** Share of fails that were failed. */
  readonly specificity: number | undefined
  /** Share of fails that were passed: the costly mistake. */
  readonly falsePass: number | undefined
  readonly abstention: number | undefined
}

export const share = (part: number, whole: number): number | undefined => (whole === 0 ? undefined : part / whole)

/**
 * Cohen's κ of two raters over two classes: agreement beyond what their shares of `pass` would give by chance. `undefined`
 * for no items; 1 when both always say the same one thing.
 *
 * @example kappa({ bothPass: 20, onlyFirst: 5, onlySecond: 10, bothFail: 15 }) // 0.4
 */
export function kappa(counts: {
  readonly bothPass: number
  readonly onlyFirst: number
  readonly onlySecond: number
  readonly bothFail: number
}): number | undefined {
  const { bothPass, onlyFirst, onlySecond, bothFail } = counts
  const n = bothPass + onlyFirst + onlySecond + bothFail
  if (n === 0) return undefined
  const observed = (bothPass + bothFail) / n
  const first = (bothPass + onlyFirst) / n
  const second = (bothPass + onlySecond) / n
  const chance = first * second + (1 - first) * (1 - second)
  return chance === 1 ? 1 : (observed - chance) / (1 - chance)
}

/** κ of rated items; those that were not decided are left out. */
export function kappaOf(items: readonly Rated[]): number | undefined {
  const count = (label: Rated['label'], verdict: Rated['verdict']) =>
    items.filter((item) => item.label === label && item.verdict === verdict).length
  return kappa({
    bothPass: count('pass', 'pass'),
    onlyFirst: count('pass', 'fail'),
    onlySecond: count('fail', 'pass'),
    bothFail: count('fail', 'fail'),
  })
}

const RESAMPLES = 1000

/** 95 % interval of a number of rated items, from draws of whole clusters. */
export function bootstrapped(
  items: readonly Rated[],
  of: (items: readonly Rated[]) => number | undefined,
  seed = 1,
): Interval | undefined {
  const clusters = [...Map.groupBy(items, ({ cluster }, position) => cluster ?? String(position)).values()]
  if (clusters.length < 2) return undefined
  const random = new Random(seed)
  const draws = Array.from({ length: RESAMPLES }, () =>
    of(clusters.flatMap(() => clusters[random.integer(clusters.length)] as Rated[])),
  )
  const found = draws.filter((value) => value !== undefined).sort((a, b) => a - b)
  const at = (quantile: number) => found[Math.round(quantile * (found.length - 1))]
  const [low, high] = [at(0.025), at(0.975)]
  return low === undefined || high === undefined ? undefined : { low, high }
}

/** Sums up rated items. */
export function agreementOf(items: readonly Rated[]): Agreement {
  const passes = items.filter(({ label }) => label === 'pass')
  const fails = items.filter(({ label }) => label === 'fail')
  const count = (list: readonly Rated[], verdict: Rated['verdict']) =>
    list.filter((item) => item.verdict === verdict).length
  const right = count(passes, 'pass') + count(fails, 'fail')
  return {
    items: items.length,
    agreement: share(right, items.length),
    kappa: kappaOf(items),
    kappaInterval: bootstrapped(items, kappaOf),
    sensitivity: share(count(passes, 'pass'), passes.length),
    specificity: share(count(fails, 'fail'), fails.length),
    falsePass: share(count(fails, 'pass'), fails.length),
    abstention: share(count(items, 'undecided'), items.length),
  }
}
