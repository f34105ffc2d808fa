import { unicodeToShortNames } from './emoji.ts'

/**
 * Slack's message markup. `& < >` are the only control characters; links, mentions and dates stand in angle brackets.
 *
 * @see https://docs.slack.dev/messaging/formatting-message-text
 */
const CONTROL = /<(?:[@#!][^<>]*|(?:https?:\/\/|mailto:|tel:|slack:\/\/)[^<>]*)>/g
const ENTITY = /&(?:amp|lt|gt);/y
const BARE_LINK = /\bhttps?:\/\/[^\s<>|]+/g
const MAIL = /(?<![\w.+-])[\w.+-]+@[\w-]+(?:\.[\w-]+)*\.[a-z]{2,}\b/gi
const TRAILING = /[.,;:!?'")\]}*_~]+$/

/** Escapes stray control characters; entities and control sequences that are already there stay. */
export function escapeStray(text: string): string {
  return mapPlain(text, escapePlain)
}

function escapePlain(plain: string): string {
  let escaped = ''
  for (let i = 0; i < plain.length; i++) {
    const character = plain[i] as string
    if (character === '<') escaped += '&lt;'
    else if (character === '>') escaped += '&gt;'
    else if (character === '&') {
      ENTITY.lastIndex = i
      escaped += ENTITY.test(plain) ? '&' : '&amp;'
    } else escaped += character
  }
  return escaped
}

/** Applies `change` to what lies between control sequences. */
function mapPlain(text: string, change: (plain: string) => string): string {
  let out = ''
  let end = 0
  for (const match of text.matchAll(CONTROL)) {
    out += change(text.slice(end, match.index)) + match[0]
    end = match.index + match[0].length
  }
  return out + change(text.slice(end))
}

/** Escapes everything: topics, purposes and names have no markup. */
export const escapeAll = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;')

export const unescapeText = (text: string): string =>
  text.replaceAll('&lt;', '<').replaceAll('&gt;', '>').replaceAll('&amp;', '&')

const linkify = (plain: string): string => {
  let out = ''
  let end = 0
  for (const match of plain.matchAll(BARE_LINK)) {
    const link = match[0].replace(TRAILING, '')
    out += `${linkMails(plain.slice(end, match.index))}<${link}>`
    end = match.index + link.length
  }
  return out + linkMails(plain.slice(end))
}
const linkMails = (plain: string): string => plain.replace(MAIL, (mail) => `<mailto:${mail}|${mail}>`)

export interface TextOptions {
  /** `none` leaves links and names alone; `full` links names too. */
  readonly parse?: string
  /** Finds the mention of `@name` or `#name` for `parse=full` and user groups of `link_names`. */
  readonly name?: (sign: '@' | '#', name: string) => string | undefined
}

/** Text of a message as it is stored: short emoji names, escaped, links and mentions in angle brackets. */
export function storedText(text: string, options: TextOptions = {}): string {
  const { parse, name } = options
  return mapPlain(unicodeToShortNames(text), (plain) => {
    const escaped = escapePlain(plain)
    const named = name
      ? escaped.replace(/(^|[\s(])([@#])([\p{L}\p{N}._-]+)/gu, (all, before, sign, word) => {
          const mention = name(sign, word)
          return mention ? `${before}${mention}` : all
        })
      : escaped
    return parse === 'none' ? named : mapPlain(named, linkify)
  })
}

/** One piece of stored text: what stands in angle brackets, or plain text. */
export type Piece =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'user' | 'channel' | 'usergroup'; readonly id: string; readonly label?: string }
  | { readonly kind: 'broadcast'; readonly range: string }
  | { readonly kind: 'link'; readonly url: string; readonly label?: string }
  | {
      readonly kind: 'date'
      readonly epoch: number
      readonly format: string
      readonly url?: string
      readonly fallback: string
    }

/** Splits stored text at its control sequences. */
export function pieces(text: string): Piece[] {
  const list: Piece[] = []
  let end = 0
  for (const match of text.matchAll(CONTROL)) {
    if (match.index > end) list.push({ kind: 'text', text: unescapeText(text.slice(end, match.index)) })
    list.push(control(match[0].slice(1, -1)))
    end = match.index + match[0].length
  }
  if (end < text.length) list.push({ kind: 'text', text: unescapeText(text.slice(end)) })
  return list
}

function control(inner: string): Piece {
  const bar = inner.indexOf('|')
  const head = bar < 0 ? inner : inner.slice(0, bar)
  const label = bar < 0 ? undefined : unescapeText(inner.slice(bar + 1))
  const labelled = label === undefined ? {} : { label }
  if (head.startsWith('@')) return { kind: 'user', id: head.slice(1), ...labelled }
  if (head.startsWith('#')) return { kind: 'channel', id: head.slice(1), ...labelled }
  if (head.startsWith('!subteam^')) return { kind: 'usergroup', id: head.slice(9), ...labelled }
  if (head.startsWith('!date^')) {
    const [epoch = '0', format = '', url] = head.slice(6).split('^')
    return { kind: 'date', epoch: Number(epoch), format, ...(url ? { url } : {}), fallback: label ?? '' }
  }
  if (head.startsWith('!')) return { kind: 'broadcast', range: head.slice(1) }
  return { kind: 'link', url: unescapeText(head), ...labelled }
}

/** User ids a text mentions. */
export const mentionedUsers = (text: string): string[] =>
  pieces(text).flatMap((piece) => (piece.kind === 'user' ? [piece.id] : []))

/** Web addresses a text links to, in order, each once. */
export const linkedUrls = (text: string): string[] => [
  ...new Set(pieces(text).flatMap((piece) => (piece.kind === 'link' && /^https?:/.test(piece.url) ? [piece.url] : []))),
]

/** Reads Markdown (`markdown_text`, streams) as mrkdwn: bold, strike, links and headings are spelled differently. */
export const markdownToMrkdwn = (markdown: string): string =>
  markdown
    .replace(/^#{1,6}\s+(.+)$/gm, '*$1*')
    .replace(/\*\*(.+?)\*\*/g, '*$1*')
    .replace(/__(.+?)__/g, '*$1*')
    .replace(/~~(.+?)~~/g, '~$1~')
    .replace(/!?\[([^\]]+)\]\((https?:[^)\s]+)\)/g, '<$2|$1>')
    .replace(/^[-*]\s+/gm, '• ')
