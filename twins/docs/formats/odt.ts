import type { TextStyle } from '../../../openapi/types/docs.ts'
import type { DocumentModel } from '../rules/model/types.ts'
import { archive } from './archive.ts'
import { escaped } from './html.ts'
import { type Piece, type ReadBlock, type ReadParagraph, RULE, read } from './reading.ts'

const HEAD = '<?xml version="1.0" encoding="UTF-8"?>'
const MIME = 'application/vnd.oasis.opendocument.text'
const NAMESPACE = 'urn:oasis:names:tc:opendocument:xmlns'
const CONTENT = `<office:document-content xmlns:office="${NAMESPACE}:office:1.0" xmlns:text="${NAMESPACE}:text:1.0" xmlns:table="${NAMESPACE}:table:1.0" xmlns:style="${NAMESPACE}:style:1.0" xmlns:fo="${NAMESPACE}:xsl-fo-compatible:1.0" xmlns:xlink="http://www.w3.org/1999/xlink" office:version="1.2">`

/** A document as OpenDocument text: headings, paragraphs, lists, tables, links; bold, italic, underlined and struck text. */
export function toOdt(document: DocumentModel): Uint8Array {
  const { blocks, footnotes } = read(document)
  const notes = new Map(footnotes.map(({ number, blocks: note }) => [number, note]))
  const body = elements(blocks, notes)
  return archive({
    mimetype: MIME,
    'META-INF/manifest.xml': `${HEAD}<manifest:manifest xmlns:manifest="${NAMESPACE}:manifest:1.0" manifest:version="1.2"><manifest:file-entry manifest:full-path="/" manifest:media-type="${MIME}"/><manifest:file-entry manifest:full-path="content.xml" manifest:media-type="text/xml"/></manifest:manifest>`,
    'content.xml': `${HEAD}${CONTENT}<office:automatic-styles>${STYLES}</office:automatic-styles><office:body><office:text>${body}</office:text></office:body></office:document-content>`,
  })
}

/** Switches of a text style: a letter of the style's name, and what it sets. */
const SWITCHES: readonly (readonly [keyof TextStyle, string, string])[] = [
  ['bold', 'B', 'fo:font-weight="bold"'],
  ['italic', 'I', 'fo:font-style="italic"'],
  ['underline', 'U', 'style:text-underline-style="solid"'],
  ['strikethrough', 'S', 'style:text-line-through-style="solid"'],
]

/** A style for every combination of switches. */
const STYLES = Array.from({ length: 1 << SWITCHES.length }, (_, bits) =>
  SWITCHES.filter((_switch, i) => bits & (1 << i)),
)
  .filter((set) => set.length > 0)
  .map((set) => {
    const properties = set.map(([, , property]) => property).join(' ')
    return `<style:style style:name="${styleName(set)}" style:family="text"><style:text-properties ${properties}/></style:style>`
  })
  .join('')

function styleName(set: typeof SWITCHES): string {
  return `T${set.map(([, letter]) => letter).join('')}`
}

type Notes = ReadonlyMap<number, readonly ReadBlock[]>

/** Items of a list stand in lists as deep as they are; a reader joins neighbours. */
function elements(blocks: readonly ReadBlock[], notes: Notes): string {
  return blocks
    .map((block) => {
      if (block.kind === 'table') return table(block.rows, notes)
      const text = paragraph(block, notes)
      const depth = block.item ? block.item.level + 1 : 0
      return `${'<text:list><text:list-item>'.repeat(depth)}${text}${'</text:list-item></text:list>'.repeat(depth)}`
    })
    .join('')
}

function paragraph({ named, pieces }: ReadParagraph, notes: Notes): string {
  const text = pieces.map((piece) => pieceText(piece, notes)).join('')
  const level = /^HEADING_(\d)$/.exec(named)?.[1]
  return level ? `<text:h text:outline-level="${level}">${text}</text:h>` : `<text:p>${text}</text:p>`
}

function pieceText(piece: Piece, notes: Notes): string {
  switch (piece.kind) {
    case 'text':
      return span(piece.text, piece.style)
    case 'image':
      return escaped(piece.alt)
    case 'footnote':
      return `<text:note text:note-class="footnote"><text:note-citation>${piece.number}</text:note-citation><text:note-body>${elements(notes.get(piece.number) ?? [], notes)}</text:note-body></text:note>`
    case 'rule':
      return RULE
    case 'pageBreak':
      return '<text:soft-page-break/>'
  }
}

function span(text: string, style: TextStyle): string {
  const set = SWITCHES.filter(([name]) => style[name])
  const inner = escaped(text).replaceAll('\v', '<text:line-break/>').replaceAll('\t', '<text:tab/>')
  const styled = set.length > 0 ? `<text:span text:style-name="${styleName(set)}">${inner}</text:span>` : inner
  return style.link?.url ? `<text:a xlink:href="${escaped(style.link.url)}">${styled}</text:a>` : styled
}

function table(rows: readonly (readonly { blocks: readonly ReadBlock[] }[])[], notes: Notes): string {
  const columns = Math.max(...rows.map((row) => row.length))
  const lines = rows.map(
    (row) =>
      `<table:table-row>${row.map(({ blocks }) => `<table:table-cell>${elements(blocks, notes)}</table:table-cell>`).join('')}</table:table-row>`,
  )
  return `<table:table><table:table-column table:number-columns-repeated="${columns}"/>${lines.join('')}</table:table>`
}
