import { isVolatile } from '../check/changes.ts'

/** Members that say nothing to a reader: links, pictures, renderings of what is there already. Passwords, too. */
const NOISE =
  /(^|\.)(self|expand|_links|avatarUrls|iconUrl|icons|image_\d+|photoLink|avatarId|blocks|client_msg_id|bot_profile|team|app_id|colorName|watches|votes|workratio|issuerestriction|hierarchyLevel|subtask|projectTypeKey|simplified|accountType|timeZone|locale|inherited|credentials|passwordChanged|(issuetype|resolution)\.description)(\.|$)/

/** Whether a member says nothing to a reader, or changes with any write. */
export const isNoise = (path: string) => NOISE.test(path) || isVolatile(path)

/** Addresses of this machine, and of one universe on it. */
const LOCAL = /https?:\/\/(localhost|127\.0\.0\.1)(:\d+)?(\/u\/[^/"\s]+)?/g
export const withoutAddresses = (text: string) => text.replaceAll(LOCAL, '')

/**
 * A value as its telling scalars by path, at most `limit` of them: what links, pictures and empty members would hide.
 * JSON and forms are read first. `undefined` when nothing is left.
 *
 * @example leaves('{"fields":{"summary":"x","self":"…"}}', 20) // { 'fields.summary': 'x' }
 */
export function leaves(value: unknown, limit: number): Record<string, unknown> | string | number | boolean | undefined {
  const read = typeof value === 'string' ? parsed(value) : value
  if (read === null || read === undefined || read === '') return undefined
  if (typeof read !== 'object') return typeof read === 'string' ? withoutAddresses(read) : (read as number)
  const all = [...walk(read, '')]
  if (all.length === 0) return undefined
  const shown: Record<string, unknown> = Object.fromEntries(all.slice(0, limit))
  if (all.length > limit) shown['…'] = `+${all.length - limit} members`
  return shown
}

function* walk(value: unknown, path: string): Generator<[string, unknown]> {
  if (value === null || value === undefined || value === '') return
  if (isNoise(path)) return
  if (typeof value !== 'object') {
    yield [path, typeof value === 'string' ? withoutAddresses(value) : value]
    return
  }
  for (const [name, member] of Object.entries(value)) yield* walk(member, path === '' ? name : `${path}.${name}`)
}

function parsed(text: string): unknown {
  try {
    return /^\s*[[{]/.test(text) ? (JSON.parse(text) as unknown) : fieldsOf(text)
  } catch {
    return text
  }
}

/** A form's fields, or the text. */
const fieldsOf = (text: string): unknown =>
  /^[\w.%+-]+=[^\s]*$/.test(text) ? Object.fromEntries(new URLSearchParams(text)) : text
