import type { Multiverse } from '../server/multiverse.ts'
import type { FaultRule } from '../universe/faults.ts'
import type { Troupe } from './actor/ask.ts'
import { unplayed } from './actor/company.ts'
import type { System } from './driver/driver.ts'
import type { OpenProxy } from './driver/proxy.ts'
import { fixtureNamed } from './fixtures.ts'
import { trajectoryId } from './identity.ts'
import type { Judge } from './judge/judge.ts'
import { Meter, type Purse, usedUp } from './meter.ts'
import type { Race } from './plan.ts'
import { evidenceOf, type TrajectoryRecord } from './report/record.ts'
import { type Stopped, type SuiteResult, scenarioResult, suiteResult } from './results.ts'
import { plannedLooks, valid, wilson, Z_LOOK } from './satisfaction.ts'
import { type Scenario, ScenarioError, unknownNames } from './scenario.ts'
import type { Stage } from './scene.ts'
import { runTrajectory, type Trajectory } from './trajectory.ts'

/** The part of a suite that one machine runs: 1 of 3, 2 of 3, 3 of 3. */
export interface Shard {
  readonly index: number
  readonly of: number
}

export interface SuiteOptions {
  /** Runs of each scenario; default: its gate's. */
  readonly runs?: number
  readonly firstSeed?: number
  /** Runs under way at once. */
  readonly lanes?: number
  /** Faults in the place of the scenarios' weather. */
  readonly faults?: readonly FaultRule[]
  /** Calls and acts that change places, in every run. */
  readonly races?: readonly Race[]
  readonly shard?: Shard
  /** Trajectories that are finished already, by id: they are counted and not run again. */
  readonly finished?: ReadonlyMap<string, Trajectory>
  /** Times a failing seed is run again to tell chance from cause, for the first few that fail; default none. */
  readonly repeats?: number
  readonly onTrajectory?: (trajectory: Trajectory, done: number, total: number) => void
  /** One line that shows a run again. */
  readonly repro?: (scenario: Scenario, seed: number) => string
  /** Given each trajectory with its evidence as it ends; without it none is gathered. */
  readonly onRecord?: (record: TrajectoryRecord) => void
  /** Who plays personas. */
  readonly troupe?: Troupe
  /** For systems that ask for a proxy. */
  readonly openProxy?: OpenProxy
  /** What models may cost. When it is used up no run begins; those under way are finished. */
  readonly purse?: Purse
  /** No run begins after it. Those under way are finished. */
  readonly signal?: AbortSignal
  /** Answers the scenarios' questions; without one they are not asked. */
  readonly judge?: Judge
}

interface Planned {
  readonly id: string
  readonly scenario: Scenario
  readonly stage: Stage
  readonly seed: number
  readonly repetition: number
}

/** Failing seeds of a scenario that are run again. */
const REPEATED_SEEDS = 3

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
  const unfilled = unplayed(scenarios, options.troupe)
  if (unfilled.length) throw new ScenarioError(unfilled)
  const started = performance.now()
  const run = new Runner(system, options)
  const stages = await stagesOf(multiverse, scenarios, options)
  run.total = scenarios.reduce((sum, scenario) => sum + runsOf(scenario, options).max, 0)
  await run.all(scenarios.flatMap((scenario) => rounds(scenario, stages, system, options)[0] ?? []))
  for (const scenario of scenarios) {
    for (const round of rounds(scenario, stages, system, options).slice(1)) {
      if (isDecided(scenario, run.trajectories)) run.total -= round.length
      else await run.all(round)
    }
  }
  const repeats = scenarios.flatMap((scenario) => repeatsOf(scenario, stages, system, run.trajectories, options))
  run.total += repeats.length
  await run.all(repeats)
  const perHour = (run.ran / (performance.now() - started)) * 3_600_000
  return suiteResult(system, scenarios, run.trajectories, perHour, run.stopped)
}

/** Lanes through planned runs; what is finished, or another machine's, is passed over. */
class Runner {
  readonly trajectories: Trajectory[] = []
  /** Run here and now. */
  ran = 0
  /** Runs at most, for whoever watches. */
  total = 0
  readonly #system: System
  readonly #options: SuiteOptions
  readonly #meter = new Meter()
  #notStarted = 0

  constructor(system: System, options: SuiteOptions) {
    this.#system = system
    this.#options = options
  }

  async all(planned: readonly Planned[]): Promise<void> {
    const { shard, lanes = 1 } = this.#options
    // A failing seed is repeated by the machine it failed on.
    const mine = planned.filter(({ id, repetition }) => !shard || repetition || shardOf(id, shard.of) === shard.index)
    let next = 0
    const lane = async () => {
      for (let plan = mine[next++]; plan; plan = mine[next++]) {
        if (this.#isFinished(plan)) continue
        if (this.#because) this.#notStarted++
        else await this.#one(plan)
      }
    }
    await Promise.all(Array.from({ length: lanes }, lane))
  }

  /** Why the run ends before its time, if it does. */
  get stopped(): Stopped | undefined {
    const because = this.#because
    return because === undefined || this.#notStarted === 0 ? undefined : { because, notStarted: this.#notStarted }
  }

  get #because(): string | undefined {
    if (this.#options.signal?.aborted) return 'it was interrupted'
    return usedUp(this.#options.purse ?? {}, this.#meter.costs)
  }

  /** Whether it was run before: then it counts as it went. */
  #isFinished({ id, scenario }: Planned): boolean {
    const known = this.#options.finished?.get(id)
    if (known) this.trajectories.push({ ...known, scenario: scenario.id })
    return known !== undefined
  }

  async #one({ scenario, stage, seed, repetition }: Planned): Promise<void> {
    const { faults, races, judge, repro, onRecord, onTrajectory } = this.#options
    let evidence: ReturnType<typeof evidenceOf> | undefined
    const ran = await runTrajectory(stage, scenario, this.#system, seed, {
      repetition,
      ...(faults && { faults }),
      ...(races && { races }),
      ...(judge && { judge }),
      meter: this.#meter,
      ...(onRecord && {
        onFacts: (...seen: Parameters<typeof evidenceOf>) => {
          evidence = evidenceOf(...seen)
        },
      }),
    })
    const trajectory = repro ? { ...ran, repro: repro(scenario, seed) } : ran
    this.ran++
    onRecord?.({ version: 1, ...trajectory, ...(evidence ?? { entries: [], diff: [] }) })
    this.trajectories.push(trajectory)
    onTrajectory?.(trajectory, this.trajectories.length, this.total)
  }
}

/** Which shard runs a trajectory, from 1: the same on every machine, whatever else is planned. */
export const shardOf = (id: string, of: number): number => (Number.parseInt(id.slice(0, 8), 16) % of) + 1

type Stages = ReadonlyMap<string, Stage>

async function stagesOf(
  multiverse: Multiverse,
  scenarios: readonly Scenario[],
  { troupe, openProxy }: SuiteOptions,
): Promise<Stages> {
  const twins = [...multiverse.apps.values()].map(({ twin }) => twin)
  const stages = new Map<string, Stage>()
  for (const { id, world } of scenarios)
    stages.set(id, { multiverse, fixture: await fixtureNamed(world.fixture, twins), troupe, openProxy })
  return stages
}

function runsOf({ gate }: Scenario, { runs, shard }: SuiteOptions): { min: number; max: number } {
  if (runs !== undefined) return { min: runs, max: runs }
  // A shard sees a part of the runs: it cannot know that the rest is not needed.
  return shard ? { min: gate.runs.max, max: gate.runs.max } : gate.runs
}

/** A scenario's runs in the order they are made, up to each planned look. */
function rounds(scenario: Scenario, stages: Stages, system: System, options: SuiteOptions): Planned[][] {
  const { min, max } = runsOf(scenario, options)
  const first = options.firstSeed ?? 1
  let from = 0
  return plannedLooks(min, max).map((look) => {
    const seeds = Array.from({ length: look - from }, (_, i) => first + from + i)
    from = look
    return seeds.map((seed) => plan(scenario, stages, system, seed, 0, options))
  })
}

function plan(
  scenario: Scenario,
  stages: Stages,
  system: System,
  seed: number,
  repetition: number,
  { faults, races }: SuiteOptions,
): Planned {
  const id = trajectoryId(scenario, system, seed, { repetition, faults, races })
  return { id, scenario, stage: stages.get(scenario.id) as Stage, seed, repetition }
}

/** Whether more runs could hardly change that the gate is met, or missed. */
function isDecided(scenario: Scenario, trajectories: readonly Trajectory[]): boolean {
  const { counts } = scenarioResult(scenario, trajectories)
  const { low, high } = wilson(counts.satisfied, valid(counts), Z_LOOK)
  const { satisfaction } = scenario.gate
  return low >= satisfaction || high < satisfaction
}

function repeatsOf(
  scenario: Scenario,
  stages: Stages,
  system: System,
  trajectories: readonly Trajectory[],
  options: SuiteOptions,
): Planned[] {
  const { repeats = 0 } = options
  return scenarioResult(scenario, trajectories)
    .trajectories.filter(({ outcome }) => outcome === 'unsatisfied' || outcome === 'undecided')
    .slice(0, REPEATED_SEEDS)
    .flatMap(({ seed }) =>
      Array.from({ length: repeats }, (_, i) => plan(scenario, stages, system, seed, i + 1, options)),
    )
}
