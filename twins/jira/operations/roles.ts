import { noContent, ok } from '../../../shared/kernel/reply.ts'
import { type JiraCall, reader, requireAdmin, self, signedIn } from '../context.ts'
import { badRequest, conflict, notFound } from '../errors.ts'
import { visibleProject } from '../rules/issues/find.ts'
import { inRole } from '../rules/permissions.ts'
import { addActor } from '../rules/projects.ts'
import type { Project, ProjectRole } from '../tables.ts'
import { defaultActors, projectRoleView, roleLinks, rolesOf, roleView } from '../views/project.ts'
import { operations } from './define.ts'
import { administered } from './projects.ts'
import { bodyOf } from './shared.ts'

function roleOf(call: JiraCall, id: number): ProjectRole {
  const role = call.tables.roles.get(String(id))
  if (!role) throw notFound(`Can not retrieve a role actor for a null project role.`)
  return role
}

const strings = (value: unknown): string[] => (Array.isArray(value) ? value.map(String) : [])

/** Account ids and group ids of a body that names users and groups. */
function holders(call: JiraCall, body: Record<string, unknown>) {
  const users = strings(body.user)
  const groups = [
    ...strings(body.groupId),
    ...strings(body.group).map((name) => call.tables.groups.by('name', name.toLowerCase())?.groupId ?? name),
  ]
  if (users.length + groups.length === 0) throw badRequest('You must specify at least one user or group.')
  for (const id of users)
    if (!call.tables.users.has(id))
      throw badRequest(
        `We can't find '${id}' in any accessible user directory. Check they're still active and available, and try again.`,
      )
  for (const id of groups)
    if (!call.tables.groups.has(id))
      throw badRequest(
        `We can't find '${id}' in any accessible group directory. Check they're still available, and try again.`,
      )
  return { users, groups }
}

/** Role actors need a paid plan. */
function requirePlan(call: JiraCall): void {
  if (call.tables.settings.get('plan')?.value === 'free') {
    throw badRequest('Project role actors cannot be changed on the Free plan. Upgrade your plan to use this feature.')
  }
}

function add(
  call: JiraCall,
  project: Project,
  role: ProjectRole,
  { users, groups }: { users: string[]; groups: string[] },
) {
  for (const id of users) addActor(call, project.id, role.id, 'user', id)
  for (const id of groups) addActor(call, project.id, role.id, 'group', id)
  return ok(projectRoleView(reader(call), role, project))
}

export const roles = operations({
  getProjectRoles: (call) => ok(roleLinks(reader(call), visibleProject(call, call.params.projectIdOrKey))),
  getProjectRole: (call) =>
    ok(projectRoleView(reader(call), roleOf(call, call.params.id), visibleProject(call, call.params.projectIdOrKey))),
  getProjectRoleDetails(call) {
    const project = visibleProject(call, call.params.projectIdOrKey)
    const user = signedIn(call)
    const rows = rolesOf(reader(call), project)
      .filter((role) => !call.query.currentMember || inRole(call, user, project.id, role.id))
      .filter((role) => !call.query.excludeConnectAddons || !role.name.startsWith('atlassian-addons'))
    return ok(
      rows.map((role) => ({
        self: self(reader(call), `project/${project.id}/role/${role.id}`),
        name: role.name,
        id: role.id,
        description: role.description,
        admin: role.name === 'Administrators',
        default: role.name === 'Member',
        roleConfigurable: project.style === 'next-gen',
        translatedName: role.name,
      })),
    )
  },
  setActors(call) {
    const project = administered(call, call.params.projectIdOrKey)
    requirePlan(call)
    const role = roleOf(call, call.params.id)
    const { categorisedActors = {} } = bodyOf(call) as { categorisedActors?: Record<string, string[]> }
    const users = strings(categorisedActors['atlassian-user-role-actor'])
    const groups = [
      ...strings(categorisedActors['atlassian-group-role-actor-id']),
      ...strings(categorisedActors['atlassian-group-role-actor']).map(
        (name) => call.tables.groups.by('name', name.toLowerCase())?.groupId ?? name,
      ),
    ]
    for (const actor of call.tables.roleActors.where('role', [project.id, role.id]))
      call.tables.roleActors.remove(String(actor.id))
    return add(call, project, role, {
      users: users.filter((id) => call.tables.users.has(id)),
      groups: groups.filter((id) => call.tables.groups.has(id)),
    })
  },
  addActorUsers(call) {
    const project = administered(call, call.params.projectIdOrKey)
    requirePlan(call)
    const role = roleOf(call, call.params.id)
    return add(call, project, role, holders(call, bodyOf(call)))
  },
  /** Removing somebody who is not in the role succeeds (seen live). */
  deleteActor(call) {
    const project = administered(call, call.params.projectIdOrKey)
    requirePlan(call)
    const { user, group, groupId } = call.query
    if (!user && !group && !groupId) throw badRequest('You must specify a user or a group.')
    const holder = user ?? groupId ?? call.tables.groups.by('name', (group ?? '').toLowerCase())?.groupId
    for (const actor of call.tables.roleActors.where('role', [project.id, call.params.id])) {
      if (actor.holder === holder) call.tables.roleActors.remove(String(actor.id))
    }
    return noContent()
  },

  getAllProjectRoles(call) {
    requireAdmin(call)
    return ok(call.tables.roles.all().map((role) => roleView(reader(call), role)))
  },
  getProjectRoleById: (call) => ok(roleView(reader(call), roleOf(call, call.params.id))),
  createProjectRole(call) {
    requireAdmin(call)
    const { name, description } = bodyOf(call)
    if (!name) throw badRequest('The name of the project role must be provided.')
    if (call.tables.roles.all().some((role) => role.name === name))
      throw conflict(`A project role with name '${name}' already exists.`)
    const role = call.tables.roles.insert({
      id: call.sequence('jira.role', 10_100),
      name: String(name),
      description: String(description ?? ''),
      defaultUsers: [],
      defaultGroups: [],
    })
    return ok(roleView(reader(call), role))
  },
  fullyUpdateProjectRole(call) {
    requireAdmin(call)
    const role = roleOf(call, call.params.id)
    const { name, description } = bodyOf(call)
    if (!name || description === undefined) throw badRequest('Both name and description must be provided.')
    return ok(
      roleView(
        reader(call),
        call.tables.roles.replace({ ...role, name: String(name), description: String(description) }),
      ),
    )
  },
  partialUpdateProjectRole(call) {
    requireAdmin(call)
    const role = roleOf(call, call.params.id)
    const { name, description } = bodyOf(call)
    if (!name && description === undefined) throw badRequest('A name or a description must be provided.')
    return ok(
      roleView(
        reader(call),
        call.tables.roles.replace({
          ...role,
          name: String(name ?? role.name),
          description: String(description ?? role.description),
        }),
      ),
    )
  },
  deleteProjectRole(call) {
    requireAdmin(call)
    const role = roleOf(call, call.params.id)
    const used = call.tables.permissionSchemes
      .all()
      .some((scheme) =>
        scheme.grants.some((grant) => grant.holder.type === 'projectRole' && grant.holder.value === String(role.id)),
      )
    if (used && call.query.swap === undefined)
      throw conflict('The project role is used by a scheme and cannot be deleted.')
    for (const actor of call.tables.roleActors.all())
      if (actor.roleId === role.id) call.tables.roleActors.remove(String(actor.id))
    call.tables.roles.remove(String(role.id))
    return noContent()
  },
  getProjectRoleActorsForRole(call) {
    requireAdmin(call)
    return ok(defaultActors(reader(call), roleOf(call, call.params.id)))
  },
  addProjectRoleActorsToRole(call) {
    requireAdmin(call)
    const role = roleOf(call, call.params.id)
    const { users, groups } = holders(call, bodyOf(call))
    const changed = call.tables.roles.replace({
      ...role,
      defaultUsers: [...new Set([...role.defaultUsers, ...users])],
      defaultGroups: [...new Set([...role.defaultGroups, ...groups])],
    })
    return ok(defaultActors(reader(call), changed))
  },
  deleteProjectRoleActorsFromRole(call) {
    requireAdmin(call)
    const role = roleOf(call, call.params.id)
    const { user, group, groupId } = call.query
    const gone = user ?? groupId ?? call.tables.groups.by('name', (group ?? '').toLowerCase())?.groupId
    if (!gone) throw badRequest('You must specify a user or a group.')
    const changed = call.tables.roles.replace({
      ...role,
      defaultUsers: role.defaultUsers.filter((id) => id !== gone),
      defaultGroups: role.defaultGroups.filter((id) => id !== gone),
    })
    return ok(defaultActors(reader(call), changed))
  },
})
