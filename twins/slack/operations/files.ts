import { actor, isAdmin, type SlackCall } from '../caller.ts'
import { conversation } from '../conversations.ts'
import { argumentsOf } from '../dialect.ts'
import { done, fail, invalidArguments, plainText } from '../errors.ts'
import { announce } from '../events.ts'
import { deleteFile, newFile, newTicket, type Sharing, visibleFile } from '../files.ts'
import { newBlockId } from '../ids.ts'
import { json, limit, list, text, whole } from '../rules/arguments.ts'
import { normaliseBlocks } from '../rules/blocks/normalise.ts'
import { readBlocks } from '../rules/content.ts'
import { classicPage } from '../rules/cursors.ts'
import { isOfType, snippetType } from '../rules/fileTypes.ts'
import { storedText } from '../rules/mrkdwn.ts'
import { retirement } from '../rules/retired.ts'
import { richText } from '../rules/richText.ts'
import { parseTimestamp } from '../rules/timestamps.ts'
import type { Conversation, File, Json } from '../tables.ts'
import { canSeeFile, fileView } from '../views/files.ts'
import { authorOf, requirePosting } from './chat.ts'
import { operations } from './define.ts'

const MAX_ALT_TEXT = 1000
const MAX_CHANNELS = 100

interface Completion {
  readonly id: string
  readonly title?: string
}

function completions(value: unknown): Completion[] {
  const parsed = json(value)
  if (!Array.isArray(parsed)) throw invalidArguments('must provide an array [json-pointer:/files]')
  if (parsed.length === 0) throw invalidArguments('must provide at least 1 items [json-pointer:/files]')
  return parsed.map((one: unknown, i) => {
    const { id, title } = (one ?? {}) as Record<string, unknown>
    if (typeof id !== 'string') throw invalidArguments(`missing required field: id [json-pointer:/files/${i}]`)
    return { id, ...(typeof title === 'string' && title !== '' ? { title } : {}) }
  })
}

/** The conversations a completed upload is shared into. */
function shareTargets(call: SlackCall): Conversation[] {
  const { channel_id, channels } = call.query as { channel_id?: string; channels?: string }
  const ids = text(channel_id) === undefined ? list(channels) : [String(channel_id)]
  if (ids.length > MAX_CHANNELS) throw fail('channels_limit_exceeded')
  return ids.map((id) => {
    if (!/^[CDGU]/.test(id)) throw fail('invalid_channel')
    const channel = conversation(call, id)
    requirePosting(call, call.caller, channel)
    return channel
  })
}

export const files = operations({
  /** Gone for everyone since November 2025. */
  'files.upload': () => {
    throw retirement('files.upload')
  },

  'files.getUploadURLExternal': (call) => {
    const { query } = call
    const length = whole(query.length)
    const name = text(query.filename)
    if (!name || !length || Number.isNaN(length) || length < 0) throw fail('missing_argument')
    const altText = text(query.alt_txt)
    if (altText !== undefined && altText.length > MAX_ALT_TEXT) throw fail('alt_txt_too_large')
    const language = text(query.snippet_type)
    const snippet = language === undefined ? undefined : snippetType(language)
    if (language !== undefined && !snippet) throw fail('unknown_snippet_type')
    const ticket = newTicket(call)
    const file = newFile(call, call.caller, {
      name,
      size: length,
      mode: snippet ? 'snippet' : 'hosted',
      ticket,
      ...(altText ? { altText } : {}),
      ...snippet,
    })
    return done({ upload_url: call.link(`/upload/v1/${call.seal(ticket)}`), file_id: file.id })
  },

  /** The upload address: no token, any kind of body, once. */
  upload: (call) => {
    const ticket = call.open(call.params.ticket)
    const file = ticket === undefined ? undefined : call.tables.files.by('ticket', ticket)
    if (!file || file.uploaded) return plainText(404, 'Not Found')
    const bytes = uploadedBytes(call)
    call.tables.contents.put({ id: file.id, bytes })
    call.tables.files.replace({ ...file, uploaded: true, size: bytes.length })
    return { status: 200, body: `OK - ${bytes.length}`, headers: { 'content-type': 'text/plain; charset=utf-8' } }
  },

  'files.completeUploadExternal': (call) => {
    const { query, tables } = call
    const user = actor(call.caller)
    const wanted = completions(query.files)
    const channels = shareTargets(call)
    const comment = storedText(text(query.initial_comment) ?? '')
    const given = readBlocks(query.blocks)
    const rows = wanted.map(({ id, title }) => {
      const file = tables.files.get(id)
      // Bytes that never came are not missed here: the call succeeds and the share never happens.
      if (!file || file.ticket === undefined || file.completed || file.user !== user.id) throw fail('file_not_found')
      announce(call, { type: 'file_created', file_id: id, user_id: user.id, file: { id } })
      return tables.files.replace({ ...file, title: title ?? file.name, completed: true })
    })
    const blocks = given
      ? normaliseBlocks(given, call.random)
      : comment
        ? [richText(comment, newBlockId(call.random))]
        : undefined
    const threadTs = parseTimestamp(query.thread_ts)
    const sharing: Sharing = {
      files: rows.map((file) => file.id),
      channels: channels.map((channel) => channel.id),
      author: authorOf(call.caller, {}) as Json,
      text: comment,
      ...(blocks ? { blocks } : {}),
      ...(threadTs ? { threadTs } : {}),
    }
    call.schedule({ kind: 'shareFiles', at: call.now, payload: sharing })
    return done({
      files: rows.map((file) => ({ ...fileView(call, { ...file, mimetype: '', filetype: '', prettyType: '' }) })),
    })
  },

  'files.info': (call) => {
    const user = actor(call.caller)
    const file = visibleFile(call, call.query.file, user.id)
    return done({ file: fileView(call, file, user.id), comments: [], response_metadata: { next_cursor: '' } })
  },

  'files.list': (call) => {
    const { query, tables } = call
    const me = actor(call.caller)
    const whose = text(query.user)
    if (whose !== undefined && !tables.users.has(whose)) throw fail('user_not_found')
    const types = list(query.types)
    const from = Number(query.ts_from ?? 0)
    const to =
      text(query.ts_to) === undefined || query.ts_to === ('now' as unknown)
        ? Number.POSITIVE_INFINITY
        : Number(query.ts_to)
    const channel = text(query.channel)
    const isWanted = (file: File) =>
      file.completed &&
      file.mode !== 'tombstone' &&
      (whose === undefined || file.user === whose) &&
      (channel === undefined || file.shares.some((share) => share.channel === channel)) &&
      file.created >= from &&
      file.created <= to &&
      (types.length === 0 || types.some((type) => ofType(file, type))) &&
      canSeeFile(call, file, me.id)
    const found = [...tables.files.scan('created', { reverse: true })].filter(isWanted)
    const size = limit(query.count, 100, 1000)
    const { items, paging } = classicPage(found, size, whole(query.page) || 1)
    return done({ files: items.map((file) => fileView(call, file, me.id)), paging })
  },

  'files.delete': (call) => {
    const me = actor(call.caller)
    const file = visibleFile(call, call.query.file, me.id)
    if (file.user !== me.id && !isAdmin(me)) throw fail('cant_delete_file')
    deleteFile(call, file)
    return done()
  },

  'files.sharedPublicURL': (call) => {
    const file = visibleFile(call, call.query.file, actor(call.caller).id)
    if (file.isPublicUrl) throw fail('already_public')
    return done({ file: fileView(call, call.tables.files.replace({ ...file, isPublicUrl: true })) })
  },

  'files.revokePublicURL': (call) => {
    const file = visibleFile(call, call.query.file, actor(call.caller).id)
    return done({ file: fileView(call, call.tables.files.replace({ ...file, isPublicUrl: false })) })
  },

  'files.comments.delete': (call) => {
    visibleFile(call, call.query.file, actor(call.caller).id)
    throw fail('cant_delete')
  },
})

function ofType(file: File, type: string): boolean {
  const verdict = isOfType(file, type)
  if (verdict === undefined) throw fail('unknown_type')
  return verdict
}

/** The bytes of an upload: the body as it is, or the one file (or field) of a multipart form. */
function uploadedBytes(call: SlackCall): Uint8Array {
  if (!/^multipart\//i.test(call.request.header('content-type') ?? '')) return call.request.bytes
  const { files: parts, values } = argumentsOf(call.request, call.operation)
  const [part] = parts.values()
  return part?.bytes ?? new TextEncoder().encode(String(Object.values(values)[0] ?? ''))
}
