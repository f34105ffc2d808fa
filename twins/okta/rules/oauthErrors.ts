import { ServiceError } from '../../../shared/kernel/dialect.ts'
import type { Json } from '../tables/document.ts'

/** What the OAuth endpoints refuse with: RFC 6749's codes, RFC 8628's and RFC 9449's, in Okta's words. */
export type OAuthErrorCode =
  | 'access_denied'
  | 'authorization_pending'
  | 'consent_required'
  | 'expired_token'
  | 'insufficient_scope'
  | 'invalid_client'
  | 'invalid_client_metadata'
  | 'invalid_dpop_proof'
  | 'invalid_grant'
  | 'invalid_redirect_uri'
  | 'invalid_request'
  | 'invalid_scope'
  | 'invalid_token'
  | 'login_required'
  | 'mfa_required'
  | 'server_error'
  | 'slow_down'
  | 'unauthorized_client'
  | 'unsupported_grant_type'
  | 'unsupported_response_type'
  | 'use_dpop_nonce'

/** An OAuth refusal, before it is known whether it is a reply or a redirect. */
export class OAuthError extends Error {
  readonly code: OAuthErrorCode
  readonly description: string
  /** Further members of the reply. */
  readonly more: Json
  constructor(code: OAuthErrorCode, description: string, more: Json = {}) {
    super(`${code}: ${description}`)
    this.code = code
    this.description = description
    this.more = more
  }
}

export const oauthError = (code: OAuthErrorCode, description: string): never => {
  throw new OAuthError(code, description)
}

/** Refuses with a JSON body. Unknown clients are told so with 401. */
export function refuse(
  code: OAuthErrorCode,
  description: string,
  status = code === 'invalid_client' ? 401 : 400,
  headers: Record<string, string> = {},
): never {
  throw new ServiceError(
    { status, body: { error: code, error_description: description }, headers },
    `${code}: ${description}`,
  )
}

/** Runs a rule, turning what it refuses into a JSON reply. */
export function replying<T>(work: () => T): T {
  try {
    return work()
  } catch (error) {
    if (error instanceof OAuthError) return refuse(error.code, error.description)
    throw error
  }
}
