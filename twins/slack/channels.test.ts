import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Client, openWorkspace, type Workspace } from './testing.ts'

let workspace: Workspace
let bot: Client
let user: Client
let farid: string

const id = async (email: string): Promise<string> => (await bot.ok('users.lookupByEmail', { email })).user.id
const channelNamed = async (name: string): Promise<string> => {
  const { channels } = await user.ok('conversations.list', { limit: 200 })
  return channels.find((channel: { name: string }) => channel.name === name).id
}

beforeAll(async () => {
  workspace = await openWorkspace({ fixture: 'acme' })
  ;({ bot, user } = workspace)
  farid = await id('farid.gul@acme.test')
})
afterAll(() => workspace.close())

describe('coming and going', () => {
  it('joins public channels, once', async () => {
    const channel = await channelNamed('sales')
    const listener = await workspace.listen()
    expect((await bot.ok('conversations.join', { channel })).channel).toMatchObject({ id: channel, is_member: true })
    await listener.heard({ type: 'member_joined_channel', channel, user: workspace.access.botUserId })
    expect(await bot.ok('conversations.join', { channel })).toMatchObject({ warning: 'already_in_channel' })
    const mine = async () => (await bot.ok('users.conversations')).channels.map((one: { id: string }) => one.id)
    expect(await mine()).toContain(channel)
    await bot.ok('conversations.leave', { channel })
    expect(await mine()).not.toContain(channel)
    expect(await bot.ok('conversations.leave', { channel })).toMatchObject({ not_in_channel: true })
    expect(await user.error('conversations.leave', { channel: await channelNamed('general') })).toBe(
      'cant_leave_general',
    )
    expect(await bot.error('conversations.join', { channel: 'C0NOWHERE0' })).toBe('channel_not_found')
    expect(await bot.error('conversations.join', { channel: await channelNamed('old-website') })).toBe('is_archived')
    listener.close()
  })

  it('removes others, not oneself', async () => {
    const { channel } = await bot.ok('conversations.create', { name: 'club' })
    await bot.ok('conversations.invite', { channel: channel.id, users: farid })
    await bot.ok('conversations.kick', { channel: channel.id, user: farid })
    expect(await bot.error('conversations.kick', { channel: channel.id, user: farid })).toBe('not_in_channel')
    const { botUserId } = workspace.access
    expect(await bot.error('conversations.kick', { channel: channel.id, user: botUserId })).toBe('cant_kick_self')
    expect((await bot.ok('conversations.members', { channel: channel.id })).members).toEqual([botUserId])
  })

  it('opens and closes conversations with people', async () => {
    const { channel } = await bot.ok('conversations.open', { users: farid, return_im: true })
    expect(channel).toMatchObject({ is_im: true, user: farid })
    expect(await bot.ok('conversations.open', { users: farid })).toMatchObject({ no_op: true, already_open: true })
    await bot.ok('conversations.close', { channel: channel.id })
    expect(await bot.ok('conversations.close', { channel: channel.id })).toMatchObject({
      no_op: true,
      already_closed: true,
    })
    const many = [farid, await id('ada.byrne@acme.test')].join(',')
    const group = (await bot.ok('conversations.open', { users: many, return_im: true })).channel
    expect(group).toMatchObject({ is_mpim: true, name: expect.stringMatching(/^mpdm-/) })
    const club = await channelNamed('sales')
    expect(await user.error('conversations.close', { channel: club })).toBe('method_not_supported_for_channel_type')
  })
})

describe('what a channel is called, is for, and was read up to', () => {
  it('is renamed by those who made it', async () => {
    const { channel } = await bot.ok('conversations.create', { name: 'first-name' })
    const renamed = await bot.ok('conversations.rename', { channel: channel.id, name: 'second-name' })
    expect(renamed.channel).toMatchObject({ name: 'second-name', previous_names: ['first-name'] })
    expect(await bot.error('conversations.rename', { channel: channel.id, name: 'Third Name' })).toBe(
      'invalid_name_specials',
    )
    expect(await bot.error('conversations.rename', { channel: channel.id, name: 'general' })).toBe('name_taken')
    const { messages } = await bot.ok('conversations.history', { channel: channel.id })
    expect(messages[0]).toMatchObject({ subtype: 'channel_name', old_name: 'first-name', name: 'second-name' })
  })

  it('has a purpose and a topic of at most 250 characters', async () => {
    const { channel } = await bot.ok('conversations.create', { name: 'purposeful' })
    const set = (purpose: string) => ({ channel: channel.id, purpose })
    await bot.ok('conversations.setPurpose', set('R&D <here>'))
    expect((await bot.ok('conversations.info', { channel: channel.id })).channel.purpose).toMatchObject({
      value: 'R&amp;D &lt;here&gt;',
      creator: workspace.access.botUserId,
    })
    expect(await bot.error('conversations.setPurpose', set('x'.repeat(251)))).toBe('too_long')
    const { channel: changed } = await bot.ok('conversations.setTopic', { channel: channel.id, topic: 'Iron & coal' })
    expect(changed.topic).toMatchObject({ value: 'Iron &amp; coal' })
    expect(await bot.error('conversations.setTopic', { channel: channel.id, topic: 'x'.repeat(251) })).toBe('too_long')
  })

  it('remembers what its members have read', async () => {
    const channel = await channelNamed('anvils')
    const { ts } = await bot.ok('chat.postMessage', { channel, text: 'read me' })
    await bot.ok('conversations.mark', { channel, ts })
    expect((await bot.ok('conversations.info', { channel })).channel.last_read).toBe(ts)
    expect(await bot.error('conversations.mark', { channel, ts: 'now' })).toBe('invalid_timestamp')
    expect(await bot.error('conversations.mark', { channel: await channelNamed('sales'), ts })).toBe('not_in_channel')
  })

  it('has one canvas', async () => {
    const { channel } = await bot.ok('conversations.create', { name: 'drawn' })
    const document_content = { type: 'markdown', markdown: '# Plan' }
    const { canvas_id } = await bot.ok('conversations.canvases.create', { channel_id: channel.id, document_content })
    expect(canvas_id).toMatch(/^F/)
    expect(await bot.error('conversations.canvases.create', { channel_id: channel.id })).toBe(
      'channel_canvas_already_exists',
    )
    const { properties } = (await bot.ok('conversations.info', { channel: channel.id })).channel
    expect(properties.canvas).toMatchObject({ file_id: canvas_id })
  })
})

describe('user groups', () => {
  it('have names, handles and members of their own', async () => {
    const listener = await workspace.listen()
    const { usergroup } = await bot.ok('usergroups.create', { name: 'Smiths', handle: 'smiths' })
    const group = { usergroup: usergroup.id }
    const changed = await bot.ok('usergroups.update', { ...group, description: 'Who forges', include_count: true })
    expect(changed.usergroup).toMatchObject({ description: 'Who forges', user_count: 0 })
    expect(await bot.error('usergroups.update', { ...group, handle: 'general' })).toBe('handle_already_exists')
    expect(await bot.error('usergroups.update', { ...group, description: 'x'.repeat(141) })).toBe(
      'description_too_long',
    )
    await bot.ok('usergroups.users.update', { ...group, users: farid })
    expect((await bot.ok('usergroups.users.list', group)).users).toEqual([farid])
    await listener.heard({ type: 'subteam_members_changed', subteam_id: usergroup.id, added_users: [farid] })
    expect(await bot.error('usergroups.users.update', { ...group, users: 'U0NOBODY00' })).toBe('invalid_users')
    expect(await bot.error('usergroups.users.update', { ...group, users: '' })).toBe('no_users_provided')
    expect((await bot.ok('usergroups.disable', group)).usergroup.date_delete).toBeGreaterThan(0)
    const shown = async (args: object) =>
      (await bot.ok('usergroups.list', args)).usergroups.some((one: { id: string }) => one.id === usergroup.id)
    expect([await shown({}), await shown({ include_disabled: true })]).toEqual([false, true])
    expect((await bot.ok('usergroups.enable', group)).usergroup.date_delete).toBe(0)
    expect(await bot.error('usergroups.users.list', { usergroup: 'S0NOTHING0' })).toBe('no_such_subteam')
    listener.close()
  })
})

describe('bookmarks', () => {
  it('are edited where they are', async () => {
    const channel_id = await channelNamed('deploys')
    const link = { title: 'Runbook', type: 'link', link: 'https://acme.test/run' }
    const { bookmark } = await bot.ok('bookmarks.add', { channel_id, ...link })
    const named = { channel_id, bookmark_id: bookmark.id }
    const edited = await bot.ok('bookmarks.edit', { ...named, title: 'Runbooks', emoji: ':book:' })
    expect(edited.bookmark).toMatchObject({ id: bookmark.id, title: 'Runbooks', link: link.link, emoji: ':book:' })
    expect(await bot.error('bookmarks.edit', { ...named, link: 'nowhere' })).toBe('invalid_link')
    expect(await bot.error('bookmarks.edit', { ...named, bookmark_id: 'Bk0NOTHING' })).toBe('not_found')
  })
})
