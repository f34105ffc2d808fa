import type { UpdateParagraphStyleRequest, UpdateTextStyleRequest } from '../../../../openapi/types/docs.ts'
import { mapParagraphs, paragraphsIn } from '../model/content.ts'
import { newlineStyle, restyle, sameStyle } from '../model/inlines.ts'
import { refuse } from '../model/refused.ts'
import type { Paragraph, ParagraphStyle, Tab, TextStyle } from '../model/types.ts'
import type { Draft } from './draft.ts'
import { applyMask, type FieldMask, fieldMask } from './masks.ts'
import { explicit, inheritedTextStyle, isHeading, LINK_LOOK, unlinked } from './styles.ts'

export function updateTextStyle(draft: Draft, request: UpdateTextStyleRequest): void {
  const { start, end, ...place } = draft.stretch(request.range)
  const mask = fieldMask(request.fields, 'TextStyle')
  const tab = draft.tab(place.tabId)
  const given = checkedTextStyle(draft, tab, request.textStyle ?? {})
  const change = (style: TextStyle, inherited: TextStyle) => explicit(masked(style, given, mask), inherited)
  const content = mapParagraphs(draft.content(place), start, end, (old, at) => {
    const inherited = inheritedTextStyle(tab, old.style)
    const styled = restyle(old, start - at, end - at, (style) => change(style, inherited))
    // The glyph follows when the whole item is styled.
    const { bullet } = styled
    if (!bullet || start > at || end < at + old.width) return styled
    return { ...styled, bullet: { ...bullet, textStyle: change(bullet.textStyle, inherited) } }
  })
  draft.setContent(place, content)
}

function checkedTextStyle(draft: Draft, tab: Tab, style: TextStyle): TextStyle {
  const { fontSize, link, weightedFontFamily } = style
  if (fontSize && !((fontSize.magnitude ?? 0) > 0)) throw refuse('The font size must be greater than zero.')
  if (weightedFontFamily && !weightedFontFamily.fontFamily) throw refuse('The font family must be set.')
  return {
    ...style,
    ...(link && { link: checkedLink(draft, tab, link) }),
    ...(weightedFontFamily && {
      weightedFontFamily: { ...weightedFontFamily, weight: weightedFontFamily.weight ?? 400 },
    }),
  }
}

type Link = NonNullable<TextStyle['link']>

/** A link whose target exists. Targets inside the document are stored with their tab, whichever way they were written. */
function checkedLink(draft: Draft, tab: Tab, { url, tabId, heading, headingId, bookmark, bookmarkId }: Link): Link {
  if (url !== undefined) return { url }
  if (tabId) return { tabId: draft.tab(tabId).tabId }
  const target = heading ?? (headingId ? { id: headingId } : undefined)
  if (target) {
    const home = target.tabId ? draft.tab(target.tabId) : tab
    if (!hasHeading(home, target.id ?? '')) throw refuse(`The heading with ID ${target.id} does not exist.`)
    return { heading: { id: target.id, tabId: home.tabId } }
  }
  const mark = bookmark?.id ?? bookmarkId
  throw refuse(mark ? `The bookmark with ID ${mark} does not exist.` : 'Links must include at least one type.')
}

const hasHeading = (tab: Tab, id: string): boolean =>
  Object.values(tab.segments).some(({ content }) =>
    paragraphsIn(content).some(({ paragraph }) => paragraph.style.headingId === id),
  )

/** Applies the mask; a link that comes or goes takes its look along unless the mask names that look itself. */
function masked(style: TextStyle, given: TextStyle, mask: FieldMask): TextStyle {
  const linking = mask.has('link')
  let base = style
  if (linking && !given.link) base = unlinked(style)
  const result = applyMask(base, given, mask)
  if (!linking || !given.link || style.link) return result
  return {
    ...result,
    ...(!(mask.has('underline') && given.underline !== undefined) && { underline: LINK_LOOK.underline }),
    ...(!(mask.has('foregroundColor') && given.foregroundColor) && { foregroundColor: LINK_LOOK.foregroundColor }),
  }
}

export function updateParagraphStyle(draft: Draft, request: UpdateParagraphStyleRequest): void {
  const { start, end, ...place } = draft.stretch(request.range)
  const mask = new Map(fieldMask(request.fields, 'ParagraphStyle'))
  // Read-only: ignored, as in a style read from one paragraph and written to another.
  for (const name of ['headingId', 'tabStops']) mask.delete(name)
  const given: ParagraphStyle = request.paragraphStyle ?? {}
  if (given.namedStyleType === 'NAMED_STYLE_TYPE_UNSPECIFIED') throw refuse('The named style type must be specified.')
  const tab = draft.tab(place.tabId)
  draft.setContent(
    place,
    mapParagraphs(draft.content(place), start, end, (old) => restyledParagraph(draft, tab, old, given, mask)),
  )
}

/** Applies a mask to one paragraph; a paragraph that becomes a heading gets an id, one that stops being one loses it. */
export function restyledParagraph(
  draft: Draft,
  tab: Tab,
  old: Paragraph,
  given: ParagraphStyle,
  mask: FieldMask,
): Paragraph {
  const { headingId, ...before } = old.style
  const after: ParagraphStyle = applyMask(before, given, mask)
  const style: ParagraphStyle = {
    ...after,
    namedStyleType: after.namedStyleType ?? 'NORMAL_TEXT',
    direction: after.direction ?? 'LEFT_TO_RIGHT',
  }
  const id = isHeading(style.namedStyleType) ? (headingId ?? draft.around.headingId()) : undefined
  const styled: Paragraph = { ...old, style: { ...(id && { headingId: id }), ...style } }
  if (style.namedStyleType === before.namedStyleType) return sameStyle(styled.style, old.style) ? old : styled
  // What the new named style gives anyway is no longer explicit.
  const inherited = inheritedTextStyle(tab, style)
  return restyle(styled, 0, styled.width, (text) => explicit(text, inherited))
}

/** The style of a paragraph's glyph: its newline's. */
export const glyphStyle = (old: Paragraph): TextStyle => ({ ...newlineStyle(old), underline: false })
