import { createServer, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type ScriptedServer, scripted } from '../agents/scripted.ts'
import { BLANK, Multiverse } from '../server/multiverse.ts'
import { TwinServer } from '../server/server.ts'
import { library } from '../testing/library.ts'
import { Store } from '../universe/store.ts'
import { Universe } from '../universe/universe.ts'
import { Activity } from './activity.ts'
import type { System } from './driver/driver.ts'
import { openGateway } from './gateway.ts'
import { costsOf, Meter, total, usedUp } from './meter.ts'
import { loadScenario } from './scenario.ts'
import { runTrajectory } from './trajectory.ts'

const SCENARIO = loadScenario(
  'quiet',
  `
version: 1
id: quiet
title: Nothing is changed
story: The software thinks.
world: {}
checks:
  - { id: nothing, only: [] }
`,
)

/** A program that asks a model by the SDK, once plainly and once as a stream, and says what came. */
const asks = (text = '') => `
  import Anthropic from '@anthropic-ai/sdk'
  const client = new Anthropic({ maxRetries: 0 })
  const body = { model: 'claude-haiku-5-5', max_tokens: 100, messages: [{ role: 'user', content: 'Hello' }] }
  const plain = await client.messages.create(body)
  const streamed = await client.messages.stream(body).finalText()
  console.log(JSON.stringify([plain.content[0].text, streamed]))
  ${text}`

let multiverse: Multiverse
let server: TwinServer
let models: ScriptedServer

beforeAll(async () => {
  multiverse = new Multiverse([library])
  server = new TwinServer({ multiverse })
  await server.listen(0)
  models = await scripted(() => ({ content: 'Hi.', usage: { input_tokens: 1000, output_tokens: 200 } }))
})

afterAll(async () => {
  await server.close()
  await models.close()
})

const KEY = 'sk-ant-secret-of-the-system'
const system = (text: string, more: Partial<System> = {}): System =>
  ({
    name: 'thinks',
    command: [process.execPath, '--input-type=module', '-e', text],
    cwd: process.cwd(), // where the SDK is installed
    env: { ANTHROPIC_API_KEY: KEY, ANTHROPIC_BASE_URL: models.access.baseURL },
    gateway: true,
    ...more,
  }) as System

const run = (under: System, meter?: Meter) =>
  runTrajectory({ multiverse, fixture: BLANK }, SCENARIO, under, 1, meter ? { meter } : {})

describe('the gateway', () => {
  it('counts what software uses that asks models itself, with the key it has', async () => {
    const all = new Meter()
    const before = models.requests.length
    const result = await run(system(asks()), all)
    expect(result.reasons).toEqual([])
    expect(JSON.parse(result.output?.stdout ?? '')).toEqual(['Hi.', 'Hi.'])
    expect(models.requests.slice(before).map(({ headers }) => headers.authorization)).toEqual(
      Array(2).fill(`Bearer ${KEY}`),
    )
    // Two requests of 1000 + 200 tokens, at 0.10 and 0.50 dollars a million.
    expect(result.costs).toEqual({ sut: { requests: 2, tokens: 2400, dollars: expect.closeTo(0.0004, 9) } })
    expect(all.costs).toEqual(result.costs)
    expect(JSON.stringify(result)).not.toContain(KEY)
  })

  it('stops software that uses more tokens than it may', async () => {
    const endless = asks('for (;;) await client.messages.create(body)')
    const result = await run(system(endless, { budget: { tokens: 5000 } }))
    expect(result.outcome).toBe('unsatisfied')
    expect(result.reasons[0]).toBe('the system failed: it used more than 5000 tokens')
    expect(result.costs.sut?.tokens).toBeGreaterThan(5000)
  })

  it('passes errors of the service on, and its own in the same words', async () => {
    await using failing = await scripted(() => ({ error: { status: 529, type: 'overloaded_error', message: 'busy' } }))
    const told = `process.on('uncaughtException', (error) => { console.log(error.status, error.type, error.message); process.exit(0) })`
    const under = (baseURL: string) =>
      system(`${told}\n${asks()}`, { env: { ANTHROPIC_API_KEY: KEY, ANTHROPIC_BASE_URL: baseURL } })
    const [busy, away] = [await run(under(failing.access.baseURL)), await run(under('http://127.0.0.1:9'))]
    expect(busy.output?.stdout).toMatch(/^529 overloaded_error/)
    expect(away.output?.stdout).toMatch(/^502 api_error .*gateway could not reach the model service/)
    expect(busy.costs).toEqual({})
  })

  it('passes a stream on event by event, and counts one that breaks', async () => {
    let answer: ServerResponse | undefined
    const upstream = createServer((request, response) => {
      request.resume()
      response.writeHead(200, { 'content-type': 'text/event-stream' })
      const message = { model: 'claude-haiku-5-5', usage: { input_tokens: 70, output_tokens: 1 } }
      response.write(`event: message_start\ndata: ${JSON.stringify({ type: 'message_start', message })}\n\n`)
      answer = response
    })
    await new Promise<void>((resolve) => upstream.listen(0, '127.0.0.1', resolve))
    const meter = new Meter()
    const activity = new Activity(new Universe('u', new Store()))
    const gateway = await openGateway({
      upstream: `http://127.0.0.1:${(upstream.address() as AddressInfo).port}`,
      meter,
      activity,
    })
    const reply = await fetch(`${gateway.url}/v1/messages`, { method: 'POST', body: '{}' })
    const reader = (reply.body as ReadableStream<Uint8Array>).getReader()
    const first = new TextDecoder().decode((await reader.read()).value)
    expect(first).toContain('message_start') // though the reply is not complete
    // While a model answers, nothing is quiet.
    const quiet = await Promise.race([
      activity.still(20).then(() => true),
      new Promise((r) => setTimeout(() => r(false), 80)),
    ])
    expect(quiet).toBe(false)
    // In pieces that end within a character and within a line.
    const delta = Buffer.from(
      `event: message_delta\ndata: ${JSON.stringify({ type: 'message_delta', delta: { note: 'ü' }, usage: { output_tokens: 30 } })}\n\n`,
    )
    const cut = delta.indexOf('ü') + 1
    answer?.write(delta.subarray(0, cut))
    expect((await reader.read()).value?.byteLength).toBe(cut)
    answer?.write(delta.subarray(cut))
    await reader.read()
    answer?.destroy()
    await expect(reader.read()).rejects.toThrow()
    await activity.still(20)
    expect(meter.costs.sut).toMatchObject({ requests: 1, tokens: 100 })
    await gateway.close()
    upstream.close()
  })
})

describe('the meter', () => {
  const haiku = { model: 'claude-haiku-5-5', usage: { input_tokens: 100_000, output_tokens: 0 } }

  it('adds up by payer, for a run and for all of them', () => {
    const all = new Meter()
    const [one, other] = [new Meter(all), new Meter(all)]
    one.add('sut', haiku)
    other.add('judge', haiku)
    other.add('judge', haiku)
    expect(one.costs).toEqual({ sut: { requests: 1, tokens: 100_000, dollars: 0.01 } })
    expect(all.costs.judge).toEqual({ requests: 2, tokens: 200_000, dollars: 0.02 })
    expect(total(all.costs)).toEqual({ requests: 3, tokens: 300_000, dollars: expect.closeTo(0.03, 9) })
    expect(costsOf([one, other])).toEqual(all.costs)
  })

  it('knows no price it was not told: never 0', () => {
    const meter = new Meter()
    meter.add('sut', haiku)
    meter.add('sut', { ...haiku, model: 'somebody-else-1' })
    expect(meter.costs.sut).toEqual({ requests: 2, tokens: 200_000, dollars: null })
    expect(usedUp({ dollars: 0.001 }, meter.costs)).toBeUndefined()
    expect(usedUp({ tokens: 200_000 }, meter.costs)).toBe('the budget of 200000 tokens is used up')
  })

  it('tells when a purse is empty', () => {
    const meter = new Meter()
    meter.add('persona', haiku)
    expect(usedUp({ dollars: 0.02, tokens: 100_001 }, meter.costs)).toBeUndefined()
    expect(usedUp({ dollars: 0.01 }, meter.costs)).toBe('the budget of $0.01 is used up')
    expect(usedUp({}, meter.costs)).toBeUndefined()
  })
})
