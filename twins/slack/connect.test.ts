import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Answer, type Client, openWorkspace, type Workspace } from './testing.ts'

let workspace: Workspace
let bot: Client
let admin: Client
let partner: Client
let there: { teamId: string; botUserId: string }

const OMAR = 'omar.reyes@grid.test'

beforeAll(async () => {
  workspace = await openWorkspace({ fixture: 'grid' })
  ;({ bot, user: admin } = workspace)
  const other = workspace.access.workspaces.find((one: Answer) => one.token)
  partner = workspace.as(other.token)
  there = other
})
afterAll(() => workspace.close())

/** A channel of ours with an invitation for the partner. */
async function invited(name: string, options: object = {}) {
  const { channel } = await bot.ok('conversations.create', { name })
  const given = { channel: channel.id, user_ids: there.botUserId, ...options }
  const { invite_id } = await bot.ok('conversations.inviteShared', given)
  return { id: channel.id as string, invite_id: invite_id as string }
}

async function shared(name: string, options: object = {}) {
  const invitation = await invited(name, options)
  const { invite_id } = invitation
  const accepted = await partner.ok('conversations.acceptSharedInvite', { channel_name: name, invite_id })
  return { ...invitation, accepted }
}

describe('an invitation to a shared channel', () => {
  it('is accepted once, by the other side', async () => {
    const { invite_id, accepted } = await shared('joint')
    expect(accepted).toMatchObject({ implicit_approval: true, can_open_scdm: true, invite_id })
    const again = { channel_name: 'joint', invite_id }
    expect(await partner.error('conversations.acceptSharedInvite', again)).toBe('invite_used')
    expect(await partner.error('conversations.acceptSharedInvite', { ...again, invite_id: 'I0NOTHING00' })).toBe(
      'invite_not_found',
    )
    expect(await bot.error('conversations.approveSharedInvite', { invite_id })).toBe('already_approved')
    const { invites } = await bot.ok('conversations.listConnectInvites')
    expect(invites).toContainEqual(
      expect.objectContaining({ status: 'approved', invite: expect.objectContaining({ id: invite_id }) }),
    )
  })

  it('waits for an administrator where one has a say', async () => {
    workspace.act('configureWorkspace', { team: there.teamId, approvesInvites: true })
    const { id, invite_id } = await invited('careful')
    const listener = await workspace.listen()
    const accepted = await partner.ok('conversations.acceptSharedInvite', { channel_name: 'careful', invite_id })
    expect(accepted).toMatchObject({ implicit_approval: false })
    await listener.heard({ type: 'shared_channel_invite_accepted', channel: { id, name: 'careful' } })
    expect(await partner.error('conversations.info', { channel: id })).toBe('channel_not_found')
    await partner.ok('conversations.approveSharedInvite', { invite_id })
    await listener.heard({ type: 'channel_shared', channel: id })
    expect((await partner.ok('conversations.info', { channel: id })).channel).toMatchObject({ is_ext_shared: true })
    const fresh = await invited('unaccepted')
    const early = { invite_id: fresh.invite_id }
    expect(await partner.error('conversations.approveSharedInvite', early)).toBe('approval_not_found')
    workspace.act('configureWorkspace', { team: there.teamId, approvesInvites: false })
    listener.close()
  })

  it('can be declined', async () => {
    const { invite_id } = await invited('unwanted')
    await partner.ok('conversations.declineSharedInvite', { invite_id })
    expect(await partner.error('conversations.declineSharedInvite', { invite_id })).toBe('inactive_invite')
    expect(await partner.error('conversations.acceptSharedInvite', { channel_name: 'x', invite_id })).toBe(
      'invite_used',
    )
  })

  it('lets guests post only, or invite others too', async () => {
    const { id } = await shared('limited')
    const colleague = { channel: id, emails: 'someone@elsewhere.test' }
    expect(await partner.error('conversations.inviteShared', colleague)).toBe('no_external_invite_permission')
    const change = { channel: id, target_team: there.teamId }
    await bot.ok('conversations.externalInvitePermissions.set', { ...change, action: 'upgrade' })
    expect((await partner.ok('conversations.inviteShared', colleague)).invite_id).toMatch(/^I/)
    await bot.ok('conversations.externalInvitePermissions.set', { ...change, action: 'downgrade' })
    expect(await partner.error('conversations.inviteShared', colleague)).toBe('no_external_invite_permission')
    const nobody = { ...change, action: 'upgrade', target_team: workspace.access.teamId }
    expect(await bot.error('conversations.externalInvitePermissions.set', nobody)).toBe('invalid_target_team')
    const open = await shared('generous', { external_limited: false })
    expect((await partner.ok('conversations.inviteShared', { ...colleague, channel: open.id })).ok).toBe(true)
  })
})

describe('a request to invite somebody', () => {
  it('waits for administrators, who approve or deny it once', async () => {
    const { channel } = await bot.ok('conversations.create', { name: 'clients' })
    await bot.ok('conversations.invite', {
      channel: channel.id,
      users: (await bot.ok('users.lookupByEmail', { email: OMAR })).user.id,
    })
    const listener = await workspace.listen()
    const ask = (email: string): string =>
      workspace.act('requestSharedInvite', { user: OMAR, channel: channel.id, email }).invite_id
    const wanted = ask('client@elsewhere.test')
    const unwanted = ask('rival@elsewhere.test')
    await listener.heard({ type: 'shared_channel_invite_requested', channel_id: channel.id })
    const list = (args: object = {}) => bot.ok('conversations.requestSharedInvite.list', args)
    expect((await list()).invite_requests).toHaveLength(2)
    expect((await list({ invite_ids: wanted })).invite_requests).toMatchObject([
      { id: wanted, target_user: { recipient_email: 'client@elsewhere.test' }, channel: { id: channel.id } },
    ])
    const { invite_id } = await bot.ok('conversations.requestSharedInvite.approve', { invite_id: wanted })
    expect((await bot.ok('conversations.listConnectInvites')).invites).toContainEqual(
      expect.objectContaining({
        invite: expect.objectContaining({ id: invite_id, recipient_email: 'client@elsewhere.test' }),
      }),
    )
    await bot.ok('conversations.requestSharedInvite.deny', { invite_id: unwanted, message: 'No.' })
    expect(await bot.error('conversations.requestSharedInvite.approve', { invite_id: unwanted })).toBe(
      'invite_already_denied',
    )
    expect(await bot.error('conversations.requestSharedInvite.deny', { invite_id: wanted })).toBe(
      'invite_already_approved',
    )
    expect((await list()).invite_requests).toEqual([])
    expect((await list({ include_denied: true })).invite_requests).toMatchObject([
      { id: unwanted, date_denied: expect.any(Number) },
    ])
    const long = { invite_id: ask('third@elsewhere.test'), message: 'x'.repeat(561) }
    expect(await bot.error('conversations.requestSharedInvite.deny', long)).toBe('message_too_long')
    expect(await bot.error('conversations.requestSharedInvite.deny', { invite_id: 'I0NOTHING00' })).toBe(
      'invite_not_found',
    )
    workspace.world.universe.clock.advance(15 * 86_400_000)
    expect(await bot.error('conversations.requestSharedInvite.approve', long)).toBe('invite_expired')
    expect((await list()).invite_requests).toEqual([])
    expect((await list({ include_expired: true })).invite_requests).toHaveLength(1)
    listener.close()
  })
})

describe('other organisations', () => {
  it('are listed with what is shared, and cut off as a whole', async () => {
    const { organizations, total_count } = await bot.ok('team.externalTeams.list')
    expect(total_count).toBe(1)
    expect(organizations).toMatchObject([
      { team_id: there.teamId, connection_status: 'CONNECTED', private_channel_count: 0 },
    ])
    expect(await bot.error('team.externalTeams.list', { workspace_filter: there.teamId })).toBe(
      'invalid_workspace_filter',
    )
    const { channel } = await partner.ok('conversations.create', { name: 'theirs' })
    const invitation = { channel: channel.id, user_ids: workspace.access.botUserId }
    const { invite_id } = await partner.ok('conversations.inviteShared', invitation)
    await bot.ok('conversations.acceptSharedInvite', { channel_name: 'theirs', invite_id })
    const listener = await workspace.listen()
    expect(await bot.ok('team.externalTeams.disconnect', { target_team: there.teamId })).toMatchObject({
      job_enqueued: true,
    })
    await listener.heard({ type: 'channel_unshared', previously_connected_team_id: there.teamId })
    listener.close()
    const listed = await bot.ok('team.externalTeams.list', { connection_status_filter: 'DISCONNECTED' })
    expect(listed.organizations).toMatchObject([{ team_id: there.teamId, public_channel_count: 0 }])
    expect(await bot.error('team.externalTeams.disconnect', { target_team: there.teamId })).toBe('invalid_target_team')
    expect(await bot.error('conversations.info', { channel: channel.id })).toBe('channel_not_found')
    const { channels } = await admin.ok('admin.conversations.ekm.listOriginalConnectedChannelInfo')
    expect(channels).toMatchObject([
      { original_connected_channel_id: channel.id, original_connected_host_id: there.teamId },
    ])
    expect((await bot.ok('conversations.info', { channel: channels[0].id })).channel).toMatchObject({
      name: 'theirs',
      is_ext_shared: false,
    })
    const none = { team_ids: there.teamId }
    expect((await admin.ok('admin.conversations.ekm.listOriginalConnectedChannelInfo', none)).channels).toEqual([])
  })

  it('lose one channel when an administrator disconnects it', async () => {
    const { id } = await shared('ending')
    await admin.ok('admin.conversations.disconnectShared', { channel_id: id, leaving_team_ids: there.teamId })
    expect(await partner.error('conversations.info', { channel: id })).toBe('channel_not_found')
    expect((await bot.ok('conversations.info', { channel: id })).channel).toMatchObject({ is_ext_shared: false })
    expect(await admin.error('admin.conversations.disconnectShared', { channel_id: id })).toBe('channel_not_shared')
  })

  it('have people who can be found by their e-mail', async () => {
    workspace.world.multiverse.moment(workspace.world.universe, 'slack', (moment) => {
      const users = moment.tables.users as Answer
      users.replace({ ...users.get(there.botUserId), email: 'robot@partner.test' })
    })
    const look = (email: string) => bot.ok('users.discoverableContacts.lookup', { email })
    expect(await look('Robot@partner.test')).toMatchObject({ is_discoverable: true })
    expect(await look(OMAR)).toMatchObject({ is_discoverable: false })
    expect(await bot.error('users.discoverableContacts.lookup', { email: 'nobody' })).toBe('invalid_arguments')
    expect(await partner.error('users.discoverableContacts.lookup', { email: OMAR })).toBe('not_an_enterprise')
  })
})
