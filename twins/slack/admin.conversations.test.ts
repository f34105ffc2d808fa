import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Answer, type Client, openWorkspace, type Workspace } from './testing.ts'

let workspace: Workspace
let admin: Client
let bot: Client
let team_id: string
let other: string
let omar: string

beforeAll(async () => {
  workspace = await openWorkspace({ fixture: 'grid' })
  ;({ bot, user: admin } = workspace)
  team_id = workspace.access.teamId
  const { teams } = await admin.ok('admin.teams.list')
  other = teams.find((team: Answer) => team.id !== team_id).id
  omar = (await bot.ok('users.lookupByEmail', { email: 'omar.reyes@grid.test' })).user.id
})
afterAll(() => workspace.close())

const made = async (name: string, is_private = false): Promise<string> =>
  (await admin.ok('admin.conversations.create', { name, is_private, team_id })).channel_id
const info = async (channel: string): Promise<Answer> => (await admin.ok('conversations.info', { channel })).channel

describe('administrators', () => {
  it('make, rename, archive, convert and delete channels', async () => {
    const channel_id = await made('plans')
    await admin.ok('admin.conversations.rename', { channel_id, name: 'big-plans' })
    expect(await info(channel_id)).toMatchObject({ name: 'big-plans', previous_names: ['plans'] })
    await admin.ok('admin.conversations.archive', { channel_id })
    expect(await admin.error('admin.conversations.archive', { channel_id })).toBe('already_archived')
    await admin.ok('admin.conversations.unarchive', { channel_id })
    expect(await admin.error('admin.conversations.unarchive', { channel_id })).toBe('channel_not_archived')
    await admin.ok('admin.conversations.convertToPrivate', { channel_id })
    expect(await info(channel_id)).toMatchObject({ is_private: true })
    await admin.ok('admin.conversations.convertToPublic', { channel_id })
    expect(await admin.error('admin.conversations.convertToPublic', { channel_id })).toBe('channel_not_private')
    await admin.ok('admin.conversations.delete', { channel_id })
    expect(await admin.error('admin.conversations.delete', { channel_id })).toBe('channel_not_found')
    expect(await bot.error('admin.conversations.archive', { channel_id })).toBe('not_allowed_token_type')
  })

  it('invite people, and find channels', async () => {
    const channel_id = await made('finders', true)
    await admin.ok('admin.conversations.invite', { channel_id, user_ids: [omar] })
    expect((await admin.ok('conversations.members', { channel: channel_id })).members).toContain(omar)
    const found = await admin.ok('admin.conversations.search', { query: 'finders', search_channel_types: ['private'] })
    expect(found).toMatchObject({
      total_count: 1,
      next_cursor: '',
      conversations: [{ id: channel_id, member_count: 2 }],
    })
    const soon = Math.floor(workspace.world.universe.clock.now() / 1000) + 60
    const quiet = { team_ids: team_id, last_message_activity_before: soon }
    expect((await admin.ok('admin.conversations.lookup', quiet)).channel_ids).toContain(channel_id)
    const long = { ...quiet, last_message_activity_before: 1 }
    expect((await admin.ok('admin.conversations.lookup', long)).channel_ids).not.toContain(channel_id)
    expect(await admin.error('admin.conversations.invite', { channel_id, user_ids: 'U0NOBODY00' })).toBe(
      'user_not_found',
    )
  })

  it('set preferences, retention and workspaces', async () => {
    const channel_id = await made('settings')
    const who_can_post = { type: ['admin'], user: [omar] }
    await admin.ok('admin.conversations.setConversationPrefs', { channel_id, prefs: { who_can_post } })
    const { prefs } = await admin.ok('admin.conversations.getConversationPrefs', { channel_id })
    expect(prefs).toMatchObject({ who_can_post, can_thread: { type: ['everyone'] } })
    await admin.ok('admin.conversations.setCustomRetention', { channel_id, duration_days: 30 })
    expect(await admin.ok('admin.conversations.getCustomRetention', { channel_id })).toMatchObject({
      is_policy_enabled: true,
      duration_days: 30,
    })
    await admin.ok('admin.conversations.removeCustomRetention', { channel_id })
    expect(await admin.ok('admin.conversations.getCustomRetention', { channel_id })).toMatchObject({
      is_policy_enabled: false,
    })
    const forever = { channel_id, duration_days: 40_000 }
    expect(await admin.error('admin.conversations.setCustomRetention', forever)).toBe('invalid_duration')
    await admin.ok('admin.conversations.setTeams', { channel_id, team_id, target_team_ids: [team_id, other] })
    expect((await admin.ok('admin.conversations.getTeams', { channel_id })).team_ids).toEqual([team_id, other])
    const nowhere = { channel_id, target_team_ids: ['T0NOTHING0'] }
    expect(await admin.error('admin.conversations.setTeams', nowhere)).toBe('team_not_found')
  })

  it('restrict a channel to groups', async () => {
    const channel_id = await made('restricted', true)
    const group_id = (await bot.ok('usergroups.create', { name: 'Trusted' })).usergroup.id
    const access = { channel_id, group_id, team_id }
    await admin.ok('admin.conversations.restrictAccess.addGroup', access)
    expect((await admin.ok('admin.conversations.restrictAccess.listGroups', { channel_id })).group_ids).toEqual([
      group_id,
    ])
    await admin.ok('admin.conversations.restrictAccess.removeGroup', access)
    expect(await admin.error('admin.conversations.restrictAccess.removeGroup', access)).toBe('group_not_found')
    const unknown = { ...access, group_id: 'S0NOTHING0' }
    expect(await admin.error('admin.conversations.restrictAccess.addGroup', unknown)).toBe('group_not_found')
  })

  it('change many channels at once', async () => {
    const channel_ids = [await made('bulk-1'), await made('bulk-2')]
    const both = { channel_ids: channel_ids.join(',') }
    expect((await admin.ok('admin.conversations.bulkMove', { ...both, target_team_id: other })).bulk_action_id).toMatch(
      /^\d+$/,
    )
    expect((await admin.ok('admin.conversations.getTeams', { channel_id: channel_ids[0] })).team_ids).toEqual([other])
    await admin.ok('admin.conversations.bulkArchive', both)
    expect(await info(channel_ids[1] as string)).toMatchObject({ is_archived: true })
    const mixed = { channel_ids: [...channel_ids, 'C0NOWHERE0'], exclude: true }
    expect(await admin.ok('admin.conversations.bulkSetExcludeFromSlackAi', mixed)).toMatchObject({
      not_added: [{ channel_id: 'C0NOWHERE0', errors: ['invalid_channel'] }],
    })
    const property = (value: object) => ({ ...both, property: JSON.stringify(value) })
    expect(
      await admin.ok('admin.conversations.bulkSetProperties', property({ exclude_from_slack_ai: false })),
    ).toMatchObject({ not_updated: [] })
    const wrong: readonly [object, string][] = [
      [property({ topic: 'x' }), 'property_not_allowed'],
      [property({ exclude_from_slack_ai: true, topic: 'x' }), 'too_many_properties'],
      [{ ...both, property: 'not json' }, 'invalid_arguments'],
      [{ ...property({ exclude_from_slack_ai: true }), channel_ids: 'C0NOWHERE0' }, 'no_valid_channels'],
    ]
    for (const [args, error] of wrong)
      expect(await admin.error('admin.conversations.bulkSetProperties', args)).toBe(error)
    await admin.ok('admin.conversations.bulkDelete', both)
    expect(await admin.error('admin.conversations.archive', { channel_id: channel_ids[0] })).toBe('channel_not_found')
  })

  it('tie channels to records of Salesforce', async () => {
    const record = { object_id: '0019000000DmehKAAR', salesforce_org_id: '00DGC00000024hsuWY' }
    const { channel_id } = await admin.ok('admin.conversations.createForObjects', record)
    expect(await admin.error('admin.conversations.createForObjects', record)).toBe('channel_already_exists')
    expect(await admin.error('admin.conversations.createForObjects', { ...record, object_id: 'short' })).toBe(
      'record_not_found',
    )
    const elsewhere = { ...record, object_id: '001900000000001', salesforce_org_id: 'nowhere' }
    expect(await admin.error('admin.conversations.createForObjects', elsewhere)).toBe('invalid_org_id')
    const channel = await made('customer')
    const link = { channel, record_id: '0019000000DmehK', salesforce_org_id: record.salesforce_org_id }
    expect(await admin.error('admin.conversations.linkObjects', link)).toBe('record_channel_already_exists')
    await admin.ok('admin.conversations.unlinkObjects', { channel: channel_id, new_name: 'former-record' })
    expect(await info(channel_id)).toMatchObject({ name: 'former-record' })
    await admin.ok('admin.conversations.linkObjects', link)
    expect(await admin.error('admin.conversations.unlinkObjects', { channel, new_name: 'Loud Name' })).toBe(
      'invalid_name_specials',
    )
  })

  it('read statistics of messages', async () => {
    const { channel } = await bot.ok('conversations.create', { name: 'measured' })
    const where = { channel: channel.id }
    const { ts } = await bot.ok('chat.postMessage', { ...where, text: 'count me' })
    await bot.ok('reactions.add', { ...where, timestamp: ts, name: 'eyes' })
    workspace.world.universe.clock.advance(2000)
    const { messages } = await admin.ok('admin.analytics.messages.metadata', { ...where, oldest_ts: ts })
    expect(messages).toEqual([
      expect.objectContaining({ ts, text_character_count: 8, reactions: [{ name: 'eyes', count: 1 }], files: [] }),
    ])
    const activity = await admin.ok('admin.analytics.messages.activity', { ...where, limit: 1 })
    expect(activity.message_activities).toHaveLength(1)
    expect(activity.response_metadata.next_cursor).not.toBe('')
    const one = await admin.ok('admin.analytics.messages.activity', { ...where, oldest_ts: ts })
    expect(one.message_activities).toMatchObject([
      { timestamp: ts, unique_user_reactions_count: 1, unique_stats_by_org: [{ team_id, reactions: 1 }] },
    ])
    expect(await admin.error('admin.analytics.messages.activity', { ...where, oldest_ts: 'x' })).toBe(
      'invalid_arguments',
    )
    expect(await admin.error('admin.analytics.messages.metadata', { channel: 'C0NOWHERE0' })).toBe('channel_not_found')
  })
})
