import type { Incoming } from '../../../shared/kernel/incoming.ts'
import { content, noContent, ok, type Reply } from '../../../shared/kernel/reply.ts'
import { grantsOn } from '../../google/access.ts'
import { callerUser } from '../../google/caller.ts'
import { legacyError } from '../../google/errors.ts'
import { touchFile } from '../../google/files.ts'
import type { File } from '../../google/tables.ts'
import { ensureUser } from '../../google/users.ts'
import { permissionNotFound, revisionNotFound } from '../errors.ts'
import { deleteTree } from '../rules/hierarchy.ts'
import { listFiles } from '../rules/listing.ts'
import { fileFor, fileOf } from '../rules/lookup.ts'
import { grant, revoke } from '../rules/sharing.ts'
import { grantOf } from '../views/permission.ts'
import { v2AboutView, v2Etag, v2FileView, v2Metadata, v2PermissionView, v2Query, v2RevisionView } from '../views/v2.ts'
import { type DriveCall, operations } from './define.ts'
import { download, exportBytes } from './download.ts'
import { applyUpdate, copyFile, create, emptyTrash, update } from './files.ts'
import { cancelUpload, continueUpload } from './uploads.ts'

/** Drive v2, as far as clients in use still speak it, and the verbs of upload sessions. */

type V2Call = DriveCall & { readonly request: Incoming }

/** A file with its etag; a caller that has it already gets 304. */
function answer(call: V2Call, file: File): Reply {
  const etag = v2Etag(file)
  if (call.request.method === 'GET' && call.request.header('if-none-match') === etag)
    return { status: 304, headers: { etag } }
  return ok(v2FileView(call, file), { etag })
}

/** If-Match: the file must be the one the caller knows. */
function checkMatch(call: V2Call, file: File): void {
  const wanted = call.request.header('if-match')
  if (wanted === undefined || wanted === '*' || wanted === v2Etag(file)) return
  throw legacyError({
    code: 412,
    reason: 'conditionNotMet',
    message: 'Precondition Failed',
    location: 'If-Match',
    locationType: 'header',
  })
}

const withEtag = (reply: Reply): Reply => {
  const etag = (reply.body as { etag?: string } | undefined)?.etag
  return etag ? { ...reply, headers: { ...reply.headers, etag } } : reply
}

function updateV2(call: V2Call & { readonly params: { readonly fileId: string }; readonly body: unknown }): Reply {
  checkMatch(call, fileOf(call, call.params.fileId).file)
  return withEtag(update(call, call.params.fileId, 'v2'))
}

const trash = (call: V2Call, fileId: string, trashed: boolean) =>
  answer(call, applyUpdate(call, fileOf(call, fileId), { trashed }, undefined))

function list(call: DriveCall & { readonly query: ListQuery & Record<string, unknown> }): Reply {
  const { q, orderBy, maxResults, pageToken } = call.query
  const { items, nextPageToken } = listFiles(call, {
    q: q && v2Query(q),
    orderBy: orderBy?.replaceAll('Date', 'Time').replaceAll('title', 'name'),
    pageSize: maxResults,
    pageToken,
  })
  return ok({
    kind: 'drive#fileList',
    selfLink: 'https://www.googleapis.com/drive/v2/files',
    incompleteSearch: false,
    ...(nextPageToken && { nextPageToken }),
    items: items.map((file) => v2FileView(call, file)),
  })
}

interface ListQuery {
  readonly q?: string
  readonly orderBy?: string
  readonly maxResults?: number
  readonly pageToken?: string
}

export const v2 = operations({
  'drive.v2.files.list': (call) => list(call),
  'drive.v2.files.insert': (call) => withEtag(create(call, 'v2')),
  'drive.v2.files.get': (call) => {
    const { file, capabilities } = fileOf(call, call.params.fileId)
    return call.query.alt === 'media' ? download(call, file, capabilities) : answer(call, file)
  },
  'drive.v2.files.update': (call) => updateV2(call),
  'drive.v2.files.patch': (call) => updateV2(call),
  'drive.v2.files.delete': (call) => {
    const { file } = fileFor(call, call.params.fileId, 'canDelete')
    checkMatch(call, file)
    deleteTree(call, file)
    return noContent()
  },
  'drive.v2.files.copy': (call) =>
    answer(call, copyFile(call, fileFor(call, call.params.fileId, 'canCopy').file, v2Metadata(call.body))),
  'drive.v2.files.trash': (call) => trash(call, call.params.fileId, true),
  'drive.v2.files.untrash': (call) => trash(call, call.params.fileId, false),
  'drive.v2.files.emptyTrash': (call) => {
    emptyTrash(call)
    return noContent()
  },
  'drive.v2.files.touch': (call) => answer(call, touchFile(call, fileFor(call, call.params.fileId, 'canEdit').file.id)),
  'drive.v2.files.export': (call) => {
    const { file } = fileFor(call, call.params.fileId, 'canDownload')
    const { mimeType = '' } = call.query
    return content(exportBytes(call, file, mimeType), mimeType, { 'content-disposition': 'attachment' })
  },
  'drive.v2.revisions.list': (call) => {
    const { file } = fileFor(call, call.params.fileId, 'canReadRevisions')
    return ok({
      kind: 'drive#revisionList',
      selfLink: `https://www.googleapis.com/drive/v2/files/${file.id}/revisions`,
      items: call.tables.revisions.where('file', file.id).map((revision) => v2RevisionView(call, revision)),
    })
  },
  'drive.v2.revisions.get': (call) => {
    const { file } = fileFor(call, call.params.fileId, 'canReadRevisions')
    const revision = call.tables.revisions.get(`${file.id}/${call.params.revisionId}`)
    if (!revision) throw revisionNotFound(call.params.revisionId)
    return ok(v2RevisionView(call, revision))
  },
  'drive.v2.about.get': (call) => ok(v2AboutView(call)),
  'drive.v2.permissions.getIdForEmail': (call) =>
    ok({ kind: 'drive#permissionId', id: ensureUser(call, call.params.email).id }),
  'drive.v2.permissions.get': (call) => {
    const { file } = fileOf(call, call.params.fileId)
    const id = call.params.permissionId === 'me' ? callerUser(call).id : call.params.permissionId
    const permission = grantOf(call, file, id)
    if (!permission) throw permissionNotFound(id)
    return ok(v2PermissionView(call, file, permission))
  },
  'drive.v2.permissions.list': (call) => {
    const { file } = fileFor(call, call.params.fileId, 'canEdit')
    return ok({
      kind: 'drive#permissionList',
      items: grantsOn(call, file).map((one) => v2PermissionView(call, file, one)),
    })
  },
  'drive.v2.permissions.insert': (call) => {
    const open = fileOf(call, call.params.fileId)
    const { value, role, type, additionalRoles, withLink } = (call.body ?? {}) as Record<string, string | undefined> & {
      additionalRoles?: string[]
      withLink?: boolean
    }
    const created = grant(
      call,
      open,
      {
        type,
        role: additionalRoles?.includes('commenter') ? 'commenter' : role,
        ...(type === 'domain' ? { domain: value } : { emailAddress: value }),
        allowFileDiscovery: type === 'anyone' || type === 'domain' ? !withLink : undefined,
      },
      { transferOwnership: role === 'owner' },
    )
    return ok(v2PermissionView(call, open.file, created))
  },
  'drive.v2.permissions.delete': (call) => {
    const open = fileOf(call, call.params.fileId)
    const id = call.params.permissionId === 'me' ? callerUser(call).id : call.params.permissionId
    const permission = grantOf(call, open.file, id)
    if (!permission) throw permissionNotFound(id)
    revoke(call, open, permission)
    return noContent()
  },

  'drive.uploads.create': (call) => continueUpload(call),
  'drive.uploads.update': (call) => continueUpload(call),
  'drive.uploads.cancelCreate': (call) => cancelUpload(call),
  'drive.uploads.cancelUpdate': (call) => cancelUpload(call),
  'drive.uploads.createV2': (call) => continueUpload(call),
})
