import { join } from 'node:path'
import { PROOF_FOLDER, prove } from '../contract/proof.ts'
import { fixtureNamed } from '../harness/fixtures.ts'
import { control } from './control/control.ts'
import { universeView } from './control/universes.ts'
import { Multiverse } from './multiverse.ts'
import { openPersistence, type Persistence } from './persistence.ts'
import { Authority } from './pointing/authority.ts'
import { TwinServer } from './server.ts'
import { loadTwins, TWIN_NAMES, type TwinName } from './twins.ts'

export interface UpOptions {
  /** The main port; the twins take the next six. 0: free ports. */
  readonly port?: number
  readonly host?: string
  /** Fixture of the default universe. */
  readonly fixture?: string
  readonly seed?: number
  /** Where named universes are kept across restarts. */
  readonly data?: string
  /** Hosts webhooks may reach besides loopback. */
  readonly allow?: readonly string[]
  readonly twins?: readonly TwinName[]
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

/** Starts the twins, the control API and the default universe. Throws a PortError or a FixtureError with its reason. */
export async function up(options: UpOptions = {}): Promise<Running> {
  const { port = DEFAULT_PORT, host = '127.0.0.1', fixture = 'blank', allow = [], twins: names = TWIN_NAMES } = options
  const twins = await loadTwins(names)
  const multiverse = new Multiverse(twins)
  const proof = prove(multiverse)
  let answer: (request: Request) => Response | Promise<Response> = () => new Response(null, { status: 503 })
  const authority = new Authority(options.data === undefined ? undefined : join(options.data, 'ca'))
  const server = new TwinServer({ multiverse, host, allow, authority, control: (request) => answer(request) })
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
    if (options.data !== undefined) persistence = await openPersistence(options.data, multiverse)
    const chosen = await fixtureNamed(fixture, twins)
    const known = multiverse.find('default')
    const universe =
      known ??
      multiverse.create({
        id: 'default',
        fixture: chosen,
        allowHosts: allow,
        ...(options.seed === undefined ? {} : { seed: options.seed }),
      })
    await persistence?.keep(universe)
    const app = control({ multiverse, server, ...(persistence ? { persistence } : {}) })
    answer = (request) => app.fetch(request)
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
