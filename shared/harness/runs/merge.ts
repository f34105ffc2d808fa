import type { TrajectoryRecord } from '../report/record.ts'
import { type SuiteResult, suiteResult } from '../results.ts'
import type { RunHead, RunLog } from './log.ts'
import { suiteOf } from './store.ts'

/** Runs that cannot be put together, and why. */
export class MergeError extends Error {}

export interface Merged {
  readonly head: RunHead
  readonly result: SuiteResult
  readonly records: readonly TrajectoryRecord[]
}

/**
 * Puts runs of one suite and one system together, each trajectory counted once: the shards of a run, or a run by itself.
 *
 * @throws MergeError when they are of different scenarios, systems or builds
 */
export function merge(logs: readonly RunLog[]): Merged {
  const [first, ...others] = logs.map(({ head }) => head)
  if (!first) throw new MergeError('No run to merge')
  for (const other of others) {
    if (suiteOf(other) !== suiteOf(first)) throw new MergeError(`${first.id} and ${other.id} ran different scenarios`)
    const [one, two] = [first, other].map(({ system, build }) => `${system}${build === undefined ? '' : ` ${build}`}`)
    if (one !== two) throw new MergeError(`${first.id} is of ${one}, ${other.id} of ${two}`)
  }
  const records = [...new Map(logs.flatMap((log) => log.records()).map((one) => [one.id, one])).values()]
  const scenarios = first.scenarios.map(({ scenario }) => scenario)
  const result = suiteResult({ name: first.system, build: first.build }, scenarios, records, speedOf(records))
  return { head: first, result, records }
}

/** Trajectories an hour on one lane, from what each took. */
function speedOf(records: readonly TrajectoryRecord[]): number {
  const took = records.reduce((sum, record) => sum + record.took, 0)
  return took === 0 ? 0 : (records.length / took) * 3_600_000
}
