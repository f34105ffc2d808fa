import { created, noContent, ok } from '../../../shared/kernel/reply.ts'
import { type JiraCall, nextId, reader, requireAdmin, self } from '../context.ts'
import { badRequest, notFound } from '../errors.ts'
import { expandOf, idsOf, pageBean } from '../paging.ts'
import { visibleProject } from '../rules/issues/find.ts'
import { permissionInfo } from '../rules/permissions.ts'
import { completeTask } from '../rules/tasks.ts'
import type { Grant, NotificationScheme, PermissionScheme, Project, SecurityScheme } from '../tables.ts'
import {
  grantView,
  notificationSchemeView,
  permissionSchemeView,
  securityLevelView,
  securitySchemeView,
} from '../views/schemes.ts'
import { operations } from './define.ts'
import { administered } from './projects.ts'
import { bodyOf, renamed, text } from './shared.ts'

function permissionSchemeOf(call: JiraCall, id: number): PermissionScheme {
  const scheme = call.tables.permissionSchemes.get(String(id))
  if (!scheme) throw notFound(`The permission scheme with id ${id} does not exist.`)
  return scheme
}

const HOLDERS = [
  'anyone',
  'applicationRole',
  'assignee',
  'group',
  'groupCustomField',
  'projectLead',
  'projectRole',
  'reporter',
  'user',
  'userCustomField',
  'sd.customer.portal.only',
]

function grantFrom(call: JiraCall, given: unknown): Grant {
  const { permission, holder } = (given ?? {}) as { permission?: string; holder?: Grant['holder'] }
  if (!permission || permissionInfo(permission)?.type !== 'PROJECT')
    throw badRequest(`Permission '${permission}' is invalid.`)
  if (!holder || !HOLDERS.includes(holder.type)) throw badRequest(`The holder type '${holder?.type}' is invalid.`)
  const parameter = holder.parameter ?? holder.value
  const value =
    holder.type === 'group'
      ? (call.tables.groups.by('name', text(holder.parameter).toLowerCase())?.groupId ?? holder.value)
      : parameter
  return {
    id: call.sequence('jira.grant', 10_004),
    permission,
    holder: {
      type: holder.type,
      ...(parameter !== undefined && { parameter: String(parameter) }),
      ...(value !== undefined && { value: String(value) }),
    },
  }
}

export const permissionSchemes = operations({
  getAllPermissionSchemes(call) {
    requireAdmin(call)
    return ok({
      permissionSchemes: call.tables.permissionSchemes
        .all()
        .map((scheme) => permissionSchemeView(reader(call), scheme, expandOf(call.query.expand))),
    })
  },
  getPermissionScheme: (call) =>
    ok(permissionSchemeView(reader(call), permissionSchemeOf(call, call.params.schemeId), expandOf(call.query.expand))),
  createPermissionScheme(call) {
    requireAdmin(call)
    const { name, description, permissions } = bodyOf(call)
    if (!name) throw badRequest('The name of the permission scheme must be provided.')
    if (call.tables.permissionSchemes.all().some((scheme) => scheme.name === name))
      throw badRequest('A permission scheme with that name already exists.')
    const grants = (Array.isArray(permissions) ? permissions : []).map((grant) => grantFrom(call, grant))
    const scheme = call.tables.permissionSchemes.insert({
      id: Number(nextId(call, 'permissionScheme')),
      name: text(name),
      description: text(description),
      grants,
    })
    call.emit({ type: 'permission_scheme_created', name: scheme.name })
    return created(permissionSchemeView(reader(call), scheme, expandOf(call.query.expand)))
  },
  updatePermissionScheme(call) {
    requireAdmin(call)
    const scheme = permissionSchemeOf(call, call.params.schemeId)
    const { name, description, permissions } = bodyOf(call)
    const grants = Array.isArray(permissions) ? permissions.map((grant) => grantFrom(call, grant)) : scheme.grants
    const changed = call.tables.permissionSchemes.replace({
      ...renamed(scheme, { name, description }),
      grants,
    })
    return ok(permissionSchemeView(reader(call), changed, expandOf(call.query.expand)))
  },
  deletePermissionScheme(call) {
    requireAdmin(call)
    const scheme = permissionSchemeOf(call, call.params.schemeId)
    if (call.tables.projects.all().some((project) => project.schemes.permission === String(scheme.id)))
      throw badRequest('The permission scheme is used by a project and cannot be deleted.')
    call.tables.permissionSchemes.remove(String(scheme.id))
    return noContent()
  },
  getPermissionSchemeGrants(call) {
    const scheme = permissionSchemeOf(call, call.params.schemeId)
    return ok({
      permissions: scheme.grants.map((grant) => grantView(reader(call), scheme.id, grant, expandOf(call.query.expand))),
      expand: 'user,group,projectRole,field,all',
    })
  },
  createPermissionGrant(call) {
    requireAdmin(call)
    const scheme = permissionSchemeOf(call, call.params.schemeId)
    const grant = grantFrom(call, bodyOf(call))
    call.tables.permissionSchemes.replace({ ...scheme, grants: [...scheme.grants, grant] })
    return created(grantView(reader(call), scheme.id, grant, expandOf(call.query.expand)))
  },
  getPermissionSchemeGrant(call) {
    const scheme = permissionSchemeOf(call, call.params.schemeId)
    const grant = scheme.grants.find((one) => one.id === call.params.permissionId)
    if (!grant) throw notFound(`The permission grant with id ${call.params.permissionId} does not exist.`)
    return ok(grantView(reader(call), scheme.id, grant, expandOf(call.query.expand)))
  },
  deletePermissionSchemeEntity(call) {
    requireAdmin(call)
    const scheme = permissionSchemeOf(call, call.params.schemeId)
    const grants = scheme.grants.filter((one) => one.id !== call.params.permissionId)
    if (grants.length === scheme.grants.length)
      throw badRequest(`The permission grant with id ${call.params.permissionId} does not exist.`)
    call.tables.permissionSchemes.replace({ ...scheme, grants })
    return noContent()
  },
  getAssignedPermissionScheme(call) {
    const project = administered(call, call.params.projectKeyOrId)
    return ok(
      permissionSchemeView(
        reader(call),
        permissionSchemeOf(call, Number(project.schemes.permission)),
        expandOf(call.query.expand),
      ),
    )
  },
  assignPermissionScheme(call) {
    requireAdmin(call)
    const project = visibleProject(call, call.params.projectKeyOrId)
    const scheme = permissionSchemeOf(call, Number(bodyOf(call).id))
    call.tables.projects.patch(project.id, { schemes: { ...project.schemes, permission: String(scheme.id) } })
    return ok(permissionSchemeView(reader(call), scheme, expandOf(call.query.expand)))
  },
})

function notificationSchemeOf(call: JiraCall, id: number | string): NotificationScheme {
  const scheme = call.tables.notificationSchemes.get(String(id))
  if (!scheme) throw notFound('Notification scheme with the given id does not exist.')
  return scheme
}

function notificationsFrom(call: JiraCall, given: unknown): NotificationScheme['notifications'] {
  const events = (Array.isArray(given) ? given : []) as {
    event?: { id?: string }
    notifications?: null | { notificationType?: string; parameter?: string }[]
  }[]
  return events.flatMap(({ event, notifications }) =>
    (notifications ?? []).map(({ notificationType, parameter }) => {
      if (!event?.id || !notificationType) throw badRequest('The event and the notification type must be provided.')
      return {
        id: call.sequence('jira.notification', 11_000),
        eventId: Number(event.id),
        notificationType,
        ...(parameter !== undefined && { parameter }),
      }
    }),
  )
}

export const notificationSchemes = operations({
  getNotificationSchemes(call) {
    const ids = idsOf(call.query.id)
    const projects = idsOf(call.query.projectId)
    const rows = call.tables.notificationSchemes
      .all()
      .filter((scheme) => ids.length === 0 || ids.includes(String(scheme.id)))
      .filter(
        (scheme) =>
          projects.length === 0 ||
          projects.some((id) => call.tables.projects.get(id)?.schemes.notification === String(scheme.id)),
      )
      .filter((scheme) => !call.query.onlyDefault || scheme.id === 10_000)
    return ok(
      pageBean(call, rows, (scheme) => notificationSchemeView(reader(call), scheme, expandOf(call.query.expand))),
    )
  },
  getNotificationScheme: (call) =>
    ok(notificationSchemeView(reader(call), notificationSchemeOf(call, call.params.id), expandOf(call.query.expand))),
  getNotificationSchemeToProjectMappings(call) {
    const rows = call.tables.projects.all().filter((project) => project.schemes.notification !== undefined)
    return ok(
      pageBean(call, rows, (project) => ({
        notificationSchemeId: project.schemes.notification,
        projectId: project.id,
      })),
    )
  },
  createNotificationScheme(call) {
    requireAdmin(call)
    const { name, description, notificationSchemeEvents } = bodyOf(call)
    if (!name) throw badRequest('The name of the notification scheme must be provided.')
    if (call.tables.notificationSchemes.all().some((scheme) => scheme.name === name))
      throw badRequest('A notification scheme with that name already exists.')
    const scheme = call.tables.notificationSchemes.insert({
      id: Number(nextId(call, 'notificationScheme')),
      name: text(name),
      description: text(description),
      notifications: notificationsFrom(call, notificationSchemeEvents),
    })
    return created({ id: String(scheme.id) })
  },
  updateNotificationScheme(call) {
    requireAdmin(call)
    const scheme = notificationSchemeOf(call, call.params.id)
    call.tables.notificationSchemes.replace(renamed(scheme, bodyOf(call)))
    return noContent()
  },
  deleteNotificationScheme(call) {
    requireAdmin(call)
    call.tables.notificationSchemes.remove(String(notificationSchemeOf(call, call.params.notificationSchemeId).id))
    return noContent()
  },
  addNotifications(call) {
    requireAdmin(call)
    const scheme = notificationSchemeOf(call, call.params.id)
    const added = notificationsFrom(call, bodyOf(call).notificationSchemeEvents)
    if (added.length === 0) throw badRequest('At least one notification must be provided.')
    call.tables.notificationSchemes.replace({ ...scheme, notifications: [...scheme.notifications, ...added] })
    return noContent()
  },
  removeNotificationFromNotificationScheme(call) {
    requireAdmin(call)
    const scheme = notificationSchemeOf(call, call.params.notificationSchemeId)
    const notifications = scheme.notifications.filter((one) => String(one.id) !== call.params.notificationId)
    if (notifications.length === scheme.notifications.length) throw notFound('The notification does not exist.')
    call.tables.notificationSchemes.replace({ ...scheme, notifications })
    return noContent()
  },
})

function securitySchemeOf(call: JiraCall, id: number | string | undefined): SecurityScheme {
  const scheme = id === undefined ? undefined : call.tables.securitySchemes.get(String(id))
  if (!scheme) throw notFound('The issue security scheme does not exist.')
  return scheme
}

function levelsFrom(call: JiraCall, given: unknown): SecurityScheme['levels'] {
  const rows = (Array.isArray(given) ? given : []) as {
    name?: string
    description?: string
    isDefault?: boolean
    members?: { type: string; parameter?: string }[]
  }[]
  return rows.map(({ name, description, isDefault = false, members = [] }) => {
    if (!name) throw badRequest('The name of the security level must be provided.')
    return {
      id: nextId(call, 'securityLevel'),
      name,
      description: text(description),
      isDefault,
      members: membersFrom(call, members),
    }
  })
}

const membersFrom = (call: JiraCall, given: readonly { type: string; parameter?: string }[]) =>
  given.map(({ type, parameter }) => ({
    id: nextId(call, 'securityMember'),
    holder: { type, ...(parameter !== undefined && { parameter, value: parameter }) },
  }))

const usersOf = (call: JiraCall, scheme: SecurityScheme): Project[] =>
  call.tables.projects.all().filter((project) => project.schemes.security === String(scheme.id))

const levelIn = (scheme: SecurityScheme, id: string) => {
  const level = scheme.levels.find((one) => one.id === id)
  if (!level) throw notFound('The issue security level does not exist.')
  return level
}

const changeLevels = (call: JiraCall, scheme: SecurityScheme, levels: SecurityScheme['levels']) => {
  call.tables.securitySchemes.replace({ ...scheme, levels })
  return noContent()
}

/** Whether a filter by ids lets an id pass: without ids it lets all. */
const chosen = (filter: unknown, id: string): boolean => {
  const ids = idsOf(filter)
  return ids.length === 0 || ids.includes(id)
}

export const securitySchemes = operations({
  getIssueSecuritySchemes(call) {
    requireAdmin(call)
    return ok({
      issueSecuritySchemes: call.tables.securitySchemes.all().map((scheme) => securitySchemeView(reader(call), scheme)),
    })
  },
  searchSecuritySchemes(call) {
    requireAdmin(call)
    const ids = idsOf(call.query.id)
    const rows = call.tables.securitySchemes
      .all()
      .filter((scheme) => ids.length === 0 || ids.includes(String(scheme.id)))
    return ok(
      pageBean(call, rows, (scheme) => ({
        id: scheme.id,
        self: self(reader(call), `issuesecurityscheme/${scheme.id}`),
        name: scheme.name,
        description: scheme.description,
        ...(scheme.levels.some((level) => level.isDefault) && {
          defaultLevel: Number(scheme.levels.find((level) => level.isDefault)?.id),
        }),
        projectIds: usersOf(call, scheme).map((project) => Number(project.id)),
      })),
    )
  },
  getIssueSecurityScheme: (call) => ok(securitySchemeView(reader(call), securitySchemeOf(call, call.params.id), true)),
  createIssueSecurityScheme(call) {
    requireAdmin(call)
    const { name, description, levels } = bodyOf(call)
    if (!name) throw badRequest('The name of the issue security scheme must be provided.')
    if (call.tables.securitySchemes.all().some((scheme) => scheme.name === name))
      throw badRequest('An issue security scheme with that name already exists.')
    const scheme = call.tables.securitySchemes.insert({
      id: Number(nextId(call, 'securityScheme')),
      name: text(name),
      description: text(description),
      levels: levelsFrom(call, levels),
    })
    return created({ id: String(scheme.id) })
  },
  updateIssueSecurityScheme(call) {
    requireAdmin(call)
    const scheme = securitySchemeOf(call, call.params.id)
    call.tables.securitySchemes.replace(renamed(scheme, bodyOf(call)))
    return noContent()
  },
  deleteSecurityScheme(call) {
    requireAdmin(call)
    const scheme = securitySchemeOf(call, call.params.schemeId)
    if (usersOf(call, scheme).length > 0)
      throw badRequest('The issue security scheme is used by a project and cannot be deleted.')
    call.tables.securitySchemes.remove(String(scheme.id))
    return noContent()
  },
  getSecurityLevels(call) {
    requireAdmin(call)
    const [ids, schemes] = [idsOf(call.query.id), idsOf(call.query.schemeId)]
    const rows = call.tables.securitySchemes
      .all()
      .filter((scheme) => schemes.length === 0 || schemes.includes(String(scheme.id)))
      .flatMap((scheme) => scheme.levels.map((level) => ({ scheme, level })))
      .filter(
        ({ level }) => (ids.length === 0 || ids.includes(level.id)) && (!call.query.onlyDefault || level.isDefault),
      )
    return ok(pageBean(call, rows, ({ scheme, level }) => securityLevelView(reader(call), scheme, level)))
  },
  setDefaultLevels(call) {
    requireAdmin(call)
    for (const { issueSecuritySchemeId, defaultLevelId } of (bodyOf(call).defaultValues ?? []) as {
      issueSecuritySchemeId: string
      defaultLevelId: string
    }[]) {
      const scheme = securitySchemeOf(call, issueSecuritySchemeId)
      changeLevels(
        call,
        scheme,
        scheme.levels.map((level) => ({ ...level, isDefault: level.id === defaultLevelId })),
      )
    }
    return noContent()
  },
  addSecurityLevel(call) {
    requireAdmin(call)
    const scheme = securitySchemeOf(call, call.params.schemeId)
    const added = levelsFrom(call, bodyOf(call).levels)
    if (added.some((level) => scheme.levels.some((known) => known.name === level.name)))
      throw badRequest('A security level with that name already exists.')
    return changeLevels(call, scheme, [...scheme.levels, ...added])
  },
  updateSecurityLevel(call) {
    requireAdmin(call)
    const scheme = securitySchemeOf(call, call.params.schemeId)
    const level = levelIn(scheme, call.params.levelId)
    const { name, description } = bodyOf(call)
    return changeLevels(
      call,
      scheme,
      scheme.levels.map((one) => (one.id === level.id ? renamed(one, { name, description }) : one)),
    )
  },
  removeLevel(call) {
    requireAdmin(call)
    const scheme = securitySchemeOf(call, call.params.schemeId)
    const level = levelIn(scheme, call.params.levelId)
    for (const issue of call.tables.issues.all())
      if (issue.securityId === level.id)
        call.tables.issues.patch(issue.id, { securityId: call.query.replaceWith ?? null })
    changeLevels(
      call,
      scheme,
      scheme.levels.filter((one) => one.id !== level.id),
    )
    return completeTask(call, 'Remove security level')
  },
  addSecurityLevelMembers(call) {
    requireAdmin(call)
    const scheme = securitySchemeOf(call, call.params.schemeId)
    const level = levelIn(scheme, call.params.levelId)
    const members = membersFrom(call, (bodyOf(call).members ?? []) as { type: string }[])
    return changeLevels(
      call,
      scheme,
      scheme.levels.map((one) => (one.id === level.id ? { ...one, members: [...one.members, ...members] } : one)),
    )
  },
  removeMemberFromSecurityLevel(call) {
    requireAdmin(call)
    const scheme = securitySchemeOf(call, call.params.schemeId)
    const level = levelIn(scheme, call.params.levelId)
    return changeLevels(
      call,
      scheme,
      scheme.levels.map((one) =>
        one.id === level.id
          ? { ...one, members: one.members.filter((member) => member.id !== call.params.memberId) }
          : one,
      ),
    )
  },
  getIssueSecurityLevelMembers(call) {
    const scheme = securitySchemeOf(call, call.params.issueSecuritySchemeId)
    const ids = idsOf(call.query.issueSecurityLevelId)
    const rows = scheme.levels
      .filter((level) => ids.length === 0 || ids.includes(level.id))
      .flatMap((level) => level.members.map((member) => ({ level, member })))
    return ok(
      pageBean(call, rows, ({ level, member }) => ({
        id: Number(member.id),
        issueSecurityLevelId: Number(level.id),
        holder: member.holder,
      })),
    )
  },
  getSecurityLevelMembers(call) {
    requireAdmin(call)
    const rows = call.tables.securitySchemes
      .all()
      .flatMap((scheme) => scheme.levels.flatMap((level) => level.members.map((member) => ({ scheme, level, member }))))
      .filter(({ scheme }) => chosen(call.query.schemeId, String(scheme.id)))
      .filter(({ level }) => chosen(call.query.levelId, level.id))
      .filter(({ member }) => chosen(call.query.id, member.id))
    return ok(
      pageBean(call, rows, ({ scheme, level, member }) => ({
        id: member.id,
        issueSecurityLevelId: level.id,
        issueSecuritySchemeId: String(scheme.id),
        holder: member.holder,
        managed: false,
      })),
    )
  },
  getIssueSecurityLevel(call) {
    const found = call.tables.securitySchemes
      .all()
      .flatMap((scheme) => scheme.levels)
      .find((level) => level.id === call.params.id)
    if (!found) throw notFound('The issue security level does not exist.')
    return ok({
      self: self(reader(call), `securitylevel/${found.id}`),
      id: found.id,
      description: found.description,
      name: found.name,
    })
  },
  searchProjectsUsingSecuritySchemes(call) {
    requireAdmin(call)
    const [schemes, projects] = [idsOf(call.query.issueSecuritySchemeId), idsOf(call.query.projectId)]
    const rows = call.tables.projects
      .all()
      .filter(
        ({ id, schemes: { security } }) =>
          security !== undefined &&
          (schemes.length === 0 || schemes.includes(security)) &&
          (projects.length === 0 || projects.includes(id)),
      )
    return ok(
      pageBean(call, rows, (project) => ({ issueSecuritySchemeId: project.schemes.security, projectId: project.id })),
    )
  },
  associateSchemesToProjects(call) {
    requireAdmin(call)
    const { projectId, schemeId } = bodyOf(call)
    const project = call.tables.projects.get(text(projectId))
    if (!project) throw notFound('The project does not exist.')
    const { security: _, ...schemes } = project.schemes
    call.tables.projects.patch(project.id, {
      schemes: {
        ...schemes,
        ...(schemeId !== null && { security: String(securitySchemeOf(call, text(schemeId)).id) }),
      },
    })
    return completeTask(call, 'Associate security scheme with project')
  },
  getProjectIssueSecurityScheme(call) {
    const project = administered(call, call.params.projectKeyOrId)
    const scheme = call.tables.securitySchemes.get(project.schemes.security ?? '')
    if (!scheme) throw notFound(`The project with key '${project.key}' does not have an issue security scheme.`)
    return ok(securitySchemeView(reader(call), scheme, true))
  },
  getSecurityLevelsForProject(call) {
    const project = visibleProject(call, call.params.projectKeyOrId)
    const levels = call.tables.securitySchemes.get(project.schemes.security ?? '')?.levels ?? []
    return ok({
      levels: levels.map(({ id, name, description }) => ({
        self: self(reader(call), `securitylevel/${id}`),
        id,
        description,
        name,
      })),
    })
  },
})
