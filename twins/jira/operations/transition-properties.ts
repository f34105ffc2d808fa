import { noContent, ok } from '../../../shared/kernel/reply.ts'
import { type JiraCall, requireAdmin } from '../context.ts'
import { badRequest, notFound } from '../errors.ts'
import { saveWorkflow } from '../rules/workflow-history.ts'
import { isActive } from '../rules/workflow-usage.ts'
import type { Workflow, WorkflowTransition } from '../tables.ts'
import { operations } from './define.ts'
import { bodyOf, text } from './shared.ts'

interface At {
  readonly workflow: Workflow
  readonly transition: WorkflowTransition
}

/** The transition that path and query name. Workflows have no drafts of their own on Cloud. */
function transitionAt(call: JiraCall): At {
  requireAdmin(call)
  const { transitionId } = call.params as { transitionId: number }
  const { workflowName, workflowMode } = call.query as { workflowName: string; workflowMode?: string }
  const workflow = workflowMode === 'draft' ? undefined : call.tables.workflows.where('name', workflowName)[0]
  if (!workflow) throw notFound(`The workflow '${workflowName}' does not exist.`)
  const transition = workflow.transitions.find(({ id }) => id === String(transitionId))
  if (!transition) throw notFound(`The transition with id ${transitionId} was not found.`)
  return { workflow, transition }
}

/** The same, where it may be edited: active and built-in workflows may not. */
function editableAt(call: JiraCall): At {
  const at = transitionAt(call)
  if (at.workflow.isDefault || isActive(call, at.workflow)) throw badRequest('Active workflows cannot be edited.')
  return at
}

function save(call: JiraCall, { workflow, transition }: At, properties: Readonly<Record<string, string>>): void {
  const transitions = workflow.transitions.map((row) => (row.id === transition.id ? { ...row, properties } : row))
  saveWorkflow(call, workflow, { transitions })
}

const view = (key: string, value: string) => ({ id: key, key, value })

/** Keys of Jira's own that people may set; the rest of `jira.` is reserved. */
const OPEN_KEYS = /^(?!jira\.)|^jira\.(i18n|permission|issue\.editable)/

const NOT_MODIFIED = { status: 304 } as const

/** Properties of transitions, which change how Jira treats them. */
export const transitionProperties = operations({
  /** With `key` one property, else a list (so the documented example). */
  getWorkflowTransitionProperties(call) {
    const { properties = {} } = transitionAt(call).transition
    const { key, includeReservedKeys } = call.query
    if (key === undefined) {
      const shown = Object.entries(properties).filter(([name]) => includeReservedKeys || OPEN_KEYS.test(name))
      return ok(shown.map(([name, value]) => view(name, value)))
    }
    const value = properties[key]
    if (value === undefined) throw notFound(`The transition has no property '${key}'.`)
    return ok(view(key, value))
  },
  createWorkflowTransitionProperty(call) {
    const at = editableAt(call)
    const { properties = {} } = at.transition
    const { key } = call.query
    if (!OPEN_KEYS.test(key)) throw badRequest(`The property key '${key}' is reserved.`)
    if (properties[key] !== undefined) throw badRequest(`The transition already has a property '${key}'.`)
    const value = text(bodyOf(call).value)
    save(call, at, { ...properties, [key]: value })
    return ok(view(key, value))
  },
  updateWorkflowTransitionProperty(call) {
    const at = editableAt(call)
    const { properties = {} } = at.transition
    const { key } = call.query
    if (!OPEN_KEYS.test(key)) throw badRequest(`The property key '${key}' is reserved.`)
    const value = text(bodyOf(call).value)
    if (properties[key] === value) return NOT_MODIFIED
    save(call, at, { ...properties, [key]: value })
    return ok(view(key, value))
  },
  deleteWorkflowTransitionProperty(call) {
    const at = editableAt(call)
    const { [call.query.key]: gone, ...rest } = at.transition.properties ?? {}
    if (gone === undefined) return NOT_MODIFIED
    save(call, at, rest)
    return { ...noContent(), status: 200 }
  },
})
