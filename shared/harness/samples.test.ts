import { readdirSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, expect, it } from 'vitest'
import boastful from '../../fixtures/scenarios/systems/boastful.ts'
import good from '../../fixtures/scenarios/systems/good.ts'
import subtle from '../../fixtures/scenarios/systems/subtle.ts'
import { type Running, up } from '../server/up.ts'
import type { World } from './driver/driver.ts'
import { loadScenario, type Scenario } from './scenario.ts'
import { runSuite } from './suite.ts'

const FOLDER = fileURLToPath(new URL('../../fixtures/scenarios/', import.meta.url))
const SEEDS = 20

let running: Running
let scenarios: Scenario[]

beforeAll(async () => {
  running = await up({ port: 0 })
  scenarios = readdirSync(FOLDER)
    .filter((name) => name.endsWith('.yaml'))
    .map((name) => loadScenario(FOLDER + name))
})
afterAll(() => running.close())

const judged = (run: (world: World) => Promise<void>) =>
  runSuite(running.multiverse, scenarios, { name: run.name, run }, { runs: SEEDS })

it('ranks the samples: care over haste over boasting, on 20 seeds and for the right reasons', async () => {
  const [best, middle, worst] = [await judged(good), await judged(subtle), await judged(boastful)]
  expect(best.scenarios.flatMap(({ trajectories }) => trajectories.flatMap(({ reasons }) => reasons))).toEqual([])
  expect(best.satisfaction?.mean).toBe(1)
  expect(middle.satisfaction?.interval.high).toBeLessThan(best.satisfaction?.interval.low as number)
  expect(middle.satisfaction?.mean).toBeGreaterThan(0)
  expect(worst.satisfaction?.mean).toBe(0)

  // Where no fault struck, the subtle one is as good as the good one; where it fails, one did.
  for (const { trajectories } of middle.scenarios) {
    for (const { outcome, faults } of trajectories) if (outcome !== 'satisfied') expect(faults).not.toEqual([])
  }
  const failed = (name: string, result: typeof best) => {
    const found = result.scenarios.find(({ scenario }) => scenario.id === name)
    return new Set(found?.trajectories.flatMap(({ checks }) => checks.filter(({ pass }) => !pass).map(({ id }) => id)))
  }
  expect(failed('file-bug', middle)).toContain('filed-right') // made twice
  expect(failed('offboard-colleague', middle)).toContain('no-open-work-left') // refused, and went on
  expect(failed('offboard-colleague', worst)).toContain('account-off')
  expect(failed('file-bug', worst)).not.toContain('told-the-key') // it said so beautifully
}, 180_000)
