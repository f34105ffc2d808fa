import type { Instant } from '../universe/clock.ts'
import type { TableDefinitions, Tables } from '../universe/table.ts'
import type { Act } from './act.ts'
import type { Call, Delivery, DomainEvent, Handlers, OperationShape } from './call.ts'
import type { Contract } from './contract.ts'
import type { Dialect } from './dialect.ts'
import type { Reply } from './reply.ts'

/** What runs outside a request: seeding, jobs, reactions, human actions. A call without a caller or an operation. */
export type Moment<D extends TableDefinitions> = Omit<
  Call<OperationShape, D>,
  'operation' | 'params' | 'query' | 'body' | 'request' | 'caller' | 'ask'
>

/** A person of a fixture, in every service under the same e-mail. */
export interface Person {
  readonly email: string
  readonly firstName: string
  readonly lastName: string
  readonly title?: string
  readonly department?: string
  readonly manager?: string
  readonly timeZone?: string
  readonly admin?: boolean
}

/** Credentials and variables of one twin in one universe, for the ready line, `dtu env` and the control API. */
export interface Access {
  readonly url: string
  /** The header value that works. */
  readonly authorization: string
  readonly token: string
  /** Variables for the service's SDKs. */
  readonly env: Readonly<Record<string, string>>
  /** What the service needs beside: `email`, `userToken`, `serviceAccount`, `privateKey`, … */
  readonly [more: string]: unknown
}

/** A socket a client opened on a twin. Each of its moments is a transaction of its own. */
// biome-ignore lint/suspicious/noExplicitAny: the server holds sessions of twins of unrelated tables
export interface SocketSession<D extends TableDefinitions = any> {
  open?(moment: Moment<D>): void
  message(moment: Moment<D>, text: string): void
  close?(moment: Moment<D>): void
}

/** One service, assembled. */
// biome-ignore lint/suspicious/noExplicitAny: the registry holds twins of unrelated tables and callers
export interface Twin<O = any, D extends TableDefinitions = any, Who = any> {
  readonly name: string
  /** Loads the contract; called once. */
  readonly contract: () => Contract
  readonly dialect: Dialect<D, Who>
  readonly tables: D
  readonly operations: readonly Handlers<O, D, Who>[]
  /** What a fresh org, site, workspace or Drive contains, default credentials included. */
  defaults(moment: Moment<D>): void
  /** Adds the people, then the twin's own section of a fixture. `section` was checked by `fixture`. */
  seed?(moment: Moment<D>, people: readonly Person[], section: unknown): void
  /** zod schema of the twin's section in a fixture file. */
  readonly fixture?: import('zod').ZodType
  /** After each handler, per emitted event, inside the transaction: system log, webhooks, history. */
  react?(event: DomainEvent, moment: Moment<D>): void
  /** Scheduled work by task kind. */
  readonly jobs?: Readonly<Record<string, (moment: Moment<D>, payload: never) => void>>
  /** Headers a repeated delivery adds (Slack's X-Slack-Retry-Num); `attempt` counts from 1, `reason` is `http_error`, `http_timeout` or `connection_failed`. */
  redeliver?(delivery: Delivery, attempt: number, reason: string): Record<string, string>
  /**
   * Headers added to each attempt just before it is sent. `sentAt` is the machine's time, not the universe's: receivers
   * compare a signature's timestamp with their own clock (Slack's five minutes).
   */
  sign?(delivery: Delivery, sentAt: Instant): Record<string, string>
  /** What people do where the service has no API for it: `POST /api/universes/{id}/act/<twin>/<action>`. */
  readonly acts?: Readonly<Record<string, Act<Moment<D>>>>
  /** Signs somebody in, by e-mail: the authorization header of their own. `undefined`: they have no account. */
  signIn?(moment: Moment<D>, email: string): string | undefined
  /** Ready-made credentials. */
  access(moment: Moment<D>, url: string): Access
  /** Rows as the service's API shows them, for checks and the inspector: kind → rows. */
  readonly kinds?: Readonly<Record<string, (moment: Moment<D>) => readonly object[]>>
  /** Opens a WebSocket at a path below the twin's root. `undefined`: refused. */
  socket?(
    moment: Moment<D>,
    path: string,
    search: string,
    send: (text: string) => void,
    close: (code?: number) => void,
  ): { channel: string; session: SocketSession } | undefined
}

export type { Reply, Tables }

/**
 * Types the handlers of a twin once, so that operation files need no annotations.
 *
 * @example
 * // twins/okta/operations/define.ts
 * export const operations = handlersOf<Operations, typeof tables, OktaCaller>()
 * // twins/okta/operations/users.ts
 * export const users = operations({ getUser: ({ params, tables }) => ok(userView(…)) })
 */
export function handlersOf<O, D extends TableDefinitions, Who>() {
  return <H extends Handlers<O, D, Who>>(handlers: H): H => handlers
}

/** Keeps a twin's types while it is written as one literal. */
export function defineTwin<O, D extends TableDefinitions, Who>(twin: Twin<O, D, Who>): Twin<O, D, Who> {
  return twin
}
