import { createUniverse, type LedgerEntry, type Universe, type UniverseOptions } from './index.ts'

/** A universe that tests fork from: seeded once, on first use. */
export class Forks {
  readonly #options: UniverseOptions
  #root: Promise<Universe> | undefined

  constructor(options: UniverseOptions = {}) {
    this.#options = options
  }

  async fork(): Promise<Universe> {
    this.#root ??= createUniverse(this.#options)
    return (await this.#root).fork()
  }

  async dispose(): Promise<void> {
    await (await this.#root)?.dispose()
  }
}

/** What to print of a universe whose test failed: its last calls, and how to come back. */
export async function epitaph(universe: Universe): Promise<string> {
  const entries = await universe.ledger()
  return [`Universe ${universe.id}, seed ${universe.seed}; its last calls:`, ...entries.slice(-10).map(line)].join('\n')
}

const line = ({ seq, twin, status, method, path, changes }: LedgerEntry) =>
  `  ${seq} ${twin} ${status} ${method} ${path}${changes.length ? ` (${changes.length} changes)` : ''}`
