import { beforeEach, describe, expect, it } from 'vitest'
import { BLANK, Multiverse } from '../server/multiverse.ts'
import { TwinServer } from '../server/server.ts'
import { library } from '../testing/library.ts'
import type { System, World } from './driver/driver.ts'
import { loadScenario, ScenarioError, unknownNames } from './scenario.ts'
import { runSuite } from './suite.ts'
import { runTrajectory } from './trajectory.ts'

const STORY = `
version: 1
id: lend-a-book
title: A reader borrows the book she asks for
story: Ann asks for a book. It is put on the shelf and lent to her.
world:
  vars:
    title: { oneOf: [Emma, Middlemarch, Walden] }
    other: { oneOf: [Emma, Middlemarch, Walden], not: title }
steps:
  - { at: 0s, actor: ann, act: library.donate, with: { title: "\${other}" }, as: gift }
  - { on: { call: library.createBook }, actor: ann, act: library.donate, with: { title: "Thanks for \${title}" } }
  - { at: 10m, actor: ann, act: library.donate, with: { title: Late } }
checks:
  - { id: there, row: { kind: library.books, where: { title: "\${title}" }, is: { shelf: new } } }
  - { id: gift-untouched, unchanged: { kind: library.books, where: { title: nobody } } }
  - { id: thanked, rows: { kind: library.books, where: { title: { startsWith: Thanks } }, count: 1 } }
  - { id: late, rows: { kind: library.books, where: { title: Late }, count: 1 } }
  - { id: lent, call: { op: library.lendBook, ok: true }, critical: false }
  - { id: no-removal, no_call: { op: library.removeBook } }
gate: { satisfaction: 0.5, runs: 4 }
`

let multiverse: Multiverse

beforeEach(() => {
  multiverse = new Multiverse([library])
})

/** Functions under test reach the twins in this process. */
async function serving<T>(work: (port: number) => Promise<T>): Promise<T> {
  const server = new TwinServer({ multiverse })
  const { port } = await server.listen(0)
  multiverse.urlOf = (universe, twin) => `http://localhost:${port}/u/${universe.id}/${twin}`
  try {
    return await work(port)
  } finally {
    await server.close()
  }
}

const post = (world: World, path: string, body: object) =>
  fetch(`${world.twins.library?.url}${path}`, {
    method: 'POST',
    headers: { authorization: world.twins.library?.authorization as string, 'content-type': 'application/json' },
    body: JSON.stringify(body),
  })

const good: System = {
  name: 'good',
  run: async (world) => void (await post(world, '/books', { title: world.vars.title, shelf: 'new' })),
}
const lazy: System = { name: 'lazy', run: async () => {} }
const careless: System = {
  name: 'careless',
  run: async (world) => void (await post(world, '/books', { title: world.vars.title, shelf: 'old' })),
}

describe('a trajectory', () => {
  it('is satisfied when every critical check holds', async () => {
    const result = await serving(() =>
      runTrajectory({ multiverse, fixture: BLANK }, loadScenario('story', STORY), good, 1),
    )
    expect(result.reasons).toEqual([])
    expect(result.outcome).toBe('satisfied')
    expect(result.checks.find(({ id }) => id === 'lent')?.pass).toBe(false) // not critical
    expect(multiverse.size).toBe(0)
  })

  it('says why it is not', async () => {
    const scenario = loadScenario('story', STORY)
    const reasons = async (system: System) =>
      (await serving(() => runTrajectory({ multiverse, fixture: BLANK }, scenario, system, 1))).reasons
    expect((await reasons(lazy)).map((reason) => reason.split(':')[0])).toEqual(['there', 'thanked'])
    expect(await reasons(careless)).toEqual([expect.stringMatching(/^there: .*shelf is "old"/)])
    expect(await reasons({ name: 'broken', run: () => Promise.reject(new Error('no idea')) })).toContain(
      'the system failed: no idea',
    )
  })

  it('is invalid when it relied on what is not modelled', async () => {
    const system: System = {
      name: 'asks for more',
      async run(world) {
        await (good as { run: (world: World) => Promise<void> }).run(world)
        await fetch(`${world.twins.library?.url}/catalogue`, {
          headers: { authorization: world.twins.library?.authorization as string },
        })
      },
    }
    const result = await serving(() =>
      runTrajectory({ multiverse, fixture: BLANK }, loadScenario('story', STORY), system, 1),
    )
    expect(result).toMatchObject({
      outcome: 'invalid',
      reasons: ['relied on library.getCatalogue, which is not modelled'],
    })
  })

  it('runs a command with nothing but its own environment, and kills what outlives it', async () => {
    const script = `
      const { LIBRARY_TOKEN, TITLE, DTU_UNIVERSE, HOME, ...rest } = process.env
      if (Object.keys(rest).some((name) => name.startsWith('npm_') || name === 'VITEST')) process.exit(3)
      const url = process.argv[1] + '/u/' + DTU_UNIVERSE + '/library/books'
      const reply = await fetch(url, { method: 'POST', headers: { authorization: 'Bearer ' + LIBRARY_TOKEN, 'content-type': 'application/json' },
        body: JSON.stringify({ title: TITLE, shelf: 'new' }) })
      if (!reply.ok) process.exit(4)`
    const outcome = await serving(async (port) => {
      const command = [process.execPath, '--input-type=module', '-e', script, `http://localhost:${port}`]
      const ran = await runTrajectory(
        { multiverse, fixture: BLANK },
        loadScenario('story', STORY),
        { name: 'command', command, env: { LIBRARY_TOKEN: '${library.token}', TITLE: '${vars.title}' } },
        1,
      )
      const hangs = {
        name: 'hangs',
        command: [process.execPath, '-e', 'setInterval(() => {}, 1000)'],
        budget: { wall: 300 },
      }
      const hung = await runTrajectory({ multiverse, fixture: BLANK }, loadScenario('story', STORY), hangs, 1)
      return { ran, hung }
    })
    expect(outcome.ran.reasons).toEqual([])
    expect(outcome.hung.reasons[0]).toBe('the system failed: it took longer than 0.3 s')
  })
})

it('ranks a good system over a careless one, for the right reason', async () => {
  await serving(async () => {
    const [best, worse] = [
      await runSuite(multiverse, [loadScenario('story', STORY)], good),
      await runSuite(multiverse, [loadScenario('story', STORY)], careless),
    ]
    expect(best.satisfaction?.mean).toBe(1)
    expect(best.met).toBe(true)
    expect(worse.satisfaction?.mean).toBe(0)
    expect(worse.scenarios[0]?.trajectories[0]?.reasons[0]).toMatch(/^there: /)
    expect(new Set(best.scenarios[0]?.trajectories.map(({ vars }) => vars.title)).size).toBeGreaterThan(1)
  })
})

describe('a scenario file', () => {
  it.each([
    ['title: x', /story:1:1: version: /],
    [
      'version: 1\nid: Not An Id\ntitle: x\nstory: y\nworld: {}\nchecks: [{ id: a, no_call: { op: library.x } }]',
      /story:2:5: id: an id is lower-case/,
    ],
    [STORY.replace('10m', 'soon'), /story:\d+:\d+: steps\.2/],
    [STORY.replace('id: late,', 'id: there,'), /story:\d+:\d+: checks\.3\.id: this id is taken/],
    [STORY.replace('count: 1 } }', 'counts: 1 } }'), /story:\d+:\d+: checks\.\d/],
    ['version: 1\n bad indent: [', /story:\d+:\d+: /],
  ])('is refused with its place: %#', (text, message) => {
    expect(() => loadScenario('story', text)).toThrow(ScenarioError)
    expect(() => loadScenario('story', text)).toThrow(message)
  })

  it('names only what the twins have', () => {
    const scenario = loadScenario(
      'story',
      STORY.replace('kind: library.books, where: { title: Late }', 'kind: library.cds')
        .replace('library.removeBook', 'library.burnBook')
        .replace('library.donate, with: { title: Late }', 'library.steal'),
    )
    expect(unknownNames(scenario, multiverse.apps)).toEqual([
      'check late: no kind library.cds; library has books',
      'check no-removal: no operation library.burnBook',
      'step 2: no act library.steal; library has donate',
    ])
  })

  it('refers to what is there', async () => {
    const scenario = loadScenario('story', STORY.replace('${other}', '${nobody.name}'))
    await expect(serving(() => runTrajectory({ multiverse, fixture: BLANK }, scenario, good, 1))).rejects.toThrow(
      '${nobody.name} leads nowhere',
    )
  })
})
