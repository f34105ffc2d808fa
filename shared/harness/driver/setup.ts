import { actNamed } from '../actor/act.ts'
import { substitute } from '../scenario.ts'
import { referencesOf, type Scene } from '../scene.ts'
import type { System } from './driver.ts'

/**
 * Does what the system's operators do before it works, such as telling Slack where to send events. It belongs to the
 * world as it was: no difference, and no entry of the ledger, comes of it.
 */
export async function setUp(scene: Scene, { setup = [] }: System): Promise<void> {
  const { multiverse, universe, origin, world } = scene
  for (const { act, with: input } of setup) {
    const { twin, run } = actNamed(multiverse, act)
    const given = substitute(input, referencesOf(world.twins, universe.id, world.vars, scene.port))
    multiverse.run(origin, twin.name, (moment) => run(moment, given as never)) // what it would deliver stays undelivered
    multiverse.moment(universe, twin.name, (moment) => run(moment, given as never))
    await multiverse.outbox.settle(universe)
  }
}
