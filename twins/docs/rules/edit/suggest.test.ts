import { expect, test } from 'vitest'
import { edit, insert, outline, surroundings } from '../../testing/editing.ts'
import { documentView } from '../../views/document.ts'
import type { SuggestionsViewMode } from '../../views/suggestions.ts'
import { Draft } from './draft.ts'
import { resolveSuggestion, suggestDeletion, suggestInsertion } from './suggest.ts'

const BODY = { tabId: 't.0', segmentId: '' }

/** "Hello old world" with "new" suggested in the place of "old". */
function suggested(): Draft {
  const draft = new Draft(edit([insert(1, 'Hello old world')]).document, surroundings())
  suggestDeletion(draft, { ...BODY, start: 7, end: 10 }, 'suggest.out')
  suggestInsertion(draft, { ...BODY, index: 10 }, 'new', 'suggest.in')
  return draft
}

const shown = (draft: Draft, mode: SuggestionsViewMode) => {
  const { body } = documentView({ documentId: 'd', title: 'T', model: draft.document, mode, includeTabsContent: false })
  return body?.content ?? []
}

test('inline, suggestions are marked; previews show one side, with its own indexes', () => {
  const draft = suggested()
  const runs = shown(draft, 'SUGGESTIONS_INLINE')[1]?.paragraph?.elements?.map(({ textRun }) => textRun)
  expect(runs?.map((one) => [one?.content, one?.suggestedInsertionIds, one?.suggestedDeletionIds])).toEqual([
    ['Hello ', undefined, undefined],
    ['old', undefined, ['suggest.out']],
    ['new', ['suggest.in'], undefined],
    [' world\n', undefined, undefined],
  ])
  expect(outline(shown(draft, 'PREVIEW_SUGGESTIONS_ACCEPTED'))).toContain('[1,17) Hello new world\\n')
  expect(outline(shown(draft, 'PREVIEW_WITHOUT_SUGGESTIONS'))).toContain('[1,17) Hello old world\\n')
})

test('a suggested newline joins its paragraphs where it is not shown', () => {
  const draft = new Draft(edit([insert(1, 'ab')]).document, surroundings())
  suggestInsertion(draft, { ...BODY, index: 2 }, '\n', 'suggest.in')
  expect(outline(shown(draft, 'PREVIEW_WITHOUT_SUGGESTIONS'))).toEqual(['[0,1) section', '[1,4) ab\\n'])
  expect(outline(shown(draft, 'PREVIEW_SUGGESTIONS_ACCEPTED'))).toEqual(['[0,1) section', '[1,3) a\\n', '[3,5) b\\n'])
})

test('accepted or rejected, nothing of a suggestion is left', () => {
  const accepted = suggested()
  resolveSuggestion(accepted, 'suggest.out', true)
  resolveSuggestion(accepted, 'suggest.in', true)
  expect(outline(shown(accepted, 'SUGGESTIONS_INLINE'))).toContain('[1,17) Hello new world\\n')
  const rejected = suggested()
  resolveSuggestion(rejected, 'suggest.out', false)
  resolveSuggestion(rejected, 'suggest.in', false)
  expect(outline(shown(rejected, 'SUGGESTIONS_INLINE'))).toContain('[1,17) Hello old world\\n')
  expect(() => resolveSuggestion(rejected, 'suggest.in', true)).toThrow('Suggestion with ID suggest.in does not exist.')
})
