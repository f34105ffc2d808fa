import { noContent, ok } from '../../../shared/kernel/reply.ts'
import { type JiraCall, nextId, reader, requireAdmin, self } from '../context.ts'
import { badRequest } from '../errors.ts'
import { among, expandOf, idsOf, pageBean, sorted, window } from '../paging.ts'
import { isObject } from '../rules/fields/values.ts'
import { defaultPriorityScheme, prioritiesOf, prioritySchemeOf, projectsOf } from '../rules/priority-schemes.ts'
import { doneTask, taskView } from '../rules/tasks.ts'
import type { Priority, PriorityScheme, Project } from '../tables.ts'
import { fullPriority, projectReference } from '../views/configuration.ts'
import { projectView } from '../views/project.ts'
import { operations } from './define.ts'
import { bodyOf, renamed, text } from './shared.ts'

function schemeOf(call: JiraCall, id: unknown): PriorityScheme {
  requireAdmin(call)
  const scheme = call.tables.prioritySchemes.get(text(id))
  if (!scheme) throw badRequest(`The priority scheme with ID ${text(id)} does not exist.`)
  return scheme
}

const priorityView = (call: JiraCall, scheme: PriorityScheme) => (priority: Priority) => ({
  ...fullPriority(reader(call), priority),
  isDefault: scheme.isDefault ? priority.isDefault : scheme.defaultPriorityId === priority.id,
  sequence: String(priority.sequence),
})

/** The first page of what a scheme expands to. */
const firstPage = <R, V>(rows: readonly R[], view: (row: R) => V) => ({
  isLast: rows.length <= 50,
  maxResults: 50,
  startAt: 0,
  total: rows.length,
  values: rows.slice(0, 50).map(view),
})

function schemeView(call: JiraCall, scheme: PriorityScheme, expand: readonly string[] = []) {
  const { id, name, description, isDefault, defaultPriorityId } = scheme
  return {
    self: self(reader(call), `priorityscheme/${id}`),
    id,
    name,
    description,
    isDefault,
    default: isDefault,
    ...(defaultPriorityId !== undefined && { defaultPriorityId }),
    ...(expand.includes('priorities') && {
      priorities: firstPage(prioritiesOf(call, scheme), priorityView(call, scheme)),
    }),
    ...(expand.includes('projects') && {
      projects: firstPage(projectsOf(call, scheme), (project) => projectReference(reader(call), project)),
    }),
  }
}

/** Ids of projects that may be given a scheme: those of company-managed projects. */
function projectsNamed(call: JiraCall, ids: readonly string[]): Project[] {
  return ids.map((id) => {
    const project = call.tables.projects.get(id)
    if (!project) throw badRequest(`The project with ID ${id} does not exist.`)
    if (project.style === 'next-gen')
      throw badRequest(`The project with ID ${id} is team-managed and cannot be associated with a priority scheme.`)
    return project
  })
}

function checkPriorities(call: JiraCall, ids: readonly string[], standard: string): void {
  const unknown = ids.filter((id) => !call.tables.priorities.has(id))
  if (unknown.length > 0) throw badRequest(`The priorities with IDs ${list(unknown)} do not exist.`)
  if (ids.length === 0) throw badRequest('A priority scheme must have at least one priority.')
  if (!ids.includes(standard)) throw badRequest('The default priority must be one of the priorities of the scheme.')
}

const list = (ids: readonly string[]) => `[${ids.join(', ')}]`

function checkName(call: JiraCall, name: string, own?: string): void {
  if (name.trim() === '') throw badRequest('The name of the priority scheme must be provided.')
  if (name.length > 255) throw badRequest('The name of the priority scheme must not exceed 255 characters.')
  if (call.tables.prioritySchemes.all().some((row) => row.id !== own && row.name.toLowerCase() === name.toLowerCase()))
    throw badRequest('The name is already used by another priority scheme.')
}

/** Priorities that issues of these projects have and a scheme would not hold. */
function stranded(call: JiraCall, projects: readonly Project[], kept: readonly string[]): string[] {
  const used = projects.flatMap((project) =>
    call.tables.issues.where('project', project.id).map((issue) => issue.priorityId),
  )
  return [...new Set(used)].filter((id) => id !== null && !kept.includes(id)).sort() as string[]
}

/** Gives the projects' issues the priorities that `mappings` name for those they lose; without one: 400. */
function migrate(
  call: JiraCall,
  projects: readonly Project[],
  kept: readonly string[],
  mappings: unknown,
  side: 'in' | 'out',
): void {
  const given = isObject(mappings) && isObject(mappings[side]) ? mappings[side] : {}
  const lost = stranded(call, projects, kept)
  const unmapped = lost.filter((id) => given[id] === undefined)
  if (unmapped.length > 0) {
    throw badRequest(
      `The priorities with IDs ${list(unmapped)} require mapping. Please provide mappings in the '${side}' mappings object, where these priorities are the keys with corresponding values.`,
    )
  }
  const wrong = lost.map((id) => text(given[id])).filter((id) => !kept.includes(id))
  if (wrong.length > 0)
    throw badRequest(`The mapped priorities with IDs ${list(wrong)} are not in the priority scheme of the projects.`)
  for (const project of projects) {
    for (const issue of call.tables.issues.where('project', project.id)) {
      if (issue.priorityId !== null && lost.includes(issue.priorityId))
        call.tables.issues.patch(issue.id, { priorityId: text(given[issue.priorityId]) })
    }
  }
}

function assign(call: JiraCall, projects: readonly Project[], schemeId: string): void {
  for (const { id, schemes } of projects)
    call.tables.projects.patch(id, { schemes: { ...schemes, priority: schemeId } })
}

/** Ids below `name.add` or `name.remove` of an update. */
const changesOf = (body: Record<string, unknown>, name: 'priorities' | 'projects', verb: 'add' | 'remove') => {
  const part = body[name]
  const change = isObject(part) ? part[verb] : undefined
  return isObject(change) ? idsOf(change.ids) : []
}

/** Which priorities projects offer, and the default among them. */
export const prioritySchemes = operations({
  getPrioritySchemes(call) {
    requireAdmin(call)
    const { schemeName, onlyDefault, orderBy } = call.query
    const [ids, priorityIds] = [idsOf(call.query.schemeId), idsOf(call.query.priorityId)]
    const rows = call.tables.prioritySchemes
      .all()
      .filter((row) => among(ids, row.id))
      .filter((row) => !onlyDefault || row.isDefault)
      .filter((row) => !schemeName || row.name.toLowerCase().includes(schemeName.toLowerCase()))
      .filter(
        (row) =>
          priorityIds.length === 0 || prioritiesOf(call, row).some((priority) => priorityIds.includes(priority.id)),
      )
    const ordered = sorted(rows, (row) => row.name, orderBy?.startsWith('-'))
    return ok(pageBean(call, ordered, (row) => schemeView(call, row, expandOf(call.query.expand))))
  },
  createPriorityScheme(call) {
    requireAdmin(call)
    const body = bodyOf(call)
    const name = text(body.name)
    checkName(call, name)
    const priorityIds = idsOf(body.priorityIds)
    const defaultPriorityId = text(body.defaultPriorityId)
    checkPriorities(call, priorityIds, defaultPriorityId)
    const projects = projectsNamed(call, idsOf(body.projectIds))
    migrate(call, projects, priorityIds, body.mappings, 'in')
    const id = nextId(call, 'priorityScheme')
    const description = text(body.description)
    call.tables.prioritySchemes.insert({ id, name, description, isDefault: false, defaultPriorityId, priorityIds })
    assign(call, projects, id)
    if (projects.length === 0) return { status: 201, body: { id } }
    return { status: 202, body: { id, task: taskView(call, doneTask(call, `Create priority scheme ${name}`)) } }
  },
  updatePriorityScheme(call) {
    const scheme = schemeOf(call, call.params.schemeId)
    const body = bodyOf(call)
    if (scheme.isDefault) throw badRequest('The default priority scheme cannot be updated.')
    if (typeof body.name === 'string') checkName(call, body.name, scheme.id)
    const gone = changesOf(body, 'priorities', 'remove')
    const priorityIds = [...new Set([...scheme.priorityIds, ...changesOf(body, 'priorities', 'add')])].filter(
      (id) => !gone.includes(id),
    )
    const defaultPriorityId = text(body.defaultPriorityId, scheme.defaultPriorityId)
    checkPriorities(call, priorityIds, defaultPriorityId)
    const leaving = projectsNamed(call, changesOf(body, 'projects', 'remove'))
    if (leaving.some((project) => prioritySchemeOf(call, project).id !== scheme.id))
      throw badRequest('One or more of the projects to be removed are not associated with the priority scheme.')
    const joining = projectsNamed(call, changesOf(body, 'projects', 'add'))
    const standard = defaultPriorityScheme(call)
    migrate(
      call,
      leaving,
      prioritiesOf(call, standard).map((priority) => priority.id),
      body.mappings,
      'out',
    )
    assign(call, leaving, standard.id)
    migrate(call, [...projectsOf(call, scheme), ...joining], priorityIds, body.mappings, 'in')
    assign(call, joining, scheme.id)
    const changed = call.tables.prioritySchemes.replace({
      ...renamed(scheme, body),
      defaultPriorityId,
      priorityIds,
    })
    const task = taskView(call, doneTask(call, `Update priority scheme ${changed.name}`))
    return { status: 202, body: { task, priorityScheme: schemeView(call, changed, ['priorities', 'projects']) } }
  },
  deletePriorityScheme(call) {
    const scheme = schemeOf(call, call.params.schemeId)
    if (scheme.isDefault) throw badRequest('The default priority scheme cannot be deleted.')
    if (projectsOf(call, scheme).length > 0)
      throw badRequest('The priority scheme is associated with one or more projects and cannot be deleted.')
    call.tables.prioritySchemes.remove(scheme.id)
    return noContent()
  },
  getPrioritiesByPriorityScheme(call) {
    const scheme = schemeOf(call, call.params.schemeId)
    return ok(pageBean(call, prioritiesOf(call, scheme), priorityView(call, scheme)))
  },
  getProjectsByPriorityScheme(call) {
    const scheme = schemeOf(call, call.params.schemeId)
    const ids = idsOf(call.query.projectId)
    const words = call.query.query?.toLowerCase() ?? ''
    const rows = projectsOf(call, scheme).filter(
      (project) => among(ids, project.id) && project.name.toLowerCase().includes(words),
    )
    return ok(pageBean(call, rows, (project) => projectView(reader(call), project)))
  },
  getAvailablePrioritiesByPriorityScheme(call) {
    const scheme = schemeOf(call, call.query.schemeId)
    const taken = [...prioritiesOf(call, scheme).map((priority) => priority.id), ...idsOf(call.query.exclude)]
    const words = call.query.query?.toLowerCase() ?? ''
    const rows = [...call.tables.priorities.scan('order')].filter(
      (priority) => !taken.includes(priority.id) && priority.name.toLowerCase().includes(words),
    )
    return ok(pageBean(call, rows, priorityView(call, scheme)))
  },
  /** Priorities that issues would lose by a change of a scheme's priorities or projects. */
  suggestedPrioritiesForMappings(call) {
    requireAdmin(call)
    const { schemeId, priorities, projects, startAt, maxResults } = bodyOf(call)
    const scheme = schemeId === undefined || schemeId === null ? undefined : schemeOf(call, schemeId)
    const [added, removed] = isObject(priorities) ? [idsOf(priorities.add), idsOf(priorities.remove)] : [[], []]
    const joining = isObject(projects) ? idsOf(projects.add) : []
    const affected = [...(scheme ? projectsOf(call, scheme) : []), ...projectsNamed(call, joining)]
    const before = scheme ? prioritiesOf(call, scheme).map((priority) => priority.id) : []
    const kept = [...before, ...added].filter((id) => !removed.includes(id))
    const rows = stranded(call, affected, kept)
      .map((id) => call.tables.priorities.get(id))
      .filter((row) => row !== undefined)
    const at = window({ startAt, maxResults }, 50)
    return ok({
      ...at,
      total: rows.length,
      isLast: at.startAt + at.maxResults >= rows.length,
      values: rows
        .slice(at.startAt, at.startAt + at.maxResults)
        .map(priorityView(call, scheme ?? defaultPriorityScheme(call))),
    })
  },
})
