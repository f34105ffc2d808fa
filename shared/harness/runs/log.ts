import { appendFileSync, existsSync, mkdirSync, readFileSync, truncateSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { TrajectoryRecord } from '../report/record.ts'
import type { Scenario } from '../scenario.ts'
import type { Shard } from '../suite.ts'

/** What a run is: enough to continue it, and to sum it up without its scenario files. */
export interface RunHead {
  readonly version: 1
  readonly id: string
  /** Wall time it began, ISO. */
  readonly started: string
  readonly system: string
  readonly build?: string | undefined
  /** The words of the command line that started it, for `--resume`. */
  readonly args: readonly string[]
  readonly scenarios: readonly { readonly file: string; readonly digest: string; readonly scenario: Scenario }[]
  readonly shard?: Shard | undefined
}

/**
 * A run on disk: `run.json`, and `trajectories.jsonl` to which each finished trajectory is appended at once. A killed
 * process loses what was under way and nothing else; a last line that the kill cut short is dropped.
 */
export class RunLog {
  readonly folder: string
  readonly head: RunHead
  readonly #file: string

  private constructor(folder: string, head: RunHead) {
    this.folder = folder
    this.head = head
    this.#file = join(folder, 'trajectories.jsonl')
  }

  static begin(folder: string, head: RunHead): RunLog {
    mkdirSync(folder, { recursive: true })
    writeFileSync(join(folder, 'run.json'), `${JSON.stringify(head, null, 1)}\n`)
    return new RunLog(folder, head)
  }

  /** Throws an Error that says so when there is no run. */
  static open(folder: string): RunLog {
    const file = join(folder, 'run.json')
    if (!existsSync(file)) throw new Error(`No run in ${folder}`)
    return new RunLog(folder, JSON.parse(readFileSync(file, 'utf8')) as RunHead)
  }

  append(record: TrajectoryRecord): void {
    appendFileSync(this.#file, `${JSON.stringify(record)}\n`)
  }

  /** Every finished trajectory, each once. */
  records(): TrajectoryRecord[] {
    const lines = existsSync(this.#file) ? readFileSync(this.#file, 'utf8').split('\n') : []
    const records = lines.slice(0, -1).map((line) => JSON.parse(line) as TrajectoryRecord)
    return [...new Map(records.map((record) => [record.id, record])).values()]
  }

  /** Cuts off a line that a kill left unfinished, so that the next one begins on its own. */
  mend(): void {
    if (!existsSync(this.#file)) return
    const bytes = readFileSync(this.#file)
    truncateSync(this.#file, bytes.lastIndexOf(0x0a) + 1)
  }
}
