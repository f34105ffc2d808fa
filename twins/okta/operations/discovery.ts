import { ok } from '../../../shared/kernel/reply.ts'
import { notFound } from '../errors.ts'
import { findServer, keysOf } from '../rules/authorizationServers.ts'
import { findClient } from '../rules/clients.ts'
import { type Issuer, issuerOf } from '../rules/tokens.ts'
import { jwk } from '../views/authorizationServers.ts'
import { authorizationServerMetadata, openidConfiguration } from '../views/discovery.ts'
import { type OktaCall, operations } from './define.ts'

/** Discovery documents and keys are for everybody and may be kept for a while. */
const CACHED = { 'cache-control': 'max-age=86400, must-revalidate' }

const issuerIn = (call: OktaCall): Issuer => {
  const id = (call.params as { authorizationServerId?: string }).authorizationServerId
  return issuerOf(call, id === undefined ? undefined : findServer(call.tables, id))
}

/** `client_id` in the query must name a client. */
function checkClient(call: OktaCall): void {
  const { client_id: id } = call.query as { client_id?: string }
  if (id !== undefined && !findClient(call.tables, id)) notFound(id, 'PublicClientApp')
}

const configuration = (call: OktaCall) => {
  checkClient(call)
  return ok(openidConfiguration(call, issuerIn(call)), CACHED)
}

const metadata = (call: OktaCall) => {
  checkClient(call)
  return ok(authorizationServerMetadata(call, issuerIn(call)), CACHED)
}

const keys = (call: OktaCall) => {
  const { id } = issuerIn(call)
  const active = (['ACTIVE', 'NEXT', 'EXPIRED'] as const).flatMap((status) => keysOf(call.tables, id, status))
  return ok({ keys: active.map(jwk) }, CACHED)
}

/** What clients ask before they begin. */
export const discovery = operations({
  getWellKnownOpenIDConfiguration: configuration,
  getWellKnownOpenIDConfigurationCustomAS: configuration,
  getWellKnownOAuthConfiguration: metadata,
  getWellKnownOAuthConfigurationCustomAS: metadata,
  getWellKnownOAuthConfigurationByPath: metadata,
  oauthKeys: keys,
  oauthKeysCustomAS: keys,

  /** RFC 7033: who signs this person in. */
  getWebfinger(call) {
    const { resource = '' } = call.query
    const rel = call.query.rel === 'okta:idp' ? 'okta:idp' : 'http://openid.net/specs/connect/1.0/issuer'
    const properties = rel === 'okta:idp' ? { 'okta:idp:type': 'OKTA' } : {}
    return ok({
      subject: resource,
      links: [
        { rel, href: call.link(rel === 'okta:idp' ? '/sso/idps/OKTA' : ''), titles: { und: 'Okta' }, properties },
      ],
    })
  },
})
