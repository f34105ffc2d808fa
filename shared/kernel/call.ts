import type { Instant } from '../universe/clock.ts'
import type { Random } from '../universe/random.ts'
import type { TableDefinitions, Tables } from '../universe/table.ts'
import type { Operation } from './contract.ts'
import type { Incoming } from './incoming.ts'
import type { Reply } from './reply.ts'

/** The types of one operation, generated from the contract. */
export interface OperationShape {
  params: object
  query: object
  body: unknown
}

/** All operations of a contract: operation id → its types. */
export type Operations = Record<string, OperationShape>

/** Something that happened, told to the twin's `react` after the handler and before the commit. */
export interface DomainEvent {
  readonly type: string
  readonly [detail: string]: unknown
}

/** A request the universe sends out after the commit: a webhook. Retried on the universe's clock. */
export interface Delivery {
  readonly url: string
  readonly method?: string
  readonly headers?: Readonly<Record<string, string>>
  readonly body: string
  /** What it is for, shown in the ledger: `event_hook`, `events_api`, `webhook`. */
  readonly kind: string
  /** Waits before each retry, ms. Empty: sent once. */
  readonly retries?: readonly number[]
  /** Named job of the twin, run with the result once the delivery ended. */
  readonly onResult?: string
  readonly context?: unknown
}

/** Work for later, run by the twin's `jobs[kind]` when the universe's clock gets there. */
export interface Task {
  readonly kind: string
  readonly at: Instant
  readonly payload?: unknown
  /** Replaces an earlier task of the same key, and names it for {@link Call.cancel}. */
  readonly key?: string
}

/**
 * Everything a handler may touch. A handler is a synchronous function of it: what it reads and writes is `tables`,
 * what it knows of time and chance is here, and a throw undoes all of it.
 */
export interface Call<
  Op extends OperationShape = OperationShape,
  D extends TableDefinitions = TableDefinitions,
  Who = unknown,
> {
  readonly operation: Operation
  /** Path parameters, decoded and coerced. */
  readonly params: Op['params']
  /** Query parameters (Slack: all arguments), coerced; defaults of the contract are not filled in. */
  readonly query: Op['query']
  /** Parsed and checked body. */
  readonly body: Op['body']
  readonly request: Incoming
  /** Who calls: what the dialect's `authenticate` returned. */
  readonly caller: Who
  readonly tables: Tables<D>
  /** The instant of this call; the same however often it is asked. */
  readonly now: Instant
  /** The universe's chance: seeded, rolled back when the call fails. */
  readonly random: Random
  /** The next number of a counter of this universe, from 1 (or `start`): `call.sequence('issue', 10000)`. */
  sequence(counter: string, start?: number): number
  /** Absolute URL below the twin's root, as the caller addressed it. */
  link(path: string): string
  /** Root of another twin as this caller would address it: `call.baseOf('slack')`. */
  baseOf(twin: string): string
  /** A secret of this universe as it goes over the wire: see `shared/universe/credentials.ts`. */
  seal(secret: string): string
  /** The stored secret behind a credential of this universe; `undefined` when it belongs to another one. */
  open(credential: string): string | undefined
  emit(event: DomainEvent): void
  deliver(delivery: Delivery): void
  schedule(task: Task): void
  cancel(key: string): void
  /**
   * Asks another server before answering (Okta's inline hooks): the call is undone, the request is sent, and the call
   * runs again with the answer at hand. Everything before it must depend on the call alone.
   */
  ask(delivery: Delivery): { readonly status: number; readonly body: string; readonly reason?: string }
  /** A message to open sockets of a channel (Slack's Socket Mode), after the commit. */
  push(channel: string, message: unknown): void
  /** Counts an answer the twin knows to be less than the real service's. Shown in the ledger. */
  unmodelled(what: string): void
}

/** The behaviour of one operation. */
export type Handler<
  Op extends OperationShape = OperationShape,
  D extends TableDefinitions = TableDefinitions,
  Who = unknown,
> = (call: Call<Op, D, Who>) => Reply

/** Handlers by operation id; the ids and types are the contract's. */
export type Handlers<O, D extends TableDefinitions, Who> = {
  [Id in keyof O]?: O[Id] extends OperationShape ? Handler<O[Id], D, Who> : never
}
