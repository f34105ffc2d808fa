import { blank, invalid } from '../errors.ts'
import type { Json } from '../tables/document.ts'

/** Where a social provider lives; who runs it, not its admin, says so. */
interface Provider {
  readonly protocol: 'OIDC' | 'OAUTH2'
  readonly authorization: string
  readonly token: string
  readonly scopes: readonly string[]
}

const SOCIAL: Readonly<Record<string, Provider>> = {
  GOOGLE: {
    protocol: 'OIDC',
    authorization: 'https://accounts.google.com/o/oauth2/auth',
    token: 'https://www.googleapis.com/oauth2/v3/token',
    scopes: ['openid', 'profile', 'email'],
  },
  FACEBOOK: {
    protocol: 'OAUTH2',
    authorization: 'https://www.facebook.com/dialog/oauth',
    token: 'https://graph.facebook.com/v2.8/oauth/access_token',
    scopes: ['public_profile', 'email'],
  },
  LINKEDIN: {
    protocol: 'OAUTH2',
    authorization: 'https://www.linkedin.com/uas/oauth2/authorization',
    token: 'https://www.linkedin.com/uas/oauth2/accessToken',
    scopes: ['r_basicprofile', 'r_emailaddress'],
  },
  MICROSOFT: {
    protocol: 'OIDC',
    authorization: 'https://login.microsoftonline.com/common/oauth2/v2.0/authorize',
    token: 'https://login.microsoftonline.com/common/oauth2/v2.0/token',
    scopes: ['openid', 'email', 'profile', 'https://graph.microsoft.com/User.Read'],
  },
  APPLE: {
    protocol: 'OIDC',
    authorization: 'https://appleid.apple.com/auth/authorize',
    token: 'https://appleid.apple.com/auth/token',
    scopes: ['openid', 'email', 'name'],
  },
  GITHUB: {
    protocol: 'OAUTH2',
    authorization: 'https://github.com/login/oauth/authorize',
    token: 'https://github.com/login/oauth/access_token',
    scopes: ['user'],
  },
  GITLAB: {
    protocol: 'OIDC',
    authorization: 'https://gitlab.com/oauth/authorize',
    token: 'https://gitlab.com/oauth/token',
    scopes: ['openid', 'read_user', 'profile', 'email'],
  },
  AMAZON: {
    protocol: 'OIDC',
    authorization: 'https://www.amazon.com/ap/oa',
    token: 'https://api.amazon.com/auth/o2/token',
    scopes: ['profile'],
  },
  DISCORD: {
    protocol: 'OAUTH2',
    authorization: 'https://discord.com/api/oauth2/authorize',
    token: 'https://discord.com/api/oauth2/token',
    scopes: ['identify', 'email'],
  },
}

const member = (value: unknown): Json => (value ?? {}) as Json

const HTTP_BINDINGS: Readonly<Record<string, string>> = {
  slo: 'HTTP-REDIRECT',
  authorization: 'HTTP-REDIRECT',
  token: 'HTTP-POST',
  userInfo: 'HTTP-REDIRECT',
  jwks: 'HTTP-REDIRECT',
}

/** Members in this order that have a value. */
function compact(members: Record<string, unknown>): Json {
  return Object.fromEntries(Object.entries(members).filter(([, value]) => value !== undefined))
}

/**
 * An identity provider's protocol as it is kept: what its type fixes, what the caller sent, what Okta adds.
 *
 * @param made values made once: the audience and signing key of SAML
 */
export function protocolOf(type: string, given: Json, made: { audience: string; kid: string }): Json {
  const social = SOCIAL[type]
  if (social) return socialProtocol(social, given)
  const kind = (given.type as string | undefined) ?? type
  if (kind === 'SAML2') return samlProtocol(given, made)
  if (kind === 'MTLS') return given
  return oidcProtocol(kind, given)
}

function client(given: Json): Json {
  const { pkce_required: pkce, ...rest } = member(member(given.credentials).client)
  return { client: { ...rest, ...(pkce !== null && pkce !== undefined ? { pkce_required: pkce } : {}) } }
}

function socialProtocol({ protocol, authorization, token, scopes }: Provider, given: Json): Json {
  return {
    type: protocol,
    endpoints: {
      authorization: { url: authorization, binding: 'HTTP-REDIRECT' },
      token: { url: token, binding: 'HTTP-POST' },
    },
    scopes: given.scopes ?? scopes,
    credentials: client(given),
  }
}

function oidcProtocol(type: string, given: Json): Json {
  const endpoints = member(given.endpoints) as Record<string, Json>
  const { honorPersistentNameId: _, ...settings } = member(given.settings)
  return compact({
    type,
    endpoints: Object.fromEntries(
      Object.entries(HTTP_BINDINGS)
        .filter(([name]) => endpoints[name])
        .map(([name, binding]) => [name, { url: endpoints[name]?.url, binding: endpoints[name]?.binding ?? binding }]),
    ),
    algorithms: given.algorithms,
    settings: given.algorithms || given.settings ? { nameFormat: null, ...settings } : undefined,
    scopes: given.scopes ?? ['openid', 'profile', 'email'],
    issuer: given.issuer,
    credentials: client(given),
  })
}

const SIGNATURES = {
  request: { signature: { algorithm: 'SHA-256', scope: 'REQUEST' } },
  response: { signature: { algorithm: 'SHA-256', scope: 'ANY' } },
}

function samlProtocol(given: Json, made: { audience: string; kid: string }): Json {
  const { sso, acs, slo } = member(given.endpoints) as Record<string, Json | undefined>
  const trust = member(member(given.credentials).trust)
  return compact({
    type: 'SAML2',
    endpoints: compact({
      slo,
      sso:
        sso && compact({ url: sso.url, binding: sso.binding ?? 'HTTP-POST', destination: sso.destination ?? sso.url }),
      acs: { binding: 'HTTP-POST', type: 'INSTANCE', ...acs },
    }),
    algorithms: given.algorithms ?? SIGNATURES,
    settings: {
      nameFormat: 'urn:oasis:names:tc:SAML:1.1:nameid-format:unspecified',
      honorPersistentNameId: true,
      ...member(given.settings),
    },
    credentials: {
      trust: {
        issuer: trust.issuer,
        audience: trust.audience ?? made.audience,
        kid: trust.kid,
        revocation: trust.revocation ?? null,
        revocationCacheLifetime: trust.revocationCacheLifetime ?? 0,
      },
      signing: { kid: made.kid },
    },
  })
}

/** How people who come from a provider become users here. */
export function idpPolicy(type: string, given: Json): Json {
  const { provisioning, accountLink, subject } = given as Record<string, Json | undefined>
  const conditions = { deprovisioned: { action: 'NONE' }, suspended: { action: 'NONE' } }
  return compact({
    provisioning: {
      action: 'AUTO',
      profileMaster: false,
      ...provisioning,
      groups: provisioning?.groups ?? { action: 'NONE' },
      conditions: { ...conditions, ...member(provisioning?.conditions) },
    },
    accountLink: { filter: null, action: 'AUTO', ...accountLink },
    subject: {
      userNameTemplate: { template: 'idpuser.email' },
      filter: null,
      matchType: 'USERNAME',
      matchAttribute: null,
      ...subject,
    },
    maxClockSkew: given.maxClockSkew ?? 0,
    mapAMRClaims: given.mapAMRClaims,
    // Social providers make no claims to trust.
    trustClaims: given.trustClaims ?? (type === 'SAML2' || type === 'OIDC' ? false : undefined),
    transformedUsernameMatchingEnabled: given.transformedUsernameMatchingEnabled ?? false,
  })
}

export function checkIdp(body: Json): void {
  const type = body.type as string | undefined
  if (!type) invalid('type', [blank('type')])
  if (!body.name) invalid('name', [blank('name')])
  if (String(body.name).length > 100) invalid('name', ['name: The field is too long'])
}
