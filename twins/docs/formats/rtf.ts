import type { DocumentModel } from '../rules/model/types.ts'
import { type Piece, plain, type ReadBlock, read } from './reading.ts'

/** A document as Rich Text: paragraphs with bold, italic and underlined text; tables as tabbed lines. */
export function toRtf(document: DocumentModel): string {
  return `{\\rtf1\\ansi\\deff0{\\fonttbl{\\f0 Arial;}}\n${paragraphs(read(document).blocks).join('\n')}\n}`
}

function paragraphs(blocks: readonly ReadBlock[]): string[] {
  return blocks.flatMap((block): string[] => {
    if (block.kind === 'table') {
      return block.rows.map((row) => {
        const cells = row.map(({ blocks: inner }) =>
          inner.map((part) => (part.kind === 'paragraph' ? escaped(plain(part)) : '')).join(' '),
        )
        return `{\\pard ${cells.join('\\tab ')}\\par}`
      })
    }
    const size = SIZES[block.named] ?? 22
    const mark = block.item ? `${escaped(block.item.numbered ? block.item.glyph : '\u2022')}\\tab ` : ''
    const indent = block.item ? `\\li${720 * (block.item.level + 1)}\\fi-360 ` : ''
    return [`{\\pard\\fs${size} ${indent}${mark}${block.pieces.map(piece).join('')}\\par}`]
  })
}

/** Half points. */
const SIZES: Readonly<Record<string, number>> = {
  TITLE: 52,
  SUBTITLE: 30,
  HEADING_1: 40,
  HEADING_2: 32,
  HEADING_3: 28,
  HEADING_4: 24,
}

function piece(part: Piece): string {
  if (part.kind === 'text') {
    const { bold, italic, underline } = part.style
    const codes = [bold && '\\b', italic && '\\i', underline && '\\ul'].filter(Boolean).join('')
    return codes ? `{${codes} ${escaped(part.text)}}` : escaped(part.text)
  }
  if (part.kind === 'footnote') return `{\\super ${part.number}}`
  return part.kind === 'pageBreak' ? '\\page ' : ''
}

const escaped = (text: string) =>
  text
    .replace(/[\\{}]/g, '\\$&')
    .replaceAll('\v', '\\line ')
    .replace(/[^\x20-\x7E]/g, (sign) => `\\u${(sign.charCodeAt(0) << 16) >> 16}?`)
