import { noContent, ok } from '../../../shared/kernel/reply.ts'
import { type JiraCall, nextId, reader, requireAdmin } from '../context.ts'
import { badRequest, conflict, notFound } from '../errors.ts'
import { idsOf, pageBean, sorted } from '../paging.ts'
import { typesOf } from '../rules/issues/create.ts'
import { visibleProject } from '../rules/issues/find.ts'
import { workflowStatuses } from '../rules/projects.ts'
import type { Status, StatusCategoryName } from '../tables.ts'
import { categoryView, STATUS_CATEGORIES, statusView } from '../views/configuration.ts'
import { visibleProjects } from '../views/project.ts'
import { operations } from './define.ts'
import { bodyOf, text } from './shared.ts'

/** Statuses that a workflow of a living project uses: what the older list shows. */
function activeStatuses(call: JiraCall): Status[] {
  const found = new Map<string, Status>()
  for (const project of visibleProjects(reader(call)))
    for (const status of workflowStatuses(call, project)) found.set(status.id, status)
  return [...found.values()].sort((a, b) => Number(a.id) - Number(b.id))
}

const listedStatus = (call: JiraCall, status: Status) => {
  const { statusCategory, ...view } = statusView(reader(call), status)
  return {
    ...view,
    untranslatedName: status.name,
    statusCategory,
    ...(status.projectId && { scope: { type: 'PROJECT', project: { id: status.projectId } } }),
  }
}

/** A status of the newer API: the category is a word. */
const newStatus = (call: JiraCall, status: Status) => ({
  id: status.id,
  name: status.name,
  statusCategory: status.category,
  scope: status.projectId ? { type: 'PROJECT', project: { id: status.projectId } } : { type: 'GLOBAL' },
  description: status.description,
  usages: call.tables.projects
    .all()
    .filter((project) => workflowStatuses(call, project).some((row) => row.id === status.id))
    .map((project) => ({ project: { id: project.id }, issueTypes: typesOf(call, project).map((type) => type.id) })),
  workflowUsages: [],
})

const CATEGORIES: readonly string[] = ['TODO', 'IN_PROGRESS', 'DONE']

function checkStatus(
  call: JiraCall,
  name: unknown,
  category: unknown,
  own?: Status,
): asserts category is StatusCategoryName {
  if (!name) throw badRequest('The name of the status must be provided.')
  if (!CATEGORIES.includes(text(category))) throw badRequest('The status category is invalid.')
  if (
    call.tables.statuses
      .all()
      .some((row) => row.name === name && row.id !== own?.id && row.projectId === own?.projectId)
  ) {
    throw conflict('A status with this name already exists.')
  }
}

const usagePage = (rows: readonly { id: string }[]) => ({ values: rows.map(({ id }) => ({ id })) })

export const statuses = operations({
  getStatuses: (call) => ok(activeStatuses(call).map((status) => listedStatus(call, status))),
  getStatus(call) {
    const name = call.params.idOrName
    const status =
      activeStatuses(call).find((row) => row.id === name || row.name === name) ?? call.tables.statuses.get(name)
    if (!status) throw notFound(`The status with id or name '${name}' does not exist.`)
    return ok(listedStatus(call, status))
  },
  getStatusCategories: (call) =>
    ok(
      (Object.keys(STATUS_CATEGORIES) as (keyof typeof STATUS_CATEGORIES)[]).map((category) =>
        categoryView(reader(call), category),
      ),
    ),
  getStatusCategory(call) {
    const name = call.params.idOrKey
    const found = Object.entries(STATUS_CATEGORIES).find(([, row]) => String(row.id) === name || row.key === name)
    if (!found) throw notFound(`The status category with id or key '${name}' does not exist.`)
    return ok(categoryView(reader(call), found[0] as keyof typeof STATUS_CATEGORIES))
  },

  search(call) {
    requireAdmin(call)
    const { projectId, searchString, statusCategory } = call.query
    const rows = call.tables.statuses
      .all()
      .filter((status) => (projectId ? status.projectId === projectId : status.projectId === undefined))
      .filter((status) => !statusCategory || status.category === statusCategory)
      .filter((status) => !searchString || status.name.toLowerCase().includes(searchString.toLowerCase()))
    return ok(
      pageBean(
        call,
        sorted(rows, (status) => status.name),
        (status) => newStatus(call, status),
        200,
      ),
    )
  },
  getStatusesById(call) {
    const rows = idsOf(call.query.id)
      .map((id) => call.tables.statuses.get(id))
      .filter((status) => status !== undefined)
    return ok(rows.map((status) => newStatus(call, status)))
  },
  getStatusesByName(call) {
    const names = call.query.name ?? []
    const rows = call.tables.statuses
      .all()
      .filter((status) => names.includes(status.name) && (status.projectId ?? '') === (call.query.projectId ?? ''))
    return ok(rows.map((status) => newStatus(call, status)))
  },
  createStatuses(call) {
    requireAdmin(call)
    const { scope, statuses: given } = bodyOf(call) as {
      scope?: { type?: string; project?: { id?: string } }
      statuses?: { name?: string; description?: string; statusCategory?: string }[]
    }
    if (!scope?.type || !given?.length) throw badRequest('The scope and the statuses must be provided.')
    const rows = given.map(({ name, description, statusCategory }) => {
      checkStatus(call, name, statusCategory)
      return call.tables.statuses.insert({
        id: nextId(call, 'status'),
        name: text(name),
        description: text(description),
        category: statusCategory as StatusCategoryName,
        icon: '/images/icons/statuses/generic.png',
        ...(scope.project?.id && { projectId: scope.project.id }),
      })
    })
    return ok(rows.map((status) => newStatus(call, status)))
  },
  updateStatuses(call) {
    requireAdmin(call)
    for (const { id, name, description, statusCategory } of (bodyOf(call).statuses ?? []) as {
      id: string
      name: string
      description?: string
      statusCategory: string
    }[]) {
      const row = call.tables.statuses.get(String(id))
      if (!row) throw notFound(`The status with id '${id}' does not exist.`)
      checkStatus(call, name, statusCategory, row)
      call.tables.statuses.replace({
        ...row,
        name,
        description: text(description, row.description),
        category: statusCategory as StatusCategoryName,
      })
    }
    return noContent()
  },
  deleteStatusesById(call) {
    requireAdmin(call)
    const rows = idsOf(call.query.id).map((id) => call.tables.statuses.get(id))
    if (rows.includes(undefined)) throw badRequest('One or more statuses do not exist.')
    for (const row of rows) {
      if (call.tables.workflows.all().some((workflow) => workflow.statusIds.includes(row?.id ?? '')))
        throw badRequest('The status is used by a workflow and cannot be deleted.')
      call.tables.statuses.remove(row?.id ?? '')
    }
    return noContent()
  },
  getProjectUsagesForStatus(call) {
    const { statusId } = call.params
    const rows = call.tables.projects
      .all()
      .filter((project) => workflowStatuses(call, project).some((status) => status.id === statusId))
    return ok({ statusId, projects: usagePage(rows) })
  },
  getWorkflowUsagesForStatus(call) {
    const { statusId } = call.params
    return ok({
      statusId,
      workflows: usagePage(call.tables.workflows.all().filter((workflow) => workflow.statusIds.includes(statusId))),
    })
  },
  getProjectIssueTypeUsagesForStatus(call) {
    const { statusId, projectId } = call.params
    return ok({ statusId, projectId, issueTypes: usagePage(typesOf(call, visibleProject(call, projectId))) })
  },
})
