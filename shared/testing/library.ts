import { z } from 'zod'
import { act } from '../kernel/act.ts'
import { type ContractDocument, contract } from '../kernel/contract.ts'
import { type Dialect, ServiceError } from '../kernel/dialect.ts'
import { created, noContent, ok } from '../kernel/reply.ts'
import { defineTwin, handlersOf, type Moment } from '../kernel/twin.ts'
import { defineTable } from '../universe/table.ts'

/** A lending library: the smallest twin with everything the kernel offers, for its tests and the bench. */
interface Book {
  readonly id: string
  readonly title: string
  readonly shelf: string
  readonly lent: boolean
}

interface Reader {
  readonly secret: string
  readonly name: string
  readonly scopes: readonly string[]
}

interface LibraryOperations {
  listBooks: { params: object; query: { shelf?: string; limit?: number; after?: string }; body: unknown }
  getBook: { params: { bookId: string }; query: object; body: unknown }
  createBook: { params: object; query: object; body: { title: string; shelf: string } }
  removeBook: { params: { bookId: string }; query: object; body: unknown }
  lendBook: { params: { bookId: string }; query: object; body: unknown }
  breakShelf: { params: object; query: object; body: unknown }
}

const tables = {
  books: defineTable<Book>()('library.books', {
    key: (book) => book.id,
    unique: { title: (book) => book.title.toLowerCase() },
    index: { shelf: (book) => [book.shelf, book.id] },
  }),
  readers: defineTable<Reader>()('library.readers', { key: (reader) => reader.secret }),
}

const book = {
  type: 'object',
  properties: { title: { type: 'string', minLength: 1 }, shelf: { type: 'string' } },
  required: ['title', 'shelf'],
  additionalProperties: false,
}

const document: ContractDocument = {
  openapi: '3.1.0',
  info: { title: 'Library', version: '1' },
  paths: {
    '/books': {
      get: {
        operationId: 'listBooks',
        security: [{ reader: ['books.read'] }],
        parameters: [
          { name: 'shelf', in: 'query', schema: { type: 'string' } },
          { name: 'limit', in: 'query', schema: { type: 'integer', minimum: 1, maximum: 100 } },
          { name: 'after', in: 'query', schema: { type: 'string' } },
        ],
        responses: {
          200: { content: { 'application/json': { schema: { type: 'object', required: ['books'] } } } },
        },
      },
      post: {
        operationId: 'createBook',
        security: [{ reader: ['books.write'] }],
        requestBody: { required: true, content: { 'application/json': { schema: book } } },
        responses: {},
      },
    },
    '/books/{bookId}': {
      get: { operationId: 'getBook', security: [{ reader: ['books.read'] }], responses: {} },
      delete: { operationId: 'removeBook', security: [{ reader: ['books.write'] }], responses: {} },
    },
    '/books/{bookId}:lend': {
      post: { operationId: 'lendBook', security: [{ reader: ['books.write'] }], responses: {} },
    },
    '/shelves:break': {
      post: { operationId: 'breakShelf', security: [{ reader: ['books.write'] }], responses: {} },
    },
    '/catalogue': { get: { operationId: 'getCatalogue', security: [{ reader: ['books.read'] }], responses: {} } },
  },
}

const refusal = (status: number, error: string, detail?: unknown) => ({ status, body: { error, detail } })

const dialect: Dialect<typeof tables, Reader> = {
  steps: ['authenticate', 'authorize', 'limit', 'parse', 'parameters', 'body'],
  bodyLimit: () => 64 * 1024,
  credential: (request) => request.header('authorization')?.replace(/^Bearer /, ''),
  authenticate(call) {
    const credential = this.credential(call.request)
    const secret = credential && call.open(credential)
    const reader = secret ? call.tables.readers.get(secret) : undefined
    if (!reader) throw new ServiceError(refusal(401, 'unauthenticated'))
    return reader
  },
  authorize({ caller }, alternatives) {
    if (!alternatives.some(({ reader }) => reader?.every((scope) => caller.scopes.includes(scope)))) {
      throw new ServiceError(refusal(403, 'missing_scope'))
    }
  },
  quotas: ({ operation }) => [{ key: operation.operationId, limit: 100, window: 60_000 }],
  refuse(problem) {
    if (problem.kind === 'unknown-route') return refusal(404, 'no_such_path')
    if (problem.kind === 'wrong-verb') return refusal(405, 'wrong_verb', problem.allowed)
    if (problem.kind === 'unmodelled') return refusal(501, 'unmodelled')
    if (problem.kind === 'throttled') return refusal(429, 'slow_down')
    if (problem.kind === 'too-large') return refusal(413, 'too_large')
    if (problem.kind === 'media-type') return refusal(415, 'media_type')
    if (problem.kind === 'malformed') return refusal(400, 'malformed')
    if (problem.kind === 'unavailable') return refusal(problem.status, 'unavailable')
    if (problem.kind === 'invalid') {
      return refusal(
        400,
        'invalid',
        problem.problems.map(({ path, keyword }) => `${path.join('.')} ${keyword}`),
      )
    }
    return refusal(500, 'crash')
  },
  headers: () => ({ 'x-service': 'library' }),
}

const operations = handlersOf<LibraryOperations, typeof tables, Reader>()

const find = (book: Book | undefined): Book => {
  if (!book) throw new ServiceError(refusal(404, 'no_such_book'))
  return book
}

const books = operations({
  listBooks({ tables, query }) {
    const limit = query.limit ?? 10
    const range = query.after === undefined ? {} : { after: query.after }
    const rows = query.shelf
      ? tables.books.scan('shelf', {
          prefix: query.shelf,
          ...(query.after === undefined ? {} : { after: [query.shelf, query.after, query.after] }),
        })
      : tables.books.rows(range)
    return ok({ books: rows.take(limit).toArray() })
  },
  getBook: ({ tables, params }) => ok(find(tables.books.get(params.bookId))),
  createBook(call) {
    if (call.tables.books.by('title', call.body.title.toLowerCase())) throw new ServiceError(refusal(409, 'taken'))
    const id = `b${String(call.sequence('book')).padStart(6, '0')}${call.random.text(4, 'abcdef')}`
    const row = call.tables.books.insert({ id, lent: false, ...call.body })
    call.emit({ type: 'created', book: id })
    return created(row, { location: call.link(`/books/${id}`) })
  },
  removeBook({ tables, params }) {
    find(tables.books.remove(params.bookId))
    return noContent()
  },
  lendBook(call) {
    const book = find(call.tables.books.get(call.params.bookId))
    call.tables.books.replace({ ...book, lent: true })
    call.emit({ type: 'lent', book: book.id })
    return ok(call.tables.books.get(book.id))
  },
  breakShelf({ tables }) {
    tables.books.insert({ id: 'half-written', title: 'Half written', shelf: 'z', lent: false })
    throw new Error('The shelf broke')
  },
})

export const library = defineTwin<LibraryOperations, typeof tables, Reader>({
  name: 'library',
  contract: () => contract('library', document),
  dialect,
  tables,
  operations: [books],
  fixture: z.strictObject({ books: z.array(z.strictObject({ title: z.string(), shelf: z.string() })) }),
  defaults({ tables }) {
    tables.readers.insert({ secret: 'reader-all-', name: 'Ann', scopes: ['books.read', 'books.write'] })
    tables.readers.insert({ secret: 'reader-look-', name: 'Bob', scopes: ['books.read'] })
  },
  seed(call, _people, section) {
    for (const entry of (section as { books?: { title: string; shelf: string }[] } | undefined)?.books ?? []) {
      const id = `b${String(call.sequence('book')).padStart(6, '0')}${call.random.text(4, 'abcdef')}`
      call.tables.books.insert({ id, lent: false, ...entry })
    }
  },
  react(event, call) {
    if (event.type !== 'lent') return
    call.schedule({ kind: 'remind', at: call.now + 1000, payload: event.book, key: `remind ${event.book}` })
  },
  jobs: {
    remind: (call, book: string) => void call.tables.books.patch(book, { lent: false }),
  },
  acts: {
    /** Somebody brings a book to the desk. */
    donate: act(
      'by',
      z.strictObject({ title: z.string(), by: z.string().optional() }),
      (call: Moment<typeof tables>, { title }) => {
        const id = `d${call.sequence('donation')}`
        return call.tables.books.insert({ id, title, shelf: 'donated', lent: false })
      },
    ),
  },
  kinds: { books: ({ tables }) => tables.books.all() },
  access: (call, url) => {
    const token = call.seal('reader-all-')
    return { url, token, authorization: `Bearer ${token}`, env: { LIBRARY_TOKEN: token } }
  },
})
