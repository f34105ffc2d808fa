import type { Handler } from './call.ts'
import type { Contract, Operation, Schema } from './contract.ts'
import { ServiceError } from './dialect.ts'
import { type Answer, Exchange, Question } from './exchange.ts'
import { afterFault, faultReply, waitOf } from './faults.ts'
import { parameterPlan, readPath, readQuery } from './parameters.ts'
import { record } from './record.ts'
import type { Reply } from './reply.ts'
import { respond } from './respond.ts'
import type { Bindings, Compiled, Kernel } from './services.ts'
import { ALL_STEPS, type Outcome, STEPS } from './steps.ts'

/** Largest body of an operation whose dialect does not say otherwise. */
export const BODY_LIMIT = 10 * 1024 * 1024

type Run = (bindings: Bindings, rawParams: Record<string, string>) => Response | Promise<Response>

/** One function per operation: everything from its request to its reply. */
export function compile(kernel: Kernel, operation: Operation, handler: Handler | undefined): Run {
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
    if (!request.hasBody) return admit(compiled, bindings, rawParams)
    const ready = compiled
    return request
      .read(ready.bodyLimit)
      .then((complete) => (complete ? admit(ready, bindings, rawParams) : tooLarge(ready, bindings)))
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

function tooLarge(compiled: Compiled, bindings: Bindings): Response {
  const { twin, operation, bodyLimit } = compiled
  const reply = twin.dialect.refuse({ kind: 'too-large', limit: bodyLimit }, bindings.request)
  return answerUncalled(compiled, bindings, reply, operation.operationId)
}

/** Through the universe's gate, where it has one. */
function admit(
  compiled: Compiled,
  bindings: Bindings,
  rawParams: Record<string, string>,
): Response | Promise<Response> {
  const held = bindings.universe.gate?.(compiled.twin.name, compiled.operation.operationId)
  if (!held) return serve(compiled, bindings, rawParams)
  return held.then(() => serve(compiled, bindings, rawParams))
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
    const retryAfter = waitOf(struck.fault)
    if (retryAfter !== undefined) outcome.retryAfter = retryAfter
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

/** The reply of a call that threw, after its rows and chance were put back. */
function undone(compiled: Compiled, exchange: Exchange, outcome: Outcome, error: unknown): Reply {
  const { dialect } = compiled.twin
  if (error instanceof ServiceError)
    return dialect.finish ? dialect.finish(error.reply, exchange as never) : error.reply
  outcome.crash = error instanceof Error ? (error.stack ?? error.message) : String(error)
  return dialect.refuse({ kind: 'crash' }, exchange.request, exchange)
}

function finish(compiled: Compiled, exchange: Exchange, outcome: Outcome, reply: Reply): Response {
  const { twin, operation, services } = compiled
  const { universe, request } = exchange
  const { text, response } = respond(twin, reply, request, exchange, outcome.quotas)
  const changes = outcome.changes ?? NO_CHANGES
  if (changes.length) universe.onCommit?.(changes, universe)
  record(universe, request, {
    at: exchange.now,
    twin: twin.name,
    operation: operation.operationId,
    status: reply.status,
    response: text,
    caller: exchange.caller,
    changes,
    events: outcome.changes ? exchange.events : NO_CHANGES,
    unmodelled: compiled.handler ? exchange.unmodelledAnswers : [operation.operationId],
    throttled: outcome.throttled ?? false,
    retryAfter: outcome.retryAfter,
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

/** Answers a request that is no operation's, and records it like any call. */
export function answerUncalled(
  kernel: Kernel,
  { universe, request }: Bindings,
  reply: Reply,
  operation?: string,
): Response {
  const { text, response } = respond(kernel.twin, reply, request)
  const at = universe.clock.tick()
  record(universe, request, { at, twin: kernel.twin.name, operation, status: reply.status, response: text })
  return response
}
