import { contentType, DOCUMENT } from '../google/index.ts'
import { removeDocument, storeDocument } from './documents.ts'
import { tables } from './tables.ts'

/** What a document is to Drive: how it begins, is copied and is found. */
contentType({
  mimeType: DOCUMENT,
  tables,
  create: (moment, file) => void storeDocument(moment, file.id),
  copy: (moment, from, to) => void storeDocument(moment, to.id, moment.tables.documents.get(from.id)?.model),
  remove: (moment, file) => removeDocument(moment, file.id),
  export: {},
  import: {},
})
