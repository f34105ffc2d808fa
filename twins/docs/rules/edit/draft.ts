import type { EndOfSegmentLocation, Location, Range } from '../../../../openapi/types/docs.ts'
import { refuse } from '../model/refused.ts'
import type { Content, DocumentModel, Segment, SegmentKind, Span, Tab } from '../model/types.ts'
import type { DocumentComments } from './comments.ts'

/** One change of indexes: at `index`, `removed` indexes went and `inserted` came. What named ranges, comments and revisions follow. */
export interface Edit {
  readonly tabId: string
  readonly segmentId: string
  readonly index: number
  readonly removed: number
  readonly inserted: number
}

/** A file another document links to, as its chip shows it. */
export interface LinkedFile {
  readonly title: string
  readonly uri: string
  readonly mimeType?: string
}

/** What the model needs from outside: ids and knowledge of the world around the document. */
export interface Surroundings {
  /** `kix.` ids: lists, objects, headers, footnotes, named ranges, persons. */
  id(): string
  headingId(): string
  tabId(): string
  suggestionId(): string
  /** The Drive file behind a URI, if the caller can see it. */
  linkedFile(uri: string): LinkedFile | undefined
  /** The display name of a person, if there is such an account. */
  personName(email: string): string | undefined
  /** The address at which a copied image is served. */
  imageUri(): string
  /** Absent where nobody calls: fixtures and acts. */
  readonly comments?: DocumentComments
}

/** Where a request acts: a segment of a tab. */
export interface Place {
  readonly tabId: string
  readonly segmentId: string
}

/** An index inside a segment. */
export interface Point extends Place {
  readonly index: number
}

/** A range inside a segment. */
export interface Stretch extends Place {
  readonly start: number
  readonly end: number
}

/** Ids of the suggestions a request made or decided on. */
export interface SuggestionEffects {
  readonly created: string[]
  readonly accepted: string[]
  readonly rejected: string[]
  readonly deleted: string[]
}

export const noSuggestions = (): SuggestionEffects => ({ created: [], accepted: [], rejected: [], deleted: [] })

/**
 * A document under edit. Each request replaces `document` by a new one; a batch that fails drops the draft, so nothing
 * of it remains.
 */
export class Draft {
  document: DocumentModel
  readonly edits: Edit[] = []
  /** What the request at hand did to suggestions. */
  suggestions = noSuggestions()
  readonly around: Surroundings

  constructor(document: DocumentModel, around: Surroundings) {
    this.document = document
    this.around = around
  }

  get firstTab(): Tab {
    return this.document.tabs[0] as Tab
  }

  /** The tab of an id; without one the first. */
  tab(tabId: string | undefined): Tab {
    if (!tabId) return this.firstTab
    const tab = this.document.tabs.find((candidate) => candidate.tabId === tabId)
    if (!tab) throw refuse(`A tab with ID ${tabId} does not exist.`)
    return tab
  }

  /** Tabs a criteria names; without one all. */
  tabs(criteria: { tabIds?: string[] } | undefined): readonly Tab[] {
    return criteria?.tabIds?.length ? criteria.tabIds.map((id) => this.tab(id)) : this.document.tabs
  }

  patchTab(tabId: string, changes: Partial<Tab>): void {
    const tabs = this.document.tabs.map((tab) => (tab.tabId === tabId ? { ...tab, ...changes } : tab))
    this.document = { ...this.document, tabs }
  }

  segment(place: Place): Segment {
    const segment = this.tab(place.tabId).segments[place.segmentId]
    if (!segment) throw refuse(`Segment with ID ${place.segmentId} was not found.`)
    return segment
  }

  content(place: Place): Content {
    return this.segment(place).content
  }

  /** The place a location names, checked to exist. */
  place(location: { segmentId?: string; tabId?: string } | undefined): Place {
    const place = { tabId: this.tab(location?.tabId).tabId, segmentId: location?.segmentId ?? '' }
    this.segment(place)
    return place
  }

  /** A location's index, checked to lie inside its segment. */
  point(location: Location | undefined): Point {
    const place = this.place(location)
    const index = location?.index ?? 0
    this.assertInside(place, index)
    return { ...place, index }
  }

  /** Where an insertion goes: the location given, or before the segment's last newline. */
  insertion(request: { location?: Location; endOfSegmentLocation?: EndOfSegmentLocation }): Point {
    if (request.location) return this.point(request.location)
    if (!request.endOfSegmentLocation) throw refuse('The insertion location must be specified.')
    const place = this.place(request.endOfSegmentLocation)
    return { ...place, index: this.content(place).width - 1 }
  }

  /** A range, checked to be one and to lie inside its segment. */
  stretch(range: Range | undefined): Stretch {
    if (range?.startIndex === undefined || range.endIndex === undefined) {
      throw refuse('Invalid range: must contain a start and end index')
    }
    const place = this.place(range)
    const { startIndex: start, endIndex: end } = range
    if (end < start) throw refuse('Invalid range: end index cannot be less than start index')
    if (end === start) throw refuse('The range should not be empty.')
    this.assertInside(place, start)
    if (end > this.content(place).width) throw this.outside(place, end)
    return { ...place, start, end }
  }

  private assertInside(place: Place, index: number): void {
    if (index < 0) throw refuse(`Index ${index} must be greater than or equal to 0.`)
    if (index >= this.content(place).width) throw this.outside(place, index)
  }

  private outside(place: Place, index: number): Error {
    const { width } = this.content(place)
    return refuse(`Index ${index} must be less than the end index of the referenced segment, ${width}.`)
  }

  /** Replaces a segment's content and lets named ranges and comments follow the indexes. */
  setContent(place: Place, content: Content, ...edits: readonly Omit<Edit, 'tabId' | 'segmentId'>[]): void {
    const tab = this.tab(place.tabId)
    const segment = this.segment(place)
    const moved = edits.filter((edit) => edit.removed > 0 || edit.inserted > 0)
    let { namedRanges, commentAnchors } = tab
    for (const edit of moved) {
      namedRanges = shiftRanges(namedRanges, place.segmentId, edit)
      commentAnchors = commentAnchors && shiftRanges(commentAnchors, place.segmentId, edit)
      this.edits.push({ ...place, ...edit })
    }
    const segments = { ...tab.segments, [place.segmentId]: { ...segment, content } }
    this.patchTab(tab.tabId, { segments, namedRanges, ...(commentAnchors && { commentAnchors }) })
  }

  /** Adds a header, footer or footnote and returns its id. */
  addSegment(tabId: string, kind: SegmentKind, content: Content): string {
    const id = this.around.id()
    this.patchTab(tabId, { segments: { ...this.tab(tabId).segments, [id]: { kind, content } } })
    return id
  }

  removeSegment(tabId: string, segmentId: string): void {
    const tab = this.tab(tabId)
    this.patchTab(tabId, {
      segments: without(tab.segments, segmentId),
      namedRanges: outside(tab.namedRanges, segmentId),
      ...(tab.commentAnchors && { commentAnchors: outside(tab.commentAnchors, segmentId) }),
    })
  }
}

/** A record without one key. */
export function without<V>(record: Readonly<Record<string, V>>, key: string): Record<string, V> {
  const { [key]: _removed, ...rest } = record
  return rest
}

/** What lies over parts of a tab: a named range, the anchor of a comment. */
interface Ranged {
  readonly ranges: readonly Span[]
}

/** What is left of ranges when a segment goes. */
const outside = <R extends Ranged>(all: readonly R[], segmentId: string): R[] =>
  all
    .map((one) => ({ ...one, ranges: one.ranges.filter((span) => span.segmentId !== segmentId) }))
    .filter(({ ranges }) => ranges.length > 0)

/** Ranges after an edit. Text inserted at a range's start pushes it; strictly inside, it grows; at its end, neither. */
function shiftRanges<R extends Ranged>(
  all: readonly R[],
  segmentId: string,
  edit: { index: number; removed: number; inserted: number },
): readonly R[] {
  if (!all.some((range) => range.ranges.some((span) => span.segmentId === segmentId && span.end > edit.index)))
    return all
  return all.flatMap((range) => {
    const ranges = range.ranges.flatMap((span) => {
      const moved = span.segmentId === segmentId ? shiftSpan(span, edit) : span
      return moved ? [moved] : []
    })
    return ranges.length > 0 ? [{ ...range, ranges }] : []
  })
}

function shiftSpan(span: Span, { index, removed, inserted }: { index: number; removed: number; inserted: number }) {
  const gone = index + removed
  const collapse = (at: number) => (at <= index ? at : at >= gone ? at - removed : index)
  let start = collapse(span.start)
  let end = collapse(span.end)
  if (start === end) return undefined
  if (index <= start) start += inserted
  if (index < end) end += inserted
  return { ...span, start, end }
}
