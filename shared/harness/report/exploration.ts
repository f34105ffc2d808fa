import { type Exploration, FAULT_NAMES, type FaultPoint, pointText } from '../explore.ts'
import type { Scenario } from '../scenario.ts'

/** Operation × fault: `ok` handled, `FAIL` not, `-` not reached; faults of the nth calls together. */
export function matrix({ points }: Exploration): string {
  const calls = [...new Set(points.map(({ point }) => point.call))]
  const width = Math.max(...calls.map((call) => call.length), 10) + 2
  const row = (cells: string[]) =>
    cells
      .map((cell, i) => cell.padEnd(i ? 12 : width))
      .join('')
      .trimEnd()
  const lines = calls.map((call) =>
    row([
      call,
      ...FAULT_NAMES.map((fault) => {
        const here = points.filter(({ point }) => point.call === call && point.fault === fault)
        const failed = here.filter(({ trajectory }) => trajectory.outcome === 'unsatisfied')
        return here.length === 0 ? '-' : failed.length ? `FAIL ${failed.length}/${here.length}` : 'ok'
      }),
    ]),
  )
  return [row(['operation', ...FAULT_NAMES]), ...lines].join('\n')
}

/** Points whose fault alone makes the run unsatisfied. */
export const failing = ({ points }: Exploration) =>
  points.filter(({ trajectory }) => trajectory.outcome === 'unsatisfied')

/** The matrix, each fault that is not handled with its first reason, and the line that shows it again. */
export function explorationText(
  scenario: Scenario,
  found: Exploration,
  again: (plan: readonly FaultPoint[]) => string,
): string {
  const head = `${scenario.id}, seed ${found.clean.seed}`
  if (found.clean.outcome !== 'satisfied')
    return `${head}: ${found.clean.outcome} without any fault; nothing to explore\n    ${found.clean.reasons.join('\n    ')}\n`
  const bad = failing(found)
  const invalid = found.points.filter(({ trajectory }) => trajectory.outcome === 'invalid').length
  const handled = found.points.length - bad.length - invalid
  const lines = [
    `${head}: ${handled} of ${found.points.length} faults handled${invalid ? `, ${invalid} runs invalid` : ''}`,
    '',
    matrix(found),
  ]
  for (const { point, trajectory } of bad)
    lines.push('', `${pointText(point)}  ${trajectory.reasons[0] ?? ''}`, `    ${again([point])}`)
  if (found.smallest) {
    const { plan, trajectory } = found.smallest
    lines.push('', `together: ${plan.map(pointText).join(', ')}  ${trajectory.reasons[0] ?? ''}`, `    ${again(plan)}`)
  }
  return `${lines.join('\n')}\n`
}
