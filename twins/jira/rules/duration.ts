/** How a site counts working time; the defaults of Jira Cloud. */
export interface WorkingTime {
  readonly hoursPerDay: number
  readonly daysPerWeek: number
  readonly defaultUnit: 'minute' | 'hour' | 'day' | 'week'
}

export const STANDARD_WORKING_TIME: WorkingTime = { hoursPerDay: 8, daysPerWeek: 5, defaultUnit: 'minute' }

const units = (time: WorkingTime) => ({
  w: 3600 * time.hoursPerDay * time.daysPerWeek,
  d: 3600 * time.hoursPerDay,
  h: 3600,
  m: 60,
})

/**
 * `1w 2d 3h 30m`, `1.5h`, `90` (the default unit) as seconds; `undefined` when it is no duration.
 *
 * @example parseDuration('1h 30m') // 5400
 */
export function parseDuration(text: string, time: WorkingTime = STANDARD_WORKING_TIME): number | undefined {
  const sizes = units(time)
  const trimmed = text.trim().toLowerCase()
  if (/^\d+(\.\d+)?$/.test(trimmed)) return Math.round(Number(trimmed) * sizes[time.defaultUnit[0] as 'm'])
  if (!/^(\d+(\.\d+)?\s*(w|weeks?|d|days?|h|hours?|m|minutes?)\s*)+$/.test(trimmed)) return undefined
  let seconds = 0
  for (const [, amount, unit] of trimmed.matchAll(/(\d+(?:\.\d+)?)\s*([wdhm])/g)) {
    seconds += Number(amount) * sizes[unit as 'm']
  }
  return Math.round(seconds)
}

/** Seconds as `1w 2d 3h 30m`; less than a minute is `0m`. */
export function formatDuration(seconds: number, time: WorkingTime = STANDARD_WORKING_TIME): string {
  const parts: string[] = []
  let rest = Math.max(0, seconds)
  for (const [unit, size] of Object.entries(units(time))) {
    const count = Math.floor(rest / size)
    if (count > 0) parts.push(`${count}${unit}`)
    rest -= count * size
  }
  return parts.join(' ') || '0m'
}

const NAMES = { w: 'week', d: 'day', h: 'hour', m: 'minute' }

/** Seconds for people: `1 hour, 30 minutes`. */
export function friendlyDuration(seconds: number, time: WorkingTime = STANDARD_WORKING_TIME): string {
  return formatDuration(seconds, time)
    .split(' ')
    .map((part) => {
      const count = Number.parseInt(part, 10)
      const name = NAMES[part.at(-1) as 'm']
      return `${count} ${name}${count === 1 ? '' : 's'}`
    })
    .join(', ')
}
