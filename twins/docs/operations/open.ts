import { seesOnlyOwnFiles } from '../../google/caller.ts'
import { accessOf, atLeast, DOCUMENT, type File, type GoogleCaller, isAppsType, type Role } from '../../google/index.ts'
import type { DocsMoment } from '../documents.ts'
import { forbidden, notFound, unsupportedDocument } from '../errors.ts'
import type { StoredDocument } from '../tables.ts'
import type { SuggestionsViewMode } from '../views/suggestions.ts'

/** A call of a Docs operation. */
export type DocsCall = DocsMoment & { readonly caller: GoogleCaller }

/** The document of an id, as far as the caller may open it. Trashed documents open as others do. */
export function openDocument(call: DocsCall, id: string): { file: File; role: Role; stored: StoredDocument } {
  const file = call.tables.files.get(id)
  if (!file) throw notFound()
  const role = accessOf(call, file)
  // To an application that sees its own files only, the others do not exist.
  if (!role) throw seesOnlyOwnFiles(call.caller) ? notFound() : forbidden()
  const stored = call.tables.documents.get(id)
  if (file.mimeType !== DOCUMENT || !stored) throw isAppsType(file.mimeType) ? notFound() : unsupportedDocument()
  return { file, role, stored }
}

/** The mode a reader gets. Those who may only read never see suggestions. */
export function viewModeOf(asked: string | undefined, role: Role): SuggestionsViewMode {
  const mayComment = atLeast(role, 'commenter')
  if (!asked || asked === 'DEFAULT_FOR_CURRENT_ACCESS')
    return mayComment ? 'SUGGESTIONS_INLINE' : 'PREVIEW_WITHOUT_SUGGESTIONS'
  if (!mayComment && asked !== 'PREVIEW_WITHOUT_SUGGESTIONS') throw forbidden()
  return asked as SuggestionsViewMode
}

/** Whether comments come along; nothing is said of them unless asked. Those who may only read never see any. */
export function commentsModeOf(asked: string | undefined, role: Role): string | undefined {
  if (!asked || asked === 'COMMENTS_VIEW_MODE_UNSPECIFIED') return undefined
  const mayComment = atLeast(role, 'commenter')
  if (asked === 'COMMENTS_VIEW_MODE_INCLUDED' && !mayComment) throw forbidden()
  if (asked !== 'COMMENTS_VIEW_MODE_DEFAULT_FOR_CURRENT_ACCESS') return asked
  return mayComment ? 'COMMENTS_VIEW_MODE_INCLUDED' : 'COMMENTS_VIEW_MODE_OMITTED'
}
