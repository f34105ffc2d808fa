import { ok } from '../../../shared/kernel/reply.ts'
import { type JiraCall, signedIn } from '../context.ts'
import { notFound, refusal } from '../errors.ts'
import { idsOf } from '../paging.ts'
import { visibleProject } from '../rules/issues/find.ts'
import { can } from '../rules/permissions.ts'
import { issueTypesOn } from '../rules/workflow-usage.ts'
import type { Workflow } from '../tables.ts'
import { newView, statusBeans } from '../views/workflows.ts'
import { operations } from './define.ts'
import { bodyOf, text } from './shared.ts'

/** A workflow without what only its editors see. */
function preview(workflow: Workflow) {
  const { isEditable: _, statuses, transitions, ...view } = newView(workflow)
  return {
    ...view,
    statuses: statuses.map(({ properties: _, ...status }) => status),
    transitions: transitions.map(({ properties: _, ...transition }) => transition),
  }
}

function requireViewer(call: JiraCall, projectId: string) {
  const user = signedIn(call)
  const project = visibleProject(call, projectId)
  const may = ['ADMINISTER_PROJECTS', 'VIEW_READONLY_WORKFLOW'].some((key) => can(call, user, key, project))
  if (!may) throw refusal(401, 'You do not have permission to view the workflows of this project.')
  return project
}

/** Workflows of a project for those who may look but not edit. */
export const workflowPreviews = operations({
  readWorkflowPreviews(call) {
    const body = bodyOf(call)
    const project = requireViewer(call, text(body.projectId))
    const [ids, names, typeIds] = [idsOf(body.workflowIds), namesOf(body.workflowNames), idsOf(body.issueTypeIds)]
    const used = call.tables.workflows
      .all()
      .map((workflow) => ({ workflow, types: issueTypesOn(call, project, workflow) }))
      .filter(({ types }) => types.length > 0)
    const wanted = ({ workflow, types }: (typeof used)[number]) =>
      ids.includes(workflow.id) || names.includes(workflow.name) || types.some((id) => typeIds.includes(id))
    const rows = used.filter(wanted)
    const missing = [
      ...ids.filter((id) => !used.some(({ workflow }) => workflow.id === id)),
      ...names.filter((name) => !used.some(({ workflow }) => workflow.name === name)),
      ...typeIds.filter((id) => !used.some(({ types }) => types.includes(id))),
    ]
    if (missing.length > 0) throw notFound(`No workflow of the project was found for: ${missing.join(', ')}`)
    const found = rows.map(({ workflow }) => workflow)
    return ok({
      statuses: statusBeans(call, found).map(({ usages: _, ...status }) => ({ ...status, rawName: status.name })),
      workflows: rows.map(({ workflow, types }) => ({
        ...preview(workflow),
        queryContext: [{ project: project.id, issueTypes: types }],
      })),
    })
  },
})

const namesOf = (value: unknown): string[] => (Array.isArray(value) ? value.map(String) : [])
