import type { Fault, FaultRule } from '../universe/faults.ts'
import { Random } from '../universe/random.ts'
import type { System } from './driver/driver.ts'
import { operationName } from './facts.ts'
import type { Scenario } from './scenario.ts'
import type { Stage } from './scene.ts'
import { shrink } from './shrink.ts'
import { runTrajectory, type Trajectory } from './trajectory.ts'
import { faultAt } from './weather.ts'

/** What is tried on every call, in the order of the matrix's columns. */
export const FAULT_NAMES = ['500', '429', 'lost-reply', 'dropped'] as const
export type FaultName = (typeof FAULT_NAMES)[number]

/** A 429 asks for no wait: the wait itself is not what is tested. */
const FAULTS: Readonly<Record<FaultName, Fault>> = {
  '500': { kind: 'status', status: 500 },
  '429': { kind: 'status', status: 429, retryAfter: 0 },
  'lost-reply': { kind: 'lost-reply' },
  dropped: { kind: 'dropped' },
}

/** One fault at one call, written `jira.createIssue#1:lost-reply`. */
export interface FaultPoint {
  readonly call: string
  readonly nth: number
  readonly fault: FaultName
}

export const pointText = ({ call, nth, fault }: FaultPoint) => `${call}#${nth}:${fault}`

/** Reads what {@link pointText} writes; `undefined` for anything else. */
export function pointFrom(text: string): FaultPoint | undefined {
  const [, call, nth, fault] = /^([a-z]+\..+)#([1-9]\d*):(.+)$/.exec(text) ?? []
  const known = FAULT_NAMES.find((name) => name === fault)
  return call && known ? { call, nth: Number(nth), fault: known } : undefined
}

export const ruleOf = ({ call, nth, fault }: FaultPoint): FaultRule => faultAt(call, nth, FAULTS[fault])

export interface Exploration {
  /** The run without faults, from which the points were read. */
  readonly clean: Trajectory
  readonly points: readonly { readonly point: FaultPoint; readonly trajectory: Trajectory }[]
  /** The smallest failing plan of several faults that shrinking found, when no fault alone fails in it. */
  readonly smallest: { readonly plan: readonly FaultPoint[]; readonly trajectory: Trajectory } | undefined
}

const NTH = 3
/** Plans of several faults that are tried. */
const SWARMS = 8

/** Reads the calls of a passing run, then runs it again from the same seed with a fault at each, and with several. */
export async function explore(stage: Stage, scenario: Scenario, system: System, seed: number): Promise<Exploration> {
  const counts = new Map<string, number>()
  const clean = await runTrajectory(stage, scenario, system, seed, {
    faults: [],
    onFacts: (_facts, entries) => {
      for (const entry of entries) {
        if (entry.kind !== 'call') continue
        const call = operationName(entry)
        counts.set(call, (counts.get(call) ?? 0) + 1)
      }
    },
  })
  if (clean.outcome !== 'satisfied') return { clean, points: [], smallest: undefined }
  const attempt = (plan: readonly FaultPoint[]) =>
    runTrajectory(stage, scenario, system, seed, { faults: plan.map(ruleOf) })
  const points: { point: FaultPoint; trajectory: Trajectory }[] = []
  for (const [call, times] of counts) {
    for (let nth = 1; nth <= Math.min(times, NTH); nth++) {
      for (const fault of FAULT_NAMES) {
        const point = { call, nth, fault }
        points.push({ point, trajectory: await attempt([point]) })
      }
    }
  }
  const handled = points.filter(({ trajectory }) => trajectory.outcome === 'satisfied').map(({ point }) => point)
  return { clean, points, smallest: await swarm(handled, attempt, seed) }
}

/** Several faults at once, each harmless alone: what fails then is shrunk. */
async function swarm(
  points: readonly FaultPoint[],
  attempt: (plan: readonly FaultPoint[]) => Promise<Trajectory>,
  seed: number,
): Promise<Exploration['smallest']> {
  const random = new Random(seed)
  const fails = async (plan: readonly FaultPoint[]) => (await attempt(plan)).outcome === 'unsatisfied'
  for (let round = 0; round < SWARMS; round++) {
    const drawn = points.filter(() => random.integer(4) === 0)
    if (drawn.length < 2 || !(await fails(drawn))) continue
    const plan = await shrink(drawn, fails)
    return { plan, trajectory: await attempt(plan) }
  }
  return undefined
}
