import { MergeError } from '../../shared/harness/runs/merge.ts'
import { ScenarioError } from '../../shared/harness/scenario.ts'
import { command, UsageError } from '../cli/args.ts'
import { NoJudge } from '../cli/judge.ts'
import { LEDGER, splitWords } from './scenario/run.ts'

const USAGE = `Usage: dtu scenario check FILE…                     mistakes with file, line, column
       dtu scenario run FILE… <what is under test>  satisfaction with its interval; run --help says more
       dtu scenario explore FILE… <what …>          what the software does not handle; explore --help says more
       dtu scenario compare RUN RUN                 two builds, seed by seed
       dtu scenario merge RUN…                      shards of a run as one
       dtu scenario history                         satisfaction over time, per build
       dtu scenario schema                          JSON Schema of a scenario file, for editors
       dtu scenario calibrate                       how well the judge agrees; calibrate --help says more

compare, merge, history take --ledger DIR (default ${LEDGER}), --json, and --out DIR for pages. A RUN is an id, a run's
folder, or \`last\`.`

type Action = (own: string[], command: readonly string[]) => Promise<number>

const ACTIONS: Readonly<Record<string, () => Promise<Action>>> = {
  check: async () => (await import('./scenario/check.ts')).run,
  run: async () => (await import('./scenario/run.ts')).run,
  explore: async () => (await import('./scenario/explore.ts')).run,
  compare: async () => (await import('./scenario/ledger.ts')).compareRuns,
  merge: async () => (await import('./scenario/ledger.ts')).mergeRuns,
  history: async () => (await import('./scenario/ledger.ts')).showHistory,
  schema: async () => (await import('./scenario/schema.ts')).run,
  calibrate: async () => (await import('./calibrate.ts')).run,
}

/** `dtu scenario <action> …`. */
export function run(args: string[]): Promise<number> {
  return command(USAGE, async () => {
    const [name, ...rest] = args
    const action = name === undefined ? undefined : ACTIONS[name]
    if (!action) {
      if (name !== '--help' && name !== '-h') throw new UsageError(`scenario has no action ${name ?? ''}`)
      process.stdout.write(`${USAGE}\n`)
      return 0
    }
    const { own, command: words } = splitWords(rest)
    try {
      return await (await action())(own, words)
    } catch (error) {
      if (!(error instanceof ScenarioError || error instanceof MergeError || error instanceof NoJudge)) throw error
      process.stderr.write(`${error.message}\n`)
      return error instanceof NoJudge ? 6 : 2
    }
  })
}
