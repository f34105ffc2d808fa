import type { sheets_v4 } from '@googleapis/sheets'
import { describe, expect, test } from 'vitest'
import { api, batch, refusal, spreadsheetId, useSheets, values, world, write } from './testing.ts'

useSheets()

test('a comment made here is one of Drive, and its reply resolves it', async () => {
  await write('B2', [['total']])
  const [made] = await batch({
    insertComment: { content: 'Is this right?', coordinate: { rowIndex: 1, columnIndex: 1 } },
  } as sheets_v4.Schema$Request)
  const { commentThread } = (made as { insertComment: { commentThread: { commentId: string } } }).insertComment
  expect(commentThread).toMatchObject({
    status: 'OPEN',
    plainTextQuote: 'total',
    headPost: { content: 'Is this right?', author: { me: true } },
  })
  await batch({
    addCommentReply: { commentId: commentThread.commentId, post: { content: 'Yes', commentAction: 'RESOLVE' } },
  } as sheets_v4.Schema$Request)
  const listed = await world.fetch(
    'drive',
    `/drive/v3/files/${spreadsheetId}/comments?fields=comments(id,content,resolved,replies(content,action))`,
  )
  expect(await listed.json()).toEqual({
    comments: [
      {
        id: commentThread.commentId,
        content: 'Is this right?',
        resolved: true,
        replies: [{ content: 'Yes', action: 'resolve' }],
      },
    ],
  })
})

describe('Drive and Sheets are one store', () => {
  test('a write moves the modified time, export and copy show it, a rename reaches the title', async () => {
    await write('A1', [
      ['a,b', 1],
      ['=B1+1', 'q"q'],
    ])
    const csv = await world.fetch('drive', `/drive/v3/files/${spreadsheetId}/export?mimeType=text/csv`)
    expect(await csv.text()).toBe('"a,b",1\r\n2,"q""q"')
    const copy = (await (
      await world.fetch('drive', `/drive/v3/files/${spreadsheetId}/copy`, {
        method: 'POST',
        body: '{"name":"Two"}',
        headers: { 'content-type': 'application/json' },
      })
    ).json()) as { id: string }
    expect((await values().get({ spreadsheetId: copy.id, range: 'A2' })).data.values).toEqual([['2']])
    await world.fetch('drive', `/drive/v3/files/${spreadsheetId}`, {
      method: 'PATCH',
      body: '{"name":"Renamed"}',
      headers: { 'content-type': 'application/json' },
    })
    expect((await api.spreadsheets.get({ spreadsheetId })).data.properties?.title).toBe('Renamed')
  })

  test('a download link gives one sheet as text', async () => {
    await batch({ addSheet: { properties: { title: 'Second', sheetId: 5 } } })
    await write('Second!A1', [['x', 2]])
    const reply = await world.fetch('sheets', `/spreadsheets/d/${spreadsheetId}/export?format=csv&gid=5`)
    expect([reply.headers.get('content-type'), await reply.text()]).toEqual([
      expect.stringContaining('text/csv'),
      'x,2',
    ])
  })

  test('an xlsx export is a workbook that comes in again', async () => {
    await write('A1', [
      ['text', 1.5],
      ['=B1*2', true],
    ])
    const type = 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet'
    const exported = await world.fetch('drive', `/drive/v3/files/${spreadsheetId}/export?mimeType=${type}`)
    const bytes = Buffer.from(await exported.arrayBuffer())
    const boundary = 'part'
    const metadata = JSON.stringify({ name: 'Back', mimeType: 'application/vnd.google-apps.spreadsheet' })
    const body = Buffer.concat([
      Buffer.from(
        `--${boundary}\r\ncontent-type: application/json\r\n\r\n${metadata}\r\n--${boundary}\r\ncontent-type: ${type}\r\n\r\n`,
      ),
      bytes,
      Buffer.from(`\r\n--${boundary}--`),
    ])
    const upload = await world.fetch('drive', '/upload/drive/v3/files?uploadType=multipart', {
      method: 'POST',
      body,
      headers: { 'content-type': `multipart/related; boundary=${boundary}` },
    })
    const { id } = (await upload.json()) as { id: string }
    const { data } = await values().get({ spreadsheetId: id, range: 'A1:B2', valueRenderOption: 'FORMULA' })
    expect(data.values).toEqual([
      ['text', 1.5],
      ['=B1*2', true],
    ])
  })

  test('an unknown id and a trailing slash', async () => {
    expect(await refusal(api.spreadsheets.get({ spreadsheetId: 'test' }))).toBe('404 Requested entity was not found.')
    expect((await world.fetch('sheets', `/v4/spreadsheets/${spreadsheetId}/`)).status).toBe(200)
  })

  test('a sheet is copied to another spreadsheet, formulas to their own copies', async () => {
    await write('A1', [[2, '=A1*2']])
    const { data: other } = await api.spreadsheets.create({ requestBody: {} })
    const destinationSpreadsheetId = other.spreadsheetId as string
    const { data } = await api.spreadsheets.sheets.copyTo({
      spreadsheetId,
      sheetId: 0,
      requestBody: { destinationSpreadsheetId },
    })
    expect(data).toMatchObject({
      title: 'Copy of Sheet1',
      index: 1,
      sheetType: 'GRID',
      gridProperties: { rowCount: 1000, columnCount: 26 },
    })
    const copied = await values().get({ spreadsheetId: destinationSpreadsheetId, range: "'Copy of Sheet1'!A1:B1" })
    expect(copied.data.values).toEqual([['2', '4']])
  })
})
