import { created, noContent, ok } from '../../../shared/kernel/reply.ts'
import { type JiraCall, nextId, reader, requireAdmin } from '../context.ts'
import { badRequest, notFound } from '../errors.ts'
import { among, expandOf, idsOf, pageBean } from '../paging.ts'
import type { NotificationScheme } from '../tables.ts'
import { notificationSchemeView } from '../views/schemes.ts'
import { operations } from './define.ts'
import { bodyOf, renamed, text } from './shared.ts'

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
      .filter((scheme) => among(ids, String(scheme.id)))
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
