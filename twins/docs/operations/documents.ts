import { ok } from '../../../shared/kernel/reply.ts'
import { atLeast, callerUser, createFile, DOCUMENT, type File, touchFile } from '../../google/index.ts'
import { documentComments } from '../comments.ts'
import { storeDocument, surroundingsOf, writeDocument } from '../documents.ts'
import { forbidden, invalid, missing, unmodelled } from '../errors.ts'
import { applyBatch, InvalidRequest } from '../rules/edit/batch.ts'
import { COMMENT_EFFECTS } from '../rules/edit/comments.ts'
import type { SuggestionEffects } from '../rules/edit/draft.ts'
import { NoSuchSuggestion } from '../rules/edit/suggest.ts'
import { UnmodelledRequest } from '../rules/model/refused.ts'
import { commentThreads } from '../views/comments.ts'
import { documentView } from '../views/document.ts'
import { operations } from './define.ts'
import { assertOneofs } from './oneofs.ts'
import { commentsModeOf, type DocsCall, openDocument, viewModeOf } from './open.ts'
import { collaboratorEdits } from './write-control.ts'

export const documents = operations({
  /** Makes a blank document in the caller's My Drive. Only the title of the body is read. */
  'docs.documents.create': (call) => {
    const title = call.body?.title || 'Untitled document'
    const file = createFile(call, { name: title, mimeType: DOCUMENT, owner: callerUser(call) })
    const { model, revisionId } = storeDocument(call, file.id)
    const mode = 'SUGGESTIONS_INLINE'
    return ok(documentView({ documentId: file.id, title, model, revisionId, mode, includeTabsContent: false }))
  },

  'docs.documents.get': (call) => {
    const { file, role, stored } = openDocument(call, call.params.documentId)
    const { commentsViewMode, includeTabsContent = false, suggestionsViewMode } = call.query
    if (commentsViewMode && !includeTabsContent) {
      throw invalid('Comments view mode may only be specified if tabs content is also requested.')
    }
    const mode = viewModeOf(suggestionsViewMode, role)
    const revisionId = atLeast(role, 'writer') ? stored.revisionId : undefined
    const comments = commentsModeOf(commentsViewMode, role)
    return ok({
      ...documentView({
        documentId: file.id,
        title: file.name,
        model: stored.model,
        revisionId,
        mode,
        includeTabsContent,
        withComments: comments === 'COMMENTS_VIEW_MODE_INCLUDED',
      }),
      ...(comments && { commentsViewMode: comments }),
      ...(comments === 'COMMENTS_VIEW_MODE_INCLUDED' && { comments: commentThreads(call, file.id) }),
    })
  },

  /**
   * Applies requests in order, all or none.
   *
   * Errors: 400 naming the first request that cannot be applied, 400 for a stale `requiredRevisionId`, 403 for readers.
   */
  'docs.documents.batchUpdate': (call) => {
    const { file, role, stored } = openDocument(call, call.params.documentId)
    const { requests = [], writeControl = {} } = call.body ?? {}
    const suggest = writeControl.writeMode === 'SUGGEST'
    if (!atLeast(role, suggest ? 'commenter' : 'writer') || isLocked(file)) throw forbidden()
    if (requests.length === 0) throw invalid('Must specify at least one request.')
    assertOneofs(requests, writeControl)
    const collaborators = collaboratorEdits(call, stored, writeControl)
    const around = { ...surroundingsOf(call), comments: documentComments(call, file.id) }
    const { document, replies, edits, suggestions } = applied(call, () =>
      applyBatch(stored.model, requests, around, { collaborators, suggest }),
    )
    const { revisionId } = writeDocument(call, stored, document, edits)
    touchFile(call, file.id)
    return ok({
      replies,
      writeControl: { requiredRevisionId: revisionId },
      ...suggestionResponses(suggestions),
      ...(requests.some(writesComment) && { commentUpdateState: 'ALL_SAVED' as const }),
      documentId: file.id,
    })
  },
})

const writesComment = (request: object) => Object.keys(request).some((kind) => kind in COMMENT_EFFECTS)

const isLocked = (file: File) => !!file.contentRestrictions?.some(({ readOnly }) => readOnly)

/** Per request, the suggestions it touched; nothing when none did. */
function suggestionResponses(effects: readonly SuggestionEffects[]) {
  const views = effects.map(({ created, accepted, rejected, deleted }) => ({
    ...(created.length > 0 && { createdSuggestionIds: created }),
    ...(accepted.length > 0 && { acceptedSuggestionIds: accepted }),
    ...(rejected.length > 0 && { rejectedSuggestionIds: rejected }),
    ...(deleted.length > 0 && { deletedSuggestionIds: deleted }),
  }))
  return views.some((view) => Object.keys(view).length > 0) && { suggestionResponses: views }
}

function applied<T>(call: DocsCall, work: () => T): T {
  try {
    return work()
  } catch (error) {
    if (error instanceof InvalidRequest) throw invalid(error.message)
    if (error instanceof NoSuchSuggestion) throw missing(error.message)
    if (error instanceof UnmodelledRequest) {
      call.unmodelled(`batchUpdate ${error.message}`)
      throw unmodelled(`The request ${error.message}`)
    }
    throw error
  }
}
