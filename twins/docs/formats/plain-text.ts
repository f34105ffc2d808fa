import type { DocumentModel } from '../rules/model/types.ts'
import { plain, type ReadBlock, type ReadParagraph, RULE, read } from './reading.ts'

const LINE = '\r\n'

/**
 * A document as plain text, as recorded: a byte order mark, CRLF line ends, blank paragraphs as two of them, a tab behind
 * each cell, list items with their glyphs, footnotes below a rule. The last line is not ended.
 */
export function toPlainText(document: DocumentModel): string {
  const { blocks, footnotes } = read(document)
  const notes = footnotes.map(({ number, blocks: note }) => `[${number}]${written(note)}`)
  const text = written(blocks) + (notes.length > 0 ? RULE + LINE + notes.join('') : '')
  return `\uFEFF${text.replace(/\r\n$/, '')}`
}

const written = (blocks: readonly ReadBlock[]): string =>
  blocks
    .map((block) => {
      if (block.kind === 'paragraph') return paragraph(block)
      return block.rows.map((row) => row.map((cell) => `${written(cell.blocks)}\t`).join('')).join('')
    })
    .join('')

function paragraph({ pieces, item }: ReadParagraph): string {
  const mark = item ? `${'   '.repeat(item.level)}${item.numbered ? item.glyph : '*'} ` : ''
  let text = ''
  let blank = true
  for (const piece of pieces) {
    if (piece.kind === 'rule' || piece.kind === 'pageBreak') {
      // A rule stands on a line of its own.
      text += `${text === '' || text.endsWith(LINE) ? '' : LINE}${RULE}${LINE}`
      continue
    }
    blank = false
    text +=
      piece.kind === 'text' ? piece.text.replaceAll('\v', LINE) : piece.kind === 'footnote' ? `[${piece.number}]` : '  '
  }
  if (blank) return mark + text + (item ? '' : LINE + LINE)
  return mark + text + (text.endsWith(LINE) ? '' : LINE)
}

/** Text for searches: every word of every tab, a line per paragraph. */
export const toSearchText = (document: DocumentModel): string => searched(read(document).blocks).join('\n')

const searched = (blocks: readonly ReadBlock[]): string[] =>
  blocks.flatMap((block) =>
    block.kind === 'paragraph'
      ? [plain(block)]
      : block.rows.flatMap((row) => row.flatMap((cell) => searched(cell.blocks))),
  )
