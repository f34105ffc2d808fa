import { ok } from '../../../shared/kernel/reply.ts'
import { change, openBook, type SheetsCall } from '../access.ts'
import { invalid } from '../errors.ts'
import { resolveRange } from '../resolve.ts'
import { rangeName } from '../rules/a1.ts'
import { findTable } from '../rules/append.ts'
import { insertCells } from '../rules/structure.ts'
import { valueRangeView } from '../views/values.ts'
import type { Workbook } from '../workbook.ts'
import { operations } from './define.ts'
import { prefixed } from './prefix.ts'
import { growTo } from './size.ts'
import {
  asRows,
  clearValues,
  inputOption,
  put,
  totalsView,
  type WriteOptions,
  writeRange,
  writtenView,
} from './writing.ts'

interface RangeBody {
  readonly range?: string
  readonly majorDimension?: string
  readonly values?: unknown
}

/** The body may repeat the range of the path, not contradict it. */
function sameRange(book: Workbook, range: string, body: RangeBody): void {
  if (body.range === undefined || body.range === range) return
  const name = (text: string) => {
    const { sheet, area } = resolveRange(book, text)
    return rangeName(sheet.title, area)
  }
  if (name(body.range) !== name(range))
    throw invalid(`Request range[${range}] does not match value's range[${body.range}]`)
}

/** Adds `Invalid data[i]: ` before a refusal that concerns one range of a batch. */
export function within<T>(index: number, work: () => T): T {
  try {
    return work()
  } catch (error) {
    throw prefixed(error, `Invalid data[${index}]: `)
  }
}

function append(
  call: SheetsCall,
  book: Workbook,
  range: string,
  body: RangeBody,
  insert: boolean,
  options: WriteOptions,
) {
  const { sheet, area } = resolveRange(book, range)
  const rows = asRows(body.values, body.majorDimension)
  const used = book.values.used(sheet.id)
  const occupied = (row: number, column: number) =>
    sheet.grid.get(row, column)?.userEnteredValue !== undefined ||
    book.values.result(sheet.id, row, column).value !== null
  const table = findTable(area, used, occupied)
  const top = table?.bottom ?? area.top
  const left = table?.left ?? area.left
  const width = Math.max(0, ...rows.map((row) => row.length))
  if (insert && rows.length > 0 && top < sheet.rowCount) insertCells(book, sheet, 'ROWS', top, rows.length)
  growTo(book, sheet, top + rows.length, left + width)
  const written = put(call, book, sheet, top, left, rows, options.valueInputOption, body.majorDimension, {
    top,
    left,
    bottom: top + 1,
    right: left + 1,
  })
  return {
    spreadsheetId: book.id,
    ...(table && { tableRange: rangeName(sheet.title, table) }),
    updates: writtenView(book, written, options),
  }
}

export const values = operations({
  'sheets.spreadsheets.values.get': (call) => {
    const { params, query } = call
    const book = openBook(call, params.spreadsheetId, 'reader')
    const { sheet, area } = resolveRange(book, params.range)
    return ok(valueRangeView(book, sheet, area, query))
  },

  'sheets.spreadsheets.values.batchGet': (call) => {
    const { params, query } = call
    const book = openBook(call, params.spreadsheetId, 'reader')
    const valueRanges = (query.ranges ?? []).map((range) => {
      const { sheet, area } = resolveRange(book, range)
      return valueRangeView(book, sheet, area, query)
    })
    return ok({ spreadsheetId: book.id, ...(valueRanges.length > 0 && { valueRanges }) })
  },

  'sheets.spreadsheets.values.update': (call) => {
    const { params, query, body = {} } = call
    const option = inputOption(query.valueInputOption)
    return ok(
      change(call, params.spreadsheetId, (book) => {
        const target = resolveRange(book, params.range)
        sameRange(book, params.range, body)
        const written = writeRange(call, book, params.range, target, body.values, body.majorDimension, option)
        return writtenView(book, written, { ...query, valueInputOption: option })
      }),
    )
  },

  'sheets.spreadsheets.values.append': (call) => {
    const { params, query, body = {} } = call
    const valueInputOption = inputOption(query.valueInputOption)
    return ok(
      change(call, params.spreadsheetId, (book) => {
        sameRange(book, params.range, body)
        return append(call, book, params.range, body, query.insertDataOption === 'INSERT_ROWS', {
          ...query,
          valueInputOption,
        })
      }),
    )
  },

  'sheets.spreadsheets.values.batchUpdate': (call) => {
    const { params, body = {} } = call
    const valueInputOption = inputOption(body.valueInputOption)
    return ok(
      change(call, params.spreadsheetId, (book) => {
        const written = (body.data ?? []).map((data, index) =>
          within(index, () => {
            const range = data.range ?? ''
            return writeRange(
              call,
              book,
              range,
              resolveRange(book, range),
              data.values,
              data.majorDimension,
              valueInputOption,
            )
          }),
        )
        const responses = written.map((one) => writtenView(book, one, { ...body, valueInputOption }))
        return { spreadsheetId: book.id, ...totalsView(written), ...(responses.length > 0 && { responses }) }
      }),
    )
  },

  'sheets.spreadsheets.values.clear': (call) => {
    const { params } = call
    return ok(
      change(call, params.spreadsheetId, (book) => ({
        spreadsheetId: book.id,
        clearedRange: clearValues(call, book, resolveRange(book, params.range)),
      })),
    )
  },

  'sheets.spreadsheets.values.batchClear': (call) => {
    const { params, body = {} } = call
    return ok(
      change(call, params.spreadsheetId, (book) => {
        const clearedRanges = (body.ranges ?? []).map((range) => clearValues(call, book, resolveRange(book, range)))
        return { spreadsheetId: book.id, ...(clearedRanges.length > 0 && { clearedRanges }) }
      }),
    )
  },
})
