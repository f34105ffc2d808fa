import type { AnyCall } from '../../../shared/kernel/dialect.ts'
import type { Caller } from '../caller.ts'
import type { OktaTables, tables } from '../tables.ts'

/** Administrator role types of a user or client: its own and, for a user, those of its groups. */
export function rolesOf(tables: OktaTables, holderId: string): readonly string[] {
  const own = tables.roleAssignments.where('holder', holderId)
  const inherited = tables.memberships
    .where('user', holderId)
    .flatMap((membership) => tables.roleAssignments.where('holder', membership.groupId))
  return [...new Set([...own, ...inherited].map((assignment) => assignment.type))]
}

/** Tags of the contract each scoped standard role may write to. Reading follows from writing. */
const WRITES: Readonly<Record<string, RegExp>> = {
  ORG_ADMIN: /^(?!Role|OrgSettingAdmin)/,
  APP_ADMIN: /^(Application|ApplicationS|User$|Group$|Schema|ProfileMapping|IdentityProvider|Logo)/,
  USER_ADMIN: /^(User|Group|LinkedObject|Session|Subscription|Device)/,
  HELP_DESK_ADMIN: /^(UserLifecycle|UserCred|UserFactor|UserSessions|Subscription)/,
  GROUP_MEMBERSHIP_ADMIN: /^(Group$|Subscription)/,
  API_ACCESS_MANAGEMENT_ADMIN: /^(AuthorizationServer|OAuth2|Application|Subscription)/,
  MOBILE_ADMIN: /^(Device|Subscription)/,
  REPORT_ADMIN: /^(Subscription)/,
  READ_ONLY_ADMIN: /^(Subscription)/,
}

const READ_ONLY_TAGS: Readonly<Record<string, RegExp>> = {
  USER_ADMIN: /^(User|Group|LinkedObject|Session|Subscription|Device|Application|Policy|Schema|Org)/,
  HELP_DESK_ADMIN: /^(User|Group|Subscription|Org)/,
  GROUP_MEMBERSHIP_ADMIN: /^(User|Group|Subscription|Org)/,
  REPORT_ADMIN: /^(User|Group|Application|SystemLog|Subscription|Org)/,
  APP_ADMIN: /^(User|Group|Application|Policy|Schema|ProfileMapping|IdentityProvider|SystemLog|Org|Subscription)/,
  MOBILE_ADMIN: /^(User|Group|Device|Subscription|Org)/,
}

/** What people may do for themselves, and what a service app without a role sees empty rather than refused. */
const UNPRIVILEGED = /^(listUsers|listGroups|listApplications)$/

/** What everybody may do with what is theirs. */
const OWN = /^\/(idp\/myaccount|governance\/api\/v\d\/my)\//

/** Whether the caller's roles allow the operation. What they may be used on (role targets) is for the handler. */
export function permits(call: AnyCall<typeof tables, Caller>): boolean {
  const { caller, operation, tables } = call
  const tag = operation.tags?.[0] ?? ''
  const reads = operation.method === 'get' || operation.method === 'head'
  const { roles } = caller
  if (roles.includes('SUPER_ADMIN')) return true
  // Whatever a token may do, it may end itself.
  if (operation.operationId === 'revokeCurrentApiToken') return caller.tokenId !== undefined
  if (roles.some((role) => WRITES[role]?.test(tag))) return true
  if (reads && roles.some((role) => READS_ALL.has(role) || READ_ONLY_TAGS[role]?.test(tag))) return true
  if (roles.includes('CUSTOM') && customRoleAllows(tables, caller, tag, reads)) return true
  if (/^(MyAccount|CustomAS|OrgAS)/.test(tag) || OWN.test(operation.path)) return true
  if (isSelf(call)) return true
  return caller.kind === 'client' && UNPRIVILEGED.test(operation.operationId)
}

const READS_ALL = new Set(['ORG_ADMIN', 'READ_ONLY_ADMIN', 'API_ACCESS_MANAGEMENT_ADMIN'])

/** Custom roles: `okta.users.read`, `okta.groups.manage` … against the operation's tag. */
function customRoleAllows(tables: OktaTables, caller: Caller, tag: string, reads: boolean): boolean {
  const holder = caller.userId ?? caller.clientId ?? ''
  const groups = tables.memberships.where('user', holder).map((membership) => membership.groupId)
  const assignments = [holder, ...groups].flatMap((id) => tables.roleAssignments.where('holder', id))
  const labels = assignments.flatMap((assignment) =>
    assignment.roleId
      ? tables.rolePermissions.where('role', assignment.roleId).map((permission) => permission.label)
      : [],
  )
  const area = CUSTOM_AREAS.find(([pattern]) => pattern.test(tag))?.[1]
  if (area === undefined) return false
  return labels.some((label) => label.startsWith(`okta.${area}.`) && (reads || !label.endsWith('.read')))
}

const CUSTOM_AREAS: readonly (readonly [RegExp, string])[] = [
  [/^User/, 'users'],
  [/^Group/, 'groups'],
  [/^Application/, 'apps'],
  [/^AuthorizationServer/, 'authzServers'],
  [/^IdentityProvider/, 'identityProviders'],
  [/^Policy/, 'policies'],
]

/** A person's own record: `/users/me`, `/sessions/me`, or their id. */
function isSelf({ caller, operation, params }: AnyCall<typeof tables, Caller>): boolean {
  if (!caller.userId) return false
  if (operation.path.startsWith('/api/v1/users/me/')) return true
  const { id, userId, sessionId } = params as { id?: string; userId?: string; sessionId?: string }
  const named = userId ?? id ?? sessionId
  return named === 'me' || named === caller.userId
}
