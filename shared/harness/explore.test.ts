import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { fileURLToPath } from 'node:url'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import good from '../../fixtures/scenarios/systems/good.ts'
import subtle from '../../fixtures/scenarios/systems/subtle.ts'
import { type Running, up } from '../server/up.ts'
import type { World } from './driver/driver.ts'
import { attempt, explore, smallestOf } from './explore.ts'
import { fixtureNamed } from './fixtures.ts'
import { type Point, planFrom, planText, pointText } from './plan.ts'
import { explorationText, failing } from './report/exploration.ts'
import { loadScenario, type Scenario } from './scenario.ts'
import { shrink } from './shrink.ts'

const SEED = 3

let running: Running
beforeAll(async () => {
  running = await up({ port: 0, control: false })
})
afterAll(() => running.close())

/** A sample, explored at one service: the others are no different in kind. */
const sample = (id: string, service: string): Scenario => ({
  ...loadScenario(fileURLToPath(new URL(`../../fixtures/scenarios/${id}.yaml`, import.meta.url))),
  explore: { services: [service] },
})

async function stageOf(scenario: Scenario) {
  const twins = [...running.multiverse.apps.values()].map(({ twin }) => twin)
  return { multiverse: running.multiverse, fixture: await fixtureNamed(scenario.world.fixture, twins) }
}

async function explored(scenario: Scenario, run: (world: World) => Promise<void>) {
  const [stage, system] = [await stageOf(scenario), { name: run.name, run }]
  const tryPlan = (plan: readonly Point[]) => attempt(stage, scenario, system, SEED, plan)
  return { scenario, tryPlan, found: await explore(stage, scenario, system, SEED) }
}

describe('exploration', () => {
  it.each([
    ['file-bug', 'jira'],
    ['more-holidays', 'docs'],
  ])(
    'finds nothing in the careful one: %s',
    async (id, service) => {
      const { found } = await explored(sample(id, service), good)
      expect(found.clean.outcome).toBe('satisfied')
      expect(found.points.length).toBeGreaterThan(3)
      expect(failing(found).map(({ point, trajectory }) => [pointText(point), trajectory.reasons])).toEqual([])
      expect(found.smallest).toBeUndefined()
    },
    60_000,
  )

  it('finds the duplicate of the subtle one, where a reply is lost', async () => {
    const { found, scenario, tryPlan } = await explored(sample('file-bug', 'jira'), subtle)
    expect(found.clean.outcome).toBe('satisfied') // a sunny day does not show it
    const failed = failing(found).map(({ point }) => pointText(point))
    expect(failed).toContain('jira.createIssue#1:lost-reply') // made twice
    expect(failed).toContain('jira.createIssue#1:500') // refused, and went on
    expect(failed).not.toContain('jira.createIssue#1:dropped')
    const text = explorationText(scenario, found, (plan) => `again ${planText(plan)}`)
    expect(text).toMatch(/jira\.createIssue +FAIL 1\/1 +FAIL 1\/1 +FAIL 1\/1 +ok/)
    expect(text).toContain('again jira.createIssue#1:lost-reply')

    const again = await tryPlan(planFrom('jira.createIssue#1:lost-reply'))
    expect(again.reasons).toEqual([
      expect.stringMatching(/^filed-right: .*2 rows match/),
      expect.stringMatching(/^no_duplicate_effects: .*jira\.createIssue was carried out 2 times/),
    ])
  }, 60_000)

  it('finds the lost update of the subtle one, where somebody writes between its look and its change', async () => {
    const { found } = await explored(sample('more-holidays', 'docs'), subtle)
    expect(found.clean.outcome).toBe('satisfied')
    const lost = failing(found).find(({ point }) => point.what.startsWith('after-act'))
    expect(lost && pointText(lost.point)).toBe('docs.documents.batchUpdate#1:after-act-2')
    expect(lost?.trajectory.reasons.join()).toMatch(/number-changed: .*no_lost_update: /)
  }, 60_000)

  it.each([
    [
      'file-bug',
      'jira.createIssue#1:lost-reply',
      'slack.conversations.list#1:500,jira.createIssue#1:lost-reply,slack.chat.postMessage#1:dropped',
    ],
    [
      'more-holidays',
      'docs.documents.batchUpdate#1:after-act-2',
      'docs.documents.get#1:dropped,docs.documents.batchUpdate#1:after-act-2,drive.files.list#1:500',
    ],
  ])('shrinks each to one fault: %s', async (id, smallest, large) => {
    const scenario = sample(id, '')
    const stage = await stageOf(scenario)
    const run = (plan: readonly Point[]) => attempt(stage, scenario, { name: 'subtle', run: subtle }, SEED, plan)
    expect((await run(planFrom(large))).outcome).toBe('unsatisfied')
    expect(planText(await smallestOf(planFrom(large), run))).toBe(smallest)
  })

  it('has nothing to explore where the run fails by itself', async () => {
    const { found, scenario } = await explored(sample('file-bug', 'jira'), async () => {})
    expect(found.points).toEqual([])
    expect(explorationText(scenario, found, () => '')).toMatch(/unsatisfied without any fault/)
  })
})

/** Two topics set at once: the last one to arrive should win, and the software means the second. */
const AT_ONCE = loadScenario(
  'at-once',
  `
version: 1
id: at-once
title: The topic is set
story: The topic is Monday, then Tuesday.
world: { fixture: acme }
checks:
  - { id: tuesday, row: { kind: slack.conversations, where: { name: anvils }, is: { topic.value: Tuesday } } }
`,
)

const setTopic = async ({ twins: { slack } }: World, topic: string) => {
  const headers = { authorization: slack?.authorization as string, 'content-type': 'application/json' }
  const list = (await (await fetch(`${slack?.url}/api/conversations.list`, { headers })).json()) as {
    channels: { id: string; name: string }[]
  }
  const channel = list.channels.find(({ name }) => name === 'anvils')?.id
  return () =>
    fetch(`${slack?.url}/api/conversations.setTopic`, {
      method: 'POST',
      headers,
      body: JSON.stringify({ channel, topic }),
    })
}

describe('races', () => {
  it('finds calls made at once whose order matters', async () => {
    const { found } = await explored(AT_ONCE, async function hasty(world) {
      const [monday, tuesday] = [await setTopic(world, 'Monday'), await setTopic(world, 'Tuesday')]
      await Promise.all([monday(), tuesday()])
    })
    expect(found.clean.outcome).toBe('satisfied')
    expect(failing(found).map(({ point }) => pointText(point))).toContain('slack.conversations.setTopic#1:held')
  })

  it('does not hold calls made one after the other', async () => {
    const { found } = await explored(AT_ONCE, async function patient(world) {
      const [monday, tuesday] = [await setTopic(world, 'Monday'), await setTopic(world, 'Tuesday')]
      await monday()
      await tuesday()
    })
    expect(found.clean.outcome).toBe('satisfied')
    expect(found.points.filter(({ point }) => point.what === 'held')).toEqual([])
  })
})

describe('deliveries', () => {
  /** Greets whoever writes, by event: an Okta hook of new users would look alike. */
  const GREETED = loadScenario(
    'greeted',
    `
version: 1
id: greeted
title: A new colleague is greeted once
story: Somebody is hired, and greeted in the channel.
world: { fixture: acme }
checks:
  - { id: greeted, rows: { kind: slack.messages, where: { text: { startsWith: Greetings } }, count: 1 } }
`,
  )

  /** Registers an event hook, creates a user, and greets on every event; `careful` remembers which it has seen. */
  const greeter = (careful: boolean) =>
    async function greets({ twins: { okta, slack } }: World) {
      const seen = new Set<string>()
      const receiver = createServer(async (request, response) => {
        let body = ''
        for await (const chunk of request) body += chunk
        const challenge = request.headers['x-okta-verification-challenge']
        response.setHeader('content-type', 'application/json')
        if (challenge) return void response.end(JSON.stringify({ verification: challenge }))
        const { events } = (JSON.parse(body) as { data: { events: { uuid: string }[] } }).data
        const fresh = events.filter(({ uuid }) => !careful || !seen.has(uuid))
        for (const { uuid } of fresh) seen.add(uuid)
        for (const { uuid } of fresh)
          await post(slack, '/api/chat.postMessage', { channel: 'anvils', text: `Greetings ${uuid}` })
        response.end('{}')
      })
      await new Promise<void>((resolve) => receiver.listen(0, '127.0.0.1', resolve))
      const url = `http://127.0.0.1:${(receiver.address() as AddressInfo).port}/`
      const hook = (await post(okta, '/api/v1/eventHooks', {
        name: 'greeter',
        events: { type: 'EVENT_TYPE', items: ['user.lifecycle.create'] },
        channel: { type: 'HTTP', version: '1.0.0', config: { uri: url } },
      })) as { id: string }
      await post(okta, `/api/v1/eventHooks/${hook.id}/lifecycle/verify`, {})
      const login = 'new.colleague@acme.test'
      const profile = { firstName: 'New', lastName: 'Colleague', email: login, login }
      await post(okta, '/api/v1/users?activate=false', { profile })
      await new Promise((resolve) => setTimeout(resolve, 60)) // the deliveries come
      receiver.close()
      receiver.closeAllConnections()
    }

  const post = async (access: World['twins'][string] | undefined, path: string, body: object) => {
    const reply = await fetch(`${access?.url}${path}`, {
      method: 'POST',
      headers: { authorization: access?.authorization as string, 'content-type': 'application/json' },
      body: JSON.stringify(body),
    })
    return (await reply.json()) as object
  }

  it('come twice, and are handled once by software that looks', async () => {
    const stage = await stageOf(GREETED)
    const outcome = async (careful: boolean, plan: string) => {
      const system = { name: 'greeter', run: greeter(careful) }
      return (await attempt(stage, GREETED, system, SEED, plan ? planFrom(plan) : [])).reasons
    }
    expect(await outcome(false, '')).toEqual([])
    expect(await outcome(true, 'okta.event_hook#1:duplicate-event')).toEqual([])
    expect(await outcome(false, 'okta.event_hook#1:duplicate-event')).toContainEqual(
      expect.stringMatching(/^greeted: .*; 2/),
    )
  })
})

it.each([
  'jira.createIssue',
  'jira.createIssue#0:500',
  'jira.createIssue#1:418',
  '#1:500',
  'jira.createIssue#1:after-act-0',
])('%s is no plan', (text) => {
  expect(() => planFrom(text)).toThrow('is no fault')
})

it('shrinks to a part in which nothing can be left out', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.uniqueArray(fc.integer({ min: 0, max: 40 }), { minLength: 1, maxLength: 20 }),
      fc.nat(),
      async (all, n) => {
        const needed = all.filter((_, i) => (n >> (i % 16)) & 1)
        const fails = async (part: readonly number[]) => needed.every((one) => part.includes(one))
        const smallest = await shrink(all, fails)
        expect(smallest.toSorted()).toEqual((needed.length ? needed : smallest).toSorted())
        expect(smallest.length).toBeLessThanOrEqual(Math.max(1, needed.length))
      },
    ),
  )
})
