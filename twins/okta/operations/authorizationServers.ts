import { created, noContent, ok } from '../../../shared/kernel/reply.ts'
import { fail, invalid, notFound, requireFields } from '../errors.ts'
import { record, target } from '../events.ts'
import { newId, PREFIX } from '../ids.ts'
import { page, whole } from '../paging.ts'
import { findServer, furnishServer, keysOf, rotateKeys } from '../rules/authorizationServers.ts'
import { revokeRefreshToken } from '../rules/tokens.ts'
import type { Json } from '../tables/document.ts'
import type { AuthorizationServer, RefreshToken } from '../tables/oauth.ts'
import { isoTime } from '../time.ts'
import { refreshTokenView, serverKeyView, serverPath, serverView } from '../views/authorizationServers.ts'
import { bodyOf } from './body.ts'
import { type OktaCall, operations } from './define.ts'

const serverOf = (call: OktaCall): AuthorizationServer =>
  findServer(call.tables, (call.params as { authServerId: string }).authServerId)

const serverTarget = (server: AuthorizationServer) => target('AuthorizationServer', server.id, server.name)

/** The members a client may set, checked. */
function settings(call: OktaCall, before?: AuthorizationServer) {
  const body = bodyOf(call)
  requireFields(body, ['name', 'audiences'])
  const name = body.name as string
  const audiences = body.audiences as string[]
  if (!Array.isArray(audiences) || audiences.length !== 1) {
    invalid('audiences', ['audiences: Exactly one audience must be specified'])
  }
  const signing = ((body.credentials as Json | undefined)?.signing ?? {}) as { rotationMode?: string }
  return {
    name,
    description: (body.description as string | undefined) ?? before?.description ?? '',
    audiences,
    issuerMode: (body.issuerMode as string | undefined) ?? before?.issuerMode ?? 'DYNAMIC',
    rotationMode: signing.rotationMode ?? before?.rotationMode ?? 'AUTO',
  }
}

/** The client in the path, by its id; the tokens it was given by the server in the path. */
function clientOf(call: OktaCall): { clientId: string; server: AuthorizationServer; base: string } {
  const server = serverOf(call)
  const { clientId } = call.params as { clientId: string }
  if (!call.tables.apps.by('client', clientId)) notFound(clientId, 'PublicClientApp')
  return { clientId, server, base: `${serverPath(server)}/clients/${clientId}/tokens` }
}

const tokensOf = (call: OktaCall, serverId: string, clientId: string): RefreshToken[] =>
  call.tables.refreshTokens
    .where('client', [serverId, clientId])
    .filter((token) => token.status === 'ACTIVE' && token.expiresAt > call.now)

function tokenOf(call: OktaCall) {
  const { clientId, server, base } = clientOf(call)
  const { tokenId } = call.params as { tokenId: string }
  const token = tokensOf(call, server.id, clientId).find((one) => one.id === tokenId)
  return { token: token ?? notFound(`${clientId}.${tokenId}`, 'OAuth2RefreshTokenTx'), base }
}

/** Custom authorization servers. */
export const authorizationServers = operations({
  listAuthorizationServers(call) {
    const { q } = call.query
    const wanted = q?.toLowerCase()
    const list = call.tables.authorizationServers
      .all()
      .filter((server) => wanted === undefined || server.name.toLowerCase().startsWith(wanted))
    return page(call, list, { limit: 200, max: 200 }, (server) => serverView(call, server))
  },

  createAuthorizationServer(call) {
    const server = call.tables.authorizationServers.insert({
      id: newId(call, PREFIX.authorizationServer),
      ...settings(call),
      status: 'ACTIVE',
      default: false,
      created: call.now,
      lastUpdated: call.now,
    })
    furnishServer(call, server)
    record(call, 'oauth2.as.created', [serverTarget(server)])
    return created(serverView(call, server))
  },

  getAuthorizationServer: (call) => ok(serverView(call, serverOf(call))),

  replaceAuthorizationServer(call) {
    const before = serverOf(call)
    const server = call.tables.authorizationServers.patch(before.id, {
      ...settings(call, before),
      lastUpdated: call.now,
    })
    record(call, 'oauth2.as.updated', [serverTarget(server)])
    return ok(serverView(call, server))
  },

  deleteAuthorizationServer(call) {
    const server = serverOf(call)
    if (server.default) fail('E0000001', 'default', ['The default authorization server cannot be deleted.'])
    const { tables } = call
    for (const scope of tables.scopes.where('server', server.id)) tables.scopes.remove(scope.id)
    for (const claim of tables.claims.where('server', server.id)) tables.claims.remove(claim.id)
    for (const key of tables.serverKeys.where('server', server.id)) tables.serverKeys.remove(key.kid)
    for (const policy of tables.policies.all().filter((one) => one.owner === server.id)) {
      for (const rule of tables.policyRules.where('policy', policy.id)) tables.policyRules.remove(rule.id)
      tables.policies.remove(policy.id)
    }
    tables.authorizationServers.remove(server.id)
    record(call, 'oauth2.as.deleted', [serverTarget(server)])
    return noContent()
  },

  activateAuthorizationServer: (call) => move(call, 'ACTIVE'),
  deactivateAuthorizationServer: (call) => move(call, 'INACTIVE'),

  listAuthorizationServerKeys(call) {
    const server = serverOf(call)
    const keys = (['ACTIVE', 'NEXT', 'EXPIRED'] as const).flatMap((status) => keysOf(call.tables, server.id, status))
    return whole(keys, (key) => serverKeyView(call, server, key))
  },

  getAuthorizationServerKey(call) {
    const server = serverOf(call)
    const key = call.tables.serverKeys.get(call.params.keyId)
    if (key?.serverId !== server.id) return notFound(call.params.keyId, 'JsonWebKey')
    return ok(serverKeyView(call, server, key))
  },

  rotateAuthorizationServerKeys(call) {
    const server = serverOf(call)
    if (bodyOf(call).use !== 'sig') fail('E0000001', 'use', ['use: The field has an invalid value'])
    rotateKeys(call, server.id)
    record(call, 'app.oauth2.as.key.rollover', [serverTarget(server)])
    const keys = (['ACTIVE', 'NEXT', 'EXPIRED'] as const).flatMap((status) => keysOf(call.tables, server.id, status))
    return whole(keys, (key) => serverKeyView(call, server, key))
  },

  /** Clients that hold tokens of this server. */
  listOAuth2ClientsForAuthorizationServer(call) {
    const server = serverOf(call)
    const clients = new Set(call.tables.refreshTokens.where('client', server.id).map((token) => token.clientId))
    return whole(clients, (clientId) => {
      const app = call.tables.apps.by('client', clientId)
      return {
        client_id: clientId,
        client_name: app?.label,
        client_uri: null,
        logo_uri: null,
        _links: {
          client: { href: call.link(`/oauth2/v1/clients/${clientId}`) },
          tokens: { href: call.link(`${serverPath(server)}/clients/${clientId}/tokens`) },
        },
      }
    })
  },

  listRefreshTokensForAuthorizationServerAndClient(call) {
    const { clientId, server, base } = clientOf(call)
    const list = tokensOf(call, server.id, clientId)
    return page(call, list, { limit: 20, max: 200 }, (token) => refreshTokenView(call, token, base))
  },

  revokeRefreshTokensForAuthorizationServerAndClient(call) {
    const { clientId, server } = clientOf(call)
    for (const token of tokensOf(call, server.id, clientId)) revokeRefreshToken(call, token)
    return noContent()
  },

  getRefreshTokenForAuthorizationServerAndClient(call) {
    const { token, base } = tokenOf(call)
    return ok(refreshTokenView(call, token, base))
  },

  revokeRefreshTokenForAuthorizationServerAndClient(call) {
    revokeRefreshToken(call, tokenOf(call).token)
    return noContent()
  },

  listAssociatedServersByTrustedType(call) {
    const server = serverOf(call)
    const { trusted, q } = call.query
    const pairs = call.tables.associatedServers.all()
    // What is not trusted is every other server.
    const ids = trusted
      ? pairs.filter((pair) => pair.parent === server.id).map((pair) => pair.data.trusted as string)
      : call.tables.authorizationServers
          .all()
          .map((one) => one.id)
          .filter((id) => id !== server.id && !pairs.some((pair) => pair.id === `${server.id}/${id}`))
    const list = ids
      .map((id) => call.tables.authorizationServers.get(id))
      .filter((one) => one !== undefined)
      .filter((one) => q === undefined || one.name.toLowerCase().startsWith(q.toLowerCase()))
    return page(call, list, { limit: 200, max: 200 }, (one) => serverView(call, one))
  },

  createAssociatedServers(call) {
    const server = serverOf(call)
    const trusted = (bodyOf(call).trusted ?? []) as string[]
    const servers = trusted.map((id) => findServer(call.tables, id))
    for (const other of servers) {
      const id = `${server.id}/${other.id}`
      call.tables.associatedServers.put({
        id,
        parent: server.id,
        created: call.now,
        lastUpdated: call.now,
        data: { trusted: other.id },
      })
    }
    return ok(servers.map((other) => serverView(call, other)))
  },

  deleteAssociatedServer(call) {
    const server = serverOf(call)
    const removed = call.tables.associatedServers.remove(`${server.id}/${call.params.associatedServerId}`)
    return removed ? noContent() : notFound(call.params.associatedServerId, 'AuthorizationServer')
  },

  listOAuth2ResourceServerJsonWebKeys(call) {
    const server = serverOf(call)
    return whole(call.tables.resourceServerKeys.where('parent', server.id), (row) => resourceKeyView(call, server, row))
  },

  addOAuth2ResourceServerJsonWebKey(call) {
    const server = serverOf(call)
    const { kty, n, e, kid, use = 'enc', status = 'INACTIVE' } = bodyOf(call) as Record<string, string>
    if (kty !== 'RSA' || !n || !e) invalid('jwks', ["jwks: The 'jwks' is invalid."])
    const complaint = resourceKeyComplaint(call.tables.resourceServerKeys.where('parent', server.id), {
      n,
      kid,
      status,
    })
    if (complaint) invalid('JsonWebKey', [complaint])
    const row = call.tables.resourceServerKeys.insert({
      id: newId(call, 'rsk'),
      parent: server.id,
      status,
      created: call.now,
      lastUpdated: call.now,
      data: { kty, kid: kid ?? null, use, n, e },
    })
    return created(resourceKeyView(call, server, row))
  },

  getOAuth2ResourceServerJsonWebKey(call) {
    const { server, row } = resourceKeyOf(call)
    return ok(resourceKeyView(call, server, row))
  },

  deleteOAuth2ResourceServerJsonWebKey(call) {
    const { row } = resourceKeyOf(call)
    if (row.status === 'ACTIVE') {
      invalid('JsonWebKey', ["'ACTIVE' keys cannot be deleted. Activate another key before deleting this one."])
    }
    call.tables.resourceServerKeys.remove(row.id)
    return noContent()
  },

  /** One key encrypts: activating one retires the other. */
  activateOAuth2ResourceServerJsonWebKey(call) {
    const { server, row } = resourceKeyOf(call)
    for (const other of call.tables.resourceServerKeys.where('parent', server.id)) {
      call.tables.resourceServerKeys.patch(other.id, { status: other.id === row.id ? 'ACTIVE' : 'INACTIVE' })
    }
    return ok(resourceKeyView(call, server, { ...row, status: 'ACTIVE' }))
  },

  deactivateOAuth2ResourceServerJsonWebKey(call) {
    const { server, row } = resourceKeyOf(call)
    if (row.status === 'ACTIVE' && server.accessTokenEncryptedResponseAlgorithm) {
      invalid('JsonWebKey', ['You cannot deactivate the active key when access token encryption is enabled.'])
    }
    return ok(resourceKeyView(call, server, call.tables.resourceServerKeys.patch(row.id, { status: 'INACTIVE' })))
  },
})

function move(call: OktaCall, status: AuthorizationServer['status']) {
  const server = call.tables.authorizationServers.patch(serverOf(call).id, { status, lastUpdated: call.now })
  record(call, status === 'ACTIVE' ? 'oauth2.as.activated' : 'oauth2.as.deactivated', [serverTarget(server)])
  return noContent()
}

type KeyRow = ReturnType<OktaCall['tables']['resourceServerKeys']['all']>[number]

function resourceKeyOf(call: OktaCall): { server: AuthorizationServer; row: KeyRow } {
  const server = serverOf(call)
  const { keyId } = call.params as { keyId: string }
  const row = call.tables.resourceServerKeys.get(keyId)
  return { server, row: row?.parent === server.id ? row : notFound(keyId, 'JsonWebKey') }
}

const MAX_RESOURCE_KEYS = 5

/** What keeps a key of a resource server from joining those there are. */
function resourceKeyComplaint(
  known: readonly KeyRow[],
  { n, kid, status }: { n?: string | undefined; kid?: string | undefined; status: string },
): string | undefined {
  if (status === 'ACTIVE')
    return "Keys cannot be created with an 'ACTIVE' status. Create an 'INACTIVE' key and then activate it."
  if (known.length >= MAX_RESOURCE_KEYS)
    return `You can't create a new key. You have reached the maximum number of keys allowed (${MAX_RESOURCE_KEYS}). To add another key, you must first delete an existing one.`
  if (known.some(({ data }) => data.kid === (kid ?? null))) return "Each key must have a unique 'kid'."
  return Buffer.from(n ?? '', 'base64url').length < 256
    ? "RSA key length in the 'jwks' is less than '2,048' bits for the given key."
    : undefined
}

const resourceKeyView = (call: OktaCall, server: AuthorizationServer, row: KeyRow) => {
  const path = `${serverPath(server)}/resourceservercredentials/keys/${row.id}`
  const next = row.status === 'ACTIVE' ? 'deactivate' : 'activate'
  return {
    id: row.id,
    ...row.data,
    status: row.status,
    created: isoTime(row.created),
    lastUpdated: isoTime(row.lastUpdated),
    _links: { [next]: { href: call.link(`${path}/lifecycle/${next}`), hints: { allow: ['POST'] } } },
  }
}
