import { accessOf, atLeast, grantsOn, isTrashed } from '../../google/access.ts'
import { viewingOf } from '../../google/files.ts'
import { FOLDER, isAppsType, isEditorType } from '../../google/ids.ts'
import type { File, User } from '../../google/tables.ts'
import { timestamp } from '../../google/time.ts'
import type { DriveCall } from '../operations/define.ts'
import { EXPORT_FORMATS, extensionOf, fullExtensionOf } from '../rules/formats.ts'
import { capabilitiesOf, shownCapabilities } from './capabilities.ts'
import { labelView } from './label.ts'
import { downloadLink, exportLinks } from './links.ts'
import { permissionView } from './permission.ts'
import { userOf, userView } from './user.ts'

/** Query parameters that add to a file. */
export interface FileOptions {
  readonly includeLabels?: string
}

/**
 * drive#file with everything it has. The field mask usually takes four of some sixty members, so the costly ones are
 * computed when they are read.
 */
export function fileView(call: DriveCall, file: File, { includeLabels }: FileOptions = {}) {
  const { user } = call.caller
  const role = once(() => accessOf(call, file))
  const isRoot = once(() => isRootOf(call, file))
  const view = {
    kind: 'drive#file',
    ...identity(call, file),
    ...(includeLabels && { labelInfo: { labels: labelsOf(call, file, includeLabels) } }),
    ...links(call, file),
    ...content(call, file),
    isAppAuthorized: file.clientId !== undefined && file.clientId === call.caller.clientId,
    linkShareMetadata: { securityUpdateEligible: false, securityUpdateEnabled: true },
    inheritedPermissionsDisabled: file.inheritedPermissionsDisabled ?? false,
    get capabilities() {
      return shownCapabilities(file, role(), isRoot())
    },
  }
  addLazily(view, PLACE, () => place(call, file))
  addLazily(view, PERSONAL, () => personal(call, file, user))
  addLazily(view, SHARING, () => sharing(call, file, user, capabilitiesOf(file, role(), isRoot()).canShare === true))
  return view as typeof view & Place & Personal & Sharing
}

type Place = ReturnType<typeof place>
type Personal = ReturnType<typeof personal>
type Sharing = ReturnType<typeof sharing>

const PLACE = ['trashed', 'trashedTime', 'trashingUser', 'parents']
const PERSONAL = [
  'starred',
  'viewedByMe',
  'viewedByMeTime',
  'modifiedByMe',
  'modifiedByMeTime',
  'sharedWithMeTime',
  'sharingUser',
  'lastModifyingUser',
]
const SHARING = [
  'viewersCanCopyContent',
  'copyRequiresWriterPermission',
  'writersCanShare',
  'hasAugmentedPermissions',
  'owners',
  'shared',
  'ownedByMe',
  'permissions',
  'permissionIds',
]

const once = <T>(compute: () => T): (() => T) => {
  let made: { value: T } | undefined
  return () => {
    made ??= { value: compute() }
    return made.value
  }
}

/** Adds members that come from one computation, run when the first of them is read. */
function addLazily(view: object, names: readonly string[], compute: () => object): void {
  const group = once(compute)
  for (const name of names) {
    Object.defineProperty(view, name, { enumerable: true, get: () => (group() as Record<string, unknown>)[name] })
  }
}

/** A root folder: of a person's My Drive, or of a shared drive. */
export const isRootOf = (call: DriveCall, file: File): boolean =>
  file.mimeType === FOLDER && (file.driveId === file.id || call.tables.users.by('root', file.id) !== undefined)

function identity(call: DriveCall, file: File) {
  const own = file.appProperties?.[call.caller.clientId]
  return {
    id: file.id,
    name: file.name,
    mimeType: file.mimeType,
    ...(file.description !== undefined && { description: file.description }),
    explicitlyTrashed: file.trashed !== undefined,
    ...(file.properties && Object.keys(file.properties).length > 0 && { properties: file.properties }),
    ...(own && Object.keys(own).length > 0 && { appProperties: own }),
    spaces: [file.space],
    version: String(file.version),
    createdTime: timestamp(file.createdTime),
    modifiedTime: timestamp(file.modifiedTime),
    ...(file.driveId && { driveId: file.driveId, teamDriveId: file.driveId }),
    ...(file.folderColorRgb && { folderColorRgb: file.folderColorRgb }),
    ...(file.contentRestrictions?.length && {
      contentRestrictions: file.contentRestrictions.map((restriction) => restrictionView(call, restriction)),
    }),
  }
}

/** Where the file lies: its folder, or the trash. */
const place = (call: DriveCall, file: File) => ({
  trashed: isTrashed(call, file),
  ...(file.trashed && { trashedTime: timestamp(file.trashed.at) }),
  ...(file.trashed && file.driveId && { trashingUser: userOf(call, file.trashed.by) }),
  ...(visibleParent(call, file) && { parents: [file.parentId as string] }),
})

/** The parent, when the caller may see it: files shared on their own show none. */
function visibleParent(call: DriveCall, file: File): boolean {
  const parent = file.parentId === undefined ? undefined : call.tables.files.get(file.parentId)
  return parent !== undefined && accessOf(call, parent) !== undefined
}

function restrictionView(call: DriveCall, restriction: NonNullable<File['contentRestrictions']>[number]) {
  return {
    readOnly: restriction.readOnly,
    ...(restriction.reason !== undefined && { reason: restriction.reason }),
    ...(restriction.readOnly && {
      type: 'globalContentRestriction',
      ownerRestricted: restriction.ownerRestricted ?? false,
    }),
    ...(restriction.restrictedAt !== undefined && { restrictionTime: timestamp(restriction.restrictedAt) }),
    ...(restriction.restrictedBy && { restrictingUser: userOf(call, restriction.restrictedBy) }),
  }
}

/** What the caller has with the file. */
function personal(call: DriveCall, file: File, user: User | undefined) {
  const viewing = user && viewingOf(call, file.id, user.id)
  const time = (name: string, instant: number | undefined) => instant !== undefined && { [name]: timestamp(instant) }
  return {
    starred: viewing?.starred ?? false,
    viewedByMe: viewing?.viewedByMeTime !== undefined,
    ...time('viewedByMeTime', viewing?.viewedByMeTime),
    modifiedByMe: viewing?.modifiedByMeTime !== undefined,
    ...time('modifiedByMeTime', viewing?.modifiedByMeTime),
    ...time('sharedWithMeTime', viewing?.sharedWithMeTime),
    ...(viewing?.sharingUserId && { sharingUser: userOf(call, viewing.sharingUserId) }),
    ...(file.lastModifyingUserId && { lastModifyingUser: userOf(call, file.lastModifyingUserId) }),
  }
}

function sharing(call: DriveCall, file: File, user: User | undefined, canShare: boolean) {
  const grants = grantsOn(call, file)
  const common = {
    viewersCanCopyContent: !file.copyRequiresWriterPermission,
    copyRequiresWriterPermission: file.copyRequiresWriterPermission ?? false,
    writersCanShare: file.writersCanShare ?? !file.driveId,
  }
  if (file.driveId) {
    const { tables } = call
    return {
      ...common,
      hasAugmentedPermissions: tables.permissions.where('file', file.id).length > 0 && file.id !== file.driveId,
      ...(canShare && { permissionIds: grants.map(({ id }) => id) }),
    }
  }
  const owner = file.ownerId ? call.tables.users.get(file.ownerId) : undefined
  const role = user && accessOf(call, file)
  return {
    ...common,
    ...(owner && { owners: [userView(owner, call.caller)] }),
    shared: grants.some(({ role }) => role !== 'owner'),
    ownedByMe: owner !== undefined && owner.id === user?.id,
    ...(canShare && { permissions: grants.map((grant) => permissionView(call, file, grant)) }),
    ...(atLeast(role, 'writer') && { permissionIds: grants.map(({ id }) => id) }),
  }
}

const DOCS = 'https://docs.google.com'
const EDITOR_PATHS: Readonly<Record<string, string>> = {
  document: 'document',
  spreadsheet: 'spreadsheets',
  presentation: 'presentation',
  drawing: 'drawings',
  form: 'forms',
}

const shortType = (mimeType: string) => mimeType.slice(mimeType.lastIndexOf('.') + 1)

/** The page of a file in a browser. */
export function webViewLink(file: File): string {
  const editor = isAppsType(file.mimeType) ? EDITOR_PATHS[shortType(file.mimeType)] : undefined
  if (editor) return `${DOCS}/${editor}/d/${file.id}/edit?usp=drivesdk`
  if (file.mimeType === FOLDER) return `https://drive.google.com/drive/folders/${file.id}`
  return `https://drive.google.com/file/d/${file.id}/view?usp=drivesdk`
}

function links(call: DriveCall, file: File) {
  return {
    webViewLink: webViewLink(file),
    ...(file.blob && { webContentLink: downloadLink(call, file.id) }),
    iconLink: `https://drive-thirdparty.googleusercontent.com/16/type/${file.mimeType}`,
    hasThumbnail: file.thumbnail !== undefined,
    thumbnailVersion: file.thumbnail ? '1' : '0',
    ...(file.thumbnail && { thumbnailLink: `https://lh3.googleusercontent.com/drive-storage/${file.id}=s220` }),
    ...(isEditorType(file.mimeType) &&
      EXPORT_FORMATS[file.mimeType] && { exportLinks: exportLinks(call, file.id, file.mimeType) }),
  }
}

function content(call: DriveCall, file: File) {
  if (file.shortcut) return { quotaBytesUsed: '0', shortcutDetails: shortcutDetails(call, file.shortcut) }
  const { blob } = file
  if (!blob) {
    // An editors file counts one kilobyte (recorded in v2); folders count nothing and have no size.
    return isEditorType(file.mimeType) ? { size: '1024', quotaBytesUsed: '1024' } : { quotaBytesUsed: '0' }
  }
  return {
    originalFilename: file.originalFilename ?? file.name,
    ...extensions(file.name),
    md5Checksum: blob.md5,
    sha1Checksum: blob.sha1,
    sha256Checksum: blob.sha256,
    size: String(blob.size),
    quotaBytesUsed: String(blob.size),
    headRevisionId: file.headRevisionId,
    ...(file.imageMediaMetadata && { imageMediaMetadata: file.imageMediaMetadata }),
  }
}

function extensions(name: string) {
  const extension = extensionOf(name) ?? ''
  return { fullFileExtension: fullExtensionOf(name) ?? '', fileExtension: extension }
}

function shortcutDetails(call: DriveCall, { targetId, targetMimeType }: NonNullable<File['shortcut']>) {
  return { targetId, targetMimeType: call.tables.files.get(targetId)?.mimeType ?? targetMimeType }
}

function labelsOf(call: DriveCall, file: File, includeLabels: string) {
  const wanted = includeLabels.split(',').map((id) => id.trim())
  return Object.entries(file.labels ?? {})
    .filter(([id]) => wanted.includes(id))
    .map(([id, fields]) => labelView(call, id, fields))
}
