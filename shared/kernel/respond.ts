import type { TableDefinitions } from '../universe/table.ts'
import type { EarlyCall, QuotaState } from './dialect.ts'
import type { Exchange } from './exchange.ts'
import type { Incoming } from './incoming.ts'
import type { Reply } from './reply.ts'
import type { Twin } from './twin.ts'

/** Renders a reply once, with all its headers. */
export function respond(
  twin: Twin,
  reply: Reply,
  request: Incoming,
  exchange?: Exchange,
  quotas?: readonly QuotaState[],
): { text: string | Uint8Array | undefined; response: Response } {
  const { dialect } = twin
  const { status, body } = reply
  let text: string | Uint8Array | undefined
  let headers: Record<string, string | readonly string[]> = dialect.headers
    ? dialect.headers(reply, request, exchange as EarlyCall<TableDefinitions, unknown> | undefined, quotas)
    : {}
  if (typeof body === 'string' || body instanceof Uint8Array) text = body
  else if (body !== undefined) {
    text = dialect.json ? dialect.json(body, request) : JSON.stringify(body)
    if (!('content-type' in headers)) headers['content-type'] = dialect.jsonType ?? 'application/json'
  }
  if (reply.headers) headers = { ...headers, ...reply.headers }
  const bodyless = status === 204 || status === 304 || request.method === 'HEAD'
  if (bodyless || text === undefined) delete headers['content-type']
  if (request.method === 'HEAD' && typeof reply.headers?.['content-type'] === 'string') {
    headers['content-type'] = reply.headers['content-type']
  }
  return {
    text,
    response: new Response(bodyless ? null : ((text as string | Uint8Array<ArrayBuffer> | undefined) ?? null), {
      status,
      headers: flatten(headers),
    }),
  }
}

/**
 * A plain object, which node-server writes without building a `Headers`: a header of several values takes a line for each,
 * as the services send `Link` (terraform-provider-okta reads a joined one as a page that follows itself). A `Headers`
 * would join them, except cookies, which go as pairs.
 */
function flatten(headers: Record<string, string | readonly string[]>): HeadersInit {
  const cookies = headers['set-cookie']
  if (cookies === undefined || typeof cookies === 'string') return headers as HeadersInit // node takes lists of values
  return Object.entries(headers).flatMap(([name, value]) => [value].flat().map((one): [string, string] => [name, one]))
}
