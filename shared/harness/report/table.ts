import { NO_JUDGE } from '../judge/outcome.ts'
import type { ScenarioResult, Share, SuiteResult } from '../results.ts'
import { perfectRunsFor, valid } from '../satisfaction.ts'
import { costLines } from './costs.ts'
import { cut } from './text.ts'

export const percent = (share: number) => `${Math.round(share * 100)} %`
const range = ({ interval: { low, high } }: Share) => `${Math.round(low * 100)}–${percent(high)}`
export const shareText = (share: Share | undefined) =>
  share ? `${percent(share.mean)} (${range(share)})` : 'no valid run'

/** Reasons of a scenario that are shown. */
const REASONS = 5

/** The result for a terminal. */
export function table(result: SuiteResult): string {
  const { satisfaction, perHour, allSeeds, scenarios } = result
  const width = Math.max(...scenarios.map(({ scenario }) => scenario.id.length), 12) + 2
  const build = result.build === undefined ? '' : ` (${result.build})`
  return [
    `${result.system}${build}`,
    '',
    ...scenarios.flatMap((one) => scenarioLines(one, width)),
    '',
    `satisfaction ${satisfaction ? shareText(satisfaction) : 'unknown'}; in ${percent(allSeeds)} of the scenarios every seed passed`,
    `${Math.round(perHour).toLocaleString('en')} trajectories an hour`,
    ...costLines(result),
    '',
  ].join('\n')
}

function scenarioLines(result: ScenarioResult, width: number): string[] {
  const { scenario, satisfaction, met, flakiness, passHatK, counts, trajectories } = result
  const { k, satisfaction: target } = scenario.gate
  const gate = `gate ${percent(target)} ${met ? 'met' : 'not met'}`
  const reasons = [
    ...Map.groupBy(
      trajectories.flatMap((one) => one.reasons),
      cause,
    ),
  ]
    .sort(([, a], [, b]) => b.length - a.length)
    .slice(0, REASONS)
  return [
    `${scenario.id.padEnd(width)} ${shareText(satisfaction).padEnd(20)}  pass^${k} ${percent(passHatK).padStart(5)}  fails ${flakiness.padEnd(15)}  ${gate}`,
    ...notes(result).map((note) => `    ${note}`),
    ...(counts.invalid ? [`    ${counts.invalid} of ${trajectories.length} runs invalid`] : []),
    ...reasons.map(([, [reason = '', ...more]]) => `    ${more.length + 1}× ${cut(reason, 200)}`),
    ...again(trajectories).map((line) => `    ${line}`),
  ]
}

/** The check or question that failed, whatever was found: its reasons are alike. */
const cause = (reason: string) =>
  /^judge [^:]+:/.exec(reason)?.[0] ?? (reason.slice(0, reason.indexOf(': expected ') + 1) || reason)

/** What a reader could misread without being told. */
export function notes({ counts, scenario, met, peeks, trajectories }: ScenarioResult): string[] {
  const n = valid(counts)
  const { satisfaction: target } = scenario.gate
  const perfect = n > 0 && counts.satisfied === n
  const allowed = scenario.allow_unmodelled
  return [
    ...(perfect && !met
      ? [
          `${n} of ${n} is no proof: a lower bound of ${target.toFixed(2)} needs ${perfectRunsFor(target)} runs without a failure`,
        ]
      : []),
    ...judgeNotes(trajectories),
    ...(peeks === undefined ? [] : [`evaluated ${peeks} times for this software`]),
    ...(allowed.length ? [`not modelled and forgiven: ${allowed.join(', ')}`] : []),
  ]
}

/** The line that shows the first failing run again. */
const again = (trajectories: ScenarioResult['trajectories']): string[] =>
  trajectories
    .filter(({ outcome, repro }) => outcome !== 'satisfied' && repro !== undefined)
    .slice(0, 1)
    .map(({ repro }) => `again: ${repro}`)

/** Questions that nobody was asked, and those that a judge answered with no, or not at all. */
function judgeNotes(trajectories: ScenarioResult['trajectories']): string[] {
  const unasked = trajectories.filter(({ unasked }) => unasked?.because === NO_JUDGE)
  const names = unasked[0]?.unasked?.questions.join(', ')
  const judgements = trajectories.flatMap(({ judged }) => judged?.judgements ?? [])
  const answers = [...Map.groupBy(judgements, ({ question }) => question)].flatMap(([question, list]) => {
    const count = (verdict: string) => list.filter((one) => one.verdict === verdict).length
    const [no, open] = [count('fail'), count('undecided')]
    return no + open === 0 ? [] : [`judge ${question}: ${no} times no and ${open} times undecided, of ${list.length}`]
  })
  return [...(names ? [`the judge was not asked: ${names}; outcomes are those of the checks`] : []), ...answers]
}
