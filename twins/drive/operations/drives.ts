import { noContent, ok } from '../../../shared/kernel/reply.ts'
import { driveRoleOf } from '../../google/access.ts'
import { callerUser } from '../../google/caller.ts'
import { recordDriveChange } from '../../google/files.ts'
import { FOLDER, newDriveId } from '../../google/ids.ts'
import { parseTimestamp } from '../../google/time.ts'
import { driveNotEmpty, insufficientDrivePermissions, invalidBody, invalidValue } from '../errors.ts'
import { deleteTree } from '../rules/hierarchy.ts'
import { isOrganizer, sharedDriveOf } from '../rules/lookup.ts'
import { pageByText } from '../rules/paging.ts'
import { type Comparison, evaluate, parseQuery, QuerySyntax } from '../rules/query.ts'
import { DRIVE_THEMES, themeOf } from '../rules/themes.ts'
import { nameContains } from '../rules/words.ts'
import type { SharedDrive } from '../tables.ts'
import { driveView, teamDriveView } from '../views/drive.ts'
import { type DriveCall, operations } from './define.ts'

interface DriveBody {
  readonly name?: string
  readonly themeId?: string
  readonly colorRgb?: string
  readonly backgroundImageFile?: object
  readonly hidden?: boolean
  readonly restrictions?: Readonly<Record<string, unknown>>
}

/** Makes a shared drive; the same request id gives the same drive again. */
function createDrive(
  call: DriveCall,
  requestId: string,
  { name, themeId, colorRgb, restrictions = {}, hidden }: DriveBody,
): SharedDrive {
  const user = callerUser(call)
  const earlier = call.tables.drives.where('request', requestId)[0]
  if (earlier) return earlier
  if (!name) throw invalidBody('The shared drive name is required.')
  const theme = themeId === undefined ? DRIVE_THEMES[call.random.integer(DRIVE_THEMES.length)] : themeOf(themeId)
  if (!theme) throw invalidBody('The specified theme is invalid.')
  const id = newDriveId(call.random)
  const drive = call.tables.drives.insert({
    id,
    name,
    createdTime: call.now,
    requestId,
    hiddenBy: hidden ? [user.id] : [],
    themeId: theme.id,
    colorRgb: colorRgb ?? theme.colorRgb,
    backgroundImageLink: theme.backgroundImageLink,
    restrictions,
  })
  // The drive's root: a folder with the drive's id, which items name as their parent.
  call.tables.files.insert({
    id,
    name,
    mimeType: FOLDER,
    driveId: id,
    space: 'drive',
    createdTime: call.now,
    modifiedTime: call.now,
    version: 1,
  })
  call.tables.permissions.insert({ fileId: id, id: user.id, type: 'user', role: 'organizer', email: user.email })
  recordDriveChange(call, id, false)
  return drive
}

function updateDrive(
  call: DriveCall,
  id: string,
  { name, themeId, colorRgb, restrictions, backgroundImageFile }: DriveBody,
): SharedDrive {
  const { drive, role } = sharedDriveOf(call, id)
  if (!isOrganizer(role)) throw insufficientDrivePermissions()
  if (themeId !== undefined && (colorRgb !== undefined || backgroundImageFile))
    throw invalidBody('Only one of themeId, colorRgb and backgroundImageFile may be set.')
  const theme = themeId === undefined ? undefined : themeOf(themeId)
  if (themeId !== undefined && !theme) throw invalidBody('The specified theme is invalid.')
  if (name !== undefined) call.tables.files.patch(id, { name })
  recordDriveChange(call, id, false)
  return call.tables.drives.replace({
    ...drive,
    ...(name !== undefined && { name }),
    ...(theme && { themeId: theme.id, colorRgb: theme.colorRgb, backgroundImageLink: theme.backgroundImageLink }),
    ...(colorRgb !== undefined && { colorRgb }),
    ...(restrictions && { restrictions: { ...drive.restrictions, ...restrictions } }),
  })
}

/** Removes an empty drive; an administrator may remove one with items. */
function deleteDrive(call: DriveCall, id: string, allowItemDeletion = false): void {
  const { role } = sharedDriveOf(call, id)
  if (!isOrganizer(role)) throw insufficientDrivePermissions()
  const items = call.tables.files.where('drive', id).filter((file) => file.id !== id)
  if (items.some((file) => !file.trashed) && !allowItemDeletion) throw driveNotEmpty()
  const members = call.tables.permissions.where('file', id)
  const root = call.tables.files.get(id)
  if (root) deleteTree(call, root)
  for (const { fileId, id: permissionId } of members) call.tables.permissions.remove(`${fileId}/${permissionId}`)
  call.tables.changes.remove(id)
  call.tables.drives.remove(id)
  recordDriveChange(
    call,
    id,
    true,
    members.filter(({ type }) => type === 'user').map((member) => member.id),
  )
}

function hide(call: DriveCall, id: string, hidden: boolean): SharedDrive {
  const { drive } = sharedDriveOf(call, id)
  const user = callerUser(call).id
  const others = drive.hiddenBy.filter((one) => one !== user)
  return call.tables.drives.replace({ ...drive, hiddenBy: hidden ? [...others, user] : others })
}

interface ListQuery {
  readonly pageSize?: number
  readonly pageToken?: string
  readonly q?: string
  readonly useDomainAdminAccess?: boolean
}

/** The caller's drives by name; an administrator sees the domain's. */
function listDrives(call: DriveCall, { pageSize = 10, pageToken, q, useDomainAdminAccess }: ListQuery) {
  const { user } = call.caller
  const matches = q ? searchDrives(call, q) : () => true
  const rows = call.tables.drives
    .all()
    .filter(
      (drive) =>
        ((useDomainAdminAccess && user?.admin) || driveRoleOf(call, drive.id, user) !== undefined) && matches(drive),
    )
  const key = ({ name, id }: SharedDrive) => `${name.toLowerCase()}\u0000${id}`
  rows.sort((a, b) => (key(a) < key(b) ? -1 : 1))
  return pageByText(rows, pageSize, pageToken, q ?? '', key)
}

function searchDrives(call: DriveCall, q: string): (drive: SharedDrive) => boolean {
  try {
    const term = parseQuery(q)
    return (drive) => evaluate(term, (comparison) => driveMatches(call, drive, comparison))
  } catch (error) {
    if (error instanceof QuerySyntax) throw invalidValue('q')
    throw error
  }
}

function driveMatches(call: DriveCall, drive: SharedDrive, comparison: Comparison): boolean {
  if (comparison.kind === 'has') throw invalidValue('q')
  const { field, operator, value } = comparison
  const number = (actual: number, wanted: number) =>
    ({
      '=': actual === wanted,
      '!=': actual !== wanted,
      '<': actual < wanted,
      '<=': actual <= wanted,
      '>': actual > wanted,
      '>=': actual >= wanted,
    })[operator as '='] ?? false
  const members = call.tables.permissions.where('file', drive.id)
  switch (field) {
    case 'name':
      return operator === 'contains'
        ? nameContains(drive.name, value)
        : (drive.name.toLowerCase() === value.toLowerCase()) === (operator === '=')
    case 'hidden':
      return (drive.hiddenBy.includes(call.caller.user?.id ?? '') === (value === 'true')) === (operator === '=')
    case 'createdTime':
      return number(drive.createdTime, parseTimestamp(value) ?? Number.NaN)
    case 'memberCount':
      return number(members.length, Number(value))
    case 'organizerCount':
      return number(members.filter(({ role }) => role === 'organizer').length, Number(value))
    default:
      throw invalidValue('q')
  }
}

export const drives = operations({
  'drive.drives.list': (call) => {
    const { items, nextPageToken } = listDrives(call, call.query)
    return ok({
      kind: 'drive#driveList',
      drives: items.map((drive) => driveView(call, drive)),
      ...(nextPageToken && { nextPageToken }),
    })
  },
  'drive.drives.get': (call) => ok(driveView(call, sharedDriveOf(call, call.params.driveId).drive)),
  'drive.drives.create': (call) => ok(driveView(call, createDrive(call, call.query.requestId, call.body ?? {}))),
  'drive.drives.update': (call) => ok(driveView(call, updateDrive(call, call.params.driveId, call.body ?? {}))),
  'drive.drives.delete': (call) => {
    deleteDrive(call, call.params.driveId, call.query.allowItemDeletion)
    return noContent()
  },
  'drive.drives.hide': (call) => ok(driveView(call, hide(call, call.params.driveId, true))),
  'drive.drives.unhide': (call) => ok(driveView(call, hide(call, call.params.driveId, false))),

  'drive.teamdrives.list': (call) => {
    const { items, nextPageToken } = listDrives(call, call.query)
    return ok({
      kind: 'drive#teamDriveList',
      teamDrives: items.map((drive) => teamDriveView(call, drive)),
      ...(nextPageToken && { nextPageToken }),
    })
  },
  'drive.teamdrives.get': (call) => ok(teamDriveView(call, sharedDriveOf(call, call.params.teamDriveId).drive)),
  'drive.teamdrives.create': (call) =>
    ok(teamDriveView(call, createDrive(call, call.query.requestId, call.body ?? {}))),
  'drive.teamdrives.update': (call) =>
    ok(teamDriveView(call, updateDrive(call, call.params.teamDriveId, call.body ?? {}))),
  'drive.teamdrives.delete': (call) => {
    deleteDrive(call, call.params.teamDriveId)
    return noContent()
  },
})
