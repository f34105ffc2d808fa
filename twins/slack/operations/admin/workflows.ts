import { accessOf, accessView, setAccess } from '../../accessLists.ts'
import type { SlackCall } from '../../caller.ts'
import { done, fail } from '../../errors.ts'
import { seconds } from '../../ids.ts'
import { flag, json, limit, list, text, whole } from '../../rules/arguments.ts'
import { offsetPage } from '../../rules/cursors.ts'
import { TRIGGER_TYPES } from '../../rules/workflows.ts'
import type { AccessList, App, Json, Workflow } from '../../tables.ts'
import { functionView } from '../../workflows.ts'
import { operations } from '../define.ts'
import { administrator } from './gate.ts'

/** Functions, workflows and types of triggers of an organisation. */

const MAX_IDS = 50

/** Workflows and people of a change; what is wrong with one is told for each, and nothing changes. */
function collaboration(call: SlackCall, error: string): { rows: Workflow[]; people: string[] } {
  administrator(call)
  const query = call.query as { workflow_ids?: unknown; collaborator_ids?: unknown }
  const ids = list(query.workflow_ids)
  const people = list(query.collaborator_ids)
  const { workflows, users } = call.tables
  const problems = [
    ...ids.filter((id) => !workflows.has(id)).map((workflow) => ({ workflow, message: 'workflow_not_found' })),
    ...people.filter((id) => !users.has(id)).map((user) => ({ user, message: 'user_not_found' })),
  ]
  if (problems.length > 0 || ids.length > MAX_IDS || people.length > MAX_IDS) throw fail(error, { errors: problems })
  return { rows: ids.flatMap((id) => workflows.get(id) ?? []), people }
}

function save(call: SlackCall, rows: readonly Workflow[], change: (row: Workflow) => Partial<Workflow>) {
  const stamp = { updated: seconds(call.now), updatedBy: call.caller.user?.id ?? '' }
  for (const row of rows) call.tables.workflows.replace({ ...row, ...change(row), ...stamp })
  return done()
}

function workflowView(call: SlackCall, row: Workflow, triggers: number): object {
  const own = call.tables.workflowTriggers.where('workflow', row.id)
  const name = (type: string) => Object.entries(TRIGGER_TYPES).find(([, id]) => id === type)?.[0]
  return {
    id: row.id,
    workflow_function_id: row.id.replace(/^Wf/, 'Fn'),
    callback_id: row.callbackId,
    title: row.title,
    description: row.description,
    app_id: row.appId,
    source: row.source === 'code' ? 'app' : row.source,
    is_published: row.published,
    collaborators: row.collaborators,
    input_parameters: Object.fromEntries(row.inputs.map((input) => [String(input.name), input])),
    steps: row.steps.map(({ id, functionId, inputs }) => ({ id, function_id: functionId, inputs: locked(inputs) })),
    trigger_ids: own.slice(0, triggers).map(({ id }) => id),
    trigger_types: [...new Set(own.map(({ type }) => type))].map((id) => ({ id, type: name(id) })),
    date_updated: row.updated,
    last_updated_by: row.updatedBy,
    last_published_date: String(row.updated),
    unpublished_change_count: 0,
    is_billable: false,
    is_sales_elevate: false,
    is_sales_home_workflow: false,
  }
}

const locked = (inputs: Json): object =>
  Object.fromEntries(Object.entries(inputs).map(([name, value]) => [name, { value, locked: false }]))

/** What admin.workflows.search lets through. */
function wanted(call: SlackCall): (row: Workflow) => boolean {
  const query = call.query as Readonly<Record<string, unknown>>
  const words = (text(query.query) ?? '').toLowerCase()
  const people = list(query.collaborator_ids)
  const steps = list(query.step_function_ids)
  const status = text(query.publish_status) ?? 'published'
  const source = text(query.source)
  const type = text(query.trigger_type_id)
  return (row) =>
    `${row.title} ${row.description}`.toLowerCase().includes(words) &&
    (text(query.app_id) === undefined || query.app_id === row.appId) &&
    (flag(query.no_collaborators)
      ? row.collaborators.length === 0
      : people.every((id) => row.collaborators.includes(id))) &&
    steps.every((id) => row.steps.some((step) => step.functionId === id)) &&
    (status === 'all' || (status === 'published') === row.published) &&
    (source === undefined || source === row.source) &&
    (type === undefined || call.tables.workflowTriggers.where('workflow', row.id).some((one) => one.type === type)) &&
    !flag(query.is_sales_elevate)
}

const named = (access: AccessList): object => ({
  ...(access.users.length > 0 ? { user_ids: access.users } : {}),
  ...(access.teams.length > 0 ? { team_ids: access.teams } : {}),
  ...(access.orgs.length > 0 ? { org_ids: access.orgs } : {}),
})

const usedBy = (call: SlackCall, test: (row: Workflow) => boolean): number =>
  call.tables.workflows.all().filter(test).length

function functionPermissions(call: SlackCall, id: string): object {
  const distribution = accessOf(call, `function:${id}`, 'app_collaborators')
  const admin = accessOf(call, `adminFunction:${id}`, 'everyone')
  return {
    distribution: { type: distribution.type, ...named(distribution) },
    allowed_by_admin: { permission: admin.type, ...named(admin) },
    allowed_entities: { permission: admin.type, ...named(admin) },
  }
}

function triggerType(id: string): string {
  const known = Object.values(TRIGGER_TYPES).find((type) => type.toUpperCase() === id.toUpperCase())
  if (known === undefined) throw fail('trigger_type_id_not_found')
  return known
}

export const adminWorkflows = operations({
  'admin.functions.list': (call) => {
    administrator(call)
    const { query } = call
    const ids = list(query.app_ids)
    const rows = call.tables.functions.all().filter((row) => ids.includes(row.appId) && row.deleted === 0)
    const page = offsetPage(rows, limit(query.limit, 100, 1000), query.cursor)
    return done({ functions: page.items.map(functionView), response_metadata: { next_cursor: page.next } })
  },

  'admin.functions.permissions.lookup': (call) => {
    administrator(call)
    const ids = list(call.query.function_ids)
    const known = ids.filter((id) => call.tables.functions.has(id))
    const unknown = ids.filter((id) => !call.tables.functions.has(id))
    const uses = (id: string) => usedBy(call, (row) => row.steps.some((step) => step.functionId === id))
    return done({
      permissions: Object.fromEntries(known.map((id) => [id, functionPermissions(call, id)])),
      metadata: Object.fromEntries(known.map((id) => [id, { workflows_using: uses(id) }])),
      errors: Object.fromEntries(unknown.map((id) => [id, 'function_not_found'])),
    })
  },

  'admin.functions.permissions.set': (call) => {
    administrator(call)
    const row = call.tables.functions.get(String(call.query.function_id))
    if (!row) throw fail('function_not_found')
    const visibility = text(call.query.visibility)
    if (visibility === undefined) throw fail('invalid_visibility')
    setAccess(call, `adminFunction:${row.id}`, visibility)
    return done()
  },

  'admin.workflows.search': (call) => {
    administrator(call)
    const { query } = call
    const rows = call.tables.workflows.all().filter(wanted(call))
    const sign = query.sort_dir === 'asc' ? 1 : -1
    rows.sort((a, b) => sign * a.title.localeCompare(b.title))
    const page = offsetPage(rows, limit(query.limit, 20, 1000), query.cursor)
    return done({
      workflows: page.items.map((row) => workflowView(call, row, whole(query.num_trigger_ids) ?? 10)),
      total_found: rows.length,
      response_metadata: { next_cursor: page.next },
    })
  },

  'admin.workflows.collaborators.add': (call) => {
    const { rows, people } = collaboration(call, 'error_adding_collaborators')
    return save(call, rows, (row) => ({ collaborators: [...new Set([...row.collaborators, ...people])] }))
  },
  'admin.workflows.collaborators.remove': (call) => {
    const { rows, people } = collaboration(call, 'error_removing_collaborators')
    return save(call, rows, (row) => ({ collaborators: row.collaborators.filter((id) => !people.includes(id)) }))
  },
  'admin.workflows.unpublish': (call) => {
    const { rows } = collaboration(call, 'error_unpublishing_workflows')
    return save(call, rows, () => ({ published: false }))
  },

  /** Who can run a workflow by any of its triggers; `complete` says whether all were looked at. */
  'admin.workflows.permissions.lookup': (call) => {
    administrator(call)
    const most = whole(call.query.max_workflow_triggers) ?? 100
    const rows = list(call.query.workflow_ids).flatMap((id) => call.tables.workflows.get(id) ?? [])
    const view = (row: Workflow) => {
      const triggers = call.tables.workflowTriggers.where('workflow', row.id)
      const app = call.tables.apps.get(row.appId) as App
      const lists = triggers.slice(0, most).map(({ id }) => accessOf(call, `trigger:${id}`, 'app_collaborators'))
      const widest = lists.find(({ type }) => type === 'everyone') ?? lists[0]
      const access = widest ?? accessOf(call, '', 'app_collaborators')
      return { who_can_run: accessView(access, app), complete: triggers.length <= most }
    }
    return done({ permissions: Object.fromEntries(rows.map((row) => [row.id, view(row)])) })
  },

  'admin.workflows.triggers.types.permissions.lookup': (call) => {
    administrator(call)
    const ids = list(call.query.trigger_type_ids).map(triggerType)
    const triggers = call.tables.workflowTriggers.all()
    const uses = (id: string) => new Set(triggers.filter(({ type }) => type === id).map((one) => one.workflowId)).size
    const view = (id: string) => {
      const access = accessOf(call, `triggerType:${id}`, 'everyone')
      return { permission: access.type, ...named(access) }
    }
    const facts = (id: string) => ({ date_released: 0, workflows_using: uses(id), available_in_workflow_builder: true })
    return done({
      permissions: Object.fromEntries(ids.map((id) => [id, view(id)])),
      metadata: Object.fromEntries(ids.map((id) => [id, facts(id)])),
    })
  },

  'admin.workflows.triggers.types.permissions.set': (call) => {
    administrator(call)
    const id = triggerType(String(call.query.id))
    const { trigger_type: nested } = (json(call.query.permissions) ?? {}) as { trigger_type?: { permission?: string } }
    const visibility = text(call.query.visibility) ?? nested?.permission
    if (visibility === undefined) throw fail('required_visibility')
    setAccess(call, `triggerType:${id}`, visibility)
    return done()
  },
})
