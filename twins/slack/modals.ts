import { callingApp, type SlackCall, type SlackMoment } from './caller.ts'
import { fail, invalidArguments } from './errors.ts'
import { newId, newTriggerId, newViewHash } from './ids.ts'
import { sentence } from './rules/blocks/check.ts'
import { normaliseBlocks, normaliseText } from './rules/blocks/normalise.ts'
import { viewIssues } from './rules/blocks/view.ts'
import { viewState } from './rules/viewState.ts'
import type { App, Json, Trigger, View } from './tables.ts'

/** Rows of views and of the triggers that let an app open them. */

const TRIGGER_LIFE = 3000
const MAX_STACK = 3
const MAX_BYTES = 250_000

/** A trigger for an interaction: three seconds, one use, this app. */
export function newTrigger(moment: SlackMoment, app: App, user: string, viewId?: string, entity?: string): string {
  const id = newTriggerId(moment.random)
  moment.tables.triggers.insert({
    id,
    appId: app.id,
    user,
    expires: moment.now + TRIGGER_LIFE,
    used: false,
    ...(viewId ? { viewId } : {}),
    ...(entity ? { entity } : {}),
  })
  return id
}

/** Spends a trigger. */
export function useTrigger(call: SlackCall, value: unknown): Trigger {
  const trigger = call.tables.triggers.get(String(value ?? ''))
  if (!trigger || trigger.appId !== callingApp(call.caller).id) throw fail('invalid_trigger_id')
  if (trigger.used) throw fail('exchanged_trigger_id')
  if (trigger.expires <= call.now) throw fail('expired_trigger_id')
  return call.tables.triggers.replace({ ...trigger, used: true })
}

/** Checks a view as Slack does: every reason with its place, the first naming the view. */
export function checkedView(value: unknown): Json {
  const issues = viewIssues(value)
  if (issues.length > 0) throw invalidArguments(...issues.map(sentence))
  if (JSON.stringify(value).length > MAX_BYTES) throw fail('view_too_large')
  return value as Json
}

/** What a view's payload becomes: ids and defaults filled in. */
function payloadOf(moment: SlackMoment, view: Json): Json {
  const isModal = view.type !== 'home'
  return {
    type: view.type,
    blocks: normaliseBlocks(view.blocks as readonly unknown[], moment.random),
    private_metadata: view.private_metadata ?? '',
    callback_id: view.callback_id ?? '',
    title: isModal ? normaliseText(view.title) : { type: 'plain_text', text: 'View Title', emoji: true },
    clear_on_close: view.clear_on_close ?? false,
    notify_on_close: view.notify_on_close ?? false,
    close: normaliseText(view.close),
    submit: normaliseText(view.submit),
  }
}

function requireFreeExternalId(moment: SlackMoment, app: App, view: Json, own?: string): void {
  const { external_id: id } = view
  if (typeof id !== 'string' || id === '') return
  const taken = moment.tables.views.by('external', [app.id, id])
  if (taken && taken.id !== own) throw fail('duplicate_external_id')
}

export function openView(moment: SlackMoment, app: App, user: string, view: Json, previous?: View): View {
  requireFreeExternalId(moment, app, view)
  const id = newId(moment.random, 'view')
  const payload = payloadOf(moment, view)
  return moment.tables.views.insert({
    id,
    appId: app.id,
    user,
    type: view.type as View['type'],
    hash: newViewHash(moment.random, moment.now),
    payload,
    state: viewState(payload.blocks as readonly Json[]),
    rootId: previous?.rootId ?? id,
    ...(previous ? { previousId: previous.id } : {}),
    ...(view.external_id ? { externalId: String(view.external_id) } : {}),
    closed: false,
  })
}

export function changeView(moment: SlackMoment, app: App, row: View, view: Json): View {
  requireFreeExternalId(moment, app, view, row.id)
  const payload = payloadOf(moment, view)
  return moment.tables.views.replace({
    ...row,
    payload,
    hash: newViewHash(moment.random, moment.now),
    state: viewState(payload.blocks as readonly Json[], row.state),
    ...(view.external_id ? { externalId: String(view.external_id) } : {}),
  })
}

/** The open views of one stack, bottom first. */
export const stackOf = (moment: SlackMoment, rootId: string): View[] =>
  moment.tables.views.where('root', rootId).filter((view) => !view.closed)

export function pushView(moment: SlackMoment, app: App, user: string, view: Json, top: View): View {
  if (stackOf(moment, top.rootId).length >= MAX_STACK) throw fail('push_limit_reached')
  return openView(moment, app, user, view, top)
}

export const closeView = (moment: SlackMoment, row: View): View => moment.tables.views.replace({ ...row, closed: true })

export function clearStack(moment: SlackMoment, row: View): void {
  for (const view of stackOf(moment, row.rootId)) closeView(moment, view)
}

/** The open view a call names by `view_id` or `external_id`. */
export function namedView(call: SlackCall): View {
  const { view_id: id, external_id: external } = call.query as { view_id?: string; external_id?: string }
  const app = callingApp(call.caller)
  const row = id
    ? call.tables.views.get(id)
    : external
      ? call.tables.views.by('external', [app.id, external])
      : undefined
  if (!row || row.closed || row.appId !== app.id) throw fail('not_found')
  return row
}

export const requireHash = (row: View | undefined, hash: unknown): void => {
  if (row && typeof hash === 'string' && hash !== '' && hash !== row.hash) throw fail('hash_conflict')
}

/** The Home tab of a person in this app. */
export const homeOf = (moment: SlackMoment, app: App, user: string): View | undefined =>
  moment.tables.views.scan('home', { prefix: [app.id, user] }).next().value
