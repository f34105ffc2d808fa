import type { Exploration } from '../explore.ts'
import { CALL_FAULT_NAMES, columnOf, EVENT_FAULT_NAMES, type Point, planText, pointText, RACE_NAMES } from '../plan.ts'
import type { Scenario } from '../scenario.ts'
import { cut } from './text.ts'

/** Operation × what went otherwise: `ok` handled, `FAIL` not, `-` not tried; the nth calls together. */
export function matrix({ points }: Exploration): string {
  const calls = [...new Set(points.map(({ point }) => point.call))]
  const tried = new Set(points.map(({ point }) => columnOf(point)))
  const columns = [...CALL_FAULT_NAMES, ...EVENT_FAULT_NAMES, ...RACE_NAMES].filter((name) => tried.has(name))
  const width = Math.max(...calls.map((call) => call.length), 10) + 2
  const row = (cells: string[]) => {
    const padded = cells.map((cell, i) => cell.padEnd(i ? Math.max(12, (columns[i - 1] ?? '').length + 2) : width))
    return padded.join('').trimEnd()
  }
  const lines = calls.map((call) =>
    row([
      call,
      ...columns.map((column) => {
        const here = points.filter(({ point }) => point.call === call && columnOf(point) === column)
        const failed = here.filter(({ trajectory }) => trajectory.outcome === 'unsatisfied')
        return here.length === 0 ? '-' : failed.length ? `FAIL ${failed.length}/${here.length}` : 'ok'
      }),
    ]),
  )
  return [row(['operation', ...columns]), ...lines].join('\n')
}

/** Points that alone make the run unsatisfied. */
export const failing = ({ points }: Exploration) =>
  points.filter(({ trajectory }) => trajectory.outcome === 'unsatisfied')

const why = ({ reasons }: Exploration['clean']) => cut(reasons[0] ?? '', 240)

/** Whose act comes first. */
function meaning({ steps }: Scenario, point: Point): string {
  const step = steps[Number(/^after-act-(\d+)$/.exec(point.what)?.[1]) - 1]
  return step ? `(${step.actor}'s ${step.act} comes first)  ` : ''
}

/** The matrix, each point that is not handled with its first reason, and the line that shows it again. */
export function explorationText(
  scenario: Scenario,
  found: Exploration,
  again: (plan: readonly Point[]) => string,
): string {
  const head = `${scenario.id}, seed ${found.clean.seed}`
  if (found.clean.outcome !== 'satisfied')
    return `${head}: ${found.clean.outcome} without any fault; nothing to explore\n    ${found.clean.reasons.join('\n    ')}\n`
  const bad = failing(found)
  const invalid = found.points.filter(({ trajectory }) => trajectory.outcome === 'invalid').length
  const handled = found.points.length - bad.length - invalid
  const lines = [
    `${head}: ${handled} of ${found.points.length} handled${invalid ? `, ${invalid} runs invalid` : ''}`,
    '',
    matrix(found),
  ]
  for (const { point, trajectory } of bad)
    lines.push('', `${pointText(point)}  ${meaning(scenario, point)}${why(trajectory)}`, `    ${again([point])}`)
  if (found.smallest) {
    const { plan, trajectory } = found.smallest
    lines.push('', `together: ${planText(plan)}  ${why(trajectory)}`, `    ${again(plan)}`)
  }
  return `${lines.join('\n')}\n`
}
