import { base32, type IdSource, newId, PREFIX } from '../ids.ts'
import { assignmentKey, type RoleAssignment } from '../tables/administration.ts'
import type { OktaTables } from '../tables.ts'

/** The standard roles and what Okta calls them. */
export const STANDARD_ROLES: Readonly<Record<string, string>> = {
  SUPER_ADMIN: 'Super Administrator',
  ORG_ADMIN: 'Organization Administrator',
  APP_ADMIN: 'Application Administrator',
  USER_ADMIN: 'Group Administrator',
  HELP_DESK_ADMIN: 'Help Desk Administrator',
  READ_ONLY_ADMIN: 'Read-only Administrator',
  MOBILE_ADMIN: 'Mobile Administrator',
  API_ACCESS_MANAGEMENT_ADMIN: 'API Access Management Administrator',
  REPORT_ADMIN: 'Report Administrator',
  GROUP_MEMBERSHIP_ADMIN: 'Group Membership Administrator',
  WORKFLOWS_ADMIN: 'Workflows Administrator',
  ACCESS_CERTIFICATIONS_ADMIN: 'Access Certifications Administrator',
  ACCESS_REQUESTS_ADMIN: 'Access Requests Administrator',
}

/** Roles that can be narrowed to groups or apps. Their assignment id is the type in base32, the same on every holder. */
export const SCOPED: readonly string[] = ['APP_ADMIN', 'USER_ADMIN', 'HELP_DESK_ADMIN', 'GROUP_MEMBERSHIP_ADMIN']

export type NewAssignment = Pick<RoleAssignment, 'holder' | 'holderId' | 'type'> &
  Partial<Pick<RoleAssignment, 'roleId' | 'resourceSetId' | 'label'>>

/** Gives a holder a role. Who holds it already is for the caller to ask. */
export function assign(source: IdSource & { readonly tables: OktaTables }, given: NewAssignment): RoleAssignment {
  const id = SCOPED.includes(given.type) ? base32(given.type) : newId(source, PREFIX.roleAssignment)
  return source.tables.roleAssignments.insert({
    key: assignmentKey(given.holderId, id),
    id,
    label: STANDARD_ROLES[given.type] ?? given.type,
    created: source.now,
    lastUpdated: source.now,
    ...given,
  })
}

/** Takes a role from its holder, with what it was narrowed to. */
export function dropAssignment(tables: OktaTables, assignment: RoleAssignment): void {
  for (const aim of tables.roleTargets.where('assignment', assignment.key)) tables.roleTargets.remove(aim.key)
  tables.roleAssignments.remove(assignment.key)
}
