import assert from 'node:assert/strict'
import { drive } from '@googleapis/drive'
import { googleAuth, root } from './target.mjs'

const client = drive({ version: 'v3', auth: googleAuth() })
const folder = await client.files.create(
  { requestBody: { name: 'Folder', mimeType: 'application/vnd.google-apps.folder' } },
  root('DRIVE'),
)
for (const name of ['a', 'b', 'c']) {
  await client.files.create({ requestBody: { name, parents: [folder.data.id] } }, root('DRIVE'))
}
const q = `'${folder.data.id}' in parents`
const first = await client.files.list({ q, pageSize: 2, orderBy: 'name' }, root('DRIVE'))
const { nextPageToken: pageToken } = first.data
const second = await client.files.list({ q, pageSize: 2, orderBy: 'name', pageToken }, root('DRIVE'))
assert.deepEqual(
  [...first.data.files, ...second.data.files].map(({ name }) => name),
  ['a', 'b', 'c'],
)
