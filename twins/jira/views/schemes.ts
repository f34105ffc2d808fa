import { type Reader, self } from '../context.ts'
import { permissionInfo } from '../rules/permissions.ts'
import type { Grant, Notification, NotificationScheme, PermissionScheme, SecurityScheme } from '../tables.ts'
import { groupView, slimUser } from './people.ts'
import { roleView } from './project.ts'

const EVENT_NAMES: Readonly<Record<number, string>> = {
  1: 'Issue Created',
  2: 'Issue Updated',
  3: 'Issue Assigned',
  4: 'Issue Resolved',
  5: 'Issue Closed',
  6: 'Issue Commented',
  7: 'Issue Reopened',
  8: 'Issue Deleted',
  9: 'Issue Moved',
  10: 'Work Logged On Issue',
  11: 'Work Started On Issue',
  12: 'Work Stopped On Issue',
  13: 'Generic Event',
  14: 'Issue Comment Edited',
  15: 'Issue Worklog Updated',
  16: 'Issue Worklog Deleted',
  17: 'Issue Comment Deleted',
}

/** Events of notification schemes: id and name. */
export const EVENTS = Object.entries(EVENT_NAMES).map(([id, name]) => ({ id: Number(id), name }))

const notificationView = (notification: Notification) => ({
  id: notification.id,
  notificationType: notification.notificationType,
  ...(notification.parameter !== undefined && { parameter: notification.parameter, recipient: notification.parameter }),
})

export function notificationSchemeView(reader: Reader, scheme: NotificationScheme, expand: readonly string[] = []) {
  const events = [...new Set(scheme.notifications.map((notification) => notification.eventId))].sort((a, b) => a - b)
  const expanded = expand.some((name) => name === 'all' || name.startsWith('notificationSchemeEvents'))
  const projects = reader.site.tables.projects
    .all()
    .filter((project) => project.schemes.notification === String(scheme.id))
  return {
    expand: 'notificationSchemeEvents,user,group,projectRole,field,all',
    id: scheme.id,
    self: self(reader, `notificationscheme/${scheme.id}`),
    name: scheme.name,
    description: scheme.description,
    ...(expanded && {
      notificationSchemeEvents: events.map((id) => ({
        event: { id, name: EVENT_NAMES[id], description: '' },
        notifications: scheme.notifications.filter((notification) => notification.eventId === id).map(notificationView),
      })),
    }),
    projects: projects.map((project) => Number(project.id)),
  }
}

function holderView(reader: Reader, holder: Grant['holder'], expand: readonly string[]) {
  const { tables } = reader.site
  const has = (name: string) => expand.includes(name) || expand.includes('all')
  const group =
    holder.type === 'group'
      ? (tables.groups.get(holder.value ?? '') ?? tables.groups.by('name', (holder.parameter ?? '').toLowerCase()))
      : undefined
  const role = holder.type === 'projectRole' ? tables.roles.get(holder.value ?? holder.parameter ?? '') : undefined
  const expandable = {
    group: 'group',
    projectRole: 'projectRole',
    user: 'user',
    userCustomField: 'field',
    groupCustomField: 'field',
  }[holder.type]
  return {
    type: holder.type,
    ...(holder.parameter !== undefined && { parameter: holder.parameter }),
    ...(holder.value !== undefined && { value: holder.value }),
    ...(expandable && { expand: expandable }),
    ...(has('group') && group && { group: groupView(reader, group) }),
    ...(has('projectRole') && role && { projectRole: roleView(reader, role) }),
    ...(has('user') && holder.type === 'user' && { user: slimUser(reader, holder.value ?? holder.parameter) }),
  }
}

export const grantView = (reader: Reader, schemeId: number, grant: Grant, expand: readonly string[] = []) => ({
  id: grant.id,
  self: self(reader, `permissionscheme/${schemeId}/permission/${grant.id}`),
  holder: holderView(reader, grant.holder, expand),
  permission: grant.permission,
})

/** A permission scheme. Grants come with or without being expanded (seen live). */
export const permissionSchemeView = (reader: Reader, scheme: PermissionScheme, expand: readonly string[] = []) => ({
  expand: 'permissions,user,group,projectRole,field,all',
  id: scheme.id,
  self: self(reader, `permissionscheme/${scheme.id}`),
  name: scheme.name,
  description: scheme.description,
  permissions: scheme.grants.map((grant) => grantView(reader, scheme.id, grant, expand)),
})

export const permissionName = (key: string): string => permissionInfo(key)?.name ?? key

export const securityLevelView = (reader: Reader, scheme: SecurityScheme, level: SecurityScheme['levels'][number]) => ({
  self: self(reader, `securitylevel/${level.id}`),
  id: level.id,
  description: level.description,
  name: level.name,
  isDefault: level.isDefault,
  issueSecuritySchemeId: String(scheme.id),
})

export function securitySchemeView(reader: Reader, scheme: SecurityScheme, withLevels = false) {
  const standard = scheme.levels.find((level) => level.isDefault)
  return {
    self: self(reader, `issuesecurityschemes/${scheme.id}`),
    id: scheme.id,
    name: scheme.name,
    description: scheme.description,
    ...(standard && { defaultSecurityLevelId: Number(standard.id) }),
    ...(withLevels && {
      levels: scheme.levels.map(({ id, name, description }) => ({
        self: self(reader, `securitylevel/${id}`),
        id,
        description,
        name,
      })),
    }),
  }
}
