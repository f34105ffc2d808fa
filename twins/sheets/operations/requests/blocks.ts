import type { GridRange as WireRange } from '../../../../openapi/types/sheets.ts'
import { assertEditable } from '../../access.ts'
import { invalid } from '../../errors.ts'
import type { Cell } from '../../model.ts'
import { locate } from '../../resolve.ts'
import { type Area, contains, covers, intersection } from '../../rules/address.ts'
import { enter } from '../../rules/enter.ts'
import { rewriteReferences, shiftFormula, type WrittenReference } from '../../rules/formula/rewrite.ts'
import { CellError } from '../../rules/formula/values.ts'
import { areaOf } from '../../rules/ranges.ts'
import { filledSeries } from '../../rules/series.ts'
import { rewriteFormulas } from '../../rules/structure.ts'
import type { Sheet, Workbook } from '../../workbook.ts'
import { growTo } from '../size.ts'
import { entryContext } from '../writing.ts'
import { wire } from './cells.ts'
import { type RequestContext, requests } from './define.ts'

/** What of a copied cell arrives, by paste type. */
function pasted(before: Cell, source: Cell, type: string | undefined, values: () => Cell['userEnteredValue']): Cell {
  const {
    userEnteredValue: _v,
    userEnteredFormat: _f,
    note: _n,
    textFormatRuns: _t,
    chipRuns: _c,
    dataValidation: _d,
    ...rest
  } = before
  switch (type) {
    case 'PASTE_VALUES': {
      const value = values()
      const { userEnteredValue: _old, ...kept } = before
      return value ? { ...kept, userEnteredValue: value } : kept
    }
    case 'PASTE_FORMULA': {
      const { userEnteredValue: _old, ...kept } = before
      return source.userEnteredValue ? { ...kept, userEnteredValue: source.userEnteredValue } : kept
    }
    case 'PASTE_FORMAT':
    case 'PASTE_CONDITIONAL_FORMATTING': {
      const { userEnteredFormat: _old, ...kept } = before
      return source.userEnteredFormat && type === 'PASTE_FORMAT'
        ? { ...kept, userEnteredFormat: source.userEnteredFormat }
        : type === 'PASTE_FORMAT'
          ? kept
          : before
    }
    case 'PASTE_DATA_VALIDATION': {
      const { dataValidation: _old, ...kept } = before
      return source.dataValidation ? { ...kept, dataValidation: source.dataValidation } : kept
    }
    case 'PASTE_NO_BORDERS': {
      const { borders: _borders, ...format } = source.userEnteredFormat ?? {}
      const { userEnteredFormat: _format, ...plain } = source
      return { ...rest, ...plain, ...(Object.keys(format).length > 0 && { userEnteredFormat: format }) }
    }
    default:
      return { ...rest, ...source }
  }
}

/** The computed value of a cell, as something that can be entered. */
function computed({ values }: Workbook, sheet: Sheet, row: number, column: number): Cell['userEnteredValue'] {
  const { value } = values.result(sheet.id, row, column)
  if (value === null) return undefined
  if (value instanceof CellError) return { stringValue: value.code }
  return typeof value === 'number'
    ? { numberValue: value }
    : typeof value === 'boolean'
      ? { boolValue: value }
      : { stringValue: value }
}

function shifted(book: Workbook, cell: Cell, rows: number, columns: number): Cell {
  const formula = cell.userEnteredValue?.formulaValue
  return formula === undefined
    ? cell
    : { ...cell, userEnteredValue: { formulaValue: shiftFormula(formula, book.properties.locale, rows, columns) } }
}

/** Copies merges that lie wholly in the source to each place the source lands. */
function copyMerges(from: Sheet, source: Area, to: Sheet, top: number, left: number): void {
  for (const range of from.row.merges) {
    const merge = areaOf(range, from.rowCount, from.columnCount)
    if (!covers(source, merge)) continue
    const moved = {
      top: merge.top - source.top + top,
      left: merge.left - source.left + left,
      bottom: merge.bottom - source.top + top,
      right: merge.right - source.left + left,
    }
    to.row.merges = [
      ...to.row.merges.filter((other) => !intersection(areaOf(other, to.rowCount, to.columnCount), moved)),
      wire(to, moved),
    ]
  }
}

function copyPaste(
  { call, book }: RequestContext,
  request: { source?: WireRange; destination?: WireRange; pasteType?: string; pasteOrientation?: string },
) {
  const { sheet: from, area: source } = locate(book, request.source, 'source')
  const { sheet: to, area: target } = locate(book, request.destination, 'destination')
  const transpose = request.pasteOrientation === 'TRANSPOSE'
  const [height, width] = transpose
    ? [source.right - source.left, source.bottom - source.top]
    : [source.bottom - source.top, source.right - source.left]
  // The source repeats as often as it fits whole, at least once.
  const down = Math.max(1, Math.floor((target.bottom - target.top) / height)) * height
  const across = Math.max(1, Math.floor((target.right - target.left) / width)) * width
  const area = { top: target.top, left: target.left, bottom: target.top + down, right: target.left + across }
  if (area.bottom > to.rowCount || area.right > to.columnCount) growTo(book, to, area.bottom, area.right)
  assertEditable(call, book, to, area)
  const sources = new Map([...from.grid.cells(source)].map(([row, column, cell]) => [`${row} ${column}`, cell]))
  const results = book.values
  to.grid.update(area, (before, row, column) => {
    const [y, x] = [(row - area.top) % height, (column - area.left) % width]
    const [r, c] = transpose ? [source.top + x, source.left + y] : [source.top + y, source.left + x]
    const cell = shifted(book, sources.get(`${r} ${c}`) ?? {}, row - r, column - c)
    return pasted(before, cell, request.pasteType, () => computed({ values: results } as Workbook, from, r, c))
  })
  if (request.pasteType === undefined || request.pasteType === 'PASTE_NORMAL')
    for (let top = area.top; top < area.bottom; top += height)
      for (let left = area.left; left < area.right; left += width) copyMerges(from, source, to, top, left)
  book.changed()
  return undefined
}

/** Where a reference points after the block it lies in was cut and pasted. */
function retargeted(
  reference: WrittenReference,
  source: Area,
  rows: number,
  columns: number,
  title: string | undefined,
): WrittenReference | undefined {
  const { first, last = first } = reference
  if (first.row === undefined || first.column === undefined || last.row === undefined || last.column === undefined)
    return undefined
  if (!contains(source, first.row, first.column) || !contains(source, last.row, last.column)) return undefined
  const move = (end: typeof first) => ({
    ...end,
    row: (end.row as number) + rows,
    column: (end.column as number) + columns,
  })
  return {
    ...(title !== undefined && { sheet: title }),
    first: move(first),
    ...(reference.last && { last: move(last) }),
  }
}

function cutPaste(
  { call, book }: RequestContext,
  request: {
    source?: WireRange
    destination?: { sheetId?: number; rowIndex?: number; columnIndex?: number }
    pasteType?: string
  },
) {
  const { sheet: from, area: source } = locate(book, request.source, 'source')
  const { sheetId, rowIndex: top = 0, columnIndex: left = 0 } = request.destination ?? {}
  const { sheet: to } = locate(book, { sheetId })
  const area = { top, left, bottom: top + source.bottom - source.top, right: left + source.right - source.left }
  if (area.bottom > to.rowCount || area.right > to.columnCount) growTo(book, to, area.bottom, area.right)
  assertEditable(call, book, from, source)
  assertEditable(call, book, to, area)
  const cells = new Map(
    [...from.grid.cells(source)].map(([row, column, cell]) => [`${row - source.top} ${column - source.left}`, cell]),
  )
  from.grid.update(source, () => undefined)
  to.grid.update(area, (before, row, column) => {
    const cell = cells.get(`${row - top} ${column - left}`) ?? {}
    return pasted(before, cell, request.pasteType, () => cell.userEnteredValue)
  })
  const merges = from.row.merges.filter((range) => covers(source, areaOf(range, from.rowCount, from.columnCount)))
  copyMerges(from, source, to, top, left)
  from.row.merges = from.row.merges.filter((range) => !merges.includes(range))
  rewriteFormulas(book, (formula, host) =>
    rewriteReferences(formula, book.properties.locale, (reference) => {
      const named = reference.sheet === undefined ? host : book.titled(reference.sheet)
      if (named !== from) return undefined
      return retargeted(
        reference,
        source,
        top - source.top,
        left - source.left,
        host === to ? reference.sheet && to.title : to.title,
      )
    }),
  )
  return undefined
}

/** Rows and fields of delimited text, or of a table in HTML. */
function parsePaste(data: string, delimiter: string | undefined, html: boolean | undefined): string[][] {
  if (html) {
    const cells = (row: string) =>
      [...row.matchAll(/<t[dh][^>]*>([\s\S]*?)<\/t[dh]>/gi)].map(([, cell = '']) => cell.replace(/<[^>]+>/g, '').trim())
    return [...data.matchAll(/<tr[^>]*>([\s\S]*?)<\/tr>/gi)].map(([, row = '']) => cells(row))
  }
  return data
    .replace(/\r?\n$/, '')
    .split(/\r?\n/)
    .map((line) => (delimiter ? line.split(delimiter) : [line]))
}

export const blockRequests = requests({
  copyPaste,
  cutPaste,

  pasteData: ({ call, book }, { coordinate, data = '', type, delimiter, html }) => {
    if (delimiter === undefined && !html) throw invalid('No paste kind specified: must specify delimiter or html.')
    const { sheet } = locate(book, { sheetId: coordinate?.sheetId })
    const rows = parsePaste(data, delimiter, html)
    const [top, left] = [coordinate?.rowIndex ?? 0, coordinate?.columnIndex ?? 0]
    const area = { top, left, bottom: top + rows.length, right: left + Math.max(1, ...rows.map((row) => row.length)) }
    growTo(book, sheet, area.bottom, area.right)
    assertEditable(call, book, sheet, area)
    const context = entryContext(book)
    sheet.grid.update(area, (cell, row, column) => {
      const text = rows[row - top]?.[column - left]
      return text === undefined || type === 'PASTE_FORMAT' ? cell : enter(cell, text, 'USER_ENTERED', context)
    })
    book.changed()
    return undefined
  },

  autoFill: ({ call, book }, { range, sourceAndDestination, useAlternateSeries }) => {
    const { sheet, source, areas } = fillPlaces(book, range, sourceAndDestination)
    for (const { area, down, backwards } of areas) {
      assertEditable(call, book, sheet, area)
      const lines = down ? source.right - source.left : source.bottom - source.top
      for (let line = 0; line < lines; line++) {
        const length = down ? source.bottom - source.top : source.right - source.left
        const place = (at: number): [number, number] =>
          down ? [source.top + at, source.left + line] : [source.top + line, source.left + at]
        const cells = Array.from({ length }, (_, at) => sheet.grid.get(...place(at)) ?? {})
        const series = filledSeries(cells, useAlternateSeries === true)
        const count = down ? area.bottom - area.top : area.right - area.left
        for (let at = 0; at < count; at++) {
          const offset = backwards ? -1 - at : length + at
          const from = ((offset % length) + length) % length
          const [row, column] = place(offset)
          const model = cells[from] ?? {}
          const moved = shifted(book, model, down ? offset - from : 0, down ? 0 : offset - from)
          const value = model.userEnteredValue?.formulaValue === undefined ? series(offset) : moved.userEnteredValue
          const { userEnteredValue: _old, ...looks } = model
          sheet.grid.set(row, column, value ? { userEnteredValue: value, ...looks } : looks)
        }
      }
    }
    book.changed()
    return undefined
  },
})

interface FillPlace {
  readonly area: Area
  readonly down: boolean
  readonly backwards: boolean
}

/** Where autofill reads and writes: as told, or the filled part of a range continued through its rest. */
function fillPlaces(
  book: Workbook,
  range: WireRange | undefined,
  told: { source?: WireRange; dimension?: string; fillLength?: number } | undefined,
): { sheet: Sheet; source: Area; areas: FillPlace[] } {
  if (told) {
    const { sheet, area: source } = locate(book, told.source, 'source')
    const length = told.fillLength ?? 0
    const down = told.dimension !== 'COLUMNS'
    const backwards = length < 0
    const size = Math.abs(length)
    const area = down
      ? backwards
        ? { ...source, top: source.top - size, bottom: source.top }
        : { ...source, top: source.bottom, bottom: source.bottom + size }
      : backwards
        ? { ...source, left: source.left - size, right: source.left }
        : { ...source, left: source.right, right: source.right + size }
    if (area.top < 0 || area.left < 0) throw invalid('The fill range is out of bounds.')
    growTo(book, sheet, area.bottom, area.right)
    return { sheet, source, areas: [{ area, down, backwards }] }
  }
  const { sheet, area } = locate(book, range)
  const filled = [...sheet.grid.cells(area)].filter(([, , cell]) => cell.userEnteredValue)
  if (filled.length === 0) return { sheet, source: area, areas: [] }
  const bottom = Math.max(...filled.map(([row]) => row)) + 1
  const right = Math.max(...filled.map(([, column]) => column)) + 1
  const source = { ...area, bottom, right }
  if (bottom < area.bottom)
    return {
      sheet,
      source: { ...source, right: area.right },
      areas: [{ area: { ...area, top: bottom }, down: true, backwards: false }],
    }
  return {
    sheet,
    source,
    areas: right < area.right ? [{ area: { ...area, left: right }, down: false, backwards: false }] : [],
  }
}
