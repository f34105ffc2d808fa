import type { Instant } from '../universe/clock.ts'
import type { Random } from '../universe/random.ts'
import { type Attempt, type DueTask, systemTables } from '../universe/system.ts'
import { Table, type TableDefinitions, type Tables } from '../universe/table.ts'
import type { Universe } from '../universe/universe.ts'
import type { Call, Delivery, DomainEvent, OperationShape, Task } from './call.ts'
import type { Operation } from './contract.ts'
import type { Incoming } from './incoming.ts'

/** What the kernel lends to every call of a twin. */
export interface Host {
  readonly twin: string
  makeTables(universe: Universe): Tables<TableDefinitions>
  /** Root of another twin in this universe, as this caller would address it. */
  baseOf(twin: string, universe: Universe, base: string): string
  isTag(tag: string): boolean
}

/** Thrown by `ask` until the answer is there: the pipeline undoes the call, asks, and runs it again. */
export class Question {
  readonly delivery: Delivery
  constructor(delivery: Delivery) {
    this.delivery = delivery
  }
}

export interface Answer {
  /** 0 when none came. */
  readonly status: number
  readonly body: string
  /** Why it is no good answer; `not_allowed`: nobody was asked, the address is not to be reached from here. */
  readonly reason?: string
}

const NO_LIST: readonly never[] = []
const NOTHING = Object.freeze({})

/** The one implementation of {@link Call}: a request, or a moment outside of one, in its universe. */
export class Exchange implements Call<OperationShape, TableDefinitions, unknown> {
  readonly universe: Universe
  readonly host: Host
  readonly request: Incoming
  readonly now: Instant
  operation!: Operation
  params: object = NOTHING
  query: object = NOTHING
  body: unknown
  caller: unknown
  tables: Tables<TableDefinitions>
  answers: readonly Answer[] = NO_LIST
  #asked = 0
  #events: DomainEvent[] | undefined
  #pushes: { channel: string; message: unknown }[] | undefined
  #unmodelled: string[] | undefined
  #scheduled = false

  constructor(host: Host, universe: Universe, request: Incoming, now: Instant) {
    this.host = host
    this.universe = universe
    this.request = request
    this.now = now
    this.tables = host.makeTables(universe)
  }

  get random(): Random {
    return this.universe.random
  }

  get events(): readonly DomainEvent[] {
    return this.#events ?? NO_LIST
  }

  get unmodelledAnswers(): readonly string[] {
    return this.#unmodelled ?? NO_LIST
  }

  get scheduled(): boolean {
    return this.#scheduled
  }

  /** Forgets what a failed or repeated run collected. */
  restart(): void {
    this.#asked = 0
    this.#events = undefined
    this.#pushes = undefined
    this.#unmodelled = undefined
    this.#scheduled = false
    this.caller = undefined
  }

  sequence(counter: string, start = 1): number {
    const counters = new Table(this.universe.store, systemTables.counters)
    const name = `${this.host.twin} ${counter}`
    const value = (counters.get(name)?.value ?? start - 1) + 1
    counters.put({ name, value })
    return value
  }

  link(path: string): string {
    return this.request.base + path
  }

  baseOf(twin: string): string {
    return this.host.baseOf(twin, this.universe, this.request.base)
  }

  seal(secret: string): string {
    return this.universe.seal(secret)
  }

  open(credential: string): string | undefined {
    return this.universe.open(credential, this.host.isTag)
  }

  emit(event: DomainEvent): void {
    this.#events ??= []
    this.#events.push(event)
  }

  deliver(delivery: Delivery): void {
    const attempt: Attempt = { delivery, attempt: 0 }
    this.schedule({ kind: DELIVER, at: this.now, payload: attempt })
  }

  schedule(task: Task): void {
    if (task.key !== undefined) this.cancel(task.key)
    const row: DueTask = {
      id: String(this.sequence('task')).padStart(12, '0'),
      twin: this.host.twin,
      kind: task.kind,
      at: task.at,
      ...(task.key === undefined ? {} : { key: task.key }),
      ...(task.payload === undefined ? {} : { payload: task.payload }),
    }
    new Table(this.universe.store, systemTables.tasks).insert(row)
    this.#scheduled = true
  }

  cancel(key: string): void {
    const tasks = new Table(this.universe.store, systemTables.tasks)
    const known = tasks.by('key', [this.host.twin, key])
    if (known) tasks.remove(known.id)
  }

  ask(delivery: Delivery): Answer {
    const answer = this.answers[this.#asked++]
    if (!answer) throw new Question(delivery)
    return answer
  }

  push(channel: string, message: unknown): void {
    this.#pushes ??= []
    this.#pushes.push({ channel, message })
  }

  unmodelled(what: string): void {
    this.#unmodelled ??= []
    this.#unmodelled.push(what)
  }

  /** After the commit: what sockets were promised. */
  flushPushes(): void {
    if (!this.#pushes) return
    for (const { channel, message } of this.#pushes) {
      const sockets = this.universe.sockets?.get(channel)
      if (sockets) for (const send of sockets) send(message)
    }
    this.#pushes = undefined
  }
}

/** Kind of the task that sends a {@link Delivery}. */
export const DELIVER = '@deliver'

/** The request of a moment that has none: seeding, jobs, actions. */
export function noRequest(base: string): Incoming {
  return {
    method: 'ACT',
    path: '',
    search: '',
    base,
    header: () => undefined,
    rawHeaders: [],
    bytes: new Uint8Array(),
    text: '',
  }
}
