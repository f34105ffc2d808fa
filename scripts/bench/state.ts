import { Multiverse } from '../../shared/server/multiverse.ts'
import { FetchRequest } from '../../shared/server/served.ts'
import { loadTwins } from '../../shared/server/twins.ts'
import { library } from '../../shared/testing/library.ts'
import { Clock } from '../../shared/universe/clock.ts'
import type { Universe } from '../../shared/universe/universe.ts'
import { median } from './http.ts'

type Row = [string, string]

/** A multiverse with one universe of `rows` books. */
function shelf(rows: number): { multiverse: Multiverse; universe: Universe } {
  const multiverse = new Multiverse([library])
  const books = Array.from({ length: rows }, (_, i) => ({ title: `Book ${i}`, shelf: `s${i % 10}` }))
  const universe = multiverse.create({
    id: 'default',
    fixture: { name: `${rows}`, people: [], sections: { library: { books } } },
  })
  return { multiverse, universe }
}

/** Cost of a fork of a universe with 20,000 rows, and of 200 rows. */
export function forkCost(): Row[] {
  return [200, 20_000].map((rows) => {
    const { universe } = shelf(rows)
    const rounds = Array.from({ length: 20 }, (_, round) => {
      const started = performance.now()
      for (let i = 0; i < 1000; i++) universe.fork(`f${round}-${i}`)
      return performance.now() - started // ms for 1000 = µs for one
    })
    return [`fork of a universe with ${rows.toLocaleString('en')} rows`, `${median(rounds).toFixed(2)} µs`]
  })
}

/** Heap per universe: a fork alone, after 20 committed writes, and after 20 calls with their ledger. */
export async function memoryPerUniverse(): Promise<Row[]> {
  const { multiverse, universe } = shelf(20_000)
  const count = 500
  const measure = async (name: string, work: (fork: Universe, n: number) => Promise<void> | void): Promise<Row> => {
    global.gc?.()
    const before = process.memoryUsage().heapUsed
    const kept: Universe[] = []
    for (let n = 0; n < count; n++) {
      const fork = multiverse.fork(universe, `${name.replaceAll(/\W/g, '')}${n}`)
      await work(fork, n)
      kept.push(fork)
    }
    global.gc?.()
    const bytes = (process.memoryUsage().heapUsed - before) / count
    for (const fork of kept) multiverse.delete(fork.id)
    return [`memory per universe: ${name}`, `${(bytes / 1024).toFixed(1)} KB`]
  }
  if (!global.gc) return [['memory per universe', 'needs node --expose-gc']]
  const write = (fork: Universe) => {
    for (let i = 0; i < 20; i++) {
      multiverse.moment(fork, 'library', ({ tables }) =>
        (tables as unknown as { books: { insert(row: object): void } }).books.insert({
          id: `z${i}`,
          title: `Written ${i}`,
          shelf: 's1',
          lent: false,
        }),
      )
    }
  }
  return [
    await measure('a fork', () => {}),
    await measure('20 writes', write),
    await measure('20 writing calls, bodies and ledger kept', async (fork) => {
      for (let i = 0; i < 20; i++)
        await call(multiverse, fork, 'POST', '/books', { title: `Written ${i}`, shelf: 's1' })
    }),
  ]
}

/** Cost of a list of 15 as the table grows, and of Slack's history, as ratios to the smallest. */
export async function growth(): Promise<Row[]> {
  const list: number[] = []
  for (const rows of [1000, 10_000, 100_000]) {
    const { multiverse, universe } = shelf(rows)
    list.push(await time(() => call(multiverse, universe, 'GET', '/books?shelf=s1&limit=15')))
  }
  const history = await slackHistory([200, 20_000])
  return [
    ['list of 15, 10k rows / 1k rows', ((list[1] as number) / (list[0] as number)).toFixed(2)],
    ['list of 15, 100k rows / 1k rows', ((list[2] as number) / (list[0] as number)).toFixed(2)],
    ['Slack history of 15, 20,000 messages / 200', ((history[1] as number) / (history[0] as number)).toFixed(2)],
  ]
}

/** µs per `conversations.history` with so many messages in the channel; rounds alternate. */
async function slackHistory(sizes: readonly number[]): Promise<number[]> {
  const multiverse = new Multiverse(await loadTwins(['slack']))
  const worlds: { universe: Universe; channel: string }[] = []
  for (const size of sizes) {
    const universe = multiverse.create({
      clock: new Clock({ mode: 'stepped', at: Date.parse('2026-01-01T00:00:00Z'), step: 1000 }),
    })
    const made = await slack(multiverse, universe, 'conversations.create', { name: 'long-history' })
    const channel = made.channel?.id as string
    for (let i = 0; i < size; i++)
      await slack(multiverse, universe, 'chat.postMessage', { channel, text: `Message ${i}` })
    worlds.push({ universe, channel })
  }
  const rounds: number[][] = sizes.map(() => [])
  for (let round = 0; round < 9; round++) {
    for (const [position, { universe, channel }] of worlds.entries()) {
      const started = performance.now()
      for (let i = 0; i < 300; i++) await slack(multiverse, universe, 'conversations.history', { channel, limit: '15' })
      rounds[position]?.push(performance.now() - started)
    }
  }
  return rounds.map(median)
}

async function slack(multiverse: Multiverse, universe: Universe, method: string, body: Record<string, string>) {
  const authorization = multiverse.access(universe).slack?.authorization as string
  const request = new Request(`http://localhost/api/${method}`, {
    method: 'POST',
    headers: { authorization, 'content-type': 'application/x-www-form-urlencoded' },
    body: new URLSearchParams(body),
  })
  const served = new FetchRequest(request, 'http://localhost', `/api/${method}`, '')
  const response = await multiverse.serve('slack', { universe, request: served })
  const reply = (await response.json()) as { ok: boolean; channel?: { id: string } }
  if (!reply.ok) throw new Error(`${method}: ${JSON.stringify(reply)}`)
  return reply
}

async function call(multiverse: Multiverse, universe: Universe, method: string, path: string, body?: object) {
  const request = new Request(`http://localhost${path}`, {
    method,
    headers: { authorization: `Bearer ${universe.seal('reader-all-')}`, 'content-type': 'application/json' },
    ...(body ? { body: JSON.stringify(body) } : {}),
  })
  const [route, search = ''] = path.split('?') as [string, string?]
  const served = new FetchRequest(request, 'http://localhost', route, search)
  const response = await multiverse.serve('library', { universe, request: served })
  if (response.status >= 400) throw new Error(`${method} ${path}: ${response.status}`)
  return response.text()
}

async function time(work: () => Promise<unknown>): Promise<number> {
  const rounds: number[] = []
  for (let round = 0; round < 9; round++) {
    const started = performance.now()
    for (let i = 0; i < 500; i++) await work()
    rounds.push(performance.now() - started)
  }
  return median(rounds)
}
