import type { Fixture, Multiverse } from '../server/multiverse.ts'
import { Clock } from '../universe/clock.ts'
import type { FaultRule } from '../universe/faults.ts'
import type { Universe } from '../universe/universe.ts'
import { Activity } from './activity.ts'
import type { Troupe } from './actor/ask.ts'
import { companyOf } from './actor/company.ts'
import type { Persona } from './actor/persona.ts'
import { Script } from './actor/script.ts'
import { lives, type System, type World } from './driver/driver.ts'
import type { OpenProxy, ProxyDoor } from './driver/proxy.ts'
import { freePort } from './driver/ready.ts'
import { ANTHROPIC, type Gateway, openGateway } from './gateway.ts'
import { Meter } from './meter.ts'
import { drawVariables, type Scenario, ScenarioError, substitute } from './scenario.ts'
import { drawWeather } from './weather.ts'

/** What runs share: the process's universes, and the scenario's fixture. */
export interface Stage {
  readonly multiverse: Multiverse
  readonly fixture: Fixture
  /** Who plays personas; without it a scenario with personas is refused. */
  readonly troupe?: Troupe | undefined
  /** For systems that ask for a proxy. */
  readonly openProxy?: OpenProxy | undefined
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
  readonly activity: Activity
  /** People whom a model plays. */
  readonly personas: readonly Persona[]
  /** What models cost in this run. */
  readonly meter: Meter
  /** What the system is given. */
  readonly world: World
  /** Where a system that is a process of its own can be reached in this run; 0 for a function. */
  readonly port: number
  /** Drops both universes. */
  close(): Promise<void>
}

export interface SceneOptions {
  /** Faults in the place of the scenario's weather. */
  readonly faults?: readonly FaultRule[]
  /** Told of all that models cost. */
  readonly meter?: Meter
}

/** Draws a scenario's variables and weather from the seed and forks its world. */
export async function openScene(
  { multiverse, fixture, troupe, openProxy }: Stage,
  scenario: Scenario,
  system: System,
  seed: number,
  { faults = drawWeather(scenario, seed), meter: all }: SceneOptions = {},
): Promise<Scene> {
  const port = lives(system) ? await freePort() : 0
  const vars = drawVariables(scenario.world.vars, seed)
  const at = Date.parse(scenario.world.clock)
  const universe = multiverse.create({ fixture, seed, clock: new Clock({ mode: 'frozen', at }) })
  const origin = multiverse.fork(universe)
  if (scenario.world.limits === 'enforce') universe.limits.plan = { enforce: true }
  universe.faults.set(faults)
  const scope: Record<string, unknown> = { ...vars, vars, people: peopleOf(fixture) }
  const activity = new Activity(universe)
  const meter = new Meter(all)
  let script: Script | undefined
  let gateway: Gateway | undefined
  let proxy: ProxyDoor | undefined
  const close = async () => {
    await proxy?.close()
    await gateway?.close()
    script?.close()
    activity.close()
    multiverse.delete(universe.id)
    multiverse.delete(origin.id)
  }
  try {
    const company = companyOf(scenario, { multiverse, universe, activity }, scope, { troupe, meter })
    script = new Script(multiverse, universe, scenario.steps, scope, company)
    let world = worldOf(system, multiverse, universe, vars, port)
    if (system.proxy) {
      if (!openProxy) throw new ScenarioError([`${system.name} asks for a proxy, and there is no server`])
      proxy = await openProxy(universe)
      world = { ...world, env: { ...proxy.env, ...world.env } }
    }
    if (system.gateway) {
      gateway = await openGateway({ upstream: upstreamOf(world), meter, activity })
      world = { ...world, env: { ...world.env, ANTHROPIC_BASE_URL: gateway.url } }
    }
    const personas = [...company.personas.values()]
    return { multiverse, universe, origin, vars, scope, faults, script, activity, personas, meter, world, port, close }
  } catch (error) {
    await close()
    throw error
  }
}

/** Where the system's requests to models would go. */
const upstreamOf = ({ env }: World): string => env.ANTHROPIC_BASE_URL || process.env.ANTHROPIC_BASE_URL || ANTHROPIC

/** Addresses and credentials, and the environment with its references resolved. */
function worldOf(system: System, multiverse: Multiverse, universe: Universe, vars: World['vars'], port: number): World {
  const own = multiverse.access(universe)
  // A service that tells worlds apart by itself has one address for all of them.
  const shared = 'http' in system && system.http.reuse !== 'never'
  const twins = shared ? (JSON.parse(JSON.stringify(own).replaceAll(`/u/${universe.id}/`, '/')) as typeof own) : own
  const env: Record<string, string> = system.env
    ? substitute({ ...system.env }, referencesOf(twins, universe.id, vars, port))
    : Object.assign({}, ...Object.values(twins).map((twin) => twin.env))
  return { universe: universe.id, twins, env: { DTU_UNIVERSE: universe.id, ...env }, vars }
}

/** What a system file can refer to. */
export const referencesOf = (twins: World['twins'], universe: string, vars: World['vars'], port: number) => ({
  ...twins,
  universe,
  vars,
  port: String(port),
  url: `http://127.0.0.1:${port}`,
  env: process.env,
})

/** `ada.byrne@acme.test` → `ada_byrne`. */
function peopleOf({ people }: Fixture): Record<string, object> {
  return Object.fromEntries(
    people.map((person) => [
      person.email.slice(0, person.email.indexOf('@')).replaceAll(/[^a-zA-Z0-9]/g, '_'),
      { ...person, name: `${person.firstName} ${person.lastName}` },
    ]),
  )
}
