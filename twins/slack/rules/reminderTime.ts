const UNITS: Readonly<Record<string, number>> = { second: 1, minute: 60, hour: 3600, day: 86_400, week: 604_800 }
const DAYS = ['sunday', 'monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday']
const NINE = 9 * 3600
const FIVE_YEARS = 5 * 365 * 86_400

export interface ReminderTime {
  readonly time: number
  readonly recurring: boolean
}

/**
 * When a reminder is due: an epoch, seconds from now, or words (`in 15 minutes`, `tomorrow at 9am`, `every Thursday`).
 *
 * @param offset seconds the user's zone is ahead of UTC
 */
export function reminderTime(value: string, now: number, offset: number): ReminderTime | undefined {
  const said = value.trim().toLowerCase()
  if (/^\d+$/.test(said)) return fromNumber(Number(said), now)
  const relative = /^in\s+(\d+|an?)\s+(second|minute|hour|day|week)s?$/.exec(said)
  if (relative) {
    const count = /^\d+$/.test(relative[1] ?? '') ? Number(relative[1]) : 1
    return { time: now + count * (UNITS[relative[2] ?? ''] ?? 0), recurring: false }
  }
  const recurring = /^every\s+/.test(said)
  const [dayPart = '', timePart] = said.replace(/^every\s+|^on\s+|^next\s+/, '').split(/\s*\bat\s+/)
  const clock = timePart === undefined ? (/^\d/.test(dayPart) ? clockTime(dayPart) : NINE) : clockTime(timePart)
  const day = dayPart === '' || /^\d/.test(dayPart) ? 0 : daysAhead(dayPart, now + offset)
  if (clock === undefined || day === undefined) return undefined
  const midnight = now + offset - ((now + offset) % 86_400)
  const time = midnight + day * 86_400 + clock - offset
  return { time: time > now ? time : time + (recurring && DAYS.includes(dayPart) ? 7 : 1) * 86_400, recurring }
}

function fromNumber(number: number, now: number): ReminderTime | undefined {
  const time = number < 86_400 * 2 ? now + number : number
  return time > now && time < now + FIVE_YEARS ? { time, recurring: false } : undefined
}

function clockTime(said: string): number | undefined {
  const match = /^(\d{1,2})(?::(\d{2}))?\s*(am|pm)?$/.exec(said.trim())
  if (!match) return said.trim() === 'noon' ? 12 * 3600 : undefined
  const hour = (Number(match[1]) % (match[3] ? 12 : 24)) + (match[3] === 'pm' ? 12 : 0)
  return hour * 3600 + Number(match[2] ?? 0) * 60
}

function daysAhead(said: string, local: number): number | undefined {
  if (said === 'today' || said === 'day') return 0
  if (said === 'tomorrow') return 1
  const day = DAYS.indexOf(said)
  if (day < 0) return undefined
  const today = (Math.floor(local / 86_400) + 4) % 7
  return (day - today + 7) % 7
}
