import type { IncomingMessage } from 'node:http'
import type { ServedRequest } from '../kernel/services.ts'

const NO_BYTES = new Uint8Array()

/** A request of Node's HTTP server, read as little as possible: headers and body stay Node's until asked for. */
export class NodeRequest implements ServedRequest {
  readonly method: string
  readonly path: string
  readonly search: string
  readonly base: string
  readonly hasBody: boolean
  readonly #message: IncomingMessage
  #bytes: Uint8Array = NO_BYTES
  #text: string | undefined
  /** Bytes that came; absent before the body was read. */
  #size: number | undefined

  constructor(message: IncomingMessage, base: string, path: string, search: string) {
    this.#message = message
    this.method = message.method as string
    this.path = path
    this.search = search
    this.base = base
    const { headers } = message
    this.hasBody = (headers['content-length'] ?? '0') !== '0' || headers['transfer-encoding'] !== undefined
  }

  header(name: string): string | undefined {
    const value = this.#message.headers[name]
    return typeof value === 'string' ? value : value?.join(', ')
  }

  get rawHeaders(): readonly string[] {
    return this.#message.rawHeaders
  }

  get bytes(): Uint8Array {
    return this.#bytes
  }

  get text(): string {
    this.#text ??= Buffer.from(this.#bytes.buffer, this.#bytes.byteOffset, this.#bytes.byteLength).toString('utf8')
    return this.#text
  }

  async read(limit: number): Promise<boolean> {
    if (this.#size !== undefined) return this.#size <= limit && this.#bytes.byteLength === this.#size
    const chunks: Buffer[] = []
    let size = 0
    for await (const chunk of this.#message) {
      size += (chunk as Buffer).length
      if (size <= limit) chunks.push(chunk as Buffer) // the rest is drained, so that the refusal can be written
    }
    this.#size = size
    if (size > limit) return false
    this.#text = undefined // Asked for before there was one: by whoever looked for a credential.
    this.#bytes = chunks.length === 1 ? (chunks[0] as Buffer) : Buffer.concat(chunks)
    return true
  }
}

/** A `Request` of the fetch API: in-process calls, msw. */
export class FetchRequest implements ServedRequest {
  readonly method: string
  readonly path: string
  readonly search: string
  readonly base: string
  readonly hasBody: boolean
  readonly #request: Request
  #bytes: Uint8Array = NO_BYTES

  constructor(request: Request, base: string, path: string, search: string) {
    this.#request = request
    this.method = request.method
    this.path = path
    this.search = search
    this.base = base
    this.hasBody = request.body !== null
  }

  header(name: string): string | undefined {
    return this.#request.headers.get(name) ?? undefined
  }

  get rawHeaders(): readonly string[] {
    return [...this.#request.headers].flat()
  }

  get bytes(): Uint8Array {
    return this.#bytes
  }

  get text(): string {
    return Buffer.from(this.#bytes.buffer, this.#bytes.byteOffset, this.#bytes.byteLength).toString('utf8')
  }

  async read(limit: number): Promise<boolean> {
    this.#bytes = new Uint8Array(await this.#request.arrayBuffer())
    return this.#bytes.byteLength <= limit
  }
}
