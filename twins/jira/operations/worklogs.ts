import { created, noContent, ok } from '../../../shared/kernel/reply.ts'
import { type JiraCall, reader, self } from '../context.ts'
import { badRequest, unauthenticated } from '../errors.ts'
import { expandOf, idsOf, namedPage, window } from '../paging.ts'
import { visibleIssue } from '../rules/issues/find.ts'
import { canRead, canSee } from '../rules/permissions.ts'
import { addWorklog, editWorklog, removeWorklog, worklogOf } from '../rules/worklogs.ts'
import type { Worklog } from '../tables.ts'
import { readableWorklogs, worklogView } from '../views/issue-parts.ts'
import { operations } from './define.ts'
import { bodyOf, writer } from './shared.ts'

const FEED_PAGE = 1000

/** `worklog/updated` and `worklog/deleted`: changes since a time, a thousand a page. */
function feed(call: JiraCall, name: string, since: number, rows: readonly { id: string; at: number }[]) {
  const sorted = rows.filter((row) => row.at >= since).sort((a, b) => a.at - b.at)
  const page = sorted.slice(0, FEED_PAGE)
  const until = page.at(-1)?.at ?? Math.max(since, call.now)
  const lastPage = sorted.length <= FEED_PAGE
  const url = self(reader(call), `worklog/${name}`)
  return ok({
    values: page.map((row) => ({ worklogId: Number(row.id), updatedTime: row.at, properties: [] })),
    since,
    until,
    self: `${url}?since=${since}`,
    ...(!lastPage && { nextPage: `${url}?since=${until}` }),
    lastPage,
  })
}

export const worklogs = operations({
  /** Of Atlassian's services among themselves: nobody's credentials are good for it. */
  getWorklogsByIssueIdAndWorklogId(call) {
    throw unauthenticated(call.link(''))
  },
  getIssueWorklog(call) {
    const issue = visibleIssue(call, call.params.issueIdOrKey)
    const { startedAfter = 0, startedBefore = Number.MAX_SAFE_INTEGER } = call.query
    const rows = readableWorklogs(reader(call), issue).filter(
      (row) => row.started >= startedAfter && row.started <= startedBefore,
    )
    const expand = expandOf(call.query.expand)
    return ok(namedPage('worklogs', rows, window(call.query, 5000), (row) => worklogView(reader(call), row, expand)))
  },

  addWorklog(call) {
    const issue = visibleIssue(call, call.params.issueIdOrKey)
    const view = worklogView(
      reader(call),
      addWorklog(writer(call), issue, bodyOf(call), call.query),
      expandOf(call.query.expand),
    )
    return created(view, { location: view.self })
  },

  getWorklog(call) {
    const issue = visibleIssue(call, call.params.issueIdOrKey)
    return ok(worklogView(reader(call), worklogOf(writer(call), issue, call.params.id), expandOf(call.query.expand)))
  },

  updateWorklog(call) {
    const issue = visibleIssue(call, call.params.issueIdOrKey)
    const worklog = editWorklog(writer(call), issue, call.params.id, bodyOf(call), call.query)
    const view = worklogView(reader(call), worklog, expandOf(call.query.expand))
    return ok(view, { location: view.self })
  },

  deleteWorklog(call) {
    const issue = visibleIssue(call, call.params.issueIdOrKey)
    removeWorklog(writer(call), issue, call.params.id, call.query)
    return noContent()
  },

  bulkDeleteWorklogs(call) {
    const issue = visibleIssue(call, call.params.issueIdOrKey)
    const ids = idsOf(bodyOf(call).ids)
    if (ids.length === 0) throw badRequest('The worklog ids must be provided.')
    for (const id of ids) {
      const now = visibleIssue(call, issue.id)
      if (call.tables.worklogs.get(id)?.issueId === issue.id) removeWorklog(writer(call), now, id, call.query as object)
    }
    return noContent()
  },

  bulkMoveWorklogs(call) {
    const issue = visibleIssue(call, call.params.issueIdOrKey)
    const body = bodyOf(call)
    const target = visibleIssue(call, String(body.issueIdOrKey))
    for (const id of idsOf(body.ids)) {
      if (call.tables.worklogs.get(id)?.issueId === issue.id)
        call.tables.worklogs.patch(id, { issueId: target.id, updated: call.now })
    }
    for (const { id } of [issue, target]) {
      const seconds = call.tables.worklogs.where('issue', id).reduce((sum, row) => sum + row.seconds, 0)
      call.tables.issues.patch(id, { timeSpent: seconds === 0 ? null : seconds, updated: call.now })
    }
    return noContent()
  },

  getIdsOfWorklogsModifiedSince: (call) =>
    feed(
      call,
      'updated',
      Number(call.query.since ?? 0),
      call.tables.worklogs.all().map((row) => ({ id: row.id, at: row.updated })),
    ),

  getIdsOfWorklogsDeletedSince: (call) =>
    feed(call, 'deleted', Number(call.query.since ?? 0), call.tables.deletedWorklogs.all()),

  getWorklogsForIds(call) {
    const visible = (worklog: Worklog | undefined): worklog is Worklog => {
      const issue = worklog && call.tables.issues.get(worklog.issueId)
      return (
        !!issue &&
        canSee(call, call.caller.user, issue) &&
        canRead(call, call.caller.user, issue.projectId, worklog?.visibility)
      )
    }
    const rows = idsOf(bodyOf(call).ids)
      .map((id) => call.tables.worklogs.get(id))
      .filter(visible)
    return ok(rows.map((row) => worklogView(reader(call), row, expandOf(call.query.expand))))
  },
})
