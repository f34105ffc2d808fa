import { type Reader, self } from '../context.ts'
import { typesOf } from '../rules/issues/create.ts'
import { canBrowse } from '../rules/permissions.ts'
import type { Component, Project, ProjectRole, RoleActor } from '../tables.ts'
import { avatarSizes, componentReference, issueTypeView, projectReference, versionView } from './configuration.ts'
import { groupView, slimUser } from './people.ts'

export const PROJECT_EXPAND = 'description,lead,issueTypes,url,projectKeys,permissions,insight'

/** A project of `project` and `project/search`. */
export function listedProject(reader: Reader, project: Project, expand: readonly string[] = []) {
  const has = (name: string) => expand.includes(name)
  const { projectCategory } = projectReference(reader, project)
  const issues = has('insight') ? reader.site.tables.issues.where('project', project.id) : []
  const last = Math.max(0, ...issues.map((issue) => issue.updated))
  return {
    expand: PROJECT_EXPAND,
    self: self(reader, `project/${project.id}`),
    id: project.id,
    key: project.key,
    ...(has('description') && { description: project.description }),
    ...(has('lead') && { lead: slimUser(reader, project.leadId) }),
    ...(has('issueTypes') && { issueTypes: typesOf(reader.site, project).map((type) => issueTypeView(reader, type)) }),
    ...(has('url') && project.url && { url: project.url }),
    name: project.name,
    avatarUrls: avatarSizes(reader, 'project', project.avatarId),
    ...(has('projectKeys') && { projectKeys: [project.key, ...project.formerKeys] }),
    ...(projectCategory && { projectCategory }),
    projectTypeKey: project.typeKey,
    simplified: project.style === 'next-gen',
    style: project.style,
    isPrivate: project.access === 'private',
    ...(has('permissions') && { permissions: { canEdit: true } }),
    ...(has('insight') && {
      insight: {
        totalIssueCount: issues.length,
        ...(last > 0 && { lastIssueUpdateTime: new Date(last).toISOString() }),
      },
    }),
    properties: {},
    ...(project.uuid && { entityId: project.uuid, uuid: project.uuid }),
    ...(project.archived && { archived: true }),
    ...(project.deleted && { deleted: true }),
  }
}

/** Roles of a project by name. Add-on roles belong to company-managed projects, Member and Viewer to the others. */
export function rolesOf(reader: Reader, project: Project): ProjectRole[] {
  const shared =
    project.style === 'next-gen' ? ['atlassian-addons-project-access', 'Administrators', 'Member', 'Viewer'] : undefined
  const roles = reader.site.tables.roles.all()
  return shared
    ? roles.filter((role) => shared.includes(role.name))
    : roles.filter((role) => role.name !== 'Member' && role.name !== 'Viewer')
}

export const roleLinks = (reader: Reader, project: Project) =>
  Object.fromEntries(
    rolesOf(reader, project).map((role) => [role.name, self(reader, `project/${project.id}/role/${role.id}`)]),
  )

/** A project in full. */
export function projectView(reader: Reader, project: Project, expand: readonly string[] = []) {
  const { tables } = reader.site
  const { projectCategory } = projectReference(reader, project)
  return {
    expand: PROJECT_EXPAND,
    self: self(reader, `project/${project.id}`),
    id: project.id,
    key: project.key,
    description: project.description,
    lead: slimUser(reader, project.leadId),
    components: tables.components.where('project', project.id).map((row) => componentReference(reader, row)),
    issueTypes: typesOf(reader.site, project).map((type) => issueTypeView(reader, type)),
    ...(project.url && { url: project.url }),
    ...(project.email && { email: project.email }),
    assigneeType: project.assigneeType,
    versions: tables.versions.where('project', project.id).map((row) => versionView(reader, row)),
    name: project.name,
    roles: roleLinks(reader, project),
    avatarUrls: avatarSizes(reader, 'project', project.avatarId),
    ...(projectCategory && { projectCategory }),
    ...(expand.includes('projectKeys') && { projectKeys: [project.key, ...project.formerKeys] }),
    projectTypeKey: project.typeKey,
    simplified: project.style === 'next-gen',
    style: project.style,
    isPrivate: project.access === 'private',
    properties: {},
    ...(project.uuid && { entityId: project.uuid, uuid: project.uuid }),
    ...(project.archived && { archived: true }),
    ...(project.deleted && { deleted: true }),
  }
}

/** Projects the reader may see, by key. */
export const visibleProjects = (reader: Reader): Project[] =>
  reader.site.tables.projects
    .all()
    .filter((project) => canBrowse(reader.site, reader.user, project))
    .sort((a, b) => (a.key < b.key ? -1 : 1))

export function componentView(reader: Reader, component: Component) {
  const project = reader.site.tables.projects.get(component.projectId)
  const lead = slimUser(reader, component.leadId)
  const assigned = {
    PROJECT_DEFAULT: project?.assigneeType === 'PROJECT_LEAD' ? project.leadId : undefined,
    PROJECT_LEAD: project?.leadId,
    COMPONENT_LEAD: component.leadId,
    UNASSIGNED: undefined,
  }[component.assigneeType]
  const assignee = slimUser(reader, assigned)
  return {
    ...componentReference(reader, component),
    ...(lead && { lead }),
    assigneeType: component.assigneeType,
    ...(assignee && { assignee }),
    realAssigneeType: component.assigneeType,
    ...(assignee && { realAssignee: assignee }),
    isAssigneeTypeValid:
      component.assigneeType === 'PROJECT_DEFAULT' || component.assigneeType === 'UNASSIGNED' || assignee !== undefined,
    project: project?.key,
    projectId: Number(component.projectId),
  }
}

function actorView(reader: Reader, actor: RoleActor) {
  if (actor.type === 'group') {
    const group = reader.site.tables.groups.get(actor.holder)
    const { name = actor.holder } = group ? groupView(reader, group) : {}
    return {
      id: actor.id,
      displayName: name,
      type: 'atlassian-group-role-actor',
      name,
      actorGroup: { name, displayName: name, groupId: actor.holder },
    }
  }
  const user = reader.site.tables.users.get(actor.holder)
  return {
    id: actor.id,
    displayName: user?.displayName ?? 'Former user',
    type: 'atlassian-user-role-actor',
    actorUser: { accountId: actor.holder },
  }
}

/** A role with its members in a project. */
export const projectRoleView = (reader: Reader, role: ProjectRole, project: Project) => ({
  self: self(reader, `project/${project.id}/role/${role.id}`),
  name: role.name,
  id: role.id,
  description: role.description,
  actors: reader.site.tables.roleActors.where('role', [project.id, role.id]).map((actor) => actorView(reader, actor)),
})

/** A role with the members new projects begin with. */
export const roleView = (reader: Reader, role: ProjectRole) => ({
  self: self(reader, `role/${role.id}`),
  name: role.name,
  id: role.id,
  description: role.description,
  ...defaultActors(reader, role),
})

export const defaultActors = (reader: Reader, role: ProjectRole) => ({
  actors: [
    ...role.defaultGroups.map((holder, at) =>
      actorView(reader, { id: role.id * 10 + at, projectId: '', roleId: role.id, type: 'group', holder }),
    ),
    ...role.defaultUsers.map((holder, at) =>
      actorView(reader, { id: role.id * 10 + 5 + at, projectId: '', roleId: role.id, type: 'user', holder }),
    ),
  ],
})
