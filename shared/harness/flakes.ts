import type { Outcome } from './satisfaction.ts'

/** How a scenario's failures depend on the seed and on chance. */
export type Flakes = 'never' | 'always' | 'seed-dependent' | 'same-seed-flaky' | 'nondeterministic'

/** One run, as far as its label needs it. */
export interface Repeated {
  readonly outcome: Outcome
  /** What happened, as a digest; without one only outcomes are compared. */
  readonly digest?: string | undefined
}

/**
 * Labels a scenario by its runs, those of one seed together.
 *
 * `same-seed-flaky`: one seed ends now so, now so. `nondeterministic`: it always ends alike but not the same things happen,
 * which for software without a model means a race in it or a bug of a twin. `invalid` runs say nothing.
 */
export function flakiness(bySeed: readonly (readonly Repeated[])[]): Flakes {
  const counted = bySeed
    .map((runs) => runs.filter(({ outcome }) => outcome !== 'invalid'))
    .filter((runs) => runs.length)
  const differ = (by: (run: Repeated) => unknown) => counted.some((runs) => new Set(runs.map(by)).size > 1)
  if (differ(({ outcome }) => outcome === 'satisfied')) return 'same-seed-flaky'
  if (differ(({ digest }) => digest)) return 'nondeterministic'
  const failed = counted.filter(([first]) => first?.outcome !== 'satisfied').length
  if (failed === 0) return 'never'
  return failed === counted.length ? 'always' : 'seed-dependent'
}
