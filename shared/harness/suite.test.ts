import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { Multiverse } from '../server/multiverse.ts'
import { TwinServer } from '../server/server.ts'
import { library } from '../testing/library.ts'
import { aliasOf, failureClasses, ladder } from './audience.ts'
import { compareBuilds } from './builds.ts'
import type { World } from './driver/driver.ts'
import { invalidShare } from './results.ts'
import { queueGaps } from './runs/gaps.ts'
import { loadScenario } from './scenario.ts'
import { runSuite, type SuiteOptions, shardOf } from './suite.ts'

const scenarioOf = (gate: string) =>
  loadScenario(
    'story',
    `
version: 1
id: shelve
title: A book is put on the shelf
story: One book.
world: { vars: { luck: { oneOf: [0, 1, 2, 3] } } }
checks:
  - { id: there, rows: { kind: library.books, count: 1 } }
gate: ${gate}
`,
  )

/** Runs a function under test in this process. */
async function suite(gate: string, run: (world: World) => Promise<unknown>, options: SuiteOptions = {}) {
  const multiverse = new Multiverse([library])
  const server = new TwinServer({ multiverse })
  const { port } = await server.listen(0)
  multiverse.urlOf = (universe, twin) => `http://localhost:${port}/u/${universe.id}/${twin}`
  try {
    return await runSuite(
      multiverse,
      [scenarioOf(gate)],
      { name: 'bot', run: async (world) => void (await run(world)) },
      options,
    )
  } finally {
    await server.close()
  }
}

const book = ({ twins: { library: access } }: World, title: string) =>
  fetch(`${access?.url}/books`, {
    method: 'POST',
    headers: { authorization: access?.authorization as string, 'content-type': 'application/json' },
    body: JSON.stringify({ title, shelf: 'new' }),
  })

describe('a suite', () => {
  it('ends early once the gate is certain, and not before', async () => {
    const hopeless = await suite('{ satisfaction: 0.9, runs: { min: 8, max: 40 } }', async () => {})
    expect(hopeless.scenarios[0]?.trajectories).toHaveLength(8)
    const sure = await suite('{ satisfaction: 0.5, runs: { min: 8, max: 40 } }', (world) => book(world, 'Emma'))
    expect(sure.scenarios[0]?.trajectories).toHaveLength(8)
    expect(sure.met).toBe(true)
    const open = await suite('{ satisfaction: 0.8, runs: { min: 8, max: 30 } }', (world) => book(world, 'Emma'))
    expect(open.scenarios[0]?.trajectories.length).toBeGreaterThan(8)
  })

  it('runs failing seeds again to label them, and counts none of that', async () => {
    let calls = 0
    const flaky = await suite('{ runs: 4 }', (world) => (++calls % 2 ? book(world, 'Emma') : Promise.resolve()), {
      repeats: 2,
    })
    expect(flaky.scenarios[0]?.flakiness).toBe('same-seed-flaky')
    expect(flaky.scenarios[0]?.counts).toEqual({ satisfied: 2, unsatisfied: 2, undecided: 0, invalid: 0 })
    expect(flaky.scenarios[0]?.repeats).toHaveLength(4)
    const always = await suite('{ runs: 4 }', async () => {}, { repeats: 2 })
    expect(always.scenarios[0]?.flakiness).toBe('always')
    const unlucky = await suite('{ runs: 8 }', async (world) => world.vars.luck && book(world, 'Emma'), { repeats: 1 })
    expect(unlucky.scenarios[0]?.flakiness).toBe('seed-dependent')
  })

  it('tells software that does not do the same on the same seed by what happened', async () => {
    let calls = 0
    const race = await suite(
      '{ runs: 1 }',
      async (world) => {
        await book(world, `Emma ${calls++}`)
        await book(world, 'Walden')
      },
      { repeats: 2 },
    )
    expect(race.scenarios[0]?.flakiness).toBe('nondeterministic')
  })

  it('is invalid where it relied on what no twin models, and queues that', async () => {
    const missing = ({ twins: { library: access } }: World) =>
      fetch(`${access?.url}/catalogue`, { headers: { authorization: access?.authorization as string } })
    const result = await suite('{ runs: 3 }', async (world) => {
      await missing(world)
      await missing(world)
    })
    expect(invalidShare(result.scenarios)).toBe(1)
    expect(result.satisfaction).toBeUndefined()
    const folder = mkdtempSync(join(tmpdir(), 'dtu-gaps-'))
    const file = join(folder, 'deep', 'gaps.jsonl')
    queueGaps(file, result.scenarios[0]?.trajectories ?? [])
    queueGaps(file, result.scenarios[0]?.trajectories.slice(0, 1) ?? [])
    const lines = readFileSync(file, 'utf8')
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as object)
    rmSync(folder, { recursive: true })
    expect(lines).toEqual([
      { twin: 'library', op: 'getCatalogue', count: 6, scenario: 'shelve' },
      { twin: 'library', op: 'getCatalogue', count: 2, scenario: 'shelve' },
    ])
  })

  it('is divided so that every run is exactly one shard’s', () => {
    const id = fc
      .array(fc.constantFrom(...'0123456789abcdef'), { minLength: 16, maxLength: 16 })
      .map((signs) => signs.join(''))
    fc.assert(
      fc.property(id, fc.integer({ min: 1, max: 9 }), (name, of) => {
        const shard = shardOf(name, of)
        expect(shard).toBeGreaterThanOrEqual(1)
        expect(shard).toBeLessThanOrEqual(of)
      }),
    )
  })
})

it('compares two builds by the seeds they differ in', async () => {
  const gate = '{ satisfaction: 0.5, runs: 12 }'
  const good = await suite(gate, (world) => book(world, 'Emma'))
  const bad = await suite(gate, async (world) => world.vars.luck === 0 && book(world, 'Emma'))
  const worse = compareBuilds(good, bad)
  const [only] = worse.scenarios
  expect(only).toMatchObject({ verdict: 'regression', first: 1, onlySecond: 0 })
  expect(only?.onlyFirst).toBeGreaterThan(5)
  expect(worse.difference?.interval.high).toBeLessThan(0)
  expect(compareBuilds(bad, good).scenarios[0]?.verdict).toBe('improvement')
  expect(compareBuilds(good, good)).toMatchObject({ chance: 1, difference: { mean: 0 }, left: [] })
  const changed = await suite('{ satisfaction: 0.6, runs: 2 }', (world) => book(world, 'Emma'))
  expect(compareBuilds(good, changed)).toMatchObject({ pairs: 0, left: ['shelve: the scenario itself changed'] })
})

describe('what is told of a holdout', () => {
  const share = (mean: number, half: number) => ({ mean, interval: { low: mean - half, high: mean + half } })

  it('moves only when the score did, by more than one standard error', () => {
    const told = share(0.8, 0.1)
    expect(ladder(undefined, told)).toBe(told)
    expect(ladder(told, share(0.83, 0.1))).toBe(told)
    expect(ladder(told, share(0.7, 0.1)).mean).toBe(0.7)
  })

  it('is a class of failure, by the check that failed', async () => {
    const { scenarios } = await suite('{ runs: 1 }', async () => {})
    const [result] = scenarios
    const [trajectory] = result?.trajectories ?? []
    if (!result || !trajectory) throw new Error('no run')
    expect(failureClasses(result.scenario, trajectory)).toEqual(['wrong end state'])
    expect(failureClasses(result.scenario, { ...trajectory, faults: ['503 on x'] })).toEqual(['error handling'])
    expect(failureClasses(result.scenario, { ...trajectory, outcome: 'satisfied' })).toEqual([])
    expect(aliasOf(result.scenario)).toMatch(/^holdout-[0-9a-f]{6}$/)
  })
})
