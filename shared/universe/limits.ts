import type { Quota, QuotaState } from '../kernel/dialect.ts'
import type { Instant } from './clock.ts'

/** How a universe treats its services' rate limits. Off by default: that is what a twin is for. */
export interface LimitPlan {
  readonly enforce: boolean
  /** Scales the published limits: 0.1 is a tenth. */
  readonly factor?: number
}

interface Window {
  started: Instant
  used: number
}

/**
 * Fixed-window counters per bucket. They count whether or not the plan enforces them, so a run can be told how often it
 * would have been throttled.
 */
export class Limits {
  plan: LimitPlan = { enforce: false }
  /** Calls the real service would have refused, per twin. */
  readonly wouldThrottle = new Map<string, number>()
  readonly #windows = new Map<string, Window>()

  /** Draws one call from each bucket. Returns their states, and the bucket that ran dry, if any. */
  draw(twin: string, quotas: readonly Quota[], now: Instant): { states: QuotaState[]; exhausted?: QuotaState } {
    const states: QuotaState[] = []
    let exhausted: QuotaState | undefined
    for (const quota of quotas) {
      const limit = Math.max(1, Math.floor(quota.limit * (this.plan.factor ?? 1)))
      const key = `${twin} ${quota.key}`
      let window = this.#windows.get(key)
      if (!window || now >= window.started + quota.window || now < window.started) {
        if (this.#windows.size > 5000) this.#windows.clear() // callers by the thousand must not grow memory
        window = { started: now, used: 0 }
        this.#windows.set(key, window)
      }
      window.used++
      const state = {
        ...quota,
        limit,
        remaining: Math.max(0, limit - window.used),
        reset: window.started + quota.window,
      }
      states.push(state)
      if (window.used > limit) exhausted ??= state
    }
    if (exhausted) this.wouldThrottle.set(twin, (this.wouldThrottle.get(twin) ?? 0) + 1)
    return exhausted ? { states, exhausted } : { states }
  }
}
