import { spawn } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Access, Twin } from '../kernel/twin.ts'
import type { Fixture, Multiverse } from '../server/multiverse.ts'
import { Clock } from '../universe/clock.ts'
import type { FaultRule } from '../universe/faults.ts'
import type { LedgerEntry } from '../universe/ledger.ts'
import type { Universe } from '../universe/universe.ts'
import { type ActFact, type CallFact, type CheckResult, type EventFact, evaluate, type Facts } from './check.ts'
import { meets } from './predicate.ts'
import type { Outcome } from './satisfaction.ts'
import { drawVariables, type Scenario, ScenarioError, substitute } from './scenario.ts'
import { drawWeather } from './weather.ts'

/** What the software under test is given: one world, and nothing of the harness. */
export interface World {
  readonly universe: string
  readonly twins: Readonly<Record<string, Access>>
  readonly env: Readonly<Record<string, string>>
  readonly vars: Readonly<Record<string, unknown>>
}

/** The software under test: a function in this process, or a command. */
export type System =
  | { readonly name: string; readonly run: (world: World) => Promise<void> }
  | { readonly name: string; readonly command: readonly string[]; readonly cwd?: string; readonly timeout?: number }

export interface Trajectory {
  readonly scenario: string
  readonly system: string
  readonly seed: number
  readonly outcome: Outcome
  /** Why it is not satisfied, or not valid. */
  readonly reasons: readonly string[]
  readonly checks: readonly CheckResult[]
  readonly vars: Readonly<Record<string, unknown>>
  readonly calls: number
  /** Names of the faults that were planned. */
  readonly faults: readonly string[]
  /** Wall time, ms. */
  readonly took: number
}

export interface RunOptions {
  /** Faults in the place of the scenario's weather. */
  readonly faults?: readonly FaultRule[]
  /** Given what reports need, while the universe is still there. */
  readonly onFacts?: (facts: Facts, entries: readonly LedgerEntry[]) => void
}

/** What runs share: the process's universes, and the scenario's fixture. */
export interface Stage {
  readonly multiverse: Multiverse
  readonly fixture: Fixture
}

/** Once through a scenario: a fresh universe, its people, the system, time until nothing is left to happen, the checks. */
export async function runTrajectory(
  stage: Stage,
  scenario: Scenario,
  system: System,
  seed: number,
  options: RunOptions = {},
): Promise<Trajectory> {
  const started = performance.now()
  const { multiverse, fixture } = stage
  const vars = drawVariables(scenario.world.vars, seed)
  const start = Date.parse(scenario.world.clock)
  const universe = multiverse.create({ fixture, seed, clock: new Clock({ mode: 'frozen', at: start }) })
  const origin = multiverse.fork(universe)
  if (scenario.world.limits === 'enforce') universe.limits.plan = { enforce: true }
  const access = multiverse.access(universe)
  const faults = options.faults ?? drawWeather(scenario.world.weather, seed)
  universe.faults.set(faults)
  const scope: Record<string, unknown> = { ...vars, vars, people: peopleOf(fixture) }
  const script = new Script(multiverse, universe, scenario, scope, start)
  const done = (outcome: Outcome, reasons: readonly string[], checks: readonly CheckResult[] = []): Trajectory => {
    const calls = [...universe.ledger.entries()].filter(({ kind }) => kind === 'call').length
    script.close()
    multiverse.delete(universe.id)
    multiverse.delete(origin.id)
    return {
      scenario: scenario.id,
      system: system.name,
      seed,
      outcome,
      reasons,
      checks,
      vars,
      calls,
      faults: faults.map(({ name }) => name ?? ''),
      took: performance.now() - started,
    }
  }
  try {
    script.begin()
    const env: Record<string, string> = Object.assign(
      { DTU_UNIVERSE: universe.id },
      ...Object.values(access).map((twin) => twin.env),
    )
    const failure = await drive(system, { universe: universe.id, twins: access, env, vars })
    await settle(multiverse, universe, script, start + scenario.horizon)
    const facts = gather(multiverse, origin, universe)
    options.onFacts?.(facts, [...universe.ledger.entries()])
    const gaps = unmodelled(universe, scenario.allow_unmodelled)
    if (gaps.length)
      return done(
        'invalid',
        gaps.map((gap) => `relied on ${gap}, which is not modelled`),
      )
    const checks = scenario.checks.map((one) => evaluate(substitute(one, scope), facts))
    const failed = checks.filter(({ pass, critical }) => critical && !pass)
    const reasons = [
      ...(failure === undefined ? [] : [`the system failed: ${failure}`]),
      ...failed.map(({ id, expected, actual }) => `${id}: expected ${expected}; ${actual}`),
    ]
    return done(reasons.length ? 'unsatisfied' : 'satisfied', reasons, checks)
  } catch (error) {
    // A mistake of the scenario is told to its author; a failure of ours must not count against the system.
    if (error instanceof ScenarioError) {
      script.close()
      throw error
    }
    return done('invalid', [`the harness failed: ${(error as Error).message}`])
  }
}

/** `ada.byrne@acme.test` → `ada_byrne`. */
function peopleOf({ people }: Fixture): Record<string, object> {
  return Object.fromEntries(
    people.map((person) => [
      person.email.slice(0, person.email.indexOf('@')).replaceAll(/[^a-zA-Z0-9]/g, '_'),
      { ...person, name: `${person.firstName} ${person.lastName}` },
    ]),
  )
}

/** Acts of people, at their times and upon calls. */
class Script {
  readonly #multiverse: Multiverse
  readonly #universe: Universe
  readonly #steps: Scenario['steps']
  readonly #scope: Record<string, unknown>
  readonly #start: number
  readonly #done = new Set<number>()
  #stop: (() => void) | undefined

  constructor(
    multiverse: Multiverse,
    universe: Universe,
    scenario: Scenario,
    scope: Record<string, unknown>,
    start: number,
  ) {
    this.#multiverse = multiverse
    this.#universe = universe
    this.#steps = scenario.steps
    this.#scope = scope
    this.#start = start
  }

  begin(): void {
    this.#stop = this.#universe.ledger.listen((entry) => this.#heard(entry))
    this.runDue()
  }

  close(): void {
    this.#stop?.()
  }

  /** Plays every timed step whose time has come; answers when the next one is due. */
  runDue(): number | undefined {
    let next: number | undefined
    for (const [position, step] of this.#steps.entries()) {
      if (!('at' in step) || this.#done.has(position)) continue
      const due = this.#start + step.at
      if (due <= this.#universe.clock.now()) this.#play(position)
      else if (next === undefined || due < next) next = due
    }
    return next
  }

  #heard(entry: LedgerEntry): void {
    if (entry.kind !== 'call' || entry.status >= 400) return
    const call = callFact(entry)
    for (const [position, step] of this.#steps.entries()) {
      if (!('on' in step) || this.#done.has(position) || step.on.call !== call.op) continue
      if (step.on.where && !meets(call.request, substitute(step.on.where, this.#scope))) continue
      this.#done.add(position)
      setImmediate(() => this.#play(position)) // after the reply: people read before they answer
    }
  }

  #play(position: number): void {
    this.#done.add(position)
    const step = this.#steps[position] as Scenario['steps'][number]
    const [name, action] = [step.act.slice(0, step.act.indexOf('.')), step.act.slice(step.act.indexOf('.') + 1)]
    const { twin } = this.#multiverse.app(name)
    const act = twin.acts?.[action]
    if (!act) throw new ScenarioError([`step ${position}: no act ${step.act}`])
    const input = substitute(step.with, this.#scope)
    const result = this.#multiverse.act(this.#universe, twin, action, (moment) => act(moment, input as never))
    if (step.as !== undefined) this.#scope[step.as] = result
  }
}

/** Runs the system to its end; answers why it failed, if it did. */
async function drive(system: System, world: World): Promise<string | undefined> {
  if ('run' in system) {
    try {
      await system.run(world)
      return undefined
    } catch (error) {
      return (error as Error).message
    }
  }
  const [program, ...args] = system.command as [string, ...string[]]
  const home = mkdtempSync(join(tmpdir(), 'dtu-home-'))
  const env = {
    PATH: process.env.PATH,
    HOME: home,
    TZ: 'UTC',
    LANG: 'C.UTF-8',
    ...world.env,
    DTU_VARS: JSON.stringify(world.vars),
  }
  const child = spawn(program, args, {
    env,
    stdio: ['ignore', 'ignore', 'pipe'],
    detached: true,
    ...(system.cwd ? { cwd: system.cwd } : {}),
  })
  let complaint = ''
  child.stderr.on('data', (chunk) => {
    if (complaint.length < 2000) complaint += chunk
  })
  const kill = () => {
    try {
      if (child.pid) process.kill(-child.pid, 'SIGKILL') // the whole group: what it started dies with it
    } catch {}
  }
  const limit = setTimeout(kill, system.timeout ?? 60_000)
  try {
    return await new Promise<string | undefined>((resolve) => {
      child.on('error', (error) => resolve(error.message))
      child.on('close', (code, signal) =>
        resolve(code === 0 ? undefined : `exit ${code ?? signal}: ${complaint.trim().split('\n').at(-1) ?? ''}`),
      )
    })
  } finally {
    clearTimeout(limit)
    kill()
    rmSync(home, { recursive: true, force: true })
  }
}

/** Lets everything happen that is still to happen, jumping the clock from one due moment to the next. */
async function settle(multiverse: Multiverse, universe: Universe, script: Script, horizon: number): Promise<void> {
  for (;;) {
    await new Promise((resolve) => setImmediate(resolve))
    const nextStep = script.runDue()
    await multiverse.outbox.settle(universe)
    const due = [nextStep, multiverse.outbox.next(universe)].filter((at) => at !== undefined)
    const next = due.length ? Math.min(...due) : undefined
    if (next === undefined || next > horizon) return
    universe.clock.advance(Math.max(0, next - universe.clock.now()))
  }
}

function gather(multiverse: Multiverse, origin: Universe, universe: Universe): Facts {
  const kinds = new Map<string, { twin: Twin; view: NonNullable<Twin['kinds']>[string] }>()
  for (const { twin } of multiverse.apps.values()) {
    for (const [name, view] of Object.entries(twin.kinds ?? {})) kinds.set(`${twin.name}.${name}`, { twin, view })
  }
  const cache = new Map<string, readonly object[]>()
  const rows = (world: Universe, kind: string): readonly object[] => {
    const key = `${world.id} ${kind}`
    let list = cache.get(key)
    if (!list) {
      const known = kinds.get(kind)
      if (!known) throw new ScenarioError([`no kind ${kind}; there are ${[...kinds.keys()].join(', ')}`])
      list = multiverse.moment(world, known.twin.name, known.view)
      if (world === origin) list = inPlaceOf(list, origin, universe)
      cache.set(key, list)
    }
    return list
  }
  const entries = [...universe.ledger.entries()]
  return {
    kinds: [...kinds.keys()],
    before: (kind) => rows(origin, kind),
    after: (kind) => rows(universe, kind),
    calls: entries.filter(({ kind }) => kind === 'call').map(callFact),
    acts: entries
      .filter(({ kind }) => kind === 'act')
      .map(
        ({ seq, at, twin, operation, response }): ActFact => ({
          seq,
          at,
          act: `${twin}.${operation}`,
          with: parsed(response),
        }),
      ),
    events: entries
      .filter(({ kind }) => kind === 'delivery')
      .map(
        ({ seq, twin, operation, status, request }): EventFact => ({
          seq,
          twin,
          kind: operation ?? '',
          status,
          body: parsed(request?.body),
        }),
      ),
  }
}

/** Rows as they were, with the addresses they have now: rows name their universe in their links. */
function inPlaceOf(rows: readonly object[], origin: Universe, universe: Universe): readonly object[] {
  return JSON.parse(JSON.stringify(rows).replaceAll(`/u/${origin.id}/`, `/u/${universe.id}/`)) as object[]
}

/** A call's arguments as checks name them: `query.limit`, `body.profile.login`, and the path as it was. */
function callFact(entry: LedgerEntry): CallFact {
  const [path, search = ''] = entry.path.split('?') as [string, string?]
  const reply = parsed(entry.response) as { ok?: boolean } | undefined
  return {
    seq: entry.seq,
    at: entry.at,
    op: operationName(entry),
    status: entry.status,
    ok: entry.status < 400 && reply?.ok !== false,
    request: { path, query: Object.fromEntries(new URLSearchParams(search)), body: parsed(entry.request?.body) },
    throttled: entry.throttled,
  }
}

/** `twin.operationId`; Google's ids begin with the twin's name already. */
export function operationName({ twin, operation = 'unknown' }: Pick<LedgerEntry, 'twin' | 'operation'>): string {
  return operation.startsWith(`${twin}.`) ? operation : `${twin}.${operation}`
}

/** JSON, a form's fields, or the text. */
function parsed(body: string | Uint8Array | undefined): unknown {
  if (body === undefined || body.length === 0) return undefined
  const text = typeof body === 'string' ? body : Buffer.from(body).toString('utf8')
  try {
    return JSON.parse(text)
  } catch {
    return /^[\w.%+-]+=/.test(text) ? Object.fromEntries(new URLSearchParams(text)) : text
  }
}

function unmodelled(universe: Universe, allowed: readonly string[]): string[] {
  const gaps = new Set<string>()
  for (const entry of universe.ledger.entries()) {
    for (const what of entry.unmodelled)
      if (!allowed.includes(`${entry.twin}.${what}`)) gaps.add(`${entry.twin}.${what}`)
  }
  return [...gaps]
}
