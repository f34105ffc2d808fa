import type { CreateParagraphBulletsRequest, DeleteParagraphBulletsRequest } from '../../../../openapi/types/docs.ts'
import { mapParagraphs, paragraphAt, paragraphsIn } from '../model/content.ts'
import { cut, textOf, withInlines } from '../model/inlines.ts'
import { isPreset, listIndents, presetList } from '../model/lists.ts'
import { refuse } from '../model/refused.ts'
import type { Paragraph } from '../model/types.ts'
import type { Draft, Edit } from './draft.ts'
import { glyphStyle } from './restyle.ts'

const DEEPEST = 8

/** Makes list items of the paragraphs of a range. Leading tabs say how deep an item is, and are removed. */
export function createParagraphBullets(draft: Draft, request: CreateParagraphBulletsRequest): void {
  const { start, end, ...place } = draft.stretch(request.range)
  const preset = request.bulletPreset ?? 'BULLET_GLYPH_PRESET_UNSPECIFIED'
  const list = presetList(preset)
  if (!list) throw refuse('The bullet preset must be specified.')
  const tab = draft.tab(place.tabId)
  const content = draft.content(place)
  const first = paragraphsIn(content, start, end).next().value
  if (!first) throw refuse('The range must contain a paragraph.')
  const before = first.start > 0 ? paragraphAt(content, first.start - 1)?.paragraph.bullet : undefined
  const joins = before && isPreset(tab.lists[before.listId], preset)
  const listId = joins ? before.listId : draft.around.id()
  const edits: Omit<Edit, keyof typeof place>[] = []
  const bulleted = mapParagraphs(content, start, end, (old, at) => {
    const tabs = leadingTabs(old)
    if (tabs > 0) edits.push({ index: at, removed: tabs, inserted: 0 })
    const nestingLevel = Math.min(DEEPEST, tabs + (old.bullet?.nestingLevel ?? 0))
    const stripped = tabs > 0 ? withInlines(old, cut(old.inlines, tabs, old.width)) : old
    const style = { ...old.style, ...listIndents(nestingLevel) }
    return { ...stripped, style, bullet: { listId, nestingLevel, textStyle: glyphStyle(old) } }
  })
  if (!joins) draft.patchTab(tab.tabId, { lists: { ...tab.lists, [listId]: list } })
  draft.setContent(place, bulleted, ...edits.reverse())
}

const leadingTabs = (old: Paragraph): number => /^\t*/.exec(textOf(old.inlines))?.[0].length ?? 0

/** Takes paragraphs out of their lists; they keep standing where their text stood. */
export function deleteParagraphBullets(draft: Draft, request: DeleteParagraphBulletsRequest): void {
  const { start, end, ...place } = draft.stretch(request.range)
  const plain = mapParagraphs(draft.content(place), start, end, (old) => {
    if (!old.bullet) return old
    const { bullet, ...rest } = old
    const { indentStart } = listIndents(bullet.nestingLevel)
    // The first line no longer hangs: it begins where the others do.
    return {
      ...rest,
      style: {
        ...old.style,
        indentFirstLine: old.style.indentStart ?? indentStart,
        indentStart: old.style.indentStart ?? indentStart,
      },
    }
  })
  draft.setContent(place, plain)
}
