import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { serve } from '@hono/node-server'
import { Hono } from 'hono'
import { Multiverse } from '../../shared/server/multiverse.ts'
import { TwinServer } from '../../shared/server/server.ts'
import { library } from '../../shared/testing/library.ts'

/** One server of the bench: sends its port when ready, and its CPU time when asked. */
const kind = process.argv[2]
const book = { id: 'b1', title: 'Emma', shelf: 'a', lent: false }

const ready = (port: number) => {
  process.send?.(port)
  process.on('message', () => {
    const { user, system } = process.cpuUsage()
    process.send?.(user + system)
  })
}

if (kind === 'node') {
  const server = createServer((_request, response) => {
    response.writeHead(200, { 'content-type': 'application/json', 'x-service': 'library' })
    response.end(JSON.stringify(book))
  })
  server.listen(0, () => ready((server.address() as AddressInfo).port))
} else if (kind === 'hono') {
  const app = new Hono()
  app.get('/books/:bookId', (c) => c.json(book, 200, { 'x-service': 'library' }))
  const server = serve({ fetch: app.fetch, port: 0 }, () => ready((server.address() as AddressInfo).port))
} else {
  const multiverse = new Multiverse([library])
  const universe = multiverse.create({ id: 'default' })
  multiverse.moment(universe, 'library', ({ tables }) =>
    (tables as unknown as { books: { insert(row: object): void } }).books.insert(book),
  )
  const server = new TwinServer({ multiverse })
  ready((await server.listen(0, { twin: 'library' })).port)
}
