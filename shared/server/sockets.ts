import type { IncomingMessage, Server } from 'node:http'
import type { Duplex } from 'node:stream'
import type { WebSocket, WebSocketServer } from 'ws'
import type { Moment } from '../kernel/twin.ts'
import type { TableDefinitions } from '../universe/table.ts'
import type { Multiverse } from './multiverse.ts'
import type { Target } from './server.ts'

/** Lets twins accept WebSockets on a server's port. Paths a twin does not know are refused with 404. */
export function attachSockets(
  server: Server,
  multiverse: Multiverse,
  resolve: (message: IncomingMessage) => Target,
): void {
  let sockets: WebSocketServer | undefined
  const upgrade = async (message: IncomingMessage, socket: Duplex, head: Buffer): Promise<void> => {
    const target = resolve(message)
    if ('wait' in target) return target.wait.then(() => upgrade(message, socket, head))
    const twin = 'twin' in target ? multiverse.app(target.twin).twin : undefined
    if (!twin?.socket || !('twin' in target)) return void socket.end('HTTP/1.1 404 Not Found\r\n\r\n')
    sockets ??= new (await import('ws')).WebSocketServer({ noServer: true }) // few processes ever need it
    sockets.handleUpgrade(message, socket, head, (webSocket: WebSocket) => {
      const { universe, request } = target
      const send = (text: string) => webSocket.send(text)
      const close = (code?: number) => webSocket.close(code)
      const opened = multiverse.moment(universe, twin.name, (moment) =>
        twin.socket?.(moment, request.path, request.search, send, close),
      )
      if (!opened) return webSocket.close(4004)
      const { channel, session } = opened
      const push = (message: unknown) => webSocket.send(typeof message === 'string' ? message : JSON.stringify(message))
      universe.sockets ??= new Map()
      const peers = universe.sockets.get(channel) ?? new Set()
      universe.sockets.set(channel, peers.add(push))
      const during = (work: (moment: Moment<TableDefinitions>) => void) => multiverse.moment(universe, twin.name, work)
      during((moment) => session.open?.(moment))
      webSocket.on('message', (data) => during((moment) => session.message(moment, String(data))))
      webSocket.on('close', () => {
        peers.delete(push)
        if (multiverse.find(universe.id) === universe) during((moment) => session.close?.(moment))
      })
    })
  }
  server.on('upgrade', upgrade)
}
