import type { Verdict } from './answers.ts'

/** Votes that are asked for before anything is decided, and at most. */
export const VOTES = { least: 2, most: 3 } as const

export type Decision = 'pass' | 'fail' | 'undecided'

/**
 * What votes come to. Two that agree end it, unless all three are wanted; of three, two have to agree. Votes that are
 * `unsure` decide nothing: when they are the majority, or there is none, the question is undecided.
 *
 * @returns `undefined` while another vote is needed
 * @example decide(['pass', 'fail'], false) // undefined
 */
export function decide(verdicts: readonly Verdict[], all: boolean): Decision | undefined {
  if (verdicts.length < VOTES.least) return undefined
  const count = (wanted: Verdict) => verdicts.filter((verdict) => verdict === wanted).length
  const agree = VERDICTS_BY_WEIGHT.find((verdict) => count(verdict) >= 2)
  if (verdicts.length < VOTES.most && (all || agree === undefined)) return undefined
  return agree === undefined || agree === 'unsure' ? 'undecided' : agree
}

const VERDICTS_BY_WEIGHT: readonly Verdict[] = ['fail', 'pass', 'unsure']
