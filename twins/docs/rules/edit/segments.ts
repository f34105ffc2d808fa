import type {
  CreateFooterRequest,
  CreateFootnoteRequest,
  CreateHeaderRequest,
  DeleteFooterRequest,
  DeleteHeaderRequest,
  Location,
} from '../../../../openapi/types/docs.ts'
import { emptyContent, footnoteContent } from '../model/fresh.ts'
import { refuse } from '../model/refused.ts'
import { blockAt, mapBlocks } from '../model/sequence.ts'
import type { Style } from '../model/types.ts'
import type { Draft } from './draft.ts'
import { insertElement } from './elements.ts'

/** Headers, footers and footnotes: segments with index spaces of their own. */

export const createHeader = (draft: Draft, request: CreateHeaderRequest): object => ({
  createHeader: { headerId: createRunning(draft, 'header', request) },
})

export const createFooter = (draft: Draft, request: CreateFooterRequest): object => ({
  createFooter: { footerId: createRunning(draft, 'footer', request) },
})

/** The first section's header and footer are the document's own. */
function createRunning(
  draft: Draft,
  kind: 'header' | 'footer',
  request: CreateHeaderRequest | CreateFooterRequest,
): string {
  if (request.type !== 'DEFAULT') throw refuse(`The ${kind} type must be specified.`)
  const property = kind === 'header' ? 'defaultHeaderId' : 'defaultFooterId'
  const { tabId } = draft.place({ tabId: request.sectionBreakLocation?.tabId })
  const section = sectionStart(draft, request.sectionBreakLocation)
  const style = section > 0 ? sectionStyle(draft, tabId, section) : draft.tab(tabId).documentStyle
  if (style[property]) throw refuse(`Default ${kind} already exists.`)
  const id = draft.addSegment(tabId, kind, emptyContent())
  if (section === 0) draft.patchTab(tabId, { documentStyle: { ...style, [property]: id } })
  else {
    const place = { tabId, segmentId: '' }
    draft.setContent(
      place,
      mapBlocks(draft.content(place), section, section + 1, (block) =>
        block.kind === 'sectionBreak' ? { ...block, style: { ...block.style, [property]: id } } : block,
      ),
    )
  }
  return id
}

function sectionStart(draft: Draft, location: Location | undefined): number {
  if (!location) return 0
  const { index, ...place } = draft.point(location)
  const found = blockAt(draft.content(place), index)
  if (found?.block.kind !== 'sectionBreak') throw refuse('The provided section break location is invalid.')
  return index
}

const sectionStyle = (draft: Draft, tabId: string, index: number): Style => {
  const found = blockAt(draft.content({ tabId, segmentId: '' }), index)?.block
  return found?.kind === 'sectionBreak' ? found.style : {}
}

export const deleteHeader = (draft: Draft, { headerId, tabId }: DeleteHeaderRequest): void =>
  deleteRunning(draft, 'header', headerId, tabId)

export const deleteFooter = (draft: Draft, { footerId, tabId }: DeleteFooterRequest): void =>
  deleteRunning(draft, 'footer', footerId, tabId)

/** Removes a header or footer and every reference to it. */
function deleteRunning(
  draft: Draft,
  kind: 'header' | 'footer',
  id: string | undefined,
  tabId: string | undefined,
): void {
  const tab = draft.tab(tabId)
  if (!id || tab.segments[id]?.kind !== kind) throw refuse(`The ${kind} with ID ${id ?? ''} was not found.`)
  draft.removeSegment(tab.tabId, id)
  const forget = (style: Style): Style => {
    const kept = Object.entries(style).filter(([, value]) => value !== id)
    return kept.length === Object.keys(style).length ? style : Object.fromEntries(kept)
  }
  const place = { tabId: tab.tabId, segmentId: '' }
  const content = draft.content(place)
  draft.patchTab(tab.tabId, { documentStyle: forget(tab.documentStyle) })
  draft.setContent(
    place,
    mapBlocks(content, 0, content.width, (block) => {
      if (block.kind !== 'sectionBreak') return block
      const style = forget(block.style)
      return style === block.style ? block : { ...block, style }
    }),
  )
}

/** Puts a reference into the body and makes the footnote it leads to. */
export function createFootnote(draft: Draft, request: CreateFootnoteRequest): object {
  if (request.location?.segmentId || request.endOfSegmentLocation?.segmentId) {
    throw refuse('Footnotes can only be inserted inside the document body.')
  }
  const point = draft.insertion(request)
  const footnoteId = draft.addSegment(point.tabId, 'footnote', footnoteContent())
  insertElement(draft, point, 'footnoteReference', { footnoteId })
  return { createFootnote: { footnoteId } }
}
