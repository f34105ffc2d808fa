import type { Block, Chunk, Content } from './types.ts'

/**
 * A persistent list of blocks that knows its width. Blocks sit in chunks, so that finding an index and replacing a block
 * touch one chunk and the list of chunks: a document of 10,000 paragraphs takes an edit at the cost of some 200 steps.
 */

const CHUNK = 64

/** A block with its place: its position in the list and its first index. */
export interface Placed<B extends Block = Block> {
  readonly position: number
  readonly start: number
  readonly block: B
}

const widthOf = (blocks: readonly Block[]) => blocks.reduce((width, block) => width + block.width, 0)
const chunk = (blocks: readonly Block[]): Chunk => ({ width: widthOf(blocks), blocks })

function chunked(blocks: readonly Block[]): Chunk[] {
  if (blocks.length <= CHUNK * 2) return blocks.length > 0 ? [chunk(blocks)] : []
  const chunks: Chunk[] = []
  for (let i = 0; i < blocks.length; i += CHUNK) chunks.push(chunk(blocks.slice(i, i + CHUNK)))
  return chunks
}

const assemble = (chunks: readonly Chunk[]): Content => ({
  width: chunks.reduce((width, part) => width + part.width, 0),
  length: chunks.reduce((length, part) => length + part.blocks.length, 0),
  chunks,
})

export const contentOf = (blocks: readonly Block[]): Content => assemble(chunked(blocks))

/** The block that holds an index: `start <= index < start + width`. */
export function blockAt(content: Content, index: number): Placed | undefined {
  let start = 0
  let position = 0
  for (const part of content.chunks) {
    if (index < start + part.width) {
      for (const block of part.blocks) {
        if (index < start + block.width) return index < start ? undefined : { position, start, block }
        start += block.width
        position++
      }
    }
    start += part.width
    position += part.blocks.length
  }
  return undefined
}

/** The block at a position of the list. */
export function blockNumber(content: Content, position: number): Block | undefined {
  if (position < 0) return undefined
  let first = 0
  for (const part of content.chunks) {
    if (position < first + part.blocks.length) return part.blocks[position - first]
    first += part.blocks.length
  }
  return undefined
}

/** Blocks that overlap [start, end), in order. */
export function* blocksIn(content: Content, from = 0, to = content.width): Generator<Placed> {
  let start = 0
  let position = 0
  for (const part of content.chunks) {
    if (start >= to) return
    if (start + part.width <= from) {
      start += part.width
      position += part.blocks.length
      continue
    }
    for (const block of part.blocks) {
      if (start >= to) return
      if (start + block.width > from) yield { position, start, block }
      start += block.width
      position++
    }
  }
}

export const blocksOf = (content: Content): Block[] => content.chunks.flatMap((part) => part.blocks)

/** Replaces `count` blocks from `position` on. */
export function splice(content: Content, position: number, count: number, blocks: readonly Block[]): Content {
  const end = position + count
  const before: Chunk[] = []
  const after: Chunk[] = []
  const head: Block[] = []
  const tail: Block[] = []
  let first = 0
  for (const part of content.chunks) {
    const next = first + part.blocks.length
    // An insertion between two chunks goes into the later one; at the very end, into the last.
    if (next <= position && next < content.length) before.push(part)
    else if (first >= end && first > position) after.push(part)
    else {
      head.push(...part.blocks.slice(0, Math.max(0, position - first)))
      tail.push(...part.blocks.slice(Math.max(0, end - first)))
    }
    first = next
  }
  return assemble([...before, ...chunked([...head, ...blocks, ...tail]), ...after])
}

/** Replaces each block that overlaps [start, end) by what `change` makes of it; untouched chunks are shared. */
export function mapBlocks(
  content: Content,
  from: number,
  to: number,
  change: (block: Block, start: number) => Block,
): Content {
  let start = 0
  let changed = false
  const chunks = content.chunks.map((part) => {
    const begin = start
    start += part.width
    if (begin >= to || start <= from) return part
    let at = begin
    let same = true
    const blocks = part.blocks.map((block) => {
      const blockStart = at
      at += block.width
      if (blockStart >= to || at <= from) return block
      const next = change(block, blockStart)
      if (next !== block) same = false
      return next
    })
    if (same) return part
    changed = true
    return chunk(blocks)
  })
  return changed ? assemble(chunks) : content
}
