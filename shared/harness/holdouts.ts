import { readdirSync, readFileSync, statSync } from 'node:fs'
import { join, relative, resolve } from 'node:path'
import { type Audience, ladder } from './audience.ts'
import { scenarioDigest } from './identity.ts'
import type { SuiteResult } from './results.ts'
import type { RunStore } from './runs/store.ts'
import type { Scenario } from './scenario.ts'

/** Folders in which nobody's own words stand. */
const SKIPPED = new Set(['node_modules', '.git', '.dtu', 'dist'])
/** Larger files are data. */
const LARGEST = 1024 * 1024

/** Why these holdouts say nothing about this software: they lie within it, or it holds their canary. */
export function leaks(filed: readonly { file: string; scenario: Scenario }[], root: string): string[] {
  const holdouts = filed.filter(({ scenario }) => scenario.visibility === 'holdout')
  const inside = holdouts
    .filter(({ file }) => !/^(\.\.|\/)/.test(relative(root, resolve(file))))
    .map(({ file }) => `${file}: a holdout must not lie within the software's own folder ${root}`)
  if (inside.length) return inside
  const canaries = holdouts.flatMap(({ file, scenario: { canary } }) =>
    canary === undefined ? [] : [{ file, canary }],
  )
  if (canaries.length === 0) return []
  return [...filesUnder(root)].flatMap((path) => {
    const text = readFileSync(path, 'utf8')
    return canaries
      .filter(({ canary }) => text.includes(canary))
      .map(({ file }) => `${path}: holds the canary of ${file}; the scenario was read`)
  })
}

function* filesUnder(folder: string): Generator<string> {
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name)
    if (entry.isDirectory() && !SKIPPED.has(entry.name)) yield* filesUnder(path)
    else if (entry.isFile() && statSync(path).size <= LARGEST) yield path
  }
}

/**
 * Counts that holdouts were evaluated, and gives the result with the scores that may be told: to whoever builds the
 * software a score is told anew only when it moved by more than one standard error. To be called before names are hidden.
 */
export async function counted(result: SuiteResult, store: RunStore, audience: Audience): Promise<SuiteResult> {
  const scenarios: SuiteResult['scenarios'][number][] = []
  for (const one of result.scenarios) {
    const { scenario, satisfaction } = one
    if (scenario.visibility !== 'holdout' || !satisfaction) {
      scenarios.push(one)
      continue
    }
    const digest = scenarioDigest(scenario)
    const before = await store.told(digest, result.system)
    const told = before && { mean: before.mean, interval: { low: before.low, high: before.high } }
    const share = audience === 'builder' ? ladder(told, satisfaction) : satisfaction
    const { mean, interval } = share
    await store.tell(digest, result.system, { peeks: (before?.peeks ?? 0) + 1, mean, ...interval })
    scenarios.push({ ...one, satisfaction: share, peeks: (before?.peeks ?? 0) + 1 })
  }
  return { ...result, scenarios }
}
