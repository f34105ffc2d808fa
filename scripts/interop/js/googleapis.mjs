import assert from 'node:assert/strict'
import { google } from 'googleapis'
import { googleAuth, root } from './target.mjs'

const auth = googleAuth()
const drive = google.drive({ version: 'v3', auth })
const sheets = google.sheets({ version: 'v4', auth })
const media = { mimeType: 'text/plain', body: 'Hello' }
const file = await drive.files.create({ requestBody: { name: 'hello.txt' }, media }, root('DRIVE'))
const content = await drive.files.get(
  { fileId: file.data.id, alt: 'media' },
  { ...root('DRIVE'), responseType: 'text' },
)
assert.equal(content.data, 'Hello')
const sheet = await sheets.spreadsheets.create({ requestBody: { properties: { title: 'Sums' } } }, root('SHEETS'))
const found = await drive.files.list({ q: "name = 'Sums'" }, root('DRIVE'))
assert.deepEqual(
  found.data.files.map(({ id }) => id),
  [sheet.data.spreadsheetId],
)
