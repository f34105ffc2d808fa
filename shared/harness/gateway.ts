import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { Readable, Transform } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import type { ReadableStream } from 'node:stream/web'
import type { Billed } from '../agents/prices.ts'
import type { Activity } from './activity.ts'
import type { Meter } from './meter.ts'

export const ANTHROPIC = 'https://api.anthropic.com'

/** A door to the model service for one run of a system, which counts what goes through. */
export interface Gateway {
  /** For `ANTHROPIC_BASE_URL`. */
  readonly url: string
  close(): Promise<void>
}

export interface GatewayOptions {
  /** Where requests go on to, without `/v1`. */
  readonly upstream: string
  readonly meter: Meter
  /** While a model answers, the run is not quiet. */
  readonly activity: Activity
}

/** Headers that belong to one connection, and those `fetch` sets by what it sends and has decoded. */
const HOP = new Set(['connection', 'host', 'content-length', 'transfer-encoding', 'keep-alive', 'content-encoding'])

/**
 * Opens a loopback gateway to the model service: the only way to know what software that asks models itself has used.
 *
 * Requests go on as they came, with the system's own key, which is not kept; replies come back as they arrive, streams
 * event by event. `usage` of each message is added to the meter. Batches are passed on and not counted.
 */
export async function openGateway({ upstream, meter, activity }: GatewayOptions): Promise<Gateway> {
  const serve = (request: IncomingMessage, response: ServerResponse) =>
    pass(request, response, upstream, meter).catch((error: Error) => refuse(response, error))
  const server = createServer((request, response) => void activity.during(serve(request, response)))
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(0, '127.0.0.1', resolve)
  })
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}

async function pass(request: IncomingMessage, response: ServerResponse, upstream: string, meter: Meter): Promise<void> {
  const gone = new AbortController()
  response.once('close', () => gone.abort())
  const headers = new Headers()
  for (const [name, values] of Object.entries(request.headersDistinct)) {
    if (!HOP.has(name)) for (const value of values ?? []) headers.append(name, value)
  }
  const hasBody = request.method !== 'GET' && request.method !== 'HEAD'
  const reply = await fetch(upstream.replace(/\/$/, '') + request.url, {
    method: request.method as string,
    headers,
    redirect: 'manual',
    signal: gone.signal,
    ...(hasBody ? { body: Readable.toWeb(request) as unknown as BodyInit, duplex: 'half' as const } : {}),
  })
  for (const [name, value] of reply.headers) if (!HOP.has(name)) response.setHeader(name, value)
  response.writeHead(reply.status)
  response.flushHeaders()
  const [path] = (request.url ?? '').split('?')
  const counter = reply.ok && path === '/v1/messages' ? new Counter(isStream(reply)) : undefined
  try {
    const body = Readable.fromWeb((reply.body ?? new Blob().stream()) as ReadableStream)
    await (counter ? pipeline(body, counter.tap, response) : pipeline(body, response))
  } finally {
    const counted = counter?.result // of a stream that broke, too: what it told so far was billed
    if (counted) meter.add('sut', counted)
  }
}

const isStream = (reply: Response) => reply.headers.get('content-type')?.startsWith('text/event-stream') ?? false

/** In the words of the service, so that clients treat it as its trouble. */
function refuse(response: ServerResponse, error: Error): void {
  if (response.headersSent) {
    response.destroy()
    return
  }
  const { cause } = error as { cause?: Error }
  const message = `The gateway could not reach the model service: ${cause?.message ?? error.message}`
  response.writeHead(502, { 'content-type': 'application/json' })
  response.end(JSON.stringify({ type: 'error', error: { type: 'api_error', message } }))
}

interface Message {
  readonly model?: string
  readonly usage?: Billed
}

/** Reads the usage off a reply that passes by. */
class Counter {
  readonly #stream: boolean
  readonly #decoder = new TextDecoder()
  /** Of a stream the line that is not complete yet; else the whole reply. */
  #text = ''
  #model: string | undefined
  #usage: Partial<Billed> = {}

  constructor(stream: boolean) {
    this.#stream = stream
  }

  readonly tap = new Transform({
    decodeStrings: false,
    transform: (chunk: Buffer, _encoding, done) => {
      this.#read(this.#decoder.decode(chunk, { stream: true }))
      done(null, chunk)
    },
  })

  get result(): { model: string; usage: Billed } | undefined {
    if (!this.#stream) this.#take(parsed(this.#text))
    const { input_tokens = 0, output_tokens = 0 } = this.#usage
    return this.#model === undefined
      ? undefined
      : { model: this.#model, usage: { ...this.#usage, input_tokens, output_tokens } }
  }

  #read(text: string): void {
    this.#text += text
    if (!this.#stream) return
    const lines = this.#text.split('\n')
    this.#text = lines.pop() ?? ''
    for (const line of lines) {
      if (!line.startsWith('data:')) continue
      const event = parsed(line.slice('data:'.length)) as ({ message?: Message } & Message) | undefined
      this.#take(event?.message ?? event)
    }
  }

  /** `message_start` tells the model and what went in; `message_delta` how much came out, cumulative. */
  #take(message: Message | undefined): void {
    this.#model = message?.model ?? this.#model
    if (message?.usage) this.#usage = { ...this.#usage, ...defined(message.usage) }
  }
}

const defined = (usage: Billed): Partial<Billed> =>
  Object.fromEntries(Object.entries(usage).filter(([, value]) => value !== null && value !== undefined))

function parsed(text: string): Message | undefined {
  try {
    return JSON.parse(text) as Message
  } catch {
    return undefined
  }
}
