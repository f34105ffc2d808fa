import type { Multiverse } from '../server/multiverse.ts'
import type { Universe } from '../universe/universe.ts'
import type { Script } from './actor/script.ts'

/**
 * Lets everything happen that is still to happen, jumping the clock from one due moment to the next.
 *
 * @param horizon instant beyond which nothing is waited for
 */
export async function settle(
  multiverse: Multiverse,
  universe: Universe,
  script: Script,
  horizon: number,
): Promise<void> {
  for (;;) {
    await new Promise((resolve) => setImmediate(resolve))
    const nextStep = script.runDue()
    await multiverse.outbox.settle(universe)
    const due = [nextStep, multiverse.outbox.next(universe)].filter((at) => at !== undefined)
    const next = due.length ? Math.min(...due) : undefined
    if (next === undefined || next > horizon) return
    universe.clock.advance(Math.max(0, next - universe.clock.now()))
  }
}
