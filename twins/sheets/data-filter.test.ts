import { describe, expect, test } from 'vitest'
import { api, batch, read, spreadsheetId, useSheets, values, write } from './testing.ts'

useSheets()

describe('several ranges at once, and by data filter', () => {
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
    const dataFilter = { developerMetadataLookup: { metadataKey: 'k' } }
    const location = { sheetId: 0 }
    const [changed] = await batch({
      updateDeveloperMetadata: {
        dataFilters: [dataFilter],
        developerMetadata: { metadataKey: 'k', metadataValue: 'v', visibility: 'DOCUMENT', location },
        fields: '*',
      },
    })
    expect(changed?.updateDeveloperMetadata?.developerMetadata?.[0]).toMatchObject({
      metadataValue: 'v',
      location: { locationType: 'SHEET', sheetId: 0 },
    })
  })
})
