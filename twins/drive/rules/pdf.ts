/** A plain PDF of a text: A4 pages, Helvetica, one line per line. What exports fall back to. */
export function textPdf(text: string): Uint8Array {
  const lines = text.replaceAll('\t', '    ').split(/\r?\n/).flatMap(wrap)
  const pages: string[][] = []
  for (let at = 0; at < Math.max(1, lines.length); at += LINES) pages.push(lines.slice(at, at + LINES))
  const kids = pages.map((_, i) => `${4 + i * 2} 0 R`).join(' ')
  const objects = [
    '<< /Type /Catalog /Pages 2 0 R >>',
    `<< /Type /Pages /Kids [${kids}] /Count ${pages.length} >>`,
    '<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>',
    ...pages.flatMap((page, i) => [
      `<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Resources << /Font << /F1 3 0 R >> >> /Contents ${5 + i * 2} 0 R >>`,
      stream(page),
    ]),
  ]
  return assemble(objects)
}

const LINES = 52
const COLUMNS = 95

const wrap = (line: string): string[] => line.match(new RegExp(`.{1,${COLUMNS}}`, 'gu')) ?? ['']

function stream(lines: readonly string[]): string {
  const shown = lines.map((line) => `(${literal(line)}) Tj T*`).join('\n')
  const body = `BT /F1 11 Tf 50 790 Td 14 TL\n${shown}\nET`
  return `<< /Length ${Buffer.byteLength(body, 'latin1')} >>\nstream\n${body}\nendstream`
}

const literal = (text: string) => text.replace(/[\\()]/g, '\\$&').replace(/[^\x20-\xff]/g, '?')

function assemble(objects: readonly string[]): Uint8Array {
  let pdf = '%PDF-1.4\n'
  const offsets = objects.map((object, i) => {
    const at = Buffer.byteLength(pdf, 'latin1')
    pdf += `${i + 1} 0 obj\n${object}\nendobj\n`
    return at
  })
  const start = Buffer.byteLength(pdf, 'latin1')
  const table = offsets.map((offset) => `${String(offset).padStart(10, '0')} 00000 n \n`).join('')
  pdf += `xref\n0 ${objects.length + 1}\n0000000000 65535 f \n${table}`
  pdf += `trailer\n<< /Size ${objects.length + 1} /Root 1 0 R >>\nstartxref\n${start}\n%%EOF\n`
  return new Uint8Array(Buffer.from(pdf, 'latin1'))
}
