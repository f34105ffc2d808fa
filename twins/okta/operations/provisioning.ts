import { noContent, ok } from '../../../shared/kernel/reply.ts'
import { signingKey } from '../../../shared/universe/keys.ts'
import { invalid, notFound } from '../errors.ts'
import { newId } from '../ids.ts'
import { hinted } from '../links.ts'
import { objectBody } from '../resource.ts'
import { CATALOGUE_APPS } from '../rules/appCatalogue.ts'
import { orgKeyId } from '../rules/appKeys.ts'
import { appOf } from '../rules/apps.ts'
import type { App } from '../tables/applications.ts'
import type { Document, Json } from '../tables/document.ts'
import { bodyOf, objectIn, textIn } from './body.ts'
import { type OktaCall, operations } from './define.ts'

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
