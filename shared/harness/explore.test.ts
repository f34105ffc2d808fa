import { fileURLToPath } from 'node:url'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import good from '../../fixtures/scenarios/systems/good.ts'
import subtle from '../../fixtures/scenarios/systems/subtle.ts'
import { type Running, up } from '../server/up.ts'
import type { World } from './driver/driver.ts'
import { explore, pointFrom, pointText, ruleOf } from './explore.ts'
import { fixtureNamed } from './fixtures.ts'
import { explorationText, failing } from './report/exploration.ts'
import { loadScenario } from './scenario.ts'
import { shrink } from './shrink.ts'
import { runTrajectory } from './trajectory.ts'

const SEED = 3

let running: Running
beforeAll(async () => {
  running = await up({ port: 0 })
})
afterAll(() => running.close())

async function explored(id: string, run: (world: World) => Promise<void>) {
  const scenario = loadScenario(fileURLToPath(new URL(`../../fixtures/scenarios/${id}.yaml`, import.meta.url)))
  const twins = [...running.multiverse.apps.values()].map(({ twin }) => twin)
  const stage = { multiverse: running.multiverse, fixture: await fixtureNamed('acme', twins) }
  const system = { name: run.name, run }
  return { scenario, stage, system, found: await explore(stage, scenario, system, SEED) }
}

describe('exploration', () => {
  it.each(['file-bug', 'write-incident-report', 'welcome-newcomer'])(
    'finds nothing in the careful one: %s',
    async (id) => {
      const { found } = await explored(id, good)
      expect(found.clean.outcome).toBe('satisfied')
      expect(found.points.length).toBeGreaterThan(10)
      expect(failing(found).map(({ point, trajectory }) => [pointText(point), trajectory.reasons])).toEqual([])
      expect(found.smallest).toBeUndefined()
    },
    60_000,
  )

  it('finds both mistakes of the subtle one, and how to see them again', async () => {
    const { found, scenario, stage, system } = await explored('file-bug', subtle)
    expect(found.clean.outcome).toBe('satisfied') // a sunny day does not show them
    const failed = failing(found).map(({ point }) => pointText(point))
    expect(failed).toContain('jira.createIssue#1:lost-reply') // made twice
    expect(failed).toContain('jira.createIssue#1:500') // refused, and went on
    expect(failed).not.toContain('jira.createIssue#1:dropped')
    const text = explorationText(scenario, found, (plan) => `again ${plan.map(pointText)}`)
    expect(text).toMatch(/jira\.createIssue +FAIL 1\/1 +FAIL 1\/1 +FAIL 1\/1 +ok/)
    expect(text).toContain('again jira.createIssue#1:lost-reply')

    const point = pointFrom('jira.createIssue#1:lost-reply')
    const again = await runTrajectory(stage, scenario, system, SEED, { faults: point ? [ruleOf(point)] : [] })
    expect(again.reasons).toEqual([expect.stringMatching(/^filed-right: .*2 rows match/)])
  }, 60_000)

  it('has nothing to explore where the run fails by itself', async () => {
    const { found, scenario } = await explored('file-bug', async () => {})
    expect(found.points).toEqual([])
    expect(explorationText(scenario, found, () => '')).toMatch(/unsatisfied without any fault/)
  })
})

it.each(['jira.createIssue', 'jira.createIssue#0:500', 'jira.createIssue#1:418', '#1:500'])(
  '%s is no fault',
  (text) => {
    expect(pointFrom(text)).toBeUndefined()
  },
)

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
