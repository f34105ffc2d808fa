import fc from 'fast-check'
import { expect, test } from 'vitest'
import { formatDuration, friendlyDuration, parseDuration } from './duration.ts'

test.each([
  ['1h 30m', 5400],
  ['1.5h', 5400],
  ['90', 5400],
  ['1d', 28_800],
  ['1w 2d 3h 30m', 214_200],
  ['2 hours', 7200],
])('%s is %d seconds', (text, seconds) => expect(parseDuration(text)).toBe(seconds))

test.each(['', 'soon', '1x', 'h', '-1h', '1h and more'])('%j is no duration', (text) => {
  expect(parseDuration(text)).toBeUndefined()
})

test('whole minutes survive writing and reading', () => {
  fc.assert(
    fc.property(fc.nat(1_000_000), (minutes) => {
      expect(parseDuration(formatDuration(minutes * 60))).toBe(minutes * 60)
    }),
  )
})

test('durations for people', () => expect(friendlyDuration(5400)).toBe('1 hour, 30 minutes'))
