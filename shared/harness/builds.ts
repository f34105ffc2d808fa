import { difference, holm, mcNemar, type Paired } from './comparison.ts'
import { scenarioDigest } from './identity.ts'
import { NO_JUDGE } from './judge/outcome.ts'
import type { ScenarioResult, SuiteResult } from './results.ts'
import type { Interval } from './satisfaction.ts'
import type { Trajectory } from './trajectory.ts'

/** One scenario under two builds. */
export interface ScenarioComparison {
  readonly id: string
  readonly title: string
  readonly pairs: readonly Pair[]
  readonly first: number
  readonly second: number
  /** Seeds only one build satisfied. */
  readonly onlyFirst: number
  readonly onlySecond: number
  /** Exact McNemar, and corrected for the number of scenarios by Holm. */
  readonly chance: number
  readonly corrected: number
  readonly verdict: 'regression' | 'improvement' | 'no difference shown'
}

export interface Pair {
  readonly seed: number
  readonly first: Trajectory
  readonly second: Trajectory
}

export interface Comparison {
  readonly first: Named
  readonly second: Named
  /** Pairs of valid runs of the same scenario and seed. */
  readonly pairs: number
  /** How much better the second is, over scenarios; positive is better. */
  readonly difference: { readonly mean: number; readonly interval: Interval } | undefined
  readonly chance: number
  readonly scenarios: readonly ScenarioComparison[]
  /** What cannot be compared, and why. */
  readonly left: readonly string[]
}

interface Named {
  readonly system: string
  readonly build?: string | undefined
}

/** Chance below which a difference is named. */
const NAMED = 0.05

/**
 * Compares two builds on the scenarios and seeds both ran. A scenario that changed between them is left out, and one whose
 * questions were answered by different judges, or in one build by nobody.
 */
export function compareBuilds(first: SuiteResult, second: SuiteResult): Comparison {
  const left: string[] = []
  const both = first.scenarios.flatMap((one) => {
    const other = second.scenarios.find(({ scenario }) => scenario.id === one.scenario.id)
    if (!other) left.push(`${one.scenario.id}: only the first ran it`)
    else if (scenarioDigest(other.scenario) !== scenarioDigest(one.scenario))
      left.push(`${one.scenario.id}: the scenario itself changed`)
    else if (judgesOf([one, other]).length > 1)
      left.push(`${one.scenario.id}: not judged alike, by ${judgesOf([one, other]).join(' and by ')}`)
    else return [{ one, other }]
    return []
  })
  for (const { scenario } of second.scenarios)
    if (!first.scenarios.some((one) => one.scenario.id === scenario.id))
      left.push(`${scenario.id}: only the second ran it`)
  const counted = both.map(({ one, other }) => ({ one, pairs: pairsOf(one, other) }))
  const chances = counted.map(({ pairs }) => mcNemar(...splitOf(pairs)))
  const corrected = holm(chances)
  const [onlyFirst, onlySecond] = splitOf(counted.flatMap(({ pairs }) => pairs))
  return {
    first: named(first),
    second: named(second),
    pairs: counted.reduce((sum, { pairs }) => sum + pairs.length, 0),
    difference: difference(counted.map(({ one, pairs }) => paired(one.scenario.weight, pairs))),
    chance: mcNemar(onlyFirst, onlySecond),
    scenarios: counted.map(({ one, pairs }, i) => summed(one, pairs, chances[i] as number, corrected[i] as number)),
    left,
  }
}

/** Who answered the questions of runs that their checks did not decide. */
function judgesOf(results: readonly ScenarioResult[]): string[] {
  const names = results.flatMap(({ trajectories }) =>
    trajectories.flatMap(({ judged, unasked }) => {
      if (judged) return [judged.version]
      return unasked?.because === NO_JUDGE ? ['nobody'] : []
    }),
  )
  return [...new Set(names)]
}

const named = ({ system, build }: SuiteResult): Named => ({ system, ...(build === undefined ? {} : { build }) })
const good = ({ outcome }: Trajectory) => (outcome === 'satisfied' ? 1 : 0)
const paired = (weight: number, pairs: readonly Pair[]): Paired => ({
  weight,
  runs: pairs.map(({ first, second }) => [good(first), good(second)] as const),
})

function pairsOf(one: ScenarioResult, other: ScenarioResult): Pair[] {
  const seconds = new Map(other.trajectories.map((trajectory) => [trajectory.seed, trajectory]))
  return one.trajectories.flatMap((first) => {
    const second = seconds.get(first.seed)
    const valid = second && first.outcome !== 'invalid' && second.outcome !== 'invalid'
    return valid ? [{ seed: first.seed, first, second }] : []
  })
}

/** Seeds only the first, and only the second build satisfied. */
function splitOf(pairs: readonly Pair[]): [onlyFirst: number, onlySecond: number] {
  const only = (sign: number) => pairs.filter(({ first, second }) => good(first) - good(second) === sign).length
  return [only(1), only(-1)]
}

function summed(
  { scenario }: ScenarioResult,
  pairs: readonly Pair[],
  chance: number,
  corrected: number,
): ScenarioComparison {
  const [onlyFirst, onlySecond] = splitOf(pairs)
  const mean = (which: 'first' | 'second') =>
    pairs.length ? pairs.reduce((sum, pair) => sum + good(pair[which]), 0) / pairs.length : 0
  const changed = corrected < NAMED && onlyFirst !== onlySecond
  const verdict = changed ? (onlyFirst > onlySecond ? 'regression' : 'improvement') : 'no difference shown'
  const { id, title } = scenario
  return {
    id,
    title,
    pairs,
    first: mean('first'),
    second: mean('second'),
    onlyFirst,
    onlySecond,
    chance,
    corrected,
    verdict,
  }
}
