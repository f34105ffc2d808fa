import { actor, callingApp, type SlackCall } from '../caller.ts'
import { canSee } from '../conversations.ts'
import { done, fail } from '../errors.ts'
import { messageAt } from '../messages.ts'
import { text } from '../rules/arguments.ts'
import { parseTimestamp } from '../rules/timestamps.ts'
import type { AssistantThread } from '../tables.ts'
import { operations } from './define.ts'

const STATUSES = new Set(['active', 'processing', 'suspended', 'closed'])

/** The session of a thread: the same row as the assistant's thread, under the name it has for agents. */
function session(call: SlackCall): AssistantThread {
  const { channel_id, thread_ts } = call.query as { channel_id?: string; thread_ts?: string }
  const channel = call.tables.conversations.get(channel_id ?? '')
  if (!channel || !canSee(call, channel, actor(call.caller))) throw fail('channel_not_found')
  const ts = parseTimestamp(thread_ts)
  if (!ts) throw fail('thread_ts_required')
  const root = messageAt(call, channel.id, ts)
  if (!root) throw fail('session_not_found')
  const fresh = {
    channel: channel.id,
    ts: root.ts,
    appId: callingApp(call.caller).id,
    user: root.user ?? '',
    status: '',
    prompts: [],
    context: {},
  }
  return call.tables.assistantThreads.get(`${channel.id}:${root.ts}`) ?? fresh
}

export const agents = operations({
  'agents.sessions.setStatus': (call) => {
    const status = String(call.query.status)
    if (!STATUSES.has(status)) throw fail('invalid_status')
    const title = text(call.query.title)
    call.tables.assistantThreads.put({ ...session(call), status, ...(title ? { title } : {}) })
    return done()
  },

  'agents.sessions.rename': (call) => {
    const title = text(call.query.title)
    if (title === undefined) throw fail('invalid_name')
    const row = session(call)
    if (row.status === '' && row.title === undefined) throw fail('session_not_found')
    call.tables.assistantThreads.put({ ...row, title })
    return done()
  },
})
