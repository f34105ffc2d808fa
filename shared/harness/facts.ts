import type { Twin } from '../kernel/twin.ts'
import type { Multiverse } from '../server/multiverse.ts'
import { headersOf, type LedgerEntry } from '../universe/ledger.ts'
import type { Universe } from '../universe/universe.ts'
import type { ActFact, CallFact, EventFact, Facts } from './check/facts.ts'
import { writesOf } from './check/writes.ts'
import { type Scenario, ScenarioError } from './scenario.ts'

/** What is known of a universe beside its rows and its ledger. */
export interface Known {
  /** Wall time at which an entry was written, ms after the start. */
  readonly wallOf?: (seq: number) => number | undefined
  /** Credentials the system was given. */
  readonly secrets?: readonly string[]
}

/** What checks may speak of: rows before and after, calls, acts and deliveries. */
export function gather(multiverse: Multiverse, origin: Universe, universe: Universe, known: Known = {}): Facts {
  const { kinds, rows } = rowsOf(multiverse, origin, universe)
  const entries = [...universe.ledger.entries()]
  const of = (wanted: LedgerEntry['kind']) => entries.filter(({ kind }) => kind === wanted)
  return {
    kinds,
    before: (kind) => rows(origin, kind),
    after: (kind) => rows(universe, kind),
    calls: of('call').map((entry) => ({ ...callFact(entry), wall: known.wallOf?.(entry.seq) })),
    acts: of('act').map(actFact),
    events: of('delivery').map(eventFact),
    secrets: known.secrets ?? [],
    wallOf: known.wallOf ?? (() => undefined),
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
    caller: callerOf(entry),
    writes: writesOf(entry.changes),
    retryAfter: entry.retryAfter,
    reply: typeof entry.response === 'string' ? entry.response : undefined,
  }
}

/** Whose call it is: the credential, where the service reads it from. */
function callerOf({ twin, request, caller }: LedgerEntry): string {
  const { authorization } = headersOf(request?.headers ?? [])
  return `${twin} ${authorization ?? JSON.stringify(caller)}`
}

const actFact = ({ seq, at, twin, operation, response, changes }: LedgerEntry): ActFact => ({
  seq,
  at,
  act: `${twin}.${operation}`,
  with: parsed(response),
  writes: writesOf(changes),
})

const eventFact = ({ seq, twin, operation = '', status, request, path }: LedgerEntry): EventFact => ({
  seq,
  twin,
  kind: operation,
  status,
  body: parsed(request?.body),
  target: path,
})

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

/** An answer that a twin gives less well than the service would, and how often it was relied on. */
export interface Gap {
  readonly twin: string
  readonly op: string
  readonly count: number
}

/** Answers relied on that no twin models, but for those a scenario forgives. */
export function unmodelled(
  universe: Universe,
  { allow_unmodelled: allowed }: Pick<Scenario, 'allow_unmodelled'>,
): Gap[] {
  const gaps = new Map<string, Gap>()
  for (const { twin, unmodelled } of universe.ledger.entries()) {
    for (const op of unmodelled) {
      const name = operationName({ twin, operation: op })
      if (!allowed.includes(name)) gaps.set(name, { twin, op, count: (gaps.get(name)?.count ?? 0) + 1 })
    }
  }
  return [...gaps.values()]
}
