import type { LedgerEntry } from '../universe/ledger.ts'
import { Random } from '../universe/random.ts'
import type { System } from './driver/driver.ts'
import { operationName } from './facts.ts'
import { CALL_FAULT_NAMES, columnOf, EVENT_FAULT_NAMES, type Point, rulesOf } from './plan.ts'
import { Overlaps } from './races.ts'
import type { Scenario } from './scenario.ts'
import type { Stage } from './scene.ts'
import { shrink } from './shrink.ts'
import { runTrajectory, type Trajectory } from './trajectory.ts'

export interface Tried {
  readonly point: Point
  readonly trajectory: Trajectory
}

export interface Exploration {
  /** The run in which nothing goes otherwise, from which the points were read. */
  readonly clean: Trajectory
  readonly points: readonly Tried[]
  /** The smallest failing plan of several points that shrinking found, when none of them fails alone. */
  readonly smallest: { readonly plan: readonly Point[]; readonly trajectory: Trajectory } | undefined
}

/** Calls of one operation, and deliveries of one kind, that are tried: the first three. */
const NTH = 3
/** Plans of several points that are tried. */
const SWARMS = 8

/** What every story demands once something goes wrong, beside its own checks. */
export const ORACLE = ['no_duplicate_effects', 'no_retry_storm', 'events_acked', 'no_lost_update'] as const

/** One plan on one seed, judged by the scenario's checks and the invariants no fault may break. */
export const attempt = (stage: Stage, scenario: Scenario, system: System, seed: number, plan: readonly Point[]) =>
  runTrajectory(stage, scenario, system, seed, { ...rulesOf(plan), invariants: ORACLE })

/**
 * Reads the calls, deliveries and acts of a passing run, then runs it again from the same seed: with each fault at each of
 * them, with calls that the system makes at once in the other order, with people acting between its reads and its writes,
 * and with several of these together. The system is a foreign process that cannot be forked: every run starts anew.
 */
export async function explore(stage: Stage, scenario: Scenario, system: System, seed: number): Promise<Exploration> {
  const seen = new Sighting()
  const clean = await runTrajectory(stage, scenario, system, seed, {
    faults: [],
    invariants: ORACLE,
    onFacts: (_facts, entries) => seen.read(entries),
  })
  if (clean.outcome !== 'satisfied') return { clean, points: [], smallest: undefined }
  const overlaps = new Overlaps()
  await runTrajectory(stage, scenario, system, seed, { faults: [], overlaps })
  const points: Tried[] = []
  const run = (plan: readonly Point[]) => attempt(stage, scenario, system, seed, plan)
  for (const point of allowed(scenario, seen.points(scenario, overlaps)))
    points.push({ point, trajectory: await run([point]) })
  const handled = points.filter(({ trajectory }) => trajectory.outcome === 'satisfied').map(({ point }) => point)
  return { clean, points, smallest: await swarm(handled, run, seed) }
}

/** Drops from a failing plan whatever it also fails without. */
export const smallestOf = (plan: readonly Point[], run: (plan: readonly Point[]) => Promise<Trajectory>) =>
  shrink(plan, async (part) => (await run(part)).outcome === 'unsatisfied')

/** Several points at once, each harmless alone: what fails then is shrunk. */
async function swarm(
  points: readonly Point[],
  run: (plan: readonly Point[]) => Promise<Trajectory>,
  seed: number,
): Promise<Exploration['smallest']> {
  const random = new Random(seed)
  for (let round = 0; round < SWARMS; round++) {
    const drawn = points.filter(() => random.integer(4) === 0)
    if (drawn.length < 2 || (await run(drawn)).outcome !== 'unsatisfied') continue
    const plan = await smallestOf(drawn, run)
    return { plan, trajectory: await run(plan) }
  }
  return undefined
}

/** What a clean run showed: where something could go otherwise. */
class Sighting {
  readonly #calls = new Map<string, number>()
  readonly #writes: Point[] = []
  readonly #events = new Map<string, number>()

  read(entries: readonly LedgerEntry[]): void {
    for (const entry of entries) {
      if (entry.kind === 'delivery') count(this.#events, `${entry.twin}.${entry.operation}`)
      if (entry.kind !== 'call') continue
      const call = operationName(entry)
      const nth = count(this.#calls, call)
      if (entry.changes.length) this.#writes.push({ call, nth, what: '' })
    }
  }

  points({ steps, explore }: Scenario, { calls: overlapping }: Overlaps): Point[] {
    const each = (counts: ReadonlyMap<string, number>, kinds: readonly string[]) =>
      [...counts].flatMap(([call, times]) =>
        Array.from({ length: Math.min(times, NTH) }, (_, i) =>
          kinds.map((what) => ({ call, nth: i + 1, what })),
        ).flat(),
      )
    const held = each(this.#calls, ['held']).filter(({ call, nth }) => overlapping.has(`${call}#${nth}`))
    // The first act is what the story begins with, an act upon a call has to wait for it; the others may come any time.
    const races = explore?.races?.flat()
    const movable = steps.flatMap((one, step) =>
      step > 0 && 'at' in one && (races?.includes(one.actor) ?? true) ? [step] : [],
    )
    const acts = movable.flatMap((step) =>
      this.#writes.filter(({ nth }) => nth <= NTH).map((write) => ({ ...write, what: `after-act-${step + 1}` })),
    )
    return [...each(this.#calls, CALL_FAULT_NAMES), ...each(this.#events, EVENT_FAULT_NAMES), ...held, ...acts]
  }
}

function count(counts: Map<string, number>, name: string): number {
  const nth = (counts.get(name) ?? 0) + 1
  counts.set(name, nth)
  return nth
}

/** What the scenario lets be tried. */
function allowed({ explore }: Scenario, points: readonly Point[]): readonly Point[] {
  const { services, kinds } = explore ?? {}
  return points.filter(
    (point) =>
      (services?.includes(point.call.slice(0, point.call.indexOf('.'))) ?? true) &&
      (kinds?.includes(columnOf(point)) ?? true),
  )
}
