import { HEX } from '../../../shared/universe/random.ts'
import { actor, type SlackCall } from '../caller.ts'
import { conversation } from '../conversations.ts'
import { done, fail, invalidArguments } from '../errors.ts'
import { newFile } from '../files.ts'
import { json, list, text } from '../rules/arguments.ts'
import type { File, Json } from '../tables.ts'
import { operations } from './define.ts'

type Section = NonNullable<File['canvas']>[number]

const markdownOf = (value: unknown): string => {
  const content = json(value) as { type?: unknown; markdown?: unknown } | undefined
  if (content === undefined) return ''
  if (content.type !== 'markdown' || typeof content.markdown !== 'string') {
    throw invalidArguments('must be a valid enum value [json-pointer:/document_content/type]')
  }
  return content.markdown
}

/** Sections of Markdown: paragraphs, headings and lists between blank lines, each with an id to edit it by. */
const sections = (call: SlackCall, markdown: string): Section[] =>
  markdown
    .split(/\n{2,}/)
    .flatMap((block) => block.split(/\n(?=#{1,6}\s)|(?<=^#{1,6}\s[^\n]*)\n/))
    .filter((block) => block.trim() !== '')
    .map((block) => ({ id: `temp:C:${call.random.text(27, HEX)}`, markdown: block }))

function newCanvas(call: SlackCall, title: string | undefined, content: unknown): File {
  return newFile(call, call.caller, {
    name: title ?? 'Untitled',
    title: title ?? 'Untitled',
    size: 0,
    mode: 'quip',
    filetype: 'quip',
    prettyType: 'Canvas',
    mimetype: 'application/vnd.slack-docs',
    uploaded: true,
    completed: true,
    processed: true,
    canvas: sections(call, markdownOf(content)),
    access: [],
  })
}

function canvas(call: SlackCall): File & { canvas: readonly Section[] } {
  const file = call.tables.files.get(String((call.query as { canvas_id?: string }).canvas_id ?? ''))
  if (!file?.canvas) throw fail('canvas_not_found')
  if (file.mode === 'tombstone') throw fail('canvas_deleted')
  const me = actor(call.caller).id
  const isShared = file.access?.some(({ id }) => id === me || call.tables.memberships.has(`${id}:${me}`))
  if (file.user !== me && !isShared) throw fail('canvas_not_found')
  return { ...file, canvas: file.canvas }
}

const isHeading = (section: Section, level?: number): boolean => {
  const marks = /^(#{1,6})\s/.exec(section.markdown)?.[1]?.length
  return marks !== undefined && (level === undefined || marks === level)
}

/** One change of a canvas. A call makes exactly one. */
function edited(call: SlackCall, file: File & { canvas: readonly Section[] }, change: Json): Partial<File> {
  const { operation, section_id: id } = change
  const at = file.canvas.findIndex((section) => section.id === id)
  const added = () => sections(call, markdownOf(change.document_content))
  const before = file.canvas.slice(0, Math.max(0, at))
  const here = file.canvas.slice(Math.max(0, at), at + 1)
  const after = file.canvas.slice(at + 1)
  const needsSection =
    ['insert_after', 'insert_before', 'delete'].includes(String(operation)) ||
    (operation === 'replace' && id !== undefined)
  if (needsSection && at < 0) throw fail('canvas_editing_failed', { detail: 'section not found' })
  switch (operation) {
    case 'insert_at_start':
      return { canvas: [...added(), ...file.canvas] }
    case 'insert_at_end':
      return { canvas: [...file.canvas, ...added()] }
    case 'insert_after':
      return { canvas: [...before, ...here, ...added(), ...after] }
    case 'insert_before':
      return { canvas: [...before, ...added(), ...here, ...after] }
    case 'replace':
      return { canvas: id === undefined ? added() : [...before, ...added(), ...after] }
    case 'delete':
      return { canvas: [...before, ...after] }
    case 'rename': {
      const title = (change.title_content as { markdown?: string } | undefined)?.markdown ?? ''
      return { title, name: title }
    }
    default:
      throw invalidArguments('must be a valid enum value [json-pointer:/changes/0/operation]')
  }
}

function subjects(call: SlackCall): string[] {
  const { channel_ids, user_ids } = call.query as { channel_ids?: string; user_ids?: string }
  const channels = list(channel_ids)
  const users = list(user_ids)
  if (channels.length > 0 === users.length > 0) throw fail('invalid_parameters')
  if (channels.some((id) => !call.tables.conversations.has(id))) throw fail('channel_not_found')
  if (users.some((id) => !call.tables.users.has(id))) throw fail('user_not_found')
  return [...channels, ...users]
}

export const canvases = operations({
  'canvases.create': (call) => {
    const file = newCanvas(call, text(call.query.title), call.query.document_content)
    return done({ canvas_id: file.id })
  },

  'conversations.canvases.create': (call) => {
    const channel = conversation(call, call.query.channel_id)
    if (channel.canvasId) throw fail('channel_canvas_already_exists')
    const file = newCanvas(call, text((call.query as { title?: string }).title), call.query.document_content)
    call.tables.files.replace({ ...file, access: [{ id: channel.id, level: 'write' }] })
    call.tables.conversations.replace({ ...channel, canvasId: file.id })
    return done({ canvas_id: file.id })
  },

  'canvases.edit': (call) => {
    const file = canvas(call)
    const changes = json(call.query.changes)
    if (!Array.isArray(changes)) throw invalidArguments('must provide an array [json-pointer:/changes]')
    if (changes.length > 1) throw invalidArguments('no more than 1 items allowed [json-pointer:/changes]')
    if (changes.length < 1) throw invalidArguments('must provide at least 1 items [json-pointer:/changes]')
    call.tables.files.replace({ ...file, ...edited(call, file, changes[0] as Json) })
    return done()
  },

  'canvases.delete': (call) => {
    const file = canvas(call)
    call.tables.files.replace({ ...file, mode: 'tombstone' })
    return done()
  },

  'canvases.access.set': (call) => {
    const file = canvas(call)
    const level = String(call.query.access_level)
    const ids = subjects(call)
    const others = (file.access ?? []).filter((one) => !ids.includes(one.id))
    call.tables.files.replace({ ...file, access: [...others, ...ids.map((id) => ({ id, level }))] })
    return done()
  },

  'canvases.access.delete': (call) => {
    const file = canvas(call)
    const ids = subjects(call)
    call.tables.files.replace({ ...file, access: (file.access ?? []).filter((one) => !ids.includes(one.id)) })
    return done()
  },

  'canvases.sections.lookup': (call) => {
    const file = canvas(call)
    const { section_types: types = [], contains_text: words } = (json(call.query.criteria) ?? {}) as {
      section_types?: string[]
      contains_text?: string
    }
    const isWanted = (section: Section) =>
      (types.length === 0 ||
        types.some((type) => (type === 'any_header' ? isHeading(section) : isHeading(section, Number(type.at(1)))))) &&
      (words === undefined || section.markdown.toLowerCase().includes(words.toLowerCase()))
    return done({ sections: file.canvas.filter(isWanted).map(({ id }) => ({ id })) })
  },
})
