import type { AdfNode } from './types.ts'

const BLOCKS = new Set([
  'paragraph',
  'heading',
  'codeBlock',
  'listItem',
  'taskItem',
  'decisionItem',
  'tableRow',
  'rule',
  'blockquote',
  'panel',
])

/** The words of a document, one block a line: what text search reads. */
export function plainText(node: AdfNode | null | undefined): string {
  if (!node) return ''
  return collect(node)
    .replace(/\n{2,}/g, '\n')
    .trim()
}

function collect(node: AdfNode): string {
  const attrs = node.attrs ?? {}
  switch (node.type) {
    case 'text':
      return node.text ?? ''
    case 'hardBreak':
      return '\n'
    case 'mention':
    case 'status':
    case 'placeholder':
      return String(attrs.text ?? attrs.id ?? '')
    case 'emoji':
      return String(attrs.text ?? attrs.shortName ?? '')
    case 'date':
      return dateText(attrs.timestamp)
    case 'inlineCard':
    case 'blockCard':
    case 'embedCard':
      return String(attrs.url ?? '')
    case 'tableCell':
    case 'tableHeader':
      return `${children(node)} `
    default:
      return BLOCKS.has(node.type) ? `${children(node)}\n` : children(node)
  }
}

const children = (node: AdfNode): string => (node.content ?? []).map(collect).join('')

/** `2026-09-25` of a date node's timestamp. */
export const dateText = (timestamp: unknown): string => {
  const at = Number(timestamp)
  return Number.isFinite(at) ? new Date(at).toISOString().slice(0, 10) : ''
}

/** Account ids mentioned in a document. */
export function mentions(node: AdfNode | null | undefined): string[] {
  if (!node) return []
  const own = node.type === 'mention' ? [String(node.attrs?.id)] : []
  return [...own, ...(node.content ?? []).flatMap(mentions)]
}

/** A document with nothing in it. */
export const isEmpty = (node: AdfNode): boolean => {
  if (node.type === 'text') return (node.text ?? '').trim() === ''
  if (node.content === undefined) return node.type === 'paragraph' || node.type === 'hardBreak'
  return node.content.every(isEmpty) && ['doc', 'paragraph', 'heading'].includes(node.type)
}
