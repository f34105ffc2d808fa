import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Answer, type Client, openWorkspace, type Workspace } from './testing.ts'

let workspace: Workspace
let admin: Client
let bot: Client
let team_id: string
let general: string

const OMAR = 'omar.reyes@grid.test'
const userId = async (email: string): Promise<string> => (await bot.ok('users.lookupByEmail', { email })).user.id
const member = async (id: string): Promise<Answer> =>
  (await admin.ok('admin.users.list')).users.find((one: Answer) => one.id === id)

beforeAll(async () => {
  workspace = await openWorkspace({ fixture: 'grid' })
  ;({ bot, user: admin } = workspace)
  team_id = workspace.access.teamId
  const { channels } = await admin.ok('conversations.list')
  general = channels.find((one: Answer) => one.is_general).id
})
afterAll(() => workspace.close())

describe('people of an organisation', () => {
  it('are invited, raised, lowered and removed', async () => {
    await admin.ok('admin.users.invite', {
      team_id,
      email: 'rosa@grid.test',
      channel_ids: general,
      real_name: 'Rosa Unger',
    })
    const user_id = await userId('rosa@grid.test')
    expect(await member(user_id)).toMatchObject({ full_name: 'Rosa Unger', is_active: true, is_admin: false })
    const who = { team_id, user_id }
    await admin.ok('admin.users.setOwner', who)
    expect((await admin.ok('admin.teams.owners.list', { team_id })).owner_ids).toContain(user_id)
    await admin.ok('admin.users.setRegular', who)
    expect(await member(user_id)).toMatchObject({ is_owner: false, is_admin: false })
    await admin.ok('admin.users.remove', who)
    expect(await member(user_id)).toMatchObject({ is_active: false })
    expect(await admin.error('admin.users.setOwner', { team_id, user_id: workspace.access.botUserId })).toBe(
      'user_is_bot',
    )
    expect(await admin.error('admin.users.setRegular', { team_id, user_id: 'U0NOBODY00' })).toBe('user_not_found')
    const owner = (await admin.ok('auth.test')).user_id
    expect(await admin.error('admin.users.remove', { team_id, user_id: owner })).toBe('cannot_remove_primary_owner')
  })

  it('who are guests stay until a day', async () => {
    const guest = { team_id, email: 'guest@elsewhere.test', channel_ids: general, is_restricted: true }
    await admin.ok('admin.users.invite', guest)
    const user_id = await userId('guest@elsewhere.test')
    const expiration_ts = Math.floor(workspace.world.universe.clock.now() / 1000) + 86_400
    await admin.ok('admin.users.setExpiration', { user_id, expiration_ts })
    expect(await admin.ok('admin.users.getExpiration', { user_id })).toMatchObject({ expiration_ts })
    expect(await admin.error('admin.users.setExpiration', { user_id, expiration_ts: 1 })).toBe('invalid_expiration_ts')
    const regular = { user_id: await userId(OMAR), expiration_ts }
    expect(await admin.error('admin.users.setExpiration', regular)).toBe('not_a_guest')
    expect(await admin.error('admin.users.assign', { team_id, user_id })).toBe('user_already_team_member')
    const { teams } = await admin.ok('admin.teams.list')
    const other = teams.find((team: Answer) => team.id !== team_id).id
    await admin.ok('admin.users.assign', { team_id: other, user_id, channel_ids: general })
  })

  it('are signed out, one session or all', async () => {
    const user_id = await userId(OMAR)
    const open = (device: string): string => workspace.act('openSession', { user: OMAR, device }).session_id
    const first = open('web')
    open('mobile')
    const sessions = async (): Promise<Answer[]> =>
      (await admin.ok('admin.users.session.list', { user_id })).active_sessions
    expect((await sessions()).map((one) => one.recent.device_hardware).toSorted()).toEqual(['mobile', 'web'])
    await admin.ok('admin.users.session.invalidate', { team_id, user_id, session_id: Number(first) })
    const again = { team_id, user_id, session_id: Number(first) }
    expect(await admin.error('admin.users.session.invalidate', again)).toBe('session_not_found')
    await admin.ok('admin.users.session.reset', { user_id, web_only: true })
    expect(await sessions()).toHaveLength(1)
    await admin.ok('admin.users.session.resetBulk', { user_ids: [user_id] })
    expect(await sessions()).toEqual([])
    expect(await admin.error('admin.users.session.reset', { user_id: workspace.access.botUserId })).toBe('user_is_bot')
  })

  it('have rules for their sessions', async () => {
    const user_ids = [await userId(OMAR)]
    await admin.ok('admin.users.session.setSettings', { user_ids, duration: 3600, desktop_app_browser_quit: true })
    expect(await admin.ok('admin.users.session.getSettings', { user_ids })).toMatchObject({
      session_settings: [{ user_id: user_ids[0], duration: 3600, desktop_app_browser_quit: true }],
      no_settings_applied: [],
    })
    await admin.ok('admin.users.session.clearSettings', { user_ids })
    expect(await admin.ok('admin.users.session.getSettings', { user_ids })).toMatchObject({
      no_settings_applied: user_ids,
    })
    await admin.ok('admin.users.unsupportedVersions.export')
    const { channel } = await admin.ok('conversations.open', { users: 'USLACKBOT' })
    const { messages } = await admin.ok('conversations.history', { channel: channel.id, limit: 1 })
    expect(messages[0].files).toMatchObject([{ name: 'unsupported-versions.csv', filetype: 'csv' }])
  })

  it('are asked for by members', async () => {
    const ask = (email: string): string => workspace.act('requestInvite', { user: OMAR, email }).invite_request_id
    const [yes, no] = [ask('yes@elsewhere.test'), ask('no@elsewhere.test')]
    expect((await admin.ok('admin.inviteRequests.list', { team_id })).invite_requests).toHaveLength(2)
    await admin.ok('admin.inviteRequests.approve', { team_id, invite_request_id: yes })
    await admin.ok('admin.inviteRequests.deny', { team_id, invite_request_id: no })
    const listed = async (name: string, key: string) => (await admin.ok(name, { team_id }))[key]
    expect(await listed('admin.inviteRequests.approved.list', 'approved_requests')).toMatchObject([{ id: yes }])
    expect(await listed('admin.inviteRequests.denied.list', 'denied_requests')).toMatchObject([{ id: no }])
    const known = { team_id, invite_request_id: no }
    expect(await admin.error('admin.inviteRequests.approve', known)).toBe('invite_request_already_resolved')
    expect(await admin.error('admin.inviteRequests.deny', { invite_request_id: 'I0' })).toBe('invite_request_not_found')
  })

  it('have roles and ways to sign in', async () => {
    const user = await userId(OMAR)
    const role = { role_id: 'Rl0A', entity_ids: [team_id], user_ids: [user] }
    await admin.ok('admin.roles.addAssignments', role)
    const { role_assignments } = await admin.ok('admin.roles.listAssignments', { role_ids: ['Rl0A'] })
    expect(role_assignments).toMatchObject([{ role_id: 'Rl0A', entity_id: team_id, user_id: user }])
    await admin.ok('admin.roles.removeAssignments', role)
    expect((await admin.ok('admin.roles.listAssignments')).role_assignments).toEqual([])
    const policy = { policy_name: 'email_password', entity_type: 'USER', entity_ids: [user] }
    expect(await admin.ok('admin.auth.policy.assignEntities', policy)).toMatchObject({ entity_total_count: 1 })
    const { policy_name } = policy
    expect((await admin.ok('admin.auth.policy.getEntities', { policy_name })).entities).toMatchObject([
      { entity_id: user },
    ])
    expect(await admin.ok('admin.auth.policy.removeEntities', policy)).toMatchObject({ entity_total_count: 0 })
    const stranger = { ...policy, entity_ids: ['U0NOBODY00'] }
    expect(await admin.error('admin.auth.policy.assignEntities', stranger)).toBe('user_not_found')
  })

  it('keep their ids', async () => {
    const user = await userId(OMAR)
    const moved = await admin.ok('migration.exchange', { users: [user, 'U0NOBODY00'] })
    expect(moved).toMatchObject({ user_id_map: { [user]: user }, invalid_user_ids: ['U0NOBODY00'] })
  })
})

describe('workspaces of an organisation', () => {
  it('are made and described', async () => {
    const { team } = await admin.ok('admin.teams.create', { team_domain: 'grid-three', team_name: 'Grid Three' })
    expect(await admin.error('admin.teams.create', { team_domain: 'grid-three', team_name: 'x' })).toBe(
      'team_domain_taken',
    )
    const set = (what: string, args: object) => admin.ok(`admin.teams.settings.${what}`, { team_id: team, ...args })
    await set('setName', { name: 'Grid 3' })
    await set('setDescription', { description: 'The third' })
    await set('setDiscoverability', { discoverability: 'closed' })
    await set('setIcon', { image_url: 'https://acme.test/icon.png' })
    await set('setDefaultChannels', { channel_ids: general })
    expect((await admin.ok('admin.teams.settings.info', { team_id: team })).team).toMatchObject({
      name: 'Grid 3',
      description: 'The third',
      default_channels: [general],
    })
    const listed = (await admin.ok('admin.teams.list')).teams.find((one: Answer) => one.id === team)
    expect(listed).toMatchObject({ name: 'Grid 3', discoverability: 'closed' })
    expect(await admin.error('admin.teams.settings.setIcon', { team_id: team, image_url: 'x' })).toBe(
      'invalid_image_url',
    )
    expect(await admin.error('admin.teams.settings.info', { team_id: 'T0NOTHING0' })).toBe('team_not_found')
  })

  it('share emoji', async () => {
    const listener = await workspace.listen()
    await admin.ok('admin.emoji.add', { name: 'anvil', url: 'https://emoji.test/anvil.png' })
    await listener.heard({ type: 'emoji_changed', subtype: 'add', name: 'anvil' })
    await admin.ok('admin.emoji.addAlias', { name: 'heavy', alias_for: 'anvil' })
    await admin.ok('admin.emoji.rename', { name: 'heavy', new_name: 'weight' })
    const { emoji } = await admin.ok('admin.emoji.list')
    expect(emoji).toMatchObject({ anvil: { url: 'https://emoji.test/anvil.png' }, weight: { url: 'alias:anvil' } })
    await admin.ok('admin.emoji.remove', { name: 'weight' })
    expect(await admin.error('admin.emoji.remove', { name: 'weight' })).toBe('emoji_not_found')
    expect(await admin.error('admin.emoji.add', { name: 'anvil', url: 'https://x.test' })).toBe('error_name_taken')
    expect(await admin.error('admin.emoji.add', { name: 'no spaces', url: 'https://x.test' })).toBe(
      'error_bad_name_i18n',
    )
    listener.close()
  })

  it('give groups channels and workspaces, and keep them apart', async () => {
    const group = async (name: string): Promise<string> => (await bot.ok('usergroups.create', { name })).usergroup.id
    const [usergroup_id, others, third] = [await group('Smiths'), await group('Clerks'), await group('Guards')]
    await admin.ok('admin.usergroups.addChannels', { usergroup_id, channel_ids: general })
    expect((await admin.ok('admin.usergroups.listChannels', { usergroup_id })).channels).toMatchObject([
      { id: general },
    ])
    await admin.ok('admin.usergroups.removeChannels', { usergroup_id, channel_ids: general })
    expect((await admin.ok('admin.usergroups.listChannels', { usergroup_id })).channels).toEqual([])
    await admin.ok('admin.usergroups.addTeams', { usergroup_id, team_ids: team_id })
    await admin.ok('admin.usergroups.removeTeams', { usergroup_id, team_ids: team_id })
    expect(await admin.error('admin.usergroups.addTeams', { usergroup_id, team_ids: 'T0NOTHING0' })).toBe(
      'team_not_found',
    )
    const barrier = { primary_usergroup_id: usergroup_id, restricted_subjects: ['im', 'mpim', 'call'] }
    const made = await admin.ok('admin.barriers.create', { ...barrier, barriered_from_usergroup_ids: [others] })
    const changed = { ...barrier, barrier_id: made.barrier.id, barriered_from_usergroup_ids: [others, third] }
    expect((await admin.ok('admin.barriers.update', changed)).barrier.barriered_from_usergroups).toHaveLength(2)
    expect(await admin.error('admin.barriers.update', { ...changed, barrier_id: 'x' })).toBe('barrier_not_found')
  })
})
