import { covers } from './changes.ts'
import type { CallFact, Facts, Write } from './facts.ts'

export interface LostUpdate {
  readonly row: string
  readonly fields: readonly string[]
  /** Entry of the change that was lost, and of the one that overwrote it. */
  readonly theirs: number
  readonly ours: number
}

/** Software read a row, somebody else wrote it, the software wrote the same members without looking again. */
export function lostUpdates({ calls, acts }: Facts): LostUpdate[] {
  const others = [
    ...calls.map(({ seq, caller, writes = [] }) => ({ seq, caller, writes })),
    ...acts.map(({ seq, writes = [] }) => ({ seq, caller: undefined, writes })),
  ]
  return calls.flatMap((ours) =>
    (ours.writes ?? []).flatMap((write) => {
      const read = lastReadOf(write.row, ours, calls)
      if (!read) return []
      return others
        .filter(({ seq, caller }) => seq > read.seq && seq < ours.seq && caller !== ours.caller)
        .flatMap(({ seq, writes }) => {
          const theirs = writes.find(({ row }) => row === write.row)
          const fields = theirs ? shared(theirs, write) : undefined
          return fields ? [{ row: write.row, fields, theirs: seq, ours: ours.seq }] : []
        })
    }),
  )
}

/** The caller's last successful look at a row before it wrote: a reply or an address that names it. */
function lastReadOf(row: string, { seq, caller }: CallFact, calls: readonly CallFact[]): CallFact | undefined {
  const id = row.slice(row.indexOf(' ') + 1)
  return calls.findLast(
    (call) =>
      call.seq < seq &&
      call.caller === caller &&
      call.ok &&
      !call.writes?.length &&
      (call.reply?.includes(id) || JSON.stringify(call.request).includes(id)),
  )
}

/** Members both wrote; `undefined` when they wrote different ones. */
function shared(theirs: Write, ours: Write): readonly string[] | undefined {
  if (theirs.fields.length === 0 || ours.fields.length === 0) return undefined
  const fields = ours.fields.filter((field) => theirs.fields.some((path) => covers(path, field) || covers(field, path)))
  return fields.length ? fields : undefined
}
