import { invalid } from '../errors.ts'
import type { Cell, ExtendedValue, NumberFormat } from '../model.ts'
import { normalizeFormula } from './formula/rewrite.ts'
import { type InputContext, parseInput } from './input.ts'

/** What writing needs to know of the spreadsheet. */
export interface EntryContext extends InputContext {
  readonly localeName: string
}

const MAX_LENGTH = 50_000

/** A cell with another content; looks, notes and validation stay. */
export function withValue(cell: Cell, value: ExtendedValue | undefined): Cell {
  const { userEnteredValue: _before, textFormatRuns: _runs, chipRuns: _chips, ...rest } = cell
  return value ? { userEnteredValue: value, ...rest } : rest
}

const isText = (format: NumberFormat | undefined) => format?.type === 'TEXT' || format?.pattern === '@'

/** A cell after a JSON value was entered into it, as the API's RAW or USER_ENTERED does. */
export function enter(cell: Cell, value: unknown, option: string, context: EntryContext): Cell {
  if (typeof value === 'number') return withValue(cell, { numberValue: value })
  if (typeof value === 'boolean') return withValue(cell, { boolValue: value })
  const text = String(value)
  if (text.length > MAX_LENGTH)
    throw invalid(`Your input contains more than the maximum of ${MAX_LENGTH} characters in a single cell.`)
  if (text === '') return unlinked(withValue(cell, undefined))
  const format = cell.userEnteredFormat?.numberFormat
  if (option === 'RAW' || (isText(format) && !text.startsWith('=')))
    return unlinked(withValue(cell, { stringValue: text }))
  const entered = parseInput(text, context)
  const { formulaValue } = entered.value ?? {}
  const stored =
    formulaValue === undefined ? entered.value : { formulaValue: normalizeFormula(formulaValue, context.localeName) }
  const next = unlinked(withValue(cell, stored))
  if (entered.link) return withLink(next, entered.link)
  return entered.format && !format
    ? { ...next, userEnteredFormat: { ...next.userEnteredFormat, numberFormat: entered.format } }
    : next
}

const withLink = (cell: Cell, uri: string): Cell => ({
  ...cell,
  userEnteredFormat: {
    ...cell.userEnteredFormat,
    textFormat: { ...cell.userEnteredFormat?.textFormat, link: { uri } },
  },
})

/** New content ends the link of the old one. */
function unlinked(cell: Cell): Cell {
  const { userEnteredFormat } = cell
  if (!userEnteredFormat?.textFormat?.link) return cell
  const { link: _link, ...textFormat } = userEnteredFormat.textFormat
  const { textFormat: _text, ...format } = userEnteredFormat
  const kept = Object.keys(textFormat).length > 0 ? { ...format, textFormat } : format
  const { userEnteredFormat: _format, ...rest } = cell
  return Object.keys(kept).length > 0 ? { ...rest, userEnteredFormat: kept } : rest
}
