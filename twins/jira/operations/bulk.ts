import { ServiceError } from '../../../shared/kernel/dialect.ts'
import { created, ok } from '../../../shared/kernel/reply.ts'
import { type JiraCall, reader, requireAdmin, signedIn } from '../context.ts'
import { badRequest, forbidden, notFound } from '../errors.ts'
import { idsOf } from '../paging.ts'
import { isObject } from '../rules/fields/values.ts'
import { editIssue } from '../rules/issues/edit.ts'
import { lookUp, projectOf } from '../rules/issues/find.ts'
import { removeIssue } from '../rules/issues/remove.ts'
import { availableTransitions, transitionIssue } from '../rules/issues/transition.ts'
import { can, canGlobally, canSee } from '../rules/permissions.ts'
import { completeTask, doneTask, insertTask } from '../rules/tasks.ts'
import type { Issue } from '../tables.ts'
import { statusView } from '../views/configuration.ts'
import { editMeta } from '../views/fields.ts'
import { operations } from './define.ts'
import { bodyOf, writer } from './shared.ts'

const LIMIT = 1000

/** Issues of a bulk request: those the caller can see, and how many it cannot. */
function selected(call: JiraCall, value: unknown): { issues: Issue[]; invalid: number } {
  const names = idsOf(value)
  if (names.length === 0) throw badRequest('At least one issue must be selected.')
  if (names.length > LIMIT) throw badRequest(`The number of issues must not exceed ${LIMIT}.`)
  const issues = names
    .map((name) => lookUp(call, name))
    .filter((issue) => issue && canSee(call, call.caller.user, issue)) as Issue[]
  return { issues, invalid: names.length - issues.length }
}

/** Runs a change over issues and files the outcome as a task; a refusal of one issue does not stop the others. */
function submit(call: JiraCall, kind: string, value: unknown, work: (issue: Issue) => void) {
  const user = signedIn(call)
  if (!canGlobally(call, user, 'BULK_CHANGE')) throw forbidden('You do not have permission to make bulk changes.')
  const { issues, invalid } = selected(call, value)
  const processed: string[] = []
  const failed: Record<string, string[]> = {}
  for (const { id } of issues) {
    try {
      const now = call.tables.issues.get(id)
      if (now) work(now)
      processed.push(id)
    } catch (error) {
      if (!(error instanceof ServiceError)) throw error
      const body = error.reply.body as { errorMessages?: string[]; errors?: Record<string, string> }
      failed[id] = [...(body.errorMessages ?? []), ...Object.values(body.errors ?? {})]
    }
  }
  const task = insertTask(call, {
    kind: 'bulk',
    description: kind,
    status: 'COMPLETE',
    progress: 100,
    started: call.now,
    finished: call.now,
    total: issues.length + invalid,
    processed,
    failed,
    invalid,
  })
  return created({ taskId: task.id })
}

/** A bulk edit as ordinary `fields` and `update`: the lists carry an option for how to merge. */
function editOf(given: Record<string, unknown>): { fields: Record<string, unknown>; update: Record<string, unknown> } {
  const fields: Record<string, unknown> = {}
  const update: Record<string, unknown> = {}
  const rows = (value: unknown) => (Array.isArray(value) ? value : value === undefined ? [] : [value]).filter(isObject)
  if (isObject(given.priority)) fields.priority = { id: String(given.priority.priorityId) }
  if (isObject(given.issueType)) fields.issuetype = { id: String(given.issueType.issueTypeId) }
  for (const row of rows(given.labelsFields)) {
    const labels = rows(row.labels).map((label) => label.name)
    const id = String(row.fieldId)
    const option = row.bulkEditMultiSelectFieldOption
    if (option === 'REPLACE' || option === 'REMOVE_ALL') fields[id] = option === 'REPLACE' ? labels : []
    else update[id] = labels.map((label) => ({ [option === 'REMOVE' ? 'remove' : 'add']: label }))
  }
  for (const row of rows(given.singleLineTextFields)) fields[String(row.fieldId)] = row.text
  for (const row of rows(given.numberFields ?? given.clearableNumberFields)) fields[String(row.fieldId)] = row.value
  for (const row of rows(given.singleSelectClearableUserPickerFields))
    fields[String(row.fieldId)] = isObject(row.user) ? { accountId: row.user.accountId } : null
  for (const row of rows(given.datePickerFields))
    fields[String(row.fieldId)] = isObject(row.date) ? row.date.formattedDate : null
  for (const row of rows(given.singleSelectFields))
    fields[String(row.fieldId)] = isObject(row.option) ? { id: String(row.option.optionId) } : null
  return { fields, update }
}

const watch = (call: JiraCall, watching: boolean) => {
  const { accountId } = signedIn(call)
  return submit(call, watching ? 'Bulk watch' : 'Bulk unwatch', bodyOf(call).selectedIssueIdsOrKeys, (issue) => {
    const rest = issue.watchers.filter((id) => id !== accountId)
    call.tables.issues.patch(issue.id, { watchers: watching ? [...rest, accountId] : rest })
  })
}

/** Issues a bulk property call means: by ids, or with a property of some value. */
function filtered(call: JiraCall, filter: unknown): Issue[] {
  const { entityIds, currentValue, hasProperty } = (isObject(filter) ? filter : {}) as {
    entityIds?: unknown
    currentValue?: unknown
    hasProperty?: boolean
  }
  const ids = idsOf(entityIds)
  const key = (call.params as { propertyKey: string }).propertyKey
  return call.tables.issues.all().filter((issue) => {
    const property = call.tables.properties.get(`issue/${issue.id}/${key}`)
    if (ids.length > 0 && !ids.includes(issue.id)) return false
    if (hasProperty !== undefined && hasProperty !== (property !== undefined)) return false
    if (currentValue !== undefined && JSON.stringify(property?.value) !== JSON.stringify(currentValue)) return false
    return can(call, call.caller.user, 'EDIT_ISSUES', projectOf(call, issue), issue)
  })
}

const put = (call: JiraCall, entityId: string, key: string, value: unknown) =>
  call.tables.properties.put({ kind: 'issue', entityId, key, value })

export const bulk = operations({
  submitBulkDelete: (call) =>
    submit(call, 'Bulk delete', bodyOf(call).selectedIssueIdsOrKeys, (issue) => {
      if (!can(call, call.caller.user, 'DELETE_ISSUES', projectOf(call, issue), issue))
        throw forbidden('You do not have permission to delete issues in this project.')
      removeIssue(call, call.caller.user, issue, true)
    }),
  submitBulkWatch: (call) => watch(call, true),
  submitBulkUnwatch: (call) => watch(call, false),
  submitBulkTransition(call) {
    const { bulkTransitionInputs } = bodyOf(call)
    const inputs = (Array.isArray(bulkTransitionInputs) ? bulkTransitionInputs : []).filter(isObject)
    const by = new Map(
      inputs.flatMap(({ selectedIssueIdsOrKeys, transitionId }) =>
        idsOf(selectedIssueIdsOrKeys).map((name) => [lookUp(call, name)?.id, transitionId] as const),
      ),
    )
    return submit(
      call,
      'Bulk transition',
      inputs.flatMap((input) => idsOf(input.selectedIssueIdsOrKeys)),
      (issue) => transitionIssue(writer(call), issue, { transition: { id: by.get(issue.id) } }),
    )
  },
  submitBulkEdit(call) {
    const { selectedActions, editedFieldsInput, selectedIssueIdsOrKeys } = bodyOf(call)
    if (idsOf(selectedActions).length === 0) throw badRequest('At least one field must be selected.')
    const edit = editOf(isObject(editedFieldsInput) ? editedFieldsInput : {})
    return submit(call, 'Bulk edit', selectedIssueIdsOrKeys, (issue) => editIssue(writer(call), issue, edit))
  },
  submitBulkMove(call) {
    const { targetToSourcesMapping } = bodyOf(call)
    const sources = Object.entries(isObject(targetToSourcesMapping) ? targetToSourcesMapping : {}).flatMap(
      ([target, source]) =>
        idsOf(isObject(source) ? source.issueIdsOrKeys : undefined).map((name) => ({ target, name })),
    )
    const by = new Map(sources.map(({ target, name }) => [lookUp(call, name)?.id, target] as const))
    return submit(
      call,
      'Bulk move',
      sources.map(({ name }) => name),
      (issue) => move(call, issue, by.get(issue.id) ?? ''),
    )
  },
  getBulkEditableFields(call) {
    const { issues } = selected(call, call.query.issueIdsOrKeys)
    const metas = issues.map((issue) => editMeta(reader(call), issue, projectOf(call, issue)))
    const [first = {}] = metas
    const shared = Object.entries(first).filter(([id]) => metas.every((meta) => id in meta))
    return ok({
      fields: shared.map(([id, meta]) => ({
        id,
        ...bulkField(meta as { name: string; required: boolean; schema?: { type: string; custom?: string } }),
      })),
    })
  },
  getAvailableTransitions(call) {
    const { issues } = selected(call, call.query.issueIdsOrKeys)
    const groups = new Map<string, Issue[]>()
    for (const issue of issues) {
      const key = availableTransitions(writer(call), issue)
        .map((transition) => transition.id)
        .join()
      groups.set(key, [...(groups.get(key) ?? []), issue])
    }
    const availableTransitions_ = [...groups.values()].map((rows) => ({
      issues: rows.map((issue) => issue.key),
      isTransitionsFiltered: false,
      transitions: availableTransitions(writer(call), rows[0] as Issue).map((transition) => {
        const to = call.tables.statuses.get(transition.to)
        return {
          transitionId: Number(transition.id),
          transitionName: transition.name,
          to: to && { statusId: Number(to.id), statusName: statusView(reader(call), to).name },
        }
      }),
    }))
    return ok({ availableTransitions: availableTransitions_ })
  },
  getBulkOperationProgress(call) {
    const me = signedIn(call)
    const task = call.tables.tasks.get(call.params.taskId)
    if (task?.kind !== 'bulk' || task.submittedBy !== me.accountId)
      throw notFound(`The task with id ${call.params.taskId} does not exist.`)
    return ok({
      taskId: task.id,
      status: task.status,
      progressPercent: task.progress,
      submittedBy: { accountId: task.submittedBy },
      created: task.submitted,
      started: task.started,
      updated: task.updated,
      totalIssueCount: task.total,
      processedAccessibleIssues: (task.processed ?? []).map(Number),
      failedAccessibleIssues: task.failed ?? {},
      invalidOrInaccessibleIssueCount: task.invalid ?? 0,
    })
  },

  bulkSetIssueProperty(call) {
    const { value, filter } = bodyOf(call)
    if (value === undefined) throw badRequest('The property value must be provided.')
    for (const issue of filtered(call, filter)) put(call, issue.id, call.params.propertyKey, value)
    return completeTask(call, `Set property ${call.params.propertyKey}`)
  },
  bulkDeleteIssueProperty(call) {
    for (const issue of filtered(call, bodyOf(call)))
      call.tables.properties.remove(`issue/${issue.id}/${call.params.propertyKey}`)
    return completeTask(call, `Delete property ${call.params.propertyKey}`)
  },
  bulkSetIssuesPropertiesList(call) {
    const { entitiesIds, properties } = bodyOf(call)
    const rows = Object.entries(isObject(properties) ? properties : {})
    if (rows.length === 0 || rows.length > 10) throw badRequest('The number of properties must be between 1 and 10.')
    for (const id of idsOf(entitiesIds))
      if (call.tables.issues.has(id)) for (const [key, value] of rows) put(call, id, key, value)
    return completeTask(call, 'Set issue properties')
  },
  bulkSetIssuePropertiesByIssue(call) {
    for (const { issueID, properties } of (bodyOf(call).issues ?? []) as {
      issueID?: number
      properties?: Record<string, unknown>
    }[]) {
      if (!call.tables.issues.has(String(issueID))) continue
      for (const [key, value] of Object.entries(properties ?? {})) put(call, String(issueID), key, value)
    }
    return completeTask(call, 'Set issue properties')
  },

  bulkPinUnpinProjectsAsync(call) {
    requireAdmin(call)
    const task = doneTask(call, 'Pin issue panel')
    return { status: 202, body: { taskId: task.id } }
  },
})

/** Moves an issue to `PROJECT,issueTypeId[,parent]`: a new key there; the old one keeps leading to it. */
function move(call: JiraCall, issue: Issue, target: string): void {
  const [name = '', typeId = ''] = target.split(',')
  const project = call.tables.projects.by('key', name) ?? call.tables.projects.get(name)
  if (!project || !can(call, call.caller.user, 'CREATE_ISSUES', project))
    throw badRequest('The target project does not exist or you do not have permission to create issues in it.')
  if (!can(call, call.caller.user, 'MOVE_ISSUES', projectOf(call, issue), issue))
    throw badRequest('You do not have permission to move issues in this project.')
  if (!call.tables.issueTypes.has(typeId)) throw badRequest('The target issue type does not exist.')
  const number = project.nextNumber
  call.tables.projects.patch(project.id, { nextNumber: number + 1 })
  call.tables.issues.patch(issue.id, {
    projectId: project.id,
    typeId,
    number,
    key: `${project.key}-${number}`,
    formerKeys: [...issue.formerKeys, issue.key],
    componentIds: [],
    fixVersionIds: [],
    affectedVersionIds: [],
    updated: call.now,
  })
}

const bulkField = ({
  name,
  required,
  schema,
}: {
  name: string
  required: boolean
  schema?: { type: string; custom?: string }
}) => ({
  name,
  type: schema?.custom ?? schema?.type ?? 'any',
  isRequired: required,
  description: '',
  searchUrl: '',
  fieldOptions: [],
})
