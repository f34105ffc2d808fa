import { spawn } from 'node:child_process'
import { appendFileSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { library } from '../testing/library.ts'
import { systemTables } from '../universe/system.ts'
import { Table } from '../universe/table.ts'
import type { Universe } from '../universe/universe.ts'
import { Multiverse } from './multiverse.ts'
import { openPersistence } from './persistence.ts'

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'dtu-'))
})
afterEach(() => rmSync(folder, { recursive: true }))

const count = (multiverse: Multiverse, universe: Universe) =>
  multiverse.moment(universe, 'library', (call) => void call.sequence('count'))
const value = (universe: Universe) => new Table(universe.store, systemTables.counters).get('library count')?.value

it('brings back rows, chance, snapshots and the beginning', async () => {
  const first = new Multiverse([library])
  const kept = await openPersistence(folder, first)
  const universe = first.create({ id: 'kept' })
  await kept.keep(universe)
  for (let i = 0; i < 3; i++) count(first, universe)
  universe.snapshot('three')
  for (let i = 0; i < 2; i++) count(first, universe)
  await kept.close()

  const second = new Multiverse([library])
  const reopened = await openPersistence(folder, second)
  const back = second.get('kept')
  expect(value(back)).toBe(5)
  expect(back.random.state).toEqual(universe.random.state)
  expect(back.restore('three')).toBe(true)
  expect(value(back)).toBe(3)
  await reopened.close()

  const third = new Multiverse([library])
  const again = await openPersistence(folder, third)
  expect(value(third.get('kept'))).toBe(3)
  third.get('kept').reset()
  expect(value(third.get('kept'))).toBeUndefined()
  await again.drop('kept')
  await again.close()
  expect(readdirSync(folder)).toEqual(['universes.json'])
})

it('checkpoints while it goes on, and reads the checkpoint and the logs after it', async () => {
  const first = new Multiverse([library])
  const kept = await openPersistence(folder, first)
  const universe = first.create({ id: 'busy' })
  await kept.keep(universe)
  for (let i = 0; i < 4321; i++) count(first, universe)
  await kept.close()
  const second = new Multiverse([library])
  const reopened = await openPersistence(folder, second)
  expect(value(second.get('busy'))).toBe(4321)
  await reopened.close()
})

it('drops a log line that was cut short', async () => {
  const first = new Multiverse([library])
  const kept = await openPersistence(folder, first)
  const universe = first.create({ id: 'cut' })
  await kept.keep(universe)
  count(first, universe)
  await kept.close()
  const log = readdirSync(folder).find((name) => name.endsWith('.log')) as string
  appendFileSync(join(folder, log), '{"changes":[{"table":"dtu.coun')
  for (const expected of [1, 2]) {
    const next = new Multiverse([library])
    const reopened = await openPersistence(folder, next)
    expect(value(next.get('cut'))).toBe(expected)
    count(next, next.get('cut'))
    await reopened.close()
  }
})

it('loses nothing it acknowledged when the process is killed', async () => {
  const script = join(folder, 'writer.ts')
  const here = new URL('.', import.meta.url).href
  writeFileSync(
    script,
    `import { library } from '${here}../testing/library.ts'
import { Multiverse } from '${here}multiverse.ts'
import { openPersistence } from '${here}persistence.ts'
const multiverse = new Multiverse([library])
const kept = await openPersistence(${JSON.stringify(join(folder, 'data'))}, multiverse)
const universe = multiverse.create({ id: 'killed' })
await kept.keep(universe)
for (let i = 1; ; i++) {
  multiverse.moment(universe, 'library', (call) => call.sequence('count'))
  process.stdout.write(i + '\\n')
  if (i % 50 === 0) await new Promise((resolve) => setImmediate(resolve))
}
`,
  )
  const child = spawn(process.execPath, [script], { stdio: ['ignore', 'pipe', 'inherit'] })
  let acknowledged = 0
  await new Promise<void>((resolve) => {
    let rest = ''
    child.stdout.on('data', (chunk) => {
      const lines = (rest + chunk).split('\n')
      rest = lines.pop() as string
      acknowledged = Number(lines.at(-1) ?? acknowledged)
      if (acknowledged > 5000) child.kill('SIGKILL')
    })
    child.on('close', () => resolve())
  })
  const multiverse = new Multiverse([library])
  const reopened = await openPersistence(join(folder, 'data'), multiverse)
  expect(value(multiverse.get('killed'))).toBeGreaterThanOrEqual(acknowledged)
  await reopened.close()
})
