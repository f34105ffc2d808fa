import { expect, it } from 'vitest'
import { Ledger } from '../../universe/ledger.ts'
import { Random } from '../../universe/random.ts'
import { shown } from './shown.ts'

it('shows bodies as long as there is room, and then their sizes', () => {
  const ledger = new Ledger()
  for (const response of ['first', 'second', 'third', undefined]) {
    ledger.append({
      at: 0,
      kind: 'call',
      twin: 'library',
      operation: 'createBook',
      method: 'POST',
      path: '/books',
      request: { headers: ['Accept', '*/*'], body: Buffer.from('title') },
      status: 201,
      response,
      caller: undefined,
      changes: [],
      events: [],
      unmodelled: [],
      throttled: false,
      fault: undefined,
      crash: undefined,
      random: new Random(1).state,
    })
  }
  const entries = shown(ledger.entries(), 'titlefirsttitlesecond'.length)
  expect(entries.map(({ request, response }) => [request?.body, response])).toEqual([
    ['title', 'first'],
    ['title', 'second'],
    ['<5 characters>', '<5 characters>'],
    ['<5 characters>', undefined],
  ])
})
