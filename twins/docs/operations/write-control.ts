import type { WriteControl } from '../../../openapi/types/docs.ts'
import { invalid } from '../errors.ts'
import type { Edit } from '../rules/edit/draft.ts'
import type { StoredDocument } from '../tables.ts'
import type { DocsCall } from './open.ts'

/** How long a revision id can be written against. */
const LIFETIME = 24 * 60 * 60 * 1000

/**
 * What others wrote since the revision a batch was made for. A required revision must be the latest; a target revision
 * may be older.
 */
export function collaboratorEdits(call: DocsCall, stored: StoredDocument, control: WriteControl): readonly Edit[] {
  const { requiredRevisionId, targetRevisionId } = control
  if (requiredRevisionId && requiredRevisionId !== stored.revisionId) {
    throw invalid(`The required revision ID '${requiredRevisionId}' does not match the latest revision.`)
  }
  if (!targetRevisionId) return []
  const target = call.tables.documentRevisions.get(targetRevisionId)
  if (target?.documentId !== stored.id || call.now - target.time > LIFETIME) {
    throw invalid(`The target revision ID '${targetRevisionId}' is invalid or no longer available.`)
  }
  return call.tables.documentRevisions
    .scan('document', { prefix: stored.id, after: [stored.id, target.order, target.id] })
    .flatMap(({ edits }) => edits)
    .toArray()
}
