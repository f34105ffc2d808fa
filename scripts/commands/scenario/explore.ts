import type { System } from '../../../shared/harness/driver/driver.ts'
import { type OpenProxy, proxiesOf } from '../../../shared/harness/driver/proxy.ts'
import { attempt, explore } from '../../../shared/harness/explore.ts'
import { fixtureNamed } from '../../../shared/harness/fixtures.ts'
import { type Point, planFrom, planText } from '../../../shared/harness/plan.ts'
import { explorationText, failing } from '../../../shared/harness/report/exploration.ts'
import type { Scenario } from '../../../shared/harness/scenario.ts'
import type { Stage } from '../../../shared/harness/scene.ts'
import type { Multiverse } from '../../../shared/server/multiverse.ts'
import { up } from '../../../shared/server/up.ts'
import { again } from '../../cli/again.ts'
import { integer, parse, UsageError } from '../../cli/args.ts'
import { PEOPLE_OPTIONS, type People, peopleFrom } from '../../cli/people.ts'
import { scenariosAt } from './files.ts'
import { SYSTEM_OPTIONS, SYSTEM_USAGE, systemOf, wordsText } from './system.ts'

export const EXPLORE_USAGE = `Usage: dtu scenario explore FILE… [options] (--system FILE | --function MODULE | -- <command> [arguments])

Runs a scenario once with nothing in its way, then again from the same seed: with a fault at each of its calls, deliveries
doubled and late, calls that are made at once in the other order, people acting between a look and a change, and several of
these together. Prints what the software does not handle, shrunk, each with the line that shows it again.

${SYSTEM_USAGE}
  --seed N           default 1
  --scripted FILE, --persona-cache DIR   who plays people: run --help
  --replay PLAN      one plan only: jira.createIssue#1:lost-reply,…

Exit code: 0 all handled, 1 not, 2 bad input`

/** `dtu scenario explore`. */
export async function run(args: string[], command: readonly string[]): Promise<number> {
  const { values, positionals } = parse(args, {
    ...SYSTEM_OPTIONS,
    scripted: PEOPLE_OPTIONS.scripted,
    'persona-cache': PEOPLE_OPTIONS['persona-cache'],
    seed: { type: 'string' },
    replay: { type: 'string' },
  })
  if (values.help) {
    process.stdout.write(`${EXPLORE_USAGE}\n`)
    return 0
  }
  const seed = integer('--seed', values.seed) ?? 1
  const plan = values.replay === undefined ? undefined : readPlan(values.replay)
  const people = await peopleFrom(values)
  const running = await up({ port: 0, control: false })
  try {
    const words = { system: values.system, function: values.function, command }
    const filed = scenariosAt(positionals, running.multiverse)
    const system = await systemOf(running.multiverse, words)
    let code = 0
    for (const { file, scenario } of filed) {
      const line = (points: readonly Point[]) =>
        again([
          ...['scenario', 'explore', file, '--seed', String(seed), '--replay', planText(points)],
          ...(values.scripted === undefined ? [] : ['--scripted', values.scripted]),
          ...wordsText(words),
        ])
      const stage = await stageOf(running.multiverse, scenario, people.options, proxiesOf(running.server))
      const handled = plan
        ? await replayed(stage, scenario, system, seed, plan)
        : await searched(stage, scenario, system, seed, line)
      if (!handled) code = 1
    }
    return code
  } finally {
    await people.close()
    await running.close()
  }
}

async function searched(
  stage: Stage,
  scenario: Scenario,
  system: System,
  seed: number,
  line: (plan: readonly Point[]) => string,
): Promise<boolean> {
  const found = await explore(stage, scenario, system, seed)
  process.stdout.write(`${explorationText(scenario, found, line)}\n`)
  return found.clean.outcome === 'satisfied' && failing(found).length === 0 && found.smallest === undefined
}

async function replayed(
  stage: Stage,
  scenario: Scenario,
  system: System,
  seed: number,
  plan: readonly Point[],
): Promise<boolean> {
  const { outcome, reasons } = await attempt(stage, scenario, system, seed, plan)
  const lines = [`${scenario.id}, seed ${seed}, ${planText(plan)}: ${outcome}`, ...reasons.map((one) => `    ${one}`)]
  process.stdout.write(`${lines.join('\n')}\n`)
  return outcome === 'satisfied'
}

async function stageOf(
  multiverse: Multiverse,
  { world }: Scenario,
  { troupe }: People['options'],
  openProxy: OpenProxy,
): Promise<Stage> {
  const twins = [...multiverse.apps.values()].map(({ twin }) => twin)
  return { multiverse, fixture: await fixtureNamed(world.fixture, twins), troupe, openProxy }
}

function readPlan(text: string): Point[] {
  try {
    return planFrom(text)
  } catch (error) {
    throw error instanceof RangeError ? new UsageError(error.message) : error
  }
}
