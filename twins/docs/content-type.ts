import { strFromU8 } from 'fflate'
import { contentType, DOCUMENT, type File, legacyError } from '../google/index.ts'
import { type DocsMoment, newIds, removeDocument, storeDocument } from './documents.ts'
import { archive } from './formats/archive.ts'
import { fromDoc } from './formats/doc-import.ts'
import { toDocx } from './formats/docx.ts'
import { fromDocx } from './formats/docx-import.ts'
import { toEpub } from './formats/epub.ts'
import { toHtml } from './formats/html.ts'
import { fromHtml, fromPlainText } from './formats/html-import.ts'
import { fromMarkdown, toMarkdown } from './formats/markdown.ts'
import { toOdt } from './formats/odt.ts'
import { fromOdt } from './formats/odt-import.ts'
import { toPdf } from './formats/pdf.ts'
import { toPlainText, toSearchText } from './formats/plain-text.ts'
import { toRtf } from './formats/rtf.ts'
import { freshDocument } from './rules/model/fresh.ts'
import type { DocumentModel } from './rules/model/types.ts'
import { tables } from './tables.ts'

const OFFICE = 'application/vnd.openxmlformats-officedocument.wordprocessingml.'
const WORD = `${OFFICE}document`
const OPEN_DOCUMENT = 'application/vnd.oasis.opendocument.text'

type Export = (document: DocumentModel, title: string) => Uint8Array | string
type Import = (bytes: Uint8Array, moment: DocsMoment) => DocumentModel

const EXPORTS: Readonly<Record<string, Export>> = {
  'text/plain': toPlainText,
  'text/markdown': toMarkdown,
  'text/x-markdown': toMarkdown,
  'text/html': toHtml,
  'application/zip': (document, title) =>
    archive({ [`${title.replace(/[^\w-]/g, '')}.html`]: toHtml(document, title) }),
  'application/epub+zip': toEpub,
  [OPEN_DOCUMENT]: toOdt,
  'application/rtf': toRtf,
  'application/pdf': toPdf,
  [WORD]: toDocx,
}

const markdown: Import = (bytes, moment) => fromMarkdown(strFromU8(bytes), newIds(moment))

/** Refuses bytes that are not what their type says. */
const checked =
  (readIn: (bytes: Uint8Array, ids: ReturnType<typeof newIds>) => DocumentModel): Import =>
  (bytes, moment) => {
    try {
      return readIn(bytes, newIds(moment))
    } catch {
      throw legacyError({ code: 400, reason: 'badRequest', message: 'Bad Request' })
    }
  }
const word = checked(fromDocx)
const openDocument = checked(fromOdt)

const IMPORTS: Readonly<Record<string, Import>> = {
  'text/plain': (bytes) => fromPlainText(strFromU8(bytes)),
  'text/markdown': markdown,
  'text/x-markdown': markdown,
  'text/html': (bytes, moment) => fromHtml(strFromU8(bytes), newIds(moment)),
  [WORD]: word,
  [`${OFFICE}template`]: word,
  'application/vnd.ms-word.document.macroenabled.12': word,
  'application/vnd.ms-word.template.macroenabled.12': word,
  'application/msword': checked(fromDoc),
  [OPEN_DOCUMENT]: openDocument,
  'application/x-vnd.oasis.opendocument.text': openDocument,
}

const modelOf = (moment: DocsMoment, file: File): DocumentModel =>
  moment.tables.documents.get(file.id)?.model ?? freshDocument()

/** A copy has none of the comments. */
const withoutComments = (model: DocumentModel): DocumentModel => ({
  tabs: model.tabs.map(({ commentAnchors: _gone, ...tab }) => tab),
})

/** What a document is to Drive: how it begins, is copied, comes in, goes out and is found. */
contentType({
  mimeType: DOCUMENT,
  tables,
  create: (moment, file) => void storeDocument(moment, file.id),
  copy: (moment, from, to) => void storeDocument(moment, to.id, withoutComments(modelOf(moment, from))),
  remove: (moment, file) => removeDocument(moment, file.id),
  export: mapped(EXPORTS, (write) => (moment: DocsMoment, file: File) => write(modelOf(moment, file), file.name)),
  import: mapped(IMPORTS, (readIn) => (moment: DocsMoment, file: File, bytes: Uint8Array) => {
    removeDocument(moment, file.id)
    storeDocument(moment, file.id, readIn(bytes, moment))
  }),
  text: (moment, file) => toSearchText(modelOf(moment, file)),
})

function mapped<A, B>(record: Readonly<Record<string, A>>, change: (value: A) => B): Record<string, B> {
  return Object.fromEntries(Object.entries(record).map(([name, value]) => [name, change(value)]))
}
