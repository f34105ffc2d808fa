import type { GridRange as WireRange, SortSpec as WireSort } from '../../../../openapi/types/sheets.ts'
import { assertEditable } from '../../access.ts'
import { invalid } from '../../errors.ts'
import type { Cell, SortSpec } from '../../model.ts'
import { locate } from '../../resolve.ts'
import { type Area, overlaps } from '../../rules/address.ts'
import { enter } from '../../rules/enter.ts'
import { sortOrder } from '../../rules/formula/functions/array.ts'
import { shiftFormula } from '../../rules/formula/rewrite.ts'
import { CellError, type Scalar, textOf } from '../../rules/formula/values.ts'
import { areaOf } from '../../rules/ranges.ts'
import type { Sheet, Workbook } from '../../workbook.ts'
import { entryContext } from '../writing.ts'
import { type RequestContext, requests } from './define.ts'

/** Puts the rows of an area in another order; formulas keep looking at their own row. */
export function reorder(book: Workbook, sheet: Sheet, area: Area, order: readonly number[]): void {
  const before = order.map((row) =>
    Array.from({ length: area.right - area.left }, (_, column) => sheet.grid.get(row, area.left + column)),
  )
  sheet.grid.update(area, (_, row, column) => {
    const from = order[row - area.top] as number
    const cell = before[row - area.top]?.[column - area.left]
    const formula = cell?.userEnteredValue?.formulaValue
    if (formula === undefined || from === row) return cell
    return {
      ...cell,
      userEnteredValue: { formulaValue: shiftFormula(formula, book.properties.locale, row - from, 0) },
    } as Cell
  })
  const moved = new Map(order.map((from, at) => [from, area.top + at]))
  if (area.left === 0 && area.right >= sheet.columnCount) {
    book.developerMetadata = book.developerMetadata.map((metadata) => {
      const range = metadata.location.dimensionRange
      const to =
        range?.dimension === 'ROWS' && (range.sheetId ?? 0) === sheet.id ? moved.get(range.startIndex ?? 0) : undefined
      return to === undefined
        ? metadata
        : {
            ...metadata,
            location: { ...metadata.location, dimensionRange: { ...range, startIndex: to, endIndex: to + 1 } },
          }
    })
  }
  book.changed()
}

/** Sorts an area by columns of the sheet; blanks come last whichever way it goes. */
export function sortArea(book: Workbook, sheet: Sheet, area: Area, specs: readonly SortSpec[]): void {
  const { values } = book
  const rows = Array.from({ length: area.bottom - area.top }, (_, at) => area.top + at)
  const order = rows.toSorted((a, b) => {
    for (const { dimensionIndex = 0, sortOrder: direction } of specs) {
      const result = sortOrder(
        values.result(sheet.id, a, dimensionIndex).value,
        values.result(sheet.id, b, dimensionIndex).value,
        direction !== 'DESCENDING',
      )
      if (result !== 0) return result
    }
    return a - b
  })
  reorder(book, sheet, area, order)
}

function assertNoMerges(sheet: Sheet, area: Area): void {
  if (sheet.row.merges.some((range) => overlaps(areaOf(range, sheet.rowCount, sheet.columnCount), area)))
    throw invalid("You can't perform a sort on a range with merged cells.")
}

function assertSpecs(specs: readonly WireSort[], area: Area): void {
  for (const { dimensionIndex = 0 } of specs)
    if (dimensionIndex < area.left || dimensionIndex >= area.right)
      throw invalid(`The sort column ${dimensionIndex} is outside of the range.`)
}

const textValue = (value: Scalar) => (value instanceof CellError ? value.code : textOf(value))

/** Removes rows of an area: what lies below in it moves up. */
function removeRows(book: Workbook, sheet: Sheet, area: Area, removed: ReadonlySet<number>): void {
  const kept = Array.from({ length: area.bottom - area.top }, (_, at) => area.top + at).filter(
    (row) => !removed.has(row),
  )
  const cells = kept.map((row) =>
    Array.from({ length: area.right - area.left }, (_, column) => sheet.grid.get(row, area.left + column)),
  )
  sheet.grid.update(area, (_, row, column) => cells[row - area.top]?.[column - area.left])
  book.changed()
}

const DELIMITERS: Readonly<Record<string, string>> = { COMMA: ',', SEMICOLON: ';', PERIOD: '.', SPACE: ' ' }

function delimiterOf(type: string | undefined, custom: string | undefined, texts: readonly string[]): string {
  if (type === 'CUSTOM') return custom ?? ','
  if (type !== undefined && type !== 'AUTODETECT' && DELIMITERS[type]) return DELIMITERS[type]
  const counts = Object.values(DELIMITERS).map(
    (mark) => [mark, texts.filter((text) => text.includes(mark)).length] as const,
  )
  return counts.toSorted((a, b) => b[1] - a[1])[0]?.[0] ?? ','
}

function sortRange(
  { call, book }: RequestContext,
  { range, sortSpecs = [] }: { range?: WireRange; sortSpecs?: WireSort[] },
) {
  const { sheet, area } = locate(book, range)
  assertEditable(call, book, sheet, area)
  assertNoMerges(sheet, area)
  assertSpecs(sortSpecs, area)
  sortArea(book, sheet, area, sortSpecs as SortSpec[])
  return undefined
}

export const rowRequests = requests({
  sortRange,

  randomizeRange: ({ call, book }, { range }) => {
    const { sheet, area } = locate(book, range)
    assertEditable(call, book, sheet, area)
    const order = Array.from({ length: area.bottom - area.top }, (_, at) => area.top + at)
    for (let at = order.length - 1; at > 0; at--) {
      const other = call.random.integer(at + 1)
      const held = order[at] as number
      order[at] = order[other] as number
      order[other] = held
    }
    reorder(book, sheet, area, order)
    return undefined
  },

  deleteDuplicates: ({ call, book }, { range, comparisonColumns = [] }) => {
    const { sheet, area } = locate(book, range)
    assertEditable(call, book, sheet, area)
    const columns =
      comparisonColumns.length > 0
        ? comparisonColumns.flatMap(({ startIndex = 0, endIndex = startIndex + 1 }) =>
            Array.from({ length: endIndex - startIndex }, (_, at) => startIndex + at),
          )
        : Array.from({ length: area.right - area.left }, (_, at) => area.left + at)
    const seen = new Set<string>()
    const removed = new Set<number>()
    const { values } = book
    const used = Math.min(area.bottom, values.used(sheet.id).rows)
    for (let row = area.top; row < used; row++) {
      const key = JSON.stringify(
        columns.map((column) => textValue(values.result(sheet.id, row, column).value).toLowerCase()),
      )
      if (seen.has(key)) removed.add(row)
      seen.add(key)
    }
    removeRows(book, sheet, area, removed)
    return removed.size > 0 ? { duplicatesRemovedCount: removed.size } : {}
  },

  trimWhitespace: ({ call, book }, { range }) => {
    const { sheet, area } = locate(book, range)
    assertEditable(call, book, sheet, area)
    let cellsChangedCount = 0
    for (const [row, column, cell] of [...sheet.grid.cells(area)]) {
      const text = cell.userEnteredValue?.stringValue
      if (text === undefined) continue
      const trimmed = text.trim().replace(/[^\S\n]+/g, ' ')
      if (trimmed === text) continue
      cellsChangedCount++
      sheet.grid.set(row, column, enter(cell, trimmed, 'RAW', entryContext(book)))
    }
    book.changed()
    return cellsChangedCount > 0 ? { cellsChangedCount } : {}
  },

  textToColumns: ({ call, book }, { source, delimiterType, delimiter }) => {
    const { sheet, area } = locate(book, source, 'source')
    if (area.right - area.left !== 1) throw invalid('The source range must be a single column.')
    const rows = [...sheet.grid.cells(area)].flatMap(([row, column, cell]) => {
      const text = cell.userEnteredValue?.stringValue
      return text === undefined ? [] : [{ row, column, text }]
    })
    const mark = delimiterOf(
      delimiterType,
      delimiter,
      rows.map(({ text }) => text),
    )
    const context = entryContext(book)
    for (const { row, column, text } of rows) {
      const parts = text.split(mark)
      assertEditable(call, book, sheet, { top: row, left: column, bottom: row + 1, right: column + parts.length })
      if (column + parts.length > sheet.columnCount) sheet.resize(sheet.rowCount, column + parts.length)
      for (const [at, part] of parts.entries()) {
        const before = sheet.grid.get(row, column + at) ?? {}
        sheet.grid.set(row, column + at, enter(before, part.trim(), 'USER_ENTERED', context))
      }
    }
    book.changed()
    return undefined
  },
})
