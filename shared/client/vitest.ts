import { test as base } from 'vitest'
import { epitaph, Forks } from './forks.ts'
import type { Universe, UniverseOptions } from './index.ts'

/**
 * vitest's `test` with a universe for each test, forked from one that is seeded once per file. A failed test prints the
 * last calls.
 *
 * @example
 * const test = universeTest({ fixture: 'acme' })
 * test('greets', async ({ universe }) => { … })
 */
export function universeTest(options: UniverseOptions = {}) {
  const forks = new Forks(options)
  return base.extend<{ universe: Universe }>({
    universe: async ({ onTestFailed }, use) => {
      const universe = await forks.fork()
      onTestFailed(async () => console.error(await epitaph(universe)))
      await use(universe)
      await universe.dispose()
    },
  })
}

/** {@link universeTest} of a blank universe. */
export const test = universeTest()
