import { z } from 'zod'
import { act } from '../../shared/kernel/act.ts'
import { addRevision, changeFile } from '../google/files.ts'
import { findUser } from '../google/users.ts'
import { type DocsMoment, surroundingsOf, writeDocument } from './documents.ts'
import { invalid, missing } from './errors.ts'
import { newSuggestionId } from './ids.ts'
import { Draft } from './rules/edit/draft.ts'
import { NoSuchSuggestion, resolveSuggestion, suggestDeletion, suggestInsertion } from './rules/edit/suggest.ts'
import { Refused } from './rules/model/refused.ts'

/** What people do in the editor that the API has no request for: suggesting edits, and deciding on them. */

/** People know a document by its name: an id or a title. */
const base = z.strictObject({ documentId: z.string(), by: z.email().optional() })
const insertion = base.extend({ index: z.int().min(1), text: z.string().min(1), tabId: z.string().optional() })
const deletion = base.extend({ startIndex: z.int().min(1), endIndex: z.int(), tabId: z.string().optional() })
const decision = base.extend({ suggestionId: z.string() })

export const acts = {
  suggestInsertion: act('by', insertion, (moment: DocsMoment, { index, text, tabId, ...who }) => {
    const suggestionId = newSuggestionId(moment.random)
    edit(moment, who, (draft) => suggestInsertion(draft, draft.point({ index, tabId }), text, suggestionId))
    return { suggestionId }
  }),
  suggestDeletion: act('by', deletion, (moment: DocsMoment, { startIndex, endIndex, tabId, ...who }) => {
    const suggestionId = newSuggestionId(moment.random)
    edit(moment, who, (draft) => suggestDeletion(draft, draft.stretch({ startIndex, endIndex, tabId }), suggestionId))
    return { suggestionId }
  }),
  acceptSuggestion: act('by', decision, (moment: DocsMoment, { suggestionId, ...who }) => {
    edit(moment, who, (draft) => resolveSuggestion(draft, suggestionId, true))
    return { suggestionId }
  }),
  rejectSuggestion: act('by', decision, (moment: DocsMoment, { suggestionId, ...who }) => {
    edit(moment, who, (draft) => resolveSuggestion(draft, suggestionId, false))
    return { suggestionId }
  }),
}

/** Writes as a person would: a new revision, and the file changed by them. Without `by`, its owner does it. */
function edit(
  moment: DocsMoment,
  { documentId: named, by }: z.infer<typeof base>,
  change: (draft: Draft) => void,
): void {
  const { documents, files } = moment.tables
  const stored = documents.get(named) ?? documents.all().find(({ id }) => files.get(id)?.name === named)
  const file = stored && files.get(stored.id)
  if (!stored || !file) throw new Error(`No document ${named}`)
  const documentId = stored.id
  const user = by ? findUser(moment, by) : file.ownerId ? moment.tables.users.get(file.ownerId) : undefined
  if (by && !user) throw new Error(`No account ${by}`)
  const draft = new Draft(stored.model, surroundingsOf(moment))
  try {
    change(draft)
  } catch (error) {
    if (error instanceof NoSuchSuggestion) throw missing(error.message)
    throw error instanceof Refused ? invalid(error.message) : error
  }
  writeDocument(moment, stored, draft.document, draft.edits)
  const changes = { modifiedTime: moment.now, ...(user && { lastModifyingUserId: user.id }) }
  addRevision(moment, changeFile(moment, documentId, changes, ['content']), user)
}
