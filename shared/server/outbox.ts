import type { Delivery } from '../kernel/call.ts'
import { DELIVER } from '../kernel/exchange.ts'
import { type Attempt, type DueTask, systemTables } from '../universe/system.ts'
import { Table } from '../universe/table.ts'
import type { Universe } from '../universe/universe.ts'
import type { Multiverse } from './multiverse.ts'

/** How long a receiver may take, ms: Slack's three seconds are the shortest of the services. */
const PATIENCE = 3000
const LOOPBACK = /^(localhost|.*\.localhost|127(\.\d{1,3}){3}|\[::1\])$/

/** Result of one attempt, handed to the job a delivery names in `onResult`. */
export interface DeliveryResult {
  readonly delivery: Delivery
  /** 0 when nothing answered. */
  readonly status: number
  readonly body: string
  readonly reason?: string
  readonly attempts: number
}

/**
 * Carries out what universes scheduled: jobs of the twins, and deliveries with their retries. Under a running clock a
 * timer wakes it; under a standing one, advancing the clock does.
 */
export class Outbox {
  readonly #multiverse: Multiverse
  readonly #timers = new Map<Universe, NodeJS.Timeout>()
  readonly #underway = new Map<Universe, Set<Promise<void>>>()

  constructor(multiverse: Multiverse) {
    this.#multiverse = multiverse
  }

  /** Looks for due work now, and at the next instant something is due. Called after a commit that scheduled. */
  wake(universe: Universe): void {
    this.runDue(universe)
    this.#arm(universe)
  }

  /** Runs everything due by the universe's clock, oldest first. Jobs finish before it returns, deliveries go on. */
  runDue(universe: Universe): void {
    const tasks = new Table(universe.store, systemTables.tasks)
    if (tasks.size === 0) return
    const now = universe.clock.now()
    // A job may schedule more work for now; a chain longer than this is a bug that must not hang the process.
    for (let ran = 0; ran < 10_000; ran++) {
      const task = tasks.scan('at').next().value
      if (!task || task.at > now) return
      this.#start(universe, task)
    }
  }

  /** Resolves when no delivery is under way and nothing more is due. */
  async settle(universe: Universe): Promise<void> {
    for (;;) {
      this.runDue(universe)
      const underway = this.#underway.get(universe)
      if (!underway?.size) return
      await Promise.all(underway)
    }
  }

  /** Instant of the next scheduled work, for clocks that jump. */
  next(universe: Universe): number | undefined {
    return new Table(universe.store, systemTables.tasks).scan('at').next().value?.at
  }

  forget(universe: Universe): void {
    clearTimeout(this.#timers.get(universe))
    this.#timers.delete(universe)
  }

  close(): void {
    for (const timer of this.#timers.values()) clearTimeout(timer)
    this.#timers.clear()
  }

  /** Sends the request of a handler that waits for its answer. */
  ask(universe: Universe, delivery: Delivery): Promise<{ status: number; body: string; reason?: string }> {
    return send(universe, delivery, {})
  }

  #arm(universe: Universe): void {
    const next = this.next(universe)
    clearTimeout(this.#timers.get(universe))
    if (next === undefined || universe.clock.setting.mode !== 'real') {
      this.#timers.delete(universe)
      return
    }
    const wait = Math.min(Math.max(0, next - universe.clock.now()), 0x7fffffff)
    const timer = setTimeout(() => this.wake(universe), wait)
    timer.unref()
    this.#timers.set(universe, timer)
  }

  #start(universe: Universe, task: DueTask): void {
    const { apps } = this.#multiverse
    const twin = apps.get(task.twin)?.twin
    const deliver = task.kind === DELIVER
    const random = universe.random.state
    const at = universe.clock.now()
    try {
      const { changes, exchange } = this.#multiverse.run(universe, task.twin, (moment) => {
        new Table(universe.store, systemTables.tasks).remove(task.id)
        if (!deliver) twin?.jobs?.[task.kind]?.(moment, task.payload as never)
      })
      exchange.flushPushes()
      if (!deliver) this.#record(universe, task, { at, random, changes, events: exchange.events, status: 200 })
    } catch (error) {
      // A job that throws is undone with its rows; without this the task would come back for ever.
      const { changes } = universe.store.transaction(() =>
        new Table(universe.store, systemTables.tasks).remove(task.id),
      )
      this.#record(universe, task, { at, random, changes, status: 500, crash: String((error as Error).stack) })
    }
    if (deliver) this.#dispatch(universe, task, task.payload as Attempt)
  }

  /** A delivery on its way, or what a planned fault makes of it. */
  #dispatch(universe: Universe, task: DueTask, attempt: Attempt): void {
    const { delivery } = attempt
    const struck = universe.faulty
      ? universe.faults.strike(task.twin, `event:${delivery.kind}`, delivery.method ?? 'POST')
      : undefined
    if (struck?.fault.kind === 'late') {
      const at = universe.clock.now() + struck.fault.milliseconds
      this.#multiverse.run(universe, task.twin, (moment) => moment.schedule({ kind: DELIVER, at, payload: attempt }))
      this.#arm(universe)
      return
    }
    const deliver = () => this.#deliver(universe, task, attempt, struck?.name)
    this.#track(universe, struck?.fault.kind === 'duplicate' ? deliver().then(deliver) : deliver())
  }

  async #deliver(
    universe: Universe,
    task: DueTask,
    { delivery, attempt, reason }: Attempt,
    fault?: string,
  ): Promise<void> {
    const twin = this.#multiverse.app(task.twin).twin
    const repeated = attempt > 0 && reason ? twin.redeliver?.(delivery, attempt, reason) : undefined
    const extra = { ...repeated, ...twin.sign?.(delivery, Date.now()) }
    const result = await send(universe, delivery, extra)
    const random = universe.random.state
    const retry = delivery.retries?.[attempt]
    const again = result.reason !== undefined && retry !== undefined
    const { changes, exchange } = this.#multiverse.run(universe, task.twin, (moment) => {
      if (again) {
        const next: Attempt = { delivery, attempt: attempt + 1, reason: result.reason as string }
        moment.schedule({ kind: DELIVER, at: moment.now + retry, payload: next })
      } else if (delivery.onResult) {
        const outcome: DeliveryResult = { delivery, attempts: attempt + 1, ...result }
        twin.jobs?.[delivery.onResult]?.(moment, outcome as never)
      }
    })
    exchange.flushPushes()
    this.#record(universe, task, {
      at: universe.clock.now(),
      random,
      changes,
      status: result.status,
      method: delivery.method ?? 'POST',
      path: delivery.url,
      kind: 'delivery',
      operation: delivery.kind,
      sent: { ...delivery.headers, ...extra },
      body: delivery.body,
      response: result.body,
      fault,
    })
    this.wake(universe)
  }

  #track(universe: Universe, work: Promise<void>): void {
    const underway = this.#underway.get(universe) ?? new Set()
    this.#underway.set(universe, underway)
    const done = work.finally(() => {
      underway.delete(done)
      if (underway.size === 0) this.#underway.delete(universe)
    })
    underway.add(done)
  }

  #record(universe: Universe, task: DueTask, entry: Recorded): void {
    universe.ledger.append({
      at: entry.at,
      kind: entry.kind ?? 'job',
      twin: task.twin,
      operation: entry.operation ?? task.kind,
      method: entry.method ?? 'JOB',
      path: entry.path ?? task.kind,
      request:
        entry.body === undefined
          ? undefined
          : { body: Buffer.from(entry.body), headers: Object.entries(entry.sent ?? {}).flat() },
      status: entry.status,
      response: entry.response,
      caller: undefined,
      changes: entry.changes,
      events: entry.events ?? [],
      unmodelled: [],
      throttled: false,
      fault: entry.fault,
      crash: entry.crash,
      random: entry.random,
    })
  }
}

interface Recorded {
  at: number
  random: Universe['random']['state']
  changes: ReturnType<Multiverse['run']>['changes']
  status: number
  events?: ReturnType<Multiverse['run']>['exchange']['events']
  kind?: 'delivery'
  operation?: string
  method?: string
  path?: string
  sent?: Record<string, string>
  body?: string
  response?: string
  fault?: string | undefined
  crash?: string
}

/** Whether webhooks of this universe may go to a URL: loopback, and hosts the configuration names. */
export function mayReach(universe: Universe, url: string): boolean {
  if (!URL.canParse(url)) return false
  const { hostname, protocol } = new URL(url)
  return /^https?:$/.test(protocol) && (LOOPBACK.test(hostname) || universe.allowHosts.includes(hostname))
}

async function send(
  universe: Universe,
  delivery: Delivery,
  extra: Record<string, string>,
): Promise<{ status: number; body: string; reason?: string }> {
  if (!mayReach(universe, delivery.url)) {
    return { status: 0, body: 'Only loopback addresses are reached; allow a host by --allow', reason: 'not_allowed' }
  }
  try {
    const response = await fetch(delivery.url, {
      method: delivery.method ?? 'POST',
      headers: { ...delivery.headers, ...extra },
      ...(delivery.method === 'GET' ? {} : { body: delivery.body }),
      redirect: 'manual',
      signal: AbortSignal.timeout(PATIENCE),
    })
    const body = await response.text()
    const good = response.status >= 200 && response.status < 300
    return { status: response.status, body, ...(good ? {} : { reason: 'http_error' }) }
  } catch (error) {
    const timedOut = error instanceof Error && error.name === 'TimeoutError'
    return { status: 0, body: String(error), reason: timedOut ? 'http_timeout' : 'connection_failed' }
  }
}
