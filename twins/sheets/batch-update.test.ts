import type { sheets_v4 } from '@googleapis/sheets'
import { describe, expect, test } from 'vitest'
import { api, area, batch, read, refusal, spreadsheetId, useSheets, values, write } from './testing.ts'

useSheets()

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

  test('a filter is read back without the empty lists it was sent with', async () => {
    await batch({ setBasicFilter: { filter: { range: area(0, 0, 3, 1), sortSpecs: [], filterSpecs: [] } } })
    const { data } = await api.spreadsheets.get({ spreadsheetId, fields: 'sheets.basicFilter' })
    expect(data.sheets).toEqual([{ basicFilter: { range: area(0, 0, 3, 1) } }])
  })

  test('a title takes the font of its chart unless it has its own', async () => {
    const position = { overlayPosition: { anchorCell: {} } }
    const title = 'Sales'
    const specs: sheets_v4.Schema$ChartSpec[] = [
      { title },
      { title, fontName: 'Lora' },
      { title, fontName: 'Lora', titleTextFormat: { fontFamily: 'Inter', bold: true } },
      { fontName: 'Lora' },
    ]
    const replies = await batch(...specs.map((spec) => ({ addChart: { chart: { spec, position } } })))
    expect(replies.map((reply) => reply.addChart?.chart?.spec?.titleTextFormat)).toEqual([
      { fontFamily: 'Roboto' },
      { fontFamily: 'Lora' },
      { fontFamily: 'Inter', bold: true },
      undefined,
    ])
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
