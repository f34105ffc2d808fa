import type { DomainEvent } from '../kernel/call.ts'
import type { Instant } from './clock.ts'
import type { RandomState } from './random.ts'
import type { Change } from './store.ts'

/** What is kept of a request: not the request itself, which holds on to its socket. */
export interface RecordedRequest {
  /** Names and values in turn, as received. */
  readonly headers: readonly string[]
  readonly body: Uint8Array
}

/** One call, delivery or action, as it happened. Holds references; {@link render} makes the readable form. */
export interface LedgerEntry {
  readonly seq: number
  readonly at: Instant
  readonly kind: 'call' | 'delivery' | 'job' | 'act' | 'seed'
  readonly twin: string
  /** Operation id, delivery kind, job or action; absent when no route matched. */
  readonly operation: string | undefined
  readonly method: string
  /** Path and query below the twin's root, or the target URL of a delivery. */
  readonly path: string
  readonly request: RecordedRequest | undefined
  readonly status: number
  readonly response: string | Uint8Array | undefined
  readonly caller: unknown
  readonly changes: readonly Change[]
  readonly events: readonly DomainEvent[]
  /** What the twin answered less well than the service would. */
  readonly unmodelled: readonly string[]
  /** The real service would have refused this call for its rate. */
  readonly throttled: boolean
  /** Seconds a call that was refused for its rate is asked to wait. */
  readonly retryAfter?: number | undefined
  readonly fault: string | undefined
  /** A bug in a handler: its stack. */
  readonly crash: string | undefined
  /** The generator before the call: time travel puts it back. */
  readonly random: RandomState
}

export type LedgerRecord = Omit<LedgerEntry, 'seq'>

export const LEDGER_CAPACITY = 1000

/** The last calls of a universe, oldest dropped first. */
export class Ledger {
  readonly #capacity: number
  #ring: LedgerEntry[] = []
  #next = 1
  #listeners: Set<(entry: LedgerEntry) => void> | undefined

  constructor(capacity = LEDGER_CAPACITY) {
    this.#capacity = capacity
  }

  /** Number of the newest entry; 0 when nothing happened yet. */
  get last(): number {
    return this.#next - 1
  }

  /** Number of the oldest entry still held. */
  get first(): number {
    return Math.max(1, this.#next - this.#capacity)
  }

  append(record: LedgerRecord): LedgerEntry {
    const entry: LedgerEntry = { seq: this.#next++, ...record }
    if (this.#ring.length < this.#capacity) this.#ring.push(entry)
    else this.#ring[(entry.seq - 1) % this.#capacity] = entry
    if (this.#listeners) for (const listener of this.#listeners) listener(entry)
    return entry
  }

  get(seq: number): LedgerEntry | undefined {
    return seq < this.first || seq > this.last ? undefined : this.#ring[(seq - 1) % this.#capacity]
  }

  /** Entries in order, from `since` (exclusive). */
  *entries(since = 0): IteratorObject<LedgerEntry, undefined> {
    for (let seq = Math.max(since + 1, this.first); seq <= this.last; seq++) yield this.get(seq) as LedgerEntry
  }

  /** Calls `listener` with each new entry; returns how to stop. */
  listen(listener: (entry: LedgerEntry) => void): () => void {
    this.#listeners ??= new Set()
    this.#listeners.add(listener)
    return () => this.#listeners?.delete(listener)
  }

  fork(): Ledger {
    const copy = new Ledger(this.#capacity)
    copy.#ring = this.#ring.slice()
    copy.#next = this.#next
    return copy
  }
}

/** The readable form of an entry, for people and the control API. */
export function render(entry: LedgerEntry) {
  return {
    seq: entry.seq,
    at: new Date(entry.at).toISOString(),
    kind: entry.kind,
    twin: entry.twin,
    operation: entry.operation,
    method: entry.method,
    path: entry.path,
    status: entry.status,
    caller: entry.caller,
    request: entry.request && { headers: headersOf(entry.request.headers), body: text(entry.request.body) },
    response: entry.response === undefined ? undefined : text(entry.response),
    changes: entry.changes,
    events: entry.events,
    ...(entry.unmodelled.length ? { unmodelled: entry.unmodelled } : {}),
    ...(entry.throttled ? { throttled: true } : {}),
    ...(entry.retryAfter === undefined ? {} : { retryAfter: entry.retryAfter }),
    ...(entry.fault ? { fault: entry.fault } : {}),
    ...(entry.crash ? { crash: entry.crash } : {}),
  }
}

/** Headers by name in lower case; repeated ones joined by commas. */
export function headersOf(raw: readonly string[]): Record<string, string> {
  const headers: Record<string, string> = {}
  for (let i = 0; i < raw.length; i += 2) {
    const name = (raw[i] as string).toLowerCase()
    headers[name] = name in headers ? `${headers[name]}, ${raw[i + 1]}` : (raw[i + 1] as string)
  }
  return headers
}

function text(body: string | Uint8Array): string {
  if (typeof body === 'string') return body
  const decoded = Buffer.from(body.buffer, body.byteOffset, body.byteLength).toString('utf8')
  return decoded.includes('\ufffd') ? `<${body.byteLength} bytes>` : decoded
}
