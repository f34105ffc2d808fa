import { strFromU8, unzipSync } from 'fflate'
import { attribute, child, childrenOf, find, type Node, nameOf, parseXml } from '../../google/xml.ts'
import type { DocumentModel } from '../rules/model/types.ts'
import { escaped } from './html.ts'
import { fromHtml, type ImportIds } from './html-import.ts'

/** Makes a document of OpenDocument text: headings, paragraphs, lists, tables, links and the common styles of runs. */
export function fromOdt(bytes: Uint8Array, ids: ImportIds): DocumentModel {
  const content = unzipSync(bytes)['content.xml']
  if (!content) throw new RangeError('No content.xml')
  const xml = parseXml(strFromU8(content))
  const reader = new OdtReader(find(xml, 'office:automatic-styles'))
  return fromHtml(reader.blocks(find(xml, 'office:text')), ids)
}

/** Properties of a text style and the elements that stand for them. */
const SWITCHES: readonly (readonly [string, (value: string) => boolean, string])[] = [
  ['fo:font-weight', (value) => value === 'bold' || Number(value) >= 600, 'b'],
  ['fo:font-style', (value) => value === 'italic', 'i'],
  ['style:text-underline-style', (value) => value !== 'none', 'u'],
  ['style:text-line-through-style', (value) => value !== 'none', 's'],
]

/** Writes OpenDocument text as HTML, which the HTML reader understands. */
class OdtReader {
  /** Style name → tags around its text. */
  readonly #tags = new Map<string, readonly string[]>()
  readonly #numbered = new Set<string>()
  /** Paragraph style → the one it derives from: titles are named by style alone. */
  readonly #parents = new Map<string, string>()

  constructor(styles: readonly Node[]) {
    for (const node of styles) {
      const name = attribute(node, 'style:name') ?? ''
      const properties = child(childrenOf(node), 'style:text-properties')
      this.#tags.set(
        name,
        SWITCHES.filter(([property, on]) => on(attribute(properties, property) ?? 'none')).map(([, , tag]) => tag),
      )
      this.#parents.set(name, attribute(node, 'style:parent-style-name') ?? name)
      if (nameOf(node) === 'text:list-style' && nameOf(childrenOf(node)[0] ?? {}) === 'text:list-level-style-number')
        this.#numbered.add(name)
    }
  }

  blocks(nodes: readonly Node[], list = 'ul'): string {
    return nodes.map((node) => this.#block(node, list)).join('')
  }

  #block(node: Node, list: string): string {
    const children = childrenOf(node)
    switch (nameOf(node)) {
      case 'text:h': {
        const level = Math.min(6, Math.max(1, Number(attribute(node, 'text:outline-level') ?? 1)))
        return `<h${level}>${this.#runs(children)}</h${level}>`
      }
      case 'text:p':
        return this.#paragraph(node)
      case 'text:list': {
        const style = attribute(node, 'text:style-name')
        const tag = style === undefined ? list : this.#numbered.has(style) ? 'ol' : 'ul'
        return `<${tag}>${this.blocks(children, tag)}</${tag}>`
      }
      case 'text:list-item':
        return `<li>${children.map((part) => this.#item(part, list)).join('')}</li>`
      case 'table:table':
        return `<table>${this.blocks(children)}</table>`
      case 'table:table-row':
        return `<tr>${this.blocks(children)}</tr>`
      case 'table:table-cell':
        return `<td>${this.blocks(children)}</td>`
      case 'table:table-header-rows':
      case 'text:section':
        return this.blocks(children)
      default:
        return ''
    }
  }

  #item(node: Node, list: string): string {
    return nameOf(node) === 'text:p' ? this.#runs(childrenOf(node)) : this.#block(node, list)
  }

  #paragraph(node: Node): string {
    const name = attribute(node, 'text:style-name') ?? ''
    const style = (this.#parents.get(name) ?? name).toLowerCase()
    const text = this.#styled(name, this.#runs(childrenOf(node)))
    return style === 'title' || style === 'subtitle' ? `<p class="${style}">${text}</p>` : `<p>${text}</p>`
  }

  #styled(name: string, html: string): string {
    return (this.#tags.get(name) ?? []).reduce((inner, tag) => `<${tag}>${inner}</${tag}>`, html)
  }

  #runs(nodes: readonly Node[]): string {
    return nodes.map((node) => this.#run(node)).join('')
  }

  #run(node: Node): string {
    const name = nameOf(node)
    switch (name) {
      case '#text':
        // Blanks beside the first are written as elements; those that are not come from the file's layout.
        return escaped(String(node[name]).replaceAll(/\s+/g, ' '))
      case 'text:span':
        return this.#styled(attribute(node, 'text:style-name') ?? '', this.#runs(childrenOf(node)))
      case 'text:a':
        return `<a href="${escaped(attribute(node, 'xlink:href') ?? '')}">${this.#runs(childrenOf(node))}</a>`
      case 'text:s':
        return '&nbsp;'.repeat(Number(attribute(node, 'text:c') ?? 1))
      case 'text:tab':
        return '&#9;'
      case 'text:line-break':
        return '<br>'
      default:
        return ''
    }
  }
}
