import { readdirSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
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
  running = await up({ port: 0, control: false })
  scenarios = readdirSync(FOLDER)
    .filter((name) => name.endsWith('.yaml'))
    .map((name) => loadScenario(FOLDER + name))
})
afterAll(() => running.close())

const judged = (run: (world: World) => Promise<void>) =>
  runSuite(running.multiverse, scenarios, { name: run.name, run }, { runs: SEEDS })

type Result = Awaited<ReturnType<typeof judged>>

/** Scenarios a system satisfied on one seed. */
const satisfied = ({ scenarios }: Result, seed: number) =>
  scenarios.filter(({ trajectories }) => trajectories.find((one) => one.seed === seed)?.outcome === 'satisfied').length

const failed = ({ scenarios }: Result, id: string) => {
  const found = scenarios.find(({ scenario }) => scenario.id === id)
  return new Set(found?.trajectories.flatMap(({ checks }) => checks.filter(({ pass }) => !pass).map((one) => one.id)))
}

describe('the samples, on 20 seeds', () => {
  let [best, middle, worst]: Result[] = []
  beforeAll(async () => {
    best = await judged(good)
    middle = await judged(subtle)
    worst = await judged(boastful)
  }, 180_000)

  it.each(Array.from({ length: SEEDS }, (_, i) => i + 1))('are ranked on seed %i', (seed) => {
    const [first, second, third] = [best, middle, worst].map((result) => satisfied(result as Result, seed))
    expect(first).toBe(scenarios.length)
    expect(second).toBeLessThan(first as number)
    expect(third).toBeLessThan(second as number)
  })

  it('are told apart by the suite as a whole', () => {
    expect(middle?.satisfaction?.interval.high).toBeLessThan(best?.satisfaction?.interval.low as number)
    expect(worst?.satisfaction?.interval.high).toBeLessThan(middle?.satisfaction?.interval.low as number)
  })

  it('fail for the right reasons', () => {
    // Where no fault struck, the subtle one is as good as the good one; where it fails, one did.
    for (const { trajectories } of middle?.scenarios ?? []) {
      for (const { outcome, faults } of trajectories) if (outcome !== 'satisfied') expect(faults).not.toEqual([])
    }
    expect(failed(middle as Result, 'file-bug')).toContain('filed-right') // made twice
    expect(failed(middle as Result, 'offboard-colleague')).toContain('no-open-work-left') // refused, and went on
    expect(failed(middle as Result, 'change-budget')).toContain('cell-set')
    expect(failed(worst as Result, 'offboard-colleague')).toContain('account-off')
    expect(failed(worst as Result, 'file-bug')).not.toContain('told-the-key') // it said so beautifully
  })
})
