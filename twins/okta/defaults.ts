import { seedApps } from './defaults/apps.ts'
import { authorizationServerDefaults } from './defaults/authorizationServers.ts'
import { configurationDefaults, rateLimitDefaults, realmDefaults } from './defaults/configuration.ts'
import { policyDefaults } from './defaults/policies.ts'
import { seedResourceSets } from './defaults/resourceSets.ts'
import { GROUP_PROPERTIES, USER_PROPERTIES, USER_REQUIRED } from './defaults/schemas.ts'
import { seedServiceApp } from './defaults/serviceApp.ts'
import { idTail, newId, PREFIX } from './ids.ts'
import type { OktaMoment } from './operations/define.ts'
import { ADMINISTRATORS, EVERYONE } from './rules/membership.ts'
import { assign } from './rules/roles.ts'
import { settle } from './rules/users.ts'
import type { Group, User } from './tables/directory.ts'

/** Secret of the super admin's API token; on the wire its universe's tag follows: 42 characters. */
export const ADMIN_TOKEN = '00SuperAdminTokenOfTheTwin_0123x'
/** Secret of a token whose owner may only read. */
export const READER_TOKEN = '00ReadOnlyAdminTokenOfTheTwin_0x'
/** The password of the people who come with an org. */
export const DEFAULT_PASSWORD = 'Twin-Passw0rd!'

const MONTH = 30 * 24 * 3600 * 1000

/** What a fresh org contains: see the brief of each area file for where it was seen. */
export function defaults(moment: OktaMoment): void {
  const { tables, now } = moment
  const systemPrincipal = newId(moment, PREFIX.systemPrincipal)
  const tail = idTail(moment)
  tables.userTypes.insert({
    id: PREFIX.userType + tail,
    name: 'user',
    displayName: 'User',
    description: 'Okta user profile template with default permission settings',
    default: true,
    created: now,
    lastUpdated: now,
    createdBy: systemPrincipal,
    lastUpdatedBy: systemPrincipal,
  })
  tables.schemas.insert({
    id: PREFIX.schema + tail,
    kind: 'user',
    name: 'user',
    title: 'User',
    description: 'Okta user profile template with default permission settings',
    created: now,
    lastUpdated: now,
    base: USER_PROPERTIES,
    required: USER_REQUIRED,
    custom: {},
    customRequired: [],
  })
  tables.schemas.insert({
    id: 'group',
    kind: 'group',
    name: 'group',
    title: 'Okta group',
    description: 'Okta group profile template',
    created: now,
    lastUpdated: now,
    base: GROUP_PROPERTIES,
    required: ['name'],
    custom: {},
    customRequired: [],
  })
  const everyone = builtIn(moment, EVERYONE, 'All users in your organization')
  realmDefaults(moment)
  // Nobody activates who founds an org.
  const { activated: _, ...founder } = person(moment, 'admin@example.com', 'Ad', 'Ministrator')
  const admin = tables.users.replace({ ...founder, lastLogin: now })
  const reader = person(moment, 'reader@example.com', 'Rea', 'Der')
  tables.org.insert({
    id: newId(moment, PREFIX.org),
    subdomain: 'twin',
    companyName: 'Twin',
    status: 'ACTIVE',
    created: now,
    lastUpdated: now,
    contact: {},
    settings: {},
    adminUserId: admin.id,
    systemPrincipal,
  })
  configurationDefaults(moment)
  policyDefaults(moment, everyone.id)
  seedApps(moment)
  seedServiceApp(moment)
  seedResourceSets(moment)
  authorizationServerDefaults(moment)
  assign(moment, { holder: 'USER', holderId: admin.id, type: 'SUPER_ADMIN' })
  assign(moment, { holder: 'USER', holderId: reader.id, type: 'READ_ONLY_ADMIN' })
  apiToken(moment, admin, 'Twin', ADMIN_TOKEN)
  apiToken(moment, reader, 'Twin, read only', READER_TOKEN)
  rateLimitDefaults(moment)
  builtIn(moment, ADMINISTRATORS, 'Okta manages this group, which contains all administrators in your organization.')
}

/** A group that Okta keeps by itself. */
function builtIn(moment: OktaMoment, name: string, description: string): Group {
  const { tables, now } = moment
  return tables.groups.insert({
    id: newId(moment, PREFIX.group),
    type: 'BUILT_IN',
    created: now,
    lastUpdated: now,
    lastMembershipUpdated: now,
    objectClass: ['okta:user_group'],
    profile: { name, description },
  })
}

function person(moment: OktaMoment, login: string, firstName: string, lastName: string): User {
  return settle(moment, { firstName, lastName, login, email: login }, DEFAULT_PASSWORD)
}

/** Gives a user an API token, which the API itself cannot. */
export function apiToken(moment: OktaMoment, owner: User, name: string, secret: string): void {
  moment.tables.apiTokens.insert({
    id: newId(moment, PREFIX.apiToken),
    name,
    userId: owner.id,
    clientName: 'Okta API',
    secret,
    created: moment.now,
    lastUpdated: moment.now,
    expiresAt: moment.now + MONTH,
    tokenWindow: 'P30D',
    network: { connection: 'ANYWHERE' },
  })
}
