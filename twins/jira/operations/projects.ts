import { created, noContent, ok } from '../../../shared/kernel/reply.ts'
import { type JiraCall, nextId, reader, requireAdmin, self, signedIn } from '../context.ts'
import { badRequest, fieldErrors, forbidden, notFound } from '../errors.ts'
import { among, expandOf, idsOf, orderOf, pageBean, sorted } from '../paging.ts'
import { typesOf } from '../rules/issues/create.ts'
import { lookUpProject, visibleProject } from '../rules/issues/find.ts'
import { can, canGlobally } from '../rules/permissions.ts'
import { createProject, TEMPLATES } from '../rules/projects.ts'
import { completeTask } from '../rules/tasks.ts'
import { workflowOf } from '../rules/workflow.ts'
import type { Project, ProjectTypeKey } from '../tables.ts'
import { statusView } from '../views/configuration.ts'
import { listedProject, projectView, visibleProjects } from '../views/project.ts'
import { notificationSchemeView } from '../views/schemes.ts'
import { operations } from './define.ts'
import { bodyOf } from './shared.ts'

const KEY_RULE =
  'Project keys must start with an uppercase letter, followed by one or more uppercase alphanumeric characters.'

/** What is wrong with a project key. */
export function keyErrors(call: JiraCall, key: string | undefined, own?: Project): Record<string, string> {
  if (!key) return { projectKey: 'You must specify a valid project key.' }
  if (key.length > 10) return { projectKey: 'The project key must not exceed 10 characters in length.' }
  if (!/^[A-Z][A-Z0-9]+$/.test(key)) return { projectKey: KEY_RULE }
  const holder = call.tables.projects.by('key', key) ?? call.tables.projects.where('formerKey', key)[0]
  return holder && holder.id !== own?.id ? { projectKey: `Project '${holder.name}' uses this project key.` } : {}
}

export function nameErrors(call: JiraCall, name: string | undefined, own?: Project): Record<string, string> {
  if (!name?.trim()) return { projectName: 'You must specify a valid project name.' }
  if (name.length > 80) return { projectName: 'The project name must not exceed 80 characters in length.' }
  const holder = call.tables.projects.by('name', name.toLowerCase())
  return holder && holder.id !== own?.id ? { projectName: 'A project with that name already exists.' } : {}
}

export const leadErrors = (call: JiraCall, leadId: unknown): Record<string, string> =>
  typeof leadId === 'string' && call.tables.users.get(leadId)?.active
    ? {}
    : { projectLead: 'You must specify a valid project lead.' }

export function administered(call: JiraCall, idOrKey: string | number): Project {
  const project = visibleProject(call, idOrKey)
  if (!can(call, call.caller.user, 'ADMINISTER_PROJECTS', project))
    throw forbidden('You cannot edit the configuration of this project.')
  return project
}

const text = (value: unknown) => (value === undefined || value === null ? undefined : String(value))

function schemesFrom(body: Record<string, unknown>): Partial<Project['schemes']> {
  const rows = {
    permission: body.permissionScheme,
    notification: body.notificationScheme,
    issueType: body.issueTypeScheme,
    workflow: body.workflowScheme,
    screen: body.issueTypeScreenScheme,
    fieldConfiguration: body.fieldConfigurationScheme,
    security: body.issueSecurityScheme,
  }
  return Object.fromEntries(
    Object.entries(rows)
      .filter(([, id]) => id !== undefined && id !== null)
      .map(([name, id]) => [name, String(id)]),
  )
}

/** Takes a project to the trash, or for good. */
function removeProject(call: JiraCall, project: Project, undoable: boolean): void {
  const user = signedIn(call)
  if (undoable) {
    call.tables.projects.patch(project.id, { deleted: { at: call.now, by: user.accountId } })
  } else {
    for (const issue of call.tables.issues.where('project', project.id)) call.tables.issues.remove(issue.id)
    for (const row of call.tables.components.where('project', project.id)) call.tables.components.remove(row.id)
    for (const row of call.tables.versions.where('project', project.id)) call.tables.versions.remove(row.id)
    for (const row of call.tables.roleActors.where('role', project.id)) call.tables.roleActors.remove(String(row.id))
    for (const board of call.tables.boards.all())
      if (board.projectId === project.id) call.tables.boards.remove(String(board.id))
    call.tables.projects.remove(project.id)
  }
  call.emit({ type: undoable ? 'project_soft_deleted' : 'project_deleted', projectId: project.id, key: project.key })
}

const ORDERS = ['name', 'key', 'owner', 'category', 'issueCount', 'lastIssueUpdatedTime', 'archivedDate', 'deletedDate']

function searchedProjects(call: JiraCall) {
  const query = call.query as {
    orderBy?: string
    query?: string
    id?: unknown
    keys?: string[]
    typeKey?: string
    categoryId?: number
    action?: string
    status?: string[]
    expand?: string
  }
  const { key, descending } = orderOf(query.orderBy, ORDERS, 'key')
  const ids = idsOf(query.id)
  const keys = query.keys ?? []
  const types = idsOf(query.typeKey)
  const words = query.query?.toLowerCase()
  const statuses = query.status ?? ['live']
  const stateOf = (project: Project) => (project.deleted ? 'deleted' : project.archived ? 'archived' : 'live')
  const { user } = call.caller
  const pool = statuses.some((status) => status !== 'live')
    ? call.tables.projects
        .all()
        .filter((project) =>
          project.deleted ? canGlobally(call, user, 'ADMINISTER') : can(call, user, 'BROWSE_PROJECTS', project),
        )
    : visibleProjects(reader(call))
  const action = { create: 'CREATE_ISSUES', edit: 'ADMINISTER_PROJECTS' }[query.action ?? '']
  const rows = pool
    .filter((project) => statuses.includes(stateOf(project)))
    .filter((project) => among(ids, project.id))
    .filter((project) => keys.length === 0 || keys.includes(project.key))
    .filter((project) => types.length === 0 || types.includes(project.typeKey))
    .filter((project) => query.categoryId === undefined || project.categoryId === String(query.categoryId))
    .filter(
      (project) => !words || project.key.toLowerCase().includes(words) || project.name.toLowerCase().includes(words),
    )
    .filter((project) => !action || can(call, user, action, project))
  const issues = (project: Project) => call.tables.issues.where('project', project.id)
  const by: Record<string, (project: Project) => string | number> = {
    name: (project) => project.name,
    key: (project) => project.key,
    owner: (project) => call.tables.users.get(project.leadId)?.displayName ?? '',
    category: (project) => call.tables.projectCategories.get(project.categoryId ?? '')?.name ?? '',
    issueCount: (project) => issues(project).length,
    lastIssueUpdatedTime: (project) => Math.max(0, ...issues(project).map((issue) => issue.updated)),
    archivedDate: (project) => project.archived?.at ?? 0,
    deletedDate: (project) => project.deleted?.at ?? 0,
  }
  const expand = expandOf(query.expand)
  return pageBean(
    call,
    sorted(rows, by[key] as (project: Project) => string, descending),
    (project) => listedProject(reader(call), project, expand),
    50,
    100,
  )
}

export const projects = operations({
  getAllProjects(call) {
    const expand = expandOf(call.query.expand)
    return ok(
      visibleProjects(reader(call))
        .filter((project) => !project.archived)
        .map((project) => listedProject(reader(call), project, expand)),
    )
  },
  getRecent(call) {
    const { accountId } = signedIn(call)
    const seen = call.tables.issueViews
      .where('user', accountId)
      .reverse()
      .map((view) => call.tables.issues.get(view.issueId)?.projectId)
    const ids = [...new Set(seen)]
    const rows = visibleProjects(reader(call))
      .filter((project) => ids.includes(project.id))
      .slice(0, 20)
    return ok(rows.map((project) => listedProject(reader(call), project, expandOf(call.query.expand))))
  },
  searchProjects: (call) => ok(searchedProjects(call)),
  getProject: (call) =>
    ok(projectView(reader(call), visibleProject(call, call.params.projectIdOrKey), expandOf(call.query.expand))),

  createProject(call) {
    const user = signedIn(call)
    if (!canGlobally(call, user, 'ADMINISTER')) throw forbidden('You are not authorized to create projects.')
    const body = bodyOf(call)
    const [key, name, template] = [text(body.key), text(body.name), text(body.projectTemplateKey)]
    const typeKey = text(body.projectTypeKey) as ProjectTypeKey | undefined
    const owner = (Object.keys(TEMPLATES) as ProjectTypeKey[]).find((type) =>
      (TEMPLATES[type] as readonly string[]).includes(template ?? ''),
    )
    const errors = {
      ...nameErrors(call, name),
      ...keyErrors(call, key),
      ...leadErrors(call, body.leadAccountId ?? body.lead),
    }
    if (!typeKey && !template) Object.assign(errors, { projectType: 'You must specify a valid project type.' })
    else if (typeKey && !(typeKey in TEMPLATES))
      Object.assign(errors, { projectType: 'You must specify a valid project type.' })
    else if (template && !owner) Object.assign(errors, { projectTemplateKey: 'The project template is invalid.' })
    else if (template && typeKey && owner !== typeKey)
      Object.assign(errors, { projectType: 'The project type and the project template do not match.' })
    if (Object.keys(errors).length > 0) throw fieldErrors(errors)
    const project = createProject(call, {
      key: key as string,
      name: name as string,
      leadId: String(body.leadAccountId ?? body.lead),
      typeKey: typeKey ?? owner ?? 'software',
      ...(template && { templateKey: template }),
      ...(typeof body.description === 'string' && { description: body.description }),
      ...(body.assigneeType === 'PROJECT_LEAD' && { assigneeType: 'PROJECT_LEAD' }),
      ...(typeof body.url === 'string' && { url: body.url }),
      ...(body.avatarId !== undefined && { avatarId: String(body.avatarId) }),
      ...(body.categoryId !== undefined && { categoryId: String(body.categoryId) }),
      schemes: schemesFrom(body),
    })
    call.emit({ type: 'project_created', projectId: project.id, key: project.key })
    return created({ self: self(reader(call), `project/${project.id}`), id: Number(project.id), key: project.key })
  },

  updateProject(call) {
    const project = administered(call, call.params.projectIdOrKey)
    const body = bodyOf(call)
    const errors = {
      ...(body.name !== undefined && nameErrors(call, text(body.name), project)),
      ...(body.key !== undefined && keyErrors(call, text(body.key), project)),
      ...((body.leadAccountId ?? body.lead) !== undefined && leadErrors(call, body.leadAccountId ?? body.lead)),
    }
    if (Object.keys(errors).length > 0) throw fieldErrors(errors)
    const key = text(body.key) ?? project.key
    const updated = call.tables.projects.replace({
      ...project,
      key,
      formerKeys:
        key === project.key ? project.formerKeys : [...project.formerKeys.filter((old) => old !== key), project.key],
      name: text(body.name) ?? project.name,
      description: text(body.description) ?? project.description,
      leadId: text(body.leadAccountId ?? body.lead) ?? project.leadId,
      assigneeType:
        body.assigneeType === 'PROJECT_LEAD' || body.assigneeType === 'UNASSIGNED'
          ? body.assigneeType
          : project.assigneeType,
      avatarId: text(body.avatarId) ?? project.avatarId,
      schemes: { ...project.schemes, ...schemesFrom(body) },
      ...(body.url !== undefined && { url: String(body.url) }),
      ...(body.categoryId !== undefined && { categoryId: String(body.categoryId) }),
    })
    // The issues' keys follow; the old ones keep leading to them.
    if (key !== project.key) {
      for (const issue of call.tables.issues.where('project', project.id)) {
        call.tables.issues.patch(issue.id, {
          key: `${key}-${issue.number}`,
          formerKeys: [...issue.formerKeys, issue.key],
        })
      }
    }
    call.emit({ type: 'project_updated', projectId: project.id, key })
    return ok(projectView(reader(call), updated, expandOf(call.query.expand)))
  },

  deleteProject(call) {
    const project = administered(call, call.params.projectIdOrKey)
    requireAdmin(call)
    removeProject(call, project, call.query.enableUndo !== false)
    return noContent()
  },
  deleteProjectAsynchronously(call) {
    const project = administered(call, call.params.projectIdOrKey)
    requireAdmin(call)
    removeProject(call, project, false)
    return completeTask(call, `Delete project ${project.key}`)
  },
  archiveProject(call) {
    const project = administered(call, call.params.projectIdOrKey)
    call.tables.projects.patch(project.id, { archived: { at: call.now, by: signedIn(call).accountId } })
    call.emit({ type: 'project_archived', projectId: project.id, key: project.key })
    return noContent()
  },
  restore(call) {
    requireAdmin(call)
    const { projectIdOrKey } = call.params
    const project = lookUpProject(call, projectIdOrKey)
    if (!project) throw notFound(`No project could be found with key '${projectIdOrKey}'.`)
    const { archived: _, deleted: __, ...alive } = project
    const restored = call.tables.projects.replace(alive)
    call.emit({ type: 'project_restored_deleted', projectId: project.id, key: project.key })
    return ok(projectView(reader(call), restored))
  },

  getAllStatuses(call) {
    const project = visibleProject(call, call.params.projectIdOrKey)
    const look = reader(call)
    return ok(
      typesOf(call, project).map((type) => ({
        self: self(look, `issuetype/${type.id}`),
        id: type.id,
        name: type.name,
        subtask: type.hierarchyLevel < 0,
        statuses: workflowOf(call, project, type.id)
          .statusIds.map((id) => call.tables.statuses.get(id))
          .filter((status) => status !== undefined)
          .map((status) => ({ ...statusView(look, status), untranslatedName: status.name })),
      })),
    )
  },
  getHierarchy(call) {
    const project = visibleProject(call, call.params.projectId)
    if (project.style !== 'next-gen') throw notFound(`The project with id ${project.id} is not simplified.`)
    const types = typesOf(call, project)
    const level = (number: number, name: string, entityId: string) => ({
      entityId,
      level: number,
      name,
      issueTypes: types
        .filter((type) => type.hierarchyLevel === number)
        .map((type) => ({ id: Number(type.id), entityId: type.entityId, name: type.name, avatarId: type.avatarId })),
    })
    return ok({
      projectId: Number(project.id),
      hierarchy: [level(-1, 'Subtask', 'a'), level(0, 'Base', 'b'), level(1, 'Epic', 'c')].map((row, at) => ({
        ...row,
        entityId: `${project.uuid?.slice(0, -1)}${at}`,
      })),
    })
  },
  getNotificationSchemeForProject(call) {
    const project = visibleProject(call, call.params.projectKeyOrId)
    const scheme = call.tables.notificationSchemes.get(project.schemes.notification ?? '')
    if (!scheme) throw notFound('The project does not have a notification scheme.')
    return ok(notificationSchemeView(reader(call), scheme, expandOf(call.query.expand)))
  },

  validateProjectKey(call) {
    const errors = keyErrors(call, call.query.key)
    return ok({ errorMessages: [], errors })
  },
  /** Invents a free key rather than refusing one. */
  getValidProjectKey(call) {
    const wanted =
      (call.query.key ?? '')
        .toUpperCase()
        .replace(/[^A-Z0-9]/g, '')
        .replace(/^[0-9]+/, '')
        .slice(0, 10) || 'PROJ'
    const base = wanted.length < 2 ? `${wanted}X` : wanted
    for (let n = 1; ; n++) {
      const key = n === 1 ? base : `${base.slice(0, 10 - String(n).length)}${n}`
      if (Object.keys(keyErrors(call, key)).length === 0)
        return ok(JSON.stringify(key), { 'content-type': 'application/json;charset=UTF-8' })
    }
  },
  getValidProjectName(call) {
    const { name } = call.query
    if (!name) throw badRequest('The name query parameter must be provided.')
    for (let n = 1; ; n++) {
      const candidate = n === 1 ? name : `${name} ${n}`
      if (!call.tables.projects.by('name', candidate.toLowerCase()))
        return ok(JSON.stringify(candidate), { 'content-type': 'application/json;charset=UTF-8' })
    }
  },

  getAllProjectTypes: () => ok(PROJECT_TYPES),
  getAllAccessibleProjectTypes: () => ok(PROJECT_TYPES),
  getProjectTypeByKey: (call) => projectType(call.params.projectTypeKey),
  getAccessibleProjectTypeByKey: (call) => projectType(call.params.projectTypeKey),

  getFeaturesForProject(call) {
    const project = visibleProject(call, call.params.projectIdOrKey)
    return ok({ features: featuresOf(project) })
  },
  toggleFeatureForProject(call) {
    const project = administered(call, call.params.projectIdOrKey)
    const { state } = bodyOf(call)
    const feature = featuresOf(project).find((candidate) => candidate.feature === call.params.featureKey)
    if (!feature) throw notFound(`The feature '${call.params.featureKey}' does not exist.`)
    if (feature.toggleLocked || (state !== 'ENABLED' && state !== 'DISABLED'))
      throw badRequest('The feature cannot be toggled.')
    const updated = call.tables.projects.patch(project.id, {
      features: { ...project.features, [feature.feature]: state },
    })
    return ok({ features: featuresOf(updated) })
  },
  getProjectEmail(call) {
    const project = visibleProject(call, call.params.projectId)
    return ok({ emailAddress: project.email ?? 'jira@example.com', emailAddressStatus: [] })
  },
  updateProjectEmail(call) {
    const project = administered(call, call.params.projectId)
    const { emailAddress } = bodyOf(call)
    if (emailAddress && !/^\S+@\S+$/.test(String(emailAddress))) throw badRequest('The email address is invalid.')
    const { email: _, ...rest } = project
    call.tables.projects.replace({ ...rest, ...(emailAddress ? { email: String(emailAddress) } : {}) })
    return noContent()
  },
  getProjectCategoryById: (call) => ok(categoryView(call, categoryOf(call, String(call.params.id)))),
  getAllProjectCategories: (call) => ok(call.tables.projectCategories.all().map((row) => categoryView(call, row))),
  createProjectCategory(call) {
    requireAdmin(call)
    const { name, description } = bodyOf(call)
    checkCategoryName(call, name)
    const row = call.tables.projectCategories.insert({
      id: nextId(call, 'projectCategory'),
      name: String(name),
      description: text(description) ?? '',
    })
    return created(categoryView(call, row))
  },
  updateProjectCategory(call) {
    requireAdmin(call)
    const row = categoryOf(call, String(call.params.id))
    const { name, description } = bodyOf(call)
    if (name !== undefined && name !== row.name) checkCategoryName(call, name)
    const updated = call.tables.projectCategories.replace({
      id: row.id,
      name: text(name) ?? row.name,
      description: text(description) ?? row.description,
    })
    return ok(categoryView(call, updated))
  },
  removeProjectCategory(call) {
    requireAdmin(call)
    const row = categoryOf(call, String(call.params.id))
    for (const project of call.tables.projects.all()) {
      const { categoryId, ...rest } = project
      if (categoryId === row.id) call.tables.projects.replace(rest)
    }
    call.tables.projectCategories.remove(row.id)
    return noContent()
  },
})

function categoryOf(call: JiraCall, id: string) {
  const row = call.tables.projectCategories.get(id)
  if (!row) throw notFound(`A project category with id '${id}' does not exist.`)
  return row
}

const categoryView = (call: JiraCall, row: { id: string; name: string; description: string }) => ({
  self: self(reader(call), `projectCategory/${row.id}`),
  id: row.id,
  name: row.name,
  description: row.description,
})

function checkCategoryName(call: JiraCall, name: unknown): void {
  if (typeof name !== 'string' || name === '')
    throw fieldErrors({ name: 'The name of the project category must be provided.' })
  if (call.tables.projectCategories.by('name', name.toLowerCase()))
    throw fieldErrors({ name: `The project category name '${name}' already exists` }, 409)
}

const PROJECT_TYPES = [
  ['product_discovery', 'Product Discovery', 'jira.project.type.polaris.description'],
  ['software', 'Software', 'jira.project.type.software.description'],
  ['service_desk', 'Service Desk', 'jira.project.type.servicedesk.description.jsm'],
  ['business', 'Business', 'jira.project.type.business.description'],
].map(([key, formattedKey, descriptionI18nKey]) => ({
  key,
  formattedKey,
  descriptionI18nKey,
  icon: 'PHN2ZyB4bWxucz0iaHR0cDovL3d3dy53My5vcmcvMjAwMC9zdmciLz4=',
  color: '#F5A623',
}))

function projectType(key: string) {
  const found = PROJECT_TYPES.find((type) => type.key === key)
  if (!found) throw notFound(`The project type with key '${key}' does not exist.`)
  return ok(found)
}

const FEATURES = [
  ['jsw.agility.boards', 'Board', true, []],
  ['jsw.agility.backlog', 'Backlog', false, ['jsw.agility.boards']],
  ['jsw.agility.sprints', 'Sprints', false, ['jsw.agility.backlog', 'jsw.agility.boards']],
  ['jsw.agility.estimation', 'Estimation', false, ['jsw.agility.boards']],
  ['jsw.agility.roadmap', 'Timeline', false, []],
  ['jsw.agility.reports', 'Reports', false, ['jsw.agility.boards']],
  ['jsw.agility.releases', 'Releases', false, []],
  ['jsw.agility.code', 'Code', false, []],
] as const

const featuresOf = (project: Project) =>
  FEATURES.map(([feature, localisedName, locked, prerequisites]) => ({
    projectId: Number(project.id),
    state: project.features[feature] ?? 'ENABLED',
    toggleLocked: locked || project.style !== 'next-gen',
    feature,
    prerequisites,
    localisedName,
    localisedDescription: '',
    imageUri: '',
  }))
