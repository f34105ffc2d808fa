import { actor, isBot, type SlackCall } from '../caller.ts'
import { conversation } from '../conversations.ts'
import { done, fail } from '../errors.ts'
import { deleteFile, newFile } from '../files.ts'
import { post } from '../messages.ts'
import { limit, list, text } from '../rules/arguments.ts'
import { cursorPage } from '../rules/cursors.ts'
import type { File } from '../tables.ts'
import { fileView } from '../views/files.ts'
import { authorOf, requirePosting } from './chat.ts'
import { operations } from './define.ts'

/** Files that live elsewhere, known to Slack by the app's own id. */
function known(call: SlackCall): File {
  const { file, external_id } = call.query as { file?: string; external_id?: string }
  if (text(file) && text(external_id)) throw fail('too_many_ids')
  if (!text(file) && !text(external_id)) throw fail('invalid_args')
  const row = text(file) ? call.tables.files.get(String(file)) : call.tables.files.by('external', String(external_id))
  if (row?.mode !== 'external') throw fail('file_not_found')
  return row
}

function requireBot(call: SlackCall): void {
  if (!isBot(call.caller)) throw fail('bot_user_required')
}

export const remoteFiles = operations({
  'files.remote.add': (call) => {
    requireBot(call)
    const { query } = call
    const externalId = String(query.external_id)
    if (call.tables.files.by('external', externalId)) throw fail('invalid_external_id')
    const title = String(query.title)
    if (title.trim() === '') throw fail('bad_title')
    const file = newFile(call, call.caller, {
      name: title,
      title,
      size: 0,
      mode: 'external',
      filetype: text(query.filetype) ?? 'remote',
      prettyType: 'Remote',
      mimetype: 'application/vnd.slack-remote',
      externalId,
      externalUrl: String(query.external_url),
      uploaded: true,
      completed: true,
      processed: true,
    })
    return done({ file: fileView(call, file) })
  },

  'files.remote.info': (call) => done({ file: fileView(call, known(call)) }),

  'files.remote.list': (call) => {
    const { query } = call
    const channel = text(query.channel)
    const rows = call.tables.files
      .rows()
      .filter(
        (file) =>
          file.mode === 'external' && (channel === undefined || file.shares.some((share) => share.channel === channel)),
      )
    const page = cursorPage('id', rows, (file) => file.id, limit(query.limit, 100, 1000), query.cursor)
    return done({
      files: page.items.map((file) => fileView(call, file)),
      response_metadata: { next_cursor: page.next },
    })
  },

  'files.remote.update': (call) => {
    requireBot(call)
    const row = known(call)
    const { query } = call
    const title = text(query.title) ?? row.title
    const changed = call.tables.files.replace({
      ...row,
      title,
      name: title,
      filetype: text(query.filetype) ?? row.filetype,
      externalUrl: text(query.external_url) ?? (row.externalUrl as string),
    })
    return done({ file: fileView(call, changed) })
  },

  'files.remote.remove': (call) => {
    requireBot(call)
    const { externalId: _, ...row } = known(call)
    deleteFile(call, row)
    return done()
  },

  'files.remote.share': (call) => {
    const row = known(call)
    const channels = list(call.query.channels).map((id) => conversation(call, id))
    let shared = row
    for (const channel of channels) {
      requirePosting(call, call.caller, channel)
      const message = post(call, channel, { ...authorOf(call.caller, {}), text: '', files: [row.id] } as Parameters<
        typeof post
      >[2])
      shared = call.tables.files.replace({
        ...shared,
        shares: [...shared.shares, { channel: channel.id, ts: message.ts }],
      })
    }
    return done({ file: fileView(call, shared, actor(call.caller).id) })
  },
})
