import { MUTATIONS } from '../../fixtures/scenarios/judged/mutations.ts'
import { RUNS } from '../../fixtures/scenarios/judged/record.ts'
import { calibrate, missed } from '../../shared/harness/judge/quality/calibrate.ts'
import { labelled, readRuns } from '../../shared/harness/judge/quality/labelled.ts'
import { calibrationText } from '../../shared/harness/judge/quality/text.ts'
import { command, integer, parse, UsageError } from '../cli/args.ts'
import { benchFrom, JUDGE_OPTIONS, JUDGE_USAGE, NoJudge } from '../cli/judge.ts'

const USAGE = `Usage: dtu scenario calibrate [options]

Puts questions with known answers to the judge and prints how well it agrees: Cohen's κ with its interval, false passes,
abstention, flips, attacks that worked, tokens and dollars. The labelled set is made from runs of the samples that were
kept, and from changes of them after which the answers are known.

  --sample N         one of N runs of the set: a cheaper look
  --lanes N          runs judged at once, default 4
  --json             all of it, each wrong verdict with its votes
${JUDGE_USAGE}

Exit code: 0 all bars reached, 6 not, or no judge. Without a key the reader of rules is calibrated: that shows the
machinery, not a judge.`

/** `dtu scenario calibrate`. */
export function run(args: string[]): Promise<number> {
  return command(USAGE, async () => {
    const { values, positionals } = parse(args, {
      sample: { type: 'string' },
      lanes: { type: 'string' },
      json: { type: 'boolean' },
      ...JUDGE_OPTIONS,
    })
    if (values.help) {
      process.stdout.write(`${USAGE}\n`)
      return 0
    }
    if (positionals.length) throw new UsageError(`calibrate takes no ${positionals[0]}`)
    const every = integer('--sample', values.sample) ?? 1
    const lanes = integer('--lanes', values.lanes) ?? 4
    try {
      const asked = await benchFrom(values)
      const bench = asked.judge ? asked : await benchFrom({ ...values, judge: 'reader' })
      const runs = labelled(readRuns(RUNS), MUTATIONS).filter((_, position) => position % every === 0)
      const result = await calibrate(bench.judge as NonNullable<typeof bench.judge>, runs, lanes)
      await bench.close()
      if (bench.says) process.stderr.write(`${bench.says}\n\n`)
      process.stdout.write(values.json ? `${JSON.stringify(result)}\n` : calibrationText(result))
      return missed(result).length ? 6 : 0
    } catch (error) {
      if (!(error instanceof NoJudge)) throw error
      process.stderr.write(`${error.message}\n`)
      return 6
    }
  })
}
