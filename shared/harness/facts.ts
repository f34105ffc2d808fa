import type { Twin } from '../kernel/twin.ts'
import type { Multiverse } from '../server/multiverse.ts'
import type { LedgerEntry } from '../universe/ledger.ts'
import type { Universe } from '../universe/universe.ts'
import type { ActFact, CallFact, EventFact, Facts } from './check.ts'
import { ScenarioError } from './scenario.ts'

/** What checks may speak of: rows before and after, calls, acts and deliveries. */
export function gather(multiverse: Multiverse, origin: Universe, universe: Universe): Facts {
  const { kinds, rows } = rowsOf(multiverse, origin, universe)
  const entries = [...universe.ledger.entries()]
  return {
    kinds,
    before: (kind) => rows(origin, kind),
    after: (kind) => rows(universe, kind),
    calls: entries.filter(({ kind }) => kind === 'call').map(callFact),
    acts: entries
      .filter(({ kind }) => kind === 'act')
      .map(
        ({ seq, at, twin, operation, response }): ActFact => ({
          seq,
          at,
          act: `${twin}.${operation}`,
          with: parsed(response),
        }),
      ),
    events: entries
      .filter(({ kind }) => kind === 'delivery')
      .map(
        ({ seq, twin, operation, status, request }): EventFact => ({
          seq,
          twin,
          kind: operation ?? '',
          status,
          body: parsed(request?.body),
        }),
      ),
  }
}

/** Rows by kind, as the service's API shows them, read once from each universe. */
function rowsOf(multiverse: Multiverse, origin: Universe, universe: Universe) {
  const kinds = new Map<string, { twin: Twin; view: NonNullable<Twin['kinds']>[string] }>()
  for (const { twin } of multiverse.apps.values()) {
    for (const [name, view] of Object.entries(twin.kinds ?? {})) kinds.set(`${twin.name}.${name}`, { twin, view })
  }
  const cache = new Map<string, readonly object[]>()
  const rows = (world: Universe, kind: string): readonly object[] => {
    const key = `${world.id} ${kind}`
    let list = cache.get(key)
    if (!list) {
      const known = kinds.get(kind)
      if (!known) throw new ScenarioError([`no kind ${kind}; there are ${[...kinds.keys()].join(', ')}`])
      list = multiverse.moment(world, known.twin.name, known.view)
      if (world === origin) list = inPlaceOf(list, origin, universe)
      cache.set(key, list)
    }
    return list
  }
  return { kinds: [...kinds.keys()], rows }
}

/** Rows as they were, with the addresses they have now: rows name their universe in their links. */
function inPlaceOf(rows: readonly object[], origin: Universe, universe: Universe): readonly object[] {
  return JSON.parse(JSON.stringify(rows).replaceAll(`/u/${origin.id}/`, `/u/${universe.id}/`)) as object[]
}

/** A call's arguments as checks name them: `query.limit`, `body.profile.login`, and the path as it was. */
export function callFact(entry: LedgerEntry): CallFact {
  const [path, search = ''] = entry.path.split('?') as [string, string?]
  const reply = parsed(entry.response) as { ok?: boolean } | undefined
  return {
    seq: entry.seq,
    at: entry.at,
    op: operationName(entry),
    status: entry.status,
    ok: entry.status < 400 && reply?.ok !== false,
    request: { path, query: Object.fromEntries(new URLSearchParams(search)), body: parsed(entry.request?.body) },
    throttled: entry.throttled,
  }
}

/** `twin.operationId`; Google's ids begin with the twin's name already. */
export function operationName({ twin, operation = 'unknown' }: Pick<LedgerEntry, 'twin' | 'operation'>): string {
  return operation.startsWith(`${twin}.`) ? operation : `${twin}.${operation}`
}

/** JSON, a form's fields, or the text. */
function parsed(body: string | Uint8Array | undefined): unknown {
  if (body === undefined || body.length === 0) return undefined
  const text = typeof body === 'string' ? body : Buffer.from(body).toString('utf8')
  try {
    return JSON.parse(text)
  } catch {
    return /^[\w.%+-]+=/.test(text) ? Object.fromEntries(new URLSearchParams(text)) : text
  }
}

/** Answers relied on that a twin does not model, as `twin.what`, but for those a scenario allows. */
export function unmodelled(universe: Universe, allowed: readonly string[]): string[] {
  const gaps = new Set<string>()
  for (const entry of universe.ledger.entries()) {
    for (const what of entry.unmodelled)
      if (!allowed.includes(`${entry.twin}.${what}`)) gaps.add(`${entry.twin}.${what}`)
  }
  return [...gaps]
}
