import { DROPPED } from '../kernel/faults.ts'
import { control } from '../server/control/control.ts'
import { Multiverse } from '../server/multiverse.ts'
import { refusalBody } from '../server/pointing/door.ts'
import { twinOfHost } from '../server/pointing/hosts.ts'
import { FetchRequest } from '../server/served.ts'
import { TwinServer } from '../server/server.ts'
import { loadTwins } from '../server/twins.ts'
import type { Line } from './line.ts'

/** The twins in this process: one engine for all of its universes, so that a fixture is seeded once. */
class Engine implements Line {
  readonly #multiverse: Multiverse
  readonly #server: TwinServer
  readonly #control: ReturnType<typeof control>
  #main: Promise<unknown> | undefined

  constructor(multiverse: Multiverse) {
    this.#multiverse = multiverse
    this.#server = new TwinServer({ multiverse, control: (request) => this.#control.fetch(request) })
    this.#control = control({ multiverse, server: this.#server })
    multiverse.urlOf = (universe, twin) => {
      const own = this.#server.listeners.find(
        ({ binding }) => binding.universe === universe.id && binding.twin === twin,
      )
      if (own) return `http://localhost:${own.port}`
      const main = this.#server.listeners.find(({ binding }) => !binding.universe && !binding.twin)
      return `http://localhost${main ? `:${main.port}` : ''}/u/${universe.id}/${twin}`
    }
  }

  /** Opens the main port, once. The process does not stay alive for it. */
  async open(): Promise<void> {
    this.#main ??= this.#server.listen(0).then(({ server }) => server.unref())
    await this.#main
  }

  async control(method: string, path: string, body?: object): Promise<Response> {
    const request = new Request(`http://localhost${path}`, { method, ...(body && { body: JSON.stringify(body) }) })
    return this.#control.fetch(request)
  }

  async fetch(id: string, request: Request): Promise<Response> {
    const universe = this.#multiverse.get(id)
    const url = new URL(request.url)
    let twin: string | undefined = twinOfHost(url.hostname, url.pathname)
    let base = url.origin
    let path = url.pathname
    if (twin === undefined) {
      const place = /^\/u\/([^/]+)\/([^/]+)/.exec(url.pathname)
      if (place?.[1] !== id) {
        this.#server.refused(url.hostname, id, request.method)
        const headers = { 'content-type': 'application/json', 'x-dtu-blocked': url.hostname }
        return new Response(refusalBody(url.hostname), { status: 403, headers })
      }
      const [prefix] = place
      twin = place[2] as string
      base += prefix
      path = path.slice(prefix.length) || '/'
    }
    const served = new FetchRequest(request, base, path, url.search.slice(1))
    const response = await this.#multiverse.serve(twin, { universe, request: served })
    if (response.status === DROPPED) throw new TypeError('fetch failed', { cause: new Error('The connection dropped') })
    return response
  }
}

let engine: Promise<Engine> | undefined

/** The line to the twins in this process; with `sockets`, they listen on a free port too. */
export async function inProcess(sockets: boolean): Promise<Line> {
  engine ??= loadTwins().then((twins) => new Engine(new Multiverse(twins)))
  const ready = await engine
  if (sockets) await ready.open()
  return ready
}
