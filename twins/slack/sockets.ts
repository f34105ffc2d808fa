import type { SocketSession } from '../../shared/kernel/twin.ts'
import { HEX } from '../../shared/universe/random.ts'
import type { SlackMoment } from './caller.ts'
import { newId } from './ids.ts'
import { answered } from './interactions.ts'
import { openRtm } from './rtm.ts'
import type { Connection, SlackTables, Ticket } from './tables.ts'

/** Sockets: a ticket opens one connection. Socket Mode says hello, then sends envelopes, each acknowledged by its id. */

const MAX_CONNECTIONS = 10
const TICKET_LIFE = 30_000

const REAL_HOST = /^https?:\/\/([\w-]+\.)*slack\.com\//

/** A ticket for one connection within half a minute, sealed. */
export function newSocketTicket(moment: SlackMoment, row: Omit<Ticket, 'secret' | 'expires' | 'used'>): string {
  const secret = moment.random.text(64, HEX)
  moment.tables.tickets.insert({ ...row, secret, expires: moment.now + TICKET_LIFE, used: false })
  return moment.seal(secret)
}

/** The WebSocket address of a path on this twin. */
export function socketAddress(moment: SlackMoment, path: string): string {
  const link = moment.link(path)
  // Socket clients ignore proxies and interceptors: who called slack.com gets this machine's address all the same, and
  // without TLS, which every port does without.
  const near = REAL_HOST.test(link) ? `${moment.baseOf('slack')}${path}` : link
  return near.replace(/^https?/, 'ws')
}

/** Spends a ticket; `undefined` when it is unknown, used, or too old. */
export function spendTicket(moment: SlackMoment, sealed: string): Ticket | undefined {
  const secret = moment.open(sealed)
  const ticket = secret === undefined ? undefined : moment.tables.tickets.get(secret)
  if (!ticket || ticket.used || ticket.expires <= moment.now) return undefined
  return moment.tables.tickets.replace({ ...ticket, used: true })
}

/** Where an app opens a Socket Mode connection. */
export const socketUrl = (moment: SlackMoment, appId: string): string =>
  `${socketAddress(moment, '/link/')}?ticket=${newSocketTicket(moment, { appId })}&app_id=${appId}`

const hello = (appId: string, connections: number) => ({
  type: 'hello',
  num_connections: connections,
  debug_info: { host: 'applink-twin', build_number: 1, approximate_connection_time: 18_060 },
  connection_info: { app_id: appId },
})

export function openSocket(
  moment: SlackMoment,
  path: string,
  search: string,
  send: (text: string) => void,
): { channel: string; session: SocketSession<SlackTables> } | undefined {
  const rtm = /^\/websocket\/([^/]+)$/.exec(path)?.[1]
  if (rtm !== undefined) return openRtm(moment, spendTicket(moment, rtm), send)
  if (path.replace(/\/+$/, '') !== '/link') return undefined
  const ticket = spendTicket(moment, new URLSearchParams(search).get('ticket') ?? '')
  if (!ticket || ticket.userId !== undefined) return undefined
  const open = moment.tables.connections.where('app', ticket.appId)
  if (open.length >= MAX_CONNECTIONS) return undefined
  const connection: Connection = moment.tables.connections.insert({
    id: newId(moment.random, 'event'),
    appId: ticket.appId,
    opened: moment.now,
  })
  return {
    channel: connection.id,
    session: {
      open: () => send(JSON.stringify(hello(ticket.appId, open.length + 1))),
      message: acknowledge,
      close: (later) => void later.tables.connections.remove(connection.id),
    },
  }
}

/** `{envelope_id, payload?}`: the payload is the app's answer to what it was asked. */
function acknowledge(moment: SlackMoment, text: string): void {
  let frame: { envelope_id?: string; payload?: unknown }
  try {
    frame = JSON.parse(text)
  } catch {
    return // a frame that is not JSON acknowledges nothing
  }
  const row = frame.envelope_id === undefined ? undefined : moment.tables.interactions.get(frame.envelope_id)
  if (!row || row.outcome !== undefined) return
  const body =
    frame.payload === undefined ? '' : typeof frame.payload === 'string' ? frame.payload : JSON.stringify(frame.payload)
  answered(moment, row, { status: 200, body })
}
