import { readdirSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import type { World } from '../shared/harness/driver/driver.ts'
import type { SuiteResult } from '../shared/harness/results.ts'
import { loadScenario } from '../shared/harness/scenario.ts'
import { runSuite } from '../shared/harness/suite.ts'
import { up } from '../shared/server/up.ts'

/**
 * `npm run demo`: three versions of one office assistant, six scenarios over all six services. The careful one satisfies
 * its users, the other two do not, and the table says why.
 */
const SCENARIOS = fileURLToPath(new URL('../fixtures/scenarios/', import.meta.url))
const RUNS = 8

const running = await up({ port: 0 })
const scenarios = readdirSync(SCENARIOS)
  .filter((name) => name.endsWith('.yaml'))
  .sort()
  .map((name) => loadScenario(SCENARIOS + name))

const results: SuiteResult[] = []
for (const name of ['good', 'subtle', 'boastful']) {
  const { default: run } = (await import(`${SCENARIOS}systems/${name}.ts`)) as { default: (w: World) => Promise<void> }
  results.push(await runSuite(running.multiverse, scenarios, { name, run }, { runs: RUNS }))
}
await running.close()

const percent = (share: number) => `${Math.round(share * 100)} %`
const cells = (values: string[]) => values.map((value, i) => (i ? value.padStart(20) : value.padEnd(24))).join('')
const show = (value: SuiteResult['satisfaction']) =>
  value ? `${percent(value.mean)} (${percent(value.interval.low)}–${percent(value.interval.high)})` : 'no valid run'

const lines = [cells(['', ...results.map(({ system }) => system)])]
for (const [i, { id }] of scenarios.entries()) {
  lines.push(cells([id, ...results.map(({ scenarios }) => show(scenarios[i]?.satisfaction))]))
}
lines.push(cells(['all', ...results.map(({ satisfaction }) => show(satisfaction))]), '')
for (const { system, scenarios } of results) {
  const reasons = scenarios.flatMap(({ scenario, trajectories }) => {
    const failed = new Set(trajectories.flatMap(({ checks }) => checks.filter((c) => !c.pass).map((c) => c.id)))
    return failed.size ? [`${scenario.id}: ${[...failed].join(', ')}`] : []
  })
  lines.push(`${system} ${reasons.length ? 'fails' : 'fails nowhere'}`, ...reasons.map((reason) => `    ${reason}`))
}
const runs = results.length * scenarios.length * RUNS
const hours = results.reduce((sum, { perHour }) => sum + (scenarios.length * RUNS) / perHour, 0)
lines.push('', `${runs} trajectories, ${Math.round(runs / hours).toLocaleString('en')} an hour`)
process.stdout.write(`${lines.join('\n')}\n`)
