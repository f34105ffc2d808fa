import type { Incoming } from '../../../shared/kernel/incoming.ts'
import { noContent, ok, type Reply } from '../../../shared/kernel/reply.ts'
import { isTrashed } from '../../google/access.ts'
import { callerUser } from '../../google/caller.ts'
import { changeFile, patchViewing } from '../../google/files.ts'
import { FOLDER, isAppsType, newFileId, SHORTCUT } from '../../google/ids.ts'
import type { File } from '../../google/tables.ts'
import { contentTypeOf } from '../../google/types.ts'
import { UPLOAD } from '../dialect.ts'
import {
  cannotCopyFile,
  contentRestricted,
  insufficientDrivePermissions,
  insufficientFilePermissions,
  invalidParameter,
  invalidValue,
  parentsNotWritable,
} from '../errors.ts'
import { type ContentOptions, makeFile, personalChanges, replaceContent } from '../rules/content.ts'
import { deleteTree, move } from '../rules/hierarchy.ts'
import { listFiles } from '../rules/listing.ts'
import { fileFor, fileOf, isOrganizer, type OpenFile, sharedDriveOf } from '../rules/lookup.ts'
import { checkUpdate, type FileMetadata, rowChanges } from '../rules/metadata.ts'
import { type Media, readUpload } from '../rules/upload.ts'
import { type FileOptions, fileView } from '../views/file.ts'
import { VERSIONS, type VersionName } from '../views/versions.ts'
import { type DriveCall, operations } from './define.ts'
import { download } from './download.ts'
import { continueUpload, startUpload } from './uploads.ts'

type UploadCall = DriveCall & {
  readonly request: Incoming
  readonly body: unknown
  readonly query: ContentOptions & FileOptions
}

export const files = operations({
  'drive.files.list': (call) => {
    const { query } = call
    const { items, nextPageToken } = listFiles(call, query)
    return ok({
      kind: 'drive#fileList',
      incompleteSearch: false,
      files: items.map((file) => fileView(call, file, query)),
      ...(nextPageToken && { nextPageToken }),
    })
  },

  'drive.files.get': (call) => {
    const { file, capabilities } = fileOf(call, call.params.fileId)
    if (call.query.alt === 'media') return download(call, file, capabilities)
    return ok(fileView(call, file, call.query))
  },

  'drive.files.create': (call) => create(call, 'v3'),
  'drive.files.update': (call) => update(call, call.params.fileId, 'v3'),

  'drive.files.copy': (call) => {
    const { file, capabilities } = fileOf(call, call.params.fileId)
    if (file.mimeType === FOLDER || file.mimeType === SHORTCUT || !capabilities.canCopy) throw cannotCopyFile()
    return ok(fileView(call, copyFile(call, file, call.body as FileMetadata | undefined), call.query))
  },

  'drive.files.delete': (call) => {
    const { file } = fileFor(call, call.params.fileId, 'canDelete')
    deleteTree(call, file)
    return noContent()
  },

  'drive.files.emptyTrash': (call) => {
    emptyTrash(call, call.query.driveId)
    return noContent()
  },

  'drive.files.generateIds': (call) => {
    const { count = 10, space = 'drive', type = 'files' } = call.query
    if (count < 1 || count > 1000) {
      throw invalidParameter('count', `Invalid value '${count}'. Values must be within the range: [1, 1000]`)
    }
    if (space !== 'drive' && space !== 'appDataFolder') throw invalidValue('space')
    if (type !== 'files' && type !== 'shortcuts') throw invalidValue('type')
    const ids = Array.from({ length: count }, () => newFileId(call.random, type))
    for (const id of ids) call.tables.generatedIds.insert({ id, space })
    return ok({ kind: 'drive#generatedIds', space, ids })
  },
})

/** Deletes what the caller trashed: their own files, or a shared drive's. */
export function emptyTrash(call: DriveCall, driveId?: string): void {
  const { files } = call.tables
  if (driveId !== undefined && !isOrganizer(sharedDriveOf(call, driveId).role)) throw insufficientDrivePermissions()
  const pool = driveId === undefined ? files.where('owner', callerUser(call).id) : files.where('drive', driveId)
  for (const file of pool) if (file.trashed && files.has(file.id)) deleteTree(call, file)
}

/** files.create of either version: metadata alone, an upload, or the start of a resumable one. */
export function create(call: UploadCall, version: VersionName): Reply {
  const { metadata, view } = VERSIONS[version]
  const answer = (file: File) => ok(view(call, file, call.query))
  if (!UPLOAD.test(call.request.path)) return answer(makeFile(call, metadata(call.body), undefined, call.query))
  if (call.request.search.includes('upload_id=')) return continueUpload(call)
  const upload = readUpload(call.request)
  if (upload.kind === 'resumable') return startUpload(call, upload, version)
  return answer(makeFile(call, metadata(upload.metadata), upload.media, call.query))
}

/** files.update of either version. */
export function update(call: UploadCall, fileId: string, version: VersionName): Reply {
  const { metadata, view } = VERSIONS[version]
  const answer = (file: File) => ok(view(call, file, call.query))
  const open = fileOf(call, fileId)
  if (!UPLOAD.test(call.request.path)) return answer(applyUpdate(call, open, metadata(call.body), undefined))
  if (call.request.search.includes('upload_id=')) return continueUpload(call)
  const upload = readUpload(call.request)
  if (upload.kind === 'resumable') return startUpload(call, upload, version, open.file.id)
  return answer(applyUpdate(call, open, metadata(upload.metadata), upload.media))
}

/** Metadata members whose change counts as a modification of the file. */
const MODIFYING = ['name', 'description', 'properties', 'appProperties', 'mimeType'] as const

/** Applies metadata, content, trashing and a move, in one step. */
export function applyUpdate(
  call: DriveCall & { readonly query: ContentOptions & { addParents?: string; removeParents?: string } },
  { file, capabilities }: OpenFile,
  metadata: FileMetadata,
  media: Media | undefined,
): File {
  const { parents, ...rest } = metadata
  if (parents && !(parents.length === 1 && parents[0] === file.parentId)) throw parentsNotWritable()
  checkUpdate(rest, file, capabilities, fileView(call, file) as FileMetadata)
  if (media) {
    if (file.contentRestrictions?.some(({ readOnly }) => readOnly)) throw contentRestricted()
    if (!capabilities.canModifyContent) throw insufficientFilePermissions()
    replaceContent(call, file, media, rest, call.query)
  } else applyMetadata(call, file, rest)
  personalChanges(call, file.id, rest)
  if (rest.trashed !== undefined) trash(call, file, rest.trashed)
  const { addParents, removeParents } = call.query
  if (addParents || removeParents) move(call, call.tables.files.get(file.id) as File, addParents, removeParents)
  return call.tables.files.get(file.id) as File
}

function applyMetadata(call: DriveCall, file: File, metadata: FileMetadata): void {
  const changes = rowChanges(call, metadata, file)
  const blobType =
    metadata.mimeType !== undefined && !isAppsType(file.mimeType) && !isAppsType(metadata.mimeType)
      ? { mimeType: metadata.mimeType }
      : {}
  const all = { ...changes, ...blobType }
  if (Object.keys(all).length === 0) return
  const modifies = MODIFYING.some((name) => metadata[name] !== undefined)
  if (modifies && changes.modifiedTime === undefined) {
    const { user } = call.caller
    changeFile(call, file.id, { ...all, modifiedTime: call.now, ...(user && { lastModifyingUserId: user.id }) })
    if (user) patchViewing(call, file.id, user.id, { modifiedByMeTime: call.now })
  } else changeFile(call, file.id, all)
}

function trash(call: DriveCall, file: File, trashed: boolean): void {
  if (trashed === isTrashed(call, file) && trashed === (file.trashed !== undefined)) return
  const { trashed: _before, ...rest } = call.tables.files.get(file.id) as File
  const after = trashed ? { ...rest, trashed: { at: call.now, by: callerUser(call).id } } : rest
  call.tables.files.replace(after)
  changeFile(call, file.id, {}, [trashed ? 'trash' : 'untrash'])
}

/** A copy: its own content, the caller's, beside the original when the caller may write there. */
export function copyFile(call: DriveCall, file: File, metadata: FileMetadata = {}): File {
  const parents = metadata.parents ?? defaultParents(call, file)
  const { mimeType = file.mimeType } = metadata
  const given: FileMetadata = {
    ...(file.description !== undefined && { description: file.description }),
    ...(file.properties && { properties: file.properties }),
    ...(file.folderColorRgb && { folderColorRgb: file.folderColorRgb }),
    ...(file.copyRequiresWriterPermission && { copyRequiresWriterPermission: true }),
    ...metadata,
    mimeType,
    name: metadata.name ?? `Copy of ${file.name}`,
    ...(parents && { parents }),
  }
  if (mimeType === file.mimeType && isAppsType(mimeType)) {
    const copy = makeFile(call, given, undefined)
    const type = contentTypeOf(mimeType)
    type?.remove(call, copy)
    type?.copy(call, file, copy)
    return call.tables.files.get(copy.id) as File
  }
  if (!file.blob) throw cannotCopyFile()
  const bytes = call.tables.blobs.get(file.blob.sha256)?.bytes ?? new Uint8Array()
  return makeFile(call, given, { type: file.mimeType, bytes })
}

function defaultParents(call: DriveCall, file: File): string[] | undefined {
  const parent = file.parentId === undefined ? undefined : call.tables.files.get(file.parentId)
  if (!parent || parent.ownerId !== call.caller.user?.id) return parent?.driveId ? [parent.id] : undefined
  return [parent.id]
}
