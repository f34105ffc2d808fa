import { costText, type Payer, total } from '../meter.ts'
import type { SuiteResult } from '../results.ts'

const PAYER: Readonly<Record<Payer, string>> = { sut: 'software', persona: 'people', judge: 'judge' }

/** What models cost, how people were played and why it ended, a line each; none for a run without models. */
export function costLines({
  costs,
  scenarios,
  stopped,
}: Pick<SuiteResult, 'costs' | 'scenarios' | 'stopped'>): string[] {
  const all = total(costs)
  const runs = scenarios.flatMap(({ trajectories }) => trajectories)
  const satisfied = runs.filter(({ outcome }) => outcome === 'satisfied').length
  const each =
    all.dollars !== null && satisfied > 0 ? `; $${(all.dollars / satisfied).toFixed(4)} per satisfied run` : ''
  const parts = Object.entries(costs).map(([payer, cost]) => `${PAYER[payer as Payer]} ${costText(cost)}`)
  const played = runs.filter(({ personas }) => personas?.length)
  // A run with people is invalid through them, unless through a gap of the twins.
  const misplayed = played.filter(({ outcome, gaps }) => outcome === 'invalid' && gaps.length === 0)
  return [
    ...(all.requests > 0 ? [`models: ${costText(all)}${each}`] : []),
    ...(parts.length > 1 ? parts.map((part) => `    ${part}`) : []),
    ...(played.length
      ? [`people: misplayed, or not to be played, in ${misplayed.length} of ${played.length} runs`]
      : []),
    ...(stopped ? [`ended early: ${stopped.because}; ${stopped.notStarted} runs not started`] : []),
  ]
}
