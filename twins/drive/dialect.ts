import type { Operation } from '../../shared/kernel/contract.ts'
import type { EarlyCall } from '../../shared/kernel/dialect.ts'
import type { Tables } from '../../shared/universe/table.ts'
import type { GoogleCaller } from '../google/caller.ts'
import { googleDialect } from '../google/dialect.ts'
import type { GoogleTables } from '../google/tables.ts'
import { driveContract } from './contract.ts'
import { uploadNotFound } from './errors.ts'
import type { DriveTables } from './tables.ts'

const FILE = 'kind,id,name,mimeType,resourceKey,driveId,teamDriveId'
const PERMISSION = 'kind,id,type,role,allowFileDiscovery'
const REVISION = 'kind,id,mimeType,modifiedTime'

/** What a v3 reply holds when the caller names no fields, by its schema. Other replies are whole. */
const DEFAULT_FIELDS: Readonly<Record<string, string>> = {
  File: FILE,
  FileList: `kind,incompleteSearch,nextPageToken,files(${FILE})`,
  Permission: PERMISSION,
  PermissionList: `kind,nextPageToken,permissions(${PERMISSION})`,
  Drive: 'kind,id,name',
  DriveList: 'kind,nextPageToken,drives(kind,id,name)',
  TeamDrive: 'kind,id,name',
  TeamDriveList: 'kind,nextPageToken,teamDrives(kind,id,name)',
  Revision: REVISION,
  RevisionList: `kind,nextPageToken,revisions(${REVISION})`,
  ChangeList: `kind,nextPageToken,newStartPageToken,changes(kind,type,changeType,time,removed,fileId,file(${FILE}),driveId,teamDriveId,drive(kind,id,name))`,
}

function defaultFields(operation: Operation): string | undefined {
  const schema = operation.responses['200']?.content?.['application/json']?.schema
  const reference = typeof schema === 'object' ? schema.$ref : undefined
  return typeof reference === 'string' ? DEFAULT_FIELDS[reference.slice('#/components/schemas/'.length)] : undefined
}

/** Paths whose body is media, or metadata and media, read by the handler. */
export const UPLOAD = /^(\/resumable)?\/upload\//

/** A resumable upload's address is its credential. */
function uploaderOf(call: EarlyCall<GoogleTables, GoogleCaller>): GoogleCaller | undefined {
  const id = /(?:^|&)upload_id=([^&]+)/.exec(call.request.search)?.[1]
  if (id === undefined) return undefined
  // The tables of a Drive call are Drive's; the shared dialect's type names only what all three have.
  const session = (call.tables as Tables<DriveTables>).uploads.get(id)
  const user = session && call.tables.users.get(session.userId)
  if (!user) throw uploadNotFound()
  return { user, clientId: session.clientId, scopes: session.scopes }
}

/** The published limit of an upload is 5 TB; bodies are held in memory here. */
const UPLOAD_LIMIT = 512 * 1024 * 1024

export const dialect = googleDialect<DriveTables>({
  name: 'drive',
  title: 'Google Drive API',
  envelope: 'legacy',
  contract: driveContract,
  protoPackage: 'google.apps.drive.v3',
  unknownNames: 'ignore',
  defaultFields,
  bodyLimit: (operation) =>
    operation['x-google-mediaUpload'] || operation.tags?.includes('uploads') ? UPLOAD_LIMIT : 10 * 1024 * 1024,
  readsBytes: ({ path }) => UPLOAD.test(path),
  guest: uploaderOf,
  // Recorded on every v3 reply.
  headers: {
    vary: 'Origin, X-Origin',
    'cache-control': 'no-cache, no-store, max-age=0, must-revalidate',
    pragma: 'no-cache',
    expires: 'Mon, 01 Jan 1990 00:00:00 GMT',
    'x-content-type-options': 'nosniff',
    'x-frame-options': 'SAMEORIGIN',
    'x-xss-protection': '0',
    server: 'ESF',
  },
  quotas: ({ caller, request }) => [
    {
      key: `${caller?.user?.id ?? 'key'} ${request.method === 'GET' ? 'read' : 'write'}`,
      limit: 12_000,
      window: 60_000,
    },
  ],
})
