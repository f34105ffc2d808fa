import { DOCUMENT, PRESENTATION, SPREADSHEET } from '../../google/ids.ts'

const APPS = 'application/vnd.google-apps.'
const OFFICE = 'application/vnd.openxmlformats-officedocument.'
const OASIS = 'application/vnd.oasis.opendocument.'

/** Target types of files.export by source type, as `about` lists them (recorded, 2026). */
export const EXPORT_FORMATS: Readonly<Record<string, readonly string[]>> = {
  [DOCUMENT]: [
    'application/rtf',
    `${OASIS}text`,
    'text/html',
    'application/pdf',
    'text/x-markdown',
    'text/markdown',
    'application/epub+zip',
    'application/zip',
    `${OFFICE}wordprocessingml.document`,
    'text/plain',
  ],
  [`${APPS}vid`]: ['video/mp4'],
  [SPREADSHEET]: [
    'application/x-vnd.oasis.opendocument.spreadsheet',
    'text/tab-separated-values',
    'application/pdf',
    `${OFFICE}spreadsheetml.sheet`,
    'text/csv',
    'application/zip',
    `${OASIS}spreadsheet`,
  ],
  [`${APPS}jam`]: ['application/pdf'],
  [`${APPS}script`]: [`${APPS}script+json`],
  [PRESENTATION]: [`${OASIS}presentation`, 'application/pdf', `${OFFICE}presentationml.presentation`, 'text/plain'],
  [`${APPS}form`]: ['application/zip'],
  [`${APPS}drawing`]: ['image/svg+xml', 'image/png', 'application/pdf', 'image/jpeg'],
  [`${APPS}site`]: ['text/plain'],
  [`${APPS}mail-layout`]: ['text/plain'],
}

/** Source types by the editors type they convert to. */
const IMPORTS: Readonly<Record<string, readonly string[]>> = {
  [DOCUMENT]: [
    'image/gif', `${OFFICE}wordprocessingml.template`, 'application/vnd.ms-word.template.macroenabled.12', `${OFFICE}wordprocessingml.document`,
    'text/rtf', 'application/x-vnd.oasis.opendocument.text', 'application/msword', 'application/pdf', 'text/markdown', 'image/x-bmp', 'application/rtf',
    'text/html', `${OASIS}text`, 'image/jpg', 'text/richtext', 'image/jpeg', 'image/bmp', 'text/x-markdown', 'image/pjpeg',
    'application/vnd.ms-word.document.macroenabled.12', 'text/plain', 'image/png', 'image/x-png',
  ],
  [SPREADSHEET]: [
    'text/tab-separated-values', 'application/vnd.ms-excel.sheet.macroenabled.12', 'application/vnd.ms-excel', 'text/csv', 'text/comma-separated-values',
    `${OASIS}spreadsheet`, 'application/x-vnd.oasis.opendocument.spreadsheet', `${OFFICE}spreadsheetml.template`,
    'application/vnd.ms-excel.template.macroenabled.12', `${OFFICE}spreadsheetml.sheet`,
  ],
  [PRESENTATION]: [
    'application/x-vnd.oasis.opendocument.presentation', `${OFFICE}presentationml.presentation`, `${OASIS}presentation`,
    'application/vnd.ms-powerpoint.presentation.macroenabled.12', 'application/vnd.ms-powerpoint.slideshow.macroenabled.12', 'application/vnd.ms-powerpoint',
    `${OFFICE}presentationml.template`, `${OFFICE}presentationml.slideshow`, 'application/vnd.ms-powerpoint.template.macroenabled.12',
  ],
  [`${APPS}drawing`]: ['application/x-msmetafile'],
  [`${APPS}vid`]: ['video/ogg', 'video/quicktime', 'video/mp4', 'video/webm'],
  [`${APPS}script`]: [`${APPS}script+text/plain`, `${APPS}script+json`],
} // biome-ignore format: lists of types

/** Editors types a source type converts to, as `about` lists them. */
export const IMPORT_FORMATS: Readonly<Record<string, readonly string[]>> = Object.fromEntries(
  Object.entries(IMPORTS).flatMap(([target, sources]) => sources.map((source) => [source, [target]])),
)

/** Whether an upload of one type may become an editors file of another. */
export const converts = (source: string, target: string): boolean => IMPORT_FORMATS[source]?.includes(target) ?? false

/** `exportFormat` of a link, by target type. */
export const EXPORT_EXTENSIONS: Readonly<Record<string, string>> = {
  'application/rtf': 'rtf',
  [`${OASIS}text`]: 'odt',
  'text/html': 'html',
  'application/pdf': 'pdf',
  'text/x-markdown': 'markdown',
  'text/markdown': 'md',
  'application/epub+zip': 'epub',
  'application/zip': 'zip',
  [`${OFFICE}wordprocessingml.document`]: 'docx',
  'text/plain': 'txt',
  'application/x-vnd.oasis.opendocument.spreadsheet': 'ods',
  [`${OASIS}spreadsheet`]: 'ods',
  'text/tab-separated-values': 'tsv',
  [`${OFFICE}spreadsheetml.sheet`]: 'xlsx',
  'text/csv': 'csv',
  [`${OASIS}presentation`]: 'odp',
  [`${OFFICE}presentationml.presentation`]: 'pptx',
  'image/svg+xml': 'svg',
  'image/png': 'png',
  'image/jpeg': 'jpeg',
}

/** Type of an upload that says none, by the name's extension. */
const TYPES_BY_EXTENSION: Readonly<Record<string, string>> = {
  txt: 'text/plain',
  csv: 'text/csv',
  tsv: 'text/tab-separated-values',
  html: 'text/html',
  htm: 'text/html',
  md: 'text/markdown',
  json: 'application/json',
  xml: 'text/xml',
  pdf: 'application/pdf',
  png: 'image/png',
  jpg: 'image/jpeg',
  jpeg: 'image/jpeg',
  gif: 'image/gif',
  svg: 'image/svg+xml',
  zip: 'application/zip',
  docx: `${OFFICE}wordprocessingml.document`,
  xlsx: `${OFFICE}spreadsheetml.sheet`,
  pptx: `${OFFICE}presentationml.presentation`,
  mp3: 'audio/mpeg',
  mp4: 'video/mp4',
}

export const typeOfName = (name: string): string | undefined =>
  TYPES_BY_EXTENSION[extensionOf(name)?.toLowerCase() ?? '']

/** The last suffix of a name: `gz` of `a.tar.gz`. */
export const extensionOf = (name: string): string | undefined => /[^.]\.([^./\s]+)$/.exec(name)?.[1]

/** All suffixes of a name: `tar.gz` of `a.tar.gz`. */
export const fullExtensionOf = (name: string): string | undefined =>
  /[^.]\.(tar\.[^./\s]+)$/.exec(name)?.[1] ?? extensionOf(name)

/** Storage of an account, bytes. */
export const QUOTA = 15 * 1024 ** 3
