import { nextId, type Site } from '../../context.ts'
import { type FieldErrors, fieldErrors, refusal } from '../../errors.ts'
import type { FieldContext, Issue, IssueType, Project, User } from '../../tables.ts'
import { findProject } from '../fields/references.ts'
import { fieldsOn, isRequired, isUnset } from '../fields/registry.ts'
import type { Field } from '../fields/types.ts'
import { isObject } from '../fields/values.ts'
import { can } from '../permissions.ts'
import { prioritySchemeOf, standardPriority } from '../priority-schemes.ts'
import { rankBetween } from '../rank.ts'
import { initialStatus, workflowOf } from '../workflow.ts'
import { runDeferred } from './deferred.ts'
import { permitted, readFields } from './fields.ts'
import { lookUp } from './find.ts'

export interface CreateRequest {
  readonly fields?: unknown
  readonly update?: unknown
  readonly properties?: unknown
}

export interface Writer {
  readonly site: Site
  readonly user: User | undefined
  readonly api: '2' | '3'
}

/**
 * Creates an issue: project, then type, then all other fields with all their errors at once; nothing is written when
 * there is one.
 *
 * @throws 400 `{errors: {project: 'Specify a valid project ID or key'}}` and the like, by field
 */
export function createIssue(writer: Writer, request: CreateRequest): Issue {
  const { site, user } = writer
  const fields = isObject(request.fields) ? request.fields : {}
  const project = isObject(fields.project) ? findProject(site, fields.project) : undefined
  if (!project || project.archived) throw fieldErrors({ project: 'Specify a valid project ID or key' })
  if (!can(site, user, 'CREATE_ISSUES', project)) {
    throw fieldErrors({ project: 'You do not have permission to create issues in this project.' })
  }
  const type = issueTypeOf(site, project, fields.issuetype)
  const errors: Record<string, string> = {}
  const parentId = parentOf(site, project, type, fields.parent, errors)
  const draft = draftOf(writer, project, type, parentId)
  const screen = new Set(fieldsOn(site, project, type.id, 'create').map((field) => field.id))
  const allows = (field: Field) => screen.has(field.id) && permitted(site, user, project, field)
  const target = { ...writer, project, typeId: type.id, issue: draft, creating: true, allows }
  const written = readFields(target, fields, request.update)
  Object.assign(errors, written.errors)
  const issue = withDefaults(site, project, { ...draft, ...written.change }, fields)
  Object.assign(errors, missing(site, project, issue, fields, errors))
  Object.assign(errors, assigneeError(site, project, issue))
  if (Object.keys(errors).length > 0) throw fieldErrors(errors)
  const made = insert(site, user, issue)
  runDeferred(writer, made, written.deferred)
  for (const property of Array.isArray(request.properties) ? request.properties : []) {
    site.tables.properties.put({ kind: 'issue', entityId: made.id, key: String(property.key), value: property.value })
  }
  return site.tables.issues.get(made.id) as Issue
}

/** Types a project's issues may have. */
export function typesOf(site: Site, project: Project): IssueType[] {
  const scheme = site.tables.issueTypeSchemes.get(project.schemes.issueType)
  return (scheme?.issueTypeIds ?? []).map((id) => site.tables.issueTypes.get(id)).filter((type) => type !== undefined)
}

function issueTypeOf(site: Site, project: Project, value: unknown): IssueType {
  if (!isObject(value)) throw fieldErrors({ issuetype: 'Specify an issue type' })
  const types = typesOf(site, project)
  const type =
    value.id !== undefined
      ? types.find((candidate) => candidate.id === String(value.id))
      : types.find((candidate) => candidate.name.toLowerCase() === String(value.name ?? '').toLowerCase())
  if (!type) throw fieldErrors({ issuetype: 'Specify a valid issue type' })
  return type
}

/** Checks the hierarchy: sub-tasks need a parent of their project, others a parent one level up. */
export function parentOf(
  site: Site,
  project: Project,
  type: IssueType,
  value: unknown,
  errors: Record<string, string>,
): string | null {
  const subtask = type.hierarchyLevel < 0
  if (!isObject(value) || (value.id === undefined && value.key === undefined)) {
    if (subtask) errors.issuetype = 'Issue type is a sub-task but parent issue key or id not specified.'
    return null
  }
  const parent = lookUp(site, String(value.id ?? value.key))
  if (!parent) {
    errors.parent = 'Could not find issue by id or key.'
    return null
  }
  const level = site.tables.issueTypes.get(parent.typeId)?.hierarchyLevel ?? 0
  if (level !== type.hierarchyLevel + 1)
    errors.parentId = 'Given parent work item does not belong to appropriate hierarchy.'
  else if (subtask && parent.projectId !== project.id)
    errors.project = 'Sub-tasks must be created in the same project as the parent.'
  return parent.id
}

function draftOf({ site, user }: Writer, project: Project, type: IssueType, parentId: string | null): Issue {
  const [last] = [...site.tables.issues.scan('rank', { reverse: true }).take(1)]
  return {
    id: '0',
    projectId: project.id,
    number: project.nextNumber,
    key: `${project.key}-${project.nextNumber}`,
    formerKeys: [],
    typeId: type.id,
    statusId: initialStatus(workflowOf(site, project, type.id)),
    summary: '',
    description: null,
    environment: null,
    priorityId: null,
    resolutionId: null,
    resolved: null,
    assigneeId: null,
    reporterId: user?.accountId ?? null,
    creatorId: user?.accountId ?? null,
    labels: [],
    componentIds: [],
    fixVersionIds: [],
    affectedVersionIds: [],
    dueDate: null,
    parentId,
    securityId: null,
    originalEstimate: null,
    remainingEstimate: null,
    timeSpent: null,
    created: site.now,
    updated: site.now,
    statusCategoryChanged: site.now,
    rank: rankBetween(last?.rank, undefined),
    watchers: user ? [user.accountId] : [],
    voters: [],
    custom: {},
  }
}

/** Values Jira fills in: priority, assignee, security level, the defaults of custom fields. */
function withDefaults(site: Site, project: Project, issue: Issue, given: Readonly<Record<string, unknown>>): Issue {
  const standard = standardPriority(site, prioritySchemeOf(site, project)) ?? null
  const level = site.tables.securitySchemes
    .get(project.schemes.security ?? '')
    ?.levels.find((candidate) => candidate.isDefault)
  return {
    ...issue,
    priorityId: issue.priorityId ?? standard,
    assigneeId:
      given.assignee === undefined || issue.assigneeId === '-1'
        ? automaticAssignee(site, project, issue)
        : issue.assigneeId,
    securityId: given.security === undefined ? (level?.id ?? null) : issue.securityId,
    custom: { ...customDefaults(site, project, issue), ...issue.custom },
  }
}

/** Component lead, project lead or nobody. */
export function automaticAssignee(site: Site, project: Project, issue: Issue): string | null {
  for (const id of issue.componentIds) {
    const component = site.tables.components.get(id)
    if (component?.assigneeType === 'COMPONENT_LEAD' && component.leadId) return component.leadId
    if (component?.assigneeType === 'PROJECT_LEAD') return project.leadId
    if (component?.assigneeType === 'UNASSIGNED') return null
  }
  return project.assigneeType === 'PROJECT_LEAD' ? project.leadId : null
}

function customDefaults(site: Site, project: Project, issue: Issue): Record<string, unknown> {
  const defaults: Record<string, unknown> = {}
  for (const context of site.tables.fieldContexts.all()) {
    if (context.defaultValue && matches(context, project.id, issue.typeId)) {
      defaults[context.fieldId] = storedDefault(context.defaultValue as Record<string, unknown>)
    }
  }
  return defaults
}

const matches = (context: FieldContext, projectId: string, typeId: string) =>
  (context.projectIds.length === 0 || context.projectIds.includes(projectId)) &&
  (context.issueTypeIds.length === 0 || context.issueTypeIds.includes(typeId))

/** The default of a context, as `context/defaultValue` takes it, in stored form. */
function storedDefault(value: Record<string, unknown>): unknown {
  if (value.type === 'option.cascading') {
    return { parent: value.optionId, ...(value.cascadingOptionId ? { child: value.cascadingOptionId } : {}) }
  }
  return (
    value.optionIds ??
    value.optionId ??
    value.accountIds ??
    value.accountId ??
    value.number ??
    value.text ??
    value.labels ??
    value.url ??
    value.date ??
    null
  )
}

function missing(
  site: Site,
  project: Project,
  issue: Issue,
  given: Readonly<Record<string, unknown>>,
  found: FieldErrors,
): FieldErrors {
  const errors: Record<string, string> = {}
  for (const field of fieldsOn(site, project, issue.typeId, 'create')) {
    if (!isRequired(site, field, project, issue.typeId) || field.id === 'issuetype' || field.id in found) continue
    if (field.id === 'summary' && given.summary === undefined)
      errors.summary = 'You must specify a summary of the issue.'
    else if (field.id !== 'summary' && isUnset(field, issue)) errors[field.id] = `${field.name} is required.`
  }
  return errors
}

/** The message for somebody issues of the project cannot be assigned to. */
export function assigneeError(site: Site, project: Project, issue: Pick<Issue, 'assigneeId'>): FieldErrors {
  if (!issue.assigneeId || issue.assigneeId === '-1') return {}
  const assignee = site.tables.users.get(issue.assigneeId)
  if (assignee?.active && can(site, assignee, 'ASSIGNABLE_USER', project)) return {}
  return { assignee: `User '${issue.assigneeId}' cannot be assigned issues.` }
}

function insert(site: Site, user: User | undefined, issue: Issue): Issue {
  site.tables.projects.patch(issue.projectId, { nextNumber: issue.number + 1 })
  const made = site.tables.issues.insert({ ...issue, id: nextId(site, 'issue') })
  site.emit({
    type: 'jira:issue_created',
    issueId: made.id,
    accountId: user?.accountId ?? null,
    eventType: 'issue_created',
  })
  return made
}

/** The refusal of a request without a body. */
export const noPayload = () => refusal(400, 'No Issue Create payload supplied')
