import type { RunSummary } from './store.ts'

/** One build of one system over one suite: its newest run, and how far it moved from the build before. */
export interface HistoryLine extends RunSummary {
  readonly moved: number | undefined
}

/** Runs by suite, oldest first, each beside the one before it of the same system. */
export function history(runs: readonly RunSummary[]): ReadonlyMap<string, readonly HistoryLine[]> {
  const last = new Map<string, RunSummary>()
  return Map.groupBy(
    runs.map((run): HistoryLine => {
      const key = JSON.stringify([run.suite, run.system])
      const before = last.get(key)
      last.set(key, run)
      const moved = before?.mean !== undefined && run.mean !== undefined ? run.mean - before.mean : undefined
      return { ...run, moved }
    }),
    ({ suite }) => suite,
  )
}
