import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { World } from '../shared/harness/driver/driver.ts'
import type { TrajectoryRecord } from '../shared/harness/report/record.ts'
import { shareText } from '../shared/harness/report/table.ts'
import { writeReports } from '../shared/harness/report/write.ts'
import type { SuiteResult } from '../shared/harness/results.ts'
import { loadScenario } from '../shared/harness/scenario.ts'
import { runSuite } from '../shared/harness/suite.ts'
import { up } from '../shared/server/up.ts'
import { benchFrom } from './cli/judge.ts'

/**
 * `npm run demo`: three versions of one office assistant, one table over all six services. The careful one satisfies its
 * users, the other two do not, and the table says why. With a key a model answers the scenarios' questions, without one a
 * reader of rules, which is then asked about failed runs, too: it costs nothing.
 */
const SCENARIOS = fileURLToPath(new URL('../fixtures/scenarios/', import.meta.url))
const REPORTS = join('.dtu', 'demo')
const RUNS = 8

const key = Boolean(process.env.ANTHROPIC_API_KEY)
const bench = await benchFrom(key ? {} : { judge: 'reader', 'judge-all': true })
const running = await up({ port: 0 })
const scenarios = readdirSync(SCENARIOS)
  .filter((name) => name.endsWith('.yaml'))
  .sort()
  .map((name) => loadScenario(SCENARIOS + name))

const results: SuiteResult[] = []
for (const name of ['good', 'subtle', 'boastful']) {
  const { default: run } = (await import(`${SCENARIOS}systems/${name}.ts`)) as { default: (w: World) => Promise<void> }
  const records: TrajectoryRecord[] = []
  const onRecord = (record: TrajectoryRecord) => void records.push(record)
  const repro = ({ id }: { id: string }, seed: number) =>
    `npm run -s dtu -- scenario run fixtures/scenarios/${id}.yaml --seed ${seed} --runs 1 --function fixtures/scenarios/systems/${name}.ts`
  const options = { runs: RUNS, onRecord, repro, ...(bench.judge && { judge: bench.judge }) }
  const result = await runSuite(running.multiverse, scenarios, { name, run }, options)
  writeReports(join(REPORTS, name), result, records)
  results.push(result)
}
await running.close()
await bench.close()

const cells = (values: string[]) => values.map((value, i) => (i ? value.padStart(20) : value.padEnd(24))).join('')

/** Checks that decided against a system, and questions that a judge answered with no. */
function failuresOf({ scenarios }: SuiteResult): string[] {
  return scenarios.flatMap(({ scenario, trajectories }) => {
    const checks = trajectories.flatMap((one) => one.checks.filter(({ pass, critical }) => critical && !pass))
    const judged = trajectories.flatMap(({ judged }) => judged?.judgements ?? [])
    const no = judged.filter(({ verdict }) => verdict === 'fail')
    const names = [...new Set([...checks.map(({ id }) => id), ...no.map(({ question }) => `judge ${question}`)])]
    return names.length ? [`    ${scenario.id}: ${names.join(', ')}`] : []
  })
}

const lines = [cells(['', ...results.map(({ system }) => system)])]
for (const [i, { id }] of scenarios.entries()) {
  lines.push(cells([id, ...results.map(({ scenarios }) => shareText(scenarios[i]?.satisfaction))]))
}
lines.push(cells(['all', ...results.map(({ satisfaction }) => shareText(satisfaction))]), '')
for (const result of results) {
  const failures = failuresOf(result)
  lines.push(`${result.system} ${failures.length ? 'fails' : 'fails nowhere'}`, ...failures)
}
const runs = results.length * scenarios.length * RUNS
const hours = results.reduce((sum, { perHour }) => sum + (scenarios.length * RUNS) / perHour, 0)
lines.push('', `${runs} trajectories, ${Math.round(runs / hours).toLocaleString('en')} an hour`)
lines.push(...results.map(({ system }) => `report: ${join(REPORTS, system, 'report.html')}`))
lines.push(bench.says || `judged by ${bench.judge?.version}`)
process.stdout.write(`${lines.join('\n')}\n`)
