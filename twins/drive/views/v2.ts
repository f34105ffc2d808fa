import { createHash } from 'node:crypto'
import { accessOf, type Grant, grantsOn } from '../../google/access.ts'
import { callerUser } from '../../google/caller.ts'
import { nextChange, viewingOf } from '../../google/files.ts'
import type { File, Revision, User } from '../../google/tables.ts'
import { timestamp } from '../../google/time.ts'
import type { DriveCall } from '../operations/define.ts'
import { EXPORT_FORMATS, IMPORT_FORMATS, QUOTA } from '../rules/formats.ts'
import { type FileMetadata, FOLDER_COLORS } from '../rules/metadata.ts'
import { fileMetadata } from '../rules/upload.ts'
import { fileView, isRootOf } from './file.ts'
import { exportLinks } from './links.ts'
import { permissionView } from './permission.ts'

/** Drive v2: the same files under their older names. Shape recorded from insert, update and get of 2018 and 2023. */

const SELF = 'https://www.googleapis.com/drive/v2/files'

/** v2's etag: the modification time, in base64. */
export const v2Etag = (file: File): string =>
  `"${Buffer.from(String(file.modifiedTime)).toString('base64').replace(/=+$/, '')}"`

const v2User = (call: DriveCall, user: User) => ({
  kind: 'drive#user',
  displayName: user.displayName,
  ...(user.photoLink && { picture: { url: user.photoLink } }),
  isAuthenticatedUser: user.id === call.caller.user?.id,
  permissionId: user.id,
  emailAddress: user.email,
})

/** drive#file as v2 has it. */
export function v2FileView(call: DriveCall, file: File) {
  const view = fileView(call, file)
  const viewing = call.caller.user && viewingOf(call, file.id, call.caller.user.id)
  const date = (name: string, at: number | undefined) => at !== undefined && { [name]: timestamp(at) }
  const editable = view.capabilities.canEdit === true
  const modifier = call.tables.users.get(file.lastModifyingUserId ?? '')
  const owner = call.tables.users.get(file.ownerId ?? '')
  const size = 'size' in view ? view.size : undefined
  return {
    kind: 'drive#file',
    id: file.id,
    etag: v2Etag(file),
    selfLink: `${SELF}/${file.id}`,
    ...('webContentLink' in view && {
      webContentLink: view.webContentLink,
      downloadUrl: call.link(`/drive/v2/files/${file.id}?alt=media&source=downloadUrl`),
    }),
    alternateLink: view.webViewLink,
    ...('exportLinks' in view && {
      embedLink: `${view.webViewLink.replace(/\/edit.*$/, '')}/htmlembed?ouid=${call.caller.user?.subject ?? ''}`,
    }),
    iconLink: view.iconLink,
    ...('exportLinks' in view && {
      thumbnailLink: `https://docs.google.com/feeds/vt?gd=true&id=${file.id}&v=1&s=${file.version}&sz=s220`,
    }),
    title: file.name,
    mimeType: file.mimeType,
    ...(file.description !== undefined && { description: file.description }),
    labels: {
      starred: view.starred,
      hidden: false,
      trashed: view.trashed,
      restricted: view.copyRequiresWriterPermission,
      viewed: view.viewedByMe,
    },
    copyRequiresWriterPermission: view.copyRequiresWriterPermission,
    createdDate: view.createdTime,
    modifiedDate: view.modifiedTime,
    ...date('modifiedByMeDate', viewing?.modifiedByMeTime),
    ...date('lastViewedByMeDate', viewing?.viewedByMeTime),
    markedViewedByMeDate: timestamp(0),
    ...date('sharedWithMeDate', viewing?.sharedWithMeTime),
    version: view.version,
    parents: (view.parents ?? []).map((id) => parentReference(call, file, id)),
    ...('exportLinks' in view && { exportLinks: view.exportLinks }),
    userPermission: userPermission(call, file),
    ...('originalFilename' in view && {
      originalFilename: view.originalFilename,
      fileExtension: view.fileExtension,
      md5Checksum: view.md5Checksum,
      headRevisionId: view.headRevisionId,
    }),
    ...(size !== undefined && { fileSize: size }),
    quotaBytesUsed: view.quotaBytesUsed,
    ownerNames: owner ? [owner.displayName] : [],
    owners: owner ? [v2User(call, owner)] : [],
    ...(modifier && { lastModifyingUserName: modifier.displayName, lastModifyingUser: v2User(call, modifier) }),
    capabilities: { canCopy: view.capabilities.canCopy, canEdit: editable },
    editable,
    copyable: view.capabilities.canCopy,
    writersCanShare: view.writersCanShare,
    shared: grantsOn(call, file).some(({ role }) => role !== 'owner'),
    explicitlyTrashed: view.explicitlyTrashed,
    appDataContents: file.space === 'appDataFolder',
    spaces: view.spaces,
    ...(file.driveId && { driveId: file.driveId, teamDriveId: file.driveId }),
    // Not among the default fields: a reply without a mask leaves them out (recorded).
    ...(call.query.fields && {
      hasThumbnail: view.hasThumbnail,
      thumbnailVersion: view.thumbnailVersion,
      ...(view.capabilities.canShare && {
        permissions: grantsOn(call, file).map((one) => v2PermissionView(call, file, one)),
      }),
    }),
  }
}

/** drive#about as v2 has it. */
export function v2AboutView(call: DriveCall) {
  const user = callerUser(call)
  const used = call.tables.files.where('owner', user.id).reduce((total, { blob }) => total + (blob?.size ?? 0), 0)
  const pairs = (formats: Readonly<Record<string, readonly string[]>>) =>
    Object.entries(formats).map(([source, targets]) => ({ source, targets }))
  return {
    kind: 'drive#about',
    etag: `"${user.id}"`,
    selfLink: 'https://www.googleapis.com/drive/v2/about',
    name: user.displayName,
    user: v2User(call, user),
    quotaBytesTotal: String(QUOTA),
    quotaBytesUsed: String(used),
    quotaBytesUsedAggregate: String(used),
    quotaBytesUsedInTrash: '0',
    quotaType: 'LIMITED',
    largestChangeId: String(nextChange(call) - 1),
    rootFolderId: user.rootId,
    domainSharingPolicy: 'allowed',
    permissionId: user.id,
    importFormats: pairs(IMPORT_FORMATS),
    exportFormats: pairs(EXPORT_FORMATS),
    isCurrentAppInstalled: true,
    languageCode: 'en-US',
    folderColorPalette: FOLDER_COLORS,
  }
}

function parentReference(call: DriveCall, file: File, id: string) {
  const parent = call.tables.files.get(id)
  return {
    kind: 'drive#parentReference',
    id,
    selfLink: `${SELF}/${file.id}/parents/${id}`,
    parentLink: `${SELF}/${id}`,
    isRoot: parent !== undefined && isRootOf(call, parent),
  }
}

function userPermission(call: DriveCall, file: File) {
  const role = accessOf(call, file) ?? 'reader'
  return {
    kind: 'drive#permission',
    etag: `"${createHash('sha1').update(`${file.id} ${role}`).digest('base64url')}"`,
    id: 'me',
    selfLink: `${SELF}/${file.id}/permissions/me`,
    role: role === 'commenter' ? 'reader' : role,
    ...(role === 'commenter' && { additionalRoles: ['commenter'] }),
    type: 'user',
    pendingOwner: false,
  }
}

/** drive#permission of v2: names people `name`, and a commenter a reader with an additional role. */
export function v2PermissionView(call: DriveCall, file: File, permission: Grant) {
  const { displayName, ...view } = permissionView(call, file, permission) as { displayName?: string; role: string }
  const commenter = permission.role === 'commenter'
  return {
    ...view,
    etag: `"${createHash('sha1').update(`${file.id} ${permission.id} ${permission.role}`).digest('base64url')}"`,
    selfLink: `${SELF}/${file.id}/permissions/${permission.id}`,
    role: commenter ? 'reader' : view.role,
    ...(commenter && { additionalRoles: ['commenter'] }),
    ...(displayName && { name: displayName }),
    ...(permission.id === 'anyoneWithLink' && { withLink: true }),
  }
}

/** drive#revision of v2. */
export const v2RevisionView = (call: DriveCall, revision: Revision) => {
  const user = call.tables.users.get(revision.userId ?? '')
  return {
    kind: 'drive#revision',
    etag: `"${createHash('sha1').update(`${revision.fileId} ${revision.id}`).digest('base64url')}"`,
    id: revision.id,
    selfLink: `${SELF}/${revision.fileId}/revisions/${revision.id}`,
    mimeType: revision.mimeType,
    modifiedDate: timestamp(revision.modifiedTime),
    published: revision.published ?? false,
    ...(user && { lastModifyingUserName: user.displayName, lastModifyingUser: v2User(call, user) }),
    ...(revision.blob
      ? {
          pinned: revision.keepForever ?? false,
          downloadUrl: call.link(`/drive/v3/files/${revision.fileId}/revisions/${revision.id}?alt=media`),
          originalFilename: revision.originalFilename,
          md5Checksum: revision.blob.md5,
          fileSize: String(revision.blob.size),
        }
      : { exportLinks: exportLinks(call, revision.fileId, revision.mimeType, revision.id) }),
  }
}

interface V2Body {
  readonly title?: string
  readonly createdDate?: string
  readonly modifiedDate?: string
  readonly parents?: readonly { readonly id?: string }[]
  readonly labels?: { readonly starred?: boolean; readonly trashed?: boolean }
  readonly properties?: readonly { readonly key?: string; readonly value?: string; readonly visibility?: string }[]
  readonly [same: string]: unknown
}

/** A v2 body in v3's terms. Members with the same name pass. */
export function v2Metadata(json: unknown): FileMetadata {
  const { title, createdDate, modifiedDate, parents, labels, properties, ...same } = (json ?? {}) as V2Body
  const entries = (visibility: string) =>
    properties
      ?.filter((property) => (property.visibility ?? 'PRIVATE') === visibility)
      .map(({ key = '', value = '' }) => [key, value] as const)
  const open = entries('PUBLIC')
  const own = entries('PRIVATE')
  return fileMetadata({
    ...same,
    ...(title !== undefined && { name: title }),
    ...(createdDate !== undefined && { createdTime: createdDate }),
    ...(modifiedDate !== undefined && { modifiedTime: modifiedDate }),
    ...(parents && { parents: parents.map(({ id = 'root' }) => id) }),
    ...(labels?.starred !== undefined && { starred: labels.starred }),
    ...(labels?.trashed !== undefined && { trashed: labels.trashed }),
    ...(open?.length && { properties: Object.fromEntries(open) }),
    ...(own?.length && { appProperties: Object.fromEntries(own) }),
  })
}

/** `q` of v2: the same language with older names. */
export const v2Query = (q: string): string =>
  q.replace(
    /'(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*"|\b(title|createdDate|modifiedDate|lastViewedByMeDate)\b/g,
    (match, name?: string) => (name ? (V2_FIELDS[name] as string) : match),
  )

const V2_FIELDS: Readonly<Record<string, string>> = {
  title: 'name',
  createdDate: 'createdTime',
  modifiedDate: 'modifiedTime',
  lastViewedByMeDate: 'viewedByMeTime',
}
