import { createServer, type IncomingHttpHeaders, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Message, MessageCreateParams } from '@anthropic-ai/sdk/resources/messages'
import type { ModelAccess } from './client.ts'
import { Batches } from './scripted/batches.ts'
import { type Cut, messageOf, type Reply, type Said } from './scripted/reply.ts'
import { eventsOf, wire } from './scripted/stream.ts'
import { type CheckedBody, checkBody, checkConversation, checkHeaders, Refused, type Turn } from './scripted/strict.ts'
import { outputTokens, PromptCache, promptTokens } from './scripted/usage.ts'

export type { Reply, Said, ScriptedBlock } from './scripted/reply.ts'

/** A request for a message, as a script sees it: a thread's turns are put together. */
export interface ScriptedRequest {
  readonly body: MessageCreateParams
  readonly headers: IncomingHttpHeaders
}

/** Looked at once: what the request should be (a throw refuses it and is kept in `failures`), and its answer. */
export interface ScriptedTurn {
  readonly expect?: (request: ScriptedRequest) => void
  readonly reply: Reply
}

export type Script = readonly (ScriptedTurn | Reply)[] | ((request: ScriptedRequest) => Reply | Promise<Reply>)

export interface ScriptedServer {
  /** What a client needs: `clientFor(server.access)`. */
  readonly access: ModelAccess & { readonly baseURL: string }
  /** Requests for messages that were taken, oldest first; those of batches, too. */
  readonly requests: readonly ScriptedRequest[]
  /** Why requests were refused, and what `expect` threw. */
  readonly failures: readonly string[]
  /** Threads are forgotten, as the service does after some idle minutes. */
  forgetThreads(): void
  close(): Promise<void>
  [Symbol.asyncDispose](): Promise<void>
}

const MODELS = 'fable-5-2 mythos-5-2 haiku-5-5 sonnet-5-5 fable-5-1 opus-5-5 mythos-5-1 sonnet-5 opus-5 haiku-4-5'
  .split(' ')
  .map((name) => `claude-${name}`)

/**
 * A local server that speaks Anthropic's API and says what a script says: a list of turns, or a function of the
 * request. The real SDK runs against it, so code that asks a model is tested without a network and without a key. As
 * strict as the API: unknown fields, sampling parameters, prefill, calls of tools without results are refused.
 *
 * @example
 * await using server = await scripted(['Hello.', { error: { status: 529, type: 'overloaded_error', message: 'busy', retryAfterMs: 5 } }])
 * await clientFor(server.access).messages.create({ model: 'claude-haiku-5-5', max_tokens: 9, messages: [{ role: 'user', content: 'Hi' }] })
 */
export async function scripted(script: Script): Promise<ScriptedServer> {
  const model = new ScriptedModel(script)
  const server = createServer((request, response) => void model.serve(request, response))
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const baseURL = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  model.base = baseURL
  const close = () =>
    new Promise<void>((resolve) => {
      server.close(() => resolve())
      server.closeAllConnections()
    })
  return {
    access: { apiKey: 'scripted', baseURL },
    requests: model.requests,
    failures: model.failures,
    forgetThreads: () => model.threads.clear(),
    close,
    [Symbol.asyncDispose]: close,
  }
}

/** Answers as text that is JSON: what structured output gives. */
export const json = (value: unknown): Said => ({ content: JSON.stringify(value) })

/** A message, and after how many events its stream breaks. */
interface Answer {
  readonly message: Message | undefined
  readonly cut: number | undefined
}

class ScriptedModel {
  base = ''
  readonly requests: ScriptedRequest[] = []
  readonly failures: string[] = []
  /** Conversations the server holds, by the id of their last reply. */
  readonly threads = new Map<string, readonly Turn[]>()
  readonly #script: Script
  readonly #cache = new PromptCache()
  readonly #batches = new Batches(
    async (params) => (await this.#answer(params, {})).message,
    () => this.base,
  )
  #next = 0
  #served = 0
  #said = 0

  constructor(script: Script) {
    this.#script = script
  }

  async serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const id = `req_${++this.#served}`
    response.setHeader('request-id', id)
    try {
      checkHeaders(request.headers)
      const body = await this.#route(request, response)
      if (body) send(response, 200, body)
    } catch (error) {
      const refused =
        error instanceof Refused
          ? error
          : new Refused(500, 'api_error', `The script failed: ${(error as Error).message}`)
      this.failures.push(refused.message)
      if (refused.retryAfterMs !== undefined) response.setHeader('retry-after-ms', refused.retryAfterMs)
      else if (!(error instanceof Refused)) response.setHeader('x-should-retry', 'false')
      send(response, refused.status, refused.body(id))
    }
  }

  /** The body of the reply; `undefined` when it is written already. */
  async #route(request: IncomingMessage, response: ServerResponse): Promise<object | undefined> {
    const [path = ''] = (request.url ?? '').split('?')
    const route = `${request.method} ${path}`
    const body = await bodyOf(request)
    const [, batch, part] = /^\/v1\/messages\/batches\/(\w+)(?:\/(\w+))?$/.exec(path) ?? []
    if (route === 'POST /v1/messages') return this.#message(body, request.headers, response)
    if (route === 'POST /v1/messages/count_tokens') {
      checkBody(body, true, true)
      return { input_tokens: promptTokens(body) }
    }
    if (route === 'POST /v1/messages/batches') return this.#batches.create(body as never, Date.now())
    if (route === 'GET /v1/messages/batches') return page(this.#batches.list())
    if (batch) return this.#batch(`${request.method} ${part ?? ''}`, batch, response)
    if (route === 'GET /v1/models') return page(MODELS.map(modelInfo))
    const [, name] = /^GET \/v1\/models\/([\w.-]+)$/.exec(route) ?? []
    if (name && MODELS.includes(name)) return modelInfo(name)
    throw new Refused(404, 'not_found_error', name ? `model: ${name}` : `Not found: ${route}`)
  }

  #batch(action: string, id: string, response: ServerResponse): object | undefined {
    if (action === 'POST cancel') return this.#batches.cancel(id)
    if (action === 'GET ') return this.#batches.retrieve(id)
    if (action === 'DELETE ') return this.#batches.delete(id)
    if (action !== 'GET results') throw new Refused(404, 'not_found_error', `Not found: ${action}`)
    response.writeHead(200, { 'content-type': 'application/x-jsonl' }).end(this.#batches.results(id))
    return undefined
  }

  async #message(body: unknown, headers: IncomingHttpHeaders, response: ServerResponse): Promise<object | undefined> {
    const { message, cut } = await this.#answer(body, headers)
    const streamed = (body as CheckedBody).stream === true
    if (!message || cut === 0 || (cut !== undefined && !streamed)) {
      response.destroy()
      return undefined
    }
    if (!streamed) return message
    response.writeHead(200, { 'content-type': 'text/event-stream' })
    const events = eventsOf(message).take(cut ?? Number.POSITIVE_INFINITY)
    for (const event of events) response.write(wire(event))
    if (cut === undefined) response.end()
    else setImmediate(() => response.destroy()) // after what was written has gone out
    return undefined
  }

  async #answer(body: unknown, headers: IncomingHttpHeaders): Promise<Answer> {
    checkBody(body, headers['anthropic-beta'] !== undefined)
    const turns = this.#conversation(body)
    checkConversation(turns)
    const request = { body: { ...body, messages: turns } as unknown as MessageCreateParams, headers }
    this.requests.push(request)
    const reply = await this.#settled(await this.#reply(request))
    if (typeof reply !== 'string' && 'cut' in reply) {
      return { cut: reply.cut, message: reply.of && this.#built(reply.of, body) }
    }
    const message = this.#built(reply, body)
    if (body.thread) this.threads.set(message.id, [...turns, { role: 'assistant', content: message.content as never }])
    return { message, cut: undefined }
  }

  #built(said: string | Said, body: CheckedBody): Message {
    const message = messageOf(said, body as never, ++this.#said, this.#cache.bill({ ...body }))
    const told = typeof said === 'string' ? undefined : said.usage?.output_tokens
    message.usage.output_tokens = told ?? outputTokens(message.content)
    return message
  }

  /** A thread's earlier turns come before those of the request. */
  #conversation({ thread, messages }: CheckedBody): readonly Turn[] {
    if (thread?.type !== 'continue') return messages
    const held = this.threads.get(thread.previous_message_id ?? '')
    if (!held) throw new Refused(404, 'not_found_error', 'Thread not found', { error_code: 'thread_not_found' })
    return [...held, ...messages]
  }

  async #reply(request: ScriptedRequest): Promise<Reply> {
    if (typeof this.#script === 'function') return this.#script(request)
    const turn = this.#script[this.#next++]
    if (turn === undefined) throw new Error(`it has ${this.#script.length} turns and this is one more`)
    if (typeof turn === 'string' || !('reply' in turn) || 'delay' in turn) return turn
    turn.expect?.(request)
    return turn.reply
  }

  /** Waits as long as the reply says; an error of the API is thrown. */
  async #settled(reply: Reply): Promise<string | Said | Cut> {
    if (typeof reply === 'string') return reply
    if ('delay' in reply) {
      await new Promise((resolve) => setTimeout(resolve, reply.delay))
      return this.#settled(reply.reply)
    }
    if (!('error' in reply)) return reply
    const { status, type, message, details, retryAfterMs } = reply.error
    throw new Refused(status, type, message, details, retryAfterMs)
  }
}

async function bodyOf(request: IncomingMessage): Promise<unknown> {
  const chunks: Buffer[] = []
  for await (const chunk of request) chunks.push(chunk as Buffer)
  const text = Buffer.concat(chunks).toString('utf8')
  if (text === '') return undefined
  try {
    return JSON.parse(text)
  } catch {
    throw new Refused(400, 'invalid_request_error', 'The body is not valid JSON')
  }
}

function send(response: ServerResponse, status: number, body: object): void {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body))
}

const page = (data: readonly { readonly id: string }[]) => ({
  data,
  has_more: false,
  first_id: data[0]?.id ?? null,
  last_id: data.at(-1)?.id ?? null,
})

const modelInfo = (id: string) => ({
  id,
  type: 'model',
  display_name: id,
  created_at: '2026-10-21T00:00:00Z',
  lifecycle: 'active',
  line: id.split('-')[1],
  capabilities: null,
  max_input_tokens: null,
  max_tokens: null,
  deprecated_at: null,
  retires_at: null,
})
