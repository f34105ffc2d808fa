import { digestOf, sliceOf } from './digest.ts'
import { inOrder, type JsonObject } from './json.ts'
import { operationsOf, type Placed } from './operations.ts'

/** An operation that one document has and the other has not. */
export interface Difference {
  readonly operation: string
  readonly method: string
  readonly path: string
}

/** An operation that both have, and what is different about it: `parameters`, `responses 200`, `schema User`, … */
export interface Change extends Difference {
  readonly parts: readonly string[]
}

export interface ContractDiff {
  readonly added: readonly Difference[]
  readonly removed: readonly Difference[]
  readonly changed: readonly Change[]
}

/** What became of the operations of `before` in `after`, by the digest of each operation's slice. */
export function diffContracts(before: JsonObject, after: JsonObject): ContractDiff {
  const old = operationsOf(before)
  const now = operationsOf(after)
  const changed: Change[] = []
  for (const [id, placed] of now) {
    const former = old.get(id)
    if (!former) continue
    const was = sliceOf(before, former)
    const is = sliceOf(after, placed)
    if (digestOf(was) === digestOf(is)) continue
    const parts = [...new Set([...Object.keys(was), ...Object.keys(is)])].filter((part) => was[part] !== is[part])
    changed.push({ ...place(placed), parts: parts.sort(inOrder) })
  }
  return {
    added: [...now.values()]
      .filter(({ id }) => !old.has(id))
      .map(place)
      .sort(byName),
    removed: [...old.values()]
      .filter(({ id }) => !now.has(id))
      .map(place)
      .sort(byName),
    changed: changed.sort(byName),
  }
}

function place({ id, method, path }: Placed): Difference {
  return { operation: id, method, path }
}

function byName(a: Difference, b: Difference): number {
  return inOrder(a.operation, b.operation)
}
