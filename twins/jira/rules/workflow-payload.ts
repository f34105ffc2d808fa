import type { JiraCall } from '../context.ts'
import { text } from '../operations/shared.ts'
import type { WorkflowTransition } from '../tables.ts'

export interface GivenRule {
  readonly ruleKey: string
  readonly parameters?: Record<string, string>
}
export interface GivenTransition {
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
export interface GivenWorkflow {
  readonly id?: string
  readonly name?: string
  readonly description?: string
  readonly statuses?: readonly { readonly statusReference: string }[]
  readonly transitions?: readonly GivenTransition[]
  readonly version?: { readonly versionNumber: number; readonly id: string }
}

export interface GivenStatus {
  readonly id?: string
  readonly statusReference: string
  readonly name: string
  readonly description?: string
  readonly statusCategory: 'TODO' | 'IN_PROGRESS' | 'DONE'
}

/** What is wrong with workflows to be created or updated. */
export function objections(call: JiraCall, workflows: readonly GivenWorkflow[], statuses: readonly GivenStatus[]) {
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
export function resolveStatuses(call: JiraCall, statuses: readonly GivenStatus[]): Map<string, string> {
  return new Map(
    statuses.map(({ id, statusReference, name, description, statusCategory }) => {
      const known = (id && call.tables.statuses.get(id)) || call.tables.statuses.get(statusReference)
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

export function transitionsFrom(
  given: readonly GivenTransition[],
  ids: ReadonlyMap<string, string>,
): WorkflowTransition[] {
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

export interface GivenPayload {
  readonly workflows?: readonly GivenWorkflow[]
  readonly statuses?: readonly GivenStatus[]
}
