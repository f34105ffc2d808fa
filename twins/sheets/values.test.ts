import { describe, expect, test } from 'vitest'
import { api, area, batch, read, refusal, spreadsheetId, useSheets, values, world, write } from './testing.ts'

useSheets()

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
