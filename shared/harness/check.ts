import { z } from 'zod'
import { callVerbs } from './check/calls.ts'
import type { Facts, Verdict } from './check/facts.ts'
import { invariantVerbs } from './check/invariants.ts'
import type { Verb } from './check/language.ts'
import { momentVerbs } from './check/moments.ts'
import { rowVerbs } from './check/rows.ts'

export { changesOf, type RowChange } from './check/changes.ts'
export type { ActFact, CallFact, EventFact, Facts, Write } from './check/facts.ts'

/** The verbs of the check language: each is one key of a check, with its own strict shape. */
export const VERBS = { ...rowVerbs, ...callVerbs, ...momentVerbs, ...invariantVerbs } as const
export type VerbName = keyof typeof VERBS

const common = {
  id: z.string().min(1),
  /** Whether its failure alone makes the run unsatisfied. */
  critical: z.boolean().default(true),
  /** For whoever reads the report. */
  why: z.string().optional(),
}

/** A check: an id, a verb, and whether its failure alone makes the run unsatisfied. */
export type Check = { readonly id: string; readonly critical: boolean; readonly why?: string | undefined } & {
  readonly [V in VerbName]?: z.output<(typeof VERBS)[V]['schema']>
}

const NAMES = Object.keys(VERBS) as VerbName[]
const shapeOf = (name: VerbName) => z.strictObject({ ...common, [name]: VERBS[name].schema })

/** Reads one check by the verb it has, so that a mistake is told for that verb alone. */
export const check = z.looseObject({ id: z.string() }).transform((input, context): Check => {
  const present = NAMES.filter((name) => name in input)
  const [name] = present
  if (name === undefined || present.length > 1) {
    const message = name === undefined ? `no verb; there are ${NAMES.join(', ')}` : `two verbs: ${present.join(', ')}`
    context.addIssue({ code: 'custom', message, input })
    return z.NEVER
  }
  const parsed = shapeOf(name).safeParse(input)
  if (!parsed.success) {
    for (const issue of parsed.error.issues) context.addIssue({ ...issue, input } as never)
    return z.NEVER
  }
  return parsed.data as unknown as Check
})

/** The same as one union, for the published JSON Schema. */
export const checkShape = z.union(NAMES.map(shapeOf))

export interface CheckResult extends Verdict {
  readonly id: string
  readonly critical: boolean
}

/** Judges one check on the facts of a trajectory. */
export function evaluate(checked: Check, facts: Facts): CheckResult {
  const name = NAMES.find((candidate) => checked[candidate] !== undefined) as VerbName
  const verb = VERBS[name] as unknown as Verb
  return { id: checked.id, critical: checked.critical, ...verb.judge(checked[name], facts) }
}

/**
 * The guard against collateral change that a scenario without `only` gets: kinds none of its checks speak of stay as they
 * were. Reported, never decisive.
 */
export function impliedOnly(checks: readonly Check[]): Check | undefined {
  if (checks.some(({ only }) => only !== undefined)) return undefined
  const kinds = new Set(
    checks.flatMap(({ row, rows, absent, unchanged, diff }) =>
      [row, rows, absent, unchanged, diff].flatMap((spec) => (spec ? [spec.kind] : [])),
    ),
  )
  return { id: IMPLIED, critical: false, only: [...kinds].map((kind) => ({ kind })) }
}

export const IMPLIED = 'nothing-else (implied)'
