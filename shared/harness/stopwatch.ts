import type { Universe } from '../universe/universe.ts'

/** Notes when each entry of a ledger was written, by the machine's clock: the universe's own may stand still. */
export class Stopwatch {
  readonly #started = performance.now()
  readonly #times = new Map<number, number>()
  readonly #stop: () => void

  constructor(universe: Universe) {
    this.#stop = universe.ledger.listen(({ seq }) => void this.#times.set(seq, performance.now() - this.#started))
  }

  /** ms from the start to an entry. */
  at = (seq: number): number | undefined => this.#times.get(seq)

  close(): void {
    this.#stop()
  }
}
