import { Hono } from 'hono'
import type { Fault } from '../universe/faults.ts'
import type { LedgerRecord } from '../universe/ledger.ts'
import type { RandomState } from '../universe/random.ts'
import type { Change } from '../universe/store.ts'
import { type TableDefinitions, tableSet } from '../universe/table.ts'
import type { Universe } from '../universe/universe.ts'
import { MalformedBody, mediaTypeOf, parseForm, parseJson, parseMultipart } from './body.ts'
import type { Handler } from './call.ts'
import type { Contract, Operation, Schema } from './contract.ts'
import {
  type BatchedReply,
  type EarlyCall,
  type Problem,
  type QuotaState,
  type Refusal,
  ServiceError,
  type Step,
} from './dialect.ts'
import { type Answer, Exchange, type Host, Question } from './exchange.ts'
import type { Incoming } from './incoming.ts'
import { type ParameterPlan, parameterPlan, readPath, readQuery } from './parameters.ts'
import type { Reply } from './reply.ts'
import { ContractRouter } from './router.ts'
import type { Twin } from './twin.ts'
import { RequestChecks } from './validate.ts'

/** What the server tells a twin's app about a request. */
export interface Bindings {
  readonly universe: Universe
  readonly request: ServedRequest
}

/** An {@link Incoming} whose body may still have to be read. */
export interface ServedRequest extends Incoming {
  readonly hasBody: boolean
  /** Reads the body; `false` when it is larger than `limit` bytes. */
  read(limit: number): Promise<boolean>
}

/** What else the server does for the kernel. */
export interface Services extends Pick<Host, 'baseOf' | 'isTag'> {
  /** Something was scheduled: wake the universe's scheduler. */
  wake(universe: Universe): void
  /** Sends a request of `call.ask` and answers its reply; `status` 0 when it could not be sent. */
  ask(universe: Universe, delivery: Question['delivery']): Promise<Answer>
  /** Runs what is due before a call. */
  due(universe: Universe): void
  /** Told of every reply: proof of coverage in tests. */
  observe?(twin: string, operation: Operation, status: number, body: unknown): void
}

/** A twin made ready to serve. */
export interface TwinApp {
  readonly twin: Twin
  readonly contract: Contract
  readonly host: Host
  fetch(bindings: Bindings): Response | Promise<Response>
}

const BODY_LIMIT = 10 * 1024 * 1024
const ALL_STEPS: readonly Step[] = ['authenticate', 'authorize', 'limit', 'parse', 'parameters', 'body']

/** Contract + dialect + handlers → a Hono app. One compiled function per operation, no middleware. */
export function twinApp(twin: Twin, services: Services): TwinApp {
  const contract = twin.contract()
  const host: Host = { twin: twin.name, makeTables: makeTables(twin.tables), ...services }
  const kernel: Kernel = { twin, contract, host, services, checks: new RequestChecks(contract) }
  const handlers: Record<string, Handler | undefined> = Object.assign({}, ...twin.operations)
  const router = new ContractRouter<never>()
  const route = twin.dialect.route ?? ((path: string) => path)
  const app = new Hono<{ Bindings: Bindings }>({
    router,
    getPath: (_request, options) => route((options as { env: Bindings }).env.request.path),
  })
  for (const operation of contract.operations.values()) {
    const run = compile(kernel, operation, handlers[operation.operationId])
    for (const path of [operation.path, ...(operation['x-dtu-paths'] ?? [])]) {
      for (const verb of [operation.method, ...(operation['x-dtu-verbs'] ?? [])]) {
        app.on(verb.toUpperCase(), path, (c) => run(c.env, c.req.param() as Record<string, string>))
      }
    }
  }
  app.notFound((c) => unrouted(kernel, router.allowed(route(c.env.request.path)), c.env))
  // A service has no opinion of a request line Hono would refuse: the URL given here only carries the verb.
  const bare = 'http://twin.invalid/'
  const shells = new Map<string, Request>()
  const single = (bindings: Bindings) => {
    const { method } = bindings.request
    let shell = shells.get(method)
    if (!shell) {
      shell = new Request(bare, { method: method === 'HEAD' ? 'GET' : method })
      shells.set(method, shell)
    }
    return app.fetch(shell, bindings)
  }
  const { batch } = twin.dialect
  const fetch = batch
    ? (bindings: Bindings) => (batch.matches(bindings.request) ? several(kernel, bindings, single) : single(bindings))
    : single
  return { twin, contract, host, fetch }
}

/** Carries out the calls of a batch one after the other, each recorded as if it had come alone. */
async function several(
  kernel: Kernel,
  { universe, request }: Bindings,
  single: (bindings: Bindings) => Response | Promise<Response>,
): Promise<Response> {
  const { dialect } = kernel.twin
  const batch = dialect.batch as NonNullable<typeof dialect.batch>
  if (!(await request.read(BODY_LIMIT))) {
    return answerUncalled(
      kernel,
      { universe, request },
      dialect.refuse({ kind: 'too-large', limit: BODY_LIMIT }, request),
      'batch',
    )
  }
  let reply: Reply
  try {
    const replies: BatchedReply[] = []
    for (const part of batch.split(request)) {
      const call = { ...part, hasBody: part.bytes.length > 0, read: async () => true }
      const response = await single({ universe, request: call })
      const body = new Uint8Array(await response.arrayBuffer())
      replies.push({ status: response.status, headers: response.headers, body })
    }
    reply = batch.join(request, replies)
  } catch (error) {
    if (!(error instanceof ServiceError)) throw error
    reply = error.reply
  }
  return answerUncalled(kernel, { universe, request }, reply, 'batch')
}

function makeTables(definitions: TableDefinitions): Host['makeTables'] {
  const make = tableSet(definitions)
  return (universe) => make(universe.store)
}

interface Kernel {
  readonly twin: Twin
  readonly contract: Contract
  readonly host: Host
  readonly services: Services
  readonly checks: RequestChecks
}

interface Compiled extends Kernel {
  readonly operation: Operation
  readonly handler: Handler | undefined
  readonly plan: ParameterPlan
  readonly steps: readonly Step[]
  readonly mediaTypes: readonly string[]
  readonly bodyLimit: number
}

type Run = (bindings: Bindings, rawParams: Record<string, string>) => Response | Promise<Response>

function compile(kernel: Kernel, operation: Operation, handler: Handler | undefined): Run {
  let compiled: Compiled | undefined
  return (bindings, rawParams) => {
    compiled ??= {
      ...kernel,
      operation,
      handler,
      plan: parameterPlan(operation, (schema) => resolve(kernel.contract, schema)),
      steps: kernel.twin.dialect.steps ?? ALL_STEPS,
      mediaTypes: Object.keys(operation.requestBody?.content ?? {}),
      bodyLimit: kernel.twin.dialect.bodyLimit?.(operation) ?? BODY_LIMIT,
    }
    const { request } = bindings
    if (!request.hasBody) return serve(compiled, bindings, rawParams)
    const ready = compiled
    return request
      .read(ready.bodyLimit)
      .then((complete) =>
        complete
          ? serve(ready, bindings, rawParams)
          : refuseEarly(ready, bindings, { kind: 'too-large', limit: ready.bodyLimit }, operation),
      )
  }
}

/** Follows a local `$ref`, for parameter types. */
function resolve(contract: Contract, schema: Schema | undefined): Schema | undefined {
  let at = schema
  while (typeof at === 'object' && typeof at.$ref === 'string') {
    at = contract.document.components?.schemas?.[at.$ref.slice('#/components/schemas/'.length)]
  }
  return at
}

function serve(
  compiled: Compiled,
  bindings: Bindings,
  rawParams: Record<string, string>,
  answers: readonly Answer[] = [],
): Response | Promise<Response> {
  const { universe, request } = bindings
  const { twin, operation, services } = compiled
  services.due(universe)
  const exchange = new Exchange(compiled.host, universe, request, universe.clock.tick())
  exchange.operation = operation
  exchange.answers = answers
  const struck = universe.faulty ? universe.faults.strike(twin.name, operation.operationId, request.method) : undefined
  const outcome: Outcome = { random: universe.random.state }
  if (struck) outcome.fault = struck.name
  if (struck && (struck.fault.kind === 'dropped' || struck.fault.kind === 'status')) {
    const reply = faultReply(compiled, exchange, struck.fault)
    return finish(compiled, exchange, outcome, reply)
  }
  let reply: Reply
  try {
    const { result, changes } = universe.store.transaction(() => work(compiled, exchange, rawParams, outcome))
    reply = result
    outcome.changes = changes
  } catch (error) {
    universe.random.state = outcome.random
    if (error instanceof Question) {
      return services
        .ask(universe, error.delivery)
        .then((answer) => serve(compiled, bindings, rawParams, [...answers, answer]))
    }
    reply = undone(compiled, exchange, outcome, error)
  }
  const response = finish(compiled, exchange, outcome, reply)
  return struck ? afterFault(struck.fault, response) : response
}

/** What happened besides the reply, for headers and ledger. */
interface Outcome {
  random: RandomState
  changes?: readonly Change[]
  quotas?: readonly QuotaState[]
  throttled?: boolean
  fault?: string
  crash?: string
}

/** The whole of a call inside its transaction: the dialect's checks in its order, the handler, its events. */
function work(compiled: Compiled, exchange: Exchange, rawParams: Record<string, string>, outcome: Outcome): Reply {
  const { twin, operation, handler, plan } = compiled
  const { dialect } = twin
  exchange.params = readPath(rawParams, plan.path)
  exchange.query = readQuery(exchange.request.search, plan.query)
  for (const step of compiled.steps) STEPS[step](compiled, exchange, outcome)
  if (!handler) return dialect.refuse({ kind: 'unmodelled', operation }, exchange.request, exchange)
  const reply = handler(exchange as never) // the contract's types of this operation hold: the steps checked them
  if (twin.react && exchange.events.length) for (const event of exchange.events) twin.react(event, exchange)
  return dialect.finish ? dialect.finish(reply, exchange) : reply
}

const STEPS: Record<Step, (compiled: Compiled, exchange: Exchange, outcome: Outcome) => void> = {
  authenticate({ twin }, exchange) {
    exchange.caller = twin.dialect.authenticate(exchange)
  },
  authorize({ twin, operation }, exchange) {
    twin.dialect.authorize?.(exchange as never, operation.security ?? [])
  },
  limit(compiled, exchange, outcome) {
    const { dialect, name } = compiled.twin
    const quotas = dialect.quotas?.(exchange)
    if (!quotas?.length) return
    const { limits } = exchange.universe
    const { states, exhausted } = limits.draw(name, quotas, exchange.now)
    outcome.quotas = states
    if (!exhausted) return
    outcome.throttled = true
    if (!limits.plan.enforce) return
    refuse(compiled, exchange, {
      kind: 'throttled',
      operation: compiled.operation,
      retryAfter: Math.max(1, Math.ceil((exhausted.reset - exchange.now) / 1000)),
      limit: exhausted.limit,
      reset: exhausted.reset,
    })
  },
  parse(compiled, exchange) {
    const { dialect } = compiled.twin
    try {
      exchange.body = dialect.parse ? dialect.parse(exchange) : parseBody(compiled, exchange)
    } catch (error) {
      if (!(error instanceof MalformedBody)) throw error
      refuse(compiled, exchange, { kind: 'malformed', operation: compiled.operation, detail: error.message })
    }
    const merged = dialect.arguments?.(exchange)
    if (merged?.query) exchange.query = merged.query
    if (merged && 'body' in merged) exchange.body = merged.body
  },
  parameters({ checks, operation, ...compiled }, exchange) {
    const problems = [
      ...checks.parameters(operation, 'path', exchange.params),
      ...checks.parameters(operation, 'query', exchange.query),
    ]
    if (problems.length) object({ checks, operation, ...compiled }, exchange, problems)
  },
  body(compiled, exchange) {
    const { operation, checks } = compiled
    if (!operation.requestBody) return
    if (exchange.body === undefined) {
      if (!operation.requestBody.required) return
      const problem: Problem = { in: 'body', path: [], keyword: 'required', expected: 'body', actual: undefined }
      return object(compiled, exchange, [problem])
    }
    const mediaType = declaredType(compiled, exchange.request)
    if (mediaType) {
      const problems = checks.body(operation, mediaType, exchange.body)
      if (problems.length) object(compiled, exchange, problems)
    }
  },
}

/** Refuses with the problems the service would mind. */
function object(compiled: Compiled, exchange: Exchange, problems: readonly Problem[]): void {
  const { dialect } = compiled.twin
  const { operation } = compiled
  const minded = dialect.objects ? problems.filter((problem) => dialect.objects?.(problem, operation)) : problems
  if (minded.length) refuse(compiled, exchange, { kind: 'invalid', operation, problems: minded })
}

function refuse(compiled: Compiled, exchange: Exchange, refusal: Refusal): never {
  throw new ServiceError(compiled.twin.dialect.refuse(refusal, exchange.request, exchange), refusal.kind)
}

/** JSON, forms and multipart by the request's type; other types stay bytes. */
function parseBody(compiled: Compiled, exchange: Exchange): unknown {
  const { request } = exchange
  if (request.bytes.length === 0) return undefined
  const type = mediaTypeOf(request)
  if (!declaredType(compiled, request)) {
    if (compiled.mediaTypes.length === 0) return undefined // Bodies nobody asked for are ignored.
    refuse(compiled, exchange, { kind: 'media-type', operation: compiled.operation, received: type })
  }
  if (type === undefined || type.endsWith('json')) return parseJson(request.text)
  if (type === 'application/x-www-form-urlencoded') return parseForm(request.text)
  if (type.startsWith('multipart/')) return parseMultipart(request.bytes, request.header('content-type') as string)
  return request.bytes
}

/** The contract's media type that a request's own type falls under. */
function declaredType({ mediaTypes }: Compiled, request: Incoming): string | undefined {
  const type = mediaTypeOf(request)
  if (type === undefined) return mediaTypes.find((declared) => declared.endsWith('json')) ?? mediaTypes[0]
  return (
    mediaTypes.find((declared) => declared === type) ??
    mediaTypes.find((declared) => declared === '*/*') ??
    mediaTypes.find((declared) => declared.endsWith('/*') && type.startsWith(declared.slice(0, -1))) ??
    (type.endsWith('json') ? mediaTypes.find((declared) => declared.endsWith('json')) : undefined)
  )
}

/** The reply of a call that threw, after its rows and chance were put back. */
function undone(compiled: Compiled, exchange: Exchange, outcome: Outcome, error: unknown): Reply {
  const { dialect } = compiled.twin
  if (error instanceof ServiceError)
    return dialect.finish ? dialect.finish(error.reply, exchange as never) : error.reply
  outcome.crash = error instanceof Error ? (error.stack ?? error.message) : String(error)
  return dialect.refuse({ kind: 'crash' }, exchange.request, exchange)
}

function faultReply(compiled: Compiled, exchange: Exchange, fault: Fault): Reply {
  const { dialect } = compiled.twin
  if (fault.kind === 'status' && fault.status === 429) {
    const retryAfter = fault.retryAfter ?? 1
    const reset = exchange.now + retryAfter * 1000
    return dialect.refuse(
      { kind: 'throttled', operation: compiled.operation, retryAfter, limit: 1, reset },
      exchange.request,
      exchange,
    )
  }
  const status = fault.kind === 'status' ? fault.status : DROPPED
  if (status === DROPPED) return { status }
  return dialect.refuse({ kind: 'unavailable', status }, exchange.request, exchange)
}

/** Status of a reply that the server never sends: it closes the connection instead. */
export const DROPPED = 599

function afterFault(fault: Fault, response: Response): Response | Promise<Response> {
  if (fault.kind === 'lost-reply') return new Response(null, { status: DROPPED })
  if (fault.kind === 'slow') {
    return new Promise((resolve) => setTimeout(() => resolve(response), fault.milliseconds))
  }
  return response
}

function finish(compiled: Compiled, exchange: Exchange, outcome: Outcome, reply: Reply): Response {
  const { twin, operation, services } = compiled
  const { universe } = exchange
  const { text, response } = respond(twin, reply, exchange.request, exchange, outcome.quotas)
  const changes = outcome.changes ?? NO_CHANGES
  if (changes.length) universe.onCommit?.(changes, universe)
  record(universe, {
    at: exchange.now,
    kind: 'call',
    twin: twin.name,
    operation: operation.operationId,
    method: exchange.request.method,
    path: pathOf(exchange.request),
    request: recorded(exchange.request),
    status: reply.status,
    response: text,
    caller: exchange.caller,
    changes,
    events: outcome.changes ? exchange.events : NO_CHANGES,
    unmodelled: compiled.handler ? exchange.unmodelledAnswers : [operation.operationId],
    throttled: outcome.throttled ?? false,
    fault: outcome.fault,
    crash: outcome.crash,
    random: outcome.random,
  })
  if (outcome.changes) {
    exchange.flushPushes()
    if (exchange.scheduled) services.wake(universe)
  }
  services.observe?.(twin.name, operation, reply.status, reply.body)
  return response
}

const NO_CHANGES: readonly never[] = []

function record(universe: Universe, entry: LedgerRecord): void {
  universe.ledger.append(entry)
}

const recorded = ({ rawHeaders, bytes }: Incoming) => ({ headers: rawHeaders, body: bytes })

const pathOf = (request: Incoming) => (request.search ? `${request.path}?${request.search}` : request.path)

/** Unknown paths and wrong verbs: the service's own refusal, recorded like any call. */
function unrouted(kernel: Kernel, allowed: string[], { universe, request }: Bindings): Response {
  const { dialect } = kernel.twin
  const preflight = request.method === 'OPTIONS' && dialect.preflight && allowed.length > 0
  const refusal: Refusal = allowed.length ? { kind: 'wrong-verb', allowed } : { kind: 'unknown-route' }
  const reply = preflight
    ? (dialect.preflight as NonNullable<typeof dialect.preflight>)(request, allowed as never)
    : dialect.refuse(refusal, request)
  return answerUncalled(kernel, { universe, request }, reply, undefined)
}

function refuseEarly(kernel: Kernel, bindings: Bindings, refusal: Refusal, operation: Operation): Response {
  return answerUncalled(kernel, bindings, kernel.twin.dialect.refuse(refusal, bindings.request), operation.operationId)
}

function answerUncalled(
  kernel: Kernel,
  { universe, request }: Bindings,
  reply: Reply,
  operation: string | undefined,
): Response {
  const { text, response } = respond(kernel.twin, reply, request)
  record(universe, {
    at: universe.clock.tick(),
    kind: 'call',
    twin: kernel.twin.name,
    operation,
    method: request.method,
    path: pathOf(request),
    request: recorded(request),
    status: reply.status,
    response: text,
    caller: undefined,
    changes: NO_CHANGES,
    events: NO_CHANGES,
    unmodelled: NO_CHANGES,
    throttled: false,
    fault: undefined,
    crash: undefined,
    random: universe.random.state,
  })
  return response
}

/** Renders a reply once, with all its headers. */
function respond(
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

/** A plain object when every header has one value, which node-server writes without building a `Headers`. */
function flatten(headers: Record<string, string | readonly string[]>): Record<string, string> | [string, string][] {
  for (const name in headers) {
    if (typeof headers[name] !== 'string') {
      return Object.entries(headers).flatMap(([name, value]) =>
        [value].flat().map((one) => [name, one] as [string, string]),
      )
    }
  }
  return headers as Record<string, string>
}
