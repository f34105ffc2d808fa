import type { Fixture, Multiverse } from '../server/multiverse.ts'
import { Clock } from '../universe/clock.ts'
import type { FaultRule } from '../universe/faults.ts'
import type { Universe } from '../universe/universe.ts'
import { Script } from './actor/script.ts'
import type { World } from './driver/driver.ts'
import { drawVariables, type Scenario } from './scenario.ts'
import { drawWeather } from './weather.ts'

/** What runs share: the process's universes, and the scenario's fixture. */
export interface Stage {
  readonly multiverse: Multiverse
  readonly fixture: Fixture
}

/** One trajectory's universe, as it is and as it was, with its people and its weather. */
export interface Scene {
  readonly multiverse: Multiverse
  readonly universe: Universe
  /** The universe as it was before anything happened. */
  readonly origin: Universe
  readonly vars: Readonly<Record<string, unknown>>
  /** What `${…}` can refer to. */
  readonly scope: Record<string, unknown>
  readonly faults: readonly FaultRule[]
  readonly script: Script
  /** What the system is given. */
  readonly world: World
  /** Drops both universes. */
  close(): void
}

/** Draws a scenario's variables and weather from the seed and forks its world. */
export function openScene(
  { multiverse, fixture }: Stage,
  scenario: Scenario,
  seed: number,
  faults: readonly FaultRule[] = drawWeather(scenario.world.weather, seed),
): Scene {
  const vars = drawVariables(scenario.world.vars, seed)
  const at = Date.parse(scenario.world.clock)
  const universe = multiverse.create({ fixture, seed, clock: new Clock({ mode: 'frozen', at }) })
  const origin = multiverse.fork(universe)
  if (scenario.world.limits === 'enforce') universe.limits.plan = { enforce: true }
  const twins = multiverse.access(universe)
  universe.faults.set(faults)
  const scope: Record<string, unknown> = { ...vars, vars, people: peopleOf(fixture) }
  const script = new Script(multiverse, universe, scenario.steps, scope)
  const env = Object.assign({ DTU_UNIVERSE: universe.id }, ...Object.values(twins).map((twin) => twin.env))
  const world = { universe: universe.id, twins, env, vars }
  return {
    ...{ multiverse, universe, origin, vars, scope, faults, script, world },
    close() {
      script.close()
      multiverse.delete(universe.id)
      multiverse.delete(origin.id)
    },
  }
}

/** `ada.byrne@acme.test` → `ada_byrne`. */
function peopleOf({ people }: Fixture): Record<string, object> {
  return Object.fromEntries(
    people.map((person) => [
      person.email.slice(0, person.email.indexOf('@')).replaceAll(/[^a-zA-Z0-9]/g, '_'),
      { ...person, name: `${person.firstName} ${person.lastName}` },
    ]),
  )
}
