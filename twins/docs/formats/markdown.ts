import { marked } from 'marked'
import type { TextStyle } from '../../../openapi/types/docs.ts'
import type { DocumentModel } from '../rules/model/types.ts'
import { fromHtml, type ImportIds } from './html-import.ts'
import { type Piece, type ReadBlock, type ReadParagraph, type ReadTable, read } from './reading.ts'

/** Markdown in the dialect of the Docs editor: headings, emphasis, links, lists, pipe tables. */

/** @example fromMarkdown('# Plan\n\n* one\n* two', newIds(moment)) */
export function fromMarkdown(markdown: string, ids: ImportIds): DocumentModel {
  return fromHtml(marked.parse(markdown, { async: false, gfm: true }), ids)
}

export function toMarkdown(document: DocumentModel): string {
  const { blocks, footnotes } = read(document)
  const notes = footnotes.map(({ number, blocks: note }) => `[^${number}]: ${chunks(note).join(' ').trim()}`)
  return `${[...chunks(blocks), ...notes].join('\n\n')}\n`
}

/** Blocks as Markdown; items of a list stay together. */
function chunks(blocks: readonly ReadBlock[]): string[] {
  const result: string[] = []
  let inList = false
  for (const block of blocks) {
    if (block.kind === 'table') {
      result.push(table(block))
      inList = false
      continue
    }
    const text = paragraph(block)
    if (block.item && inList) result.push(`${result.pop()}  \n${text}`)
    else if (text.trim() !== '') result.push(text)
    inList = !!block.item
  }
  return result
}

const HEADINGS: Readonly<Record<string, string>> = { TITLE: '# ', SUBTITLE: '## ' }

function paragraph(block: ReadParagraph): string {
  const level = /^HEADING_(\d)$/.exec(block.named)?.[1]
  const mark = level ? `${'#'.repeat(Number(level))} ` : (HEADINGS[block.named] ?? '')
  const text = block.pieces.map(inline).join('')
  if (!block.item) return (block.quoted ? '> ' : '') + mark + text
  const { level: depth, numbered, number, task } = block.item
  if (task) return `${'   '.repeat(depth)}- [ ] ${text}`
  // Markdown counts in digits only.
  return `${'   '.repeat(depth)}${numbered ? `${/^\d+$/.test(number) ? Number(number) : 1}. ` : '* '}${mark}${text}`
}

function inline(piece: Piece): string {
  switch (piece.kind) {
    case 'text':
      return styled(piece.text, piece.style)
    case 'image':
      return `![${piece.alt}](${piece.uri})`
    case 'footnote':
      return `[^${piece.number}]`
    case 'rule':
      return '---'
    case 'pageBreak':
      return ''
  }
}

/** Escapes as seen in exports: signs of Markdown anywhere, lone operators, an ampersand before a word, a number's full stop. */
const escaped = (text: string): string =>
  text.replace(/[\\*_`[\]<>~#!]|&(?=\S)|(?<=^|\s)[-+=](?=\s|$)|(?<=\d)\.(?=\s|$)/g, '\\$&')

/** Emphasis must touch its text, so blanks around it stay outside. */
function styled(text: string, style: TextStyle): string {
  const [, before = '', core = '', after = ''] = /^([ \t]*)([\s\S]*?)([ \t]*)$/.exec(text) ?? []
  if (core.trim() === '') return text.replaceAll('\v', '  \n')
  const code = /mono|courier|consolas/i.test(style.weightedFontFamily?.fontFamily ?? '')
  let marked = code ? `\`${core}\`` : escaped(core)
  marked = marked.replaceAll('\v', '  \n')
  if (style.strikethrough) marked = `~~${marked}~~`
  if (style.italic) marked = `*${marked}*`
  if (style.bold) marked = `**${marked}**`
  if (style.link?.url) marked = `[${marked}](${style.link.url})`
  return before + marked + after
}

function table({ rows }: ReadTable): string {
  const columns = Math.max(...rows.map((row) => row.length))
  const line = (cells: readonly string[]) =>
    `| ${Array.from({ length: columns }, (_, i) => cells[i] ?? '').join(' | ')} |`
  const [head = [], ...rest] = rows.map((row) =>
    row.map(({ blocks }) => chunks(blocks).join('<br>').replaceAll('\n', '<br>').replaceAll('|', '\\|')),
  )
  return [line(head), line(Array.from({ length: columns }, () => ':----')), ...rest.map(line)].join('\n')
}
