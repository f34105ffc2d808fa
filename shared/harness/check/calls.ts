import { z } from 'zod'
import { meets, type Where, where } from '../predicate.ts'
import { type CallFact, type Facts, refsOf } from './facts.ts'
import { AT_LEAST_ONE, count, countHolds, countText, operations, verb } from './language.ts'

/** Attempts of one call count once, unless `raw`. */
const attempts = { raw: z.boolean().optional() }
const calls = {
  op: operations,
  where: where.optional(),
  ok: z.boolean().optional(),
  status: z.int().optional(),
  ...attempts,
}

interface Wanted {
  readonly op: string | readonly string[]
  readonly where?: Where | undefined
  readonly ok?: boolean | undefined
  readonly status?: number | undefined
  readonly raw?: boolean | undefined
}

export function callsMatching(spec: Wanted, facts: Facts): CallFact[] {
  const names = [spec.op].flat()
  const counted = spec.raw ? facts.calls : logicalCalls(facts.calls)
  return counted.filter(
    (call) =>
      names.includes(call.op) &&
      (spec.where === undefined || meets(call.request, spec.where)) &&
      (spec.ok === undefined || call.ok === spec.ok) &&
      (spec.status === undefined || call.status === spec.status),
  )
}

/** Answers after which the same call is sent again: throttled, the service's own trouble, or none at all. */
export const isRetryable = ({ status }: CallFact) => status === 429 || status >= 500

/** What makes two calls the same: who, what, and every argument. */
export const sameness = ({ caller, op, request }: CallFact) => JSON.stringify([caller, op, request])

/**
 * Calls without the attempts that another attempt followed: the last one stands for all. A call whose reply was lost was
 * carried out, so one after it is another call, and both count.
 */
export function logicalCalls(all: readonly CallFact[]): CallFact[] {
  const later = new Set<string>()
  return all
    .toReversed()
    .filter((call) => {
      const key = sameness(call)
      const superseded = isRetryable(call) && later.has(key)
      later.add(key)
      return !superseded
    })
    .reverse()
}

const call = verb(z.strictObject({ ...calls, count: count.optional() }), (spec, facts) => {
  const found = callsMatching(spec, facts)
  const wanted = spec.count ?? AT_LEAST_ONE
  return {
    pass: countHolds(found.length, wanted),
    expected: `${countText(wanted)} calls of ${[spec.op].flat().join(', ')}`,
    actual: String(found.length),
    refs: refsOf(found),
  }
})

const no_call = verb(z.strictObject(calls), (spec, facts) => {
  const found = callsMatching(spec, facts)
  return {
    pass: found.length === 0,
    expected: `no call of ${[spec.op].flat().join(', ')}`,
    actual: String(found.length),
    refs: refsOf(found),
  }
})

const max_calls = verb(
  z.strictObject({ op: operations.optional(), max: z.int().min(0), ...attempts }),
  ({ op, max, raw }, facts) => {
    const all = raw ? facts.calls : logicalCalls(facts.calls)
    const found = op === undefined ? all : callsMatching({ op, raw }, facts)
    return {
      pass: found.length <= max,
      expected: `at most ${max} calls`,
      actual: String(found.length),
      refs: refsOf(found.slice(max)),
    }
  },
)

/** Calls that production would have refused for their rate. */
const throttled = verb(z.strictObject({ twin: z.string().optional(), count }), (spec, facts) => {
  const found = facts.calls.filter((one) => one.throttled && (!spec.twin || one.op.startsWith(`${spec.twin}.`)))
  return {
    pass: countHolds(found.length, spec.count),
    expected: `${countText(spec.count)} calls over the services' limits`,
    actual: String(found.length),
    refs: refsOf(found),
  }
})

/** Deliveries of this kind that were accepted. */
const event = verb(
  z.strictObject({
    twin: z.string(),
    kind: z.string().optional(),
    where: where.optional(),
    count: count.optional(),
  }),
  (spec, facts) => {
    const found = facts.events.filter(
      (one) =>
        one.twin === spec.twin &&
        (spec.kind === undefined || one.kind === spec.kind) &&
        isAccepted(one) &&
        (spec.where === undefined || meets(one.body, spec.where)),
    )
    const wanted = spec.count ?? AT_LEAST_ONE
    return {
      pass: countHolds(found.length, wanted),
      expected: `${countText(wanted)} deliveries of ${spec.twin}`,
      actual: String(found.length),
      refs: refsOf(found),
    }
  },
)

export const isAccepted = ({ status }: { status: number }) => status >= 200 && status < 300

export const callVerbs = { call, no_call, max_calls, throttled, event }
