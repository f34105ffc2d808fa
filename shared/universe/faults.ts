/** What goes wrong. */
export type Fault =
  /** The service's own error of this status: 500, 503, …; 429 with `retryAfter` seconds. */
  | { readonly kind: 'status'; readonly status: number; readonly retryAfter?: number | undefined }
  /** The call is carried out and committed, then the connection drops. */
  | { readonly kind: 'lost-reply' }
  /** The connection drops before anything happens. */
  | { readonly kind: 'dropped' }
  /** The answer comes late, by the machine's clock, ms. */
  | { readonly kind: 'slow'; readonly milliseconds: number }
  /** A delivery is made, and then once more. */
  | { readonly kind: 'duplicate' }
  /** A delivery is made later, by the universe's clock, ms: others overtake it. */
  | { readonly kind: 'late'; readonly milliseconds: number }

/** A fault, where it strikes and how often. */
export interface FaultRule {
  /** Shown in the ledger. */
  readonly name?: string | undefined
  readonly twin?: string | undefined
  /** Operation id, or a prefix ending in `*`; `event:` and its kind for a delivery. */
  readonly operation?: string | undefined
  readonly method?: string | undefined
  /** Skip this many matching calls first. */
  readonly after: number
  /** Then strike this many times; absent: always. */
  readonly times?: number | undefined
  readonly fault: Fault
}

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
