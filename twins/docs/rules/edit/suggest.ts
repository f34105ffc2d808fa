import type {
  AcceptSuggestionRequest,
  DeleteContentRangeRequest,
  DeleteSuggestionRequest,
  InsertTextRequest,
  RejectSuggestionRequest,
  TextStyleSuggestionState,
  UpdateTextStyleRequest,
} from '../../../../openapi/types/docs.ts'
import { mapParagraphs, paragraphsIn } from '../model/content.ts'
import { cut, widthOf, withInlines } from '../model/inlines.ts'
import { refuse } from '../model/refused.ts'
import type { Inline, TextStyle } from '../model/types.ts'
import type { Draft, Point, Stretch } from './draft.ts'
import { applyMask, type FieldMask, fieldMask } from './masks.ts'
import { assertText, deleteStretch, FIRST_SECTION_BREAK, insertAt } from './text.ts'

/** Suggestions: edits that wait for somebody to accept or reject them. They are in the document at once, marked. */

/** There is no such suggestion: 404, unlike other requests that cannot be applied. */
export class NoSuchSuggestion extends Error {}

/** What requests do in `writeMode` SUGGEST; the other kinds cannot be suggested. */
export const SUGGESTIBLE = {
  insertText(draft: Draft, request: InsertTextRequest, id: string) {
    assertText(request)
    suggestInsertion(draft, draft.insertion(request), request.text ?? '', id)
  },
  deleteContentRange: (draft: Draft, { range }: DeleteContentRangeRequest, id: string) =>
    suggestDeletion(draft, draft.stretch(range), id),
  updateTextStyle: (draft: Draft, request: UpdateTextStyleRequest, id: string) =>
    suggestStyle(
      draft,
      draft.stretch(request.range),
      request.textStyle ?? {},
      fieldMask(request.fields, 'TextStyle'),
      id,
    ),
}

export const acceptSuggestion = (draft: Draft, { suggestionId = '' }: AcceptSuggestionRequest): void => {
  resolveSuggestion(draft, suggestionId, true)
  draft.suggestions.accepted.push(suggestionId)
}

export const rejectSuggestion = (draft: Draft, { suggestionId = '' }: RejectSuggestionRequest): void => {
  resolveSuggestion(draft, suggestionId, false)
  draft.suggestions.rejected.push(suggestionId)
}

export const deleteSuggestion = (draft: Draft, { suggestionId = '' }: DeleteSuggestionRequest): void => {
  resolveSuggestion(draft, suggestionId, false)
  draft.suggestions.deleted.push(suggestionId)
}

/** Suggests text at a point. */
export function suggestInsertion(draft: Draft, point: Point, text: string, suggestionId: string): void {
  const length = insertAt(draft, point, text)
  mark(draft, { ...point, start: point.index, end: point.index + length }, (inline) => ({
    ...inline,
    suggestedInsertionIds: [...(inline.suggestedInsertionIds ?? []), suggestionId],
  }))
}

/** Suggests to delete a stretch. */
export function suggestDeletion(draft: Draft, stretch: Stretch, suggestionId: string): void {
  if (draft.segment(stretch).kind === 'body' && stretch.start === 0) throw refuse(FIRST_SECTION_BREAK)
  mark(draft, stretch, (inline) => ({
    ...inline,
    suggestedDeletionIds: [...(inline.suggestedDeletionIds ?? []), suggestionId],
  }))
}

/** Suggests another look for a stretch. */
function suggestStyle(draft: Draft, stretch: Stretch, given: TextStyle, mask: FieldMask, suggestionId: string): void {
  const textStyleSuggestionState = Object.fromEntries([...mask.keys()].map((name) => [`${name}Suggested`, true]))
  mark(draft, stretch, (inline) => ({
    ...inline,
    suggestedTextStyleChanges: {
      ...inline.suggestedTextStyleChanges,
      [suggestionId]: {
        textStyle: applyMask(inline.style, given, mask),
        textStyleSuggestionState: textStyleSuggestionState as TextStyleSuggestionState,
      },
    },
  }))
}

function mark(draft: Draft, { start, end, ...place }: Stretch, change: (inline: Inline) => Inline): void {
  const marked = mapParagraphs(draft.content(place), start, end, (old, at) =>
    withInlines(old, [
      ...cut(old.inlines, 0, start - at),
      ...cut(old.inlines, start - at, end - at).map(change),
      ...cut(old.inlines, end - at, old.width),
    ]),
  )
  draft.setContent(place, marked)
}

/** Accepts or rejects a suggestion wherever it is: marks go, and so does the text nobody wants. */
export function resolveSuggestion(draft: Draft, suggestionId: string, accept: boolean): void {
  let found = false
  for (const tab of draft.document.tabs) {
    for (const segmentId of Object.keys(tab.segments)) {
      const place = { tabId: tab.tabId, segmentId }
      const gone: Stretch[] = []
      for (const { paragraph: part, start } of paragraphsIn(draft.content(place))) {
        let at = start
        for (const inline of part.inlines) {
          const end = at + widthOf(inline)
          const inserted = inline.suggestedInsertionIds?.includes(suggestionId)
          const deleted = inline.suggestedDeletionIds?.includes(suggestionId)
          if (inserted || deleted || inline.suggestedTextStyleChanges?.[suggestionId]) found = true
          if (accept ? deleted : inserted) gone.push({ ...place, start: at, end })
          at = end
        }
      }
      for (const stretch of gone.reverse()) deleteStretch(draft, stretch)
      const { width } = draft.content(place)
      mark(draft, { ...place, start: 0, end: width }, (inline) => settled(inline, suggestionId, accept))
    }
  }
  if (!found) throw new NoSuchSuggestion(`Suggestion with ID ${suggestionId} does not exist.`)
}

function settled(inline: Inline, suggestionId: string, accept: boolean): Inline {
  const { suggestedInsertionIds, suggestedDeletionIds, suggestedTextStyleChanges, ...rest } = inline
  const others = (ids: readonly string[] | undefined) => ids?.filter((id) => id !== suggestionId)
  const inserted = others(suggestedInsertionIds)
  const deleted = others(suggestedDeletionIds)
  const { [suggestionId]: change, ...changes } = suggestedTextStyleChanges ?? {}
  return {
    ...rest,
    style: (accept && change?.textStyle) || inline.style,
    ...(inserted?.length && { suggestedInsertionIds: inserted }),
    ...(deleted?.length && { suggestedDeletionIds: deleted }),
    ...(Object.keys(changes).length > 0 && { suggestedTextStyleChanges: changes }),
  } as Inline
}
