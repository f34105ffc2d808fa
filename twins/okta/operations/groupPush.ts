import { ok } from '../../../shared/kernel/reply.ts'
import { invalid, notFound, requireFields, taken } from '../errors.ts'
import { newId, PREFIX } from '../ids.ts'
import { plain } from '../links.ts'
import { page } from '../paging.ts'
import { objectBody } from '../resource.ts'
import { appOf } from '../rules/apps.ts'
import type { App } from '../tables/applications.ts'
import type { Document } from '../tables/document.ts'
import { isoTime } from '../time.ts'
import { statusIn, textIn } from './body.ts'
import { type OktaCall, operations } from './define.ts'
import { groupOf } from './groups.ts'

/** Groups of Okta that an app's own groups follow. */
export const groupPush = operations({
  listGroupPushMappings(call) {
    const app = appOf(call, call.params.appId)
    const { sourceGroupId, status } = call.query as Record<string, string | undefined>
    const list = call.tables.groupPushMappings
      .where('parent', app.id)
      .filter(
        (row) => (!sourceGroupId || row.data.sourceGroupId === sourceGroupId) && (!status || row.status === status),
      )
    return page(call, list, { limit: 100, max: 1000 }, (row) => pushView(row, call))
  },

  createGroupPushMapping(call) {
    const app = appOf(call, call.params.appId)
    const body = objectBody(call)
    requireFields(body, ['sourceGroupId'])
    const source = groupOf(call, String(body.sourceGroupId))
    const mappings = call.tables.groupPushMappings.where('parent', app.id)
    const isIn = (field: string, id: string) => mappings.some((row) => row.data[field] === id)
    if (isIn('sourceGroupId', source.id)) invalid('sourceGroupId', [taken('sourceGroupId')])
    const name = textIn(body, 'targetGroupName')
    const known = textIn(body, 'targetGroupId')
    if (!name && !known) invalid('targetGroupName', ['Either targetGroupId or targetGroupName is required'])
    // One group is fed by one other (okta-sdk-dotnet's live suite).
    if (known && isIn('targetGroupId', known)) invalid('targetGroupId', [taken('targetGroupId')])
    const targetGroupId = known ?? appGroup(call, app, String(name))
    const row = call.tables.groupPushMappings.insert({
      id: newId(call, 'gPm'),
      parent: app.id,
      status: textIn(body, 'status') ?? 'ACTIVE',
      created: call.now,
      lastUpdated: call.now,
      data: { sourceGroupId: source.id, targetGroupId, ...(body.appConfig ? { appConfig: body.appConfig } : {}) },
    })
    return ok(pushView(row, call))
  },

  getGroupPushMapping(call) {
    return ok(pushView(pushOf(call), call))
  },

  updateGroupPushMapping(call) {
    const status = statusIn(objectBody(call))
    const row = call.tables.groupPushMappings.patch(pushOf(call).id, { status, lastUpdated: call.now })
    return ok(pushView(row, call))
  },

  /** 200 without a body (seen in traffic). */
  deleteGroupPushMapping(call) {
    const row = pushOf(call)
    if (row.status === 'ACTIVE') invalid('status', ['A group push mapping must be INACTIVE before it is deleted'])
    call.tables.groupPushMappings.remove(row.id)
    if ((call.query as { deleteTargetGroup?: boolean }).deleteTargetGroup) {
      call.tables.groups.remove(String(row.data.targetGroupId))
    }
    return ok(undefined)
  },
})

/** A group of the app, as the app would have made it. */
function appGroup(call: OktaCall, app: App, name: string): string {
  return call.tables.groups.insert({
    id: newId(call, PREFIX.group),
    type: 'APP_GROUP',
    created: call.now,
    lastUpdated: call.now,
    lastMembershipUpdated: call.now,
    objectClass: ['okta:windows_security_principal'],
    profile: { name, description: null },
    appId: app.id,
  }).id
}

function pushOf(call: OktaCall): Document {
  const { appId, mappingId } = call.params as { appId: string; mappingId: string }
  const app = appOf(call, appId)
  const row = call.tables.groupPushMappings.get(mappingId)
  return row?.parent === app.id ? row : notFound(mappingId, 'GroupPushMapping')
}

/** Times without milliseconds, unlike anywhere else. */
const seconds = (instant: number) => isoTime(instant).replace('.000Z', 'Z')

const pushView = (row: Document, call: OktaCall) => ({
  ...(row.data.appConfig ? { appConfig: row.data.appConfig } : {}),
  created: seconds(row.created),
  id: row.id,
  lastUpdated: seconds(row.lastUpdated),
  sourceGroupId: row.data.sourceGroupId,
  status: row.status,
  targetGroupId: row.data.targetGroupId,
  _links: {
    app: plain(call, `/api/v1/apps/${row.parent}`),
    sourceGroup: plain(call, `/api/v1/groups/${row.data.sourceGroupId}`),
    targetGroup: plain(call, `/api/v1/groups/${row.data.targetGroupId}`),
  },
})
