import { atLeast, driveRoleOf } from '../../google/access.ts'
import type { Role } from '../../google/tables.ts'
import { timestamp } from '../../google/time.ts'
import type { DriveCall } from '../operations/define.ts'
import type { SharedDrive } from '../tables.ts'

/** drive#drive. */
export function driveView(call: DriveCall, drive: SharedDrive) {
  const { user } = call.caller
  return {
    kind: 'drive#drive',
    id: drive.id,
    name: drive.name,
    themeId: drive.themeId,
    colorRgb: drive.colorRgb,
    backgroundImageLink: drive.backgroundImageLink,
    capabilities: driveCapabilities(driveRoleOf(call, drive.id, user)),
    createdTime: timestamp(drive.createdTime),
    hidden: user !== undefined && drive.hiddenBy.includes(user.id),
    restrictions: {
      adminManagedRestrictions: false,
      copyRequiresWriterPermission: false,
      domainUsersOnly: false,
      driveMembersOnly: false,
      sharingFoldersRequiresOrganizerPermission: false,
      ...drive.restrictions,
    },
  }
}

/** The same under the name the API gave shared drives first. */
export const teamDriveView = (call: DriveCall, drive: SharedDrive) => {
  const { restrictions, hidden: _hidden, ...rest } = driveView(call, drive)
  const { driveMembersOnly, ...others } = restrictions
  return { ...rest, kind: 'drive#teamDrive', restrictions: { ...others, teamMembersOnly: driveMembersOnly } }
}

function driveCapabilities(role: Role | undefined) {
  const is = (needed: Role) => atLeast(role, needed)
  const organizer = is('organizer')
  const manager = is('fileOrganizer')
  return {
    canAddChildren: is('writer'),
    canChangeCopyRequiresWriterPermissionRestriction: organizer,
    canChangeDomainUsersOnlyRestriction: organizer,
    canChangeDownloadRestriction: organizer,
    canChangeDriveBackground: organizer,
    canChangeDriveMembersOnlyRestriction: organizer,
    canChangeSharingFoldersRequiresOrganizerPermissionRestriction: organizer,
    canComment: is('commenter'),
    canCopy: is('reader'),
    canDeleteChildren: organizer,
    canDeleteDrive: organizer,
    canDownload: is('reader'),
    canEdit: is('writer'),
    canListChildren: is('reader'),
    canManageMembers: organizer,
    canReadRevisions: is('commenter'),
    canRename: is('writer'),
    canRenameDrive: organizer,
    canResetDriveRestrictions: organizer,
    canShare: manager,
    canTrashChildren: manager,
  }
}
