import { afterAll, beforeAll, expect, it } from 'vitest'
import { type ScriptedServer, scripted } from '../agents/scripted.ts'
import { Multiverse } from '../server/multiverse.ts'
import { TwinServer } from '../server/server.ts'
import { library } from '../testing/library.ts'
import type { System } from './driver/driver.ts'
import { runJson } from './report/write.ts'
import { loadScenario, ScenarioError } from './scenario.ts'
import { runSuite } from './suite.ts'

const scenario = (id: string, actors = '') =>
  loadScenario(
    id,
    `
version: 1
id: ${id}
title: Nothing is changed
story: The software thinks.
world: {}
${actors}
checks:
  - { id: nothing, only: [] }
gate: { runs: 4, satisfaction: 0.3 }
`,
  )

let multiverse: Multiverse
let server: TwinServer
let models: ScriptedServer

beforeAll(async () => {
  multiverse = new Multiverse([library])
  server = new TwinServer({ multiverse })
  await server.listen(0)
  models = await scripted(() => ({ content: 'Hi.', usage: { input_tokens: 895_000, output_tokens: 1000 } }))
})

afterAll(async () => {
  await server.close()
  await models.close()
})

/** Asks a model once, through the gateway. */
const asks: System = {
  name: 'asks',
  env: { ANTHROPIC_BASE_URL: '${env.UPSTREAM}' },
  gateway: true,
  async run({ env }) {
    const headers = {
      authorization: 'Bearer key',
      'anthropic-version': '2026-10-21',
      'content-type': 'application/json',
    }
    const body = { model: 'claude-sonnet-5-5', max_tokens: 9, messages: [{ role: 'user', content: 'Hello' }] }
    await fetch(`${env.ANTHROPIC_BASE_URL}/v1/messages`, { method: 'POST', headers, body: JSON.stringify(body) })
  },
}

const suite = (options: Parameters<typeof runSuite>[3] = {}) => {
  process.env.UPSTREAM = models.access.baseURL
  return runSuite(multiverse, [scenario('first'), scenario('second')], asks, options)
}

it('says what models cost: of a run, a scenario, the suite', async () => {
  const result = await suite()
  const one = { requests: 1, tokens: 896_000, dollars: expect.closeTo(1.8, 9) }
  expect(result.scenarios[0]?.trajectories[0]?.costs).toEqual({ sut: one })
  expect(result.scenarios[0]?.costs).toEqual({
    sut: { requests: 4, tokens: 3_584_000, dollars: expect.closeTo(7.2, 9) },
  })
  expect(result.costs.sut?.dollars).toBeCloseTo(14.4, 9)
  expect(result.stopped).toBeUndefined()
  expect(JSON.parse(JSON.stringify(runJson(result)))).toMatchObject({ costs: { sut: { requests: 8 } } })
})

it('begins no run once a budget is used up: what is finished counts, the rest is said', async () => {
  const result = await suite({ purse: { dollars: 5 } })
  expect(result.scenarios.map(({ trajectories }) => trajectories.length)).toEqual([3, 0])
  expect(result.scenarios[0]?.counts.satisfied).toBe(3)
  expect(result.stopped).toEqual({ because: 'the budget of $5 is used up', notStarted: 5 })
  expect(result.met).toBe(false)
})

it('finishes what is under way in other lanes, and counts what was finished before', async () => {
  const before = await suite({ purse: { tokens: 1 } })
  const [known] = before.scenarios[0]?.trajectories ?? []
  if (!known) throw new Error('nothing was run')
  const result = await suite({ purse: { tokens: 1 }, lanes: 3, finished: new Map([[known.id, known]]) })
  expect(result.scenarios[0]?.trajectories).toHaveLength(4)
  expect(result.stopped?.notStarted).toBe(4)
})

it('refuses a suite with people whom nobody can play, before anything is run', async () => {
  const ann = 'actors: { ann: { play: persona, person: ann, wants: A book, may: [library.donate] } }'
  const run = runSuite(multiverse, [scenario('first'), scenario('second', ann)], asks)
  await expect(run).rejects.toThrow(ScenarioError)
  await expect(run).rejects.toThrow('second: ann is played by a model')
})
