import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { SuiteResult } from '../results.ts'
import { html } from './html.ts'
import { junit } from './junit.ts'
import type { TrajectoryRecord } from './record.ts'
import { tap } from './tap.ts'

/** The result of a suite as JSON; trajectories are named by their files. */
export function runJson({ scenarios, ...suite }: SuiteResult): object {
  return {
    version: 1,
    ...suite,
    scenarios: scenarios.map(({ scenario, ...result }) => ({ id: scenario.id, title: scenario.title, ...result })),
  }
}

/** Writes `run.json`, `trajectories/<scenario>-<seed>.json`, `report.html`, `junit.xml` and `report.tap`. */
export function writeReports(folder: string, result: SuiteResult, records: readonly TrajectoryRecord[]): void {
  mkdirSync(join(folder, 'trajectories'), { recursive: true })
  const json = (name: string, value: object) => writeFileSync(join(folder, name), `${JSON.stringify(value, null, 1)}\n`)
  json('run.json', runJson(result))
  for (const record of records) {
    const again = record.repetition ? `-again-${record.repetition}` : ''
    json(`trajectories/${record.scenario}-${record.seed}${again}.json`, record)
  }
  writeFileSync(join(folder, 'report.html'), html(result, records))
  writeFileSync(join(folder, 'junit.xml'), junit(result))
  writeFileSync(join(folder, 'report.tap'), tap(result))
}
