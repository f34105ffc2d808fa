import { proxyEnvironment } from '../../server/pointing/environment.ts'
import type { TwinServer } from '../../server/server.ts'
import type { Universe } from '../../universe/universe.ts'

/** A proxy of one universe: the services' real hosts lead to its twins, all others are refused and stand in its ledger. */
export interface ProxyDoor {
  readonly env: Readonly<Record<string, string>>
  close(): Promise<void>
}

export type OpenProxy = (universe: Universe) => Promise<ProxyDoor>

/** Opens proxies on ports of a server. */
export const proxiesOf =
  (server: TwinServer): OpenProxy =>
  async ({ id }) => {
    const port = await server.ownPort(id)
    const { set } = proxyEnvironment({ universe: id, port, authority: await server.authority.ready() })
    return {
      env: set,
      async close() {
        const own = server.listeners.filter(({ binding }) => binding.universe === id)
        await Promise.all(own.map((listener) => listener.close()))
      },
    }
  }
