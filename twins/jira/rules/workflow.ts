import { groupIdsOf, type Site } from '../context.ts'
import type { Issue, Project, User, Workflow, WorkflowRule, WorkflowTransition } from '../tables.ts'
import { fieldOf, isUnset } from './fields/registry.ts'
import { can, inRole } from './permissions.ts'

/** The workflow an issue type follows in a project. */
export function workflowOf(site: Site, project: Project, typeId: string): Workflow {
  const scheme = site.tables.workflowSchemes.get(project.schemes.workflow)
  const id = scheme?.mappings[typeId] ?? scheme?.defaultWorkflow ?? ''
  const workflow = site.tables.workflows.get(id) ?? site.tables.workflows.all().find((candidate) => candidate.isDefault)
  if (!workflow) throw new Error(`Workflow ${id} of project ${project.key} is missing`)
  return workflow
}

/** The status new issues start in. */
export const initialStatus = (workflow: Workflow): string =>
  workflow.transitions.find((transition) => transition.type === 'INITIAL')?.to ?? (workflow.statusIds[0] as string)

/** Transitions that lead out of a status, in the order of their ids. */
export const transitionsFrom = (workflow: Workflow, statusId: string): WorkflowTransition[] =>
  workflow.transitions.filter(
    ({ type, from }) => type === 'GLOBAL' || (type === 'DIRECTED' && (from.length === 0 || from.includes(statusId))),
  )

/** Whether a transition's conditions let a user take it. */
export function isAvailable(
  site: Site,
  user: User | undefined,
  project: Project,
  issue: Issue,
  transition: WorkflowTransition,
): boolean {
  if (!can(site, user, 'TRANSITION_ISSUES', project, issue)) return false
  return (transition.conditions ?? []).every((rule) => passes(site, user, project, issue, rule))
}

const listOf = (text: string | undefined): string[] =>
  text
    ? text
        .split(',')
        .map((part) => part.trim())
        .filter(Boolean)
    : []

function passes(
  site: Site,
  user: User | undefined,
  project: Project,
  issue: Issue,
  { ruleKey, parameters = {} }: WorkflowRule,
): boolean {
  switch (ruleKey) {
    case 'system:restrict-issue-transition':
      return !!user && allowedBy(site, user, project, issue, parameters)
    case 'system:restrict-from-all-users':
      return false
    case 'system:previous-status-condition':
      return beenIn(site, issue, listOf(parameters.previousStatusIds))
    case 'system:parent-or-child-blocking-condition': {
      const wanted = listOf(parameters.statusIds)
      return site.tables.issues.where('parent', issue.id).every((child) => wanted.includes(child.statusId))
    }
    default:
      return true
  }
}

/** `accountIds` may hold `allow-assignee` and `allow-reporter` beside ids. */
function allowedBy(
  site: Site,
  user: User,
  project: Project,
  issue: Issue,
  parameters: Readonly<Record<string, string>>,
): boolean {
  const accounts = listOf(parameters.accountIds)
  return (
    accounts.includes(user.accountId) ||
    (accounts.includes('allow-assignee') && issue.assigneeId === user.accountId) ||
    (accounts.includes('allow-reporter') && issue.reporterId === user.accountId) ||
    listOf(parameters.roleIds).some((id) => inRole(site, user, project.id, Number(id))) ||
    listOf(parameters.groupIds).some((id) => groupIdsOf(site, user.accountId).includes(id)) ||
    listOf(parameters.permissionKeys).some((key) => can(site, user, key, project, issue))
  )
}

const beenIn = (site: Site, issue: Issue, statusIds: readonly string[]) =>
  site.tables.changes
    .where('issue', issue.id)
    .some((change) =>
      change.items.some((item) => item.field === 'status' && item.from !== null && statusIds.includes(item.from)),
    )

/** What the validators of a transition object to: messages, and messages by field. */
export function validate(
  site: Site,
  user: User | undefined,
  project: Project,
  issue: Issue,
  transition: WorkflowTransition,
) {
  const messages: string[] = []
  const errors: Record<string, string> = {}
  for (const { ruleKey, parameters = {} } of transition.validators ?? []) {
    if (ruleKey === 'system:validate-field-value' && parameters.ruleType === 'fieldRequired') {
      for (const id of listOf(parameters.fieldsRequired)) {
        const field = fieldOf(site, id)
        if (field && isUnset(field, issue)) errors[id] = parameters.errorMessage ?? `${field.name} is required.`
      }
    } else if (ruleKey === 'system:check-permission-validator' && parameters.permissionKey) {
      if (!can(site, user, parameters.permissionKey, project, issue)) {
        messages.push(`You do not have the ${parameters.permissionKey} permission.`)
      }
    } else if (ruleKey === 'system:previous-status-validator') {
      const wanted = listOf(parameters.previousStatusIds)
      if (!beenIn(site, issue, wanted))
        messages.push('The issue must have been in a previous status before it can be transitioned.')
    }
  }
  return { messages, errors }
}

/** What the actions of a transition change, after the status. */
export function actionsOf(
  user: User | undefined,
  issue: Issue,
  project: Project,
  transition: WorkflowTransition,
): Partial<Issue> {
  let change: Partial<Issue> = {}
  for (const { ruleKey, parameters = {} } of transition.actions ?? []) {
    if (ruleKey === 'system:change-assignee') {
      const who = {
        'to-current-user': user?.accountId,
        'to-reporter': issue.reporterId,
        'to-lead': project.leadId,
        'to-unassigned': null,
      }
      const next = who[parameters.type as keyof typeof who]
      if (next !== undefined) change = { ...change, assigneeId: next }
    } else if (ruleKey === 'system:update-field' && parameters.field === 'resolution') {
      change = { ...change, resolutionId: parameters.value || null }
    } else if (ruleKey === 'system:update-field' && parameters.field === 'assignee') {
      change = { ...change, assigneeId: parameters.value || null }
    }
  }
  return change
}
