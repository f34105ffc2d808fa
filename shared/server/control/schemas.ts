import { z } from 'zod'
import { Clock, type ClockSetting } from '../../universe/clock.ts'
import type { FaultRule } from '../../universe/faults.ts'

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

/** See {@link FaultRule}. */
export const faultRule = z.strictObject({
  name: z.string().optional(),
  twin: z.string().optional(),
  operation: z.string().optional(),
  method: z.string().optional(),
  after: z.int().min(0).default(0),
  times: z.int().min(1).optional(),
  fault: z.discriminatedUnion('kind', [
    z.strictObject({ kind: z.literal('status'), status: z.int().min(400).max(599), retryAfter: z.number().optional() }),
    z.strictObject({ kind: z.literal('lost-reply') }),
    z.strictObject({ kind: z.literal('dropped') }),
    z.strictObject({ kind: z.literal('slow'), milliseconds: z.int().min(0).max(60_000) }),
    z.strictObject({ kind: z.literal('duplicate') }),
    z.strictObject({ kind: z.literal('late'), milliseconds: z.int().min(0) }),
  ]),
}) satisfies z.ZodType<FaultRule>
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
