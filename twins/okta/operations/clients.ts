import { created, noContent, ok } from '../../../shared/kernel/reply.ts'
import { invalid, notFound } from '../errors.ts'
import { clientSecret } from '../ids.ts'
import { page } from '../paging.ts'
import { objectBody } from '../resource.ts'
import { removeApp } from '../rules/appRemoval.ts'
import { createApp, oauthCredentials, ownApp, replaceApp } from '../rules/apps.ts'
import { addSecret } from '../rules/clientSecrets.ts'
import type { App } from '../tables/applications.ts'
import type { Json } from '../tables/document.ts'
import { type OktaCall, operations } from './define.ts'

const clientApp = (call: OktaCall): App => {
  const { clientId } = call.params as { clientId: string }
  return call.tables.apps.by('client', clientId) ?? notFound(clientId, 'PublicClientApp')
}

/** An app as RFC 7591 tells of it. */
function clientView(app: App, secret?: string) {
  const settings = (app.settings.oauthClient ?? {}) as Json
  const {
    client_uri,
    logo_uri,
    redirect_uris,
    post_logout_redirect_uris,
    response_types,
    grant_types,
    application_type,
    jwks,
    jwks_uri,
    initiate_login_uri,
    tos_uri,
    policy_uri,
  } = settings
  return {
    client_id: app.clientId,
    ...(secret !== undefined && { client_secret: secret }),
    client_id_issued_at: Math.floor(app.created / 1000),
    ...(secret !== undefined && { client_secret_expires_at: 0 }),
    client_name: app.label,
    client_uri: client_uri ?? null,
    logo_uri: logo_uri ?? null,
    ...(tos_uri ? { tos_uri } : {}),
    ...(policy_uri ? { policy_uri } : {}),
    redirect_uris,
    ...(post_logout_redirect_uris ? { post_logout_redirect_uris } : {}),
    ...(initiate_login_uri ? { initiate_login_uri } : {}),
    response_types,
    grant_types,
    token_endpoint_auth_method: oauthCredentials(app).token_endpoint_auth_method,
    application_type,
    ...(jwks ? { jwks } : {}),
    ...(jwks_uri ? { jwks_uri } : {}),
  }
}

/** A registration in the terms of an app. People are asked for consent unless the request says otherwise. */
function appBody(body: Json, before?: App): Json {
  const {
    client_name: name,
    client_id,
    client_secret,
    token_endpoint_auth_method,
    application_type = 'web',
    ...rest
  } = body
  if (!name) invalid('client_name', ['client_name: The field cannot be left blank'])
  return {
    name: 'oidc_client',
    label: name,
    signOnMode: 'OPENID_CONNECT',
    credentials: {
      oauthClient: {
        ...(client_id !== undefined && { client_id }),
        ...(client_secret !== undefined && { client_secret }),
        ...(token_endpoint_auth_method !== undefined && { token_endpoint_auth_method }),
        ...(before && { client_id: before.clientId }),
      },
    },
    settings: {
      oauthClient: { consent_method: 'REQUIRED', grant_types: ['authorization_code'], ...rest, application_type },
    },
  }
}

/** Dynamic client registration: the same records the apps API keeps. */
export const clients = operations({
  listClients(call) {
    const wanted = call.query.q?.toLowerCase()
    const list = call.tables.apps
      .all()
      .filter(
        (app) => app.clientId !== undefined && (wanted === undefined || app.label.toLowerCase().startsWith(wanted)),
      )
    return page(call, list, { limit: 200, max: 200 }, (app) => clientView(app))
  },

  createClient(call) {
    const { app, secret } = createApp(call, appBody(objectBody(call as { body: unknown })), true)
    return created(clientView(app, secret))
  },

  getClient: (call) => ok(clientView(clientApp(call))),

  replaceClient(call) {
    const before = clientApp(call)
    return ok(clientView(replaceApp(call, before, appBody(objectBody(call as { body: unknown }), before)).app))
  },

  deleteClient(call) {
    removeApp(call, ownApp(clientApp(call)))
    return noContent()
  },

  /** The new secret takes the place of all others. */
  generateNewClientSecret(call) {
    const app = clientApp(call)
    for (const secret of call.tables.clientSecrets.where('app', app.id)) call.tables.clientSecrets.remove(secret.id)
    const secret = clientSecret(call)
    addSecret(call, app, secret)
    return ok(clientView(app, secret))
  },
})
