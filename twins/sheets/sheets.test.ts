import { createSign } from 'node:crypto'
import { auth, type sheets_v4, sheets as sheetsApi } from '@googleapis/sheets'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { openWorld, type World } from '../../shared/testing/world.ts'

let world: World
let api: sheets_v4.Sheets
let spreadsheetId: string

beforeAll(async () => {
  world = await openWorld({ twins: ['drive', 'sheets'] })
  const client = new auth.OAuth2()
  client.setCredentials({ access_token: world.access.sheets.token })
  api = sheetsApi({ version: 'v4', auth: client, rootUrl: `${world.access.sheets.url}/` })
})
afterAll(() => world.close())
beforeEach(async () => {
  const { data } = await api.spreadsheets.create({ requestBody: { properties: { title: 'Budget' } } })
  spreadsheetId = data.spreadsheetId as string
})

const values = () => api.spreadsheets.values
const write = (range: string, rows: unknown[][], valueInputOption = 'USER_ENTERED') =>
  values().update({ spreadsheetId, range, valueInputOption, requestBody: { values: rows } })
const read = async (range: string, valueRenderOption = 'FORMATTED_VALUE') =>
  (await values().get({ spreadsheetId, range, valueRenderOption })).data.values
const batch = async (...requests: sheets_v4.Schema$Request[]) =>
  (await api.spreadsheets.batchUpdate({ spreadsheetId, requestBody: { requests } })).data.replies ?? []
const refusal = (call: Promise<unknown>) =>
  call.then(
    () => 'no refusal',
    (error: { status: number; message: string }) => `${error.status} ${error.message}`,
  )
const area = (top: number, left: number, bottom: number, right: number) => ({
  startRowIndex: top,
  startColumnIndex: left,
  endRowIndex: bottom,
  endColumnIndex: right,
})

describe('a new spreadsheet', () => {
  test('has one sheet of a thousand rows and is a file in Drive at once', async () => {
    const { data } = await api.spreadsheets.get({ spreadsheetId })
    expect(data.properties).toMatchObject({
      title: 'Budget',
      locale: 'en_US',
      timeZone: 'Etc/GMT',
      autoRecalc: 'ON_CHANGE',
    })
    expect(data.sheets).toEqual([
      {
        properties: {
          sheetId: 0,
          title: 'Sheet1',
          index: 0,
          sheetType: 'GRID',
          gridProperties: { rowCount: 1000, columnCount: 26 },
        },
      },
    ])
    const file = await world.fetch('drive', `/drive/v3/files/${spreadsheetId}`)
    expect(await file.json()).toMatchObject({ name: 'Budget', mimeType: 'application/vnd.google-apps.spreadsheet' })
  })

  test('takes sheets, cells and named ranges from the body', async () => {
    const { data } = await api.spreadsheets.create({
      requestBody: {
        sheets: [
          {
            properties: { title: 'Data', sheetId: 7 },
            data: [{ rowData: [{ values: [{ userEnteredValue: { numberValue: 4 } }] }] }],
          },
          { properties: { title: 'More' } },
        ],
        namedRanges: [{ name: 'Four', range: { sheetId: 7, ...area(0, 0, 1, 1) } }],
      },
    })
    expect(data.properties?.title).toBe('Untitled spreadsheet')
    expect(data.sheets?.map(({ properties }) => properties?.title)).toEqual(['Data', 'More'])
    const cell = await values().get({ spreadsheetId: data.spreadsheetId as string, range: 'Four' })
    expect(cell.data).toEqual({ range: 'Data!A1', majorDimension: 'ROWS', values: [['4']] })
  })
})

describe('values', () => {
  test('report what was written, not what was asked; nulls are passed over', async () => {
    expect((await write('A1:B2', [['a', 'b']])).data).toMatchObject({
      updatedRange: 'Sheet1!A1:B1',
      updatedRows: 1,
      updatedColumns: 2,
      updatedCells: 2,
    })
    const { data } = await write('A1:D6', [
      ['x', null, null, null],
      [null],
      [null],
      [null],
      [null],
      [null, null, null, 'y'],
    ])
    expect(data).toMatchObject({ updatedRange: 'Sheet1!A1:D6', updatedRows: 2, updatedColumns: 2, updatedCells: 2 })
  })

  test('are trimmed at the ends; blank rows between stay', async () => {
    await write('A1', [['A1', 'B1', '', 'D1'], ['', 'b2', ''], [''], ['A4']])
    expect(await read('A1:D6')).toEqual([['A1', 'B1', '', 'D1'], ['', 'b2'], [], ['A4']])
    expect((await values().get({ spreadsheetId, range: 'F1:G2' })).data).toEqual({
      range: 'Sheet1!F1:G2',
      majorDimension: 'ROWS',
    })
    const { data } = await values().get({ spreadsheetId, range: 'A1:B', majorDimension: 'COLUMNS' })
    expect(data.values).toEqual([
      ['A1', '', '', 'A4'],
      ['B1', 'b2'],
    ])
  })

  test('RAW keeps text, USER_ENTERED reads it', async () => {
    await write('A1', [['=1+1', '5', true]], 'RAW')
    await write('A2', [['=1+1', '5', '2020-01-01', '=1/0']])
    expect(await read('A1:D2')).toEqual([
      ['=1+1', '5', 'TRUE'],
      ['2', '5', '2020-01-01', '#DIV/0!'],
    ])
    expect(await read('A1:D2', 'UNFORMATTED_VALUE')).toEqual([
      ['=1+1', '5', true],
      [2, 5, 43831, '#DIV/0! (Function DIVIDE parameter 2 cannot be zero.)'],
    ])
    expect((await read('A2:C2', 'FORMULA'))?.[0]).toEqual(['=1+1', 5, 43831])
  })

  test('appends go below the last table and grow the grid', async () => {
    await batch({
      updateSheetProperties: {
        properties: { gridProperties: { rowCount: 2, columnCount: 3 } },
        fields: 'gridProperties(rowCount,columnCount)',
      },
    })
    await write('A1', [['x', '', 'x']])
    const append = (range: string) =>
      values().append({ spreadsheetId, range, valueInputOption: 'RAW', requestBody: { values: [['a', 'b', 'c']] } })
    expect((await append('Sheet1')).data).toMatchObject({
      tableRange: 'Sheet1!C1',
      updates: { updatedRange: 'Sheet1!C2:E2', updatedCells: 3 },
    })
    expect((await append('A1')).data).toMatchObject({
      tableRange: 'Sheet1!A1',
      updates: { updatedRange: 'Sheet1!A2:C2' },
    })
    expect((await append('A1')).data.updates?.updatedRange).toBe('Sheet1!A3:C3')
  })

  test.each([
    ['Nope!A1', '400 Unable to parse range: Nope!A1'],
    ['Sheet1!A1001', '400 Range (Sheet1!A1001) exceeds grid limits. Max rows: 1000, max columns: 26'],
    ['A1:B2:C3', '400 Unable to parse range: A1:B2:C3'],
  ])('range %s is refused', async (range, message) =>
    expect(await refusal(values().get({ spreadsheetId, range }))).toBe(message),
  )

  test('refusals of writes', async () => {
    const put = (range: string, rows: unknown, valueInputOption?: string) =>
      refusal(values().update({ spreadsheetId, range, valueInputOption, requestBody: { values: rows as unknown[][] } }))
    expect(await put('A1', [[1]])).toBe("400 'valueInputOption' is required but not specified")
    expect(await put('Sheet1!A1:B1', [[1, 2, 3]], 'RAW')).toBe(
      '400 Requested writing within range [Sheet1!A1:B1], but tried writing to column [C]',
    )
    expect(await put('A1', 'X', 'RAW')).toBe(
      '400 Invalid value at \'data.values\' (type.googleapis.com/google.protobuf.ListValue), "X"',
    )
    expect(await put('A1', [[[1]]], 'RAW')).toBe(
      '400 Invalid values[0][0]: list_value {\n  values {\n    number_value: 1.0\n  }\n}\n',
    )
  })

  test('batches count rows and columns once and leave nothing behind when one part fails', async () => {
    const data = [
      { range: 'A1:D1', values: [[1, 2, 3, 4]] },
      { range: 'A4:D4', values: [[5, 6, 7, 8]] },
    ]
    const done = await values().batchUpdate({ spreadsheetId, requestBody: { valueInputOption: 'RAW', data } })
    expect(done.data).toMatchObject({
      totalUpdatedRows: 2,
      totalUpdatedColumns: 4,
      totalUpdatedCells: 8,
      totalUpdatedSheets: 1,
    })
    const bad = [
      { range: 'F1', values: [['left?']] },
      { range: 'Nope!A1', values: [[1]] },
    ]
    expect(
      await refusal(values().batchUpdate({ spreadsheetId, requestBody: { valueInputOption: 'RAW', data: bad } })),
    ).toBe('400 Invalid data[1]: Unable to parse range: Nope!A1')
    expect(await read('F1')).toBeUndefined()
  })
})

describe('batchUpdate', () => {
  test('adds, renames, moves, hides and deletes sheets; formulas follow', async () => {
    const [added] = await batch({ addSheet: { properties: { title: 'Data', tabColor: { red: 1, green: 0.498 } } } })
    const sheetId = added?.addSheet?.properties?.sheetId as number
    expect(added?.addSheet?.properties?.tabColorStyle).toEqual({ rgbColor: { red: 1, green: 0.49803922 } })
    await write('Data!A1', [[3]])
    await write('Sheet1!A1', [['=Data!A1*2']])
    await batch({
      updateSheetProperties: { properties: { sheetId, title: 'My data', index: 0 }, fields: 'title,index' },
    })
    expect(await read('Sheet1!A1', 'FORMULA')).toEqual([["='My data'!A1*2"]])
    await batch({ deleteSheet: { sheetId } })
    expect(await read('Sheet1!A1')).toEqual([['#REF!']])
    expect(await refusal(batch({ deleteSheet: { sheetId: 0 } }))).toBe(
      "400 Invalid requests[0].deleteSheet: You can't remove all the sheets in a document.",
    )
    expect(await refusal(batch({ addSheet: { properties: { title: 'SHEET1' } } }))).toBe(
      '400 Invalid requests[0].addSheet: A sheet with the name "SHEET1" already exists. Please enter another name.',
    )
  })

  test('inserting and deleting rows moves cells, formulas, names and merges', async () => {
    await write('A1', [['n'], [1], [2], ['=SUM(A2:A3)']])
    await batch(
      { addNamedRange: { namedRange: { name: 'Numbers', range: area(1, 0, 3, 1) } } },
      { mergeCells: { range: area(5, 0, 7, 2), mergeType: 'MERGE_ROWS' } },
      { insertDimension: { range: { dimension: 'ROWS', startIndex: 2, endIndex: 4 } } },
    )
    expect(await read('A6', 'FORMULA')).toEqual([['=SUM(A2:A5)']])
    const { data } = await api.spreadsheets.get({ spreadsheetId })
    expect(data.namedRanges?.[0]?.range).toEqual(area(1, 0, 5, 1))
    expect(data.sheets?.[0]?.merges).toEqual([area(7, 0, 8, 2), area(8, 0, 9, 2)])
    await batch({ deleteDimension: { range: { dimension: 'ROWS', startIndex: 1, endIndex: 5 } } })
    expect(await read('A2', 'FORMULA')).toEqual([['=SUM(#REF!)']])
  })

  test('a failing request undoes the whole batch', async () => {
    const call = batch(
      { updateSheetProperties: { properties: { title: 'Gone' }, fields: 'title' } },
      { deleteSheet: { sheetId: 99 } },
    )
    expect(await refusal(call)).toMatch(/^400 Invalid requests\[1\]\.deleteSheet: /)
    expect((await api.spreadsheets.get({ spreadsheetId })).data.sheets?.[0]?.properties?.title).toBe('Sheet1')
  })

  test('masks decide what of a cell is written', async () => {
    await write('A1', [['keep']])
    await batch({
      repeatCell: {
        range: area(0, 0, 1, 2),
        cell: { note: 'seen', userEnteredFormat: { textFormat: { bold: true }, backgroundColor: { red: 0.9 } } },
        fields: 'note,userEnteredFormat.textFormat.bold',
      },
    })
    const { data } = await api.spreadsheets.get({
      spreadsheetId,
      ranges: ['A1:B1'],
      fields: 'sheets.data.rowData.values(userEnteredValue,note,userEnteredFormat)',
    })
    expect(data.sheets?.[0]?.data?.[0]?.rowData?.[0]?.values).toEqual([
      { userEnteredValue: { stringValue: 'keep' }, userEnteredFormat: { textFormat: { bold: true } }, note: 'seen' },
      { userEnteredFormat: { textFormat: { bold: true } }, note: 'seen' },
    ])
    expect(await refusal(batch({ repeatCell: { range: area(0, 0, 1, 1), cell: {}, fields: '' } }))).toContain(
      "At least one field must be listed in 'fields'. (Use '*' to indicate all fields.)",
    )
  })

  test('positions hold under a narrow mask', async () => {
    await batch({ updateCells: { range: area(0, 1, 1, 2), rows: [{ values: [{ note: 'n' }] }], fields: 'note' } })
    const { data } = await api.spreadsheets.get({ spreadsheetId, fields: 'sheets.data.rowData.values.note' })
    expect(data.sheets?.[0]?.data?.[0]?.rowData).toEqual([{ values: [{}, { note: 'n' }] }])
  })

  test('sorts, finds and replaces, removes duplicates', async () => {
    await write('A1', [
      ['b', 2],
      ['a', 1],
      ['b', 2],
      ['', 3],
    ])
    await batch({ sortRange: { range: area(0, 0, 4, 2), sortSpecs: [{ dimensionIndex: 0, sortOrder: 'DESCENDING' }] } })
    expect(await read('A1:B4')).toEqual([
      ['b', '2'],
      ['b', '2'],
      ['a', '1'],
      ['', '3'],
    ])
    const replies = await batch(
      { deleteDuplicates: { range: area(0, 0, 4, 2) } },
      { findReplace: { find: '(.)', replacement: '<$1>', searchByRegex: true, range: area(0, 0, 2, 1) } },
      { findReplace: { find: 'zzz', replacement: '', allSheets: true } },
    )
    expect(replies[0]?.deleteDuplicates).toEqual({ duplicatesRemovedCount: 1 })
    expect(replies[1]?.findReplace).toEqual({
      valuesChanged: 2,
      rowsChanged: 2,
      sheetsChanged: 1,
      occurrencesChanged: 2,
    })
    expect(replies[2]?.findReplace).toEqual({})
    expect(await read('A1:A2')).toEqual([['<b>'], ['<a>']])
  })

  test('a copied block repeats over its target and shifts formulas; a cut one takes its referrers along', async () => {
    await write('A1', [[1, '=A1*2']])
    await write('D1', [['=A1+1']])
    await batch({ copyPaste: { source: area(0, 0, 1, 2), destination: area(1, 0, 3, 2) } })
    expect(await read('A1:B3', 'FORMULA')).toEqual([
      [1, '=A1*2'],
      [1, '=A2*2'],
      [1, '=A3*2'],
    ])
    await batch({ cutPaste: { source: area(0, 0, 1, 1), destination: { rowIndex: 9, columnIndex: 0 } } })
    expect(await read('A1:D1', 'FORMULA')).toEqual([['', '=A10*2', '', '=A10+1']])
  })

  test('autofill continues series', async () => {
    await write('A1', [[1, 'Mon', 'item 1', '=A1'], [3]])
    await batch(
      { autoFill: { sourceAndDestination: { source: area(0, 0, 2, 1), dimension: 'ROWS', fillLength: 2 } } },
      { autoFill: { sourceAndDestination: { source: area(0, 1, 1, 4), dimension: 'ROWS', fillLength: 2 } } },
    )
    expect(await read('A1:D4', 'FORMULA')).toEqual([
      [1, 'Mon', 'item 1', '=A1'],
      [3, 'Tue', 'item 2', '=A2'],
      [5, 'Wed', 'item 3', '=A3'],
      [7],
    ])
  })

  test('a filter hides rows that values still show', async () => {
    await write('A1', [['k'], ['a'], ['b']])
    await batch({ setBasicFilter: { filter: { range: area(0, 0, 3, 1), criteria: { 0: { hiddenValues: ['a'] } } } } })
    const { data } = await api.spreadsheets.get({
      spreadsheetId,
      ranges: ['A1:A3'],
      fields: 'sheets.data.rowMetadata.hiddenByFilter',
    })
    expect(data.sheets?.[0]?.data?.[0]?.rowMetadata).toEqual([{}, { hiddenByFilter: true }, {}])
    expect(await read('A1:A3')).toEqual([['k'], ['a'], ['b']])
  })

  test('a pivot table shows its groups', async () => {
    await write('A1', [
      ['City', 'Sales'],
      ['Rome', 1],
      ['Oslo', 2],
      ['Rome', 4],
    ])
    const pivotTable = {
      source: area(0, 0, 4, 2),
      rows: [{ sourceColumnOffset: 0, showTotals: true, sortOrder: 'ASCENDING' }],
      values: [{ sourceColumnOffset: 1, summarizeFunction: 'SUM' }],
    }
    await batch({
      updateCells: {
        start: { rowIndex: 0, columnIndex: 3 },
        rows: [{ values: [{ pivotTable }] }],
        fields: 'pivotTable',
      },
    })
    expect(await read('D1:E5')).toEqual([
      ['City', 'SUM of Sales'],
      ['Oslo', '2'],
      ['Rome', '5'],
      ['Grand Total', '7'],
    ])
  })

  test('conditional formats change how a cell ends up looking', async () => {
    await write('A1', [[1], [11]])
    const rule = {
      ranges: [area(0, 0, 2, 1)],
      booleanRule: {
        condition: { type: 'NUMBER_GREATER', values: [{ userEnteredValue: '10' }] },
        format: { backgroundColor: { green: 1 } },
      },
    }
    await batch({ addConditionalFormatRule: { rule, index: 0 } })
    const { data } = await api.spreadsheets.get({
      spreadsheetId,
      ranges: ['A1:A2'],
      fields: 'sheets.data.rowData.values.effectiveFormat.backgroundColor',
    })
    expect(
      data.sheets?.[0]?.data?.[0]?.rowData?.map(({ values: [cell] = [] }) => cell?.effectiveFormat?.backgroundColor),
    ).toEqual([{ red: 1, green: 1, blue: 1 }, { green: 1 }])
    const [reply] = await batch({ deleteConditionalFormatRule: { index: 0 } })
    expect(reply?.deleteConditionalFormatRule?.rule?.ranges).toEqual([area(0, 0, 2, 1)])
  })

  test('metadata of a row follows it and finds it again', async () => {
    await write('A1', [['one'], ['two']])
    const location = { dimensionRange: { dimension: 'ROWS', startIndex: 1, endIndex: 2 } }
    await batch({
      createDeveloperMetadata: {
        developerMetadata: { metadataKey: 'row', metadataValue: 'x', visibility: 'DOCUMENT', location },
      },
    })
    await batch({ insertDimension: { range: { dimension: 'ROWS', startIndex: 0, endIndex: 3 } } })
    const dataFilters = [{ developerMetadataLookup: { metadataKey: 'row' } }]
    const { data } = await values().batchGetByDataFilter({ spreadsheetId, requestBody: { dataFilters } })
    expect(data.valueRanges?.[0]?.valueRange).toMatchObject({ range: 'Sheet1!A5:Z5', values: [['two']] })
  })
})

describe('the other ways in', () => {
  const dataFilters = [{ a1Range: 'A1:B1' }, { gridRange: { startRowIndex: 1, endRowIndex: 2 } }]

  test('several ranges are read and cleared at once', async () => {
    await write('A1', [
      [1, 2],
      [3, 4],
    ])
    const got = await values().batchGet({
      spreadsheetId,
      ranges: ["'Sheet1'!A1:B1", 'A2'],
      valueRenderOption: 'UNFORMATTED_VALUE',
    })
    expect(got.data.valueRanges?.map(({ range, values: rows }) => [range, rows])).toEqual([
      ['Sheet1!A1:B1', [[1, 2]]],
      ['Sheet1!A2', [[3]]],
    ])
    expect((await values().clear({ spreadsheetId, range: 'Sheet1!A:A' })).data).toEqual({
      spreadsheetId,
      clearedRange: 'Sheet1!A1:A1000',
    })
    expect(await read('A1:B2')).toEqual([
      ['', '2'],
      ['', '4'],
    ])
    const cleared = await values().batchClear({ spreadsheetId, requestBody: { ranges: ['B1', 'B2'] } })
    expect(cleared.data.clearedRanges).toEqual(['Sheet1!B1', 'Sheet1!B2'])
  })

  test('data filters select cells', async () => {
    const data = dataFilters.map((dataFilter, at) => ({ dataFilter, values: [[at, at]] }))
    const written = await values().batchUpdateByDataFilter({
      spreadsheetId,
      requestBody: { valueInputOption: 'RAW', data },
    })
    expect(written.data).toMatchObject({
      totalUpdatedCells: 4,
      responses: [{ updatedRange: 'Sheet1!A1:B1', dataFilter: dataFilters[0] }, { updatedRange: 'Sheet1!A2:B2' }],
    })
    const whole = await api.spreadsheets.getByDataFilter({
      spreadsheetId,
      requestBody: { dataFilters, includeGridData: true },
    })
    expect(
      whole.data.sheets?.[0]?.data?.map(({ startRow, rowData }) => [startRow, rowData?.[0]?.values?.length]),
    ).toEqual([
      [undefined, 2],
      [1, 2],
    ])
    expect(whole.data.sheets?.[0]?.data?.[0]?.rowData?.[0]?.values?.[1]).toMatchObject({
      userEnteredValue: { numberValue: 0 },
      effectiveValue: { numberValue: 0 },
      formattedValue: '0',
      effectiveFormat: {
        horizontalAlignment: 'RIGHT',
        hyperlinkDisplayType: 'PLAIN_TEXT',
        textFormat: { fontFamily: 'Arial' },
      },
    })
    const cleared = await values().batchClearByDataFilter({ spreadsheetId, requestBody: { dataFilters } })
    expect(cleared.data.clearedRanges).toEqual(['Sheet1!A1:B1', 'Sheet1!A2:Z2'])
  })

  test('developer metadata is found by key and by id', async () => {
    const [made] = await batch({
      createDeveloperMetadata: {
        developerMetadata: { metadataKey: 'k', visibility: 'PROJECT', location: { spreadsheet: true } },
      },
    })
    const metadata = made?.createDeveloperMetadata?.developerMetadata
    const metadataId = metadata?.metadataId as number
    expect((await api.spreadsheets.developerMetadata.get({ spreadsheetId, metadataId })).data).toEqual(metadata)
    const search = (metadataKey: string) =>
      api.spreadsheets.developerMetadata.search({
        spreadsheetId,
        requestBody: { dataFilters: [{ developerMetadataLookup: { metadataKey } }] },
      })
    expect((await search('k')).data.matchedDeveloperMetadata?.[0]?.developerMetadata).toEqual(metadata)
    expect((await search('other')).data).toEqual({})
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

describe('sharing', () => {
  const json = { 'content-type': 'application/json' }
  const share = (role: string) =>
    world.fetch('drive', `/drive/v3/files/${spreadsheetId}/permissions`, {
      method: 'POST',
      headers: json,
      body: JSON.stringify({ type: 'anyone', role }),
    })
  /** The universe's service account: somebody else than the default user. */
  async function otherApi() {
    const { client_email: iss, private_key: key = '' } = world.access.sheets.serviceAccount as Record<string, string>
    const iat = Math.floor(Date.now() / 1000)
    const scope = 'https://www.googleapis.com/auth/spreadsheets'
    const claims = { iss, scope, aud: 'https://oauth2.googleapis.com/token', iat, exp: iat + 3600 }
    const unsigned = [{ alg: 'RS256', typ: 'JWT' }, claims]
      .map((part) => Buffer.from(JSON.stringify(part)).toString('base64url'))
      .join('.')
    const assertion = `${unsigned}.${createSign('RSA-SHA256').update(unsigned).sign(key, 'base64url')}`
    const grant = new URLSearchParams({ grant_type: 'urn:ietf:params:oauth:grant-type:jwt-bearer', assertion })
    const reply = await fetch(`${world.access.sheets.url}/token`, { method: 'POST', body: grant })
    const { access_token } = (await reply.json()) as { access_token: string }
    const client = new auth.OAuth2()
    client.setCredentials({ access_token })
    return sheetsApi({ version: 'v4', auth: client, rootUrl: `${world.access.sheets.url}/` })
  }

  test('a stranger is refused, a reader reads, and only an editor writes what is protected', async () => {
    const stranger = await otherApi()
    const get = () => refusal(stranger.spreadsheets.values.get({ spreadsheetId, range: 'A1' }))
    const put = () =>
      refusal(
        stranger.spreadsheets.values.update({
          spreadsheetId,
          range: 'A1',
          valueInputOption: 'RAW',
          requestBody: { values: [[1]] },
        }),
      )
    expect(await get()).toBe('403 The caller does not have permission')
    await share('reader')
    expect([await get(), await put()]).toEqual(['no refusal', '403 The caller does not have permission'])
    await share('writer')
    expect(await put()).toBe('no refusal')
    const [reply] = await batch({
      addProtectedRange: {
        protectedRange: {
          range: area(0, 0, 2, 2),
          description: '',
          warningOnly: false,
          editors: { users: [], groups: [] },
        },
      },
    })
    expect(reply?.addProtectedRange?.protectedRange).toEqual({
      protectedRangeId: expect.any(Number),
      range: area(0, 0, 2, 2),
      requestingUserCanEdit: true,
      editors: {},
    })
    expect(await put()).toBe(
      '400 You are trying to edit a protected cell or object. Please contact the spreadsheet owner to remove protection if you need to edit.',
    )
    expect((await write('A1', [['owner']])).status).toBe(200)
  })
})

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
})
