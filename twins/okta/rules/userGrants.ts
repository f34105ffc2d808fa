import { createHash } from 'node:crypto'
import type { OktaCall } from '../operations/define.ts'
import type { App } from '../tables/applications.ts'
import type { User } from '../tables/directory.ts'
import type { RefreshToken } from '../tables/oauth.ts'

/** What somebody let an app do in their name. Lives as long as the tokens that use it. */
export interface UserGrant {
  readonly id: string
  readonly user: User
  readonly app: App
  /** `org`, or the id of a custom authorization server. */
  readonly server: string
  readonly scope: string
  readonly created: number
  readonly lastUpdated: number
  readonly tokens: readonly RefreshToken[]
}

/** Refresh tokens in force, of a user and perhaps one client. */
export const tokensOf = (call: OktaCall, user: User, app?: App): RefreshToken[] =>
  call.tables.refreshTokens
    .where('user', user.id)
    .filter((token) => token.status === 'ACTIVE' && (!app || token.clientId === app.clientId))

/**
 * Consents of a user, one per app, server and scope. Trusted apps, the default, ask for none: only those whose
 * `consent_method` is REQUIRED have any.
 */
export function grantsOf(call: OktaCall, user: User, app?: App): UserGrant[] {
  const grants = new Map<string, UserGrant>()
  for (const token of tokensOf(call, user, app)) {
    const holder = call.tables.apps.by('client', token.clientId)
    if (!holder || !asksForConsent(holder)) continue
    for (const scope of token.scopes) {
      const id = grantId(user.id, token.clientId, token.server, scope)
      const known = grants.get(id)
      const { created, lastUpdated } = token
      grants.set(
        id,
        known
          ? { ...known, lastUpdated, tokens: [...known.tokens, token] }
          : { id, user, app: holder, server: token.server, scope, created, lastUpdated, tokens: [token] },
      )
    }
  }
  return [...grants.values()]
}

const asksForConsent = (app: App): boolean =>
  (app.settings.oauthClient as { consent_method?: string } | undefined)?.consent_method === 'REQUIRED'

/** The same consent keeps its id from token to token. */
const grantId = (...parts: string[]): string =>
  `oag${createHash('sha256').update(parts.join(' ')).digest('base64url').replace(/[-_]/g, '').slice(0, 17)}`
