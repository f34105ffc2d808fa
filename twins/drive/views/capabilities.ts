import { atLeast } from '../../google/access.ts'
import { FOLDER, isAppsType } from '../../google/ids.ts'
import type { File, Role } from '../../google/tables.ts'

export type Capabilities = Readonly<Record<string, boolean>>

/** What a role may do with a file: the `capabilities` of a file, and what the operations check. */
export function capabilitiesOf(file: File, role: Role | undefined, isRoot = false): Capabilities {
  const folder = file.mimeType === FOLDER
  const shared = file.driveId !== undefined
  const is = (needed: Role) => atLeast(role, needed)
  const reader = is('reader')
  const writer = is('writer')
  const manager = shared ? is('fileOrganizer') : role === 'owner'
  const owner = shared ? is('organizer') : role === 'owner'
  const locked = file.contentRestrictions?.some((restriction) => restriction.readOnly) ?? false
  const editable = writer && !locked
  const downloads = reader && (writer || !file.copyRequiresWriterPermission)
  // My Drive's root is nobody else's; a shared drive's root carries its members.
  const shares = shared ? manager : !isRoot && (role === 'owner' || (writer && file.writersCanShare !== false))
  const movable = !isRoot && (shared ? manager : writer)
  return {
    canAcceptOwnership: false,
    canAccessViaGenAi: reader,
    canAddChildren: folder && editable,
    canAddFolderFromAnotherDrive: folder && shared && manager,
    canAddMyDriveParent: false,
    canChangeCopyRequiresWriterPermission: !folder && (shared ? manager : writer),
    canChangeItemDownloadRestriction: !folder && (shared ? manager : role === 'owner'),
    canChangeSecurityUpdateEnabled: false,
    canChangeViewersCanCopyContent: !folder && (shared ? manager : writer),
    canComment: is('commenter') && !folder,
    canCopy: downloads && !folder,
    canDelete: !isRoot && owner,
    canDeleteChildren: folder && shared && owner,
    canDisableInheritedPermissions: folder && !isRoot && !file.inheritedPermissionsDisabled && manager,
    canDownload: downloads && !(folder && !reader),
    canEdit: editable,
    canEnableInheritedPermissions: folder && !isRoot && file.inheritedPermissionsDisabled === true && manager,
    canListChildren: folder && reader,
    canModifyContent: editable,
    canModifyContentRestriction: !folder && writer,
    canModifyEditorContentRestriction: !folder && writer,
    canModifyLabels: !folder && writer,
    canModifyOwnerContentRestriction: !folder && owner,
    canMoveChildrenOutOfDrive: folder && (shared ? owner : writer),
    canMoveChildrenOutOfTeamDrive: folder && shared && owner,
    canMoveChildrenWithinDrive: folder && (shared ? manager : writer),
    canMoveChildrenWithinTeamDrive: folder && shared && manager,
    canMoveItemIntoTeamDrive: !shared && !isRoot && role === 'owner',
    canMoveItemOutOfDrive: !isRoot && owner,
    canMoveItemOutOfTeamDrive: shared && owner,
    canMoveItemWithinDrive: movable,
    canMoveItemWithinTeamDrive: shared && movable,
    canMoveTeamDriveItem: shared && movable,
    canReadDrive: shared && reader,
    canReadLabels: !folder && reader,
    canReadRevisions: !folder && (shared ? is('commenter') : writer),
    canReadTeamDrive: shared && reader,
    canRemoveChildren: folder && (shared ? manager : editable),
    canRemoveContentRestriction: locked && writer,
    canRemoveMyDriveParent: !isRoot && !shared && role === 'owner',
    canRename: editable && !isRoot,
    canShare: shares,
    canStartApproval: writer && !folder && (isAppsType(file.mimeType) || file.blob !== undefined),
    canTrash: !isRoot && manager,
    canTrashChildren: folder && shared && manager,
    canUntrash: !isRoot && manager,
  }
}

/** Members of `capabilities` that only shared-drive items or folders have. */
const SHARED_DRIVE_ONLY =
  /TeamDrive$|TeamDrive(?=Item)|^canReadDrive$|^canDeleteChildren$|^canTrashChildren$|^canAddFolderFromAnotherDrive$/

/** The capabilities a reply shows: My Drive items leave out what only shared drives have. */
export function shownCapabilities(file: File, role: Role | undefined, isRoot: boolean): Capabilities {
  const all = capabilitiesOf(file, role, isRoot)
  if (file.driveId) return all
  return Object.fromEntries(
    Object.entries(all).filter(([name]) => name === 'canMoveItemIntoTeamDrive' || !SHARED_DRIVE_ONLY.test(name)),
  )
}
