import { accessOf, accessView, addAccess, refusal, removeAccess, setAccess } from '../accessLists.ts'
import type { SlackCall } from '../caller.ts'
import { conversation, requireMember } from '../conversations.ts'
import { done, fail } from '../errors.ts'
import { list } from '../rules/arguments.ts'
import type { AccessList, App, Conversation, Workflow, WorkflowTrigger } from '../tables.ts'
import { operations } from './define.ts'

/** Triggers of workflows: who may run them, and which a channel features. */

const MAX_FEATURED = 15
const UNSET = 'app_collaborators'

/** A trigger of one of the calling app's workflows. */
function ownTrigger(call: SlackCall): { trigger: WorkflowTrigger; app: App } {
  const { trigger_id: id } = call.query as { trigger_id?: string }
  const trigger = call.tables.workflowTriggers.get(String(id))
  const workflow = trigger && call.tables.workflows.get(trigger.workflowId)
  const app = workflow && call.tables.apps.get(workflow.appId)
  if (!trigger || !app) throw fail('trigger_not_found')
  if (app.id !== call.caller.app?.id) throw fail('access_denied')
  return { trigger, app }
}

type Change = (call: SlackCall, resource: string, type: string) => AccessList

/** One method on a trigger's list of who may run it. */
const permissions = (change: Change) => (call: SlackCall) => {
  const { trigger, app } = ownTrigger(call)
  return done(accessView(change(call, `trigger:${trigger.id}`, UNSET), app))
}

/** A channel whose featured workflows the caller may change. */
function featuring(call: SlackCall): { channel: Conversation; ids: string[] } {
  const { channel_id: channelId, trigger_ids: triggers } = call.query as Record<string, unknown>
  const channel = conversation(call, channelId)
  requireMember(call, channel, call.caller.user as NonNullable<typeof call.caller.user>)
  const ids = [...new Set(list(triggers))]
  if (ids.length > MAX_FEATURED || ids.some((id) => !call.tables.workflowTriggers.has(id)))
    throw fail('error_modifying_workflows')
  return { channel, ids }
}

const feature =
  (change: (known: readonly string[], ids: readonly string[]) => readonly string[]) => (call: SlackCall) => {
    const { channel, ids } = featuring(call)
    const featured = change(channel.featured ?? [], ids)
    if (featured.length > MAX_FEATURED) throw fail('error_modifying_workflows')
    call.tables.conversations.replace({ ...channel, featured })
    return done()
  }

const triggerView = (call: SlackCall, id: string) => {
  const trigger = call.tables.workflowTriggers.get(id)
  return trigger ? [{ id, title: (call.tables.workflows.get(trigger.workflowId) as Workflow).title }] : []
}

export const workflows = operations({
  'workflows.triggers.permissions.list': permissions(accessOf),
  'workflows.triggers.permissions.add': permissions(addAccess),
  'workflows.triggers.permissions.remove': permissions(removeAccess),
  'workflows.triggers.permissions.set': permissions((call, resource) =>
    setAccess(call, resource, String((call.query as { permission_type?: string }).permission_type)),
  ),

  'workflows.featured.add': feature((known, ids) => [...new Set([...known, ...ids])]),
  'workflows.featured.remove': feature((known, ids) => known.filter((id) => !ids.includes(id))),
  'workflows.featured.set': feature((_, ids) => ids),
  'workflows.featured.list': (call) => {
    const ids = list(call.query.channel_ids)
    const unknown = ids.filter((id) => !call.tables.conversations.has(id))
    if (ids.length === 0 || unknown.length > 0) throw fail('error_invalid_channels', { invalid_channel_ids: unknown })
    const rows = ids.map((id) => conversation(call, id))
    return done({
      featured_workflows: rows.map(({ id, featured = [] }) => ({
        channel_id: id,
        triggers: featured.flatMap((trigger) => triggerView(call, trigger)),
      })),
    })
  },
})

/** The workflow a method names: by id, or by its reference in the app that has it. Only those who work on it may. */
export function workflowOf(call: SlackCall): Workflow | undefined {
  const { workflow, workflow_id: id, workflow_app_id: appId } = call.query as Record<string, string | undefined>
  if (!workflow && !id) return undefined
  if (appId && !call.tables.apps.has(appId)) throw refusal(call, 'unknown_app_id')
  const callback = /^#\/workflows\/(.+)$/.exec(workflow ?? '')?.[1]
  const owner = appId ?? call.caller.app?.id ?? ''
  const row =
    callback === undefined
      ? call.tables.workflows.get(String(id || workflow))
      : call.tables.workflows.by('callback', [owner, callback])
  if (!row) throw fail('unknown_workflow_id')
  const { app, user } = call.caller
  if (row.appId !== app?.id && !row.collaborators.includes(user?.id ?? '')) throw fail('access_denied')
  return row
}
