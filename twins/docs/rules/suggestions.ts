import type { Draft, Point, Stretch } from './edit/draft.ts'
import { deleteStretch, insertAt } from './edit/text.ts'
import { mapParagraphs, paragraphsIn } from './model/content.ts'
import { cut, widthOf, withInlines } from './model/inlines.ts'
import { refuse } from './model/refused.ts'
import type { Inline } from './model/types.ts'

/** Suggestions: edits that wait for somebody to accept or reject them. */

/** Suggests text at a point. It is there at once, marked. */
export function suggestInsertion(draft: Draft, point: Point, text: string, suggestionId: string): void {
  const length = insertAt(draft, point, text)
  mark(draft, { ...point, start: point.index, end: point.index + length }, (inline) => ({
    ...inline,
    suggestedInsertionIds: [...(inline.suggestedInsertionIds ?? []), suggestionId],
  }))
}

/** Suggests to delete a stretch. It stays, marked. */
export function suggestDeletion(draft: Draft, stretch: Stretch, suggestionId: string): void {
  mark(draft, stretch, (inline) => ({
    ...inline,
    suggestedDeletionIds: [...(inline.suggestedDeletionIds ?? []), suggestionId],
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
          if (inserted || deleted) found = true
          if (accept ? deleted : inserted) gone.push({ ...place, start: at, end })
          at = end
        }
      }
      for (const stretch of gone.reverse()) deleteStretch(draft, stretch)
      const { width } = draft.content(place)
      mark(draft, { ...place, start: 0, end: width }, (inline) => unmarked(inline, suggestionId))
    }
  }
  if (!found) throw refuse(`Suggestion with ID ${suggestionId} does not exist.`)
}

function unmarked(inline: Inline, suggestionId: string): Inline {
  const { suggestedInsertionIds, suggestedDeletionIds, ...rest } = inline
  const others = (ids: readonly string[] | undefined) => ids?.filter((id) => id !== suggestionId)
  const inserted = others(suggestedInsertionIds)
  const deleted = others(suggestedDeletionIds)
  return {
    ...rest,
    ...(inserted?.length && { suggestedInsertionIds: inserted }),
    ...(deleted?.length && { suggestedDeletionIds: deleted }),
  } as Inline
}
