import type { LedgerEntry } from '../universe/ledger.ts'
import type { Universe } from '../universe/universe.ts'

/**
 * Tells whether anything is going on in a universe: calls, deliveries, and what else announces itself. A look that is
 * repeated while nothing changes is no news: software that polls waits, too.
 */
export class Activity {
  #last = performance.now()
  #busy = 0
  #count = 0
  /** Looks since the last change. */
  readonly #looks = new Set<string>()
  readonly #stop: () => void

  constructor(universe: Universe) {
    this.#stop = universe.ledger.listen((entry) => {
      if (this.#isNews(entry)) this.moved()
    })
  }

  /** How much has happened; unchanged between two looks when nothing did. */
  get count(): number {
    return this.#count
  }

  /** Something happened just now. */
  moved(): void {
    this.#last = performance.now()
    this.#count++
  }

  /** While `work` lasts, something is going on: a person thinks, a model answers. */
  async during<T>(work: Promise<T>): Promise<T> {
    this.#busy++
    try {
      return await work
    } finally {
      this.#busy--
      this.moved()
    }
  }

  /** Resolves when nothing has happened for so long, ms of wall time. */
  async still(idle: number): Promise<void> {
    for (;;) {
      const left = this.#busy > 0 ? idle : this.#last + idle - performance.now()
      if (left <= 0) return
      await new Promise((resolve) => setTimeout(resolve, Math.max(1, left)))
    }
  }

  #isNews({ kind, twin, method, path, request, changes }: LedgerEntry): boolean {
    if (kind !== 'call' || changes.length > 0) {
      this.#looks.clear()
      return true
    }
    const look = `${twin} ${method} ${path} ${request ? Buffer.from(request.body).toString('latin1') : ''}`
    const isNew = !this.#looks.has(look)
    this.#looks.add(look)
    return isNew
  }

  close(): void {
    this.#stop()
  }
}
