import { isDeepStrictEqual } from 'node:util'
import type { TextStyle } from '../../../openapi/types/docs.ts'
import { inheritedTextStyle } from '../rules/edit/styles.ts'
import { isNumbered, levelOf } from '../rules/model/lists.ts'
import { blocksOf } from '../rules/model/sequence.ts'
import type { Atom, Content, DocumentModel, Inline, Paragraph, ParagraphStyle, Tab } from '../rules/model/types.ts'
import { QUOTE } from './html-import.ts'

/** A document as its readers see it: what exports are made of. Styles are the ones in force, lists are counted. */

export type Piece =
  | { readonly kind: 'text'; readonly text: string; readonly style: TextStyle }
  | {
      readonly kind: 'image'
      readonly uri: string
      readonly width: number
      readonly height: number
      readonly alt: string
    }
  | { readonly kind: 'footnote'; readonly number: number }
  | { readonly kind: 'rule' }
  | { readonly kind: 'pageBreak' }

export interface ListItem {
  readonly level: number
  readonly numbered: boolean
  /** `1`, `b`, `iv`: without the punctuation around it. */
  readonly number: string
  /** An item of a checklist. Whether it is ticked is not in the model, as it is not in the API. */
  readonly task: boolean
  /** The glyph as it stands on the page: `1.`, `●`. */
  readonly glyph: string
}

export interface ReadParagraph {
  readonly kind: 'paragraph'
  readonly named: string
  readonly pieces: readonly Piece[]
  readonly item?: ListItem
  readonly alignment?: string
  readonly quoted?: boolean
}

export interface ReadTable {
  readonly kind: 'table'
  /** Rows of cells of blocks; cells that a merged one covers are left out. */
  readonly rows: readonly (readonly ReadCell[])[]
}

export interface ReadCell {
  readonly blocks: readonly ReadBlock[]
  readonly rowSpan: number
  readonly columnSpan: number
}

export type ReadBlock = ReadParagraph | ReadTable

export interface Reading {
  readonly blocks: readonly ReadBlock[]
  /** By number. */
  readonly footnotes: readonly { readonly number: number; readonly blocks: readonly ReadBlock[] }[]
}

/** Reads all tabs one after the other, as exports do. */
export function read(document: DocumentModel): Reading {
  const footnotes: Reading['footnotes'][number][] = []
  const blocks = document.tabs.flatMap((tab) => {
    const reader = new Reader(tab, footnotes)
    return reader.content((tab.segments[''] as Tab['segments'][string]).content)
  })
  return { blocks, footnotes }
}

class Reader {
  readonly #tab: Tab
  readonly #footnotes: Reading['footnotes'][number][]
  /** How far each level of each list has counted. */
  readonly #counts = new Map<string, number[]>()

  constructor(tab: Tab, footnotes: Reading['footnotes'][number][]) {
    this.#tab = tab
    this.#footnotes = footnotes
  }

  content(content: Content): ReadBlock[] {
    return blocksOf(content).flatMap((block): ReadBlock[] => {
      if (block.kind === 'paragraph') return [this.#paragraph(block)]
      if (block.kind === 'tableOfContents') return this.content(block.content)
      if (block.kind !== 'table') return []
      const covered = new Set<string>()
      const rows = block.rows.map((row, r) =>
        row.cells.flatMap((cell, c) => {
          if (covered.has(`${r},${c}`)) return []
          const { rowSpan = 1, columnSpan = 1 } = cell.style as { rowSpan?: number; columnSpan?: number }
          for (let i = 0; i < rowSpan; i++) for (let j = 0; j < columnSpan; j++) covered.add(`${r + i},${c + j}`)
          return [{ blocks: this.content(cell.content), rowSpan, columnSpan }]
        }),
      )
      return [{ kind: 'table', rows }]
    })
  }

  #paragraph(block: Paragraph): ReadParagraph {
    const inherited = inheritedTextStyle(this.#tab, block.style)
    const item = block.bullet && this.#item(block.bullet.listId, block.bullet.nestingLevel)
    return {
      kind: 'paragraph',
      named: block.style.namedStyleType ?? 'NORMAL_TEXT',
      pieces: block.inlines.flatMap((inline) => this.#piece(inline, inherited)),
      ...(item && { item }),
      ...(block.style.alignment && { alignment: block.style.alignment }),
      ...(isQuoted(block.style) && { quoted: true }),
    }
  }

  #piece(inline: Inline, inherited: TextStyle): Piece[] {
    const style = { ...inherited, ...inline.style }
    if (inline.kind === 'text') {
      const text = inline.text.replace(/\n$/, '')
      return text === '' ? [] : [{ kind: 'text', text, style }]
    }
    return this.#atom(inline, style)
  }

  #atom({ kind, properties = {} }: Atom, style: TextStyle): Piece[] {
    const text = (shown: unknown): Piece[] => (typeof shown === 'string' ? [{ kind: 'text', text: shown, style }] : [])
    const member = (name: string) => properties[name] as Record<string, string> | undefined
    switch (kind) {
      case 'inlineObjectElement':
        return this.#image(properties.inlineObjectId as string)
      case 'footnoteReference':
        return [{ kind: 'footnote', number: this.#footnote(properties.footnoteId as string) }]
      case 'horizontalRule':
        return [{ kind: 'rule' }]
      case 'pageBreak':
        return [{ kind: 'pageBreak' }]
      case 'person':
        return text(member('personProperties')?.name ?? member('personProperties')?.email)
      case 'dateElement':
        return text(member('dateElementProperties')?.displayText)
      case 'richLink': {
        const { title, uri } = member('richLinkProperties') ?? {}
        return title ? [{ kind: 'text', text: title, style: { ...style, link: { url: uri } } }] : []
      }
      default:
        return []
    }
  }

  #image(id: string): Piece[] {
    type Embedded = {
      imageProperties?: { contentUri?: string; sourceUri?: string }
      size?: { width?: { magnitude?: number }; height?: { magnitude?: number } }
      description?: string
      title?: string
    }
    const object = this.#tab.inlineObjects[id] as { inlineObjectProperties?: { embeddedObject?: Embedded } } | undefined
    const { imageProperties, size, description, title } = object?.inlineObjectProperties?.embeddedObject ?? {}
    const uri = imageProperties?.sourceUri ?? imageProperties?.contentUri
    if (!uri) return []
    const points = (dimension: { magnitude?: number } | undefined) => dimension?.magnitude ?? 0
    return [
      { kind: 'image', uri, width: points(size?.width), height: points(size?.height), alt: description ?? title ?? '' },
    ]
  }

  #footnote(id: string): number {
    const number = this.#footnotes.length + 1
    const segment = this.#tab.segments[id]
    this.#footnotes.push({ number, blocks: segment ? this.content(segment.content) : [] })
    return number
  }

  #item(listId: string, level: number): ListItem {
    const list = this.#tab.lists[listId]
    const counts = this.#counts.get(listId) ?? []
    // A shallower item starts the deeper levels anew.
    counts.length = Math.min(counts.length, level + 1)
    for (let i = 0; i <= level; i++) counts[i] ??= i < level ? 1 : 0
    counts[level] = (counts[level] ?? 0) + 1
    this.#counts.set(listId, counts)
    const numberAt = (at: number) => numeral(levelOf(list, at)?.glyphType, counts[at] ?? 1)
    const { glyphFormat = '', glyphSymbol } = levelOf(list, level) ?? {}
    const glyph = glyphFormat.replace(/%(\d)/g, (_, at: string) => glyphSymbol ?? numberAt(Number(at)))
    const task = levelOf(list, level)?.glyphType === 'GLYPH_TYPE_UNSPECIFIED'
    return { level, numbered: isNumbered(list, level), number: numberAt(level), task, glyph }
  }
}

/** A quotation is known by its indents alone. */
const isQuoted = (style: ParagraphStyle): boolean =>
  Object.entries(QUOTE).every(([name, value]) => isDeepStrictEqual(style[name as keyof ParagraphStyle], value))

const ROMAN: readonly (readonly [number, string])[] = [
  [1000, 'm'],
  [900, 'cm'],
  [500, 'd'],
  [400, 'cd'],
  [100, 'c'],
  [90, 'xc'],
  [50, 'l'],
  [40, 'xl'],
  [10, 'x'],
  [9, 'ix'],
  [5, 'v'],
  [4, 'iv'],
  [1, 'i'], // biome-ignore format: one table
]

function numeral(type: string | undefined, count: number): string {
  switch (type) {
    case 'ALPHA':
      return letters(count)
    case 'UPPER_ALPHA':
      return letters(count).toUpperCase()
    case 'ROMAN':
      return roman(count)
    case 'UPPER_ROMAN':
      return roman(count).toUpperCase()
    case 'ZERO_DECIMAL':
      return String(count).padStart(2, '0')
    default:
      return String(count)
  }
}

/** a … z, aa … zz, as lists count. */
const letters = (count: number) => String.fromCharCode(97 + ((count - 1) % 26)).repeat(Math.ceil(count / 26))

function roman(count: number): string {
  let rest = count
  let text = ''
  for (const [value, sign] of ROMAN) {
    while (rest >= value) {
      text += sign
      rest -= value
    }
  }
  return text
}

/** The plain text of a paragraph. */
export const plain = (paragraph: ReadParagraph): string =>
  paragraph.pieces
    .map((piece) => {
      if (piece.kind === 'text') return piece.text.replaceAll('\v', '\n')
      if (piece.kind === 'footnote') return `[${piece.number}]`
      return piece.kind === 'image' ? '' : RULE
    })
    .join('')

/** How plain text shows page breaks and rules. */
export const RULE = '________________'
