import { created, noContent, ok } from '../../../shared/kernel/reply.ts'
import { type JiraCall, nextId, requireAdmin } from '../context.ts'
import { badRequest, notFound } from '../errors.ts'
import { among, idsOf, pageBean } from '../paging.ts'
import { contextOf } from '../rules/fields/references.ts'
import { completeTask } from '../rules/tasks.ts'
import type { FieldContext, FieldOption } from '../tables.ts'
import { operations } from './define.ts'
import { bodyOf } from './shared.ts'

function contextsOf(call: JiraCall, fieldId: string): FieldContext[] {
  if (!call.tables.customFields.has(fieldId)) throw notFound('The custom field was not found.')
  return call.tables.fieldContexts.where('field', fieldId)
}

function contextNamed(call: JiraCall, fieldId: string, contextId: number): FieldContext {
  const found = contextsOf(call, fieldId).find((context) => context.id === String(contextId))
  if (!found) throw notFound('The custom field context was not found.')
  return found
}

const contextView = ({ id, name, description, projectIds, issueTypeIds }: FieldContext) => ({
  id,
  name,
  description,
  isGlobalContext: projectIds.length === 0,
  isAnyIssueType: issueTypeIds.length === 0,
})

const optionView = ({ id, value, disabled, parentId }: FieldOption) => ({
  id,
  value,
  ...(parentId && { optionId: parentId }),
  disabled,
})

const chosen = (call: JiraCall, fieldId: string) => {
  const ids = idsOf((call.query as { contextId?: number[] }).contextId)
  return contextsOf(call, fieldId).filter((context) => among(ids, context.id))
}

export const contexts = operations({
  getContextsForField(call) {
    requireAdmin(call)
    const { isAnyIssueType, isGlobalContext } = call.query
    const rows = chosen(call, call.params.fieldId)
      .filter((context) => isAnyIssueType === undefined || (context.issueTypeIds.length === 0) === isAnyIssueType)
      .filter((context) => isGlobalContext === undefined || (context.projectIds.length === 0) === isGlobalContext)
    return ok(pageBean(call, rows, contextView))
  },
  createCustomFieldContext(call) {
    requireAdmin(call)
    const siblings = contextsOf(call, call.params.fieldId)
    const { name, description, projectIds, issueTypeIds } = bodyOf(call)
    if (typeof name !== 'string' || name === '') throw badRequest('The name of the context must be provided.')
    const projects = idsOf(projectIds)
    if (projects.some((id) => !call.tables.projects.has(id))) throw notFound('One or more projects were not found.')
    if (
      siblings.some((other) =>
        projects.length === 0 ? other.projectIds.length === 0 : other.projectIds.some((id) => projects.includes(id)),
      )
    ) {
      throw badRequest('One or more of the projects is already associated with another context of this field.')
    }
    const context = call.tables.fieldContexts.insert({
      id: nextId(call, 'fieldContext', 10_100),
      fieldId: call.params.fieldId,
      name,
      description: String(description ?? ''),
      projectIds: projects,
      issueTypeIds: idsOf(issueTypeIds),
    })
    return created({
      id: context.id,
      name,
      description: context.description,
      projectIds: context.projectIds,
      issueTypeIds: context.issueTypeIds,
    })
  },
  updateCustomFieldContext(call) {
    requireAdmin(call)
    const context = contextNamed(call, call.params.fieldId, call.params.contextId)
    const { name, description } = bodyOf(call)
    call.tables.fieldContexts.patch(context.id, {
      name: String(name ?? context.name),
      description: String(description ?? context.description),
    })
    return noContent()
  },
  deleteCustomFieldContext(call) {
    requireAdmin(call)
    const context = contextNamed(call, call.params.fieldId, call.params.contextId)
    for (const option of call.tables.fieldOptions.where('context', context.id))
      call.tables.fieldOptions.remove(option.id)
    call.tables.fieldContexts.remove(context.id)
    return noContent()
  },
  getIssueTypeMappingsForContexts(call) {
    requireAdmin(call)
    const rows = chosen(call, call.params.fieldId).flatMap<object>((context) =>
      context.issueTypeIds.length === 0
        ? [{ contextId: context.id, isAnyIssueType: true }]
        : context.issueTypeIds.map((issueTypeId) => ({ contextId: context.id, issueTypeId })),
    )
    return ok(pageBean(call, rows, (row) => row))
  },
  getProjectContextMapping(call) {
    requireAdmin(call)
    const rows = chosen(call, call.params.fieldId).flatMap<object>((context) =>
      context.projectIds.length === 0
        ? [{ contextId: context.id, isGlobalContext: true }]
        : context.projectIds.map((projectId) => ({ contextId: context.id, projectId })),
    )
    return ok(pageBean(call, rows, (row) => row))
  },
  getCustomFieldContextsForProjectsAndIssueTypes(call) {
    requireAdmin(call)
    contextsOf(call, call.params.fieldId)
    const mappings = (bodyOf(call).mappings ?? []) as { projectId: string; issueTypeId: string }[]
    return ok(
      pageBean(call, mappings, ({ projectId, issueTypeId }) => ({
        projectId,
        issueTypeId,
        contextId: contextOf(call, call.params.fieldId, projectId, issueTypeId)?.id ?? null,
      })),
    )
  },
  addIssueTypesToContext(call) {
    requireAdmin(call)
    const context = contextNamed(call, call.params.fieldId, call.params.contextId)
    call.tables.fieldContexts.patch(context.id, {
      issueTypeIds: [...new Set([...context.issueTypeIds, ...idsOf(bodyOf(call).issueTypeIds)])],
    })
    return noContent()
  },
  removeIssueTypesFromContext(call) {
    requireAdmin(call)
    const context = contextNamed(call, call.params.fieldId, call.params.contextId)
    const gone = idsOf(bodyOf(call).issueTypeIds)
    call.tables.fieldContexts.patch(context.id, {
      issueTypeIds: context.issueTypeIds.filter((id) => !gone.includes(id)),
    })
    return noContent()
  },
  assignProjectsToCustomFieldContext(call) {
    requireAdmin(call)
    const context = contextNamed(call, call.params.fieldId, call.params.contextId)
    call.tables.fieldContexts.patch(context.id, {
      projectIds: [...new Set([...context.projectIds, ...idsOf(bodyOf(call).projectIds)])],
    })
    return noContent()
  },
  removeCustomFieldContextFromProjects(call) {
    requireAdmin(call)
    const context = contextNamed(call, call.params.fieldId, call.params.contextId)
    const gone = idsOf(bodyOf(call).projectIds)
    call.tables.fieldContexts.patch(context.id, { projectIds: context.projectIds.filter((id) => !gone.includes(id)) })
    return noContent()
  },
  getDefaultValues(call) {
    requireAdmin(call)
    const rows = chosen(call, call.params.fieldId).filter((context) => context.defaultValue)
    return ok(pageBean(call, rows, (context) => ({ contextId: context.id, ...context.defaultValue })))
  },
  setDefaultValues(call) {
    requireAdmin(call)
    for (const { contextId, ...defaultValue } of (bodyOf(call).defaultValues ?? []) as { contextId: string }[]) {
      call.tables.fieldContexts.patch(contextNamed(call, call.params.fieldId, Number(contextId)).id, { defaultValue })
    }
    return noContent()
  },

  getOptionsForContext(call) {
    requireAdmin(call)
    const context = contextNamed(call, call.params.fieldId, call.params.contextId)
    const { optionId, onlyOptions } = call.query
    const rows = call.tables.fieldOptions
      .where('context', context.id)
      .filter(
        (option) => optionId === undefined || option.id === String(optionId) || option.parentId === String(optionId),
      )
      .filter((option) => !onlyOptions || option.parentId === undefined)
    return ok(pageBean(call, rows, optionView, 100))
  },
  createCustomFieldOption(call) {
    requireAdmin(call)
    const context = contextNamed(call, call.params.fieldId, call.params.contextId)
    const given = (bodyOf(call).options ?? []) as { value: string; disabled?: boolean; optionId?: string }[]
    const rows = call.tables.fieldOptions.where('context', context.id)
    const options = given.map(({ value, disabled = false, optionId }, at) => {
      if (!value) throw badRequest('The value of an option must be provided.')
      if (rows.some((row) => row.value === value && row.parentId === optionId))
        throw badRequest(`The option value '${value}' already exists.`)
      return call.tables.fieldOptions.insert({
        id: nextId(call, 'fieldOption', 10_019),
        fieldId: context.fieldId,
        contextId: context.id,
        value,
        disabled,
        position: rows.length + at,
        ...(optionId !== undefined && { parentId: String(optionId) }),
      })
    })
    return ok({ options: options.map(optionView) })
  },
  updateCustomFieldOption(call) {
    requireAdmin(call)
    const context = contextNamed(call, call.params.fieldId, call.params.contextId)
    const options = ((bodyOf(call).options ?? []) as { id: string; value?: string; disabled?: boolean }[]).map(
      ({ id, value, disabled }) => {
        const option = call.tables.fieldOptions.get(String(id))
        if (option?.contextId !== context.id) throw notFound('The custom field option was not found.')
        return call.tables.fieldOptions.replace({
          ...option,
          value: value ?? option.value,
          disabled: disabled ?? option.disabled,
        })
      },
    )
    return ok({ options: options.map(optionView) })
  },
  reorderCustomFieldOptions(call) {
    requireAdmin(call)
    const context = contextNamed(call, call.params.fieldId, call.params.contextId)
    const { customFieldOptionIds, after, position } = bodyOf(call)
    const moved = idsOf(customFieldOptionIds)
    const rows = call.tables.fieldOptions.where('context', context.id)
    const rest = rows.filter((row) => !moved.includes(row.id))
    const taken = moved.map((id) => rows.find((row) => row.id === id)).filter((row) => row !== undefined)
    const at =
      after !== undefined
        ? rest.findIndex((row) => row.id === String(after)) + 1
        : position === 'First'
          ? 0
          : rest.length
    rest.splice(at, 0, ...taken)
    for (const [place, row] of rest.entries()) call.tables.fieldOptions.patch(row.id, { position: place })
    return noContent()
  },
  deleteCustomFieldOption(call) {
    requireAdmin(call)
    const context = contextNamed(call, call.params.fieldId, call.params.contextId)
    const option = call.tables.fieldOptions.get(String(call.params.optionId))
    if (option?.contextId !== context.id) throw notFound('The custom field option was not found.')
    const used = call.tables.issues
      .all()
      .some((issue) => JSON.stringify(issue.custom[context.fieldId] ?? null).includes(`"${option.id}"`))
    if (used) throw badRequest('The option is used by issues and cannot be deleted.')
    call.tables.fieldOptions.remove(option.id)
    return noContent()
  },
  replaceCustomFieldOption(call) {
    requireAdmin(call)
    const { fieldId, contextId, optionId } = call.params
    contextNamed(call, fieldId, contextId)
    const { replaceWith } = call.query
    const swap = (value: unknown): unknown => {
      if (value === String(optionId)) return replaceWith === undefined ? null : String(replaceWith)
      return Array.isArray(value) ? value.map(swap).filter((item) => item !== null) : value
    }
    const modifiedIssues: number[] = []
    for (const issue of call.tables.issues.all()) {
      const before = issue.custom[fieldId]
      if (before === undefined || !JSON.stringify(before).includes(`"${optionId}"`)) continue
      call.tables.issues.patch(issue.id, { custom: { ...issue.custom, [fieldId]: swap(before) } })
      modifiedIssues.push(Number(issue.id))
    }
    return completeTask(call, 'Replace custom field option', { modifiedIssues, unmodifiedIssues: [] })
  },
})
