import { type Document, isNode, type LineCounter } from 'yaml'

/** `file:line:column: field` of a value in a YAML file, or of the nearest thing around it that is there. */
export function placeIn(file: string, document: Document, lines: LineCounter, path: readonly PropertyKey[]): string {
  for (let depth = path.length; depth >= 0; depth--) {
    const node = document.getIn(path.slice(0, depth) as string[], true)
    if (isNode(node) && node.range) {
      const { line, col } = lines.linePos(node.range[0])
      return `${file}:${line}:${col}: ${path.join('.') || 'file'}`
    }
  }
  return `${file}: ${path.join('.') || 'file'}`
}
