import type { OktaCall } from '../operations/define.ts'
import { scopesOf } from './authorizationServers.ts'
import type { Client } from './clients.ts'
import { oauthError } from './oauthErrors.ts'
import type { Issuer } from './tokens.ts'

/** Scopes of OpenID Connect: about a person, so not for client credentials. */
export const OIDC_SCOPES = ['openid', 'profile', 'email', 'address', 'phone', 'offline_access', 'groups', 'device_sso']

export const splitScopes = (scope: string | undefined): string[] => [
  ...new Set((scope ?? '').split(/\s+/).filter(Boolean)),
]

/**
 * The scopes a request ends up with.
 *
 * @throws OAuthError `invalid_scope` for unknown ones, or when none are asked for and the server has no defaults
 */
export function grantedScopes(
  call: OktaCall,
  issuer: Issuer,
  client: Client,
  asked: readonly string[],
  grantType: string,
): string[] {
  const machine = grantType === 'client_credentials'
  if (machine && asked.some((scope) => OIDC_SCOPES.includes(scope))) {
    oauthError(
      'invalid_scope',
      `Cannot request '${asked.find((scope) => OIDC_SCOPES.includes(scope))}' scopes using client credentials.`,
    )
  }
  return issuer.server ? customScopes(call, issuer, asked) : orgScopes(call, client, asked, machine)
}

function customScopes(call: OktaCall, issuer: Issuer, asked: readonly string[]): string[] {
  const known = scopesOf(call.tables, issuer.id)
  if (asked.length === 0) {
    const defaults = known.filter((scope) => scope.default).map((scope) => scope.name)
    if (defaults.length > 0) return defaults
    oauthError(
      'invalid_scope',
      "The authorization server resource does not have any configured default scopes, 'scope' must be provided.",
    )
  }
  const unknown = asked.filter((name) => !known.some((scope) => scope.name === name))
  if (unknown.length > 0) {
    oauthError('invalid_scope', 'One or more scopes are not configured for the authorization server resource.')
  }
  return [...asked]
}

/** On the org's server every `okta.*` scope must have been granted to the app by an administrator. */
function orgScopes(call: OktaCall, client: Client, asked: readonly string[], machine: boolean): string[] {
  if (asked.length === 0) oauthError('invalid_scope', "The 'scope' parameter must be provided.")
  const grants = call.tables.appGrants.where('parent', client.app.id).map((grant) => grant.data.scopeId as string)
  const wanted = asked.filter((scope) => !OIDC_SCOPES.includes(scope))
  const unknown = wanted.filter((scope) => !scope.startsWith('okta.') && !scope.startsWith('ssf.'))
  if (unknown.length > 0) {
    oauthError('invalid_scope', 'One or more scopes are not configured for the authorization server resource.')
  }
  const allowed = wanted.filter(
    (scope) => client.app.builtIn || grants.includes(scope) || scope.startsWith('okta.myAccount.'),
  )
  if (wanted.length > 0 && allowed.length === 0 && machine) {
    oauthError('consent_required', 'You are not allowed any of the requested scopes.')
  }
  if (allowed.length < wanted.length)
    oauthError('invalid_scope', 'One or more scopes are not configured for the authorization server resource.')
  return [...asked]
}
