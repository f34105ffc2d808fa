import { type LedgerEntry, render } from '../../universe/ledger.ts'
import { changesOf, type Facts } from '../check.ts'
import { operationName } from '../facts.ts'
import { labelOf, namesIn } from '../label.ts'
import { valueAt } from '../predicate.ts'
import { SECRET_HEADERS, withoutSecrets } from '../secrets.ts'
import type { Trajectory } from '../trajectory.ts'

/** One member of a row that differs, or the whole row when it came or went. */
export interface DiffLine {
  readonly kind: string
  readonly id: string
  /** What people call it, where that is not its id. */
  readonly label?: string
  readonly change: 'added' | 'removed' | 'changed'
  readonly fields: readonly { readonly path: string; readonly from: unknown; readonly to: unknown }[]
  readonly row?: object
}

export interface EntryRecord extends Omit<ReturnType<typeof render>, 'changes' | 'events' | 'caller'> {
  /** `twin.operationId`. */
  readonly op: string
  /** Wall time since the start, ms. */
  readonly wall?: number
  /** Rows touched, by table. */
  readonly rows: readonly string[]
}

/** What a run left behind, as far as a record keeps it. */
export type Evidence = Pick<TrajectoryRecord, 'entries' | 'diff' | 'names' | 'output'>

/** All a report knows of one trajectory: the JSON file from which every other report is made. */
export interface TrajectoryRecord extends Trajectory {
  readonly version: 1
  readonly entries: readonly EntryRecord[]
  readonly diff: readonly DiffLine[]
  /** Names of people whose ids occur in it. */
  readonly names?: Readonly<Record<string, string>>
}

const LIMIT = 20_000
const readable = (text: string | undefined) => {
  const clean = text === undefined ? undefined : withoutSecrets(text)
  return clean !== undefined && clean.length > LIMIT
    ? `${clean.slice(0, LIMIT)}…[+${clean.length - LIMIT} chars]`
    : clean
}

function entryRecord(entry: LedgerEntry, wall: number | undefined): EntryRecord {
  const { changes, events: _events, caller: _caller, request, response, path, ...rest } = render(entry)
  const headers = Object.entries(request?.headers ?? {}).map(([name, value]) => [
    name,
    SECRET_HEADERS.has(name) ? '<secret>' : withoutSecrets(value),
  ])
  return {
    ...rest,
    path: withoutSecrets(path),
    op: operationName(entry),
    request: request && { headers: Object.fromEntries(headers), body: readable(request.body) ?? '' },
    response: readable(response),
    ...(wall === undefined ? {} : { wall: Math.round(wall * 10) / 10 }),
    rows: [...new Set(changes.map(({ table }) => table))],
  }
}

function diffOf(facts: Facts): DiffLine[] {
  return facts.kinds.flatMap((kind) =>
    changesOf(kind, facts).map(({ id, before, after, fields }): DiffLine => {
      const label = labelOf(after ?? before ?? {})
      const row = { kind, id, ...(label && { label: withoutSecrets(label) }) }
      if (!before || !after) {
        return { ...row, change: after ? 'added' : 'removed', fields: [], row: scrubbed(after ?? before ?? {}) }
      }
      const lines = fields.map((path) => ({ path, from: valueAt(before, path), to: valueAt(after, path) }))
      return { ...row, change: 'changed', fields: scrubbed(lines) }
    }),
  )
}

const scrubbed = <T extends object>(value: T): T => JSON.parse(withoutSecrets(JSON.stringify(value))) as T

/** What a trajectory left, ready to be written. Called while its universe is still there. */
export function evidenceOf(facts: Facts, entries: readonly LedgerEntry[]): Evidence {
  const diff = diffOf(facts)
  return {
    entries: entries.map((entry) => entryRecord(entry, facts.wallOf?.(entry.seq))),
    diff,
    names: namesIn(JSON.stringify(diff), facts),
  }
}
