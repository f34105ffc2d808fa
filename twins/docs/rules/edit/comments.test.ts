import { expect, test } from 'vitest'
import type { Request } from '../../../../openapi/types/docs.ts'
import { edit, insert, range, remove, view } from '../../testing/editing.ts'

const comment: Request = { insertComment: { content: 'Why?', range: range(7, 10) } }
const anchors = (...requests: Request[]) => {
  const { document } = edit([insert(1, 'Hello big world'), comment, ...requests])
  return Object.values(view(document, true).tabs?.[0]?.documentTab?.commentAnchors ?? {})
}

test('a comment quotes what it is about', () => {
  const { replies } = edit([insert(1, 'Hello big world'), comment])
  expect(replies[1]).toEqual({ insertComment: { commentThread: { anchorId: 'kix.1', plainTextQuote: 'big' } } })
})

test.each<[string, Request[], object[]]>([
  ['stays', [], [{ startIndex: 7, endIndex: 10 }]],
  ['moves behind what is put before it', [insert(1, 'Oh! ')], [{ startIndex: 11, endIndex: 14 }]],
  ['grows with what is put into it', [insert(8, '__')], [{ startIndex: 7, endIndex: 12 }]],
  ['shrinks with what is taken out of it', [remove(8, 9)], [{ startIndex: 7, endIndex: 9 }]],
])('an anchor %s', (_, requests, ranges) => {
  expect(anchors(...requests)).toEqual([{ anchorId: 'kix.1', ranges }])
})

test.each<[string, Request]>([
  ['its text', remove(7, 10)],
  ['its comment', { deleteComment: { commentId: 'kix.1' } }],
])('an anchor goes with %s', (_, request) => {
  expect(anchors(request)).toEqual([])
})

test.each<[Request, string]>([
  [{ insertComment: { content: 'x' } }, 'Invalid range: must contain a start and end index'],
  [{ insertComment: { content: 'x', range: range(3, 3) } }, 'The range should not be empty.'],
])('refuses %j', (request, message) => {
  expect(() => edit([request])).toThrow(message)
})
