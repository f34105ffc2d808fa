import type { Moment } from '../../shared/kernel/twin.ts'
import { accessOf, type File, type GoogleCall } from '../google/index.ts'
import { canonicalEmail } from '../google/users.ts'
import { newElementId, newHeadingId, newImageUri, newRevisionId, newSuggestionId, newTabId } from './ids.ts'
import type { Edit, Surroundings } from './rules/edit/draft.ts'
import { freshDocument } from './rules/model/fresh.ts'
import type { DocumentModel } from './rules/model/types.ts'
import type { DocsTables, StoredDocument } from './tables.ts'

/** Rows of documents: making them, writing new revisions, and the world they refer to. */

export type DocsMoment = Moment<DocsTables>

/** Gives a file of the document type its content: the fresh document unless told otherwise. */
export function storeDocument(
  moment: DocsMoment,
  fileId: string,
  model: DocumentModel = freshDocument(),
): StoredDocument {
  const revisionId = newRevisionId(moment.random, true)
  const stored = moment.tables.documents.put({ id: fileId, model, revisionId })
  addRevision(moment, fileId, revisionId, [])
  return stored
}

/** Writes a new state of a document as its next revision. */
export function writeDocument(
  moment: DocsMoment,
  old: StoredDocument,
  model: DocumentModel,
  edits: readonly Edit[],
): StoredDocument {
  const revisionId = newRevisionId(moment.random)
  addRevision(moment, old.id, revisionId, edits)
  return moment.tables.documents.replace({ ...old, model, revisionId })
}

function addRevision(moment: DocsMoment, documentId: string, id: string, edits: readonly Edit[]): void {
  const { documentRevisions } = moment.tables
  const last = documentRevisions.scan('document', { prefix: documentId, reverse: true }).next().value
  documentRevisions.insert({ documentId, id, order: (last?.order ?? 0) + 1, time: moment.now, edits })
}

export function removeDocument(moment: DocsMoment, documentId: string): void {
  for (const { id } of moment.tables.documentRevisions.where('document', documentId))
    moment.tables.documentRevisions.remove(id)
  moment.tables.documents.remove(documentId)
}

/** Ids a document makes when nobody calls: imports and fixtures. */
export const newIds = ({ random }: DocsMoment) => ({
  id: () => newElementId(random),
  headingId: () => newHeadingId(random),
  tabId: () => newTabId(random),
  suggestionId: () => newSuggestionId(random),
  imageUri: () => newImageUri(random),
})

/** What a document under edit can learn of the universe. */
export function surroundingsOf(call: DocsMoment & Partial<GoogleCall>): Surroundings {
  return {
    ...newIds(call),
    personName: (email) => call.tables.users.by('email', canonicalEmail(call, email))?.displayName,
    linkedFile(uri) {
      const id = FILE_URI.exec(uri)?.[1]
      const file = id ? call.tables.files.get(id) : undefined
      if (!file || !isVisible(call, file)) return undefined
      return { title: file.name, uri, mimeType: file.mimeType }
    },
  }
}

/** Fixtures and people in the editor see every file; a caller sees what is shared with them. */
const isVisible = (call: DocsMoment & Partial<GoogleCall>, file: File) =>
  call.caller === undefined || accessOf(call as GoogleCall, file) !== undefined

/** `https://docs.google.com/document/d/ID/edit`, `https://drive.google.com/file/d/ID/view`, `…/folders/ID`, `…?id=ID`. */
const FILE_URI = /^https:\/\/(?:docs|drive)\.google\.com\/.*(?:\/d\/|\/folders\/|[?&]id=)([A-Za-z0-9_-]+)/
