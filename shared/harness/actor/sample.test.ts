import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, expect, it } from 'vitest'
import player from '../../../fixtures/scenarios/people/player.ts'
import boastful from '../../../fixtures/scenarios/systems/boastful.ts'
import { type ScriptedServer, scripted } from '../../agents/scripted.ts'
import { type Running, up } from '../../server/up.ts'
import type { System } from '../driver/driver.ts'
import { memoryCache } from '../judge/cache.ts'
import { loadScenario } from '../scenario.ts'
import { runSuite } from '../suite.ts'
import { loadSystem } from '../sut.ts'
import { troupeFor } from './ask.ts'

const SCENARIOS = fileURLToPath(new URL('../../../fixtures/scenarios/', import.meta.url))
const scenario = loadScenario(`${SCENARIOS}people/last-day.yaml`)

let running: Running
let models: ScriptedServer

beforeAll(async () => {
  running = await up({ port: 0, control: false })
  models = await scripted(player)
})

afterAll(async () => {
  await models.close()
  await running.close()
})

it('tells the careful assistant from the boastful one, with people whom a model plays', async () => {
  const cache = memoryCache()
  const troupe = troupeFor(models.access, { cache })
  const suite = (system: System) => runSuite(running.multiverse, [scenario], system, { runs: 4, troupe })
  const good = await loadSystem(`${SCENARIOS}systems/good.yaml`, running.multiverse)
  const best = await suite(good)
  expect(best.scenarios[0]?.trajectories.flatMap(({ reasons }) => reasons)).toEqual([])
  const turns = best.scenarios[0]?.trajectories.map(({ personas }) => personas?.[0]?.turns.map(({ act }) => act))
  expect(turns).toEqual(Array(4).fill(['slack.postMessage', 'done']))
  const worst = await suite({ name: 'boastful', run: boastful })
  expect(worst.scenarios[0]?.counts.satisfied).toBe(0)
  expect(worst.scenarios[0]?.trajectories[0]?.reasons[0]).toMatch(/^account-off: /)
  // The same again costs nothing.
  const asked = models.requests.length
  expect((await suite(good)).satisfaction?.mean).toBe(1)
  expect(models.requests.length).toBe(asked)
  expect(models.failures).toEqual([])
})

it('is judged by a server that answers no control API', async () => {
  const { port } = new URL(running.controlUrl)
  const statuses: number[] = []
  const run = async () => {
    statuses.push((await fetch(`http://localhost:${port}/api/universes`)).status)
  }
  await runSuite(running.multiverse, [loadScenario(`${SCENARIOS}file-bug.yaml`)], { name: 'curious', run }, { runs: 1 })
  expect(statuses).toEqual([404])
})
