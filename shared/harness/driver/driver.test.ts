import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { json } from 'node:stream/consumers'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { BLANK, Multiverse } from '../../server/multiverse.ts'
import { TwinServer } from '../../server/server.ts'
import { loadTwins } from '../../server/twins.ts'
import { library } from '../../testing/library.ts'
import { fixtureNamed } from '../fixtures.ts'
import { loadScenario, unknownNames } from '../scenario.ts'
import { runTrajectory } from '../trajectory.ts'
import type { System } from './driver.ts'
import { proxiesOf } from './proxy.ts'

const LEND = loadScenario(
  'lend',
  `
version: 1
id: lend
title: The book she asks for
story: Ann asks for a book.
world: { vars: { title: { oneOf: [Emma, Middlemarch, Walden] } } }
checks:
  - { id: there, rows: { kind: library.books, where: { title: "\${title}" }, count: 1 } }
`,
)

/** A program that adds the book of its environment, after whatever else it is told to do. */
const ADD = (first = '') => `
  ${first}
  const add = (env, headers = {}) => fetch(env.LIBRARY + '/books', { method: 'POST',
    headers: { authorization: 'Bearer ' + env.TOKEN, 'content-type': 'application/json', ...headers },
    body: JSON.stringify({ title: env.TITLE, shelf: 'new' }) })`
const ENV = { LIBRARY: '${library.url}', TOKEN: '${library.token}', TITLE: '${vars.title}' }
const program = (text: string) => [process.execPath, '--input-type=module', '-e', text]

let multiverse: Multiverse
let server: TwinServer
let folder: string

beforeAll(async () => {
  multiverse = new Multiverse([library, ...(await loadTwins(['slack']))])
  server = new TwinServer({ multiverse })
  const { port } = await server.listen(0)
  multiverse.urlOf = (universe, twin) => `http://localhost:${port}/u/${universe.id}/${twin}`
  folder = mkdtempSync(join(tmpdir(), 'dtu-test-'))
})

afterAll(async () => {
  await server.close()
  rmSync(folder, { recursive: true })
})

const run = (system: System, seed = 1, scenario = LEND) =>
  runTrajectory({ multiverse, fixture: BLANK }, scenario, system, seed)

const alive = (pid: number) => {
  try {
    // A process that ended and is not yet collected still has a number.
    return process.kill(pid, 0) && !/State:\s+Z/.test(readFileSync(`/proc/${pid}/status`, 'utf8'))
  } catch {
    return false
  }
}

describe('a command', () => {
  it('shows what it wrote, without credentials', async () => {
    const text = `${ADD()}; console.log('x'.repeat(50_000)); console.error('sk-ant-api03-abcdefghijkl'); await add(process.env)`
    const { outcome, output } = await run({ name: 'talks', command: program(text), env: ENV })
    expect(outcome).toBe('satisfied')
    expect(output?.stdout).toMatch(/^x{10000}…\[\+30001 chars\]…x{9999}\n$/)
    expect(output?.stderr).toBe('<secret>\n')
  })

  it('ends with all it started, even what does not listen', async () => {
    const stubborn = `process.on('SIGTERM', () => {}); setInterval(() => {}, 1000)`
    const text = `${ADD("const { spawn } = await import('node:child_process')")}
      const child = spawn(process.execPath, ['-e', ${JSON.stringify(stubborn)}], { stdio: 'inherit' })
      console.log(child.pid); await add(process.env); setTimeout(() => process.exit(), 100)`
    const started = performance.now()
    const { outcome, output } = await run({ name: 'leaves a child', command: program(text), env: ENV })
    expect(outcome).toBe('satisfied')
    expect(alive(Number(output?.stdout))).toBe(false)
    expect(performance.now() - started).toBeGreaterThan(3000) // it was asked first
  })

  it('works in a copy that is thrown away', async () => {
    writeFileSync(join(folder, 'title.txt'), 'from the folder')
    const text = `import { readFileSync, writeFileSync } from 'node:fs'
      ${ADD()}; console.log(process.cwd(), readFileSync('title.txt', 'utf8')); writeFileSync('title.txt', 'spoilt'); await add(process.env)`
    const { outcome, output } = await run({ name: 'spoils', command: program(text), env: ENV, cwd: folder, copy: true })
    expect(outcome).toBe('satisfied')
    expect(output?.stdout).toMatch(/dtu-home-\w+\/work from the folder/)
    expect(readFileSync(join(folder, 'title.txt'), 'utf8')).toBe('from the folder')
  })

  it.each([
    ['made more than 3 calls', { calls: 3 }, 'for (;;) await add(process.env)'],
    ['took longer than 0.4 s', { wall: 400 }, 'setInterval(() => {}, 1000)'],
  ])('is stopped when it %s', async (words, budget, text) => {
    const result = await run({ name: 'greedy', command: program(`${ADD()}; ${text}`), env: ENV, budget })
    expect(result.outcome).toBe('unsatisfied')
    expect(result.reasons[0]).toBe(`the system failed: it ${words}`)
  })

  it('that is a service is waited for, and fails when it does not come up', async () => {
    const service = (status: number) => `${ADD("import { createServer } from 'node:http'")}
      let asked = 0
      createServer((request, response) => { response.statusCode = ++asked < 3 ? 503 : ${status}; response.end() }).listen(process.env.PORT)
      setTimeout(() => add(process.env), 200)`
    const as = (status: number): System => ({
      name: 'service',
      command: program(service(status)),
      env: ENV,
      ready: { http: '/healthz', timeout: 2000 },
      idle: 300,
    })
    expect(await run(as(204))).toMatchObject({ outcome: 'satisfied', ready: true })
    const late = await run(as(500))
    expect(late).toMatchObject({ outcome: 'unsatisfied', ready: false })
    expect(late.reasons).toEqual([
      expect.stringMatching(/^the system failed: it never became ready: http:\S+\/healthz: status 500 within 2 s$/),
    ])
    const gone = await run({ ...as(204), command: program('console.error("no config"); process.exit(3)') } as System)
    expect(gone.reasons[0]).toBe('the system failed: it never became ready: exit 3: no config')
    expect(gone.output?.stderr).toBe('no config\n')
  })
})

describe('a command with a proxy', () => {
  it("finds the twins at the services' real hosts, and no others", async () => {
    const text = `
      const told = async (work) => work().catch((error) => ({ error: String(error.cause ?? error) }))
      const reply = await told(async () => (await fetch('https://slack.com/api/auth.test', { headers: { authorization: 'Bearer ' + process.env.TOKEN } })).json())
      const other = await told(async () => ({ status: (await fetch('https://example.com/')).status }))
      console.log(JSON.stringify([reply.ok, other.status ?? other.error]))`
    const scenario = loadScenario(
      'away',
      `
version: 1
id: away
title: It goes nowhere else
story: The software reaches Slack where Slack is.
world: {}
checks:
  - { id: reached, call: { op: slack.auth.test, ok: true } }
  - { id: no-escape, no_call: { op: proxy.blocked } }
`,
    )
    expect(unknownNames(scenario, multiverse.apps)).toEqual([])
    const system: System = { name: 'hard-wired', command: program(text), env: { TOKEN: '${slack.token}' }, proxy: true }
    await expect(run(system, 1, scenario)).rejects.toThrow('hard-wired asks for a proxy, and there is no server')
    const stage = { multiverse, fixture: BLANK, openProxy: proxiesOf(server) }
    const listeners = server.listeners.length
    const { checks, output } = await runTrajectory(stage, scenario, system, 1)
    expect(output?.stdout).toMatch(/^\[true,/)
    expect(checks.map(({ id, pass }) => [id, pass])).toEqual(
      expect.arrayContaining([
        ['reached', true],
        ['no-escape', false],
      ]),
    )
    expect(server.listeners).toHaveLength(listeners)
  })
})

/** A service as its authors would write one: worlds by their id, each with its environment. */
class Service {
  readonly worlds = new Map<string, Record<string, string>>()
  readonly heard: string[] = []
  readonly server: Server
  /** Most worlds it had at once. */
  most = 0
  refuse: Record<string, number> = {}
  addHeader = false

  constructor() {
    this.server = createServer(async (request, response) => {
      const path = request.url as string
      if (this.refuse[path] !== undefined) return response.writeHead(this.refuse[path]).end('no')
      if (path === '/healthz') return response.end('ok')
      const body = (await json(request)) as Record<string, never>
      if (path === '/slack') return this.#event(request.headers['x-dtu-universe'] as string, body, response)
      if (path === '/start') this.worlds.set(body.universe as never, body.env as never)
      if (path === '/work') await this.#add(body.universe as never)
      if (path === '/finish') this.worlds.delete(body.universe as never)
      this.most = Math.max(this.most, this.worlds.size)
      response.end('{}')
    })
  }

  async listen(): Promise<string> {
    await new Promise<void>((resolve) => this.server.listen(0, '127.0.0.1', resolve))
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`
  }

  async #add(universe: string): Promise<void> {
    const env = this.worlds.get(universe) as Record<string, string>
    await new Promise((resolve) => setTimeout(resolve, 20))
    const reply = await fetch(`${env.LIBRARY}/books`, {
      method: 'POST',
      headers: {
        authorization: `Bearer ${env.TOKEN}`,
        'content-type': 'application/json',
        ...(this.addHeader ? { 'x-dtu-universe': universe } : {}),
      },
      body: JSON.stringify({ title: env.TITLE, shelf: 'new' }),
    })
    this.heard.push(`${reply.status} ${new URL(env.LIBRARY as string).pathname}`)
  }

  async #event(universe: string, body: Record<string, never>, response: import('node:http').ServerResponse) {
    if (body.challenge) return response.end(body.challenge)
    response.end()
    const env = this.worlds.get(universe) as Record<string, string>
    const { event } = body as unknown as { event: { bot_id?: string; channel: string; ts: string } }
    if (event.bot_id) return
    await fetch(`${env.SLACK}/api/chat.postMessage`, {
      method: 'POST',
      headers: { authorization: `Bearer ${env.TOKEN}`, 'content-type': 'application/json' },
      body: JSON.stringify({ channel: event.channel, thread_ts: event.ts, text: `Heard in ${universe}` }),
    })
  }
}

describe('a service that is already running', () => {
  const http = { start: '/start', work: '/work', finish: '/finish', ready: '/healthz', timeout: 500 } as const
  const service = new Service()
  let url: string

  beforeAll(async () => {
    url = await service.listen()
  })
  afterAll(() => void service.server.close())

  const four = (system: System) => Promise.all([1, 2, 3, 4].map((seed) => run(system, seed)))
  const outcomes = (all: readonly { reasons: readonly string[]; outcome: string }[]) =>
    all.map(({ outcome }) => outcome)
  const SATISFIED = Array(4).fill('satisfied')

  it('has one world at a time when it cannot tell them apart', async () => {
    service.most = 0
    const all = await four({ name: 'one', http: { ...http, url, reuse: 'never' }, env: ENV })
    expect(outcomes(all)).toEqual(SATISFIED)
    expect(service.most).toBe(1)
    expect(service.heard.at(-1)).toMatch(/^201 \/u\/[\w-]+\/library$/)
    expect(service.worlds.size).toBe(0)
  })

  it.each([
    ['credential', false],
    ['universe-header', true],
  ] as const)('has many at once, told apart by %s', async (reuse, addHeader) => {
    service.most = 0
    service.addHeader = addHeader
    const all = await four({ name: reuse, http: { ...http, url, reuse }, env: ENV })
    expect(outcomes(all)).toEqual(SATISFIED)
    expect(service.most).toBeGreaterThan(1)
    expect(service.heard.at(-1)).toBe('201 /library') // the same address for all
  })

  it.each([
    ['/healthz', false, 'it never became ready: http://127.0.0.1:\\d+/healthz: status 503 within 0.5 s'],
    ['/start', false, 'it never became ready: POST /start: status 503 no'],
    ['/work', true, 'POST /work: status 503 no'],
    ['/finish', true, 'POST /finish: status 503 no'],
  ])('fails when %s does', async (path, ready, words) => {
    service.refuse = { [path]: 503 }
    const result = await run({ name: 'refuses', http: { ...http, url, reuse: 'never' }, env: ENV })
    service.refuse = {}
    expect(result).toMatchObject({ outcome: 'unsatisfied', ready })
    expect(result.reasons[0]).toMatch(new RegExp(`^the system failed: ${words}$`))
    // Its turn is over: the next run gets one.
    expect((await run({ name: 'again', http: { ...http, url, reuse: 'never' }, env: ENV })).outcome).toBe('satisfied')
  })

  it('is not there', async () => {
    const away = { ...http, url: 'http://127.0.0.1:1', ready: undefined as never, reuse: 'never' as const }
    const { reasons } = await run({ name: 'away', http: away, env: ENV })
    expect(reasons[0]).toMatch(/never became ready: POST \/start: .*(bad port|ECONNREFUSED)/)
  })

  it('hears events of each world on a port of that world, and is over when all is quiet', async () => {
    const scenario = loadScenario(
      'hears',
      `
version: 1
id: hears
title: Hears what is said
story: Boris says hello.
world: { fixture: acme }
steps:
  - { at: 0s, actor: boris, act: slack.postMessage, with: { user: boris.chen@acme.test, channel: anvils, text: hello }, as: ask }
  - { at: 20m, actor: boris, act: slack.postMessage, with: { user: boris.chen@acme.test, channel: anvils, text: still here }, as: later }
until: { any: [{ quiet: 90s }] }
checks:
  - { id: first, rows: { kind: slack.messages, where: { thread_ts: "\${ask.ts}", text: { startsWith: Heard in } }, count: 1 } }
  - { id: second, rows: { kind: slack.messages, where: { thread_ts: "\${later.ts}", text: { startsWith: Heard in } }, count: 1 } }
  - { id: nothing-else, only: [{ kind: slack.messages }, { kind: slack.conversations }] }
`,
    )
    const fixture = await fixtureNamed(
      'acme',
      [...multiverse.apps.values()].map(({ twin }) => twin).filter(({ name }) => name === 'slack'),
    )
    const { work: _none, ...resident } = http
    const system: System = {
      name: 'resident',
      http: { ...resident, url, reuse: 'credential' },
      env: { SLACK: '${slack.url}', TOKEN: '${slack.token}' },
      setup: [{ act: 'slack.configureApp', with: { requestUrl: '${url}/slack' } }],
      idle: 150,
    }
    const stage = { multiverse, fixture }
    const both = await Promise.all([1, 2].map((seed) => runTrajectory(stage, scenario, system, seed)))
    for (const { reasons } of both) expect(reasons).toEqual([])
  })
})
