import { z } from 'zod'
import type { SlackMoment } from '../caller.ts'
import { fail } from '../errors.ts'
import { interact, interactionName, newResponseUrl, who } from '../interactions.ts'
import { newTrigger } from '../modals.ts'
import { eventTimestamp } from '../rules/timestamps.ts'
import { elementState, elementsOf, withValue } from '../rules/viewState.ts'
import type { App, Conversation, Json, Message, User, View } from '../tables.ts'
import { messageView } from '../views/messages.ts'
import { viewView } from '../views/modals.ts'
import { channel, ownPlace, person, user } from './people.ts'

/** Elements of messages and views, as people use them and as apps hear of it. */

export const place = { channel: channel.optional(), ts: z.string().optional(), view_id: z.string().optional() }
export const chosen = z.strictObject({
  user,
  ...place,
  block_id: z.string().optional(),
  action_id: z.string(),
  value: z.unknown(),
})

interface Source {
  readonly app: App
  readonly blocks: readonly Json[]
  readonly view?: View
  readonly channel?: Conversation
  readonly message?: Message
}

/** Where something is clicked: an open view, or a message the person sees, ephemeral ones included. */
export function source(
  moment: SlackMoment,
  me: User,
  input: { channel?: string | undefined; ts?: string | undefined; view_id?: string | undefined },
): Source {
  if (input.view_id !== undefined) {
    const view = moment.tables.views.get(input.view_id)
    if (!view || view.closed || view.user !== me.id) throw fail('view_not_found')
    return { app: moment.tables.apps.get(view.appId) as App, blocks: view.payload.blocks as readonly Json[], view }
  }
  const where = ownPlace(moment, me, input.channel ?? '')
  const message = moment.tables.messages.get(`${where.id}:${input.ts}`)
  if (!message || (message.ephemeralTo !== undefined && message.ephemeralTo !== me.id)) throw fail('message_not_found')
  const app = message.appId === undefined ? undefined : moment.tables.apps.get(message.appId)
  if (!app) throw fail('message_not_found')
  const attached = (message.attachments ?? []).flatMap((one) => (one.blocks as readonly Json[] | undefined) ?? [])
  return { app, blocks: [...(message.blocks ?? []), ...attached], channel: where, message }
}

/** The element an action id (and block id) names. */
export function elementNamed(
  blocks: readonly Json[],
  actionId: string,
  blockId: string | undefined,
): { block: Json; element: Json } {
  for (const block of blocks) {
    if (blockId !== undefined && block.block_id !== blockId) continue
    const element = elementsOf(block).find((one) => one.action_id === actionId)
    if (element) return { block, element }
  }
  throw fail('element_not_found')
}

/** The entry of `actions`: what was clicked or chosen. Recorded for buttons. */
function actionOf(moment: SlackMoment, block: Json, element: Json, state: Json): Json {
  const { type, action_id, text, value, placeholder, url, ...rest } = element
  const initial = Object.fromEntries(Object.entries(rest).filter(([name]) => name.startsWith('initial_')))
  return {
    action_id,
    block_id: block.block_id,
    ...(text ? { text } : {}),
    ...(type === 'button' && value !== undefined ? { value } : {}),
    ...(placeholder ? { placeholder } : {}),
    ...initial,
    ...state,
    type,
    action_ts: eventTimestamp(moment.now, moment.sequence('action')),
  }
}

/** What a person picks for an element: a value of theirs, or the option with that value. */
export function pick(element: Json, value: unknown): unknown {
  const groups = (element.option_groups as readonly { options: readonly Json[] }[] | undefined)?.flatMap(
    (one) => one.options,
  )
  const options = (element.options as readonly Json[] | undefined) ?? groups
  if (!options) return value
  const find = (one: unknown) => {
    const option = options.find((candidate) => candidate.value === one)
    if (!option) throw fail('option_not_found')
    return option
  }
  return Array.isArray(value) ? value.map(find) : value === null || value === undefined ? null : find(value)
}

export function container(from: Source): Json {
  const { view, message, channel: where } = from
  if (view) return { type: 'view', view_id: view.id }
  return {
    type: 'message',
    message_ts: message?.ts,
    channel_id: where?.id,
    is_ephemeral: message?.ephemeralTo !== undefined,
    ...(message?.threadTs ? { thread_ts: message.threadTs } : {}),
  }
}

/** The `block_actions` payload, from a view or from a message. */
function blockActions(moment: SlackMoment, me: User, from: Source, action: Json): Json {
  const { app, view, channel: where, message } = from
  const viewNow = view && (moment.tables.views.get(view.id) as View)
  return {
    type: 'block_actions',
    user: who(moment, me).user,
    api_app_id: app.id,
    token: app.verificationToken,
    container: container(from),
    trigger_id: newTrigger(moment, app, me.id, view?.id),
    team: who(moment, me).team,
    enterprise: null,
    is_enterprise_install: false,
    ...(viewNow ? { view: viewView(moment, viewNow) } : {}),
    ...(where ? { channel: { id: where.id, name: interactionName(where) } } : {}),
    ...(message && message.ephemeralTo === undefined ? { message: messageView(moment, message) } : {}),
    ...(viewNow ? {} : { state: { values: {} } }),
    ...(where && message
      ? {
          response_url: newResponseUrl(moment, 'actions', app, me, where.id, {
            ts: message.ts,
            threadTs: message.threadTs,
          }),
        }
      : {}),
    actions: [action],
  }
}

/** Acts on an element: its state changes, and the app hears of it unless it is an input that does not dispatch. */
export function useElement(moment: SlackMoment, input: z.infer<typeof chosen>): object {
  const me = person(moment, input.user)
  const from = source(moment, me, input)
  const { block, element } = elementNamed(from.blocks, input.action_id, input.block_id)
  const value = pick(element, input.value)
  const state = elementState(element, value)
  if (from.view && Object.keys(state).length > 1) {
    const { view } = from
    moment.tables.views.replace({
      ...view,
      state: withValue(view.state, String(block.block_id), String(element.action_id), state),
    })
  }
  if (block.type === 'input' && block.dispatch_action !== true) return { ok: true, dispatched: false }
  const choice = element.type === 'overflow' ? { selected_option: value } : state
  const action = actionOf(moment, block, element, choice as Json)
  const payload = blockActions(moment, me, from, action)
  const row = interact(moment, from.app, { kind: 'interactive', payload }, { type: 'block_actions', user: me.id })
  return {
    ok: true,
    dispatched: true,
    interaction: row.id,
    trigger_id: payload.trigger_id,
    response_url: payload.response_url,
  }
}
