import { readFileSync } from 'node:fs'
import { z } from 'zod'
import { Random } from '../universe/random.ts'
import { actors, turnsOfNobody } from './actor/actors.ts'
import { check } from './check.ts'
import { duration } from './duration.ts'
import { question } from './judge/question.ts'
import { ScenarioError } from './mistakes.ts'
import { where } from './predicate.ts'
import { readYaml } from './yaml.ts'

export { unknownNames } from './names.ts'
export { duration, ScenarioError }

const operation = z.string().regex(/^[a-z]+\..+$/, 'twin.operationId')

const played = {
  /** Who acts, for the record. */
  actor: z.string(),
  /** `twin.action`: one of the twin's human actions. `respond`: a persona has a turn. */
  act: z.string().regex(/^([a-z]+\..+|respond)$/, 'an act is twin.action, or respond'),
  with: z.record(z.string(), z.unknown()).default({}),
  /** Name under which its result can be referred to: `${name.member}`. */
  as: z.string().optional(),
}

/** What a person does: at a time after the start, or upon the first such call (a persona: upon each). */
const step = z.union([
  z.strictObject({ ...played, at: duration }),
  z.strictObject({ ...played, on: z.strictObject({ call: operation, where: where.optional() }) }),
])

/** When a story is over: whichever comes first. Times are the universe's. */
const ending = z.union([
  /** Nothing more is due, and for so long nothing happens. */
  z.strictObject({ quiet: duration }),
  z.strictObject({ elapsed: duration }),
  /** The system has ended by itself. A service, which never does: nothing more is due. */
  z.strictObject({ exit: z.literal(true) }),
])

const variable = z.strictObject({ oneOf: z.array(z.unknown()).min(1), not: z.string().optional() })

/** A fault of a service that may strike in this world: its chance is drawn from the seed. */
const weather = z.strictObject({
  call: operation,
  /** The nth such call: 1 is the first. */
  nth: z.int().min(1).default(1),
  fault: z.enum(['lost-reply', 'dropped', 'status']),
  status: z.int().min(400).max(599).default(503),
  chance: z.number().min(0).max(1).default(1),
})
export type Weather = z.output<typeof weather>

/** A scenario file. What it judges is never named in it. */
export const scenarioSchema = z.strictObject({
  version: z.literal(1),
  id: z.string().regex(/^[a-z0-9-]+$/, 'an id is lower-case letters, digits and dashes'),
  title: z.string(),
  tags: z.array(z.string()).default([]),
  /** Who may see how it went: `train` is for whoever builds the software, of a `holdout` they see the share alone. */
  visibility: z.enum(['train', 'dev', 'holdout']).default('dev'),
  /** A string that is found nowhere else: software that says it, or holds it, has read the scenario. */
  canary: z.string().min(12).optional(),
  weight: z.number().positive().default(1),
  story: z.string(),
  world: z.strictObject({
    fixture: z.string().default('blank'),
    clock: z.iso.datetime({ offset: true }).default('2026-03-02T09:00:00Z'),
    /** Refuse calls over the services' rate limits. They are counted either way. */
    limits: z.enum(['observe', 'enforce']).default('observe'),
    vars: z.record(z.string(), variable).default({}),
    weather: z.array(weather).default([]),
  }),
  /** People a model plays, and those whose acts are theirs by name. Others act in steps without standing here. */
  actors: actors.default({}),
  steps: z.array(step).default([]),
  until: z.strictObject({ any: z.array(ending).min(1) }).prefault({ any: [{ exit: true }] }),
  /** How far the universe's clock may run for what is still due: retries, reminders. */
  horizon: duration.prefault('1h'),
  checks: z.array(check).min(1),
  /** Questions to the judge, for what no check can see: tone, honesty, whether a person was understood. */
  judge: z.array(question).default([]),
  /** Operations whose lack of a model is forgiven. */
  allow_unmodelled: z.array(operation).default([]),
  /** What exploration tries: services and kinds of faults, and pairs of actors whose deeds may change places. */
  explore: z
    .strictObject({
      services: z.array(z.string()).optional(),
      kinds: z.array(z.string()).optional(),
      races: z.array(z.tuple([z.string(), z.string()])).optional(),
    })
    .optional(),
  gate: z
    .strictObject({
      satisfaction: z.number().min(0).max(1).default(0.9),
      /** So many, or from `min` to `max`: then it ends early once the result is certain. */
      runs: z
        .union([z.int().min(1), z.strictObject({ min: z.int().min(1), max: z.int().min(1) })])
        .default(8)
        .transform((runs) => (typeof runs === 'number' ? { min: runs, max: runs } : runs)),
      k: z.int().min(1).default(3),
    })
    .prefault({}),
})

export type Scenario = z.output<typeof scenarioSchema>

/** Reads scenario files; every mistake is told with its place. */
export const loadScenario = (file: string, text?: string): Scenario => readScenario(file, text).scenario

/** The same, and `file:line:column: field` of its members. */
export function readScenario(file: string, text = readFileSync(file, 'utf8')) {
  const { value, place } = readYaml(file, text, scenarioSchema)
  const problems = [
    ...duplicateIds(value).map((path) => `${place(path)}: this id is taken`),
    ...turnsOfNobody(value).map(
      (step) => `${place(['steps', step, 'act'])}: no persona is called ${value.steps[step]?.actor}`,
    ),
  ]
  if (problems.length) throw new ScenarioError(problems)
  return { scenario: value, place }
}

/** Draws the scenario's variables from a seed; `not` keeps one from being what another is. */
export function drawVariables(vars: Scenario['world']['vars'], seed: number): Record<string, unknown> {
  const random = new Random(seed)
  const drawn: Record<string, unknown> = {}
  for (const [name, { oneOf, not }] of Object.entries(vars)) {
    const choices = not === undefined ? oneOf : oneOf.filter((choice) => choice !== drawn[not])
    if (choices.length === 0) throw new ScenarioError([`variable ${name}: nothing is left to choose from`])
    drawn[name] = choices[random.integer(choices.length)]
  }
  return drawn
}

/**
 * Puts values in the place of `${path}`. A string that is one reference takes the value's type.
 * @throws ScenarioError for a reference that leads nowhere
 */
export function substitute<T>(value: T, scope: Readonly<Record<string, unknown>>): T {
  if (typeof value === 'string') {
    const whole = /^\$\{([^}]+)\}$/.exec(value)
    if (whole) return resolve(whole[1] as string, scope) as T
    return value.replaceAll(/\$\{([^}]+)\}/g, (_, path: string) => String(resolve(path, scope))) as T
  }
  if (Array.isArray(value)) return value.map((item) => substitute(item, scope)) as T
  if (value === null || typeof value !== 'object') return value
  return Object.fromEntries(
    Object.entries(value).map(([key, member]) => [substitute(key, scope), substitute(member, scope)]),
  ) as T
}

function resolve(path: string, scope: Readonly<Record<string, unknown>>): unknown {
  let at: unknown = scope
  for (const name of path.trim().split('.')) {
    const here = at as Record<string, unknown> | null | undefined
    if (here === null || typeof here !== 'object') throw new ScenarioError([`\${${path}} leads nowhere`])
    // A variable may stand for a person: `${people.leaver.email}`, with leaver drawn as ines_jung.
    const alias = scope[name]
    at = here[name] ?? (typeof alias === 'string' ? here[alias] : undefined)
  }
  if (at === undefined) throw new ScenarioError([`\${${path}} leads nowhere`])
  return at
}

function duplicateIds({ checks, judge }: Pick<Scenario, 'checks' | 'judge'>): (string | number)[][] {
  const seen = new Set<string>()
  return Object.entries({ checks, judge }).flatMap(([section, list]) =>
    list.flatMap(({ id }, position) => {
      if (seen.has(id)) return [[section, position, 'id']]
      seen.add(id)
      return []
    }),
  )
}
