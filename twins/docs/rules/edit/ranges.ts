import type {
  CreateNamedRangeRequest,
  DeleteNamedRangeRequest,
  ReplaceNamedRangeContentRequest,
} from '../../../../openapi/types/docs.ts'
import { refuse } from '../model/refused.ts'
import type { NamedRange, Tab } from '../model/types.ts'
import type { Draft } from './draft.ts'
import { deleteStretch, insertAt, replaceStretch } from './text.ts'

/** Names are counted in UTF-16 code units. */
const LONGEST_NAME = 256

export function createNamedRange(draft: Draft, { name = '', range }: CreateNamedRangeRequest): object {
  if (name.length < 1 || name.length > LONGEST_NAME) {
    throw refuse(`The name must be between 1 and ${LONGEST_NAME} UTF-16 code units long.`)
  }
  const { tabId, segmentId, start, end } = draft.stretch(range)
  const made: NamedRange = { namedRangeId: draft.around.id(), name, ranges: [{ segmentId, start, end }] }
  draft.patchTab(tabId, { namedRanges: [...draft.tab(tabId).namedRanges, made] })
  return { createNamedRange: { namedRangeId: made.namedRangeId } }
}

interface Named {
  readonly namedRangeId?: string
  readonly name?: string
}

const WHICH = 'ID or name for named range must be set'

/** Named ranges by id or by name, with their tabs. An id that names nothing is refused; a name may name nothing. */
function findNamed(
  draft: Draft,
  { namedRangeId, name }: Named,
  criteria: { tabIds?: string[] } | undefined,
): { tab: Tab; named: NamedRange }[] {
  if (!namedRangeId && !name) throw refuse(WHICH)
  const found = draft
    .tabs(criteria)
    .flatMap((tab) => tab.namedRanges.map((named) => ({ tab, named })))
    .filter(({ named }) => (namedRangeId ? named.namedRangeId === namedRangeId : named.name === name))
  if (namedRangeId && found.length === 0) throw refuse(`The named range with ID ${namedRangeId} was not found.`)
  return found
}

export function deleteNamedRange(draft: Draft, { namedRangeId, name, tabsCriteria }: DeleteNamedRangeRequest): void {
  for (const { tab, named } of findNamed(draft, { namedRangeId, name }, tabsCriteria)) {
    const { namedRanges } = draft.tab(tab.tabId)
    draft.patchTab(tab.tabId, { namedRanges: namedRanges.filter((other) => other.namedRangeId !== named.namedRangeId) })
  }
}

/** Puts text in the place of a range's first part and deletes its others; the range stays over the new text. */
export function replaceNamedRangeContent(draft: Draft, request: ReplaceNamedRangeContentRequest): void {
  const { namedRangeId, namedRangeName, tabsCriteria, text = '' } = request
  for (const { tab, named } of findNamed(draft, { namedRangeId, name: namedRangeName }, tabsCriteria)) {
    const current = draft.tab(tab.tabId).namedRanges.find((other) => other.namedRangeId === named.namedRangeId)
    const [first, ...others] = current?.ranges ?? []
    if (!current || !first) continue
    const place = { tabId: tab.tabId, segmentId: first.segmentId }
    for (const span of others.toReversed()) deleteStretch(draft, { ...span, tabId: tab.tabId })
    const before = draft.content(place).width
    if (first.end - first.start > 0) replaceStretch(draft, { ...place, start: first.start, end: first.end }, text)
    else insertAt(draft, { ...place, index: first.start }, text)
    const length = draft.content(place).width - before + (first.end - first.start)
    const spans = length > 0 ? [{ ...first, end: first.start + length }] : []
    const { namedRanges } = draft.tab(tab.tabId)
    const rest = namedRanges.filter((other) => other.namedRangeId !== named.namedRangeId)
    draft.patchTab(tab.tabId, { namedRanges: spans.length > 0 ? [...rest, { ...current, ranges: spans }] : rest })
  }
}
