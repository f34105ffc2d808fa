import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Org, openOrg, refused } from '../testing.ts'

/** Pools of agents and their updates. */
let org: Org
let pool: { id: string; agents: { id: string; poolId: string }[] }
beforeAll(async () => {
  org = await openOrg()
  pool = org.act('installAgents', { pool: 'acme.local', agents: ['north', 'south'] })
})
afterAll(() => org.close())

const update = (more: object = {}) => ({
  name: 'Sunday update',
  agentType: 'AD',
  agents: pool.agents.map(({ id, poolId }) => ({ id, poolId })),
  notifyAdmin: true,
  enabled: true,
  schedule: { cron: '0 3 * * SUN', timezone: 'Europe/Stockholm', duration: 60 },
  ...more,
})

it('a pool shows its agents, by kind', async () => {
  expect((await org.get('/api/v1/agentPools')).body).toMatchObject([{ id: pool.id, name: 'acme.local', type: 'AD' }])
  expect((await org.get('/api/v1/agentPools?poolType=LDAP')).body).toEqual([])
})

describe('an update', () => {
  const updates = () => `/api/v1/agentPools/${pool.id}/updates`

  it('is scheduled, changed, switched and removed', async () => {
    expect(await org.post(updates(), { name: 'Nothing' })).toMatchObject(refused(400, 'E0000001'))
    const made = await org.post(updates(), update())
    expect(made).toMatchObject({ status: 200, body: { name: 'Sunday update', status: 'Scheduled', notifyAdmin: true } })
    expect(made.body.agents.map((agent: { name: string }) => agent.name)).toEqual(['north', 'south'])
    const path = `${updates()}/${made.body.id}`
    expect((await org.get(path)).body).toEqual(made.body)
    expect((await org.get(`${updates()}?scheduled=true`)).body).toEqual([made.body])
    const changed = await org.post(path, update({ name: 'Monday update', notifyAdmin: false }))
    expect(changed.body).toMatchObject({ id: made.body.id, name: 'Monday update', notifyAdmin: false })
    const off = await org.post(`${path}/deactivate`)
    expect(off).toMatchObject({ status: 201, body: { enabled: false, status: 'Cancelled' } })
    expect((await org.post(`${path}/activate`)).body).toMatchObject({ enabled: true, status: 'Scheduled' })
    expect((await org.delete(path)).status).toBe(204)
    expect((await org.get(path)).status).toBe(404)
  })

  it('is paused, resumed, stopped and tried again, each when it may be', async () => {
    const { id } = (await org.post(updates(), update({ name: 'Rolling' }))).body
    const move = async (name: string) => {
      const { status, body } = await org.post(`${updates()}/${id}/${name}`)
      return status === 201 ? body.status : body.errorCode
    }
    expect(await move('resume')).toBe('E0000107')
    expect(await move('retry')).toBe('E0000107')
    org.act('runAgentUpdate', { id, status: 'InProgress' })
    expect(await move('pause')).toBe('Paused')
    expect(await move('resume')).toBe('InProgress')
    org.act('runAgentUpdate', { id, status: 'Failed' })
    expect(await move('stop')).toBe('E0000107')
    expect(await move('retry')).toBe('InProgress')
    expect(await move('stop')).toBe('Cancelled')
  })

  it('is told how to go', async () => {
    const settings = `${updates()}/settings`
    const before = (await org.get(settings)).body
    expect(before).toMatchObject({ agentType: 'AD', poolId: pool.id, poolName: 'acme.local', releaseChannel: 'GA' })
    const changed = await org.post(settings, { agentType: 'AD', releaseChannel: 'EA', continueOnError: true })
    expect(changed).toMatchObject({ status: 201, body: { releaseChannel: 'EA', continueOnError: true } })
    expect((await org.get(settings)).body).toEqual(changed.body)
    expect((await org.get('/api/v1/agentPools/none/updates/settings')).status).toBe(404)
    expect((await org.get('/api/v1/agentPools/none/updates')).body).toEqual([])
  })
})
