import { Clock } from './clock.ts'
import { TAG_LENGTH, tagOf } from './credentials.ts'
import { FaultPlan } from './faults.ts'
import { Ledger } from './ledger.ts'
import { Limits } from './limits.ts'
import { Random } from './random.ts'
import type { Change, Store } from './store.ts'

export interface UniverseOptions {
  readonly seed?: number
  readonly clock?: Clock
  readonly ledgerCapacity?: number
  /** What it was made from, for people: a fixture or a universe. */
  readonly from?: string
  /** Where webhooks may go besides loopback: host names. */
  readonly allowHosts?: readonly string[]
}

/** A point in a universe's life to return to. */
export interface Snapshot {
  readonly store: Store
  readonly random: Random
  readonly clock: Clock
}

/** One isolated world: rows, clock, seed and ledger. Thousands live in one process. */
export class Universe {
  readonly id: string
  readonly tag: string
  readonly seed: number
  readonly store: Store
  readonly random: Random
  readonly clock: Clock
  readonly allowHosts: readonly string[]
  readonly createdFrom: string
  #ledger: Ledger | undefined
  #limits: Limits | undefined
  #faults: FaultPlan | undefined
  #origin: Snapshot | undefined
  #snapshots: Map<string, Snapshot> | undefined
  #ledgerCapacity: number | undefined
  /** Called with every committed batch of changes, and with the name of each snapshot taken: persistence. */
  onCommit: ((changes: readonly Change[], universe: Universe, snapshot?: string) => void) | undefined
  /**
   * Asked before every call: what has to happen first is done before it returns, and a call it gives a promise for waits.
   * Exploration changes the order of commits with it. Not state: a fork has none.
   */
  gate: ((twin: string, operation: string) => Promise<void> | undefined) | undefined
  /** Open sockets by channel: Slack's Socket Mode. Not state: a fork starts with none. */
  sockets: Map<string, Set<(message: unknown) => void>> | undefined

  constructor(id: string, store: Store, options: UniverseOptions & { random?: Random } = {}) {
    this.id = id
    this.tag = tagOf(id)
    this.seed = options.seed ?? 1
    this.store = store
    this.random = options.random ?? new Random(this.seed)
    this.clock = options.clock ?? new Clock()
    this.allowHosts = options.allowHosts ?? NONE
    this.createdFrom = options.from ?? 'nothing'
    this.#ledgerCapacity = options.ledgerCapacity
  }

  get ledger(): Ledger {
    this.#ledger ??= new Ledger(this.#ledgerCapacity)
    return this.#ledger
  }

  get limits(): Limits {
    this.#limits ??= new Limits()
    return this.#limits
  }

  get faults(): FaultPlan {
    this.#faults ??= new FaultPlan()
    return this.#faults
  }

  /** Whether any fault is planned: one comparison, without making a plan. */
  get faulty(): boolean {
    return this.#faults !== undefined && !this.#faults.empty
  }

  /** Marks the present as the state {@link reset} returns to. Constant time. */
  begin(): this {
    this.#origin = this.#take()
    return this
  }

  /** A world that goes on from here on its own. Constant time, whatever it holds. */
  fork(id: string, options: UniverseOptions = {}): Universe {
    const child = new Universe(id, this.store.fork(), {
      ...options,
      seed: options.seed ?? this.seed,
      random: options.seed === undefined ? new Random(this.random.state) : new Random(options.seed),
      clock: options.clock ?? this.clock.fork(),
      allowHosts: options.allowHosts ?? this.allowHosts,
      from: options.from ?? this.id,
    })
    if (this.faulty) child.#faults = this.faults.fork()
    if (this.#limits) child.limits.plan = this.#limits.plan
    return child.begin()
  }

  /** Back to the state the universe began with; the ledger goes on. */
  reset(): void {
    if (this.#origin) this.#return(this.#origin)
  }

  snapshot(name: string): void {
    this.#snapshots ??= new Map()
    this.#snapshots.set(name, this.#take())
    this.onCommit?.(NO_CHANGES, this, name)
  }

  /** Puts back points read from disk: snapshots, and under {@link ORIGIN} where it began. */
  remember(points: ReadonlyMap<string, Snapshot>): void {
    this.#snapshots = new Map(points)
    this.#origin = this.#snapshots.get(ORIGIN) ?? this.#origin
    this.#snapshots.delete(ORIGIN)
  }

  /** Every point this universe can return to. */
  get points(): ReadonlyMap<string, Snapshot> {
    const points = new Map(this.#snapshots)
    if (this.#origin) points.set(ORIGIN, this.#origin)
    return points
  }

  get snapshots(): readonly string[] {
    return this.#snapshots ? [...this.#snapshots.keys()] : []
  }

  /** Returns to a snapshot; false when there is none of that name. */
  restore(name: string): boolean {
    const snapshot = this.#snapshots?.get(name)
    if (snapshot) this.#return(snapshot)
    return snapshot !== undefined
  }

  /**
   * The world as it was just after entry `seq` of the ledger, as a fork under a new id.
   * Throws a RangeError when the ledger no longer reaches back that far.
   */
  at(seq: number, id: string): Universe {
    const { ledger } = this
    if (seq > ledger.last || seq < ledger.first - 1) {
      throw new RangeError(`The ledger of ${this.id} holds ${ledger.first}…${ledger.last}, not ${seq}`)
    }
    const past = this.fork(id)
    let instant = this.clock.now()
    for (let later = ledger.last; later > seq; later--) {
      const entry = ledger.get(later)
      if (!entry) continue
      past.store.revert(entry.changes)
      past.random.state = entry.random
      instant = entry.at
    }
    if (seq < ledger.last) past.clock.set({ mode: 'frozen', at: instant })
    return past.begin()
  }

  /** Takes in rows that were there from the beginning, as far as anybody can tell: a twin installed late. */
  graft(changes: readonly Change[]): void {
    this.store.replay(changes)
    this.#origin?.store.replay(changes)
  }

  /** Rows that differ from another universe, or from this one's beginning. */
  diff(base?: Universe): Change[] {
    const store = base?.store ?? this.#origin?.store
    return store ? this.store.diff(store) : []
  }

  /** A stored secret as it goes over the wire. */
  seal(secret: string): string {
    return secret + this.tag
  }

  /** The stored secret behind a credential. Another universe's credential opens to nothing. */
  open(credential: string, isTag: (tag: string) => boolean): string | undefined {
    const tail = credential.slice(-TAG_LENGTH)
    if (tail === this.tag) return credential.slice(0, -TAG_LENGTH)
    return isTag(tail) ? undefined : credential
  }

  #take(): Snapshot {
    return { store: this.store.fork(), random: new Random(this.random.state), clock: this.clock.fork() }
  }

  #return(snapshot: Snapshot): void {
    const left = this.onCommit && this.store.fork()
    this.store.adopt(snapshot.store)
    this.random.state = snapshot.random.state
    this.clock.set(snapshot.clock.setting)
    if (left) this.onCommit?.(this.store.diff(left), this)
  }
}

/** Name of the point a universe began at; no snapshot can have it. */
export const ORIGIN = ''

const NONE: readonly string[] = []
const NO_CHANGES: readonly Change[] = []
