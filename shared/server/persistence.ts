import { closeSync, existsSync, ftruncateSync, mkdirSync, openSync, readFileSync, rmSync, writeSync } from 'node:fs'
import { join } from 'node:path'
import { Low } from 'lowdb'
import { JSONFile } from 'lowdb/node'
import { Clock, type ClockSetting } from '../universe/clock.ts'
import { Random, type RandomState } from '../universe/random.ts'
import { type Change, Store } from '../universe/store.ts'
import { type Snapshot, Universe } from '../universe/universe.ts'
import type { Multiverse } from './multiverse.ts'

/** A state on disk, as its difference from the checkpoint's rows. */
interface Point {
  readonly changes: readonly Change[]
  readonly random: RandomState
  readonly clock: ClockSetting
}

/** A universe on disk: everything but its ledger. */
interface Checkpoint {
  readonly id: string
  readonly seed: number
  readonly from: string
  readonly allowHosts: readonly string[]
  /** Number of the log that continues this checkpoint. */
  readonly log: number
  readonly random: RandomState
  readonly clock: ClockSetting
  readonly rows: readonly Change[]
  /** Snapshots, and where the universe began. */
  readonly points: Readonly<Record<string, Point>>
}

interface Catalogue {
  version: 1
  universes: Record<string, { readonly file: string }>
}

/** What one commit appends to the log; `snapshot` names the state it leads to. */
interface LogLine extends Point {
  readonly snapshot?: string
}

/** Commits between checkpoints. */
const CHECKPOINT_EVERY = 2000

export interface Persistence {
  /** Keeps a universe from now on; resolves when it is on disk. */
  keep(universe: Universe): Promise<void>
  /** Stops keeping it, and forgets it on disk. */
  drop(id: string): Promise<void>
  close(): Promise<void>
}

/**
 * Keeps universes in a folder across restarts.
 *
 * Every commit is appended to the universe's log before its reply goes out, so a killed process loses nothing it
 * acknowledged; lowdb keeps the checkpoints the logs continue, each written beside the old one and then put in its
 * place. A log line cut short by the kill was never acknowledged, and is dropped.
 */
export async function openPersistence(folder: string, multiverse: Multiverse): Promise<Persistence> {
  mkdirSync(folder, { recursive: true })
  const catalogue = new Low<Catalogue>(new JSONFile(join(folder, 'universes.json')), { version: 1, universes: {} })
  await catalogue.read()
  const kept = new Map<string, Keeper>()
  for (const [id, { file }] of Object.entries(catalogue.data.universes)) {
    const keeper = new Keeper(folder, file)
    const universe = await keeper.load()
    if (!universe) throw new Error(`${join(folder, file)} is missing: universe ${id} cannot be restored`)
    multiverse.adopt(universe)
    kept.set(id, keeper)
  }
  return {
    async keep(universe) {
      if (kept.has(universe.id)) return
      const file = `${universe.id}.json`
      const keeper = new Keeper(folder, file)
      kept.set(universe.id, keeper)
      await keeper.begin(universe)
      catalogue.data.universes[universe.id] = { file }
      await catalogue.write()
    },
    async drop(id) {
      const keeper = kept.get(id)
      if (!keeper) return
      kept.delete(id)
      delete catalogue.data.universes[id]
      await catalogue.write()
      await keeper.finish()
      keeper.remove()
    },
    async close() {
      for (const keeper of kept.values()) await keeper.finish()
    },
  }
}

/** One universe's checkpoint and log. */
class Keeper {
  readonly #folder: string
  readonly #file: string
  #universe: Universe | undefined
  #log: number | undefined
  #logNumber = 0
  #lines = 0
  #writing = Promise.resolve()

  constructor(folder: string, file: string) {
    this.#folder = folder
    this.#file = file
  }

  async load(): Promise<Universe | undefined> {
    const low = new Low<Checkpoint | null>(new JSONFile(join(this.#folder, this.#file)), null)
    await low.read()
    const checkpoint = low.data
    if (!checkpoint) return undefined
    const universe = restored(checkpoint)
    this.#logNumber = checkpoint.log
    // A checkpoint under way when the process was killed left the logs before and after it: both continue the old one.
    for (let number = checkpoint.log; existsSync(this.#logPath(number)); number++) {
      for (const line of readLog(this.#logPath(number))) {
        universe.store.replay(line.changes.map(revive))
        universe.random.state = line.random
        universe.clock.set(line.clock)
        if (line.snapshot !== undefined) universe.snapshot(line.snapshot)
      }
      this.#logNumber = number
    }
    this.#watch(universe)
    return universe
  }

  /** Starts keeping a universe. */
  begin(universe: Universe): Promise<void> {
    // Logs of an earlier universe of this name must not be read as this one's.
    for (let number = 1; existsSync(this.#logPath(number)); number++) rmSync(this.#logPath(number))
    this.#watch(universe)
    this.#checkpoint(universe)
    return this.#writing
  }

  /** Waits for checkpoints under way and lets go of the files. */
  async finish(): Promise<void> {
    await this.#writing
    if (this.#universe) this.#universe.onCommit = undefined
    if (this.#log !== undefined) closeSync(this.#log)
    this.#log = undefined
  }

  remove(): void {
    rmSync(join(this.#folder, this.#file), { force: true })
    rmSync(this.#logPath(this.#logNumber), { force: true })
  }

  #watch(universe: Universe): void {
    this.#universe = universe
    this.#open()
    universe.onCommit = (changes, { random, clock }, snapshot) => {
      const line: LogLine = {
        changes,
        random: random.state,
        clock: clock.setting,
        ...(snapshot === undefined ? {} : { snapshot }),
      }
      writeSync(this.#log as number, `${JSON.stringify(line, replaceBytes)}\n`)
      if (++this.#lines >= CHECKPOINT_EVERY) this.#checkpoint(universe)
    }
  }

  /** Begins a new log at once; the checkpoint it continues is written meanwhile, the older logs serving until then. */
  #checkpoint(universe: Universe): void {
    const finished = this.#logNumber
    this.#logNumber++
    const text = JSON.stringify(checkpointOf(universe, this.#logNumber), replaceBytes)
    this.#open()
    this.#writing = this.#writing.then(async () => {
      await new Low<unknown>(new JSONFile(join(this.#folder, this.#file)), JSON.parse(text)).write()
      for (let number = finished; existsSync(this.#logPath(number)); number--) rmSync(this.#logPath(number))
    })
  }

  #open(): void {
    if (this.#log !== undefined) closeSync(this.#log)
    const path = this.#logPath(this.#logNumber)
    this.#log = openSync(path, 'a')
    ftruncateSync(this.#log, completeLength(path))
    this.#lines = 0
  }

  #logPath(number: number): string {
    return join(this.#folder, `${this.#file.replace(/\.json$/, '')}.${number}.log`)
  }
}

function checkpointOf(universe: Universe, log: number): Checkpoint {
  const points = [...universe.points].map(([name, { store, random, clock }]): [string, Point] => [
    name,
    { changes: store.diff(universe.store), random: random.state, clock: clock.setting },
  ])
  return {
    id: universe.id,
    seed: universe.seed,
    from: universe.createdFrom,
    allowHosts: universe.allowHosts,
    log,
    random: universe.random.state,
    clock: universe.clock.setting,
    rows: universe.store.diff(new Store()),
    points: Object.fromEntries(points),
  }
}

function restored(checkpoint: Checkpoint): Universe {
  const store = new Store()
  store.replay(checkpoint.rows.map(revive))
  const universe = new Universe(checkpoint.id, store, {
    seed: checkpoint.seed,
    from: checkpoint.from,
    allowHosts: checkpoint.allowHosts,
    clock: new Clock(checkpoint.clock),
    random: new Random(checkpoint.random),
  })
  const points = Object.entries(checkpoint.points).map(([name, point]): [string, Snapshot] => {
    const past = store.fork()
    past.replay(point.changes.map(revive))
    return [name, { store: past, random: new Random(point.random), clock: new Clock(point.clock) }]
  })
  universe.remember(new Map(points))
  return universe
}

/** Length of the whole lines of a log: what follows was cut short. */
function completeLength(path: string): number {
  return readFileSync(path).lastIndexOf(0x0a) + 1
}

function readLog(path: string): LogLine[] {
  const text = readFileSync(path, 'utf8')
  return text
    .slice(0, text.lastIndexOf('\n') + 1)
    .split('\n')
    .filter(Boolean)
    .map((line) => JSON.parse(line) as LogLine)
}

/** Bytes in rows go to disk as base64. */
function replaceBytes(this: unknown, key: string, value: unknown): unknown {
  const raw = (this as Record<string, unknown>)[key] // Buffers have a toJSON that has already run on `value`
  return raw instanceof Uint8Array ? { $bytes: Buffer.from(raw).toString('base64') } : value
}

function revive(change: Change): Change {
  return reviveBytes(change) as Change
}

function reviveBytes(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(reviveBytes)
  if (value === null || typeof value !== 'object') return value
  const bytes = (value as { $bytes?: unknown }).$bytes
  if (typeof bytes === 'string') return new Uint8Array(Buffer.from(bytes, 'base64'))
  return Object.fromEntries(Object.entries(value).map(([key, part]) => [key, reviveBytes(part)]))
}
