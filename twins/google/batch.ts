import { MalformedBody, type Part, parseMultipart } from '../../shared/kernel/body.ts'
import type { BatchedReply, Dialect } from '../../shared/kernel/dialect.ts'
import type { Incoming } from '../../shared/kernel/incoming.ts'
import type { Reply } from '../../shared/kernel/reply.ts'
import { type Envelope, GoogleError } from './errors.ts'

/**
 * Google's batch endpoint: `multipart/mixed` of whole HTTP requests, answered by as many HTTP responses in order. The
 * outer credential serves the parts that have none of their own.
 */

const MOST = 100
const BATCH_PATH = /^\/batch(\/|$)/

export function batchOf(envelope: Envelope): NonNullable<Dialect['batch']> {
  const refuse = (message: string): never => {
    throw new GoogleError({ code: 400, reason: 'badRequest', message }, envelope)
  }
  const split = (request: Incoming): Part[] => {
    try {
      return parseMultipart(request.bytes, request.header('content-type') ?? '')
    } catch (error) {
      if (error instanceof MalformedBody)
        return refuse('Failed to parse batch request, error: Missing or malformed boundary.')
      throw error
    }
  }
  return {
    matches: (request) => request.method === 'POST' && BATCH_PATH.test(request.path),
    split(request) {
      const parts = split(request)
      if (parts.length > MOST) refuse(`The batch request has too many calls: ${parts.length}. The limit is ${MOST}.`)
      return parts.map(
        (part) =>
          innerRequest(part, request) ?? refuse('Failed to parse batch request, error: Failed to parse request line.'),
      )
    },
    join: (request, replies) => join(split(request), replies),
  }
}

/** The HTTP request inside a part, as if it had come alone. */
function innerRequest(part: Part, outer: Incoming): Incoming | undefined {
  const text = Buffer.from(part.bytes)
  const gap = /\r?\n\r?\n/.exec(text.toString('latin1'))
  const head = gap ? text.subarray(0, gap.index).toString() : text.toString()
  const body = gap ? new Uint8Array(text.subarray(gap.index + gap[0].length)) : new Uint8Array()
  const [line = '', ...lines] = head.trimStart().split(/\r?\n/)
  const [, method, target = ''] = /^([A-Z]+)\s+(\S+)(?:\s+HTTP\/\d\.\d)?\s*$/.exec(line) ?? []
  if (!method) return undefined
  const [path = '', search = ''] = target.replace(/^https?:\/\/[^/]+/, '').split(/\?(.*)/s)
  const own = Object.fromEntries(
    lines.map((header) => header.split(/:\s*(.*)/s)).map(([name = '', value = '']) => [name.toLowerCase(), value]),
  )
  const authorization = own.authorization ?? outer.header('authorization')
  const headers: Record<string, string> = { ...own, ...(authorization && { authorization }) }
  // A body may end with the line break that belongs to the boundary; Content-Length says where it ends.
  const length = Number(own['content-length'] ?? body.length)
  const bytes = method === 'GET' || method === 'DELETE' ? new Uint8Array() : body.subarray(0, length)
  return {
    method,
    path: basePath(outer) && path.startsWith(`${basePath(outer)}/`) ? path.slice(basePath(outer).length) : path,
    search,
    base: outer.base,
    header: (name) => headers[name],
    rawHeaders: Object.entries(headers).flat(),
    bytes,
    get text() {
      return Buffer.from(bytes).toString()
    },
  }
}

/** The path a twin lives under when it shares a port: clients that know it put it into the parts, too. */
const basePath = (request: Incoming): string => new URL(request.base).pathname.replace(/\/$/, '')

const STATUS_TEXT: Readonly<Record<number, string>> = {
  200: 'OK',
  201: 'Created',
  204: 'No Content',
  304: 'Not Modified',
  400: 'Bad Request',
  401: 'Unauthorized',
  403: 'Forbidden',
  404: 'Not Found',
  409: 'Conflict',
  412: 'Precondition Failed',
  429: 'Too Many Requests',
}

function join(parts: readonly Part[], replies: readonly BatchedReply[]): Reply {
  const boundary = `batch_${replies.length}_${parts
    .map(({ headers }) => headers['content-id'] ?? '')
    .join('')
    .replace(/\W/g, '')
    .slice(0, 24)}`
  const sections = replies.map((reply, i) => section(reply, parts[i]?.headers['content-id']))
  const body = sections.map((one) => `--${boundary}\r\n${one}\r\n`).join('')
  return {
    status: 200,
    body: `${body}--${boundary}--\r\n`,
    headers: { 'content-type': `multipart/mixed; boundary=${boundary}` },
  }
}

/** `<item1>` comes back as `<response-item1>`. */
function section({ status, headers, body }: BatchedReply, id: string | undefined): string {
  const inner = [
    `HTTP/1.1 ${status} ${STATUS_TEXT[status] ?? ''}`.trimEnd(),
    ...[...headers].map(([name, value]) => `${titled(name)}: ${value}`),
  ]
  if (body.length > 0) inner.push(`Content-Length: ${body.length}`)
  const outer = [
    'Content-Type: application/http',
    ...(id ? [`Content-ID: ${id.startsWith('<') ? `<response-${id.slice(1)}` : `response-${id}`}`] : []),
  ]
  return `${outer.join('\r\n')}\r\n\r\n${inner.join('\r\n')}\r\n\r\n${Buffer.from(body).toString()}`
}

const titled = (name: string) => name.replace(/(^|-)[a-z]/g, (letter) => letter.toUpperCase())
