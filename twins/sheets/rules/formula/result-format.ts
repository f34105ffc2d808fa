import type { NumberFormat } from '../../model.ts'
import { within } from '../a1.ts'
import type { Node } from './parser.ts'
import type { Scope } from './scope.ts'

const DATE: NumberFormat = { type: 'DATE' }
const TIME: NumberFormat = { type: 'TIME' }
const DATE_TIME: NumberFormat = { type: 'DATE_TIME' }
const PERCENT: NumberFormat = { type: 'PERCENT' }
const CURRENCY: NumberFormat = { type: 'CURRENCY' }

/** Functions whose results have a type of their own. */
const RESULTS: Readonly<Record<string, NumberFormat>> = {
  DATE,
  TODAY: DATE,
  EDATE: DATE,
  EOMONTH: DATE,
  WORKDAY: DATE,
  'WORKDAY.INTL': DATE,
  DATEVALUE: DATE,
  TO_DATE: DATE,
  NOW: DATE_TIME,
  EPOCHTODATE: DATE_TIME,
  TIME,
  TIMEVALUE: TIME,
  TO_PERCENT: PERCENT,
  TO_DOLLARS: CURRENCY,
  IRR: PERCENT,
  RATE: PERCENT,
  PMT: CURRENCY,
  PV: CURRENCY,
  FV: CURRENCY,
  NPV: CURRENCY,
}

/** Functions that hand on the format of an argument, by its position. */
const HANDED_ON: Readonly<Record<string, number>> = {
  SUM: 0,
  MAX: 0,
  MIN: 0,
  AVERAGE: 0,
  MEDIAN: 0,
  MODE: 0,
  LARGE: 0,
  SMALL: 0,
  ROUND: 0,
  ROUNDUP: 0,
  ROUNDDOWN: 0,
  ABS: 0,
  INDEX: 0,
  OFFSET: 0,
  FILTER: 0,
  SORT: 0,
  UNIQUE: 0,
  ARRAYFORMULA: 0,
  IFERROR: 0,
  IFNA: 0,
  MAXIFS: 0,
  MINIFS: 0,
  SUMIFS: 0,
  AVERAGEIFS: 0,
  SUMIF: 2,
  AVERAGEIF: 2,
  IF: 1,
  CHOOSE: 1,
  XLOOKUP: 2,
  TRANSPOSE: 0,
  FLATTEN: 0,
}

const isDate = (format: NumberFormat | undefined) => format?.type === 'DATE' || format?.type === 'DATE_TIME'

/** The number format a formula's result inherits: DATE() makes dates, references and sums hand on what they read. */
export function resultFormat(node: Node, scope: Scope): NumberFormat | undefined {
  switch (node.kind) {
    case 'reference':
      return referenced(node, scope)
    case 'name': {
      const found = scope.host.named(node.name)
      return found && 'area' in found ? scope.host.format(found.sheetId, found.area.top, found.area.left) : undefined
    }
    case 'call':
      return called(node, scope)
    case 'percent':
      return PERCENT
    case 'negate':
    case 'plus':
      return resultFormat(node.operand, scope)
    case 'binary':
      return combined(node, scope)
    case 'array':
      return node.rows[0]?.[0] && resultFormat(node.rows[0][0], scope)
    default:
      return undefined
  }
}

function referenced(node: Extract<Node, { kind: 'reference' }>, scope: Scope): NumberFormat | undefined {
  const sheetId = node.sheet === undefined ? scope.sheetId : scope.host.sheetId(node.sheet)
  const size = sheetId === undefined ? undefined : scope.host.size(sheetId)
  if (sheetId === undefined || !size || !node.cells) return undefined
  const { top, left, bottom } = within(node.cells, size.rows, size.columns)
  for (let row = top; row < Math.min(bottom, top + 50); row++) {
    const format = scope.host.format(sheetId, row, left)
    if (format) return format
  }
  return undefined
}

function called({ name, args }: Extract<Node, { kind: 'call' }>, scope: Scope): NumberFormat | undefined {
  const result = RESULTS[name]
  if (result) return result
  if (name === 'VLOOKUP') return undefined
  const at = HANDED_ON[name]
  if (at === undefined) return undefined
  const argument = args[at] ?? args[0]
  return argument && resultFormat(argument, scope)
}

function combined(node: Extract<Node, { kind: 'binary' }>, scope: Scope): NumberFormat | undefined {
  if (!'+-*/'.includes(node.operator)) return undefined
  const left = resultFormat(node.left, scope)
  const right = resultFormat(node.right, scope)
  if (node.operator === '+') return isDate(left) ? left : isDate(right) ? right : (left ?? right)
  if (node.operator === '-') return isDate(left) && isDate(right) ? undefined : (left ?? right)
  const kept = [left, right].find((format) => format?.type === 'CURRENCY')
  if (node.operator === '/' && left?.type === 'CURRENCY' && right?.type === 'CURRENCY') return undefined
  return kept
}
