/** Reads delimited text (RFC 4180): quoted fields may hold delimiters, quotes and line ends. */
export function parseDelimited(text: string, delimiter = ','): string[][] {
  const rows: string[][] = []
  let row: string[] = []
  let field = ''
  let quoted = false
  const source = text.replace(/^\uFEFF/, '')
  for (let at = 0; at < source.length; at++) {
    const character = source[at] as string
    if (quoted) {
      if (character !== '"') field += character
      else if (source[at + 1] === '"') field += source[++at]
      else quoted = false
    } else if (character === '"' && field === '') quoted = true
    else if (character === delimiter) {
      row.push(field)
      field = ''
    } else if (character === '\n' || character === '\r') {
      if (character === '\r' && source[at + 1] === '\n') at++
      rows.push([...row, field])
      row = []
      field = ''
    } else field += character
  }
  if (field !== '' || row.length > 0) rows.push([...row, field])
  return rows
}

/** CSV as Google exports it: CRLF between rows, none at the end, quotes where they are needed. */
export const toCsv = (rows: readonly (readonly string[])[]): string =>
  rows
    .map((row) => row.map((field) => (/[",\r\n]/.test(field) ? `"${field.replaceAll('"', '""')}"` : field)).join(','))
    .join('\r\n')

/** Tab-separated values; tabs and line ends inside a field become blanks. */
export const toTsv = (rows: readonly (readonly string[])[]): string =>
  rows.map((row) => row.map((field) => field.replace(/[\t\r\n]+/g, ' ')).join('\t')).join('\r\n')
