import type { DocumentModel } from '../rules/model/types.ts'
import { plain, type ReadBlock, read } from './reading.ts'

/**
 * A document as a PDF of its text: Letter pages, the standard Helvetica fonts, headings in their sizes. Images and
 * characters outside Latin-1 are not drawn.
 */
export function toPdf(document: DocumentModel): Uint8Array {
  const { blocks, footnotes } = read(document)
  const lines = [
    ...linesOf(blocks),
    ...footnotes.flatMap(({ number, blocks: note }) => [
      { text: `[${number}]`, size: 9, bold: false },
      ...linesOf(note),
    ]),
  ]
  return file(pages(lines).map(stream))
}

interface Line {
  readonly text: string
  readonly size: number
  readonly bold: boolean
}

const WIDTH = 468
const TOP = 720
const BOTTOM = 72
const LEADING = 1.25
/** Helvetica's letters are on average half as wide as they are high. */
const LETTER = 0.5

const SIZES: Readonly<Record<string, number>> = {
  TITLE: 26,
  SUBTITLE: 15,
  HEADING_1: 20,
  HEADING_2: 16,
  HEADING_3: 14,
  HEADING_4: 12,
}

function linesOf(blocks: readonly ReadBlock[]): Line[] {
  return blocks.flatMap((block): Line[] => {
    if (block.kind === 'table') {
      return block.rows.flatMap((row) => {
        const text = row
          .map((cell) =>
            linesOf(cell.blocks)
              .map((line) => line.text)
              .join(' '),
          )
          .join('   |   ')
        return wrapped(text, 11).map((line) => ({ text: line, size: 11, bold: false }))
      })
    }
    const size = SIZES[block.named] ?? 11
    const mark = block.item
      ? `${'    '.repeat(block.item.level)}${block.item.numbered ? block.item.glyph : '\u2022'} `
      : ''
    return wrapped(mark + plain(block), size).map((text) => ({ text, size, bold: block.named.startsWith('HEADING') }))
  })
}

function wrapped(text: string, size: number): string[] {
  const most = Math.floor(WIDTH / (size * LETTER))
  return text.split('\n').flatMap((line) => {
    const result: string[] = []
    let rest = line
    while (rest.length > most) {
      const blank = rest.lastIndexOf(' ', most)
      const at = blank > 0 ? blank : most
      result.push(rest.slice(0, at))
      rest = rest.slice(at).trimStart()
    }
    return [...result, rest]
  })
}

function pages(lines: readonly Line[]): Line[][] {
  const result: Line[][] = [[]]
  let y = TOP
  for (const line of lines) {
    y -= line.size * LEADING
    if (y < BOTTOM) {
      result.push([])
      y = TOP - line.size * LEADING
    }
    result.at(-1)?.push(line)
  }
  return result
}

function stream(lines: readonly Line[]): string {
  const shown = lines.map(
    ({ text, size, bold }) => `/${bold ? 'F2' : 'F1'} ${size} Tf ${size * LEADING} TL T* (${literal(text)}) Tj`,
  )
  return `BT 72 ${TOP} Td ${shown.join('\n')} ET`
}

/** A string of the file: Latin-1, and the bullet of WinAnsi. */
const literal = (text: string) =>
  text
    .replace(/[\\()]/g, '\\$&')
    .replaceAll('\u2022', '\\225')
    .replace(/[\u2018\u2019]/g, "'")
    .replace(/[\u201C\u201D]/g, '"')
    .replace(/[^\x20-\xFF]/g, '?')

/** Objects one after the other, then where each begins. */
function file(streams: readonly string[]): Uint8Array {
  const kids = streams.map((_, i) => `${5 + 2 * i} 0 R`).join(' ')
  const font = (name: string) => `<< /Type /Font /Subtype /Type1 /BaseFont /${name} /Encoding /WinAnsiEncoding >>`
  const objects = [
    '<< /Type /Catalog /Pages 2 0 R >>',
    `<< /Type /Pages /Kids [${kids}] /Count ${streams.length} >>`,
    font('Helvetica'),
    font('Helvetica-Bold'),
    ...streams.flatMap((content, i) => [
      `<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] /Resources << /Font << /F1 3 0 R /F2 4 0 R >> >> /Contents ${6 + 2 * i} 0 R >>`,
      `<< /Length ${Buffer.byteLength(content, 'latin1')} >>\nstream\n${content}\nendstream`,
    ]),
  ]
  let text = '%PDF-1.4\n'
  const offsets = objects.map((object, i) => {
    const at = Buffer.byteLength(text, 'latin1')
    text += `${i + 1} 0 obj\n${object}\nendobj\n`
    return at
  })
  const start = Buffer.byteLength(text, 'latin1')
  const table = offsets.map((at) => `${String(at).padStart(10, '0')} 00000 n \n`).join('')
  text += `xref\n0 ${objects.length + 1}\n0000000000 65535 f \n${table}trailer\n<< /Size ${objects.length + 1} /Root 1 0 R >>\nstartxref\n${start}\n%%EOF\n`
  return Buffer.from(text, 'latin1')
}
