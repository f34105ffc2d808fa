import type { Instant } from '../../../shared/universe/clock.ts'
import { defineTable } from '../../../shared/universe/table.ts'
import { documents, type Json } from './document.ts'

/** A custom authorization server. */
export interface AuthorizationServer {
  readonly id: string
  readonly name: string
  readonly description: string
  readonly audiences: readonly string[]
  readonly issuerMode: string
  readonly status: 'ACTIVE' | 'INACTIVE'
  /** The server that came with the org: its issuer ends with `default`, not with its id. */
  readonly default: boolean
  readonly created: Instant
  readonly lastUpdated: Instant
  readonly rotationMode: string
  readonly accessTokenEncryptedResponseAlgorithm?: string
}

/** A signing key of an authorization server. */
export interface ServerKey {
  readonly kid: string
  /** `org`, or the id of a custom authorization server. */
  readonly serverId: string
  readonly status: 'ACTIVE' | 'NEXT' | 'EXPIRED'
  /** Which key of the pool signs. */
  readonly pool: number
  readonly created: Instant
}

export interface Scope {
  readonly id: string
  readonly serverId: string
  readonly name: string
  readonly displayName?: string | null
  readonly description?: string | null
  readonly system: boolean
  readonly metadataPublish: string
  readonly consent: string
  readonly default: boolean
  readonly optional: boolean
}

export interface Claim {
  readonly id: string
  readonly serverId: string
  readonly name: string
  readonly status: 'ACTIVE' | 'INACTIVE'
  readonly claimType: 'RESOURCE' | 'IDENTITY'
  readonly valueType: string
  readonly value: string
  readonly groupFilterType?: string
  readonly scopes: readonly string[]
  readonly system: boolean
  readonly alwaysIncludeInToken: boolean
}

/** An authorization that waits for its code or device to be redeemed. */
export interface Authorization {
  readonly clientId: string
  /** `org`, or the id of a custom authorization server. */
  readonly server: string
  readonly scopes: readonly string[]
  readonly userId?: string
  readonly sessionId?: string
  readonly authTime?: Instant
  readonly amr: readonly string[]
  readonly nonce?: string
}

export interface AuthorizationCode extends Authorization {
  readonly code: string
  readonly redirectUri: string
  readonly challenge?: string
  readonly expiresAt: Instant
  /** Set by the first use; a second one revokes what the first brought. */
  readonly refreshTokenId?: string
  readonly used?: boolean
  readonly accessSecret?: string
}

export interface RefreshToken extends Authorization {
  /** `oar…` */
  readonly id: string
  readonly secret: string
  /** The value before the last rotation and when it was replaced. */
  readonly previous?: string
  readonly rotatedAt?: Instant
  readonly created: Instant
  readonly lastUpdated: Instant
  /** Moves with each use: the rule's window. */
  readonly expiresAt: Instant
  /** The rule's lifetime; absent when unlimited. */
  readonly endsAt?: Instant
  readonly window: number
  readonly status: 'ACTIVE' | 'REVOKED'
  readonly jkt?: string
}

export interface DeviceCode extends Authorization {
  readonly deviceCode: string
  readonly userCode: string
  readonly expiresAt: Instant
  readonly status: 'PENDING' | 'APPROVED' | 'DENIED' | 'USED'
  readonly lastPoll?: Instant
}

/** A pushed authorization request. */
export interface PushedRequest {
  readonly id: string
  readonly clientId: string
  readonly server: string
  readonly parameters: Json
  readonly expiresAt: Instant
}

/** A `jti` that was used: client assertions and DPoP proofs count once. */
export interface UsedId {
  readonly id: string
  readonly expiresAt: Instant
}

/** An attempt at backchannel or direct authentication (CIBA, MFA challenges). */
export interface AuthenticationRequest extends Authorization {
  readonly id: string
  readonly kind: 'ciba' | 'mfa' | 'oob'
  readonly status: 'PENDING' | 'APPROVED' | 'DENIED' | 'USED'
  readonly channel?: string
  readonly code?: string
  readonly expiresAt: Instant
  readonly lastPoll?: Instant
}

/** A transaction of the Authn API. */
export interface AuthnTransaction {
  readonly stateToken: string
  readonly userId: string
  readonly status: string
  readonly expiresAt: Instant
  readonly factorId?: string
  /** What led here, to return to with `previous`. */
  readonly before?: string
  readonly amr: readonly string[]
  readonly relayState?: string
  readonly recoveryType?: string
  readonly factorResult?: string
  readonly passCode?: string
  readonly warn?: boolean
  readonly deviceToken?: string
}

/** Trades once for a session. */
export interface SessionToken {
  readonly token: string
  /** The one app it opens, when it is a web SSO token. */
  readonly appId?: string
  readonly userId: string
  readonly amr: readonly string[]
  readonly expiresAt: Instant
}

export const oauth = {
  authorizationServers: defineTable<AuthorizationServer>()('okta.authorizationServers', { key: (server) => server.id }),
  serverKeys: defineTable<ServerKey>()('okta.serverKeys', {
    key: (key) => key.kid,
    index: { server: (key) => [key.serverId, key.status] },
  }),
  scopes: defineTable<Scope>()('okta.scopes', {
    key: (scope) => scope.id,
    unique: { name: (scope) => [scope.serverId, scope.name] },
    index: { server: (scope) => scope.serverId },
  }),
  claims: defineTable<Claim>()('okta.claims', {
    key: (claim) => claim.id,
    index: { server: (claim) => claim.serverId, name: (claim) => [claim.serverId, claim.name] },
  }),
  /** Public keys for encrypting access tokens; `parent` is the server. */
  resourceServerKeys: documents('resourceServerKeys'),
  /** Trusted servers of a server: `parent` and `data.trusted`. */
  associatedServers: documents('associatedServers'),
  authorizationCodes: defineTable<AuthorizationCode>()('okta.authorizationCodes', { key: (code) => code.code }),
  refreshTokens: defineTable<RefreshToken>()('okta.refreshTokens', {
    key: (token) => token.id,
    unique: { secret: (token) => token.secret },
    index: {
      previous: (token) => token.previous,
      client: (token) => [token.server, token.clientId],
      app: (token) => token.clientId,
      user: (token) => token.userId,
    },
  }),
  deviceCodes: defineTable<DeviceCode>()('okta.deviceCodes', {
    key: (code) => code.deviceCode,
    unique: { user: (code) => code.userCode },
  }),
  pushedRequests: defineTable<PushedRequest>()('okta.pushedRequests', { key: (request) => request.id }),
  authenticationRequests: defineTable<AuthenticationRequest>()('okta.authenticationRequests', {
    key: (request) => request.id,
  }),
  usedIds: defineTable<UsedId>()('okta.usedIds', { key: (used) => used.id }),
  authnTransactions: defineTable<AuthnTransaction>()('okta.authnTransactions', {
    key: (transaction) => transaction.stateToken,
    index: { user: (transaction) => transaction.userId },
  }),
  sessionTokens: defineTable<SessionToken>()('okta.sessionTokens', { key: (token) => token.token }),
}
