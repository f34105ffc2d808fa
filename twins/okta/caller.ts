/** Who calls. */
export interface Caller {
  readonly kind: 'anonymous' | 'token' | 'client' | 'user' | 'session'
  /** The person acting: owner of the API token, user of the access token or session. */
  readonly userId?: string
  /** The API token in use. */
  readonly tokenId?: string
  /** The OAuth client acting, or the one the user acts through. */
  readonly clientId?: string
  readonly sessionId?: string
  /** Scopes of an access token; API tokens and sessions have no scopes but their user's roles. */
  readonly scopes?: readonly string[]
  /** The secret of the access token, for introspection and revocation of the token itself. */
  readonly accessToken?: string
  /** Administrator role types in force, the user's own and those of the user's groups. */
  readonly roles: readonly string[]
}

export const ANONYMOUS: Caller = { kind: 'anonymous', roles: [] }
