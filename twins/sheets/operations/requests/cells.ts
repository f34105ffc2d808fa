import type { CellData, GridRange as WireRange } from '../../../../openapi/types/sheets.ts'
import type { Mask } from '../../../google/fields.ts'
import { assertEditable } from '../../access.ts'
import { LINK_LOOK } from '../../defaults.ts'
import { invalid } from '../../errors.ts'
import type { BooleanCondition, Cell, DataValidationRule, GridRange } from '../../model.ts'
import { locate } from '../../resolve.ts'
import { type Area, covers, overlaps } from '../../rules/address.ts'
import { withColorStyles } from '../../rules/color.ts'
import { CONDITION_VALUES } from '../../rules/condition.ts'
import { normalizeFormula, shiftFormula } from '../../rules/formula/rewrite.ts'
import { masked, updateMask } from '../../rules/mask.ts'
import { areaOf } from '../../rules/ranges.ts'
import type { Sheet, Workbook } from '../../workbook.ts'
import { growTo } from '../size.ts'
import { type RequestContext, requests } from './define.ts'

/** Fields of CellData; those that are computed may be named and are passed over. */
const WRITABLE = [
  'userEnteredValue',
  'userEnteredFormat',
  'note',
  'textFormatRuns',
  'chipRuns',
  'dataValidation',
  'pivotTable',
  'dataSourceTable',
]
const COMPUTED = [
  'effectiveValue',
  'effectiveFormat',
  'formattedValue',
  'hyperlink',
  'dataSourceFormula',
  'commentThreads',
]

function cellMask(fields: string | undefined): Mask {
  const mask = updateMask(fields)
  return mask.has('*')
    ? new Map(WRITABLE.map((name) => [name, undefined]))
    : new Map([...mask].filter(([name]) => !COMPUTED.includes(name)))
}

/** A cell after CellData was written to it. Fields the mask names and the data lacks are cleared. */
export function applyCellData(book: Workbook, cell: Cell, data: CellData | undefined, mask: Mask): Cell {
  const next = masked(cell, data, mask, WRITABLE)
  const { userEnteredValue, note, userEnteredFormat, textFormatRuns, ...rest } = next
  const formula = userEnteredValue?.formulaValue
  const value =
    formula !== undefined
      ? { formulaValue: normalizeFormula(formula.startsWith('=') ? formula : `=${formula}`, book.properties.locale) }
      : userEnteredValue && Object.keys(userEnteredValue).length > 0 && userEnteredValue.stringValue !== ''
        ? userEnteredValue
        : undefined
  if (userEnteredFormat?.numberFormat && !userEnteredFormat.numberFormat.type)
    throw invalid('NumberFormat must have a type.')
  return {
    ...(value && { userEnteredValue: value }),
    ...(userEnteredFormat && Object.keys(userEnteredFormat).length > 0 && { userEnteredFormat }),
    ...(textFormatRuns && textFormatRuns.length > 0 && { textFormatRuns: textFormatRuns.map(storedRun) }),
    ...rest,
    ...(note && { note }),
  }
}

/** The first run's index is left out; a run with a link looks like one. */
function storedRun({ startIndex, format }: TextRun): TextRun {
  const linked = format?.link?.uri === undefined ? format : { ...LINK_LOOK, ...format }
  return { ...(startIndex && { startIndex }), ...(linked && { format: linked }) }
}

type TextRun = NonNullable<Cell['textFormatRuns']>[number]

/** Data validation of written cells is checked like that of setDataValidation. */
function assertCellData(data: CellData | undefined): void {
  if (data?.dataValidation?.condition) assertCondition(data.dataValidation.condition as BooleanCondition)
}

export function assertCondition({ type, values = [] }: BooleanCondition): void {
  const [least, most] = CONDITION_VALUES[type] ?? [0, Number.POSITIVE_INFINITY]
  if (values.length >= least && values.length <= most) return
  const wanted = least === most ? `exactly ${least}` : values.length < least ? `at least ${least}` : `at most ${most}`
  throw invalid(
    `Invalid condition: ${type} requires ${wanted} ConditionValue${(values.length < least ? least : most) === 1 ? '' : 's'}, but ${values.length} values were provided.`,
  )
}

function updateCells(
  { call, book }: RequestContext,
  {
    rows = [],
    fields,
    range,
    start,
  }: {
    rows?: { values?: CellData[] }[]
    fields?: string
    range?: WireRange
    start?: { sheetId?: number; rowIndex?: number; columnIndex?: number }
  },
) {
  const mask = cellMask(fields)
  const width = Math.max(0, ...rows.map(({ values }) => values?.length ?? 0))
  const place = range
    ? locate(book, range)
    : locate(book, {
        sheetId: start?.sheetId,
        startRowIndex: start?.rowIndex ?? 0,
        endRowIndex: (start?.rowIndex ?? 0) + rows.length,
        startColumnIndex: start?.columnIndex ?? 0,
        endColumnIndex: (start?.columnIndex ?? 0) + width,
      })
  const { sheet, area } = place
  assertEditable(call, book, sheet, area)
  if (rows.length > area.bottom - area.top)
    throw invalid(`Attempting to write row: ${area.bottom}, beyond the last requested row of: ${area.bottom - 1}`)
  if (width > area.right - area.left)
    throw invalid(`Attempting to write column: ${area.right}, beyond the last requested column of: ${area.right - 1}`)
  sheet.grid.update(area, (cell, row, column) => {
    const values = rows[row - area.top]?.values
    const data = values?.[column - area.left]
    if (!range && column - area.left >= (values?.length ?? 0)) return cell
    assertCellData(data)
    return applyCellData(book, cell, data, mask)
  })
  book.changed()
  return undefined
}

function repeatCell(
  { call, book }: RequestContext,
  { range, cell: data, fields }: { range?: WireRange; cell?: CellData; fields?: string },
) {
  const mask = cellMask(fields)
  assertCellData(data)
  const { sheet, area } = locate(book, range)
  assertEditable(call, book, sheet, area)
  const formula = data?.userEnteredValue?.formulaValue
  sheet.grid.update(area, (cell, row, column) => {
    if (formula === undefined) return applyCellData(book, cell, data, mask)
    const formulaValue = shiftFormula(formula, book.properties.locale, row - area.top, column - area.left)
    return applyCellData(book, cell, { ...data, userEnteredValue: { formulaValue } }, mask)
  })
  book.changed()
  return undefined
}

/** Rows go below the last one that has any content. */
function appendCells(
  { call, book }: RequestContext,
  {
    sheetId = 0,
    rows = [],
    fields,
    tableId,
  }: { sheetId?: number; rows?: { values?: CellData[] }[]; fields?: string; tableId?: string },
) {
  const mask = cellMask(fields)
  const table =
    tableId === undefined
      ? undefined
      : book.sheets
          .flatMap((sheet) => sheet.row.tables.map((one) => ({ sheet, one })))
          .find(({ one }) => one.tableId === tableId)
  const sheet = table?.sheet ?? locate(book, { sheetId }).sheet
  const top = table ? (table.one.range.endRowIndex ?? 0) : book.values.used(sheet.id).rows
  const left = table ? (table.one.range.startColumnIndex ?? 0) : 0
  const width = Math.max(0, ...rows.map(({ values }) => values?.length ?? 0))
  growTo(book, sheet, top + rows.length, left + width)
  const area = { top, left, bottom: top + rows.length, right: left + width }
  assertEditable(call, book, sheet, area)
  sheet.grid.update(area, (cell, row, column) => {
    const values = rows[row - top]?.values
    return column - left < (values?.length ?? 0) ? applyCellData(book, cell, values?.[column - left], mask) : cell
  })
  if (table)
    sheet.row.tables = sheet.row.tables.map((one) =>
      one.tableId === tableId ? { ...one, range: { ...one.range, endRowIndex: area.bottom } } : one,
    )
  book.changed()
  return undefined
}

/** Merges of the rectangle: one, or one per row or column. */
function mergedAreas(area: Area, type: string | undefined): Area[] {
  if (type === 'MERGE_ROWS')
    return Array.from({ length: area.bottom - area.top }, (_, i) => ({
      ...area,
      top: area.top + i,
      bottom: area.top + i + 1,
    }))
  if (type === 'MERGE_COLUMNS')
    return Array.from({ length: area.right - area.left }, (_, i) => ({
      ...area,
      left: area.left + i,
      right: area.left + i + 1,
    }))
  return [area]
}

/** Takes out the merges that lie in the area; one that lies partly in it is refused. */
function dissolve(sheet: Sheet, area: Area): void {
  sheet.row.merges = sheet.row.merges.filter((range) => {
    const merge = areaOf(range, sheet.rowCount, sheet.columnCount)
    if (!overlaps(merge, area)) return true
    if (covers(area, merge)) return false
    throw invalid('You must select all cells in a merged range to merge or unmerge them.')
  })
}

export const wire = (sheet: Sheet, area: Area): GridRange => ({
  sheetId: sheet.id,
  startRowIndex: area.top,
  endRowIndex: area.bottom,
  startColumnIndex: area.left,
  endColumnIndex: area.right,
})

function mergeCells({ call, book }: RequestContext, { range, mergeType }: { range?: WireRange; mergeType?: string }) {
  const { sheet, area } = locate(book, range)
  assertEditable(call, book, sheet, area)
  const { frozenRowCount = 0, frozenColumnCount = 0 } = sheet.row.properties.gridProperties ?? {}
  if (area.top < frozenRowCount && area.bottom > frozenRowCount)
    throw invalid("You can't merge frozen and non-frozen rows.")
  if (area.left < frozenColumnCount && area.right > frozenColumnCount)
    throw invalid("You can't merge frozen and non-frozen columns.")
  dissolve(sheet, area)
  const merges = mergedAreas(area, mergeType).filter((one) => (one.bottom - one.top) * (one.right - one.left) > 1)
  for (const merge of merges) {
    // The first content in reading order stays, in the top left cell.
    const first = [...sheet.grid.cells(merge)].find(([, , cell]) => cell.userEnteredValue)
    const kept = sheet.grid.get(merge.top, merge.left)
    sheet.grid.update(merge, (cell, row, column) => {
      const { userEnteredValue: _value, ...rest } = cell
      if (row !== merge.top || column !== merge.left) return cell.userEnteredValue ? rest : cell
      return kept?.userEnteredValue || !first ? cell : { ...rest, userEnteredValue: first[2].userEnteredValue }
    })
  }
  sheet.row.merges = [...sheet.row.merges, ...merges.map((merge) => wire(sheet, merge))]
  book.changed()
  return undefined
}

type Side = 'top' | 'bottom' | 'left' | 'right'

function updateBorders(
  { call, book }: RequestContext,
  request: { range?: WireRange } & { [K in Side | 'innerHorizontal' | 'innerVertical']?: object },
) {
  const { sheet, area } = locate(book, request.range)
  assertEditable(call, book, sheet, area)
  const { top, bottom, left, right, innerHorizontal, innerVertical } = withColorStyles(request)
  sheet.grid.update(area, (cell, row, column) => {
    const edges: [Side, object | undefined][] = [
      ['top', row === area.top ? top : innerHorizontal],
      ['bottom', row === area.bottom - 1 ? bottom : innerHorizontal],
      ['left', column === area.left ? left : innerVertical],
      ['right', column === area.right - 1 ? right : innerVertical],
    ]
    const borders: Record<string, unknown> = { ...cell.userEnteredFormat?.borders }
    for (const [side, border] of edges) {
      if (!border) continue
      if ((border as { style?: string }).style === 'NONE') delete borders[side]
      else borders[side] = border
    }
    const { borders: _borders, ...format } = cell.userEnteredFormat ?? {}
    const userEnteredFormat = Object.keys(borders).length > 0 ? { ...format, borders } : format
    const { userEnteredFormat: _format, ...rest } = cell
    return Object.keys(userEnteredFormat).length > 0 ? { ...rest, userEnteredFormat } : rest
  })
  book.changed()
  return undefined
}

export const cellRequests = requests({
  updateCells,
  repeatCell,
  appendCells,
  mergeCells,
  updateBorders,

  unmergeCells: ({ call, book }, { range }) => {
    const { sheet, area } = locate(book, range)
    assertEditable(call, book, sheet, area)
    dissolve(sheet, area)
    book.changed()
    return undefined
  },

  setDataValidation: ({ call, book }, { range, rule }) => {
    const { sheet, area } = locate(book, range)
    assertEditable(call, book, sheet, area)
    if (rule?.condition) assertCondition(rule.condition as BooleanCondition)
    sheet.grid.update(area, (cell) => {
      const { dataValidation: _before, ...rest } = cell
      if (!rule) return cell.dataValidation ? rest : cell
      const { strict, showCustomUi, ...kept } = rule as DataValidationRule
      const dataValidation = { ...kept, ...(strict && { strict }), ...(showCustomUi && { showCustomUi }) }
      // A checkbox without a value is unchecked.
      const unchecked = rule.condition?.type === 'BOOLEAN' && !rest.userEnteredValue && !rule.condition.values?.length
      return { ...(unchecked && { userEnteredValue: { boolValue: false } }), ...rest, dataValidation }
    })
    book.changed()
    return undefined
  },
})
