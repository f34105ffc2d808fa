import type { Universe } from '../universe/universe.ts'
import type { Budget } from './driver/driver.ts'

/** Wall time of a trajectory whose system says nothing else, ms. */
const WALL = 120_000

/** Watches what a system takes in one trajectory. */
export class Allowance {
  /** Resolves when something is used up: what, in words. */
  readonly exceeded: Promise<string>
  readonly #budget: Budget
  readonly #timer: NodeJS.Timeout
  readonly #stop: () => void
  #exceed!: (what: string) => void
  #calls = 0

  constructor(universe: Universe, budget: Budget = {}) {
    const { wall = WALL, calls = Number.POSITIVE_INFINITY } = budget
    this.#budget = budget
    this.exceeded = new Promise((resolve) => {
      this.#exceed = resolve
    })
    this.#timer = setTimeout(() => this.#exceed(`it took longer than ${wall / 1000} s`), wall)
    this.#stop = universe.ledger.listen(({ kind }) => {
      if (kind === 'call' && ++this.#calls > calls) this.#exceed(`it made more than ${calls} calls`)
    })
  }

  /** Tells how many tokens the system's models have used. */
  tokens(used: number): void {
    const { tokens = Number.POSITIVE_INFINITY } = this.#budget
    if (used > tokens) this.#exceed(`it used more than ${tokens} tokens`)
  }

  close(): void {
    clearTimeout(this.#timer)
    this.#stop()
  }
}
