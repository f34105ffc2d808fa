import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Client, openWorkspace, type Workspace } from './testing.ts'

let workspace: Workspace
let bot: Client
let user: Client
let channel: string

beforeAll(async () => {
  workspace = await openWorkspace({ fixture: 'acme' })
  ;({ bot, user } = workspace)
  channel = (await bot.ok('conversations.create', { name: 'talk' })).channel.id
  await bot.ok('conversations.invite', { channel, users: (await user.ok('auth.test')).user_id })
})
afterAll(() => workspace.close())

const say = async (text: string): Promise<string> => (await bot.ok('chat.postMessage', { channel, text })).ts

describe('messages', () => {
  it('have links that last, those of replies naming their thread', async () => {
    const ts = await say('first')
    const reply = (await bot.ok('chat.postMessage', { channel, text: 'second', thread_ts: ts })).ts
    const link = (message_ts: string) => bot.ok('chat.getPermalink', { channel, message_ts })
    const tail = (text: string) => `https://acme.slack.com/archives/${channel}/p${text.replace('.', '')}`
    expect(await link(ts)).toMatchObject({ channel, permalink: tail(ts) })
    expect((await link(reply)).permalink).toBe(`${tail(reply)}?thread_ts=${ts}&cid=${channel}`)
    expect(await bot.error('chat.getPermalink', { channel, message_ts: '1.000001' })).toBe('message_not_found')
  })

  it('may say what somebody does', async () => {
    const { ts } = await bot.ok('chat.meMessage', { channel, text: 'forges' })
    const { messages } = await bot.ok('conversations.history', { channel, limit: 1 })
    expect(messages[0]).toMatchObject({ ts, subtype: 'me_message', text: 'forges' })
    expect(await bot.error('chat.meMessage', { channel })).toBe('no_text')
  })

  it('that were scheduled can be taken back', async () => {
    const post_at = Math.floor(workspace.world.universe.clock.now() / 1000) + 600
    const { scheduled_message_id } = await bot.ok('chat.scheduleMessage', { channel, text: 'later', post_at })
    await bot.ok('chat.deleteScheduledMessage', { channel, scheduled_message_id })
    expect(await bot.error('chat.deleteScheduledMessage', { channel, scheduled_message_id })).toBe(
      'invalid_scheduled_message_id',
    )
    expect((await bot.ok('chat.scheduledMessages.list', { channel })).scheduled_messages).toEqual([])
  })

  it('show previews that apps give to their links, and work objects', async () => {
    const owner = (await user.ok('auth.test')).user_id
    const url = 'https://docs.acme.test/anvil'
    const listener = await workspace.listen()
    const { ts } = workspace.act('postMessage', { user: owner, channel, text: `see ${url}` })
    await listener.heard({ type: 'link_shared', channel, message_ts: ts, links: [{ domain: 'docs.acme.test', url }] })
    await bot.ok('chat.unfurl', { channel, ts, unfurls: JSON.stringify({ [url]: { title: 'Anvil' } }) })
    const { messages } = await bot.ok('conversations.history', { channel, latest: ts, inclusive: true, limit: 1 })
    expect(messages[0].attachments).toMatchObject([{ title: 'Anvil', is_app_unfurl: true, from_url: url, id: 1 }])
    const elsewhere = { channel, ts, unfurls: JSON.stringify({ 'https://other.test': {} }) }
    expect(await bot.error('chat.unfurl', elsewhere)).toBe('cannot_unfurl_url')
    expect(await bot.error('chat.unfurl', { channel, ts })).toBe('missing_unfurls')

    const entity = {
      app_unfurl_url: url,
      url,
      external_ref: { id: '12' },
      entity_type: 'slack#/entities/file',
      entity_payload: {},
    }
    await bot.ok('chat.unfurl', { channel, ts, metadata: JSON.stringify({ entities: [entity] }) })
    const { trigger_id } = workspace.act('openEntity', { user: owner, channel, ts, entity: '12' })
    await listener.heard({ type: 'entity_details_requested', trigger_id, external_ref: { id: '12' }, message_ts: ts })
    const details = { external_ref: { id: '12' }, entity_payload: { attributes: { title: { text: 'Anvil' } } } }
    await bot.ok('entity.presentDetails', { trigger_id, metadata: JSON.stringify(details) })
    expect(workspace.act('entityPane', { user: owner }).entities).toMatchObject([{ entity: '12', details }])
    const other = { trigger_id, metadata: JSON.stringify({ ...details, external_ref: { id: '13' } }) }
    expect(await bot.error('entity.presentDetails', other)).toBe('entity_metadata_does_not_match_trigger')
    expect(await bot.error('entity.presentDetails', { trigger_id })).toBe('invalid_metadata')
    expect(await bot.error('entity.presentDetails', { trigger_id, user_auth_required: true })).toBe(
      'user_auth_url_missing',
    )
    expect(await bot.error('entity.presentDetails', { trigger_id: '1.2.3' })).toBe('invalid_trigger_id')

    const tab = workspace.act('openEntity', { user: owner, channel, ts, entity: '12', comments: true })
    await listener.heard({ type: 'entity_comments_requested', trigger_id: tab.trigger_id })
    const comments = [{ comment_id: 'c1', can_delete: true }]
    const shown = { trigger_id: tab.trigger_id, comments }
    expect(await bot.error('entity.presentComments', shown)).toBe('missing_delete_action_id')
    await bot.ok('entity.presentComments', { ...shown, delete_action_id: 'drop', can_post_comment: true })
    await bot.ok('entity.acknowledgeCommentAction', { trigger_id: tab.trigger_id, comment: { comment_id: 'c1' } })
    expect(await bot.error('entity.acknowledgeCommentAction', { trigger_id: tab.trigger_id, comment: {} })).toBe(
      'missing_comment_data',
    )
    listener.close()
  })
})

describe('what one person alone sees', () => {
  it('is not kept', async () => {
    const owner = (await user.ok('auth.test')).user_id
    const { message_ts } = await bot.ok('chat.postEphemeral', { channel, user: owner, text: 'between us' })
    const { messages } = await bot.ok('conversations.history', { channel })
    expect(messages.map((one: { ts: string }) => one.ts)).not.toContain(message_ts)
    const boris = (await bot.ok('users.lookupByEmail', { email: 'boris.chen@acme.test' })).user.id
    const outside = { channel, user: boris, text: 'x' }
    expect(await bot.error('chat.postEphemeral', outside)).toBe('user_not_in_channel')
    expect(await bot.error('chat.update', { channel, ts: message_ts, text: 'y' })).toBe('message_not_found')
  })
})

describe('reactions, pins and stars', () => {
  it('are given and taken back', async () => {
    const timestamp = await say('react to me')
    const message = { channel, timestamp }
    await bot.ok('reactions.add', { ...message, name: 'tada' })
    await user.ok('reactions.add', { ...message, name: 'tada' })
    const found = await bot.ok('reactions.get', message)
    expect(found).toMatchObject({ type: 'message', message: { reactions: [{ name: 'tada', count: 2 }] } })
    const listed = await bot.ok('reactions.list')
    expect(listed.items).toMatchObject([{ type: 'message', channel, message: { ts: timestamp } }])
    await bot.ok('reactions.remove', { ...message, name: 'tada' })
    expect(await bot.error('reactions.remove', { ...message, name: 'tada' })).toBe('no_reaction')
    expect(await bot.error('reactions.remove', { name: 'tada' })).toBe('no_item_specified')

    await bot.ok('pins.add', message)
    await bot.ok('pins.remove', message)
    expect(await bot.error('pins.remove', message)).toBe('no_pin')

    await user.ok('stars.add', message)
    expect(await user.error('stars.add', message)).toBe('already_starred')
    expect((await user.ok('stars.list')).items).toMatchObject([
      { type: 'message', channel, message: { ts: timestamp } },
    ])
    await user.ok('stars.remove', message)
    expect(await user.error('stars.remove', message)).toBe('not_starred')
    expect(await bot.error('stars.list')).toBe('not_allowed_token_type')
  })
})

describe('searching', () => {
  it('finds messages and files of what the searcher sees', async () => {
    await say('a very rare anvilite')
    const { file_id, upload_url } = await bot.ok('files.getUploadURLExternal', { filename: 'anvilite.txt', length: 3 })
    await fetch(upload_url, { method: 'POST', body: 'abc' })
    await bot.ok('files.completeUploadExternal', { files: [{ id: file_id }], channel_id: channel })
    const all = await user.ok('search.all', { query: 'anvilite' })
    expect(all).toMatchObject({ messages: { total: expect.any(Number) }, files: { total: 1 } })
    expect(all.messages.total).toBeGreaterThan(0)
    expect((await user.ok('search.files', { query: 'anvilite' })).files.matches).toMatchObject([{ id: file_id }])
    expect(await user.error('search.files')).toBe('No query passed')
  })

  it('finds what an agent asks for: messages, files, channels and people', async () => {
    expect(await bot.ok('assistant.search.info')).toMatchObject({ is_ai_search_enabled: false })
    await say('about ferrofluid')
    await bot.ok('conversations.create', { name: 'ferrofluid' })
    const ask = (more: object = {}) => bot.ok('assistant.search.context', { query: 'ferrofluid', ...more })
    const { results } = await ask({ content_types: 'messages,files,channels,users', highlight: true })
    expect(results).toMatchObject({
      messages: [{ channel_id: channel, content: 'about \ue000ferrofluid\ue001', is_author_bot: true }],
      channels: [{ name: 'ferrofluid', is_archived: false }],
      files: [],
      users: [],
    })
    const people = await bot.ok('assistant.search.context', { query: 'boris', content_types: 'users' })
    expect(people.results.users).toMatchObject([{ email: 'boris.chen@acme.test' }])
    await say('more ferrofluid')
    const first = await ask({ limit: 1 })
    expect(first.results.messages).toMatchObject([{ content: 'more ferrofluid' }])
    const second = await ask({ limit: 1, cursor: first.response_metadata.next_cursor })
    expect(second.results.messages).toMatchObject([{ content: 'about ferrofluid' }])
    expect((await ask({ include_bots: false })).results.messages).toEqual([])
    expect(await bot.refusal('assistant.search.context', { query: 'x', channel_types: 'im' })).toMatchObject({
      error: 'missing_scope',
      needed: 'search:read.im',
    })
    expect(await bot.error('assistant.search.context')).toBe('missing_query')
    const elsewhere = { query: 'x', context_channel_id: 'C0NOWHERE0' }
    expect(await bot.error('assistant.search.context', elsewhere)).toBe('context_channel_not_found')
  })
})

describe('calls', () => {
  it('have people who come and go until they end', async () => {
    const start = { external_unique_id: 'meet-1', join_url: 'https://meet.test/1', title: 'Standup' }
    expect(await bot.error('calls.add', start)).toBe('invalid_created_by')
    const created_by = (await user.ok('auth.test')).user_id
    const { call } = await bot.ok('calls.add', { ...start, created_by })
    const { id } = call
    const guest = [{ external_id: 'g1', display_name: 'Guest' }]
    await bot.ok('calls.participants.add', { id, users: guest })
    expect((await bot.ok('calls.info', { id })).call).toMatchObject({ title: 'Standup', users: guest })
    await bot.ok('calls.update', { id, title: 'Retro' })
    await bot.ok('calls.participants.remove', { id, users: guest })
    expect((await bot.ok('calls.info', { id })).call).toMatchObject({ title: 'Retro' })
    await bot.ok('calls.end', { id, duration: 60 })
    expect(await bot.error('calls.end', { id })).toBe('inactive_call')
    expect(await bot.error('calls.info', { id: 'R0NOTHING0' })).toBe('invalid_call_id')
    expect(await bot.error('calls.participants.add', { id, users: guest })).toBe('inactive_call')
  })
})
