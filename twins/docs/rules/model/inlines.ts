import { isDeepStrictEqual } from 'node:util'
import type { Atom, Bullet, Inline, Paragraph, ParagraphStyle, ParagraphSuggestions, Run, TextStyle } from './types.ts'

/** The elements of a paragraph: cutting, joining and restyling them. */

export const run = (text: string, style: TextStyle = {}): Run => ({ kind: 'text', text, style })

export const widthOf = (inline: Inline): number => (inline.kind === 'text' ? inline.text.length : (inline.width ?? 1))

export const sameStyle = (a: object, b: object): boolean => a === b || isDeepStrictEqual(a, b)

const sameMarks = (a: Inline, b: Inline) =>
  isDeepStrictEqual(a.suggestedInsertionIds, b.suggestedInsertionIds) &&
  isDeepStrictEqual(a.suggestedDeletionIds, b.suggestedDeletionIds) &&
  isDeepStrictEqual(a.suggestedTextStyleChanges, b.suggestedTextStyleChanges)

/** Joins neighbouring runs of one style and drops empty ones: the service never shows two where one would do. */
export function joined(inlines: readonly Inline[]): Inline[] {
  const result: Inline[] = []
  for (const inline of inlines) {
    if (inline.kind === 'text' && inline.text === '') continue
    const last = result.at(-1)
    if (
      last?.kind === 'text' &&
      inline.kind === 'text' &&
      sameStyle(last.style, inline.style) &&
      sameMarks(last, inline)
    ) {
      result[result.length - 1] = { ...last, text: last.text + inline.text }
    } else result.push(inline)
  }
  return result
}

/** What a paragraph has beside its elements. */
export interface ParagraphParts {
  readonly style: ParagraphStyle
  readonly bullet?: Bullet
  readonly positionedObjectIds?: readonly string[]
  readonly suggestedParagraphStyleChanges?: ParagraphSuggestions
}

/** Makes a paragraph; `inlines` end with a newline. */
export function paragraph(inlines: readonly Inline[], parts: ParagraphParts): Paragraph {
  const merged = joined(inlines)
  const { style, bullet, positionedObjectIds, suggestedParagraphStyleChanges } = parts
  return {
    kind: 'paragraph',
    width: merged.reduce((width, inline) => width + widthOf(inline), 0),
    inlines: merged,
    style,
    ...(bullet && { bullet }),
    ...(positionedObjectIds?.length && { positionedObjectIds }),
    ...(suggestedParagraphStyleChanges && { suggestedParagraphStyleChanges }),
  }
}

/** The same paragraph with other elements. */
export const withInlines = (old: Paragraph, inlines: readonly Inline[]): Paragraph => paragraph(inlines, old)

/** Elements between two offsets; runs are cut, wider atoms belong to where they begin. */
export function cut(inlines: readonly Inline[], from: number, to: number): Inline[] {
  const result: Inline[] = []
  let at = 0
  for (const inline of inlines) {
    const end = at + widthOf(inline)
    if (end > from && at < to) {
      if (inline.kind !== 'text') {
        if (at >= from) result.push(inline)
      } else if (at >= from && end <= to) result.push(inline)
      else
        result.push({
          ...inline,
          text: inline.text.slice(Math.max(0, from - at), Math.min(inline.text.length, to - at)),
        })
    }
    at = end
  }
  return result
}

/** The element that holds an offset. */
export function inlineAt(inlines: readonly Inline[], offset: number): Inline | undefined {
  let at = 0
  for (const inline of inlines) {
    at += widthOf(inline)
    if (offset < at) return inline
  }
  return undefined
}

/** Changes the style of the elements between two offsets. */
export function restyle(
  old: Paragraph,
  from: number,
  to: number,
  change: (style: TextStyle, inline: Inline) => TextStyle,
): Paragraph {
  const middle = cut(old.inlines, from, to)
  const changed = middle.map((inline): Inline => ({ ...inline, style: change(inline.style, inline) }))
  if (middle.every((inline, i) => sameStyle(inline.style, (changed[i] as Inline).style))) return old
  return withInlines(old, [...cut(old.inlines, 0, from), ...changed, ...cut(old.inlines, to, old.width)])
}

/** A paragraph's text; an element that is not text counts as one object replacement character per index. */
export const textOf = (inlines: readonly Inline[]): string =>
  inlines.map((inline) => (inline.kind === 'text' ? inline.text : '\uFFFC'.repeat(widthOf(inline)))).join('')

/** The style of a paragraph's newline, which is also the style of an empty paragraph. */
export const newlineStyle = (old: Paragraph): TextStyle => (old.inlines.at(-1) as Inline).style

export const atoms = (inlines: readonly Inline[]): Atom[] =>
  inlines.filter((inline): inline is Atom => inline.kind !== 'text')
