import type { Instant } from '../../../shared/universe/clock.ts'
import { defineTable } from '../../../shared/universe/table.ts'

/** An access token that was given out. The JWT's `jti` is `AT.` and the sealed `secret`. */
export interface AccessToken {
  readonly secret: string
  readonly clientId: string
  readonly userId?: string
  readonly scopes: readonly string[]
  /** `org`, or the id of a custom authorization server. */
  readonly server: string
  readonly issuedAt: Instant
  readonly expiresAt: Instant
  readonly authTime?: Instant
  readonly audience?: string
  /** Thumbprint of the DPoP key it is bound to. */
  readonly jkt?: string
  readonly refreshTokenId?: string
  readonly sessionId?: string
  readonly revoked?: boolean
}

export const tokens = {
  accessTokens: defineTable<AccessToken>()('okta.accessTokens', {
    key: (token) => token.secret,
    index: {
      client: (token) => token.clientId,
      user: (token) => token.userId,
      refresh: (token) => token.refreshTokenId,
    },
  }),
}
