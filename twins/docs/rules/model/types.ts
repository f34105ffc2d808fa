import type * as contract from '../../../../openapi/types/docs.ts'

/**
 * The document model. Everything is plain immutable data, so that a document is a row: forked, diffed and rolled back
 * with the universe. Indexes are never stored; they follow from the widths, which count UTF-16 code units.
 */

/** Only what differs from the paragraph's named style: an absent member is inherited. */
export type TextStyle = Readonly<contract.TextStyle>
/** Explicit properties, a layer above the named style that `namedStyleType` names. */
export type ParagraphStyle = Readonly<contract.ParagraphStyle>

/** A style whose members the model only stores: sections, documents, cells, rows. */
export type Style = Readonly<Record<string, unknown>>

/** Marks of the suggestions an element takes part in, as the service shows them with SUGGESTIONS_INLINE. */
export type Suggested = Readonly<
  Pick<contract.TextRun, 'suggestedInsertionIds' | 'suggestedDeletionIds' | 'suggestedTextStyleChanges'>
>
export type ParagraphSuggestions = contract.Paragraph['suggestedParagraphStyleChanges']

export interface Run extends Suggested {
  readonly kind: 'text'
  readonly text: string
  readonly style: TextStyle
}

/** An element that is one index wide (an equation may be wider), with the members of its kind. */
export interface Atom extends Suggested {
  readonly kind: AtomKind
  readonly style: TextStyle
  readonly width?: number
  readonly properties?: Style
}

export type AtomKind =
  | 'pageBreak'
  | 'columnBreak'
  | 'horizontalRule'
  | 'footnoteReference'
  | 'inlineObjectElement'
  | 'autoText'
  | 'equation'
  | 'person'
  | 'richLink'
  | 'dateElement'

export type Inline = Run | Atom

export interface Bullet {
  readonly listId: string
  readonly nestingLevel: number
  readonly textStyle: TextStyle
}

/** Inlines whose last one is a run that ends with the paragraph's newline. */
export interface Paragraph {
  readonly kind: 'paragraph'
  readonly width: number
  readonly inlines: readonly Inline[]
  readonly style: ParagraphStyle
  readonly bullet?: Bullet
  readonly positionedObjectIds?: readonly string[]
  readonly suggestedParagraphStyleChanges?: ParagraphSuggestions
}

export interface Cell {
  /** One index for the cell, then its content. */
  readonly width: number
  readonly content: Content
  readonly style: Style
}

export interface Row {
  readonly width: number
  readonly cells: readonly Cell[]
  readonly style: Style
}

/** One index before its rows and one after the last: a recorded empty 2×2 table at 50 has rows at 51 and 56 and ends at 62. */
export interface Table {
  readonly kind: 'table'
  readonly width: number
  readonly rows: readonly Row[]
  readonly columns: readonly Style[]
}

export interface SectionBreak {
  readonly kind: 'sectionBreak'
  readonly width: 1
  readonly style: Style
}

export interface TableOfContents {
  readonly kind: 'tableOfContents'
  readonly width: number
  readonly content: Content
}

export type Block = Paragraph | Table | SectionBreak | TableOfContents

/** A chunked list of blocks: see sequence.ts. */
export interface Content {
  readonly width: number
  readonly length: number
  readonly chunks: readonly Chunk[]
}

export interface Chunk {
  readonly width: number
  readonly blocks: readonly Block[]
}

export type SegmentKind = 'body' | 'header' | 'footer' | 'footnote'

export interface Segment {
  readonly kind: SegmentKind
  readonly content: Content
}

export interface NamedRange {
  readonly namedRangeId: string
  readonly name: string
  readonly ranges: readonly Span[]
}

/** Where a comment is; the comment itself is Drive's. */
export interface CommentAnchor {
  readonly anchorId: string
  readonly ranges: readonly Span[]
}

/** Part of a segment; the body's segment id is empty. */
export interface Span {
  readonly segmentId: string
  readonly start: number
  readonly end: number
}

export interface NamedStyle {
  readonly namedStyleType: NonNullable<contract.NamedStyle['namedStyleType']>
  readonly textStyle: TextStyle
  readonly paragraphStyle: ParagraphStyle
}

export interface Tab {
  readonly tabId: string
  readonly title: string
  readonly parentTabId?: string
  readonly iconEmoji?: string
  /** The body under '', headers, footers and footnotes under their ids. */
  readonly segments: Readonly<Record<string, Segment>>
  readonly documentStyle: Style
  readonly namedStyles: readonly NamedStyle[]
  readonly lists: Readonly<Record<string, Style>>
  readonly namedRanges: readonly NamedRange[]
  readonly commentAnchors?: readonly CommentAnchor[]
  readonly inlineObjects: Readonly<Record<string, Style>>
  readonly positionedObjects: Readonly<Record<string, Style>>
}

/** A document's content: its tabs in reading order, parents before their children. */
export interface DocumentModel {
  readonly tabs: readonly Tab[]
}
