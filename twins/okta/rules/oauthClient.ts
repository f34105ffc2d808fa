import type { JsonWebKey } from 'node:crypto'
import { invalid } from '../errors.ts'
import { textIn } from '../operations/body.ts'
import type { Json } from '../tables/document.ts'

const APPLICATION_TYPES = new Set(['web', 'native', 'browser', 'service'])
const RESPONSE_TYPES = new Set(['code', 'token', 'id_token'])
const CIBA = 'urn:openid:params:grant-type:ciba'
const CODE_GRANTS = ['authorization_code', 'interaction_code']

const AUTH_METHODS = ['client_secret_basic', 'client_secret_post', 'client_secret_jwt', 'private_key_jwt', 'none']

const listIn = (body: Json, name: string): readonly string[] =>
  Array.isArray(body[name]) ? (body[name] as string[]) : []

/** `credentials.oauthClient`, without its secret, which only the reply that made it shows. */
export function oauthClientCredentials(given: Json, settings: Json, before: Json | undefined): Json {
  const type = textIn(settings, 'application_type') ?? 'web'
  const open = type === 'browser' || type === 'native'
  const method =
    given.token_endpoint_auth_method ?? before?.token_endpoint_auth_method ?? (open ? 'none' : 'client_secret_basic')
  if (!AUTH_METHODS.includes(String(method))) {
    invalid('token_endpoint_auth_method', [
      `token_endpoint_auth_method: 'token_endpoint_auth_method' is invalid. Valid values: [${AUTH_METHODS.join(', ')}].`,
    ])
  }
  if (method === 'none' && given.pkce_required === false) {
    // The doubled quotes are Okta's own (terraform-provider-okta expects them).
    invalid('pkce_required', [
      "pkce_required: ''pkce_required'' must be set to true when ''token_endpoint_auth_method'' is ''none''.",
    ])
  }
  const byCode = listIn(settings, 'grant_types').some((grant) => CODE_GRANTS.includes(grant))
  return {
    autoKeyRotation: given.autoKeyRotation ?? before?.autoKeyRotation ?? true,
    token_endpoint_auth_method: method,
    pkce_required: given.pkce_required ?? before?.pkce_required ?? (byCode && (open || method === 'none')),
  }
}

/** `settings.oauthClient` in Okta's order, checked and completed. */
export function oauthClientSettings(given: Json): Json {
  const type = textIn(given, 'application_type') ?? 'web'
  if (!APPLICATION_TYPES.has(type)) {
    invalid('settings.oauthClient.application_type', [
      "application_type: The application type must be one of 'web', 'native', 'browser', 'service'.",
    ])
  }
  const grants = listIn(given, 'grant_types')
  const responses =
    given.response_types === undefined ? defaultResponses(grants, type) : listIn(given, 'response_types')
  checkGrants(type, grants, responses)
  checkRedirects(given, grants)
  checkKeys(given)
  const refresh = grants.includes('refresh_token')
  return {
    client_uri: given.client_uri ?? null,
    logo_uri: given.logo_uri ?? null,
    ...(given.tos_uri !== undefined && { tos_uri: given.tos_uri }),
    ...(given.policy_uri !== undefined && { policy_uri: given.policy_uri }),
    redirect_uris: given.redirect_uris ?? [],
    ...(given.post_logout_redirect_uris !== undefined && {
      post_logout_redirect_uris: given.post_logout_redirect_uris,
    }),
    response_types: responses,
    grant_types: grants,
    ...(given.initiate_login_uri !== undefined && { initiate_login_uri: given.initiate_login_uri }),
    application_type: type,
    ...(refresh && { refresh_token: refreshToken(given) }),
    ...(given.jwks !== undefined && { jwks: given.jwks }),
    ...(given.jwks_uri !== undefined && { jwks_uri: given.jwks_uri }),
    consent_method: given.consent_method ?? 'TRUSTED',
    issuer_mode: given.issuer_mode ?? 'DYNAMIC',
    idp_initiated_login: given.idp_initiated_login ?? { mode: 'DISABLED', default_scope: [] },
    wildcard_redirect: given.wildcard_redirect ?? 'DISABLED',
    ...(grants.includes(CIBA) && { backchannel_token_delivery_mode: 'poll' }),
    ...extras(given),
    dpop_bound_access_tokens: given.dpop_bound_access_tokens ?? false,
    participate_slo: given.participate_slo ?? false,
  }
}

const EXTRAS = [
  'backchannel_token_delivery_mode',
  'backchannel_custom_authenticator_id',
  'frontchannel_logout_uri',
  'frontchannel_logout_session_required',
  'request_object_signing_alg',
  'id_token_encrypted_response_alg',
  'sector_identifier_uri',
  'subject_type',
  'network',
  'email_magic_link_redirect_uri',
]

const extras = (given: Json): Json =>
  Object.fromEntries(EXTRAS.filter((name) => given[name] !== undefined).map((name) => [name, given[name]]))

function refreshToken(given: Json): Json {
  const sent = (given.refresh_token ?? {}) as Json
  const rotation = sent.rotation_type ?? 'STATIC'
  return { rotation_type: rotation, ...(rotation === 'ROTATE' && { leeway: sent.leeway ?? 0 }) }
}

function defaultResponses(grants: readonly string[], type: string): string[] {
  if (type === 'service') return ['token']
  const implicit = grants.includes('implicit') ? ['token', 'id_token'] : []
  return [...implicit, ...(grants.some((grant) => CODE_GRANTS.includes(grant)) ? ['code'] : [])]
}

function checkGrants(type: string, grants: readonly string[], responses: readonly string[]): void {
  const causes: string[] = []
  if (grants.length === 0) causes.push('grant_types: The value cannot be blank.')
  const wrong = responses.find((response) => !RESPONSE_TYPES.has(response))
  if (wrong !== undefined) causes.push(`response_types: '${wrong}' is not a valid response type.`)
  if (grants.includes('authorization_code') && !responses.includes('code')) {
    causes.push("response_types: The 'code' response type is required for the 'authorization_code' grant type.")
  }
  if (grants.includes('implicit') && !responses.some((response) => response !== 'code')) {
    causes.push("response_types: 'token' or 'id_token' is required for the 'implicit' grant type.")
  }
  if (type === 'browser' && grants.includes('client_credentials')) {
    causes.push("grant_types: 'client_credentials' is not allowed for the 'browser' application type.")
  }
  if (causes.length) invalid('settings.oauthClient', causes)
}

function checkRedirects(given: Json, grants: readonly string[]): void {
  const uris = listIn(given, 'redirect_uris')
  if (uris.length === 0 && grants.some((grant) => grant === 'authorization_code' || grant === 'implicit')) {
    invalid('redirect_uris', ['redirect_uris: The field cannot be left blank'])
  }
  for (const uri of uris) {
    const wild = uri.includes('*')
    const absolute = /^[a-z][a-z0-9+.-]*:\/?\/?[^#]*$/i.test(uri)
    if (!absolute || (wild && given.wildcard_redirect !== 'SUBDOMAIN')) {
      invalid('redirect_uris', [`redirect_uris: '${uri}' is not a valid redirect URI.`])
    }
  }
}

/** RSA keys need 2048 bits. */
function checkKeys(given: Json): void {
  const keys = ((given.jwks as Json | undefined)?.keys ?? []) as JsonWebKey[]
  for (const key of keys) {
    if (key.kty === 'RSA' && Buffer.from(key.n ?? '', 'base64url').length < 256) {
      invalid('JsonWebKey', ["RSA key length in the 'jwks' is less than '2,048' bits for the given key."])
    }
  }
}
