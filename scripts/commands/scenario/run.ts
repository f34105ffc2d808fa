import { join } from 'node:path'
import { type Audience, shownResult, shownScenario, shownTrajectory } from '../../../shared/harness/audience.ts'
import type { System } from '../../../shared/harness/driver/driver.ts'
import { proxiesOf } from '../../../shared/harness/driver/proxy.ts'
import { counted, leaks } from '../../../shared/harness/holdouts.ts'
import { scenarioDigest } from '../../../shared/harness/identity.ts'
import { planFrom, rulesOf } from '../../../shared/harness/plan.ts'
import { github } from '../../../shared/harness/report/github.ts'
import { table } from '../../../shared/harness/report/table.ts'
import { tap } from '../../../shared/harness/report/tap.ts'
import { runJson, writeReports } from '../../../shared/harness/report/write.ts'
import { INVALID_ALLOWED, invalidShare, type SuiteResult } from '../../../shared/harness/results.ts'
import { queueGaps } from '../../../shared/harness/runs/gaps.ts'
import type { RunLog } from '../../../shared/harness/runs/log.ts'
import { RunStore } from '../../../shared/harness/runs/store.ts'
import { type Scenario, ScenarioError } from '../../../shared/harness/scenario.ts'
import { runSuite, type Shard, type SuiteOptions } from '../../../shared/harness/suite.ts'
import { up } from '../../../shared/server/up.ts'
import { again } from '../../cli/again.ts'
import { integer, parse, UsageError } from '../../cli/args.ts'
import { type Bench, benchFrom, JUDGE_OPTIONS, JUDGE_USAGE, unaskedText } from '../../cli/judge.ts'
import { PEOPLE_OPTIONS, PEOPLE_USAGE, type People, peopleFrom } from '../../cli/people.ts'
import { type Filed, scenariosAt } from './files.ts'
import { onInterrupt, Progress } from './progress.ts'
import { rootOf, SYSTEM_OPTIONS, SYSTEM_USAGE, systemOf, wordsText } from './system.ts'

export const LEDGER = '.dtu/runs'

export const RUN_USAGE = `Usage: dtu scenario run FILE… [options] (--system FILE | --function MODULE | -- <command> [arguments])
       dtu scenario run --resume RUN

Runs each scenario against the software under test and prints the share of satisfied runs with its interval. Every
finished trajectory is kept at once in ${LEDGER}.

${SYSTEM_USAGE}
  --runs N           runs of each scenario; default: the scenario's gate
  --seed N           first seed, default 1
  --lanes N          runs at once, default 1
  --repeat N         runs a failing seed again so many times, for the first three: tells chance from cause; default 2
  --faults PLAN      in the place of the scenario's weather: jira.createIssue#1:lost-reply,… as explore prints them
  --visibility LIST  only scenarios that are train, dev, holdout: one or several, by commas
  --audience WHO     builder (default) sees of holdouts what came out and no more; owner sees all
  --shard I/N        the I-th of N parts, for N machines; merge puts them together
  --resume RUN       goes on with a run that was interrupted, by its id or as \`last\`
  --ledger DIR       where runs are kept, default ${LEDGER}
  --json             the result as JSON
  --tap              the result as TAP 14
  --out DIR          writes run.json, a JSON file per trajectory, report.html, junit.xml and report.tap
  --github           annotations for GitHub Actions
${JUDGE_USAGE}
${PEOPLE_USAGE}

Exit code: 0 gate met, 1 not met, 2 bad input or a holdout that leaked, 3 the software never became ready, 4 too many runs
invalid through our fault, 5 a budget is used up and the result partial, 6 a judge is required and there is none, 130 interrupted: --resume goes on`

const OPTIONS = {
  ...SYSTEM_OPTIONS,
  ...JUDGE_OPTIONS,
  ...PEOPLE_OPTIONS,
  runs: { type: 'string' },
  seed: { type: 'string' },
  lanes: { type: 'string' },
  repeat: { type: 'string' },
  faults: { type: 'string' },
  visibility: { type: 'string' },
  audience: { type: 'string' },
  shard: { type: 'string' },
  resume: { type: 'string' },
  ledger: { type: 'string' },
  json: { type: 'boolean' },
  tap: { type: 'boolean' },
  out: { type: 'string' },
  github: { type: 'boolean' },
} as const

/** `dtu scenario run`. `command`: what stands behind `--`. */
export async function run(args: string[], command: readonly string[]): Promise<number> {
  const asked = parse(args, OPTIONS)
  if (asked.values.help) {
    process.stdout.write(`${RUN_USAGE}\n`)
    return 0
  }
  const store = new RunStore(asked.values.ledger ?? LEDGER)
  if (asked.values.resume === undefined) return begin(asked, command, store, args)
  const log = store.open(asked.values.resume)
  const words = splitWords(log.head.args)
  return begin(parse([...words.own], OPTIONS), words.command, store, words.own, log)
}

type Asked = ReturnType<typeof parse<typeof OPTIONS>>

async function begin(
  { values, positionals }: Asked,
  command: readonly string[],
  store: RunStore,
  args: readonly string[],
  resumed?: RunLog,
): Promise<number> {
  const bench = await benchFrom(values) // first: without a judge that is required nothing begins
  const running = await up({ port: 0, control: false })
  let people: People | undefined
  try {
    people = await peopleFrom(values)
    const words = { system: values.system, function: values.function, command }
    const filed = visible(scenariosAt(positionals, running.multiverse), values.visibility)
    const leaked = leaks(filed, rootOf(words))
    if (leaked.length) throw new ScenarioError(leaked)
    const audience = audienceFrom(values.audience)
    const system = await systemOf(running.multiverse, words)
    const log = resumed
      ? continued(resumed, filed)
      : opened(store, filed, system, [...args, '--', ...command], values, audience)
    const scenarioOf = new Map(filed.map(({ scenario }) => [scenario.id, scenario]))
    const progress = new Progress()
    const fileOf = (id: string) => filed.find(({ scenario }) => scenario.id === id)?.file
    const uninterrupted = onInterrupt(() => `go on with: ${again(['scenario', 'run', '--resume', log.head.id])}`)
    const fixed = values.faults === undefined ? [] : ['--faults', values.faults]
    const raw = await runSuite(
      running.multiverse,
      filed.map(({ scenario }) => scenario),
      system,
      {
        ...optionsFrom(values),
        ...(bench.judge && { judge: bench.judge }),
        ...people.options,
        openProxy: proxiesOf(running.server),
        finished: new Map(log.records().map((record) => [record.id, record])),
        repro: (scenario, seed) =>
          again([
            ...['scenario', 'run', fileOf(scenario.id) ?? scenario.id, '--seed', String(seed), '--runs', '1'],
            ...fixed,
            ...(values.scripted === undefined ? [] : ['--scripted', values.scripted]),
            ...wordsText(words),
          ]),
        onRecord: (record) =>
          log.append(shownTrajectory(record, scenarioOf.get(record.scenario) as Scenario, audience)),
        onTrajectory: (trajectory, done, total) => progress.step(trajectory, done, total),
      },
    ).finally(() => {
      uninterrupted()
      progress.end()
    })
    process.stderr.write(people.says)
    return await report(raw, { values, log, store, audience, fileOf, bench, filed })
  } finally {
    await people?.close()
    await bench.close()
    await running.close()
  }
}

interface Reported {
  readonly values: Asked['values']
  readonly log: RunLog
  readonly store: RunStore
  readonly audience: Audience
  readonly fileOf: (id: string) => string | undefined
  readonly bench: Bench
  readonly filed: readonly Filed[]
}

/** Everything that is written once a suite has ended, and the exit code. */
async function report(
  raw: SuiteResult,
  { values, log, store, audience, fileOf, bench, filed }: Reported,
): Promise<number> {
  const result = shownResult(await counted(raw, store, audience), audience)
  await store.finish(log.head, result)
  const gaps = queueGaps(
    join(store.folder, 'gaps.jsonl'),
    result.scenarios.flatMap(({ trajectories }) => trajectories),
  )
  if (values.out !== undefined) writeReports(values.out, result, log.records())
  if (values.github) process.stdout.write(github(result, fileOf))
  const text = values.json ? `${JSON.stringify(runJson(result))}\n` : values.tap ? tap(result) : table(result)
  process.stdout.write(text)
  if (!values.json && !values.tap) process.stdout.write(`run ${log.head.id}\n`)
  if (gaps.length)
    process.stderr.write(`${gaps.length} gaps of the twins queued in ${join(store.folder, 'gaps.jsonl')}\n`)
  process.stderr.write(
    unaskedText(
      bench,
      filed.map(({ scenario }) => scenario),
    ),
  )
  const ran = result.scenarios.flatMap(({ trajectories }) => trajectories)
  if (ran.length && ran.every(({ ready }) => !ready)) return 3
  if (invalidShare(result.scenarios) > INVALID_ALLOWED) return 4
  if (result.stopped) return 5
  return result.met ? 0 : 1
}

function opened(
  store: RunStore,
  filed: readonly Filed[],
  system: System,
  args: readonly string[],
  { shard }: Asked['values'],
  audience: Audience,
): RunLog {
  return store.begin({
    system: system.name,
    ...(system.build === undefined ? {} : { build: system.build }),
    args,
    scenarios: filed.map(({ file, scenario }) => ({
      file,
      digest: scenarioDigest(scenario),
      scenario: shownScenario(scenario, audience),
    })),
    ...(shard === undefined ? {} : { shard: shardFrom(shard) }),
  })
}

/** An interrupted run, if its scenarios are what they were: other ones would be another run. */
function continued(log: RunLog, filed: readonly Filed[]): RunLog {
  const changed = filed.filter(
    ({ scenario }) => !log.head.scenarios.some(({ digest }) => digest === scenarioDigest(scenario)),
  )
  if (changed.length)
    throw new ScenarioError(changed.map(({ file }) => `${file}: changed since run ${log.head.id} began`))
  log.mend()
  return log
}

/** Words before and behind `--`. */
export function splitWords(args: readonly string[]): { own: string[]; command: string[] } {
  const at = args.indexOf('--')
  return at < 0 ? { own: [...args], command: [] } : { own: args.slice(0, at), command: args.slice(at + 1) }
}

function optionsFrom(values: Asked['values']): SuiteOptions {
  const number = (name: 'runs' | 'seed' | 'lanes' | 'repeat') => integer(`--${name}`, values[name])
  const [runs, firstSeed, lanes, repeats = 2] = [number('runs'), number('seed'), number('lanes'), number('repeat')]
  return {
    ...(runs === undefined ? {} : { runs }),
    ...(firstSeed === undefined ? {} : { firstSeed }),
    ...(lanes === undefined ? {} : { lanes }),
    ...(values.faults === undefined ? {} : rulesFrom(values.faults)),
    ...(values.shard === undefined ? {} : { shard: shardFrom(values.shard) }),
    repeats,
  }
}

function rulesFrom(text: string) {
  try {
    return rulesOf(planFrom(text))
  } catch (error) {
    throw error instanceof RangeError ? new UsageError(error.message) : error
  }
}

function shardFrom(text: string): Shard {
  const [, index, of] = /^([1-9]\d*)\/([1-9]\d*)$/.exec(text) ?? []
  const shard = { index: Number(index), of: Number(of) }
  if (index === undefined || shard.index > shard.of) throw new UsageError(`--shard takes 1/3, 2/3 or 3/3, not ${text}`)
  return shard
}

function audienceFrom(text: string | undefined): Audience {
  if (text === undefined || text === 'builder' || text === 'owner') return text ?? 'builder'
  throw new UsageError(`--audience takes builder or owner, not ${text}`)
}

function visible(filed: readonly Filed[], wanted: string | undefined): Filed[] {
  if (wanted === undefined) return [...filed]
  const names = wanted.split(',')
  const unknown = names.filter((name) => !['train', 'dev', 'holdout'].includes(name))
  if (unknown.length) throw new UsageError(`--visibility takes train, dev and holdout, not ${unknown.join(', ')}`)
  const found = filed.filter(({ scenario }) => names.includes(scenario.visibility))
  if (found.length === 0) throw new UsageError(`No scenario is ${names.join(' or ')}`)
  return found
}
