import type { TextStyle } from '../../../openapi/types/docs.ts'
import type { DocumentModel } from '../rules/model/types.ts'
import { type Piece, type ReadBlock, type ReadParagraph, read } from './reading.ts'

/** A document as the web page that Drive exports. */
export const toHtml = (document: DocumentModel, title: string): string =>
  `<html><head><meta content="text/html; charset=UTF-8" http-equiv="content-type"><title>${escaped(title)}</title></head><body class="doc-content">${bodyHtml(document)}</body></html>`

/** What is in the page: the text, then the footnotes below a rule. */
export function bodyHtml(document: DocumentModel): string {
  const { blocks, footnotes } = read(document)
  const notes = footnotes.map(({ number, blocks: note }) => {
    const text = note.map((block) => (block.kind === 'paragraph' ? pieces(block.pieces) : '')).join(' ')
    return `<div><p><a href="#ftnt_ref${number}" id="ftnt${number}">[${number}]</a>${text}</p></div>`
  })
  return elements(blocks) + (notes.length > 0 ? `<hr>${notes.join('')}` : '')
}

export const escaped = (text: string): string => text.replace(/[&<>"']/g, (sign) => ENTITIES[sign] as string)

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
}

/** Paragraphs, tables, and lists opened and closed as levels come and go. */
function elements(blocks: readonly ReadBlock[]): string {
  let html = ''
  const open: string[] = []
  const closeTo = (depth: number) => {
    while (open.length > depth) html += `</li></${open.pop()}>`
  }
  for (const block of blocks) {
    const item = block.kind === 'paragraph' ? block.item : undefined
    if (!item) {
      closeTo(0)
      html += block.kind === 'table' ? table(block.rows) : paragraph(block)
      continue
    }
    const tag = item.numbered ? 'ol' : 'ul'
    closeTo(item.level + 1)
    if (open.length === item.level + 1) {
      if (open.at(-1) === tag) html += '</li>'
      else closeTo(item.level)
    }
    while (open.length < item.level + 1) {
      open.push(tag)
      html += open.length < item.level + 1 ? `<${tag}><li>` : `<${tag}>`
    }
    html += `<li>${pieces((block as ReadParagraph).pieces)}`
  }
  closeTo(0)
  return html
}

function paragraph(block: ReadParagraph): string {
  const level = /^HEADING_(\d)$/.exec(block.named)?.[1]
  const tag = level ? `h${level}` : 'p'
  const name = block.named === 'TITLE' || block.named === 'SUBTITLE' ? ` class="${block.named.toLowerCase()}"` : ''
  const align = ALIGNMENTS[block.alignment ?? '']
  return `<${tag}${name}${align ? ` style="text-align:${align}"` : ''}>${pieces(block.pieces)}</${tag}>`
}

const ALIGNMENTS: Readonly<Record<string, string>> = { CENTER: 'center', END: 'right', JUSTIFIED: 'justify' }

const pieces = (all: readonly Piece[]): string => all.map(piece).join('')

function piece(part: Piece): string {
  switch (part.kind) {
    case 'text':
      return span(part.text, part.style)
    case 'image':
      return `<img alt="${escaped(part.alt)}" src="${escaped(part.uri)}" style="width:${part.width}pt;height:${part.height}pt">`
    case 'footnote':
      return `<sup><a href="#ftnt${part.number}" id="ftnt_ref${part.number}">[${part.number}]</a></sup>`
    case 'rule':
      return '<hr>'
    case 'pageBreak':
      return '<hr style="page-break-before:always;display:none;">'
  }
}

function span(text: string, style: TextStyle): string {
  const html = escaped(text).replaceAll('\v', '<br>')
  const css = cssOf(style)
  const inner = `<span style="${css}">${html}</span>`
  return style.link?.url ? `<a href="${escaped(style.link.url)}">${inner}</a>` : inner
}

function cssOf(style: TextStyle): string {
  const decorations = [style.underline && 'underline', style.strikethrough && 'line-through'].filter(Boolean)
  const rules: Record<string, string | number | undefined> = {
    color: colorOf(style.foregroundColor),
    'background-color': colorOf(style.backgroundColor),
    'font-weight': style.bold ? 700 : (style.weightedFontFamily?.weight ?? 400),
    'font-style': style.italic ? 'italic' : undefined,
    'text-decoration': decorations.length > 0 ? decorations.join(' ') : 'none',
    'vertical-align':
      style.baselineOffset === 'SUPERSCRIPT' ? 'super' : style.baselineOffset === 'SUBSCRIPT' ? 'sub' : undefined,
    'font-size': style.fontSize?.magnitude ? `${style.fontSize.magnitude}pt` : undefined,
    'font-family': style.weightedFontFamily?.fontFamily && escaped(`"${style.weightedFontFamily.fontFamily}"`),
  }
  return Object.entries(rules)
    .flatMap(([name, value]) => (value === undefined ? [] : [`${name}:${value}`]))
    .join(';')
}

/** `#1155cc`, or nothing for transparent. */
export function colorOf(color: TextStyle['foregroundColor']): string | undefined {
  const rgb = color?.color?.rgbColor
  if (!rgb) return undefined
  const part = (value = 0) =>
    Math.round(value * 255)
      .toString(16)
      .padStart(2, '0')
  return `#${part(rgb.red)}${part(rgb.green)}${part(rgb.blue)}`
}

function table(
  rows: readonly (readonly { blocks: readonly ReadBlock[]; rowSpan: number; columnSpan: number }[])[],
): string {
  const lines = rows.map(
    (row) =>
      `<tr>${row.map(({ blocks, rowSpan, columnSpan }) => `<td colspan="${columnSpan}" rowspan="${rowSpan}">${elements(blocks)}</td>`).join('')}</tr>`,
  )
  return `<table>${lines.join('')}</table>`
}
