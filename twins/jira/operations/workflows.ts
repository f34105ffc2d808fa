import { noContent, ok } from '../../../shared/kernel/reply.ts'
import { type JiraCall, requireAdmin } from '../context.ts'
import { badRequest, conflict, notFound } from '../errors.ts'
import { expandOf, pageBean, sorted } from '../paging.ts'
import { removeWorkflow, saveWorkflow } from '../rules/workflow-history.ts'
import { leaveStatuses } from '../rules/workflow-migration.ts'
import { type GivenPayload, objections, resolveStatuses, transitionsFrom } from '../rules/workflow-payload.ts'
import { isActive, projectsWith, schemesWith, workflowNamed } from '../rules/workflow-usage.ts'
import { newView, oldView, statusBeans } from '../views/workflows.ts'
import { operations } from './define.ts'
import { bodyOf, text } from './shared.ts'

const payloadOf = (call: JiraCall): Required<GivenPayload> => {
  const { workflows, statuses } = bodyOf(call) as GivenPayload
  if (!workflows?.length) throw badRequest('At least one workflow must be provided.')
  return { workflows, statuses: statuses ?? [] }
}

const validated = (call: JiraCall) => {
  requireAdmin(call)
  const payload = (bodyOf(call).payload ?? {}) as GivenPayload
  return ok({ errors: objections(call, payload.workflows ?? [], payload.statuses ?? []) })
}

const RULES = (prefix: string, keys: readonly string[]) =>
  keys.map((ruleKey) => ({ ruleKey: `${prefix}${ruleKey}`, ruleType: prefix }))

export const workflows = operations({
  getWorkflowsPaginated(call) {
    requireAdmin(call)
    const names = call.query.workflowName ?? []
    const words = call.query.queryString?.toLowerCase() ?? ''
    const rows = call.tables.workflows
      .all()
      .filter(
        (workflow) =>
          (names.length === 0 || names.includes(workflow.name)) &&
          workflow.name.toLowerCase().includes(words) &&
          !workflow.projectId,
      )
      .filter((workflow) => call.query.isActive === undefined || isActive(call, workflow) === call.query.isActive)
    return ok(
      pageBean(
        call,
        sorted(rows, (workflow) => workflow.name, call.query.orderBy?.startsWith('-')),
        (workflow) => oldView(call, workflow, expandOf(call.query.expand)),
      ),
    )
  },
  searchWorkflows(call) {
    requireAdmin(call)
    const words = call.query.queryString?.toLowerCase() ?? ''
    const rows = call.tables.workflows
      .all()
      .filter((workflow) => workflow.name.toLowerCase().includes(words))
      .filter((workflow) => !call.query.scope || (workflow.projectId ? 'PROJECT' : 'GLOBAL') === call.query.scope)
      .filter((workflow) => call.query.isActive === undefined || isActive(call, workflow) === call.query.isActive)
    const expanded = expandOf(call.query.expand).some((name) => name.endsWith('transitions'))
    const page = pageBean(
      call,
      sorted(rows, (workflow) => workflow.name),
      (workflow) => newView(workflow, expanded),
    )
    return ok({ ...page, statuses: statusBeans(call, rows) })
  },
  readWorkflows(call) {
    const body = bodyOf(call) as {
      workflowIds?: string[] | null
      workflowNames?: string[] | null
      projectAndIssueTypes?: { projectId: string; issueTypeId: string }[] | null
    }
    const [workflowIds, workflowNames] = [body.workflowIds ?? [], body.workflowNames ?? []]
    const wanted = (body.projectAndIssueTypes ?? []).map(({ projectId, issueTypeId }) => {
      const scheme = call.tables.workflowSchemes.get(call.tables.projects.get(projectId)?.schemes.workflow ?? '')
      return scheme?.mappings[issueTypeId] ?? scheme?.defaultWorkflow
    })
    const rows = call.tables.workflows
      .all()
      .filter(
        (workflow) =>
          workflowIds.includes(workflow.id) || workflowNames.includes(workflow.name) || wanted.includes(workflow.id),
      )
    return ok({ statuses: statusBeans(call, rows), workflows: rows.map((workflow) => newView(workflow)) })
  },
  createWorkflows(call) {
    requireAdmin(call)
    const { workflows: given, statuses } = payloadOf(call)
    const errors = objections(call, given, statuses)
    if (errors.length > 0) throw badRequest(...errors.map((error) => error.message))
    const ids = resolveStatuses(call, statuses)
    const made = given.map((workflow) =>
      call.tables.workflows.insert({
        id: call.random.uuid(),
        name: text(workflow.name),
        description: text(workflow.description),
        statusIds: (workflow.statuses ?? []).map((status) => ids.get(status.statusReference) ?? ''),
        transitions: transitionsFrom(workflow.transitions ?? [], ids),
        version: { number: 1, id: call.random.uuid() },
        created: call.now,
        updated: call.now,
        isDefault: false,
        authorId: requireAdmin(call).accountId,
      }),
    )
    return ok({ statuses: statusBeans(call, made), workflows: made.map((workflow) => newView(workflow)) })
  },
  /** The version guards against lost updates: 409 when it is not the newest. */
  updateWorkflows(call) {
    requireAdmin(call)
    const { workflows: given, statuses } = payloadOf(call)
    const errors = objections(call, given, statuses)
    if (errors.length > 0) throw badRequest(...errors.map((error) => error.message))
    const ids = resolveStatuses(call, statuses)
    const made = given.map((workflow) => {
      const before = workflowNamed(call, text(workflow.id))
      if (workflow.version && workflow.version.versionNumber !== before.version.number)
        throw conflict('The workflow has been changed in the meantime.')
      const statusIds = (workflow.statuses ?? []).map((status) => ids.get(status.statusReference) ?? '')
      leaveStatuses(call, before, statusIds, { ...workflow }, ids)
      return saveWorkflow(call, before, {
        description: text(workflow.description, before.description),
        statusIds,
        transitions: transitionsFrom(workflow.transitions ?? [], ids),
      })
    })
    return ok({ statuses: statusBeans(call, made), workflows: made.map((workflow) => newView(workflow)), taskId: null })
  },
  validateCreateWorkflows: validated,
  validateUpdateWorkflows: validated,
  workflowCapabilities(call) {
    requireAdmin(call)
    return ok({
      editorScope: 'GLOBAL',
      projectTypes: ['software', 'business'],
      systemRules: [
        ...RULES('system:', [
          'restrict-issue-transition',
          'previous-status-condition',
          'parent-or-child-blocking-condition',
          'restrict-from-all-users',
        ]).map((row) => ({ ...row, ruleType: 'Condition' })),
        ...RULES('system:', ['validate-field-value', 'check-permission-validator', 'previous-status-validator']).map(
          (row) => ({ ...row, ruleType: 'Validator' }),
        ),
        ...RULES('system:', ['change-assignee', 'update-field', 'copy-value-from-other-field', 'trigger-webhook']).map(
          (row) => ({ ...row, ruleType: 'Function' }),
        ),
      ].map((row) => ({
        name: row.ruleKey,
        description: '',
        incompatibleRuleKeys: [],
        isAvailableForInitialTransition: true,
        isVisible: true,
        ...row,
      })),
      connectRules: [],
      forgeRules: [],
      triggerRules: [],
    })
  },
  getDefaultEditor: () => ok({ value: 'NEW' }),
  deleteInactiveWorkflow(call) {
    requireAdmin(call)
    const workflow = call.tables.workflows.get(call.params.entityId)
    if (!workflow) throw notFound('The workflow does not exist.')
    if (workflow.isDefault || schemesWith(call, workflow).length > 0)
      throw badRequest('The workflow is active or associated with a scheme and cannot be deleted.')
    removeWorkflow(call, workflow)
    return noContent()
  },
  getProjectUsagesForWorkflow(call) {
    const workflow = workflowNamed(call, call.params.workflowId)
    return ok({ workflowId: workflow.id, projects: { values: projectsWith(call, workflow).map(({ id }) => ({ id })) } })
  },
  getWorkflowSchemeUsagesForWorkflow(call) {
    const workflow = workflowNamed(call, call.params.workflowId)
    return ok({
      workflowId: workflow.id,
      workflowSchemes: { values: schemesWith(call, workflow).map(({ id }) => ({ id: String(id) })) },
    })
  },
})
