import { dateText } from './text.ts'
import type { AdfMark, AdfNode } from './types.ts'

/** A document as HTML: `renderedFields` and `renderedBody`. */
export function toHtml(node: AdfNode | null | undefined): string {
  return node ? (node.content ?? []).map(render).join('\n\n') : ''
}

export const escapeHtml = (value: string): string =>
  value.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;')

const WRAPPERS: Readonly<Record<string, string>> = {
  paragraph: 'p',
  listItem: 'li',
  taskItem: 'li',
  decisionItem: 'li',
  blockquote: 'blockquote',
  tableRow: 'tr',
}

function render(node: AdfNode): string {
  const attrs = node.attrs ?? {}
  const inside = (node.content ?? []).map(render).join('')
  const wrapper = WRAPPERS[node.type]
  if (wrapper) return `<${wrapper}>${inside}</${wrapper}>`
  switch (node.type) {
    case 'text':
      return (node.marks ?? []).reduce(mark, escapeHtml(node.text ?? ''))
    case 'heading':
      return `<h${attrs.level}><a name="${anchor(node)}"></a>${inside}</h${attrs.level}>`
    case 'bulletList':
    case 'taskList':
    case 'decisionList':
      return `<ul>\n${(node.content ?? []).map((item) => `\t${render(item)}`).join('\n')}\n</ul>`
    case 'orderedList':
      return `<ol>\n${(node.content ?? []).map((item) => `\t${render(item)}`).join('\n')}\n</ol>`
    case 'hardBreak':
      return '<br/>\n'
    case 'codeBlock':
      return `<div class="code panel" style="border-width: 1px;"><div class="codeContent panelContent">\n<pre class="code-${attrs.language ?? 'java'}">${inside}</pre>\n</div></div>`
    case 'panel':
      return `<div class="panel" style="border-width: 1px;"><div class="panelContent">\n${inside}\n</div></div>`
    case 'rule':
      return '<hr />'
    case 'table':
      return `<div class='table-wrap'>\n<table class='confluenceTable'><tbody>\n${inside}</tbody></table>\n</div>`
    case 'tableHeader':
      return `<th class='confluenceTh'>${inside}</th>`
    case 'tableCell':
      return `<td class='confluenceTd'>${inside}</td>`
    case 'mention':
      return `<a href="/secure/ViewProfile.jspa?accountId=${encodeURIComponent(String(attrs.id))}" class="user-hover" rel="${escapeHtml(String(attrs.id))}">${escapeHtml(String(attrs.text ?? attrs.id))}</a>`
    case 'emoji':
      return escapeHtml(String(attrs.text ?? attrs.shortName ?? ''))
    case 'status':
      return `<b>[ ${escapeHtml(String(attrs.text))} ]</b>`
    case 'date':
      return dateText(attrs.timestamp)
    case 'inlineCard':
    case 'blockCard':
    case 'embedCard':
      return attrs.url ? link(String(attrs.url), escapeHtml(String(attrs.url))) : ''
    default:
      return inside
  }
}

const anchor = (node: AdfNode): string =>
  (node.content ?? [])
    .map((child) => child.text ?? '')
    .join('')
    .replaceAll(/[^\p{L}\p{N}]/gu, '')

const link = (href: string, label: string) =>
  `<a href="${escapeHtml(href)}" class="external-link" rel="nofollow noreferrer">${label}</a>`

const TAGS: Readonly<Record<string, string>> = { strong: 'b', em: 'em', strike: 'del', underline: 'ins', code: 'tt' }

function mark(inside: string, { type, attrs }: AdfMark): string {
  const tag = TAGS[type]
  if (tag) return `<${tag}>${inside}</${tag}>`
  if (type === 'subsup') return `<${attrs?.type}>${inside}</${attrs?.type}>`
  if (type === 'link') return link(String(attrs?.href), inside)
  if (type === 'textColor') return `<font color="${attrs?.color}">${inside}</font>`
  return inside
}
