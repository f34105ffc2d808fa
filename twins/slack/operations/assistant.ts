import { actor, callingApp, type SlackCall } from '../caller.ts'
import { canSee } from '../conversations.ts'
import { done, fail } from '../errors.ts'
import { messageAt } from '../messages.ts'
import { json, text } from '../rules/arguments.ts'
import { parseTimestamp } from '../rules/timestamps.ts'
import type { AssistantThread, Json } from '../tables.ts'
import { operations } from './define.ts'

const MAX_PROMPTS = 4

/** The thread a call names; failures add a sentence for people. */
function thread(call: SlackCall): AssistantThread {
  const { channel_id, thread_ts } = call.query as { channel_id?: string; thread_ts?: string }
  const channel = call.tables.conversations.get(channel_id ?? '')
  if (!channel || !canSee(call, channel, actor(call.caller)))
    throw fail('channel_not_found', { detail: 'Channel not found' })
  const ts = parseTimestamp(thread_ts)
  const root = messageAt(call, channel.id, ts)
  if (text(thread_ts) !== undefined && !root) throw fail('invalid_thread_ts', { detail: 'Thread not found' })
  const key = `${channel.id}:${root?.ts ?? ''}`
  const fresh = {
    channel: channel.id,
    ts: root?.ts ?? '',
    appId: callingApp(call.caller).id,
    user: root?.user ?? '',
    status: '',
    prompts: [],
    context: {},
  }
  return call.tables.assistantThreads.get(key) ?? fresh
}

export const assistant = operations({
  'assistant.threads.setStatus': (call) => {
    call.tables.assistantThreads.put({ ...thread(call), status: String(call.query.status) })
    return done()
  },

  'assistant.threads.setTitle': (call) => {
    call.tables.assistantThreads.put({ ...thread(call), title: String(call.query.title) })
    return done()
  },

  'assistant.threads.setSuggestedPrompts': (call) => {
    const prompts = json(call.query.prompts)
    if (!Array.isArray(prompts) || prompts.length > MAX_PROMPTS || !prompts.every(isPrompt)) {
      throw fail('invalid_arguments', {
        response_metadata: { messages: [`[ERROR] no more than ${MAX_PROMPTS} items allowed [json-pointer:/prompts]`] },
      })
    }
    call.tables.assistantThreads.put({ ...thread(call), prompts: prompts as Json[] })
    return done()
  },
})

const isPrompt = (value: unknown): boolean => {
  const { title, message } = (value ?? {}) as Json
  return typeof title === 'string' && typeof message === 'string'
}
