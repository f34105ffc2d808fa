import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { Multiverse } from '../server/multiverse.ts'
import { loadTwins } from '../server/twins.ts'
import { library } from '../testing/library.ts'
import { loadSystem } from './sut.ts'

let multiverse: Multiverse
let folder: string

beforeAll(async () => {
  multiverse = new Multiverse([library, ...(await loadTwins(['slack']))])
  folder = mkdtempSync(join(tmpdir(), 'dtu-test-'))
})

afterAll(() => rmSync(folder, { recursive: true }))

describe('a system file', () => {
  const load = (text: string) => loadSystem(join(folder, 'sut.yaml'), multiverse, text)

  it('says what is under test', async () => {
    const system = await load(`
name: lender
build: { command: [echo, v1.2] }
driver: { command: [node, bot.js], cwd: bot, copy: true, ready: { http: /healthz, timeout: 5s } }
env: { LIBRARY: "\${library.url}", TITLE: "\${vars.title}", PORT_TOO: "\${port}" }
setup: [{ act: slack.configureApp, with: { requestUrl: "\${url}/slack" } }]
budget: { wall: 30s, calls: 200, tokens: 400000 }
gateway: true
model_family: claude`)
    expect(system).toMatchObject({
      name: 'lender',
      build: 'v1.2',
      command: ['node', 'bot.js'],
      cwd: join(folder, 'bot'),
      ready: { timeout: 5000 },
      budget: { wall: 30_000, calls: 200, tokens: 400_000 },
      gateway: true,
      modelFamily: 'claude',
    })
  })

  it('may name a function', async () => {
    writeFileSync(join(folder, 'lend.ts'), 'export default async () => {}')
    expect(await load('name: a\ndriver: { function: ./lend.ts }')).toMatchObject({ run: expect.any(Function) })
    await expect(load('name: a\ndriver: { function: ./away.ts }')).rejects.toThrow(/sut.yaml:2:21: driver.function: /)
  })

  it.each([
    ['name: a', /sut.yaml:1:1: driver: a driver is one of command, http, function/],
    ['name: a\ndriver: { command: [x], http: { url: y } }', /sut.yaml:2:9: driver: a driver is one of/],
    ['name: a\ndriver: { command: node }', /sut.yaml:2:20: driver.command: .*expected array/],
    [
      'name: a\ndriver: { http: { url: "http://x", start: go } }',
      /sut.yaml:2:43: driver.http.start: a path begins with/,
    ],
    ['name: a\ndriver: { command: [x] }\nbudgets: {}', /sut.yaml:3:10: budgets: .*"budgets"/],
    ['name: a\ndriver: { command: [x] }\nbudget: { tokens: 9 }', /sut.yaml:3:19: budget.tokens: tokens are counted by/],
    ['name: a\ndriver: { function: ./lend.ts }\nproxy: true', /sut.yaml:3:8: proxy: only a command can be given/],
    ['name: a\ndriver: { command: [x] }\nbudget: { wall: soon }', /sut.yaml:3:17: budget.wall: a duration is/],
    [
      'name: a\ndriver: { command: [x] }\nenv: { A: "${slack.tokens}" }',
      /sut.yaml:3:11: env.A: \$\{slack.tokens\} leads nowhere/,
    ],
    ['name: a\ndriver: { command: [x] }\nenv: { A-B: x }', /sut.yaml:3:13: env.A-B: .*name of a variable/],
    ['name: a\ndriver: { command: [x] }\nsetup: [{ act: slack.fly }]', /sut.yaml:3:16: setup.0.act: no act slack.fly/],
    ['name: a\nbuild: { command: ["false"] }\ndriver: { command: [x] }', /sut.yaml:2:8: build: /],
  ])('is refused with its place: %#', async (text, message) => {
    await expect(load(text)).rejects.toThrow(message)
  })
})
