import type { TestContext } from 'node:test'
import { Forks } from './forks.ts'
import type { Universe, UniverseOptions } from './index.ts'

/**
 * A universe for each test of `node:test`, forked from one that is seeded once, removed when the test ends.
 *
 * @example
 * const fork = universes({ fixture: 'acme' })
 * test('greets', async (t) => { const universe = await fork(t) … })
 */
export function universes(options: UniverseOptions = {}): (t: Pick<TestContext, 'after'>) => Promise<Universe> {
  const forks = new Forks(options)
  return async (t) => {
    const universe = await forks.fork()
    t.after(() => universe.dispose())
    return universe
  }
}
