import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { beforeEach, describe, expect, it } from 'vitest'
import { Multiverse } from '../server/multiverse.ts'
import { FetchRequest } from '../server/served.ts'
import { library } from '../testing/library.ts'
import { Clock } from '../universe/clock.ts'
import type { Universe } from '../universe/universe.ts'
import { DROPPED } from './faults.ts'

const NOON = Date.parse('2026-03-01T12:00:00Z')
let multiverse: Multiverse
let universe: Universe

beforeEach(() => {
  multiverse = new Multiverse([library])
  universe = multiverse.create({ id: 'default', clock: new Clock({ mode: 'frozen', at: NOON }) })
})

async function send(
  method: string,
  path: string,
  init: { body?: string; headers?: Record<string, string>; in?: Universe } = {},
) {
  const world = init.in ?? universe
  const request = new Request(`http://localhost${path}`, {
    method,
    headers: {
      authorization: `Bearer ${world.seal('reader-all-')}`,
      'content-type': 'application/json',
      ...init.headers,
    },
    ...(init.body === undefined ? {} : { body: init.body }),
  })
  const [route, search = ''] = path.split('?') as [string, string?]
  const response = await multiverse.serve('library', {
    universe: world,
    request: new FetchRequest(request, 'http://localhost', route, search),
  })
  const text = response.status === DROPPED ? '' : await response.text()
  return { status: response.status, body: text && JSON.parse(text), headers: response.headers, text }
}

const add = (title: string, world = universe) =>
  send('POST', '/books', { body: JSON.stringify({ title, shelf: 'a' }), in: world })

describe('a call', () => {
  it('is checked, carried out, committed and recorded', async () => {
    const { status, body, headers } = await add('Emma')
    expect(status).toBe(201)
    expect(body).toMatchObject({ title: 'Emma', shelf: 'a', lent: false })
    expect(headers.get('location')).toBe(`http://localhost/books/${body.id}`)
    expect(headers.get('x-service')).toBe('library')
    expect((await send('GET', `/books/${body.id}`)).body).toEqual(body)
    const entry = universe.ledger.get(1)
    expect(entry).toMatchObject({ twin: 'library', operation: 'createBook', status: 201, at: NOON })
    expect(entry?.changes.find(({ table }) => table === 'library.books')).toMatchObject({ id: body.id })
    expect(entry?.events).toEqual([{ type: 'created', book: body.id }])
  })

  it.each([
    ['GET', '/nowhere', undefined, {}, 404, 'no_such_path'],
    ['PATCH', '/books', undefined, {}, 405, 'wrong_verb'],
    ['GET', '/catalogue', undefined, {}, 501, 'unmodelled'],
    ['GET', '/books?limit=many', undefined, {}, 400, 'invalid'],
    ['GET', '/books?limit=1000', undefined, {}, 400, 'invalid'],
    ['POST', '/books', '{', {}, 400, 'malformed'],
    ['POST', '/books', '['.repeat(5000), {}, 400, 'malformed'],
    ['POST', '/books', '{"title":"x","shelf":1}', {}, 400, 'invalid'],
    ['POST', '/books', '{"title":"x","shelf":"a","more":1}', {}, 400, 'invalid'],
    ['POST', '/books', 'title=x', { 'content-type': 'text/plain' }, 415, 'media_type'],
    ['POST', '/books', `"${'x'.repeat(70_000)}"`, {}, 413, 'too_large'],
    ['POST', '/books', undefined, {}, 400, 'invalid'],
    ['GET', '/books', undefined, { authorization: 'Bearer nobody' }, 401, 'unauthenticated'],
    ['GET', '/books/none', undefined, {}, 404, 'no_such_book'],
  ])('is refused in the words of the service: %s %s %j', async (method, path, body, headers, status, error) => {
    await add('Emma')
    const before = universe.store.fork()
    const reply = await send(method, path, {
      ...(body === undefined ? {} : { body }),
      headers: headers as Record<string, string>,
    })
    expect(reply).toMatchObject({ status, body: { error } })
    expect(reply.text).not.toMatch(/\bat .*\.ts/)
    expect(universe.store.diff(before)).toEqual([])
  })

  it('of a caller without the scope is refused', async () => {
    const headers = { authorization: `Bearer ${universe.seal('reader-look-')}` }
    expect((await send('GET', '/books', { headers })).status).toBe(200)
    expect(await send('DELETE', '/books/x', { headers })).toMatchObject({
      status: 403,
      body: { error: 'missing_scope' },
    })
  })

  it('whose handler breaks is undone, and the ledger names the fault', async () => {
    await add('Emma')
    const before = universe.store.fork()
    const random = universe.random.state
    const reply = await send('POST', '/shelves:break')
    expect(reply).toMatchObject({ status: 500, body: { error: 'crash' } })
    expect(universe.store.diff(before)).toEqual([])
    expect(universe.random.state).toEqual(random)
    expect(universe.ledger.get(2)).toMatchObject({ operation: 'breakShelf', changes: [] })
    expect(universe.ledger.get(2)?.crash).toMatch(/The shelf broke/)
  })

  it('has path parameters decoded exactly once', async () => {
    const { body } = await add('100%25')
    expect((await send('GET', `/books/${encodeURIComponent(body.id)}`)).status).toBe(200)
    await send('GET', '/books/a%252Fb')
    expect(universe.ledger.get(3)?.path).toBe('/books/a%252Fb')
  })
})

describe('paging', () => {
  it('walks every row once, also while rows are added', async () => {
    for (let i = 0; i < 25; i++) await add(`Book ${i}`)
    const seen: string[] = []
    let after = ''
    for (;;) {
      const { body } = await send('GET', `/books?shelf=a&limit=7${after && `&after=${after}`}`)
      if (body.books.length === 0) break
      seen.push(...body.books.map(({ title }: { title: string }) => title))
      after = body.books.at(-1).id
      if (seen.length === 7) await add('Late')
    }
    expect(seen).toHaveLength(26)
    expect(new Set(seen).size).toBe(26)
  })
})

describe('universes', () => {
  it('of one seed answer the same calls with the same bytes', async () => {
    const clock = () => new Clock({ mode: 'stepped', at: NOON, step: 7 })
    const worlds = ['one', 'two'].map((id) => multiverse.create({ id, seed: 5, clock: clock() }))
    const replies = []
    for (const world of worlds) {
      const texts = []
      for (const title of ['A', 'B', 'A', '']) texts.push((await add(title, world)).text)
      texts.push((await send('GET', '/books', { in: world })).text)
      replies.push(texts)
    }
    expect(replies[0]).toEqual(replies[1])
    const other = multiverse.create({ id: 'three', seed: 6, clock: clock() })
    expect((await add('A', other)).text).not.toBe(replies[0]?.[0])
  })

  it('do not see each other', async () => {
    await add('Shared')
    const fork = multiverse.fork(universe, 'fork')
    await add('Fork only', fork)
    await add('Parent only')
    const titles = async (world: Universe) =>
      (await send('GET', '/books', { in: world })).body.books.map(({ title }: { title: string }) => title)
    expect(await titles(fork)).toEqual(['Shared', 'Fork only'])
    expect(await titles(universe)).toEqual(['Shared', 'Parent only'])
  })
})

describe('scheduled work', () => {
  it('runs when the clock gets there, before the next call', async () => {
    const { body } = await add('Emma')
    expect((await send('POST', `/books/${body.id}:lend`)).body.lent).toBe(true)
    universe.clock.advance(999)
    expect((await send('GET', `/books/${body.id}`)).body.lent).toBe(true)
    universe.clock.advance(1)
    expect((await send('GET', `/books/${body.id}`)).body.lent).toBe(false)
    expect([...universe.ledger.entries()].map(({ kind, operation }) => `${kind} ${operation}`)).toContain('job remind')
  })

  it('is replaced by a task of the same key', async () => {
    const { body } = await add('Emma')
    await send('POST', `/books/${body.id}:lend`)
    universe.clock.advance(600)
    await send('POST', `/books/${body.id}:lend`)
    universe.clock.advance(600)
    expect((await send('GET', `/books/${body.id}`)).body.lent).toBe(true)
  })
})

describe('faults', () => {
  it('strike as planned, and no longer', async () => {
    universe.faults.set([{ operation: 'listBooks', after: 1, times: 2, fault: { kind: 'status', status: 503 } }])
    const statuses = []
    for (let i = 0; i < 5; i++) statuses.push((await send('GET', '/books')).status)
    expect(statuses).toEqual([200, 503, 503, 200, 200])
    expect(universe.ledger.get(2)?.fault).toBe('status on listBooks')
  })

  it('lose a reply after the commit, or a request before it', async () => {
    universe.faults.set([{ operation: 'create*', after: 0, times: 1, fault: { kind: 'lost-reply' } }])
    expect((await add('Kept')).status).toBe(DROPPED)
    universe.faults.set([{ after: 0, times: 1, fault: { kind: 'dropped' } }])
    expect((await add('Gone')).status).toBe(DROPPED)
    expect((await send('GET', '/books')).body.books).toMatchObject([{ title: 'Kept' }])
  })
})

describe('limits', () => {
  it('are counted always and enforced on demand', async () => {
    for (let i = 0; i < 105; i++) expect((await send('GET', '/books')).status).toBe(200)
    expect(universe.limits.wouldThrottle.get('library')).toBe(5)
    universe.limits.plan = { enforce: true }
    expect(await send('GET', '/books')).toMatchObject({ status: 429, body: { error: 'slow_down' } })
    universe.clock.advance(60_000)
    expect((await send('GET', '/books')).status).toBe(200)
    universe.limits.plan = { enforce: true, factor: 0.02 }
    expect((await send('GET', '/books')).status).toBe(200)
    expect((await send('GET', '/books')).status).toBe(429)
  })
})

describe('deliveries', () => {
  it('are retried on the clock of the universe and recorded', async () => {
    const got: string[] = []
    const server = createServer((request, response) => {
      got.push(`${request.headers['x-try'] ?? ''}`)
      response.statusCode = got.length < 3 ? 500 : 200
      response.end('thanks')
    })
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/hook`
    multiverse.moment(universe, 'library', (call) =>
      call.deliver({ url, kind: 'hook', body: '{}', headers: { 'x-try': '1' }, retries: [1000, 2000] }),
    )
    await multiverse.outbox.settle(universe)
    expect(got).toHaveLength(1)
    universe.clock.advance(1000)
    await multiverse.outbox.settle(universe)
    expect(got).toHaveLength(2)
    universe.clock.advance(2000)
    await multiverse.outbox.settle(universe)
    expect(got).toHaveLength(3)
    universe.clock.advance(100_000)
    await multiverse.outbox.settle(universe)
    expect(got).toHaveLength(3)
    const deliveries = [...universe.ledger.entries()].filter(({ kind }) => kind === 'delivery')
    expect(deliveries.map(({ status }) => status)).toEqual([500, 500, 200])
    server.close()
  })

  it('leave the machine only for hosts that are allowed', async () => {
    multiverse.moment(universe, 'library', (call) =>
      call.deliver({ url: 'http://example.test/x', kind: 'hook', body: '' }),
    )
    await multiverse.outbox.settle(universe)
    expect(universe.ledger.get(universe.ledger.last)).toMatchObject({ kind: 'delivery', status: 0 })
    expect(String(universe.ledger.get(universe.ledger.last)?.response)).toMatch(/loopback/)
  })
})
