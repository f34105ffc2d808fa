import { join } from 'node:path'
import type { Twin } from '../kernel/twin.ts'
import { BLANK, Multiverse } from './multiverse.ts'
import type { Persistence } from './persistence.ts'
import { Authority } from './pointing/authority.ts'
import { TwinServer } from './server.ts'
import { isTwinName, loadTwins, TWIN_GROUPS, TWIN_NAMES, type TwinName } from './twins.ts'

export interface UpOptions {
  /** The main port; the twins take the next six. 0: free ports. */
  readonly port?: number
  readonly host?: string
  /** Fixture of the default universe. */
  readonly fixture?: string
  readonly seed?: number
  /** Where named universes are kept across restarts. */
  readonly data?: string
  /** Hosts webhooks and the proxy may reach besides loopback and the twins'. */
  readonly allow?: readonly string[]
  readonly twins?: readonly TwinName[]
  /** Answer the control API. Default true; software that is judged must not reach it. */
  readonly control?: boolean
}

/** A running process: what `dtu up` starts. */
export interface Running {
  readonly server: TwinServer
  readonly multiverse: Multiverse
  readonly controlUrl: string
  /** The ready line. */
  readonly ready: object
  close(): Promise<void>
}

export const DEFAULT_PORT = 4600

/**
 * Starts the twins, the control API and the default universe. Throws a PortError or a FixtureError with its reason.
 *
 * Ports are open at once; a call to a twin that is still being loaded waits for that twin only. What needs all of them
 * (a fixture's people, universes on disk, the control API) waits for all.
 */
export async function up(options: UpOptions = {}): Promise<Running> {
  const { port = DEFAULT_PORT, host = '127.0.0.1', fixture = 'blank', allow = [], twins: names = TWIN_NAMES } = options
  const multiverse = new Multiverse([])
  const loader = new Loader(multiverse, names)
  const control = lazily(async () => {
    await loader.all()
    const { control } = await import('./control/control.ts')
    return control({ multiverse, server, ...(persistence ? { persistence } : {}) })
  })
  const server = new TwinServer({
    multiverse,
    host,
    allow,
    authority: new Authority(options.data === undefined ? undefined : join(options.data, 'ca')),
    loading: (twin) => loader.wait(twin),
    ...(options.control === false ? {} : { control: async (request: Request) => (await control()).fetch(request) }),
  })
  let persistence: Persistence | undefined
  try {
    const main = await server.listen(port)
    const controlUrl = `http://localhost:${main.port}`
    for (const name of names) await server.listen(port === 0 ? 0 : port + 1 + TWIN_NAMES.indexOf(name), { twin: name })
    multiverse.urlOf = (universe, twin) => {
      const own = server.listeners.find(({ binding }) => binding.twin === twin && binding.universe === universe.id)
      if (own) return `http://localhost:${own.port}`
      if (universe.id === 'default') return `http://localhost:${server.portOf(twin, universe.id)}`
      return `${controlUrl}/u/${universe.id}/${twin}`
    }
    const early = fixture === 'blank' && options.data === undefined
    const twins = early ? [] : await loader.all()
    const chosen = early ? BLANK : await (await import('../harness/fixtures.ts')).fixtureNamed(fixture, twins)
    if (options.data !== undefined) {
      persistence = await (await import('./persistence.ts')).openPersistence(options.data, multiverse)
    }
    const universe =
      multiverse.find('default') ??
      multiverse.create({
        id: 'default',
        fixture: chosen,
        allowHosts: allow,
        ...(options.seed === undefined ? {} : { seed: options.seed }),
      })
    await persistence?.keep(universe)
    loader.begin()
    await loader.inBackground()
    const { PROOF_FOLDER, prove } = await import('../contract/proof.ts')
    const proof = prove(multiverse)
    const { universeView } = await import('./control/universes.ts')
    await server.authority.exists()
    const { env, twins: access } = universeView({ multiverse, server }, universe)
    return {
      server,
      multiverse,
      controlUrl,
      ready: { control: controlUrl, universe: universe.id, twins: access, env },
      async close() {
        await server.close()
        await persistence?.close()
        proof?.save(PROOF_FOLDER as string)
      },
    }
  } catch (error) {
    await server.close()
    throw error
  }
}

/** ms between groups loaded in the background: long enough for a call that waits to be seen. */
const PAUSE = 15

/** Loads twins group by group, what somebody waits for first. */
class Loader {
  readonly #multiverse: Multiverse
  readonly #names: readonly TwinName[]
  readonly #groups = new Map<readonly TwinName[], Promise<readonly Twin[]>>()
  #open = false
  #opened: (() => void) | undefined
  readonly #ready: Promise<void>

  constructor(multiverse: Multiverse, names: readonly TwinName[]) {
    this.#multiverse = multiverse
    this.#names = names
    this.#ready = new Promise((resolve) => {
      this.#opened = resolve
    })
  }

  /** The default universe is there: calls may be answered. */
  begin(): void {
    this.#open = true
    this.#opened?.()
  }

  /** Resolves when a twin can answer; `undefined` for one that is not to be started. */
  wait(twin: string): Promise<void> | undefined {
    if (!isTwinName(twin) || !this.#names.includes(twin)) return undefined
    const group = TWIN_GROUPS.find((candidate) => candidate.includes(twin)) as readonly TwinName[]
    const loaded = this.#load(group).then(() => {})
    return this.#open ? loaded : Promise.all([loaded, this.#ready]).then(() => {})
  }

  async all(): Promise<readonly Twin[]> {
    const twins: Twin[] = []
    for (const group of TWIN_GROUPS) twins.push(...(await this.#load(group)))
    return twins
  }

  /** Loads all, letting calls that arrive go first: loading a group holds the thread until it is done. */
  async inBackground(): Promise<void> {
    for (const group of TWIN_GROUPS) {
      await new Promise((resolve) => setTimeout(resolve, PAUSE))
      await this.#load(group)
    }
  }

  #load(group: readonly TwinName[]): Promise<readonly Twin[]> {
    const known = this.#groups.get(group)
    if (known) return known
    const loaded = loadTwins(group.filter((name) => this.#names.includes(name))).then((twins) => {
      this.#multiverse.install(twins)
      return twins
    })
    this.#groups.set(group, loaded)
    return loaded
  }
}

/** A value made on first use. */
function lazily<T>(make: () => Promise<T>): () => Promise<T> {
  let made: Promise<T> | undefined
  return () => {
    made ??= make()
    return made
  }
}
