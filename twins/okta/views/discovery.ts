import { ORG_SCOPES } from '../defaults/scopes.ts'
import type { Linker } from '../links.ts'
import { scopesOf } from '../rules/authorizationServers.ts'
import type { Issuer } from '../rules/tokens.ts'
import type { OktaTables } from '../tables.ts'

const AUTH_METHODS = ['client_secret_basic', 'client_secret_post', 'client_secret_jwt', 'private_key_jwt', 'none']

const REQUEST_ALGORITHMS = ['HS256', 'HS384', 'HS512', 'RS256', 'RS384', 'RS512', 'ES256', 'ES384', 'ES512']

const GRANTS = [
  'authorization_code',
  'implicit',
  'refresh_token',
  'password',
  'client_credentials',
  'urn:ietf:params:oauth:grant-type:device_code',
  'urn:okta:params:oauth:grant-type:otp',
  'http://auth0.com/oauth/grant-type/mfa-otp',
  'urn:okta:params:oauth:grant-type:oob',
  'http://auth0.com/oauth/grant-type/mfa-oob',
  'urn:ietf:params:oauth:grant-type:token-exchange',
]

const OIDC_SCOPES = ['openid', 'email', 'profile', 'address', 'phone', 'offline_access']

const ID_CLAIMS = [
  'iss', 'ver', 'sub', 'aud', 'iat', 'exp', 'jti', 'auth_time', 'amr', 'idp', 'nonce', 'name', 'nickname', 'preferred_username',
  'given_name', 'middle_name', 'family_name', 'email', 'email_verified', 'profile', 'zoneinfo', 'locale', 'address', 'phone_number',
  'picture', 'website', 'gender', 'birthdate', 'updated_at', 'at_hash', 'c_hash',
] // biome-ignore format: a list

const scopesShown = (call: { readonly tables: OktaTables }, { id, server }: Issuer): readonly string[] =>
  server
    ? scopesOf(call.tables, id)
        .filter((scope) => scope.metadataPublish === 'ALL_CLIENTS')
        .map((scope) => scope.name)
        .reverse()
    : [...ORG_SCOPES, ...OIDC_SCOPES, 'groups']

/** Addresses of a server's endpoints. The org's are below `/oauth2`, a custom server's below its issuer. */
const root = ({ issuer, server }: Issuer): string => (server ? issuer : `${issuer}/oauth2`)

function endpoints(call: Linker, issuer: Issuer) {
  const base = root(issuer)
  return {
    head: {
      issuer: issuer.issuer,
      authorization_endpoint: `${base}/v1/authorize`,
      token_endpoint: `${base}/v1/token`,
    },
    // Clients always register with the org.
    registration_endpoint: call.link('/oauth2/v1/clients'),
    base,
  }
}

const RESPONSE_TYPES = [
  'code',
  'token',
  'id_token',
  'code id_token',
  'code token',
  'id_token token',
  'code id_token token',
]

function common(base: string) {
  return {
    code_challenge_methods_supported: ['S256'],
    introspection_endpoint: `${base}/v1/introspect`,
    introspection_endpoint_auth_methods_supported: AUTH_METHODS,
    revocation_endpoint: `${base}/v1/revoke`,
    revocation_endpoint_auth_methods_supported: AUTH_METHODS,
    end_session_endpoint: `${base}/v1/logout`,
    request_parameter_supported: true,
    request_object_signing_alg_values_supported: REQUEST_ALGORITHMS,
    device_authorization_endpoint: `${base}/v1/device/authorize`,
    pushed_authorization_request_endpoint: `${base}/v1/par`,
    backchannel_token_delivery_modes_supported: ['poll'],
    backchannel_authentication_request_signing_alg_values_supported: REQUEST_ALGORITHMS,
    dpop_signing_alg_values_supported: ['RS256', 'RS384', 'RS512', 'ES256', 'ES384', 'ES512'],
  }
}

/** RFC 8414. The org's document names neither keys nor userinfo: its access tokens are for Okta alone. */
export function authorizationServerMetadata(call: Linker & { readonly tables: OktaTables }, issuer: Issuer) {
  const { head, registration_endpoint, base } = endpoints(call, issuer)
  const {
    backchannel_token_delivery_modes_supported: _,
    backchannel_authentication_request_signing_alg_values_supported: __,
    ...rest
  } = common(base)
  return {
    ...head,
    ...(issuer.server && { jwks_uri: `${base}/v1/keys` }),
    registration_endpoint,
    response_types_supported: RESPONSE_TYPES,
    response_modes_supported: ['query', 'fragment', 'form_post', 'okta_post_message'],
    grant_types_supported: GRANTS,
    subject_types_supported: ['public'],
    scopes_supported: scopesShown(call, issuer),
    token_endpoint_auth_methods_supported: AUTH_METHODS,
    claims_supported: ['ver', 'jti', 'iss', 'aud', 'iat', 'exp', 'cid', 'uid', 'scp', 'sub'],
    ...rest,
    frontchannel_logout_supported: true,
    frontchannel_logout_session_supported: true,
    identity_chaining_requested_token_types_supported: ['urn:ietf:params:oauth:token-type:id-jag'],
  }
}

/** OpenID Connect Discovery. */
export function openidConfiguration(call: Linker & { readonly tables: OktaTables }, issuer: Issuer) {
  const { head, registration_endpoint, base } = endpoints(call, issuer)
  return {
    ...head,
    userinfo_endpoint: `${base}/v1/userinfo`,
    registration_endpoint,
    jwks_uri: `${base}/v1/keys`,
    response_types_supported: RESPONSE_TYPES,
    response_modes_supported: ['query', 'fragment', 'form_post', 'okta_post_message'],
    grant_types_supported: GRANTS,
    subject_types_supported: ['public'],
    id_token_signing_alg_values_supported: ['RS256'],
    scopes_supported: issuer.server ? scopesShown(call, issuer) : [...OIDC_SCOPES, 'groups'],
    token_endpoint_auth_methods_supported: AUTH_METHODS,
    claims_supported: ID_CLAIMS,
    ...common(base),
  }
}
