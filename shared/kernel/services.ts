import type { Universe } from '../universe/universe.ts'
import type { Handler } from './call.ts'
import type { Contract, Operation } from './contract.ts'
import type { Step } from './dialect.ts'
import type { Answer, Host, Question } from './exchange.ts'
import type { Incoming } from './incoming.ts'
import type { ParameterPlan } from './parameters.ts'
import type { Twin } from './twin.ts'
import type { RequestChecks } from './validate.ts'

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

/** What all operations of a twin share. */
export interface Kernel {
  readonly twin: Twin
  readonly contract: Contract
  readonly host: Host
  readonly services: Services
  readonly checks: RequestChecks
}

/** An operation made ready on its first call. */
export interface Compiled extends Kernel {
  readonly operation: Operation
  readonly handler: Handler | undefined
  readonly plan: ParameterPlan
  readonly steps: readonly Step[]
  readonly mediaTypes: readonly string[]
  readonly bodyLimit: number
}
