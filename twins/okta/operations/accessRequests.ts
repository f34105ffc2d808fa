import { ok } from '../../../shared/kernel/reply.ts'
import { notFound } from '../errors.ts'
import { objectBody, type Resource, resource } from '../resource.ts'
import type { Json } from '../tables/document.ts'
import { governed, history, list } from '../views/governance.ts'
import { type OktaCall, operations } from './define.ts'
import { settingOf } from './singletons.ts'

/** Id of the app or group that can be asked for, or 404. */
function resourceId(call: OktaCall): string {
  const { resourceId: id } = call.params as { resourceId: string }
  return call.tables.apps.has(id) || call.tables.groups.has(id) ? id : notFound(id, 'Resource')
}

const pathOf = (id: string) => `/governance/api/v2/resources/${id}/request-conditions`

const conditions: Resource = {
  table: (tables) => tables.requestConditions,
  prefix: 'rco',
  kind: 'RequestCondition',
  param: 'requestConditionId',
  parent: resourceId,
  operations: {
    list: 'listRequestConditions',
    create: 'createRequestCondition',
    get: 'getRequestCondition',
    update: 'updateRequestCondition',
    remove: 'deleteRequestCondition',
    activate: 'activateRequestCondition',
    deactivate: 'deactivateRequestCondition',
  },
  wrap: (data, call) => list(pathOf(resourceId(call)))(data, call),
  createdStatus: 201,
  required: ['name', 'approvalSequenceId', 'accessScopeSettings', 'requesterSettings'],
  status: (_body, before) => before?.status ?? 'INACTIVE',
  lifecycle: 'object',
  data(body, call, before) {
    const { requesterSettings, accessScopeSettings, accessDurationSettings, approvalSequenceId, name } = body
    return {
      requesterSettings,
      accessScopeSettings,
      ...(accessDurationSettings ? { accessDurationSettings } : {}),
      approvalSequenceId,
      name,
      ...(body.description ? { description: body.description } : {}),
      priority: body.priority ?? 0,
      createdBy: before?.data.createdBy ?? call.caller.userId,
    }
  },
  view(row, call) {
    const { createdBy: _, priority, ...shown } = row.data
    return {
      ...shown,
      ...history(row),
      _links: { self: governed(call, `${pathOf(row.parent as string)}/${row.id}`) },
      status: row.status,
      priority,
    }
  },
}

const ORG = {
  name: 'requestSettings',
  initial: {
    subprocessorsAcknowledged: true,
    provisioningStatus: 'PROVISIONED',
    requestExperiences: ['CATALOG', 'ADMIN_ROLES'],
    longTimePastProvisioned: false,
  },
}

/** What the settings of a resource may be set to. */
const CHOICES = {
  validAccessScopeSettings: [{ type: 'RESOURCE_DEFAULT' }, { type: 'ENTITLEMENT_BUNDLES' }],
  validRequesterSettings: [{ type: 'EVERYONE' }, { type: 'GROUPS' }],
  validAccessDurationSettings: {
    supportedTypes: [{ type: 'ADMIN_FIXED_DURATION' }, { type: 'REQUESTER_SPECIFIED_DURATION' }],
    required: false,
    maximumDays: 90,
    maximumHours: 72,
    maximumWeeks: 12,
  },
  validRiskSettings: { supportedTypes: [{ type: 'DEFAULT_SETTING' }] },
  validRequestOnBehalfOfSettings: [],
}

const RISK = { riskSettings: { defaultSetting: { requestSubmissionType: 'RESTRICTED' } } }

const settingsOfResource = (id: string) => ({ name: `requestSettings/${id}`, initial: RISK })

/** Null takes a setting away, at every depth. */
const settled = (given: Json): Json =>
  Object.fromEntries(
    Object.entries(given)
      .filter(([, value]) => value !== null)
      .map(([name, value]) => [
        name,
        typeof value === 'object' && !Array.isArray(value) ? settled(value as Json) : value,
      ]),
  )

function update(call: OktaCall, setting: { name: string; initial: Json }): void {
  const data = settled({ ...settingOf(call, setting), ...objectBody(call as { body: unknown }) })
  call.tables.settings.put({ id: setting.name, created: call.now, lastUpdated: call.now, data })
}

const resourceSettings = (call: OktaCall) =>
  ok({ ...CHOICES, ...settingOf(call, settingsOfResource(resourceId(call))) })

/** Access requests: under which conditions people may ask for an app or a group. */
export const accessRequests = {
  ...resource(conditions),
  ...operations({
    getOrgRequestSettings: (call) => ok(settingOf(call, ORG)),
    updateOrgRequestSettings(call) {
      update(call, ORG)
      return ok(settingOf(call, ORG))
    },
    getResourceRequestSettings: resourceSettings,
    updateResourceRequestSettings(call) {
      update(call, settingsOfResource(resourceId(call)))
      return resourceSettings(call)
    },
  }),
}
