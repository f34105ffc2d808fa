import { created, noContent, ok } from '../../../shared/kernel/reply.ts'
import { signingKey } from '../../../shared/universe/keys.ts'
import { invalid, notFound, requireFields } from '../errors.ts'
import { appTarget, record } from '../events.ts'
import { newId, PREFIX } from '../ids.ts'
import { hinted } from '../links.ts'
import { page } from '../paging.ts'
import { objectBody, resource } from '../resource.ts'
import { CATALOGUE_APPS } from '../rules/appCatalogue.ts'
import { orgKeyId } from '../rules/appKeys.ts'
import { appOf } from '../rules/apps.ts'
import type { App } from '../tables/applications.ts'
import type { Document, Json } from '../tables/document.ts'
import { isoTime } from '../time.ts'
import { bodyOf, objectIn, statusIn, textIn } from './body.ts'
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

/** Provisioning: the connection to the app and what flows over it. Few integrations have it. */
export const provisioning = operations({
  getDefaultProvisioningConnectionForApplication(call) {
    return ok(connectionStatus(call, appOf(call, call.params.appId)))
  },

  updateDefaultProvisioningConnectionForApplication(call) {
    const app = appOf(call, call.params.appId)
    const body = objectBody(call)
    const profile = objectIn(body, 'profile')
    const authScheme = textIn(profile, 'authScheme')
    if (!authScheme) invalid('profile', ['profile.authScheme: The field cannot be left blank'])
    if (authScheme === 'TOKEN' && !profile.token)
      invalid('credential', ['Verification failed: Invalid URL. Not authorized.'])
    if (!CATALOGUE_APPS[app.name]?.provisioning && authScheme === 'UNKNOWN') return ok(UNKNOWN)
    const activate = (call.query as { activate?: boolean }).activate === true
    const connection = {
      authScheme,
      status: activate ? 'ENABLED' : 'DISABLED',
      ...(body.baseUrl !== undefined && { baseUrl: body.baseUrl }),
      profile: { authScheme, ...(profile.clientId !== undefined && { clientId: profile.clientId }) },
    }
    const changed = call.tables.apps.patch(app.id, { connection })
    return ok(connectionStatus(call, changed))
  },

  activateDefaultProvisioningConnectionForApplication(call) {
    return switched(call, appOf(call, call.params.appId), 'ENABLED')
  },

  deactivateDefaultProvisioningConnectionForApplication(call) {
    return switched(call, appOf(call, call.params.appId), 'DISABLED')
  },

  getUserProvisioningConnectionJWKS(call) {
    appOf(call, call.params.appId)
    const { n, e } = signingKey(0).publicJwk
    return ok({ jwks: { keys: [{ kid: orgKeyId(), kty: 'RSA', alg: 'RS256', use: 'sig', n, e }] } })
  },

  verifyProvisioningConnectionForApplication(call) {
    appOf(call, call.params.appId)
    return noContent()
  },

  listFeaturesForApplication(call) {
    const app = provisioned(appOf(call, call.params.appId))
    return ok([featureView(call, app, 'USER_PROVISIONING'), featureView(call, app, 'INBOUND_PROVISIONING')])
  },

  getFeatureForApplication(call) {
    const app = appOf(call, call.params.appId)
    const name = featureNamed(call.params.featureName)
    return ok(featureView(call, provisioned(app), name))
  },

  updateFeatureForApplication(call) {
    const app = appOf(call, call.params.appId)
    const name = featureNamed(call.params.featureName)
    provisioned(app)
    const before = featureOf(call, app, name)
    const capabilities = deepMerged(
      (before?.data.capabilities as Json | undefined) ?? CAPABILITIES[name] ?? {},
      objectBody(call),
    )
    const data = { name, capabilities }
    if (before) call.tables.appFeatures.patch(before.id, { data, lastUpdated: call.now })
    else
      call.tables.appFeatures.insert({
        id: newId(call, 'afe'),
        parent: app.id,
        created: call.now,
        lastUpdated: call.now,
        data,
      })
    return ok(featureView(call, app, name))
  },

  getIdTokenSettings(call) {
    const app = oauthApp(call)
    return ok({
      issuer: call.link(''),
      orgUrl: null,
      customUrl: null,
      audience: app.clientId ?? app.id,
      issuerMode: 'ORG_URL',
      ...app.idToken,
    })
  },

  /** What was not sent comes back as null. */
  replaceIdTokenSettings(call) {
    const app = oauthApp(call)
    const sent = bodyOf(call)
    const { issuer, orgUrl, customUrl, audience, ...kept } = sent
    call.tables.apps.patch(app.id, { idToken: kept })
    return ok({ issuer: null, orgUrl: null, customUrl: null, audience: null, issuerMode: 'ORG_URL', ...sent })
  },
})

/** An app with an OAuth client of its own. */
function oauthApp(call: OktaCall): App {
  const { appId } = call.params as { appId: string }
  const app = call.tables.apps.get(appId)
  return app?.clientId === undefined ? notFound(appId, 'OAuth2AppInstance') : app
}

const UNKNOWN: Json = { status: 'UNKNOWN', profile: { authScheme: 'UNKNOWN' } }

function connectionStatus(call: OktaCall, app: App) {
  const { connection } = app
  if (!connection && !CATALOGUE_APPS[app.name]?.provisioning) return UNKNOWN
  const path = `/api/v1/apps/${app.id}/connections/default`
  const other = connection?.status === 'ENABLED' ? 'deactivate' : 'activate'
  return {
    ...(connection ?? { authScheme: 'TOKEN', status: 'DISABLED', profile: { authScheme: 'TOKEN' } }),
    _links: {
      self: hinted(call, path, 'POST', 'GET'),
      [other]: hinted(call, `${path}/lifecycle/${other}`, 'POST'),
    },
  }
}

/** Nothing to switch is switched all the same (204, seen in traffic). */
function switched(call: OktaCall, app: App, status: string) {
  if (app.connection) call.tables.apps.patch(app.id, { connection: { ...app.connection, status } })
  return noContent()
}

/** An app has provisioning once its connection was set up. */
function provisioned(app: App): App {
  if (!app.connection) invalid('feature', ['Provisioning is not supported.'])
  return app
}

const CAPABILITIES: Readonly<Record<string, Json>> = {
  USER_PROVISIONING: {
    create: { lifecycleCreate: { status: 'DISABLED' } },
    update: {
      profile: { status: 'DISABLED' },
      lifecycleDeactivate: { status: 'DISABLED' },
      password: { status: 'DISABLED', seed: 'RANDOM', change: 'KEEP_EXISTING' },
    },
  },
  INBOUND_PROVISIONING: {
    importSettings: {
      username: { userNameFormat: 'EMAIL' },
      schedule: { status: 'DISABLED', fullImport: null, incrementalImport: null },
    },
    importRules: {
      userCreateAndMatch: {
        exactMatchCriteria: 'EMAIL',
        allowPartialMatch: true,
        autoConfirmPartialMatch: false,
        autoConfirmExactMatch: false,
        autoConfirmNewUsers: false,
        autoActivateNewUsers: false,
      },
    },
  },
}

const DESCRIPTIONS: Readonly<Record<string, string>> = {
  USER_PROVISIONING: 'User provisioning settings from Okta to a downstream application',
  INBOUND_PROVISIONING: 'In-bound provisioning settings for provisioning users from an application to Okta',
}

const featureNamed = (name: string): string => (name in CAPABILITIES ? name : notFound(name, 'PublicAppFeatureSetName'))

const featureOf = (call: OktaCall, app: App, name: string): Document | undefined =>
  call.tables.appFeatures.where('parent', app.id).find((row) => row.data.name === name)

function featureView(call: OktaCall, app: App, name: string) {
  return {
    name,
    status: app.connection?.status === 'ENABLED' ? 'ENABLED' : 'DISABLED',
    description: DESCRIPTIONS[name],
    capabilities: featureOf(call, app, name)?.data.capabilities ?? CAPABILITIES[name],
    _links: { self: hinted(call, `/api/v1/apps/${app.id}/features/${name}`, 'GET', 'PUT') },
  }
}

function deepMerged(before: Json, changes: Json): Json {
  const merged: Record<string, unknown> = { ...before }
  for (const [name, value] of Object.entries(changes)) {
    const known = merged[name]
    const both = [known, value].every((part) => typeof part === 'object' && part !== null && !Array.isArray(part))
    merged[name] = both ? deepMerged(known as Json, value as Json) : value
  }
  return merged
}
