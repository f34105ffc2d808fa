import { ok } from '../../../shared/kernel/reply.ts'
import { type JiraCall, reader, requireAdmin, self, shown, signedIn } from '../context.ts'
import { badRequest, notFound } from '../errors.ts'
import { bodyOf, text } from '../operations/shared.ts'
import { idsOf } from '../paging.ts'
import type { WorkflowScheme } from '../tables.ts'
import { issueTypeView } from '../views/configuration.ts'
import { workflowNamed } from './workflow-usage.ts'

export type Plan = Pick<WorkflowScheme, 'defaultWorkflow' | 'mappings'>

export function schemeOf(call: JiraCall, id: number): WorkflowScheme {
  requireAdmin(call)
  const scheme = call.tables.workflowSchemes.get(String(id))
  if (!scheme) throw notFound('The workflow scheme does not exist.')
  return scheme
}

export const nameOf = (call: JiraCall, id: string) => call.tables.workflows.get(id)?.name ?? 'jira'

const namesOf = (call: JiraCall, mappings: Readonly<Record<string, string>>) =>
  Object.fromEntries(Object.entries(mappings).map(([type, id]) => [type, nameOf(call, id)]))

const typesOf = (call: JiraCall, mappings: Readonly<Record<string, string>>) =>
  Object.fromEntries(
    Object.keys(mappings)
      .map((id) => call.tables.issueTypes.get(id))
      .filter((type) => type !== undefined)
      .map((type) => [type.id, issueTypeView(reader(call), type)]),
  )

export function schemeView(call: JiraCall, scheme: WorkflowScheme) {
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

export function draftOf(
  call: JiraCall,
  id: number,
): { scheme: WorkflowScheme; draft: NonNullable<WorkflowScheme['draft']> } {
  const scheme = schemeOf(call, id)
  if (!scheme.draft) throw notFound('The workflow scheme does not have a draft.')
  return { scheme, draft: scheme.draft }
}

export function draftView(call: JiraCall, scheme: WorkflowScheme, draft: NonNullable<WorkflowScheme['draft']>) {
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
export function planFrom(call: JiraCall, body: Record<string, unknown>, before: Plan): Plan {
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

export const inUse = (call: JiraCall, scheme: WorkflowScheme) =>
  call.tables.projects.all().some((project) => project.schemes.workflow === String(scheme.id))

/** Changes a scheme, or its draft when it is in use and the caller lets it. */
export function change(call: JiraCall, id: number, of: (before: Plan) => Plan) {
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

export function changeDraft(call: JiraCall, id: number, of: (before: Plan) => Plan) {
  const { scheme, draft } = draftOf(call, id)
  const next = { ...draft, ...of(draft), modified: call.now }
  call.tables.workflowSchemes.replace({ ...scheme, draft: next })
  return ok(draftView(call, scheme, next))
}

const without = (mappings: Readonly<Record<string, string>>, test: (type: string, workflow: string) => boolean) =>
  Object.fromEntries(Object.entries(mappings).filter(([type, workflow]) => !test(type, workflow)))

export function mappingOf(call: JiraCall, plan: Plan, type: string) {
  const id = plan.mappings[type]
  if (id === undefined) throw notFound('The issue type is not mapped in the workflow scheme.')
  return ok({ issueType: type, workflow: nameOf(call, id) })
}

/** Issue types per workflow; one of them by name. */
export function workflowMappings(call: JiraCall, plan: Plan, name: string | undefined) {
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

export const setDefault =
  (call: JiraCall) =>
  (plan: Plan): Plan => ({ ...plan, defaultWorkflow: workflowNamed(call, text(bodyOf(call).workflow)).id })
export const unsetDefault =
  (call: JiraCall) =>
  (plan: Plan): Plan => ({
    ...plan,
    defaultWorkflow: call.tables.workflows.all().find((workflow) => workflow.isDefault)?.id ?? plan.defaultWorkflow,
  })
export const setType =
  (call: JiraCall, type: string) =>
  (plan: Plan): Plan => ({
    ...plan,
    mappings: { ...plan.mappings, [type]: workflowNamed(call, text(bodyOf(call).workflow)).id },
  })
export const unsetType =
  (type: string) =>
  (plan: Plan): Plan => ({ ...plan, mappings: without(plan.mappings, (one) => one === type) })
export const setMapping =
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
export const unsetMapping =
  (call: JiraCall, name: string | undefined) =>
  (plan: Plan): Plan => {
    const { id } = workflowNamed(call, text(name))
    return { ...plan, mappings: without(plan.mappings, (_, workflow) => workflow === id) }
  }
