import { WebClient } from '@slack/web-api'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openWorld, type World } from '../../shared/testing/world.ts'

let world: World
let admin: WebClient
let bot: WebClient
const quiet = { retryConfig: { retries: 0 } }

beforeAll(async () => {
  world = await openWorld({ twins: ['slack'], fixture: 'grid' })
  const { url, token, userToken } = world.access.slack
  bot = new WebClient(token, { slackApiUrl: `${url}/api/`, ...quiet })
  admin = new WebClient(userToken as string, { slackApiUrl: `${url}/api/`, ...quiet })
})
afterAll(() => world.close())

const refusal = (call: Promise<unknown>) =>
  call.then(
    () => undefined,
    (error: { data?: { error: string } }) => error.data,
  )

describe('an organisation', () => {
  it('is administered by its admins, with their own token', async () => {
    const { teams } = await admin.admin.teams.list()
    expect(teams?.map((team) => team.name).toSorted()).toEqual(['Grid One', 'Grid Two'])
    expect(await refusal(bot.admin.teams.list())).toMatchObject({ error: 'not_allowed_token_type' })
    const { users } = await admin.admin.users.list()
    const pia = users?.find((one) => one.email === 'pia.stahl@grid.test')?.id as string
    const team_id = world.access.slack.teamId as string
    await admin.admin.users.setAdmin({ team_id, user_id: pia })
    expect((await admin.admin.teams.admins.list({ team_id })).admin_ids).toContain(pia)
  })

  it('keeps barriers between groups', async () => {
    const groups = [await bot.usergroups.create({ name: 'Traders' }), await bot.usergroups.create({ name: 'Analysts' })]
    const [traders, analysts] = groups.map((one) => one.usergroup?.id as string)
    const arguments_ = {
      primary_usergroup_id: traders as string,
      barriered_from_usergroup_ids: [analysts as string] as [string],
      restricted_subjects: ['im', 'mpim', 'call'] as ['im', 'mpim', 'call'],
    }
    const { barrier } = (await admin.admin.barriers.create(arguments_)) as unknown as { barrier: { id: string } }
    expect((await admin.admin.barriers.list()).barriers).toMatchObject([
      { id: barrier.id, primary_usergroup: { id: traders } },
    ])
    await admin.admin.barriers.delete({ barrier_id: barrier.id })
    expect(await refusal(admin.admin.barriers.delete({ barrier_id: barrier.id }))).toMatchObject({
      error: 'barrier_not_found',
    })
  })

  it('shares a channel with a partner, who then reads and writes in it', async () => {
    const partner = (world.access.slack.workspaces as { token?: string; botUserId?: string; teamId: string }[]).find(
      (one) => one.token,
    )
    const there = new WebClient(partner?.token, { slackApiUrl: `${world.access.slack.url}/api/`, ...quiet })
    const { channel } = await bot.conversations.create({ name: 'joint-venture' })
    const id = channel?.id as string
    expect(await refusal(there.conversations.info({ channel: id }))).toMatchObject({ error: 'channel_not_found' })
    const { invite_id } = await bot.conversations.inviteShared({
      channel: id,
      user_ids: [partner?.botUserId as string],
    } as never)
    expect(
      await refusal(bot.conversations.acceptSharedInvite({ channel_name: 'x', invite_id: invite_id as string })),
    ).toMatchObject({ error: 'invite_from_same_org' })
    await there.conversations.acceptSharedInvite({ channel_name: 'joint-venture', invite_id: invite_id as string })
    await there.chat.postMessage({ channel: id, text: 'hello, neighbours' })
    expect((await bot.conversations.history({ channel: id })).messages?.[0]?.text).toBe('hello, neighbours')
    expect((await bot.conversations.info({ channel: id })).channel).toMatchObject({
      is_ext_shared: true,
      shared_team_ids: [world.access.slack.teamId, partner?.teamId],
    })
  })

  it('gives statistics as compressed lines', async () => {
    const yesterday = new Date(world.universe.clock.now() - 86_400_000).toISOString().slice(0, 10)
    const { file_data } = await admin.admin.analytics.getFile({ type: 'member', date: yesterday })
    expect(file_data?.length).toBeGreaterThan(3)
    expect(file_data?.[0]).toHaveProperty('user_id')
  })
})

describe('a workspace outside of an organisation', () => {
  it('has no administration', async () => {
    const plain = await openWorld({ twins: ['slack'] })
    const client = new WebClient(plain.access.slack.userToken as string, {
      slackApiUrl: `${plain.access.slack.url}/api/`,
      ...quiet,
    })
    expect((await refusal(client.admin.teams.list()))?.error).toMatch(/^(not_an_enterprise|feature_not_enabled)$/)
    await plain.close()
  })
})
