import { isListed } from '../../google/access.ts'
import type { File } from '../../google/tables.ts'
import { invalidParameter, invalidValue, sharedDriveRequired, sortedFullText } from '../errors.ts'
import type { DriveCall } from '../operations/define.ts'
import { sharedDriveOf } from './lookup.ts'
import { orderOf } from './order.ts'
import { page } from './paging.ts'
import { parentOf, searchOf } from './search.ts'

/** files.list of both versions: which files are looked at, searched, sorted and paged. */

interface Listing {
  readonly q?: string
  readonly orderBy?: string
  readonly pageSize?: number
  readonly pageToken?: string
}

/** A page of the files that the call's corpora, drive and spaces hold. */
export function listFiles(
  call: DriveCall & { query: Record<string, unknown> },
  { q, orderBy, pageSize = 100, pageToken }: Listing,
): { items: File[]; nextPageToken?: string } {
  const candidates = candidatesOf(call)
  const search = q ? searchOf(call, q) : undefined
  if (search?.fullText && orderBy) throw sortedFullText()
  const parent = search && parentOf(call, search.term)
  const pool = parent === undefined ? candidates.pool() : call.tables.files.where('parent', parent)
  const order = orderOf(call, orderBy)
  const found = pool
    .filter((file) => (!search || search.matches(file)) && candidates.includes(file))
    .map((file) => ({ file, keys: order.keysOf(file) }))
    .sort((a, b) => order.compare(a.keys, b.keys))
  const { corpora, driveId, spaces } = call.query
  const { items, nextPageToken } = page(found, {
    size: pageSize,
    token: pageToken,
    question: JSON.stringify([q, orderBy, corpora, driveId, spaces]),
    keysOf: ({ keys }) => keys,
    compare: order.compare,
  })
  return { items: items.map(({ file }) => file), ...(nextPageToken && { nextPageToken }) }
}

/** Names of corpora that v2 and team drives had. */
const OLD_CORPORA: Readonly<Record<string, string>> = {
  default: 'user',
  DEFAULT: 'user',
  DOMAIN: 'domain',
  teamDrive: 'drive',
}

/** Which files a listing looks at: the caller's, a domain's, a shared drive's, or all. */
function candidatesOf(call: DriveCall & { query: Record<string, unknown> }): {
  pool: () => File[]
  includes: (file: File) => boolean
} {
  const { tables } = call
  const {
    corpora: asked,
    driveId: drive,
    spaces = 'drive',
    includeItemsFromAllDrives,
    includeTeamDriveItems,
    teamDriveId,
    corpus,
  } = call.query
  const driveId = (drive ?? teamDriveId) as string | undefined
  const named = (asked ?? corpus ?? (driveId ? 'drive' : 'user')) as string
  const corpora = OLD_CORPORA[named] ?? named
  const everyDrive = includeItemsFromAllDrives === true || includeTeamDriveItems === true
  const wanted = (spaces as string).split(',').map((space) => space.trim())
  if (!wanted.every((space) => ['drive', 'appDataFolder', 'photos'].includes(space))) throw invalidValue('spaces')
  const own = (file: File) =>
    wanted.includes(file.space) &&
    !isRoot(call, file) &&
    (file.space === 'appDataFolder'
      ? file.ownerId === call.caller.user?.id && isListed(call, file)
      : isListed(call, file))
  switch (corpora) {
    case 'user':
      if (drive !== undefined)
        throw sharedDriveRequired(
          "The driveId parameter must be specified only if the corpora parameter is set to 'drive'.",
          'driveId',
        )
      return {
        pool: () => tables.files.all(),
        includes: (file) => own(file) && (file.driveId === undefined || everyDrive),
      }
    case 'domain':
      return { pool: () => tables.files.all(), includes: (file) => own(file) && file.driveId === undefined }
    case 'allDrives':
    case 'drive': {
      if (!everyDrive)
        throw sharedDriveRequired(
          `The includeItemsFromAllDrives parameter must be set to true when the corpora parameter is set to '${corpora}'.`,
          'includeItemsFromAllDrives',
        )
      if (corpora === 'allDrives') return { pool: () => tables.files.all(), includes: own }
      if (!driveId)
        throw invalidParameter(
          'driveId',
          "The driveId parameter must be specified if the corpora parameter is set to 'drive'.",
        )
      sharedDriveOf(call, driveId)
      return {
        pool: () => tables.files.where('drive', driveId),
        includes: (file) => file.driveId === driveId && own(file),
      }
    }
    default:
      throw invalidValue('corpora')
  }
}

const isRoot = (call: DriveCall, file: File) =>
  file.id === file.driveId ||
  (file.space === 'appDataFolder' && file.parentId === undefined) ||
  call.tables.users.by('root', file.id) !== undefined
