import { strFromU8, unzipSync } from 'fflate'
import type { Cell } from '../model.ts'
import { columnIndex } from '../rules/address.ts'

export interface ImportedSheet {
  readonly title: string
  readonly cells: readonly (readonly [row: number, column: number, cell: Cell])[]
}

const decodeEntities = (text: string) =>
  text
    .replace(/&#(\d+);/g, (_, code: string) => String.fromCodePoint(Number(code)))
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&quot;', '"')
    .replaceAll('&apos;', "'")
    .replaceAll('&amp;', '&')

const texts = (xml: string) =>
  [...xml.matchAll(/<t(?:\s[^>]*)?>([\s\S]*?)<\/t>/g)].map(([, text = '']) => decodeEntities(text)).join('')
const attribute = (tag: string, name: string) => new RegExp(`\\s${name}="([^"]*)"`).exec(tag)?.[1]

function cellOf(tag: string, body: string, strings: readonly string[]): Cell | undefined {
  const formula = /<f[^>]*>([\s\S]*?)<\/f>/.exec(body)?.[1]
  if (formula) return { userEnteredValue: { formulaValue: `=${decodeEntities(formula)}` } }
  const type = attribute(tag, 't')
  if (type === 'inlineStr') return { userEnteredValue: { stringValue: texts(body) } }
  const value = /<v>([\s\S]*?)<\/v>/.exec(body)?.[1]
  if (value === undefined) return undefined
  if (type === 's') return { userEnteredValue: { stringValue: strings[Number(value)] ?? '' } }
  if (type === 'b') return { userEnteredValue: { boolValue: value === '1' } }
  if (type === 'str' || type === 'e') return { userEnteredValue: { stringValue: decodeEntities(value) } }
  return { userEnteredValue: { numberValue: Number(value) } }
}

/** Sheets of an Office Open XML workbook: values and formulas. */
export function fromXlsx(bytes: Uint8Array): ImportedSheet[] {
  const files = unzipSync(bytes)
  const part = (name: string) => (files[name] ? strFromU8(files[name]) : '')
  const strings = [...part('xl/sharedStrings.xml').matchAll(/<si>([\s\S]*?)<\/si>/g)].map(([, body = '']) =>
    texts(body),
  )
  const targets = new Map(
    [...part('xl/_rels/workbook.xml.rels').matchAll(/<Relationship\s[^>]*>/g)].map(([tag]) => [
      attribute(tag, 'Id'),
      attribute(tag, 'Target'),
    ]),
  )
  return [...part('xl/workbook.xml').matchAll(/<sheet\s[^>]*>/g)].map(([tag]) => {
    const target = targets.get(attribute(tag, 'r:id')) ?? ''
    const xml = part(target.startsWith('/') ? target.slice(1) : `xl/${target}`)
    const cells = [...xml.matchAll(/<c(\s[^>]*?)(?:\/>|>([\s\S]*?)<\/c>)/g)].flatMap(
      ([, attributes = '', body = '']) => {
        const [, letters = 'A', digits = '1'] = /^([A-Z]+)(\d+)$/.exec(attribute(attributes, 'r') ?? '') ?? []
        const cell = cellOf(attributes, body, strings)
        return cell ? [[Number(digits) - 1, columnIndex(letters), cell] as const] : []
      },
    )
    return { title: decodeEntities(attribute(tag, 'name') ?? 'Sheet1'), cells }
  })
}
