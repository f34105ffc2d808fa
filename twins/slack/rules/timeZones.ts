const formats = new Map<string, { long: Intl.DateTimeFormat; offset: Intl.DateTimeFormat }>()

function formatsOf(zone: string) {
  let known = formats.get(zone)
  if (!known) {
    known = {
      long: new Intl.DateTimeFormat('en-US', { timeZone: zone, timeZoneName: 'long' }),
      offset: new Intl.DateTimeFormat('en-US', { timeZone: zone, timeZoneName: 'longOffset' }),
    }
    formats.set(zone, known)
  }
  return known
}

const namePart = (format: Intl.DateTimeFormat, now: number): string =>
  format.formatToParts(now).find((part) => part.type === 'timeZoneName')?.value ?? ''

/** `tz_label` and `tz_offset` (seconds) of a zone at an instant: summer time is in the label. */
export function timeZone(zone: string, now: number): { label: string; offset: number } {
  const { long, offset } = formatsOf(zone)
  const match = /GMT(?:([+-])(\d{2}):(\d{2}))?/.exec(namePart(offset, now))
  const sign = match?.[1] === '-' ? -1 : 1
  const label = namePart(long, now)
  // Slack's labels leave "Standard" out for Europe: "Central European Time"
  return {
    label: zone.startsWith('Europe/') ? label.replace(' Standard', '') : label,
    offset: sign * (Number(match?.[2] ?? 0) * 3600 + Number(match?.[3] ?? 0) * 60),
  }
}
