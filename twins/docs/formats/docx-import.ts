import { strFromU8, unzipSync } from 'fflate'
import { attribute, child, childrenOf, find, type Node, nameOf, parseXml } from '../../google/xml.ts'
import type { DocumentModel } from '../rules/model/types.ts'
import { escaped } from './html.ts'
import { fromHtml, type ImportIds } from './html-import.ts'

/** Makes a document of a Word file: its headings, paragraphs, lists, tables, links and the common styles of runs. */
export function fromDocx(bytes: Uint8Array, ids: ImportIds): DocumentModel {
  const files = unzipSync(bytes)
  const part = (name: string) => (files[name] ? parseXml(strFromU8(files[name])) : [])
  const reader = new DocxReader(links(part('word/_rels/document.xml.rels')), numberedLists(part('word/numbering.xml')))
  const body = find(part('word/document.xml'), 'w:body')
  return fromHtml(reader.blocks(body), ids)
}

/** Relationship id → address. */
const links = (relationships: readonly Node[]): ReadonlyMap<string, string> =>
  new Map(
    find(relationships, 'Relationships').map((node) => [attribute(node, 'Id') ?? '', attribute(node, 'Target') ?? '']),
  )

/** Ids of the lists whose first level counts. */
function numberedLists(numbering: readonly Node[]): ReadonlySet<string> {
  const nodes = find(numbering, 'w:numbering')
  const counted = new Set(
    nodes
      .filter((node) => nameOf(node) === 'w:abstractNum')
      .filter((node) => attribute(child(find([node], 'w:lvl'), 'w:numFmt'), 'w:val') !== 'bullet')
      .map((node) => attribute(node, 'w:abstractNumId')),
  )
  const lists = nodes.filter((node) => nameOf(node) === 'w:num')
  return new Set(
    lists
      .filter((node) => counted.has(attribute(child(childrenOf(node), 'w:abstractNumId'), 'w:val')))
      .map((node) => attribute(node, 'w:numId') ?? ''),
  )
}

/** Writes a Word body as HTML, which the HTML reader understands. */
class DocxReader {
  readonly #links: ReadonlyMap<string, string>
  readonly #numbered: ReadonlySet<string>

  constructor(links: ReadonlyMap<string, string>, numbered: ReadonlySet<string>) {
    this.#links = links
    this.#numbered = numbered
  }

  blocks(nodes: readonly Node[]): string {
    let html = ''
    const open: string[] = []
    const closeTo = (depth: number) => {
      while (open.length > depth) html += `</li></${open.pop()}>`
    }
    for (const node of nodes) {
      if (nameOf(node) === 'w:tbl') {
        closeTo(0)
        html += this.#table(node)
      }
      if (nameOf(node) !== 'w:p') continue
      const properties = childrenOf(child(childrenOf(node), 'w:pPr') ?? {})
      const list = childrenOf(child(properties, 'w:numPr') ?? {})
      const listId = attribute(child(list, 'w:numId'), 'w:val')
      if (!listId || listId === '0') {
        closeTo(0)
        html += this.#paragraph(node, properties)
        continue
      }
      const level = Number(attribute(child(list, 'w:ilvl'), 'w:val') ?? 0)
      const tag = this.#numbered.has(listId) ? 'ol' : 'ul'
      closeTo(level + 1)
      if (open.length === level + 1) html += '</li>'
      while (open.length < level + 1) {
        open.push(tag)
        html += open.length < level + 1 ? `<${tag}><li>` : `<${tag}>`
      }
      html += `<li>${this.#runs(childrenOf(node))}`
    }
    closeTo(0)
    return html
  }

  #paragraph(node: Node, properties: readonly Node[]): string {
    const style = (attribute(child(properties, 'w:pStyle'), 'w:val') ?? '').toLowerCase()
    const level = /^heading ?([1-6])$/.exec(style)?.[1]
    const text = this.#runs(childrenOf(node))
    if (level) return `<h${level}>${text}</h${level}>`
    return style === 'title' || style === 'subtitle' ? `<p class="${style}">${text}</p>` : `<p>${text}</p>`
  }

  #table(node: Node): string {
    const rows = childrenOf(node).filter((part) => nameOf(part) === 'w:tr')
    const cells = (row: Node) => childrenOf(row).filter((part) => nameOf(part) === 'w:tc')
    return `<table>${rows
      .map(
        (row) =>
          `<tr>${cells(row)
            .map((cell) => `<td>${this.blocks(childrenOf(cell))}</td>`)
            .join('')}</tr>`,
      )
      .join('')}</table>`
  }

  #runs(nodes: readonly Node[]): string {
    return nodes
      .map((node) => {
        if (nameOf(node) === 'w:r') return run(childrenOf(node))
        if (nameOf(node) !== 'w:hyperlink') return ''
        const url = this.#links.get(attribute(node, 'r:id') ?? '')
        const text = this.#runs(childrenOf(node))
        return url ? `<a href="${escaped(url)}">${text}</a>` : text
      })
      .join('')
  }
}

/** Switches of a run and the elements that stand for them. */
const SWITCHES: readonly (readonly [string, string])[] = [['w:b', 'b'], ['w:i', 'i'], ['w:u', 'u'], ['w:strike', 's']] // biome-ignore format: one list

function run(nodes: readonly Node[]): string {
  const properties = childrenOf(child(nodes, 'w:rPr') ?? {})
  const text = nodes
    .map((node) => {
      if (nameOf(node) === 'w:t')
        return escaped(
          childrenOf(node)
            .map((part) => String(part['#text'] ?? ''))
            .join(''),
        )
      if (nameOf(node) === 'w:br') return '<br>'
      return nameOf(node) === 'w:tab' ? '&#9;' : ''
    })
    .join('')
  return SWITCHES.reduce((html, [name, tag]) => {
    const node = child(properties, name)
    const off = ['0', 'false', 'none'].includes(attribute(node, 'w:val') ?? '')
    return node && !off ? `<${tag}>${html}</${tag}>` : html
  }, text)
}
