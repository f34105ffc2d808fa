import { created, noContent, ok } from '../../../shared/kernel/reply.ts'
import { invalid, notFound, requireFields } from '../errors.ts'
import { newId, PREFIX } from '../ids.ts'
import { page } from '../paging.ts'
import { objectBody } from '../resource.ts'
import { appOf } from '../rules/apps.ts'
import type { Document } from '../tables/document.ts'
import { isoTime } from '../time.ts'
import { bodyOf, statusIn, textIn } from './body.ts'
import { type OktaCall, operations } from './define.ts'

/** Connections through which one app acts at another for its user. */
export const crossAppConnections = operations({
  getAllCrossAppAccessConnections(call) {
    const app = appOf(call, call.params.appId)
    const list = call.tables.crossAppConnections
      .all()
      .filter(({ data }) => data.requestingAppInstanceId === app.id || data.resourceAppInstanceId === app.id)
    return page(call, list, { limit: 20, max: 200 }, connectionView)
  },

  createCrossAppAccessConnection(call) {
    const app = appOf(call, call.params.appId)
    const body = objectBody(call)
    requireFields(body, ['resourceAppInstanceId'])
    const requesting = appOf(call, textIn(body, 'requestingAppInstanceId') ?? app.id)
    const resourceApp = appOf(call, String(body.resourceAppInstanceId))
    if (app.id !== requesting.id && app.id !== resourceApp.id)
      invalid('appId', ['The app must be part of the connection'])
    const known = call.tables.crossAppConnections
      .all()
      .some(
        ({ data }) => data.requestingAppInstanceId === requesting.id && data.resourceAppInstanceId === resourceApp.id,
      )
    if (known) invalid('connection', ['A connection between these apps already exists'])
    const row = call.tables.crossAppConnections.insert({
      id: newId(call, PREFIX.connection),
      status: body.status === undefined ? 'ACTIVE' : statusIn(body),
      created: call.now,
      lastUpdated: call.now,
      data: { requestingAppInstanceId: requesting.id, resourceAppInstanceId: resourceApp.id },
    })
    return created(connectionView(row))
  },

  getCrossAppAccessConnection(call) {
    return ok(connectionView(connectionOf(call)))
  },

  updateCrossAppAccessConnection(call) {
    const row = connectionOf(call)
    const status = statusIn(objectBody(call))
    return ok(connectionView(call.tables.crossAppConnections.patch(row.id, { status, lastUpdated: call.now })))
  },

  deleteCrossAppAccessConnection(call) {
    call.tables.crossAppConnections.remove(connectionOf(call).id)
    return noContent()
  },

  listInterclientAllowedApplications(call) {
    const app = appOf(call, call.params.appId)
    const list = call.tables.interclientTrust.where('parent', app.id).map((row) => String(row.data.allowed))
    return page(call, list, { limit: 20, max: 200, cursor: (id) => id }, (id) => id)
  },

  createInterclientTrustMapping(call) {
    const app = appOf(call, call.params.appId)
    const body = bodyOf(call)
    const allowed = appOf(call, String(body.id ?? ''))
    const refuse = (cause: string) => invalid('Interclient Trust Mappings', [cause])
    if (!FEDERATED.has(String(app.signOnMode))) refuse('The target application must be an OIDC or SAML app.')
    if (call.tables.interclientTrust.count('parent', app.id) >= MAX_TRUSTED)
      refuse(`The target application cannot have more than ${MAX_TRUSTED} trusted apps.`)
    const row = call.tables.interclientTrust.insert({
      id: newId(call, 'itm'),
      parent: app.id,
      created: call.now,
      lastUpdated: call.now,
      data: { allowed: allowed.id, lastUpdatedBy: call.caller.userId },
    })
    const [orgRow] = call.tables.org.all()
    return created({
      id: row.id,
      orgId: orgRow?.id,
      appInstanceId: app.id,
      trustedAppInstanceId: allowed.id,
      created: isoTime(row.created),
      lastUpdated: isoTime(row.lastUpdated),
      lastUpdatedBy: row.data.lastUpdatedBy,
    })
  },

  deleteInterclientTrustMapping(call) {
    const { appId, allowedAppId } = call.params
    const app = appOf(call, appId)
    const row = call.tables.interclientTrust.where('parent', app.id).find(({ data }) => data.allowed === allowedAppId)
    call.tables.interclientTrust.remove((row ?? notFound(allowedAppId, 'AppInstance')).id)
    return noContent()
  },

  listInterclientTargetApplications(call) {
    const app = appOf(call, call.params.appId)
    const list = call.tables.interclientTrust.all().filter(({ data }) => data.allowed === app.id)
    return page(
      call,
      list.map((row) => String(row.parent)),
      { limit: 20, max: 200, cursor: (id) => id },
      (id) => id,
    )
  },
})

/** Apps that take part in sign-on from one app to another, and how many others one may trust. */
const FEDERATED = new Set(['OPENID_CONNECT', 'SAML_2_0'])
const MAX_TRUSTED = 5

function connectionOf(call: OktaCall): Document {
  const { appId, connectionId } = call.params as { appId: string; connectionId: string }
  const app = appOf(call, appId)
  const row = call.tables.crossAppConnections.get(connectionId)
  const mine = row && (row.data.requestingAppInstanceId === app.id || row.data.resourceAppInstanceId === app.id)
  return mine ? row : notFound(connectionId, 'Connection')
}

const connectionView = (row: Document) => ({
  id: row.id,
  ...row.data,
  status: row.status,
  created: isoTime(row.created),
  lastUpdated: isoTime(row.lastUpdated),
})
