import { PROOF_FOLDER, prove } from '../contract/proof.ts'
import { fixtureNamed } from '../harness/fixtures.ts'
import type { Access } from '../kernel/twin.ts'
import { type Fixture, Multiverse } from '../server/multiverse.ts'
import { TwinServer } from '../server/server.ts'
import { loadTwins, TWIN_NAMES, type TwinName } from '../server/twins.ts'
import type { Clock } from '../universe/clock.ts'
import type { Universe } from '../universe/universe.ts'

export interface WorldOptions {
  /** Only these twins: faster. Default: all. */
  readonly twins?: readonly TwinName[]
  /** A fixture, or the name of one in `fixtures/`. Default `blank`. */
  readonly fixture?: string | Fixture
  readonly clock?: Clock
  readonly seed?: number
}

/** A universe behind real sockets, for wire tests. */
export interface World {
  readonly universe: Universe
  readonly multiverse: Multiverse
  readonly server: TwinServer
  /** Per twin: url (its own port), token, authorization, env and what else the service needs. */
  readonly access: Record<TwinName, Access>
  /** A call with the twin's default credential. `path` is below the twin's root. */
  fetch(twin: TwinName, path: string, init?: RequestInit): Promise<Response>
  close(): Promise<void>
}

/**
 * Opens a universe on free ports.
 *
 * @example
 * const world = await openWorld({ twins: ['okta'] })
 * const reply = await world.fetch('okta', '/api/v1/users/me')
 * await world.close()
 */
export async function openWorld(options: WorldOptions = {}): Promise<World> {
  const names = options.twins ?? TWIN_NAMES
  const twins = await loadTwins(names)
  const multiverse = new Multiverse(twins)
  const proof = prove(multiverse)
  const server = new TwinServer({ multiverse })
  for (const name of names) await server.listen(0, { twin: name })
  multiverse.urlOf = (universe, twin) => `http://localhost:${server.portOf(twin, universe.id)}`
  const fixture = typeof options.fixture === 'string' ? await fixtureNamed(options.fixture, twins) : options.fixture
  const universe = multiverse.create({
    id: 'default',
    ...(fixture ? { fixture } : {}),
    ...(options.clock ? { clock: options.clock } : {}),
    ...(options.seed === undefined ? {} : { seed: options.seed }),
  })
  const access = multiverse.access(universe) as Record<TwinName, Access>
  return {
    universe,
    multiverse,
    server,
    access,
    fetch: (twin, path, init = {}) => {
      const headers = new Headers(init.headers)
      if (!headers.has('authorization')) headers.set('authorization', access[twin].authorization)
      return fetch(access[twin].url + path, { ...init, headers })
    },
    async close() {
      await server.close()
      proof?.save(PROOF_FOLDER as string)
    },
  }
}
