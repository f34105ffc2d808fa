import { emojiUnicode, readEmoji } from './emoji.ts'
import { type Piece, pieces } from './mrkdwn.ts'

/** Rich text as Slack generates it beside the text of every message (recorded for bot posts since 2024). */
export type RichTextElement = Readonly<{ type: string; [member: string]: unknown }>
export type RichTextBlock = Readonly<{ type: 'rich_text'; block_id: string; elements: readonly RichTextElement[] }>

interface Style {
  bold?: true
  italic?: true
  strike?: true
  code?: true
}

const MARKS: Readonly<Record<string, keyof Style>> = { '*': 'bold', _: 'italic', '~': 'strike' }

/** The rich text of a stored text. */
export function richText(text: string, blockId: string): RichTextBlock {
  return { type: 'rich_text', block_id: blockId, elements: text.split('```').flatMap(fenced) }
}

function fenced(part: string, position: number, parts: readonly string[]): RichTextElement[] {
  const isCode = position % 2 === 1 && position < parts.length - 1
  if (isCode) {
    const code = part.replace(/^\n/, '').replace(/\n$/, '')
    return [{ type: 'rich_text_preformatted', elements: plainElements(code, {}), border: 0 }]
  }
  const unclosed = position % 2 === 1 ? `\`\`\`${part}` : part
  const trimmed = position === 0 ? unclosed : unclosed.replace(/^\n/, '')
  return trimmed === '' ? [] : paragraphs(trimmed)
}

type LineKind = 'section' | 'quote' | 'bullet' | 'ordered'

const lineKind = (line: string): LineKind =>
  line.startsWith('&gt;') ? 'quote' : line.startsWith('• ') ? 'bullet' : 'section'

/** Runs of lines of one kind: sections keep their line breaks, quotes and lists are elements of their own. */
function paragraphs(text: string): RichTextElement[] {
  const runs: { kind: LineKind; lines: string[] }[] = []
  for (const line of text.split('\n')) {
    const kind = lineKind(line)
    const last = runs.at(-1)
    if (last?.kind === kind) last.lines.push(line)
    else runs.push({ kind, lines: [line] })
  }
  return runs.map(({ kind, lines }, i) => {
    if (kind === 'quote') {
      return { type: 'rich_text_quote', elements: inline(lines.map((line) => line.replace(/^&gt;\s?/, '')).join('\n')) }
    }
    if (kind === 'bullet') {
      const items = lines.map((line) => ({ type: 'rich_text_section', elements: inline(line.slice(2)) }))
      return { type: 'rich_text_list', elements: items, style: 'bullet', indent: 0, border: 0 }
    }
    // a section that another element follows keeps the break that ended it
    const tail = i < runs.length - 1 ? '\n' : ''
    return { type: 'rich_text_section', elements: inline(lines.join('\n') + tail) }
  })
}

/** Elements of a stretch of text: `code`, *bold*, _italic_, ~strike~, emoji, links and mentions. */
function inline(text: string, style: Style = {}): RichTextElement[] {
  const elements: RichTextElement[] = []
  let plain = ''
  const flush = () => {
    elements.push(...plainElements(plain, style))
    plain = ''
  }
  for (let i = 0; i < text.length; ) {
    const control = text[i] === '<' ? text.indexOf('>', i) : -1
    if (control > 0) {
      plain += text.slice(i, control + 1)
      i = control + 1
      continue
    }
    const span = styled(text, i)
    if (span) {
      flush()
      elements.push(
        ...(span.mark === 'code'
          ? plainElements(span.inner, { ...style, code: true })
          : inline(span.inner, { ...style, [span.mark]: true })),
      )
      i = span.end
    } else plain += text[i++]
  }
  flush()
  return elements
}

function styled(text: string, at: number): { mark: keyof Style; inner: string; end: number } | undefined {
  const character = text[at] as string
  const mark = character === '`' ? 'code' : MARKS[character]
  if (!mark || /[\p{L}\p{N}]/u.test(text[at - 1] ?? ' ')) return undefined
  const end = text.indexOf(character, at + 1)
  if (end < at + 2) return undefined
  const inner = text.slice(at + 1, end)
  const closes = !/[\p{L}\p{N}]/u.test(text[end + 1] ?? ' ')
  if (!closes || inner.includes('\n') || (mark !== 'code' && /^\s|\s$/.test(inner))) return undefined
  return { mark, inner, end: end + 1 }
}

const withStyle = (element: RichTextElement, style: Style): RichTextElement =>
  Object.keys(style).length > 0 ? { ...element, style } : element

const plainElements = (text: string, style: Style): RichTextElement[] =>
  pieces(text).flatMap((piece) => pieceElements(piece, style))

function pieceElements(piece: Piece, style: Style): RichTextElement[] {
  switch (piece.kind) {
    case 'text':
      return style.code ? [withStyle({ type: 'text', text: piece.text }, style)] : emojiElements(piece.text, style)
    case 'user':
      return [withStyle({ type: 'user', user_id: piece.id }, style)]
    case 'channel':
      return [withStyle({ type: 'channel', channel_id: piece.id }, style)]
    case 'usergroup':
      return [withStyle({ type: 'usergroup', usergroup_id: piece.id }, style)]
    case 'broadcast':
      return [withStyle({ type: 'broadcast', range: piece.range }, style)]
    case 'date': {
      const { epoch: timestamp, format, url, fallback } = piece
      return [{ type: 'date', timestamp, format, ...(url ? { url } : {}), fallback }]
    }
    case 'link':
      return [
        withStyle({ type: 'link', url: piece.url, ...(piece.label === undefined ? {} : { text: piece.label }) }, style),
      ]
  }
}

const EMOJI = /:([a-z0-9_+'-]+(?:::skin-tone-[2-6])?):/g

function emojiElements(text: string, style: Style): RichTextElement[] {
  const elements: RichTextElement[] = []
  let end = 0
  for (const match of text.matchAll(EMOJI)) {
    const emoji = readEmoji(match[1] as string, () => false)
    if (!emoji) continue
    if (match.index > end) elements.push(withStyle({ type: 'text', text: text.slice(end, match.index) }, style))
    const unicode = emojiUnicode(emoji)
    elements.push(withStyle({ type: 'emoji', name: emoji.name, ...(unicode ? { unicode } : {}) }, style))
    end = match.index + match[0].length
  }
  if (end < text.length) elements.push(withStyle({ type: 'text', text: text.slice(end) }, style))
  return elements
}

/** The text that stands for blocks when a message has none of its own: notifications, `message.text`. */
export function blocksText(blocks: readonly unknown[]): string {
  return blocks
    .map(blockText)
    .filter((part) => part !== '')
    .join('\n')
}

function blockText(block: unknown): string {
  const { type, text, title, alt_text, fields, elements } = block as Record<string, unknown>
  switch (type) {
    case 'section':
      return [textOf(text), ...(Array.isArray(fields) ? fields.map(textOf) : [])].filter(Boolean).join('\n')
    case 'header':
    case 'markdown':
      return textOf(text)
    case 'context':
      return Array.isArray(elements) ? elements.map(textOf).filter(Boolean).join(' ') : ''
    case 'image':
      return textOf(title) || textOf(alt_text)
    case 'rich_text':
      return Array.isArray(elements) ? elements.map(elementText).join('') : ''
    default:
      return ''
  }
}

const textOf = (value: unknown): string => {
  if (typeof value === 'string') return value
  const inner = (value as { text?: unknown } | undefined)?.text
  return typeof inner === 'string' ? inner : ''
}

/** Rich text back to mrkdwn. */
function elementText(element: unknown): string {
  const { type, elements, ...own } = element as Record<string, unknown>
  if (Array.isArray(elements)) {
    const inner = elements.map(elementText)
    if (type === 'rich_text_list') return inner.map((item) => `• ${item}\n`).join('')
    if (type === 'rich_text_preformatted') return `\`\`\`${inner.join('')}\`\`\``
    return inner.join('')
  }
  switch (type) {
    case 'text':
      return String(own.text ?? '')
        .replaceAll('&', '&amp;')
        .replaceAll('<', '&lt;')
        .replaceAll('>', '&gt;')
    case 'user':
      return `<@${own.user_id}>`
    case 'channel':
      return `<#${own.channel_id}>`
    case 'usergroup':
      return `<!subteam^${own.usergroup_id}>`
    case 'broadcast':
      return `<!${own.range}>`
    case 'emoji':
      return `:${own.name}:`
    case 'link':
      return own.text ? `<${own.url}|${own.text}>` : `<${own.url}>`
    default:
      return ''
  }
}
