import { noContent, ok } from '../../../shared/kernel/reply.ts'
import { notFound } from '../errors.ts'
import { record, target } from '../events.ts'
import { hinted } from '../links.ts'
import { objectBody } from '../resource.ts'
import type { ApiToken } from '../tables/administration.ts'
import { isoTime } from '../time.ts'
import { objectIn } from './body.ts'
import { type OktaCall, operations } from './define.ts'

/** API tokens: seen, narrowed to networks, revoked. Only the console makes them. */
export const apiTokens = operations({
  listApiTokens(call) {
    return ok(call.tables.apiTokens.all().map((token) => tokenView(token, call)))
  },

  getApiToken(call) {
    return ok(tokenView(tokenOf(call), call))
  },

  upsertApiToken(call) {
    const network = objectIn(objectBody(call), 'network')
    const token = call.tables.apiTokens.patch(tokenOf(call).id, { network, lastUpdated: call.now })
    return ok(tokenView(token, call))
  },

  revokeApiToken(call) {
    return revoked(call, tokenOf(call))
  },

  revokeCurrentApiToken(call) {
    const token = call.caller.tokenId ? call.tables.apiTokens.get(call.caller.tokenId) : undefined
    return revoked(call, token ?? notFound('current', 'Token'))
  },
})

function tokenOf(call: OktaCall): ApiToken {
  const { apiTokenId } = call.params as { apiTokenId: string }
  return call.tables.apiTokens.get(apiTokenId) ?? notFound(apiTokenId, 'Token')
}

function revoked(call: OktaCall, token: ApiToken) {
  call.tables.apiTokens.remove(token.id)
  record(call, 'system.api_token.revoke', [target('Token', token.id, token.name)])
  return noContent()
}

const tokenView = (token: ApiToken, call: OktaCall) => ({
  id: token.id,
  name: token.name,
  userId: token.userId,
  clientName: token.clientName,
  tokenWindow: token.tokenWindow,
  network: token.network,
  expiresAt: isoTime(token.expiresAt),
  created: isoTime(token.created),
  lastUpdated: isoTime(token.lastUpdated),
  _links: {
    self: hinted(call, `/api/v1/api-tokens/${token.id}`, 'GET', 'DELETE'),
    user: hinted(call, `/api/v1/users/${token.userId}`, 'GET'),
  },
})
