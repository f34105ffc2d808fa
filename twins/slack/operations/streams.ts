import { actor, type SlackCall } from '../caller.ts'
import { conversation } from '../conversations.ts'
import { done, fail } from '../errors.ts'
import { newBlockId } from '../ids.ts'
import { messageAt, post, revise } from '../messages.ts'
import { text } from '../rules/arguments.ts'
import { normaliseBlocks } from '../rules/blocks/normalise.ts'
import { chunkBlocks, chunkText, readChunks } from '../rules/chunks.ts'
import { readBlocks } from '../rules/content.ts'
import { markdownToMrkdwn, storedText } from '../rules/mrkdwn.ts'
import { richText } from '../rules/richText.ts'
import { parseTimestamp } from '../rules/timestamps.ts'
import type { Conversation, Json, Message } from '../tables.ts'
import { messageView } from '../views/messages.ts'
import { destination, requirePosting } from './chat.ts'
import { operations } from './define.ts'

/** A stream nobody touches ends by itself. */
const PATIENCE = 5 * 60_000

interface Streamed {
  readonly text: string
  readonly chunks: readonly Json[]
}

/** What a stream shows so far: its Markdown as rich text, then its cards and blocks. */
function shown(call: SlackCall, { text: markdown, chunks }: Streamed): Pick<Message, 'text' | 'blocks'> {
  const stored = storedText(markdownToMrkdwn(markdown))
  const words = stored === '' ? [] : [richText(stored, newBlockId(call.random))]
  return { text: stored, blocks: [...words, ...normaliseBlocks(chunkBlocks(chunks), call.random)] }
}

function added(call: SlackCall): Streamed {
  const { markdown_text, chunks: given } = call.query as { markdown_text?: string; chunks?: string }
  const chunks = readChunks(given)
  return { text: (text(markdown_text) ?? '') + chunkText(chunks), chunks }
}

/** The caller's own message that still streams. */
function streaming(call: SlackCall): { channel: Conversation; row: Message; stream: NonNullable<Message['stream']> } {
  const { channel: id, ts } = call.query as { channel?: string; ts?: string }
  const channel = conversation(call, id)
  const row = messageAt(call, channel.id, parseTimestamp(ts))
  if (!row) throw fail('message_not_found')
  if (row.botId !== call.caller.token?.botId) throw fail('message_not_owned_by_app')
  if (row.stream?.state !== 'in_progress') throw fail('message_not_in_streaming_state')
  return { channel, row, stream: row.stream }
}

const keyOf = (row: Message): string => `stream:${row.channel}:${row.ts}`

export const streams = operations({
  'chat.startStream': (call) => {
    const { query, caller } = call
    const channel = destination(call, caller, query.channel)
    requirePosting(call, caller, channel)
    if (channel.kind !== 'im') {
      if (text(query.recipient_user_id) === undefined) throw fail('missing_recipient_user_id')
      if (text(query.recipient_team_id) === undefined) throw fail('missing_recipient_team_id')
    }
    const threadTs = parseTimestamp(query.thread_ts)
    const said = added(call)
    const row = post(call, channel, {
      user: actor(caller).id,
      botId: caller.token?.botId as string,
      appId: caller.app?.id as string,
      ...shown(call, said),
      ...(threadTs ? { threadTs } : {}),
      stream: { state: 'in_progress', ...said },
    })
    call.schedule({
      kind: 'endStream',
      at: call.now + PATIENCE,
      key: keyOf(row),
      payload: { channel: channel.id, ts: row.ts },
    })
    return done({ channel: channel.id, ts: row.ts })
  },

  'chat.appendStream': (call) => {
    const { channel, row, stream } = streaming(call)
    const said = added(call)
    if (said.text === '' && said.chunks.length === 0) throw fail('no_text')
    const all = { text: stream.text + said.text, chunks: [...stream.chunks, ...said.chunks] }
    call.tables.messages.replace({ ...row, ...shown(call, all), stream: { state: 'in_progress', ...all } })
    call.schedule({
      kind: 'endStream',
      at: call.now + PATIENCE,
      key: keyOf(row),
      payload: { channel: channel.id, ts: row.ts },
    })
    return done({ channel: channel.id, ts: row.ts })
  },

  'chat.stopStream': (call) => {
    const { channel, row, stream } = streaming(call)
    const said = added(call)
    const blocks = readBlocks(call.query.blocks)
    const all = { text: stream.text + said.text, chunks: [...stream.chunks, ...said.chunks] }
    const final = shown(call, all)
    const extra = blocks ? normaliseBlocks(blocks, call.random) : []
    call.cancel(keyOf(row))
    const changed = revise(call, channel, row, {
      ...final,
      blocks: [...(final.blocks ?? []), ...extra],
      stream: { state: 'completed', ...all },
    })
    return done({ channel: channel.id, ts: row.ts, message: messageView(call, changed) })
  },
})
