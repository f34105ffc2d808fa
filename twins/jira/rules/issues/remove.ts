import type { Site } from '../../context.ts'
import { webhookReader } from '../../context.ts'
import { badRequest } from '../../errors.ts'
import type { Issue, User } from '../../tables.ts'
import { issueView } from '../../views/issue.ts'
import { allFields } from '../fields/registry.ts'

/** Deletes an issue with all that hangs on it. Sub-tasks only when asked; children of an epic lose their parent. */
export function removeIssue(site: Site, user: User | undefined, issue: Issue, withSubtasks: boolean): void {
  const { tables } = site
  const children = tables.issues.where('parent', issue.id)
  const isSubtask = (child: Issue) => (tables.issueTypes.get(child.typeId)?.hierarchyLevel ?? 0) < 0
  const subtasks = children.filter(isSubtask)
  if (subtasks.length > 0 && !withSubtasks) {
    throw badRequest(
      `The issue '${issue.key}' has subtasks.  You must specify the 'deleteSubtasks' parameter to delete this issue and all its subtasks.`,
    )
  }
  for (const child of subtasks) removeIssue(site, user, child, true)
  for (const child of children.filter((child) => !isSubtask(child))) tables.issues.patch(child.id, { parentId: null })
  // The webhook shows the issue as it was.
  const last = issueView(webhookReader(site), issue, { fields: allFields(site) })
  for (const comment of tables.comments.where('issue', issue.id)) tables.comments.remove(comment.id)
  for (const worklog of tables.worklogs.where('issue', issue.id)) {
    tables.worklogs.remove(worklog.id)
    tables.deletedWorklogs.put({ id: worklog.id, at: site.now })
  }
  for (const attachment of tables.attachments.where('issue', issue.id)) tables.attachments.remove(attachment.id)
  for (const link of tables.issueLinks.where('issue', issue.id)) tables.issueLinks.remove(link.id)
  for (const link of tables.remoteLinks.where('issue', issue.id)) tables.remoteLinks.remove(link.id)
  for (const change of tables.changes.where('issue', issue.id)) tables.changes.remove(change.id)
  for (const property of tables.properties.where('entity', ['issue', issue.id])) {
    tables.properties.remove(`issue/${issue.id}/${property.key}`)
  }
  tables.issues.remove(issue.id)
  site.emit({ type: 'jira:issue_deleted', issue: last, issueId: issue.id, accountId: user?.accountId ?? null })
}
