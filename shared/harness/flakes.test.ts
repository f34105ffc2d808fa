import { expect, it } from 'vitest'
import { flakiness, type Repeated } from './flakes.ts'

const run = (outcome: Repeated['outcome'], digest?: string): Repeated => ({ outcome, digest })
const [good, bad, odd, void_] = [run('satisfied'), run('unsatisfied'), run('undecided'), run('invalid')]

it.each([
  [[[good, good], [good]], 'never'],
  [[[bad, odd], [bad]], 'always'],
  [[[bad, bad], [good]], 'seed-dependent'],
  [[[bad, good], [good]], 'same-seed-flaky'],
  [[[void_, good], [good]], 'never'],
  [[], 'never'],
  [[[run('unsatisfied', 'a'), run('unsatisfied', 'b')], [good]], 'nondeterministic'],
  [[[run('unsatisfied', 'a'), run('unsatisfied', 'a')], [run('satisfied', 'b')]], 'seed-dependent'],
  [[[run('unsatisfied', 'a'), run('satisfied', 'b')]], 'same-seed-flaky'],
] as const)('labels %j as %s', (bySeed, label) => {
  expect(flakiness(bySeed)).toBe(label)
})
