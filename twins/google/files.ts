import { createHash } from 'node:crypto'
import { accessOf, audienceOf } from './access.ts'
import type { GoogleCall, GoogleMoment } from './caller.ts'
import { FOLDER, isEditorType, newFileId, newRevisionId } from './ids.ts'
import type { BlobReference, File, Role, User, Viewing } from './tables.ts'

/** Rules over the rows of a file, whatever its type. Docs and Sheets call them so that Drive sees what they do. */

export { accessOf, isTrashed } from './access.ts'

/** What a new file starts with; what is left out gets Drive's defaults. */
export interface NewFile extends Partial<Omit<File, 'id' | 'version' | 'ownerId'>> {
  readonly id?: string
  readonly name: string
  readonly mimeType: string
  readonly owner: User
}

/**
 * Adds a file with its owner's permission, its first change and its first revision. Without `parentId` it lies in
 * the owner's My Drive; with `driveId` nobody owns it.
 *
 * @example createFile(call, { name: 'Untitled document', mimeType: DOCUMENT, owner: callerUser(call) })
 */
export function createFile(moment: GoogleMoment & Partial<GoogleCall>, { owner, ...given }: NewFile): File {
  const { tables, now } = moment
  const id = given.id ?? newFileId(moment.random, given.mimeType)
  const file: File = {
    parentId: given.driveId ? given.driveId : owner.rootId,
    space: 'drive',
    createdTime: now,
    modifiedTime: now,
    ...(moment.caller && { clientId: moment.caller.clientId }),
    ...given,
    id,
    ...(!given.driveId && { ownerId: owner.id }),
    lastModifyingUserId: owner.id,
    version: 1,
  }
  tables.files.insert(file)
  if (!file.driveId)
    tables.permissions.insert({ fileId: id, id: owner.id, type: 'user', role: 'owner', email: owner.email })
  patchViewing(moment, id, owner.id, { viewedByMeTime: now, modifiedByMeTime: file.modifiedTime })
  if (isEditorType(file.mimeType)) addRevision(moment, file, owner)
  recordChange(moment, file, ['content'])
  if (file.parentId) recordChildren(moment, file.parentId)
  return file
}

/** The file of an id, if the caller may know of it. `root` is the caller's My Drive. */
export const findFile = (call: GoogleCall, id: string): File | undefined => openFile(call, id)?.file

/** An id behind an alias: `root`, `appDataFolder`. */
export function resolveAlias(call: GoogleCall, id: string): string {
  const { user } = call.caller
  if (!user) return id
  if (id === 'root') return user.rootId
  return id === 'appDataFolder' ? appDataFolder(call, user).id : id
}

/** The hidden folder of an application in a user's Drive, made when it is first asked for. */
function appDataFolder(call: GoogleCall, user: User): File {
  const { clientId } = call.caller
  const own = call.tables.files.where('owner', user.id)
  const known = own.find(
    (file) => file.space === 'appDataFolder' && file.clientId === clientId && file.parentId === undefined,
  )
  return (
    known ??
    createFile(call, {
      name: 'appDataFolder',
      mimeType: FOLDER,
      space: 'appDataFolder',
      parentId: undefined,
      owner: user,
    })
  )
}

/** A found file and what the caller may do with it. */
export function openFile(call: GoogleCall, id: string): { file: File; role: Role } | undefined {
  const file = call.tables.files.get(resolveAlias(call, id))
  const role = file && accessOf(call, file)
  return file && role ? { file, role } : undefined
}

/**
 * Marks a file's content as changed by the caller: modified time, version, last modifying user, revision, change log.
 * Docs and Sheets call it once per write. `changes` are further fields to set in the same step.
 */
export function touchFile(call: GoogleCall, fileId: string, changes: Partial<File> = {}): File {
  const { user } = call.caller
  const before = call.tables.files.get(fileId)
  if (!before) throw new Error(`No file ${fileId}`)
  const file = call.tables.files.replace({
    ...before,
    modifiedTime: call.now,
    version: before.version + 1,
    ...(user && { lastModifyingUserId: user.id }),
    ...changes,
  })
  if (user) patchViewing(call, fileId, user.id, { modifiedByMeTime: file.modifiedTime, viewedByMeTime: call.now })
  if (isEditorType(file.mimeType)) addRevision(call, file, user)
  recordChange(call, file, ['content'])
  return file
}

/** Changes metadata: a new version and an entry in the change log, the modified time stays unless given. */
export function changeFile(
  moment: GoogleMoment,
  fileId: string,
  changes: Partial<File>,
  aspects: readonly string[] = ['properties'],
): File {
  const before = moment.tables.files.get(fileId)
  if (!before) throw new Error(`No file ${fileId}`)
  const file = moment.tables.files.replace({ ...before, ...changes, version: before.version + 1 })
  recordChange(moment, file, aspects)
  return file
}

/** Removes a file's rows for good: itself, permissions, revisions, comments. What lies in it is the caller's business. */
export function removeFile(moment: GoogleMoment, file: File): void {
  const { tables } = moment
  const audience = audienceOf(moment, file)
  for (const { fileId, id } of tables.permissions.where('file', file.id)) tables.permissions.remove(`${fileId}/${id}`)
  for (const { fileId, id } of tables.revisions.where('file', file.id)) tables.revisions.remove(`${fileId}/${id}`)
  for (const { fileId, id } of tables.comments.where('file', file.id)) tables.comments.remove(`${fileId}/${id}`)
  for (const { fileId, userId } of tables.viewings.where('file', file.id)) tables.viewings.remove(`${fileId}/${userId}`)
  tables.files.remove(file.id)
  recordRemoval(moment, file, audience)
  if (file.parentId && tables.files.has(file.parentId)) recordChildren(moment, file.parentId)
}

/** What one person has with a file. */
export const viewingOf = (moment: GoogleMoment, fileId: string, userId: string): Viewing | undefined =>
  moment.tables.viewings.get(`${fileId}/${userId}`)

export function patchViewing(moment: GoogleMoment, fileId: string, userId: string, changes: Partial<Viewing>): void {
  const before = viewingOf(moment, fileId, userId) ?? { fileId, userId }
  moment.tables.viewings.put({ ...before, ...changes })
}

/** Stores bytes, once per content, and says what a file row keeps of them. */
export function storeBlob(moment: GoogleMoment, bytes: Uint8Array): BlobReference {
  const digest = (algorithm: string) => createHash(algorithm).update(bytes).digest('hex')
  const sha256 = digest('sha256')
  if (!moment.tables.blobs.has(sha256)) moment.tables.blobs.insert({ sha256, bytes })
  return { sha256, sha1: digest('sha1'), md5: digest('md5'), size: bytes.length }
}

export const readBlob = (moment: GoogleMoment, reference: BlobReference): Uint8Array =>
  moment.tables.blobs.get(reference.sha256)?.bytes ?? new Uint8Array()

/** Editing bursts of one person become one revision of an editors file, as in the version history. */
const REVISION_WINDOW = 60_000

/** Adds a revision: each upload of a blob, each editing burst of an editors file. Returns its id. */
export function addRevision(moment: GoogleMoment, file: File, user: User | undefined, keepForever?: boolean): string {
  const { revisions } = moment.tables
  const last = revisions.scan('file', { prefix: file.id, reverse: true }).next().value
  const burst = !file.blob && last && last.userId === user?.id && moment.now - last.modifiedTime < REVISION_WINDOW
  const order = burst ? last.order : (last?.order ?? 0) + 1
  const id = file.blob ? newRevisionId(moment.random) : String(order)
  revisions.put({
    fileId: file.id,
    id,
    order,
    mimeType: file.mimeType,
    modifiedTime: file.modifiedTime,
    ...(user && { userId: user.id }),
    ...(file.blob && { blob: file.blob, originalFilename: file.originalFilename }),
    ...(keepForever && { keepForever }),
  })
  return id
}

/** Enters a change into the log: the newest entry of a file replaces the one before. */
export function recordChange(moment: GoogleMoment, file: File, aspects: readonly string[]): void {
  putChange(moment, { id: file.id, kind: 'file', fileId: file.id, removed: false, aspects })
}

/** Enters the removal of a file, for those who could see it. */
export function recordRemoval(moment: GoogleMoment, file: File, audience: readonly string[]): void {
  putChange(moment, { id: file.id, kind: 'file', fileId: file.id, removed: true, audience, aspects: [] })
}

/** Enters one person's loss of access. */
export function recordLoss(moment: GoogleMoment, fileId: string, userId: string): void {
  putChange(moment, { id: `${fileId}/${userId}`, kind: 'file', fileId, removed: true, audience: [userId], aspects: [] })
}

export function recordDriveChange(
  moment: GoogleMoment,
  driveId: string,
  removed: boolean,
  audience?: readonly string[],
): void {
  putChange(moment, {
    id: `drive:${driveId}`,
    kind: 'drive',
    fileId: driveId,
    removed,
    aspects: ['properties'],
    ...(audience && { audience }),
  })
}

function recordChildren(moment: GoogleMoment, folderId: string): void {
  moment.emit({ type: 'google.children', fileId: folderId })
}

function putChange(moment: GoogleMoment, change: Omit<import('./tables.ts').Change, 'order' | 'time'>): void {
  moment.tables.changes.put({ ...change, order: nextChange(moment), time: moment.now })
  moment.emit({ type: 'google.change', change: change.id })
}

/** The number the next change will get: what `changes.getStartPageToken` answers. */
export function nextChange(moment: GoogleMoment): number {
  const last = moment.tables.changes.scan('order', { reverse: true }).next().value
  return (last?.order ?? 0) + 1
}
