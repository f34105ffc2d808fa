import { lineage } from '../../google/access.ts'
import { changeFile, openFile, removeFile, resolveAlias } from '../../google/files.ts'
import { FOLDER } from '../../google/ids.ts'
import type { File } from '../../google/tables.ts'
import { contentTypeOf } from '../../google/types.ts'
import {
  cannotAddParent,
  cyclicParent,
  fileNotFound,
  insufficientFilePermissions,
  insufficientParentPermissions,
  parentNotAFolder,
} from '../errors.ts'
import type { DriveCall } from '../operations/define.ts'
import { capabilitiesOf } from '../views/capabilities.ts'
import { supportsAllDrives } from './lookup.ts'

/** Folders: one parent per file, no cycles, whole subtrees trashed and deleted. */

/** A folder to put something in, or the refusal. */
export function parentFolder(call: DriveCall, id: string): File {
  const open = openFile(call, id)
  if (!open || (open.file.driveId && !supportsAllDrives(call))) throw fileNotFound(id)
  if (open.file.mimeType !== FOLDER) throw parentNotAFolder()
  if (!capabilitiesOf(open.file, open.role).canAddChildren) throw insufficientParentPermissions()
  return open.file
}

/** Where a new file goes: the one parent given, or the caller's root. */
export function newParent(call: DriveCall, parents: readonly string[] | undefined): File | undefined {
  if (!parents?.length) return undefined
  if (parents.length > 1) throw cannotAddParent()
  return parentFolder(call, parents[0] as string)
}

const split = (ids: string | undefined) =>
  ids
    ?.split(',')
    .map((id) => id.trim())
    .filter(Boolean) ?? []

/** `addParents` and `removeParents`: a move. */
export function move(
  call: DriveCall,
  file: File,
  addParents: string | undefined,
  removeParents: string | undefined,
): File {
  const resolve = (id: string) => resolveAlias(call, id)
  const wanted = split(addParents).map(resolve)
  // Adding wins over removing: rclone renames a file by moving it from its folder to the same one.
  const removed = split(removeParents)
    .map(resolve)
    .filter((id) => !wanted.includes(id))
  const added = wanted.filter((id) => id !== file.parentId)
  if (added.length === 0) {
    // Taking the only parent away leaves it where it is in the API, except for what others put in one's folders.
    return removed.length > 0 && file.parentId && removed.includes(file.parentId) ? orphan(call, file) : file
  }
  const stays = file.parentId !== undefined && !removed.includes(file.parentId)
  if (added.length > 1 || stays) throw cannotAddParent()
  const target = parentFolder(call, added[0] as string)
  for (const level of lineage(call, target)) if (level.id === file.id) throw cyclicParent()
  const role = openFile(call, file.id)?.role
  const capabilities = capabilitiesOf(file, role)
  const leaves = target.driveId !== file.driveId
  if (!(leaves ? capabilities.canMoveItemOutOfDrive : capabilities.canMoveItemWithinDrive))
    throw insufficientFilePermissions()
  if (leaves) changeDrive(call, file, target.driveId)
  return changeFile(call, file.id, { parentId: target.id }, ['parents'])
}

function orphan(call: DriveCall, file: File): File {
  const root = file.ownerId ? call.tables.users.get(file.ownerId)?.rootId : undefined
  return root && root !== file.parentId ? changeFile(call, file.id, { parentId: root }, ['parents']) : file
}

/** Moving between My Drive and a shared drive changes what the whole subtree belongs to. */
function changeDrive(call: DriveCall, file: File, driveId: string | undefined): void {
  const { tables, caller } = call
  for (const one of subtree(call, file)) {
    const { driveId: _drive, ownerId: _owner, ...rest } = one
    if (driveId) {
      if (one.ownerId) tables.permissions.remove(`${one.id}/${one.ownerId}`)
      tables.files.replace({ ...rest, driveId })
    } else if (caller.user) {
      const { id, email } = caller.user
      tables.files.replace({ ...rest, ownerId: id })
      tables.permissions.put({ fileId: one.id, id, type: 'user', role: 'owner', email })
    }
  }
}

/** A file and everything inside it, containers first. */
export function* subtree(call: DriveCall, file: File): IteratorObject<File, undefined> {
  yield file
  if (file.mimeType === FOLDER)
    for (const child of call.tables.files.where('parent', file.id)) yield* subtree(call, child)
}

/** Deletes a file for good, with everything inside it that has the same owner; the rest goes to its owners' roots. */
export function deleteTree(call: DriveCall, file: File): void {
  for (const one of [...subtree(call, file)].reverse()) {
    if (one.ownerId !== file.ownerId && one.ownerId) orphan(call, one)
    else {
      removeFile(call, one)
      contentTypeOf(one.mimeType)?.remove(call, one)
    }
  }
}
