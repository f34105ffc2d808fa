import { WebClient } from '@slack/web-api'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openWorld, type World } from '../../shared/testing/world.ts'

let world: World
let bot: WebClient
let user: WebClient
const quiet = { retryConfig: { retries: 0 } }

beforeAll(async () => {
  world = await openWorld({ twins: ['slack'] })
  const { url, token, userToken } = world.access.slack
  bot = new WebClient(token, { slackApiUrl: `${url}/api/`, ...quiet })
  user = new WebClient(userToken as string, { slackApiUrl: `${url}/api/`, ...quiet })
})
afterAll(() => world.close())

/** The error code and data a failed SDK call carries. */
const refusal = (call: Promise<unknown>) =>
  call.then(
    () => undefined,
    (error: { data?: { error: string } & Record<string, unknown> }) => error.data,
  )

describe('auth', () => {
  it('tells a bot who it is', async () => {
    const who = await bot.auth.test()
    expect(who).toMatchObject({
      ok: true,
      team: 'Example',
      url: 'https://example.slack.com/',
      is_enterprise_install: false,
    })
    expect(who.bot_id).toMatch(/^B/)
    expect(who.response_metadata?.scopes).toContain('chat:write')
  })

  it('refuses unknown tokens and methods in the body, never in the status', async () => {
    const stranger = new WebClient('xoxb-1-2-3', { slackApiUrl: `${world.access.slack.url}/api/`, ...quiet })
    expect(await refusal(stranger.auth.test())).toMatchObject({ ok: false, error: 'invalid_auth' })
    expect(await refusal(bot.apiCall('no.such'))).toMatchObject({ error: 'unknown_method', req_method: 'no.such' })
    const anonymous = await fetch(`${world.access.slack.url}/api/auth.test`)
    expect(anonymous.status).toBe(200)
    expect(await anonymous.json()).toEqual({ ok: false, error: 'not_authed' })
  })

  it('finds the universe by a token in the body, and refuses it elsewhere', async () => {
    const other = world.multiverse.create({ id: 'other' })
    const { token } = (world.multiverse.access(other) as typeof world.access).slack
    const api = `${world.access.slack.url}/api`
    const form = new URLSearchParams({ token, name: 'elsewhere' })
    const created = await fetch(`${api}/conversations.create`, { method: 'POST', body: form }).then((reply) =>
      reply.json(),
    )
    expect(created).toMatchObject({ ok: true, channel: { name: 'elsewhere' } })
    expect((await user.conversations.list()).channels?.map((channel) => channel.name)).not.toContain('elsewhere')
    const headers = { authorization: `Bearer ${token}`, 'x-dtu-universe': 'default' }
    expect(await fetch(`${api}/auth.test`, { headers }).then((reply) => reply.json())).toEqual({
      ok: false,
      error: 'invalid_auth',
    })
    world.multiverse.delete('other')
  })

  it('warns of charsets in opposite ways for JSON and forms', async () => {
    const call = (contentType: string, body: string) =>
      world
        .fetch('slack', '/api/api.test', { method: 'POST', headers: { 'content-type': contentType }, body })
        .then((reply) => reply.json())
    expect(await call('application/json', '{"a":"1"}')).toEqual({
      ok: true,
      args: { a: '1' },
      warning: 'missing_charset',
      response_metadata: { warnings: ['missing_charset'] },
    })
    expect(await call('application/json; charset=utf-8', '{"a":"1"}')).toEqual({ ok: true, args: { a: '1' } })
    expect(await call('application/x-www-form-urlencoded; charset=utf-8', 'a=1')).toMatchObject({
      ok: true,
      warning: 'superfluous_charset',
    })
  })
})

describe('messages', () => {
  it('goes through a day in a channel', async () => {
    const { channel } = await bot.conversations.create({ name: 'anvils' })
    const id = channel?.id as string
    const posted = await bot.chat.postMessage({ channel: id, text: 'Hello & *welcome* <!here> https://acme.test/a' })
    expect(posted.message).toMatchObject({
      type: 'message',
      text: 'Hello &amp; *welcome* <!here> <https://acme.test/a>',
      bot_profile: { name: 'Twin App' },
    })
    expect(posted.ts).toMatch(/^\d{10}\.\d{5}9$/)
    const reply = await bot.chat.postMessage({ channel: id, text: 'a reply', thread_ts: posted.ts })
    const broadcast = await bot.chat.postMessage({
      channel: id,
      text: 'loud',
      thread_ts: reply.ts as string,
      reply_broadcast: true,
    })
    const history = await bot.conversations.history({ channel: id })
    expect(history.messages?.map((message) => message.ts)).toEqual([broadcast.ts, posted.ts, expect.any(String)])
    expect(history.messages?.[1]).toMatchObject({
      reply_count: 2,
      latest_reply: broadcast.ts,
      reply_users_count: 1,
      thread_ts: posted.ts,
    })
    const thread = await bot.conversations.replies({ channel: id, ts: posted.ts as string })
    expect(thread.messages?.map((message) => message.text)).toEqual([posted.message?.text, 'a reply', 'loud'])
    await bot.reactions.add({ channel: id, timestamp: posted.ts as string, name: 'thumbsup' })
    expect(await refusal(bot.reactions.add({ channel: id, timestamp: posted.ts as string, name: '+1' }))).toMatchObject(
      { error: 'already_reacted' },
    )
    await bot.chat.delete({ channel: id, ts: posted.ts as string })
    const after = await bot.conversations.history({ channel: id })
    expect(after.messages?.[1]).toMatchObject({ subtype: 'tombstone', user: 'USLACKBOT', reply_count: 2 })
  })

  it('refuses blocks with exact pointers, twice', async () => {
    const { channel } = await bot.conversations.create({ name: 'blocks' })
    const blocks = [{ type: 'section', text: { type: 'mrkdwn', text: 'x'.repeat(3001) } }]
    expect(await refusal(bot.chat.postMessage({ channel: channel?.id as string, text: 't', blocks }))).toMatchObject({
      error: 'invalid_blocks',
      errors: [
        'failed to match all allowed schemas [json-pointer:/blocks/0/text]',
        'must be less than 3001 characters [json-pointer:/blocks/0/text/text]',
      ],
      response_metadata: {
        messages: [
          '[ERROR] failed to match all allowed schemas [json-pointer:/blocks/0/text]',
          '[ERROR] must be less than 3001 characters [json-pointer:/blocks/0/text/text]',
        ],
      },
    })
  })

  it('lets a bot post only where it may', async () => {
    const { channels } = await user.conversations.list()
    const general = channels?.find((one) => one.is_general)?.id as string
    expect(await refusal(bot.chat.postMessage({ channel: general, text: 'x' }))).toMatchObject({
      error: 'not_in_channel',
    })
    const hidden = await user.conversations.create({ name: 'hidden', is_private: true })
    expect(await refusal(bot.chat.postMessage({ channel: hidden.channel?.id as string, text: 'x' }))).toMatchObject({
      error: 'channel_not_found',
    })
    expect(await refusal(bot.search.messages({ query: 'x' }))).toMatchObject({ error: 'not_allowed_token_type' })
    expect(await refusal(bot.apiCall('conversations.info'))).toMatchObject({
      error: 'invalid_arguments',
      response_metadata: { messages: ['[ERROR] missing required field: channel'] },
    })
    expect(await refusal(bot.apiCall('calls.add', { title: 'x' }))).toMatchObject({
      error: 'invalid_arguments',
      response_metadata: {
        messages: ['[ERROR] missing required field: external_unique_id', '[ERROR] missing required field: join_url'],
      },
    })
  })

  it('pages 250 messages newest first, each once', async () => {
    const { channel } = await bot.conversations.create({ name: 'paging' })
    const id = channel?.id as string
    const sent: string[] = []
    for (let i = 0; i < 250; i++) sent.push((await bot.chat.postMessage({ channel: id, text: `m${i}` })).ts as string)
    const seen: string[] = []
    for await (const page of bot.paginate('conversations.history', { channel: id, limit: 60 })) {
      seen.push(
        ...(page as unknown as { messages: { ts: string; subtype?: string }[] }).messages
          .filter((one) => !one.subtype)
          .map((one) => one.ts),
      )
    }
    expect(seen).toEqual(sent.toReversed())
    const only = await bot.conversations.history({ channel: id, latest: sent[7], inclusive: true, limit: 1 })
    expect(only.messages?.[0]?.text).toBe('m7')
  })

  it('opens a DM for a post to a person, and updates only by the DM', async () => {
    const { user_id: owner } = await user.auth.test()
    const posted = await bot.chat.postMessage({ channel: owner as string, text: 'psst' })
    expect(posted.channel).toMatch(/^D/)
    expect(
      await refusal(bot.chat.update({ channel: owner as string, ts: posted.ts as string, text: 'x' })),
    ).toMatchObject({ error: 'channel_not_found' })
    const changed = await bot.chat.update({
      channel: posted.channel as string,
      ts: posted.ts as string,
      text: 'better',
    })
    expect(changed.message).toMatchObject({ text: 'better', edited: { user: expect.any(String) } })
  })

  it('posts what was scheduled when its time comes', async () => {
    const { channel } = await bot.conversations.create({ name: 'later' })
    const id = channel?.id as string
    const at = Math.floor(world.universe.clock.now() / 1000) + 3600
    const { scheduled_message_id: scheduledId } = await bot.chat.scheduleMessage({
      channel: id,
      text: 'good morning',
      post_at: at,
    })
    expect(scheduledId).toMatch(/^Q/)
    expect((await bot.chat.scheduledMessages.list()).scheduled_messages).toHaveLength(1)
    world.universe.clock.advance(3601_000)
    const history = await bot.conversations.history({ channel: id })
    expect(history.messages?.[0]?.text).toBe('good morning')
    expect((await bot.chat.scheduledMessages.list()).scheduled_messages).toHaveLength(0)
  })
})

describe('files', () => {
  it('uploads in three steps and shares a moment later', async () => {
    const { channel } = await bot.conversations.create({ name: 'uploads' })
    const id = channel?.id as string
    const result = await bot.filesUploadV2({
      channel_id: id,
      filename: 'notes.txt',
      file: Buffer.from('one\ntwo'),
      initial_comment: 'see',
    })
    const file = (
      result.files as { files: { id: string; url_private: string; mimetype: string; shares: object }[] }[]
    )[0]?.files[0]
    expect(file).toMatchObject({ mimetype: '', shares: {}, file_access: 'visible' })
    const info = await bot.files.info({ file: file?.id as string })
    expect(info.file).toMatchObject({ mimetype: 'text/plain', filetype: 'text', size: 7, channels: [id] })
    const stranger = await fetch(file?.url_private as string, { redirect: 'manual' })
    expect(stranger.status).toBe(302)
    const bytes = await fetch(file?.url_private as string, {
      headers: { authorization: `Bearer ${world.access.slack.token}` },
    })
    expect(await bytes.text()).toBe('one\ntwo')
    const history = await bot.conversations.history({ channel: id })
    expect(history.messages?.[0]).toMatchObject({ subtype: 'file_share', text: 'see', files: [{ id: file?.id }] })
  })
})
