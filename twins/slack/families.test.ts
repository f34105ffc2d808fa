import { WebClient } from '@slack/web-api'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openWorld, type World } from '../../shared/testing/world.ts'
import { slack } from './twin.ts'

let world: World
let bot: WebClient
let user: WebClient
let api: string
const quiet = { retryConfig: { retries: 0 } }

beforeAll(async () => {
  world = await openWorld({ twins: ['slack'], fixture: 'acme' })
  const { url, token, userToken } = world.access.slack
  api = `${url}/api/`
  bot = new WebClient(token, { slackApiUrl: api, ...quiet })
  user = new WebClient(userToken as string, { slackApiUrl: api, ...quiet })
})
afterAll(() => world.close())

const refusal = (call: Promise<unknown>) =>
  call.then(
    () => undefined,
    (error: { data?: { error: string } & Record<string, unknown> }) => error.data,
  )
const channelNamed = async (name: string) =>
  (await user.conversations.list({ limit: 1000 })).channels?.find((one) => one.name === name)?.id as string
const personNamed = async (email: string) => (await bot.users.lookupByEmail({ email })).user?.id as string

describe('the sample company', () => {
  it('has its people, channels, threads and groups', async () => {
    const { members } = await bot.users.list({})
    expect(members?.[0]).toMatchObject({ id: 'USLACKBOT', name: 'slackbot' })
    expect(members?.find((one) => one.profile?.email === 'elin.falk@acme.test')).toMatchObject({
      tz: 'Europe/Stockholm',
      tz_label: expect.stringMatching(/^Central European/),
    })
    const anvils = await bot.conversations.history({ channel: await channelNamed('anvils') })
    expect(anvils.messages?.at(-1)).toMatchObject({ reply_count: 2, reactions: [{ name: 'eyes', count: 1 }] })
    expect((await bot.usergroups.list({ include_count: true })).usergroups).toMatchObject([
      { handle: expect.any(String) },
      { handle: expect.any(String) },
    ])
    expect((await bot.emoji.list()).emoji).toMatchObject({ 'hammer-time': 'alias:hammer' })
  })

  it('can be looked at from nobody’s point of view', () => {
    const see = (kind: string) =>
      world.multiverse.moment(world.universe, 'slack', (moment) => slack.kinds?.[kind]?.(moment as never) ?? [])
    expect(see('messages')).toContainEqual(
      expect.objectContaining({ channel_name: 'leadership', text: expect.stringContaining('third quarter') }),
    )
    expect(see('conversations')).toContainEqual(
      expect.objectContaining({ name: 'old-website', is_archived: true, members: expect.any(Array) }),
    )
  })

  it('is found by search as each person may see it', async () => {
    const found = await user.search.messages({ query: 'anvils in:#sales from:@ines.jung' })
    expect(found.messages?.matches?.[0]).toMatchObject({ channel: { name: 'sales' }, username: 'ines.jung' })
    expect((await user.search.messages({ query: '"third quarter"' })).messages?.total).toBe(0)
    expect(await refusal(user.apiCall('search.messages'))).toMatchObject({ error: 'No query passed' })
  })
})

describe('channels', () => {
  it('invites all or nobody, unless forced', async () => {
    const { channel } = await bot.conversations.create({ name: 'invitations' })
    const id = channel?.id as string
    const good = await personNamed('liam.moss@acme.test')
    expect(await refusal(bot.conversations.invite({ channel: id, users: `${good},U0NOBODY00` }))).toMatchObject({
      error: 'user_not_found',
      errors: [{ user: 'U0NOBODY00', ok: false, error: 'user_not_found' }],
    })
    expect((await bot.conversations.members({ channel: id })).members).toHaveLength(1)
    await bot.conversations.invite({ channel: id, users: `${good},U0NOBODY00`, force: true })
    expect((await bot.conversations.members({ channel: id })).members).toHaveLength(2)
  })

  it('stands still when archived, and keeps its name', async () => {
    const { channel } = await bot.conversations.create({ name: 'short-lived' })
    const id = channel?.id as string
    await bot.conversations.archive({ channel: id })
    expect(await refusal(bot.chat.postMessage({ channel: id, text: 'x' }))).toMatchObject({ error: 'is_archived' })
    expect(await refusal(bot.conversations.setTopic({ channel: id, topic: 'x' }))).toMatchObject({
      error: 'is_archived',
    })
    expect(await refusal(bot.conversations.create({ name: 'short-lived' }))).toMatchObject({ error: 'name_taken' })
    await bot.conversations.unarchive({ channel: id })
    expect((await bot.chat.postMessage({ channel: id, text: 'back' })).ok).toBe(true)
  })

  it.each([
    ['', 'invalid_name_required'],
    ['UPPER', 'invalid_name_specials'],
    ['with space', 'invalid_name_specials'],
    ['---', 'invalid_name_punctuation'],
    ['x'.repeat(81), 'invalid_name_maxlength'],
    ['general', 'name_taken'],
  ])('refuses the name %j with %s', async (name, error) => {
    expect(await refusal(bot.conversations.create({ name }))).toMatchObject({ error })
  })

  it('pins, bookmarks and marks', async () => {
    const id = await channelNamed('deploys')
    const { ts } = await bot.chat.postMessage({ channel: id, text: 'keep this' })
    await bot.pins.add({ channel: id, timestamp: ts as string })
    expect(await refusal(bot.pins.add({ channel: id, timestamp: ts as string }))).toMatchObject({
      error: 'already_pinned',
    })
    expect((await bot.pins.list({ channel: id })).items).toMatchObject([
      { type: 'message', message: { pinned_to: [id] } },
    ])
    const { bookmark } = await bot.bookmarks.add({
      channel_id: id,
      title: 'Runbook',
      type: 'link',
      link: 'https://acme.test/run',
    })
    expect(bookmark).toMatchObject({ title: 'Runbook', emoji: '' })
    expect(
      await refusal(bot.bookmarks.add({ channel_id: id, title: 'x', type: 'link', link: 'nowhere' })),
    ).toMatchObject({ error: 'invalid_link' })
    await bot.bookmarks.remove({ channel_id: id, bookmark_id: bookmark?.id as string })
    expect((await bot.bookmarks.list({ channel_id: id })).bookmarks).toEqual([])
  })
})

describe('tokens', () => {
  it('name what is missing before any argument is looked at', async () => {
    const poor = await install('users:read')
    expect(await refusal(poor.client.apiCall('conversations.info'))).toMatchObject({
      error: 'missing_scope',
      needed: 'groups:read,im:read,mpim:read,channels:read',
      provided: 'users:read',
      response_metadata: { scopes: ['users:read'] },
    })
    expect(
      (await poor.client.users.info({ user: await personNamed('ada.byrne@acme.test') })).user?.profile?.email,
    ).toBeUndefined()
  })

  it('refuse a code used twice, and a person who declines', async () => {
    const { app, code } = await install('chat:write')
    const exchange = () =>
      new WebClient(undefined, { slackApiUrl: api, ...quiet }).oauth.v2.access({
        client_id: app.id,
        client_secret: app.secret,
        code,
      })
    expect(await refusal(exchange())).toMatchObject({ error: 'invalid_code' })
    const declined = await fetch(
      `${world.access.slack.url}/oauth/v2/authorize?client_id=${app.id}&scope=chat:write&state=s&deny=1`,
      { redirect: 'manual' },
    )
    expect(declined.headers.get('location')).toBe('http://localhost:9999/back?state=s&error=access_denied')
  })

  it('rotate', async () => {
    const { app, answer } = await install('chat:write', true)
    expect(answer).toMatchObject({ access_token: expect.stringMatching(/^xoxe\.xoxb-1-/), expires_in: 43_200 })
    world.universe.clock.advance(43_201_000)
    const expired = new WebClient(answer.access_token as string, { slackApiUrl: api, ...quiet })
    expect(await refusal(expired.auth.test())).toMatchObject({ error: 'token_expired' })
    const refresh = () =>
      new WebClient(undefined, { slackApiUrl: api, ...quiet }).oauth.v2.access({
        client_id: app.id,
        client_secret: app.secret,
        grant_type: 'refresh_token',
        refresh_token: answer.refresh_token as string,
      })
    const fresh = await refresh()
    expect((await new WebClient(fresh.access_token, { slackApiUrl: api, ...quiet }).auth.test()).ok).toBe(true)
    expect(await refusal(refresh())).toMatchObject({ error: 'invalid_refresh_token' })
  })
})

/** Registers an app from a manifest and installs it, as its owner would. */
async function install(scope: string, rotate = false) {
  const configuration = new WebClient(world.access.slack.configurationToken as string, { slackApiUrl: api, ...quiet })
  const manifest = {
    display_information: { name: 'Tester' },
    features: { bot_user: { display_name: 'tester' } },
    oauth_config: { redirect_urls: ['http://localhost:9999/back'], scopes: { bot: scope.split(',') } },
    settings: { token_rotation_enabled: rotate },
  }
  const created = (await configuration.apiCall('apps.manifest.create', {
    manifest: JSON.stringify(manifest),
  })) as unknown as {
    credentials: { client_id: string; client_secret: string }
  }
  const app = { id: created.credentials.client_id, secret: created.credentials.client_secret }
  const consent = await fetch(
    `${world.access.slack.url}/oauth/v2/authorize?client_id=${app.id}&scope=${scope}&state=s`,
    { redirect: 'manual' },
  )
  const code = new URL(consent.headers.get('location') as string).searchParams.get('code') as string
  const answer = await new WebClient(undefined, { slackApiUrl: api, ...quiet }).oauth.v2.access({
    client_id: app.id,
    client_secret: app.secret,
    code,
  })
  return { app, code, answer, client: new WebClient(answer.access_token, { slackApiUrl: api, ...quiet }) }
}

describe('streams', () => {
  it('start, grow and stop as one message', async () => {
    const channel = await channelNamed('anvils')
    const parent = await bot.chat.postMessage({ channel, text: 'question' })
    const who = {
      recipient_user_id: await personNamed('farid.gul@acme.test'),
      recipient_team_id: world.access.slack.teamId as string,
    }
    expect(await refusal(bot.apiCall('chat.startStream', { channel, thread_ts: parent.ts }))).toMatchObject({
      error: 'missing_recipient_user_id',
    })
    const stream = bot.chatStream({ channel, thread_ts: parent.ts as string, ...who, buffer_size: 1 })
    await stream.append({ markdown_text: 'Hello ' })
    await stream.append({ markdown_text: '**world**' })
    await stream.stop()
    const { messages } = await bot.conversations.replies({ channel, ts: parent.ts as string })
    expect(messages?.at(-1)).toMatchObject({ text: 'Hello *world*', streaming_state: 'completed' })
    expect(
      await refusal(bot.apiCall('chat.appendStream', { channel, ts: messages?.at(-1)?.ts, markdown_text: 'x' })),
    ).toMatchObject({ error: 'message_not_in_streaming_state' })
  })
})

describe('people', () => {
  it('set a status that clears itself', async () => {
    const now = Math.floor(world.universe.clock.now() / 1000)
    await user.users.profile.set({
      profile: { status_text: 'Lunch', status_emoji: ':taco:', status_expiration: now + 600 },
    })
    expect((await user.users.profile.get({})).profile).toMatchObject({ status_text: 'Lunch' })
    world.universe.clock.advance(601_000)
    expect((await user.users.profile.get({})).profile).toMatchObject({ status_text: '', status_expiration: 0 })
  })

  it('are reminded by Slackbot', async () => {
    const { reminder } = await user.reminders.add({ text: 'water the plants', time: 'in 5 minutes' })
    expect(reminder).toMatchObject({ recurring: false, complete_ts: 0 })
    world.universe.clock.advance(301_000)
    const { channel } = await user.conversations.open({ users: 'USLACKBOT' })
    const { messages } = await user.conversations.history({ channel: channel?.id as string })
    expect(messages?.[0]).toMatchObject({ user: 'USLACKBOT', text: 'Reminder: water the plants.' })
    expect(await refusal(user.reminders.add({ text: 'x', time: 'whenever' }))).toMatchObject({ error: 'cannot_parse' })
  })
})

describe('canvases', () => {
  it('are edited one section at a time', async () => {
    const { canvas_id: id } = await user.canvases.create({
      title: 'Plan',
      document_content: { type: 'markdown', markdown: '# Plan\n\nFirst\n\nSecond' },
    })
    const lookup = await user.canvases.sections.lookup({
      canvas_id: id as string,
      criteria: { contains_text: 'first' },
    })
    expect(lookup.sections).toHaveLength(1)
    const section = lookup.sections?.[0]?.id as string
    await user.canvases.edit({
      canvas_id: id as string,
      changes: [
        { operation: 'replace', section_id: section, document_content: { type: 'markdown', markdown: 'Third' } },
      ],
    })
    const after = await user.canvases.sections.lookup({ canvas_id: id as string, criteria: { contains_text: 'first' } })
    expect(after.sections).toEqual([])
  })
})

describe('a large channel', () => {
  it('reads a page without reading the channel', async () => {
    const { channel } = await bot.conversations.create({ name: 'busy' })
    const id = channel?.id as string
    world.multiverse.moment(world.universe, 'slack', (moment) => {
      for (let i = 0; i < 20_000; i++) {
        const ts = `${1_500_000_000 + i}.000009`
        ;(moment.tables.messages as unknown as { insert(row: object): void }).insert({
          channel: id,
          ts,
          text: `m${i}`,
          user: 'U0X',
          reactions: [],
        })
      }
    })
    const time = async (where: string) => {
      const start = performance.now()
      for (let i = 0; i < 20; i++)
        await bot.conversations.history({ channel: where, limit: 100, latest: '1500010000.000000' })
      return performance.now() - start
    }
    const few = await bot.conversations.create({ name: 'calm' })
    for (let i = 0; i < 3; i++) await time(id)
    const { messages, has_more } = await bot.conversations.history({
      channel: id,
      limit: 100,
      latest: '1500010000.000000',
    })
    expect(messages?.[0]?.text).toBe('m9999')
    expect(has_more).toBe(true)
    // The bound is generous: reading all rows would cost hundreds of milliseconds a page.
    expect(await time(id)).toBeLessThan((await time(few.channel?.id as string)) + 1000)
  })
})

describe('lists', () => {
  it('hold rows of typed cells', async () => {
    const schema = [
      { key: 'name', name: 'Name', type: 'text', is_primary_column: true },
      { key: 'state', name: 'State', type: 'select', options: { choices: [{ value: 'open', label: 'Open' }] } },
    ]
    const created = await user.slackLists.create({ name: 'Orders', schema: schema as never })
    const list_id = created.list_id as string
    const [, state] = (created.list_metadata as { schema: { id: string }[] }).schema
    const item = (await user.apiCall('slackLists.items.create', {
      list_id,
      initial_fields: [{ column_id: state?.id, select: ['open'] }],
    })) as unknown as { item: { id: string; fields: object[] } }
    expect(item.item.fields).toMatchObject([{ key: 'state', select: ['open'], value: 'open' }])
    expect(
      await refusal(
        user.apiCall('slackLists.items.create', {
          list_id,
          initial_fields: [{ column_id: state?.id, select: ['shut'] }],
        }),
      ),
    ).toMatchObject({ error: 'invalid_option_id' })
    expect((await user.apiCall('slackLists.items.list', { list_id })) as unknown).toMatchObject({
      items: [{ id: item.item.id }],
    })
    expect(await refusal(bot.apiCall('slackLists.items.list', { list_id }))).toMatchObject({ error: 'list_not_found' })
  })
})

describe('datastores', () => {
  it('answer queries', async () => {
    for (const [id, size] of [
      ['a', 1],
      ['b', 5],
    ])
      await bot.apiCall('apps.datastore.put', { datastore: 'anvils', item: { id, size } })
    const query = {
      datastore: 'anvils',
      expression: '#s > :min',
      expression_attributes: { '#s': 'size' },
      expression_values: { ':min': 2 },
    }
    expect(await bot.apiCall('apps.datastore.query', query)).toMatchObject({ items: [{ id: 'b', size: 5 }] })
  })
})

describe('limits', () => {
  it('answer 429 with a time to wait, when they are enforced', async () => {
    world.universe.limits.plan = { enforce: true }
    const status: number[] = []
    for (let i = 0; i < 25; i++) status.push((await world.fetch('slack', '/api/conversations.list')).status)
    const last = await world.fetch('slack', '/api/conversations.list')
    world.universe.limits.plan = { enforce: false }
    expect(status.filter((one) => one === 200).length).toBeGreaterThanOrEqual(20)
    expect(last.status).toBe(429)
    expect(Number(last.headers.get('retry-after'))).toBeGreaterThan(0)
    expect(await last.json()).toEqual({ ok: false, error: 'ratelimited' })
  })
})

describe('updates', () => {
  it('drop blocks for text, keep attachments, and refuse other authors', async () => {
    const channel = await channelNamed('anvils')
    const blocks = [{ type: 'section', text: { type: 'mrkdwn', text: 'old' } }] as never
    const { ts } = await bot.chat.postMessage({
      channel,
      text: 'old',
      blocks,
      attachments: [{ text: 'stays', color: '#ff0000' }],
    })
    const changed = await bot.chat.update({ channel, ts: ts as string, text: 'new' })
    expect(changed.message).toMatchObject({
      text: 'new',
      blocks: [{ type: 'rich_text' }],
      attachments: [{ id: 1, text: 'stays', color: 'ff0000', fallback: 'stays' }],
    })
    expect(
      await refusal(user.chat.update({ channel: await channelNamed('general'), ts: ts as string, text: 'x' })),
    ).toMatchObject({ error: 'message_not_found' })
    const { messages } = await bot.conversations.history({ channel })
    const other = messages?.find((message) => message.user && !message.bot_id && !message.subtype)
    expect(await refusal(bot.chat.update({ channel, ts: other?.ts as string, text: 'x' }))).toMatchObject({
      error: 'cant_update_message',
    })
  })
})
