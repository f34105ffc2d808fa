import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { library } from '../testing/library.ts'
import { Multiverse } from './multiverse.ts'
import { PortError, TwinServer } from './server.ts'

let server: TwinServer
let multiverse: Multiverse
const ports: Record<string, number> = {}

beforeAll(async () => {
  multiverse = new Multiverse([library])
  server = new TwinServer({ multiverse })
  ports.main = (await server.listen(0)).port
  ports.library = (await server.listen(0, { twin: 'library' })).port
  multiverse.create({ id: 'default' })
  multiverse.create({ id: 'other' })
  ports.own = (await server.listen(0, { twin: 'library', universe: 'other' })).port
})

afterAll(() => server.close())

async function add(base: string, universe: string, title: string, headers: Record<string, string> = {}) {
  return fetch(`${base}/books`, {
    method: 'POST',
    body: JSON.stringify({ title, shelf: 's' }),
    headers: {
      authorization: `Bearer ${multiverse.get(universe).seal('reader-all-')}`,
      'content-type': 'application/json',
      ...headers,
    },
  })
}

const at = (place: string, path = '') => `http://localhost:${ports[place]}${path}`
const titles = (id: string) =>
  multiverse.moment(multiverse.get(id), 'library', ({ tables }) =>
    (tables as unknown as { books: { all(): { title: string }[] } }).books.all().map(({ title }) => title),
  )

describe('the universe of a request', () => {
  it.each([
    ['path', at('main', ''), 'main', '/u/other/library', {}],
    ['header', '', 'library', '', { 'x-dtu-universe': 'other' }],
    ['port', '', 'own', '', {}],
    ['credential on the port of the twin', '', 'library', '', {}],
    ['credential below the name of the twin', '', 'main', '/library', {}],
  ])('comes from its %s', async (name, _base, place, path, headers) => {
    const response = await add(at(place, path), 'other', name, headers as Record<string, string>)
    expect(response.status).toBe(201)
    expect(response.headers.get('location')).toMatch(new RegExp(`^${at(place, path)}/books/`))
    expect(titles('other')).toContain(name)
    expect(titles('default')).not.toContain(name)
  })

  it('refuses the credential of another', async () => {
    expect((await add(at('own'), 'default', 'x')).status).toBe(401)
    expect((await add(at('main', '/u/default/library'), 'other', 'x')).status).toBe(401)
  })

  it('is said to be missing when it is', async () => {
    const response = await fetch(at('main', '/u/nobody/library/books'))
    expect(response.status).toBe(404)
    expect(await response.json()).toMatchObject({ message: 'No universe nobody' })
  })
})

it('says which port is taken', async () => {
  await expect(server.listen(ports.main as number)).rejects.toThrow(PortError)
  await expect(server.listen(ports.main as number)).rejects.toThrow(`Port ${ports.main} on 127.0.0.1 is taken`)
})

it('drops the connection of a call whose reply is to be lost', async () => {
  multiverse.get('default').faults.set([{ after: 0, times: 1, fault: { kind: 'lost-reply' } }])
  await expect(add(at('library'), 'default', 'Committed')).rejects.toThrow()
  expect(titles('default')).toContain('Committed')
})

it('keeps ten thousand universes apart, each answering', async () => {
  const base = multiverse.get('default')
  const forks = Array.from({ length: 10_000 }, (_, i) => multiverse.fork(base, `many-${i}`))
  for (let i = 0; i < forks.length; i += 997) {
    expect((await add(at('library'), `many-${i}`, `Mine ${i}`)).status).toBe(201)
    expect(titles(`many-${i}`)).toContain(`Mine ${i}`)
  }
  expect(titles('many-1')).not.toContain('Mine 0')
  for (const fork of forks) multiverse.delete(fork.id)
})
