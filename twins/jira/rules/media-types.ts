/** Media types by the extension of a file's name. */
const MEDIA_TYPES: Readonly<Record<string, string>> = {
  css: 'text/css',
  csv: 'text/csv',
  gif: 'image/gif',
  html: 'text/html',
  jpeg: 'image/jpeg',
  jpg: 'image/jpeg',
  json: 'application/json',
  md: 'text/markdown',
  mp3: 'audio/mpeg',
  pdf: 'application/pdf',
  png: 'image/png',
  rtf: 'text/rtf',
  svg: 'image/svg+xml',
  txt: 'text/plain',
  xml: 'application/xml',
  zip: 'application/zip',
}

/** The media type a file's name stands for, if its extension is known. */
export const mediaTypeOf = (name: string): string | undefined =>
  MEDIA_TYPES[name.split('.').at(-1)?.toLowerCase() ?? '']
