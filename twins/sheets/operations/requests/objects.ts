import type { ChartSpec } from '../../../../openapi/types/sheets.ts'
import { invalid } from '../../errors.ts'
import type { EmbeddedObject, SheetTable, TableColumn } from '../../model.ts'
import { isRangeName } from '../../rules/a1.ts'
import { overlaps } from '../../rules/address.ts'
import { withColorStyles } from '../../rules/color.ts'
import { rewriteTokens } from '../../rules/formula/rewrite.ts'
import { masked, updateMask } from '../../rules/mask.ts'
import { areaOf } from '../../rules/ranges.ts'
import { rewriteFormulas } from '../../rules/structure.ts'
import { shown } from '../../views/values.ts'
import type { Sheet, Workbook } from '../../workbook.ts'
import { requests } from './define.ts'
import { closedRange, findObject } from './ranges.ts'
import { addSheet, sheetOf } from './sheets.ts'

interface Position {
  readonly newSheet?: boolean
  readonly sheetId?: number
  readonly overlayPosition?: { readonly anchorCell?: { readonly sheetId?: number } } & Readonly<Record<string, unknown>>
}

/** Where an object goes: over cells in the default size, or on a sheet of its own. */
function placed(
  book: Workbook,
  position: Position | undefined,
  size: { width: number; height: number },
): { sheet: Sheet; position: object } {
  if (position?.newSheet) {
    const number = book.sheets.filter(({ title }) => /^Chart\d+$/.test(title)).length + 1
    const sheet = addSheet(book, { title: `Chart${number}`, sheetType: 'OBJECT' })
    return { sheet, position: { sheetId: sheet.id } }
  }
  const { anchorCell = {}, ...overlay } = position?.overlayPosition ?? {}
  const sheet = sheetOf(book, anchorCell.sheetId)
  return {
    sheet,
    position: { overlayPosition: { anchorCell, widthPixels: size.width, heightPixels: size.height, ...overlay } },
  }
}

/** A chart as it is kept: its titles are set in its font, Roboto unless it names one (pygsheets reads it back). */
function storedSpec(spec: ChartSpec): ChartSpec {
  const family = spec.fontName ?? 'Roboto'
  return withColorStyles({
    ...spec,
    ...(spec.title && { titleTextFormat: { fontFamily: family, ...spec.titleTextFormat } }),
    ...(spec.subtitle && { subtitleTextFormat: { fontFamily: family, ...spec.subtitleTextFormat } }),
  })
}

const CHART_SIZE = { width: 600, height: 371 }
const SLICER_SIZE = { width: 200, height: 30 }

function chartOf(book: Workbook, id: number | undefined) {
  const found = findObject(book, 'charts', (item) => item.chartId === id)
  if (!found) throw invalid(`No chart with id: ${id}`)
  return found
}

function embedded(book: Workbook, id: number | undefined) {
  for (const list of ['charts', 'slicers'] as const) {
    const found = findObject(book, list, (item) => (item.chartId ?? item.slicerId) === id)
    if (found) return { list, ...found }
  }
  throw invalid(`No embedded object with id: ${id}`)
}

function replace(sheet: Sheet, list: 'charts' | 'slicers', item: EmbeddedObject, after: EmbeddedObject): void {
  sheet.row[list] = sheet.row[list].map((other) => (other === item ? after : other))
}

const isTaken = (book: Workbook, id: number) =>
  findObject(book, 'charts', (item) => item.chartId === id) ??
  findObject(book, 'slicers', (item) => item.slicerId === id)

function newObjectId(book: Workbook, given: number | undefined, kind: string): number {
  if (given === undefined) return book.newId((id) => isTaken(book, id) !== undefined)
  if (isTaken(book, given)) throw invalid(`A ${kind} with id ${given} already exists.`)
  return given
}

/** Columns of a table, named by its first row. */
function tableColumns(
  book: Workbook,
  sheet: Sheet,
  range: SheetTable['range'],
  given: readonly TableColumn[] = [],
): TableColumn[] {
  const { top, left, right } = areaOf(range, sheet.rowCount, sheet.columnCount)
  return Array.from({ length: right - left }, (_, at) => {
    const known = given.find(({ columnIndex = 0 }) => columnIndex === at)
    const heading = shown(book, sheet.id, top, left + at)
    return {
      ...(at > 0 && { columnIndex: at }),
      columnName: known?.columnName ?? (heading || `Column ${at + 1}`),
      ...(known?.columnType && { columnType: known.columnType }),
      ...(known?.dataValidationRule && { dataValidationRule: known.dataValidationRule }),
    }
  })
}

function assertTable(book: Workbook, sheet: Sheet, table: SheetTable): void {
  if (!isRangeName(table.name)) throw invalid(`Invalid table name: ${table.name}`)
  if (
    findObject(
      book,
      'tables',
      (item) => item.tableId !== table.tableId && item.name.toLowerCase() === table.name.toLowerCase(),
    )
  )
    throw invalid(`A table with name "${table.name}" already exists.`)
  const area = areaOf(table.range, sheet.rowCount, sheet.columnCount)
  if (
    sheet.row.tables.some(
      (other) =>
        other.tableId !== table.tableId && overlaps(areaOf(other.range, sheet.rowCount, sheet.columnCount), area),
    )
  )
    throw invalid('Tables cannot overlap.')
}

function tableOf(book: Workbook, id: string | undefined) {
  const found = findObject(book, 'tables', (item) => item.tableId === id)
  if (!found) throw invalid(`No table with id: ${id}`)
  return found
}

export const objectRequests = requests({
  addChart: ({ book }, { chart }) => {
    if (!chart?.spec) throw invalid('Must specify a chart spec.')
    const { sheet, position } = placed(book, chart.position as Position, CHART_SIZE)
    const added: EmbeddedObject = {
      chartId: newObjectId(book, chart.chartId, 'chart'),
      spec: storedSpec(chart.spec),
      position,
      ...(chart.border && { border: withColorStyles(chart.border) }),
    }
    sheet.row.charts = [...sheet.row.charts, added]
    book.changed()
    return { chart: added }
  },

  updateChartSpec: ({ book }, { chartId, spec }) => {
    const { sheet, item } = chartOf(book, chartId)
    replace(sheet, 'charts', item, { ...item, spec: storedSpec(spec ?? {}) })
    book.changed()
    return undefined
  },

  updateEmbeddedObjectPosition: ({ book }, { objectId, newPosition, fields }) => {
    const { sheet, item, list } = embedded(book, objectId)
    const given = newPosition as Position | undefined
    if (given?.newSheet || given?.overlayPosition?.anchorCell?.sheetId !== undefined) {
      const { sheet: target, position } = placed(book, given, CHART_SIZE)
      sheet.row[list] = sheet.row[list].filter((other) => other !== item)
      target.row[list] = [...target.row[list], { ...item, position }]
      book.changed()
      return { position }
    }
    const before = (item.position as { overlayPosition?: object } | undefined)?.overlayPosition ?? {}
    const overlayPosition = masked(before, given?.overlayPosition, updateMask(fields))
    replace(sheet, list, item, { ...item, position: { overlayPosition } })
    book.changed()
    return { position: { overlayPosition } }
  },

  updateEmbeddedObjectBorder: ({ book }, { objectId, border, fields }) => {
    const { sheet, item, list } = embedded(book, objectId)
    replace(sheet, list, item, {
      ...item,
      border: masked(item.border ?? {}, border, updateMask(fields), ['color', 'colorStyle']),
    })
    book.changed()
    return undefined
  },

  deleteEmbeddedObject: ({ book }, { objectId }) => {
    const { sheet, item, list } = embedded(book, objectId)
    sheet.row[list] = sheet.row[list].filter((other) => other !== item)
    if (!sheet.isGrid) book.removeSheet(sheet)
    book.changed()
    return undefined
  },

  addSlicer: ({ book }, { slicer }) => {
    const { sheet, position } = placed(book, slicer?.position as Position, SLICER_SIZE)
    const added: EmbeddedObject = {
      slicerId: newObjectId(book, slicer?.slicerId, 'slicer'),
      ...(slicer?.spec && { spec: withColorStyles(slicer.spec) }),
      position,
    }
    sheet.row.slicers = [...sheet.row.slicers, added]
    book.changed()
    return { slicer: added }
  },

  updateSlicerSpec: ({ book }, { slicerId, spec, fields }) => {
    const found = findObject(book, 'slicers', (item) => item.slicerId === slicerId)
    if (!found) throw invalid(`No slicer with id: ${slicerId}`)
    replace(found.sheet, 'slicers', found.item, {
      ...found.item,
      spec: masked(found.item.spec ?? {}, spec, updateMask(fields)),
    })
    book.changed()
    return undefined
  },

  addTable: ({ book }, { table }) => {
    const { sheet, range } = closedRange(book, table?.range)
    const given = (table ?? {}) as Partial<SheetTable>
    const number = book.sheets.reduce((total, { row }) => total + row.tables.length, 0) + 1
    const added: SheetTable = {
      ...withColorStyles(given),
      tableId: given.tableId ?? String(book.newId(() => false)),
      name: given.name ?? `Table${number}`,
      range,
      columnProperties: tableColumns(book, sheet, range, given.columnProperties),
    }
    assertTable(book, sheet, added)
    sheet.row.tables = [...sheet.row.tables, added]
    book.changed()
    return { table: added }
  },

  updateTable: ({ book }, { table, fields }) => {
    const { sheet, item } = tableOf(book, table?.tableId)
    const after = {
      ...masked(item, table, updateMask(fields), ['name', 'range', 'rowsProperties', 'columnProperties', 'tableId']),
      tableId: item.tableId,
    }
    const { range } = closedRange(book, after.range)
    const next = { ...after, range, columnProperties: tableColumns(book, sheet, range, after.columnProperties) }
    assertTable(book, sheet, next)
    if (next.name !== item.name) {
      rewriteFormulas(book, (formula) =>
        rewriteTokens(formula, book.properties.locale, ({ kind, text }) => {
          const [name = '', ...rest] = text.split('[')
          return kind === 'name' && name.toLowerCase() === item.name.toLowerCase()
            ? [next.name, ...rest].join('[')
            : undefined
        }),
      )
    }
    sheet.row.tables = sheet.row.tables.map((other) => (other === item ? next : other))
    book.changed()
    return undefined
  },

  deleteTable: ({ book }, { tableId }) => {
    const { sheet, item } = tableOf(book, tableId)
    // A table goes with its content.
    sheet.grid.update(areaOf(item.range, sheet.rowCount, sheet.columnCount), () => undefined)
    sheet.row.tables = sheet.row.tables.filter((other) => other !== item)
    book.changed()
    return undefined
  },
})
