import { noContent, ok } from '../../../shared/kernel/reply.ts'
import { type JiraCall, reader, self, signedIn } from '../context.ts'
import { badRequest, forbidden, notFound } from '../errors.ts'
import { idsOf } from '../paging.ts'
import { projectOf, visibleIssue } from '../rules/issues/find.ts'
import { can } from '../rules/permissions.ts'
import type { Issue } from '../tables.ts'
import { slimUser, userView } from '../views/people.ts'
import { operations } from './define.ts'
import { bodyOf } from './shared.ts'

const maySee = (call: JiraCall, issue: Issue) =>
  can(call, call.caller.user, 'VIEW_VOTERS_AND_WATCHERS', projectOf(call, issue), issue)

/** An account that may be watched for: one's own, or anybody's with the permission. */
function watcherOf(call: JiraCall, issue: Issue, accountId: string | undefined): string {
  const me = signedIn(call)
  const id = accountId || me.accountId
  const user = call.tables.users.get(id)
  if (!user) throw badRequest(`The user with account ID '${id}' does not exist.`)
  if (id !== me.accountId && !can(call, me, 'MANAGE_WATCHERS', projectOf(call, issue), issue)) {
    throw forbidden('You do not have permission to manage the watcher list.')
  }
  return id
}

export const watching = operations({
  getIssueWatchers(call) {
    const issue = visibleIssue(call, call.params.issueIdOrKey)
    const look = reader(call)
    return ok({
      self: self(look, `issue/${issue.key}/watchers`),
      isWatching: !!call.caller.user && issue.watchers.includes(call.caller.user.accountId),
      watchCount: issue.watchers.length,
      watchers: maySee(call, issue) ? issue.watchers.map((id) => userView(look, id)) : [],
    })
  },
  /** The body is a bare JSON string; nothing means oneself. */
  addWatcher(call) {
    const issue = visibleIssue(call, call.params.issueIdOrKey)
    const id = watcherOf(call, issue, typeof call.body === 'string' ? call.body : undefined)
    if (!issue.watchers.includes(id)) call.tables.issues.patch(issue.id, { watchers: [...issue.watchers, id] })
    return noContent()
  },
  removeWatcher(call) {
    const issue = visibleIssue(call, call.params.issueIdOrKey)
    if (!call.query.accountId) throw badRequest('The accountId query parameter must be provided.')
    const id = watcherOf(call, issue, call.query.accountId)
    call.tables.issues.patch(issue.id, { watchers: issue.watchers.filter((watcher) => watcher !== id) })
    return noContent()
  },
  getIsWatchingIssueBulk(call) {
    const { accountId } = signedIn(call)
    const ids = idsOf(bodyOf(call).issueIds)
    return ok({
      issuesIsWatching: Object.fromEntries(
        ids.map((id) => [id, !!call.tables.issues.get(id)?.watchers.includes(accountId)]),
      ),
    })
  },

  getVotes(call) {
    const issue = visibleIssue(call, call.params.issueIdOrKey)
    const look = reader(call)
    return ok({
      self: self(look, `issue/${issue.key}/votes`),
      votes: issue.voters.length,
      hasVoted: !!call.caller.user && issue.voters.includes(call.caller.user.accountId),
      voters: maySee(call, issue) ? issue.voters.map((id) => slimUser(look, id)) : [],
    })
  },
  /** The reporter may vote too, and voting twice is no error (seen live). */
  addVote(call) {
    const issue = visibleIssue(call, call.params.issueIdOrKey)
    const { accountId } = signedIn(call)
    if (issue.resolutionId) throw notFound('You cannot vote for an issue that has been resolved.')
    if (!issue.voters.includes(accountId)) call.tables.issues.patch(issue.id, { voters: [...issue.voters, accountId] })
    return noContent()
  },
  removeVote(call) {
    const issue = visibleIssue(call, call.params.issueIdOrKey)
    const { accountId } = signedIn(call)
    call.tables.issues.patch(issue.id, { voters: issue.voters.filter((voter) => voter !== accountId) })
    return noContent()
  },
})
