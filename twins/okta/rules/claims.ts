import type { OktaContext } from '../operations/define.ts'
import type { User } from '../tables/directory.ts'
import type { Claim } from '../tables/oauth.ts'
import type { OktaTables } from '../tables.ts'
import { appScope } from './appScope.ts'
import { claimsOf, systemClaim } from './authorizationServers.ts'
import type { Client } from './clients.ts'
import { ExpressionError, evaluate, parseExpression } from './expression.ts'
import { groupsOf } from './membership.ts'

type Context = Pick<OktaContext, 'tables' | 'now'>

/** Why an expression cannot be a claim's, or nothing. A bare word is taken: Okta treats it as an attribute of nobody. */
export function claimProblem(_tables: OktaTables, expression: string): string | undefined {
  try {
    parseExpression(expression)
    return undefined
  } catch (error) {
    if (error instanceof ExpressionError) return error.message
    throw error
  }
}

/** The standard claims of a person, by the scope that grants them. */
const STANDARD: Readonly<Record<string, readonly string[]>> = {
  profile: [
    'name',
    'nickname',
    'given_name',
    'middle_name',
    'family_name',
    'profile',
    'zoneinfo',
    'locale',
    'preferred_username',
    'updated_at',
    'picture',
    'website',
    'gender',
    'birthdate',
  ],
  email: ['email', 'email_verified'],
  address: ['address'],
  phone: ['phone_number'],
}

/** The value of each standard claim. */
export function standardClaim(user: User, name: string): unknown {
  const { profile } = user
  switch (name) {
    case 'name':
      return profile.displayName ?? ([profile.firstName, profile.lastName].filter(Boolean).join(' ') || undefined)
    case 'nickname':
      return profile.nickName
    case 'given_name':
      return profile.firstName
    case 'middle_name':
      return profile.middleName
    case 'family_name':
      return profile.lastName
    case 'profile':
      return profile.profileUrl
    case 'zoneinfo':
      return profile.timezone ?? 'America/Los_Angeles'
    case 'locale':
      return profile.locale ?? 'en_US'
    case 'preferred_username':
      return profile.login
    case 'updated_at':
      return Math.floor(user.lastUpdated / 1000)
    case 'email':
      return profile.email
    case 'email_verified':
      return true
    case 'phone_number':
      return profile.primaryPhone
    case 'address': {
      const { streetAddress, city, state, zipCode, countryCode } = profile
      const address = {
        street_address: streetAddress,
        locality: city,
        region: state,
        postal_code: zipCode,
        country: countryCode,
      }
      const known = Object.entries(address).filter(([, value]) => value !== undefined)
      return known.length > 0 ? Object.fromEntries(known) : undefined
    }
    default:
      return undefined
  }
}

/** What the userinfo endpoint tells, by scope. */
export function personalClaims(user: User, scopes: readonly string[]): Record<string, unknown> {
  const names = scopes.flatMap((scope) => STANDARD[scope] ?? [])
  return Object.fromEntries(
    names.map((name) => [name, standardClaim(user, name)]).filter(([, value]) => value !== undefined),
  )
}

/** Groups of the person for the `groups` scope of the org's server, by the filter of the app. */
export function groupsClaim(context: Context, user: User, client: Client): Record<string, unknown> {
  const filter = client.groupsClaim as
    | { name?: string; filter_type?: string; value?: string; type?: string }
    | undefined
  const names = groupsOf(context, user).map((group) => group.profile.name)
  if (!filter) return { groups: names }
  return {
    [filter.name ?? 'groups']: names.filter((name) => matchesFilter(name, filter.filter_type, filter.value ?? '')),
  }
}

/** Whether a group's name is one that a filter of claims or attributes means. */
export function matchesFilter(name: string, type: string | undefined, value: string): boolean {
  switch (type) {
    case 'EQUALS':
      return name === value
    case 'CONTAINS':
      return name.includes(value)
    case 'REGEX':
      return new RegExp(`^(?:${value})$`).test(name)
    default:
      return name.startsWith(value)
  }
}

/** Whom and what the claims of a custom server's token are about. */
export interface ClaimSubject {
  readonly user?: User
  readonly client: Client
  readonly scopes: readonly string[]
}

/**
 * The claims a custom server adds to a token.
 *
 * @param thin leave out the claims that are told by userinfo instead
 */
export function serverClaims(
  context: Context,
  serverId: string,
  kind: Claim['claimType'],
  subject: ClaimSubject,
  thin = false,
): Record<string, unknown> {
  const claims: Record<string, unknown> = {}
  for (const claim of claimsOf(context.tables, serverId)) {
    if (claim.status !== 'ACTIVE' || claim.claimType !== kind || claim.name === 'sub') continue
    if (claim.scopes.length > 0 && !claim.scopes.some((scope) => subject.scopes.includes(scope))) continue
    if (kind === 'IDENTITY' && thin && !claim.alwaysIncludeInToken) continue
    const value = claimValue(context, claim, subject)
    if (value !== undefined && value !== null) claims[claim.name] = value
  }
  return claims
}

/** `sub`: by default the user's login at the app, or the client when there is nobody. */
export function subjectClaim(context: Context, serverId: string, subject: ClaimSubject): unknown {
  const claim = claimsOf(context.tables, serverId).find((one) => one.name === 'sub')
  return claim ? claimValue(context, claim, subject) : (subject.user?.profile.login ?? subject.client.id)
}

function claimValue(context: Context, claim: Claim, { user, client }: ClaimSubject): unknown {
  if (claim.valueType === 'SYSTEM') return user && systemClaim(claim.name) ? standardClaim(user, claim.name) : undefined
  if (claim.valueType === 'GROUPS') {
    const names = user ? groupsOf(context, user).map((group) => group.profile.name) : []
    return names.filter((name) => matchesFilter(name, claim.groupFilterType, claim.value))
  }
  try {
    return evaluate(parseExpression(claim.value), appScope(context, client.app, user))
  } catch (error) {
    if (error instanceof ExpressionError) return undefined
    throw error
  }
}
