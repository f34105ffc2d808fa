/** A call as checks see it. */
export interface CallFact {
  readonly seq: number
  /** Instant of the universe, ms. */
  readonly at: number
  /** `twin.operationId`. */
  readonly op: string
  readonly status: number
  /** Carried out: the status, and Slack's own `ok`, say so. */
  readonly ok: boolean
  readonly request: unknown
  readonly throttled: boolean
  /** Whose credential it came with. Two calls of one caller have the same; never shown to anybody. */
  readonly caller?: string
  /** Rows that were written, as `table id`, without what the service keeps of itself; with the members that changed. */
  readonly writes?: readonly Write[]
  /** Seconds it was asked to wait. */
  readonly retryAfter?: number | undefined
  /** Wall time since the start, ms: a standing clock does not show that software waited. */
  readonly wall?: number | undefined
  /** What the reply said; invariants look for rows it named. */
  readonly reply?: string | undefined
}

/** One row a call wrote: which, and what of it. */
export interface Write {
  readonly row: string
  /** Paths that differ; empty for a row that came or went. */
  readonly fields: readonly string[]
}

/** What a person did. */
export interface ActFact {
  readonly seq: number
  readonly at: number
  /** `twin.action`. */
  readonly act: string
  readonly with: unknown
  readonly writes?: readonly Write[]
}

/** One attempt to deliver something to the software. */
export interface EventFact {
  readonly seq: number
  readonly twin: string
  readonly kind: string
  /** The receiver's; 0 when nothing answered. */
  readonly status: number
  readonly body: unknown
  readonly target?: string
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
  /** Credentials of this universe, which no message may contain. */
  readonly secrets?: readonly string[]
  /** Wall time at which an entry was written, ms after the start. */
  readonly wallOf?: (seq: number) => number | undefined
}

export interface Verdict {
  readonly pass: boolean
  readonly expected: string
  readonly actual: string
  /** Evidence: `L12` is entry 12 of the ledger, `D okta.user 00u…` a changed row. */
  readonly refs: readonly string[]
}

/** The ledger's entries as evidence: the first twenty. */
export const refsOf = (list: readonly { seq: number }[]): string[] => list.slice(0, 20).map(({ seq }) => `L${seq}`)
