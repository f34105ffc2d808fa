import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { loadContract } from '../../contract/load.ts'
import { matches } from '../../contract/matches.ts'
import { Clock } from '../../universe/clock.ts'
import type { Universe } from '../../universe/universe.ts'
import { openWorld, type World } from '../world.ts'
import { type Answer, type Ask, enter, probes } from './probes.ts'

const NOON = Date.parse('2026-03-01T12:00:00Z')
let world: World

beforeAll(async () => {
  world = await openWorld({ clock: new Clock({ mode: 'stepped', at: NOON, step: 1000 }) })
  enter(world)
})
afterAll(() => world.close())

/** Sends to a universe with its default credential, or with another. */
async function send(
  twin: (typeof probes)[number]['twin'],
  ask: Ask,
  options: { in?: Universe; authorization?: string } = {},
): Promise<Answer> {
  const universe = options.in ?? world.universe
  const { url, authorization } = options.in
    ? (world.multiverse.access(universe)[twin] as never as { url: string; authorization: string })
    : world.access[twin]
  const headers: Record<string, string> = { ...ask.headers }
  const credential = options.authorization ?? authorization
  if (credential) headers.authorization = credential
  const response = await fetch(url + ask.path, {
    method: ask.method ?? 'GET',
    headers,
    ...(ask.body === undefined ? {} : { body: ask.body }),
    redirect: 'manual',
  })
  const text = await response.text()
  let json: unknown
  try {
    json = JSON.parse(text)
  } catch {}
  return { status: response.status, headers: response.headers, text, json }
}

describe.each(probes.map((probe) => [probe.twin, probe] as const))('%s', (twin, probe) => {
  let before: ReturnType<Universe['store']['fork']>
  beforeEach(() => {
    before = world.universe.store.fork()
  })

  /** Nothing a refused call did may stay, but what the service itself remembers of callers (last used, counters). */
  const lost = () =>
    world.universe.store.diff(before).filter(({ table }) => !table.startsWith('dtu.') && !/token|session/i.test(table))

  const refused = (answer: Answer, status: number) => {
    expect(answer.status, answer.text).toBe(status)
    expect(probe.isRefusal(answer), answer.text).toBe(true)
    expect(answer.text).not.toMatch(/\.ts:\d+|node:internal/)
    expect(lost()).toEqual([])
  }

  it.each([
    ['an unknown route', 'unknownRoute'],
    ['a wrong verb', 'wrongVerb'],
    ['a malformed body', 'malformed'],
    ['a value of the wrong type', 'badType'],
    ['a wrong content type', 'wrongContentType'],
  ] as const)('refuses %s in its own words', async (_name, kind) => {
    refused(await send(twin, probe[kind]), probe.statuses[kind])
  })

  it('refuses a body nested to exhaust a stack', async () => {
    const body = `${'{"a":'.repeat(20_000)}1${'}'.repeat(20_000)}`
    refused(await send(twin, { ...probe.malformed, body }), probe.statuses.malformed)
  })

  it('refuses a body that is too large', async () => {
    const body = JSON.stringify({ a: 'x'.repeat(11 * 1024 * 1024) })
    const answer = await send(twin, { ...(probe.tooLarge ?? probe.write(1)), body })
    // Okta's edge refuses it before the API can word anything.
    expect(probe.isRefusal(answer) || (answer.status === 413 && answer.text === ''), answer.text.slice(0, 200)).toBe(
      true,
    )
    expect(lost()).toEqual([])
  })

  it('refuses a bad token', async () => {
    refused(
      await send(twin, probe.write(1), { authorization: probe.badToken }).then(async (answer) =>
        twin === 'jira' ? send(twin, probe.read, { authorization: probe.badToken }) : answer,
      ),
      probe.statuses.badToken,
    )
  })

  it('refuses what a weaker credential may not do', async () => {
    const { authorization, ask } = await probe.weak(world)
    before = world.universe.store.fork()
    refused(await send(twin, ask, { authorization: authorization || 'none' }), probe.statuses.weak)
  })

  it('lists what was written, every row once', async () => {
    const fork = world.multiverse.fork(world.universe, `paging-${twin}`)
    for (let n = 0; n < 10; n++) {
      const { status, text } = await send(twin, probe.write(n), { in: fork })
      expect(status, text).toBeLessThan(300)
    }
    const inFork = { ...world, universe: fork, fetch: forkFetch(fork) }
    enter(inFork)
    const names = await probe.list((ask) => send(twin, ask, { in: fork }))
    enter(world)
    const written = Array.from({ length: 10 }, (_, n) => probe.nameOf(n))
    expect(names.filter((name) => written.includes(name)).sort()).toEqual(written)
  })

  it('keeps forks apart, and the credential of one out of the other', async () => {
    const [left, right] = ['left', 'right'].map((side) => world.multiverse.fork(world.universe, `${side}-${twin}`)) as [
      Universe,
      Universe,
    ]
    await send(twin, probe.write(50), { in: left })
    const listIn = async (fork: Universe) => {
      enter({ ...world, universe: fork, fetch: forkFetch(fork) })
      const names = await probe.list((ask) => send(twin, ask, { in: fork }))
      enter(world)
      return names
    }
    expect(await listIn(left)).toContain(probe.nameOf(50))
    expect(await listIn(right)).not.toContain(probe.nameOf(50))
    const port = (await world.server.listen(0, { twin, universe: left.id })).port
    const stranger = world.multiverse.access(right)[twin] as { authorization: string }
    const ask = twin === 'jira' ? probe.read : probe.write(51)
    const response = await fetch(`http://localhost:${port}${ask.path}`, {
      method: ask.method ?? 'GET',
      headers: { ...ask.headers, authorization: stranger.authorization },
      ...(ask.body === undefined ? {} : { body: ask.body }),
    })
    expect(response.status).toBe(probe.statuses.badToken)
    expect(await listIn(left)).not.toContain(probe.nameOf(51))
  })

  it('answers the same calls of the same seed with the same bytes', async () => {
    const transcript = async (id: string) => {
      const clock = new Clock({ mode: 'stepped', at: NOON, step: 1000 })
      const universe = world.multiverse.create({ id, seed: 11, clock })
      const texts: string[] = []
      for (let n = 0; n < 3; n++) texts.push((await send(twin, probe.write(n), { in: universe })).text)
      texts.push((await send(twin, probe.malformed, { in: universe })).text)
      const own = `/u/${id}/`
      return texts.map((text) => text.replaceAll(own, '/u/X/').replaceAll(universe.tag, 'TAG'))
    }
    expect(await transcript(`once-${twin}`)).toEqual(await transcript(`again-${twin}`))
  })

  it('replies as its contract says', async () => {
    const contract = loadContract(twin)
    const answer = await send(twin, probe.write(70), { in: world.multiverse.fork(world.universe, `contract-${twin}`) })
    const entry = [...world.multiverse.get(`contract-${twin}`).ledger.entries()].findLast(({ kind }) => kind === 'call')
    expect(entry?.operation).toBeDefined()
    expect(matches(contract, entry?.operation as string, answer.status, answer.json)).toEqual([])
  })

  it('answers 501 in its own form for an operation without a handler, and counts it', async () => {
    const { twin: definition, contract } = world.multiverse.app(twin)
    const built = new Set(definition.operations.flatMap((handlers) => Object.keys(handlers)))
    const missing = [...contract.operations.values()].find((operation) => !built.has(operation.operationId))
    if (!missing) return expect(built.size).toBeGreaterThanOrEqual(contract.operations.size)
    const body = missing.requestBody ? { body: '{}', headers: { 'content-type': 'application/json' } } : {}
    const answer = await send(twin, {
      method: missing.method.toUpperCase(),
      path: missing.path.replaceAll(/\{\w+\}/g, 'x'),
      ...body,
    })
    const entry = world.universe.ledger.get(world.universe.ledger.last)
    expect(probe.isRefusal(answer), answer.text).toBe(true)
    expect(entry?.unmodelled).toEqual([missing.operationId])
  })
})

/** A world's fetch with the credentials of a fork. */
const forkFetch =
  (fork: Universe): World['fetch'] =>
  (twin, path, init = {}) => {
    const { url, authorization } = world.multiverse.access(fork)[twin] as { url: string; authorization: string }
    return fetch(url + path, { ...init, headers: { authorization, ...(init.headers as Record<string, string>) } })
  }
