import type { Instant } from '../../shared/universe/clock.ts'
import { defineTable } from '../../shared/universe/table.ts'
import { googleTables } from '../google/index.ts'
import type { Edit } from './rules/edit/draft.ts'
import type { DocumentModel } from './rules/model/types.ts'

/** What is in a Drive file of the document type. Its title, dates and permissions are the file's. */
export interface StoredDocument {
  /** The file's id. */
  readonly id: string
  readonly model: DocumentModel
  readonly revisionId: string
}

/** A revision, and how it moved the indexes of the one before: what `targetRevisionId` needs. */
export interface DocumentRevision {
  readonly documentId: string
  readonly id: string
  readonly order: number
  readonly time: Instant
  readonly edits: readonly Edit[]
}

export const tables = {
  ...googleTables,
  documents: defineTable<StoredDocument>()('docs.documents', { key: (document) => document.id }),
  documentRevisions: defineTable<DocumentRevision>()('docs.revisions', {
    key: (revision) => revision.id,
    index: { document: (revision) => [revision.documentId, revision.order] },
  }),
}

export type DocsTables = typeof tables
