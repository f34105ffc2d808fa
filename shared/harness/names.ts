import type { TwinApp } from '../kernel/services.ts'
import { RESPOND, unknownActs } from './actor/actors.ts'
import { unknownKinds } from './judge/question.ts'
import type { Scenario } from './scenario.ts'

/** A name in a scenario behind which there is nothing: what is wrong, in which part, and where in the file. */
export interface Misnamed {
  readonly path: readonly (string | number)[]
  /** `check told`, `step 0`. */
  readonly part: string
  readonly problem: string
}

type Apps = ReadonlyMap<string, TwinApp>

/** Kinds, operations and acts the twins do not have, and references to what the scenario does not name. */
export function misnamed(scenario: Scenario, apps: Apps): Misnamed[] {
  const { checks, steps, judge, world } = scenario
  const kinds = new Set(
    [...apps].flatMap(([name, { twin }]) => Object.keys(twin.kinds ?? {}).map((kind) => `${name}.${kind}`)),
  )
  const roots = new Set(['vars', 'people', ...Object.keys(world.vars), ...steps.flatMap(({ as }) => as ?? [])])
  const found: Misnamed[] = []
  const tell = (path: Misnamed['path'], part: string, problems: readonly string[]) =>
    found.push(...problems.map((problem) => ({ path, part, problem })))
  for (const [i, { call }] of world.weather.entries())
    tell(['world', 'weather', i], 'weather', operationProblems(call, apps))
  for (const [i, check] of checks.entries()) {
    const problems = [...namesIn(check, apps), ...dangling(check, roots)]
    tell(['checks', i], `check ${check.id}`, [...new Set(problems)])
  }
  for (const [i, question] of judge.entries())
    tell(['judge', i], `judge ${question.id}`, unknownKinds([question], kinds).map(problemIn))
  for (const [name, actor] of Object.entries(scenario.actors))
    tell(['actors', name], `actor ${name}`, unknownActs({ actors: { [name]: actor }, steps: [] }, apps).map(problemIn))
  for (const [i, step] of steps.entries()) {
    const called = 'on' in step ? operationProblems(step.on.call, apps) : []
    tell(['steps', i], `step ${i}`, [...actProblems(step.act, apps), ...called, ...dangling(step, roots)])
  }
  return found
}

/** The same in words, without places. */
export const unknownNames = (scenario: Scenario, apps: Apps): string[] =>
  misnamed(scenario, apps).map(({ part, problem }) => `${part}: ${problem}`)

/** What stands behind the part. */
const problemIn = (text: string) => text.slice(text.indexOf(': ') + 2)

/** `twin.name` in two. */
const split = (name: string) => [name.slice(0, name.indexOf('.')), name.slice(name.indexOf('.') + 1)] as const
const list = (twin: string, known: readonly string[]) => (known.length ? `; ${twin} has ${known.join(', ')}` : '')

/** What the proxy refuses stands in the ledger under this name. */
const BLOCKED = 'proxy.blocked'

function operationProblems(name: string, apps: Apps): string[] {
  const [twin, id] = split(name)
  const operations = apps.get(twin)?.contract.operations
  const known = name === BLOCKED || operations?.has(id) || operations?.has(name) // Google's ids begin with the service
  return known ? [] : [`no operation ${name}`]
}

function kindProblems(name: string, apps: Apps): string[] {
  const [twin, kind] = split(name)
  const known = Object.keys(apps.get(twin)?.twin.kinds ?? {})
  return known.includes(kind) ? [] : [`no kind ${name}${list(twin, known)}`]
}

function actProblems(name: string, apps: Apps): string[] {
  const [twin, action] = split(name)
  const known = Object.keys(apps.get(twin)?.twin.acts ?? {})
  return name === RESPOND || known.includes(action) ? [] : [`no act ${name}${list(twin, known)}`]
}

/** Kinds and operations anywhere in a check; what conditions speak of are members of the service's. */
function namesIn(value: unknown, apps: Apps, inEvent = false): string[] {
  if (Array.isArray(value)) return value.flatMap((item) => namesIn(item, apps, inEvent))
  if (value === null || typeof value !== 'object') return []
  return Object.entries(value).flatMap(([key, member]) => {
    const names = [member].flat().filter((name): name is string => typeof name === 'string')
    if (key === 'kind' && !inEvent) return names.flatMap((name) => kindProblems(name, apps))
    if (key === 'op') return names.flatMap((name) => operationProblems(name, apps))
    if (key === 'call')
      return [...names.flatMap((name) => operationProblems(name, apps)), ...namesIn(member, apps, inEvent)]
    return key === 'where' || key === 'is' ? [] : namesIn(member, apps, inEvent || key === 'event')
  })
}

/** References whose first name is neither a variable nor the result of a step. */
function dangling(value: unknown, roots: ReadonlySet<string>): string[] {
  const named = [...JSON.stringify(value).matchAll(/\$\{\s*([^}.\s]+)[^}]*\}/g)]
  return named
    .filter(([, root = '']) => !roots.has(root))
    .map(([text]) => `${text} leads nowhere; there are ${[...roots].join(', ')}`)
}
