import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { library } from '../../testing/library.ts'
import { Multiverse } from '../multiverse.ts'
import { TwinServer } from '../server.ts'
import { control } from './control.ts'

let server: TwinServer
let base: string

beforeAll(async () => {
  const multiverse = new Multiverse([library])
  multiverse.create({ id: 'default' })
  let app: ReturnType<typeof control>
  server = new TwinServer({ multiverse, control: (request) => app.fetch(request) })
  const { port } = await server.listen(0)
  app = control({ server, multiverse })
  base = `http://localhost:${port}`
  multiverse.urlOf = (universe, twin) => {
    const own = server.listeners.find(({ binding }) => binding.twin === twin && binding.universe === universe.id)
    return own ? `http://localhost:${own.port}` : `${base}/u/${universe.id}/${twin}`
  }
})

afterAll(() => server.close())

async function api(method: string, path: string, body?: unknown) {
  const response = await fetch(base + path, { method, ...(body === undefined ? {} : { body: JSON.stringify(body) }) })
  const text = await response.text()
  return { status: response.status, body: text ? JSON.parse(text) : undefined }
}

interface Twin {
  url: string
  authorization: string
}
const add = (twin: Twin, title: string) =>
  fetch(`${twin.url}/books`, {
    method: 'POST',
    headers: { authorization: twin.authorization, 'content-type': 'application/json' },
    body: JSON.stringify({ title, shelf: 'a' }),
  })
const list = async (twin: Twin) => {
  const response = await fetch(`${twin.url}/books`, { headers: { authorization: twin.authorization } })
  return ((await response.json()) as { books: { title: string }[] }).books.map(({ title }) => title)
}

describe('universes', () => {
  it('are made, used, forked, reset and removed', async () => {
    const made = await api('POST', '/api/universes', { id: 'mine', seed: 3, ports: true })
    expect(made.status).toBe(201)
    const { library: twin } = made.body.twins
    expect(made.body.env).toMatchObject({ LIBRARY_TOKEN: twin.token, DTU_UNIVERSE: 'mine', DTU_URL: base })
    expect(made.body.ports.library).toBeGreaterThan(0)
    await add(twin, 'One')
    const fork = await api('POST', '/api/universes/mine/fork', { id: 'copy' })
    await add(fork.body.twins.library, 'Two')
    expect(await list(twin)).toEqual(['One'])
    expect(await list(fork.body.twins.library)).toEqual(['One', 'Two'])
    const diff = await api('GET', '/api/universes/copy/diff?base=mine')
    expect(diff.body.changes).toMatchObject([{ table: 'library.books', after: { title: 'Two' } }])
    await api('POST', '/api/universes/copy/reset')
    expect(await list(fork.body.twins.library)).toEqual(['One'])
    expect((await api('DELETE', '/api/universes/copy')).status).toBe(204)
    expect((await api('GET', '/api/universes/copy')).status).toBe(404)
    const ids = (await api('GET', '/api/universes')).body.universes.map(({ id }: { id: string }) => id)
    expect(ids).toEqual(['default', 'mine'])
  })

  it('fork from an earlier entry of the ledger', async () => {
    const { twins } = (await api('POST', '/api/universes', { id: 'past' })).body
    for (const title of ['A', 'B', 'C']) await add(twins.library, title)
    const then = await api('POST', '/api/universes/past/fork', { at: 2 })
    expect(await list(then.body.twins.library)).toEqual(['A', 'B'])
    expect(await api('POST', '/api/universes/past/fork', { at: 99 })).toMatchObject({
      status: 400,
      body: { error: 'out_of_reach' },
    })
  })

  it('return to snapshots', async () => {
    const { twins } = (await api('POST', '/api/universes', { id: 'saved' })).body
    await add(twins.library, 'A')
    await api('POST', '/api/universes/saved/snapshots', { name: 'a' })
    await add(twins.library, 'B')
    await api('POST', '/api/universes/saved/restore', { name: 'a' })
    expect(await list(twins.library)).toEqual(['A'])
    expect((await api('POST', '/api/universes/saved/restore', { name: 'b' })).status).toBe(404)
  })

  it('take a fixture written out, and say where it is wrong', async () => {
    const yaml = 'library:\n  books:\n    - { title: Emma, shelf: a }\n'
    const { twins } = (await api('POST', '/api/universes', { fixture: { yaml } })).body ?? {}
    // The library is a twin of these tests: fixture files know only the six services.
    expect(twins).toBeUndefined()
    const bad = await api('POST', '/api/universes', { fixture: { yaml: 'people:\n  - { email: nobody }\n' } })
    expect(bad).toMatchObject({ status: 400, body: { error: 'bad_fixture' } })
    expect(bad.body.details[0]).toMatch(/^yaml:2:\d+: people\.0\.email: /)
  })
})

describe('observing', () => {
  it('reads the ledger, filtered and as a stream', async () => {
    const { twins } = (await api('POST', '/api/universes', { id: 'seen' })).body
    await add(twins.library, 'A')
    await list(twins.library)
    const { body } = await api('GET', '/api/universes/seen/ledger?operation=createBook')
    expect(body.entries).toHaveLength(1)
    expect(body.entries[0]).toMatchObject({
      status: 201,
      twin: 'library',
      request: { body: '{"title":"A","shelf":"a"}' },
    })
    expect((await api('GET', '/api/universes/seen/ledger?changed=false')).body.entries).toHaveLength(1)
    const abort = new AbortController()
    const stream = await fetch(`${base}/api/universes/seen/ledger?since=2`, {
      headers: { accept: 'text/event-stream' },
      signal: abort.signal,
    })
    const reader = (stream.body as ReadableStream<Uint8Array>).getReader()
    await add(twins.library, 'B')
    const { value } = await reader.read()
    expect(new TextDecoder().decode(value)).toMatch(/^id: 3\ndata: \{"seq":3,/)
    abort.abort()
  })

  it('reads tables', async () => {
    const { twins } = (await api('POST', '/api/universes', { id: 'tables' })).body
    await add(twins.library, 'A')
    const { body } = await api('GET', '/api/universes/tables/state/library/books')
    expect(body).toMatchObject({ total: 1, rows: [{ title: 'A' }] })
    expect((await api('GET', '/api/universes/tables/state')).body.tables['library.books']).toBe(1)
    expect((await api('GET', '/api/universes/tables/state/library/cds')).status).toBe(404)
  })
})

describe('steering', () => {
  it('moves the clock and runs what is due', async () => {
    const { twins } = (
      await api('POST', '/api/universes', { id: 'timed', clock: { mode: 'frozen', at: '2026-01-01T00:00:00Z' } })
    ).body
    await add(twins.library, 'A')
    const [book] = (await api('GET', '/api/universes/timed/state/library/books')).body.rows
    await fetch(`${twins.library.url}/books/${book.id}:lend`, {
      method: 'POST',
      headers: { authorization: twins.library.authorization },
    })
    expect((await api('PATCH', '/api/universes/timed/clock', { advance: 1000 })).body).toEqual({
      mode: 'frozen',
      now: '2026-01-01T00:00:01.000Z',
    })
    expect((await api('GET', '/api/universes/timed/state/library/books')).body.rows[0].lent).toBe(false)
  })

  it('plans faults and limits', async () => {
    const { twins } = (await api('POST', '/api/universes', { id: 'faulty' })).body
    await api('PATCH', '/api/universes/faulty/faults', {
      faults: [{ operation: 'createBook', fault: { kind: 'status', status: 500 } }],
    })
    expect((await add(twins.library, 'A')).status).toBe(500)
    await api('PATCH', '/api/universes/faulty/faults', { faults: [] })
    expect((await add(twins.library, 'A')).status).toBe(201)
    const { body } = await api('PATCH', '/api/universes/faulty/limits', { enforce: true, factor: 0.01 })
    expect(body.enforce).toBe(true)
    expect((await add(twins.library, 'B')).status).toBe(429)
  })
})

describe('refusals', () => {
  it.each([
    ['POST', '/api/universes', { fixture: 'nowhere' }, 400, 'bad_fixture'],
    ['POST', '/api/universes', { colour: 'red' }, 400, 'invalid'],
    ['POST', '/api/universes', { id: 'default' }, 409, 'refused'],
    ['POST', '/api/universes', { id: 'no spaces' }, 400, 'refused'],
    ['GET', '/api/universes/nobody', undefined, 404, 'not_found'],
    ['GET', '/api/nothing', undefined, 404, 'not_found'],
    ['POST', '/api/universes/default/act/library/dance', {}, 404, 'not_found'],
    ['PATCH', '/api/universes/default/clock', { advance: -1 }, 400, 'invalid'],
    ['PATCH', '/api/universes/default/faults', { faults: [{ fault: { kind: 'meteor' } }] }, 400, 'invalid'],
  ])('%s %s %j', async (method, path, body, status, error) => {
    expect(await api(method, path, body)).toMatchObject({ status, body: { error } })
  })
})

it('describes itself', async () => {
  const { body } = await api('GET', '/api/openapi.json')
  expect(body.openapi).toBe('3.1.0')
  const documented = Object.entries(body.paths as Record<string, object>).flatMap(([path, item]) =>
    Object.keys(item).map((verb) => `${verb} ${path}`),
  )
  expect(documented).toContain('post /api/universes/{id}/fork')
  expect(documented.length).toBeGreaterThanOrEqual(18)
})
