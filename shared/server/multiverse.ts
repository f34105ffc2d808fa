import { twinApp } from '../kernel/app.ts'
import { Exchange, noRequest } from '../kernel/exchange.ts'
import type { Bindings, Services, TwinApp } from '../kernel/services.ts'
import type { Access, Moment, Person, Twin } from '../kernel/twin.ts'
import { Clock } from '../universe/clock.ts'
import { tagOf } from '../universe/credentials.ts'
import { Random } from '../universe/random.ts'
import { type Change, Store } from '../universe/store.ts'
import type { TableDefinitions } from '../universe/table.ts'
import { Universe, type UniverseOptions } from '../universe/universe.ts'
import { Outbox } from './outbox.ts'

/** A fixture ready to be seeded: people, and a checked section per twin. */
export interface Fixture {
  readonly name: string
  readonly people: readonly Person[]
  readonly sections: Readonly<Record<string, unknown>>
}

export const BLANK: Fixture = { name: 'blank', people: [], sections: {} }

export interface NewUniverse extends UniverseOptions {
  readonly id?: string
  readonly fixture?: Fixture
}

/** A fixture's seeded state, which universes are forked from. */
interface Template {
  readonly universe: Universe
  readonly fixture: Fixture
}

/** An unknown or taken universe id: what a person named does not exist, or already does. */
export class UniverseError extends Error {}

/**
 * All universes of a process and the twins they share.
 *
 * A fixture is seeded once, into a template; a universe begins as a fork of it.
 */
export class Multiverse {
  readonly outbox: Outbox
  readonly #apps = new Map<string, TwinApp>()
  readonly #services: Services
  readonly #universes = new Map<string, Universe>()
  readonly #byTag = new Map<string, Universe>()
  readonly #templates = new Map<string, Template>()
  /** The template a universe descends from, for twins that are installed after it. */
  readonly #origins = new WeakMap<Universe, Template>()
  /** Root URL of a twin of a universe, as the outside reaches it. The server sets it. */
  urlOf: (universe: Universe, twin: string) => string = (universe, twin) => `http://localhost/u/${universe.id}/${twin}`
  observe: Services['observe']
  #created = 0

  constructor(twins: readonly Twin[]) {
    this.outbox = new Outbox(this)
    this.#services = {
      baseOf: (twin, universe) => this.urlOf(universe, twin),
      isTag: (tag) => this.#byTag.has(tag),
      wake: (universe) => this.outbox.wake(universe),
      due: (universe) => this.outbox.runDue(universe),
      ask: (universe, delivery) => this.outbox.ask(universe, delivery),
      observe: (...reply) => this.observe?.(...reply),
    }
    this.install(twins)
  }

  /** Twins by name, in the order they were installed. */
  get apps(): ReadonlyMap<string, TwinApp> {
    return this.#apps
  }

  /**
   * Adds twins, with their defaults, to every universe there is. A process that starts answers for the twins it has
   * loaded while it loads the rest; twins that share rows are installed together.
   */
  install(twins: readonly Twin[]): void {
    for (const twin of twins) this.#apps.set(twin.name, twinApp(twin, this.#services))
    for (const template of this.#templates.values()) {
      const changes = this.#plant(template, twins)
      for (const universe of this.#universes.values()) {
        if (this.#origins.get(universe) === template) universe.graft(changes)
      }
    }
  }

  get universes(): IterableIterator<Universe> {
    return this.#universes.values()
  }

  get size(): number {
    return this.#universes.size
  }

  find(id: string): Universe | undefined {
    return this.#universes.get(id)
  }

  get(id: string): Universe {
    const universe = this.#universes.get(id)
    if (!universe) throw new UniverseError(`No universe ${JSON.stringify(id)}`)
    return universe
  }

  /** The universe a credential names by its tail. */
  byCredential(credential: string): Universe | undefined {
    return this.#byTag.get(credential.slice(-10))
  }

  create({ id = this.#newId(), fixture = BLANK, ...options }: NewUniverse = {}): Universe {
    const template = this.#template(fixture, options.clock)
    const { universe } = template
    return this.#keep(
      universe.fork(this.#free(id), { seed: 1, from: fixture.name, ...options, clock: options.clock ?? new Clock() }),
      template,
    )
  }

  fork(from: Universe, id = this.#newId(), options: UniverseOptions = {}): Universe {
    return this.#keep(from.fork(this.#free(id), options), this.#origins.get(from))
  }

  /** A universe as it was after entry `seq` of its ledger, as a universe of its own. */
  at(from: Universe, seq: number, id = this.#newId()): Universe {
    return this.#keep(from.at(seq, this.#free(id)), this.#origins.get(from))
  }

  /** Takes in a universe made elsewhere: recovery from disk. */
  adopt(universe: Universe): Universe {
    this.#free(universe.id)
    return this.#keep(universe)
  }

  delete(id: string): void {
    const universe = this.get(id)
    this.outbox.forget(universe)
    this.#universes.delete(id)
    this.#byTag.delete(universe.tag)
  }

  /** Runs `work` as one transaction of a twin, outside of any request: actions, jobs, merging a fixture. */
  moment<T>(universe: Universe, twin: string, work: (moment: Moment<TableDefinitions>) => T): T {
    const { exchange, result } = this.run(universe, twin, work)
    exchange.flushPushes()
    if (exchange.scheduled) this.outbox.wake(universe)
    return result
  }

  /** A person's action, recorded in the ledger like a call. */
  act<T>(universe: Universe, twin: Twin, action: string, work: (moment: Moment<TableDefinitions>) => T): T {
    const entry = {
      at: universe.clock.now(),
      kind: 'act' as const,
      twin: twin.name,
      operation: action,
      method: 'ACT',
      path: action,
      request: undefined,
      caller: undefined,
      unmodelled: [],
      throttled: false,
      fault: undefined,
      crash: undefined,
      random: universe.random.state,
    }
    try {
      const { result, changes, exchange } = this.run(universe, twin.name, work)
      const response = JSON.stringify(result)
      universe.ledger.append({ ...entry, status: 200, response, changes, events: exchange.events })
      exchange.flushPushes()
      if (exchange.scheduled) this.outbox.wake(universe)
      return result
    } catch (error) {
      universe.ledger.append({ ...entry, status: 400, response: String(error), changes: [], events: [] })
      throw error
    }
  }

  /** Like {@link moment}, leaving what it pushed and scheduled to the caller. */
  run<T>(universe: Universe, name: string, work: (moment: Moment<TableDefinitions>) => T) {
    const { host, twin } = this.app(name)
    const exchange = new Exchange(host, universe, noRequest(this.urlOf(universe, name)), universe.clock.tick())
    const random = universe.random.state
    try {
      const { result, changes } = universe.store.transaction(() => {
        const result = work(exchange as unknown as Moment<TableDefinitions>)
        if (twin.react) for (const event of exchange.events) twin.react(event, exchange as never)
        return result
      })
      if (changes.length) universe.onCommit?.(changes, universe)
      return { result, changes, exchange, random }
    } catch (error) {
      universe.random.state = random
      throw error
    }
  }

  app(twin: string): TwinApp {
    const app = this.#apps.get(twin)
    if (!app) throw new UniverseError(`No twin ${JSON.stringify(twin)}`)
    return app
  }

  /** Answers a request that was resolved to a twin of a universe. */
  serve(twin: string, bindings: Bindings): Response | Promise<Response> {
    return this.app(twin).fetch(bindings)
  }

  /** Adds a fixture's people and sections to a universe that already has the defaults. */
  seed(universe: Universe, fixture: Fixture): void {
    for (const { twin } of this.#apps.values()) {
      const random = universe.random.state
      universe.random.state = new Random(hash(`${fixture.name} ${twin.name}`)).state
      try {
        this.moment(universe, twin.name, (moment) => twin.seed?.(moment, fixture.people, fixture.sections[twin.name]))
      } finally {
        universe.random.state = random
      }
    }
  }

  /** URLs, credentials and variables of every twin. */
  access(universe: Universe): Record<string, Access> {
    const access: Record<string, Access> = {}
    for (const { twin } of this.#apps.values()) {
      const random = universe.random.state
      access[twin.name] = this.moment(universe, twin.name, (moment) =>
        twin.access(moment, this.urlOf(universe, twin.name)),
      )
      universe.random.state = random
    }
    return access
  }

  /** Each fixture is seeded once per start of time: a frozen clock makes relative times another template. */
  #template(fixture: Fixture, clock: Clock | undefined): Template {
    const start = clock && clock.setting.mode !== 'real' ? clock.now() : undefined
    const key = `${fixture.name} ${start ?? 'real'} ${hash(JSON.stringify([fixture.people, fixture.sections]))}`
    const known = this.#templates.get(key)
    if (known) return known
    const frozen = new Clock({ mode: 'frozen', at: start ?? Math.floor(new Clock().now() / 1000) * 1000 })
    const template = { universe: new Universe('template', new Store(), { clock: frozen, from: fixture.name }), fixture }
    this.#plant(
      template,
      [...this.#apps.values()].map(({ twin }) => twin),
    )
    if (this.#templates.size >= 32) this.#templates.clear()
    this.#templates.set(key, template)
    return template
  }

  /** Seeds twins into a template: first what a fresh account holds, then the fixture. Returns what came in. */
  #plant({ universe, fixture }: Template, twins: readonly Twin[]): Change[] {
    const planted: (readonly Change[])[] = []
    const plant = (twin: Twin, source: string, work: (moment: Moment<TableDefinitions>) => void) => {
      universe.random.state = new Random(hash(`${source} ${twin.name}`)).state
      planted.push(this.run(universe, twin.name, work).changes)
    }
    for (const twin of twins) plant(twin, 'defaults', (moment) => twin.defaults(moment))
    for (const twin of twins) {
      plant(twin, fixture.name, (moment) => twin.seed?.(moment, fixture.people, fixture.sections[twin.name]))
    }
    return planted.flat()
  }

  #keep(universe: Universe, origin?: Template): Universe {
    this.#universes.set(universe.id, universe)
    this.#byTag.set(universe.tag, universe)
    if (origin) this.#origins.set(universe, origin)
    this.outbox.wake(universe)
    return universe
  }

  #free(id: string): string {
    if (this.#universes.has(id)) throw new UniverseError(`Universe ${JSON.stringify(id)} exists already`)
    if (!/^[A-Za-z0-9][A-Za-z0-9._-]{0,62}$/.test(id))
      throw new UniverseError(`Not a universe id: ${JSON.stringify(id)}`)
    return id
  }

  #newId(): string {
    let id: string
    do id = `u${++this.#created}-${tagOf(`${this.#created}`).slice(0, 4)}`
    while (this.#universes.has(id))
    return id
  }
}

/** A 32-bit FNV-1a hash, to seed generators from names. */
function hash(text: string): number {
  let value = 0x811c9dc5
  for (let i = 0; i < text.length; i++) value = Math.imul(value ^ text.charCodeAt(i), 0x01000193)
  return value >>> 0
}
