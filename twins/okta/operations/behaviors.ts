import { blank, invalid } from '../errors.ts'
import { PREFIX } from '../ids.ts'
import { sortedBy } from '../paging.ts'
import { resource } from '../resource.ts'
import type { Json } from '../tables/document.ts'
import { behaviorView } from '../views/security.ts'

const HISTORY = { maxEventsUsedForEvaluation: 20, minEventsNeededForEvaluation: 0 }

/** What each type evaluates unless told otherwise: the defaults the contract publishes. */
const SETTINGS: Readonly<Record<string, Json>> = {
  ANOMALOUS_LOCATION: HISTORY,
  ANOMALOUS_DEVICE: HISTORY,
  ANOMALOUS_ASN: HISTORY,
  ANOMALOUS_IP: { ...HISTORY, maxEventsUsedForEvaluation: 50 },
  VELOCITY: { velocityKph: 805 },
}

/** Behaviour detection: what about a sign-in counts as unusual. Cursors are names. */
export const behaviors = resource({
  table: (tables) => tables.behaviors,
  prefix: PREFIX.behavior,
  kind: 'BehaviorSettings',
  param: 'behaviorId',
  operations: {
    list: 'listBehaviorDetectionRules',
    create: 'createBehaviorDetectionRule',
    get: 'getBehaviorDetectionRule',
    replace: 'replaceBehaviorDetectionRule',
    remove: 'deleteBehaviorDetectionRule',
    activate: 'activateBehaviorDetectionRule',
    deactivate: 'deactivateBehaviorDetectionRule',
  },
  page: { limit: 10, max: 200, ...sortedBy((row) => String(row.data.name)) },
  list: (_call, rows) => [...rows].sort((a, b) => (String(a.data.name) < String(b.data.name) ? -1 : 1)),
  required: ['name', 'type'],
  unique: 'name',
  status: (_body, before) => before?.status ?? 'ACTIVE',
  data(body) {
    const settings = SETTINGS[String(body.type)] ?? invalid('type', [blank('type')])
    return { name: body.name, type: body.type, settings: { ...settings, ...(body.settings as Json | undefined) } }
  },
  lifecycle: 'object',
  view: (row, call) => behaviorView(call, row),
  events: {
    create: 'security.behavior.settings.create',
    replace: 'security.behavior.settings.update',
    remove: 'security.behavior.settings.delete',
  },
})
