import { type Check, IMPLIED } from './check.ts'
import { scenarioDigest } from './identity.ts'
import type { TrajectoryRecord } from './report/record.ts'
import type { ScenarioResult, Share, SuiteResult } from './results.ts'
import type { Scenario } from './scenario.ts'
import type { Trajectory } from './trajectory.ts'

/** Who reads: whoever builds the software sees of holdouts what came out, never what was asked. */
export type Audience = 'builder' | 'owner'

/** What may be said of a holdout's failure. */
export type FailureClass = 'wrong end state' | 'collateral' | 'communication' | 'error handling'

const isHidden = ({ visibility }: Scenario, audience: Audience) => audience === 'builder' && visibility === 'holdout'

/** The name a holdout goes by: the same in every run, and no word of its own. */
export const aliasOf = (scenario: Scenario): string => `holdout-${scenarioDigest(scenario).slice(0, 6)}`

/** A scenario as its reader may see it: of a holdout, its weight and gate. */
export function shownScenario(scenario: Scenario, audience: Audience): Scenario {
  if (!isHidden(scenario, audience)) return scenario
  const { version, visibility, weight, gate, until, horizon } = scenario
  const alias = aliasOf(scenario)
  const world = { fixture: 'blank', clock: scenario.world.clock, limits: 'observe', vars: {}, weather: [] } as const
  const told = { id: alias, title: alias, story: '', tags: [], world: { ...world, weather: [] }, steps: [], checks: [] }
  return {
    ...told,
    judge: [],
    version,
    visibility,
    weight,
    gate,
    until,
    horizon,
    allow_unmodelled: [],
  } as unknown as Scenario
}

/** A trajectory as its reader may see it: of a holdout, its outcome and the classes of its failures. */
export function shownTrajectory<T extends Trajectory | TrajectoryRecord>(
  trajectory: T,
  scenario: Scenario,
  audience: Audience,
): T {
  if (!isHidden(scenario, audience)) return trajectory
  const { id, system, build, seed, repetition, outcome, digest, ready, costs, took } = trajectory
  const told = {
    id,
    system,
    ...(build === undefined ? {} : { build }),
    seed,
    repetition,
    outcome,
    digest,
    ready,
    costs,
    took,
  }
  const reasons = failureClasses(scenario, trajectory)
  const empty = { checks: [], vars: {}, calls: 0, faults: [], gaps: [] }
  const record = 'entries' in trajectory ? { version: 1, entries: [], diff: [] } : {}
  return { ...told, ...empty, ...record, scenario: aliasOf(scenario), reasons } as unknown as T
}

/** A result as its reader may see it; every reporter is given this one. */
export function shownResult(result: SuiteResult, audience: Audience): SuiteResult {
  const shown = (one: ScenarioResult): ScenarioResult => ({
    ...one,
    scenario: shownScenario(one.scenario, audience),
    trajectories: one.trajectories.map((trajectory) => shownTrajectory(trajectory, one.scenario, audience)),
    repeats: one.repeats.map((trajectory) => shownTrajectory(trajectory, one.scenario, audience)),
  })
  return { ...result, scenarios: result.scenarios.map(shown) }
}

/** Coarse words for why a trajectory failed. */
export function failureClasses(scenario: Scenario, { outcome, checks, faults, judged }: Trajectory): FailureClass[] {
  if (outcome === 'satisfied' || outcome === 'invalid') return []
  if (judged?.judgements.some(({ critical, verdict }) => critical && verdict !== 'pass')) return ['communication']
  const failed = checks.filter(({ pass, critical, id }) => !pass && critical && id !== IMPLIED)
  const classes = failed.flatMap(({ id }) => {
    const check = scenario.checks.find((one) => one.id === id)
    return check ? [classOf(check, faults.length > 0)] : []
  })
  return classes.length ? [...new Set(classes)] : ['error handling'] // it failed by itself
}

function classOf(check: Check, faulty: boolean): FailureClass {
  if (check.invariant !== undefined || check.event !== undefined || check.throttled !== undefined)
    return 'error handling'
  if (check.only !== undefined || check.unchanged !== undefined || check.no_call !== undefined) return 'collateral'
  const kind = (check.row ?? check.rows ?? check.absent ?? check.diff)?.kind
  if (kind?.startsWith('slack.message') || check.order !== undefined || check.within !== undefined)
    return 'communication'
  return faulty ? 'error handling' : 'wrong end state'
}

/**
 * What is told of a score anew: the old one, unless it moved by more than one standard error. Whoever may ask often would
 * otherwise fit the holdout by the last digit.
 */
export function ladder(told: Share | undefined, fresh: Share): Share {
  if (!told) return fresh
  const error = (fresh.interval.high - fresh.interval.low) / (2 * 1.959964)
  return Math.abs(fresh.mean - told.mean) > error ? fresh : told
}
