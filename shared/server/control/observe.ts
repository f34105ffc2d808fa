import { z } from 'zod'
import { type LedgerEntry, render } from '../../universe/ledger.ts'
import { definitions, Table } from '../../universe/table.ts'
import { ControlError, endpoint } from './endpoint.ts'
import { shown } from './shown.ts'
import { type ControlContext, idParams } from './universes.ts'

const ledgerQuery = z.object({
  /** Entries after this number. */
  since: z.coerce.number().int().min(0).default(0),
  limit: z.coerce.number().int().min(1).max(10_000).default(100),
  twin: z.string().optional(),
  operation: z.string().optional(),
  kind: z.enum(['call', 'delivery', 'job', 'act', 'seed']).optional(),
  /** An HTTP status, or a class: `4xx`. */
  status: z
    .string()
    .regex(/^\d(\d\d|xx)$/)
    .optional(),
  /** Only calls that changed rows. */
  changed: z.stringbool().optional(),
})

function matches(entry: LedgerEntry, query: z.output<typeof ledgerQuery>): boolean {
  const { twin, operation, kind, status, changed } = query
  if (twin !== undefined && entry.twin !== twin) return false
  if (operation !== undefined && entry.operation !== operation) return false
  if (kind !== undefined && entry.kind !== kind) return false
  if (status?.endsWith('xx') && Math.floor(entry.status / 100) !== Number(status[0])) return false
  if (status !== undefined && !status.endsWith('xx') && entry.status !== Number(status)) return false
  return changed === undefined || entry.changes.length > 0 === changed
}

/** Looking at what happened and what is there. */
export function observeEndpoints({ multiverse }: ControlContext) {
  return [
    endpoint({
      method: 'get',
      path: '/api/universes/{id}/ledger',
      id: 'readLedger',
      summary: 'What happened, oldest first; as server-sent events with `Accept: text/event-stream`',
      params: idParams,
      query: ledgerQuery,
      reply: z.object({ first: z.int(), last: z.int(), entries: z.array(z.looseObject({ seq: z.int() })) }),
      handle({ params, query, request }) {
        const { ledger } = multiverse.get(params.id)
        const chosen = ledger.entries(query.since).filter((entry) => matches(entry, query))
        if (request.headers.get('accept')?.includes('text/event-stream')) {
          const past = chosen.toArray()
          return eventStream((send) => {
            for (const entry of past) send(entry.seq, render(entry))
            return ledger.listen((entry) => matches(entry, query) && send(entry.seq, render(entry)))
          })
        }
        return { first: ledger.first, last: ledger.last, entries: shown(chosen.take(query.limit)) }
      },
    }),
    endpoint({
      method: 'get',
      path: '/api/universes/{id}/diff',
      id: 'diffUniverse',
      summary: 'Rows that differ from the beginning, or from another universe',
      params: idParams,
      query: z.object({ base: z.string().optional(), system: z.stringbool().default(false) }),
      reply: z.object({ changes: z.array(z.object({ table: z.string(), id: z.string() }).loose()) }),
      handle({ params, query }) {
        const base = query.base === undefined ? undefined : multiverse.get(query.base)
        const changes = multiverse.get(params.id).diff(base)
        return {
          changes: changes
            .filter(({ table }) => query.system || !table.startsWith('dtu.'))
            .map((change) => ({ ...change })),
        }
      },
    }),
    endpoint({
      method: 'get',
      path: '/api/universes/{id}/state',
      id: 'listTables',
      summary: 'Tables and their sizes',
      params: idParams,
      reply: z.object({ tables: z.record(z.string(), z.int()) }),
      handle({ params }) {
        const { store } = multiverse.get(params.id)
        return {
          tables: Object.fromEntries(definitions.map((table) => [table.name, new Table(store, table).size])),
        }
      },
    }),
    endpoint({
      method: 'get',
      path: '/api/universes/{id}/state/{twin}/{table}',
      id: 'readTable',
      summary: "A table's rows in key order; or, for a resource kind of the twin, its rows as the service shows them",
      params: z.object({ id: z.string(), twin: z.string(), table: z.string() }),
      query: z.object({
        after: z.string().optional(),
        limit: z.coerce.number().int().min(1).max(10_000).default(100),
      }),
      reply: z.object({ rows: z.array(z.looseObject({})), total: z.int() }),
      handle({ params, query }) {
        const universe = multiverse.get(params.id)
        const kind = multiverse.apps.get(params.twin)?.twin.kinds?.[params.table]
        if (kind) {
          const rows = multiverse.moment(universe, params.twin, kind)
          return { rows: rows.slice(0, query.limit).map((row) => ({ ...row })), total: rows.length }
        }
        const definition = definitions.find(({ name }) => name === `${params.twin}.${params.table}`)
        if (!definition) {
          const known = definitions.map(({ name }) => name).filter((name) => name.startsWith(`${params.twin}.`))
          throw new ControlError(404, 'not_found', `No table ${params.twin}.${params.table}`, known)
        }
        const table = new Table(universe.store, definition)
        const rows = table.rows(query.after === undefined ? {} : { after: query.after })
        return {
          rows: rows
            .take(query.limit)
            .map((row) => ({ ...row }))
            .toArray(),
          total: table.size,
        }
      },
    }),
  ]
}

/** Server-sent events; `start` gets how to send one and returns how to stop. */
function eventStream(start: (send: (id: number, data: unknown) => void) => () => void): Response {
  let stop: (() => void) | undefined
  const stream = new ReadableStream({
    start(controller) {
      const encoder = new TextEncoder()
      stop = start((id, data) => controller.enqueue(encoder.encode(`id: ${id}\ndata: ${JSON.stringify(data)}\n\n`)))
    },
    cancel() {
      stop?.()
    },
  })
  return new Response(stream, { headers: { 'content-type': 'text/event-stream', 'cache-control': 'no-store' } })
}
