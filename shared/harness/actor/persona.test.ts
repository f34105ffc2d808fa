import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { json, type Script, type ScriptedRequest, type ScriptedServer, scripted } from '../../agents/scripted.ts'
import { type Fixture, Multiverse } from '../../server/multiverse.ts'
import { TwinServer } from '../../server/server.ts'
import { loadTwins } from '../../server/twins.ts'
import type { FaultRule } from '../../universe/faults.ts'
import type { System, World } from '../driver/driver.ts'
import { fixtureNamed } from '../fixtures.ts'
import { memoryCache } from '../judge/cache.ts'
import { loadScenario, ScenarioError, unknownNames } from '../scenario.ts'
import { runTrajectory } from '../trajectory.ts'
import { troupeFor } from './ask.ts'

const STORY = `
version: 1
id: who-takes-over
title: Who takes over is asked
story: Grace asks in #anvils for a handover and does not say to whom.
world:
  fixture: acme
  vars: { heir: { oneOf: [dev_patel, carla_diaz] } }
actors:
  grace:
    person: grace_hall
    play: persona
    knows: "\${people.heir.name} takes over."
    wants: The handover noted in the thread.
    manner: short
    may: [slack.postMessage, slack.react]
    turns: 3
  farid: { person: farid_gul, play: script }
steps:
  - { at: 0s, actor: grace, act: slack.postMessage, with: { channel: anvils, text: Please note the handover. }, as: ask }
  - { at: 0s, actor: farid, act: slack.react, with: { channel: anvils, ts: "\${ask.ts}", name: eyes } }
  - { on: { call: slack.chat.postMessage, where: { body.thread_ts: "\${ask.ts}" } }, actor: grace, act: respond }
checks:
  - { id: noted, rows: { kind: slack.messages, where: { thread_ts: "\${ask.ts}", text: { startsWith: "Noted: \${people.heir.name}" } }, count: 1 } }
  - { id: as-herself, order: [{ act: slack.react }, { call: slack.chat.postMessage }, { act: slack.postMessage, where: { message.user: { exists: true } } }] }
`

let multiverse: Multiverse
let server: TwinServer
let fixture: Fixture

beforeAll(async () => {
  const twins = await loadTwins(['slack'])
  multiverse = new Multiverse(twins)
  server = new TwinServer({ multiverse })
  const { port } = await server.listen(0)
  multiverse.urlOf = (universe, twin) => `http://localhost:${port}/u/${universe.id}/${twin}`
  const { name, people, sections } = await fixtureNamed('acme', await loadTwins())
  fixture = { name, people, sections: { slack: sections.slack } }
})

afterAll(() => server.close())

/** Asks in the thread, waits for a person to answer there, and notes what was said. */
const asks: System = {
  name: 'asks',
  async run(world) {
    const [ask] = (await slack(world, 'conversations.history', { channel: await anvils(world) })).messages
    await say(world, ask.ts, 'Who takes over?')
    for (let tries = 0; tries < 60; tries++) {
      const { messages } = await slack(world, 'conversations.replies', { channel: await anvils(world), ts: ask.ts })
      const answer = messages.slice(1).find((one: Message) => !one.bot_id)
      if (answer) return void (await say(world, ask.ts, `Noted: ${answer.text}`))
      await new Promise((resolve) => setTimeout(resolve, 10))
    }
    throw new Error('nobody answered')
  },
}

interface Message {
  readonly ts: string
  readonly text: string
  readonly bot_id?: string
}

async function slack(world: World, method: string, query: Record<string, string>) {
  const { url, authorization } = world.twins.slack as { url: string; authorization: string }
  const reply = await fetch(`${url}/api/${method}`, {
    method: 'POST',
    headers: { authorization, 'content-type': 'application/x-www-form-urlencoded' },
    body: new URLSearchParams(query),
  })
  return (await reply.json()) as {
    messages: (Message & { ts: string })[] & [Message]
    channels: { id: string; name: string }[]
  }
}

const anvils = async (world: World) =>
  (await slack(world, 'conversations.list', { limit: '200' })).channels.find(({ name }) => name === 'anvils')
    ?.id as string
const say = async (world: World, thread_ts: string, text: string) =>
  slack(world, 'chat.postMessage', { channel: await anvils(world), thread_ts, text })

/** What a request asks for: a turn of the person, or the review. */
const isReview = ({ body }: ScriptedRequest) => JSON.stringify(body.system).includes('You check how it was played')
const textOf = ({ body }: ScriptedRequest) => String(body.messages[0]?.content)
const turn = (act: object) => json({ intention: 'to be helped', turn: act })
const reviewed = (label: string) => json({ turns: [{ turn: 1, why: 'she said what she knows', label }] })

/** The thread's time stamp, read off the screen like a person would. */
const thread = (request: ScriptedRequest) =>
  /"ts":"([\d.]+)","from":"you","text":"Please note/.exec(textOf(request))?.[1] as string

/** Answers the question, and is satisfied once it is noted. */
const answers = (text: string | ((request: ScriptedRequest) => string), label = 'ok'): Script => {
  return (request) => {
    if (isReview(request)) return reviewed(label)
    if (textOf(request).includes('"text":"Noted')) return turn({ act: 'done', reason: 'satisfied' })
    const said = typeof text === 'string' ? text : text(request)
    return turn({ act: 'slack.postMessage', with: { channel: 'anvils', thread_ts: thread(request), text: said } })
  }
}

/** Says who takes over, as the character knows it. */
const knowing = ({ body }: ScriptedRequest) =>
  /# What you know\\n(.+?) takes over/.exec(JSON.stringify(body.system))?.[1] as string

interface Options {
  readonly seed?: number
  readonly cache?: ReturnType<typeof memoryCache>
  readonly system?: System
  readonly faults?: readonly FaultRule[]
}

async function played(script: Script, story = STORY, { seed = 1, cache, system = asks, faults }: Options = {}) {
  await using models: ScriptedServer = await scripted(script)
  const troupe = troupeFor(models.access, { client: { maxRetries: 0 }, ...(cache ? { cache } : {}) })
  const stage = { multiverse, fixture, troupe }
  const options = faults ? { faults } : {}
  const result = await runTrajectory(stage, loadScenario('story', story), system, seed, options)
  return { ...result, requests: [...models.requests], failures: [...models.failures] }
}

describe('a persona', () => {
  it('answers from what it knows, as itself, and is reviewed', async () => {
    const result = await played(answers(knowing))
    expect(result.reasons).toEqual([])
    expect(result.outcome).toBe('satisfied')
    expect(result.failures).toEqual([])
    expect(result.personas).toEqual([
      {
        actor: 'grace',
        turns: [
          {
            act: 'slack.postMessage',
            with: expect.objectContaining({ channel: 'anvils' }),
            intention: 'to be helped',
            cached: false,
            label: 'ok',
            why: 'she said what she knows',
          },
          expect.objectContaining({ act: 'done', reason: 'satisfied' }),
        ],
      },
    ])
    expect(result.costs.persona).toMatchObject({ requests: 3, dollars: expect.any(Number) })
    expect(multiverse.size).toBe(0)
  })

  it('sees what that person sees, and nothing else', async () => {
    const { requests, calls } = await played(answers(knowing))
    const seen = textOf(requests[0] as ScriptedRequest)
    expect(seen).toContain('"from":"Twin App (app)","text":"Who takes over?"')
    expect(seen).toContain('"reactions":["eyes by Farid Gul"]') // he acts as the person he stands for
    expect(seen).toContain('"channel":"#anvils"')
    expect(seen).not.toContain('leadership') // a private channel she is not in
    expect(seen).not.toContain('third quarter')
    // Her looking is no call: what the ledger counts is the software's.
    expect(calls).toBeLessThan(20)
    expect(JSON.stringify(requests.map(({ body }) => body))).not.toMatch(/xox[pb]-/)
  })

  it('looks through no fault that is meant for the software', async () => {
    const faults: FaultRule[] = [
      { twin: 'slack', operation: 'users.list', after: 0, fault: { kind: 'status', status: 503 } },
    ]
    expect((await played(answers(knowing), STORY, { faults })).outcome).toBe('satisfied')
  })

  it('costs nothing when the software does the same again', async () => {
    const cache = memoryCache()
    const first = await played(answers(knowing), STORY, { cache })
    const again = await played(() => ({ cut: 0 }), STORY, { cache })
    expect(again.outcome).toBe('satisfied')
    expect(again.requests).toEqual([])
    expect(again.costs).toEqual({})
    expect(again.personas?.[0]?.turns.map(({ cached }) => cached)).toEqual([true, true])
    expect(again.personas?.[0]?.turns.map(({ act }) => act)).toEqual(first.personas?.[0]?.turns.map(({ act }) => act))
    expect((await played(answers(knowing), STORY, { cache, seed: 3 })).requests.length).toBeGreaterThan(0)
  })

  it.each(['helped', 'hindered'])('makes the run invalid when it %s the software', async (label) => {
    const result = await played(answers(knowing, label))
    expect(result).toMatchObject({
      outcome: 'invalid',
      reasons: [`grace ${label} the software in turn 1: she said what she knows`],
    })
  })

  it.each<[string, Script, RegExp]>([
    ['the model is not reached', () => ({ cut: 0 }), /the model was not reached: Connection error/],
    ['the model refuses', () => ({ content: 'No.', stop_reason: 'refusal' }), /the model stopped: refusal/],
    ['it is no JSON', () => 'I would say Dev.', /did not answer in the agreed form: no JSON/],
    ['it is another act', () => turn({ act: 'slack.deleteMessage', with: {} }), /did not answer in the agreed form/],
    [
      'it wants to be somebody else',
      () => turn({ act: 'slack.postMessage', with: { channel: 'anvils', text: 'x', user: 'ada.byrne@acme.test' } }),
      /did not answer in the agreed form/,
    ],
    [
      'the service refuses twice',
      () => turn({ act: 'slack.postMessage', with: { channel: 'leadership', text: 'Dev Patel' } }),
      /grace was refused twice: .*channel_not_found/,
    ],
  ])('is our failure when %s', async (_what, script, reason) => {
    const started = performance.now()
    const { outcome, reasons } = await played(script)
    expect(outcome).toBe('invalid')
    expect(reasons[0]).toMatch(reason)
    expect(performance.now() - started).toBeLessThan(900) // the software is not left waiting
  })

  it('is told what a service refused, once', async () => {
    const { outcome, requests, personas } = await played((request) => {
      if (isReview(request)) return reviewed('ok')
      if (textOf(request).includes('"text":"Noted')) return turn({ act: 'wait' })
      const channel = textOf(request).includes('It did not work') ? 'anvils' : 'leadership'
      const thread_ts = channel === 'anvils' ? { thread_ts: thread(request) } : {}
      return turn({ act: 'slack.postMessage', with: { channel, text: knowing(request), ...thread_ts } })
    })
    expect(outcome).toBe('satisfied')
    expect(textOf(requests[1] as ScriptedRequest)).toContain('channel_not_found')
    expect(personas?.[0]?.turns.map(({ act, refused }) => [act, refused !== undefined])).toEqual([
      ['slack.postMessage', true],
      ['slack.postMessage', false],
      ['wait', false],
    ])
  })

  it('has so many turns and no more', async () => {
    const talks: System = {
      name: 'talks',
      async run(world) {
        const [ask] = (await slack(world, 'conversations.history', { channel: await anvils(world) })).messages
        for (let i = 0; i < 6; i++) {
          await say(world, ask.ts, `And ${i}?`)
          await new Promise((resolve) => setTimeout(resolve, 30))
        }
      },
    }
    const patient: Script = (request) => (isReview(request) ? reviewed('ok') : turn({ act: 'wait' }))
    expect((await played(patient, STORY, { system: talks })).personas?.[0]?.turns).toHaveLength(3)
    const leaves: Script = (request) => (isReview(request) ? reviewed('ok') : turn({ act: 'done', reason: 'gave_up' }))
    expect((await played(leaves, STORY, { system: talks })).personas?.[0]?.turns).toHaveLength(1)
  })

  it('is never left out silently', async () => {
    const scenario = loadScenario('story', STORY)
    await expect(runTrajectory({ multiverse, fixture }, scenario, asks, 1)).rejects.toThrow(
      'who-takes-over: grace is played by a model: set ANTHROPIC_API_KEY, or give --scripted FILE',
    )
  })
})

describe('the people of a scenario file', () => {
  it.each([
    [STORY.replace('play: persona', 'play: model'), /story:12:11: actors.grace.play: /],
    [STORY.replace('manner: short', 'maner: short'), /story:15:12: actors.grace.maner: .*"maner"/],
    [
      STORY.replace('actor: grace, act: respond', 'actor: hugo, act: respond'),
      /steps.2.act: no persona is called hugo/,
    ],
    [
      STORY.replace('actor: grace, act: respond', 'actor: farid, act: respond'),
      /steps.2.act: no persona is called farid/,
    ],
  ])('is refused with its place: %#', (text, message) => {
    expect(() => loadScenario('story', text)).toThrow(ScenarioError)
    expect(() => loadScenario('story', text)).toThrow(message)
  })

  it('offers only acts of people', () => {
    const scenario = loadScenario('story', STORY.replace('slack.react]', 'slack.fly, slack.configureApp]'))
    expect(unknownNames(scenario, multiverse.apps)).toEqual([
      'actor grace: no act slack.fly',
      'actor grace: slack.configureApp is no act of a person',
    ])
  })

  it('are in the fixture', async () => {
    await expect(played(answers('x'), STORY.replace('grace_hall', 'nobody'))).rejects.toThrow(
      '${people.nobody} leads nowhere',
    )
  })
})
