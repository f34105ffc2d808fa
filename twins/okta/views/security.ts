import { hinted, type Linker } from '../links.ts'
import type { Document } from '../tables/document.ts'
import { isoTime } from '../time.ts'
import { lifecycleLinks } from './lifecycle.ts'

/** Members in the order of the service; the zone's type decides which follow `system`. */
export function zoneView(call: Linker, zone: Document) {
  const { type, name, usage, system, ...rest } = zone.data
  const path = `/api/v1/zones/${zone.id}`
  return {
    type,
    id: zone.id,
    name,
    status: zone.status,
    usage,
    created: isoTime(zone.created),
    lastUpdated: isoTime(zone.lastUpdated),
    system,
    ...rest,
    _links: system
      ? {
          self: hinted(call, path, 'GET', 'PUT'),
          ...(zone.status === 'ACTIVE' && lifecycleLinks(call, path, zone.status, ['GET', 'PUT'])),
        }
      : lifecycleLinks(call, path, zone.status),
  }
}

export function trustedOriginView(call: Linker, origin: Document) {
  const { name, origin: address, scopes, createdBy, lastUpdatedBy } = origin.data
  return {
    id: origin.id,
    name,
    origin: address,
    scopes,
    status: origin.status,
    created: isoTime(origin.created),
    createdBy,
    lastUpdated: isoTime(origin.lastUpdated),
    lastUpdatedBy,
    _links: lifecycleLinks(call, `/api/v1/trustedOrigins/${origin.id}`, origin.status),
  }
}

/** Behaviours keep an older way of writing time: `2025-08-25 07:55:06.0`. */
const oldTime = (instant: number) => `${isoTime(instant).slice(0, 19).replace('T', ' ')}.0`

export function behaviorView(call: Linker, behavior: Document) {
  const { name, type, settings } = behavior.data
  return {
    id: behavior.id,
    name,
    type,
    settings,
    status: behavior.status,
    created: oldTime(behavior.created),
    lastUpdated: oldTime(behavior.lastUpdated),
    _links: lifecycleLinks(call, `/api/v1/behaviors/${behavior.id}`, behavior.status),
  }
}
