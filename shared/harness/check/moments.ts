import { z } from 'zod'
import { duration } from '../duration.ts'
import { meets, where } from '../predicate.ts'
import { callsMatching, logicalCalls } from './calls.ts'
import { type Facts, refsOf } from './facts.ts'
import { operation, verb } from './language.ts'

const moment = z.union([
  z.strictObject({ call: operation, where: where.optional() }),
  z.strictObject({ act: z.string(), where: where.optional() }),
])
/** Something that happened: a call that was carried out, or an act of a person. */
export type Moment = z.output<typeof moment>

interface Happened {
  readonly seq: number
  readonly at: number
}

function happened(spec: Moment, facts: Facts): readonly Happened[] {
  if ('call' in spec) return callsMatching({ op: spec.call, where: spec.where }, facts).filter(({ ok }) => ok)
  return facts.acts.filter((act) => act.act === spec.act && (spec.where === undefined || meets(act.with, spec.where)))
}

const momentText = (spec: Moment) => ('call' in spec ? spec.call : spec.act)

const orderSpec = z.union([
  z.array(moment).min(2),
  z.strictObject({ strict: z.boolean().default(false), moments: z.array(moment).min(2) }),
])

/** These happened in this order; others may lie between. `strict`: nothing else of the same actor does. */
const order = verb(orderSpec, (spec, facts) => {
  const { strict, moments } = Array.isArray(spec) ? { strict: false, moments: spec } : spec
  const expected = moments.map(momentText).join(strict ? ', directly then ' : ', then ')
  const sequence = (strict ? adjacent : subsequence)(moments, facts)
  const seen = sequence.filter((one) => one !== undefined)
  const missing = moments[seen.length]
  if (seen.length === moments.length || !missing)
    return { pass: true, expected, actual: 'in this order', refs: refsOf(seen) }
  const after = seen.at(-1)
  const actual = `no ${momentText(missing)} ${strict ? 'directly ' : ''}after ${after ? `entry ${after.seq}` : 'the start'}`
  return { pass: false, expected, actual, refs: refsOf(seen) }
})

/** The first way to find the moments one after the other, up to the one that is missing. */
function subsequence(moments: readonly Moment[], facts: Facts): readonly (Happened | undefined)[] {
  let after = 0
  const seen: (Happened | undefined)[] = []
  for (const step of moments) {
    const next = happened(step, facts).find(({ seq }) => seq > after)
    seen.push(next)
    if (!next) break
    after = next.seq
  }
  return seen
}

/** The longest run from any start in which each moment follows the one before it among its own actor's deeds. */
function adjacent(moments: readonly Moment[], facts: Facts): readonly (Happened | undefined)[] {
  const [first, ...rest] = moments as [Moment, ...Moment[]]
  const calls = logicalCalls(facts.calls)
  let longest: readonly (Happened | undefined)[] = []
  for (const start of happened(first, facts)) {
    const run: Happened[] = [start]
    const last = { call: 'call' in first ? start.seq : undefined, act: 'act' in first ? start.seq : undefined }
    for (const step of rest) {
      const own = 'call' in step ? ('call' as const) : ('act' as const)
      const after = (run.at(-1) as Happened).seq
      const next = happened(step, facts).find(({ seq }) => seq > after)
      const since = last[own]
      const between = (own === 'call' ? calls : facts.acts).some(
        ({ seq }) => since !== undefined && next !== undefined && seq > since && seq < next.seq,
      )
      if (!next || between) break
      last[own] = next.seq
      run.push(next)
    }
    if (run.length > longest.length) longest = run
  }
  return longest
}

/** ms, or `90s`. */
const span = z.union([z.int().min(0), duration])

/** The second came at most so long after the first, in the universe's time. */
const within = verb(z.strictObject({ from: moment, to: moment, max: span }), (spec, facts) => {
  const [start] = happened(spec.from, facts)
  const end = start && happened(spec.to, facts).find(({ seq }) => seq > start.seq)
  const took = start && end ? end.at - start.at : undefined
  return {
    pass: took !== undefined && took <= spec.max,
    expected: `${momentText(spec.to)} within ${spec.max} ms of ${momentText(spec.from)}`,
    actual: took === undefined ? 'one of them did not happen' : `${took} ms`,
    refs: refsOf([start, end].filter((one) => one !== undefined)),
  }
})

export const momentVerbs = { order, within }
