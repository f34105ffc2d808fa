import { type drive_v3, drive as driveApi } from '@googleapis/drive'
import { OAuth2Client } from 'google-auth-library'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { BatchUpdateDocumentResponse, Document, Request } from '../../../openapi/types/docs.ts'
import { openWorld, type World } from '../../../shared/testing/world.ts'

let world: World
let drive: drive_v3.Drive
let documentId: string

beforeAll(async () => {
  world = await openWorld({ twins: ['docs', 'drive'] })
  const auth = new OAuth2Client()
  auth.setCredentials({ access_token: world.access.drive.token })
  drive = driveApi({ version: 'v3', auth, rootUrl: `${world.access.drive.url}/` })
  documentId = ((await (await post('/v1/documents', { title: 'Discussed' })).json()) as Document).documentId as string
})
afterAll(() => world?.close())

const post = (path: string, body: object) =>
  world.fetch('docs', path, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  })
const batch = async (...requests: Request[]) =>
  (await (await post(`/v1/documents/${documentId}:batchUpdate`, { requests })).json()) as BatchUpdateDocumentResponse
const get = async (): Promise<Document> => {
  const query = 'includeTabsContent=true&commentsViewMode=COMMENTS_VIEW_MODE_INCLUDED'
  return (await (await world.fetch('docs', `/v1/documents/${documentId}?${query}`)).json()) as Document
}

test('a thread begun here is shown by Drive, answered, rewritten, resolved and deleted', async () => {
  const { replies = [], commentUpdateState } = await batch(
    { insertText: { text: 'Hello world', location: { index: 1 } } },
    { insertComment: { content: 'Which <one>?', range: { startIndex: 7, endIndex: 12 } } },
  )
  expect(commentUpdateState).toBe('ALL_SAVED')
  const { commentId = '', anchorId = '' } = replies[1]?.insertComment?.commentThread ?? {}
  const made = await get()
  expect(made.comments).toMatchObject([
    { commentId, anchorId, plainTextQuote: 'world', headPost: { content: 'Which <one>?', author: { me: true } } },
  ])
  expect(made.tabs?.[0]?.documentTab?.commentAnchors).toEqual({
    [anchorId]: { anchorId, ranges: [{ startIndex: 7, endIndex: 12 }] },
  })
  const fields = 'content,anchor,resolved,quotedFileContent(value),replies(content,action)'
  const seen = async () => (await drive.comments.get({ fileId: documentId, commentId, fields })).data
  expect(await seen()).toMatchObject({
    content: 'Which <one>?',
    anchor: anchorId,
    quotedFileContent: { value: 'world' },
  })

  const answered = await batch(
    { addCommentReply: { commentId, post: { content: 'This' } } },
    { addCommentReply: { commentId, post: { commentAction: 'RESOLVE' } } },
    { updateCommentPost: { commentId, content: 'Which?' } },
  )
  const postId = answered.replies?.[0]?.addCommentReply?.post?.postId as string
  await batch({ updateCommentPost: { commentId, postId, content: 'That' } })
  expect(await seen()).toMatchObject({
    content: 'Which?',
    resolved: true,
    replies: [{ content: 'That' }, { action: 'resolve' }],
  })
  await batch({ deleteCommentReply: { commentId, postId } })
  expect((await seen()).replies).toEqual([{ action: 'resolve' }])
  await batch({ deleteComment: { commentId } })
  const gone = await get()
  expect([gone.comments, gone.tabs?.[0]?.documentTab?.commentAnchors]).toEqual([[], undefined])
})

test.each<[Request, number, string]>([
  [{ addCommentReply: { commentId: 'x', post: { content: 'a' } } }, 400, 'addCommentReply: No comment with id: x'],
  [
    { insertComment: { range: { startIndex: 1, endIndex: 2 } } },
    400,
    'insertComment: The comment content must not be empty.',
  ],
  [{ deleteCommentReply: { suggestionId: 'suggest.x', postId: 'y' } }, 501, 'deleteCommentReply on a suggestion'],
])('%j is refused', async (request, status, message) => {
  const reply = await post(`/v1/documents/${documentId}:batchUpdate`, { requests: [request] })
  expect([reply.status, await reply.text()]).toEqual([status, expect.stringContaining(message)])
})
