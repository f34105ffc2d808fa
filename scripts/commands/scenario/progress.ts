import type { Outcome } from '../../../shared/harness/satisfaction.ts'

interface Step {
  readonly outcome: Outcome
  readonly repetition: number
}

/** Shows on the terminal how far a suite is, how fast, and how long it will take. A pipe gets a line now and then. */
export class Progress {
  readonly #started = performance.now()
  readonly #live = process.stderr.isTTY === true
  #shown = 0
  #already: number | undefined
  readonly #bad = { unsatisfied: 0, undecided: 0, invalid: 0 }

  /** `done` counts those that were finished before, too. */
  step({ outcome, repetition }: Step, done: number, total: number): void {
    this.#already ??= done - 1
    if (outcome !== 'satisfied' && repetition === 0) this.#bad[outcome]++
    const now = performance.now()
    const every = this.#live ? 100 : 10_000
    if (done < total && now - Math.max(this.#shown, this.#started) < every) return
    if (!this.#live && done === total) return
    this.#shown = now
    const text = this.#text(done, total, now)
    process.stderr.write(this.#live ? `\r\x1b[K${text}` : `${text}\n`)
  }

  /** Leaves an empty line for what follows. */
  end(): void {
    if (this.#live) process.stderr.write('\r\x1b[K')
  }

  #text(done: number, total: number, now: number): string {
    const rate = (done - (this.#already ?? 0)) / ((now - this.#started) / 3_600_000)
    const left = ((total - done) / rate) * 3600
    const bad = Object.entries(this.#bad).filter(([, count]) => count > 0)
    return [
      `${done}/${total}`,
      `${Math.round(rate).toLocaleString('en')} an hour`,
      `${clock(left)} left`,
      ...bad.map(([outcome, count]) => `${count} ${outcome}`),
    ].join('  ')
  }
}

/** Seconds as `4:05` or `1:02:03`. */
export function clock(seconds: number): string {
  const whole = Math.max(0, Math.round(seconds))
  const [h, m, s] = [Math.floor(whole / 3600), Math.floor(whole / 60) % 60, whole % 60]
  const two = (n: number) => String(n).padStart(2, '0')
  return h ? `${h}:${two(m)}:${two(s)}` : `${m}:${two(s)}`
}

/** Says something and ends with 130 when interrupted from the keyboard. Returns how to stop listening. */
export function onInterrupt(says: () => string): () => void {
  const interrupted = () => {
    process.stderr.write(`\ninterrupted; ${says()}\n`)
    process.exit(130)
  }
  process.once('SIGINT', interrupted)
  return () => process.off('SIGINT', interrupted)
}
