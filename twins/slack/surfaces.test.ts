import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Answer, type Client, openWorkspace, type Workspace } from './testing.ts'

let workspace: Workspace
let bot: Client
let channel: string
let owner: string

beforeAll(async () => {
  workspace = await openWorkspace()
  ;({ bot } = workspace)
  owner = (await workspace.user.ok('auth.test')).user_id
  channel = (await bot.ok('conversations.create', { name: 'surfaces' })).channel.id
  await bot.ok('conversations.invite', { channel, users: owner })
  await workspace.app.ok('apps.connections.open') // interactions go to sockets from here on
})
afterAll(() => workspace.close())

const text = (value: string) => ({ type: 'plain_text', text: value })
const button = { type: 'actions', block_id: 'b', elements: [{ type: 'button', action_id: 'go', text: text('Go') }] }
const modal = (title: string) => ({ type: 'modal', title: text(title), blocks: [button] })

/** The trigger an app is sent when a button is clicked: in a message, or in a view. */
function click(where: object): string {
  const { interaction } = workspace.act('clickButton', { user: 'owner', action_id: 'go', ...where })
  return workspace.world.multiverse.moment(
    workspace.world.universe,
    'slack',
    ({ tables }) => (tables.interactions as Answer).get(interaction).payload.trigger_id,
  )
}

const message = async (): Promise<object> => {
  const { ts } = await bot.ok('chat.postMessage', { channel, text: 'press', blocks: [button] })
  return { channel, ts }
}

describe('views', () => {
  it('open, and are pushed onto each other, three at most', async () => {
    const first = (await bot.ok('views.open', { trigger_id: click(await message()), view: modal('One') })).view
    expect(first).toMatchObject({ type: 'modal', root_view_id: first.id, previous_view_id: null })
    const push = (view_id: string, title: string) => ({ trigger_id: click({ view_id }), view: modal(title) })
    const second = (await bot.ok('views.push', push(first.id, 'Two'))).view
    expect(second).toMatchObject({ previous_view_id: first.id, root_view_id: first.id })
    const third = (await bot.ok('views.push', push(second.id, 'Three'))).view
    expect(await bot.error('views.push', push(third.id, 'Four'))).toBe('push_limit_reached')
    expect(await bot.error('views.push', { trigger_id: '1.2.3', view: modal('x') })).toBe('invalid_trigger_id')
    expect(await bot.error('views.push', { trigger_id: click(await message()), view: modal('x') })).toBe('not_found')
  })

  it('greet people in the app’s home, one for each', async () => {
    const home = { type: 'home', blocks: [{ type: 'section', text: { type: 'mrkdwn', text: 'Hello' } }] }
    const { view } = await bot.ok('views.publish', { user_id: owner, view: home })
    expect(view).toMatchObject({ type: 'home', id: expect.stringMatching(/^V/) })
    const again = (await bot.ok('views.publish', { user_id: owner, view: home, hash: view.hash })).view
    expect(again.id).toBe(view.id)
    expect(await bot.error('views.publish', { user_id: owner, view: home, hash: view.hash })).toBe('hash_conflict')
    expect(await bot.error('views.publish', { user_id: owner, view: modal('x') })).toBe('invalid_arguments')
    workspace.act('configureApp', { homeTab: false })
    expect(await bot.error('views.publish', { user_id: owner, view: home })).toBe('not_enabled')
  })
})

describe('dialogs', () => {
  const dialog = (more: object = {}) => ({
    callback_id: 'd',
    title: 'Order',
    elements: [{ type: 'text', label: 'What', name: 'what' }],
    ...more,
  })

  it('open once per trigger, when nothing is wrong with them', async () => {
    const trigger_id = click(await message())
    const long = dialog({ elements: [{ type: 'text', label: 'x'.repeat(49), name: 'a' }] })
    expect(await bot.refusal('dialog.open', { trigger_id, dialog: long })).toMatchObject({
      error: 'validation_errors',
      response_metadata: { messages: ['Element 0 field `label` cannot be longer than 48 characters'] },
    })
    await bot.ok('dialog.open', { trigger_id, dialog: dialog() })
    expect(await bot.error('dialog.open', { trigger_id, dialog: dialog() })).toBe('trigger_exchanged')
    const late = click(await message())
    workspace.world.universe.clock.advance(3001)
    expect(await bot.error('dialog.open', { trigger_id: late, dialog: dialog() })).toBe('trigger_expired')
    expect(await bot.error('dialog.open', { trigger_id: late })).toBe('missing_dialog')
  })
})

describe('blocks', () => {
  it('are checked without being sent', async () => {
    await bot.ok('blocks.validate', { blocks: [button] })
    await bot.ok('blocks.validate', { view: modal('One') })
    expect(await bot.refusal('blocks.validate', { blocks: [{ type: 'sections' }] })).toMatchObject({
      error: 'invalid_blocks',
      errors: [{ code: 'failed_constraint', pointer: '/blocks/0/type' }],
    })
    expect(await bot.error('blocks.validate', { blocks: [button], view: modal('One') })).toBe('invalid_arguments')
  })
})

describe('an assistant', () => {
  it('shows what it does, what it is about, and what to ask', async () => {
    const { channel: direct, thread_ts } = workspace.act('startAssistantThread', { user: 'owner' })
    const thread = { channel_id: direct, thread_ts }
    await bot.ok('assistant.threads.setStatus', { ...thread, status: 'is thinking...' })
    await bot.ok('assistant.threads.setTitle', { ...thread, title: 'Anvils' })
    const prompts = [{ title: 'Price', message: 'What does an anvil cost?' }]
    await bot.ok('assistant.threads.setSuggestedPrompts', { ...thread, prompts })
    const many = Array.from({ length: 5 }, () => prompts[0])
    expect(await bot.error('assistant.threads.setSuggestedPrompts', { ...thread, prompts: many })).toBe(
      'invalid_arguments',
    )
    const nowhere = { channel_id: direct, thread_ts: '1.000001', status: 'x' }
    expect(await bot.refusal('assistant.threads.setStatus', nowhere)).toMatchObject({
      error: 'invalid_thread_ts',
      detail: 'Thread not found',
    })
    expect(await bot.error('assistant.threads.setTitle', { ...thread, channel_id: 'D0NOWHERE0', title: 'x' })).toBe(
      'channel_not_found',
    )
  })

  it('has sessions with a state and a name', async () => {
    const { channel: direct, thread_ts } = workspace.act('startAssistantThread', { user: 'owner' })
    const session = { channel_id: direct, thread_ts }
    expect(await bot.error('agents.sessions.rename', { ...session, title: 'Early' })).toBe('session_not_found')
    await bot.ok('agents.sessions.setStatus', { ...session, status: 'processing' })
    await bot.ok('agents.sessions.rename', { ...session, title: 'Anvils' })
    expect(await bot.error('agents.sessions.setStatus', { ...session, status: 'confused' })).toBe('invalid_status')
    expect(await bot.error('agents.sessions.setStatus', { channel_id: direct, status: 'active' })).toBe(
      'thread_ts_required',
    )
  })
})
