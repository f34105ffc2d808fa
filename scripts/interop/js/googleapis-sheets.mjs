import assert from 'node:assert/strict'
import { sheets } from '@googleapis/sheets'
import { googleAuth, root } from './target.mjs'

const client = sheets({ version: 'v4', auth: googleAuth() })
const { data } = await client.spreadsheets.create({ requestBody: { properties: { title: 'Sums' } } }, root('SHEETS'))
const { spreadsheetId } = data
await client.spreadsheets.values.update(
  { spreadsheetId, range: 'A1:C1', valueInputOption: 'USER_ENTERED', requestBody: { values: [[1, 2, '=A1+B1']] } },
  root('SHEETS'),
)
const sum = await client.spreadsheets.values.get({ spreadsheetId, range: 'C1' }, root('SHEETS'))
assert.deepEqual(sum.data.values, [['3']])
