import type {
  InsertPageBreakRequest,
  InsertSectionBreakRequest,
  UpdateSectionStyleRequest,
} from '../../../../openapi/types/docs.ts'
import { editParagraph } from '../model/content.ts'
import { cut, paragraph, run } from '../model/inlines.ts'
import { refuse } from '../model/refused.ts'
import { blocksIn, mapBlocks } from '../model/sequence.ts'
import type { SectionBreak } from '../model/types.ts'
import type { Draft } from './draft.ts'
import { applyMask, fieldMask } from './masks.ts'
import { splitOff, styleAt } from './text.ts'

/** Puts a page break and a newline at a point of the body. */
export function insertPageBreak(draft: Draft, request: InsertPageBreakRequest): void {
  const point = draft.insertion(request)
  const { kind, content } = draft.segment(point)
  if (kind !== 'body') throw refuse('Page breaks can only be inserted inside the document body.')
  const edited = editParagraph(content, point.index, (old, offset, container) => {
    if (container === 'cell') throw refuse('Page breaks cannot be inserted inside a table.')
    const style = styleAt(old, offset)
    return [
      paragraph([...cut(old.inlines, 0, offset), { kind: 'pageBreak', style }, run('\n', style)], old),
      paragraph(cut(old.inlines, offset, old.width), splitOff(draft, old)),
    ]
  })
  draft.setContent(point, edited, { index: point.index, removed: 0, inserted: 2 })
}

/** Puts a newline and a section break at a point of the body. The new section is styled as the one it splits. */
export function insertSectionBreak(draft: Draft, request: InsertSectionBreakRequest): void {
  const type = request.sectionType ?? 'SECTION_TYPE_UNSPECIFIED'
  if (type === 'SECTION_TYPE_UNSPECIFIED') throw refuse('The section type must be specified.')
  if (request.location?.segmentId || request.endOfSegmentLocation?.segmentId) {
    throw refuse('Section breaks can only be inserted inside the document body.')
  }
  const point = draft.insertion(request)
  const content = draft.content(point)
  const around = sectionsIn(content, 0, point.index).at(-1)?.style ?? {}
  const kept = Object.fromEntries(Object.entries(around).filter(([name]) => !READ_ONLY.includes(name)))
  const made: SectionBreak = { kind: 'sectionBreak', width: 1, style: { ...kept, sectionType: type } }
  const edited = editParagraph(content, point.index, (old, offset, container) => {
    if (container === 'cell') throw refuse('Section breaks cannot be inserted inside a table.')
    return [
      paragraph([...cut(old.inlines, 0, offset), run('\n', styleAt(old, offset))], old),
      made,
      paragraph(cut(old.inlines, offset, old.width), splitOff(draft, old)),
    ]
  })
  draft.setContent(point, edited, { index: point.index, removed: 0, inserted: 2 })
}

const sectionsIn = (content: Parameters<typeof blocksIn>[0], from: number, to: number): SectionBreak[] =>
  [...blocksIn(content, from, to)].flatMap(({ block }) => (block.kind === 'sectionBreak' ? [block] : []))

const MOST_COLUMNS = 3
const READ_ONLY = [
  'defaultHeaderId',
  'defaultFooterId',
  'firstPageHeaderId',
  'firstPageFooterId',
  'evenPageHeaderId',
  'evenPageFooterId',
  'sectionType',
]

/** Styles the sections a range overlaps: those whose break lies in it, and the one it begins in. */
export function updateSectionStyle(draft: Draft, request: UpdateSectionStyleRequest): void {
  if (request.range?.segmentId) throw refuse('Section breaks can only be inserted inside the document body.')
  const { start, end, ...place } = draft.stretch(request.range)
  const mask = new Map(fieldMask(request.fields, 'SectionStyle'))
  for (const name of READ_ONLY) {
    if (mask.has(name) && request.fields?.trim() !== '*') throw refuse(`Invalid field: ${name} is read-only.`)
    mask.delete(name)
  }
  const { columnProperties } = request.sectionStyle ?? {}
  if ((columnProperties?.length ?? 0) > MOST_COLUMNS)
    throw refuse(`A section can have at most ${MOST_COLUMNS} columns.`)
  const content = draft.content(place)
  let first = 0
  for (const { block, start: at } of blocksIn(content, 0, start + 1)) if (block.kind === 'sectionBreak') first = at
  const styled = mapBlocks(content, first, end, (block) =>
    block.kind === 'sectionBreak'
      ? {
          ...block,
          style: {
            columnSeparatorStyle: 'NONE',
            contentDirection: 'LEFT_TO_RIGHT',
            ...applyMask(block.style, request.sectionStyle, mask),
          },
        }
      : block,
  )
  draft.setContent(place, styled)
}
