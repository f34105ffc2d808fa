import type { LedgerRecord } from '../universe/ledger.ts'
import type { Universe } from '../universe/universe.ts'
import type { Incoming } from './incoming.ts'

type Happened = Pick<LedgerRecord, 'twin' | 'operation' | 'status' | 'response'> & Partial<LedgerRecord>

const NONE: readonly never[] = []

/** Writes a call into the ledger. What is not given did not happen. */
export function record(universe: Universe, request: Incoming, happened: Happened): void {
  universe.ledger.append({
    at: universe.clock.now(),
    kind: 'call',
    method: request.method,
    path: request.search ? `${request.path}?${request.search}` : request.path,
    request: { headers: request.rawHeaders, body: request.bytes },
    caller: undefined,
    changes: NONE,
    events: NONE,
    unmodelled: NONE,
    throttled: false,
    fault: undefined,
    crash: undefined,
    random: universe.random.state,
    ...happened,
  })
}
