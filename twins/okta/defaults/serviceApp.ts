import { signingKey } from '../../../shared/universe/keys.ts'
import { newId, PREFIX } from '../ids.ts'
import type { OktaMoment } from '../operations/define.ts'
import { createApp } from '../rules/apps.ts'
import { assign } from '../rules/roles.ts'

/** The ready-made service app: its id, the id of its key, and which key of the pool that is. */
export const SERVICE_APP = { clientId: '0oaTwinServiceApp0001', keyId: 'twin', pool: 7 } as const

/** Areas of the org's API the service app may read and manage. */
const AREAS = [
  'apiTokens',
  'appGrants',
  'apps',
  'authenticators',
  'authorizationServers',
  'behaviors',
  'brands',
  'captchas',
  'clients',
  'devices',
  'domains',
  'eventHooks',
  'factors',
  'features',
  'groups',
  'idps',
  'inlineHooks',
  'linkedObjects',
  'logStreams',
  'networkZones',
  'oauthIntegrations',
  'orgs',
  'policies',
  'profileMappings',
  'realms',
  'roles',
  'schemas',
  'sessions',
  'templates',
  'threatInsights',
  'trustedOrigins',
  'userTypes',
  'users',
]
// biome-ignore format: a list of names

const SCOPES = [...AREAS.flatMap((area) => [`okta.${area}.read`, `okta.${area}.manage`]), 'okta.logs.read']

/** A service app that proves itself with a key and, as Okta has it for new ones, binds its tokens by DPoP. */
export function seedServiceApp(moment: OktaMoment): void {
  const { tables, now } = moment
  const { app } = createApp(
    moment,
    {
      name: 'oidc_client',
      label: 'Twin service app',
      signOnMode: 'OPENID_CONNECT',
      credentials: {
        oauthClient: { client_id: SERVICE_APP.clientId, token_endpoint_auth_method: 'private_key_jwt' },
      },
      settings: {
        oauthClient: {
          application_type: 'service',
          grant_types: ['client_credentials'],
          response_types: ['token'],
          dpop_bound_access_tokens: true,
          jwks: { keys: [{ ...signingKey(SERVICE_APP.pool).publicJwk, kid: SERVICE_APP.keyId, use: 'sig' }] },
        },
      },
    },
    true,
  )
  assign(moment, { holder: 'CLIENT', holderId: SERVICE_APP.clientId, type: 'SUPER_ADMIN' })
  for (const scopeId of SCOPES) {
    tables.appGrants.insert({
      id: newId(moment, PREFIX.appGrant),
      parent: app.id,
      status: 'ACTIVE',
      created: now,
      lastUpdated: now,
      data: { scopeId },
    })
  }
}
