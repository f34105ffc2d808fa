import { BASE62, HEX } from '../../shared/universe/random.ts'
import { type Caller, isBot, type SlackMoment } from './caller.ts'
import { fail } from './errors.ts'
import { announce } from './events.ts'
import { newId, seconds } from './ids.ts'
import { post } from './messages.ts'
import { fileType } from './rules/fileTypes.ts'
import type { Conversation, File, Json } from './tables.ts'
import { canSeeFile } from './views/files.ts'

/** Rows of files: reserved, uploaded, completed, shared. */

export function newFile(
  moment: SlackMoment,
  caller: Caller,
  row: Pick<File, 'name' | 'size' | 'mode'> & Partial<File>,
): File {
  const user = caller.user?.id ?? ''
  return moment.tables.files.insert({
    id: newId(moment.random, 'file'),
    user,
    ...(isBot(caller) && caller.token?.botId ? { botId: caller.token.botId } : {}),
    title: row.name,
    created: seconds(moment.now),
    mimetype: '',
    filetype: '',
    prettyType: '',
    uploaded: false,
    completed: false,
    processed: false,
    publicSecret: moment.random.text(10, HEX),
    isPublicUrl: false,
    shares: [],
    ...row,
  })
}

/** The opaque part of an upload address. */
export const newTicket = (moment: SlackMoment): string => `CwABAAAAW${moment.random.text(120, `${BASE62}-_`)}`

/** A completed file the caller may see. */
export function visibleFile(moment: SlackMoment, id: unknown, user: string | undefined): File {
  const file = moment.tables.files.get(String(id ?? ''))
  if (!file?.completed) throw fail('file_not_found')
  if (file.mode === 'tombstone') throw fail('file_deleted')
  if (!canSeeFile(moment, file, user)) throw fail('file_not_found')
  return file
}

/** What completing leaves to do: find out the type, post the sharing message. Slack does it a moment later. */
export interface Sharing {
  readonly files: readonly string[]
  readonly channels: readonly string[]
  readonly threadTs?: string
  readonly author: Json
  readonly text: string
  readonly blocks?: readonly Json[]
}

/** Job: processes uploads and shares them with one message per conversation. */
export function shareFiles(moment: SlackMoment, { files, channels, threadTs, author, text, blocks }: Sharing): void {
  const rows = files.flatMap((id) => {
    const file = moment.tables.files.get(id)
    if (!file?.uploaded || file.mode === 'tombstone') return []
    const type = file.filetype === '' ? fileType(file.name) : {}
    return [moment.tables.files.replace({ ...file, ...type, processed: true })]
  })
  for (const id of channels) {
    const channel = moment.tables.conversations.get(id)
    if (channel && !channel.archived && rows.length > 0)
      shareInto(moment, channel, rows, { threadTs, author, text, blocks })
  }
}

function shareInto(
  moment: SlackMoment,
  channel: Conversation,
  files: readonly File[],
  {
    threadTs,
    author,
    text,
    blocks,
  }: { threadTs: string | undefined; author: Json; text: string; blocks: readonly Json[] | undefined },
): void {
  const row = post(moment, channel, {
    ...author,
    subtype: 'file_share',
    text,
    ...(blocks ? { blocks } : {}),
    ...(threadTs ? { threadTs } : {}),
    files: files.map((file) => file.id),
  })
  for (const { id } of files) {
    const file = moment.tables.files.get(id) as File
    moment.tables.files.replace({ ...file, shares: [...file.shares, { channel: channel.id, ts: row.ts }] })
    const event = { file_id: id, user_id: file.user, file: { id } }
    announce(moment, { type: 'file_shared', channel_id: channel.id, ...event }, { channel: channel.id })
    if (channel.kind === 'public' && file.shares.length === 0) announce(moment, { type: 'file_public', ...event })
  }
}

export function deleteFile(moment: SlackMoment, file: File): void {
  moment.tables.files.replace({ ...file, mode: 'tombstone' })
  moment.tables.contents.remove(file.id)
  announce(moment, { type: 'file_deleted', file_id: file.id, user_id: file.user })
}
