import { notFound } from '../errors.ts'
import { keyId, newId, PREFIX } from '../ids.ts'
import type { OktaContext } from '../operations/define.ts'
import type { AuthorizationServer, Claim, Scope, ServerKey } from '../tables/oauth.ts'

/** Names the org's own authorization server among servers. */
export const ORG_SERVER = 'org'

type Context = Pick<OktaContext, 'tables' | 'now' | 'random' | 'sequence'>

/** A custom server by its id, or by `default`, which names the one that came with the org. */
export function findServer(tables: OktaContext['tables'], id: string): AuthorizationServer {
  const server =
    tables.authorizationServers.get(id) ??
    (id === 'default' ? tables.authorizationServers.all().find((one) => one.default) : undefined)
  return server ?? notFound(id, 'AuthorizationServer')
}

/** What a server is called in addresses. */
export const serverSegment = (server: Pick<AuthorizationServer, 'id' | 'default'>): string =>
  server.default ? 'default' : server.id

export const issuerPath = (server: Pick<AuthorizationServer, 'id' | 'default'>): string =>
  `/oauth2/${serverSegment(server)}`

const SYSTEM_SCOPES: readonly [name: string, display: string | null, description: string][] = [
  ['openid', 'openid', 'Signals that a request is an OpenID request.'],
  [
    'profile',
    'View your profile information.',
    'The exact data varies based on what profile information you have provided, such as: name, time zone, picture, or birthday.',
  ],
  ['email', 'View your email address.', 'This allows the app to view your email address.'],
  [
    'address',
    'View your address.',
    'This allows the app to view your address, such as: street address, city, state, and zip code.',
  ],
  ['phone', 'View your phone number.', 'This allows the app to view your phone number.'],
  [
    'offline_access',
    'Keep you signed in to the app.',
    'This keeps you signed in to the app, even when you are not using it.',
  ],
  [
    'device_sso',
    'Use your device for single sign-on.',
    'Requests a device secret used to obtain a new set of tokens without re-prompting the user for authentication.',
  ],
]

const MY_ACCOUNT = [
  'appAuthenticator.maintenance.manage', 'appAuthenticator.maintenance.read', 'appAuthenticator.manage', 'appAuthenticator.read',
  'authenticators.manage', 'authenticators.read', 'email.manage', 'email.read', 'oktaApplications.read', 'organization.read',
  'password.manage', 'password.read', 'phone.manage', 'phone.read', 'profile.manage', 'profile.read', 'sessions.manage',
  'webauthn.manage', 'webauthn.read',
] // biome-ignore format: a list

/** Claims of every new server: name, expression, scope, and whether tokens always have it. In the order Okta lists them. */
const SYSTEM_CLAIMS: readonly [name: string, value: string, scope: string, always?: boolean][] = [
  ['middle_name', 'user.middleName', 'profile'],
  ['zoneinfo', 'user.timezone', 'profile'],
  ['website', 'user.profileUrl', 'profile'],
  ['updated_at', 'Iso8601Convert.toEpochSeconds(user.lastUpdated)', 'profile'],
  ['profile', 'user.profileUrl', 'profile'],
  ['preferred_username', 'user.login', 'profile', true],
  ['picture', 'user.picture', 'profile'],
  ['phone_number', 'user.primaryPhone', 'phone'],
  ['nickname', 'user.nickName', 'profile'],
  ['name', 'user.displayName', 'profile', true],
  ['sub', '(appuser != null) ? appuser.userName : app.clientId', '', true],
  ['locale', 'user.locale', 'profile'],
  ['given_name', 'user.firstName', 'profile'],
  ['gender', 'user.gender', 'profile'],
  ['family_name', 'user.lastName', 'profile'],
  ['email_verified', 'user.emailVerified', 'email'],
  ['email', 'user.email', 'email', true],
  ['birthdate', 'user.birthdate', 'profile'],
  ['address', 'user.postalAddress', 'address'],
]

/** What every new server has: keys, scopes and claims. */
export function furnishServer(context: Context, server: AuthorizationServer): void {
  addServerKey(context, server.id, 'ACTIVE')
  addServerKey(context, server.id, 'NEXT')
  const scope = (name: string, displayName: string | null, description: string | null, system: boolean): Scope =>
    context.tables.scopes.insert({
      id: newId(context, PREFIX.scope),
      serverId: server.id,
      name,
      displayName,
      description,
      system,
      metadataPublish: 'ALL_CLIENTS',
      consent: 'IMPLICIT',
      default: false,
      optional: false,
    })
  for (const [name, display, description] of SYSTEM_SCOPES) scope(name, display, description, true)
  if (server.default) for (const name of MY_ACCOUNT) scope(`okta.myAccount.${name}`, null, null, false)
  // Lists come newest first, so the last claim of the list is made first.
  for (const [name, value, granted, always = false] of SYSTEM_CLAIMS.toReversed()) {
    context.tables.claims.insert({
      id: newId(context, PREFIX.claim),
      serverId: server.id,
      name,
      status: 'ACTIVE',
      claimType: name === 'sub' ? 'RESOURCE' : 'IDENTITY',
      valueType: name === 'sub' ? 'EXPRESSION' : 'SYSTEM',
      value: name === 'sub' ? value : name,
      scopes: granted === '' ? [] : [granted],
      system: true,
      alwaysIncludeInToken: always,
    })
  }
}

/** What a system claim stands for, as an expression. */
export const systemClaim = (name: string): string | undefined => SYSTEM_CLAIMS.find((claim) => claim[0] === name)?.[1]

export function addServerKey(context: Context, serverId: string, status: ServerKey['status']): ServerKey {
  return context.tables.serverKeys.insert({
    kid: keyId(context),
    serverId,
    status,
    pool: context.sequence('okta.keyPool'),
    created: context.now,
  })
}

export const keysOf = (tables: OktaContext['tables'], serverId: string, status: ServerKey['status']): ServerKey[] =>
  tables.serverKeys.where('server', [serverId, status])

/** The key a server signs with. */
export const activeKey = (tables: OktaContext['tables'], serverId: string): ServerKey =>
  keysOf(tables, serverId, 'ACTIVE')[0] as ServerKey

/** The next key signs from now on, the one that did expires, and another waits. */
export function rotateKeys(context: Context, serverId: string): void {
  const { tables } = context
  for (const key of keysOf(tables, serverId, 'EXPIRED')) tables.serverKeys.remove(key.kid)
  for (const key of keysOf(tables, serverId, 'ACTIVE')) tables.serverKeys.patch(key.kid, { status: 'EXPIRED' })
  for (const key of keysOf(tables, serverId, 'NEXT'))
    tables.serverKeys.patch(key.kid, { status: 'ACTIVE', created: context.now })
  addServerKey(context, serverId, 'NEXT')
}

/** Scopes and claims, newest first as Okta lists them. */
export const scopesOf = (tables: OktaContext['tables'], serverId: string): Scope[] =>
  tables.scopes.where('server', serverId).reverse()

export const claimsOf = (tables: OktaContext['tables'], serverId: string): Claim[] =>
  tables.claims.where('server', serverId).reverse()
