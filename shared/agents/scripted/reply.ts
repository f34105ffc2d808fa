import type {
  ContentBlock,
  Message,
  MessageCreateParams,
  RefusalStopDetails,
  StopReason,
} from '@anthropic-ai/sdk/resources/messages'
import type { Billed } from '../prices.ts'

/** A block of a scripted answer, without the members the API adds by itself. */
export type ScriptedBlock =
  | { readonly type: 'text'; readonly text: string }
  | { readonly type: 'thinking'; readonly thinking: string; readonly signature?: string }
  | { readonly type: 'tool_use'; readonly name: string; readonly input: unknown; readonly id?: string }

/** What a model says: a text, an object (sent as JSON text, for structured output), or blocks. */
export interface Said {
  readonly content: string | readonly ScriptedBlock[]
  readonly stop_reason?: StopReason
  readonly stop_details?: RefusalStopDetails
  /** Tokens in the place of those counted from the texts. */
  readonly usage?: Partial<Billed>
}

/** An error of the API. `retryAfterMs` is sent as a header: retries in tests take milliseconds. */
export interface Failed {
  readonly error: {
    readonly status: number
    readonly type: string
    readonly message: string
    readonly details?: { readonly error_code: string }
    readonly retryAfterMs?: number
  }
}

/** The connection breaks: before anything, or in a stream after so many events. */
export interface Cut {
  readonly cut: number
  readonly of?: Said
}

/** The reply comes after so many milliseconds. */
export interface Delayed {
  readonly delay: number
  readonly reply: Reply
}

/** A text alone is a whole reply. */
export type Reply = string | Said | Failed | Cut | Delayed

/** The message of a reply, as the API sends it. `number` makes its ids. */
export function messageOf(said: string | Said, body: MessageCreateParams, number: number, usage: Billed): Message {
  const {
    content,
    stop_reason,
    stop_details,
    usage: told,
  } = typeof said === 'string' ? ({ content: said } as Said) : said
  const blocks = (typeof content === 'string' ? [{ type: 'text' as const, text: content }] : content).map(
    (block, position) => blockOf(block, `${number}_${position}`),
  )
  const calls = blocks.some(({ type }) => type === 'tool_use')
  return {
    id: `msg_${String(number).padStart(24, '0')}`,
    type: 'message',
    role: 'assistant',
    model: body.model,
    content: blocks,
    stop_reason: stop_reason ?? (calls ? 'tool_use' : 'end_turn'),
    stop_sequence: null,
    stop_details: stop_details ?? null,
    container: null,
    diagnostics: null,
    usage: {
      cache_creation: null,
      cache_creation_input_tokens: 0,
      cache_read_input_tokens: 0,
      inference_geo: null,
      output_tokens_details: null,
      server_tool_use: null,
      service_tier: 'standard',
      speed: null,
      ...usage,
      ...told,
    },
  } as Message // every member the SDK's type names is above
}

function blockOf(block: ScriptedBlock, number: string): ContentBlock {
  if (block.type === 'text') return { type: 'text', text: block.text, citations: null }
  if (block.type === 'thinking')
    return { type: 'thinking', thinking: block.thinking, signature: block.signature ?? `signature_${number}` }
  const { name, input, id = `toolu_${number}` } = block
  return { type: 'tool_use', id, name, input, caller: { type: 'direct' } }
}
