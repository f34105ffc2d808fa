import type { LedgerEntry } from '../universe/ledger.ts'
import { PersonaError } from './actor/ask.ts'
import type { PersonaRecord } from './actor/persona.ts'
import { misplayed, review } from './actor/review.ts'
import { Allowance } from './allowance.ts'
import { type Check, evaluate, type Facts, impliedOnly } from './check.ts'
import { NotReady, type Output, type Running, type System, start } from './driver/driver.ts'
import { setUp } from './driver/setup.ts'
import { type Gap, gather, unmodelled } from './facts.ts'
import { ledgerDigest, trajectoryId } from './identity.ts'
import type { Judge } from './judge/judge.ts'
import { asked, type Verdict } from './judge/outcome.ts'
import type { Costs } from './meter.ts'
import type { Race } from './plan.ts'
import { type Overlaps, raceThrough } from './races.ts'
import { evidenceOf } from './report/record.ts'
import { type Scenario, ScenarioError, substitute } from './scenario.ts'
import { openScene, type Scene, type SceneOptions, type Stage } from './scene.ts'
import { follow, settle } from './settle.ts'
import { Stopwatch } from './stopwatch.ts'

export interface Trajectory extends Verdict {
  /** Names the run on every machine: scenario, system, seed, faults, repetition. */
  readonly id: string
  readonly scenario: string
  readonly system: string
  /** Which state of the system, if it said. */
  readonly build?: string
  readonly seed: number
  /** 0 for the first run of its seed. */
  readonly repetition: number
  readonly vars: Readonly<Record<string, unknown>>
  readonly calls: number
  /** Names of the faults that were planned. */
  readonly faults: readonly string[]
  /** What happened, as a digest: equal for runs of one seed of deterministic software. */
  readonly digest: string
  /** Answers relied on that no twin models: why it is invalid. */
  readonly gaps: readonly Gap[]
  /** Whether the system came up at all. */
  readonly ready: boolean
  /** What the system wrote, of which the beginning and the end are kept. */
  readonly output?: Output
  /** What people whom a model plays did, and how they were played. */
  readonly personas?: readonly PersonaRecord[]
  /** What models cost, by whom they worked for. */
  readonly costs: Costs
  /** Wall time, ms. */
  readonly took: number
  /** One line that shows it again. */
  readonly repro?: string
}

export interface RunOptions extends SceneOptions {
  /** Calls and acts that change places. */
  readonly races?: readonly Race[]
  /** Demanded beside the scenario's own checks. */
  readonly invariants?: readonly string[]
  /** Finds out which calls the system makes at once. */
  readonly overlaps?: Overlaps
  /** The how-manieth run of this seed, from 0. */
  readonly repetition?: number
  /** Given what reports need, while the universe is still there. */
  readonly onFacts?: (facts: Facts, entries: readonly LedgerEntry[]) => void
  /** Answers the scenario's questions; without one they are not asked. */
  readonly judge?: Judge
}

/**
 * Once through a scenario: variables are drawn, a universe is forked, the system comes up, people act, it works, time
 * passes until the story is over, the system stops, what is still due happens, the checks are made, the universe is dropped.
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
  const scene = await openScene(stage, scenario, system, seed, options)
  const { universe } = scene
  const stopwatch = new Stopwatch(universe)
  raceThrough(universe, scene.script, options.races ?? [])
  options.overlaps?.watch(universe)
  try {
    let story: Story | undefined
    const verdict = await play(scene, scenario, system)
      .then((told) => {
        story = told
        return verdictOn({ scene, scenario, system, troupe: stage.troupe }, told, stopwatch, options)
      })
      .catch(harnessFailed)
    const entries = [...universe.ledger.entries()]
    return {
      id: trajectoryId(scenario, system, seed, options),
      scenario: scenario.id,
      system: system.name,
      ...(system.build === undefined ? {} : { build: system.build }),
      seed,
      repetition: options.repetition ?? 0,
      ...verdict,
      vars: scene.vars,
      calls: entries.filter(({ kind }) => kind === 'call').length,
      faults: scene.faults.map(({ name }) => name ?? ''),
      digest: ledgerDigest(universe, entries),
      gaps: unmodelled(universe, scenario),
      ready: story?.ready ?? true,
      ...(story?.output ? { output: story.output } : {}),
      ...(scene.personas.length ? { personas: scene.personas.map(({ record }) => record) } : {}),
      costs: scene.meter.costs,
      took: performance.now() - started,
    }
  } finally {
    stopwatch.close()
    await scene.close()
  }
}

/** What happened, as far as the universe does not tell. */
interface Story {
  /** Why the system failed, if it did. */
  readonly failure: string | undefined
  readonly ready: boolean
  readonly output: Output | undefined
}

async function play(scene: Scene, scenario: Scenario, system: System): Promise<Story> {
  let running: Running
  try {
    running = await start(system, scene.world, scene.port)
  } catch (error) {
    if (!(error instanceof NotReady)) throw error
    return { failure: `it never became ready: ${error.message}`, ready: false, output: error.output }
  }
  const allowance = new Allowance(scene.universe, system.budget)
  scene.meter.listen(({ sut }) => allowance.tokens(sut?.tokens ?? 0))
  try {
    await setUp(scene, system)
    scene.script.begin()
    const work = Promise.race([running.work(), allowance.exceeded])
    const end = await follow(scene, scenario, { work, stays: running.stays, idle: system.idle ?? IDLE })
    const complaint = await running.stop()
    await settle(scene, end.horizon)
    return { failure: end.failure ?? complaint, ready: true, output: running.output?.() }
  } finally {
    allowance.close()
    await running.stop()
  }
}

/** Wall time without a call after which a system is taken to wait, ms. */
const IDLE = 1000

/** What is played: a scenario, by a system, in its universe. */
interface Run {
  readonly scene: Scene
  readonly scenario: Scenario
  readonly system: System
  readonly troupe: Stage['troupe']
}

async function verdictOn(run: Run, story: Story, stopwatch: Stopwatch, options: RunOptions): Promise<Verdict> {
  if (!story.ready) return { outcome: 'unsatisfied', reasons: [systemFailed(story.failure)], checks: [] }
  const { scene, scenario, system } = run
  const { multiverse, universe, origin, scope } = scene
  const secrets = Object.values(scene.world.twins).map(({ token }) => token)
  const facts = gather(multiverse, origin, universe, { secrets, wallOf: stopwatch.at })
  const entries = [...universe.ledger.entries()]
  options.onFacts?.(facts, entries)
  const gaps = unmodelled(universe, scenario)
  if (gaps.length) return invalid(gaps.map(({ twin, op }) => `relied on ${twin}.${op}, which is not modelled`))
  const { troupe } = run
  if (troupe) for (const persona of scene.personas) await review(troupe, scene.meter, persona)
  const misplay = misplayed(scene.personas.map(({ record }) => record))
  if (misplay.length) return invalid(misplay)
  const evidence = () => ({ ...evidenceOf(facts, entries), ...(story.output && { output: story.output }) })
  const verdict = await asked(
    checked(run, facts, story.failure, options.invariants),
    { scenario, scope, system, evidence },
    options.judge,
  )
  for (const { model, usage } of verdict.judged?.spent ?? []) scene.meter.add('judge', { model, usage })
  return verdict
}

/** The checks, and whether the system itself failed. */
function checked(
  { scenario, scene: { scope } }: Run,
  facts: Facts,
  failure: string | undefined,
  invariants: readonly string[] = [],
): Verdict {
  const implied = impliedOnly(scenario.checks)
  const checks = [
    ...scenario.checks.map((one) => evaluate(referred(one, scope), facts)),
    ...invariants.map((invariant) => evaluate({ id: invariant, critical: true, invariant }, facts)),
    ...(implied ? [evaluate(implied, facts)] : []),
  ]
  const failed = checks.filter(({ pass, critical }) => critical && !pass)
  const reasons = [
    ...(failure === undefined ? [] : [systemFailed(failure)]),
    ...failed.map(({ id, expected, actual }) => `${id}: expected ${expected}; ${actual}`),
  ]
  return { outcome: reasons.length ? 'unsatisfied' : 'satisfied', reasons, checks }
}

/** A check with its references resolved; one that leads nowhere is told with its check. */
function referred(check: Check, scope: Scene['scope']): Check {
  try {
    return substitute(check, scope)
  } catch (error) {
    if (!(error instanceof ScenarioError)) throw error
    throw new ScenarioError(error.problems.map((problem) => `check ${check.id}: ${problem}`))
  }
}

const systemFailed = (failure: string | undefined) => `the system failed: ${failure}`

const invalid = (reasons: readonly string[]): Verdict => ({ outcome: 'invalid', reasons, checks: [] })

/** A mistake of the scenario is told to its author; a failure of ours must not count against the system. */
function harnessFailed(error: Error): Verdict {
  if (error instanceof ScenarioError) throw error
  if (error instanceof PersonaError) return invalid([error.message])
  return invalid([`the harness failed: ${error.message}`])
}
