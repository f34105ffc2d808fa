import type { DocumentModel } from '../rules/model/types.ts'
import { plain, type ReadBlock, RULE, read } from './reading.ts'

/** A document as plain text: CRLF line ends after a byte order mark, list items with their glyphs, a line per cell. */
export function toPlainText(document: DocumentModel): string {
  const { blocks, footnotes } = read(document)
  const notes = footnotes.flatMap(({ number, blocks: note }) => [RULE, `[${number}]${lines(note).join('\n')}`])
  return `\uFEFF${[...lines(blocks), ...notes].join('\n').replaceAll('\n', '\r\n')}`
}

function lines(blocks: readonly ReadBlock[]): string[] {
  return blocks.flatMap((block): string[] => {
    if (block.kind === 'table') return block.rows.flatMap((row) => row.flatMap((cell) => lines(cell.blocks)))
    const { item } = block
    const mark = item ? `${'   '.repeat(item.level)}${item.numbered ? item.glyph : '*'} ` : ''
    return [mark + plain(block)]
  })
}

/** Text for searches: every word of every tab. */
export const toSearchText = (document: DocumentModel): string => lines(read(document).blocks).join('\n')
