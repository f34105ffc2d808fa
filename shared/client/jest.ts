import { Forks } from './forks.ts'
import type { Universe, UniverseOptions } from './index.ts'

/** The hooks of jest, which mocha and vitest with globals have too. */
export interface Hooks {
  beforeEach(work: () => Promise<void>): void
  afterEach(work: () => Promise<void>): void
  afterAll(work: () => Promise<void>): void
}

/**
 * A universe for each test of a file, forked from one that is seeded once. These are ES modules: run jest with
 * `NODE_OPTIONS=--experimental-vm-modules`.
 *
 * @example
 * const universe = useUniverse({ fixture: 'acme' })
 * it('greets', async () => { const { url, token } = universe().twin('slack') … })
 */
export function useUniverse(options: UniverseOptions = {}, hooks: Hooks = globalThis as never): () => Universe {
  const forks = new Forks(options)
  let current: Universe | undefined
  hooks.beforeEach(async () => {
    current = await forks.fork()
  })
  hooks.afterEach(async () => {
    await current?.dispose()
    current = undefined
  })
  hooks.afterAll(() => forks.dispose())
  return () => {
    if (!current) throw new Error('A universe is there inside of a test only')
    return current
  }
}
