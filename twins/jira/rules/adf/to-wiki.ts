import { dateText } from './text.ts'
import type { AdfMark, AdfNode } from './types.ts'

/** A document as the wiki text that version 2 of the API shows. */
export function toWiki(node: AdfNode | null | undefined): string {
  if (!node) return ''
  return blocks(node.content ?? [], '').trimEnd()
}

const LISTS: Readonly<Record<string, string>> = { bulletList: '*', orderedList: '#', taskList: '*', decisionList: '*' }
const PANELS: Readonly<Record<string, string>> = {
  info: '#deebff',
  note: '#eae6ff',
  tip: '#e3fcef',
  success: '#e3fcef',
  warning: '#fffae6',
  error: '#ffebe6',
}

function blocks(nodes: readonly AdfNode[], list: string): string {
  return nodes.map((node) => block(node, list)).join('\n\n')
}

function block(node: AdfNode, list: string): string {
  const attrs = node.attrs ?? {}
  const content = node.content ?? []
  switch (node.type) {
    case 'paragraph':
    case 'caption':
      return inline(content)
    case 'heading':
      return `h${attrs.level}. ${inline(content)}`
    case 'bulletList':
    case 'orderedList':
    case 'taskList':
    case 'decisionList':
      return content.map((item) => listItem(item, list + LISTS[node.type])).join('\n')
    case 'codeBlock': {
      const code = content.map((child) => child.text ?? '').join('')
      return attrs.language ? `{code:${attrs.language}}${code}{code}` : `{noformat}${code}{noformat}`
    }
    case 'blockquote':
      return `{quote}${blocks(content, '')}{quote}`
    case 'panel':
      return `{panel:bgColor=${attrs.panelColor ?? PANELS[String(attrs.panelType)] ?? '#deebff'}}\n${blocks(content, '')}\n{panel}`
    case 'rule':
      return '----'
    case 'table':
      return content.map(tableRow).join('\n')
    case 'mediaSingle':
    case 'mediaGroup':
      return content.map((child) => (child.type === 'media' ? media(child) : block(child, ''))).join('\n')
    case 'blockCard':
    case 'embedCard':
      return attrs.url ? `[${attrs.url}]` : ''
    case 'expand':
    case 'nestedExpand':
      return [attrs.title && `*${attrs.title}*`, blocks(content, '')].filter(Boolean).join('\n\n')
    default:
      return content.length > 0 ? blocks(content, list) : ''
  }
}

function listItem(item: AdfNode, prefix: string): string {
  if (item.type in LISTS) return block(item, prefix)
  if (item.type === 'taskItem' || item.type === 'decisionItem') return `${prefix} ${inline(item.content ?? [])}`
  const lines: string[] = []
  for (const child of item.content ?? []) {
    if (child.type in LISTS) lines.push(block(child, prefix))
    else lines.push(lines.length === 0 ? `${prefix} ${block(child, '')}` : block(child, ''))
  }
  return lines.join('\n')
}

function tableRow(row: AdfNode): string {
  const cells = row.content ?? []
  const text = cells.map((cell) => {
    const bar = cell.type === 'tableHeader' ? '||' : '|'
    return `${bar}${blocks(cell.content ?? [], '').replaceAll('\n\n', '\n') || ' '}`
  })
  return `${text.join('')}${cells.at(-1)?.type === 'tableHeader' ? '||' : '|'}`
}

function media(node: AdfNode): string {
  const attrs = node.attrs ?? {}
  const size = [attrs.width && `width=${attrs.width}`, attrs.height && `height=${attrs.height}`]
    .filter(Boolean)
    .join(',')
  return `!${attrs.url ?? attrs.alt ?? attrs.id}${size && `|${size}`}!`
}

function inline(nodes: readonly AdfNode[]): string {
  return nodes.map(inlineNode).join('')
}

function inlineNode(node: AdfNode): string {
  const attrs = node.attrs ?? {}
  switch (node.type) {
    case 'text':
      return marked(node.text ?? '', node.marks ?? [])
    case 'hardBreak':
      return '\n'
    case 'mention':
      return `[~accountid:${attrs.id}]`
    case 'emoji':
      return String(attrs.text ?? attrs.shortName ?? '')
    case 'status':
      return `*[ ${attrs.text} ]*`
    case 'date':
      return dateText(attrs.timestamp)
    case 'inlineCard':
      return attrs.url ? `[${attrs.url}|${attrs.url}|smart-link]` : ''
    case 'mediaInline':
      return media(node)
    default:
      return inline(node.content ?? [])
  }
}

const WRAPS: Readonly<Record<string, readonly [string, string]>> = {
  strong: ['*', '*'],
  em: ['_', '_'],
  strike: ['-', '-'],
  underline: ['+', '+'],
  code: ['{{', '}}'],
}

/** Marks wrap the words, not the blanks around them: `*bold *` is no bold in wiki text. */
function marked(value: string, marks: readonly AdfMark[]): string {
  if (marks.length === 0) return value
  const [, before = '', words = '', after = ''] = /^(\s*)([\s\S]*?)(\s*)$/.exec(value) ?? []
  if (words === '') return value
  let out = words
  for (const mark of marks) {
    const wrap = WRAPS[mark.type]
    if (wrap) out = wrap[0] + out + wrap[1]
    else if (mark.type === 'subsup') out = mark.attrs?.type === 'sub' ? `~${out}~` : `^${out}^`
    else if (mark.type === 'textColor') out = `{color:${mark.attrs?.color}}${out}{color}`
  }
  const link = marks.find((mark) => mark.type === 'link')
  if (link) out = words === link.attrs?.href ? `[${out}]` : `[${out}|${link.attrs?.href}]`
  return before + out + after
}
