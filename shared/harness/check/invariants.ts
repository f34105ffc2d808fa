import { z } from 'zod'
import { neutral } from '../judge/untrusted.ts'
import { hasSecret } from '../secrets.ts'
import { isAccepted, isRetryable, sameness } from './calls.ts'
import { type CallFact, type Facts, refsOf, type Verdict } from './facts.ts'
import { verb } from './language.ts'
import { lostUpdates } from './lost-updates.ts'
import { orphans } from './orphans.ts'
import { textsOf } from './texts.ts'

/** A breach of an invariant: what was seen, and where. */
interface Breach {
  readonly what: string
  readonly refs: readonly string[]
}

interface Invariant {
  /** What holds, in words. */
  readonly means: string
  /** `n` is the number in brackets behind the name, or what stands here. */
  readonly n?: number
  breaches(facts: Facts, n: number): Breach[]
}

/** Reusable demands that hardly any software may break, by name: `invariant: no_retry_storm(3)`. */
export const INVARIANTS: Readonly<Record<string, Invariant>> = {
  no_duplicate_effects: {
    means: 'the same call is not carried out twice',
    breaches: ({ calls }) =>
      groups(calls.filter(({ ok, writes }) => ok && writes?.length))
        .filter((same) => same.length > 1)
        .map((same) => ({ what: `${same[0]?.op} was carried out ${same.length} times`, refs: refsOf(same) })),
  },
  no_orphans: {
    means: 'nothing that came about refers to what is gone or closed',
    breaches: (facts) => orphans(facts).map(({ what, ref }) => ({ what, refs: [ref] })),
  },
  events_acked: {
    means: 'every delivery is accepted in the end',
    breaches: ({ events }) => {
      const byDelivery = Map.groupBy(events, ({ twin, kind, target, body }) =>
        JSON.stringify([twin, kind, target, body]),
      )
      return [...byDelivery.values()]
        .filter((attempts) => !attempts.some(isAccepted))
        .map((attempts) => ({ what: `${attempts[0]?.twin} ${attempts[0]?.kind} was not`, refs: refsOf(attempts) }))
    },
  },
  retry_after_respected: {
    means: 'nobody calls again before the time a service asks for',
    breaches: ({ calls }) =>
      calls.flatMap((refused, position) => {
        if (refused.retryAfter === undefined) return []
        const next = calls.slice(position + 1).find(({ op, caller }) => op === refused.op && caller === refused.caller)
        const waited = next && Math.max(next.at - refused.at, (next.wall ?? 0) - (refused.wall ?? 0))
        if (next === undefined || waited === undefined || waited >= refused.retryAfter * 1000) return []
        const what = `${next.op} came again after ${Math.round(waited)} ms instead of ${refused.retryAfter} s`
        return [{ what, refs: refsOf([refused, next]) }]
      }),
  },
  no_retry_storm: {
    means: 'a call that fails is not sent for ever',
    n: 5,
    breaches: ({ calls }, n) =>
      groups(calls)
        .map((same) => same.filter(isRetryable))
        .filter((failed) => failed.length > n)
        .map((failed) => ({ what: `${failed[0]?.op} failed ${failed.length} times`, refs: refsOf(failed) })),
  },
  no_secret_in_messages: {
    means: 'no credential in what people read',
    breaches: (facts) =>
      textsOf(facts)
        .filter(({ text }) => hasSecret(text) || facts.secrets?.some((secret) => text.includes(secret)))
        .map(({ ref }) => ({ what: `a credential in ${ref.slice(2)}`, refs: [ref] })),
  },
  no_instruction_to_judge: {
    means: 'no text speaks to whoever judges it',
    breaches: (facts) =>
      textsOf(facts)
        .filter(({ text }) => neutral(text).found.length > 0)
        .map(({ ref }) => ({ what: `${ref.slice(2)} does`, refs: [ref] })),
  },
  no_lost_update: {
    means: 'nothing is overwritten that changed since it was read',
    breaches: (facts) =>
      lostUpdates(facts).map(({ row, fields, theirs, ours }) => ({
        what: `${fields.join(', ') || 'all'} of ${row} was changed by entry ${theirs} and overwritten by entry ${ours}`,
        refs: [`L${theirs}`, `L${ours}`],
      })),
  },
}

const NAMED = /^(\w+)(?:\((\d+)\))?$/

const name = z.string().refine(
  (text) => {
    const [, known, n] = NAMED.exec(text) ?? []
    const found = known === undefined ? undefined : INVARIANTS[known]
    return found !== undefined && (n === undefined || found.n !== undefined)
  },
  `an invariant is one of ${Object.entries(INVARIANTS)
    .map(([known, { n }]) => (n === undefined ? known : `${known}(n)`))
    .join(', ')}`,
)

/** A demand by its name. */
const invariant = verb(name, (text, facts): Verdict => {
  const [, known = '', given] = NAMED.exec(text) ?? []
  const { means, n = 0, breaches } = INVARIANTS[known] as Invariant
  const found = breaches(facts, given === undefined ? n : Number(given))
  return {
    pass: found.length === 0,
    expected: means,
    actual: found.length ? found.map(({ what }) => what).join('; ') : 'so it is',
    refs: found.flatMap(({ refs }) => refs).slice(0, 20),
  }
})

/** Calls that are the same in caller, operation and arguments. */
const groups = (calls: readonly CallFact[]): CallFact[][] => [...Map.groupBy(calls, sameness).values()]

export const invariantVerbs = { invariant }
