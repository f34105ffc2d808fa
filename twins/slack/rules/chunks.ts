import { fail } from '../errors.ts'
import type { Json } from '../tables.ts'
import { json } from './arguments.ts'
import { messageIssues } from './blocks/blocks.ts'

const STATUSES = new Set(['pending', 'in_progress', 'complete', 'error'])

/** Chunks of a streamed message: text, tasks, a plan's title, blocks. */
export function readChunks(value: unknown): Json[] {
  const parsed = json(value)
  if (parsed === undefined) return []
  if (!Array.isArray(parsed)) throw fail('invalid_chunks')
  return parsed.map((chunk: unknown) => {
    if (typeof chunk !== 'object' || chunk === null) throw fail('invalid_chunks')
    const one = chunk as Json
    if (!isChunk(one)) throw fail('invalid_chunks')
    return one
  })
}

function isChunk(chunk: Json): boolean {
  switch (chunk.type) {
    case 'markdown_text':
      return typeof chunk.text === 'string'
    case 'task_update':
      return (
        typeof chunk.id === 'string' &&
        typeof chunk.title === 'string' &&
        (chunk.status === undefined || STATUSES.has(String(chunk.status)))
      )
    case 'plan_update':
      return typeof chunk.title === 'string'
    case 'blocks':
      return Array.isArray(chunk.blocks) && messageIssues(chunk.blocks).length === 0
    default:
      return false
  }
}

/** The Markdown of chunks, joined. */
export const chunkText = (chunks: readonly Json[]): string =>
  chunks
    .filter((chunk) => chunk.type === 'markdown_text')
    .map((chunk) => String(chunk.text))
    .join('')

/** Blocks of what was streamed besides text: one card per task in its latest state, then the blocks themselves. */
export function chunkBlocks(chunks: readonly Json[]): Json[] {
  const tasks = new Map<unknown, Json>()
  for (const { type, id, ...task } of chunks)
    if (type === 'task_update') tasks.set(id, { ...tasks.get(id), task_id: id, ...task })
  const plan = chunks.findLast((chunk) => chunk.type === 'plan_update')
  const cards = [...tasks.values()].map((task) => ({ type: 'task_card', ...task }))
  const grouped = plan ? [{ type: 'plan', title: plan.title, tasks: cards }] : cards
  return [...grouped, ...chunks.flatMap((chunk) => (chunk.type === 'blocks' ? (chunk.blocks as Json[]) : []))]
}
