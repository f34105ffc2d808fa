import { contentType, SPREADSHEET } from '../google/index.ts'
import { firstSheet, newSpreadsheetRow } from './defaults.ts'
import { tables } from './tables.ts'
import { removeWorkbook, Sheet, Workbook } from './workbook.ts'

/** What a spreadsheet is to Drive: born with one empty sheet, copied whole, exported and imported. */
contentType({
  mimeType: SPREADSHEET,
  tables,
  create(moment, file) {
    new Workbook(moment, newSpreadsheetRow(moment, file.id), [new Sheet(firstSheet(file.id))], false).save()
  },
  copy(moment, from, to) {
    const source = Workbook.open(moment, from.id)
    if (!source) return
    const sheets = source.sheets.map((sheet) => new Sheet({ ...sheet.row, spreadsheetId: to.id }, sheet.grid.rows))
    const copy = new Workbook(moment, { ...newSpreadsheetRow(moment, to.id), properties: source.properties }, sheets, false)
    copy.namedRanges = source.namedRanges
    copy.developerMetadata = source.developerMetadata
    copy.save()
  },
  remove: (moment, file) => removeWorkbook(moment, file.id),
  export: {},
  import: {},
})
