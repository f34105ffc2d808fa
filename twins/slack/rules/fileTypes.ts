/** File types by extension: Slack's short name, the label it shows, the media type. */
const TYPES: Readonly<Record<string, readonly [filetype: string, pretty: string, mimetype: string]>> = {
  bmp: ['bmp', 'BMP', 'image/bmp'],
  c: ['c', 'C', 'text/plain'],
  css: ['css', 'CSS', 'text/plain'],
  csv: ['csv', 'CSV', 'text/csv'],
  doc: ['doc', 'Word Document', 'application/msword'],
  docx: ['docx', 'Word Document', 'application/vnd.openxmlformats-officedocument.wordprocessingml.document'],
  gif: ['gif', 'GIF', 'image/gif'],
  go: ['go', 'Go', 'text/plain'],
  gz: ['gzip', 'Gzip', 'application/gzip'],
  html: ['html', 'HTML', 'text/html'],
  java: ['java', 'Java', 'text/plain'],
  jpeg: ['jpg', 'JPEG', 'image/jpeg'],
  jpg: ['jpg', 'JPEG', 'image/jpeg'],
  js: ['javascript', 'JavaScript/JSON', 'text/plain'],
  json: ['json', 'JSON', 'application/json'],
  log: ['text', 'Plain Text', 'text/plain'],
  m4a: ['m4a', 'MPEG 4 Audio', 'audio/mp4'],
  md: ['markdown', 'Markdown (raw)', 'text/plain'],
  mov: ['mov', 'QuickTime Movie', 'video/quicktime'],
  mp3: ['mp3', 'MP3', 'audio/mpeg'],
  mp4: ['mp4', 'MPEG 4 Video', 'video/mp4'],
  pdf: ['pdf', 'PDF', 'application/pdf'],
  png: ['png', 'PNG', 'image/png'],
  ppt: ['ppt', 'PowerPoint', 'application/vnd.ms-powerpoint'],
  pptx: ['pptx', 'PowerPoint', 'application/vnd.openxmlformats-officedocument.presentationml.presentation'],
  py: ['python', 'Python', 'text/plain'],
  rb: ['ruby', 'Ruby', 'text/plain'],
  rs: ['rust', 'Rust', 'text/plain'],
  sh: ['shell', 'Shell', 'text/plain'],
  sql: ['sql', 'SQL', 'text/plain'],
  svg: ['svg', 'SVG', 'image/svg+xml'],
  ts: ['typescript', 'TypeScript', 'text/plain'],
  txt: ['text', 'Plain Text', 'text/plain'],
  wav: ['wav', 'Wave', 'audio/wav'],
  webp: ['webp', 'WebP', 'image/webp'],
  xls: ['xls', 'Excel Spreadsheet', 'application/vnd.ms-excel'],
  xlsx: ['xlsx', 'Excel Spreadsheet', 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet'],
  xml: ['xml', 'XML', 'application/xml'],
  yaml: ['yaml', 'YAML', 'text/plain'],
  yml: ['yaml', 'YAML', 'text/plain'],
  zip: ['zip', 'Zip', 'application/zip'],
}

export interface FileType {
  readonly filetype: string
  readonly prettyType: string
  readonly mimetype: string
}

const BINARY: FileType = { filetype: 'binary', prettyType: 'Binary', mimetype: 'application/octet-stream' }

/** The type of a file by its name, as processing finds it out. */
export function fileType(name: string): FileType {
  const known = TYPES[name.split('.').at(-1)?.toLowerCase() ?? '']
  return known ? { filetype: known[0], prettyType: known[1], mimetype: known[2] } : BINARY
}

/** The type of a snippet by its language; `undefined` when Slack knows none of that name. */
export function snippetType(name: string): FileType | undefined {
  const found = Object.values(TYPES).find(([filetype]) => filetype === name)
  return found ? { filetype: found[0], prettyType: found[1], mimetype: 'text/plain' } : undefined
}

/** Groups of `types` in files.list. */
export function isOfType(
  file: { mode: string; mimetype: string; filetype: string },
  type: string,
): boolean | undefined {
  switch (type) {
    case 'all':
      return true
    case 'images':
      return file.mimetype.startsWith('image/')
    case 'zips':
      return file.filetype === 'zip' || file.filetype === 'gzip'
    case 'pdfs':
      return file.filetype === 'pdf'
    case 'snippets':
      return file.mode === 'snippet'
    case 'spaces':
    case 'canvas':
      return file.mode === 'quip'
    case 'gdocs':
      return file.filetype === 'gdoc'
    case 'lists':
      return file.mode === 'list'
    default:
      return undefined
  }
}
