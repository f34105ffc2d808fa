import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openWorld, type World } from '../../testing/world.ts'
import { perform } from './act.ts'
import { look } from './eyes.ts'

let world: World

beforeAll(async () => {
  world = await openWorld({ fixture: 'acme' })
})

afterAll(() => world.close())

const GRACE = 'grace.hall@acme.test'
const see = async (service: string, email = GRACE) => {
  const { multiverse, universe } = world
  const sight = await look(multiverse, universe, [service], { email, since: universe.clock.now() - 60_000 })
  return JSON.stringify(sight[service])
}

async function slack(method: string, body: object): Promise<never> {
  const headers = { 'content-type': 'application/json' }
  return (
    await world.fetch('slack', `/api/${method}`, { method: 'POST', headers, body: JSON.stringify(body) })
  ).json() as never
}

describe('what a person sees', () => {
  it.each([
    ['jira', 'Photograph the new anvils', 'Rotate the deployment keys'],
    ['slack', 'The order form is ready', 'closes 4 % over plan'],
    ['drive', 'Anvil 9 launch plan', 'deploy.log'],
    ['docs', 'Tell the coyotes', 'Warehouse outage'],
    ['sheets', 'Engineering', 'Primary'],
  ])('in %s is theirs', async (service, own, others) => {
    expect(await see(service)).toContain(own)
    expect(await see(service)).not.toContain(others)
  })

  it('includes what can be pressed, and what only they are shown', async () => {
    const { channels } = (await slack('conversations.list', {})) as { channels: { id: string; name: string }[] }
    const channel = channels.find(({ name }) => name === 'anvils')?.id as string
    const button = { type: 'button', action_id: 'approve', text: { type: 'plain_text', text: 'Approve' } }
    await slack('chat.postMessage', { channel, text: 'Approve?', blocks: [{ type: 'actions', elements: [button] }] })
    const { members } = (await slack('users.list', {})) as { members: { id: string; profile: { email?: string } }[] }
    const user = members.find(({ profile }) => profile.email === GRACE)?.id
    await slack('chat.postEphemeral', { channel, user, text: 'Between us' })
    expect(await see('slack')).toMatch(
      /"elements":\[\{"type":"button","block_id":"\w+","action_id":"approve","label":"Approve"\}\]/,
    )
    expect(await see('slack')).toMatch(/"text":"Between us","only":"you see this"/)
    expect(await see('slack', 'boris.chen@acme.test')).not.toContain('Between us')
  })

  it('includes codes that come to their phone', async () => {
    const [user] = (await (
      await world.fetch('okta', `/api/v1/users?search=${encodeURIComponent(`profile.login eq "${GRACE}"`)}`)
    ).json()) as [{ id: string }]
    const init = { method: 'POST', headers: { 'content-type': 'application/json' } }
    const factor = { factorType: 'sms', provider: 'OKTA', profile: { phoneNumber: '+15554151337' } }
    await world.fetch('okta', `/api/v1/users/${user.id}/factors`, { ...init, body: JSON.stringify(factor) })
    expect(await see('okta')).toMatch(/"sentFor":"factors",.*"code":"\d{6}"/)
    expect(await see('okta', 'boris.chen@acme.test')).toBe('[]')
  })

  it('leaves no trace, and meets no fault and no limit', async () => {
    const { universe, multiverse } = world
    const before = { entries: universe.ledger.last, universes: multiverse.size, random: universe.random.state }
    universe.faults.set([{ twin: 'jira', after: 0, fault: { kind: 'status', status: 503 } }])
    universe.limits.plan = { enforce: true, factor: 0.0001 }
    await see('jira')
    await see('slack')
    universe.faults.set([])
    universe.limits.plan = { enforce: false }
    expect({ entries: universe.ledger.last, universes: multiverse.size, random: universe.random.state }).toEqual(before)
  })

  it('is nothing for whoever has no account', async () => {
    await expect(see('jira', 'nobody@acme.test')).rejects.toThrow('nobody@acme.test has no account in jira')
    expect(() => perform(world.multiverse, world.universe, 'jira.fly', {})).toThrow('no act jira.fly')
  })
})
