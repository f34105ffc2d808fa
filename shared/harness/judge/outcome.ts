import type { CheckResult } from '../check.ts'
import type { SystemFacts } from '../driver/driver.ts'
import type { Evidence } from '../report/record.ts'
import type { Outcome } from '../satisfaction.ts'
import { type Scenario, substitute } from '../scenario.ts'
import type { Judge } from './judge.ts'
import type { Judged, Judgement } from './judgement.ts'

/** How a run ended, and what decided it. */
export interface Verdict {
  readonly outcome: Outcome
  /** Why it is not satisfied, or not valid. */
  readonly reasons: readonly string[]
  readonly checks: readonly CheckResult[]
  /** What the judge said, if it was asked. */
  readonly judged?: Judged
  /** Questions of the scenario that nobody was asked, and why: then the outcome rests on the checks alone. */
  readonly unasked?: { readonly questions: readonly string[]; readonly because: string }
}

/** Why a question was not asked where no judge could be. */
export const NO_JUDGE = 'there is no judge'

/** A run whose checks are made. */
export interface Checked {
  readonly scenario: Scenario
  readonly scope: Readonly<Record<string, unknown>>
  readonly system: SystemFacts
  /** Gathered only when somebody asks. */
  readonly evidence: () => Evidence
}

/**
 * Puts a scenario's questions to the judge. Checks come first: one that failed decides, and the judge is not asked (it is
 * with `all`, for calibration, and changes nothing). A critical question that fails makes the run unsatisfied, one that
 * stays open makes it undecided. Without a judge the outcome is that of the checks, and says which questions were not asked.
 */
export async function asked(verdict: Verdict, run: Checked, judge: Judge | undefined): Promise<Verdict> {
  const { scenario, scope, system, evidence } = run
  if (scenario.judge.length === 0 || verdict.outcome === 'invalid') return verdict
  const failed = verdict.outcome !== 'satisfied'
  if (!judge || (failed && !judge.all)) {
    const because = judge ? 'the checks decided' : NO_JUDGE
    return { ...verdict, unasked: { questions: scenario.judge.map(({ id }) => id), because } }
  }
  const judged = await judge.judge({
    story: scenario.story,
    questions: substitute(scenario.judge, scope),
    evidence: evidence(),
    family: system.modelFamily,
  })
  return failed ? { ...verdict, judged } : { ...verdict, ...outcomeOf(judged.judgements), judged }
}

/** What the critical questions come to. A question that failed weighs more than one that stayed open. */
function outcomeOf(judgements: readonly Judgement[]): Pick<Verdict, 'outcome' | 'reasons'> {
  const critical = judgements.filter(({ critical }) => critical)
  for (const [verdict, outcome] of [
    ['fail', 'unsatisfied'],
    ['undecided', 'undecided'],
  ] as const) {
    const found = critical.filter((one) => one.verdict === verdict)
    if (found.length) return { outcome, reasons: found.map(({ question, reason }) => `judge ${question}: ${reason}`) }
  }
  return { outcome: 'satisfied', reasons: [] }
}
