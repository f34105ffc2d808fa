import { EXPORT_EXTENSIONS, EXPORT_FORMATS } from '../rules/formats.ts'

/** Makes absolute addresses: what a Drive call offers of it. */
interface Linking {
  link(path: string): string
}

/**
 * An address that clients follow as it is. Callers that know the twin by its own address get the twin's; callers that
 * were sent here from Google's hosts get the host the link has there.
 */
export function followed(call: Linking, host: string, path: string): string {
  const own = call.link(path)
  return /^https?:\/\/[^/]*\.googleapis\.com(:\d+)?\//.test(own) ? `https://${host}${path}` : own
}

/** Where the bytes of a blob are downloaded in a browser. */
export const downloadLink = (call: Linking, id: string): string =>
  followed(call, 'drive.google.com', `/uc?id=${id}&export=download`)

const EXPORT_PATHS: Readonly<Record<string, string>> = {
  document: '/feeds/download/documents/export/Export',
  spreadsheet: '/spreadsheets/export',
  presentation: '/presentation/export',
  drawing: '/drawings/export',
}

/** Export addresses by target type; one revision's when given. */
export function exportLinks(call: Linking, id: string, mimeType: string, revision?: string): Record<string, string> {
  const path = EXPORT_PATHS[mimeType.slice(mimeType.lastIndexOf('.') + 1)] ?? '/feeds/download/export'
  const more = revision === undefined ? '' : `&revision=${revision}`
  return Object.fromEntries(
    (EXPORT_FORMATS[mimeType] ?? []).map((target) => [
      target,
      followed(call, 'docs.google.com', `${path}?id=${id}${more}&exportFormat=${EXPORT_EXTENSIONS[target] ?? 'bin'}`),
    ]),
  )
}
