import { type ChildProcess, spawn } from 'node:child_process'
import { Agent, request } from 'node:http'
import { fileURLToPath } from 'node:url'

/** Servers that answer the same JSON of one row, each in a process of its own so that its CPU is its own. */
const SERVERS = ['node', 'hono', 'kernel'] as const
type Kind = (typeof SERVERS)[number]

const ROUNDS = 7
const CALLS = 6000

interface Running {
  readonly child: ChildProcess
  readonly port: number
  /** CPU used so far, µs. */
  cpu(): Promise<number>
}

/** Server CPU per read, as ratios against node:http and Hono, and calls per second over one connection. */
export async function serveCost(): Promise<[string, string][]> {
  const servers = {} as Record<Kind, Running>
  for (const kind of SERVERS) servers[kind] = await start(kind)
  const agent = new Agent({ keepAlive: true, maxSockets: 8 })
  const cost: Record<Kind, number[]> = { node: [], hono: [], kernel: [] }
  const speed: Record<Kind, number[]> = { node: [], hono: [], kernel: [] }
  for (const kind of SERVERS) await load(servers[kind].port, agent, CALLS) // warm-up, not counted
  for (let round = 0; round < ROUNDS; round++) {
    for (const kind of SERVERS) {
      const before = await servers[kind].cpu()
      const started = performance.now()
      await load(servers[kind].port, agent, CALLS)
      speed[kind].push((CALLS / (performance.now() - started)) * 1000)
      cost[kind].push(((await servers[kind].cpu()) - before) / CALLS)
    }
  }
  agent.destroy()
  for (const { child } of Object.values(servers)) child.kill()
  const ratios = (a: Kind, b: Kind) => median(cost[a].map((value, round) => value / (cost[b][round] as number)))
  return [
    ['read: server CPU, bare node:http', `${median(cost.node).toFixed(1)} µs`],
    ['read: bare Hono / node:http', ratios('hono', 'node').toFixed(2)],
    ['read: kernel / node:http', ratios('kernel', 'node').toFixed(2)],
    ['read: kernel / bare Hono', ratios('kernel', 'hono').toFixed(2)],
    ['read: kernel, calls/s over 8 connections', Math.round(median(speed.kernel)).toString()],
  ]
}

async function start(kind: Kind): Promise<Running> {
  const child = spawn(process.execPath, [fileURLToPath(new URL('server.ts', import.meta.url)), kind], {
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  })
  const message = () => new Promise<number>((resolve) => child.once('message', (value) => resolve(value as number)))
  const port = await message()
  return {
    child,
    port,
    cpu() {
      const answer = message()
      child.send('cpu')
      return answer
    },
  }
}

function load(port: number, agent: Agent, calls: number): Promise<void> {
  return new Promise((resolve, reject) => {
    let sent = 0
    let done = 0
    const next = () => {
      if (sent === calls) return
      sent++
      request({ port, agent, path: '/books/b1', headers: { authorization: 'Bearer reader-look-' } }, (response) => {
        if (response.statusCode !== 200) return reject(new Error(`${response.statusCode}`))
        response.resume()
        response.on('end', () => {
          if (++done === calls) resolve()
          else next()
        })
      })
        .on('error', reject)
        .end()
    }
    for (let i = 0; i < 8; i++) next()
  })
}

export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b)
  return sorted[Math.floor(sorted.length / 2)] as number
}
