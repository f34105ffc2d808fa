import { execFileSync } from 'node:child_process'
import fc from 'fast-check'
import { expect, it } from 'vitest'
import { quoted } from './again.ts'

it('quotes words so that a shell reads them back', () => {
  const word = fc.string({ maxLength: 12 }).filter((text) => !text.includes('\0'))
  fc.assert(
    fc.property(fc.array(word, { maxLength: 4 }), (words) => {
      const read = execFileSync('sh', ['-c', `for word in ${quoted(words)}; do printf '%s\\036' "$word"; done`])
      expect(read.toString().split('\x1e').slice(0, -1)).toEqual(words)
    }),
    { numRuns: 40 },
  )
})

it('leaves plain words plain', () => {
  expect(quoted(['run', 'a/b.yaml', '--faults', 'jira.createIssue#1:lost-reply'])).toBe(
    "run a/b.yaml --faults 'jira.createIssue#1:lost-reply'",
  )
})
