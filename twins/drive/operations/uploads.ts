import type { Incoming } from '../../../shared/kernel/incoming.ts'
import { ok, type Reply } from '../../../shared/kernel/reply.ts'
import { BASE64URL } from '../../../shared/universe/random.ts'
import { callerUser } from '../../google/caller.ts'
import { legacyError } from '../../google/errors.ts'
import type { File } from '../../google/tables.ts'
import { DAY } from '../../google/time.ts'
import { badRequestOf, fileNotFound, uploadNotFound } from '../errors.ts'
import { type ContentOptions, makeFile } from '../rules/content.ts'
import { fileFor, fileOf } from '../rules/lookup.ts'
import { parseContentRange, type Upload } from '../rules/upload.ts'
import type { UploadSession } from '../tables.ts'
import { VERSIONS, type VersionName } from '../views/versions.ts'
import type { DriveCall } from './define.ts'
import { applyUpdate } from './files.ts'

/** Resumable uploads: a session, chunks of 256 KiB, 308 until the last one. */

type SessionCall = DriveCall & { readonly request: Incoming; readonly query: ContentOptions }

/** Chunks but the last are multiples of this. */
const CHUNK = 256 * 1024
const SESSION_LIFE = 7 * DAY

/** Opens a session. Its address is the request's own with an upload id. */
export function startUpload(
  call: SessionCall,
  upload: Extract<Upload, { kind: 'resumable' }>,
  version: VersionName,
  fileId?: string,
): Reply {
  const { request } = call
  if (fileId !== undefined) fileFor(call, fileId, 'canModifyContent')
  const id = `A${call.random.text(119, BASE64URL)}`
  call.tables.uploads.insert({
    id,
    userId: callerUser(call).id,
    clientId: call.caller.clientId,
    scopes: call.caller.scopes,
    version,
    metadata: (upload.metadata ?? {}) as Record<string, unknown>,
    received: new Uint8Array(),
    startedAt: call.now,
    ...(fileId !== undefined && { fileId }),
    ...(upload.contentType && { contentType: upload.contentType }),
    ...(upload.total !== undefined && { total: upload.total }),
  })
  const query = request.search ? `${request.search}&` : ''
  return {
    status: 200,
    headers: {
      location: call.link(`${request.path}?${query}upload_id=${id}`),
      'x-guploader-uploadid': id,
      'x-goog-upload-status': 'active',
      'content-length': '0',
    },
  }
}

/** A chunk, a probe or the last bytes. */
export function continueUpload(call: SessionCall): Reply {
  const session = sessionOf(call)
  if (session.resultId !== undefined) return finished(call, session.resultId, session.version)
  const { bytes } = call.request
  const header = call.request.header('content-range')
  const range = parseContentRange(header)
  if (header !== undefined && !range) throw badRequestOf('Failed to parse Content-Range header.')
  const total = range?.total ?? session.total
  const probe = range !== undefined && range.first === undefined
  if (probe && !(range.total !== undefined && session.received.length === range.total)) return incomplete(call, session)
  const received = probe ? session.received : append(session, bytes, range?.first)
  if (!received) return incomplete(call, session)
  const complete = range === undefined || (range.total !== undefined && received.length >= range.total)
  const next = { ...session, received, ...(total !== undefined && { total }) }
  if (!complete) {
    if (bytes.length % CHUNK !== 0) throw badRequestOf(`The uploaded chunk size must be a multiple of ${CHUNK} bytes.`)
    call.tables.uploads.replace(next)
    return incomplete(call, next)
  }
  const file = store(call, next)
  // What was received is in the blob store now.
  call.tables.uploads.replace({ ...next, received: new Uint8Array(), resultId: file.id })
  return finished(call, file.id, session.version)
}

function append({ received }: UploadSession, bytes: Uint8Array, first = 0): Uint8Array | undefined {
  // A gap is answered with what is there; bytes sent twice are not stored twice.
  if (first > received.length) return undefined
  const fresh = bytes.subarray(received.length - first)
  const joined = new Uint8Array(received.length + fresh.length)
  joined.set(received)
  joined.set(fresh, received.length)
  return joined
}

function incomplete(call: SessionCall, { id, received }: UploadSession): Reply {
  const headers = {
    'x-guploader-uploadid': id,
    'content-length': '0',
    'content-type': 'text/html; charset=utf-8',
    ...(received.length > 0 && { range: `bytes=0-${received.length - 1}` }),
  }
  // Clients that cannot bear a 308 ask for a 200 that says so.
  if (call.request.header('x-guploader-no-308') === 'yes')
    return { status: 200, body: '', headers: { ...headers, 'x-http-status-code-override': '308' } }
  return { status: 308, body: '', headers }
}

function sessionOf(call: SessionCall): UploadSession {
  const id = new URLSearchParams(call.request.search).get('upload_id') ?? ''
  const session = call.tables.uploads.get(id)
  if (!session) throw uploadNotFound()
  if (call.now - session.startedAt > SESSION_LIFE) throw legacyError({ code: 410, reason: 'gone', message: 'Gone' })
  return session
}

function store(call: SessionCall, session: UploadSession): File {
  const media = { type: session.contentType?.split(';')[0]?.trim(), bytes: session.received }
  const metadata = VERSIONS[session.version].metadata(session.metadata)
  if (session.fileId === undefined) return makeFile(call, metadata, media, call.query)
  return applyUpdate(call, fileOf(call, session.fileId), metadata, media)
}

function finished(call: SessionCall, fileId: string, version: VersionName): Reply {
  const file = call.tables.files.get(fileId)
  if (!file) throw fileNotFound(fileId)
  return ok(VERSIONS[version].view(call, file))
}

/** DELETE on the session's address: given up. */
export function cancelUpload(call: SessionCall): Reply {
  call.tables.uploads.remove(sessionOf(call).id)
  return { status: 499, body: '', headers: { 'content-type': 'text/html' } }
}
