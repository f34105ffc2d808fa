import { editParagraph } from '../model/content.ts'
import { cut, withInlines } from '../model/inlines.ts'
import type { AtomKind, Style, TextStyle } from '../model/types.ts'
import type { Draft, Point } from './draft.ts'
import { styleAt } from './text.ts'

/** Puts an element one index wide at a point, in the style of the text before it. */
export function insertElement(draft: Draft, point: Point, kind: AtomKind, properties: Style, style?: TextStyle): void {
  const edited = editParagraph(draft.content(point), point.index, (old, offset) => [
    withInlines(old, [
      ...cut(old.inlines, 0, offset),
      { kind, style: style ?? styleAt(old, offset), properties },
      ...cut(old.inlines, offset, old.width),
    ]),
  ])
  draft.setContent(point, edited, { index: point.index, removed: 0, inserted: 1 })
}
