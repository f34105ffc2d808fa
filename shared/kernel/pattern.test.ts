import { expect, test } from 'vitest'
import { readPattern } from './pattern.ts'

test.each([
  ['^\\p{L}[\\p{L}\\p{Digit}_]{1,9}-\\p{Digit}{1,9}$', 'ANV-12', true],
  ['^\\p{L}[\\p{L}\\p{Digit}_]{1,9}-\\p{Digit}{1,9}$', 'A-12', false],
  ['^\\p{L}[\\p{L}\\p{Digit}_]{1,9}-\\p{Digit}{1,9}$', 'ÄB_2-1', true],
  ['^\\p{Upper}\\p{Lower}*$', 'Anvil', true],
  ['^\\p{Upper}\\p{Lower}*$', 'anvil', false],
  ['^(?>atomic)$', 'what JavaScript cannot read refuses nothing', true],
])('%s on %s: %s', (pattern, text, matches) => {
  expect(readPattern(pattern, 'u').test(text)).toBe(matches)
})
