import { spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { inThisProcess } from '../../../shared/testing/cli.ts'
import { run as scenario } from '../scenario.ts'

const ROOT = fileURLToPath(new URL('../../../', import.meta.url))
const TERMINAL = { cwd: ROOT, encoding: 'utf8' } as const
const folder = mkdtempSync(join(tmpdir(), 'dtu-scenario-'))
const at = (name: string) => join(folder, name)

const dtu = (...args: string[]) => inThisProcess(() => scenario(args))

const SECRET = 'heliotrope'
const HOLDOUT = `
version: 1
id: ${SECRET}-story
title: The ${SECRET} is announced
visibility: holdout
canary: 7f3c-${SECRET}-canary
story: Somebody announces the ${SECRET}.
world: { fixture: acme, vars: { flower: { oneOf: [${SECRET}-1, ${SECRET}-2] } } }
checks:
  - { id: ${SECRET}-said, rows: { kind: slack.messages, where: { text: "\${flower}", bot_id: { exists: true } }, count: 1 } }
gate: { runs: 3 }
`

beforeAll(() => {
  mkdirSync(at('bot'))
  writeFileSync(at('bot/bot.mjs'), 'export default async function idle() {}')
  writeFileSync(at('holdout.yaml'), HOLDOUT)
})
afterAll(() => rmSync(folder, { recursive: true }))

const run = (...more: string[]) =>
  dtu('run', at('holdout.yaml'), '--function', at('bot/bot.mjs'), '--ledger', at('ledger'), '--repeat', '0', ...more)

const filesUnder = (path: string): string[] =>
  readdirSync(path, { withFileTypes: true }).flatMap((entry) =>
    entry.isDirectory() ? filesUnder(join(path, entry.name)) : [join(path, entry.name)],
  )

describe('a holdout', () => {
  it('shows whoever builds the software what came out, and no word of itself', async () => {
    const told = await run('--out', at('out'), '--github')
    expect(told.code).toBe(1)
    expect(told.out).toMatch(/holdout-[0-9a-f]{6} +0 %/)
    expect(told.out).toContain('3× communication')
    expect(told.out + told.err).not.toContain(SECRET)
    for (const written of [...filesUnder(at('out')), ...filesUnder(at('ledger'))]) {
      expect(readFileSync(written, 'utf8'), written).not.toContain(SECRET)
    }
  })

  it('counts how often it was evaluated', async () => {
    const told = await run()
    expect(told.out).toContain('evaluated 2 times for this software')
  })

  it('shows its owner all', async () => {
    const told = await run('--audience', 'owner')
    expect(told.out).toContain(`${SECRET}-said: expected 1 slack.messages; 0`)
  })

  it('refuses software it lies within, and software that holds its canary', async () => {
    writeFileSync(at('bot/inside.yaml'), HOLDOUT)
    const words = ['--function', at('bot/bot.mjs'), '--ledger', at('ledger')]
    expect(await dtu('run', at('bot/inside.yaml'), ...words)).toMatchObject({
      code: 2,
      err: expect.stringMatching(/must not lie within/),
    })
    rmSync(at('bot/inside.yaml'))
    writeFileSync(at('bot/notes.txt'), `remember 7f3c-${SECRET}-canary`)
    expect(await run()).toMatchObject({ code: 2, err: expect.stringMatching(/holds the canary/) })
    rmSync(at('bot/notes.txt'))
  })

  it('is left out by --visibility', async () => {
    expect(await run('--visibility', 'train,dev')).toMatchObject({
      code: 2,
      err: expect.stringMatching(/No scenario is train or dev/),
    })
  })
})

describe('a finding of exploration', () => {
  const FILE = 'fixtures/scenarios/file-bug.yaml'

  it('is shown again by the line that is printed, pasted as it is', async () => {
    const words = ['--function', 'fixtures/scenarios/systems/subtle.ts', '--seed', '3']
    // As from a terminal: a process of its own, whose exit code says that something was found.
    const { stdout, status } = spawnSync(
      process.execPath,
      ['scripts/dtu.ts', 'scenario', 'explore', FILE, ...words],
      TERMINAL,
    )
    expect(status).toBe(1)
    const lines = stdout.split('\n')
    const line = lines[lines.findIndex((text) => text.startsWith('jira.createIssue#1:lost-reply ')) + 1]?.trim() ?? ''
    expect(line).toMatch(/^node scripts\/dtu\.ts scenario explore .* --replay 'jira\.createIssue#1:lost-reply'/)
    const again = spawnSync('sh', ['-c', line], TERMINAL)
    expect(again.status).toBe(1)
    expect(again.stdout).toMatch(
      /^file-bug, seed 3, jira\.createIssue#1:lost-reply: unsatisfied\n {4}filed-right: .*2 rows/,
    )
  }, 60_000)

  it('and so is a failing run of a suite', async () => {
    const words = ['--function', 'fixtures/scenarios/systems/boastful.ts', '--runs', '1', '--ledger', at('repro')]
    const { stdout } = spawnSync(process.execPath, ['scripts/dtu.ts', 'scenario', 'run', FILE, ...words], TERMINAL)
    const line = /again: (.*)/.exec(stdout)?.[1] ?? ''
    const again = spawnSync('sh', ['-c', `${line} --ledger ${at('repro')} --judge off`], TERMINAL)
    expect(again.status).toBe(1)
    expect(again.stdout).toContain('filed-right: expected one jira.issues')
  }, 30_000)
})
