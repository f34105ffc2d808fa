import { type Grant, grantsOn } from '../../google/access.ts'
import type { File, Permission } from '../../google/tables.ts'
import { timestamp } from '../../google/time.ts'
import type { DriveCall } from '../operations/define.ts'

/** drive#permission on a file. */
export function permissionView(call: DriveCall, file: File, grant: Grant) {
  return {
    id: grant.id,
    type: grant.type,
    kind: 'drive#permission',
    role: grant.role,
    ...principal(call, grant),
    ...(grant.view && { view: grant.view }),
    ...(grant.expirationTime !== undefined && { expirationTime: timestamp(grant.expirationTime) }),
    ...(grant.type === 'user' && { pendingOwner: grant.pendingOwner ?? false }),
    ...(file.driveId ? sharedDriveDetails(file, grant) : inheritance(grant)),
  }
}

function principal(call: DriveCall, permission: Permission) {
  switch (permission.type) {
    case 'user': {
      const user = call.tables.users.get(permission.id)
      return {
        emailAddress: permission.email,
        displayName: user?.displayName ?? permission.email,
        ...(user?.photoLink && { photoLink: user.photoLink }),
        deleted: false,
      }
    }
    case 'group': {
      const group = permission.email ? call.tables.groups.by('email', permission.email) : undefined
      return { emailAddress: permission.email, displayName: group?.displayName ?? permission.email, deleted: false }
    }
    case 'domain':
      return {
        domain: permission.domain,
        displayName: permission.domain,
        allowFileDiscovery: permission.allowFileDiscovery ?? false,
      }
    case 'anyone':
      return { allowFileDiscovery: permission.allowFileDiscovery ?? false }
  }
}

function inheritance({ role, inherited, source }: Grant) {
  return {
    permissionDetails: [{ permissionType: 'file', role, inherited, ...(inherited && { inheritedFrom: source }) }],
  }
}

/** Items of a shared drive say whether a right comes from membership. */
function sharedDriveDetails(file: File, { role, source, inherited }: Grant) {
  const type = source === file.driveId ? 'member' : 'file'
  const origin = { role, inherited, ...(inherited && { inheritedFrom: source }) }
  return {
    permissionDetails: [{ permissionType: type, ...origin }],
    teamDrivePermissionDetails: [{ teamDrivePermissionType: type, ...origin }],
  }
}

export const grantOf = (call: DriveCall, file: File, permissionId: string): Grant | undefined =>
  grantsOn(call, file).find(({ id }) => id === permissionId)
