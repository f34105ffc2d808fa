import assert from 'node:assert/strict'
import { docs } from '@googleapis/docs'
import { googleAuth, root } from './target.mjs'

const client = docs({ version: 'v1', auth: googleAuth() })
const { data } = await client.documents.create({ requestBody: { title: 'Letter' } }, root('DOCS'))
const { documentId } = data
const requests = [{ insertText: { location: { index: 1 }, text: 'Dear all' } }]
await client.documents.batchUpdate({ documentId, requestBody: { requests } }, root('DOCS'))
const letter = await client.documents.get({ documentId }, root('DOCS'))
assert.match(JSON.stringify(letter.data.body), /Dear all/)
