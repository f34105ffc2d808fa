import { accepted, noContent, ok } from '../../../shared/kernel/reply.ts'
import { type JiraCall, reader, requireAdmin, shown, signedIn } from '../context.ts'
import { badRequest, forbidden, notFound } from '../errors.ts'
import { taskView } from '../rules/tasks.ts'
import { timestamp } from '../rules/time.ts'
import { applicationRole } from '../views/people.ts'
import { operations } from './define.ts'
import { bodyOf } from './shared.ts'
import { columnItems, columnsOf, standardColumns } from './users.ts'

const BUILT = 1_790_000_000_000

const setting = <T>(call: JiraCall, key: string, standard: T): T =>
  (call.tables.settings.get(key)?.value as T | undefined) ?? standard

interface Property {
  readonly key: string
  readonly value: string
  readonly name: string
  readonly desc?: string
  readonly type: string
}

const PROPERTIES: readonly Property[] = [
  { key: 'jira.title', value: 'Jira', name: 'jira.title', type: 'string' },
  { key: 'jira.home', value: '', name: 'jira.home', type: 'string' },
  {
    key: 'jira.clone.prefix',
    value: 'CLONE -',
    name: 'The prefix added to the Summary field of cloned issues',
    type: 'string',
  },
  {
    key: 'jira.date.picker.java.format',
    value: 'd/MMM/yy',
    name: 'Date Picker Format (Java)',
    desc: 'This part is only for the Java (server side) generated dates. Note that this should correspond to the javascript date picker format (jira.date.picker.javascript.format) setting.',
    type: 'string',
  },
  {
    key: 'jira.date.time.picker.java.format',
    value: 'dd/MMM/yy h:mm a',
    name: 'Date Time Picker Format (Java)',
    desc: 'This part is only for the Java (server side) generated datetimes. Note that this should correspond to the javascript datetime picker format (jira.date.time.picker.javascript.format) setting.',
    type: 'string',
  },
  {
    key: 'jira.issuenav.criteria.autoupdate',
    value: 'true',
    name: 'Auto Update Criteria',
    desc: 'Turn on to update search results automatically',
    type: 'boolean',
  },
  { key: 'jira.lf.date.complete', value: 'dd/MMM/yy h:mm a', name: 'Complete date/time format', type: 'string' },
  { key: 'jira.lf.date.dmy', value: 'dd/MMM/yy', name: 'Day format', type: 'string' },
  { key: 'jira.lf.date.day', value: 'EEEE h:mm a', name: 'Week format', type: 'string' },
  { key: 'jira.lf.date.time', value: 'h:mm a', name: 'Time format', type: 'string' },
]

const propertyView = (call: JiraCall, { key, value, name, desc, type }: Property) => ({
  id: key,
  key,
  value: setting(call, `property.${key}`, value),
  name,
  ...(desc !== undefined && { desc }),
  type,
})

const TIME_TRACKING = { workingHoursPerDay: 8, workingDaysPerWeek: 5, timeFormat: 'pretty', defaultUnit: 'minute' }

const PROVIDER = { key: 'JIRA', name: 'JIRA provided time tracking' }

const BANNER = { hashId: '', isDismissible: false, isEnabled: false, message: '', visibility: 'private' }

export const site = operations({
  getServerInfo(call) {
    const base = call.link('')
    const zone = reader(call).zone
    return ok({
      baseUrl: base,
      displayUrl: base,
      displayUrlServicedeskHelpCenter: base,
      displayUrlConfluence: base,
      version: '1001.0.0-SNAPSHOT',
      versionNumbers: [1001, 0, 0],
      deploymentType: 'Cloud',
      buildNumber: 100_295,
      buildDate: timestamp(BUILT, zone),
      ...(call.caller.user && { serverTime: timestamp(call.now, zone) }),
      scmInfo: '2f2c7d8f4f1a9e1c1f0f6b9c8d7e6a5b4c3d2e1f',
      serverTitle: 'Jira',
      defaultLocale: { locale: 'en_US' },
      serverTimeZone: 'Etc/UTC',
    })
  },
  'dtu.serviceDeskInfo': (call) =>
    ok({
      version: '1001.0.0-SNAPSHOT',
      platformVersion: '1001.0.0-SNAPSHOT',
      buildDate: {
        iso8601: timestamp(BUILT, 'Etc/UTC'),
        jira: timestamp(BUILT, 'Etc/UTC'),
        friendly: '20/Sep/26',
        epochMillis: BUILT,
      },
      buildChangeSet: '2f2c7d8f4f1a',
      isLicensedForUse: true,
      _links: { self: call.link('/rest/servicedeskapi/info') },
    }),
  getConfiguration: (call) =>
    ok({
      votingEnabled: true,
      watchingEnabled: true,
      unassignedIssuesAllowed: true,
      subTasksEnabled: true,
      issueLinkingEnabled: true,
      timeTrackingEnabled: true,
      attachmentsEnabled: true,
      timeTrackingConfiguration: setting(call, 'timeTracking', TIME_TRACKING),
    }),
  /** With `key` one object, without it a list (seen live). */
  getApplicationProperty(call) {
    requireAdmin(call)
    const { key, keyFilter } = call.query
    if (key !== undefined) {
      const found = PROPERTIES.find((property) => property.key === key)
      if (!found) throw notFound(`No property with the key '${key}' exists.`)
      return ok(propertyView(call, found))
    }
    const expression =
      keyFilter === undefined
        ? undefined
        : new RegExp(
            `^${keyFilter
              .replace(/[^\w.*-]/g, '')
              .replaceAll('.*', '*')
              .replaceAll('.', '\\.')
              .replaceAll('*', '.*')}$`,
          )
    return ok(
      PROPERTIES.filter((property) => !expression || expression.test(property.key)).map((property) =>
        propertyView(call, property),
      ),
    )
  },
  getAdvancedSettings(call) {
    requireAdmin(call)
    return ok(PROPERTIES.map((property) => propertyView(call, property)))
  },
  setApplicationProperty(call) {
    requireAdmin(call)
    const found = PROPERTIES.find((property) => property.key === call.params.id)
    if (!found) throw notFound(`No property with the key '${call.params.id}' exists.`)
    const { value } = bodyOf(call)
    if (value === undefined || (found.type === 'boolean' && !/^(true|false)$/.test(String(value))))
      throw badRequest('The value is invalid for this property.')
    call.tables.settings.put({ key: `property.${found.key}`, value: String(value) })
    return ok(propertyView(call, found))
  },

  getSelectedTimeTrackingImplementation: () => ok(PROVIDER),
  getAvailableTimeTrackingImplementations: () => ok([PROVIDER]),
  selectTimeTrackingImplementation(call) {
    requireAdmin(call)
    if (bodyOf(call).key !== PROVIDER.key) throw badRequest('The time tracking provider does not exist.')
    return noContent()
  },
  getSharedTimeTrackingConfiguration: (call) => ok(setting(call, 'timeTracking', TIME_TRACKING)),
  setSharedTimeTrackingConfiguration(call) {
    requireAdmin(call)
    const { workingHoursPerDay, workingDaysPerWeek, timeFormat, defaultUnit } = bodyOf(call) as typeof TIME_TRACKING
    const fits = workingHoursPerDay > 0 && workingHoursPerDay <= 24 && workingDaysPerWeek > 0 && workingDaysPerWeek <= 7
    if (
      !fits ||
      !['pretty', 'days', 'hours'].includes(timeFormat) ||
      !['minute', 'hour', 'day', 'week'].includes(defaultUnit)
    ) {
      throw badRequest('The time tracking configuration is invalid.')
    }
    const value = { workingHoursPerDay, workingDaysPerWeek, timeFormat, defaultUnit }
    call.tables.settings.put({ key: 'timeTracking', value })
    return ok(value)
  },

  getIssueNavigatorDefaultColumns: (call) => ok(columnItems(call, standardColumns(call))),
  setIssueNavigatorDefaultColumns(call) {
    requireAdmin(call)
    call.tables.settings.put({ key: 'columns', value: columnsOf(call) })
    return { status: 200 }
  },

  getBanner(call) {
    requireAdmin(call)
    return ok(setting(call, 'banner', BANNER))
  },
  setBanner(call) {
    requireAdmin(call)
    const given = bodyOf(call) as Partial<typeof BANNER>
    if (given.visibility !== undefined && !['public', 'private'].includes(given.visibility))
      throw badRequest('The visibility must be one of public, private.')
    const next = { ...setting(call, 'banner', BANNER), ...given }
    call.tables.settings.put({ key: 'banner', value: { ...next, hashId: String(next.message.length * 31) } })
    return noContent()
  },

  getAllApplicationRoles(call) {
    requireAdmin(call)
    return ok([applicationRole(reader(call))])
  },
  getApplicationRole(call) {
    requireAdmin(call)
    const role = applicationRole(reader(call))
    if (role.key !== call.params.key)
      throw notFound(`The application role with key '${call.params.key}' does not exist.`)
    return ok(role)
  },
  getLicense: (call) =>
    ok({
      applications: [
        { id: 'jira-software', plan: setting<string>(call, 'plan', 'standard') === 'free' ? 'FREE' : 'PAID' },
      ],
    }),
  getApproximateLicenseCount(call) {
    requireAdmin(call)
    return ok({ key: 'total', value: String(applicationRole(reader(call)).userCount) })
  },
  getApproximateApplicationLicenseCount(call) {
    requireAdmin(call)
    return ok({ key: call.params.applicationKey, value: String(applicationRole(reader(call)).userCount) })
  },

  getTask(call) {
    const me = signedIn(call)
    const task = call.tables.tasks.get(call.params.taskId)
    if (task?.kind !== 'task') throw notFound(`The task with id ${call.params.taskId} does not exist.`)
    if (task.submittedBy !== me.accountId) requireAdmin(call)
    return ok(taskView(call, task))
  },
  cancelTask(call) {
    const task = call.tables.tasks.get(call.params.taskId)
    if (task?.kind !== 'task') throw notFound(`The task with id ${call.params.taskId} does not exist.`)
    if (task.status === 'COMPLETE') throw badRequest('The task has already finished and cannot be cancelled.')
    call.tables.tasks.patch(task.id, { status: 'CANCEL_REQUESTED', updated: call.now })
    return accepted()
  },

  /** Its own paging; `total` ignores the filter (seen live). */
  getAuditRecords(call) {
    requireAdmin(call)
    if (setting<string>(call, 'plan', 'standard') === 'free')
      throw forbidden('The audit log is not available on the Free plan. Upgrade your plan to use this feature.')
    const { offset = 0, limit = 1000, filter, from, to } = call.query
    const words = filter?.toLowerCase().split(/\s+/).filter(Boolean) ?? []
    const [since, until] = [from ? Date.parse(from) : 0, to ? Date.parse(to) : Number.MAX_SAFE_INTEGER]
    const all = [...call.tables.auditRecords.scan('id', { reverse: true })]
    const rows = all
      .filter((record) => record.created >= since && record.created <= until)
      .filter((record) => words.every((word) => JSON.stringify(record).toLowerCase().includes(word)))
    return ok({
      offset,
      limit,
      total: all.length,
      records: rows.slice(offset, offset + limit).map((record) => ({
        id: record.id,
        summary: record.summary,
        remoteAddress: '127.0.0.1',
        ...(record.authorId && { authorKey: record.authorId, authorAccountId: record.authorId }),
        created: shown(reader(call), record.created),
        category: record.category,
        eventSource: '',
        ...(record.objectItem && { objectItem: record.objectItem }),
        ...(record.changedValues && { changedValues: record.changedValues }),
        associatedItems: [],
      })),
    })
  },
})
