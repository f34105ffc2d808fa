import { z } from 'zod'

const UNITS = { ms: 1, s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 } as const

/** `90s`, `45m`, `1h` → ms of the universe's time. */
export const duration = z
  .string()
  .regex(/^\d+(ms|s|m|h|d)$/, 'a duration is a number and ms, s, m, h or d')
  .transform((text) => {
    const [, number, unit] = /^(\d+)(\w+)$/.exec(text) as unknown as [string, string, keyof typeof UNITS]
    return Number(number) * UNITS[unit]
  })
