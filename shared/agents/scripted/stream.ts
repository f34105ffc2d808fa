import type { ContentBlock, Message } from '@anthropic-ai/sdk/resources/messages'

/** Characters of a text that arrive in one event. */
const PIECE = 40

const pieces = (text: string) => text.match(new RegExp(`[^]{1,${PIECE}}`, 'gu')) ?? []

/** The server-sent events of a message, in the API's order. Joined, its deltas are the message. */
export function* eventsOf(message: Message): Generator<{ readonly type: string }> {
  const { content, stop_reason, stop_sequence, stop_details, container, usage } = message
  yield {
    type: 'message_start',
    message: { ...message, content: [], stop_reason: null, stop_details: null, usage: { ...usage, output_tokens: 1 } },
  } as { type: string }
  yield { type: 'ping' }
  for (const [index, block] of content.entries()) {
    yield { type: 'content_block_start', index, content_block: emptied(block) } as { type: string }
    for (const delta of deltasOf(block)) yield { type: 'content_block_delta', index, delta } as { type: string }
    yield { type: 'content_block_stop', index } as { type: string }
  }
  yield {
    type: 'message_delta',
    delta: { stop_reason, stop_sequence, stop_details, container },
    usage,
  } as { type: string }
  yield { type: 'message_stop' }
}

/** A block as it begins: what its deltas bring is not there yet. */
function emptied(block: ContentBlock): object {
  if (block.type === 'text') return { ...block, text: '' }
  if (block.type === 'thinking') return { ...block, thinking: '', signature: '' }
  return block.type === 'tool_use' ? { ...block, input: {} } : block
}

function deltasOf(block: ContentBlock): object[] {
  if (block.type === 'text') return pieces(block.text).map((text) => ({ type: 'text_delta', text }))
  if (block.type === 'thinking')
    return [
      ...pieces(block.thinking).map((thinking) => ({ type: 'thinking_delta', thinking })),
      { type: 'signature_delta', signature: block.signature },
    ]
  if (block.type === 'tool_use')
    return pieces(JSON.stringify(block.input)).map((partial_json) => ({ type: 'input_json_delta', partial_json }))
  return []
}

/** One event as it goes over the wire. */
export const wire = (event: { readonly type: string }) => `event: ${event.type}\ndata: ${JSON.stringify(event)}\n\n`
