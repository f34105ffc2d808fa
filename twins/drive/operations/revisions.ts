import { noContent, ok } from '../../../shared/kernel/reply.ts'
import { isEditorType } from '../../google/ids.ts'
import type { Revision } from '../../google/tables.ts'
import {
  cannotDownloadFile,
  fileNotDownloadable,
  insufficientFilePermissions,
  invalidBody,
  revisionNotFound,
} from '../errors.ts'
import { fileOf, type OpenFile } from '../rules/lookup.ts'
import { pageByOrder } from '../rules/paging.ts'
import { revisionView } from '../views/revision.ts'
import { type DriveCall, operations } from './define.ts'
import { bytesReply } from './download.ts'

/** At most this many revisions of a file are kept forever. */
const MOST_KEPT = 200

function revisionOf(
  call: DriveCall & { params: { fileId: string; revisionId: string } },
): OpenFile & { revision: Revision } {
  const open = fileOf(call, call.params.fileId)
  if (!open.capabilities.canReadRevisions) throw insufficientFilePermissions()
  const { revisionId } = call.params
  const id = revisionId === 'head' ? headOf(call, open) : revisionId
  const revision = call.tables.revisions.get(`${open.file.id}/${id}`)
  if (!revision) throw revisionNotFound(revisionId)
  return { ...open, revision }
}

const headOf = (call: DriveCall, { file }: OpenFile) =>
  call.tables.revisions.scan('file', { prefix: file.id, reverse: true }).next().value?.id ?? ''

export const revisions = operations({
  'drive.revisions.list': (call) => {
    const { file, capabilities } = fileOf(call, call.params.fileId)
    if (!capabilities.canReadRevisions) throw insufficientFilePermissions()
    const { pageSize = 200, pageToken } = call.query
    const { items, nextPageToken } = pageByOrder(
      call.tables.revisions.where('file', file.id),
      pageSize,
      pageToken,
      file.id,
    )
    return ok({
      kind: 'drive#revisionList',
      revisions: items.map((revision) => revisionView(call, revision)),
      ...(nextPageToken && { nextPageToken }),
    })
  },

  'drive.revisions.get': (call) => {
    const { revision, capabilities } = revisionOf(call)
    if (call.query.alt !== 'media') return ok(revisionView(call, revision))
    if (!revision.blob) throw fileNotDownloadable()
    if (!capabilities.canDownload) throw cannotDownloadFile()
    return bytesReply(call, revision.blob, revision.mimeType)
  },

  'drive.revisions.update': (call) => {
    const { revision, file, capabilities } = revisionOf(call)
    if (!capabilities.canEdit) throw insufficientFilePermissions()
    const { keepForever, published, publishAuto, publishedOutsideDomain } = call.body ?? {}
    const editor = isEditorType(file.mimeType)
    if (keepForever !== undefined && editor)
      throw invalidBody('Editors files keep their revisions; keepForever does not apply to them.')
    if (keepForever && !revision.keepForever) {
      const kept = call.tables.revisions.where('file', file.id).filter((other) => other.keepForever).length
      if (kept >= MOST_KEPT) throw invalidBody('Too many revisions of this file are kept forever.')
    }
    const changed = call.tables.revisions.replace({
      ...revision,
      ...(keepForever !== undefined && { keepForever }),
      ...(editor && published !== undefined && { published }),
      ...(editor && publishAuto !== undefined && { publishAuto }),
      ...(editor && publishedOutsideDomain !== undefined && { publishedOutsideDomain }),
    })
    return ok(revisionView(call, changed))
  },

  // The head stays, and so do the revisions of editors files.
  'drive.revisions.delete': (call) => {
    const { revision, file, capabilities } = revisionOf(call)
    if (!capabilities.canEdit || isEditorType(file.mimeType)) throw insufficientFilePermissions()
    if (revision.id === file.headRevisionId) throw invalidBody('The head revision of a file cannot be deleted.')
    call.tables.revisions.remove(`${file.id}/${revision.id}`)
    return noContent()
  },
})
