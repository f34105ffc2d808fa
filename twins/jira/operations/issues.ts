import { ServiceError } from '../../../shared/kernel/dialect.ts'
import { created, noContent, ok } from '../../../shared/kernel/reply.ts'
import { type JiraCall, reader, self } from '../context.ts'
import { badRequest, forbidden, payloadError } from '../errors.ts'
import { expandOf, idsOf, namedPage, window } from '../paging.ts'
import { allFields } from '../rules/fields/registry.ts'
import { assigneeError, createIssue, noPayload } from '../rules/issues/create.ts'
import { assign, editIssue } from '../rules/issues/edit.ts'
import { lookUp, projectOf, visibleIssue } from '../rules/issues/find.ts'
import { removeIssue } from '../rules/issues/remove.ts'
import { availableTransitions, transitionIssue } from '../rules/issues/transition.ts'
import { can, canSee } from '../rules/permissions.ts'
import type { Issue } from '../tables.ts'
import { editMeta } from '../views/fields.ts'
import { ISSUE_EXPAND, issueView, selectFields } from '../views/issue.ts'
import { changeView } from '../views/issue-parts.ts'
import { transitionView } from '../views/transitions.ts'
import { operations } from './define.ts'
import { bodyOf, writer } from './shared.ts'

/** Remembers that the caller opened an issue. */
function viewed(call: JiraCall, issue: Issue): void {
  const { user } = call.caller
  if (user) call.tables.issueViews.put({ accountId: user.accountId, issueId: issue.id, at: call.now })
}

/** An issue with `fields`, `expand` and `properties` of the request. */
export function requestedIssue(call: JiraCall, issue: Issue): object {
  const query = call.query as { fields?: string[]; expand?: string; properties?: string[] }
  const look = reader(call)
  const expand = expandOf(query.expand)
  const view = issueView(look, issue, {
    fields: selectFields(allFields(call), query.fields, '*all'),
    expand,
    properties: query.properties ?? [],
    expandable: ISSUE_EXPAND,
  })
  return {
    ...view,
    ...(expand.includes('editmeta') && { editmeta: { fields: editMeta(look, issue, projectOf(call, issue)) } }),
    ...(expand.includes('transitions') && {
      transitions: availableTransitions(writer(call), issue).map((t) => transitionView(look, issue, t, false)),
    }),
  }
}

function createdView(call: JiraCall, issue: Issue) {
  return { id: issue.id, key: issue.key, self: self(reader(call), `issue/${issue.id}`) }
}

export const issues = operations({
  createIssue(call) {
    const body = bodyOf(call)
    if (Object.keys(body).length === 0) throw noPayload()
    const issue = createIssue(writer(call), body)
    if (body.transition) {
      const errorCollection = { errorMessages: [] as string[], errors: {} }
      let status = 204
      try {
        transitionIssue(writer(call), issue, { transition: body.transition })
      } catch (error) {
        if (!(error instanceof ServiceError)) throw error
        status = error.reply.status
        Object.assign(errorCollection, error.reply.body)
      }
      return created({ ...createdView(call, issue), transition: { status, errorCollection } })
    }
    return created(createdView(call, issue))
  },

  createIssues(call) {
    const updates = bodyOf(call).issueUpdates
    if (!Array.isArray(updates) || updates.length === 0) throw noPayload()
    if (updates.length > 50) throw badRequest('The maximum number of issues that can be created in a request is 50.')
    const issues: object[] = []
    const errors: object[] = []
    for (const [failedElementNumber, update] of updates.entries()) {
      try {
        issues.push(createdView(call, createIssue(writer(call), update as object)))
      } catch (error) {
        if (!(error instanceof ServiceError)) throw error
        errors.push({ status: error.reply.status, elementErrors: error.reply.body, failedElementNumber })
      }
    }
    return { status: issues.length > 0 ? 201 : 400, body: { issues, errors } }
  },

  getIssue(call) {
    const issue = visibleIssue(call, call.params.issueIdOrKey)
    if (call.query.updateHistory) viewed(call, issue)
    return ok(requestedIssue(call, issue))
  },

  editIssue(call) {
    const issue = visibleIssue(call, call.params.issueIdOrKey)
    const { user } = call.caller
    if (call.query.notifyUsers === false && !can(call, user, 'ADMINISTER_PROJECTS', projectOf(call, issue))) {
      throw forbidden('To discard the user notification either admin or project admin permissions are required.')
    }
    const edited = editIssue(writer(call), issue, bodyOf(call))
    return call.query.returnIssue ? ok(requestedIssue(call, edited)) : noContent()
  },

  deleteIssue(call) {
    const issue = visibleIssue(call, call.params.issueIdOrKey)
    const { user } = call.caller
    if (!can(call, user, 'DELETE_ISSUES', projectOf(call, issue), issue)) {
      throw forbidden('You do not have permission to delete issues in this project.')
    }
    removeIssue(call, user, issue, String(call.query.deleteSubtasks) === 'true')
    return noContent()
  },

  assignIssue(call) {
    const issue = visibleIssue(call, call.params.issueIdOrKey)
    const { user } = call.caller
    const body = bodyOf(call)
    if (!('accountId' in body) && !('name' in body) && !('key' in body))
      throw badRequest('Invalid request payload. Refer to the REST API documentation and try again.')
    const project = projectOf(call, issue)
    if (!can(call, user, 'ASSIGN_ISSUES', project, issue))
      throw badRequest('You do not have permission to assign issues.')
    const accountId = (body.accountId ?? null) as string | null
    if (accountId !== null && accountId !== '-1' && !call.tables.users.has(accountId)) {
      throw badRequest(`User '${accountId}' does not exist.`)
    }
    const [error] = Object.values(assigneeError(call, project, { assigneeId: accountId }))
    if (error) throw badRequest(error)
    assign(call, user, issue, accountId)
    return noContent()
  },

  getTransitions(call) {
    const issue = visibleIssue(call, call.params.issueIdOrKey)
    const { transitionId, expand } = call.query
    const withFields = expandOf(expand).includes('transitions.fields')
    const transitions = availableTransitions(writer(call), issue)
      .filter((transition) => transitionId === undefined || transition.id === transitionId)
      .map((transition) => transitionView(reader(call), issue, transition, withFields))
    return ok({ expand: 'transitions', transitions })
  },

  doTransition(call) {
    const issue = visibleIssue(call, call.params.issueIdOrKey)
    transitionIssue(writer(call), issue, bodyOf(call))
    return noContent()
  },

  getEditIssueMeta(call) {
    const issue = visibleIssue(call, call.params.issueIdOrKey)
    const project = projectOf(call, issue)
    const editable = can(call, call.caller.user, 'EDIT_ISSUES', project, issue)
    return ok({ fields: editable ? editMeta(reader(call), issue, project) : {} })
  },

  getChangeLogs(call) {
    const issue = visibleIssue(call, call.params.issueIdOrKey)
    const at = window(call.query, 100)
    const changes = call.tables.changes.where('issue', issue.id)
    const page = namedPage('values', changes, at, (change) => changeView(reader(call), change))
    const base = `${self(reader(call), `issue/${issue.key}/changelog`)}?maxResults=${at.maxResults}`
    const isLast = at.startAt + at.maxResults >= changes.length
    return ok({
      self: `${base}&startAt=${at.startAt}`,
      ...(!isLast && { nextPage: `${base}&startAt=${at.startAt + at.maxResults}` }),
      ...page,
      isLast,
    })
  },

  getChangeLogsByIds(call) {
    const issue = visibleIssue(call, call.params.issueIdOrKey)
    const ids = idsOf(bodyOf(call).changelogIds)
    const changes = call.tables.changes.where('issue', issue.id).filter((change) => ids.includes(change.id))
    return ok({
      ...namedPage('histories', changes, { startAt: 0, maxResults: changes.length }, (c) =>
        changeView(reader(call), c),
      ),
    })
  },

  bulkFetchIssues(call) {
    const body = bodyOf(call)
    const names = idsOf(body.issueIdsOrKeys)
    if (names.length === 0) throw badRequest('At least one issue ID or key must be provided.')
    if (names.length > 100) throw badRequest('The maximum number of issues that can be fetched is 100.')
    const fields = selectFields(allFields(call), body.fields as string[] | undefined, '*navigable')
    const found = new Map<string, Issue>()
    const issueErrors: object[] = []
    for (const name of names) {
      const issue = lookUp(call, name)
      if (issue && canSee(call, call.caller.user, issue)) found.set(issue.id, issue)
      else issueErrors.push({ id: name, errorMessage: 'Issue does not exist or you do not have permission to see it.' })
    }
    const expand = expandOf(body.expand)
    const properties = (body.properties ?? []) as string[]
    const issues = [...found.values()].sort((a, b) => Number(a.id) - Number(b.id))
    return ok({
      expand: 'schema,names',
      issues: issues.map((issue) => issueView(reader(call), issue, { fields, expand, properties })),
      issueErrors,
    })
  },

  getBulkChangelogs(call) {
    const body = bodyOf(call)
    const names = idsOf(body.issueIdsOrKeys)
    if (names.length === 0 || names.length > 1000)
      throw payloadError('The number of issues must be between 1 and 1000.')
    const fieldIds = idsOf(body.fieldIds)
    const issues = names
      .map((name) => lookUp(call, name))
      .filter((issue) => issue && canSee(call, call.caller.user, issue))
    return ok({
      issueChangeLogs: (issues as Issue[]).map((issue) => ({
        issueId: issue.id,
        changeHistories: call.tables.changes
          .where('issue', issue.id)
          .map((change) => ({
            ...change,
            items: change.items.filter((item) => fieldIds.length === 0 || fieldIds.includes(item.fieldId)),
          }))
          .filter((change) => change.items.length > 0)
          .map((change) => ({ ...changeView(reader(call), change), created: change.created })),
      })),
    })
  },

  notify(call) {
    const issue = visibleIssue(call, call.params.issueIdOrKey)
    const to = bodyOf(call).to as Record<string, unknown> | undefined
    const anyone = to && Object.values(to).some((value) => value === true || (Array.isArray(value) && value.length > 0))
    if (!anyone) throw badRequest('No recipients were defined for notification.')
    call.emit({ type: 'notification', issueId: issue.id })
    return noContent()
  },

  getEvents: (call) => ok(EVENTS.map(([id, name]) => ({ id, name })).filter(() => call.caller.user)),
})

/** Events of notification schemes. */
export const EVENTS: readonly (readonly [number, string])[] = [
  [1, 'Issue Created'],
  [2, 'Issue Updated'],
  [3, 'Issue Assigned'],
  [4, 'Issue Resolved'],
  [5, 'Issue Closed'],
  [6, 'Issue Commented'],
  [7, 'Issue Reopened'],
  [8, 'Issue Deleted'],
  [9, 'Issue Moved'],
  [10, 'Work Logged On Issue'],
  [11, 'Work Started On Issue'],
  [12, 'Work Stopped On Issue'],
  [13, 'Generic Event'],
  [14, 'Issue Comment Edited'],
  [15, 'Issue Worklog Updated'],
  [16, 'Issue Worklog Deleted'],
  [17, 'Issue Comment Deleted'],
]
