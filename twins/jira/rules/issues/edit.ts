import type { Site } from '../../context.ts'
import { badRequest, fieldErrors, forbidden } from '../../errors.ts'
import type { Issue, User } from '../../tables.ts'
import { fieldConfiguration, fieldsOn, isRequired, isUnset } from '../fields/registry.ts'
import type { Field } from '../fields/types.ts'
import { isObject } from '../fields/values.ts'
import { can } from '../permissions.ts'
import { assigneeError, automaticAssignee, parentOf, typesOf, type Writer } from './create.ts'
import { runDeferred } from './deferred.ts'
import { notOnScreen, permitted, readFields } from './fields.ts'
import { projectOf } from './find.ts'
import { saveIssue } from './save.ts'

export interface EditRequest {
  readonly fields?: unknown
  readonly update?: unknown
  readonly properties?: unknown
  readonly historyMetadata?: unknown
}

/**
 * Edits an issue. Edit screens do not matter; permission, context and hidden fields do. All or nothing.
 *
 * @throws 400 with one message per field
 */
export function editIssue(writer: Writer, issue: Issue, request: EditRequest): Issue {
  const { site, user } = writer
  if (request.fields === undefined && request.update === undefined && request.properties === undefined) {
    throw badRequest("one of 'fields' or 'update' required")
  }
  const project = projectOf(site, issue)
  if (issue.archived || project.archived) throw forbidden('The issue is archived and cannot be edited.')
  const editable = can(site, user, 'EDIT_ISSUES', project, issue)
  const hidden = (field: Field) => fieldConfiguration(site, field, project, issue.typeId)?.isHidden === true
  const ownRight = (field: Field) => field.id === 'assignee' && can(site, user, 'ASSIGN_ISSUES', project, issue)
  const allows = (field: Field) =>
    (editable || ownRight(field)) && !hidden(field) && permitted(site, user, project, field, issue)
  const target = { ...writer, project, typeId: issue.typeId, issue, creating: false, allows }
  const { change, errors, deferred } = readFields(target, request.fields, request.update)
  const moved = editable ? placement(site, issue, request, errors) : refused(request, errors)
  const after: Issue = { ...issue, ...change, ...moved }
  const assigned = after.assigneeId === '-1' ? { assigneeId: automaticAssignee(site, project, after) } : {}
  if (change.assigneeId !== undefined) Object.assign(errors, assigneeError(site, project, { ...after, ...assigned }))
  Object.assign(errors, emptied(site, issue, after))
  if (Object.keys(errors).length > 0) throw fieldErrors(errors)
  const metadata = isObject(request.historyMetadata) ? { historyMetadata: request.historyMetadata } : {}
  const saved = saveIssue(site, user, issue, { ...change, ...moved, ...assigned }, metadata)
  runDeferred(writer, saved, deferred)
  for (const property of Array.isArray(request.properties) ? request.properties : []) {
    site.tables.properties.put({ kind: 'issue', entityId: issue.id, key: String(property.key), value: property.value })
  }
  return site.tables.issues.get(issue.id) as Issue
}

/** Type and parent: what changes where an issue belongs. */
function placement(
  site: Site,
  issue: Issue,
  { fields, update }: EditRequest,
  errors: Record<string, string>,
): Partial<Issue> {
  const given = isObject(fields) ? fields : {}
  const project = projectOf(site, issue)
  let change: Partial<Issue> = {}
  const wanted = given.issuetype
  if (isObject(wanted)) {
    const type = typesOf(site, project).find((t) =>
      wanted.id !== undefined ? t.id === String(wanted.id) : t.name.toLowerCase() === String(wanted.name).toLowerCase(),
    )
    const now = site.tables.issueTypes.get(issue.typeId)
    if (!type || type.hierarchyLevel < 0 !== (now?.hierarchyLevel ?? 0) < 0) {
      errors.issuetype = 'The issue type selected is invalid.'
    } else change = { typeId: type.id }
  }
  const verbs = isObject(update) && Array.isArray(update.parent) ? update.parent : []
  const [verb] = verbs.map((operation) => (isObject(operation) ? operation.set : undefined))
  const parent = 'parent' in given ? given.parent : verb
  if (parent === undefined) return change
  const type = site.tables.issueTypes.get(change.typeId ?? issue.typeId)
  if (!type) return change
  if (parent === null || (isObject(parent) && parent.none === true)) {
    if (type.hierarchyLevel < 0) errors.parent = 'Sub-tasks must have a parent.'
    return { ...change, parentId: null }
  }
  return { ...change, parentId: parentOf(site, project, type, parent, errors) }
}

function refused({ fields }: EditRequest, errors: Record<string, string>): Partial<Issue> {
  for (const id of ['issuetype', 'parent']) if (isObject(fields) && id in fields) errors[id] = notOnScreen(id)
  return {}
}

/** Required fields may not be emptied. */
function emptied(site: Site, before: Issue, after: Issue): Record<string, string> {
  const errors: Record<string, string> = {}
  const project = projectOf(site, before)
  for (const field of fieldsOn(site, project, before.typeId, 'edit')) {
    if (!isRequired(site, field, project, before.typeId) || isUnset(field, before) || !isUnset(field, after)) continue
    errors[field.id] = `${field.name} is required.`
  }
  return errors
}

/** Sets the assignee, `-1` for the automatic one. */
export function assign(site: Site, user: User | undefined, issue: Issue, accountId: string | null): Issue {
  const project = projectOf(site, issue)
  const assigneeId = accountId === '-1' ? automaticAssignee(site, project, issue) : accountId
  return saveIssue(site, user, issue, { assigneeId }, { event: 'issue_assigned' })
}
