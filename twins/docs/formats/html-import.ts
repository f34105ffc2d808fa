import { parse, type DefaultTreeAdapterTypes as Tree } from 'parse5'
import { component } from '../rules/edit/normalise.ts'
import { isHeading, LINK_LOOK } from '../rules/edit/styles.ts'
import { cleanText } from '../rules/edit/text.ts'
import { cell, row, table } from '../rules/model/content.ts'
import {
  bodyOf,
  CELL_STYLE,
  COLUMN,
  cellParagraph,
  emptyParagraph,
  freshTab,
  NORMAL,
  pt,
  ROW_STYLE,
} from '../rules/model/fresh.ts'
import { paragraph, run } from '../rules/model/inlines.ts'
import { listIndents, presetList } from '../rules/model/lists.ts'
import { contentOf } from '../rules/model/sequence.ts'
import type {
  Block,
  Bullet,
  DocumentModel,
  Inline,
  Paragraph,
  ParagraphStyle,
  Style,
  Table,
  TextStyle,
} from '../rules/model/types.ts'

/** The ids an imported document needs. */
export interface ImportIds {
  id(): string
  headingId(): string
  imageUri(): string
}

/** Makes a document of HTML: headings, paragraphs, lists, tables, images and the common inline styles. */
export function fromHtml(html: string, ids: ImportIds): DocumentModel {
  const reader = new HtmlReader(ids)
  return reader.document(parse(html))
}

/** Makes a document of plain text, a paragraph per line. */
export function fromPlainText(text: string): DocumentModel {
  const lines = text
    .replace(/^\uFEFF/, '')
    .replace(/\r\n?/g, '\n')
    .split('\n')
  const blocks = lines.map((line) => paragraph([run(`${line}\n`)], { style: NORMAL }))
  return { tabs: [freshTab('t.0', 'Tab 1', bodyOf(blocks))] }
}

type Element = Tree.Element
const isElement = (node: Tree.Node): node is Element => 'tagName' in node
const attribute = (element: Element, name: string) => element.attrs.find((attr) => attr.name === name)?.value

const NAMED: Readonly<Record<string, string>> = Object.fromEntries(
  [1, 2, 3, 4, 5, 6].map((level) => [`h${level}`, `HEADING_${level}`]),
)
const BLOCKS = new Set(['p', 'div', 'section', 'article', 'main', 'header', 'footer', 'blockquote', 'pre', 'ul', 'ol', 'table', 'hr', 'body', 'html', ...Object.keys(NAMED)]) // biome-ignore format: one list
const SKIPPED = new Set(['head', 'script', 'style', 'title', 'template'])

const CODE: TextStyle = {
  foregroundColor: { color: { rgbColor: { red: 0.09411765, green: 0.5019608, blue: 0.21960784 } } },
  weightedFontFamily: { fontFamily: 'Roboto Mono', weight: 400 },
}

/** How a quotation stands, as the service's own import makes it and its export knows it again. */
export const QUOTE: ParagraphStyle = { indentFirstLine: pt(30), indentStart: pt(30), indentEnd: pt(30) }

const INLINE_STYLES: Readonly<Record<string, TextStyle>> = {
  b: { bold: true },
  strong: { bold: true },
  i: { italic: true },
  em: { italic: true },
  u: { underline: true },
  s: { strikethrough: true },
  del: { strikethrough: true },
  strike: { strikethrough: true },
  sup: { baselineOffset: 'SUPERSCRIPT' },
  sub: { baselineOffset: 'SUBSCRIPT' },
  code: CODE,
}

/** What surrounds the text being read. */
interface Context {
  readonly style: TextStyle
  readonly paragraph: ParagraphStyle
  readonly bullet?: Omit<Bullet, 'textStyle'>
  readonly preformatted?: boolean
}

class HtmlReader {
  readonly #ids: ImportIds
  readonly #lists: Record<string, Style> = {}
  readonly #objects: Record<string, Style> = {}
  #blocks: Block[] = []
  #inlines: Inline[] = []
  #lastBullet: Context['bullet']
  #context: Context = { style: {}, paragraph: NORMAL }

  constructor(ids: ImportIds) {
    this.#ids = ids
  }

  document(root: Tree.Document): DocumentModel {
    this.#children(root, this.#context)
    this.#endParagraph()
    const tab = freshTab('t.0', 'Tab 1', bodyOf(separated(this.#blocks) as (Paragraph | Table)[]))
    return { tabs: [{ ...tab, lists: this.#lists, inlineObjects: this.#objects }] }
  }

  #children(parent: Tree.ParentNode, context: Context): void {
    for (const node of parent.childNodes) {
      if (node.nodeName === '#text') this.#text((node as Tree.TextNode).value, context)
      else if (isElement(node) && !SKIPPED.has(node.tagName)) this.#element(node, context)
    }
  }

  #element(element: Element, context: Context): void {
    const { tagName } = element
    if (BLOCKS.has(tagName)) {
      this.#endParagraph()
      this.#block(element, context)
      this.#endParagraph()
    } else if (tagName === 'br') this.#push(run('\v', context.style), context)
    else if (tagName === 'img') this.#image(element, context)
    else if (tagName === 'a') this.#link(element, context)
    else
      this.#children(element, {
        ...context,
        style: { ...context.style, ...INLINE_STYLES[tagName], ...cssStyle(element) },
      })
  }

  #block(element: Element, context: Context): void {
    const { tagName } = element
    switch (tagName) {
      case 'ul':
      case 'ol':
        this.#list(element, context)
        return
      case 'table':
        this.#table(element, context)
        return
      case 'hr':
        this.#push({ kind: 'horizontalRule', style: {} }, context)
        return
      case 'pre':
        this.#preformatted(element, context)
        return
      case 'blockquote':
        this.#children(element, {
          ...context,
          paragraph: { ...context.paragraph, ...QUOTE },
        })
        return
    }
    const named = NAMED[tagName] ?? classNamed(element)
    const style = named ? ({ ...context.paragraph, namedStyleType: named } as ParagraphStyle) : context.paragraph
    this.#children(element, { ...context, style: { ...context.style, ...cssStyle(element) }, paragraph: style })
    // A paragraph without text is still a line.
    if (tagName === 'p' && this.#inlines.length === 0) this.#push(run('', {}), { ...context, paragraph: style })
  }

  #preformatted(element: Element, context: Context): void {
    const text = textContent(element).replace(/\n$/, '')
    for (const line of text.split('\n')) {
      this.#push(run(line, { weightedFontFamily: CODE.weightedFontFamily }), context)
      this.#endParagraph()
    }
  }

  /** Items of a list; lists inside them are the same list, one level deeper. */
  #list(element: Element, context: Context): void {
    const outer = context.bullet
    const nestingLevel = outer ? Math.min(8, outer.nestingLevel + 1) : 0
    const preset = presetOf(element)
    const listId = outer?.listId ?? this.#newList(preset)
    if (outer) this.#lists[listId] = withLevel(this.#lists[listId] as Style, nestingLevel, preset)
    for (const item of element.childNodes) {
      if (!isElement(item) || item.tagName !== 'li') continue
      this.#endParagraph()
      const style = { ...context.paragraph, ...listIndents(nestingLevel) }
      // One object per item: the paragraphs of an item after its first have no bullet of their own.
      this.#children(item, { ...context, bullet: { listId, nestingLevel }, paragraph: style })
      this.#endParagraph()
    }
  }

  #newList(preset: string): string {
    const listId = this.#ids.id()
    this.#lists[listId] = presetList(preset) as Style
    return listId
  }

  #table(element: Element, context: Context): void {
    const lines = descendants(element, 'tr')
    const grid = lines.map((line) =>
      line.childNodes.filter(isElement).filter(({ tagName }) => tagName === 'td' || tagName === 'th'),
    )
    const columns = Math.max(0, ...grid.map((cells) => cells.length))
    if (columns === 0) return
    const rows = grid.map((cells) =>
      row(
        Array.from({ length: columns }, (_, i) => this.#cell(cells[i], context)),
        cells.every(({ tagName }) => tagName === 'th') ? { ...ROW_STYLE, tableHeader: true } : ROW_STYLE,
      ),
    )
    this.#blocks.push(
      table(
        rows,
        Array.from({ length: columns }, () => COLUMN),
      ),
    )
  }

  #cell(element: Element | undefined, context: Context) {
    const { style } = cellParagraph()
    if (!element) return cell(contentOf([cellParagraph()]), CELL_STYLE)
    const around = this.#blocks
    this.#blocks = []
    const bold = element.tagName === 'th' ? { bold: true } : {}
    this.#children(element, { style: { ...context.style, ...bold }, paragraph: style })
    this.#endParagraph()
    const blocks = this.#blocks.length > 0 ? separated(this.#blocks) : [cellParagraph(bold)]
    this.#blocks = around
    return cell(contentOf(blocks), CELL_STYLE)
  }

  #link(element: Element, context: Context): void {
    const url = attribute(element, 'href')
    const link = url && !url.startsWith('#') ? { ...LINK_LOOK, link: { url } } : {}
    this.#children(element, { ...context, style: { ...context.style, ...cssStyle(element), ...link } })
  }

  #image(element: Element, context: Context): void {
    const source = attribute(element, 'src')
    if (!source) return
    const objectId = this.#ids.id()
    const points = (name: string) => pt(Number.parseFloat(attribute(element, name) ?? '100') * 0.75 || 75)
    const description = attribute(element, 'alt')
    this.#objects[objectId] = {
      objectId,
      inlineObjectProperties: {
        embeddedObject: {
          ...(description && { description }),
          imageProperties: { contentUri: this.#ids.imageUri(), sourceUri: source, cropProperties: {} },
          embeddedObjectBorder: {
            color: { color: { rgbColor: {} } },
            width: pt(0),
            dashStyle: 'SOLID',
            propertyState: 'NOT_RENDERED',
          },
          size: { height: points('height'), width: points('width') },
          marginTop: pt(9),
          marginBottom: pt(9),
          marginRight: pt(9),
          marginLeft: pt(9),
        },
      },
    }
    this.#push({ kind: 'inlineObjectElement', style: {}, properties: { inlineObjectId: objectId } }, context)
  }

  #text(value: string, context: Context): void {
    const text = cleanText(value.replace(/\s+/g, ' '))
    const first = this.#inlines.length === 0
    const shown = first ? text.trimStart() : text
    if (shown === '') return
    this.#push(run(shown, context.style), context)
  }

  #push(inline: Inline, context: Context): void {
    this.#inlines.push(inline)
    this.#context = context
  }

  /** Closes the paragraph under way, if there is one. */
  #endParagraph(): void {
    if (this.#inlines.length === 0) return
    const { paragraph: around, bullet: mark } = this.#context
    const bullet = mark === this.#lastBullet ? undefined : mark
    const style = mark && !bullet ? { ...around, indentFirstLine: around.indentStart } : around
    this.#lastBullet = mark
    const last = this.#inlines.at(-1)
    const inlines =
      last?.kind === 'text' ? [...this.#inlines.slice(0, -1), { ...last, text: last.text.trimEnd() }] : this.#inlines
    const heading = isHeading(style.namedStyleType) ? { headingId: this.#ids.headingId() } : {}
    this.#blocks.push(
      paragraph([...inlines, run('\n')], {
        style: { ...heading, ...style },
        ...(bullet && { bullet: { ...bullet, textStyle: { underline: false } } }),
      }),
    )
    this.#inlines = []
  }
}

const presetOf = (list: Element): string => {
  if (list.tagName === 'ol') return 'NUMBERED_DECIMAL_ALPHA_ROMAN'
  return has(list, 'input') ? 'BULLET_CHECKBOX' : 'BULLET_DISC_CIRCLE_SQUARE'
}

/** A list with one of its levels as a preset has it: numbers below bullets, bullets below numbers. */
function withLevel(list: Style, level: number, preset: string): Style {
  const levels = (of: Style) => (of.listProperties as { nestingLevels: readonly object[] }).nestingLevels
  const nestingLevels = levels(list).with(level, levels(presetList(preset) as Style)[level] as object)
  return { listProperties: { nestingLevels } }
}

/** Blocks with a paragraph before, between and behind tables, and at least one. */
function separated(blocks: readonly Block[]): Block[] {
  const result: Block[] = []
  for (const block of blocks) {
    if (block.kind === 'table' && result.at(-1)?.kind !== 'paragraph') result.push(emptyParagraph())
    result.push(block)
  }
  if (result.at(-1)?.kind !== 'paragraph') result.push(emptyParagraph())
  return result
}

function descendants(parent: Tree.ParentNode, tagName: string): Element[] {
  return parent.childNodes.filter(isElement).flatMap((element) => {
    if (element.tagName === tagName) return [element]
    return element.tagName === 'table' ? [] : descendants(element, tagName)
  })
}

const has = (parent: Tree.ParentNode, tagName: string): boolean =>
  parent.childNodes.some((node) => isElement(node) && (node.tagName === tagName || has(node, tagName)))

const textContent = (parent: Tree.ParentNode): string =>
  parent.childNodes
    .map((node) =>
      node.nodeName === '#text' ? (node as Tree.TextNode).value : isElement(node) ? textContent(node) : '',
    )
    .join('')

/** Exports of Docs mark titles by class. */
const classNamed = (element: Element): string | undefined => {
  const classes = (attribute(element, 'class') ?? '').split(/\s+/)
  return classes.includes('title') ? 'TITLE' : classes.includes('subtitle') ? 'SUBTITLE' : undefined
}

/** The inline styles that exports use. */
function cssStyle(element: Element): TextStyle {
  const css = new Map(
    (attribute(element, 'style') ?? '').split(';').map((rule) => {
      const [name = '', ...value] = rule.split(':')
      return [name.trim().toLowerCase(), value.join(':').trim().toLowerCase()]
    }),
  )
  const weight = css.get('font-weight')
  const decoration = css.get('text-decoration') ?? ''
  const font = css.get('font-family')?.split(',')[0]?.replace(/["']/g, '').trim()
  const color = /^#([0-9a-f]{6})$/.exec(css.get('color') ?? '')?.[1]
  const size = /^([\d.]+)pt$/.exec(css.get('font-size') ?? '')?.[1]
  return {
    ...((weight === 'bold' || Number(weight) >= 600) && { bold: true }),
    ...(css.get('font-style') === 'italic' && { italic: true }),
    ...(decoration.includes('underline') && { underline: true }),
    ...(decoration.includes('line-through') && { strikethrough: true }),
    ...(size && Number(size) !== 11 && { fontSize: pt(Number(size)) }),
    ...(font && font !== 'arial' && { weightedFontFamily: { fontFamily: titled(font), weight: 400 } }),
    ...(color && color !== '000000' && { foregroundColor: { color: { rgbColor: rgb(color) } } }),
  }
}

const titled = (font: string) => font.replace(/(^|\s)\w/g, (letter) => letter.toUpperCase())

/** Components as the service gives them: single precision, zero left out. */
function rgb(hex: string) {
  const [red, green, blue] = [0, 2, 4].map((at) => component(Number.parseInt(hex.slice(at, at + 2), 16)))
  return { ...(red && { red }), ...(green && { green }), ...(blue && { blue }) }
}
