import { isDeepStrictEqual } from 'node:util'
import type { NamedStyle, ParagraphStyle, Tab, TextStyle } from '../model/types.ts'

/** What styles inherit: NORMAL_TEXT, then the paragraph's named style, then the explicit values. */

const named = (tab: Tab, type: string | undefined): NamedStyle | undefined =>
  tab.namedStyles.find((style) => style.namedStyleType === type)

/** The text style a paragraph's named style gives. */
export function inheritedTextStyle(tab: Tab, style: ParagraphStyle): TextStyle {
  return {
    ...named(tab, 'NORMAL_TEXT')?.textStyle,
    ...named(tab, style.namedStyleType)?.textStyle,
  }
}

/** Drops values equal to the inherited ones: "if the value matches that of the parent, that style will be set to inherit". */
export function explicit(style: TextStyle, inherited: TextStyle): TextStyle {
  const kept = Object.entries(style).filter(
    ([name, value]) => value !== undefined && !isDeepStrictEqual(value, inherited[name as keyof TextStyle]),
  )
  return kept.length === Object.keys(style).length ? style : Object.fromEntries(kept)
}

/** What following text of another paragraph style must say explicitly to look the same. */
export function difference(look: TextStyle, base: TextStyle): TextStyle {
  return Object.fromEntries(
    Object.entries(look).filter(([name, value]) => !isDeepStrictEqual(value, base[name as keyof TextStyle])),
  )
}

/** The look the editor gives a link when the request does not say otherwise. */
export const LINK_LOOK: TextStyle = {
  underline: true,
  foregroundColor: { color: { rgbColor: { red: 0.06666667, green: 0.33333334, blue: 0.8 } } },
}

/** A style without its link and without the look that came with it. */
export function unlinked(style: TextStyle): TextStyle {
  const { link, ...rest } = style
  if (!link) return style
  if (rest.underline === LINK_LOOK.underline) delete rest.underline
  if (isDeepStrictEqual(rest.foregroundColor, LINK_LOOK.foregroundColor)) delete rest.foregroundColor
  return rest
}

const HEADINGS = /^(HEADING_\d|TITLE|SUBTITLE)$/
/** Whether paragraphs of a named style carry a heading id. */
export const isHeading = (type: string | undefined): boolean => !!type && HEADINGS.test(type)
