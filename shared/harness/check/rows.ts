import { z } from 'zod'
import { holds, meets, predicate, valueAt, type Where, where } from '../predicate.ts'
import { changesOf, covers, isVolatile, JOURNALS, type RowChange, rowRef } from './changes.ts'
import type { Verdict } from './facts.ts'
import { AT_LEAST_ONE, count, countHolds, countText, kind, rowsShape, verb } from './language.ts'

const matching = (list: readonly object[], conditions: Where | undefined) =>
  conditions ? list.filter((row) => meets(row, conditions)) : [...list]

/** Exactly one row matches, and is so. */
const row = verb(z.strictObject({ ...rowsShape, is: where }), (spec, facts) => {
  const found = matching(facts.after(spec.kind), spec.where)
  const [only] = found
  const one = found.length === 1
  const wrong = one ? Object.entries(spec.is).filter(([path, wanted]) => !holds(valueAt(only, path), wanted)) : []
  const seen = wrong.map(([path]) => `${path} is ${JSON.stringify(valueAt(only, path))}`).join(', ') || 'as expected'
  return {
    pass: one && wrong.length === 0,
    expected: `one ${spec.kind} with ${JSON.stringify(spec.is)}`,
    actual: one ? seen : `${found.length} rows match`,
    refs: found.slice(0, 5).map((each) => rowRef(spec.kind, each)),
  }
})

/** So many rows match. */
const rows = verb(z.strictObject({ ...rowsShape, count }), (spec, facts) => {
  const found = matching(facts.after(spec.kind), spec.where)
  return {
    pass: countHolds(found.length, spec.count),
    expected: `${countText(spec.count)} ${spec.kind}`,
    actual: String(found.length),
    refs: found.slice(0, 5).map((each) => rowRef(spec.kind, each)),
  }
})

const absent = verb(z.strictObject(rowsShape), (spec, facts) => rows.judge({ ...spec, count: 0 }, facts))

/** The rows that match are as they were at the start. */
const unchanged = verb(z.strictObject(rowsShape), (spec, facts) => {
  const touched = changesOf(spec.kind, facts).filter(({ before, after }) =>
    [before, after].some((each) => each && (!spec.where || meets(each, spec.where))),
  )
  return {
    pass: touched.length === 0,
    expected: `${spec.kind} as at the start`,
    actual: touched.length
      ? touched.map(({ id, fields }) => `${id}: ${fields.join(', ') || 'came or went'}`).join('; ')
      : 'unchanged',
    refs: touched.map(({ id }) => `D ${spec.kind} ${id}`),
  }
})

const diffSpec = z.strictObject({
  kind,
  added: where.optional(),
  removed: where.optional(),
  changed: z.record(z.string(), z.strictObject({ from: predicate, to: predicate }).partial()).optional(),
  count: count.optional(),
})

/** So many rows came, went, or changed in these members (and in nothing else but what the service itself counts). */
const diff = verb(diffSpec, (spec, facts) => {
  const found = changesOf(spec.kind, facts).filter((change) => isSuch(change, spec))
  const wanted = spec.count ?? AT_LEAST_ONE
  return {
    pass: countHolds(found.length, wanted),
    expected: `${countText(wanted)} such changes of ${spec.kind}`,
    actual: String(found.length),
    refs: found.slice(0, 10).map(({ id }) => `D ${spec.kind} ${id}`),
  }
})

function isSuch({ before, after, fields }: RowChange, spec: z.output<typeof diffSpec>): boolean {
  if (spec.added) return !before && after !== undefined && meets(after, spec.added)
  if (spec.removed) return !after && before !== undefined && meets(before, spec.removed)
  if (!spec.changed || !before || !after) return false
  const wanted = Object.entries(spec.changed)
  const stray = fields.some((field) => !isVolatile(field) && !wanted.some(([path]) => covers(path, field)))
  if (stray) return false
  return wanted.every(
    ([path, { from, to }]) =>
      fields.some((field) => covers(path, field)) &&
      (from === undefined || holds(valueAt(before, path), from)) &&
      (to === undefined || holds(valueAt(after, path), to)),
  )
}

const onlySpec = z.array(z.strictObject({ ...rowsShape, fields: z.array(z.string()).optional() }))

/** Nothing changed but what an entry covers: no collateral change. */
const only = verb(onlySpec, (spec, facts): Verdict => {
  const stray = facts.kinds
    .filter((name) => !JOURNALS.has(name))
    .flatMap((name) => changesOf(name, facts))
    .filter((change) => !spec.some((entry) => allows(entry, change)))
    .map((change) => `D ${change.kind} ${change.id}`)
  return {
    pass: stray.length === 0,
    expected: `changes only of ${[...new Set(spec.map((entry) => entry.kind))].join(', ') || 'nothing'}`,
    actual: stray.length ? `also ${stray.length}: ${stray.slice(0, 5).join('; ')}` : 'nothing else',
    refs: stray.slice(0, 20),
  }
})

function allows(entry: z.output<typeof onlySpec>[number], change: RowChange): boolean {
  const { before, after } = change
  const shown = after ?? before
  if (entry.kind !== change.kind) return false
  if (entry.where && shown && !meets(shown, entry.where)) return false
  const { fields } = entry
  if (!fields || !before || !after) return true
  return change.fields.every((field) => isVolatile(field) || fields.some((path) => covers(path, field)))
}

export const rowVerbs = { row, rows, absent, unchanged, diff, only }
export type OnlySpec = z.output<typeof onlySpec>
