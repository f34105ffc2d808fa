import { createHash } from 'node:crypto'
import type { Message } from '@anthropic-ai/sdk/resources/messages'
import type { Billed } from '../prices.ts'
import type { CheckedBody } from './strict.ts'

/** A rough count of tokens: characters by 3.5, as good as any for prose and JSON together. */
export const tokensIn = (text: string) => Math.ceil(text.length / 3.5)

/** Below so many tokens nothing is cached. */
const MINIMUM = 512

interface Part {
  readonly text: string
  /** Where a prefix to be kept ends, and for how long. */
  readonly keep: '5m' | '1h' | undefined
}

/** A request's blocks in the order in which prefixes are cached: tools, system, messages. */
function partsOf({ tools, system, messages, cache_control }: CheckedBody): Part[] {
  const blocks: (string | object)[] = [
    ...((tools ?? []) as object[]),
    ...(typeof system === 'string' ? [system] : ((system ?? []) as object[])),
  ]
  for (const { content } of messages) blocks.push(...(typeof content === 'string' ? [content] : content))
  return blocks.map((block, position) => {
    const own = typeof block === 'string' ? undefined : (block as { cache_control?: Mark }).cache_control
    const mark = own ?? (position === blocks.length - 1 ? (cache_control as Mark) : undefined)
    const text = typeof block === 'string' ? block : JSON.stringify({ ...block, cache_control: undefined })
    return { text, keep: mark ? (mark.ttl ?? '5m') : undefined }
  })
}
type Mark = { readonly ttl?: '5m' | '1h' } | undefined | null

/** Tokens of a request's prompt. */
export const promptTokens = (body: CheckedBody) => partsOf(body).reduce((sum, { text }) => sum + tokensIn(text), 0)

/** Prompts' prefixes that were marked to be kept. They never expire: a test's hour is shorter than any. */
export class PromptCache {
  readonly #kept = new Set<string>()

  /** What of a request is read from the cache, what is written to it, and what is neither. */
  bill(body: CheckedBody): Billed {
    const hash = createHash('sha256').update(body.model)
    let [at, read, written] = [0, 0, 0]
    const wrote = { ephemeral_5m_input_tokens: 0, ephemeral_1h_input_tokens: 0 }
    for (const { text, keep } of partsOf(body)) {
      at += tokensIn(text)
      hash.update(`\0${text}`)
      if (!keep || at < MINIMUM) continue
      const key = hash.copy().digest('base64')
      if (this.#kept.has(key)) read = at
      else {
        const more = at - read - written
        wrote[`ephemeral_${keep}_input_tokens`] += more
        written += more
        this.#kept.add(key)
      }
    }
    return {
      input_tokens: at - read - written,
      output_tokens: 0,
      cache_read_input_tokens: read,
      cache_creation_input_tokens: written,
      cache_creation: wrote,
    }
  }
}

/** Tokens of what a model said. */
export const outputTokens = (content: Message['content']) => Math.max(1, tokensIn(JSON.stringify(content)) - 10)
