import { XMLParser } from 'fast-xml-parser'

/** An element in document order: its name holds its children, `:@` its attributes. Text is under `#text`. */
export type Node = Readonly<Record<string, unknown>>

const parser = new XMLParser({
  preserveOrder: true,
  ignoreAttributes: false,
  attributeNamePrefix: '',
  trimValues: false,
})

export const parseXml = (xml: string): Node[] => parser.parse(xml) as Node[]

export const nameOf = (node: Node): string => Object.keys(node).find((name) => name !== ':@') ?? ''
export const childrenOf = (node: Node): readonly Node[] => {
  const children = node[nameOf(node)]
  return Array.isArray(children) ? children : []
}
export const attribute = (node: Node | undefined, name: string): string | undefined =>
  (node?.[':@'] as Record<string, string> | undefined)?.[name]
export const child = (nodes: readonly Node[], name: string): Node | undefined =>
  nodes.find((node) => nameOf(node) === name)

/** Children of the first element of a name, wherever it is. */
export function find(nodes: readonly Node[], name: string): readonly Node[] {
  for (const node of nodes) {
    const found = nameOf(node) === name ? childrenOf(node) : find(childrenOf(node), name)
    if (found.length > 0) return found
  }
  return []
}
