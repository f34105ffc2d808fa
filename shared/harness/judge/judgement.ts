import type { Role } from '../../agents/models.ts'
import type { Billed } from '../../agents/prices.ts'
import type { Verdict } from './answers.ts'
import type { Citation } from './citations.ts'

/** One vote on one question. */
export interface Vote {
  readonly verdict: Verdict
  readonly model: string
  readonly reason: string
  readonly citations: readonly Citation[]
  /** Why it is `unsure` although the judge said something else, or nothing: a refusal, a cut-off, no evidence. */
  readonly because?: string
  /** It counts for nothing and was replaced: a verdict without evidence that stands. */
  readonly spoiled?: true
  /** Nothing was paid for it. */
  readonly cached: boolean
}

/** What the votes on a question came to. */
export interface Judgement {
  readonly question: string
  readonly ask: string
  readonly critical: boolean
  readonly verdict: 'pass' | 'fail' | 'undecided'
  /** The reason of the votes that decided, or why nothing was decided. */
  readonly reason: string
  /** Entries that the deciding votes cite, as reports name them. */
  readonly refs: readonly string[]
  readonly votes: readonly Vote[]
  readonly cached: boolean
  /** Asked the opposite, the judge said pass again: its pass is worth nothing. */
  readonly contradicts?: true
}

/** Tokens of one reply. */
export interface Spent {
  readonly role: Role
  readonly model: string
  readonly usage: Billed
}

/** All a judge said of one run. */
export interface Judged {
  /** Version of the judge's prompt and models: results of different ones are not compared. */
  readonly version: string
  readonly judgements: readonly Judgement[]
  /** Entries in which a text speaks to the judge or imitates its frame. */
  readonly suspects: readonly string[]
  /** A judge said that it saw such a text. */
  readonly injectionSeen: boolean
  /** Judge and software are of one family of models, which may favour its own. */
  readonly sameFamily?: true
  readonly spent: readonly Spent[]
}
