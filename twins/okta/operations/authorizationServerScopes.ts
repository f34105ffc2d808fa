import { created, noContent, ok } from '../../../shared/kernel/reply.ts'
import { blank, invalid, notFound, requireFields, taken } from '../errors.ts'
import { record, target } from '../events.ts'
import { newId, PREFIX } from '../ids.ts'
import { whole } from '../paging.ts'
import { claimsOf, findServer, scopesOf } from '../rules/authorizationServers.ts'
import { claimProblem } from '../rules/claims.ts'
import type { Json } from '../tables/document.ts'
import type { AuthorizationServer, Claim, Scope } from '../tables/oauth.ts'
import { claimView, scopeView } from '../views/authorizationServers.ts'
import { bodyOf } from './body.ts'
import { type OktaCall, operations } from './define.ts'

const serverOf = (call: OktaCall): AuthorizationServer =>
  findServer(call.tables, (call.params as { authServerId: string }).authServerId)

function scopeOf(call: OktaCall, server: AuthorizationServer): Scope {
  const { scopeId } = call.params as { scopeId: string }
  const scope = call.tables.scopes.get(scopeId)
  return scope?.serverId === server.id ? scope : notFound(scopeId, 'OAuth2Scope')
}

function claimOf(call: OktaCall, server: AuthorizationServer): Claim {
  const { claimId } = call.params as { claimId: string }
  const claim = call.tables.claims.get(claimId)
  return claim?.serverId === server.id ? claim : notFound(claimId, 'OAuth2Claim')
}

const scopeTarget = (scope: Scope) => target('OAuth2Scope', scope.id, scope.name)
const claimTarget = (claim: Claim) => target('OAuth2Claim', claim.id, claim.name)

function scopeSettings(call: OktaCall, server: AuthorizationServer, before?: Scope) {
  const body = bodyOf(call)
  requireFields(body, ['name'])
  const name = body.name as string
  if (/\s/.test(name)) invalid('name', ['name: The scope name cannot contain spaces'])
  if (!before?.system && name.startsWith('okta.')) invalid('name', ["name: The scope name cannot start with 'okta.'"])
  const twin = call.tables.scopes.by('name', [server.id, name])
  if (twin && twin.id !== before?.id) invalid('name', [taken('name')])
  return {
    name: before?.system ? before.name : name,
    displayName: (body.displayName as string | undefined) ?? null,
    description: (body.description as string | undefined) ?? null,
    metadataPublish: (body.metadataPublish as string | undefined) ?? 'NO_CLIENTS',
    consent: (body.consent as string | undefined) ?? 'IMPLICIT',
    default: body.default === true,
    optional: body.optional === true,
  }
}

const RESERVED = [
  'iss',
  'aud',
  'iat',
  'exp',
  'jti',
  'ver',
  'cid',
  'uid',
  'scp',
  'nonce',
  'at_hash',
  'c_hash',
  'auth_time',
  'amr',
  'idp',
  'acr',
  'nbf',
  'active',
  'token_type',
  'client_id',
  'device_id',
]

function claimSettings(call: OktaCall, before?: Claim) {
  const body = bodyOf(call)
  requireFields(body, ['name'])
  const name = body.name as string
  if (RESERVED.includes(name)) invalid('name', [`name: '${name}' is a reserved claim name`])
  const valueType = ((body.valueType as string | undefined) ?? before?.valueType ?? 'EXPRESSION') as string
  const value = body.value as string | undefined
  if (value === undefined && valueType !== 'SYSTEM') invalid('value', [blank('value')])
  const problem = valueType === 'EXPRESSION' ? claimProblem(call.tables, value ?? '') : undefined
  if (problem) invalid('value', [`value: ${problem}`])
  return {
    name: before?.system ? before.name : name,
    status: ((body.status as string | undefined) ?? 'ACTIVE') as Claim['status'],
    claimType: ((body.claimType as string | undefined) ?? 'RESOURCE') as Claim['claimType'],
    valueType,
    value: value ?? before?.value ?? '',
    ...(body.group_filter_type ? { groupFilterType: body.group_filter_type as string } : {}),
    scopes: (((body.conditions as Json | undefined)?.scopes as string[] | undefined) ?? []) as string[],
    alwaysIncludeInToken: body.alwaysIncludeInToken === true,
  }
}

/** Scopes and claims of custom authorization servers. */
export const authorizationServerScopes = operations({
  listOAuth2Scopes(call) {
    const server = serverOf(call)
    const q = call.query.q?.toLowerCase()
    const list = scopesOf(call.tables, server.id).filter(
      (scope) => q === undefined || scope.name.toLowerCase().startsWith(q),
    )
    return whole(list, (scope) => scopeView(call, server, scope))
  },

  createOAuth2Scope(call) {
    const server = serverOf(call)
    const scope = call.tables.scopes.insert({
      id: newId(call, PREFIX.scope),
      serverId: server.id,
      system: false,
      ...scopeSettings(call, server),
    })
    record(call, 'oauth2.scope.created', [scopeTarget(scope)])
    return created(scopeView(call, server, scope))
  },

  getOAuth2Scope(call) {
    const server = serverOf(call)
    return ok(scopeView(call, server, scopeOf(call, server)))
  },

  replaceOAuth2Scope(call) {
    const server = serverOf(call)
    const before = scopeOf(call, server)
    const scope = call.tables.scopes.patch(before.id, scopeSettings(call, server, before))
    record(call, 'oauth2.scope.updated', [scopeTarget(scope)])
    return ok(scopeView(call, server, scope))
  },

  deleteOAuth2Scope(call) {
    const scope = scopeOf(call, serverOf(call))
    if (scope.system) invalid('scope', ['System scopes cannot be deleted.'])
    call.tables.scopes.remove(scope.id)
    record(call, 'oauth2.scope.deleted', [scopeTarget(scope)])
    return noContent()
  },

  listOAuth2Claims(call) {
    const server = serverOf(call)
    return whole(claimsOf(call.tables, server.id), (claim) => claimView(call, server, claim))
  },

  createOAuth2Claim(call) {
    const server = serverOf(call)
    const given = claimSettings(call)
    const twin = claimsOf(call.tables, server.id).find(
      (one) => one.name === given.name && one.claimType === given.claimType,
    )
    if (twin) invalid('name', [taken('name')])
    const claim = call.tables.claims.insert({
      id: newId(call, PREFIX.claim),
      serverId: server.id,
      system: false,
      ...given,
    })
    record(call, 'oauth2.claim.created', [claimTarget(claim)])
    return created(claimView(call, server, claim))
  },

  getOAuth2Claim(call) {
    const server = serverOf(call)
    return ok(claimView(call, server, claimOf(call, server)))
  },

  replaceOAuth2Claim(call) {
    const server = serverOf(call)
    const before = claimOf(call, server)
    const claim = call.tables.claims.patch(before.id, claimSettings(call, before))
    record(call, 'oauth2.claim.updated', [claimTarget(claim)])
    return ok(claimView(call, server, claim))
  },

  deleteOAuth2Claim(call) {
    const claim = claimOf(call, serverOf(call))
    if (claim.system) invalid('claim', ['System claims cannot be deleted.'])
    call.tables.claims.remove(claim.id)
    record(call, 'oauth2.claim.deleted', [claimTarget(claim)])
    return noContent()
  },
})
