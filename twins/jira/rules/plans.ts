import { type JiraCall, requireAdmin } from '../context.ts'
import { badRequest, conflict, forbidden, notFound } from '../errors.ts'
import type { Plan, PlanDetails } from '../tables.ts'
import { isObject } from './fields/values.ts'

/** Whether the site's plan is one of the dearer ones: `premium` or `enterprise`. */
export const isPremium = (call: JiraCall): boolean =>
  ['premium', 'enterprise'].includes(String(call.tables.settings.get('plan')?.value))

/** Plans are for administrators of Premium sites. */
export function requirePlans(call: JiraCall): void {
  requireAdmin(call)
  if (!isPremium(call)) throw forbidden('Plans are only available in the premium editions of Jira.')
}

export function planOf(call: JiraCall, id: number): Plan {
  requirePlans(call)
  const plan = call.tables.plans.get(String(id))
  if (!plan) throw notFound(`Plan with id ${id} not found.`)
  return plan
}

export function activePlan(call: JiraCall, id: number): Plan {
  const plan = planOf(call, id)
  if (plan.status !== 'Active') throw conflict(`Plan with id ${id} is not active.`)
  return plan
}

/** A page by cursor: the number of rows passed. At most 50. */
export function cursorPage<R, V>(call: JiraCall, rows: readonly R[], view: (row: R) => V) {
  const { cursor, maxResults = 50 } = call.query as { cursor?: string; maxResults?: number }
  const start = cursor === undefined || cursor === '' ? 0 : Number(cursor)
  if (!Number.isInteger(start) || start < 0) throw badRequest('The cursor is invalid.')
  const size = Math.min(50, Math.max(1, maxResults))
  const page = rows.slice(start, start + size)
  const last = start + size >= rows.length
  return {
    cursor: cursor ?? '',
    last,
    ...(!last && { nextPageCursor: String(start + size) }),
    size: page.length,
    total: rows.length,
    values: page.map(view),
  }
}

const DAYS_SHOWN = 30

const listOf = (value: unknown): Record<string, unknown>[] => (Array.isArray(value) ? value.filter(isObject) : [])
const numbers = (value: unknown): number[] => (Array.isArray(value) ? value.map(Number) : [])

function oneOf<T extends string>(name: string, value: unknown, allowed: readonly T[], standard?: T): T {
  const given = value ?? standard
  if (!allowed.includes(given as T)) throw badRequest(`The value of '${name}' must be one of [${allowed.join(', ')}].`)
  return given as T
}

/**
 * A plan's details as sent, with what was left out filled in and everything it names looked up. Groups become ids.
 *
 * @throws 400 for what is missing, unknown or out of range
 */
export function planDetails(
  call: JiraCall,
  given: Readonly<Record<string, unknown>>,
  useGroupId: boolean,
): PlanDetails {
  const name = String(given.name ?? '').trim()
  if (name === '' || name.length > 255) throw badRequest('The name must have between 1 and 255 characters.')
  const lead = given.leadAccountId
  if (lead !== undefined && lead !== null && !call.tables.users.has(String(lead)))
    throw badRequest(`User with account id ${String(lead)} does not exist.`)
  const issueSources = listOf(given.issueSources).map((source) => sourceFrom(call, source))
  if (issueSources.length === 0) throw badRequest('At least one issue source must be provided.')
  return {
    name,
    ...(lead !== undefined && lead !== null && { leadAccountId: String(lead) }),
    issueSources,
    scheduling: schedulingFrom(given.scheduling),
    exclusionRules: exclusionsFrom(given.exclusionRules),
    customFields: listOf(given.customFields).map((field) => customFieldFrom(call, field)),
    crossProjectReleases: listOf(given.crossProjectReleases).map((release) => ({
      name: String(release.name ?? ''),
      releaseIds: numbers(release.releaseIds),
    })),
    permissions: listOf(given.permissions).map((permission) => permissionFrom(call, permission, useGroupId)),
  }
}

function sourceFrom(call: JiraCall, given: Record<string, unknown>): PlanDetails['issueSources'][number] {
  const type = oneOf('issueSources.type', given.type, ['Board', 'Project', 'Filter', 'Custom'])
  const tables = { Board: call.tables.boards, Project: call.tables.projects, Filter: call.tables.filters }
  const known = type === 'Custom' || tables[type].has(String(given.value))
  if (!known) throw badRequest(`${type} with id ${String(given.value)} does not exist.`)
  return { type, value: Number(given.value) }
}

function dateFrom(name: string, given: unknown, standard: 'TargetStartDate' | 'TargetEndDate') {
  const { type, dateCustomFieldId } = isObject(given) ? given : {}
  const kind = oneOf(name, type, ['DueDate', 'TargetStartDate', 'TargetEndDate', 'DateCustomField'], standard)
  if (kind === 'DateCustomField' && dateCustomFieldId === undefined)
    throw badRequest(`'${name}' needs a dateCustomFieldId.`)
  return { type: kind, ...(dateCustomFieldId !== undefined && { dateCustomFieldId: Number(dateCustomFieldId) }) }
}

function schedulingFrom(given: unknown): PlanDetails['scheduling'] {
  const value = isObject(given) ? given : {}
  return {
    estimation: oneOf('scheduling.estimation', value.estimation, ['StoryPoints', 'Days', 'Hours']),
    startDate: dateFrom('scheduling.startDate', value.startDate, 'TargetStartDate'),
    endDate: dateFrom('scheduling.endDate', value.endDate, 'TargetEndDate'),
    inferredDates: oneOf(
      'scheduling.inferredDates',
      value.inferredDates,
      ['None', 'SprintDates', 'ReleaseDates'],
      'None',
    ),
    dependencies: oneOf('scheduling.dependencies', value.dependencies, ['Sequential', 'Concurrent'], 'Sequential'),
  }
}

function exclusionsFrom(given: unknown): PlanDetails['exclusionRules'] {
  const value = isObject(given) ? given : {}
  return {
    issueIds: numbers(value.issueIds),
    issueTypeIds: numbers(value.issueTypeIds),
    numberOfDaysToShowCompletedIssues: Number(value.numberOfDaysToShowCompletedIssues ?? DAYS_SHOWN),
    releaseIds: numbers(value.releaseIds),
    workStatusCategoryIds: numbers(value.workStatusCategoryIds),
    workStatusIds: numbers(value.workStatusIds),
  }
}

function customFieldFrom(call: JiraCall, { customFieldId, filter }: Record<string, unknown>) {
  if (!call.tables.customFields.has(`customfield_${String(customFieldId)}`))
    throw badRequest(`Custom field with id ${String(customFieldId)} does not exist.`)
  return { customFieldId: Number(customFieldId), filter: filter === true }
}

function permissionFrom(
  call: JiraCall,
  given: Record<string, unknown>,
  useGroupId: boolean,
): PlanDetails['permissions'][number] {
  const holder = isObject(given.holder) ? given.holder : {}
  const type = oneOf('permissions.type', given.type, ['View', 'Edit'])
  const kind = oneOf('permissions.holder.type', holder.type, ['Group', 'AccountId'])
  const value = String(holder.value)
  if (kind === 'AccountId') {
    if (!call.tables.users.has(value)) throw badRequest(`User with account id ${value} does not exist.`)
    return { type, holder: { type: kind, value } }
  }
  const group = useGroupId ? call.tables.groups.get(value) : call.tables.groups.by('name', value.toLowerCase())
  if (!group) throw badRequest(`Group ${value} does not exist.`)
  return { type, holder: { type: kind, value: group.groupId } }
}
