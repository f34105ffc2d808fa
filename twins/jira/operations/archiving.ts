import { ok } from '../../../shared/kernel/reply.ts'
import { type JiraCall, reader, requireAdmin, self } from '../context.ts'
import { badRequest, forbidden } from '../errors.ts'
import { among, idsOf } from '../paging.ts'
import { isObject } from '../rules/fields/values.ts'
import { lookUp } from '../rules/issues/find.ts'
import { canSee } from '../rules/permissions.ts'
import { isPremium } from '../rules/plans.ts'
import { doneTask } from '../rules/tasks.ts'
import type { Issue } from '../tables.ts'
import { operations } from './define.ts'
import { matching } from './search.ts'
import { bodyOf, text } from './shared.ts'

/** Archiving belongs to the Premium plan. */
function premium(call: JiraCall): void {
  requireAdmin(call)
  if (!isPremium(call)) throw forbidden('Archiving issues is only available for premium editions of Jira.')
}

const isSubtask = (call: JiraCall, issue: Issue) => (call.tables.issueTypes.get(issue.typeId)?.hierarchyLevel ?? 0) < 0

/** Archives or restores an issue with its sub-tasks. */
function put(call: JiraCall, issue: Issue, archive: boolean): void {
  const { archived: _, ...rest } = issue
  const archived = { at: call.now, by: call.caller.user?.accountId ?? null }
  call.tables.issues.replace(archive ? { ...rest, archived } : rest)
  for (const child of call.tables.issues.where('parent', issue.id))
    if (isSubtask(call, child)) put(call, child, archive)
}

const objection = (message: string, issueIdsOrKeys: readonly string[]) => ({
  count: issueIdsOrKeys.length,
  issueIdsOrKeys,
  message,
})

function archiveNamed(call: JiraCall, archive: boolean) {
  premium(call)
  const names = idsOf(bodyOf(call).issueIdsOrKeys)
  if (names.length > 1000) throw badRequest('The number of issues must not exceed 1000.')
  const found = names.map((name) => ({ name, issue: lookUp(call, name) }))
  const missing = found.filter(({ issue }) => !issue).map(({ name }) => name)
  const subtasks = found.filter(({ issue }) => issue && isSubtask(call, issue)).map(({ name }) => name)
  const issues = found.flatMap(({ issue }) => (issue && !isSubtask(call, issue) ? [issue] : []))
  for (const issue of issues) put(call, issue, archive)
  return ok({
    numberOfIssuesUpdated: issues.length,
    errors: {
      ...(missing.length > 0 && { issuesNotFound: objection('Issue not found', missing) }),
      ...(subtasks.length > 0 && {
        issueIsSubtask: objection('Sub-tasks are archived and restored through their parent issues', subtasks),
      }),
    },
  })
}

/** Entities of an issue that are counted, and how many it may have (documented limits). */
const LIMITS = { attachment: 2000, comment: 5000, issuelinks: 2000, remoteIssueLinks: 2000, worklog: 10_000 } as const

/** From this part of a limit on an issue approaches it. */
const NEAR = 0.9

function countsOf(call: JiraCall, issue: Issue): Record<keyof typeof LIMITS, number> {
  const { attachments, comments, issueLinks, remoteLinks, worklogs } = call.tables
  return {
    attachment: attachments.where('issue', issue.id).length,
    comment: comments.where('issue', issue.id).length,
    issuelinks: issueLinks.where('issue', issue.id).length,
    remoteIssueLinks: remoteLinks.where('issue', issue.id).length,
    worklog: worklogs.where('issue', issue.id).length,
  }
}

const day = (value: unknown): number => {
  const at = typeof value === 'string' ? Date.parse(value) : Number.NaN
  if (Number.isNaN(at)) throw badRequest('Your filter contains invalid values: the dates must be yyyy-MM-dd.')
  return at
}

/** Issues out of sight but not gone, and how full issues are. */
export const archiving = operations({
  archiveIssues: (call) => archiveNamed(call, true),
  unarchiveIssues: (call) => archiveNamed(call, false),
  archiveIssuesAsync(call) {
    premium(call)
    const issues = matching(call, text(bodyOf(call).jql)).filter((issue) => !isSubtask(call, issue))
    for (const issue of issues) put(call, issue, true)
    const task = doneTask(call, 'Archive issues', { numberOfIssuesUpdated: issues.length })
    return { status: 202, body: self(reader(call), `task/${task.id}`) }
  },
  /** The file goes to the caller by mail: the task tells only how many issues it has. */
  exportArchivedIssues(call) {
    premium(call)
    const { projects, reporters, issueTypes, archivedBy, archivedDateRange } = bodyOf(call)
    const filters = { projects, reporters, issueTypes, archivedBy }
    const range = isObject(archivedDateRange)
      ? { after: day(archivedDateRange.dateAfter), before: day(archivedDateRange.dateBefore) }
      : undefined
    const [projectIds, reporterIds] = [idsOf(projects), idsOf(reporters)]
    const [typeIds, archiverIds] = [idsOf(issueTypes), idsOf(archivedBy)]
    const rows = call.tables.issues.all().filter((issue) => {
      const project = call.tables.projects.get(issue.projectId)
      const { archived } = issue
      return (
        archived !== undefined &&
        among(projectIds, project?.key, project?.id) &&
        among(reporterIds, issue.reporterId) &&
        among(typeIds, issue.typeId) &&
        among(archiverIds, archived.by) &&
        (!range || (archived.at >= range.after && archived.at <= range.before))
      )
    })
    const task = doneTask(call, 'Export archived issues', { numberOfIssues: rows.length })
    return {
      status: 202,
      body: {
        payload: JSON.stringify(filters),
        progress: 0,
        status: 'ENQUEUED',
        submittedTime: task.submitted,
        taskId: task.id,
      },
    }
  },
  getIssueLimitReport(call) {
    const user = requireAdmin(call)
    const breaching: Record<string, Record<string, number>> = {}
    const approaching: Record<string, Record<string, number>> = {}
    for (const issue of call.tables.issues.all()) {
      if (!canSee(call, user, issue)) continue
      const name = call.query.isReturningKeys ? issue.key : issue.id
      for (const [entity, count] of Object.entries(countsOf(call, issue))) {
        const limit = LIMITS[entity as keyof typeof LIMITS]
        const report = count > limit ? breaching : count >= limit * NEAR ? approaching : undefined
        if (report) report[entity] = { ...report[entity], [name]: count }
      }
    }
    return ok({ issuesBreachingLimit: breaching, issuesApproachingLimit: approaching, limits: LIMITS })
  },
})
