import { valueRangeView } from './views/values.ts'
import { type SheetsMoment, Workbook } from './workbook.ts'

/** Sheets as people see them, one row each, for checks and the inspector: `values.3.4` is the cell E4 as displayed. */
export const kinds: Readonly<Record<string, (moment: SheetsMoment) => readonly object[]>> = {
  sheets: (moment) =>
    moment.tables.spreadsheets.all().flatMap(({ id }) => {
      const book = Workbook.open(moment, id)
      if (!book) return []
      return book.sheets.map((sheet) => ({
        id: `${id}/${sheet.id}`,
        spreadsheetId: id,
        spreadsheet: book.title,
        title: sheet.title,
        values: valueRangeView(book, sheet, sheet.area, {}).values ?? [],
      }))
    }),
}
