import type { Multiverse } from '../server/multiverse.ts'
import type { FaultRule } from '../universe/faults.ts'
import type { System } from './driver/driver.ts'
import { fixtureNamed } from './fixtures.ts'
import { evidenceOf, type TrajectoryRecord } from './report/record.ts'
import {
  flakiness,
  type Interval,
  passHatK,
  reaches,
  scenarioSatisfaction,
  suiteSatisfaction,
  type Tally,
  tally,
  valid,
} from './satisfaction.ts'
import { type Scenario, ScenarioError, unknownNames } from './scenario.ts'
import type { Stage } from './scene.ts'
import { runTrajectory, type Trajectory } from './trajectory.ts'

export interface ScenarioResult {
  readonly scenario: Scenario
  readonly trajectories: readonly Trajectory[]
  readonly counts: Tally
  readonly satisfaction: { readonly mean: number; readonly interval: Interval } | undefined
  readonly passHatK: number
  readonly flakiness: ReturnType<typeof flakiness>
  /** Whether the interval's lower end reaches the scenario's gate. */
  readonly met: boolean
}

export interface SuiteResult {
  readonly system: string
  readonly scenarios: readonly ScenarioResult[]
  readonly satisfaction: { readonly mean: number; readonly interval: Interval } | undefined
  readonly met: boolean
  /** Trajectories an hour, in this run. */
  readonly perHour: number
}

export interface SuiteOptions {
  /** Runs of each scenario; default: its gate's. */
  readonly runs?: number
  readonly firstSeed?: number
  /** Runs under way at once. */
  readonly lanes?: number
  /** Faults in the place of the scenarios' weather. */
  readonly faults?: readonly FaultRule[]
  readonly onTrajectory?: (trajectory: Trajectory, done: number, total: number) => void
  /** Given each trajectory with its evidence, for reports; without it none is gathered. */
  readonly onRecord?: (record: TrajectoryRecord) => void
}

/** Share of runs that may be invalid before a result means nothing. */
export const INVALID_ALLOWED = 0.05

/** Runs every scenario with its seeds and sums up. Throws a ScenarioError for names the twins do not have. */
export async function runSuite(
  multiverse: Multiverse,
  scenarios: readonly Scenario[],
  system: System,
  options: SuiteOptions = {},
): Promise<SuiteResult> {
  const problems = scenarios.flatMap((scenario) =>
    unknownNames(scenario, multiverse.apps).map((problem) => `${scenario.id}: ${problem}`),
  )
  if (problems.length) throw new ScenarioError(problems)
  const started = performance.now()
  const twins = [...multiverse.apps.values()].map(({ twin }) => twin)
  const planned: { scenario: Scenario; stage: Stage; seed: number }[] = []
  for (const scenario of scenarios) {
    const stage = { multiverse, fixture: await fixtureNamed(scenario.world.fixture, twins) }
    const runs = options.runs ?? scenario.gate.runs
    for (let run = 0; run < runs; run++) planned.push({ scenario, stage, seed: (options.firstSeed ?? 1) + run })
  }
  const done: Trajectory[] = []
  let next = 0
  const lane = async () => {
    for (let plan = planned[next++]; plan; plan = planned[next++]) {
      let evidence: ReturnType<typeof evidenceOf> = { entries: [], diff: [] }
      const trajectory = await runTrajectory(plan.stage, plan.scenario, system, plan.seed, {
        ...(options.faults && { faults: options.faults }),
        ...(options.onRecord && {
          onFacts: (...seen: Parameters<typeof evidenceOf>) => {
            evidence = evidenceOf(...seen)
          },
        }),
      })
      options.onRecord?.({ version: 1, ...trajectory, ...evidence })
      done.push(trajectory)
      options.onTrajectory?.(trajectory, done.length, planned.length)
    }
  }
  await Promise.all(Array.from({ length: options.lanes ?? 1 }, lane))
  const results = scenarios.map((scenario) =>
    summarise(
      scenario,
      done.filter((trajectory) => trajectory.scenario === scenario.id).sort((a, b) => a.seed - b.seed),
    ),
  )
  const clusters = results.map(({ scenario, trajectories }) => ({
    weight: scenario.weight,
    runs: trajectories
      .filter(({ outcome }) => outcome !== 'invalid')
      .map(({ outcome }) => (outcome === 'satisfied' ? 1 : 0)),
  }))
  return {
    system: system.name,
    scenarios: results,
    satisfaction: suiteSatisfaction(clusters),
    met: results.every(({ met }) => met),
    perHour: (done.length / (performance.now() - started)) * 3_600_000,
  }
}

function summarise(scenario: Scenario, trajectories: readonly Trajectory[]): ScenarioResult {
  const counts = tally(trajectories.map(({ outcome }) => outcome))
  const satisfaction = scenarioSatisfaction(counts)
  const bySeed = new Map<number, Trajectory['outcome'][]>()
  for (const { seed, outcome } of trajectories) bySeed.set(seed, [...(bySeed.get(seed) ?? []), outcome])
  return {
    scenario,
    trajectories,
    counts,
    satisfaction,
    passHatK: passHatK(counts.satisfied, valid(counts), scenario.gate.k),
    flakiness: flakiness([...bySeed.values()]),
    met: satisfaction !== undefined && reaches(satisfaction.interval, scenario.gate.satisfaction),
  }
}

/** Share of invalid runs over the whole suite. */
export function invalidShare(results: readonly ScenarioResult[]): number {
  const runs = results.reduce((sum, { trajectories }) => sum + trajectories.length, 0)
  return runs === 0 ? 0 : results.reduce((sum, { counts }) => sum + counts.invalid, 0) / runs
}
