import { groupIdsOf, isAdmin, type JiraCall, reader, type Site } from '../context.ts'
import { badRequest } from '../errors.ts'
import type { SharePermission, User } from '../tables.ts'
import { groupView, slimUser } from '../views/people.ts'
import { projectView, roleView } from '../views/project.ts'
import { canBrowse, inRole } from './permissions.ts'

/** Whether a filter or dashboard is shared with a user. */
export function sharedWith(site: Site, user: User | undefined, share: readonly SharePermission[]): boolean {
  return share.some((permission) => {
    if (permission.type === 'global') return true
    if (!user) return false
    const project = permission.projectId ? site.tables.projects.get(permission.projectId) : undefined
    switch (permission.type) {
      case 'loggedin':
      case 'authenticated':
        return true
      case 'user':
        return permission.accountId === user.accountId
      case 'group':
        return groupIdsOf(site, user.accountId).includes(permission.groupId ?? '')
      case 'project':
        return !!project && canBrowse(site, user, project)
      case 'projectRole':
        return !!project && inRole(site, user, project.id, permission.roleId ?? 0)
      default:
        return false
    }
  })
}

/** What a filter or dashboard needs to be seen: to own it, to be shared with, or to administer the site. */
export const mayView = (
  site: Site,
  user: User | undefined,
  row: { ownerId?: string; share: readonly SharePermission[]; edit: readonly SharePermission[] },
): boolean =>
  (user !== undefined && row.ownerId === user.accountId) ||
  sharedWith(site, user, row.share) ||
  sharedWith(site, user, row.edit)

export const mayEdit = (
  site: Site,
  user: User | undefined,
  row: { ownerId?: string; edit: readonly SharePermission[] },
): boolean =>
  user !== undefined &&
  (row.ownerId === user.accountId ||
    sharedWith(site, user, row.edit) ||
    (row.ownerId === undefined && isAdmin(site, user)))

export function shareView(call: JiraCall, permission: SharePermission) {
  const look = reader(call)
  const project = permission.projectId ? call.tables.projects.get(permission.projectId) : undefined
  const group = permission.groupId ? call.tables.groups.get(permission.groupId) : undefined
  const role = permission.roleId === undefined ? undefined : call.tables.roles.get(String(permission.roleId))
  return {
    id: permission.id,
    type:
      permission.type === 'projectRole'
        ? 'project'
        : permission.type === 'authenticated'
          ? 'loggedin'
          : permission.type,
    ...(project && { project: projectView(look, project) }),
    ...(role && { role: roleView(look, role) }),
    ...(group && { group: groupView(look, group) }),
    ...(permission.accountId && { user: slimUser(look, permission.accountId) }),
  }
}

interface SharedInput {
  readonly type?: string
  readonly project?: { readonly id?: string }
  readonly role?: { readonly id?: number }
  readonly group?: { readonly name?: string; readonly groupId?: string }
  readonly user?: { readonly accountId?: string }
  readonly projectId?: string
  readonly projectRoleId?: string
  readonly groupname?: string
  readonly groupId?: string
  readonly accountId?: string
}

/** A share as sent: nested objects in filters and dashboards, flat members in `filter/{id}/permission`. */
export function shareFrom(call: JiraCall, input: unknown): SharePermission {
  const given = (input ?? {}) as SharedInput
  const id = call.sequence('jira.share', 10_000)
  const projectId = given.project?.id ?? given.projectId
  const roleId = given.role?.id ?? given.projectRoleId
  switch (given.type) {
    case 'global':
    case 'loggedin':
    case 'authenticated':
      return { id, type: given.type }
    case 'project':
    case 'projectRole':
    case 'project_role':
    case 'project-unknown': {
      if (projectId === undefined || !call.tables.projects.has(String(projectId)))
        throw badRequest('The project specified does not exist or you do not have permission to see it.')
      return {
        id,
        type: roleId === undefined ? 'project' : 'projectRole',
        projectId: String(projectId),
        ...(roleId !== undefined && { roleId: Number(roleId) }),
      }
    }
    case 'group': {
      const name = given.group?.name ?? given.groupname
      const group =
        call.tables.groups.get(given.group?.groupId ?? given.groupId ?? '') ??
        call.tables.groups.by('name', (name ?? '').toLowerCase())
      if (!group) throw badRequest(`Group with name '${name}' does not exist.`)
      return { id, type: 'group', groupId: group.groupId }
    }
    case 'user': {
      const accountId = given.user?.accountId ?? given.accountId
      if (!accountId || !call.tables.users.has(accountId)) throw badRequest('The user does not exist.')
      return { id, type: 'user', accountId }
    }
    default:
      throw badRequest(`The share type '${given.type}' is invalid.`)
  }
}
