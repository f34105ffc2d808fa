import { readdirSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { misnamed } from '../../../shared/harness/names.ts'
import { readScenario, type Scenario, ScenarioError } from '../../../shared/harness/scenario.ts'
import type { Multiverse } from '../../../shared/server/multiverse.ts'
import { UsageError } from '../../cli/args.ts'

/** A scenario and where it stands. */
export interface Filed {
  readonly file: string
  readonly scenario: Scenario
}

/** Scenarios of files and folders. @throws ScenarioError for what the twins do not have, ids that are taken */
export function scenariosAt(paths: readonly string[], { apps }: Multiverse): Filed[] {
  if (paths.length === 0) throw new UsageError('Which scenario files?')
  const filed = paths.flatMap(filesAt).map((file) => ({ file, ...readScenario(file) }))
  const problems = filed.flatMap(({ file, scenario, place }, position) => [
    ...misnamed(scenario, apps).map(({ path, part, problem }) => `${place(path)}: ${part}: ${problem}`),
    ...(filed.findIndex((other) => other.scenario.id === scenario.id) < position
      ? [`${file}: the id ${scenario.id} is taken`]
      : []),
  ])
  if (problems.length) throw new ScenarioError(problems)
  return filed
}

/** A file, or every scenario of a folder. */
function filesAt(path: string): string[] {
  if (!statSync(path, { throwIfNoEntry: false })) throw new UsageError(`${path} is not there`)
  if (!statSync(path).isDirectory()) return [path]
  return readdirSync(path)
    .filter((name) => /\.ya?ml$/.test(name))
    .sort()
    .map((name) => join(path, name))
}
