import { createHash } from 'node:crypto'
import { BASE64URL } from '../../../shared/universe/random.ts'
import { callerUser } from '../../google/caller.ts'
import { legacyError } from '../../google/errors.ts'
import { notify } from '../../google/push.ts'
import type { Channel } from '../../google/tables.ts'
import { DAY, HOUR } from '../../google/time.ts'
import { invalidBody } from '../errors.ts'
import type { DriveCall } from '../operations/define.ts'

/** Opening and stopping push channels. */

export interface ChannelBody {
  readonly id?: string
  readonly type?: string
  readonly address?: string
  readonly token?: string
  readonly expiration?: string
  readonly resourceId?: string
}

export interface Watched {
  /** Path of the watched resource, for `resourceUri`. */
  readonly path: string
  readonly fileId?: string
  readonly driveId?: string
}

const required = (name: string) => legacyError({ code: 400, reason: 'required', message: `Required: ${name}` })
const LOOPBACK = /^http:\/\/(localhost|127\.0\.0\.1|\[::1\])(:\d+)?(\/|$)/

/** Opens a channel; the receiver hears `sync` at once. */
export function openChannel(call: DriveCall, body: ChannelBody, { path, fileId, driveId }: Watched): object {
  const { id, address, type } = body
  if (!id) throw required('id')
  if (!address) throw required('address')
  if (type !== 'web_hook' && type !== 'webhook') throw invalidBody(`Unknown channel type: ${type ?? ''}`)
  if (!/^[\w\-+/=]{1,64}$/.test(id)) throw invalidBody('Channel id invalid')
  if (!address.startsWith('https://') && !LOOPBACK.test(address)) {
    throw legacyError({
      code: 400,
      domain: 'global',
      reason: 'push.webhookUrlNotHttps',
      message: `WebHook callback must be HTTPS: ${address}`,
    })
  }
  if (call.tables.channels.has(id))
    throw legacyError({ code: 400, reason: 'channelIdNotUnique', message: `Channel id ${id} not unique` })
  const longest = fileId === undefined ? 7 * DAY : DAY
  const asked =
    body.expiration === undefined ? call.now + (fileId === undefined ? longest : HOUR) : Number(body.expiration)
  const channel: Channel = {
    id,
    address,
    // The same resource has the same id on every channel of a user.
    resourceId: createHash('sha256')
      .update(`${callerUser(call).id} ${path}`)
      .digest('base64url')
      .slice(0, 27)
      .replace(/[^\w-]/g, BASE64URL.slice(0, 1)),
    resourceUri: `https://www.googleapis.com${path}?alt=json&null`,
    expiration: Math.min(asked, call.now + longest),
    userId: callerUser(call).id,
    clientId: call.caller.clientId,
    number: 0,
    ...(body.token !== undefined && { token: body.token }),
    ...(fileId !== undefined && { fileId }),
    ...(driveId !== undefined && { driveId }),
  }
  call.tables.channels.insert(channel)
  notify(call, channel, { state: 'sync' })
  return {
    kind: 'api#channel',
    id,
    resourceId: channel.resourceId,
    resourceUri: channel.resourceUri,
    ...(channel.token !== undefined && { token: channel.token }),
    expiration: String(channel.expiration),
  }
}

/** Closes a channel. Both ids must match. */
export function stopChannel(call: DriveCall, { id = '', resourceId }: ChannelBody): void {
  const channel = call.tables.channels.get(id)
  const project = call.tables.projects.all()[0]?.number ?? ''
  if (!channel || channel.resourceId !== resourceId) {
    throw legacyError({ code: 404, reason: 'notFound', message: `Channel '${id}' not found for project '${project}'` })
  }
  call.tables.channels.remove(id)
}
