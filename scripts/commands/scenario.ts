import { readdirSync, statSync } from 'node:fs'
import { join, resolve } from 'node:path'
import type { System } from '../../shared/harness/driver/driver.ts'
import { explore, type FaultPoint, pointFrom, pointText, ruleOf } from '../../shared/harness/explore.ts'
import { fixtureNamed } from '../../shared/harness/fixtures.ts'
import { explorationText, failing } from '../../shared/harness/report/exploration.ts'
import { github } from '../../shared/harness/report/github.ts'
import type { TrajectoryRecord } from '../../shared/harness/report/record.ts'
import { runJson, writeReports } from '../../shared/harness/report/write.ts'
import { INVALID_ALLOWED, invalidShare, type SuiteResult } from '../../shared/harness/results.ts'
import type { Interval } from '../../shared/harness/satisfaction.ts'
import { loadScenario, type Scenario, ScenarioError, unknownNames } from '../../shared/harness/scenario.ts'
import { runSuite } from '../../shared/harness/suite.ts'
import { functionIn, loadSystem } from '../../shared/harness/sut.ts'
import type { Multiverse } from '../../shared/server/multiverse.ts'
import { up } from '../../shared/server/up.ts'
import type { FaultRule } from '../../shared/universe/faults.ts'
import { command, integer, parse, UsageError } from '../cli/args.ts'
import { benchFrom, JUDGE_OPTIONS, JUDGE_USAGE, NoJudge, unaskedText } from '../cli/judge.ts'

const USAGE = `Usage: dtu scenario check FILE…
       dtu scenario run FILE… (--system FILE | --function MODULE | -- <command> [arguments])
       dtu scenario explore FILE (--system FILE | --function MODULE | -- <command> [arguments])
       dtu scenario calibrate [options]

check   reads scenario files and says, with line and column, what is wrong with them
run     runs each against the software under test and prints the share of satisfied runs with its interval

explore runs it once without faults, then again from the same seed with a fault at each of its calls, and with several;
        prints which ones the software handles, and how to see those again that it does not
calibrate puts questions with known answers to the judge; --help says more

  --system FILE      what is under test, and how it is started: shared/harness/README.md
  --function MODULE  a module whose default export is \`async (world) => …\`
  --runs N           runs of each scenario; default: the scenario's gate
  --seed N           first seed, default 1
  --faults PLAN      faults in the place of the scenario's weather: jira.createIssue#1:lost-reply,… (500, 429, lost-reply, dropped)
  --lanes N          runs at once, default 1
  --json             the result as JSON
  --out DIR          writes run.json, a JSON file per trajectory, report.html and junit.xml
  --github           annotations for GitHub Actions
${JUDGE_USAGE}

Exit code: 0 gate met, 1 not met, 2 bad input, 3 the software never became ready, 4 too many runs invalid through our fault,\n6 a judge is required and there is none`

export async function run(args: string[]): Promise<number> {
  if (args[0] === 'calibrate') return (await import('./calibrate.ts')).run(args.slice(1))
  return command(USAGE, async () => {
    const split = args.indexOf('--')
    const { values, positionals } = parse(split < 0 ? args : args.slice(0, split), {
      system: { type: 'string' },
      function: { type: 'string' },
      runs: { type: 'string' },
      seed: { type: 'string' },
      lanes: { type: 'string' },
      json: { type: 'boolean' },
      out: { type: 'string' },
      github: { type: 'boolean' },
      faults: { type: 'string' },
      ...JUDGE_OPTIONS,
    })
    const [action, ...paths] = positionals
    if (values.help) {
      process.stdout.write(`${USAGE}\n`)
      return 0
    }
    if (action !== 'check' && action !== 'run' && action !== 'explore')
      throw new UsageError(`scenario has no action ${action ?? ''}`)
    if (paths.length === 0) throw new UsageError('Which scenario files?')
    const running = await up({ port: 0, control: false })
    try {
      const files = paths.flatMap(filesAt)
      const scenarios = files.map((file) => loadScenario(file))
      const problems = scenarios.flatMap((scenario) =>
        unknownNames(scenario, running.multiverse.apps).map((problem) => `${scenario.id}: ${problem}`),
      )
      if (problems.length) throw new ScenarioError(problems)
      if (action === 'check') {
        for (const { id, checks, judge } of scenarios) {
          const questions = judge.length ? `, ${judge.length} questions` : ''
          process.stdout.write(`${id}: ${checks.length} checks${questions}, nothing wrong\n`)
        }
        return 0
      }
      const system = await systemOf(running.multiverse, values, split < 0 ? [] : args.slice(split + 1))
      const number = (name: 'runs' | 'seed' | 'lanes') => integer(`--${name}`, values[name])
      const [runs, seed, lanes] = [number('runs'), number('seed'), number('lanes')]
      if (action === 'explore') {
        const option = (['system', 'function'] as const).find((name) => values[name] !== undefined)
        const under = option ? `--${option} ${values[option]}` : `-- ${system.name}`
        return await exploreAll(running.multiverse, scenarios, files, system, seed ?? 1, under)
      }
      const bench = await benchFrom(values)
      const records: TrajectoryRecord[] = []
      const result = await runSuite(running.multiverse, scenarios, system, {
        ...(runs === undefined ? {} : { runs }),
        ...(seed === undefined ? {} : { firstSeed: seed }),
        ...(lanes === undefined ? {} : { lanes }),
        ...(values.faults === undefined ? {} : { faults: planFrom(values.faults) }),
        ...(values.out === undefined ? {} : { onRecord: (record) => void records.push(record) }),
        ...(bench.judge && { judge: bench.judge }),
      })
      await bench.close()
      if (values.out !== undefined) writeReports(values.out, result, records)
      if (values.github) {
        const fileOf = (id: string) => files[scenarios.findIndex((scenario) => scenario.id === id)]
        process.stdout.write(github(result, fileOf))
      }
      process.stdout.write(values.json ? `${JSON.stringify(runJson(result))}\n` : table(result))
      process.stderr.write(unaskedText(bench, scenarios))
      if (result.scenarios.every(({ trajectories }) => trajectories.every(({ ready }) => !ready))) return 3
      if (invalidShare(result.scenarios) > INVALID_ALLOWED) return 4
      return result.met ? 0 : 1
    } catch (error) {
      if (!(error instanceof ScenarioError || error instanceof NoJudge)) throw error
      process.stderr.write(`${error.message}\n`)
      return error instanceof NoJudge ? 6 : 2
    } finally {
      await running.close()
    }
  })
}

/** Explores each scenario; 1 when some fault is not handled. */
async function exploreAll(
  multiverse: Multiverse,
  scenarios: readonly Scenario[],
  files: readonly string[],
  system: System,
  seed: number,
  under: string,
): Promise<number> {
  const twins = [...multiverse.apps.values()].map(({ twin }) => twin)
  let code = 0
  for (const [position, scenario] of scenarios.entries()) {
    const stage = { multiverse, fixture: await fixtureNamed(scenario.world.fixture, twins) }
    const found = await explore(stage, scenario, system, seed)
    const again = (plan: readonly FaultPoint[]) =>
      `dtu scenario run ${files[position]} --seed ${seed} --runs 1 --faults '${plan.map(pointText).join(',')}' ${under}`
    process.stdout.write(`${explorationText(scenario, found, again)}\n`)
    if (found.clean.outcome !== 'satisfied' || failing(found).length || found.smallest) code = 1
  }
  return code
}

function planFrom(text: string): FaultRule[] {
  return text.split(',').map((part) => {
    const point = pointFrom(part.trim())
    if (!point) throw new UsageError(`${JSON.stringify(part)} is not a fault: twin.operation#1:lost-reply`)
    return ruleOf(point)
  })
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

async function systemOf(
  multiverse: Multiverse,
  { system, function: module }: { system?: string | undefined; function?: string | undefined },
  command: readonly string[],
): Promise<System> {
  const given = [system, module, command[0]].filter((one) => one !== undefined)
  if (given.length !== 1) throw new UsageError('What is under test? --system FILE, --function MODULE, or -- <command>')
  if (system !== undefined) return loadSystem(system, multiverse)
  if (module !== undefined) return { name: module, run: await functionIn(resolve(module), module) }
  return { name: command.join(' '), command }
}

const percent = (share: number) => `${Math.round(share * 100)} %`
const range = ({ low, high }: Interval) => `${percent(low)}–${percent(high)}`

function table(result: SuiteResult): string {
  const lines = [`${result.system}`, '']
  for (const { scenario, counts, satisfaction, met, flakiness, trajectories, passHatK } of result.scenarios) {
    const shown = satisfaction
      ? `${percent(satisfaction.mean).padStart(5)}  (${range(satisfaction.interval)})`
      : 'no valid run'
    const target = `gate ${percent(scenario.gate.satisfaction)} ${met ? 'met' : 'not met'}`
    lines.push(
      `${scenario.id.padEnd(28)} ${shown}  pass^${scenario.gate.k} ${percent(passHatK)}  fails ${flakiness}  ${target}`,
    )
    if (counts.invalid) lines.push(`    ${counts.invalid} of ${trajectories.length} runs invalid`)
    const reasons = new Map<string, number>()
    for (const trajectory of trajectories) {
      for (const reason of trajectory.reasons) reasons.set(reason, (reasons.get(reason) ?? 0) + 1)
    }
    for (const [reason, times] of [...reasons].sort((a, b) => b[1] - a[1]).slice(0, 5))
      lines.push(`    ${times}× ${reason}`)
  }
  const { satisfaction, perHour } = result
  lines.push(
    '',
    satisfaction
      ? `satisfaction ${percent(satisfaction.mean)} (${range(satisfaction.interval)})`
      : 'satisfaction unknown',
  )
  lines.push(`${Math.round(perHour).toLocaleString('en')} trajectories an hour`)
  return `${lines.join('\n')}\n`
}
