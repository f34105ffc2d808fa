import type { Scenario } from './scenario.ts'
import type { Scene } from './scene.ts'

/** How a story ended. */
export interface End {
  /** Why the system failed, if it did. */
  readonly failure: string | undefined
  /** Instant up to which what is still due is waited for. */
  readonly horizon: number
}

/**
 * Follows a system that works until the scenario says that it is over.
 *
 * While only its own end is waited for, the clock stands. Otherwise, whenever nothing has been going on for `idle` ms of
 * wall time, the clock jumps: to what is due next, or over the quiet that was asked for.
 *
 * @param work resolves when the system has ended by itself
 * @param stays it is a service, whose end is that nothing more is due
 */
export async function follow(
  scene: Scene,
  scenario: Scenario,
  { work, stays, idle }: { work: Promise<string | undefined>; stays: boolean; idle: number },
): Promise<End> {
  const { universe, activity, script } = scene
  activity.moved() // it only begins
  const start = universe.clock.now()
  const horizon = start + scenario.horizon
  const { exit, quiet = exit && stays ? 0 : undefined, elapsed } = conditions(scenario.until)
  if (quiet === undefined && elapsed === undefined)
    return { failure: await Promise.race([work, script.failed]), horizon }
  const limit = elapsed === undefined ? horizon : Math.min(start + elapsed, horizon)
  let ended: { failure: string | undefined } | undefined
  const end = work.then((failure) => {
    ended = { failure }
  })
  for (;;) {
    await Promise.race([activity.still(idle), ended && !exit ? NEVER : end, script.failed])
    if (ended && (exit || ended.failure !== undefined)) return { failure: ended.failure, horizon }
    const seen = activity.count
    if (await toNextDue(scene, limit)) continue
    if (seen !== activity.count) continue
    const now = universe.clock.now()
    if (quiet !== undefined && now + quiet <= limit) {
      universe.clock.advance(quiet)
      return { failure: ended?.failure, horizon: universe.clock.now() }
    }
    universe.clock.advance(Math.max(0, limit - now))
    return { failure: ended?.failure, horizon: limit }
  }
}

/** Lets everything happen that is still to happen up to the horizon, jumping the clock from one due moment to the next. */
export async function settle(scene: Scene, horizon: number): Promise<void> {
  while (await toNextDue(scene, horizon));
}

/** Does what is due, or else jumps to what is due next. `false`: nothing more before the limit. */
async function toNextDue({ multiverse, universe, script, activity }: Scene, limit: number): Promise<boolean> {
  await new Promise((resolve) => setImmediate(resolve))
  const seen = activity.count
  const nextStep = script.runDue()
  await script.settled()
  await multiverse.outbox.settle(universe)
  if (activity.count !== seen) return true // let the software see it before time goes on
  const due = [nextStep, multiverse.outbox.next(universe)].filter((at) => at !== undefined)
  const next = due.length ? Math.min(...due) : undefined
  if (next === undefined || next > limit) return false
  universe.clock.advance(Math.max(0, next - universe.clock.now()))
  return true
}

const NEVER = new Promise<never>(() => {})

/** The earliest of each kind of condition. */
function conditions({ any }: Scenario['until']) {
  const least = (of: readonly (number | undefined)[]) => {
    const known = of.filter((one) => one !== undefined)
    return known.length ? Math.min(...known) : undefined
  }
  return {
    exit: any.some((one) => 'exit' in one),
    quiet: least(any.map((one) => ('quiet' in one ? one.quiet : undefined))),
    elapsed: least(any.map((one) => ('elapsed' in one ? one.elapsed : undefined))),
  }
}
