import type { Incoming } from './incoming.ts'

/** A body that does not parse; `message` is the parser's. */
export class MalformedBody extends Error {}

/** One file or field of a multipart body. */
export interface Part {
  readonly name: string | undefined
  readonly filename: string | undefined
  readonly type: string
  readonly headers: Readonly<Record<string, string>>
  readonly bytes: Uint8Array
}

/** Nesting a JSON body may have before it is refused: deeper ones only serve to exhaust a stack. */
const DEEPEST = 500

/** The media type of a request, in lower case, without parameters. */
export function mediaTypeOf(request: Pick<Incoming, 'header'>): string | undefined {
  const header = request.header('content-type')
  if (header === undefined) return undefined
  const end = header.indexOf(';')
  return (end < 0 ? header : header.slice(0, end)).trim().toLowerCase()
}

/** Parses JSON, refusing nesting that would exhaust the stack of whoever walks it. */
export function parseJson(text: string): unknown {
  if (text.length > DEEPEST && depth(text) > DEEPEST) throw new MalformedBody('Nested too deeply')
  try {
    return JSON.parse(text)
  } catch (error) {
    throw new MalformedBody((error as Error).message)
  }
}

function depth(text: string): number {
  let deepest = 0
  let open = 0
  let quoted = false
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i)
    if (quoted) {
      if (code === 0x5c) i++
      else if (code === 0x22) quoted = false
    } else if (code === 0x22) quoted = true
    else if (code === 0x7b || code === 0x5b) deepest = Math.max(deepest, ++open)
    else if (code === 0x7d || code === 0x5d) open--
  }
  return deepest
}

/** Fields of a form; a repeated field becomes a list. */
export function parseForm(text: string): Record<string, string | string[]> {
  const fields: Record<string, string | string[]> = {}
  for (const [name, value] of new URLSearchParams(text)) {
    const known = fields[name]
    fields[name] = known === undefined ? value : [known, value].flat()
  }
  return fields
}

/**
 * Splits a multipart body (form-data, related or mixed) at its boundary. Tolerates a quoted boundary and a closing one
 * without CRLF, as the services do.
 */
export function parseMultipart(bytes: Uint8Array, contentType: string): Part[] {
  const boundary = /boundary=(?:"([^"]+)"|([^;]+))/i.exec(contentType)
  const name = (boundary?.[1] ?? boundary?.[2])?.trim()
  if (!name) throw new MalformedBody('Multipart body without a boundary')
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const delimiter = Buffer.from(`--${name}`)
  const parts: Part[] = []
  let start = buffer.indexOf(delimiter)
  if (start < 0) throw new MalformedBody('Multipart body without its boundary')
  while (start >= 0) {
    start += delimiter.length
    if (buffer[start] === 0x2d && buffer[start + 1] === 0x2d) return parts
    const end = buffer.indexOf(delimiter, start)
    if (end < 0) throw new MalformedBody('Multipart body ends inside a part')
    parts.push(part(buffer.subarray(start, end)))
    start = end
  }
  return parts
}

function part(section: Buffer): Part {
  let headerStart = 0
  if (section[0] === 0x0d) headerStart = 2
  else if (section[0] === 0x0a) headerStart = 1
  let headerEnd = section.indexOf('\r\n\r\n', Math.max(0, headerStart - 2))
  let gap = 4
  if (headerEnd < 0) {
    headerEnd = section.indexOf('\n\n', Math.max(0, headerStart - 1))
    gap = 2
  }
  if (headerEnd < 0) throw new MalformedBody('Multipart part without headers')
  const headers: Record<string, string> = {}
  for (const line of section.subarray(headerStart, Math.max(headerStart, headerEnd)).toString('utf8').split(/\r?\n/)) {
    const colon = line.indexOf(':')
    if (colon > 0) headers[line.slice(0, colon).trim().toLowerCase()] = line.slice(colon + 1).trim()
  }
  let end = section.length
  if (section[end - 1] === 0x0a) end--
  if (section[end - 1] === 0x0d) end--
  const disposition = headers['content-disposition'] ?? ''
  return {
    name: /[; ]name="?([^";]*)"?/i.exec(disposition)?.[1],
    filename: /filename="?([^";]*)"?/i.exec(disposition)?.[1],
    type: headers['content-type'] ?? 'text/plain',
    headers,
    bytes: new Uint8Array(section.subarray(Math.min(headerEnd + gap, end), end)),
  }
}
