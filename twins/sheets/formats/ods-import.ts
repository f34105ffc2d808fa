import { strFromU8, unzipSync } from 'fflate'
import { attribute, childrenOf, find, type Node, nameOf, parseXml } from '../../google/xml.ts'
import type { Cell } from '../model.ts'
import type { ImportedSheet } from './xlsx-import.ts'

/** Sheets of an OpenDocument spreadsheet: values and formulas. `typed` reads a text as if somebody typed it: dates and times. */
export function fromOds(bytes: Uint8Array, typed: (text: string) => Cell): ImportedSheet[] {
  const content = unzipSync(bytes)['content.xml']
  const spreadsheet = content ? find(parseXml(strFromU8(content)), 'office:spreadsheet') : []
  return spreadsheet
    .filter((node) => nameOf(node) === 'table:table')
    .map((table) => ({
      title: attribute(table, 'table:name') ?? 'Sheet1',
      cells: repeated([...rowsOf(table)], 'table:number-rows-repeated').flatMap(([row, node]) =>
        repeated(childrenOf(node), 'table:number-columns-repeated').flatMap(([column, cell]) => {
          const value = cellOf(cell, typed)
          return value ? [[row, column, value] as const] : []
        }),
      ),
    }))
}

/** Rows of a table, those of groups and headings included. */
function* rowsOf(node: Node): Generator<Node> {
  for (const part of childrenOf(node)) {
    if (nameOf(part) === 'table:table-row') yield part
    else if (/^table:table-(header-rows|rows|row-group)$/.test(nameOf(part))) yield* rowsOf(part)
  }
}

/** Elements with their places. What is empty only takes room: programs fill sheets to their edge with it. */
function repeated(nodes: readonly Node[], count: string): (readonly [number, Node])[] {
  const placed: (readonly [number, Node])[] = []
  let at = 0
  for (const node of nodes) {
    const times = Number(attribute(node, count) ?? 1)
    if (!isEmpty(node)) for (let i = 0; i < times; i++) placed.push([at + i, node])
    at += times
  }
  return placed
}

const isEmpty = (node: Node): boolean =>
  nameOf(node) === 'table:table-row'
    ? childrenOf(node).every(isEmpty)
    : attribute(node, 'office:value-type') === undefined && attribute(node, 'table:formula') === undefined

function cellOf(cell: Node, typed: (text: string) => Cell): Cell | undefined {
  const formula = attribute(cell, 'table:formula')
  if (formula !== undefined) return { userEnteredValue: { formulaValue: formulaOf(formula) } }
  switch (attribute(cell, 'office:value-type')) {
    case 'float':
    case 'currency':
    case 'percentage':
      return { userEnteredValue: { numberValue: Number(attribute(cell, 'office:value')) } }
    case 'boolean':
      return { userEnteredValue: { boolValue: attribute(cell, 'office:boolean-value') === 'true' } }
    case 'date':
      return typed((attribute(cell, 'office:date-value') ?? '').replace('T', ' '))
    case undefined:
      return undefined
    default:
      return { userEnteredValue: { stringValue: linesOf(cell) } }
  }
}

const linesOf = (cell: Node): string =>
  childrenOf(cell)
    .filter((node) => nameOf(node) === 'text:p')
    .map((node) => textOf(childrenOf(node)))
    .join('\n')

const textOf = (nodes: readonly Node[]): string =>
  nodes.map((node) => ('#text' in node ? String(node['#text']) : textOf(childrenOf(node)))).join('')

/** `of:=SUM([.A1:.B2];[$Data.C3])` as Sheets writes it; text in quotes stays. */
const formulaOf = (formula: string): string =>
  formula
    .replace(/^\w+:/, '')
    .split(/("(?:[^"]|"")*")/)
    .map((part, i) =>
      i % 2 ? part : part.replaceAll(/\[([^\]]+)\]/g, (_, range: string) => rangeOf(range)).replaceAll(';', ','),
    )
    .join('')

/** `.A1:.B2` or `$Data.A1:.B2`: a sheet and a point before the first cell. */
function rangeOf(range: string): string {
  const [, sheet = '', cells = ''] = /^\$?(.*?)\.(.*)$/.exec(range) ?? ['', '', range]
  const bare = cells.replaceAll(/:[^:]*?\.(?=\$?[A-Z])/g, ':')
  return sheet ? `${sheet}!${bare}` : bare
}
