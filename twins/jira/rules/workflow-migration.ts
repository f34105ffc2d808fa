import type { JiraCall } from '../context.ts'
import { badRequest } from '../errors.ts'
import type { Issue, Project, Workflow, WorkflowScheme } from '../tables.ts'
import { isObject } from './fields/values.ts'
import { saveIssue } from './issues/save.ts'
import { workflowOf } from './workflow.ts'
import { projectsWith } from './workflow-usage.ts'

/** Default workflow and workflows by issue type: what projects follow. Ids. */
export type Routes = Pick<WorkflowScheme, 'defaultWorkflow' | 'mappings'>

export const workflowFor = (call: JiraCall, routes: Routes, typeId: string): Workflow | undefined =>
  call.tables.workflows.get(routes.mappings[typeId] ?? routes.defaultWorkflow)

/** An issue whose status is not in the workflow it is about to follow. */
export interface Stranded {
  readonly issue: Issue
  readonly from: Workflow | undefined
  readonly to: Workflow
}

/** Issues of projects that a change of their workflows would leave without a status. */
export const strandedIssues = (
  call: JiraCall,
  projects: readonly Project[],
  before: Routes,
  after: Routes,
): Stranded[] =>
  projects
    .flatMap((project) => call.tables.issues.where('project', project.id))
    .flatMap((issue) => {
      const to = workflowFor(call, after, issue.typeId)
      const lost = to && !to.statusIds.includes(issue.statusId)
      return lost ? [{ issue, from: workflowFor(call, before, issue.typeId), to }] : []
    })

/**
 * Takes issues out of the statuses that an update removes from their workflow: by the mappings of their project and
 * issue type, else by the default ones. Statuses go by the references of the request, or by their ids.
 *
 * @throws 400 when a status that issues are in has no mapping
 */
export function leaveStatuses(
  call: JiraCall,
  before: Workflow,
  statusIds: readonly string[],
  given: Readonly<Record<string, unknown>>,
  references: ReadonlyMap<string, string>,
): void {
  const idOf = (reference: unknown) => references.get(String(reference)) ?? String(reference)
  const target = (migrations: unknown, statusId: string) => {
    const found = rows(migrations).find((row) => idOf(row.oldStatusReference) === statusId)
    return found && idOf(found.newStatusReference)
  }
  for (const project of projectsWith(call, before)) {
    for (const issue of call.tables.issues.where('project', project.id)) {
      if (statusIds.includes(issue.statusId) || workflowOf(call, project, issue.typeId).id !== before.id) continue
      const own = rows(given.statusMappings).find(
        (row) => String(row.projectId) === project.id && String(row.issueTypeId) === issue.typeId,
      )
      const statusId =
        target(own?.statusMigrations, issue.statusId) ?? target(given.defaultStatusMappings, issue.statusId)
      if (statusId === undefined || !statusIds.includes(statusId))
        throw badRequest(`A mapping is required for status ${issue.statusId}, which issues are in.`)
      saveIssue(call, call.caller.user, issue, { statusId })
    }
  }
}

const rows = (value: unknown): Record<string, unknown>[] => (Array.isArray(value) ? value.filter(isObject) : [])

/** The new status a list of `{oldStatusId, newStatusId}` names for an old one. */
const mapped = (mappings: unknown, statusId: string): string | undefined => {
  const found = rows(mappings).find((row) => String(row.oldStatusId) === statusId)
  return found && String(found.newStatusId)
}

/**
 * Gives stranded issues the statuses that the mappings name: those by issue type first, then those by workflow.
 *
 * @returns how many issues were moved
 * @throws 400 when a mapping is missing or leads to a status that the workflow does not have
 */
export function migrate(call: JiraCall, stranded: readonly Stranded[], byType: unknown, byWorkflow?: unknown): number {
  for (const { issue, from, to } of stranded) {
    const ofType = rows(byType).find((row) => String(row.issueTypeId) === issue.typeId)
    const ofWorkflow = rows(byWorkflow).find(
      (row) => String(row.oldWorkflowId) === from?.id && String(row.newWorkflowId) === to.id,
    )
    const statusId =
      mapped(ofType?.statusMappings, issue.statusId) ?? mapped(ofWorkflow?.statusMappings, issue.statusId)
    if (statusId === undefined)
      throw badRequest(`A mapping is required for status ${issue.statusId} of issue type ${issue.typeId}.`)
    if (!to.statusIds.includes(statusId))
      throw badRequest(`The status ${statusId} is not in the workflow '${to.name}'.`)
    saveIssue(call, call.caller.user, issue, { statusId })
  }
  return stranded.length
}
