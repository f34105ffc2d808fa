import { z } from 'zod'

/** What goes wrong, where and how often. */
export const faultRule = z.strictObject({
  /** Shown in the ledger. */
  name: z.string().optional(),
  twin: z.string().optional(),
  /** Operation id, or a prefix ending in `*`. */
  operation: z.string().optional(),
  method: z.string().optional(),
  /** Skip this many matching calls first. */
  after: z.int().min(0).default(0),
  /** Then strike this many times; absent: always. */
  times: z.int().min(1).optional(),
  fault: z.discriminatedUnion('kind', [
    /** The service's own error of this status: 500, 503, …; 429 with `retryAfter` seconds. */
    z.strictObject({ kind: z.literal('status'), status: z.int().min(400).max(599), retryAfter: z.number().optional() }),
    /** The call is carried out and committed, then the connection drops. */
    z.strictObject({ kind: z.literal('lost-reply') }),
    /** The connection drops before anything happens. */
    z.strictObject({ kind: z.literal('dropped') }),
    /** The answer comes late, by the machine's clock, ms. */
    z.strictObject({ kind: z.literal('slow'), milliseconds: z.int().min(0).max(60_000) }),
  ]),
})

export type FaultRule = z.infer<typeof faultRule>
export type Fault = FaultRule['fault']

/** The faults of one universe. An empty plan costs one comparison per call. */
export class FaultPlan {
  #rules: { rule: FaultRule; seen: number }[] = []

  get empty(): boolean {
    return this.#rules.length === 0
  }

  get rules(): readonly FaultRule[] {
    return this.#rules.map(({ rule }) => rule)
  }

  set(rules: readonly FaultRule[]): void {
    this.#rules = rules.map((rule) => ({ rule, seen: 0 }))
  }

  /** The fault that strikes this call, if any. Counts the call against every rule it matches. */
  strike(twin: string, operation: string, method: string): { name: string; fault: Fault } | undefined {
    let struck: { name: string; fault: Fault } | undefined
    for (const entry of this.#rules) {
      const { rule } = entry
      if (rule.twin !== undefined && rule.twin !== twin) continue
      if (rule.method !== undefined && rule.method.toUpperCase() !== method.toUpperCase()) continue
      if (rule.operation !== undefined && !matches(rule.operation, operation)) continue
      const count = entry.seen++
      if (count < rule.after || (rule.times !== undefined && count >= rule.after + rule.times)) continue
      struck ??= { name: rule.name ?? `${rule.fault.kind} on ${operation}`, fault: rule.fault }
    }
    return struck
  }

  fork(): FaultPlan {
    const copy = new FaultPlan()
    copy.#rules = this.#rules.map((entry) => ({ ...entry }))
    return copy
  }
}

const matches = (pattern: string, operation: string) =>
  pattern.endsWith('*') ? operation.startsWith(pattern.slice(0, -1)) : operation === pattern
