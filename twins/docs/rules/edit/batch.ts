import type { Request } from '../../../../openapi/types/docs.ts'
import { Refused, refuse, UnmodelledRequest } from '../model/refused.ts'
import type { DocumentModel } from '../model/types.ts'
import { insertPageBreak, insertSectionBreak, updateSectionStyle } from './breaks.ts'
import { createParagraphBullets, deleteParagraphBullets } from './bullets.ts'
import {
  mergeTableCells,
  unmergeTableCells,
  updateTableCellStyle,
  updateTableColumnProperties,
  updateTableRowStyle,
} from './cells.ts'
import { insertDate, insertPerson, insertRichLink } from './chips.ts'
import { COMMENT_EFFECTS } from './comments.ts'
import { Draft, type Edit, noSuggestions, type SuggestionEffects, type Surroundings } from './draft.ts'
import { deletePositionedObject, insertInlineImage, replaceImage } from './images.ts'
import { normalised } from './normalise.ts'
import { createNamedRange, deleteNamedRange, replaceNamedRangeContent } from './ranges.ts'
import { Rebase } from './rebase.ts'
import { updateParagraphStyle, updateTextStyle } from './restyle.ts'
import { createFooter, createFootnote, createHeader, deleteFooter, deleteHeader } from './segments.ts'
import { updateDocumentStyle, updateNamedStyle } from './settings.ts'
import { acceptSuggestion, deleteSuggestion, rejectSuggestion, SUGGESTIBLE } from './suggest.ts'
import {
  deleteTableColumn,
  deleteTableRow,
  insertTable,
  insertTableColumn,
  insertTableRow,
  pinTableHeaderRows,
} from './tables.ts'
import { addDocumentTab, deleteTab, updateDocumentTabProperties } from './tabs.ts'
import { deleteContentRange, insertText, replaceAllText } from './text.ts'

type Kind = keyof Request
// biome-ignore lint/suspicious/noConfusingVoidType: most effects return nothing, which is the reply {}
type Answer = object | void
type Effects = { [K in Kind]?: (draft: Draft, request: NonNullable<Request[K]>) => Answer }

/** What each kind of request does; its return value is its reply. */
const EFFECTS: Effects = {
  ...COMMENT_EFFECTS,
  acceptSuggestion,
  addDocumentTab,
  createFooter,
  createFootnote,
  createHeader,
  createNamedRange,
  createParagraphBullets,
  deleteContentRange,
  deleteFooter,
  deleteHeader,
  deleteNamedRange,
  deleteParagraphBullets,
  deletePositionedObject,
  deleteSuggestion,
  deleteTab,
  deleteTableColumn,
  deleteTableRow,
  insertDate,
  insertInlineImage,
  insertPageBreak,
  insertPerson,
  insertRichLink,
  insertSectionBreak,
  insertTable,
  insertTableColumn,
  insertTableRow,
  insertText,
  mergeTableCells,
  pinTableHeaderRows,
  rejectSuggestion,
  replaceAllText,
  replaceImage,
  replaceNamedRangeContent,
  unmergeTableCells,
  updateDocumentStyle,
  updateDocumentTabProperties,
  updateNamedStyle,
  updateParagraphStyle,
  updateSectionStyle,
  updateTableCellStyle,
  updateTableColumnProperties,
  updateTableRowStyle,
  updateTextStyle,
}

/** Every kind of request the twin applies. */
export const KINDS = Object.keys(EFFECTS) as Kind[]

/** A request of the batch cannot be applied; the message is the whole sentence the service answers with. */
export class InvalidRequest extends Error {}

export interface BatchResult {
  readonly document: DocumentModel
  /** One per request, in order. */
  readonly replies: readonly object[]
  readonly edits: readonly Edit[]
  /** One per request. */
  readonly suggestions: readonly SuggestionEffects[]
}

export interface BatchOptions {
  /** Edits others made since the revision the requests were written for; indexes follow them. */
  readonly collaborators?: readonly Edit[]
  /** Marks the changes instead of making them. */
  readonly suggest?: boolean
}

/**
 * Applies requests one after the other, each to what the ones before it made, or none at all.
 *
 * @throws InvalidRequest for the first request that cannot be applied
 */
export function applyBatch(
  document: DocumentModel,
  requests: readonly Request[],
  around: Surroundings,
  { collaborators = [], suggest = false }: BatchOptions = {},
): BatchResult {
  const draft = new Draft(document, around)
  const rebase = new Rebase(collaborators, draft.firstTab.tabId)
  const suggestions: SuggestionEffects[] = []
  const replies = requests.map((request, i) => {
    const kind = Object.keys(request).find((name) => request[name as Kind] !== undefined) as Kind | undefined
    if (!kind) throw new InvalidRequest(`Invalid requests[${i}]: No request set.`)
    const effect = (suggest ? suggestionOf(kind) : EFFECTS[kind]) as Effect | undefined
    if (!effect) throw new UnmodelledRequest(kind)
    const before = draft.edits.length
    draft.suggestions = noSuggestions()
    try {
      const reply = effect(draft, rebase.request(normalised(request[kind] as object))) ?? {}
      rebase.applied(draft.edits.slice(before))
      suggestions.push(draft.suggestions)
      return reply
    } catch (error) {
      if (error instanceof Refused) throw new InvalidRequest(`Invalid requests[${i}].${kind}: ${error.message}`)
      throw error
    }
  })
  return { document: draft.document, replies, edits: draft.edits, suggestions }
}

type Effect = (draft: Draft, request: object) => Answer

/** The effect of a request as a suggestion of its own. */
function suggestionOf(kind: Kind): Effect {
  return (draft, request) => {
    if (!(kind in SUGGESTIBLE)) throw refuse('Request does not support application as suggestion.')
    const id = draft.around.suggestionId()
    const suggest = SUGGESTIBLE[kind as keyof typeof SUGGESTIBLE] as (draft: Draft, request: object, id: string) => void
    suggest(draft, request, id)
    draft.suggestions.created.push(id)
  }
}
