import { ok } from '../../../shared/kernel/reply.ts'
import { type JiraCall, requireAdmin } from '../context.ts'
import { badRequest, conflict } from '../errors.ts'
import { idsOf } from '../paging.ts'
import { isObject } from '../rules/fields/values.ts'
import { typesOf } from '../rules/issues/create.ts'
import { completeTask } from '../rules/tasks.ts'
import { initialStatus } from '../rules/workflow.ts'
import { migrate, type Routes, strandedIssues, workflowFor } from '../rules/workflow-migration.ts'
import type { Project, WorkflowScheme } from '../tables.ts'
import { operations } from './define.ts'
import { bodyOf, text } from './shared.ts'

function schemeOf(call: JiraCall, id: unknown): WorkflowScheme {
  requireAdmin(call)
  const scheme = call.tables.workflowSchemes.get(text(id))
  if (!scheme) throw badRequest(`The workflow scheme with ID ${text(id)} does not exist.`)
  return scheme
}

const projectsOf = (call: JiraCall, scheme: WorkflowScheme): Project[] =>
  call.tables.projects.all().filter((project) => project.schemes.workflow === String(scheme.id))

/** Workflows by issue type, as a request has them. */
function routesFrom(call: JiraCall, { defaultWorkflow }: Routes): Routes {
  const { defaultWorkflowId, workflowsForIssueTypes } = bodyOf(call)
  const known = (id: unknown): string => {
    if (!call.tables.workflows.has(text(id))) throw badRequest(`The workflow with ID ${text(id)} does not exist.`)
    return text(id)
  }
  const rows = (Array.isArray(workflowsForIssueTypes) ? workflowsForIssueTypes : []).filter(isObject)
  const mappings = rows.flatMap((row) => idsOf(row.issueTypeIds).map((type) => [type, known(row.workflowId)] as const))
  return {
    defaultWorkflow: defaultWorkflowId ? known(defaultWorkflowId) : defaultWorkflow,
    mappings: Object.fromEntries(mappings),
  }
}

/** Statuses that issue types of the projects lose, by type and by pair of workflows. */
function losses(call: JiraCall, projects: readonly Project[], before: Routes, after: Routes) {
  const types = new Set(projects.flatMap((project) => typesOf(call, project).map((type) => type.id)))
  return [...types].flatMap((typeId) => {
    const [from, to] = [workflowFor(call, before, typeId), workflowFor(call, after, typeId)]
    const statusIds = from && to ? from.statusIds.filter((id) => !to.statusIds.includes(id)) : []
    return from && to && statusIds.length > 0 ? [{ typeId, from, to, statusIds }] : []
  })
}

/** Changes of schemes that move issues into statuses which their new workflows have. */
export const workflowSchemeChanges = operations({
  getRequiredWorkflowSchemeMappings(call) {
    const scheme = schemeOf(call, bodyOf(call).id)
    const after = routesFrom(call, scheme)
    const lost = losses(call, projectsOf(call, scheme), scheme, after)
    const pairs = new Map(lost.map((row) => [`${row.from.id} ${row.to.id}`, row]))
    const targets = [...new Set([after.defaultWorkflow, ...Object.values(after.mappings)])]
      .map((id) => call.tables.workflows.get(id))
      .filter((workflow) => workflow !== undefined)
    const statuses = new Set([...lost.flatMap((row) => row.statusIds), ...targets.flatMap((row) => row.statusIds)])
    return ok({
      statusMappingsByIssueTypes: lost.map(({ typeId, statusIds }) => ({ issueTypeId: typeId, statusIds })),
      statusMappingsByWorkflows: [...pairs.values()].map(({ from, to, statusIds }) => ({
        sourceWorkflowId: from.id,
        targetWorkflowId: to.id,
        statusIds,
      })),
      statuses: [...statuses]
        .map((id) => call.tables.statuses.get(id))
        .filter((status) => status !== undefined)
        .map(({ id, name, category }) => ({ id, name, category })),
      statusesPerWorkflow: targets.map((workflow) => ({
        workflowId: workflow.id,
        initialStatusId: initialStatus(workflow),
        statuses: workflow.statusIds,
      })),
    })
  },
  /** The version guards against lost updates: 409 when it is not the newest. */
  updateSchemes(call) {
    const body = bodyOf(call)
    const scheme = schemeOf(call, body.id)
    const number = scheme.version ?? 1
    if (isObject(body.version) && Number(body.version.versionNumber) !== number)
      throw conflict('The workflow scheme has been changed in the meantime.')
    const name = text(body.name, scheme.name)
    if (call.tables.workflowSchemes.all().some((row) => row.id !== scheme.id && row.name === name))
      throw badRequest('A workflow scheme with that name already exists.')
    const after = routesFrom(call, scheme)
    const stranded = strandedIssues(call, projectsOf(call, scheme), scheme, after)
    const moved = migrate(call, stranded, body.statusMappingsByIssueTypeOverride, body.statusMappingsByWorkflows)
    const description = text(body.description, scheme.description)
    call.tables.workflowSchemes.replace({ ...scheme, ...after, name, description, version: number + 1 })
    return moved > 0 ? completeTask(call, `Update workflow scheme ${name}`) : { status: 200 }
  },
  switchWorkflowSchemeForProject(call) {
    const { projectId, targetSchemeId, mappingsByIssueTypeOverride } = bodyOf(call)
    const target = schemeOf(call, targetSchemeId)
    const project = call.tables.projects.get(text(projectId))
    if (!project) throw badRequest(`The project with ID ${text(projectId)} does not exist.`)
    if (project.style === 'next-gen') throw badRequest('Workflow schemes can only be assigned to classic projects.')
    const before = schemeOf(call, project.schemes.workflow)
    migrate(call, strandedIssues(call, [project], before, target), mappingsByIssueTypeOverride)
    call.tables.projects.patch(project.id, { schemes: { ...project.schemes, workflow: String(target.id) } })
    return completeTask(call, `Switch workflow scheme of project ${project.key} to ${target.name}`)
  },
})
