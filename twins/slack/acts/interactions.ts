import { z } from 'zod'
import type { SlackMoment } from '../caller.ts'
import { openDirect } from '../conversations.ts'
import { fail } from '../errors.ts'
import { announce } from '../events.ts'
import { interact, interactionName, newResponseUrl, who } from '../interactions.ts'
import { clearStack, closeView, homeOf, newTrigger, stackOf } from '../modals.ts'
import { eventTimestamp } from '../rules/timestamps.ts'
import { elementState, emptyInputs, withValue } from '../rules/viewState.ts'
import type { App, Json, User, View } from '../tables.ts'
import { messageView } from '../views/messages.ts'
import { viewView } from '../views/modals.ts'
import { chosen, container, elementNamed, pick, place, source, useElement } from './elements.ts'
import { act, channel, ownPlace, person, user } from './people.ts'

function ownView(moment: SlackMoment, me: User, id: string): View {
  const view = moment.tables.views.get(id)
  if (!view || view.closed || view.user !== me.id) throw fail('view_not_found')
  return view
}

/** An installed app that declares what the person asks for. */
function appWith(moment: SlackMoment, test: (app: App) => boolean): App {
  const app = moment.tables.apps.all().find((one) => one.installed && test(one))
  if (!app) throw fail('app_not_found')
  return app
}

const head = (moment: SlackMoment, app: App, me: User) => ({
  ...who(moment, me),
  api_app_id: app.id,
  token: app.verificationToken,
})

/** What people click, type and run. Each answers what the app was sent; how the app answered is in `interactions`. */
export const interactionActs = {
  clickButton: act(
    z.strictObject({ user, ...place, block_id: z.string().optional(), action_id: z.string() }),
    (moment, input) => useElement(moment, { ...input, value: undefined }),
  ),
  /** Picks options, people, channels, dates: by the option's value, or the id or date itself. `null` deselects. */
  choose: act(chosen, useElement),
  typeInput: act(chosen, useElement),

  /** Types into an external select: the app is asked for options. */
  searchOptions: act(
    z.strictObject({ user, ...place, block_id: z.string().optional(), action_id: z.string(), value: z.string() }),
    (moment, input) => {
      const me = person(moment, input.user)
      const from = source(moment, me, input)
      const { block, element } = elementNamed(from.blocks, input.action_id, input.block_id)
      const payload = {
        type: 'block_suggestion',
        ...head(moment, from.app, me),
        container: container(from),
        action_id: element.action_id,
        block_id: block.block_id,
        value: input.value,
        enterprise: null,
        is_enterprise_install: false,
        ...(from.view ? { view: viewView(moment, from.view) } : {}),
        ...(from.channel ? { channel: { id: from.channel.id, name: interactionName(from.channel) } } : {}),
      }
      const row = interact(moment, from.app, { kind: 'options', payload }, { type: 'block_suggestion', user: me.id })
      return { ok: true, interaction: row.id }
    },
  ),

  /** Presses submit. `values`: block id → value, typed before; required inputs must not be empty. */
  submitModal: act(
    z.strictObject({ user, view_id: z.string(), values: z.record(z.string(), z.unknown()).optional() }),
    (moment, input) => {
      const me = person(moment, input.user)
      let view = ownView(moment, me, input.view_id)
      const blocks = view.payload.blocks as readonly Json[]
      for (const [blockId, value] of Object.entries(input.values ?? {})) {
        const element = blocks.find((block) => block.block_id === blockId)?.element as Json | undefined
        if (!element) throw fail('element_not_found')
        const state = withValue(
          view.state,
          blockId,
          String(element.action_id),
          elementState(element, pick(element, value)),
        )
        view = moment.tables.views.replace({ ...view, state })
      }
      const empty = emptyInputs(blocks, view.state)
      if (empty.length > 0) throw fail('required_inputs_empty', { blocks: empty })
      const app = moment.tables.apps.get(view.appId) as App
      const payload = {
        type: 'view_submission',
        ...head(moment, app, me),
        trigger_id: newTrigger(moment, app, me.id, view.id),
        view: viewView(moment, view),
        response_urls: [],
        is_enterprise_install: false,
        enterprise: null,
      }
      const row = interact(
        moment,
        app,
        { kind: 'interactive', payload },
        { type: 'view_submission', user: me.id, viewId: view.id },
      )
      return { ok: true, interaction: row.id }
    },
  ),

  /** Closes a modal (the whole stack with `all`); the app hears of it when it asked to. */
  closeModal: act(z.strictObject({ user, view_id: z.string(), all: z.boolean().optional() }), (moment, input) => {
    const me = person(moment, input.user)
    const view = ownView(moment, me, input.view_id)
    const app = moment.tables.apps.get(view.appId) as App
    const isCleared = input.all === true || view.payload.clear_on_close === true
    if (isCleared) clearStack(moment, view)
    else closeView(moment, view)
    if (view.payload.notify_on_close !== true) return { ok: true }
    const payload = {
      type: 'view_closed',
      ...head(moment, app, me),
      view: viewView(moment, view),
      is_cleared: isCleared,
      is_enterprise_install: false,
      enterprise: null,
    }
    return {
      ok: true,
      interaction: interact(moment, app, { kind: 'interactive', payload }, { type: 'view_closed', user: me.id }).id,
    }
  }),

  runSlashCommand: act(
    z.strictObject({ user, channel, command: z.string(), text: z.string().optional() }),
    (moment, input) => {
      const me = person(moment, input.user)
      const where = ownPlace(moment, me, input.channel)
      const app = appWith(moment, (one) => one.commands.some(({ command }) => command === input.command))
      const command = app.commands.find((one) => one.command === input.command)
      const payload = {
        token: app.verificationToken,
        team_id: me.teamId,
        team_domain: moment.tables.teams.get(me.teamId)?.domain,
        channel_id: where.id,
        channel_name: interactionName(where),
        user_id: me.id,
        user_name: me.name,
        command: input.command,
        text: input.text ?? '',
        api_app_id: app.id,
        is_enterprise_install: 'false',
        response_url: newResponseUrl(moment, 'commands', app, me, where.id),
        trigger_id: newTrigger(moment, app, me.id),
      }
      const url = command?.url ?? app.interactivityUrl
      const notice = { kind: 'slash_commands' as const, payload, ...(url ? { url } : {}) }
      const facts = { type: 'slash_command', user: me.id, channel: where.id, command: input.command }
      return { ok: true, interaction: interact(moment, app, notice, facts).id }
    },
  ),

  runGlobalShortcut: act(z.strictObject({ user, callback_id: z.string() }), (moment, input) => {
    const me = person(moment, input.user)
    const app = appWith(moment, (one) =>
      one.shortcuts.some((shortcut) => shortcut.type === 'global' && shortcut.callbackId === input.callback_id),
    )
    const payload = {
      type: 'shortcut',
      token: app.verificationToken,
      action_ts: eventTimestamp(moment.now, moment.sequence('action')),
      team: who(moment, me).team,
      user: { id: me.id, username: me.name, team_id: me.teamId },
      is_enterprise_install: false,
      enterprise: null,
      callback_id: input.callback_id,
      trigger_id: newTrigger(moment, app, me.id),
    }
    return {
      ok: true,
      interaction: interact(moment, app, { kind: 'interactive', payload }, { type: 'shortcut', user: me.id }).id,
    }
  }),

  runMessageShortcut: act(
    z.strictObject({ user, channel, ts: z.string(), callback_id: z.string() }),
    (moment, input) => {
      const me = person(moment, input.user)
      const where = ownPlace(moment, me, input.channel)
      const message = moment.tables.messages.get(`${where.id}:${input.ts}`)
      if (!message) throw fail('message_not_found')
      const app = appWith(moment, (one) =>
        one.shortcuts.some((shortcut) => shortcut.type === 'message' && shortcut.callbackId === input.callback_id),
      )
      const payload = {
        type: 'message_action',
        token: app.verificationToken,
        action_ts: eventTimestamp(moment.now, moment.sequence('action')),
        team: who(moment, me).team,
        user: { id: me.id, username: me.name, team_id: me.teamId, name: me.name },
        channel: { id: where.id, name: interactionName(where) },
        is_enterprise_install: false,
        enterprise: null,
        callback_id: input.callback_id,
        trigger_id: newTrigger(moment, app, me.id),
        response_url: newResponseUrl(moment, 'app', app, me, where.id, { ts: message.ts }),
        message_ts: message.ts,
        message: messageView(moment, message),
      }
      return {
        ok: true,
        interaction: interact(moment, app, { kind: 'interactive', payload }, { type: 'message_action', user: me.id })
          .id,
      }
    },
  ),

  /** Opens an app's Home or Messages tab. */
  openAppHome: act(
    z.strictObject({ user, app: z.string().optional(), tab: z.enum(['home', 'messages']).optional() }),
    (moment, input) => {
      const me = person(moment, input.user)
      const app = appWith(moment, (one) => input.app === undefined || one.id === input.app || one.name === input.app)
      const bot = moment.tables.users.get(app.botUserId ?? '')
      if (!bot) throw fail('app_not_found')
      const { channel: direct } = openDirect(moment, [me, bot])
      const tab = input.tab ?? 'home'
      const home = homeOf(moment, app, me.id)
      const event = { type: 'app_home_opened', user: me.id, channel: direct.id, tab }
      announce(
        moment,
        { ...event, ...(tab === 'home' && home ? { view: viewView(moment, home) } : {}) },
        { appId: app.id },
      )
      return { ok: true, channel: direct.id, ...(home ? { view: viewView(moment, home) } : {}) }
    },
  ),

  /** What a person has before them: open modals, and each interaction with what became of it. */
  screen: act(z.strictObject({ user, channel: channel.optional() }), (moment, input) => {
    const me = person(moment, input.user)
    const top = moment.tables.views.where('open', me.id).at(-1)
    const modals = top ? stackOf(moment, top.rootId).map((view) => viewView(moment, view)) : []
    const interactions = moment.tables.interactions
      .where('user', me.id)
      .map(({ id, type, command, outcome }) => ({ id, type, command, outcome }))
    const where = input.channel === undefined ? undefined : ownPlace(moment, me, input.channel)
    const rows = where ? moment.tables.messages.where('channel', where.id) : []
    const messages = rows
      .filter((row) => row.ephemeralTo === undefined || row.ephemeralTo === me.id)
      .map((row) => ({
        ...messageView(moment, row, { viewer: me.id }),
        ...(row.ephemeralTo ? { is_ephemeral: true } : {}),
      }))
    return { ok: true, modals, interactions, ...(where ? { messages } : {}) }
  }),
}
