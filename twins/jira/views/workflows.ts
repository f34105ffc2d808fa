import { type JiraCall, reader, self, shown } from '../context.ts'
import { isActive, projectsWith, schemesWith } from '../rules/workflow-usage.ts'
import type { Workflow, WorkflowTransition } from '../tables.ts'

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

export function oldView(call: JiraCall, workflow: Workflow, expand: readonly string[]) {
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
        name: call.tables.statuses.get(id)?.name,
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
export function newView(workflow: Workflow, withTransitions = true) {
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

export const statusBeans = (call: JiraCall, workflows: readonly Workflow[]) =>
  [...new Set(workflows.flatMap((workflow) => workflow.statusIds))]
    .map((id) => call.tables.statuses.get(id))
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
