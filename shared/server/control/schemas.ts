import { z } from 'zod'
import { Clock, type ClockSetting } from '../../universe/clock.ts'
import { faultRule } from '../../universe/faults.ts'

/** An instant as ISO 8601 or milliseconds since 1970. */
export const instant = z.union([z.int().min(0), z.iso.datetime({ offset: true }).transform((text) => Date.parse(text))])

/** A clock to begin with, or to change to. */
export const clockChange = z.strictObject({
  mode: z.enum(['real', 'frozen', 'stepped']).optional(),
  /** Where a standing clock stands. */
  at: instant.optional(),
  /** ms a stepped clock moves with each call. */
  step: z.int().min(0).optional(),
  /** ms to move ahead. */
  advance: z.int().min(0).optional(),
})

export const limitPlan = z.strictObject({ enforce: z.boolean(), factor: z.number().positive().optional() })
export const faultPlan = z.array(faultRule)

/** Applies a change to a clock. */
export function changeClock(clock: Clock, change: z.output<typeof clockChange>): void {
  const { mode = clock.setting.mode, at, step, advance } = change
  if (change.mode !== undefined || at !== undefined || step !== undefined) {
    const start = at ?? clock.now()
    const current = clock.setting
    const settings: Record<typeof mode, () => ClockSetting> = {
      real: () => ({ mode: 'real', offset: at === undefined ? 0 : at - new Clock().now() }),
      frozen: () => ({ mode: 'frozen', at: start }),
      stepped: () => ({ mode: 'stepped', at: start, step: step ?? (current.mode === 'stepped' ? current.step : 1000) }),
    }
    clock.set(settings[mode]())
  }
  if (advance !== undefined) clock.advance(advance)
}

/** A clock's setting for people: ISO times. */
export function clockView(clock: Clock) {
  const { setting } = clock
  return {
    mode: setting.mode,
    now: new Date(clock.now()).toISOString(),
    ...(setting.mode === 'stepped' ? { step: setting.step } : {}),
  }
}
