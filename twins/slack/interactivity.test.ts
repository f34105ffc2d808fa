import { createHmac } from 'node:crypto'
import { createServer, type IncomingHttpHeaders, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { SocketModeClient } from '@slack/socket-mode'
import { WebClient } from '@slack/web-api'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { openWorld, type World } from '../../shared/testing/world.ts'
import type { acts } from './acts/index.ts'
import { slack } from './twin.ts'

/** An app of the test's own: what it was sent, and how it answers. */
interface Received {
  headers: IncomingHttpHeaders
  body: string
}

let world: World
let bot: WebClient
let app: Server
let url: string
let received: Received[] = []
let reply: (request: Received) => { status?: number; body?: string; headers?: Record<string, string> } = () => ({})

const act = (name: keyof typeof acts, input: object): Record<string, unknown> =>
  world.multiverse.act(world.universe, slack, name, (moment) =>
    slack.acts?.[name]?.(moment as never, input as never),
  ) as Record<string, unknown>
const settle = () => world.multiverse.outbox.settle(world.universe)
const payloadOf = (request: Received | undefined) =>
  JSON.parse(new URLSearchParams(request?.body).get('payload') ?? '{}')
const refusal = (call: Promise<unknown>) =>
  call.then(
    () => undefined,
    (error: { data?: { error: string } }) => error.data,
  )

beforeAll(async () => {
  world = await openWorld({ twins: ['slack'] })
  bot = new WebClient(world.access.slack.token, {
    slackApiUrl: `${world.access.slack.url}/api/`,
    retryConfig: { retries: 0 },
  })
  app = createServer((request, response) => {
    const chunks: Buffer[] = []
    request.on('data', (chunk) => chunks.push(chunk))
    request.on('end', () => {
      const one = { headers: request.headers, body: Buffer.concat(chunks).toString() }
      received.push(one)
      const { status = 200, body = '', headers = {} } = reply(one)
      response.writeHead(status, headers).end(body)
    })
  })
  await new Promise<void>((ready) => app.listen(0, '127.0.0.1', ready))
  url = `http://127.0.0.1:${(app.address() as AddressInfo).port}`
})
afterEach(() => {
  received = []
  reply = () => ({})
})
afterAll(async () => {
  app.close()
  await world.close()
})

describe('events', () => {
  it('verifies the URL, signs, and delivers a message with its mention', async () => {
    reply = ({ body }) => ({ body: JSON.parse(body).challenge ?? '' })
    act('configureApp', { requestUrl: `${url}/events` })
    await settle()
    expect(JSON.parse(received[0]?.body as string)).toMatchObject({ type: 'url_verification' })
    received = []
    const { channel } = await bot.conversations.create({ name: 'events' })
    await settle()
    received = []
    act('invite', { user: 'owner@example.test', channel: 'general', who: 'twinapp' })
    await settle()
    received = []
    act('postMessage', { user: 'owner@example.test', channel: 'general', text: 'hey @twinapp' })
    await settle()
    const events = received.map((one) => JSON.parse(one.body))
    expect(events.map((one) => one.event.type)).toEqual(['message', 'app_mention'])
    expect(events[0]).toMatchObject({
      type: 'event_callback',
      api_app_id: world.access.slack.appId,
      event: { channel_type: 'channel', client_msg_id: expect.any(String), blocks: [{ type: 'rich_text' }] },
      authorizations: [{ user_id: world.access.slack.botUserId, is_bot: true }],
    })
    expect(events[1].event.channel_type).toBeUndefined()
    const { headers, body } = received[0] as Received
    const base = `v0:${headers['x-slack-request-timestamp']}:${body}`
    const expected = createHmac('sha256', world.access.slack.signingSecret as string)
      .update(base)
      .digest('hex')
    expect(headers['x-slack-signature']).toBe(`v0=${expected}`)
    expect(channel?.id).toMatch(/^C/)
  })

  it('retries three times with the same event id, and then gives up', async () => {
    reply = () => ({ status: 500 })
    act('postMessage', { user: 'owner@example.test', channel: 'general', text: 'unlucky' })
    await settle()
    for (const wait of [2_000, 61_000, 301_000, 400_000]) {
      world.universe.clock.advance(wait)
      await settle()
    }
    expect(received).toHaveLength(4)
    expect(new Set(received.map((one) => JSON.parse(one.body).event_id)).size).toBe(1)
    expect(received.map((one) => one.headers['x-slack-retry-num'])).toEqual([undefined, '1', '2', '3'])
    expect(received[1]?.headers['x-slack-retry-reason']).toBe('http_error')
  })
})

describe('modals', () => {
  const modal = (title = 'Order') => ({
    type: 'modal' as const,
    callback_id: 'order',
    title: { type: 'plain_text' as const, text: title },
    submit: { type: 'plain_text' as const, text: 'Send' },
    blocks: [
      {
        type: 'input' as const,
        block_id: 'what',
        label: { type: 'plain_text' as const, text: 'What' },
        element: { type: 'plain_text_input' as const, action_id: 'text' },
      },
    ],
  })

  it('opens from a button, keeps what was typed over an update, and stays open on errors', async () => {
    act('configureApp', { interactivityUrl: `${url}/interactive`, events: { bot: [] } })
    const general = (await bot.conversations.list()).channels?.find((one) => one.is_general)?.id as string
    const blocks = [
      {
        type: 'actions',
        block_id: 'go',
        elements: [{ type: 'button', action_id: 'open', text: { type: 'plain_text', text: 'Open' } }],
      },
    ]
    const { ts } = await bot.chat.postMessage({ channel: general, text: 'press', blocks: blocks as never })
    act('clickButton', { user: 'owner', channel: general, ts, action_id: 'open' })
    await settle()
    const payload = payloadOf(received[0])
    expect(payload).toMatchObject({
      type: 'block_actions',
      container: { type: 'message', message_ts: ts, is_ephemeral: false },
      actions: [{ action_id: 'open', block_id: 'go', type: 'button', text: { emoji: true } }],
    })
    const opened = await bot.views.open({ trigger_id: payload.trigger_id, view: modal() })
    expect(opened.view).toMatchObject({
      type: 'modal',
      state: { values: {} },
      previous_view_id: null,
      root_view_id: opened.view?.id,
    })
    expect(await refusal(bot.views.open({ trigger_id: payload.trigger_id, view: modal() }))).toMatchObject({
      error: 'exchanged_trigger_id',
    })
    const id = opened.view?.id as string
    act('typeInput', { user: 'owner', view_id: id, action_id: 'text', value: 'an anvil' })
    const changed = await bot.views.update({ view_id: id, view: modal('Changed') })
    expect(changed.view).toMatchObject({
      state: { values: { what: { text: { type: 'plain_text_input', value: 'an anvil' } } } },
    })
    expect(
      await refusal(bot.views.update({ view_id: id, view: modal(), hash: opened.view?.hash as string })),
    ).toMatchObject({ error: 'hash_conflict' })

    reply = () => ({
      body: JSON.stringify({ response_action: 'errors', errors: { what: 'too heavy' } }),
      headers: { 'content-type': 'application/json' },
    })
    act('submitModal', { user: 'owner', view_id: id })
    await settle()
    expect(payloadOf(received.at(-1))).toMatchObject({
      type: 'view_submission',
      view: { state: { values: { what: { text: { value: 'an anvil' } } } } },
    })
    expect((act('screen', { user: 'owner' }).modals as unknown[]).length).toBe(1)
    reply = () => ({})
    act('submitModal', { user: 'owner', view_id: id, values: { what: 'a feather' } })
    await settle()
    expect(act('screen', { user: 'owner' }).modals).toEqual([])

    for (let i = 0; i < 5; i++) {
      const used = await fetch(payload.response_url, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: '{"text":"later"}',
      })
      expect([used.status, await used.text()]).toEqual([200, 'ok'])
    }
    expect(
      (
        await fetch(payload.response_url, {
          method: 'POST',
          body: '{"text":"x"}',
          headers: { 'content-type': 'application/json' },
        })
      ).status,
    ).toBe(404)
  })

  it('refuses a late trigger, a fourth view and an invalid modal', async () => {
    act('configureApp', { commands: [{ command: '/order', url: `${url}/order` }] })
    act('runSlashCommand', { user: 'owner', channel: 'general', command: '/order' })
    await settle()
    const form = new URLSearchParams(received[0]?.body)
    expect(form.get('is_enterprise_install')).toBe('false')
    expect(received[0]?.headers['content-type']).toBe('application/x-www-form-urlencoded')
    world.universe.clock.advance(3100)
    expect(
      await refusal(bot.views.open({ trigger_id: form.get('trigger_id') as string, view: modal() })),
    ).toMatchObject({ error: 'expired_trigger_id' })
    const long = modal('a title that is far too long for it')
    expect(await refusal(bot.views.open({ trigger_id: 'x', view: long }))).toMatchObject({
      error: 'invalid_arguments',
      response_metadata: {
        messages: [
          '[ERROR] failed to match all allowed schemas [json-pointer:/view]',
          '[ERROR] failed to match all allowed schemas [json-pointer:/view/title]',
          '[ERROR] must be less than 25 characters [json-pointer:/view/title/text]',
        ],
      },
    })
  })

  it('shows what a command answers to its author only', async () => {
    reply = () => ({ body: 'just you' })
    act('runSlashCommand', { user: 'owner', channel: 'general', command: '/order', text: 'x' })
    await settle()
    const { messages } = act('screen', { user: 'owner', channel: 'general' }) as {
      messages: { text: string; is_ephemeral?: boolean }[]
    }
    expect(messages.at(-1)).toMatchObject({ text: 'just you', is_ephemeral: true })
    const general = (await bot.conversations.list()).channels?.find((one) => one.is_general)?.id as string
    const shown = (await bot.conversations.history({ channel: general })).messages
    expect(shown?.some((message) => message.text === 'just you')).toBe(false)
    reply = () => ({ status: 500 })
    act('runSlashCommand', { user: 'owner', channel: 'general', command: '/order' })
    await settle()
    const { interactions } = act('screen', { user: 'owner' }) as { interactions: { outcome: string }[] }
    expect(interactions.at(-1)?.outcome).toBe('/order failed with the error "dispatch_failed"')
  })
})

describe('incoming webhooks', () => {
  it('post as a bot, and refuse in plain text', async () => {
    const send = (body: string, to = world.access.slack.webhookUrl as string) =>
      fetch(to, { method: 'POST', headers: { 'content-type': 'application/json' }, body }).then(async (answer) => [
        answer.status,
        await answer.text(),
      ])
    expect(await send('{"text":"deployed"}')).toEqual([200, 'ok'])
    expect(await send('{}')).toEqual([400, 'no_text'])
    expect(await send('not json')).toEqual([400, 'invalid_payload'])
    expect(await send('{"text":"x"}', `${world.access.slack.webhookUrl}x`)).toEqual([403, 'invalid_token'])
  })
})

describe('Socket Mode', () => {
  it('says hello, delivers, and takes answers in acknowledgements', async () => {
    const client = new SocketModeClient({
      appToken: world.access.slack.appToken as string,
      clientOptions: { slackApiUrl: `${world.access.slack.url}/api/` },
    })
    act('configureApp', { events: { bot: ['message.channels'] } })
    const told = new Promise<string>((resolve) => {
      client.on('message', async ({ event, ack }) => {
        await ack()
        resolve(event.text)
      })
    })
    client.on('slash_commands', ({ ack }) => ack({ text: 'by socket' }))
    await client.start()
    act('postMessage', { user: 'owner', channel: 'general', text: 'over the wire' })
    expect(await told).toBe('over the wire')
    act('runSlashCommand', { user: 'owner', channel: 'general', command: '/order' })
    await expect
      .poll(() => (act('screen', { user: 'owner', channel: 'general' }).messages as { text: string }[]).at(-1)?.text)
      .toBe('by socket')
    await client.disconnect()
  })
})
