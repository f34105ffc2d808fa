import type { JiraCall } from '../context.ts'
import { badRequest } from '../errors.ts'
import type { Project, Workflow, WorkflowScheme } from '../tables.ts'
import { typesOf } from './issues/create.ts'
import { workflowOf } from './workflow.ts'

export const schemesWith = (call: JiraCall, workflow: Workflow): WorkflowScheme[] =>
  call.tables.workflowSchemes
    .all()
    .filter((scheme) => scheme.defaultWorkflow === workflow.id || Object.values(scheme.mappings).includes(workflow.id))

export const projectsWith = (call: JiraCall, workflow: Workflow) => {
  const ids = schemesWith(call, workflow).map((scheme) => String(scheme.id))
  return call.tables.projects.all().filter((project) => ids.includes(project.schemes.workflow))
}

export const isActive = (call: JiraCall, workflow: Workflow) => projectsWith(call, workflow).length > 0

export function workflowNamed(call: JiraCall, name: string): Workflow {
  const found = call.tables.workflows.get(name) ?? call.tables.workflows.where('name', name)[0]
  if (!found) throw badRequest(`The workflow '${name}' does not exist.`)
  return found
}

/** Ids of the issue types of a project that follow a workflow. */
export const issueTypesOn = (call: JiraCall, project: Project, workflow: Workflow): string[] =>
  typesOf(call, project)
    .filter((type) => workflowOf(call, project, type.id).id === workflow.id)
    .map((type) => type.id)
