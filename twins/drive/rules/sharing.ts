import { atLeast, audienceOf, type Grant, grantsOn } from '../../google/access.ts'
import { changeFile, patchViewing, recordDriveChange, recordLoss } from '../../google/files.ts'
import { FOLDER } from '../../google/ids.ts'
import type { File, Permission, Role, User } from '../../google/tables.ts'
import { DAY, parseTimestamp } from '../../google/time.ts'
import { canonicalEmail, ensureUser } from '../../google/users.ts'
import {
  cannotDeleteInherited,
  cannotRemoveOwner,
  insufficientFilePermissions,
  invalidBody,
  invalidSharingRequest,
  ownershipFlagRequired,
} from '../errors.ts'
import type { DriveCall } from '../operations/define.ts'
import { grantOf } from '../views/permission.ts'
import type { OpenFile } from './lookup.ts'

/** Sharing: whom a file is given to, and what changes for everybody else. */

export interface PermissionBody {
  readonly type?: string
  readonly role?: string
  readonly emailAddress?: string
  readonly domain?: string
  readonly allowFileDiscovery?: boolean
  readonly expirationTime?: string
  readonly pendingOwner?: boolean
  readonly view?: string
}

const ROLES: readonly string[] = ['owner', 'organizer', 'fileOrganizer', 'writer', 'commenter', 'reader']
const TYPES: readonly string[] = ['user', 'group', 'domain', 'anyone']

function roleOf(body: PermissionBody, file: File): Role {
  const { role } = body
  if (role === undefined) throw invalidBody('The permission role field is required.')
  if (!ROLES.includes(role)) throw invalidBody('The specified role is invalid or not supported.')
  if ((role === 'organizer' || role === 'fileOrganizer') && !file.driveId) {
    throw invalidBody('The organizer and fileOrganizer roles are only valid for shared drives.')
  }
  if (role === 'owner' && file.driveId) throw invalidBody('Items in a shared drive cannot have owners.')
  return role as Role
}

/** Whom a request names, as a permission row. */
function principalOf(
  call: DriveCall,
  body: PermissionBody,
  file: File,
): Omit<Permission, 'role' | 'fileId'> & { user?: User } {
  const { type } = body
  if (type === undefined) throw invalidBody('The permission type field is required.')
  if (!TYPES.includes(type)) throw invalidBody('The specified type is invalid or not supported.')
  const allowFileDiscovery = body.allowFileDiscovery ?? false
  switch (type) {
    case 'anyone':
      return { id: allowFileDiscovery ? 'anyone' : 'anyoneWithLink', type, allowFileDiscovery }
    case 'domain': {
      if (!body.domain)
        throw invalidBody('The specified domain is invalid or not applicable for the given permission type.')
      const domain = body.domain.toLowerCase()
      const known = grantsOn(call, file).find((grant) => grant.domain === domain)
      return { id: known?.id ?? `${call.random.text(20, '0123456789')}k`, type, domain, allowFileDiscovery }
    }
    default: {
      if (!body.emailAddress)
        throw invalidBody('The specified emailAddress is invalid or not applicable for the given permission type.')
      if (!/^[^@\s]+@[^@\s]+\.[^@\s]+$/.test(body.emailAddress))
        throw invalidSharingRequest(
          `Sorry, the items were unable to be shared because the following e-mail address is invalid: ${body.emailAddress}`,
        )
      const email = canonicalEmail(call, body.emailAddress)
      const group = call.tables.groups.by('email', email)
      if (group) return { id: group.id, type: 'group', email }
      if (type === 'group') throw invalidSharingRequest(`Sorry, no group was found for ${email}.`)
      const user = ensureUser(call, email)
      return { id: user.id, type: 'user', email: user.email, user }
    }
  }
}

function expiry(call: DriveCall, text: string | undefined): number | undefined {
  if (text === undefined) return undefined
  const instant = parseTimestamp(text)
  if (instant === undefined) throw invalidBody('Invalid Value')
  if (instant <= call.now || instant > call.now + 366 * DAY)
    throw invalidBody('Expiration dates must be in the future and at most one year ahead.')
  return instant
}

export interface SharingOptions {
  readonly transferOwnership?: boolean
  readonly moveToNewOwnersRoot?: boolean
  readonly removeExpiration?: boolean
}

/** Gives somebody a role. A principal that has one already gets the stronger of both, under the same id. */
export function grant(
  call: DriveCall,
  { file, role: held, capabilities }: OpenFile,
  body: PermissionBody,
  options: SharingOptions,
): Grant {
  const role = roleOf(body, file)
  if (role !== 'owner' && !capabilities.canShare) throw insufficientFilePermissions()
  if (file.driveId && !atLeast(held, role)) throw insufficientFilePermissions()
  const { user, ...principal } = principalOf(call, body, file)
  if (role === 'owner') return transfer(call, file, held, user, options)
  const expirationTime = expiry(call, body.expirationTime)
  const known = grantOf(call, file, principal.id)
  if (!known || !atLeast(known.role, role) || known.role === role) {
    call.tables.permissions.put({
      ...principal,
      fileId: file.id,
      role,
      ...(expirationTime !== undefined && { expirationTime }),
      ...(body.view && { view: body.view }),
    })
  }
  if (user && !known)
    patchViewing(call, file.id, user.id, { sharedWithMeTime: call.now, sharingUserId: call.caller.user?.id })
  shared(call, file)
  return grantOf(call, file, principal.id) as Grant
}

/** Passes a file on: the old owner stays as a writer. */
function transfer(call: DriveCall, file: File, held: Role, to: User | undefined, options: SharingOptions): Grant {
  if (!options.transferOwnership) throw ownershipFlagRequired()
  if (held !== 'owner') throw insufficientFilePermissions()
  if (!to) throw invalidBody('Ownership can only be transferred to a user.')
  const { permissions } = call.tables
  const from = call.tables.users.get(file.ownerId ?? '')
  if (from && from.id !== to.id) {
    permissions.put({ fileId: file.id, id: from.id, type: 'user', role: 'writer', email: from.email })
    patchViewing(call, file.id, to.id, { sharedWithMeTime: call.now, sharingUserId: from.id })
  }
  permissions.put({ fileId: file.id, id: to.id, type: 'user', role: 'owner', email: to.email })
  // The file stays in its folder unless it lay in the old owner's root, which the new one does not see.
  const home = options.moveToNewOwnersRoot ? { parentId: to.rootId } : {}
  changeFile(call, file.id, { ownerId: to.id, ...home }, ['permissions'])
  return grantOf(call, call.tables.files.get(file.id) as File, to.id) as Grant
}

/** Changes a role, an expiry, or the owner. */
export function regrant(
  call: DriveCall,
  open: OpenFile,
  before: Grant,
  body: PermissionBody,
  options: SharingOptions,
): Grant {
  const { file, role: held, capabilities } = open
  const role = body.role === undefined ? before.role : roleOf(body, file)
  if (role === 'owner' && before.role !== 'owner')
    return transfer(call, file, held, call.tables.users.get(before.id), options)
  if (!capabilities.canShare || (before.role === 'owner' && role !== 'owner')) throw insufficientFilePermissions()
  if (before.inherited && !atLeast(role, before.role)) throw cannotDeleteInherited()
  const { source: _source, inherited: _inherited, expirationTime: oldExpiry, ...row } = before
  const expirationTime = options.removeExpiration ? undefined : (expiry(call, body.expirationTime) ?? oldExpiry)
  call.tables.permissions.put({
    ...row,
    fileId: file.id,
    role,
    ...(expirationTime !== undefined && { expirationTime }),
  })
  shared(call, file)
  return grantOf(call, file, before.id) as Grant
}

/** Takes a permission away. Who loses sight of the file by it hears so in their change log. */
export function revoke(call: DriveCall, { file, capabilities }: OpenFile, permission: Grant): void {
  const own = permission.id === call.caller.user?.id
  if (!capabilities.canShare && !own) throw insufficientFilePermissions()
  if (permission.role === 'owner') throw cannotRemoveOwner()
  if (permission.inherited) throw cannotDeleteInherited()
  const before = withSubtree(call, file)
  call.tables.permissions.remove(`${file.id}/${permission.id}`)
  shared(call, file)
  for (const { one, audience } of before) {
    const after = new Set(audienceOf(call, one))
    for (const userId of audience) if (!after.has(userId)) recordLoss(call, one.id, userId)
  }
}

function withSubtree(call: DriveCall, file: File): { one: File; audience: string[] }[] {
  const children = file.mimeType === FOLDER ? call.tables.files.where('parent', file.id) : []
  return [{ one: file, audience: audienceOf(call, file) }, ...children.flatMap((child) => withSubtree(call, child))]
}

function shared(call: DriveCall, file: File): void {
  if (file.id === file.driveId) recordDriveChange(call, file.id, false)
  else changeFile(call, file.id, {}, ['permissions'])
}
