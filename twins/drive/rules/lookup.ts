import { atLeast, driveRoleOf } from '../../google/access.ts'
import { openFile } from '../../google/files.ts'
import type { File, Role } from '../../google/tables.ts'
import { driveNotFound, fieldsRequired, fileNotFound, insufficientFilePermissions } from '../errors.ts'
import type { DriveCall } from '../operations/define.ts'
import type { SharedDrive } from '../tables.ts'
import { type Capabilities, capabilitiesOf } from '../views/capabilities.ts'
import { isRootOf } from '../views/file.ts'

export interface OpenFile {
  readonly file: File
  readonly role: Role
  readonly capabilities: Capabilities
}

/**
 * Whether the caller knows of shared drives: without this flag their items do not exist. Operations without the flag
 * (comments, revisions, export) know them always, and so do downloads: rclone reads the files of shared drives without it.
 */
export const supportsAllDrives = ({ query, operation }: DriveCall): boolean =>
  query.supportsAllDrives === true ||
  query.supportsTeamDrives === true ||
  query.alt === 'media' ||
  !operation.parameters?.some(({ name }) => name === 'supportsAllDrives')

/** An administrator acting as one: an organizer of every shared drive of the domain. */
const actsAsAdmin = ({ query, caller }: DriveCall): boolean =>
  query.useDomainAdminAccess === true && caller.user?.admin === true

/** The file of an id, or 404: unknown, not the caller's to see, or in a shared drive the caller does not ask for. */
export function fileOf(call: DriveCall, id: string): OpenFile {
  const open = openFile(call, id) ?? openAsAdmin(call, id)
  if (!open || (open.file.driveId && !supportsAllDrives(call))) throw fileNotFound(id)
  return { ...open, capabilities: capabilitiesOf(open.file, open.role, isRootOf(call, open.file)) }
}

function openAsAdmin(call: DriveCall, id: string): { file: File; role: Role } | undefined {
  const file = actsAsAdmin(call) ? call.tables.files.get(id) : undefined
  return file?.driveId ? { file, role: 'organizer' } : undefined
}

/** The same, and 403 unless the caller may do something with it. */
export function fileFor(call: DriveCall, id: string, capability: string): OpenFile {
  const open = fileOf(call, id)
  if (!open.capabilities[capability]) throw insufficientFilePermissions()
  return open
}

/** A shared drive the caller is a member of, or 404. */
export function sharedDriveOf(call: DriveCall, id: string): { drive: SharedDrive; role: Role } {
  const drive = call.tables.drives.get(id)
  const role = drive && (actsAsAdmin(call) ? 'organizer' : driveRoleOf(call, id, call.caller.user))
  if (!drive || !role) throw driveNotFound(id)
  return { drive, role }
}

export const isOrganizer = (role: Role): boolean => atLeast(role, 'organizer')

/** `about`, comments and replies answer only when told which fields. */
export function requireFields(call: { readonly query: { readonly fields?: string } }): void {
  if (!call.query.fields) throw fieldsRequired()
}
