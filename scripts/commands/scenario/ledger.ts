import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { compareBuilds } from '../../../shared/harness/builds.ts'
import { comparisonJson, comparisonText } from '../../../shared/harness/report/comparison.ts'
import { comparisonPage } from '../../../shared/harness/report/side-by-side.ts'
import { shareText, table } from '../../../shared/harness/report/table.ts'
import { runJson, writeReports } from '../../../shared/harness/report/write.ts'
import { INVALID_ALLOWED, invalidShare } from '../../../shared/harness/results.ts'
import { history } from '../../../shared/harness/runs/history.ts'
import { merge } from '../../../shared/harness/runs/merge.ts'
import { RunStore } from '../../../shared/harness/runs/store.ts'
import { parse, UsageError } from '../../cli/args.ts'
import { LEDGER } from './run.ts'

const OPTIONS = { ledger: { type: 'string' }, json: { type: 'boolean' }, out: { type: 'string' } } as const

/** `dtu scenario merge RUN…`: shards of a run as one. */
export async function mergeRuns(args: string[]): Promise<number> {
  const { values, positionals } = parse(args, OPTIONS)
  if (positionals.length === 0) throw new UsageError('Which runs? Their ids, or their folders')
  const store = new RunStore(values.ledger ?? LEDGER)
  const { result, records } = merge(positionals.map((name) => store.open(name)))
  if (values.out !== undefined) writeReports(values.out, result, records)
  process.stdout.write(values.json ? `${JSON.stringify(runJson(result))}\n` : table(result))
  if (invalidShare(result.scenarios) > INVALID_ALLOWED) return 4
  return result.met ? 0 : 1
}

/** `dtu scenario compare RUN RUN`: 1 when the second is worse in some scenario, or over all. */
export async function compareRuns(args: string[]): Promise<number> {
  const { values, positionals } = parse(args, OPTIONS)
  const [one, two, ...more] = positionals
  if (one === undefined || two === undefined || more.length) throw new UsageError('compare takes two runs')
  const store = new RunStore(values.ledger ?? LEDGER)
  const [first, second] = [merge([store.open(one)]), merge([store.open(two)])]
  const comparison = compareBuilds(first.result, second.result)
  if (values.out !== undefined) mkdirSync(values.out, { recursive: true })
  if (values.out !== undefined) writeFileSync(join(values.out, 'comparison.html'), comparisonPage(comparison))
  process.stdout.write(values.json ? `${JSON.stringify(comparisonJson(comparison))}\n` : comparisonText(comparison))
  const worse = (comparison.difference?.interval.high ?? 0) < 0
  return worse || comparison.scenarios.some(({ verdict }) => verdict === 'regression') ? 1 : 0
}

/** `dtu scenario history`: satisfaction over time, per build. */
export async function showHistory(args: string[]): Promise<number> {
  const { values } = parse(args, OPTIONS)
  const runs = await new RunStore(values.ledger ?? LEDGER).summaries()
  if (values.json) {
    process.stdout.write(`${JSON.stringify(runs)}\n`)
    return 0
  }
  for (const [suite, lines] of history(runs)) {
    process.stdout.write(`suite ${suite}\n`)
    for (const { id, system, build, mean, low, high, trajectories, moved } of lines) {
      const share = shareText(mean === undefined ? undefined : { mean, interval: { low: low ?? 0, high: high ?? 1 } })
      const change =
        moved === undefined || moved === 0 ? '' : `${moved > 0 ? '+' : '−'}${Math.abs(Math.round(moved * 100))}`
      const name = build === undefined ? system : `${system} ${build}`
      process.stdout.write(`  ${id}  ${share.padEnd(20)} ${change.padStart(4)}  ${trajectories} runs  ${name}\n`)
    }
  }
  if (runs.length === 0) process.stdout.write('No run yet.\n')
  return 0
}
