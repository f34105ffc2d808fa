import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { WebSocket } from 'ws'
import { type Client, openWorkspace, type Workspace } from './testing.ts'

let workspace: Workspace
let bot: Client
let user: Client

beforeAll(async () => {
  workspace = await openWorkspace()
  ;({ bot, user } = workspace)
})
afterAll(() => workspace.close())

type Frame = Record<string, unknown>

/** A session as an RTM client holds it: frames that came, and what it waits for. */
async function session(client: Client, options: object = {}) {
  const { url, self } = await client.ok('rtm.connect', options)
  const socket = new WebSocket(url)
  const frames: Frame[] = []
  socket.on('message', (data) => frames.push(JSON.parse(String(data)) as Frame))
  const heard = (frame: Frame) => expect.poll(() => frames).toContainEqual(expect.objectContaining(frame))
  await heard({ type: 'hello' })
  return { url, self, frames, heard, send: (frame: object) => socket.send(JSON.stringify(frame)), socket }
}

describe('a Real Time Messaging session', () => {
  it('speaks, is answered by id, and hears what others say', async () => {
    const { channel } = await bot.ok('conversations.create', { name: 'live' })
    const id = channel.id
    const me = await session(bot)
    expect(me.self).toEqual({ id: (await bot.ok('auth.test')).user_id, name: (await bot.ok('auth.test')).user })
    me.send({ id: 1, type: 'message', channel: id, text: 'Hello & welcome' })
    await me.heard({ ok: true, reply_to: 1, text: 'Hello &amp; welcome' })
    me.send({ id: 2, type: 'message', channel: id, text: '' })
    await me.heard({ ok: false, reply_to: 2, error: { code: 2, msg: 'message text is missing' } })
    me.send({ id: 3, type: 'message', channel: 'C0NOWHERE0', text: 'x' })
    await me.heard({ ok: false, reply_to: 3, error: { code: 1, msg: 'invalid channel id' } })
    me.send({ id: 4, type: 'ping', time: 12 })
    await me.heard({ type: 'pong', reply_to: 4, time: 12 })
    const { messages } = await bot.ok('conversations.history', { channel: id, limit: 1 })
    expect(messages[0]).toMatchObject({ text: 'Hello &amp; welcome', bot_profile: { name: 'Twin App' } })
    const posted = await bot.ok('chat.postMessage', { channel: id, text: 'by API' })
    await me.heard({ type: 'message', ts: posted.ts, channel: id })
    expect(me.frames.filter((frame) => frame.text === 'Hello &amp; welcome' && frame.type === 'message')).toEqual([])
    expect(me.frames.some((frame) => 'channel_type' in frame && frame.type === 'message')).toBe(false)
    me.socket.close()
  })

  it('sees the workspace as its user does', async () => {
    const owner = await session(user)
    const hidden = await bot.ok('conversations.create', { name: 'unseen', is_private: true })
    await bot.ok('chat.postMessage', { channel: hidden.channel.id, text: 'secret' })
    const open = await bot.ok('conversations.create', { name: 'seen' })
    const id = open.channel.id
    await owner.heard({ type: 'channel_created', channel: expect.objectContaining({ id }) })
    await bot.ok('conversations.invite', { channel: id, users: owner.self.id })
    await owner.heard({ type: 'channel_joined', channel: expect.objectContaining({ id, is_member: true }) })
    const robot = await session(bot)
    robot.send({ type: 'typing', channel: id })
    await owner.heard({ type: 'user_typing', channel: id, user: robot.self.id })
    await user.ok('conversations.leave', { channel: id })
    await owner.heard({ type: 'channel_left', channel: id })
    expect(JSON.stringify(owner.frames)).not.toContain('secret')
    robot.socket.close()
    owner.socket.close()
  })

  it('hears of presence it subscribed to', async () => {
    const { user_id } = await user.ok('auth.test')
    const me = await session(bot, { batch_presence_aware: true })
    me.send({ type: 'presence_sub', ids: [user_id] })
    me.send({ type: 'presence_query', ids: [user_id] })
    await me.heard({ type: 'presence_change', users: [user_id], presence: 'active' })
    await user.ok('users.setPresence', { presence: 'away' })
    await me.heard({ type: 'presence_change', users: [user_id], presence: 'away' })
    await user.ok('users.setPresence', { presence: 'auto' })
    me.socket.close()
  })

  it('opens once per ticket, and for tokens of classic apps alone', async () => {
    const first = await session(bot)
    const again = new WebSocket(first.url)
    const code = await new Promise((done) => again.on('close', done))
    expect(code).toBe(4004)
    workspace.act('disconnectSockets', {})
    await first.heard({ type: 'goodbye' })
    first.socket.close()
    expect((await bot.ok('rtm.start')).url).toMatch(/^ws:/)
    workspace.act('configureApp', { botScopes: ['chat:write'] })
    expect(await bot.error('rtm.connect')).toBe('not_allowed_token_type')
    expect(await bot.error('rtm.start')).toBe('method_deprecated')
  })
})
