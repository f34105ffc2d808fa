/** Milliseconds since 1970, in a universe's own time. */
export type Instant = number

export type ClockSetting =
  /** Runs with the machine's clock, `offset` ms ahead. */
  | { mode: 'real'; offset: number }
  /** Stands still until someone advances it. */
  | { mode: 'frozen'; at: Instant }
  /** Moves `step` ms with every call. */
  | { mode: 'stepped'; at: Instant; step: number }

/** A universe's time. Only this file and the server read the machine's clock. */
export class Clock {
  #setting: ClockSetting

  constructor(setting: ClockSetting = { mode: 'real', offset: 0 }) {
    this.#setting = setting
  }

  get setting(): ClockSetting {
    return this.#setting
  }

  now(): Instant {
    return this.#setting.mode === 'real' ? Date.now() + this.#setting.offset : this.#setting.at
  }

  /** Called once per call: a stepped clock moves on. */
  tick(): Instant {
    if (this.#setting.mode === 'stepped') {
      this.#setting = { ...this.#setting, at: this.#setting.at + this.#setting.step }
    }
    return this.now()
  }

  advance(milliseconds: number): void {
    if (!(milliseconds >= 0)) throw new RangeError('A clock does not run backwards')
    const setting = this.#setting
    this.#setting =
      setting.mode === 'real'
        ? { mode: 'real', offset: setting.offset + milliseconds }
        : { ...setting, at: setting.at + milliseconds }
  }

  freeze(at: Instant = this.now()): void {
    this.#setting = { mode: 'frozen', at }
  }

  set(setting: ClockSetting): void {
    this.#setting = setting
  }

  fork(): Clock {
    return new Clock(this.#setting)
  }
}
