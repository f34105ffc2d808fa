import { z } from 'zod'
import type { SlackMoment } from '../caller.ts'
import { openDirect } from '../conversations.ts'
import { mainApp } from '../defaults.ts'
import { fail } from '../errors.ts'
import { announce } from '../events.ts'
import { newId, seconds } from '../ids.ts'
import { post } from '../messages.ts'
import type { App, AppFunction } from '../tables.ts'
import { execute } from '../workflows.ts'
import { act, channel, person, place, user } from './people.ts'

/** What people start where an app is an agent or a step of a workflow. */
export const agentActs = {
  /** Opens a new chat with the app: its root message, then `assistant_thread_started`. */
  startAssistantThread: act(
    z.strictObject({ user, app: z.string().optional(), channel: channel.optional() }),
    (moment, input) => {
      const me = person(moment, input.user)
      const app = input.app === undefined ? mainApp(moment) : moment.tables.apps.get(input.app)
      const bot = moment.tables.users.get(app?.botUserId ?? '')
      if (!app || !bot) throw fail('app_not_found')
      const { channel: direct } = openDirect(moment, [me, bot])
      const context =
        input.channel === undefined
          ? {}
          : { channel_id: place(moment, me, input.channel).id, team_id: me.teamId, enterprise_id: null }
      const root = post(moment, direct, {
        subtype: 'assistant_app_thread',
        user: bot.id,
        botId: bot.botId as string,
        appId: app.id,
        text: 'New assistant thread',
      })
      moment.tables.assistantThreads.put({
        channel: direct.id,
        ts: root.ts,
        appId: app.id,
        user: me.id,
        status: '',
        prompts: [],
        context,
      })
      const thread = { user_id: me.id, context, channel_id: direct.id, thread_ts: root.ts }
      announce(moment, { type: 'assistant_thread_started', assistant_thread: thread }, { appId: app.id })
      return { ok: true, channel: direct.id, thread_ts: root.ts }
    },
  ),

  /** Looks at another channel while the chat is open. */
  changeAssistantContext: act(
    z.strictObject({ user, channel, thread_ts: z.string(), context: channel }),
    (moment, input) => {
      const me = person(moment, input.user)
      const row = moment.tables.assistantThreads.get(`${input.channel}:${input.thread_ts}`)
      if (!row || row.user !== me.id) throw fail('thread_not_found')
      const context = { channel_id: place(moment, me, input.context).id, team_id: me.teamId, enterprise_id: null }
      moment.tables.assistantThreads.replace({ ...row, context })
      const thread = { user_id: me.id, context, channel_id: row.channel, thread_ts: row.ts }
      announce(moment, { type: 'assistant_thread_context_changed', assistant_thread: thread }, { appId: row.appId })
      return { ok: true }
    },
  ),

  /** Runs a workflow step that an app provides: `function_executed` with a just-in-time token. */
  runFunction: act(
    z.strictObject({
      app: z.string().optional(),
      callback_id: z.string(),
      inputs: z.record(z.string(), z.unknown()).optional(),
    }),
    (moment, input) => {
      const app = input.app === undefined ? mainApp(moment) : moment.tables.apps.get(input.app)
      if (!app?.botUserId) throw fail('app_not_found')
      const row = execute(moment, functionOf(moment, app, input.callback_id), input.inputs ?? {})
      return { ok: true, function_execution_id: row.id }
    },
  ),
}

/** The function of that name; one the manifest does not declare is made up, without parameters. */
function functionOf(moment: SlackMoment, app: App, callbackId: string): AppFunction {
  const now = seconds(moment.now)
  const known = moment.tables.functions.by('callback', [app.id, callbackId])
  return (
    known ??
    moment.tables.functions.insert({
      id: newId(moment.random, 'function'),
      appId: app.id,
      callbackId,
      title: callbackId,
      description: '',
      inputs: [],
      outputs: [],
      created: now,
      updated: now,
      deleted: 0,
    })
  )
}
