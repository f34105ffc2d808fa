import type { GoogleMoment } from './caller.ts'
import { newAccessToken, newRefreshToken } from './ids.ts'
import { signJwt } from './jwt.ts'
import { BROAD_SCOPES } from './scopes.ts'
import type { User } from './tables.ts'
import { HOUR } from './time.ts'

/** Issues an access token of an hour. Returns it as it goes over the wire. */
export function issueAccessToken(
  moment: GoogleMoment,
  { user, clientId, scopes = BROAD_SCOPES }: { user: User; clientId: string; scopes?: readonly string[] },
): string {
  const secret = newAccessToken(moment.random)
  moment.tables.accessTokens.insert({ secret, userId: user.id, clientId, scopes, expiresAt: moment.now + HOUR })
  return moment.seal(secret)
}

export function issueRefreshToken(
  moment: GoogleMoment,
  { user, clientId, scopes }: { user: User; clientId: string; scopes: readonly string[] },
): string {
  const secret = newRefreshToken(moment.random)
  moment.tables.refreshTokens.insert({ secret, userId: user.id, clientId, scopes })
  return moment.seal(secret)
}

/** An OpenID Connect ID token of a user for an audience. */
export function idTokenOf(moment: GoogleMoment, user: User, audience: string, authorizedParty = audience): string {
  const now = Math.floor(moment.now / 1000)
  return signJwt({
    iss: 'https://accounts.google.com',
    azp: authorizedParty,
    aud: audience,
    sub: user.subject,
    ...(user.domain && { hd: user.domain }),
    email: user.email,
    email_verified: true,
    name: user.displayName,
    iat: now,
    exp: now + 3600,
  })
}

/** Revokes an access or refresh token, and with a refresh token what was issued along with it. */
export function revokeToken(moment: GoogleMoment, token: string): boolean {
  const { accessTokens, refreshTokens } = moment.tables
  const secret = moment.open(token)
  if (secret === undefined) return false
  if (accessTokens.remove(secret)) return true
  const refresh = refreshTokens.remove(secret)
  if (!refresh) return false
  for (const access of accessTokens.where('user', refresh.userId)) {
    if (access.clientId === refresh.clientId) accessTokens.remove(access.secret)
  }
  return true
}
