import type { Part } from '../../../shared/kernel/body.ts'
import { ServiceError } from '../../../shared/kernel/dialect.ts'
import { content, noContent, ok, redirect } from '../../../shared/kernel/reply.ts'
import { type JiraCall, nextId, reader } from '../context.ts'
import { forbidden, notFound, refusal } from '../errors.ts'
import { abbreviated, entriesOf, friendlySize } from '../rules/archive.ts'
import { projectOf, visibleIssue } from '../rules/issues/find.ts'
import { saveIssue } from '../rules/issues/save.ts'
import { mediaTypeOf } from '../rules/media-types.ts'
import { can, canSee } from '../rules/permissions.ts'
import type { Attachment, ChangeItem, Issue } from '../tables.ts'
import { attachmentView } from '../views/issue-parts.ts'
import { operations } from './define.ts'

const UPLOAD_LIMIT = 1_073_741_824

/** The part's own type; a generic one gives way to what the name says. */
function mimeTypeOf({ type, filename = '' }: Part): string {
  const own = type.split(';')[0]?.trim() ?? ''
  const generic = own === '' || own === 'application/octet-stream' || own === 'text/plain'
  return (generic && mediaTypeOf(filename)) || own || 'application/octet-stream'
}

/** Uploads and state changes of forms need `X-Atlassian-Token: no-check`. */
export function checkXsrf(call: JiraCall): void {
  const token = call.request.header('x-atlassian-token')
  if (token === 'no-check' || token === 'nocheck') return
  throw new ServiceError({
    status: 403,
    body: 'XSRF check failed',
    headers: { 'content-type': 'text/html;charset=UTF-8' },
  })
}

function attachmentOf(call: JiraCall, id: string): { attachment: Attachment; issue: Issue } {
  const attachment = call.tables.attachments.get(id)
  const issue = attachment && call.tables.issues.get(attachment.issueId)
  if (!attachment || !issue || !canSee(call, call.caller.user, issue))
    throw notFound(`The attachment with id '${id}' does not exist`)
  return { attachment, issue }
}

const item = (attachment: Attachment, verb: 'add' | 'remove'): ChangeItem => ({
  field: 'Attachment',
  fieldtype: 'jira',
  fieldId: 'attachment',
  from: verb === 'remove' ? attachment.id : null,
  fromString: verb === 'remove' ? attachment.filename : null,
  to: verb === 'add' ? attachment.id : null,
  toString: verb === 'add' ? attachment.filename : null,
})

/** The bytes, or the part of them a Range header asks for. */
function bytesOf(call: JiraCall, attachment: Attachment) {
  const { bytes } = attachment
  const range = /^bytes=(\d*)-(\d*)$/.exec(call.request.header('range') ?? '')
  if (!range) return content(bytes, attachment.mimeType, { 'accept-ranges': 'bytes' })
  const [, first = '', last = ''] = range
  const from = first === '' ? Math.max(0, bytes.length - Number(last)) : Number(first)
  const to = first === '' || last === '' ? bytes.length - 1 : Math.min(Number(last), bytes.length - 1)
  if (from > to || from >= bytes.length) return { status: 416, headers: { 'content-range': `bytes */${bytes.length}` } }
  return {
    status: 206,
    body: bytes.slice(from, to + 1),
    headers: { 'content-type': attachment.mimeType, 'content-range': `bytes ${from}-${to}/${bytes.length}` },
  }
}

/** Content goes by way of the media service: a redirect to a signed address, unless the caller asks for the bytes. */
function served(call: JiraCall, id: string, redirected: boolean | undefined) {
  const { attachment } = attachmentOf(call, id)
  if (redirected === false || call.query.client === 'media') return bytesOf(call, attachment)
  return redirect(call.link(`${call.request.path}?redirect=false&client=media&token=${attachment.mediaId}`), 303)
}

/** A one-pixel picture, where there is no thumbnail to show. */
const PIXEL = Uint8Array.from(Buffer.from('R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAIBRAA7', 'base64'))

export const attachments = operations({
  getAttachmentMeta: () => ok({ enabled: true, uploadLimit: UPLOAD_LIMIT }),

  addAttachment(call) {
    checkXsrf(call)
    const issue = visibleIssue(call, call.params.issueIdOrKey)
    const { user } = call.caller
    if (!can(call, user, 'CREATE_ATTACHMENTS', projectOf(call, issue), issue)) {
      throw forbidden('You do not have permission to create attachments for this issue.')
    }
    const parts = (Array.isArray(call.body) ? (call.body as Part[]) : []).filter((part) => part.name === 'file')
    if (parts.length > 60) throw refusal(413, 'The number of files exceeds the limit of 60.')
    const rows = parts.map((part) =>
      call.tables.attachments.insert({
        id: nextId(call, 'attachment'),
        issueId: issue.id,
        filename: part.filename ?? 'file',
        authorId: user?.accountId ?? null,
        created: call.now,
        mimeType: mimeTypeOf(part),
        bytes: part.bytes,
        mediaId: call.random.uuid(),
      }),
    )
    if (rows.length > 0) saveIssue(call, user, issue, {}, { items: rows.map((row) => item(row, 'add')) })
    for (const row of rows) call.emit({ type: 'attachment_created', attachmentId: row.id })
    return ok(rows.map((row) => attachmentView(reader(call), row)))
  },

  /** By itself an attachment's id is a number; within an issue it is a string (seen live). */
  getAttachment(call) {
    const { attachment } = attachmentOf(call, call.params.id)
    return ok({ ...attachmentView(reader(call), attachment), id: Number(attachment.id) })
  },

  removeAttachment(call) {
    const { attachment, issue } = attachmentOf(call, call.params.id)
    const { user } = call.caller
    const project = projectOf(call, issue)
    const own = attachment.authorId === user?.accountId && can(call, user, 'DELETE_OWN_ATTACHMENTS', project, issue)
    if (!own && !can(call, user, 'DELETE_ALL_ATTACHMENTS', project, issue)) {
      throw forbidden(`You do not have permission to delete attachment with id: ${attachment.id}`)
    }
    call.tables.attachments.remove(attachment.id)
    saveIssue(call, user, issue, {}, { items: [item(attachment, 'remove')] })
    call.emit({ type: 'attachment_deleted', attachmentId: attachment.id })
    return noContent()
  },

  getAttachmentContent: (call) => served(call, call.params.id, call.query.redirect),
  getAttachmentThumbnail(call) {
    const { attachment } = attachmentOf(call, call.params.id)
    if (attachment.mimeType.startsWith('image/')) return served(call, call.params.id, call.query.redirect)
    if (call.query.fallbackToDefault === false) throw notFound('No thumbnail exists for this attachment.')
    return content(PIXEL, 'image/gif')
  },
  expandAttachmentForHumans(call) {
    const { attachment } = attachmentOf(call, call.params.id)
    const entries = entriesOf(attachment.bytes)
    return ok({
      id: Number(attachment.id),
      name: attachment.filename,
      entries: entries.map(({ index, path, mediaType, size }) => ({
        index,
        path,
        label: abbreviated(path),
        mediaType,
        size: friendlySize(size),
      })),
      totalEntryCount: entries.length,
      mediaType: attachment.mimeType,
    })
  },
  expandAttachmentForMachines(call) {
    const entries = entriesOf(attachmentOf(call, call.params.id).attachment.bytes)
    return ok({
      entries: entries.map(({ index, path, mediaType, size }) => ({
        entryIndex: index,
        name: path,
        abbreviatedName: abbreviated(path),
        mediaType,
        size,
      })),
      totalEntryCount: entries.length,
    })
  },
})
