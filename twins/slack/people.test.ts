import { Buffer } from 'node:buffer'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Client, openWorkspace, type Workspace } from './testing.ts'

let workspace: Workspace
let bot: Client
let user: Client
let owner: string
let boris: string

const now = (): number => Math.floor(workspace.world.universe.clock.now() / 1000)

beforeAll(async () => {
  workspace = await openWorkspace({ fixture: 'acme' })
  ;({ bot, user } = workspace)
  owner = (await user.ok('auth.test')).user_id
  boris = (await bot.ok('users.lookupByEmail', { email: 'boris.chen@acme.test' })).user.id
})
afterAll(() => workspace.close())

describe('presence and quiet times', () => {
  it('say who is there', async () => {
    await user.ok('users.setPresence', { presence: 'away' })
    expect(await bot.ok('users.getPresence', { user: owner })).toMatchObject({ presence: 'away' })
    await user.ok('users.setPresence', { presence: 'auto' })
    expect(await user.ok('users.getPresence')).toMatchObject({ presence: 'active', manual_away: false })
    expect(await user.error('users.setPresence', { presence: 'asleep' })).toBe('invalid_presence')
    expect((await user.ok('users.setActive')).ok).toBe(true)
  })

  it('are snoozed for a while', async () => {
    const { snooze_endtime } = await user.ok('dnd.setSnooze', { num_minutes: 30 })
    expect(snooze_endtime - now()).toBe(1800)
    expect(await user.ok('dnd.info')).toMatchObject({ snooze_enabled: true, snooze_remaining: 1800 })
    expect(await bot.ok('dnd.info', { user: owner })).not.toHaveProperty('snooze_enabled')
    expect(await user.ok('dnd.endSnooze')).toMatchObject({ snooze_enabled: false })
    expect(await user.error('dnd.endSnooze')).toBe('snooze_not_active')
    await user.ok('dnd.setSnooze', { num_minutes: 1 })
    await user.ok('dnd.endDnd')
    expect(await user.ok('dnd.info')).toMatchObject({ snooze_enabled: false })
    expect((await bot.ok('dnd.teamInfo', { users: [owner, boris] })).users).toHaveProperty(boris)
    expect(await user.error('dnd.setSnooze', { num_minutes: 0 })).toBe('missing_duration')
    expect(await bot.error('dnd.setSnooze', { num_minutes: 5 })).toBe('not_allowed_token_type')
  })
})

describe('pictures', () => {
  it('are set and taken away', async () => {
    const before = (await bot.ok('users.info', { user: owner })).user.profile.avatar_hash
    expect(await user.error('users.setPhoto', { image: Buffer.from('text') })).toBe('bad_image')
    const form = new FormData()
    form.set('image', new File(['png'], 'me.png', { type: 'image/png' }))
    const headers = { authorization: `Bearer ${workspace.access.userToken}` }
    const set = await fetch(`${workspace.api}users.setPhoto`, { method: 'POST', headers, body: form })
    expect(await set.json()).toMatchObject({ ok: true, profile: { avatar_hash: expect.not.stringMatching(before) } })
    await user.ok('users.deletePhoto')
    expect(await bot.error('users.deletePhoto')).toBe('not_allowed_token_type')
  })
})

describe('reminders', () => {
  it('are one’s own: listed, completed, deleted', async () => {
    const { reminder } = await user.ok('reminders.add', { text: 'order iron', time: now() + 3600 })
    expect((await user.ok('reminders.info', { reminder: reminder.id })).reminder).toMatchObject({
      text: 'order iron',
      complete_ts: 0,
    })
    expect((await user.ok('reminders.list')).reminders).toMatchObject([{ id: reminder.id }])
    await user.ok('reminders.complete', { reminder: reminder.id })
    expect((await user.ok('reminders.info', { reminder: reminder.id })).reminder.complete_ts).toBeGreaterThan(0)
    await user.ok('reminders.delete', { reminder: reminder.id })
    expect(await user.error('reminders.info', { reminder: reminder.id })).toBe('not_found')
    expect(await user.error('reminders.add', { text: 'x', time: 'in 5 minutes', user: boris })).toBe(
      'cannot_add_others',
    )
    expect(await bot.error('reminders.list')).toBe('not_allowed_token_type')
  })
})

describe('the workspace', () => {
  it('tells its plan, preferences and profile', async () => {
    expect((await bot.ok('team.info')).team).toMatchObject({ id: workspace.access.teamId, domain: 'acme' })
    expect(await bot.error('team.info', { team: 'T0NOTHING0' })).toBe('team_not_found')
    expect(await bot.ok('team.billing.info')).toMatchObject({ plan: 'business_plus' })
    expect(await bot.ok('team.preferences.list')).toMatchObject({ allow_message_deletion: true })
    expect((await bot.ok('team.profile.get')).profile).toMatchObject({ fields: [], sections: [] })
    expect((await bot.ok('auth.teams.list')).teams).toMatchObject([{ id: workspace.access.teamId, name: 'Acme' }])
    const { botId, botUserId } = workspace.access
    expect((await bot.ok('bots.info', { bot: botId })).bot).toMatchObject({
      id: botId,
      user_id: botUserId,
      deleted: false,
    })
    expect(await bot.error('bots.info', { bot: 'B0NOTHING0' })).toBe('bot_not_found')
  })

  it('tells administrators who came, what was installed and who costs', async () => {
    workspace.act('openSession', { user: 'boris.chen@acme.test', userAgent: 'Slack for macOS' })
    expect(await user.ok('team.accessLogs')).toMatchObject({
      logins: [{ user_id: boris, count: 1, user_agent: 'Slack for macOS' }],
      paging: { total: 1, page: 1 },
    })
    expect((await user.ok('team.accessLogs', { before: 1 })).logins).toEqual([])
    expect((await user.ok('team.integrationLogs')).logs).toMatchObject([{ change_type: 'added' }])
    expect((await user.ok('team.billableInfo', { user: boris })).billable_info).toEqual({
      [boris]: { billing_active: true },
    })
    expect(await user.error('team.billableInfo', { user: 'U0NOBODY00' })).toBe('user_not_found')
    expect(await bot.error('team.accessLogs')).toBe('not_allowed_token_type')
    const member = workspace.as(workspace.token('user', ['admin'], 'carla.diaz@acme.test'))
    expect(await member.error('team.accessLogs')).toBe('not_admin')
  })

  it('keeps its ids when it is in no organisation', async () => {
    expect(await user.error('migration.exchange', { users: boris })).toBe('not_enterprise_team')
  })
})
