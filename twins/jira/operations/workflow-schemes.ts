import { noContent, ok } from '../../../shared/kernel/reply.ts'
import { requireAdmin } from '../context.ts'
import { badRequest, notFound } from '../errors.ts'
import { idsOf, pageBean } from '../paging.ts'
import {
  change,
  draftView,
  inUse,
  mappingOf,
  nameOf,
  planFrom,
  schemeOf,
  schemeView,
  setDefault,
  setMapping,
  setType,
  unsetDefault,
  unsetMapping,
  unsetType,
  workflowMappings,
} from '../rules/workflow-schemes.ts'
import { workflowNamed } from '../rules/workflow-usage.ts'
import { newView } from '../views/workflows.ts'
import { operations } from './define.ts'
import { bodyOf, renamed, text } from './shared.ts'

export const workflowSchemes = operations({
  getAllWorkflowSchemes(call) {
    requireAdmin(call)
    return ok(pageBean(call, call.tables.workflowSchemes.all(), (scheme) => schemeView(call, scheme)))
  },
  getWorkflowScheme(call) {
    const scheme = schemeOf(call, call.params.id)
    return ok(
      call.query.returnDraftIfExists && scheme.draft ? draftView(call, scheme, scheme.draft) : schemeView(call, scheme),
    )
  },
  createWorkflowScheme(call) {
    requireAdmin(call)
    const body = bodyOf(call)
    if (!body.name) throw badRequest('The name of the workflow scheme must be provided.')
    if (call.tables.workflowSchemes.all().some((scheme) => scheme.name === body.name))
      throw badRequest('A workflow scheme with that name already exists.')
    const standard = call.tables.workflows.all().find((workflow) => workflow.isDefault)?.id ?? ''
    const scheme = call.tables.workflowSchemes.insert({
      id: call.sequence('jira.workflowScheme', 10_000),
      name: text(body.name),
      description: text(body.description),
      ...planFrom(call, body, { defaultWorkflow: standard, mappings: {} }),
    })
    return { status: 201, body: schemeView(call, scheme) }
  },
  updateWorkflowScheme(call) {
    const scheme = schemeOf(call, call.params.id)
    const { name, description } = bodyOf(call)
    if (name !== undefined || description !== undefined)
      call.tables.workflowSchemes.replace({
        ...renamed(scheme, { name, description }),
      })
    const body = bodyOf(call)
    if (body.defaultWorkflow === undefined && body.issueTypeMappings === undefined)
      return ok(schemeView(call, schemeOf(call, call.params.id)))
    return change(call, call.params.id, (plan) => planFrom(call, body, plan))
  },
  deleteWorkflowScheme(call) {
    const scheme = schemeOf(call, call.params.id)
    if (inUse(call, scheme)) throw badRequest('The workflow scheme is active and cannot be deleted.')
    call.tables.workflowSchemes.remove(String(scheme.id))
    return noContent()
  },
  getDefaultWorkflow: (call) => ok({ workflow: nameOf(call, schemeOf(call, call.params.id).defaultWorkflow) }),
  updateDefaultWorkflow: (call) => change(call, call.params.id, setDefault(call)),
  deleteDefaultWorkflow: (call) => change(call, call.params.id, unsetDefault(call)),
  getWorkflowSchemeIssueType: (call) => mappingOf(call, schemeOf(call, call.params.id), call.params.issueType),
  setWorkflowSchemeIssueType: (call) => change(call, call.params.id, setType(call, call.params.issueType)),
  deleteWorkflowSchemeIssueType: (call) => change(call, call.params.id, unsetType(call.params.issueType)),
  getWorkflow: (call) => workflowMappings(call, schemeOf(call, call.params.id), call.query.workflowName),
  updateWorkflowMapping: (call) => change(call, call.params.id, setMapping(call, call.query.workflowName)),
  deleteWorkflowMapping: (call) => change(call, call.params.id, unsetMapping(call, call.query.workflowName)),

  getWorkflowSchemeProjectAssociations(call) {
    requireAdmin(call)
    const projects = idsOf(call.query.projectId)
      .map((id) => call.tables.projects.get(id))
      .filter((project) => project !== undefined)
    const ids = [
      ...new Set(projects.filter((project) => project.style === 'classic').map((project) => project.schemes.workflow)),
    ]
    return ok({
      values: ids.map((id) => ({
        projectIds: projects.filter((project) => project.schemes.workflow === id).map((project) => project.id),
        workflowScheme: schemeView(call, schemeOf(call, Number(id))),
      })),
    })
  },
  assignSchemeToProject(call) {
    requireAdmin(call)
    const { workflowSchemeId, projectId } = bodyOf(call)
    const project = call.tables.projects.get(text(projectId))
    if (!project) throw notFound('The project does not exist.')
    if (call.tables.issues.where('project', project.id).length > 0)
      throw badRequest('The project has issues; switch its workflow scheme instead.')
    const scheme =
      workflowSchemeId === undefined || workflowSchemeId === null ? undefined : schemeOf(call, Number(workflowSchemeId))
    call.tables.projects.patch(project.id, { schemes: { ...project.schemes, workflow: String(scheme?.id ?? '') } })
    return noContent()
  },
  getProjectUsagesForWorkflowScheme(call) {
    const scheme = schemeOf(call, Number(call.params.workflowSchemeId))
    const rows = call.tables.projects.all().filter((project) => project.schemes.workflow === String(scheme.id))
    return ok({ workflowSchemeId: String(scheme.id), projects: { values: rows.map(({ id }) => ({ id })) } })
  },
  readWorkflowSchemes(call) {
    requireAdmin(call)
    const { projectIds, workflowSchemeIds } = bodyOf(call)
    const wanted = new Set([
      ...idsOf(workflowSchemeIds),
      ...idsOf(projectIds).map((id) => call.tables.projects.get(id)?.schemes.workflow),
    ])
    const rows = call.tables.workflowSchemes.all().filter((scheme) => wanted.has(String(scheme.id)))
    return ok(
      rows.map((scheme) => ({
        id: String(scheme.id),
        name: scheme.name,
        description: scheme.description,
        scope: { type: 'GLOBAL' },
        version: { id: String(scheme.id), versionNumber: scheme.version ?? 1 },
        defaultWorkflow: newView(workflowNamed(call, scheme.defaultWorkflow)),
        workflowsForIssueTypes: Object.entries(scheme.mappings).map(([type, id]) => ({
          issueTypeIds: [type],
          workflow: newView(workflowNamed(call, id)),
        })),
        taskId: null,
      })),
    )
  },
})
