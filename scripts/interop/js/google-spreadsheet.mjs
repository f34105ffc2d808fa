import assert from 'node:assert/strict'
import { GoogleSpreadsheet } from 'google-spreadsheet'
import { googleAuth } from './target.mjs'

const auth = googleAuth()
const created = await GoogleSpreadsheet.createNewSpreadsheetDocument(auth, { title: 'Rows' })
const sheet = await created.addSheet({ title: 'People', headerValues: ['name', 'age'] })
await sheet.addRow({ name: 'Ada', age: 36 })
const again = new GoogleSpreadsheet(created.spreadsheetId, auth)
await again.loadInfo()
const [row] = await again.sheetsByTitle.People.getRows()
assert.equal(row.get('name'), 'Ada')
