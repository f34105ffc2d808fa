import type { Recorder } from '../events.ts'
import type { App } from '../tables/applications.ts'
import type { User } from '../tables/directory.ts'
import type { Json } from '../tables/document.ts'

/** Claims of an OpenID Connect app's user, in Okta's order; those without a value are shown as null. */
const CLAIMS = [
  'zoneinfo',
  'website',
  'birthdate',
  'gender',
  'formatted',
  'profile',
  'locality',
  'given_name',
  'middle_name',
  'locale',
  'picture',
  'name',
  'nickname',
  'phone_number',
  'region',
  'postal_code',
  'family_name',
  'country',
  'street_address',
  'email',
] as const
// biome-ignore format: a list of names

/** What the app knows of a user: the claim set for OpenID Connect, custom attributes for the rest. */
export function assignmentProfile(call: Pick<Recorder, 'tables'>, app: App, user: User): Json {
  const { profile } = user
  if (app.signOnMode === 'OPENID_CONNECT') {
    const claims: Record<string, unknown> = Object.fromEntries(CLAIMS.map((claim) => [claim, null]))
    const parts = [profile.firstName, profile.lastName].filter(Boolean)
    return {
      ...claims,
      zoneinfo: profile.timezone ?? 'America/Los_Angeles',
      given_name: profile.firstName ?? null,
      middle_name: profile.middleName ?? null,
      locale: profile.locale ?? 'en_US',
      name: parts.join(' '),
      nickname: profile.nickName ?? null,
      phone_number: profile.primaryPhone ?? null,
      family_name: profile.lastName ?? null,
      email: profile.email ?? null,
    }
  }
  const custom = call.tables.schemas.get(app.id)?.custom ?? {}
  return Object.fromEntries(Object.keys(custom).map((name) => [name, null]))
}

/** An app that only signs on has its users ACTIVE; one that provisions them, PROVISIONED. */
export const assignmentStatus = (app: App): string =>
  app.features.includes('PUSH_NEW_USERS') ? 'PROVISIONED' : 'ACTIVE'

/** The user's name at the app, from the app's template: `${source.login}`, `${fn:substringBefore(source.login, "@")}`. */
export function userNameFor(app: App, user: User): string {
  const template = (app.credentials.userNameTemplate as { template?: string } | undefined)?.template
  if (template === undefined) return user.profile.login
  return template.replace(/\$\{([^}]+)\}/g, (_whole, source: string) => templateValue(source.trim(), user))
}

function templateValue(source: string, user: User): string {
  const before = /^fn:substringBefore\((.+?),\s*"(.+)"\)$/.exec(source)
  if (before) return attribute(before[1] as string, user).split(before[2] as string)[0] as string
  const lower = /^fn:toLowerCase\((.+)\)$/.exec(source)
  if (lower) return templateValue(lower[1] as string, user).toLowerCase()
  return attribute(source, user)
}

const attribute = (path: string, user: User): string => {
  const name = path.trim().replace(/^(source|user)\./, '')
  const value = name === 'userName' ? user.profile.login : user.profile[name]
  return value === undefined || value === null ? '' : String(value)
}
