import { callerUser } from '../../google/caller.ts'
import { addRevision, createFile, openFile, patchViewing, storeBlob, touchFile } from '../../google/files.ts'
import { FOLDER, isAppsType, isEditorType, newFileId, SHORTCUT } from '../../google/ids.ts'
import type { File, User } from '../../google/tables.ts'
import { parseTimestamp } from '../../google/time.ts'
import { contentTypeOf } from '../../google/types.ts'
import {
  conversionUnsupported,
  fileIdInUse,
  fileIdUnusable,
  fileNotFound,
  invalidBody,
  shortcutTargetInvalid,
} from '../errors.ts'
import type { DriveCall } from '../operations/define.ts'
import { converts, IMPORT_FORMATS, typeOfName } from './formats.ts'
import { newParent } from './hierarchy.ts'
import { imageSize } from './images.ts'
import { type FileMetadata, rowChanges } from './metadata.ts'
import type { Media } from './upload.ts'

/** Creating and replacing content: blobs, editors files, conversions, shortcuts. */

export interface ContentOptions {
  readonly keepRevisionForever?: boolean
  readonly useContentAsIndexableText?: boolean
  /** v2: an upload that can become an editors file does. */
  readonly convert?: boolean
}

/** Makes a file of metadata and, perhaps, bytes. */
export function makeFile(
  call: DriveCall,
  metadata: FileMetadata,
  media: Media | undefined,
  options: ContentOptions = {},
): File {
  const owner = callerUser(call)
  const parent = newParent(call, metadata.parents)
  const mimeType = (options.convert && converted(metadata, media)) || (metadata.mimeType ?? sourceType(metadata, media))
  const common = {
    id: claimId(call, metadata, mimeType),
    owner,
    ...(parent && { parentId: parent.id, space: parent.space, ...(parent.driveId && { driveId: parent.driveId }) }),
  }
  const changes = rowChanges(call, { ...metadata, mimeType })
  const file = createFile(call, {
    ...common,
    ...changes,
    // A new file without a modified time of its own was modified when it was created.
    ...(changes.createdTime !== undefined &&
      changes.modifiedTime === undefined && { modifiedTime: Math.max(changes.createdTime, call.now) }),
    ...(mimeType === SHORTCUT && shortcutOf(call, metadata)),
    name: metadata.name ?? defaultName(call, metadata, mimeType),
    mimeType,
  })
  personalChanges(call, file.id, metadata)
  return fill(call, file, media, owner, options)
}

function defaultName(call: DriveCall, { shortcutDetails }: FileMetadata, mimeType: string): string {
  const target =
    mimeType === SHORTCUT && shortcutDetails?.targetId ? call.tables.files.get(shortcutDetails.targetId) : undefined
  return target?.name ?? 'Untitled'
}

/** The type of the bytes: as declared, by the name's extension, or nothing in particular. */
function sourceType({ name = '' }: FileMetadata, media: Media | undefined): string {
  const declared = media?.type
  if (declared && declared !== 'application/octet-stream') return declared
  return typeOfName(name) ?? 'application/octet-stream'
}

/** What `convert` makes of an upload: v2 clients name the source type as the file's. */
const converted = (metadata: FileMetadata, media: Media | undefined): string | undefined =>
  IMPORT_FORMATS[media?.type ?? metadata.mimeType ?? sourceType(metadata, media)]?.[0]

/** An id from generateIds, usable once and never for Google's own types. */
function claimId(call: DriveCall, { id }: FileMetadata, mimeType: string): string {
  if (id === undefined) return newFileId(call.random, mimeType)
  if (call.tables.files.has(id)) throw fileIdInUse()
  if (isEditorType(mimeType) || !call.tables.generatedIds.remove(id)) throw fileIdUnusable()
  return id
}

function shortcutOf(call: DriveCall, { shortcutDetails }: FileMetadata): Pick<File, 'shortcut'> {
  const targetId = shortcutDetails?.targetId
  if (!targetId) throw invalidBody('The shortcut target ID must be specified.')
  const target = openFile(call, targetId)?.file
  if (!target) throw fileNotFound(targetId)
  if (target.mimeType === SHORTCUT) throw shortcutTargetInvalid()
  return { shortcut: { targetId: target.id, targetMimeType: target.mimeType } }
}

/** Gives a new file its first content. */
function fill(call: DriveCall, file: File, media: Media | undefined, owner: User, options: ContentOptions): File {
  const type = contentTypeOf(file.mimeType)
  if (isAppsType(file.mimeType)) {
    type?.create(call, file)
    if (media && media.bytes.length > 0) convert(call, file, media)
    return call.tables.files.get(file.id) as File
  }
  return putBlob(call, file, media?.bytes ?? new Uint8Array(), owner, options)
}

/** Stores bytes as the head revision. Does not touch times. */
function putBlob(call: DriveCall, file: File, bytes: Uint8Array, user: User, options: ContentOptions): File {
  const blob = storeBlob(call, bytes)
  const size = imageSize(bytes)
  const withBlob = {
    ...file,
    blob,
    originalFilename: file.originalFilename ?? file.name,
    ...(size && { imageMediaMetadata: { ...size, rotation: 0 } }),
    ...(options.useContentAsIndexableText && { indexableText: Buffer.from(bytes).toString() }),
  }
  const headRevisionId = addRevision(call, withBlob, user, options.keepRevisionForever)
  return call.tables.files.replace({ ...withBlob, headRevisionId })
}

/** Turns uploaded bytes into the body of an editors file. */
function convert(call: DriveCall, file: File, media: Media): void {
  if (file.mimeType === FOLDER || file.mimeType === SHORTCUT) throw invalidBody('Invalid Value')
  const source =
    media.type && media.type !== 'application/octet-stream'
      ? media.type
      : (typeOfName(file.name) ?? 'application/octet-stream')
  if (!converts(source, file.mimeType)) throw conversionUnsupported()
  const done = contentTypeOf(file.mimeType)?.import(call, file, source, media.bytes)
  if (!done) call.unmodelled(`conversion of ${source} to ${file.mimeType}`)
}

/** Replaces a file's content: a new head revision, or a fresh import into an editors file. */
export function replaceContent(
  call: DriveCall,
  file: File,
  media: Media,
  metadata: FileMetadata,
  options: ContentOptions,
): File {
  const user = callerUser(call)
  if (isAppsType(file.mimeType)) {
    convert(call, file, media)
    return touchFile(call, file.id, rowChanges(call, metadata, file))
  }
  const mimeType =
    metadata.mimeType ?? (media.type && media.type !== 'application/octet-stream' ? media.type : file.mimeType)
  const touched = touchFile(call, file.id, {
    ...rowChanges(call, metadata, file),
    mimeType,
    originalFilename: metadata.originalFilename ?? metadata.name ?? file.originalFilename ?? file.name,
  })
  return putBlob(call, touched, media.bytes, user, options)
}

/** Stars and views: the caller's own. */
export function personalChanges(call: DriveCall, fileId: string, { starred, viewedByMeTime }: FileMetadata): void {
  const { user } = call.caller
  if (!user) return
  if (starred !== undefined) patchViewing(call, fileId, user.id, { starred })
  const viewed = viewedByMeTime === undefined ? undefined : parseTimestamp(viewedByMeTime)
  if (viewed !== undefined) patchViewing(call, fileId, user.id, { viewedByMeTime: viewed })
}
