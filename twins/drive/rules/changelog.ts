import { accessOf } from '../../google/access.ts'
import type { Change, File } from '../../google/tables.ts'
import { timestamp } from '../../google/time.ts'
import { invalidValue } from '../errors.ts'
import type { DriveCall } from '../operations/define.ts'
import { driveView } from '../views/drive.ts'
import { fileView } from '../views/file.ts'

/** One user's view of the change log. */

export interface ChangeFilter {
  readonly driveId?: string
  readonly includeItemsFromAllDrives?: boolean
  readonly includeTeamDriveItems?: boolean
  readonly includeRemoved?: boolean
  readonly restrictToMyDrive?: boolean
  readonly spaces?: string
  readonly includeLabels?: string
}

/** The first change a page token names. */
export function changeNumber(token: string): number {
  if (!/^\d{1,15}$/.test(token)) throw invalidValue('pageToken')
  return Number(token)
}

/** Whether a change is for the caller, and passes the filter. */
function concerns(call: DriveCall, change: Change, filter: ChangeFilter): boolean {
  const { user } = call.caller
  if (change.audience && !(user && change.audience.includes(user.id))) return false
  const drives = filter.includeItemsFromAllDrives === true || filter.includeTeamDriveItems === true
  if (change.kind === 'drive') return drives && (change.removed || call.tables.drives.has(change.fileId))
  if (change.removed) return filter.includeRemoved !== false
  const file = call.tables.files.get(change.fileId)
  if (!file || !accessOf(call, file) || call.tables.users.by('root', file.id)) return false
  if (filter.driveId !== undefined && file.driveId !== filter.driveId) return false
  if (file.driveId !== undefined && !drives) return false
  // A shared drive has a log of its own, which is not of My Drive: rclone asks for both.
  if (filter.restrictToMyDrive && filter.driveId === undefined && file.ownerId !== user?.id) return false
  return (filter.spaces ?? 'drive').split(',').includes(file.space)
}

/** A page of what concerns the caller, and the number of the change behind it. */
export function changesFrom(call: DriveCall, from: number, size: number, filter: ChangeFilter) {
  const found: Change[] = []
  for (const change of call.tables.changes.scan('order', { from })) {
    if (!concerns(call, change, filter)) continue
    if (found.length === size) return { found, next: change.order }
    found.push(change)
  }
  return { found, next: undefined }
}

/** drive#change. */
export const changeView = (call: DriveCall, change: Change, filter: ChangeFilter) => ({
  kind: 'drive#change',
  removed: change.removed,
  time: timestamp(change.time),
  ...subjectOf(call, change, (file) => fileView(call, file, filter)),
})

/** What a change is about, which all versions name alike; how a file looks is the version's own. */
export function subjectOf(call: DriveCall, { kind, fileId, removed }: Change, view: (file: File) => unknown) {
  if (kind === 'drive') {
    const drive = removed ? undefined : call.tables.drives.get(fileId)
    return {
      type: 'teamDrive',
      changeType: 'drive',
      driveId: fileId,
      teamDriveId: fileId,
      ...(drive && { drive: driveView(call, drive) }),
    }
  }
  const file = removed ? undefined : call.tables.files.get(fileId)
  return { type: 'file', changeType: 'file', fileId, ...(file && { file: view(file) }) }
}
