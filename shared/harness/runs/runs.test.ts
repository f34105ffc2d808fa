import { type ChildProcess, spawn } from 'node:child_process'
import {
  appendFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { run as scenario } from '../../../scripts/commands/scenario.ts'
import { inThisProcess, type Ran } from '../../testing/cli.ts'
import type { TrajectoryRecord } from '../report/record.ts'
import { RunStore } from './store.ts'

const DTU = fileURLToPath(new URL('../../../scripts/dtu.ts', import.meta.url))
const ROOT = fileURLToPath(new URL('../../../', import.meta.url))

const SCENARIO = (id: string, extra = '') => `
version: 1
id: ${id}
title: It is said
story: It has to be said; some seeds are unlucky.
world: { fixture: acme, vars: { luck: { oneOf: [good, good, bad] } } }
checks:
  - { id: said, rows: { kind: slack.messages, where: { text: { startsWith: "It is " }, bot_id: { exists: true } }, count: 1 } }
  - { id: luck, absent: { kind: slack.messages, where: { text: It is bad } } }
gate: { satisfaction: 0.5, runs: 10 }
${extra}`

/** Says it, after a while; a build that is \`mended\` never says that it is bad. */
const SYSTEM = (mended: boolean) => `
export default async function says({ twins: { slack }, vars }) {
  await new Promise((resolve) => setTimeout(resolve, 20))
  if (${mended} && vars.luck === 'bad') vars = { luck: 'not mine to say' }
  await fetch(slack.url + '/api/chat.postMessage', {
    method: 'POST',
    headers: { authorization: slack.authorization, 'content-type': 'application/json' },
    body: JSON.stringify({ channel: 'anvils', text: 'It is ' + vars.luck }),
  })
}`

const folder = mkdtempSync(join(tmpdir(), 'dtu-runs-'))
const at = (name: string) => join(folder, name)
const words = (ledger: string, ...more: string[]) => [
  ...['run', at('one.yaml'), at('two.yaml'), '--function', at('bot/bot.mjs'), '--ledger', at(ledger)],
  ...['--repeat', '0', '--json', ...more],
]

const dtu = (...args: string[]) => inThisProcess(() => scenario(args))

interface Figures {
  satisfaction: object
  scenarios: { id: string; satisfaction: object; trajectories: { id: string; seed: number; outcome: string }[] }[]
}

/** What a result says, without what differs from run to run: time. */
const figures = (out: string) => {
  const { satisfaction, scenarios } = JSON.parse(out) as Figures
  return {
    satisfaction,
    scenarios: scenarios.map((one) => ({
      ...{ id: one.id, satisfaction: one.satisfaction },
      trajectories: one.trajectories.map(({ id, seed, outcome }) => [id, seed, outcome]),
    })),
  }
}

const lines = (file: string) => (existsSync(file) ? readFileSync(file, 'utf8').split('\n').filter(Boolean) : [])
const runOf = (ledger: string) => {
  const [id] = readdirSync(at(ledger)).filter((name) => name !== 'index.json')
  return { id: id as string, file: join(at(ledger), id as string, 'trajectories.jsonl') }
}

let whole: Ran

beforeAll(async () => {
  writeFileSync(at('one.yaml'), SCENARIO('one'))
  writeFileSync(at('two.yaml'), SCENARIO('two'))
  for (const [name, mended] of [
    ['bot', false],
    ['mended', true],
  ] as const) {
    mkdirSync(at(name))
    writeFileSync(at(`${name}/bot.mjs`), SYSTEM(mended))
  }
  whole = await dtu(...words('whole'))
}, 30_000)
afterAll(() => rmSync(folder, { recursive: true }))

describe('a run', () => {
  it('is kept, each trajectory once', () => {
    expect([0, 1]).toContain(whole.code)
    const kept = lines(runOf('whole').file).map((line) => JSON.parse(line) as TrajectoryRecord)
    expect(kept).toHaveLength(20)
    expect(new Set(kept.map(({ id }) => id)).size).toBe(20)
    expect(new Set(kept.map(({ outcome }) => outcome))).toEqual(new Set(['satisfied', 'unsatisfied']))
  })

  it('goes on after kill -9 without losing or repeating a finished trajectory', async () => {
    const child: ChildProcess = spawn(process.execPath, [DTU, 'scenario', ...words('killed')], {
      cwd: ROOT,
      stdio: 'ignore',
    })
    const gone = new Promise((resolve) => child.once('exit', (_code, signal) => resolve(signal)))
    const begun = () => existsSync(at('killed')) && readdirSync(at('killed')).length > 0
    while (!begun() || lines(runOf('killed').file).length < 5) await new Promise((resolve) => setTimeout(resolve, 5))
    child.kill('SIGKILL')
    expect(await gone).toBe('SIGKILL')
    const { id, file } = runOf('killed')
    const before = lines(file)
    expect(before.length).toBeGreaterThanOrEqual(5)
    expect(before.length).toBeLessThan(20)
    appendFileSync(file, '{"version":1,"id":"cut sho') // what a kill in the middle of a write leaves

    const resumed = await dtu('run', '--resume', id, '--ledger', at('killed'))
    expect(figures(resumed.out)).toEqual(figures(whole.out))
    const after = lines(file)
    expect(after.slice(0, before.length)).toEqual(before) // nothing lost, nothing run again
    expect(after).toHaveLength(20)
    expect(new Set(after.map((line) => (JSON.parse(line) as TrajectoryRecord).id)).size).toBe(20)
  }, 30_000)

  it('does not go on when its scenarios changed', async () => {
    const { id } = runOf('killed')
    writeFileSync(at('two.yaml'), SCENARIO('two', 'weight: 2'))
    const refused = await dtu('run', '--resume', id, '--ledger', at('killed'))
    writeFileSync(at('two.yaml'), SCENARIO('two'))
    expect(refused).toMatchObject({ code: 2, err: expect.stringMatching(/two\.yaml: changed since run/) })
  }, 30_000)
})

describe('shards', () => {
  it('divide the work and merge to the figures of one machine', async () => {
    const parts: Ran[] = []
    for (const n of [1, 2, 3]) parts.push(await dtu(...words(`shard${n}`, '--shard', `${n}/3`)))
    const shares = parts.map(({ out }) => figures(out).scenarios.flatMap(({ trajectories }) => trajectories))
    expect(shares.flat()).toHaveLength(20)
    expect(Math.max(...shares.map((share) => share.length))).toBeLessThan(20) // by chance, one may get none
    const folders = [1, 2, 3].map((n) => join(at(`shard${n}`), runOf(`shard${n}`).id))
    const merged = await dtu('merge', ...folders, '--json', '--out', at('merged'))
    expect(figures(merged.out)).toEqual(figures(whole.out))
    expect(merged.code).toBe(whole.code)
    expect(readdirSync(at('merged'))).toEqual(expect.arrayContaining(['report.html', 'run.json', 'trajectories']))
  }, 40_000)

  it('merge nothing that does not belong together', async () => {
    const alone = await dtu(
      'run',
      at('one.yaml'),
      '--function',
      at('bot/bot.mjs'),
      '--runs',
      '1',
      '--ledger',
      at('alone'),
    )
    expect(alone.code).toBe(1)
    const paths = ['alone', 'whole'].map((ledger) => join(at(ledger), runOf(ledger).id))
    expect(await dtu('merge', ...paths)).toMatchObject({
      code: 2,
      err: expect.stringMatching(/different scenarios/),
    })
  }, 30_000)
})

describe('two builds', () => {
  it('are compared seed by seed, in history, text, JSON and a page', async () => {
    const mended = words('whole').map((word) => word.replace(at('bot/bot.mjs'), at('mended/bot.mjs')))
    await dtu(...mended)
    const [first, second] = (await new RunStore(at('whole')).summaries()).map(({ id }) => id) as [string, string]
    const told = await dtu('compare', first, second, '--ledger', at('whole'))
    expect(told.code).toBe(0)
    expect(told.out).toMatch(/The second is better|No difference is shown/)
    const back = await dtu('compare', second, first, '--ledger', at('whole'), '--json', '--out', folder)
    const json = JSON.parse(back.out) as {
      pairs: number
      difference: { mean: number }
      scenarios: { pairs: object[] }[]
    }
    expect(json.pairs).toBe(20)
    expect(json.difference.mean).toBeLessThan(0)
    expect(json.scenarios[0]?.pairs[0]).toEqual({ seed: 1, first: expect.any(String), second: expect.any(String) })
    expect(readFileSync(at('comparison.html'), 'utf8')).toContain('class="pairs"')
    const history = await dtu('history', '--ledger', at('whole'))
    expect(history.out.split('\n').filter((line) => line.startsWith('  '))).toHaveLength(2)
  }, 30_000)
})
