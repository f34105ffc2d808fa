import type { Server as HttpServer, IncomingMessage } from 'node:http'
import { connect, createServer, type Server as NetServer, type Socket } from 'node:net'
import { TLSSocket } from 'node:tls'
import type { Authority } from './authority.ts'
import { isLoopback, isServedHost } from './hosts.ts'

/** How a connection reached us, when it came through the proxy. */
export interface Passage {
  /** Host and port the client believes it speaks to; absent when it only chose a universe. */
  readonly host?: string
  readonly port?: number
  /** Universe named by the proxy user. */
  readonly universe?: string
}

const passages = new WeakMap<object, Passage>()

/** How the connection of a request reached us. */
export const passageOf = (socket: object): Passage | undefined => passages.get(socket)

export interface Doorkeeper {
  readonly authority: Authority
  /** Hosts besides the twins' that the proxy may connect through to. */
  readonly allow: readonly string[]
  /** The universe of everything that comes through this port, when it is one's own. */
  readonly universe?: string
  /** Told of every host that was refused. */
  refused(host: string, universe: string | undefined): void
  /** Whether a port is one of this process's own. */
  ours(port: number): NetServer | undefined
}

const TLS_HANDSHAKE = 0x16

/**
 * Puts a port in front of an HTTP server that speaks HTTP, TLS and proxy alike. The first byte of a connection tells
 * HTTP from TLS; a CONNECT is answered and its inside treated as a new connection, so every protocol is understood in
 * every place. A plain HTTP request pays for one look at one byte per connection.
 */
export function door(http: HttpServer, keeper: Doorkeeper): NetServer {
  const enter = (socket: Socket): void => {
    socket.once('readable', () => {
      const first = socket.read(1) as Buffer | null
      if (!first) return void socket.destroy()
      socket.unshift(first)
      if (first[0] === TLS_HANDSHAKE) secure(socket)
      else http.emit('connection', socket)
    })
  }

  const secure = (socket: Socket): void => {
    const passage = passages.get(socket)
    const issue = (host: string, done: (error: Error | null, context?: never) => void) =>
      keeper.authority.contextFor(host).then(
        (context) => done(null, context as never),
        (error: Error) => done(error),
      )
    const fallback = passage?.host ?? 'localhost'
    keeper.authority.contextFor(isServedHost(fallback) || isLoopback(fallback) ? fallback : 'localhost').then(
      (secureContext) => {
        const inside = new TLSSocket(socket, {
          isServer: true,
          secureContext,
          ALPNProtocols: ['http/1.1'],
          SNICallback: (host, done) => {
            if (isServedHost(host) || isLoopback(host)) issue(host, done)
            else done(null, undefined) // The default context: the client will see a certificate of another name.
          },
        })
        if (passage) passages.set(inside, passage)
        inside.on('error', () => inside.destroy())
        http.emit('connection', inside)
      },
      () => socket.destroy(),
    )
  }

  http.on('connect', (request: IncomingMessage, socket: Socket, head: Buffer) => {
    const [host = '', port = 443] = splitHost(request.url ?? '')
    const universe = keeper.universe ?? proxyUser(request)
    const named = universe === undefined ? {} : { universe }
    const accept = () => {
      socket.write('HTTP/1.1 200 Connection established\r\n\r\n')
      if (head.length) socket.unshift(head)
    }
    socket.on('error', () => socket.destroy())
    if (isLoopback(host)) {
      const own = keeper.ours(port)
      if (own) {
        passages.set(socket, named)
        accept()
        own.emit('connection', socket)
      } else tunnel(socket, loopbackAddress(host), port, accept)
    } else if (isServedHost(host)) {
      passages.set(socket, { host, port, ...named })
      accept()
      enter(socket)
    } else if (keeper.allow.includes(host)) tunnel(socket, host, port, accept)
    else {
      keeper.refused(host, universe)
      socket.end(refusal(host))
    }
  })

  return createServer({ noDelay: true }, (socket) => {
    socket.on('error', () => socket.destroy())
    enter(socket)
  })
}

/** The universe a proxy's user name stands for. */
export function proxyUser(request: IncomingMessage): string | undefined {
  const header = request.headers['proxy-authorization']
  if (!header?.startsWith('Basic ')) return undefined
  const [user] = Buffer.from(header.slice('Basic '.length), 'base64').toString('utf8').split(':')
  return user || undefined
}

/** `host:port` or `[v6]:port`. */
export function splitHost(authority: string): [string, number | undefined] {
  const match = /^(\[[^\]]+\]|[^:]*)(?::(\d+))?$/.exec(authority)
  return [match?.[1] ?? '', match?.[2] === undefined ? undefined : Number(match[2])]
}

/** What a program is told about a host that is no twin's. The reason phrase is all that many clients show. */
export function refusalBody(host: string): string {
  return JSON.stringify({
    error: 'not_a_twin',
    host,
    message: `${host} is not served by a twin, and nothing leaves this machine. If the program needs it, start the twins with --allow ${host}`,
  })
}

function refusal(host: string): string {
  const body = refusalBody(host)
  const reason = `dtu: ${host.replaceAll(/[^\w.-]/g, '')} is not a twin`
  return [
    `HTTP/1.1 403 ${reason}`,
    'content-type: application/json',
    `x-dtu-blocked: ${host.replaceAll(/[^\w.:-]/g, '')}`,
    `content-length: ${Buffer.byteLength(body)}`,
    'connection: close',
    '',
    body,
  ].join('\r\n')
}

/** `x.localhost` is a name few resolvers know, and none outside this machine shall be asked. */
const loopbackAddress = (host: string) =>
  /\.localhost$/i.test(host) ? '127.0.0.1' : host.replace(/[[\]]/g, '').toLowerCase()

/** Bytes through, untouched: the user's own servers on loopback, and hosts that were allowed by name. */
function tunnel(socket: Socket, host: string, port: number, accept: () => void): void {
  const upstream = connect(port, host)
  upstream.once('connect', () => {
    accept()
    socket.pipe(upstream).pipe(socket)
  })
  upstream.on('error', () => socket.destroy())
  socket.on('close', () => upstream.destroy())
}
