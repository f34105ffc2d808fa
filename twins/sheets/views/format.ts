import { LINK_LOOK, WHITE } from '../defaults.ts'
import type {
  BandingProperties,
  Cell,
  CellFormat,
  Color,
  ColorStyle,
  ConditionalFormatRule,
  InterpolationPoint,
  NumberFormat,
  TextFormat,
} from '../model.ts'
import { type Area, contains } from '../rules/address.ts'
import { blend } from '../rules/color.ts'
import { holds } from '../rules/condition.ts'
import type { Scalar } from '../rules/formula/values.ts'
import { areaOf } from '../rules/ranges.ts'
import type { Sheet, Workbook } from '../workbook.ts'

/** Text is aligned left, numbers right, booleans and errors in the middle, until someone says otherwise. */
function alignment(value: Scalar): string | undefined {
  if (value === null || value === '') return undefined
  if (typeof value === 'number') return 'RIGHT'
  return typeof value === 'string' ? 'LEFT' : 'CENTER'
}

/** The look a cell ends up with: defaults, its own format, banding, conditional formats, links. */
export function effectiveFormat(
  book: Workbook,
  sheet: Sheet,
  row: number,
  column: number,
  cell: Cell | undefined,
  link: string | undefined,
): CellFormat {
  const { value, format: inherited } = book.values.result(sheet.id, row, column)
  const isPlain = !cell?.userEnteredFormat && link === undefined && !inherited && !isDecorated(sheet, row, column)
  if (isPlain && sheet.row.conditionalFormats.length === 0) return plainFormat(book, value)
  return composed(book, sheet, row, column, cell, link, value, inherited)
}

const plainFormats = new WeakMap<CellFormat, Map<string, CellFormat>>()

/** The look of a cell that nobody formatted, which most are: one per kind of value. */
function plainFormat(book: Workbook, value: Scalar): CellFormat {
  const { defaultFormat } = book.properties
  let formats = plainFormats.get(defaultFormat)
  if (!formats) {
    formats = new Map()
    plainFormats.set(defaultFormat, formats)
  }
  const key = value === null ? 'blank' : (alignment(value) ?? 'empty')
  let format = formats.get(key)
  if (!format) {
    format = composed(book, undefined, 0, 0, undefined, undefined, value, undefined)
    formats.set(key, format)
  }
  return format
}

function composed(
  book: Workbook,
  sheet: Sheet | undefined,
  row: number,
  column: number,
  cell: Cell | undefined,
  link: string | undefined,
  value: Scalar,
  inherited: NumberFormat | undefined,
): CellFormat {
  const defaults = book.properties.defaultFormat
  const own = cell?.userEnteredFormat ?? {}
  const conditional = sheet && conditionalFormat(book, sheet, row, column)
  const background =
    conditional?.backgroundColorStyle ?? own.backgroundColorStyle ?? (sheet && bandColor(sheet, row, column))
  const numberFormat = own.numberFormat ?? inherited
  const horizontalAlignment = own.horizontalAlignment ?? alignment(value)
  const textFormat: TextFormat = {
    ...defaults.textFormat,
    fontFamily: defaults.textFormat?.fontFamily === 'arial,sans,sans-serif' ? 'Arial' : defaults.textFormat?.fontFamily,
    ...(link !== undefined && LINK_LOOK),
    ...own.textFormat,
    ...conditional?.textFormat,
    ...(link !== undefined && { link: { uri: link } }),
  }
  return {
    ...(numberFormat && { numberFormat }),
    backgroundColor: background?.rgbColor ?? WHITE,
    ...(own.borders && { borders: own.borders }),
    padding: own.padding ?? defaults.padding,
    ...(horizontalAlignment && { horizontalAlignment }),
    verticalAlignment: own.verticalAlignment ?? defaults.verticalAlignment,
    wrapStrategy: own.wrapStrategy ?? defaults.wrapStrategy,
    ...(own.textDirection && { textDirection: own.textDirection }),
    textFormat,
    ...(value !== null && {
      hyperlinkDisplayType: own.hyperlinkDisplayType ?? (link === undefined ? 'PLAIN_TEXT' : 'LINKED'),
    }),
    ...(own.textRotation && { textRotation: own.textRotation }),
    backgroundColorStyle: background ?? { rgbColor: WHITE },
  }
}

/** Whether anything but the cell itself gives it a look. */
export const isDecorated = (sheet: Sheet, row: number, column: number) =>
  sheet.row.bandedRanges.some(({ range }) => contains(areaOf(range, sheet.rowCount, sheet.columnCount), row, column))

function bandColor(sheet: Sheet, row: number, column: number): ColorStyle | undefined {
  for (const { range, rowProperties, columnProperties } of sheet.row.bandedRanges) {
    const area = areaOf(range, sheet.rowCount, sheet.columnCount)
    if (!contains(area, row, column)) continue
    const color =
      (rowProperties && band(rowProperties, row - area.top, area.bottom - area.top)) ??
      (columnProperties && band(columnProperties, column - area.left, area.right - area.left))
    if (color) return color
  }
  return undefined
}

function band(colors: BandingProperties, index: number, count: number): ColorStyle | undefined {
  if (index === 0 && colors.headerColorStyle) return colors.headerColorStyle
  if (index === count - 1 && colors.footerColorStyle) return colors.footerColorStyle
  const odd = (index - (colors.headerColorStyle ? 1 : 0)) % 2
  return odd ? colors.secondBandColorStyle : colors.firstBandColorStyle
}

/** What the conditional formats of a cell add up to; the first rule that sets a property wins. */
function conditionalFormat(book: Workbook, sheet: Sheet, row: number, column: number): CellFormat | undefined {
  let result: CellFormat | undefined
  for (const rule of sheet.row.conditionalFormats) {
    const area = rule.ranges
      .map((range) => areaOf(range, sheet.rowCount, sheet.columnCount))
      .find((one) => contains(one, row, column))
    if (!area) continue
    const format = ruleFormat(rule, area, book, sheet, row, column)
    if (format) result = { ...format, ...result, textFormat: { ...format.textFormat, ...result?.textFormat } }
  }
  return result
}

function ruleFormat(
  { booleanRule, gradientRule }: ConditionalFormatRule,
  area: Area,
  { values }: Workbook,
  sheet: Sheet,
  row: number,
  column: number,
) {
  if (booleanRule) {
    const origin = { row: area.top, column: area.left }
    return holds(booleanRule.condition, { sheetId: sheet.id, row, column, values, origin })
      ? booleanRule.format
      : undefined
  }
  if (!gradientRule) return undefined
  const { value } = values.result(sheet.id, row, column)
  if (typeof value !== 'number') return undefined
  const numbers = values
    .read(sheet.id, area)
    .flat()
    .filter((one): one is number => typeof one === 'number')
  const { minpoint, midpoint, maxpoint } = gradientRule
  const points = [minpoint, midpoint, maxpoint].filter((point): point is InterpolationPoint => point !== undefined)
  const stops = points.map((point) => ({
    at: pointValue(point, numbers),
    color: point.colorStyle?.rgbColor ?? point.color ?? {},
  }))
  const rgbColor = gradient(value, stops)
  return { backgroundColor: rgbColor, backgroundColorStyle: { rgbColor } } satisfies CellFormat
}

function pointValue({ type, value = '0' }: InterpolationPoint, numbers: readonly number[]): number {
  const sorted = numbers.toSorted((a, b) => a - b)
  const [low, high] = [sorted[0] ?? 0, sorted.at(-1) ?? 0]
  const given = Number(value) || 0
  switch (type) {
    case 'MIN':
      return low
    case 'MAX':
      return high
    case 'PERCENT':
      return low + ((high - low) * given) / 100
    case 'PERCENTILE': {
      const at = (given / 100) * (sorted.length - 1)
      const [below, above] = [sorted[Math.floor(at)] ?? 0, sorted[Math.ceil(at)] ?? 0]
      return below + (above - below) * (at - Math.floor(at))
    }
    default:
      return given
  }
}

function gradient(value: number, stops: readonly { at: number; color: Color }[]): Color {
  const [first] = stops
  const last = stops.at(-1)
  if (!first || !last || value <= first.at) return first?.color ?? {}
  for (let i = 1; i < stops.length; i++) {
    const [from, to] = [stops[i - 1], stops[i]]
    if (from && to && value <= to.at) return blend(from.color, to.color, (value - from.at) / (to.at - from.at || 1))
  }
  return last.color
}
