import type { ScenarioResult, SuiteResult } from '../results.ts'
import type { Trajectory } from '../trajectory.ts'
import { notes, shareText } from './table.ts'

/** One line, in which no sign starts a directive. */
const line = (text: string) =>
  text
    .replaceAll(/\s*\n\s*/g, ' ')
    .replaceAll('\\', '\\\\')
    .replaceAll('#', '\\#')

/** TAP 14: a point per scenario, its runs as a subtest; a run that is not satisfied says why and how to see it again. */
export function tap({ system, scenarios }: SuiteResult): string {
  const points = scenarios.flatMap((result, i) => [
    ...subtest(result),
    `${result.met ? 'ok' : 'not ok'} ${i + 1} - ${line(`${result.scenario.id}: ${shareText(result.satisfaction)}`)}`,
    ...notes(result).map((note) => `# ${note}`),
  ])
  return `${['TAP version 14', `# ${line(system)}`, `1..${scenarios.length}`, ...points].join('\n')}\n`
}

function subtest({ scenario, trajectories }: ScenarioResult): string[] {
  return [
    `# Subtest: ${line(scenario.id)}`,
    ...[`1..${trajectories.length}`, ...trajectories.flatMap(point)].map((text) => `    ${text}`),
  ]
}

function point({ seed, outcome, reasons, repro }: Trajectory, i: number): string[] {
  const head = `ok ${i + 1} - seed ${seed}`
  if (outcome === 'satisfied') return [head]
  // Our own fault is no verdict on the software: skipped, with its cause.
  if (outcome === 'invalid') return [`${head} # SKIP invalid: ${line(reasons[0] ?? '')}`]
  const told = { outcome, reasons, ...(repro === undefined ? {} : { again: repro }) }
  const yaml = Object.entries(told).map(([name, value]) => `  ${name}: ${JSON.stringify(value)}`)
  return [`not ${head}`, '  ---', ...yaml, '  ...']
}
