import { inlineNodes } from './from-wiki-inline.ts'
import { NODES } from './schema.ts'
import { type AdfDocument, type AdfNode, doc, paragraph, text } from './types.ts'

/**
 * Wiki text, as version 2 of the API takes it, as a document.
 *
 * @example fromWiki('h2. Plan\n\n* one') // a heading and a bullet list
 */
export function fromWiki(wiki: string): AdfDocument {
  return doc(...parseBlocks(wiki.replaceAll('\r\n', '\n').split('\n')))
}

const FENCE = /^\s*\{(code|noformat|quote|panel)(?::([^}]*))?\}/
const LIST = /^\s*([*#]+|-)\s+(.*)$/
const HEADING = /^\s*h([1-6])\.\s+(.*)$/
const PANEL_TYPES: Readonly<Record<string, string>> = {
  '#deebff': 'info',
  '#eae6ff': 'note',
  '#e3fcef': 'success',
  '#fffae6': 'warning',
  '#ffebe6': 'error',
}

function parseBlocks(lines: readonly string[]): AdfNode[] {
  const nodes: AdfNode[] = []
  let at = 0
  while (at < lines.length) {
    const line = lines[at] as string
    if (line.trim() === '') {
      at++
      continue
    }
    const taken = fenced(lines, at) ?? listBlock(lines, at) ?? table(lines, at) ?? single(line)
    if (taken) {
      nodes.push(taken.node)
      at += taken.lines
      continue
    }
    const start = at
    do at++
    while (at < lines.length && (lines[at] as string).trim() !== '' && !startsBlock(lines[at] as string))
    nodes.push(paragraph(...inlineNodes(lines.slice(start, at).join('\n'))))
  }
  return nodes
}

const startsBlock = (line: string) =>
  FENCE.test(line) ||
  LIST.test(line) ||
  HEADING.test(line) ||
  /^\s*\|/.test(line) ||
  /^\s*-{4,}\s*$/.test(line) ||
  /^\s*bq\.\s/.test(line)

interface Taken {
  readonly node: AdfNode
  readonly lines: number
}

function single(line: string): Taken | undefined {
  const heading = HEADING.exec(line)
  if (heading) {
    return {
      node: { type: 'heading', attrs: { level: Number(heading[1]) }, content: inlineNodes(heading[2] as string) },
      lines: 1,
    }
  }
  if (/^\s*-{4,}\s*$/.test(line)) return { node: { type: 'rule' }, lines: 1 }
  const quote = /^\s*bq\.\s+(.*)$/.exec(line)
  if (quote) return { node: { type: 'blockquote', content: [paragraph(...inlineNodes(quote[1] as string))] }, lines: 1 }
  return undefined
}

/** `{code:java}…{code}` and its kin, over one line or many. */
function fenced(lines: readonly string[], at: number): Taken | undefined {
  const open = FENCE.exec(lines[at] as string)
  if (!open) return undefined
  const [head, name, parameters = ''] = open as unknown as [string, string, string | undefined]
  const close = `{${name}}`
  const inside: string[] = []
  let rest = (lines[at] as string).slice(head.length)
  let used = 1
  while (!rest.includes(close)) {
    inside.push(rest)
    if (at + used >= lines.length) break
    rest = lines[at + used++] as string
  }
  if (rest.includes(close)) inside.push(rest.slice(0, rest.indexOf(close)))
  return { node: fencedNode(name, parameters, trimBlank(inside)), lines: used }
}

function trimBlank(lines: readonly string[]): readonly string[] {
  let from = 0
  let to = lines.length
  while (from < to && (lines[from] as string).trim() === '') from++
  while (to > from && (lines[to - 1] as string).trim() === '') to--
  return lines.slice(from, to)
}

function fencedNode(name: string, parameters: string, lines: readonly string[]): AdfNode {
  if (name === 'code' || name === 'noformat') {
    const [first = ''] = parameters.split('|')
    const language = name === 'code' && first && !first.includes('=') ? first : undefined
    const code = lines.join('\n')
    return { type: 'codeBlock', ...(language && { attrs: { language } }), ...(code && { content: [text(code)] }) }
  }
  const content = parseBlocks(lines).flatMap((node) => fitting(node, name === 'quote' ? 'blockquote' : 'panel'))
  const filled = content.length > 0 ? content : [paragraph()]
  if (name === 'quote') return { type: 'blockquote', content: filled }
  const background = /bgColor=(#[0-9a-fA-F]{6})/.exec(parameters)?.[1]?.toLowerCase() ?? ''
  const title = /title=([^|]*)/.exec(parameters)?.[1]
  const heading = title ? [paragraph(text(title, [{ type: 'strong' }]))] : []
  return { type: 'panel', attrs: { panelType: PANEL_TYPES[background] ?? 'info' }, content: [...heading, ...filled] }
}

/** A node as its container may hold it: what may not nest gives way to the paragraphs within. */
function fitting(node: AdfNode, container: string): AdfNode[] {
  if (NODES[container]?.content?.includes(node.type)) return [node]
  if (node.type === 'heading') return [paragraph(...(node.content ?? []))]
  return (node.content ?? []).flatMap((child) => fitting(child, container))
}

function listBlock(lines: readonly string[], at: number): Taken | undefined {
  let used = 0
  const items: { marker: string; text: string }[] = []
  while (at + used < lines.length) {
    const match = LIST.exec(lines[at + used] as string)
    if (!match) break
    items.push({ marker: match[1] === '-' ? '*' : (match[1] as string), text: match[2] as string })
    used++
  }
  return used > 0 ? { node: nest(items, 1), lines: used } : undefined
}

/** Consecutive items of one kind at `depth`; deeper items nest below the one before them. */
function nest(items: readonly { marker: string; text: string }[], depth: number): AdfNode {
  const kind = (items[0]?.marker[depth - 1] ?? '*') === '#' ? 'orderedList' : 'bulletList'
  const content: AdfNode[] = []
  let at = 0
  while (at < items.length) {
    const item = items[at] as { marker: string; text: string }
    const own = item.marker.length <= depth
    const parts: AdfNode[] = own ? [paragraph(...inlineNodes(item.text))] : [paragraph()]
    if (own) at++
    const deeper = at
    while (at < items.length && (items[at] as { marker: string }).marker.length > depth) at++
    if (at > deeper) parts.push(nest(items.slice(deeper, at), depth + 1))
    content.push({ type: 'listItem', content: parts })
  }
  return { type: kind, ...(kind === 'orderedList' && { attrs: { order: 1 } }), content }
}

function table(lines: readonly string[], at: number): Taken | undefined {
  const rows: AdfNode[] = []
  while (at + rows.length < lines.length && /^\s*\|/.test(lines[at + rows.length] as string)) {
    rows.push(tableRow((lines[at + rows.length] as string).trim()))
  }
  if (rows.length === 0) return undefined
  return {
    node: { type: 'table', attrs: { isNumberColumnEnabled: false, layout: 'default' }, content: rows },
    lines: rows.length,
  }
}

function tableRow(line: string): AdfNode {
  const cells: AdfNode[] = []
  // A bar inside a link or a macro is no cell border.
  for (const [, bar, value = ''] of line.matchAll(/(\|\|?)((?:\[[^\]]*\]|\{[^}]*\}|[^|])*)/g)) {
    if (value === '') continue
    cells.push({
      type: bar === '||' ? 'tableHeader' : 'tableCell',
      attrs: {},
      content: [paragraph(...inlineNodes(value.trim()))],
    })
  }
  return { type: 'tableRow', content: cells }
}
