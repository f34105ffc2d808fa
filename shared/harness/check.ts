import { z } from 'zod'
import { holds, meets, predicate, valueAt, type Where, where } from './predicate.ts'

const kind = z.string().regex(/^[a-z]+\.[A-Za-z]+$/, 'a kind is twin.name, e.g. okta.user')
const operation = z.string().regex(/^[a-z]+\..+$/, 'an operation is twin.operationId, e.g. okta.createUser')
const operations = z.union([operation, z.array(operation).min(1)])
const count = z.union([z.int().min(0), z.strictObject({ min: z.int().min(0), max: z.int().min(0) }).partial()])
const rows = { kind, where: where.optional() }
const calls = { op: operations, where: where.optional(), ok: z.boolean().optional(), status: z.int().optional() }

const moment = z.union([
  z.strictObject({ call: operation, where: where.optional() }),
  z.strictObject({ act: z.string(), where: where.optional() }),
])
export type Moment = z.infer<typeof moment>

/** The verbs of the check language: each is one key of a check, with its own strict shape. */
export const VERBS = {
  /** Exactly one row matches, and is so. */
  row: z.strictObject({ ...rows, is: where }),
  /** So many rows match. */
  rows: z.strictObject({ ...rows, count }),
  absent: z.strictObject(rows),
  /** The rows that match are as they were at the start. */
  unchanged: z.strictObject(rows),
  /** So many rows came, went, or changed in these members (and in nothing else but what the service itself counts). */
  diff: z.strictObject({
    kind,
    added: where.optional(),
    removed: where.optional(),
    changed: z.record(z.string(), z.strictObject({ from: predicate, to: predicate }).partial()).optional(),
    count: count.optional(),
  }),
  /** Nothing changed but what an entry covers: no collateral change. */
  only: z.array(z.strictObject({ ...rows, fields: z.array(z.string()).optional() })),
  call: z.strictObject({ ...calls, count: count.optional() }),
  no_call: z.strictObject(calls),
  /** These happened in this order; others may lie between. */
  order: z.array(moment).min(2),
  /** The second came at most so long after the first, in the universe's time. */
  within: z.strictObject({ from: moment, to: moment, max: z.int().min(0) }),
  max_calls: z.strictObject({ op: operations.optional(), max: z.int().min(0) }),
  /** Deliveries of this kind that were accepted. */
  event: z.strictObject({
    twin: z.string(),
    kind: z.string().optional(),
    where: where.optional(),
    count: count.optional(),
  }),
  /** Calls that production would have refused for their rate. */
  throttled: z.strictObject({ twin: z.string().optional(), count }),
} as const

export type Verb = keyof typeof VERBS

const common = { id: z.string().min(1), critical: z.boolean().default(true), why: z.string().optional() }

/** A check: an id, a verb, and whether its failure alone makes the run unsatisfied. */
export type Check = { readonly id: string; readonly critical: boolean; readonly why?: string | undefined } & {
  readonly [V in Verb]?: z.output<(typeof VERBS)[V]>
}

/** Reads one check by the verb it has, so that a mistake is told for that verb alone. */
export const check = z.looseObject({ id: z.string() }).transform((input, context): Check => {
  const present = (Object.keys(VERBS) as Verb[]).filter((verb) => verb in input)
  const [verb] = present
  if (verb === undefined || present.length > 1) {
    const known = Object.keys(VERBS).join(', ')
    const message = verb === undefined ? `no verb; there are ${known}` : `two verbs: ${present.join(', ')}`
    context.addIssue({ code: 'custom', message, input })
    return z.NEVER
  }
  const parsed = z.strictObject({ ...common, [verb]: VERBS[verb] }).safeParse(input)
  if (!parsed.success) {
    for (const issue of parsed.error.issues) context.addIssue({ ...issue, input } as never)
    return z.NEVER
  }
  return parsed.data as unknown as Check // the union of one strict object per verb, chosen above
})

/** One call as checks see it: parameters, query and body under one roof. */
export interface CallFact {
  readonly seq: number
  readonly at: number
  /** `twin.operationId`. */
  readonly op: string
  readonly status: number
  readonly ok: boolean
  readonly request: unknown
  readonly throttled: boolean
}

export interface ActFact {
  readonly seq: number
  readonly at: number
  readonly act: string
  readonly with: unknown
}

export interface EventFact {
  readonly seq: number
  readonly twin: string
  readonly kind: string
  readonly status: number
  readonly body: unknown
}

/** What a trajectory left behind: rows at its start and end as the services show them, and what happened between. */
export interface Facts {
  /** Rows of a kind. Throws on a kind no twin has. */
  before(kind: string): readonly object[]
  after(kind: string): readonly object[]
  /** Every kind there is. */
  readonly kinds: readonly string[]
  readonly calls: readonly CallFact[]
  readonly acts: readonly ActFact[]
  readonly events: readonly EventFact[]
}

export interface CheckResult {
  readonly id: string
  readonly pass: boolean
  readonly critical: boolean
  readonly expected: string
  readonly actual: string
  /** Evidence: `L12` is entry 12 of the ledger, `D okta.user 00u…` a changed row. */
  readonly refs: readonly string[]
}

type Verdict = Omit<CheckResult, 'id' | 'critical'>

/** Judges one check on the facts of a trajectory. */
export function evaluate(checked: Check, facts: Facts): CheckResult {
  const verb = (Object.keys(VERBS) as Verb[]).find((name) => checked[name] !== undefined) as Verb
  const verdict = EVALUATE[verb](checked[verb] as never, facts)
  return { id: checked.id, critical: checked.critical, ...verdict }
}

/** Members that change with any write: they never count as a change of their own. */
const VOLATILE =
  /(^|\.)(created|updated|lastUpdated|lastMembershipUpdated|statusChanged|statuscategorychangedate|lastLogin|modifiedTime|version|etag|revisionId|headRevisionId|viewedByMeTime|_links)(\.|$)/

export interface RowChange {
  readonly id: string
  readonly kind: string
  readonly before: object | undefined
  readonly after: object | undefined
  /** Paths of scalar members that differ. */
  readonly fields: readonly string[]
}

/** A row's id, by the names services give it. */
const identity = (row: object): string => {
  const { id, documentId, uuid, accountId } = row as Record<string, unknown>
  return String(id ?? documentId ?? uuid ?? accountId ?? JSON.stringify(row))
}

/** Logs the services keep of themselves: they follow from changes elsewhere. */
const JOURNALS = new Set(['okta.logs', 'drive.changes'])

/** What a trajectory changed in one kind. */
export function changesOf(kind: string, facts: Facts): RowChange[] {
  const index = (list: readonly object[]) => new Map(list.map((row) => [identity(row), row]))
  const before = index(facts.before(kind))
  const after = index(facts.after(kind))
  const changes: RowChange[] = []
  for (const [id, row] of after) {
    const old = before.get(id)
    const fields = old ? differing(old, row) : []
    if (!old || fields.some((field) => !VOLATILE.test(field)))
      changes.push({ id, kind, before: old, after: row, fields })
  }
  for (const [id, row] of before)
    if (!after.has(id)) changes.push({ id, kind, before: row, after: undefined, fields: [] })
  return changes
}

function differing(a: unknown, b: unknown, path = ''): string[] {
  if (a === b) return []
  const both = a !== null && b !== null && typeof a === 'object' && typeof b === 'object'
  if (!both) return [path]
  const names = new Set([...Object.keys(a), ...Object.keys(b)])
  return [...names].flatMap((name) =>
    differing(
      (a as Record<string, unknown>)[name],
      (b as Record<string, unknown>)[name],
      path ? `${path}.${name}` : name,
    ),
  )
}

const matching = (list: readonly object[], conditions: Where | undefined) =>
  conditions ? list.filter((row) => meets(row, conditions)) : [...list]

function countHolds(actual: number, wanted: z.infer<typeof count>): boolean {
  if (typeof wanted === 'number') return actual === wanted
  return actual >= (wanted.min ?? 0) && actual <= (wanted.max ?? Number.POSITIVE_INFINITY)
}

const countText = (wanted: z.infer<typeof count>) =>
  typeof wanted === 'number' ? String(wanted) : `${wanted.min ?? 0} to ${wanted.max ?? 'any number'}`

const AT_LEAST_ONE = { min: 1 }
const refsOf = (list: readonly { seq: number }[]) => list.slice(0, 20).map(({ seq }) => `L${seq}`)
const rowRef = (kind: string, row: object) => `D ${kind} ${identity(row)}`

function callsMatching(
  spec: { op: string | string[]; where?: Where | undefined; ok?: boolean | undefined; status?: number | undefined },
  facts: Facts,
) {
  const names = [spec.op].flat()
  return facts.calls.filter(
    (call) =>
      names.includes(call.op) &&
      (spec.where === undefined || meets(call.request, spec.where)) &&
      (spec.ok === undefined || call.ok === spec.ok) &&
      (spec.status === undefined || call.status === spec.status),
  )
}

function happened(spec: Moment, facts: Facts): readonly { seq: number; at: number }[] {
  if ('call' in spec) return callsMatching({ op: spec.call, where: spec.where }, facts).filter(({ ok }) => ok)
  return facts.acts.filter((act) => act.act === spec.act && (spec.where === undefined || meets(act.with, spec.where)))
}

const momentText = (spec: Moment) => ('call' in spec ? spec.call : spec.act)

const EVALUATE: { readonly [V in Verb]: (spec: z.output<(typeof VERBS)[V]>, facts: Facts) => Verdict } = {
  row(spec, facts) {
    const found = matching(facts.after(spec.kind), spec.where)
    const [row] = found
    const wrong =
      found.length === 1 ? Object.entries(spec.is).filter(([path, wanted]) => !holds(valueAt(row, path), wanted)) : []
    return {
      pass: found.length === 1 && wrong.length === 0,
      expected: `one ${spec.kind} with ${JSON.stringify(spec.is)}`,
      actual:
        found.length === 1
          ? wrong.length
            ? wrong.map(([path]) => `${path} is ${JSON.stringify(valueAt(row, path))}`).join(', ')
            : 'as expected'
          : `${found.length} rows match`,
      refs: found.slice(0, 5).map((one) => rowRef(spec.kind, one)),
    }
  },
  rows(spec, facts) {
    const found = matching(facts.after(spec.kind), spec.where)
    return {
      pass: countHolds(found.length, spec.count),
      expected: `${countText(spec.count)} ${spec.kind}`,
      actual: String(found.length),
      refs: found.slice(0, 5).map((one) => rowRef(spec.kind, one)),
    }
  },
  absent: (spec, facts) => EVALUATE.rows({ ...spec, count: 0 }, facts),
  unchanged(spec, facts) {
    const touched = changesOf(spec.kind, facts).filter(({ before, after }) =>
      [before, after].some((row) => row && (!spec.where || meets(row, spec.where))),
    )
    return {
      pass: touched.length === 0,
      expected: `${spec.kind} as at the start`,
      actual: touched.length
        ? touched.map(({ id, fields }) => `${id}: ${fields.join(', ') || 'came or went'}`).join('; ')
        : 'unchanged',
      refs: touched.map(({ id }) => `D ${spec.kind} ${id}`),
    }
  },
  diff(spec, facts) {
    const found = changesOf(spec.kind, facts).filter(({ before, after, fields }) => {
      if (spec.added) return !before && after !== undefined && meets(after, spec.added)
      if (spec.removed) return !after && before !== undefined && meets(before, spec.removed)
      if (!spec.changed || !before || !after) return false
      const wanted = Object.entries(spec.changed)
      const stray = fields.filter((field) => !VOLATILE.test(field) && !wanted.some(([path]) => covers(path, field)))
      return (
        stray.length === 0 &&
        wanted.every(
          ([path, { from, to }]) =>
            fields.some((field) => covers(path, field)) &&
            (from === undefined || holds(valueAt(before, path), from)) &&
            (to === undefined || holds(valueAt(after, path), to)),
        )
      )
    })
    const wanted = spec.count ?? AT_LEAST_ONE
    return {
      pass: countHolds(found.length, wanted),
      expected: `${countText(wanted)} such changes of ${spec.kind}`,
      actual: String(found.length),
      refs: found.slice(0, 10).map(({ id }) => `D ${spec.kind} ${id}`),
    }
  },
  only(spec, facts) {
    const stray: string[] = []
    for (const kind of facts.kinds) {
      if (JOURNALS.has(kind)) continue
      for (const change of changesOf(kind, facts)) {
        const allowed = spec.some((entry) => {
          if (entry.kind !== kind) return false
          const row = change.after ?? change.before
          if (entry.where && row && !meets(row, entry.where)) return false
          const fields = entry.fields
          if (!fields || !change.before || !change.after) return true
          return change.fields.every((field) => VOLATILE.test(field) || fields.some((path) => covers(path, field)))
        })
        if (!allowed) stray.push(`D ${kind} ${change.id}`)
      }
    }
    return {
      pass: stray.length === 0,
      expected: `changes only of ${spec.map(({ kind }) => kind).join(', ') || 'nothing'}`,
      actual: stray.length ? `also ${stray.length}: ${stray.slice(0, 5).join('; ')}` : 'nothing else',
      refs: stray.slice(0, 20),
    }
  },
  call(spec, facts) {
    const found = callsMatching(spec, facts)
    const wanted = spec.count ?? AT_LEAST_ONE
    return {
      pass: countHolds(found.length, wanted),
      expected: `${countText(wanted)} calls of ${[spec.op].flat().join(', ')}`,
      actual: String(found.length),
      refs: refsOf(found),
    }
  },
  no_call(spec, facts) {
    const found = callsMatching(spec, facts)
    return {
      pass: found.length === 0,
      expected: `no call of ${[spec.op].flat().join(', ')}`,
      actual: String(found.length),
      refs: refsOf(found),
    }
  },
  order(spec, facts) {
    let after = 0
    const seen: { seq: number }[] = []
    for (const step of spec) {
      const next = happened(step, facts).find(({ seq }) => seq > after)
      if (!next) {
        return {
          pass: false,
          expected: spec.map(momentText).join(', then '),
          actual: `no ${momentText(step)} after ${seen.length ? `entry ${after}` : 'the start'}`,
          refs: refsOf(seen),
        }
      }
      after = next.seq
      seen.push(next)
    }
    return { pass: true, expected: spec.map(momentText).join(', then '), actual: 'in this order', refs: refsOf(seen) }
  },
  within(spec, facts) {
    const [start] = happened(spec.from, facts)
    const end = start && happened(spec.to, facts).find(({ seq }) => seq > start.seq)
    const took = start && end ? end.at - start.at : undefined
    return {
      pass: took !== undefined && took <= spec.max,
      expected: `${momentText(spec.to)} within ${spec.max} ms of ${momentText(spec.from)}`,
      actual: took === undefined ? 'one of them did not happen' : `${took} ms`,
      refs: refsOf([start, end].filter((one) => one !== undefined)),
    }
  },
  max_calls(spec, facts) {
    const found = spec.op === undefined ? facts.calls : callsMatching({ op: spec.op }, facts)
    return {
      pass: found.length <= spec.max,
      expected: `at most ${spec.max} calls`,
      actual: String(found.length),
      refs: [],
    }
  },
  event(spec, facts) {
    const found = facts.events.filter(
      (event) =>
        event.twin === spec.twin &&
        (spec.kind === undefined || event.kind === spec.kind) &&
        event.status >= 200 &&
        event.status < 300 &&
        (spec.where === undefined || meets(event.body, spec.where)),
    )
    const wanted = spec.count ?? AT_LEAST_ONE
    return {
      pass: countHolds(found.length, wanted),
      expected: `${countText(wanted)} deliveries of ${spec.twin}`,
      actual: String(found.length),
      refs: refsOf(found),
    }
  },
  throttled(spec, facts) {
    const found = facts.calls.filter(
      ({ throttled, op }) => throttled && (spec.twin === undefined || op.startsWith(`${spec.twin}.`)),
    )
    return {
      pass: countHolds(found.length, spec.count),
      expected: `${countText(spec.count)} calls over the services' limits`,
      actual: String(found.length),
      refs: refsOf(found),
    }
  },
}

/** Whether a named path is the field, or holds it. */
const covers = (path: string, field: string) => field === path || field.startsWith(`${path}.`)
