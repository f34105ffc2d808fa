import { FOLDER } from '../../google/ids.ts'
import type { ContentRestriction, File } from '../../google/tables.ts'
import { parseTimestamp } from '../../google/time.ts'
import { contentRestricted, fieldNotWritable, insufficientFilePermissions, invalidBody } from '../errors.ts'
import type { DriveCall } from '../operations/define.ts'
import type { Capabilities } from '../views/capabilities.ts'

/** What a caller may set on a file: the writable part of drive#file. */
export interface FileMetadata {
  readonly id?: string
  readonly name?: string
  readonly mimeType?: string
  readonly description?: string
  readonly parents?: readonly string[]
  readonly starred?: boolean
  readonly trashed?: boolean
  readonly properties?: Readonly<Record<string, string | null>>
  readonly appProperties?: Readonly<Record<string, string | null>>
  readonly createdTime?: string
  readonly modifiedTime?: string
  readonly viewedByMeTime?: string
  readonly folderColorRgb?: string
  readonly originalFilename?: string
  readonly writersCanShare?: boolean
  readonly copyRequiresWriterPermission?: boolean
  readonly viewersCanCopyContent?: boolean
  readonly inheritedPermissionsDisabled?: boolean
  readonly downloadRestrictions?: object
  readonly contentHints?: {
    readonly indexableText?: string
    readonly thumbnail?: { readonly image?: string; readonly mimeType?: string }
  }
  readonly contentRestrictions?: readonly {
    readonly readOnly?: boolean
    readonly reason?: string
    readonly ownerRestricted?: boolean
  }[]
  readonly shortcutDetails?: { readonly targetId?: string }
}

/** The palette of folder colours, as `about` lists it (recorded). */
export const FOLDER_COLORS = [
  '#ac725e', '#d06b64', '#f83a22', '#fa573c', '#ff7537', '#ffad46', '#fad165', '#fbe983', '#b3dc6c', '#7bd148', '#16a765', '#42d692',
  '#92e1c0', '#9fe1e7', '#9fc6e7', '#4986e7', '#9a9cff', '#b99aff', '#a47ae2', '#cd74e6', '#f691b2', '#cca6ac', '#cabdbf', '#8f8f8f',
] // biome-ignore format: a palette

/** The nearest colour of the palette: any other is replaced by it. */
export function snapColor(color: string): string {
  const [r, g, b] = channels(color)
  const distance = (other: string) => {
    const [x, y, z] = channels(other)
    return (r - x) ** 2 + (g - y) ** 2 + (b - z) ** 2
  }
  return FOLDER_COLORS.reduce((best, other) => (distance(other) < distance(best) ? other : best))
}

function channels(color: string): [number, number, number] {
  const value = /^#?([0-9a-f]{6})$/i.exec(color)?.[1]
  if (!value) throw invalidBody('Invalid Value')
  return [0, 2, 4].map((at) => Number.parseInt(value.slice(at, at + 2), 16)) as [number, number, number]
}

/** Longest key and value of a property together, bytes of UTF-8. */
const PROPERTY_BYTES = 124
const MOST_PROPERTIES = 30

/** Merges properties: `null` deletes a key. */
export function mergeProperties(
  before: Readonly<Record<string, string>> | undefined,
  changes: Readonly<Record<string, string | null>> | undefined,
): Readonly<Record<string, string>> | undefined {
  if (!changes) return before
  const merged: Record<string, string> = { ...before }
  for (const [key, value] of Object.entries(changes)) {
    if (value === null) delete merged[key]
    else if (Buffer.byteLength(key + value) > PROPERTY_BYTES)
      throw invalidBody(`Property length exceeds the limit of ${PROPERTY_BYTES} bytes: ${key}`)
    else merged[key] = value
  }
  if (Object.keys(merged).length > MOST_PROPERTIES) throw invalidBody('Too many properties set on this file.')
  return merged
}

function time(text: string | undefined): number | undefined {
  if (text === undefined) return undefined
  const instant = parseTimestamp(text)
  if (instant === undefined) throw invalidBody('Invalid Value')
  return instant
}

/** The row fields that metadata sets, on creation and on update alike. Absent members set nothing. */
export function rowChanges(call: DriveCall, metadata: FileMetadata, before?: File): Partial<File> {
  const { clientId } = call.caller
  const { contentHints: hints } = metadata
  const thumbnail = hints?.thumbnail
  const changes: Record<string, unknown> = {
    name: metadata.name,
    description: metadata.description,
    properties: mergeProperties(before?.properties, metadata.properties),
    appProperties: metadata.appProperties && {
      ...before?.appProperties,
      [clientId]: mergeProperties(before?.appProperties?.[clientId], metadata.appProperties),
    },
    createdTime: time(metadata.createdTime),
    modifiedTime: time(metadata.modifiedTime),
    folderColorRgb:
      metadata.folderColorRgb && (metadata.mimeType ?? before?.mimeType) === FOLDER
        ? snapColor(metadata.folderColorRgb)
        : undefined,
    originalFilename: metadata.originalFilename,
    writersCanShare: metadata.writersCanShare,
    copyRequiresWriterPermission:
      metadata.copyRequiresWriterPermission ??
      (metadata.viewersCanCopyContent === undefined ? undefined : !metadata.viewersCanCopyContent),
    inheritedPermissionsDisabled: metadata.inheritedPermissionsDisabled,
    downloadRestrictions: metadata.downloadRestrictions,
    indexableText: hints?.indexableText,
    thumbnail: thumbnail?.image && { image: thumbnail.image, mimeType: thumbnail.mimeType ?? 'image/png' },
    contentRestrictions: metadata.contentRestrictions?.map((restriction) => restrictionRow(call, restriction)),
  }
  return Object.fromEntries(Object.entries(changes).filter(([, value]) => value !== undefined))
}

function restrictionRow(
  call: DriveCall,
  { readOnly = false, reason, ownerRestricted }: NonNullable<FileMetadata['contentRestrictions']>[number],
): ContentRestriction {
  return {
    readOnly,
    ...(reason !== undefined && { reason }),
    ...(ownerRestricted !== undefined && { ownerRestricted }),
    ...(readOnly && { restrictedBy: call.caller.user?.id, restrictedAt: call.now }),
  }
}

/** Members of drive#file that an update may not carry. */
const READ_ONLY_ON_UPDATE = [
  'id',
  'createdTime',
  'size',
  'version',
  'shortcutDetails',
  'owners',
  'permissions',
  'md5Checksum',
  'webViewLink',
] as const

/** Which capability each member needs; the rest need `canEdit`. */
const CAPABILITY_OF: Readonly<Record<string, string>> = {
  name: 'canRename',
  trashed: 'canTrash',
  writersCanShare: 'canShare',
  copyRequiresWriterPermission: 'canChangeCopyRequiresWriterPermission',
  viewersCanCopyContent: 'canChangeCopyRequiresWriterPermission',
  contentRestrictions: 'canModifyContentRestriction',
  inheritedPermissionsDisabled: 'canShare',
  downloadRestrictions: 'canChangeItemDownloadRestriction',
}
/** A reader's own business. */
const PERSONAL = new Set(['starred', 'viewedByMeTime'])

/** Refuses an update the caller may not make. */
export function checkUpdate(metadata: object, file: File, capabilities: Capabilities, before: FileMetadata): void {
  const names = Object.keys(metadata)
  const same = (name: string) =>
    JSON.stringify((metadata as Record<string, unknown>)[name]) ===
    JSON.stringify((before as Record<string, unknown>)[name])
  // Clients send whole resources back: what they did not change is not minded.
  if (names.some((name) => (READ_ONLY_ON_UPDATE as readonly string[]).includes(name) && !same(name)))
    throw fieldNotWritable()
  const locked = file.contentRestrictions?.some(({ readOnly }) => readOnly) ?? false
  for (const name of names) {
    if (PERSONAL.has(name) || same(name)) continue
    if (locked && name === 'name') throw contentRestricted()
    if (!capabilities[CAPABILITY_OF[name] ?? 'canEdit'] && !(locked && name !== 'name'))
      throw insufficientFilePermissions()
  }
}
