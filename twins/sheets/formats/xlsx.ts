import { strToU8, zipSync } from 'fflate'
import { cellName } from '../rules/address.ts'
import { CellError, type Scalar } from '../rules/formula/values.ts'
import type { Sheet, Workbook } from '../workbook.ts'
import { escapeXml } from './table.ts'

const HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
const MAIN = 'http://schemas.openxmlformats.org/spreadsheetml/2006/main'
const RELATIONS = 'http://schemas.openxmlformats.org/officeDocument/2006/relationships'
const PACKAGE = 'http://schemas.openxmlformats.org/package/2006'
const OFFICE = 'application/vnd.openxmlformats-officedocument.spreadsheetml'
/** Zip entries carry a date; a fixed one makes the same spreadsheet the same bytes. */
const ZIP_DATE = Date.UTC(1980, 0, 2)

function cellXml(book: Workbook, sheet: Sheet, row: number, column: number, styles: Map<string, number>): string {
  const { value } = book.values.result(sheet.id, row, column)
  if (value === null) return ''
  const formula = sheet.grid.get(row, column)?.userEnteredValue?.formulaValue
  const code = formula === undefined ? '' : `<f>${escapeXml(formula.slice(1))}</f>`
  const pattern = book.values.format(sheet.id, row, column)?.pattern
  const style = pattern === undefined ? '' : ` s="${styleOf(pattern, styles)}"`
  const place = `r="${cellName(row, column)}"${style}`
  return `<c ${place}${contentXml(value, code)}</c>`
}

function contentXml(value: Exclude<Scalar, null>, code: string): string {
  if (value instanceof CellError) return ` t="e">${code}<v>${escapeXml(value.code)}</v>`
  if (typeof value === 'number') return `>${code}<v>${value}</v>`
  if (typeof value === 'boolean') return ` t="b">${code}<v>${value ? 1 : 0}</v>`
  if (code) return ` t="str">${code}<v>${escapeXml(value)}</v>`
  return ` t="inlineStr"><is><t xml:space="preserve">${escapeXml(value)}</t></is>`
}

function styleOf(pattern: string, styles: Map<string, number>): number {
  const known = styles.get(pattern)
  if (known !== undefined) return known
  const index = styles.size + 1
  styles.set(pattern, index)
  return index
}

function sheetXml(book: Workbook, sheet: Sheet, styles: Map<string, number>): string {
  const used = book.values.used(sheet.id)
  let rows = ''
  for (let row = 0; row < used.rows; row++) {
    let cells = ''
    for (let column = 0; column < used.columns; column++) cells += cellXml(book, sheet, row, column, styles)
    if (cells) rows += `<row r="${row + 1}">${cells}</row>`
  }
  return `${HEAD}<worksheet xmlns="${MAIN}"><sheetData>${rows}</sheetData></worksheet>`
}

function stylesXml(styles: ReadonlyMap<string, number>): string {
  const patterns = [...styles.keys()]
  const formats = patterns
    .map((pattern, at) => `<numFmt numFmtId="${164 + at}" formatCode="${escapeXml(pattern)}"/>`)
    .join('')
  const cells = patterns
    .map((_, at) => `<xf numFmtId="${164 + at}" fontId="0" fillId="0" borderId="0" xfId="0" applyNumberFormat="1"/>`)
    .join('')
  return `${HEAD}<styleSheet xmlns="${MAIN}"><numFmts count="${patterns.length}">${formats}</numFmts><fonts count="1"><font><sz val="10"/><name val="Arial"/></font></fonts><fills count="2"><fill><patternFill patternType="none"/></fill><fill><patternFill patternType="gray125"/></fill></fills><borders count="1"><border/></borders><cellStyleXfs count="1"><xf/></cellStyleXfs><cellXfs count="${patterns.length + 1}"><xf numFmtId="0" fontId="0" fillId="0" borderId="0" xfId="0"/>${cells}</cellXfs></styleSheet>`
}

/** A workbook in Office Open XML: values, formulas and number formats of every sheet. */
export function toXlsx(book: Workbook): Uint8Array {
  const sheets = book.sheets.filter(({ isGrid }) => isGrid)
  const styles = new Map<string, number>()
  const parts = sheets.map((sheet) => sheetXml(book, sheet, styles))
  const overrides = sheets
    .map((_, at) => `<Override PartName="/xl/worksheets/sheet${at + 1}.xml" ContentType="${OFFICE}.worksheet+xml"/>`)
    .join('')
  const list = sheets
    .map(({ title }, at) => `<sheet name="${escapeXml(title)}" sheetId="${at + 1}" r:id="rId${at + 1}"/>`)
    .join('')
  const relations = sheets
    .map(
      (_, at) =>
        `<Relationship Id="rId${at + 1}" Type="${RELATIONS}/worksheet" Target="worksheets/sheet${at + 1}.xml"/>`,
    )
    .join('')
  const files: Record<string, string> = {
    '[Content_Types].xml': `${HEAD}<Types xmlns="${PACKAGE}/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" ContentType="application/xml"/><Override PartName="/xl/workbook.xml" ContentType="${OFFICE}.sheet.main+xml"/><Override PartName="/xl/styles.xml" ContentType="${OFFICE}.styles+xml"/>${overrides}</Types>`,
    '_rels/.rels': `${HEAD}<Relationships xmlns="${PACKAGE}/relationships"><Relationship Id="rId1" Type="${RELATIONS}/officeDocument" Target="xl/workbook.xml"/></Relationships>`,
    'xl/workbook.xml': `${HEAD}<workbook xmlns="${MAIN}" xmlns:r="${RELATIONS}"><sheets>${list}</sheets></workbook>`,
    'xl/_rels/workbook.xml.rels': `${HEAD}<Relationships xmlns="${PACKAGE}/relationships">${relations}<Relationship Id="rId${sheets.length + 1}" Type="${RELATIONS}/styles" Target="styles.xml"/></Relationships>`,
    'xl/styles.xml': stylesXml(styles),
    ...Object.fromEntries(parts.map((part, at) => [`xl/worksheets/sheet${at + 1}.xml`, part])),
  }
  return zipSync(Object.fromEntries(Object.entries(files).map(([name, text]) => [name, strToU8(text)])), {
    mtime: ZIP_DATE,
  })
}
