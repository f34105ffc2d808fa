import { afterAll, beforeAll, expect, it } from 'vitest'
import { BLANK, Multiverse } from '../server/multiverse.ts'
import { TwinServer } from '../server/server.ts'
import { library } from '../testing/library.ts'
import type { System, World } from './driver/driver.ts'
import { loadScenario } from './scenario.ts'
import { runTrajectory } from './trajectory.ts'

/** Books come at three times; how many there are at the end tells how far time went. */
const scenario = (until: string, books: number) =>
  loadScenario(
    'time',
    `
version: 1
id: time
title: Time goes as far as it must
story: Books are brought.
world: {}
steps:
  - { at: 1s, actor: ann, act: library.donate, with: { title: One } }
  - { at: 10m, actor: ann, act: library.donate, with: { title: Two } }
  - { at: 50m, actor: ann, act: library.donate, with: { title: Three } }
  - { at: 3h, actor: ann, act: library.donate, with: { title: Beyond the horizon } }
${until}
checks:
  - { id: books, rows: { kind: library.books, where: { shelf: donated }, count: ${books} } }
`,
  )

let multiverse: Multiverse
let server: TwinServer

beforeAll(async () => {
  multiverse = new Multiverse([library])
  server = new TwinServer({ multiverse })
  const { port } = await server.listen(0)
  multiverse.urlOf = (universe, twin) => `http://localhost:${port}/u/${universe.id}/${twin}`
})

afterAll(() => server.close())

const books = async ({ twins }: World): Promise<string[]> => {
  const { url, authorization } = twins.library as { url: string; authorization: string }
  const reply = await fetch(`${url}/books`, { headers: { authorization } })
  return ((await reply.json()) as { books: { title: string }[] }).books.map(({ title }) => title)
}

const ends: System = { name: 'ends', run: async () => {} }
/** Looks every now and then, and is never done by itself. Looking again is no news. */
const watches = (seen: string[][]): System => ({
  name: 'watches',
  idle: 120,
  budget: { wall: 5000 },
  async run(world) {
    for (let last = -1; ; ) {
      const now = await books(world)
      if (now.length !== last) seen.push(now)
      await new Promise((resolve) => setTimeout(resolve, 15))
      last = now.length
    }
  },
})

const run = (under: System, until: string, count: number) =>
  runTrajectory({ multiverse, fixture: BLANK }, scenario(until, count), under, 1)

it.each([
  ['its end, and what is due until the horizon', '', 3],
  ['a shorter horizon', 'horizon: 5m', 1],
  ['quiet', 'until: { any: [{ quiet: 90s }] }', 3],
  ['the time that is given', 'until: { any: [{ elapsed: 20m }] }', 2],
  ['what comes first', 'until: { any: [{ quiet: 90s }, { elapsed: 5m }] }', 1],
])('a story lasts until %s', async (_what, until, count) => {
  const { reasons } = await run({ ...ends, idle: 20 }, until, count)
  expect(reasons).toEqual([])
})

it('jumps to what is due while the software works, whenever it waits', async () => {
  const seen: string[][] = []
  const { reasons } = await run(watches(seen), 'until: { any: [{ elapsed: 20m }] }', 2)
  expect(reasons).toEqual([])
  expect(seen.map((titles) => titles.length)).toEqual([0, 1, 2])
})

it('ends at once with software that fails', async () => {
  const fails: System = { name: 'fails', run: () => Promise.reject(new Error('no idea')) }
  const { reasons } = await run(fails, 'until: { any: [{ elapsed: 20m }] }', 3)
  expect(reasons).toEqual(['the system failed: no idea'])
})
