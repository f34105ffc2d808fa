import { randomBytes } from 'node:crypto'
import { existsSync, mkdirSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { Low } from 'lowdb'
import { JSONFile } from 'lowdb/node'
import type { SuiteResult } from '../results.ts'
import { type RunHead, RunLog } from './log.ts'

/** One run in the index: what history shows. */
export interface RunSummary {
  readonly id: string
  readonly started: string
  readonly system: string
  readonly build?: string | undefined
  /** Digests of its scenarios, sorted: runs of the same suite can be compared. */
  readonly suite: string
  readonly mean: number | undefined
  readonly low: number | undefined
  readonly high: number | undefined
  readonly trajectories: number
  readonly invalid: number
  readonly met: boolean
}

interface Index {
  version: 1
  runs: RunSummary[]
  /** Times a holdout was evaluated, by scenario digest and system; and the score last told. */
  holdouts: Record<string, Record<string, Told>>
}

/** What was told of a holdout to whoever builds one system. */
export interface Told {
  readonly peeks: number
  readonly mean: number
  readonly low: number
  readonly high: number
}

/** Runs in a folder: one folder each, and an index of what came out. */
export class RunStore {
  readonly folder: string
  readonly #index: Low<Index>

  constructor(folder: string) {
    mkdirSync(folder, { recursive: true })
    this.folder = folder
    this.#index = new Low<Index>(new JSONFile(join(folder, 'index.json')), { version: 1, runs: [], holdouts: {} })
  }

  begin(head: Omit<RunHead, 'version' | 'id' | 'started'>): RunLog {
    const started = new Date().toISOString()
    const time = started.slice(0, 23).replaceAll(/[:.-]/g, '').replace('T', '-')
    const id = `${time}-${randomBytes(2).toString('hex')}`
    return RunLog.begin(join(this.folder, id), { version: 1, id, started, ...head })
  }

  /** A run by its id, a run's folder by its path, or the newest of all by `last`. */
  open(name: string): RunLog {
    if (name === 'last') {
      const newest = this.#ids().at(-1)
      if (newest === undefined) throw new Error(`No run in ${this.folder}`)
      return RunLog.open(join(this.folder, newest))
    }
    const own = join(this.folder, name)
    if (existsSync(join(own, 'run.json'))) return RunLog.open(own)
    return RunLog.open(name)
  }

  /** Every run begun, oldest first: an id begins with its time. */
  #ids(): string[] {
    return readdirSync(this.folder, { withFileTypes: true })
      .filter((entry) => entry.isDirectory())
      .map(({ name }) => name)
      .sort()
  }

  /** Finished runs, oldest first. */
  async summaries(): Promise<readonly RunSummary[]> {
    await this.#index.read()
    return this.#index.data.runs.toSorted((a, b) => (a.started < b.started ? -1 : 1))
  }

  async finish(head: RunHead, { satisfaction, scenarios, met }: SuiteResult): Promise<void> {
    const summary: RunSummary = {
      ...{ id: head.id, started: head.started, system: head.system, build: head.build, suite: suiteOf(head) },
      ...{ mean: satisfaction?.mean, low: satisfaction?.interval.low, high: satisfaction?.interval.high, met },
      trajectories: scenarios.reduce((sum, { trajectories }) => sum + trajectories.length, 0),
      invalid: scenarios.reduce((sum, { counts }) => sum + counts.invalid, 0),
    }
    await this.#index.read()
    await this.#index.update((index) => {
      index.runs = [...index.runs.filter(({ id }) => id !== summary.id), summary]
    })
  }

  async told(scenario: string, system: string): Promise<Told | undefined> {
    await this.#index.read()
    return this.#index.data.holdouts[scenario]?.[system]
  }

  async tell(scenario: string, system: string, told: Told): Promise<void> {
    await this.#index.read()
    await this.#index.update(({ holdouts }) => {
      holdouts[scenario] = { ...holdouts[scenario], [system]: told }
    })
  }
}

/** Names a set of scenarios, whatever their order. */
export const suiteOf = ({ scenarios }: Pick<RunHead, 'scenarios'>): string =>
  scenarios
    .map(({ digest }) => digest.slice(0, 6))
    .sort()
    .join('-')
