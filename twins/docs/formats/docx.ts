import type { TextStyle } from '../../../openapi/types/docs.ts'
import type { DocumentModel } from '../rules/model/types.ts'
import { archive } from './archive.ts'
import { colorOf, escaped } from './html.ts'
import { type Piece, type ReadBlock, type ReadParagraph, read } from './reading.ts'

/** A document as a Word file (Office Open XML): styles, lists, tables and links; images as their addresses. */

const HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>'
const WORD = 'http://schemas.openxmlformats.org/wordprocessingml/2006/main'
const OFFICE = 'http://schemas.openxmlformats.org/officeDocument/2006/relationships'
const PACKAGE = 'http://schemas.openxmlformats.org/package/2006'
const TYPE = 'application/vnd.openxmlformats-officedocument.wordprocessingml'

export function toDocx(document: DocumentModel): Uint8Array {
  const writer = new DocxWriter()
  const { blocks, footnotes } = read(document)
  const notes = footnotes.flatMap(({ blocks: note }) => note)
  const body = writer.blocks([...blocks, ...notes])
  return archive({
    '[Content_Types].xml': `${HEAD}<Types xmlns="${PACKAGE}/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" ContentType="application/xml"/>${[
      ['document', 'document.main'],
      ['styles', 'styles'],
      ['numbering', 'numbering'],
    ]
      .map(([name, type]) => `<Override PartName="/word/${name}.xml" ContentType="${TYPE}.${type}+xml"/>`)
      .join('')}</Types>`,
    '_rels/.rels': `${HEAD}<Relationships xmlns="${PACKAGE}/relationships"><Relationship Id="rId1" Type="${OFFICE}/officeDocument" Target="word/document.xml"/></Relationships>`,
    'word/document.xml': `${HEAD}<w:document xmlns:w="${WORD}" xmlns:r="${OFFICE}"><w:body>${body}<w:sectPr><w:pgSz w:w="12240" w:h="15840"/><w:pgMar w:top="1440" w:right="1440" w:bottom="1440" w:left="1440"/></w:sectPr></w:body></w:document>`,
    'word/styles.xml': `${HEAD}<w:styles xmlns:w="${WORD}">${STYLES}</w:styles>`,
    'word/numbering.xml': `${HEAD}<w:numbering xmlns:w="${WORD}">${NUMBERING}</w:numbering>`,
    'word/_rels/document.xml.rels': `${HEAD}<Relationships xmlns="${PACKAGE}/relationships"><Relationship Id="rId1" Type="${OFFICE}/styles" Target="styles.xml"/><Relationship Id="rId2" Type="${OFFICE}/numbering" Target="numbering.xml"/>${writer.links
      .map(
        (url, i) =>
          `<Relationship Id="link${i}" Type="${OFFICE}/hyperlink" Target="${escaped(url)}" TargetMode="External"/>`,
      )
      .join('')}</Relationships>`,
  })
}

const STYLE_IDS: Readonly<Record<string, string>> = {
  NORMAL_TEXT: 'Normal',
  TITLE: 'Title',
  SUBTITLE: 'Subtitle',
  ...Object.fromEntries([1, 2, 3, 4, 5, 6].map((level) => [`HEADING_${level}`, `Heading${level}`])),
}

const STYLES = Object.values(STYLE_IDS)
  .map((id) => {
    const base = id === 'Normal' ? '' : '<w:basedOn w:val="Normal"/>'
    return `<w:style w:type="paragraph" w:styleId="${id}"${base ? '' : ' w:default="1"'}><w:name w:val="${id.replace(/(\d)/, ' $1').toLowerCase()}"/>${base}<w:qFormat/></w:style>`
  })
  .join('')

/** Number 1 is a bulleted list, number 2 a counted one. */
const NUMBERING = ['bullet', 'decimal']
  .map((format, i) => {
    const levels = Array.from(
      { length: 9 },
      (_, level) =>
        `<w:lvl w:ilvl="${level}"><w:start w:val="1"/><w:numFmt w:val="${format}"/><w:lvlText w:val="${i === 0 ? '●' : `%${level + 1}.`}"/><w:pPr><w:ind w:left="${720 * (level + 1)}" w:hanging="360"/></w:pPr></w:lvl>`,
    )
    return `<w:abstractNum w:abstractNumId="${i + 1}">${levels.join('')}</w:abstractNum>`
  })
  .join('')
  .concat(
    '<w:num w:numId="1"><w:abstractNumId w:val="1"/></w:num><w:num w:numId="2"><w:abstractNumId w:val="2"/></w:num>',
  )

class DocxWriter {
  readonly links: string[] = []

  blocks(blocks: readonly ReadBlock[]): string {
    return blocks
      .map((block) => {
        if (block.kind === 'paragraph') return this.#paragraph(block)
        const rows = block.rows.map((row) => {
          const cells = row.map(({ blocks: inner, columnSpan }) => {
            const span = columnSpan > 1 ? `<w:gridSpan w:val="${columnSpan}"/>` : ''
            return `<w:tc><w:tcPr><w:tcW w:w="0" w:type="auto"/>${span}</w:tcPr>${this.blocks(inner)}</w:tc>`
          })
          return `<w:tr>${cells.join('')}</w:tr>`
        })
        return `<w:tbl><w:tblPr><w:tblW w:w="0" w:type="auto"/></w:tblPr><w:tblGrid/>${rows.join('')}</w:tbl>`
      })
      .join('')
  }

  #paragraph({ named, item, alignment, pieces }: ReadParagraph): string {
    const list = item && `<w:numPr><w:ilvl w:val="${item.level}"/><w:numId w:val="${item.numbered ? 2 : 1}"/></w:numPr>`
    const align =
      alignment && `<w:jc w:val="${{ CENTER: 'center', END: 'right', JUSTIFIED: 'both' }[alignment] ?? 'left'}"/>`
    const properties = `<w:pStyle w:val="${STYLE_IDS[named] ?? 'Normal'}"/>${list ?? ''}${align ?? ''}`
    return `<w:p><w:pPr>${properties}</w:pPr>${pieces.map((piece) => this.#piece(piece)).join('')}</w:p>`
  }

  #piece(piece: Piece): string {
    switch (piece.kind) {
      case 'text':
        return this.#text(piece.text, piece.style)
      case 'image':
        return this.#text(piece.alt || piece.uri, { link: { url: piece.uri } })
      case 'footnote':
        return `<w:r><w:rPr><w:vertAlign w:val="superscript"/></w:rPr><w:t>${piece.number}</w:t></w:r>`
      case 'rule':
        return '<w:r><w:t>________________</w:t></w:r>'
      case 'pageBreak':
        return '<w:r><w:br w:type="page"/></w:r>'
    }
  }

  #text(text: string, style: TextStyle): string {
    const lines = text.split('\v').map((line) => `<w:t xml:space="preserve">${escaped(line)}</w:t>`)
    const run = `<w:r><w:rPr>${runProperties(style)}</w:rPr>${lines.join('<w:br/>')}</w:r>`
    if (!style.link?.url) return run
    return `<w:hyperlink r:id="link${this.links.push(style.link.url) - 1}">${run}</w:hyperlink>`
  }
}

/** In the order the schema demands. */
function runProperties(style: TextStyle): string {
  const font = style.weightedFontFamily?.fontFamily
  const color = colorOf(style.foregroundColor)?.slice(1)
  const fill = colorOf(style.backgroundColor)?.slice(1)
  return [
    font && `<w:rFonts w:ascii="${escaped(font)}" w:hAnsi="${escaped(font)}"/>`,
    style.bold && '<w:b/>',
    style.italic && '<w:i/>',
    style.smallCaps && '<w:smallCaps/>',
    style.strikethrough && '<w:strike/>',
    color && `<w:color w:val="${color}"/>`,
    style.fontSize?.magnitude && `<w:sz w:val="${Math.round(style.fontSize.magnitude * 2)}"/>`,
    style.underline && '<w:u w:val="single"/>',
    fill && `<w:shd w:val="clear" w:fill="${fill}"/>`,
    style.baselineOffset === 'SUPERSCRIPT' && '<w:vertAlign w:val="superscript"/>',
    style.baselineOffset === 'SUBSCRIPT' && '<w:vertAlign w:val="subscript"/>',
  ]
    .filter(Boolean)
    .join('')
}
