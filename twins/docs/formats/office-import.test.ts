import { strToU8, zipSync } from 'fflate'
import { expect, test } from 'vitest'
import { surroundings } from '../testing/editing.ts'
import { fromDoc } from './doc-import.ts'
import { fromMarkdown, toMarkdown } from './markdown.ts'
import { toOdt } from './odt.ts'
import { fromOdt } from './odt-import.ts'
import { toPlainText } from './plain-text.ts'

const SECTOR = 512
const FREE = 0xffffffff
const END = 0xfffffffe

/** A compound file of streams, each in whole sectors; the smallest that a reader takes. */
function compoundFile(streams: Readonly<Record<string, Uint8Array>>): Uint8Array {
  const sectors: Uint8Array[] = [new Uint8Array(SECTOR), new Uint8Array(SECTOR)]
  const next = [0xfffffffd, END]
  const directory = new DataView((sectors[1] as Uint8Array).buffer)
  for (const [i, [name, bytes]] of Object.entries(streams).entries()) {
    const entry = (i + 1) * 128
    for (const [at, letter] of [...name].entries()) directory.setUint16(entry + 2 * at, letter.charCodeAt(0), true)
    directory.setUint16(entry + 64, 2 * name.length + 2, true)
    directory.setUint8(entry + 66, 2)
    directory.setUint32(entry + 116, sectors.length, true)
    directory.setUint32(entry + 120, bytes.length, true)
    for (let at = 0; at < bytes.length; at += SECTOR) {
      const sector = new Uint8Array(SECTOR)
      sector.set(bytes.subarray(at, at + SECTOR))
      sectors.push(sector)
      next.push(at + SECTOR < bytes.length ? sectors.length : END)
    }
  }
  const allocation = new DataView((sectors[0] as Uint8Array).buffer)
  for (let i = 0; i < SECTOR / 4; i++) allocation.setUint32(4 * i, next[i] ?? FREE, true)
  const header = new DataView(new ArrayBuffer(SECTOR))
  header.setUint32(0, 0xd0cf11e0)
  header.setUint16(30, 9, true)
  header.setUint16(32, 6, true)
  header.setUint32(48, 1, true)
  header.setUint32(60, END, true)
  header.setUint32(68, END, true)
  for (let i = 1; i < 109; i++) header.setUint32(76 + 4 * i, FREE, true)
  return Buffer.concat([new Uint8Array(header.buffer), ...sectors])
}

/** A Word file whose text is one piece of one byte a character, then one of two. */
function wordFile(narrow: string, wide: string): Uint8Array {
  const word = Buffer.alloc(1024 + narrow.length + 2 * wide.length)
  word.writeUInt16LE(0x0200, 0x0a)
  word.writeUInt32LE(narrow.length + wide.length, 0x4c)
  word.writeUInt32LE(0, 0x1a2)
  word.writeUInt32LE(40, 0x1a6)
  word.write(narrow, 1024, 'latin1')
  word.write(wide, 1024 + narrow.length, 'utf16le')
  const table = Buffer.alloc(40)
  table.set([1, 2, 0, 9, 9, 2])
  table.writeUInt32LE(28, 6)
  for (const [i, position] of [0, narrow.length, narrow.length + wide.length].entries())
    table.writeUInt32LE(position, 10 + 4 * i)
  table.writeUInt32LE(((1024 * 2) | 0x4000_0000) >>> 0, 24)
  table.writeUInt32LE(1024 + narrow.length, 32)
  return compoundFile({ WordDocument: word, '1Table': table })
}

test('a binary Word file gives its text', () => {
  const field = '\x13 HYPERLINK "https://a.example" \x14the site\x15'
  const document = fromDoc(wordFile(`Caf\xe9\rSee ${field}\x01\r`, 'Ωmega\x07cell\x07end\r'))
  expect(toPlainText(document).split('\r\n')).toEqual(['\uFEFFCafé', 'See the site', 'Ωmega', 'cell', 'end'])
})

test.each([
  ['nothing', new Uint8Array()],
  ['text', Buffer.from('not a Word file at all')],
])('%s is no Word file', (_, bytes) => {
  expect(() => fromDoc(bytes)).toThrow(RangeError)
})

test('OpenDocument text comes in as it went out', () => {
  const markdown =
    '# Plan\n\nRead **all** of [it](https://a.example/), *then* ~~stop~~.\n\n| a | b |\n| :---- | :---- |\n| 1 | 2 |\n'
  const plan = fromMarkdown(markdown, surroundings())
  expect(toMarkdown(fromOdt(toOdt(plan), surroundings()))).toBe(toMarkdown(plan))
})

test('lists and titles of OpenDocument text', () => {
  const list =
    '<text:list text:style-name="L1"><text:list-item><text:p>one</text:p><text:list><text:list-item><text:p>deep</text:p></text:list-item></text:list></text:list-item></text:list>'
  const content = `<office:document-content><office:automatic-styles><style:style style:name="P1" style:parent-style-name="Title"/><text:list-style style:name="L1"><text:list-level-style-number/></text:list-style></office:automatic-styles><office:body><office:text><text:p text:style-name="P1">Name</text:p>${list}<text:p>a<text:s text:c="2"/>b<text:tab/>c</text:p></office:text></office:body></office:document-content>`
  const document = fromOdt(zipSync({ 'content.xml': strToU8(content) }), surroundings())
  expect(toPlainText(document).replaceAll('\r\n', '|')).toBe('\uFEFFName|1. one|   a. deep|a b c')
  expect(document.tabs[0]?.segments['']?.content.chunks[0]?.blocks[1]).toMatchObject({
    style: { namedStyleType: 'TITLE' },
  })
})
