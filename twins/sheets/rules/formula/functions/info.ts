import { quoteTitle } from '../../a1.ts'
import { cellName } from '../../address.ts'
import { isWebAddress } from '../../input.ts'
import { matrixOf, scalarOf } from '../coerce.ts'
import type { Node } from '../parser.ts'
import { define, defineSpecial } from '../registry.ts'
import { CellError, type ErrorType, fault, Matrix, Reference, textOf } from '../values.ts'

define('ISBLANK', 'e', (_, value) => value === null)
define('ISNUMBER', 'e', (_, value) => typeof value === 'number')
define('ISTEXT', 'e', (_, value) => typeof value === 'string')
define('ISNONTEXT', 'e', (_, value) => typeof value !== 'string')
define('ISLOGICAL', 'e', (_, value) => typeof value === 'boolean')
define('ISERROR', 'e', (_, value) => value instanceof CellError)
define('ISERR', 'e', (_, value) => value instanceof CellError && value.type !== 'N_A')
define('ISNA', 'e', (_, value) => value instanceof CellError && value.type === 'N_A')
define('ISDATE', 'r', ({ scope }, value) => {
  const scalar = scalarOf(value, scope)
  if (!(value instanceof Reference) || typeof scalar !== 'number') return false
  const format = scope.host.format(value.sheetId, value.area.top, value.area.left)
  return format?.type === 'DATE' || format?.type === 'DATE_TIME'
})
defineSpecial('ISREF', 1, 1, ([node], { evaluate, scope }) => evaluate(node as Node, scope) instanceof Reference)
define('ISFORMULA', 'r', ({ scope }, value) =>
  value instanceof Reference ? scope.host.formula(value.sheetId, value.area.top, value.area.left) !== undefined : false,
)
define(
  'FORMULATEXT',
  'r',
  ({ scope }, value) =>
    (value instanceof Reference && scope.host.formula(value.sheetId, value.area.top, value.area.left)) ||
    fault('N_A', 'Function FORMULATEXT parameter 1 does not contain a formula.'),
)
define('ISEMAIL', 'v', (_, value) => /^[^\s@]+@[^\s@.]+(?:\.[^\s@.]+)+$/.test(textOf(value)))
define(
  'ISURL',
  'v',
  (_, value) =>
    isWebAddress(textOf(value)) ||
    /^[\w-]+(?:\.[\w-]+)*\.(?:com|org|net|io|dev|edu|gov)(?:\/\S*)?$/i.test(textOf(value)),
)
define('NA', '', () => fault('N_A'))
define('N', 'e', (_, value) =>
  value instanceof CellError ? value : typeof value === 'number' ? value : value === true ? 1 : 0,
)
define('T', 'v', (_, value) => (typeof value === 'string' ? value : ''))
define('TYPE', 'r', ({ scope }, value) => {
  if (value instanceof Matrix || (value instanceof Reference && value.height * value.width > 1)) return 64
  const scalar = scalarOf(value, scope)
  return scalar instanceof CellError ? 16 : typeof scalar === 'string' ? 2 : typeof scalar === 'boolean' ? 4 : 1
})
const ERROR_NUMBERS: Readonly<Partial<Record<ErrorType, number>>> = {
  NULL_VALUE: 1,
  DIVIDE_BY_ZERO: 2,
  VALUE: 3,
  REF: 4,
  NAME: 5,
  NUM: 6,
  N_A: 7,
}
define('ERROR.TYPE', 'e', (_, value) =>
  value instanceof CellError
    ? (ERROR_NUMBERS[value.type] ?? 8)
    : fault('N_A', 'Function ERROR.TYPE parameter 1 expects error values.'),
)
define('CELL', 's r', (_, what, value) => {
  if (!(value instanceof Reference)) return fault('VALUE', 'Function CELL parameter 2 expects a reference.')
  const { top, left } = value.area
  switch (what.toLowerCase()) {
    case 'address':
      return `$${cellName(top, left).replace(/(\d+)$/, '$$$1')}`
    case 'col':
      return left + 1
    case 'row':
      return top + 1
    case 'contents':
      return value.read().at(0, 0)
    case 'type': {
      const scalar = value.read().at(0, 0)
      return scalar === null ? 'b' : typeof scalar === 'string' ? 'l' : 'v'
    }
    case 'width':
      return 12
    default:
      return fault('VALUE', `Function CELL parameter 1 value is ${what}.`)
  }
})
define('ADDRESS', 'n n n? b? s?', (_, row, column, mode = 1, a1 = true, sheet) => {
  const [lockRow, lockColumn] = [mode === 1 || mode === 2, mode === 1 || mode === 3]
  const prefix = sheet === undefined ? '' : `${quoteTitle(sheet)}!`
  if (!a1) return `${prefix}R${lockRow ? row : `[${row}]`}C${lockColumn ? column : `[${column}]`}`
  const [, letters, digits] = /^([A-Z]+)(\d+)$/.exec(cellName(row - 1, column - 1)) as unknown as [
    string,
    string,
    string,
  ]
  return `${prefix}${lockColumn ? '$' : ''}${letters}${lockRow ? '$' : ''}${digits}`
})
define('ROWS', 'r', (_, value) => (value instanceof Reference ? value.height : matrixOf(value).height))
define('COLUMNS', 'r', (_, value) => (value instanceof Reference ? value.width : matrixOf(value).width))
const positions = (name: 'ROW' | 'COLUMN') =>
  define(name, 'r?', ({ scope }, value) => {
    if (!(value instanceof Reference)) return name === 'ROW' ? scope.row + 1 : scope.column + 1
    const { top, left } = value.area
    if (name === 'ROW')
      return scope.array && value.height > 1 ? Matrix.of(value.height, 1, (row) => top + row + 1) : top + 1
    return scope.array && value.width > 1 ? Matrix.of(1, value.width, (_, column) => left + column + 1) : left + 1
  })
positions('ROW')
positions('COLUMN')
