import { noContent, ok } from '../../../shared/kernel/reply.ts'
import { notFound } from '../errors.ts'
import { appTarget, record, userTarget } from '../events.ts'
import { hinted } from '../links.ts'
import { page } from '../paging.ts'
import { appByClient, appOf } from '../rules/apps.ts'
import { issuerPath } from '../rules/authorizationServers.ts'
import { grantsOf, tokensOf, type UserGrant } from '../rules/userGrants.ts'
import { userOf } from '../rules/users.ts'
import type { App } from '../tables/applications.ts'
import type { User } from '../tables/directory.ts'
import type { RefreshToken } from '../tables/oauth.ts'
import { isoTime } from '../time.ts'
import { refreshTokenView } from '../views/authorizationServers.ts'
import { type OktaCall, operations } from './define.ts'

const PAGE = { limit: 20, max: 200 }

/** What people let apps do, and the refresh tokens apps hold: seen and revoked from either side. */
export const userGrants = operations({
  listUserGrants(call) {
    const user = userOf(call, call.params.userId)
    return page(call, grantsOf(call, user), PAGE, (grant) => grantView(call, grant))
  },

  revokeUserGrants(call) {
    revokeGrants(call, grantsOf(call, userOf(call, call.params.userId)))
    return noContent()
  },

  getUserGrant(call) {
    return ok(grantView(call, grantNamed(call)))
  },

  revokeUserGrant(call) {
    revokeGrants(call, [grantNamed(call)])
    return noContent()
  },

  listGrantsForUserAndClient(call) {
    const { user, app } = holderOf(call)
    return page(call, grantsOf(call, user, app), PAGE, (grant) => grantView(call, grant))
  },

  revokeGrantsForUserAndClient(call) {
    const { user, app } = holderOf(call)
    revokeGrants(call, grantsOf(call, user, app))
    return noContent()
  },

  listRefreshTokensForUserAndClient(call) {
    const { user, app } = holderOf(call)
    return page(call, tokensOf(call, user, app), PAGE, (token) => refreshTokenView(call, token, userTokens(user, app)))
  },

  revokeTokensForUserAndClient(call) {
    const { user, app } = holderOf(call)
    for (const token of tokensOf(call, user, app)) revoke(call, token)
    return noContent()
  },

  getRefreshTokenForUserAndClient(call) {
    const { user, app } = holderOf(call)
    return ok(refreshTokenView(call, tokenNamed(call, tokensOf(call, user, app), app), userTokens(user, app)))
  },

  revokeTokenForUserAndClient(call) {
    const { user, app } = holderOf(call)
    revoke(call, tokenNamed(call, tokensOf(call, user, app), app))
    return noContent()
  },

  listOAuth2TokensForApplication(call) {
    const app = appOf(call, call.params.appId)
    return page(call, appTokens(call, app), PAGE, (token) =>
      refreshTokenView(call, token, `/api/v1/apps/${app.id}/tokens`),
    )
  },

  revokeOAuth2TokensForApplication(call) {
    for (const token of appTokens(call, appOf(call, call.params.appId))) revoke(call, token)
    return noContent()
  },

  getOAuth2TokenForApplication(call) {
    const app = appOf(call, call.params.appId)
    return ok(refreshTokenView(call, tokenNamed(call, appTokens(call, app), app), `/api/v1/apps/${app.id}/tokens`))
  },

  revokeOAuth2TokenForApplication(call) {
    const app = appOf(call, call.params.appId)
    revoke(call, tokenNamed(call, appTokens(call, app), app))
    return noContent()
  },
})

/** The user and the client a path names. */
function holderOf(call: OktaCall): { user: User; app: App } {
  const { userId, clientId } = call.params as { userId: string; clientId: string }
  return { user: userOf(call, userId), app: appByClient(call, clientId) }
}

const appTokens = (call: OktaCall, app: App): RefreshToken[] =>
  call.tables.refreshTokens.where('app', app.clientId ?? app.id).filter((token) => token.status === 'ACTIVE')

/** A token's 404 names app and token. */
function tokenNamed(call: OktaCall, tokens: RefreshToken[], app: App): RefreshToken {
  const { tokenId } = call.params as { tokenId: string }
  return tokens.find((token) => token.id === tokenId) ?? notFound(`${app.id}.${tokenId}`, 'OAuth2RefreshTokenTx')
}

function revoke(call: OktaCall, token: RefreshToken): void {
  call.tables.refreshTokens.remove(token.id)
  for (const access of call.tables.accessTokens.where('refresh', token.id)) {
    call.tables.accessTokens.patch(access.secret, { revoked: true })
  }
  record(call, 'app.oauth2.token.revoke', [])
}

const userTokens = (user: User, app: App) => `/api/v1/users/${user.id}/clients/${app.clientId}/tokens`

function grantNamed(call: OktaCall): UserGrant {
  const { userId, grantId } = call.params as { userId: string; grantId: string }
  const grant = grantsOf(call, userOf(call, userId)).find(({ id }) => id === grantId)
  return grant ?? notFound(grantId, 'OAuth2ScopeConsentGrant')
}

/** Tokens that used a consent go with it. */
function revokeGrants(call: OktaCall, grants: readonly UserGrant[]): void {
  for (const grant of grants) {
    for (const token of grant.tokens) if (call.tables.refreshTokens.has(token.id)) revoke(call, token)
    record(call, 'app.oauth2.as.consent.revoke.user', [userTarget(grant.user), appTarget(grant.app)])
  }
}

function grantView(call: OktaCall, grant: UserGrant) {
  const { id, user, app, scope, created, lastUpdated } = grant
  const server = call.tables.authorizationServers.get(grant.server)
  const issuer = call.link(server ? issuerPath(server) : '')
  const scopeRow = call.tables.scopes.where('server', grant.server).find(({ name }) => name === scope)
  return {
    id,
    status: 'ACTIVE',
    created: isoTime(created),
    lastUpdated: isoTime(lastUpdated),
    issuer,
    clientId: app.clientId,
    userId: user.id,
    scopeId: scopeRow?.id ?? scope,
    source: 'END_USER',
    ...((call.query as { expand?: string }).expand === 'scope' && {
      _embedded: { scope: { id: scopeRow?.id ?? scope, name: scope } },
    }),
    _links: {
      app: { href: call.link(`/api/v1/apps/${app.id}`), title: app.label },
      ...(server && {
        authorizationServer: { href: call.link(`/api/v1/authorizationServers/${server.id}`), title: server.name },
      }),
      ...(server &&
        scopeRow && {
          scope: {
            href: call.link(`/api/v1/authorizationServers/${server.id}/scopes/${scopeRow.id}`),
            title: scope,
          },
        }),
      self: hinted(call, `/api/v1/users/${user.id}/grants/${id}`, 'GET', 'DELETE'),
      client: { href: call.link(`/oauth2/v1/clients/${app.clientId}`), title: app.label },
      user: {
        href: call.link(`/api/v1/users/${user.id}`),
        title: `${user.profile.firstName} ${user.profile.lastName}`,
      },
    },
  }
}
