import { ok } from '../../../shared/kernel/reply.ts'
import { fail, invalid } from '../errors.ts'
import { objectBody, type Resource, resource } from '../resource.ts'
import { ensureEntries } from '../rules/accessRequests.ts'
import type { Document, Json } from '../tables/document.ts'
import { governed, history } from '../views/governance.ts'
import { type OktaCall, operations } from './define.ts'
import { governanceList } from './governanceLists.ts'
import { requestable } from './requestSequences.ts'
import { settingOf } from './singletons.ts'

const pathOf = (id: string) => `/governance/api/v2/resources/${id}/request-conditions`

/** Conditions are switched on when off, and off when on. */
const MOVES: Readonly<Record<string, { readonly from: string; readonly to: string }>> = {
  activate: { from: 'INACTIVE', to: 'activated' },
  deactivate: { from: 'ACTIVE', to: 'deactivated' },
}

/** The longest access, by the unit it is told in. */
const LONGEST = { Weeks: 12, Days: 90, Hours: 72 }

/** Durations name one unit: `P12W`, `P90D`, `PT72H`. */
function checkDuration(settings: Json | undefined): void {
  const text = settings?.duration ?? settings?.maximumDuration
  if (text === undefined) return
  const [, weeks, days, hours] = /^P(?:(\d+)W|(\d+)D|T(\d+)H)$/.exec(String(text)) ?? []
  const given = { Weeks: weeks, Days: days, Hours: hours }
  for (const [unit, most] of Object.entries(LONGEST)) {
    if (Number(given[unit as keyof typeof LONGEST] ?? 0) <= most) continue
    const name = unit.toLowerCase()
    invalid('AccessRequestCondition', [`Maximum ${name} for access duration is ${most} ${name}.`])
  }
  if (!weeks && !days && !hours) invalid('AccessRequestCondition', [`"${text}" is not a valid duration.`])
}

const conditions: Resource = {
  table: (tables) => tables.requestConditions,
  prefix: 'rco',
  kind: 'RequestCondition',
  param: 'requestConditionId',
  parent: requestable,
  operations: {
    create: 'createRequestCondition',
    get: 'getRequestCondition',
    update: 'updateRequestCondition',
    remove: 'deleteRequestCondition',
    activate: 'activateRequestCondition',
    deactivate: 'deactivateRequestCondition',
  },
  createdStatus: 201,
  required: ['name', 'approvalSequenceId', 'accessScopeSettings', 'requesterSettings'],
  status: (_body, before) => before?.status ?? 'INACTIVE',
  lifecycle: 'object',
  guard(verb, row) {
    const { from, to } = MOVES[verb] ?? {}
    const text = `Only Request Condition with status=${from} may be ${to}`
    if (from !== undefined && row.status !== from) fail('E0000195', 'Request Condition', [text])
  },
  after(verb, row, call) {
    if (row.status === 'ACTIVE' && verb !== 'remove') ensureEntries(call, row)
  },
  data(body, call, before) {
    checkDuration(body.accessDurationSettings as Json | undefined)
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

/** Lists say of what kind the settings are, not more. */
function listed(row: Document, call: OktaCall) {
  const kind = (settings: unknown) => ({ type: (settings as Json).type })
  const shown = conditions.view(row, call) as Json
  return {
    ...shown,
    requesterSettings: kind(shown.requesterSettings),
    accessScopeSettings: kind(shown.accessScopeSettings),
  }
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
    maximumDays: LONGEST.Days,
    maximumHours: LONGEST.Hours,
    maximumWeeks: LONGEST.Weeks,
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
  ok({ ...CHOICES, ...settingOf(call, settingsOfResource(requestable(call))) })

/** Access requests: under which conditions people may ask for an app or a group. */
export const accessRequests = {
  ...resource(conditions),
  ...operations({
    listRequestConditions(call) {
      const rows = call.tables.requestConditions.where('parent', requestable(call))
      const order = (row: Document) => Number(row.data.priority)
      const sorted = rows.toSorted((left, right) => order(left) - order(right))
      return governanceList(call, sorted, { limit: 200 }, (row) => listed(row, call))
    },
    getOrgRequestSettings: (call) => ok(settingOf(call, ORG)),
    updateOrgRequestSettings(call) {
      update(call, ORG)
      return ok(settingOf(call, ORG))
    },
    getResourceRequestSettings: resourceSettings,
    updateResourceRequestSettings(call) {
      update(call, settingsOfResource(requestable(call)))
      return resourceSettings(call)
    },
  }),
}
