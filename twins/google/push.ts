import type { DomainEvent } from '../../shared/kernel/call.ts'
import { roleOf } from './access.ts'
import type { GoogleMoment } from './caller.ts'
import type { Change, Channel } from './tables.ts'
import { MINUTE, SECOND } from './time.ts'

/** Push notifications: an empty POST whose headers say what happened. */

interface Notice {
  readonly state: 'sync' | 'add' | 'remove' | 'update' | 'trash' | 'untrash' | 'change'
  readonly changed?: readonly string[]
}

/** Waits between attempts while the receiver answers 5xx. */
const RETRIES = [SECOND, 10 * SECOND, MINUTE, 5 * MINUTE]

/** Sends one notification and counts it. */
export function notify(moment: GoogleMoment, channel: Channel, { state, changed }: Notice): void {
  // `sync` is number 1; later numbers grow, not always by one.
  const number = channel.number === 0 ? 1 : channel.number + 1 + moment.random.integer(3)
  moment.tables.channels.replace({ ...channel, number })
  moment.deliver({
    kind: 'drive_push',
    url: channel.address,
    method: 'POST',
    body: channel.fileId === undefined && state === 'change' ? '{\n "kind": "drive#changes"\n}\n' : '',
    headers: {
      'content-type': 'application/json; charset=utf-8',
      'user-agent': 'APIs-Google; (+https://developers.google.com/webmasters/APIs-Google.html)',
      'x-goog-channel-id': channel.id,
      ...(channel.token !== undefined && { 'x-goog-channel-token': channel.token }),
      'x-goog-channel-expiration': new Date(channel.expiration).toUTCString(),
      'x-goog-resource-id': channel.resourceId,
      'x-goog-resource-uri': channel.resourceUri,
      'x-goog-resource-state': state,
      ...(changed?.length && { 'x-goog-changed': changed.join(',') }),
      'x-goog-message-number': String(number),
    },
    retries: RETRIES,
  })
}

/**
 * Turns entries of the change log into notifications of the channels that watch. Each Google twin reacts with it, so
 * that an edit in Docs or Sheets reaches who watches in Drive.
 */
export function pushChanges(event: DomainEvent, moment: GoogleMoment): void {
  if (event.type !== 'google.change' && event.type !== 'google.children') return
  const children = event.type === 'google.children'
  const change = children ? undefined : moment.tables.changes.get(String(event.change))
  for (const channel of moment.tables.channels.all()) {
    if (channel.expiration <= moment.now) moment.tables.channels.remove(channel.id)
    else if (children) {
      if (channel.fileId === event.fileId) notify(moment, channel, { state: 'update', changed: ['children'] })
    } else if (change && hears(moment, channel, change)) notify(moment, channel, noticeOf(channel, change))
  }
}

function noticeOf(channel: Channel, change: Change): Notice {
  if (channel.fileId === undefined) return { state: 'change' }
  if (change.removed) return { state: 'remove' }
  const aspect = change.aspects[0]
  if (aspect === 'trash' || aspect === 'untrash') return { state: aspect }
  return { state: 'update', changed: change.aspects }
}

function hears(moment: GoogleMoment, channel: Channel, change: Change): boolean {
  if (channel.fileId !== undefined)
    return change.fileId === channel.fileId && (!change.audience || change.audience.includes(channel.userId))
  if (change.audience) return change.audience.includes(channel.userId)
  const file = moment.tables.files.get(change.fileId)
  const user = moment.tables.users.get(channel.userId)
  if (!file || !user) return false
  return roleOf(moment, file, user) !== undefined && (channel.driveId === undefined || file.driveId === channel.driveId)
}
