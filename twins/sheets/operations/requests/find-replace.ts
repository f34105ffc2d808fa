import type { FindReplaceRequest } from '../../../../openapi/types/sheets.ts'
import { assertEditable } from '../../access.ts'
import { invalid } from '../../errors.ts'
import type { Cell } from '../../model.ts'
import { locate } from '../../resolve.ts'
import { type Area, single } from '../../rules/address.ts'
import { enter } from '../../rules/enter.ts'
import { shown } from '../../views/values.ts'
import type { Sheet, Workbook } from '../../workbook.ts'
import { entryContext } from '../writing.ts'
import { requests } from './define.ts'

const escapePattern = (text: string) => text.replace(/[.*+?^${}()|[\]\\/-]/g, '\\$&')

function patternOf({ find = '', matchCase, matchEntireCell, searchByRegex }: FindReplaceRequest): RegExp {
  const source = searchByRegex ? find : escapePattern(find)
  try {
    return new RegExp(matchEntireCell ? `^(?:${source})$` : source, `gu${matchCase ? '' : 'i'}`)
  } catch {
    throw invalid(`Invalid regular expression: ${find}`)
  }
}

/** Where to look: the sheets and rectangles that the request's scope means. */
function placesOf(book: Workbook, { range, sheetId, allSheets }: FindReplaceRequest): { sheet: Sheet; area: Area }[] {
  if (range) return [locate(book, range)]
  if (sheetId !== undefined) return [locate(book, { sheetId })]
  if (allSheets) return book.sheets.map((sheet) => ({ sheet, area: sheet.area }))
  throw invalid('Must specify a scope: one of range, sheetId or allSheets.')
}

const counted = (counts: Readonly<Record<string, number>>) =>
  Object.fromEntries(Object.entries(counts).filter(([, count]) => count > 0))

export const findReplaceRequests = requests({
  findReplace: ({ call, book }, request) => {
    if (!request.find) throw invalid('Must specify text to find.')
    const pattern = patternOf(request)
    const replacement = request.replacement ?? ''
    const context = entryContext(book)
    const rows = new Set<string>()
    const sheets = new Set<number>()
    const counts = { valuesChanged: 0, formulasChanged: 0, occurrencesChanged: 0 }
    const replaced = (text: string) => {
      const occurrences = text.match(pattern)?.length ?? 0
      return {
        occurrences,
        text: text.replace(pattern, request.searchByRegex ? replacement : replacement.replaceAll('$', '$$$$')),
      }
    }
    const write = (sheet: Sheet, row: number, column: number, cell: Cell, text: string, option: string) => {
      assertEditable(call, book, sheet, single(row, column))
      sheet.grid.set(row, column, enter(cell, text, option, context))
      rows.add(`${sheet.id}/${row}`)
      sheets.add(sheet.id)
    }
    for (const { sheet, area } of placesOf(book, request)) {
      for (const [row, column, cell] of [...sheet.grid.cells(area)]) {
        const formula = cell.userEnteredValue?.formulaValue
        if (!cell.userEnteredValue || (formula !== undefined && !request.includeFormulas)) continue
        const { occurrences, text } = replaced(formula ?? shown(book, sheet.id, row, column))
        if (occurrences === 0) continue
        counts.occurrencesChanged += occurrences
        if (formula === undefined) counts.valuesChanged++
        else counts.formulasChanged++
        write(sheet, row, column, cell, text, 'USER_ENTERED')
      }
    }
    book.changed()
    const { valuesChanged, formulasChanged, occurrencesChanged } = counts
    return counted({
      valuesChanged,
      formulasChanged,
      rowsChanged: rows.size,
      sheetsChanged: sheets.size,
      occurrencesChanged,
    })
  },
})
