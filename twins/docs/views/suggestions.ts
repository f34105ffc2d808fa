import { cell, mapCells } from '../rules/model/content.ts'
import { paragraph } from '../rules/model/inlines.ts'
import { blocksOf, contentOf } from '../rules/model/sequence.ts'
import type { Block, Content, Inline, Paragraph, Suggested } from '../rules/model/types.ts'

/** How much of pending suggestions a reader sees. */
export type SuggestionsViewMode = 'SUGGESTIONS_INLINE' | 'PREVIEW_SUGGESTIONS_ACCEPTED' | 'PREVIEW_WITHOUT_SUGGESTIONS'

/** Content as a preview shows it: indexes count only what is shown. */
export function previewed(content: Content, mode: SuggestionsViewMode): Content {
  if (mode === 'SUGGESTIONS_INLINE' || !isMarked(content)) return content
  const accepted = mode === 'PREVIEW_SUGGESTIONS_ACCEPTED'
  const blocks: Block[] = []
  let open: Inline[] = []
  for (const block of blocksOf(content)) {
    if (block.kind === 'table') {
      blocks.push(mapCells(block, (part) => cell(previewed(part.content, mode), part.style)))
    } else if (block.kind === 'paragraph') {
      const kept = [
        ...open,
        ...block.inlines.filter((inline) => isKept(inline, accepted)).map((inline) => settled(inline, accepted)),
      ]
      const last = kept.at(-1)
      // A paragraph whose newline is not shown runs on into the next one.
      if (last?.kind === 'text' && last.text.endsWith('\n')) {
        blocks.push(paragraph(kept, settledParts(block, accepted)))
        open = []
      } else open = kept
    } else blocks.push(block)
  }
  return contentOf(blocks)
}

const isKept = (inline: Suggested, accepted: boolean) =>
  !(accepted ? inline.suggestedDeletionIds : inline.suggestedInsertionIds)

function settled(inline: Inline, accepted: boolean): Inline {
  const { suggestedInsertionIds: _in, suggestedDeletionIds: _out, suggestedTextStyleChanges: changes, ...rest } = inline
  const changed = accepted && changes ? Object.values(changes as Record<string, { textStyle?: object }>) : []
  return { ...rest, style: Object.assign({}, inline.style, ...changed.map(({ textStyle }) => textStyle)) } as Inline
}

function settledParts({ suggestedParagraphStyleChanges: changes, ...parts }: Paragraph, accepted: boolean): Paragraph {
  if (!accepted || !changes) return parts
  const changed = Object.values(changes as Record<string, { paragraphStyle?: object }>)
  return { ...parts, style: Object.assign({}, parts.style, ...changed.map(({ paragraphStyle }) => paragraphStyle)) }
}

const isMarked = (content: Content): boolean =>
  content.chunks.some(({ blocks }) =>
    blocks.some((block) => {
      if (block.kind === 'table') return block.rows.some(({ cells }) => cells.some((part) => isMarked(part.content)))
      if (block.kind !== 'paragraph') return false
      return (
        !!block.suggestedParagraphStyleChanges ||
        block.inlines.some(
          (inline) => inline.suggestedInsertionIds || inline.suggestedDeletionIds || inline.suggestedTextStyleChanges,
        )
      )
    }),
  )
