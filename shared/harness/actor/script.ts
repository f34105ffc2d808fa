import type { Multiverse } from '../../server/multiverse.ts'
import type { LedgerEntry } from '../../universe/ledger.ts'
import type { Universe } from '../../universe/universe.ts'
import { callFact } from '../facts.ts'
import { meets } from '../predicate.ts'
import { type Scenario, substitute } from '../scenario.ts'
import { perform } from './act.ts'

/** Acts of people, at their times and upon calls. */
export class Script {
  readonly #multiverse: Multiverse
  readonly #universe: Universe
  readonly #steps: Scenario['steps']
  readonly #scope: Record<string, unknown>
  readonly #start: number
  readonly #done = new Set<number>()
  #stop: (() => void) | undefined

  /** `scope` is what `${…}` can refer to; acts add their results under the names the steps give them. */
  constructor(multiverse: Multiverse, universe: Universe, steps: Scenario['steps'], scope: Record<string, unknown>) {
    this.#multiverse = multiverse
    this.#universe = universe
    this.#steps = steps
    this.#scope = scope
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
    if (position < this.#steps.length && !this.#done.has(position)) this.#play(position)
  }

  /** Resolves when nobody is about to act. */
  async settled(): Promise<void> {}

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
    const result = perform(this.#multiverse, this.#universe, step.act, substitute(step.with, this.#scope))
    if (step.as !== undefined) this.#scope[step.as] = result
  }
}
