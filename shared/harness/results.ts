import { type Flakes, flakiness } from './flakes.ts'
import { type Costs, costsOf } from './meter.ts'
import {
  type Interval,
  passHatK,
  reaches,
  scenarioSatisfaction,
  suiteSatisfaction,
  type Tally,
  tally,
  valid,
  wilson,
  Z_LOOK,
} from './satisfaction.ts'
import type { Scenario } from './scenario.ts'
import type { Trajectory } from './trajectory.ts'

export interface Share {
  readonly mean: number
  readonly interval: Interval
}

export interface ScenarioResult {
  readonly scenario: Scenario
  /** One per seed. */
  readonly trajectories: readonly Trajectory[]
  /** Failing seeds run again. They label the scenario, and never count. */
  readonly repeats: readonly Trajectory[]
  readonly counts: Tally
  readonly satisfaction: Share | undefined
  readonly passHatK: number
  readonly flakiness: Flakes
  /** What models cost, repeats included. */
  readonly costs: Costs
  /** Whether the interval's lower end reaches the scenario's gate. */
  readonly met: boolean
  /** Times a holdout was evaluated for this system, this one included. */
  readonly peeks?: number
}

export interface SuiteResult {
  readonly system: string
  readonly build?: string | undefined
  readonly scenarios: readonly ScenarioResult[]
  readonly satisfaction: Share | undefined
  /** Share of scenarios of which every seed was satisfied. */
  readonly allSeeds: number
  readonly met: boolean
  /** What models cost, by whom they worked for. */
  readonly costs: Costs
  /** The run was ended before all was run. */
  readonly stopped?: Stopped
  /** Trajectories an hour, in this run. */
  readonly perHour: number
}

/** Why a run was ended, and how many trajectories it did not begin. */
export interface Stopped {
  readonly because: string
  readonly notStarted: number
}

/** Share of runs that may be invalid before a result means nothing. */
export const INVALID_ALLOWED = 0.05

/** Sums up a scenario's trajectories, whoever ran them and in whichever order they came. */
export function scenarioResult(scenario: Scenario, all: readonly Trajectory[]): ScenarioResult {
  const own = all
    .filter((trajectory) => trajectory.scenario === scenario.id)
    .sort((a, b) => a.seed - b.seed || a.repetition - b.repetition)
  const trajectories = own.filter(({ repetition }) => repetition === 0)
  const counts = tally(trajectories.map(({ outcome }) => outcome))
  const satisfaction = scenarioSatisfaction(counts)
  const { min, max } = scenario.gate.runs
  const gated = min < max ? wilson(counts.satisfied, valid(counts), Z_LOOK) : satisfaction?.interval
  return {
    scenario,
    trajectories,
    repeats: own.filter(({ repetition }) => repetition > 0),
    counts,
    satisfaction,
    passHatK: passHatK(counts.satisfied, valid(counts), scenario.gate.k),
    flakiness: flakiness([...Map.groupBy(own, ({ seed }) => seed).values()]),
    costs: costsOf(own),
    met: satisfaction !== undefined && gated !== undefined && reaches(gated, scenario.gate.satisfaction),
  }
}

/** Sums up a suite. `perHour` is what the caller measured. */
export function suiteResult(
  system: { readonly name: string; readonly build?: string | undefined },
  scenarios: readonly Scenario[],
  trajectories: readonly Trajectory[],
  perHour: number,
  stopped?: Stopped,
): SuiteResult {
  const results = scenarios.map((scenario) => scenarioResult(scenario, trajectories))
  const clusters = results.map(({ scenario: { weight }, trajectories: runs }) => ({
    weight,
    runs: runs.filter(({ outcome }) => outcome !== 'invalid').map(({ outcome }) => (outcome === 'satisfied' ? 1 : 0)),
  }))
  const perfect = clusters.filter(({ runs }) => runs.length > 0 && runs.every((run) => run === 1))
  return {
    system: system.name,
    ...(system.build === undefined ? {} : { build: system.build }),
    scenarios: results,
    satisfaction: suiteSatisfaction(clusters),
    allSeeds: results.length ? perfect.length / results.length : 0,
    met: results.length > 0 && results.every(({ met }) => met),
    costs: costsOf(trajectories),
    ...(stopped ? { stopped } : {}),
    perHour,
  }
}

/** Share of invalid runs over the whole suite. */
export function invalidShare(results: readonly ScenarioResult[]): number {
  const runs = results.reduce((sum, { trajectories }) => sum + trajectories.length, 0)
  return runs === 0 ? 0 : results.reduce((sum, { counts }) => sum + counts.invalid, 0) / runs
}
