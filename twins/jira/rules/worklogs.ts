import { nextId } from '../context.ts'
import { badRequest, fieldErrors, notFound } from '../errors.ts'
import type { ChangeItem, Issue, Worklog } from '../tables.ts'
import { richBody, visibilityOf } from './comments.ts'
import { formatDuration, parseDuration } from './duration.ts'
import type { Writer } from './issues/create.ts'
import { projectOf } from './issues/find.ts'
import { saveIssue } from './issues/save.ts'
import { can, canRead } from './permissions.ts'
import { parseTimestamp } from './time.ts'

/** How a worklog moves the remaining estimate. */
export interface Adjustment {
  readonly adjustEstimate?: string | undefined
  readonly newEstimate?: string | undefined
  readonly reduceBy?: string | undefined
  readonly increaseBy?: string | undefined
}

const invalid = () => badRequest('Invalid time duration entered.')

function secondsOf(given: Readonly<Record<string, unknown>>, required: boolean): number | undefined {
  if (given.timeSpentSeconds !== undefined && given.timeSpentSeconds !== null) {
    const seconds = Number(given.timeSpentSeconds)
    if (!Number.isFinite(seconds) || seconds < 60) throw badRequest('Time Spent must be at least 1 minute.')
    return Math.floor(seconds)
  }
  if (given.timeSpent === undefined || given.timeSpent === null) {
    if (required) throw fieldErrors({ timeLogged: 'You must indicate the time spent working.' })
    return undefined
  }
  const seconds = parseDuration(String(given.timeSpent))
  if (seconds === undefined || seconds === 0) throw fieldErrors({ timeLogged: 'Invalid time duration entered.' })
  return seconds
}

function startedOf(given: Readonly<Record<string, unknown>>, fallback: number): number {
  if (given.started === undefined || given.started === null) return fallback
  const at = parseTimestamp(String(given.started))
  if (at === undefined) throw badRequest('Invalid request payload. Refer to the REST API documentation and try again.')
  return at
}

/** The remaining estimate after `delta` more seconds of work. */
function remainingAfter(
  issue: Issue,
  delta: number,
  { adjustEstimate = 'auto', newEstimate, reduceBy, increaseBy }: Adjustment,
): number | null {
  const duration = (text: string | undefined) => {
    const seconds = text === undefined ? undefined : parseDuration(text)
    if (seconds === undefined) throw invalid()
    return seconds
  }
  const now = issue.remainingEstimate
  switch (adjustEstimate) {
    case 'leave':
      return now
    case 'new':
      return duration(newEstimate)
    case 'manual':
      return Math.max(0, (now ?? 0) + (delta > 0 ? -duration(reduceBy) : duration(increaseBy)))
    default:
      return Math.max(0, (now ?? 0) - delta)
  }
}

export function addWorklog(
  writer: Writer,
  issue: Issue,
  given: Readonly<Record<string, unknown>>,
  adjustment: Adjustment,
): Worklog {
  const { site, user } = writer
  const project = projectOf(site, issue)
  if (!can(site, user, 'WORK_ON_ISSUES', project, issue)) {
    throw badRequest('You do not have the permission to associate a worklog to this issue.')
  }
  const seconds = secondsOf(given, true) as number
  const comment = commentOf(writer, given.comment)
  const visibility = visibilityOf(writer, project.id, given.visibility)
  const worklog = site.tables.worklogs.insert({
    id: nextId(site, 'worklog'),
    issueId: issue.id,
    authorId: user?.accountId ?? null,
    updateAuthorId: user?.accountId ?? null,
    comment: comment ?? null,
    created: site.now,
    updated: site.now,
    started: startedOf(given, site.now),
    seconds,
    ...(visibility && { visibility }),
  })
  applySpent(writer, issue, seconds, adjustment, worklog, [idItem(null, worklog.id)])
  site.emit({ type: 'worklog_created', worklogId: worklog.id, issueId: issue.id })
  return worklog
}

function commentOf(writer: Writer, value: unknown) {
  if (value === undefined || value === null || value === '') return undefined
  const body = richBody(writer, value)
  if (!body) throw fieldErrors({ comment: 'Worklog comment is not valid!' })
  return body
}

const idItem = (from: string | null, to: string | null): ChangeItem => ({
  field: 'WorklogId',
  fieldtype: 'jira',
  fieldId: 'WorklogId',
  from,
  fromString: from,
  to,
  toString: to,
})

function applySpent(
  writer: Writer,
  issue: Issue,
  delta: number,
  adjustment: Adjustment,
  _worklog: Worklog,
  items: readonly ChangeItem[],
) {
  const spent = (issue.timeSpent ?? 0) + delta
  const left = writer.site.tables.worklogs.count('issue', issue.id)
  saveIssue(
    writer.site,
    writer.user,
    issue,
    {
      timeSpent: spent === 0 && left === 0 ? null : spent,
      remainingEstimate: remainingAfter(issue, delta, adjustment),
    },
    { event: 'issue_work_logged', items },
  )
}

/** A worklog of an issue that the caller may read, or its 404. */
export function worklogOf({ site, user }: Writer, issue: Issue, id: string): Worklog {
  const worklog = site.tables.worklogs.get(id)
  if (worklog?.issueId === issue.id && canRead(site, user, issue.projectId, worklog.visibility)) return worklog
  throw notFound(`Cannot find worklog with id: '${id}'.`)
}

function mayDo({ site, user }: Writer, issue: Issue, worklog: Worklog, verb: 'EDIT' | 'DELETE'): boolean {
  const project = projectOf(site, issue)
  const own = worklog.authorId !== null && worklog.authorId === user?.accountId
  return (
    can(site, user, `${verb}_ALL_WORKLOGS`, project, issue) ||
    (own && can(site, user, `${verb}_OWN_WORKLOGS`, project, issue))
  )
}

export function editWorklog(
  writer: Writer,
  issue: Issue,
  id: string,
  given: Readonly<Record<string, unknown>>,
  adjustment: Adjustment,
): Worklog {
  const { site, user } = writer
  const before = worklogOf(writer, issue, id)
  if (!mayDo(writer, issue, before, 'EDIT')) throw badRequest('You do not have the permission to edit this worklog.')
  const seconds = secondsOf(given, false) ?? before.seconds
  const { visibility: old, ...rest } = before
  const visibility = 'visibility' in given ? visibilityOf(writer, issue.projectId, given.visibility) : old
  const worklog = site.tables.worklogs.replace({
    ...rest,
    comment: 'comment' in given ? (commentOf(writer, given.comment) ?? null) : before.comment,
    updated: Math.max(site.now, before.created + 1),
    updateAuthorId: user?.accountId ?? null,
    started: startedOf(given, before.started),
    seconds,
    ...(visibility && { visibility }),
  })
  applySpent(writer, issue, seconds - before.seconds, adjustment, worklog, [idItem(id, id)])
  site.emit({ type: 'worklog_updated', worklogId: id, issueId: issue.id })
  return worklog
}

export function removeWorklog(writer: Writer, issue: Issue, id: string, adjustment: Adjustment): void {
  const { site } = writer
  const worklog = worklogOf(writer, issue, id)
  if (!mayDo(writer, issue, worklog, 'DELETE'))
    throw badRequest('You do not have the permission to delete this worklog.')
  site.emit({ type: 'worklog_deleted', worklog, issueId: issue.id })
  site.tables.worklogs.remove(id)
  site.tables.deletedWorklogs.insert({ id, at: site.now })
  const text = formatDuration(worklog.seconds)
  const spentItem: ChangeItem = {
    field: 'WorklogTimeSpent',
    fieldtype: 'jira',
    fieldId: 'WorklogTimeSpent',
    from: String(worklog.seconds),
    fromString: text,
    to: null,
    toString: null,
  }
  applySpent(writer, issue, -worklog.seconds, adjustment, worklog, [idItem(id, null), spentItem])
}
