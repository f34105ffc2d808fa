import type { Document, DocumentTab, Tab as TabView } from '../../../openapi/types/docs.ts'
import { childrenOf, tabProperties } from '../rules/edit/tabs.ts'
import type { CommentAnchor, DocumentModel, NamedRange, SegmentKind, Span, Tab } from '../rules/model/types.ts'
import { contentView, footnoteNumbers, type Showing } from './content.ts'
import { previewed, type SuggestionsViewMode } from './suggestions.ts'

/** What a document is shown with. */
export interface DocumentParts {
  readonly documentId: string
  readonly title: string
  readonly model: DocumentModel
  /** Absent for callers who cannot edit. */
  readonly revisionId?: string
  readonly mode: SuggestionsViewMode
  /** All tabs, or the first in the form documents had before there were tabs. */
  readonly includeTabsContent: boolean
  /** Whether it is shown where comments are; only with all tabs. */
  readonly withComments?: boolean
}

/** A document as `documents.get` answers it. */
export function documentView({
  documentId,
  title,
  model,
  revisionId,
  mode,
  includeTabsContent,
  withComments = false,
}: DocumentParts): Document {
  const ends = { ...(revisionId && { revisionId }), suggestionsViewMode: mode, documentId }
  if (includeTabsContent) {
    return { title, ...ends, tabs: childrenOf(model, undefined).map((tab) => tabView(model, tab, mode, withComments)) }
  }
  return { title, ...tabContent(model.tabs[0] as Tab, mode, false), ...ends }
}

function tabView(model: DocumentModel, tab: Tab, mode: SuggestionsViewMode, withComments: boolean): TabView {
  const children = childrenOf(model, tab.tabId)
  return {
    tabProperties: tabProperties(model, tab),
    documentTab: {
      ...tabContent(tab, mode, true),
      ...(withComments && member('commentAnchors', commentAnchors(tab.commentAnchors ?? []))),
    },
    ...(children.length > 0 && { childTabs: children.map((child) => tabView(model, child, mode, withComments)) }),
  }
}

function tabContent(tab: Tab, mode: SuggestionsViewMode, tabs: boolean): DocumentTab {
  const body = previewed((tab.segments[''] as Tab['segments'][string]).content, mode)
  const showing: Showing = { tabs, footnoteNumbers: footnoteNumbers(body) }
  const segments = (kind: SegmentKind) =>
    Object.entries(tab.segments).flatMap(([id, segment]) =>
      segment.kind === kind
        ? [[id, { [`${kind}Id`]: id, content: contentView(previewed(segment.content, mode), showing) }] as const]
        : [],
    )
  return {
    body: { content: contentView(body, showing) },
    ...member('headers', segments('header')),
    ...member('footers', segments('footer')),
    ...member('footnotes', segments('footnote')),
    documentStyle: tab.documentStyle,
    namedStyles: { styles: [...tab.namedStyles] },
    ...member('lists', Object.entries(tab.lists)),
    ...member('namedRanges', namedRanges(tab.namedRanges)),
    ...member('inlineObjects', Object.entries(tab.inlineObjects)),
    ...member('positionedObjects', Object.entries(tab.positionedObjects)),
  }
}

/** A map that is left out while it is empty. */
const member = (name: string, entries: readonly (readonly [string, unknown])[]) =>
  entries.length > 0 ? { [name]: Object.fromEntries(entries) } : {}

/** Named ranges by name; several may share one. */
function namedRanges(all: readonly NamedRange[]): [string, unknown][] {
  const byName = Map.groupBy(all, (named) => named.name)
  return [...byName].map(([name, group]) => [
    name,
    {
      name,
      namedRanges: group.map(({ namedRangeId, ranges }) => ({
        namedRangeId,
        name,
        ranges: ranges.map(rangeView),
      })),
    },
  ])
}

const commentAnchors = (anchors: readonly CommentAnchor[]): [string, unknown][] =>
  anchors.map(({ anchorId, ranges }) => [anchorId, { anchorId, ranges: ranges.map(rangeView) }])

const rangeView = ({ segmentId, start, end }: Span) => ({
  ...(segmentId && { segmentId }),
  ...(start > 0 && { startIndex: start }),
  endIndex: end,
})
