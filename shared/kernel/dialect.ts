import type { TableDefinitions } from '../universe/table.ts'
import type { Call, OperationShape } from './call.ts'
import type { Method, Operation, SecurityRequirement } from './contract.ts'
import type { Incoming } from './incoming.ts'
import type { Reply } from './reply.ts'

/** Why a request does not fit the contract. The dialect words it. */
export interface Problem {
  /** Where: a parameter's place, or the body. */
  readonly in: 'path' | 'query' | 'header' | 'body'
  /** Parameter name, or the members and positions that lead to the value in the body. Empty: the body itself. */
  readonly path: readonly (string | number)[]
  /** What failed: the JSON Schema keyword (`type`, `required`, `enum`, `maxLength`, `additionalProperties`, …). */
  readonly keyword: string
  /** The keyword's own argument: the missing property, the allowed values, the limit. */
  readonly expected: unknown
  /** What came. */
  readonly actual: unknown
  /** The schema that refused, for type names. */
  readonly schema?: unknown
}

/** A refusal that the kernel, not a handler, found. */
export type Refusal =
  /** No operation has this path. */
  | { kind: 'unknown-route' }
  /** The path exists, not with this verb. */
  | { kind: 'wrong-verb'; allowed: readonly string[] }
  /** The contract has the operation; the twin has no handler: 501, counted. */
  | { kind: 'unmodelled'; operation: Operation }
  | { kind: 'media-type'; operation: Operation; received: string | undefined }
  /** The body does not parse. `detail` is the parser's message. */
  | { kind: 'malformed'; operation: Operation; detail: string }
  | { kind: 'too-large'; limit: number }
  | { kind: 'invalid'; operation: Operation; problems: readonly Problem[] }
  /** A fault of the universe's plan, or the rate-limit plan in force. */
  | { kind: 'throttled'; operation: Operation; retryAfter: number; limit: number; reset: number }
  | { kind: 'unavailable'; status: number; detail?: string }
  /** A bug in the twin. The ledger names it; the caller learns only what the service would say. */
  | { kind: 'crash' }

/**
 * A refusal in the service's own terms, thrown by handlers and dialects. Each twin's `errors.ts` makes them from its
 * catalogue: `throw fail('E0000007', id, 'User')`.
 */
export class ServiceError extends Error {
  readonly reply: Reply
  constructor(reply: Reply, message = `${reply.status}`) {
    super(message)
    this.reply = reply
  }
}

/** A rate-limit bucket a call draws from. */
export interface Quota {
  /** Calls with the same key share the bucket. */
  readonly key: string
  readonly limit: number
  /** ms. */
  readonly window: number
}

/** State of a bucket after a call, for the service's headers. */
export interface QuotaState extends Quota {
  readonly remaining: number
  /** When the bucket is full again. */
  readonly reset: number
}

/** A step of the request pipeline; it throws a {@link ServiceError} or calls `context.refuse`. */
export type Step = 'authenticate' | 'authorize' | 'limit' | 'parse' | 'parameters' | 'body'

// biome-ignore lint/suspicious/noExplicitAny: a dialect sees the calls of every operation of its twin
export type AnyCall<D extends TableDefinitions, Who> = Call<any, D, Who>

/** A call before its parameters and body are known to be good. */
export type EarlyCall<D extends TableDefinitions, Who> = Omit<Call<OperationShape, D, Who>, 'caller'> & {
  readonly caller: Who | undefined
}

/** The rendered answer to one call of a batch. */
export interface BatchedReply {
  readonly status: number
  readonly headers: Headers
  readonly body: Uint8Array
}

/** How a service speaks. One per twin, the only place that knows its envelope, headers and order of checks. */
export interface Dialect<D extends TableDefinitions = TableDefinitions, Who = unknown> {
  /** The order in which checks win. Left out steps do not happen. */
  readonly steps: readonly Step[]
  /** Largest body accepted, bytes (uploads are larger: see `bodyLimit`). */
  readonly bodyLimit?: (operation: Operation) => number
  /** The path to route on: tolerated trailing or doubled slashes, versions (`latest`). Default: as sent. */
  readonly route?: (path: string) => string
  /** HEAD is answered as GET without a body unless the service has none. */

  /** The credential of a request, if any, as sent; the server asks it which universe is meant. */
  credential(request: Incoming): string | undefined
  /** Who calls. Throws the service's refusal; may return an anonymous caller. */
  authenticate(call: EarlyCall<D, Who>): Who
  /** Whether the caller may use the operation (scopes, token kinds). Throws the service's refusal. */
  authorize?(call: AnyCall<D, Who>, alternatives: readonly SecurityRequirement[]): void
  /** Buckets the call draws from, with the service's published limits. */
  quotas?(call: EarlyCall<D, Who>): readonly Quota[]

  /** Parses a body. Default: JSON when the contract has JSON, forms, multipart. Return value goes to the check. */
  parse?(call: EarlyCall<D, Who>): unknown
  /** Changes arguments before the check: Slack's merge of query, form and JSON. */
  arguments?(call: EarlyCall<D, Who>): { query?: Record<string, unknown>; body?: unknown }
  /** Which problems the service would refuse; the rest are forgiven. Default: all. */
  objects?(problem: Problem, operation: Operation): boolean

  /** The wire form of a refusal. */
  refuse(refusal: Refusal, request: Incoming, call?: EarlyCall<D, Who>): Reply
  /** Last touch on every reply: field masks, pretty printing, ETag, warnings. */
  finish?(reply: Reply, call: AnyCall<D, Who>): Reply
  /** Headers of every reply of this service. `call` is absent when no operation was found. */
  headers?(
    reply: Reply,
    request: Incoming,
    call?: EarlyCall<D, Who>,
    quotas?: readonly QuotaState[],
  ): Record<string, string | readonly string[]>
  /** JSON text and its content type. Default `JSON.stringify` and `application/json`. */
  json?(body: unknown, request: Incoming): string
  readonly jsonType?: string
  /** One request that holds several, each a call and a transaction of its own: Google's batch endpoint. */
  readonly batch?: {
    /** Whether this is such a request. Its body is not read yet. */
    matches(request: Incoming): boolean
    /** The calls inside. Throws a {@link ServiceError} when they cannot be told apart. */
    split(request: Incoming): readonly Incoming[]
    join(request: Incoming, replies: readonly BatchedReply[]): Reply
  }
  /** Verbs answered for a path besides the contract's: OPTIONS for CORS. */
  preflight?(request: Incoming, allowed: readonly Method[]): Reply
}
