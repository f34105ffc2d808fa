import { expect, it } from 'vitest'
import { decide } from './votes.ts'

const NAMES = { p: 'pass', f: 'fail', u: 'unsure', x: undefined } as const
const votes = (letters: string) => [...letters].map((letter) => NAMES[letter as keyof typeof NAMES])

/** Pass, fail, unsure, spoiled; and what they come to with two votes enough, and with three wanted. */
it.each([
  ['', 'more', 'more'],
  ['p', 'more', 'more'],
  ['pp', 'pass', 'more'],
  ['ff', 'fail', 'more'],
  ['uu', 'undecided', 'more'],
  ['pf', 'more', 'more'],
  ['pu', 'more', 'more'],
  ['pfp', 'pass', 'pass'],
  ['pff', 'fail', 'fail'],
  ['pfu', 'undecided', 'undecided'],
  ['puu', 'undecided', 'undecided'],
  ['ppf', 'pass', 'pass'],
  ['xx', 'more', 'more'],
  ['xp', 'more', 'more'],
  ['xpp', 'pass', 'more'],
  ['xxff', 'fail', 'more'],
  ['xxfff', 'fail', 'fail'],
  ['xxffp', 'fail', 'fail'],
  ['xxxpp', 'pass', 'pass'],
  ['xxxxp', 'undecided', 'undecided'],
  ['xxxxx', 'undecided', 'undecided'],
])('%s: %s, or %s', (letters, two, three) => {
  expect(decide(votes(letters), false) ?? 'more').toBe(two)
  expect(decide(votes(letters), true) ?? 'more').toBe(three)
})
