import { type docs_v1, docs as docsClient } from '@googleapis/docs'
import { type drive_v3, drive as driveClient } from '@googleapis/drive'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { openWorld, type World } from '../../../shared/testing/world.ts'

let world: World
let docs: docs_v1.Docs
let drive: drive_v3.Drive

beforeAll(async () => {
  world = await openWorld({ twins: ['docs', 'drive'] })
  const { docs: docsAccess, drive: driveAccess } = world.access
  docs = docsClient({
    version: 'v1',
    rootUrl: `${docsAccess.url}/`,
    headers: { authorization: docsAccess.authorization },
  })
  drive = driveClient({
    version: 'v3',
    rootUrl: `${driveAccess.url}/`,
    headers: { authorization: driveAccess.authorization },
  })
})
afterAll(() => world.close())

async function written(title: string, text: string): Promise<string> {
  const { data } = await docs.documents.create({ requestBody: { title } })
  const documentId = data.documentId as string
  await docs.documents.batchUpdate({
    documentId,
    requestBody: { requests: [{ insertText: { text, location: { index: 1 } } }] },
  })
  return documentId
}

const textOf = async (documentId: string) => {
  const { data } = await docs.documents.get({ documentId })
  const elements = data.body?.content?.flatMap(({ paragraph }) => paragraph?.elements ?? []) ?? []
  return elements.map(({ textRun }) => textRun?.content ?? '').join('')
}

test('a document is a Drive file at once, and every edit changes it', async () => {
  const { data: made } = await docs.documents.create({ requestBody: { title: 'Minutes' } })
  const fileId = made.documentId as string
  const fields = 'id,name,mimeType,parents,version,modifiedTime,size'
  const before = (await drive.files.get({ fileId, fields })).data
  expect(before).toMatchObject({ id: fileId, name: 'Minutes', mimeType: 'application/vnd.google-apps.document' })
  expect(before.parents).toHaveLength(1)
  await docs.documents.batchUpdate({
    documentId: fileId,
    requestBody: { requests: [{ insertText: { text: 'Quorum of walruses', location: { index: 1 } } }] },
  })
  const after = (await drive.files.get({ fileId, fields })).data
  expect(Number(after.version)).toBeGreaterThan(Number(before.version))
  const found = await drive.files.list({ q: "fullText contains 'walruses'" })
  expect(found.data.files?.map(({ id }) => id)).toEqual([fileId])
})

test('Drive renames, copies, trashes and deletes it', async () => {
  const fileId = await written('Old name', 'Body')
  await drive.files.update({ fileId, requestBody: { name: 'New name' } })
  expect((await docs.documents.get({ documentId: fileId })).data.title).toBe('New name')
  const { data: copy } = await drive.files.copy({ fileId, requestBody: { name: 'Copy' } })
  expect(await textOf(copy.id as string)).toBe('Body\n')
  await drive.files.update({ fileId, requestBody: { trashed: true } })
  expect(await textOf(fileId)).toBe('Body\n')
  await drive.files.delete({ fileId })
  await expect(docs.documents.get({ documentId: fileId })).rejects.toMatchObject({ status: 404 })
})

test('a link to a file shows its title', async () => {
  const target = await written('The target', 'Here')
  const documentId = await written('The source', 'See: ')
  const uri = `https://docs.google.com/document/d/${target}/edit`
  await docs.documents.batchUpdate({
    documentId,
    requestBody: { requests: [{ insertRichLink: { richLinkProperties: { uri }, endOfSegmentLocation: {} } }] },
  })
  const { data } = await docs.documents.get({ documentId })
  expect(data.body?.content?.[1]?.paragraph?.elements?.[1]?.richLink?.richLinkProperties).toEqual({
    title: 'The target',
    uri,
    mimeType: 'application/vnd.google-apps.document',
  })
})

test('comments made in Drive are threads of the document', async () => {
  const fileId = await written('Discussed', 'Text')
  const { data: comment } = await drive.comments.create({
    fileId,
    fields: 'id',
    requestBody: { content: 'Why <this>?' },
  })
  const commentId = comment.id as string
  await drive.replies.create({ fileId, commentId, fields: 'id', requestBody: { content: 'Done', action: 'resolve' } })
  const path = `/v1/documents/${fileId}?includeTabsContent=true&commentsViewMode=COMMENTS_VIEW_MODE_INCLUDED&fields=comments`
  const { comments } = (await (await world.fetch('docs', path)).json()) as { comments: object[] }
  expect(comments).toMatchObject([
    {
      commentId,
      status: 'RESOLVED',
      headPost: { postId: commentId, content: 'Why <this>?', contentHtml: 'Why &lt;this&gt;?', author: { me: true } },
      replies: [{ content: 'Done', commentAction: 'RESOLVE' }],
    },
  ])
})

test('a document that Drive made is one', async () => {
  const mimeType = 'application/vnd.google-apps.document'
  const { data } = await drive.files.create({ requestBody: { name: 'Made in Drive', mimeType } })
  expect(await textOf(data.id as string)).toBe('\n')
})

test('exports', async () => {
  const fileId = await written('Export', 'Hello\nworld')
  const exported = async (mimeType: string) =>
    (await drive.files.export({ fileId, mimeType }, { responseType: 'arraybuffer' })).data as ArrayBuffer
  const text = async (mimeType: string) => Buffer.from(await exported(mimeType)).toString()
  expect(await text('text/plain')).toBe('\uFEFFHello\r\nworld')
  expect(await text('text/markdown')).toBe('Hello\n\nworld\n')
  expect(await text('text/html')).toContain('world')
  expect((await text('application/pdf')).slice(0, 5)).toBe('%PDF-')
  const word = 'application/vnd.openxmlformats-officedocument.wordprocessingml.document'
  expect((await text(word)).slice(0, 2)).toBe('PK')
})

test('an upload becomes a document when asked to', async () => {
  const response = await world.fetch('drive', '/upload/drive/v3/files?uploadType=multipart', {
    method: 'POST',
    headers: { 'content-type': 'multipart/related; boundary=b' },
    body: [
      '--b',
      'content-type: application/json',
      '',
      JSON.stringify({ name: 'From Markdown', mimeType: 'application/vnd.google-apps.document' }),
      '--b',
      'content-type: text/markdown',
      '',
      '# Title\n\n- one\n- two\n',
      '--b--',
      '',
    ].join('\r\n'),
  })
  const { id } = (await response.json()) as { id: string }
  const { data } = await docs.documents.get({ documentId: id })
  expect(data.body?.content?.[1]?.paragraph?.paragraphStyle?.namedStyleType).toBe('HEADING_1')
  expect(data.body?.content?.filter(({ paragraph }) => paragraph?.bullet)).toHaveLength(2)
})

test('a reader reads without revision or suggestions, and does not write; strangers are refused', async () => {
  const documentId = await written('Shared', 'Text')
  const asKey = { key: world.access.docs.apiKey as string }
  const anonymous = docsClient({ version: 'v1', rootUrl: `${world.access.docs.url}/`, params: asKey })
  await expect(anonymous.documents.get({ documentId })).rejects.toMatchObject({ status: 403 })
  await drive.permissions.create({ fileId: documentId, requestBody: { type: 'anyone', role: 'reader' } })
  const { data } = await anonymous.documents.get({ documentId })
  expect(data).toMatchObject({ title: 'Shared', suggestionsViewMode: 'PREVIEW_WITHOUT_SUGGESTIONS' })
  expect(data.revisionId).toBeUndefined()
  await expect(
    anonymous.documents.get({ documentId, suggestionsViewMode: 'SUGGESTIONS_INLINE' }),
  ).rejects.toMatchObject({ status: 403 })
})

test('other kinds of files are no documents', async () => {
  const folder = await drive.files.create({
    requestBody: { name: 'Folder', mimeType: 'application/vnd.google-apps.folder' },
  })
  await expect(docs.documents.get({ documentId: folder.data.id as string })).rejects.toMatchObject({ status: 404 })
  const blob = await drive.files.create({ requestBody: { name: 'notes.docx' } })
  await expect(docs.documents.get({ documentId: blob.data.id as string })).rejects.toMatchObject({
    status: 400,
    message: 'This operation is not supported for this document',
  })
})
