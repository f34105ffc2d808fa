import { content, type Reply } from '../../../shared/kernel/reply.ts'
import { openFile } from '../../google/files.ts'
import type { File } from '../../google/tables.ts'
import { EXPORT_EXTENSIONS, EXPORT_FORMATS } from '../rules/formats.ts'
import { capabilitiesOf } from '../views/capabilities.ts'
import { type DriveCall, operations } from './define.ts'
import { bytesReply, exportBytes } from './download.ts'

/** The addresses of `webContentLink` and `exportLinks`, on drive.google.com and docs.google.com in reality. */

const NOT_FOUND: Reply = {
  status: 404,
  body: '<!DOCTYPE html><html><head><title>Page Not Found</title></head><body>Sorry, unable to open the file at this time.</body></html>',
  headers: { 'content-type': 'text/html; charset=utf-8' },
}

/** The file of a link, for whoever may download it: a stranger too, when it is shared with anyone. */
function linkedFile(call: DriveCall, id: string | undefined): File | undefined {
  const open = id === undefined ? undefined : openFile(call, id)
  return open && capabilitiesOf(open.file, open.role).canDownload ? open.file : undefined
}

const disposition = (name: string) =>
  `attachment; filename="${name.replace(/[^\x20-\x7e]|["\\]/g, '')}"; filename*=UTF-8''${encodeURIComponent(name)}`

/** A file in the format that an extension names. */
function exportAs(call: DriveCall, id: string | undefined, extension: string): Reply {
  const file = linkedFile(call, id)
  const mimeType = file && EXPORT_FORMATS[file.mimeType]?.find((target) => EXPORT_EXTENSIONS[target] === extension)
  if (!file || !mimeType) return NOT_FOUND
  const exported = exportBytes(call, file, mimeType)
  return content(exported, mimeType, { 'content-disposition': disposition(`${file.name}.${extension}`) })
}

export const links = operations({
  'drive.links.download': (call) => {
    const file = linkedFile(call, call.query.id)
    if (!file?.blob) return NOT_FOUND
    const reply = bytesReply(call, file.blob, file.mimeType)
    return { ...reply, headers: { ...reply.headers, 'content-disposition': disposition(file.name) } }
  },
  'drive.links.export': (call) => exportAs(call, call.query.id, call.query.exportFormat ?? call.query.format ?? 'pdf'),
  'drive.links.exportFile': (call) =>
    exportAs(call, call.params.fileId, call.query.format ?? call.query.exportFormat ?? 'pdf'),
})
