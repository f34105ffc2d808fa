import type { DocumentModel } from '../rules/model/types.ts'
import { compoundStreams } from './compound-file.ts'
import { fromPlainText } from './html-import.ts'

/** Places in the file information block of Word 97 and later. */
const FLAGS = 0x0a
const MAIN_TEXT_LENGTH = 0x4c
const PIECES_AT = 0x1a2
const PIECES_LENGTH = 0x1a6
const SECOND_TABLE_STREAM = 0x0200
const COMPRESSED = 0x4000_0000

/** Makes a document of the text of a binary Word file (.doc); its styles are not read. */
export function fromDoc(bytes: Uint8Array): DocumentModel {
  const streams = compoundStreams(bytes)
  const stream = (name: string) => {
    const found = streams.get(name)
    if (!found) throw new RangeError(`No stream ${name}`)
    return new DataView(found.buffer, found.byteOffset, found.byteLength)
  }
  const word = stream('WordDocument')
  const table = stream(word.getUint16(FLAGS, true) & SECOND_TABLE_STREAM ? '1Table' : '0Table')
  const text = pieces(word, table).slice(0, word.getUint32(MAIN_TEXT_LENGTH, true))
  return fromPlainText(readable(text))
}

/** The text, put together of the pieces that its table names: each one byte a character, or two. */
function pieces(word: DataView, table: DataView): string {
  let at = word.getUint32(PIECES_AT, true)
  const end = at + word.getUint32(PIECES_LENGTH, true)
  // Before the table of pieces come changes of properties.
  while (at < end && table.getUint8(at) === 1) at += 3 + table.getUint16(at + 1, true)
  const count = (table.getUint32(at + 1, true) - 4) / 12
  const positions = at + 5
  const descriptors = positions + 4 * (count + 1)
  return Array.from({ length: count }, (_, i) => {
    const position = (n: number) => table.getUint32(positions + 4 * n, true)
    const place = table.getUint32(descriptors + 8 * i + 2, true)
    const narrow = (place & COMPRESSED) !== 0
    const start = narrow ? (place & ~COMPRESSED) / 2 : place
    const length = (position(i + 1) - position(i)) * (narrow ? 1 : 2)
    const part = new Uint8Array(word.buffer, word.byteOffset + start, length)
    return new TextDecoder(narrow ? 'windows-1252' : 'utf-16le').decode(part)
  }).join('')
}

const FIELD = { begin: 0x13, result: 0x14, end: 0x15 }
/** Ends of paragraphs, cells and rows, pages and sections. */
const LINE_ENDS: readonly number[] = [0x07, 0x0c, 0x0d]
const TAB = 0x09
const LINE_BREAK = 0x0b

/** Word's marks as plain text: a field shows its result, cells and breaks end lines, pictures go. */
function readable(text: string): string {
  let shown = ''
  // Of each field that is open, whether its instruction is being read.
  const fields: boolean[] = []
  for (const character of text) {
    const code = character.charCodeAt(0)
    if (code === FIELD.begin) fields.push(true)
    else if (code === FIELD.result) fields[fields.length - 1] = false
    else if (code === FIELD.end) fields.pop()
    else if (fields.includes(true)) continue
    else if (LINE_ENDS.includes(code)) shown += '\n'
    else if (code >= 0x20 || code === TAB || code === LINE_BREAK) shown += character
  }
  return shown.replace(/\n$/, '')
}
