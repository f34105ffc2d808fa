import { created, noContent, ok } from '../../../shared/kernel/reply.ts'
import { type JiraCall, nextId, reader, requireAdmin } from '../context.ts'
import { badRequest, conflict, fieldErrors, notFound } from '../errors.ts'
import { idsOf, orderOf, pageBean, sorted } from '../paging.ts'
import { typesOf } from '../rules/issues/create.ts'
import { visibleProject } from '../rules/issues/find.ts'
import { canBrowse } from '../rules/permissions.ts'
import { workflowStatuses } from '../rules/projects.ts'
import { completeTask } from '../rules/tasks.ts'
import type { IssueType, IssueTypeScheme, Priority, Resolution, Status, StatusCategoryName } from '../tables.ts'
import {
  categoryView,
  fullPriority,
  listedIssueType,
  resolutionView,
  STATUS_CATEGORIES,
  statusView,
} from '../views/configuration.ts'
import { visibleProjects } from '../views/project.ts'
import { operations } from './define.ts'
import { bodyOf, renamed, text } from './shared.ts'

/** Moves rows of an ordered table: after another one, or first or last. */
function reordered<R extends { readonly id: string }>(rows: readonly R[], body: Record<string, unknown>): R[] {
  const ids = idsOf(body.ids)
  const moving = ids.map((id) => rows.find((row) => row.id === id))
  if (ids.length === 0 || moving.includes(undefined)) throw badRequest('The ids are invalid.')
  const rest = rows.filter((row) => !ids.includes(row.id))
  const at =
    body.after === undefined
      ? body.position === 'First'
        ? 0
        : rest.length
      : rest.findIndex((row) => row.id === String(body.after)) + 1
  if (body.after !== undefined && at === 0) throw badRequest('The row to move after does not exist.')
  rest.splice(at, 0, ...(moving as R[]))
  return rest
}

function priorityOf(call: JiraCall, id: string): Priority {
  const row = call.tables.priorities.get(id)
  if (!row) throw notFound(`The priority with id '${id}' does not exist`)
  return row
}

const priorities_ = (call: JiraCall) => [...call.tables.priorities.scan('order')]

export const priorities = operations({
  getPriorities: (call) =>
    ok(priorities_(call).map((row) => ({ ...fullPriority(reader(call), row), isDefault: row.isDefault }))),
  getPriority: (call) => ok(fullPriority(reader(call), priorityOf(call, call.params.id))),
  /** `isDefault` is false here whatever the site's default is (seen live). */
  searchPriorities(call) {
    const ids = idsOf(call.query.id)
    const rows = priorities_(call)
      .filter((row) => ids.length === 0 || ids.includes(row.id))
      .filter((row) => !call.query.onlyDefault || row.isDefault)
      .filter(
        (row) => !call.query.priorityName || row.name.toLowerCase().includes(call.query.priorityName.toLowerCase()),
      )
    return ok(pageBean(call, rows, (row) => ({ ...fullPriority(reader(call), row), isDefault: false })))
  },
  createPriority(call) {
    requireAdmin(call)
    const { name, description, statusColor, iconUrl } = bodyOf(call)
    if (!name) throw badRequest('The name of the priority must be provided.')
    if (!/^#[0-9a-fA-F]{3}([0-9a-fA-F]{3})?$/.test(text(statusColor)))
      throw badRequest('The status colour must be a hexadecimal colour.')
    if (priorities_(call).some((row) => row.name === name))
      throw badRequest('A priority with that name already exists.')
    const id = nextId(call, 'priority')
    call.tables.priorities.insert({
      id,
      name: text(name),
      description: text(description),
      statusColor: text(statusColor),
      icon: text(iconUrl, '/images/icons/priorities/medium.svg'),
      sequence: (priorities_(call).at(-1)?.sequence ?? 0) + 1,
      isDefault: false,
    })
    return created({ id })
  },
  updatePriority(call) {
    requireAdmin(call)
    const row = priorityOf(call, call.params.id)
    const { name, description, statusColor } = bodyOf(call)
    call.tables.priorities.replace({
      ...renamed(row, { name, description }),
      statusColor: text(statusColor, row.statusColor),
    })
    return noContent()
  },
  setDefaultPriority(call) {
    requireAdmin(call)
    const { id } = bodyOf(call)
    if (id !== null && id !== '') priorityOf(call, text(id))
    for (const row of priorities_(call)) call.tables.priorities.patch(row.id, { isDefault: row.id === id })
    return noContent()
  },
  movePriorities(call) {
    requireAdmin(call)
    for (const [at, row] of reordered(priorities_(call), bodyOf(call)).entries())
      call.tables.priorities.patch(row.id, { sequence: at + 1 })
    return noContent()
  },
  deletePriority(call) {
    requireAdmin(call)
    const row = priorityOf(call, call.params.id)
    const standard =
      priorities_(call).find((other) => other.isDefault && other.id !== row.id) ??
      priorities_(call).find((other) => other.id !== row.id)
    if (!standard) throw badRequest('The last priority cannot be deleted.')
    for (const issue of call.tables.issues.all())
      if (issue.priorityId === row.id) call.tables.issues.patch(issue.id, { priorityId: standard.id })
    call.tables.priorities.remove(row.id)
    return completeTask(call, `Delete priority ${row.name}`)
  },
})

function resolutionOf(call: JiraCall, id: string): Resolution {
  const row = call.tables.resolutions.get(id)
  if (!row) throw notFound(`The resolution with id '${id}' does not exist`)
  return row
}

const resolutions_ = (call: JiraCall) => [...call.tables.resolutions.scan('order')]

export const resolutions = operations({
  getResolutions: (call) => ok(resolutions_(call).map((row) => resolutionView(reader(call), row))),
  getResolution: (call) => ok(resolutionView(reader(call), resolutionOf(call, call.params.id))),
  searchResolutions(call) {
    const ids = idsOf(call.query.id)
    const rows = resolutions_(call)
      .filter((row) => ids.length === 0 || ids.includes(row.id))
      .filter((row) => !call.query.onlyDefault || row.isDefault)
    return ok(
      pageBean(call, rows, (row) => ({
        id: row.id,
        name: row.name,
        description: row.description,
        isDefault: row.isDefault,
      })),
    )
  },
  createResolution(call) {
    requireAdmin(call)
    const { name, description } = bodyOf(call)
    if (!name) throw badRequest('The name of the resolution must be provided.')
    if (resolutions_(call).some((row) => row.name === name))
      throw badRequest('A resolution with that name already exists.')
    const id = nextId(call, 'resolution')
    call.tables.resolutions.insert({
      id,
      name: text(name),
      description: text(description),
      sequence: (resolutions_(call).at(-1)?.sequence ?? 0) + 1,
      isDefault: false,
    })
    return created({ id })
  },
  updateResolution(call) {
    requireAdmin(call)
    const row = resolutionOf(call, call.params.id)
    const { name, description } = bodyOf(call)
    if (!name) throw badRequest('The name of the resolution must be provided.')
    call.tables.resolutions.replace({ ...row, name: text(name), description: text(description, row.description) })
    return noContent()
  },
  setDefaultResolution(call) {
    requireAdmin(call)
    const { id } = bodyOf(call)
    if (id !== null && id !== '') resolutionOf(call, text(id))
    for (const row of resolutions_(call)) call.tables.resolutions.patch(row.id, { isDefault: row.id === id })
    return noContent()
  },
  moveResolutions(call) {
    requireAdmin(call)
    for (const [at, row] of reordered(resolutions_(call), bodyOf(call)).entries())
      call.tables.resolutions.patch(row.id, { sequence: at + 1 })
    return noContent()
  },
  deleteResolution(call) {
    requireAdmin(call)
    const row = resolutionOf(call, call.params.id)
    const to = resolutionOf(call, text(call.query.replaceWith))
    for (const issue of call.tables.issues.all())
      if (issue.resolutionId === row.id) call.tables.issues.patch(issue.id, { resolutionId: to.id })
    call.tables.resolutions.remove(row.id)
    return completeTask(call, `Delete resolution ${row.name}`)
  },
})

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

function typeOf(call: JiraCall, id: string): IssueType {
  const type = call.tables.issueTypes.get(id)
  if (!type) throw notFound(`The issue type with id '${id}' does not exist.`)
  return type
}

const byNumber = (a: { id: string }, b: { id: string }) => Number(a.id) - Number(b.id)

export const issueTypes = operations({
  getIssueAllTypes(call) {
    const seen = (type: IssueType) => {
      const project = type.projectId ? call.tables.projects.get(type.projectId) : undefined
      return !type.projectId || (project && canBrowse(call, call.caller.user, project))
    }
    return ok(
      call.tables.issueTypes
        .all()
        .filter(seen)
        .sort(byNumber)
        .map((type) => listedIssueType(reader(call), type)),
    )
  },
  getIssueTypesForProject(call) {
    const project = visibleProject(call, call.query.projectId)
    const rows = typesOf(call, project).filter(
      (type) => call.query.level === undefined || type.hierarchyLevel === call.query.level,
    )
    return ok(rows.map((type) => listedIssueType(reader(call), type)))
  },
  getIssueType: (call) => ok(listedIssueType(reader(call), typeOf(call, call.params.id))),
  createIssueType(call) {
    requireAdmin(call)
    const { name, description, type, hierarchyLevel } = bodyOf(call)
    if (!name) throw fieldErrors({ name: 'The issue type name must be provided.' })
    if (text(name).length > 60) throw fieldErrors({ name: 'The issue type name must not exceed 60 characters.' })
    if (call.tables.issueTypes.all().some((row) => !row.projectId && row.name === name))
      throw conflict('An issue type with this name already exists.')
    const level = hierarchyLevel === -1 || type === 'subtask' ? -1 : 0
    const row = call.tables.issueTypes.insert({
      id: nextId(call, 'issueType'),
      name: text(name),
      description: text(description),
      hierarchyLevel: level,
      avatarId: level < 0 ? 10_316 : 10_300,
    })
    // New types join the default scheme.
    const scheme = call.tables.issueTypeSchemes.all().find((one) => one.isDefault)
    if (scheme) call.tables.issueTypeSchemes.replace({ ...scheme, issueTypeIds: [...scheme.issueTypeIds, row.id] })
    call.emit({ type: 'issuetype_created', issueTypeId: row.id })
    return created(listedIssueType(reader(call), row))
  },
  updateIssueType(call) {
    requireAdmin(call)
    const row = typeOf(call, call.params.id)
    const { name, description, avatarId } = bodyOf(call)
    if (
      name !== undefined &&
      call.tables.issueTypes.all().some((other) => other.id !== row.id && !other.projectId && other.name === name)
    )
      throw conflict('An issue type with this name already exists.')
    const changed = call.tables.issueTypes.replace({
      ...renamed(row, { name, description }),
      avatarId: avatarId === undefined ? row.avatarId : Number(avatarId),
    })
    return ok(listedIssueType(reader(call), changed))
  },
  deleteIssueType(call) {
    requireAdmin(call)
    const row = typeOf(call, call.params.id)
    const { alternativeIssueTypeId } = call.query
    const issues = call.tables.issues.all().filter((issue) => issue.typeId === row.id)
    if (issues.length > 0 && alternativeIssueTypeId === undefined)
      throw conflict('The issue type is in use and an alternative issue type was not provided.')
    if (alternativeIssueTypeId !== undefined) {
      typeOf(call, alternativeIssueTypeId)
      for (const issue of issues) call.tables.issues.patch(issue.id, { typeId: alternativeIssueTypeId })
    }
    for (const scheme of call.tables.issueTypeSchemes.all()) {
      if (scheme.issueTypeIds.includes(row.id))
        call.tables.issueTypeSchemes.replace({
          ...scheme,
          issueTypeIds: scheme.issueTypeIds.filter((id) => id !== row.id),
        })
    }
    call.tables.issueTypes.remove(row.id)
    call.emit({ type: 'issuetype_deleted', issueTypeId: row.id })
    return noContent()
  },
  getAlternativeIssueTypes(call) {
    const row = typeOf(call, call.params.id)
    const rows = call.tables.issueTypes
      .all()
      .filter(
        (type) => type.id !== row.id && type.hierarchyLevel === row.hierarchyLevel && type.projectId === row.projectId,
      )
    return ok(rows.sort(byNumber).map((type) => listedIssueType(reader(call), type)))
  },
})

function schemeOf(call: JiraCall, id: number): IssueTypeScheme {
  const scheme = call.tables.issueTypeSchemes.get(String(id))
  if (!scheme) throw notFound('The issue type scheme was not found.')
  return scheme
}

/** `isDefault` shows only where it is true (recorded). */
const schemeView = ({ id, name, description, defaultIssueTypeId, isDefault }: IssueTypeScheme) => ({
  id,
  name,
  ...(description && { description }),
  ...(defaultIssueTypeId && { defaultIssueTypeId }),
  ...(isDefault && { isDefault }),
})

export const issueTypeSchemes = operations({
  getAllIssueTypeSchemes(call) {
    requireAdmin(call)
    const { key, descending } = orderOf(call.query.orderBy, ['name', 'id'], 'id')
    const ids = idsOf(call.query.id)
    const words = call.query.queryString?.toLowerCase() ?? ''
    const rows = call.tables.issueTypeSchemes
      .all()
      .filter((row) => (ids.length === 0 || ids.includes(row.id)) && row.name.toLowerCase().includes(words))
    return ok(
      pageBean(
        call,
        sorted(rows, (row) => (key === 'name' ? row.name : Number(row.id)), descending),
        schemeView,
      ),
    )
  },
  createIssueTypeScheme(call) {
    requireAdmin(call)
    const { name, description, defaultIssueTypeId, issueTypeIds } = bodyOf(call)
    if (!name) throw badRequest('The name of the issue type scheme must be provided.')
    if (call.tables.issueTypeSchemes.all().some((row) => row.name === name))
      throw conflict('The scheme name is used by another scheme.')
    const ids = idsOf(issueTypeIds)
    if (ids.some((id) => !call.tables.issueTypes.has(id)))
      throw badRequest('One or more of the issue types do not exist.')
    const row = call.tables.issueTypeSchemes.insert({
      id: nextId(call, 'issueTypeScheme'),
      name: text(name),
      description: text(description),
      isDefault: false,
      issueTypeIds: ids,
      ...(defaultIssueTypeId !== undefined && { defaultIssueTypeId: text(defaultIssueTypeId) }),
    })
    return created({ issueTypeSchemeId: row.id })
  },
  updateIssueTypeScheme(call) {
    requireAdmin(call)
    const row = schemeOf(call, call.params.issueTypeSchemeId)
    const { name, description, defaultIssueTypeId } = bodyOf(call)
    call.tables.issueTypeSchemes.replace({
      ...renamed(row, { name, description }),
      ...(defaultIssueTypeId !== undefined && { defaultIssueTypeId: text(defaultIssueTypeId) }),
    })
    return noContent()
  },
  deleteIssueTypeScheme(call) {
    requireAdmin(call)
    const row = schemeOf(call, call.params.issueTypeSchemeId)
    if (row.isDefault) throw badRequest('The default issue type scheme cannot be deleted.')
    call.tables.issueTypeSchemes.remove(row.id)
    for (const project of call.tables.projects.all()) {
      if (project.schemes.issueType === row.id)
        call.tables.projects.patch(project.id, { schemes: { ...project.schemes, issueType: '10000' } })
    }
    return noContent()
  },
  getIssueTypeSchemesMapping(call) {
    requireAdmin(call)
    const ids = idsOf(call.query.issueTypeSchemeId)
    const rows = call.tables.issueTypeSchemes
      .all()
      .filter((row) => ids.length === 0 || ids.includes(row.id))
      .flatMap((row) => row.issueTypeIds.map((issueTypeId) => ({ issueTypeSchemeId: row.id, issueTypeId })))
    return ok(pageBean(call, rows, (row) => row))
  },
  getIssueTypeSchemeForProjects(call) {
    requireAdmin(call)
    const ids = idsOf(call.query.projectId)
    if (ids.length === 0) throw badRequest('The projectId query parameter must be provided.')
    const projects = ids.map((id) => call.tables.projects.get(id)).filter((project) => project !== undefined)
    const rows = [...new Set(projects.map((project) => project.schemes.issueType))]
    return ok(
      pageBean(call, rows, (id) => ({
        issueTypeScheme: schemeView(schemeOf(call, Number(id))),
        projectIds: projects.filter((project) => project.schemes.issueType === id).map((project) => project.id),
      })),
    )
  },
  assignIssueTypeSchemeToProject(call) {
    requireAdmin(call)
    const { issueTypeSchemeId, projectId } = bodyOf(call)
    const scheme = schemeOf(call, Number(issueTypeSchemeId))
    const project = call.tables.projects.get(text(projectId))
    if (!project) throw notFound('The project was not found.')
    if (call.tables.issues.where('project', project.id).some((issue) => !scheme.issueTypeIds.includes(issue.typeId)))
      throw badRequest('The project has issues with issue types that the scheme does not have.')
    call.tables.projects.patch(project.id, { schemes: { ...project.schemes, issueType: scheme.id } })
    return noContent()
  },
  addIssueTypesToIssueTypeScheme(call) {
    requireAdmin(call)
    const scheme = schemeOf(call, call.params.issueTypeSchemeId)
    const ids = idsOf(bodyOf(call).issueTypeIds)
    if (ids.some((id) => scheme.issueTypeIds.includes(id)))
      throw badRequest('One or more of the issue types are already in the scheme.')
    if (ids.some((id) => !call.tables.issueTypes.has(id)))
      throw notFound('One or more of the issue types do not exist.')
    call.tables.issueTypeSchemes.replace({ ...scheme, issueTypeIds: [...scheme.issueTypeIds, ...ids] })
    return noContent()
  },
  reorderIssueTypesInIssueTypeScheme(call) {
    requireAdmin(call)
    const scheme = schemeOf(call, call.params.issueTypeSchemeId)
    const { issueTypeIds, after, position } = bodyOf(call)
    const rows = reordered(
      scheme.issueTypeIds.map((id) => ({ id })),
      { ids: issueTypeIds, after, position },
    )
    call.tables.issueTypeSchemes.replace({ ...scheme, issueTypeIds: rows.map((row) => row.id) })
    return noContent()
  },
  removeIssueTypeFromIssueTypeScheme(call) {
    requireAdmin(call)
    const scheme = schemeOf(call, call.params.issueTypeSchemeId)
    const id = String(call.params.issueTypeId)
    if (!scheme.issueTypeIds.includes(id)) throw notFound('The issue type is not in the scheme.')
    if (scheme.issueTypeIds.length === 1) throw badRequest('The last issue type of a scheme cannot be removed.')
    call.tables.issueTypeSchemes.replace({ ...scheme, issueTypeIds: scheme.issueTypeIds.filter((one) => one !== id) })
    return noContent()
  },
})
