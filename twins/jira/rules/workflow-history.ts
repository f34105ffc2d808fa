import type { JiraCall } from '../context.ts'
import type { Workflow } from '../tables.ts'

/** Writes a workflow's next version and keeps the one before. */
export function saveWorkflow(call: JiraCall, before: Workflow, change: Partial<Workflow>): Workflow {
  call.tables.workflowVersions.put(before)
  return call.tables.workflows.replace({
    ...before,
    ...change,
    version: { number: before.version.number + 1, id: call.random.uuid() },
    updated: call.now,
    ...(call.caller.user && { authorId: call.caller.user.accountId }),
  })
}

/** Every version of a workflow, newest first. */
export const versionsOf = (call: JiraCall, workflow: Workflow): Workflow[] => [
  workflow,
  ...call.tables.workflowVersions.where('workflow', workflow.id).reverse(),
]

/** Removes a workflow and what is kept of it. */
export function removeWorkflow(call: JiraCall, workflow: Workflow): void {
  for (const { version } of call.tables.workflowVersions.where('workflow', workflow.id))
    call.tables.workflowVersions.remove(`${workflow.id}/${version.number}`)
  call.tables.workflows.remove(workflow.id)
}
