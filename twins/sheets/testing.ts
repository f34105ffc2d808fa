import { auth, type sheets_v4, sheets as sheetsApi } from '@googleapis/sheets'
import { afterAll, beforeAll, beforeEach } from 'vitest'
import { openWorld, type World } from '../../shared/testing/world.ts'

/** What the wire tests of Sheets share: a world, the real client, and a new spreadsheet before each test. */

export let world: World
export let api: sheets_v4.Sheets
export let spreadsheetId: string

/** A client of whom an access token belongs to. */
export function clientFor(token: string): sheets_v4.Sheets {
  const client = new auth.OAuth2()
  client.setCredentials({ access_token: token })
  return sheetsApi({ version: 'v4', auth: client, rootUrl: `${world.access.sheets.url}/` })
}

/** Opens a world with Sheets and Drive before the tests of a file. */
export function useSheets(): void {
  beforeAll(async () => {
    world = await openWorld({ twins: ['drive', 'sheets'] })
    api = clientFor(world.access.sheets.token)
  })
  afterAll(() => world?.close())
  beforeEach(async () => {
    const { data } = await api.spreadsheets.create({ requestBody: { properties: { title: 'Budget' } } })
    spreadsheetId = data.spreadsheetId as string
  })
}

export const values = () => api.spreadsheets.values
export const write = (range: string, rows: unknown[][], valueInputOption = 'USER_ENTERED') =>
  values().update({ spreadsheetId, range, valueInputOption, requestBody: { values: rows } })
export const read = async (range: string, valueRenderOption = 'FORMATTED_VALUE') =>
  (await values().get({ spreadsheetId, range, valueRenderOption })).data.values
export const batch = async (...requests: sheets_v4.Schema$Request[]) =>
  (await api.spreadsheets.batchUpdate({ spreadsheetId, requestBody: { requests } })).data.replies ?? []
/** Status and message of a refused call. */
export const refusal = (call: Promise<unknown>) =>
  call.then(
    () => 'no refusal',
    (error: { status: number; message: string }) => `${error.status} ${error.message}`,
  )
/** A rectangle as GridRange has it: ends excluded, from zero. */
export const area = (top: number, left: number, bottom: number, right: number) => ({
  startRowIndex: top,
  startColumnIndex: left,
  endRowIndex: bottom,
  endColumnIndex: right,
})
