import type {
  AddDocumentTabRequest,
  DeleteTabRequest,
  TabProperties,
  UpdateDocumentTabPropertiesRequest,
} from '../../../../openapi/types/docs.ts'
import { freshTab } from '../model/fresh.ts'
import { refuse } from '../model/refused.ts'
import type { DocumentModel, Tab } from '../model/types.ts'
import type { Draft } from './draft.ts'
import { fieldMask } from './masks.ts'

/** Tabs form a tree three levels deep; the model lists them in reading order, parents before their children. */

const DEEPEST = 2
const EMOJI = /^\p{RGI_Emoji}$/v

export const childrenOf = (document: DocumentModel, parentTabId: string | undefined): Tab[] =>
  document.tabs.filter((tab) => tab.parentTabId === parentTabId)

export const depthOf = (document: DocumentModel, tab: Tab): number => {
  const parent = tab.parentTabId && document.tabs.find((candidate) => candidate.tabId === tab.parentTabId)
  return parent ? 1 + depthOf(document, parent) : 0
}

/** A tab and everything below it, in reading order. */
const familyOf = (document: DocumentModel, tab: Tab): Tab[] => [
  tab,
  ...childrenOf(document, tab.tabId).flatMap((child) => familyOf(document, child)),
]

/** A tab's properties as the API shows them. */
export function tabProperties(document: DocumentModel, tab: Tab): TabProperties {
  const nestingLevel = depthOf(document, tab)
  return {
    tabId: tab.tabId,
    title: tab.title,
    ...(tab.parentTabId && { parentTabId: tab.parentTabId }),
    index: childrenOf(document, tab.parentTabId).findIndex((sibling) => sibling.tabId === tab.tabId),
    ...(nestingLevel > 0 && { nestingLevel }),
    ...(tab.iconEmoji && { iconEmoji: tab.iconEmoji }),
  }
}

export function addDocumentTab(draft: Draft, request: AddDocumentTabRequest): object {
  const { tabId, title, index, parentTabId, iconEmoji } = request.tabProperties ?? {}
  if (tabId) throw refuse('Tab ID should not be specified in the properties when adding a tab.')
  const parent = parentTabId ? draft.tab(parentTabId) : undefined
  if (parent && depthOf(draft.document, parent) >= DEEPEST)
    throw refuse('Tabs cannot be nested deeper than three levels.')
  const name = title || unusedTitle(draft.document)
  assertUnused(draft, name)
  assertEmoji(iconEmoji)
  const tab: Tab = {
    ...freshTab(draft.around.tabId(), name),
    ...(parentTabId && { parentTabId }),
    ...(iconEmoji && { iconEmoji }),
  }
  const siblings = childrenOf(draft.document, parentTabId)
  const at = index ?? siblings.length
  if (at < 0 || at > siblings.length) throw refuse(`The tab index ${at} is out of range.`)
  draft.document = placed(draft.document, [tab], parent, at)
  return { addDocumentTab: { tabProperties: tabProperties(draft.document, tab) } }
}

function unusedTitle({ tabs }: DocumentModel): string {
  for (let n = tabs.length + 1; ; n++) if (!tabs.some((tab) => tab.title === `Tab ${n}`)) return `Tab ${n}`
}

function assertUnused(draft: Draft, title: string, except?: string): void {
  if (draft.document.tabs.some((tab) => tab.title === title && tab.tabId !== except))
    throw refuse('Tab title must be unique')
}

function assertEmoji(icon: string | undefined): void {
  if (icon && !EMOJI.test(icon)) throw refuse('The icon emoji must be a single valid emoji.')
}

/** The document with a family of tabs put at a position among its siblings. */
function placed(
  document: DocumentModel,
  family: readonly Tab[],
  parent: Tab | undefined,
  index: number,
): DocumentModel {
  const siblings = childrenOf(document, parent?.tabId)
  const next = siblings[index]
  const last = siblings.at(-1) ?? parent
  const position = next
    ? document.tabs.indexOf(next)
    : last
      ? document.tabs.indexOf(last) + (siblings.length > 0 ? familyOf(document, last).length : 1)
      : document.tabs.length
  return { ...document, tabs: document.tabs.toSpliced(position, 0, ...family) }
}

/** Deletes a tab with everything below it; a document keeps at least one. */
export function deleteTab(draft: Draft, { tabId }: DeleteTabRequest): void {
  if (!tabId) throw refuse('The tab ID must be specified.')
  const family = new Set(familyOf(draft.document, draft.tab(tabId)))
  if (family.size === draft.document.tabs.length) throw refuse('The last tab of a document cannot be deleted.')
  draft.document = { ...draft.document, tabs: draft.document.tabs.filter((tab) => !family.has(tab)) }
}

export function updateDocumentTabProperties(draft: Draft, request: UpdateDocumentTabPropertiesRequest): void {
  const given = request.tabProperties ?? {}
  if (!given.tabId) throw refuse('The tab ID must be specified.')
  const tab = draft.tab(given.tabId)
  const mask = fieldMask(request.fields, 'TabProperties')
  if (mask.has('nestingLevel') && request.fields?.trim() !== '*')
    throw refuse('Invalid field: nestingLevel is read-only.')
  if (mask.has('title')) {
    assertUnused(draft, given.title ?? '', tab.tabId)
    draft.patchTab(tab.tabId, { title: given.title ?? '' })
  }
  if (mask.has('iconEmoji')) {
    assertEmoji(given.iconEmoji)
    draft.patchTab(tab.tabId, { iconEmoji: given.iconEmoji || undefined })
  }
  const reparents = mask.has('parentTabId') && given.parentTabId !== tab.parentTabId
  if (reparents || (mask.has('index') && given.index !== undefined)) moveTab(draft, tab.tabId, given, reparents)
}

function moveTab(draft: Draft, tabId: string, given: TabProperties, reparents: boolean): void {
  const tab = draft.tab(tabId)
  const family = familyOf(draft.document, tab)
  const parentTabId = reparents ? given.parentTabId || undefined : tab.parentTabId
  const parent = parentTabId ? draft.tab(parentTabId) : undefined
  if (parent && family.includes(parent)) throw refuse('A tab cannot be moved below itself.')
  const deepest = Math.max(...family.map((member) => depthOf(draft.document, member))) - depthOf(draft.document, tab)
  if (parent && depthOf(draft.document, parent) + 1 + deepest > DEEPEST)
    throw refuse('Tabs cannot be nested deeper than three levels.')
  const rest = { ...draft.document, tabs: draft.document.tabs.filter((other) => !family.includes(other)) }
  const siblings = childrenOf(rest, parentTabId)
  const index = given.index ?? siblings.length
  if (index < 0 || index > siblings.length) throw refuse(`The tab index ${index} is out of range.`)
  const { parentTabId: _old, ...own } = tab
  const moved: Tab = { ...own, ...(parentTabId && { parentTabId }) }
  draft.document = placed(rest, [moved, ...family.slice(1)], parent, index)
}
