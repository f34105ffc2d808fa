import { createServer, type IncomingMessage, type Server } from 'node:http'
import type { AddressInfo, Socket } from 'node:net'
import { getRequestListener, type HttpBindings } from '@hono/node-server'
import { RESPONSE_ALREADY_SENT } from '@hono/node-server/utils/response'
import { DROPPED } from '../kernel/app.ts'
import type { Universe } from '../universe/universe.ts'
import type { Multiverse } from './multiverse.ts'
import { NodeRequest } from './served.ts'
import { attachSockets } from './sockets.ts'

/** What a port serves: everything, or one twin at the root; in any universe, or one. */
export interface Binding {
  readonly twin?: string
  readonly universe?: string
}

export interface Listener {
  readonly port: number
  readonly binding: Binding
  close(): Promise<void>
}

/** Where a request goes. */
export type Target =
  | { readonly twin: string; readonly universe: Universe; readonly request: NodeRequest }
  | { readonly control: true; readonly universe: Universe | undefined }
  | { readonly unknown: string }

/** A port that could not be opened, in words for a person. */
export class PortError extends Error {}

export interface ServerOptions {
  readonly multiverse: Multiverse
  readonly host?: string
  /** Answers what is not a twin: control API and inspector. */
  readonly control?: (request: Request) => Response | Promise<Response>
}

/** The listeners of one process. Every port speaks HTTP and WebSocket and serves according to its binding. */
export class TwinServer {
  readonly multiverse: Multiverse
  readonly host: string
  readonly #control: ServerOptions['control']
  readonly #listeners: Listener[] = []

  constructor({ multiverse, host = '127.0.0.1', control }: ServerOptions) {
    this.multiverse = multiverse
    this.host = host
    this.#control = control
  }

  get listeners(): readonly Listener[] {
    return this.#listeners
  }

  /** Opens a port; 0 takes a free one. */
  async listen(port: number, binding: Binding = {}): Promise<Listener> {
    const server = createServer(this.#listener(binding))
    server.keepAliveTimeout = 60_000
    attachSockets(server, this.multiverse, (message) => this.resolve(message, binding))
    const sockets = new Set<Socket>()
    server.on('connection', (socket) => {
      sockets.add(socket)
      socket.once('close', () => sockets.delete(socket))
    })
    await opened(server, port, this.host)
    const listener: Listener = {
      port: (server.address() as AddressInfo).port,
      binding,
      close: () =>
        new Promise((resolve) => {
          server.close(() => resolve())
          for (const socket of sockets) socket.destroy()
          const position = this.#listeners.indexOf(listener)
          if (position >= 0) this.#listeners.splice(position, 1)
        }),
    }
    this.#listeners.push(listener)
    return listener
  }

  async close(): Promise<void> {
    this.multiverse.outbox.close()
    await Promise.all([...this.#listeners].map((listener) => listener.close()))
  }

  /** Port of a twin's own listener for a universe; any universe's when none is its own. */
  portOf(twin: string, universe: string): number | undefined {
    const own = this.#listeners.find(({ binding }) => binding.twin === twin && binding.universe === universe)
    const any = this.#listeners.find(({ binding }) => binding.twin === twin && binding.universe === undefined)
    return (own ?? any)?.port
  }

  /** Which twin of which universe a request means, from port, path, header and credential, in this order. */
  resolve(message: IncomingMessage, binding: Binding): Target {
    const url = message.url ?? '/'
    const question = url.indexOf('?')
    const fullPath = question < 0 ? url : url.slice(0, question)
    const search = question < 0 ? '' : url.slice(question + 1)
    const scheme = 'encrypted' in message.socket ? 'https' : 'http'
    let base = `${scheme}://${message.headers.host ?? `localhost:${message.socket.localPort}`}`
    let path = fullPath
    let { twin, universe: universeId } = binding
    if (twin === undefined) {
      const place = /^\/(?:u\/([^/]+)\/)?([^/]+)/.exec(fullPath)
      const named = place?.[2] as string | undefined
      if (named === undefined || !this.multiverse.apps.has(named)) {
        return place?.[1] === undefined || named === undefined ? this.#controlTarget() : { unknown: `No twin ${named}` }
      }
      twin = named
      universeId ??= place?.[1]
      const prefix = place?.[0] as string
      base += prefix
      path = fullPath.slice(prefix.length) || '/'
    }
    const request = new NodeRequest(message, base, path, search)
    universeId ??= request.header('x-dtu-universe')
    let universe = universeId === undefined ? undefined : this.multiverse.find(universeId)
    if (universeId !== undefined && !universe) return { unknown: `No universe ${universeId}` }
    if (!universe && this.multiverse.size > 1) {
      const credential = this.multiverse.app(twin).twin.dialect.credential(request)
      universe = credential === undefined ? undefined : this.multiverse.byCredential(credential)
    }
    universe ??= this.multiverse.find('default')
    return universe ? { twin, universe, request } : { unknown: 'No universe default' }
  }

  #controlTarget(): Target {
    return { control: true, universe: undefined }
  }

  #listener(binding: Binding) {
    return getRequestListener(
      (request, env) => {
        const { incoming, outgoing } = env as HttpBindings
        const target = this.resolve(incoming as IncomingMessage, binding)
        if ('unknown' in target) {
          return Response.json({ error: 'unknown_universe', message: target.unknown }, { status: 404 })
        }
        if ('control' in target) {
          return this.#control ? this.#control(request) : Response.json({ error: 'not_found' }, { status: 404 })
        }
        const response = this.multiverse.serve(target.twin, target)
        const send = (ready: Response) => {
          if (ready.status !== DROPPED) return ready
          outgoing.destroy()
          return RESPONSE_ALREADY_SENT
        }
        return response instanceof Promise ? response.then(send) : send(response)
      },
      {
        errorHandler: (error) => {
          // Reached only by a bug of the kernel itself: a twin's own bugs become that service's 500.
          process.stderr.write(`${error instanceof Error ? error.stack : String(error)}\n`)
          return new Response(null, { status: 500 })
        },
      },
    )
  }
}

function opened(server: Server, port: number, host: string): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => {
      const taken = error.code === 'EADDRINUSE'
      const denied = error.code === 'EACCES'
      reject(
        taken || denied
          ? new PortError(
              `Port ${port} on ${host} ${taken ? 'is taken' : 'may not be opened'}; choose another by --port`,
            )
          : error,
      )
    })
    server.listen(port, host, () => resolve())
  })
}
