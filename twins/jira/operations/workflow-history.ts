import { ok } from '../../../shared/kernel/reply.ts'
import { type JiraCall, requireAdmin } from '../context.ts'
import { badRequest } from '../errors.ts'
import { visibleProject } from '../rules/issues/find.ts'
import { versionsOf } from '../rules/workflow-history.ts'
import { issueTypesOn, workflowNamed } from '../rules/workflow-usage.ts'
import { newView, statusBeans } from '../views/workflows.ts'
import { operations } from './define.ts'
import { bodyOf, text } from './shared.ts'

/** `2025-11-20 02:21:19.598`, in UTC: the only place where Jira writes times so. */
const written = (at: number) => new Date(at).toISOString().replace('T', ' ').replace('Z', '')

const versions = (call: JiraCall) => {
  requireAdmin(call)
  return versionsOf(call, workflowNamed(call, text(bodyOf(call).workflowId)))
}

/** What workflows were before. */
export const workflowHistory = operations({
  listWorkflowHistory: (call) =>
    ok({
      entries: versions(call).map(({ id, version, updated }) => ({
        workflowId: id,
        workflowVersion: version.number,
        writtenAt: written(updated),
        isIntermediate: false,
      })),
    }),
  readWorkflowFromHistory(call) {
    const { version } = bodyOf(call)
    const found = versions(call).find((workflow) => workflow.version.number === Number(version))
    if (!found) throw badRequest(`The workflow has no version ${String(version)}.`)
    const { isEditable: _, ...view } = newView(found)
    return ok({
      statuses: statusBeans(call, [found]).map(({ usages: _, ...status }) => status),
      workflows: [
        {
          ...view,
          created: written(found.created),
          updated: written(found.updated),
          ...(found.authorId !== undefined && { lastUpdateAuthorAAID: found.authorId }),
        },
      ],
    })
  },
  getWorkflowProjectIssueTypeUsages(call) {
    requireAdmin(call)
    const workflow = workflowNamed(call, call.params.workflowId)
    const project = visibleProject(call, call.params.projectId)
    const types = issueTypesOn(call, project, workflow)
    return ok({
      workflowId: workflow.id,
      projectId: project.id,
      issueTypes: { values: types.map((id) => ({ id })) },
    })
  },
})
