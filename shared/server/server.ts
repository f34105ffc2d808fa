import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo, Server, Socket } from 'node:net'
import { getRequestListener, type HttpBindings } from '@hono/node-server'
import { RESPONSE_ALREADY_SENT } from '@hono/node-server/utils/response'
import { DROPPED } from '../kernel/faults.ts'
import type { Universe } from '../universe/universe.ts'
import type { Multiverse } from './multiverse.ts'
import { Authority } from './pointing/authority.ts'
import { type Doorkeeper, door, passageOf, proxyUser, refusalBody, splitHost } from './pointing/door.ts'
import { answering, isServedHost, twinOfHost } from './pointing/hosts.ts'
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
  readonly server: Server
  close(): Promise<void>
}

/** Where a request goes. */
export type Target =
  | { readonly twin: string; readonly universe: Universe; readonly request: NodeRequest; readonly undecided: boolean }
  | { readonly control: true; readonly universe: Universe | undefined }
  | { readonly unknown: string }
  | { readonly blocked: string }
  /** The twin is not loaded yet. */
  | { readonly wait: Promise<void> }

/** Google's clients ask `GCE_METADATA_HOST` at its root, where no path can name a twin. */
const METADATA_TWIN = 'drive'
const CONTROL: Target = { control: true, universe: undefined }

/** Largest body read to look for a credential. The operation's own limit is applied to its size afterwards. */
const BODY_SEARCHED = 1024 * 1024 * 1024

/** A port that could not be opened, in words for a person. */
export class PortError extends Error {}

export interface ServerOptions {
  readonly multiverse: Multiverse
  readonly host?: string
  /** Twins still to be loaded: resolves when the named one can answer. */
  readonly loading?: (twin: string) => Promise<void> | undefined
  /** Answers what is not a twin: control API and inspector. */
  readonly control?: (request: Request) => Response | Promise<Response>
  /** Signs the certificates of TLS connections. */
  readonly authority?: Authority
  /** Hosts besides the twins' that the proxy lets through. */
  readonly allow?: readonly string[]
}

/** The listeners of one process. Every port speaks HTTP, TLS, WebSocket and proxy, and serves according to its binding. */
export class TwinServer {
  readonly multiverse: Multiverse
  readonly host: string
  readonly authority: Authority
  readonly #keeper: Omit<Doorkeeper, 'universe'>
  readonly #control: ServerOptions['control']
  readonly #loading: NonNullable<ServerOptions['loading']>
  readonly #listeners: Listener[] = []

  constructor(options: ServerOptions) {
    const { multiverse, host = '127.0.0.1', control, authority = new Authority(), allow = [] } = options
    this.multiverse = multiverse
    this.host = host
    this.authority = authority
    this.#control = control
    this.#loading = options.loading ?? (() => undefined)
    this.#keeper = {
      authority,
      allow,
      refused: (name, universe) => this.refused(name, universe, 'CONNECT'),
      ours: (port) => this.#listeners.find((listener) => listener.port === port)?.server,
    }
  }

  get listeners(): readonly Listener[] {
    return this.#listeners
  }

  /** Opens a port; 0 takes a free one. */
  async listen(port: number, binding: Binding = {}): Promise<Listener> {
    const http = createServer(this.#listener(binding))
    http.keepAliveTimeout = 60_000
    attachSockets(http, this.multiverse, (message) => this.resolve(message, binding))
    const server = door(
      http,
      binding.universe === undefined ? this.#keeper : { ...this.#keeper, universe: binding.universe },
    )
    const sockets = new Set<Socket>()
    server.on('connection', (socket) => {
      sockets.add(socket)
      socket.once('close', () => sockets.delete(socket))
    })
    await opened(server, port, this.host)
    const listener: Listener = {
      port: (server.address() as AddressInfo).port,
      binding,
      server,
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

  /** A port of a universe's own: everything on it, proxy included, is this universe's. Opened on first use. */
  async ownPort(universe: string): Promise<number> {
    const own = ({ binding }: Listener) => binding.twin === undefined && binding.universe === universe
    return (this.#listeners.find(own) ?? (await this.listen(0, { universe }))).port
  }

  /** Port of a twin's own listener for a universe; any universe's when none is its own. */
  portOf(twin: string, universe: string): number | undefined {
    const own = this.#listeners.find(({ binding }) => binding.twin === twin && binding.universe === universe)
    const any = this.#listeners.find(({ binding }) => binding.twin === twin && binding.universe === undefined)
    return (own ?? any)?.port
  }

  /**
   * Which twin of which universe a request means. The twin comes from the port, the real host it was sent to through the
   * proxy, or the path; the universe from port, path, proxy user, header or credential, in this order.
   */
  resolve(message: IncomingMessage, binding: Binding): Target {
    const { socket, headers } = message
    const passage = passageOf(socket)
    const absolute = message.url?.startsWith('http://') ? new URL(message.url) : undefined
    const url = absolute ? absolute.pathname + absolute.search : (message.url ?? '/')
    const question = url.indexOf('?')
    const fullPath = question < 0 ? url : url.slice(0, question)
    const search = question < 0 ? '' : url.slice(question + 1)
    const authority = absolute?.host ?? headers.host ?? `localhost:${socket.localPort}`
    let base = `${'encrypted' in socket ? 'https' : 'http'}://${authority}`
    let path = fullPath
    let { twin, universe: universeId } = binding
    const [host] = splitHost(authority)
    if (isServedHost(host)) {
      twin = twinOfHost(host, fullPath)
    } else if (absolute && !this.#isOurs(absolute)) return { blocked: host }
    if (twin === undefined) {
      const place = /^\/(?:u\/([^/]+)\/)?([^/]+)/.exec(fullPath)
      const named = place?.[2]
      if (named !== undefined && (this.multiverse.apps.has(named) || this.#loading(named))) {
        twin = named
        universeId ??= place?.[1]
        const prefix = place?.[0] as string
        base += prefix
        path = fullPath.slice(prefix.length) || '/'
      } else if (headers['metadata-flavor'] === 'Google') twin = METADATA_TWIN
      else {
        return place?.[1] === undefined || named === undefined ? CONTROL : { unknown: `No twin ${named}` }
      }
    }
    const answerer = answering(twin, path)
    if (answerer !== twin && this.multiverse.apps.has(answerer)) twin = answerer
    if (!this.multiverse.apps.has(twin)) {
      const wait = this.#loading(twin)
      return wait ? { wait } : { unknown: `The twin ${twin} is not running` }
    }
    const request = new NodeRequest(message, base, path, search)
    universeId ??= passage?.universe ?? (absolute && proxyUser(message)) ?? request.header('x-dtu-universe')
    let universe = universeId === undefined ? undefined : this.multiverse.find(universeId)
    if (universeId !== undefined && !universe) return { unknown: `No universe ${universeId}` }
    if (!universe && this.multiverse.size > 1) universe = this.#universeOfCredential(twin, request)
    const undecided = !universe && request.hasBody && this.multiverse.size > 1
    universe ??= this.multiverse.find('default')
    return universe ? { twin, universe, request, undecided } : { unknown: 'No universe default' }
  }

  #universeOfCredential(twin: string, request: NodeRequest): Universe | undefined {
    const credential = this.multiverse.app(twin).twin.dialect.credential(request)
    return credential === undefined ? undefined : this.multiverse.byCredential(credential)
  }

  /** The credential may stand in the body (a form's token, a signed assertion): reads it, then looks again. */
  async #decide(target: Extract<Target, { twin: string }>): Promise<Response> {
    const { twin, request } = target
    await request.read(BODY_SEARCHED)
    const universe = this.#universeOfCredential(twin, request) ?? target.universe
    return this.multiverse.serve(twin, { universe, request })
  }

  #isOurs(url: URL): boolean {
    return this.#listeners.some(({ port }) => String(port) === url.port)
  }

  /** Records that a host that is no twin's was asked for: it shows in the ledger of the universe that asked. */
  refused(host: string, universeId: string | undefined, method: string): void {
    const universe = this.multiverse.find(universeId ?? 'default')
    universe?.ledger.append({
      at: universe.clock.now(),
      kind: 'call',
      twin: 'proxy',
      operation: 'blocked',
      method,
      path: host,
      request: undefined,
      status: 403,
      response: undefined,
      caller: undefined,
      changes: [],
      events: [],
      unmodelled: [],
      throttled: false,
      fault: undefined,
      crash: undefined,
      random: universe.random.state,
    })
  }

  #listener(binding: Binding) {
    const answer = (
      request: Request,
      incoming: IncomingMessage,
      outgoing: ServerResponse,
    ): Response | Promise<Response> => {
      const target = this.resolve(incoming, binding)
      if ('wait' in target) return target.wait.then(() => answer(request, incoming, outgoing))
      if ('blocked' in target) {
        this.refused(target.blocked, binding.universe ?? proxyUser(incoming), incoming.method as string)
        const headers = { 'content-type': 'application/json', 'x-dtu-blocked': target.blocked }
        return new Response(refusalBody(target.blocked), { status: 403, headers })
      }
      if ('unknown' in target) {
        return Response.json({ error: 'unknown_universe', message: target.unknown }, { status: 404 })
      }
      if ('control' in target) {
        return this.#control ? this.#control(request) : Response.json({ error: 'not_found' }, { status: 404 })
      }
      const response = target.undecided ? this.#decide(target) : this.multiverse.serve(target.twin, target)
      const send = (ready: Response) => {
        if (ready.status !== DROPPED) return ready
        outgoing.destroy()
        return RESPONSE_ALREADY_SENT
      }
      return response instanceof Promise ? response.then(send) : send(response)
    }
    return getRequestListener(
      (request, env) => {
        const { incoming, outgoing } = env as HttpBindings
        return answer(request, incoming as IncomingMessage, outgoing as ServerResponse)
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
