import type { Verdict } from './answers.ts'

/** Votes that decide, and that are cast at most: spoiled ones are replaced. */
export const VOTES = { least: 2, full: 3, most: 5 } as const

export type Decision = 'pass' | 'fail' | 'undecided'

/**
 * What votes come to. Two that agree end it, unless a full three are wanted; of three, two have to agree. A spoiled vote
 * (a verdict whose evidence does not stand) counts for nothing and is replaced. Votes that are `unsure` decide nothing:
 * when they are the majority, or there is none, the question is undecided.
 *
 * @param verdicts `undefined` for a spoiled vote
 * @returns `undefined` while another vote is needed
 * @example decide(['pass', 'fail'], false) // undefined
 */
export function decide(verdicts: readonly (Verdict | undefined)[], all: boolean): Decision | undefined {
  const valid = verdicts.filter((verdict) => verdict !== undefined)
  const agreed = (['fail', 'pass', 'unsure'] as const).find(
    (one) => valid.filter((verdict) => verdict === one).length >= 2,
  )
  const enough = valid.length >= VOTES.full || (agreed !== undefined && !all)
  if (!enough && verdicts.length < VOTES.most) return undefined
  return agreed === undefined || agreed === 'unsure' ? 'undecided' : agreed
}
