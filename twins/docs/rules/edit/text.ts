import type {
  DeleteContentRangeRequest,
  InsertTextRequest,
  ReplaceAllTextRequest,
} from '../../../../openapi/types/docs.ts'
import {
  atomsIn,
  deleteRange,
  editParagraph,
  insideSurrogatePair,
  OUTSIDE_PARAGRAPH,
  paragraphAt,
  paragraphsIn,
} from '../model/content.ts'
import { cut, inlineAt, paragraph, run, textOf } from '../model/inlines.ts'
import { refuse } from '../model/refused.ts'
import type { Atom, Paragraph, TextStyle } from '../model/types.ts'
import type { Draft, Place, Point, Stretch } from './draft.ts'
import { without } from './draft.ts'
import { isHeading, unlinked } from './styles.ts'

export function insertText(draft: Draft, request: InsertTextRequest): void {
  assertText(request)
  insertAt(draft, draft.insertion(request), request.text ?? '')
}

export function assertText({ text }: InsertTextRequest): void {
  if (!text) throw refuse('Insert text requests must specify text to insert.')
}

/** Control characters and the private use area are stripped; a vertical tab (a soft line break) and tabs stay. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: these are what is stripped
const STRIPPED = /[\u0000-\u0008\u000C-\u001F\uE000-\uF8FF]/g

export const cleanText = (text: string): string => text.replace(STRIPPED, '')

/** Inserts text at a point, splitting the paragraph at newlines. Returns how many indexes it took. */
export function insertAt(draft: Draft, point: Point, raw: string, style?: TextStyle): number {
  const text = cleanText(raw)
  const content = draft.content(point)
  const found = paragraphAt(content, point.index)
  if (!found) throw refuse(OUTSIDE_PARAGRAPH)
  if (text === '') return 0
  const index = point.index - splitCharacter(found.paragraph, point.index - found.start)
  const edited = editParagraph(content, index, (old, offset) => {
    const lines = text.split('\n')
    const textStyle = style ?? styleAt(old, offset)
    const before = cut(old.inlines, 0, offset)
    const after = cut(old.inlines, offset, old.width)
    return lines.map((line, i) => {
      const first = i === 0 ? before : []
      const rest = i === lines.length - 1 ? after : [run('\n', textStyle)]
      return paragraph([...first, run(line, textStyle), ...rest], i === 0 ? old : splitOff(draft, old))
    })
  })
  draft.setContent(point, edited, { index, removed: 0, inserted: text.length })
  return text.length
}

/** What a paragraph that a newline splits off takes over: style and bullet, but a heading id of its own. */
export function splitOff(draft: Draft, old: Paragraph) {
  const { headingId, ...style } = old.style
  return {
    style: headingId && isHeading(style.namedStyleType) ? { headingId: draft.around.headingId(), ...style } : style,
    bullet: old.bullet,
  }
}

/** An index between the two halves of a character moves before it. */
function splitCharacter(old: Paragraph, offset: number): number {
  return insideSurrogatePair(textOf(old.inlines), offset) ? 1 : 0
}

/** New text looks like the character before it, or like the first of its paragraph; links do not grow at their ends. */
export function styleAt(old: Paragraph, offset: number): TextStyle {
  const before = offset > 0 ? inlineAt(old.inlines, offset - 1) : undefined
  const after = inlineAt(old.inlines, offset)
  const { style } = before ?? (after as NonNullable<typeof after>)
  const insideLink = before && after && before === after
  return insideLink ? style : unlinked(style)
}

export function deleteContentRange(draft: Draft, { range }: DeleteContentRangeRequest): void {
  deleteStretch(draft, draft.stretch(range))
}

export const FIRST_SECTION_BREAK = 'Cannot operate on the first section break in the document.'

/** Deletes a stretch, and what its elements referred to: footnotes and objects live as long as their place in the text. */
export function deleteStretch(draft: Draft, { start, end, ...place }: Stretch): void {
  const { kind, content } = draft.segment(place)
  if (kind === 'body' && start === 0) throw refuse(FIRST_SECTION_BREAK)
  const gone = atomsIn(content, start, end)
  draft.setContent(place, deleteRange(content, start, end), { index: start, removed: end - start, inserted: 0 })
  forget(draft, place.tabId, gone)
}

/** Removes what elements referred to that are no longer there. */
export function forget(draft: Draft, tabId: string, gone: readonly Atom[]): void {
  for (const { kind, properties } of gone) {
    if (kind === 'footnoteReference') draft.removeSegment(tabId, properties?.footnoteId as string)
    if (kind === 'inlineObjectElement') {
      const { inlineObjects } = draft.tab(tabId)
      draft.patchTab(tabId, { inlineObjects: without(inlineObjects, properties?.inlineObjectId as string) })
    }
  }
}

/** Replaces every match in every segment of the tabs; each replacement looks like the first character it replaces. */
export function replaceAllText(draft: Draft, request: ReplaceAllTextRequest): object {
  const { text, matchCase, searchByRegex } = request.containsText ?? {}
  if (!text) throw refuse('The text to search for must not be empty.')
  const pattern = matcher(text, !!matchCase, !!searchByRegex)
  const replacement = request.replaceText ?? ''
  let count = 0
  for (const tab of draft.tabs(request.tabsCriteria)) {
    for (const segmentId of Object.keys(tab.segments)) {
      const place = { tabId: tab.tabId, segmentId }
      // From the end, so that earlier matches keep their indexes.
      for (const { start, end } of matches(draft, place, pattern).reverse()) {
        replaceStretch(draft, { ...place, start, end }, replacement)
        count++
      }
    }
  }
  return { replaceAllText: count > 0 ? { occurrencesChanged: count } : {} }
}

function matcher(text: string, matchCase: boolean, regex: boolean): RegExp {
  try {
    return new RegExp(regex ? text : text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'), matchCase ? 'g' : 'gi')
  } catch {
    throw refuse('Invalid regular expression.')
  }
}

/** Matches inside the paragraphs of a segment: none crosses a newline or an element that is not text. */
function matches(draft: Draft, place: Place, pattern: RegExp): { start: number; end: number }[] {
  const found: { start: number; end: number }[] = []
  for (const { paragraph: part, start } of paragraphsIn(draft.content(place))) {
    for (const match of textOf(part.inlines).slice(0, -1).matchAll(pattern)) {
      if (match[0] === '' || match[0].includes('\uFFFC')) continue
      found.push({ start: start + match.index, end: start + match.index + match[0].length })
    }
  }
  return found
}

/** Puts text in the place of other text of one paragraph or more, in the style of the first character replaced. */
export function replaceStretch(draft: Draft, stretch: Stretch, text: string): void {
  const { start, end, ...place } = stretch
  const first = paragraphAt(draft.content(place), start)
  if (!first) throw refuse(OUTSIDE_PARAGRAPH)
  const style = inlineAt(first.paragraph.inlines, start - first.start)?.style
  const length = insertAt(draft, { ...place, index: start }, text, style)
  deleteStretch(draft, { ...place, start: start + length, end: end + length })
}
