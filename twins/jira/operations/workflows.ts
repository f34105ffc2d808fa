import { noContent, ok } from '../../../shared/kernel/reply.ts'
import { type JiraCall, reader, requireAdmin, self, shown, signedIn } from '../context.ts'
import { badRequest, conflict, notFound } from '../errors.ts'
import { expandOf, idsOf, pageBean, sorted } from '../paging.ts'
import { completeTask } from '../rules/tasks.ts'
import type { Workflow, WorkflowScheme, WorkflowTransition } from '../tables.ts'
import { issueTypeView } from '../views/configuration.ts'
import { operations } from './define.ts'
import { bodyOf, renamed, text } from './shared.ts'

const schemesWith = (call: JiraCall, workflow: Workflow): WorkflowScheme[] =>
  call.tables.workflowSchemes
    .all()
    .filter((scheme) => scheme.defaultWorkflow === workflow.id || Object.values(scheme.mappings).includes(workflow.id))

const projectsWith = (call: JiraCall, workflow: Workflow) => {
  const ids = schemesWith(call, workflow).map((scheme) => String(scheme.id))
  return call.tables.projects.all().filter((project) => ids.includes(project.schemes.workflow))
}

const isActive = (call: JiraCall, workflow: Workflow) => projectsWith(call, workflow).length > 0

const statusOf = (call: JiraCall, id: string) => call.tables.statuses.get(id)

/** A transition as the older listing words it. */
const oldTransition = (transition: WorkflowTransition) => ({
  id: transition.id,
  name: transition.name,
  description: transition.description,
  from: transition.from,
  to: transition.to,
  type: transition.type.toLowerCase(),
  ...(transition.screenId !== undefined && { screen: { id: String(transition.screenId) } }),
  rules: { conditionsTree: undefined, validators: [], postFunctions: [] },
  properties: transition.properties ?? {},
})

function oldView(call: JiraCall, workflow: Workflow, expand: readonly string[]) {
  const projects = projectsWith(call, workflow)
  return {
    id: { name: workflow.name, entityId: workflow.id },
    description: workflow.description,
    ...(expand.some((name) => name.startsWith('transitions')) && {
      transitions: workflow.transitions.map(oldTransition),
    }),
    ...(expand.includes('statuses') && {
      statuses: workflow.statusIds.map((id) => ({
        id,
        name: statusOf(call, id)?.name,
        properties: { issueEditable: true },
      })),
    }),
    ...(expand.includes('default') && { isDefault: workflow.isDefault }),
    ...(expand.includes('schemes') && {
      schemes: schemesWith(call, workflow).map(({ id, name }) => ({ id: String(id), name })),
    }),
    ...(expand.includes('projects') && {
      projects: projects.map((project) => ({
        self: self(reader(call), `project/${project.id}`),
        id: project.id,
        key: project.key,
        name: project.name,
      })),
    }),
    ...(expand.includes('hasDraftWorkflow') && { hasDraftWorkflow: false }),
    ...(expand.includes('operations') && {
      operations: { canEdit: !workflow.isDefault, canDelete: !isActive(call, workflow) },
    }),
    created: shown(reader(call), workflow.created),
    updated: shown(reader(call), workflow.updated),
  }
}

const rule = ({
  id,
  ruleKey,
  parameters = {},
}: {
  id?: string
  ruleKey: string
  parameters?: Readonly<Record<string, string>>
}) => ({ ...(id && { id }), ruleKey, parameters })

/** A workflow of the newer API. Its description is a plain string (seen live). */
function newView(workflow: Workflow, withTransitions = true) {
  return {
    id: workflow.id,
    name: workflow.name,
    description: workflow.description,
    scope: workflow.projectId ? { type: 'PROJECT', project: { id: workflow.projectId } } : { type: 'GLOBAL' },
    isEditable: !workflow.isDefault,
    startPointLayout: { x: 0, y: 0 },
    version: { versionNumber: workflow.version.number, id: workflow.version.id },
    statuses: workflow.statusIds.map((id) => ({
      statusReference: id,
      layout: { x: 0, y: 0 },
      properties: {},
      deprecated: false,
    })),
    transitions: (withTransitions ? workflow.transitions : []).map((transition) => ({
      id: transition.id,
      type: transition.type,
      toStatusReference: transition.to,
      links: transition.from.map((id) => ({ fromStatusReference: id, fromPort: 0, toPort: 0 })),
      name: transition.name,
      description: transition.description,
      actions: (transition.actions ?? []).map(rule),
      ...(transition.conditions?.length && {
        conditions: { operation: 'ALL', conditions: transition.conditions.map(rule), conditionGroups: [] },
      }),
      validators: (transition.validators ?? []).map(rule),
      triggers: [],
      ...(transition.screenId !== undefined && {
        transitionScreen: {
          ruleKey: 'system:transition-screen',
          parameters: { screenId: String(transition.screenId) },
        },
      }),
      properties: transition.properties ?? {},
    })),
  }
}

const statusBeans = (call: JiraCall, workflows: readonly Workflow[]) =>
  [...new Set(workflows.flatMap((workflow) => workflow.statusIds))]
    .map((id) => statusOf(call, id))
    .filter((status) => status !== undefined)
    .map(({ id, name, description, category, projectId }) => ({
      id,
      statusReference: id,
      name,
      description,
      statusCategory: category,
      scope: projectId ? { type: 'PROJECT', project: { id: projectId } } : { type: 'GLOBAL' },
      usages: [],
    }))

function workflowNamed(call: JiraCall, name: string): Workflow {
  const found = call.tables.workflows.get(name) ?? call.tables.workflows.where('name', name)[0]
  if (!found) throw badRequest(`The workflow '${name}' does not exist.`)
  return found
}

interface GivenRule {
  readonly ruleKey: string
  readonly parameters?: Record<string, string>
}
interface GivenTransition {
  readonly id: string
  readonly name?: string
  readonly description?: string
  readonly type?: string
  readonly toStatusReference?: string
  readonly links?: readonly { readonly fromStatusReference?: string }[]
  readonly conditions?: { readonly conditions?: readonly GivenRule[] }
  readonly validators?: readonly GivenRule[]
  readonly actions?: readonly GivenRule[]
  readonly transitionScreen?: { readonly parameters?: { readonly screenId?: string } }
  readonly properties?: Record<string, string>
}
interface GivenWorkflow {
  readonly id?: string
  readonly name?: string
  readonly description?: string
  readonly statuses?: readonly { readonly statusReference: string }[]
  readonly transitions?: readonly GivenTransition[]
  readonly version?: { readonly versionNumber: number; readonly id: string }
}

interface GivenStatus {
  readonly id?: string
  readonly statusReference: string
  readonly name: string
  readonly description?: string
  readonly statusCategory: 'TODO' | 'IN_PROGRESS' | 'DONE'
}

/** What is wrong with workflows to be created or updated. */
function objections(call: JiraCall, workflows: readonly GivenWorkflow[], statuses: readonly GivenStatus[]) {
  const errors: { code: string; level: string; message: string; type: string }[] = []
  const object = (code: string, message: string, type = 'WORKFLOW') =>
    errors.push({ code, level: 'ERROR', message, type })
  for (const { id, name, statuses: used = [], transitions = [] } of workflows) {
    if (id === undefined && !name) object('WORKFLOW_NAME_REQUIRED', 'The workflow must have a name.')
    if (id === undefined && name && call.tables.workflows.where('name', name).length > 0)
      object('NON_UNIQUE_WORKFLOW_NAME', 'A workflow with this name already exists.')
    if (used.length === 0) object('NO_STATUSES', 'The workflow must have at least one status.')
    const initial = transitions.filter((transition) => transition.type === 'INITIAL')
    if (initial.length !== 1)
      object('INITIAL_TRANSITION', 'The workflow must have exactly one initial transition.', 'TRANSITION')
    const known = new Set(used.map((status) => status.statusReference))
    for (const transition of transitions) {
      if (!known.has(transition.toStatusReference ?? ''))
        object(
          'MISSING_STATUS',
          `The transition '${transition.name}' leads to a status that is not in the workflow.`,
          'TRANSITION',
        )
    }
    for (const { statusReference } of used) {
      if (!statuses.some((status) => status.statusReference === statusReference))
        object('UNKNOWN_STATUS', `The status reference '${statusReference}' is not defined.`, 'STATUS')
    }
  }
  return errors
}

/** Statuses of a request by reference; those without id are created. */
function resolveStatuses(call: JiraCall, statuses: readonly GivenStatus[]): Map<string, string> {
  return new Map(
    statuses.map(({ id, statusReference, name, description, statusCategory }) => {
      const known = (id && statusOf(call, id)) || statusOf(call, statusReference)
      if (known) return [statusReference, known.id]
      const made = call.tables.statuses.insert({
        id: String(call.sequence('jira.status', 10_000)),
        name,
        description: text(description),
        category: statusCategory,
        icon: '/images/icons/statuses/generic.png',
      })
      return [statusReference, made.id]
    }),
  )
}

function transitionsFrom(given: readonly GivenTransition[], ids: ReadonlyMap<string, string>): WorkflowTransition[] {
  return given.map((transition) => ({
    id: String(transition.id),
    name: text(transition.name),
    description: text(transition.description),
    type: (transition.type as WorkflowTransition['type'] | undefined) ?? 'DIRECTED',
    from: (transition.links ?? []).map((link) => ids.get(link.fromStatusReference ?? '') ?? '').filter(Boolean),
    to: ids.get(transition.toStatusReference ?? '') ?? '',
    ...(transition.transitionScreen?.parameters?.screenId && {
      screenId: Number(transition.transitionScreen.parameters.screenId),
    }),
    conditions: transition.conditions?.conditions ?? [],
    validators: transition.validators ?? [],
    actions: transition.actions ?? [],
    ...(transition.properties && { properties: transition.properties }),
  }))
}

interface GivenPayload {
  readonly workflows?: readonly GivenWorkflow[]
  readonly statuses?: readonly GivenStatus[]
}

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
      return call.tables.workflows.replace({
        ...before,
        description: text(workflow.description, before.description),
        statusIds: (workflow.statuses ?? []).map((status) => ids.get(status.statusReference) ?? ''),
        transitions: transitionsFrom(workflow.transitions ?? [], ids),
        version: { number: before.version.number + 1, id: call.random.uuid() },
        updated: call.now,
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
    call.tables.workflows.remove(workflow.id)
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

type Plan = Pick<WorkflowScheme, 'defaultWorkflow' | 'mappings'>

function schemeOf(call: JiraCall, id: number): WorkflowScheme {
  requireAdmin(call)
  const scheme = call.tables.workflowSchemes.get(String(id))
  if (!scheme) throw notFound('The workflow scheme does not exist.')
  return scheme
}

const nameOf = (call: JiraCall, id: string) => call.tables.workflows.get(id)?.name ?? 'jira'

const namesOf = (call: JiraCall, mappings: Readonly<Record<string, string>>) =>
  Object.fromEntries(Object.entries(mappings).map(([type, id]) => [type, nameOf(call, id)]))

const typesOf = (call: JiraCall, mappings: Readonly<Record<string, string>>) =>
  Object.fromEntries(
    Object.keys(mappings)
      .map((id) => call.tables.issueTypes.get(id))
      .filter((type) => type !== undefined)
      .map((type) => [type.id, issueTypeView(reader(call), type)]),
  )

function schemeView(call: JiraCall, scheme: WorkflowScheme) {
  return {
    id: scheme.id,
    name: scheme.name,
    description: scheme.description,
    defaultWorkflow: nameOf(call, scheme.defaultWorkflow),
    issueTypeMappings: namesOf(call, scheme.mappings),
    draft: false,
    self: self(reader(call), `workflowscheme/${scheme.id}`),
    issueTypes: typesOf(call, scheme.mappings),
  }
}

function draftOf(call: JiraCall, id: number): { scheme: WorkflowScheme; draft: NonNullable<WorkflowScheme['draft']> } {
  const scheme = schemeOf(call, id)
  if (!scheme.draft) throw notFound('The workflow scheme does not have a draft.')
  return { scheme, draft: scheme.draft }
}

function draftView(call: JiraCall, scheme: WorkflowScheme, draft: NonNullable<WorkflowScheme['draft']>) {
  return {
    id: scheme.id + 1_000_000,
    name: draft.name,
    description: draft.description,
    defaultWorkflow: nameOf(call, draft.defaultWorkflow),
    issueTypeMappings: namesOf(call, draft.mappings),
    originalDefaultWorkflow: nameOf(call, scheme.defaultWorkflow),
    originalIssueTypeMappings: namesOf(call, scheme.mappings),
    draft: true,
    lastModified: shown(reader(call), draft.modified),
    self: self(reader(call), `workflowscheme/${scheme.id}/draft`),
    issueTypes: typesOf(call, draft.mappings),
  }
}

/** Default workflow and mappings of a body, by workflow name. */
function planFrom(call: JiraCall, body: Record<string, unknown>, before: Plan): Plan {
  const mappings = body.issueTypeMappings as Record<string, string> | undefined
  return {
    defaultWorkflow:
      body.defaultWorkflow === undefined ? before.defaultWorkflow : workflowNamed(call, text(body.defaultWorkflow)).id,
    mappings:
      mappings === undefined
        ? before.mappings
        : Object.fromEntries(Object.entries(mappings).map(([type, name]) => [type, workflowNamed(call, name).id])),
  }
}

const inUse = (call: JiraCall, scheme: WorkflowScheme) =>
  call.tables.projects.all().some((project) => project.schemes.workflow === String(scheme.id))

/** Changes a scheme, or its draft when it is in use and the caller lets it. */
function change(call: JiraCall, id: number, of: (before: Plan) => Plan) {
  const scheme = schemeOf(call, id)
  if (!inUse(call, scheme))
    return ok(schemeView(call, call.tables.workflowSchemes.replace({ ...scheme, ...of(scheme) })))
  const allowed = bodyOf(call).updateDraftIfNeeded === true || call.query.updateDraftIfNeeded === true
  if (!allowed) throw badRequest('The workflow scheme is active and cannot be edited.')
  const base = scheme.draft ?? {
    name: scheme.name,
    description: scheme.description,
    ...of(scheme),
    modified: call.now,
    by: signedIn(call).accountId,
  }
  const draft = { ...base, ...of(base), modified: call.now }
  call.tables.workflowSchemes.replace({ ...scheme, draft })
  return ok(draftView(call, scheme, draft))
}

function changeDraft(call: JiraCall, id: number, of: (before: Plan) => Plan) {
  const { scheme, draft } = draftOf(call, id)
  const next = { ...draft, ...of(draft), modified: call.now }
  call.tables.workflowSchemes.replace({ ...scheme, draft: next })
  return ok(draftView(call, scheme, next))
}

const without = (mappings: Readonly<Record<string, string>>, test: (type: string, workflow: string) => boolean) =>
  Object.fromEntries(Object.entries(mappings).filter(([type, workflow]) => !test(type, workflow)))

function mappingOf(call: JiraCall, plan: Plan, type: string) {
  const id = plan.mappings[type]
  if (id === undefined) throw notFound('The issue type is not mapped in the workflow scheme.')
  return ok({ issueType: type, workflow: nameOf(call, id) })
}

/** Issue types per workflow; one of them by name. */
function workflowMappings(call: JiraCall, plan: Plan, name: string | undefined) {
  const ids = [...new Set([plan.defaultWorkflow, ...Object.values(plan.mappings)])]
  const rows = ids.map((id) => ({
    workflow: nameOf(call, id),
    issueTypes: Object.keys(plan.mappings).filter((type) => plan.mappings[type] === id),
    defaultMapping: plan.defaultWorkflow === id,
  }))
  if (name === undefined) return ok(rows)
  const found = rows.find((row) => row.workflow === name)
  if (!found) throw notFound('The workflow is not in the workflow scheme.')
  return ok(found)
}

const setDefault =
  (call: JiraCall) =>
  (plan: Plan): Plan => ({ ...plan, defaultWorkflow: workflowNamed(call, text(bodyOf(call).workflow)).id })
const unsetDefault =
  (call: JiraCall) =>
  (plan: Plan): Plan => ({
    ...plan,
    defaultWorkflow: call.tables.workflows.all().find((workflow) => workflow.isDefault)?.id ?? plan.defaultWorkflow,
  })
const setType =
  (call: JiraCall, type: string) =>
  (plan: Plan): Plan => ({
    ...plan,
    mappings: { ...plan.mappings, [type]: workflowNamed(call, text(bodyOf(call).workflow)).id },
  })
const unsetType =
  (type: string) =>
  (plan: Plan): Plan => ({ ...plan, mappings: without(plan.mappings, (one) => one === type) })
const setMapping =
  (call: JiraCall, name: string | undefined) =>
  (plan: Plan): Plan => {
    const { id } = workflowNamed(call, text(name))
    const rest = without(plan.mappings, (_, workflow) => workflow === id)
    const { defaultMapping } = bodyOf(call)
    return {
      defaultWorkflow: defaultMapping === true ? id : plan.defaultWorkflow,
      mappings: { ...rest, ...Object.fromEntries(idsOf(bodyOf(call).issueTypes).map((type) => [type, id])) },
    }
  }
const unsetMapping =
  (call: JiraCall, name: string | undefined) =>
  (plan: Plan): Plan => {
    const { id } = workflowNamed(call, text(name))
    return { ...plan, mappings: without(plan.mappings, (_, workflow) => workflow === id) }
  }

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

  createWorkflowSchemeDraftFromParent(call) {
    const scheme = schemeOf(call, call.params.id)
    if (scheme.draft) throw badRequest('The workflow scheme already has a draft.')
    const draft = {
      name: scheme.name,
      description: scheme.description,
      defaultWorkflow: scheme.defaultWorkflow,
      mappings: scheme.mappings,
      modified: call.now,
      by: signedIn(call).accountId,
    }
    call.tables.workflowSchemes.replace({ ...scheme, draft })
    return { status: 201, body: draftView(call, scheme, draft) }
  },
  getWorkflowSchemeDraft(call) {
    const { scheme, draft } = draftOf(call, call.params.id)
    return ok(draftView(call, scheme, draft))
  },
  updateWorkflowSchemeDraft: (call) => changeDraft(call, call.params.id, (plan) => planFrom(call, bodyOf(call), plan)),
  deleteWorkflowSchemeDraft(call) {
    const { draft: _, ...scheme } = draftOf(call, call.params.id).scheme
    call.tables.workflowSchemes.replace(scheme)
    return noContent()
  },
  getDraftDefaultWorkflow: (call) =>
    ok({ workflow: nameOf(call, draftOf(call, call.params.id).draft.defaultWorkflow) }),
  updateDraftDefaultWorkflow: (call) => changeDraft(call, call.params.id, setDefault(call)),
  deleteDraftDefaultWorkflow: (call) => changeDraft(call, call.params.id, unsetDefault(call)),
  getWorkflowSchemeDraftIssueType: (call) =>
    mappingOf(call, draftOf(call, call.params.id).draft, call.params.issueType),
  setWorkflowSchemeDraftIssueType: (call) => changeDraft(call, call.params.id, setType(call, call.params.issueType)),
  deleteWorkflowSchemeDraftIssueType: (call) => changeDraft(call, call.params.id, unsetType(call.params.issueType)),
  getDraftWorkflow: (call) => workflowMappings(call, draftOf(call, call.params.id).draft, call.query.workflowName),
  updateDraftWorkflowMapping: (call) => changeDraft(call, call.params.id, setMapping(call, call.query.workflowName)),
  deleteDraftWorkflowMapping: (call) => changeDraft(call, call.params.id, unsetMapping(call, call.query.workflowName)),
  publishDraftWorkflowScheme(call) {
    const { scheme, draft } = draftOf(call, call.params.id)
    const { draft: _, ...rest } = scheme
    if (call.query.validateOnly) return noContent()
    call.tables.workflowSchemes.replace({
      ...rest,
      name: draft.name,
      description: draft.description,
      defaultWorkflow: draft.defaultWorkflow,
      mappings: draft.mappings,
    })
    return completeTask(call, `Publish workflow scheme ${scheme.name}`)
  },

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
        version: { id: String(scheme.id), versionNumber: 1 },
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
