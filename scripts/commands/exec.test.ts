import { spawn } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Running, up } from '../../shared/server/up.ts'

const DTU = fileURLToPath(new URL('../dtu.mjs', import.meta.url))

let running: Running
let folder: string

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'dtu-exec-'))
  running = await up({ port: 0, data: folder })
}, 60_000)
afterAll(async () => {
  await running.close()
  rmSync(folder, { recursive: true })
})

interface Finished {
  readonly code: number | null
  readonly stdout: string
  readonly stderr: string
}

function dtu(args: readonly string[], during?: (pid: number, stdout: string) => void): Promise<Finished> {
  return new Promise((resolve) => {
    const child = spawn(process.execPath, [DTU, ...args], { stdio: ['ignore', 'pipe', 'pipe'] })
    let stdout = ''
    let stderr = ''
    child.stdout.on('data', (chunk) => {
      stdout += chunk
      during?.(child.pid as number, stdout)
    })
    child.stderr.on('data', (chunk) => {
      stderr += chunk
    })
    child.on('close', (code) => resolve({ code, stdout, stderr }))
  })
}

const exec = (options: readonly string[], ...command: string[]) =>
  dtu(['exec', '--url', running.controlUrl, ...options, '--', ...command])

/** Runs a Node program, written as for the real services. */
function program(source: string, options: readonly string[] = ['--new']): Promise<Finished> {
  const file = join(folder, `program-${source.length}.mjs`)
  writeFileSync(file, source)
  return exec(options, process.execPath, file)
}

describe('dtu exec', () => {
  it('sends real hosts to a universe: fetch and node:https, Slack, Okta, Jira and Google', async () => {
    const { code, stdout, stderr } = await program(`
      import https from 'node:https'
      const { env } = process
      const bearer = { authorization: 'Bearer ' + env.SLACK_BOT_TOKEN }
      const slack = await (await fetch('https://slack.com/api/auth.test', { method: 'POST', headers: bearer })).json()
      const okta = await fetch('https://acme.okta.com/api/v1/users/me', {
        headers: { authorization: 'SSWS ' + env.OKTA_CLIENT_TOKEN },
      })
      const basic = 'Basic ' + Buffer.from(env.JIRA_EMAIL + ':' + env.JIRA_API_TOKEN).toString('base64')
      const jira = await new Promise((resolve, reject) =>
        https
          .get('https://acme.atlassian.net/rest/api/3/myself', { headers: { authorization: basic } }, resolve)
          .on('error', reject),
      )
      const metadata = 'http://' + env.GCE_METADATA_HOST + '/computeMetadata/v1/instance/service-accounts/default/token'
      const { access_token } = await (await fetch(metadata, { headers: { 'metadata-flavor': 'Google' } })).json()
      const google = await fetch('https://www.googleapis.com/drive/v3/files', {
        headers: { authorization: 'Bearer ' + access_token },
      })
      console.log(JSON.stringify([slack.ok, okta.status, jira.statusCode, google.status]))
      jira.resume()
    `)
    expect(stderr).toMatch(/^dtu: universe \S+: (?=.*slack 1)(?=.*okta 1)(?=.*jira 1)(?=.*drive 2)/)
    expect(JSON.parse(stdout)).toEqual([true, 200, 200, 200])
    expect(code).toBe(0)
  })

  it('lets no request leave the machine, and names each host', async () => {
    const { stdout, stderr, code } = await program(
      `
      import http from 'node:http'
      import https from 'node:https'
      const tell = async (name, work) => console.log(name, await work().catch(() => 'failed'))
      await tell('fetch', async () => (await fetch('https://a.example.com/')).status)
      await tell('plain', async () => (await fetch('http://b.example.com/')).status)
      const get = (module, url) => () =>
        new Promise((resolve, reject) => module.get(url, (reply) => resolve(reply.statusCode)).on('error', reject))
      await tell('https', get(https, 'https://c.example.com/'))
      await tell('http', get(http, 'http://d.example.com/'))
      await tell('address', async () => (await fetch('http://192.0.2.1/')).status)
      await tell('metadata', async () => (await fetch('http://169.254.169.254/')).status)
      await tell('socket', () => new Promise((resolve, reject) => {
        const socket = new WebSocket('wss://e.example.com/')
        socket.onopen = () => resolve('open')
        socket.onerror = reject
      }))
      process.exit()
    `,
      ['--new', '--strict'],
    )
    const outcomes = stdout.trim().split('\n')
    expect(outcomes).toHaveLength(7)
    for (const outcome of outcomes) expect(outcome).toMatch(/ (failed|403)$/)
    for (const host of ['a', 'b', 'c', 'd', 'e'].map((letter) => `${letter}.example.com`)) {
      expect(stderr).toContain(host)
    }
    expect(stderr).toMatch(/refused hosts: .*192\.0\.2\.1.*169\.254\.169\.254/)
    expect(code).toBe(1)
  })

  it('tells curl why', async () => {
    const { stderr, code } = await exec(['--new'], 'curl', '-sS', 'https://example.com/')
    expect(code).toBeGreaterThan(0)
    expect(stderr).toMatch(/curl: .*403/) // its words depend on its version, as does the code
    expect(stderr).toMatch(/refused hosts: example\.com/)
  })

  it.each([0, 3])('keeps the exit code %i', async (code) => {
    expect((await exec(['--new'], 'sh', '-c', `exit ${code}`)).code).toBe(code)
  })

  it('passes signals on', async () => {
    const script = 'trap "echo caught; exit 7" TERM; echo ready; while :; do sleep 0.05; done'
    const { code, stdout } = await dtu(
      ['exec', '--url', running.controlUrl, '--new', '--', 'sh', '-c', script],
      (pid, text) => {
        if (text === 'ready\n') process.kill(pid, 'SIGTERM')
      },
    )
    expect(stdout).toBe('ready\ncaught\n')
    expect(code).toBe(7)
  })

  it('removes the universe it made, and keeps the one it was given', async () => {
    const before = running.multiverse.size
    await exec(['--new'], 'true')
    expect(running.multiverse.size).toBe(before)
    running.multiverse.create({ id: 'kept' })
    const { stderr } = await exec(['--universe', 'kept'], 'true')
    expect(stderr).toBe('dtu: universe kept: no calls\n')
    expect(running.multiverse.find('kept')).toBeDefined()
  })

  it.each([
    [[], /What shall run/, 2],
    [['--', 'no-such-program'], /no-such-program: command not found/, 1],
    [['--universe', 'nobody', '--', 'true'], /No universe "nobody"/, 1],
  ])('refuses %j', async (args, message, code) => {
    const finished = await dtu(['exec', '--url', running.controlUrl, ...args])
    expect(finished.stderr).toMatch(message)
    expect(finished.code).toBe(code)
  })
})

describe('dtu env', () => {
  it.each([
    ['sh', /^export SLACK_BOT_TOKEN='xoxb-/m],
    ['dotenv', /^SLACK_BOT_TOKEN="xoxb-/m],
    ['json', /^ {2}"SLACK_BOT_TOKEN": "xoxb-/m],
    ['powershell', /^\$env:SLACK_BOT_TOKEN = 'xoxb-/m],
  ])('prints %s', async (format, line) => {
    const { stdout, code } = await dtu(['env', '--url', running.controlUrl, '--format', format])
    expect(stdout).toMatch(line)
    expect(code).toBe(0)
  })
})
