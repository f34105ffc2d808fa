import { noContent, ok } from '../../../shared/kernel/reply.ts'
import { invalid, notFound, requireFields } from '../errors.ts'
import { appTarget, record } from '../events.ts'
import { newId, PREFIX } from '../ids.ts'
import { hinted } from '../links.ts'
import { objectBody, resource } from '../resource.ts'
import { appOf } from '../rules/apps.ts'
import type { App } from '../tables/applications.ts'
import type { Document } from '../tables/document.ts'
import { isoTime } from '../time.ts'
import { type OktaCall, operations } from './define.ts'

type AppCall = OktaCall & { readonly params: { readonly appId: string } }
const parent = (call: OktaCall): string => appOf(call, (call as AppCall).params.appId).id

/** Extra claims an app's federation tokens carry. */
export const federatedClaims = resource({
  table: (tables) => tables.federatedClaims,
  prefix: 'ofc',
  kind: 'FederatedClaim',
  param: 'claimId',
  parent,
  operations: {
    list: 'listFederatedClaims',
    create: 'createFederatedClaim',
    get: 'getFederatedClaim',
    replace: 'replaceFederatedClaim',
    remove: 'deleteFederatedClaim',
  },
  createdStatus: 201,
  required: ['name', 'expression'],
  unique: 'name',
  data: ({ name, expression }) => ({ name, expression }),
  view: (row) => ({
    id: row.id,
    ...row.data,
    created: isoTime(row.created),
    lastUpdated: isoTime(row.lastUpdated),
  }),
})

/** Scopes of the org's own API that an app was granted. */
export const appGrants = operations({
  listScopeConsentGrants(call) {
    const app = appOf(call, call.params.appId)
    return ok(call.tables.appGrants.where('parent', app.id).map((row) => grantView(row, call, app)))
  },

  /** Granting twice gives what is there. */
  grantConsentToScope(call) {
    const app = appOf(call, call.params.appId)
    const body = objectBody(call)
    requireFields(body, ['scopeId', 'issuer'])
    if (body.issuer !== call.link('')) {
      invalid('issuer', ["issuer: 'issuer' must be the org's own URL."])
    }
    const scopeId = String(body.scopeId)
    if (!scopeId.startsWith('okta.') && !scopeId.startsWith('ssf.')) {
      invalid('scopeId', ["scopeId: 'scopeId' must be a valid scope of the org authorization server."])
    }
    const known = call.tables.appGrants.where('parent', app.id).find((row) => row.data.scopeId === scopeId)
    const row =
      known ??
      call.tables.appGrants.insert({
        id: newId(call, PREFIX.appGrant),
        parent: app.id,
        status: 'ACTIVE',
        created: call.now,
        lastUpdated: call.now,
        data: { scopeId, createdBy: call.caller.userId ?? call.caller.clientId },
      })
    record(call, 'app.oauth2.as.consent.grant', [appTarget(app)], { debugData: { scope: scopeId } })
    return ok(grantView(row, call, app))
  },

  getScopeConsentGrant(call) {
    const { app, row } = grantOf(call)
    return ok(grantView(row, call, app))
  },

  revokeScopeConsentGrant(call) {
    const { app, row } = grantOf(call)
    call.tables.appGrants.remove(row.id)
    record(call, 'app.oauth2.as.consent.revoke', [appTarget(app)])
    return noContent()
  },
})

function grantOf(call: OktaCall): { app: App; row: Document } {
  const { appId, grantId } = call.params as { appId: string; grantId: string }
  const app = appOf(call, appId)
  const row = call.tables.appGrants.get(grantId)
  return row?.parent === app.id ? { app, row } : notFound(grantId, 'OAuth2ScopeConsentGrant')
}

function grantView(row: Document, call: OktaCall, app: App) {
  const path = `/api/v1/apps/${app.id}`
  return {
    id: row.id,
    status: row.status,
    created: isoTime(row.created),
    createdBy: { id: row.data.createdBy, type: 'User' },
    lastUpdated: isoTime(row.lastUpdated),
    issuer: call.link(''),
    clientId: app.clientId ?? app.id,
    scopeId: row.data.scopeId,
    source: 'ADMIN',
    ...((call.query as { expand?: string }).expand === 'scope' && { _embedded: { scope: { id: row.data.scopeId } } }),
    _links: {
      app: { href: call.link(path), title: app.label },
      self: hinted(call, `${path}/grants/${row.id}`, 'GET', 'DELETE'),
      client: { href: call.link(`/oauth2/v1/clients/${app.clientId ?? app.id}`), title: app.label },
    },
  }
}
