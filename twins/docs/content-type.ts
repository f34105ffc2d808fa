import { strFromU8, strToU8, zipSync } from 'fflate'
import { contentType, DOCUMENT, type File } from '../google/index.ts'
import { type DocsMoment, newIds, removeDocument, storeDocument } from './documents.ts'
import { toDocx } from './formats/docx.ts'
import { toHtml } from './formats/html.ts'
import { fromHtml, fromPlainText } from './formats/html-import.ts'
import { fromMarkdown, toMarkdown } from './formats/markdown.ts'
import { toPdf } from './formats/pdf.ts'
import { toPlainText, toSearchText } from './formats/plain-text.ts'
import { toRtf } from './formats/rtf.ts'
import { freshDocument } from './rules/model/fresh.ts'
import type { DocumentModel } from './rules/model/types.ts'
import { tables } from './tables.ts'

type Export = (document: DocumentModel, title: string) => Uint8Array | string
type Import = (text: string, moment: DocsMoment) => DocumentModel

/** Zip entries carry a date; a fixed one makes the same document the same bytes. */
const ZIP_DATE = Date.UTC(1980, 0, 2)

const EXPORTS: Readonly<Record<string, Export>> = {
  'text/plain': toPlainText,
  'text/markdown': toMarkdown,
  'text/x-markdown': toMarkdown,
  'text/html': toHtml,
  'application/zip': (document, title) =>
    zipSync({ [`${title.replace(/[^\w-]/g, '')}.html`]: strToU8(toHtml(document, title)) }, { mtime: ZIP_DATE }),
  'application/rtf': toRtf,
  'application/pdf': toPdf,
  'application/vnd.openxmlformats-officedocument.wordprocessingml.document': toDocx,
}

const IMPORTS: Readonly<Record<string, Import>> = {
  'text/plain': fromPlainText,
  'text/markdown': (text, moment) => fromMarkdown(text, newIds(moment)),
  'text/x-markdown': (text, moment) => fromMarkdown(text, newIds(moment)),
  'text/html': (text, moment) => fromHtml(text, newIds(moment)),
}

const modelOf = (moment: DocsMoment, file: File): DocumentModel =>
  moment.tables.documents.get(file.id)?.model ?? freshDocument()

/** What a document is to Drive: how it begins, is copied, comes in, goes out and is found. */
contentType({
  mimeType: DOCUMENT,
  tables,
  create: (moment, file) => void storeDocument(moment, file.id),
  copy: (moment, from, to) => void storeDocument(moment, to.id, modelOf(moment, from)),
  remove: (moment, file) => removeDocument(moment, file.id),
  export: mapped(EXPORTS, (write) => (moment: DocsMoment, file: File) => write(modelOf(moment, file), file.name)),
  import: mapped(IMPORTS, (readIn) => (moment: DocsMoment, file: File, bytes: Uint8Array) => {
    removeDocument(moment, file.id)
    storeDocument(moment, file.id, readIn(strFromU8(bytes), moment))
  }),
  text: (moment, file) => toSearchText(modelOf(moment, file)),
})

function mapped<A, B>(record: Readonly<Record<string, A>>, change: (value: A) => B): Record<string, B> {
  return Object.fromEntries(Object.entries(record).map(([name, value]) => [name, change(value)]))
}
