import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { dirname, resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import { z } from 'zod'
import type { Multiverse } from '../server/multiverse.ts'
import type { System } from './driver/driver.ts'
import { duration, ScenarioError, substitute } from './scenario.ts'
import { referencesOf } from './scene.ts'
import { readYaml, type YamlFile } from './yaml.ts'

const path = z.string().regex(/^\//, 'a path begins with /')

/** Ways to start a system, by the member that names them. */
const DRIVERS = {
  command: z.strictObject({
    command: z.array(z.string()).min(1),
    /** From where the file stands. */
    cwd: z.string().default('.'),
    /** Each run works in a copy of `cwd` that is thrown away. */
    copy: z.boolean().default(false),
    /** For a service: the path on `$PORT` that answers 2xx once it is ready. */
    ready: z.strictObject({ http: path, timeout: duration.prefault('20s') }).optional(),
  }),
  http: z.strictObject({
    http: z.strictObject({
      url: z.url({ protocol: /^https?$/ }),
      ready: path.optional(),
      start: path,
      work: path.optional(),
      finish: path.optional(),
      timeout: duration.prefault('20s'),
      reuse: z.enum(['never', 'credential', 'universe-header']).default('never'),
    }),
  }),
  function: z.strictObject({
    /** A module whose default export is `async (world) => …`. */
    function: z.string(),
  }),
} as const

const NAMES = Object.keys(DRIVERS) as (keyof typeof DRIVERS)[]

/** The driver whose name is there: a union would report the mistakes of every other one, too. */
const driverIn = (value: unknown): z.ZodType => {
  const driver = (value as { driver?: unknown } | undefined)?.driver
  const named = NAMES.filter((name) => typeof driver === 'object' && driver !== null && name in driver)
  if (named.length === 1) return DRIVERS[named[0] as keyof typeof DRIVERS]
  return z.custom(() => false, { error: `a driver is one of ${NAMES.join(', ')}` })
}

const systemSchema = <D extends z.ZodType>(driver: D) =>
  z.strictObject({
    name: z.string().min(1),
    /** Which state of it this is: a text, or a command that prints one. */
    build: z.union([z.string().min(1), z.strictObject({ command: z.array(z.string()).min(1) })]).optional(),
    driver,
    env: z.record(z.string().regex(/^[A-Za-z_]\w*$/, 'not a name of a variable'), z.string()).optional(),
    setup: z
      .array(
        z.strictObject({
          act: z.string().regex(/^[a-z]+\..+$/, 'an act is twin.action'),
          with: z.record(z.string(), z.unknown()).default({}),
        }),
      )
      .default([]),
    budget: z
      .strictObject({
        wall: duration.prefault('2m'),
        calls: z.int().min(1).optional(),
        tokens: z.int().min(1).optional(),
      })
      .prefault({}),
    idle: duration.prefault('1s'),
    /** The services' real hosts lead to the twins; other hosts are refused. */
    proxy: z.boolean().default(false),
    /** Count the tokens its own models use. */
    gateway: z.boolean().default(false),
    model_family: z.enum(['claude', 'other']).optional(),
  })

type SystemFile = z.output<ReturnType<typeof systemSchema>> & {
  driver: { [Name in keyof typeof DRIVERS]: z.output<(typeof DRIVERS)[Name]> }[keyof typeof DRIVERS]
}

/**
 * Reads a system file: what is under test, and how it is started. It stands beside the software, never in a scenario.
 *
 * @throws ScenarioError with file, line and column of every mistake
 *
 * @example
 * name: offboarding bot
 * build: { command: [git, describe, --always] }
 * driver: { command: [node, bot.js] }
 * env: { SLACK_BOT_TOKEN: "${slack.token}", OKTA_ORG_URL: "${okta.url}" }
 * budget: { wall: 120s, calls: 2000 }
 */
export async function loadSystem(
  file: string,
  multiverse: Multiverse,
  text = readFileSync(file, 'utf8'),
): Promise<System> {
  const read = readYaml(file, text, (value) => systemSchema(driverIn(value))) as YamlFile<SystemFile>
  const { name, build, driver, env, setup, budget, idle, proxy, gateway, model_family: modelFamily } = read.value
  const problems = strangers(read, multiverse)
  if (problems.length) throw new ScenarioError(problems)
  const folder = dirname(resolve(file))
  return {
    name,
    ...(build === undefined ? {} : { build: typeof build === 'string' ? build : printed(build.command, folder, read) }),
    ...(env ? { env } : {}),
    ...(modelFamily ? { modelFamily } : {}),
    setup,
    budget,
    idle,
    proxy,
    gateway,
    ...(await driverOf(driver, folder, read)),
  } as System // members that are undefined count as absent
}

async function driverOf(driver: SystemFile['driver'], folder: string, { place }: YamlFile<SystemFile>) {
  if ('command' in driver) return { ...driver, cwd: resolve(folder, driver.cwd) }
  if ('http' in driver) return driver
  return { run: await functionIn(resolve(folder, driver.function), place(['driver', 'function'])) }
}

/** The default export of a module: a function that is the software under test. */
export async function functionIn(module: string, place: string): Promise<Extract<System, { run: unknown }>['run']> {
  try {
    const loaded = (await import(pathToFileURL(module).href)) as { default?: unknown }
    if (typeof loaded.default === 'function') return loaded.default as Extract<System, { run: unknown }>['run']
  } catch (error) {
    throw new ScenarioError([`${place}: ${(error as Error).message}`])
  }
  throw new ScenarioError([`${place}: ${module} has no default export that is a function`])
}

function printed([program, ...args]: readonly string[], cwd: string, { place }: YamlFile<unknown>): string {
  try {
    const text = execFileSync(program as string, args, { cwd, encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] })
    return text.trim()
  } catch (error) {
    throw new ScenarioError([`${place(['build'])}: ${(error as Error).message}`])
  }
}

/** References that lead nowhere in a world of these twins, acts no twin has, tokens nobody counts. */
function strangers({ value, place }: YamlFile<SystemFile>, multiverse: Multiverse): string[] {
  const problems: string[] = []
  if (value.budget.tokens !== undefined && !value.gateway)
    problems.push(`${place(['budget', 'tokens'])}: tokens are counted by the gateway: say gateway: true`)
  if (value.proxy && !('command' in value.driver))
    problems.push(`${place(['proxy'])}: only a command can be given a proxy`)
  const universe = multiverse.create()
  const references = { ...referencesOf(multiverse.access(universe), universe.id, ANYTHING, 0) }
  multiverse.delete(universe.id)
  const follow = (where: PropertyKey[], member: unknown) => {
    try {
      substitute(member, references)
    } catch (error) {
      if (!(error instanceof ScenarioError)) throw error
      problems.push(`${place(where)}: ${error.message}`)
    }
  }
  for (const [name, member] of Object.entries(value.env ?? {})) follow(['env', name], member)
  for (const [position, { act, with: input }] of value.setup.entries()) {
    const dot = act.indexOf('.')
    const acts = multiverse.apps.get(act.slice(0, dot))?.twin.acts ?? {}
    if (!(act.slice(dot + 1) in acts)) problems.push(`${place(['setup', position, 'act'])}: no act ${act}`)
    follow(['setup', position, 'with'], input)
  }
  return problems
}

/** Variables are a scenario's, which is not known here. */
const ANYTHING = new Proxy<Record<string, unknown>>({}, { get: () => '' })
