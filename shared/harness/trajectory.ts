import type { FaultRule } from '../universe/faults.ts'
import type { LedgerEntry } from '../universe/ledger.ts'
import { type CheckResult, evaluate, type Facts } from './check.ts'
import { type System, start } from './driver/driver.ts'
import { gather, unmodelled } from './facts.ts'
import type { Outcome } from './satisfaction.ts'
import { type Scenario, ScenarioError, substitute } from './scenario.ts'
import { openScene, type Scene, type Stage } from './scene.ts'
import { settle } from './settle.ts'

export interface Trajectory extends Verdict {
  readonly scenario: string
  readonly system: string
  readonly seed: number
  readonly vars: Readonly<Record<string, unknown>>
  readonly calls: number
  /** Names of the faults that were planned. */
  readonly faults: readonly string[]
  /** Wall time, ms. */
  readonly took: number
}

interface Verdict {
  readonly outcome: Outcome
  /** Why it is not satisfied, or not valid. */
  readonly reasons: readonly string[]
  readonly checks: readonly CheckResult[]
}

export interface RunOptions {
  /** Faults in the place of the scenario's weather. */
  readonly faults?: readonly FaultRule[]
  /** Given what reports need, while the universe is still there. */
  readonly onFacts?: (facts: Facts, entries: readonly LedgerEntry[]) => void
}

/**
 * Once through a scenario: variables are drawn, a universe is forked, the system starts, people act, time passes until
 * nothing is left to happen, the system stops, the checks are made, the universe is dropped.
 *
 * @throws ScenarioError for a mistake of the scenario; a failure of ours makes the trajectory invalid
 */
export async function runTrajectory(
  stage: Stage,
  scenario: Scenario,
  system: System,
  seed: number,
  options: RunOptions = {},
): Promise<Trajectory> {
  const started = performance.now()
  const scene = openScene(stage, scenario, seed, options.faults)
  try {
    const verdict = await play(scene, scenario, system, options).catch(harnessFailed)
    return {
      scenario: scenario.id,
      system: system.name,
      seed,
      ...verdict,
      vars: scene.vars,
      calls: [...scene.universe.ledger.entries()].filter(({ kind }) => kind === 'call').length,
      faults: scene.faults.map(({ name }) => name ?? ''),
      took: performance.now() - started,
    }
  } finally {
    scene.close()
  }
}

async function play(scene: Scene, scenario: Scenario, system: System, options: RunOptions): Promise<Verdict> {
  const { multiverse, universe, origin, script, world } = scene
  const horizon = universe.clock.now() + scenario.horizon
  script.begin()
  const running = await start(system, world)
  const failure = await running.ended
  await running.stop()
  await settle(multiverse, universe, script, horizon)
  const facts = gather(multiverse, origin, universe)
  options.onFacts?.(facts, [...universe.ledger.entries()])
  const gaps = unmodelled(universe, scenario.allow_unmodelled)
  if (gaps.length) return invalid(gaps.map((gap) => `relied on ${gap}, which is not modelled`))
  return verdictOn(scenario, scene, facts, failure)
}

/** The checks, and whether the system itself failed. */
function verdictOn(scenario: Scenario, { scope }: Scene, facts: Facts, failure: string | undefined): Verdict {
  const checks = scenario.checks.map((one) => evaluate(substitute(one, scope), facts))
  const failed = checks.filter(({ pass, critical }) => critical && !pass)
  const reasons = [
    ...(failure === undefined ? [] : [`the system failed: ${failure}`]),
    ...failed.map(({ id, expected, actual }) => `${id}: expected ${expected}; ${actual}`),
  ]
  return { outcome: reasons.length ? 'unsatisfied' : 'satisfied', reasons, checks }
}

const invalid = (reasons: readonly string[]): Verdict => ({ outcome: 'invalid', reasons, checks: [] })

/** A mistake of the scenario is told to its author; a failure of ours must not count against the system. */
function harnessFailed(error: Error): Verdict {
  if (error instanceof ScenarioError) throw error
  return invalid([`the harness failed: ${error.message}`])
}
