import type { RandomState } from '../universe/random.ts'
import type { Change } from '../universe/store.ts'
import { MalformedBody, mediaTypeOf, parseForm, parseJson, parseMultipart } from './body.ts'
import { type Problem, type QuotaState, type Refusal, ServiceError, type Step } from './dialect.ts'
import type { Exchange } from './exchange.ts'
import type { Incoming } from './incoming.ts'
import type { Compiled } from './services.ts'

/** What happened besides the reply, for headers and ledger. */
export interface Outcome {
  random: RandomState
  changes?: readonly Change[]
  quotas?: readonly QuotaState[]
  throttled?: boolean
  /** Seconds. */
  retryAfter?: number
  fault?: string
  crash?: string
}

/** The order of checks of a dialect that does not say otherwise. */
export const ALL_STEPS: readonly Step[] = ['authenticate', 'authorize', 'limit', 'parse', 'parameters', 'body']

/** The checks before a handler. Each throws the service's refusal, or leaves what it found in the exchange. */
export const STEPS: Record<Step, (compiled: Compiled, exchange: Exchange, outcome: Outcome) => void> = {
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
    const { limit, reset } = exhausted
    const retryAfter = Math.max(1, Math.ceil((reset - exchange.now) / 1000))
    outcome.retryAfter = retryAfter
    refuse(compiled, exchange, { kind: 'throttled', operation: compiled.operation, retryAfter, limit, reset })
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
  const json = mediaTypes.find((declared) => withoutParameters(declared).endsWith('json'))
  if (type === undefined) return json ?? mediaTypes[0]
  return (
    mediaTypes.find((declared) => withoutParameters(declared) === type) ??
    mediaTypes.find((declared) => declared === '*/*') ??
    mediaTypes.find((declared) => declared.endsWith('/*') && type.startsWith(declared.slice(0, -1))) ??
    (type.endsWith('json') ? json : undefined)
  )
}

/** Contracts name versions as parameters, some after a comma: `application/json, okta-version=1.0.0`. */
function withoutParameters(mediaType: string): string {
  const end = mediaType.search(/[;,]/)
  return end < 0 ? mediaType : mediaType.slice(0, end).trimEnd()
}
