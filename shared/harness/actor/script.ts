import type { Multiverse } from '../../server/multiverse.ts'
import type { LedgerEntry } from '../../universe/ledger.ts'
import type { Universe } from '../../universe/universe.ts'
import { callFact } from '../facts.ts'
import { meets } from '../predicate.ts'
import { type Scenario, ScenarioError, substitute } from '../scenario.ts'
import { actNamed, perform } from './act.ts'
import { RESPOND } from './actors.ts'
import type { Company } from './company.ts'

/** Acts of people, at their times and upon calls. A persona's turn comes at a time, and upon every such call. */
export class Script {
  readonly #multiverse: Multiverse
  readonly #universe: Universe
  readonly #steps: Scenario['steps']
  readonly #scope: Record<string, unknown>
  readonly #start: number
  readonly #company: Company
  readonly #done = new Set<number>()
  /** Turns under way, by persona: the last one of each. */
  readonly #turns = new Map<string, Promise<void>>()
  /** Steps whose persona is about to look: what happens until then is seen in that turn. */
  readonly #awaited = new Set<number>()
  /** Rejects when a person's act is refused, or a persona cannot be played. */
  readonly failed: Promise<never>
  #fail!: (error: unknown) => void
  #stop: (() => void) | undefined

  /** `scope` is what `${…}` can refer to; acts add their results under the names the steps give them. */
  constructor(
    multiverse: Multiverse,
    universe: Universe,
    steps: Scenario['steps'],
    scope: Record<string, unknown>,
    company: Company,
  ) {
    this.#multiverse = multiverse
    this.#universe = universe
    this.#steps = steps
    this.#scope = scope
    this.#company = company
    this.failed = new Promise((_resolve, reject) => {
      this.#fail = reject
    })
    this.failed.catch(() => {}) // it may fail when nobody waits any more
    this.#start = universe.clock.now()
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

  /** Plays a step before its time, unless it was played: exploration changes the order of what people do. */
  playNow(position: number): void {
    if (position >= this.#steps.length || this.#done.has(position)) return
    try {
      this.#play(position)
    } catch {
      this.#done.delete(position) // not yet possible: it comes at its own time
    }
  }

  /** Resolves when nobody is about to act. Rejects when somebody could not act, or cannot be played. */
  async settled(): Promise<void> {
    await Promise.race([this.failed, undefined])
    while (this.#turns.size) await Promise.race([Promise.all(this.#turns.values()), this.failed])
  }

  #heard(entry: LedgerEntry): void {
    if (entry.kind !== 'call' || entry.status >= 400) return
    const call = callFact(entry)
    for (const [position, step] of this.#steps.entries()) {
      if (!('on' in step) || this.#done.has(position) || step.on.call !== call.op) continue
      if (step.on.where && !meets(call.request, substitute(step.on.where, this.#scope))) continue
      if (step.act !== RESPOND) this.#done.add(position)
      // After the reply: people read before they answer.
      setImmediate(() => {
        try {
          this.#play(position)
        } catch (error) {
          this.#fail(error)
        }
      })
    }
  }

  #play(position: number): void {
    const step = this.#steps[position] as Scenario['steps'][number]
    if (step.act === RESPOND) {
      this.#giveTurn(position)
      return
    }
    this.#done.add(position)
    try {
      const input = { ...this.#doer(step), ...substitute(step.with, this.#scope) }
      this.#keep(step, perform(this.#multiverse, this.#universe, step.act, input))
    } catch (error) {
      const what = `step ${position}, ${step.actor}'s ${step.act}: ${(error as Error).message}`
      throw error instanceof ScenarioError ? new ScenarioError([what]) : new Error(what)
    }
  }

  /** An actor who stands for a person acts as that person. */
  #doer({ actor, act }: Scenario['steps'][number]): Readonly<Record<string, string>> {
    const email = this.#company.emails.get(actor)
    const { who } = actNamed(this.#multiverse, act).run
    return email === undefined || who === undefined ? {} : { [who]: email }
  }

  /** One turn after the other. A call made before the persona looks needs no turn of its own. */
  #giveTurn(position: number): void {
    if ('at' in (this.#steps[position] as object)) this.#done.add(position)
    const step = this.#steps[position] as Scenario['steps'][number]
    const persona = this.#company.personas.get(step.actor)
    if (!persona || this.#awaited.has(position)) return
    this.#awaited.add(position)
    const before = this.#turns.get(step.actor) ?? Promise.resolve()
    const turn = before.then(async () => {
      this.#awaited.delete(position)
      this.#keep(step, await persona.turn())
    })
    const mine = this.#company.activity.during(turn).then(
      () => {
        if (this.#turns.get(step.actor) === mine) this.#turns.delete(step.actor)
      },
      (error) => this.#fail(error),
    )
    this.#turns.set(step.actor, mine)
  }

  #keep({ as }: Scenario['steps'][number], result: unknown): void {
    if (as !== undefined && result !== undefined) this.#scope[as] = result
  }
}
