import { signingKey } from '../../../shared/universe/keys.ts'
import { hinted, type Linker } from '../links.ts'
import type { OktaContext } from '../operations/define.ts'
import { activeKey, issuerPath, serverSegment } from '../rules/authorizationServers.ts'
import type { AuthorizationServer, Claim, RefreshToken, Scope, ServerKey } from '../tables/oauth.ts'
import type { OktaTables } from '../tables.ts'
import { isoTime } from '../time.ts'

const DAY = 24 * 3600 * 1000
/** Keys that rotate by themselves do so every ninety days. */
const ROTATION = 90 * DAY

export const serverPath = (server: AuthorizationServer): string =>
  `/api/v1/authorizationServers/${serverSegment(server)}`

export function serverView(call: Linker & Pick<OktaContext, 'tables'>, server: AuthorizationServer) {
  const path = serverPath(server)
  const issuer = issuerPath(server)
  const key = activeKey(call.tables, server.id)
  return {
    id: server.id,
    name: server.name,
    description: server.description,
    audiences: server.audiences,
    issuer: call.link(issuer),
    issuerMode: server.issuerMode,
    status: server.status,
    created: isoTime(server.created),
    lastUpdated: isoTime(server.lastUpdated),
    credentials: {
      signing: {
        kid: key.kid,
        rotationMode: server.rotationMode,
        lastRotated: isoTime(key.created),
        ...(server.rotationMode === 'AUTO' && { nextRotation: isoTime(key.created + ROTATION) }),
      },
    },
    default: server.default,
    _links: {
      ...(server.status === 'INACTIVE' && { activate: hinted(call, `${path}/lifecycle/activate`, 'POST') }),
      rotateKey: hinted(call, `${path}/credentials/lifecycle/keyRotate`, 'POST'),
      metadata: [
        {
          name: 'oauth-authorization-server',
          href: call.link(
            server.default
              ? `/.well-known/oauth-authorization-server${issuer}`
              : `${issuer}/.well-known/oauth-authorization-server`,
          ),
          hints: { allow: ['GET'] },
        },
        {
          name: 'openid-configuration',
          href: call.link(`${issuer}/.well-known/openid-configuration`),
          hints: { allow: ['GET'] },
        },
      ],
      resourceServerCredentialsKeys: hinted(call, `${path}/resourceservercredentials/keys`, 'GET'),
      keys: hinted(call, `${path}/credentials/keys`, 'GET'),
      claims: hinted(call, `${path}/claims`, 'GET', 'POST'),
      policies: hinted(call, `${path}/policies`, 'GET', 'POST'),
      self: hinted(call, path, 'GET', 'DELETE', 'PUT'),
      scopes: hinted(call, `${path}/scopes`, 'GET', 'POST'),
      ...(server.status === 'ACTIVE' && { deactivate: hinted(call, `${path}/lifecycle/deactivate`, 'POST') }),
    },
  }
}

export function scopeView(call: Linker, server: AuthorizationServer, scope: Scope) {
  return {
    id: scope.id,
    name: scope.name,
    ...(scope.displayName != null && { displayName: scope.displayName }),
    description: scope.description ?? null,
    system: scope.system,
    metadataPublish: scope.metadataPublish,
    consent: scope.consent,
    optional: scope.optional,
    apiResourceId: null,
    default: scope.default,
    _links: {
      self: scope.system
        ? hinted(call, `${serverPath(server)}/scopes/${scope.id}`, 'GET', 'PUT')
        : hinted(call, `${serverPath(server)}/scopes/${scope.id}`, 'GET', 'PUT', 'DELETE'),
    },
  }
}

export function claimView(call: Linker, server: AuthorizationServer, claim: Claim) {
  return {
    id: claim.id,
    name: claim.name,
    status: claim.status,
    claimType: claim.claimType,
    valueType: claim.valueType,
    value: claim.value,
    ...(claim.groupFilterType && { group_filter_type: claim.groupFilterType }),
    conditions: { scopes: claim.scopes },
    system: claim.system,
    alwaysIncludeInToken: claim.alwaysIncludeInToken,
    apiResourceId: null,
    _links: { self: hinted(call, `${serverPath(server)}/claims/${claim.id}`, 'GET', 'PUT', 'DELETE') },
  }
}

/** A public key as a key set has it. */
export const jwk = (key: ServerKey) => {
  const { e, n } = signingKey(key.pool).publicJwk
  return { kty: 'RSA', alg: 'RS256', kid: key.kid, use: 'sig', e, n }
}

export function serverKeyView(call: Linker, server: AuthorizationServer, key: ServerKey) {
  const { kty, alg, kid, use, e, n } = jwk(key)
  const self = hinted(call, `${serverPath(server)}/credentials/keys/${key.kid}`, 'GET')
  return { kty, status: key.status, alg, kid, use, _links: { self }, e, n }
}

/** A refresh token as administrators see it: what it is for, not what it is. */
export function refreshTokenView(call: Linker & { readonly tables: OktaTables }, token: RefreshToken, base: string) {
  const server = call.tables.authorizationServers.get(token.server)
  const app = call.tables.apps.by('client', token.clientId)
  const user = token.userId ? call.tables.users.get(token.userId) : undefined
  const path = `${base}/${token.id}`
  return {
    id: token.id,
    status: token.status,
    created: isoTime(token.created),
    lastUpdated: isoTime(token.lastUpdated),
    expiresAt: isoTime(token.expiresAt),
    issuer: call.link(server ? issuerPath(server) : ''),
    clientId: token.clientId,
    userId: token.userId ?? null,
    scopes: token.scopes,
    _links: {
      app: { href: call.link(`/api/v1/apps/${app?.id ?? token.clientId}`), title: app?.label },
      ...(server && {
        authorizationServer: { href: call.link(`/api/v1/authorizationServers/${server.id}`), title: server.name },
      }),
      self: { href: call.link(path) },
      revoke: { href: call.link(path), hints: { allow: ['DELETE'] } },
      client: { href: call.link(`/oauth2/v1/clients/${token.clientId}`), title: app?.label },
      ...(user && {
        user: {
          href: call.link(`/api/v1/users/${user.id}`),
          title: `${user.profile.firstName} ${user.profile.lastName}`,
        },
      }),
    },
  }
}
