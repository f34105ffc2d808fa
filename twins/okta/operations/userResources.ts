import { created, noContent, ok } from '../../../shared/kernel/reply.ts'
import { invalid, notFound } from '../errors.ts'
import { record, userTarget } from '../events.ts'
import { hinted, plain } from '../links.ts'
import { page } from '../paging.ts'
import { objectBody } from '../resource.ts'
import { appByClient, appOf } from '../rules/apps.ts'
import { userOf } from '../rules/users.ts'
import type { App } from '../tables/applications.ts'
import type { User } from '../tables/directory.ts'
import type { RefreshToken } from '../tables/oauth.ts'
import { isoTime } from '../time.ts'
import { refreshTokenView } from '../views/authorizationServers.ts'
import { textIn } from './body.ts'
import { type OktaCall, operations } from './define.ts'

const PAGE = { limit: 20, max: 200 }

/** What belongs to a user: app links, OAuth clients, grants and tokens, risk and classification. */
export const userResources = operations({
  /** One tile per link of each assigned app. */
  listAppLinks(call) {
    const user = userOf(call, call.params.id)
    const apps = call.tables.appUsers.where('user', user.id).flatMap(({ appId }) => call.tables.apps.get(appId) ?? [])
    const shown = apps.filter((app) => app.status === 'ACTIVE')
    return ok(shown.flatMap((app, sortOrder) => appLinksOf(call, user, app, sortOrder)))
  },

  /** Devices the user signed in from or enrolled with. */
  listUserDevices(call) {
    const user = userOf(call, call.params.userId)
    const links = call.tables.deviceUsers.all().filter((link) => link.data.userId === user.id)
    return ok(
      links.flatMap((link) => {
        const device = link.parent === undefined ? undefined : call.tables.devices.get(link.parent)
        if (!device) return []
        const { id, status } = device
        return [{ created: isoTime(link.created), deviceUserId: link.id, device: { id, status, ...device.data } }]
      }),
    )
  },

  listUserClients(call) {
    const user = userOf(call, call.params.userId)
    const ids = new Set(tokensOf(call, user).map((token) => token.clientId))
    return ok([...ids].flatMap((id) => clientView(call, user, id)))
  },

  listUserGrants(call) {
    const user = userOf(call, call.params.userId)
    return page(call, grantsOf(call, user), PAGE, (grant) => grant)
  },

  revokeUserGrants(call) {
    userOf(call, call.params.userId)
    return noContent()
  },

  getUserGrant(call) {
    const user = userOf(call, call.params.userId)
    return ok(
      grantsOf(call, user).find((grant) => grant.id === call.params.grantId) ?? missingGrant(call.params.grantId),
    )
  },

  revokeUserGrant(call) {
    userOf(call, call.params.userId)
    return missingGrant(call.params.grantId)
  },

  listGrantsForUserAndClient(call) {
    const user = userOf(call, call.params.userId)
    const { clientId } = call.params
    appByClient(call, clientId)
    const grants = grantsOf(call, user).filter((grant) => grant.clientId === clientId)
    return page(call, grants, PAGE, (grant) => grant)
  },

  revokeGrantsForUserAndClient(call) {
    const user = userOf(call, call.params.userId)
    const app = appByClient(call, call.params.clientId)
    for (const token of tokensOf(call, user, app)) revoke(call, token)
    return noContent()
  },

  listRefreshTokensForUserAndClient(call) {
    const user = userOf(call, call.params.userId)
    const app = appByClient(call, call.params.clientId)
    return page(call, tokensOf(call, user, app), PAGE, (token) => refreshTokenView(call, token, userTokens(user, app)))
  },

  revokeTokensForUserAndClient(call) {
    const user = userOf(call, call.params.userId)
    const app = appByClient(call, call.params.clientId)
    for (const token of tokensOf(call, user, app)) revoke(call, token)
    return noContent()
  },

  getRefreshTokenForUserAndClient(call) {
    const user = userOf(call, call.params.userId)
    const app = appByClient(call, call.params.clientId)
    return ok(refreshTokenView(call, tokenNamed(call, tokensOf(call, user, app), app), userTokens(user, app)))
  },

  revokeTokenForUserAndClient(call) {
    const user = userOf(call, call.params.userId)
    const app = appByClient(call, call.params.clientId)
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

  getUserRisk(call) {
    const user = userOf(call, call.params.userId)
    return ok(riskView(call, user, user.risk ?? 'NONE'))
  },

  upsertUserRisk(call) {
    const user = userOf(call, call.params.userId)
    const risk = textIn(objectBody(call), 'riskLevel')
    if (risk !== 'HIGH' && risk !== 'LOW') return invalid('riskLevel', ['riskLevel: The field has an invalid value'])
    call.tables.users.patch(user.id, { risk })
    record(call, 'user.risk.change', [userTarget(user)], { debugData: { riskLevel: risk } })
    const body = { ...riskView(call, user, risk), reason: 'Admin override risk' }
    return user.risk === undefined ? created(body) : ok(body)
  },

  getUserClassification(call) {
    return ok(classificationView(userOf(call, call.params.userId)))
  },

  replaceUserClassification(call) {
    const user = userOf(call, call.params.userId)
    const type = textIn(objectBody(call), 'type')
    if (type !== 'LITE' && type !== 'STANDARD') return invalid('type', ['type: The field has an invalid value'])
    const changed = call.tables.users.patch(user.id, { classification: { type, lastUpdated: call.now } })
    return ok(classificationView(changed))
  },
})

function appLinksOf(call: OktaCall, user: User, app: App, sortOrder: number) {
  const links = Object.entries((app.visibility.appLinks ?? {}) as Record<string, boolean>)
  return links
    .filter(([, on]) => on)
    .map(() => {
      const id = `aln${app.externalKey.slice(3)}`
      return {
        id,
        label: app.label,
        linkUrl: call.link(`/home/${app.name}/${app.id}/${id}`),
        logoUrl: 'https://ok14static.oktacdn.com/assets/img/logos/default.png',
        appName: app.name,
        appInstanceId: app.id,
        appAssignmentId: `0ua${user.id.slice(3)}`,
        credentialsSetup: false,
        hidden: (app.visibility.hide as { web?: boolean } | undefined)?.web ?? false,
        sortOrder,
      }
    })
}

/** Refresh tokens in force, of a user and perhaps one client. */
const tokensOf = (call: OktaCall, user: User, app?: App): RefreshToken[] =>
  call.tables.refreshTokens
    .where('user', user.id)
    .filter((token) => token.status === 'ACTIVE' && (!app || token.clientId === app.clientId))

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

function clientView(call: OktaCall, user: User, clientId: string) {
  const app = call.tables.apps.by('client', clientId)
  if (!app) return []
  const path = `/api/v1/users/${user.id}/clients/${clientId}`
  return [
    {
      client_id: clientId,
      client_name: app.label,
      client_uri: null,
      logo_uri: null,
      _links: { grants: plain(call, `${path}/grants`), tokens: hinted(call, `${path}/tokens`, 'GET', 'DELETE') },
    },
  ]
}

/** Consents of a user. Trusted apps, the default, ask for none, so there is one only per scope that a REQUIRED app holds tokens of. */
function grantsOf(call: OktaCall, user: User) {
  return tokensOf(call, user).flatMap((token) => {
    const app = call.tables.apps.by('client', token.clientId)
    const settings = (app?.settings.oauthClient ?? {}) as { consent_method?: string }
    if (!app || settings.consent_method !== 'REQUIRED') return []
    return token.scopes.map((scopeId) => ({
      id: `oag${token.id.slice(3, -scopeId.length)}${scopeId}`.slice(0, 20),
      status: 'ACTIVE',
      created: isoTime(token.created),
      lastUpdated: isoTime(token.lastUpdated),
      issuer: call.link(token.server === 'org' ? '' : `/oauth2/${token.server}`),
      clientId: token.clientId,
      userId: user.id,
      scopeId,
      source: 'END_USER',
    }))
  })
}

const missingGrant = (id: string): never => notFound(id, 'OAuth2ScopeConsentGrant')

const riskView = (call: OktaCall, user: User, riskLevel: string) => ({
  riskLevel,
  _links: {
    self: hinted(call, `/api/v1/users/${user.id}/risk`, 'GET', 'PUT'),
    user: plain(call, `/api/v1/users/${user.id}`),
  },
})

const classificationView = (user: User) => ({
  type: user.classification?.type ?? 'STANDARD',
  lastUpdated: isoTime(user.classification?.lastUpdated ?? user.created),
})
