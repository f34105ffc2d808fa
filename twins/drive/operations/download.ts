import type { Incoming } from '../../../shared/kernel/incoming.ts'
import { content, ok, type Reply } from '../../../shared/kernel/reply.ts'
import { readBlob } from '../../google/files.ts'
import { isAppsType } from '../../google/ids.ts'
import type { BlobReference, File } from '../../google/tables.ts'
import { contentTypeOf } from '../../google/types.ts'
import {
  cannotDownloadFile,
  conversionUnsupported,
  exportTooLarge,
  fileNotDownloadable,
  fileNotExportable,
  notFound,
} from '../errors.ts'
import { EXPORT_FORMATS } from '../rules/formats.ts'
import { fileOf } from '../rules/lookup.ts'
import { textPdf } from '../rules/pdf.ts'
import { parseRange } from '../rules/upload.ts'
import type { Capabilities } from '../views/capabilities.ts'
import { type DriveCall, operations } from './define.ts'

const PRIVATE = { 'cache-control': 'private, max-age=0, must-revalidate' }

/** The bytes of a file: `alt=media`. */
export function download(
  call: DriveCall & { readonly request: Incoming },
  file: File,
  capabilities: Capabilities,
): Reply {
  if (!file.blob || isAppsType(file.mimeType)) throw fileNotDownloadable()
  if (!capabilities.canDownload) throw cannotDownloadFile()
  return bytesReply(call, file.blob, file.mimeType)
}

/** Bytes with ranges: 206 for a part, 416 beyond the end. */
export function bytesReply(
  call: DriveCall & { readonly request: Incoming },
  blob: BlobReference,
  mimeType: string,
): Reply {
  const bytes = readBlob(call, blob)
  const headers = {
    ...PRIVATE,
    'content-disposition': 'attachment',
    'accept-ranges': 'bytes',
    'x-goog-hash': `md5=${Buffer.from(blob.md5, 'hex').toString('base64')}`,
  }
  const range = parseRange(call.request.header('range'), bytes.length)
  if (range === null)
    return {
      status: 416,
      body: '',
      headers: { ...headers, 'content-type': 'text/html', 'content-range': `bytes */${bytes.length}` },
    }
  if (!range) return content(bytes, mimeType, headers)
  const { first, last } = range
  return {
    status: 206,
    body: bytes.subarray(first, last + 1),
    headers: { ...headers, 'content-type': mimeType, 'content-range': `bytes ${first}-${last}/${bytes.length}` },
  }
}

/** Exports are limited to 10 MB. */
const EXPORT_LIMIT = 10 * 1024 * 1024

/** The bytes of an editors file in another format. */
export function exportBytes(call: DriveCall, file: File, mimeType: string): Uint8Array | string {
  const formats = EXPORT_FORMATS[file.mimeType]
  if (!formats) throw fileNotExportable()
  if (!formats.includes(mimeType)) throw conversionUnsupported()
  const type = contentTypeOf(file.mimeType)
  const exported = type?.export(call, file, mimeType)
  if (exported !== undefined) return exported
  if (mimeType !== 'application/pdf') call.unmodelled(`export of ${file.mimeType} as ${mimeType}`)
  const text = type?.text(call, file) || file.name
  return mimeType === 'application/pdf' ? textPdf(text) : text
}

export const downloads = operations({
  'drive.files.export': (call) => {
    const { file, capabilities } = fileOf(call, call.params.fileId)
    if (!capabilities.canDownload) throw cannotDownloadFile()
    const { mimeType } = call.query
    const exported = exportBytes(call, file, mimeType)
    const bytes = typeof exported === 'string' ? Buffer.from(exported) : exported
    if (bytes.length > EXPORT_LIMIT) throw exportTooLarge()
    return content(bytes, mimeType, { ...PRIVATE, 'content-disposition': 'attachment' })
  },

  'drive.files.download': (call) => {
    const { file, capabilities } = fileOf(call, call.params.fileId)
    if (!capabilities.canDownload) throw cannotDownloadFile()
    const { mimeType, revisionId } = call.query
    if (isAppsType(file.mimeType) && mimeType && !EXPORT_FORMATS[file.mimeType]?.includes(mimeType))
      throw conversionUnsupported()
    const name = call.random.text(40, '0123456789abcdef')
    const target = mimeType ?? (isAppsType(file.mimeType) ? 'application/pdf' : file.mimeType)
    const operation = call.tables.operations.insert({
      name,
      fileId: file.id,
      mimeType: target,
      ...(revisionId && { revisionId }),
    })
    return ok(operationView(call, operation.name))
  },

  'drive.operations.get': (call) => {
    if (!call.tables.operations.has(call.params.name)) throw notFound('Operation', call.params.name, 'name')
    return ok(operationView(call, call.params.name))
  },
})

/** google.longrunning.Operation of a download: done at once. */
function operationView(call: DriveCall, name: string) {
  const operation = call.tables.operations.get(name)
  const file = operation && call.tables.files.get(operation.fileId)
  if (!operation || !file) throw notFound('Operation', name, 'name')
  const path = isAppsType(file.mimeType)
    ? `/drive/v3/files/${file.id}/export?mimeType=${encodeURIComponent(operation.mimeType)}`
    : operation.revisionId
      ? `/drive/v3/files/${file.id}/revisions/${operation.revisionId}?alt=media`
      : `/drive/v3/files/${file.id}?alt=media`
  return {
    name,
    metadata: { '@type': 'type.googleapis.com/google.apps.drive.v3.DownloadFileMetadata' },
    done: true,
    response: {
      '@type': 'type.googleapis.com/google.apps.drive.v3.DownloadFileResponse',
      downloadUri: call.link(path),
      partialDownloadAllowed: !isAppsType(file.mimeType),
    },
  }
}
