import { strToU8, zipSync } from 'fflate'
import { expect, test } from 'vitest'
import { fromOds } from './ods-import.ts'

const ods = (rows: string) => {
  const table = `<table:table table:name="R&amp;D">${rows}</table:table>`
  const xml = `<office:document-content><office:body><office:spreadsheet>${table}</office:spreadsheet></office:body></office:document-content>`
  return fromOds(zipSync({ 'content.xml': strToU8(xml) }), (text) => ({
    userEnteredValue: { stringValue: `typed ${text}` },
  }))
}
const cell = (attributes: string, text = '') =>
  `<table:table-cell ${attributes}><text:p>${text}</text:p></table:table-cell>`
const row = (cells: string, attributes = '') => `<table:table-row ${attributes}>${cells}</table:table-row>`

test.each<[string, object]>([
  [cell('office:value-type="float" office:value="1.5"', '1.50'), { numberValue: 1.5 }],
  [cell('office:value-type="string"', 'a <text:span>b</text:span>'), { stringValue: 'a b' }],
  [cell('office:value-type="boolean" office:boolean-value="true"', 'TRUE'), { boolValue: true }],
  [
    cell('office:value-type="date" office:date-value="2020-01-31T10:30:00"'),
    { stringValue: 'typed 2020-01-31 10:30:00' },
  ],
  [
    cell('table:formula="of:=SUM([.A1:.B2];[$Data.$C3])&amp;&quot;;[x]&quot;"', '3'),
    { formulaValue: '=SUM(A1:B2,Data!$C3)&";[x]"' },
  ],
])('%s is read', (xml, value) => {
  expect(ods(row(xml))).toEqual([{ title: 'R&D', cells: [[0, 0, { userEnteredValue: value }]] }])
})

test('repeated cells and rows take their room, and empty ones nothing else', () => {
  const one = cell('office:value-type="float" office:value="1" table:number-columns-repeated="2"')
  const blanks = '<table:table-cell table:number-columns-repeated="16000"/>'
  const [sheet] = ods(row(blanks, 'table:number-rows-repeated="1000000"') + row(`<table:table-cell/>${one}${blanks}`))
  expect(sheet?.cells.map(([at, column]) => [at, column])).toEqual([
    [1_000_000, 1],
    [1_000_000, 2],
  ])
})
