import { created, noContent, ok } from '../../../shared/kernel/reply.ts'
import { type JiraCall, nextId, reader, self } from '../context.ts'
import { badRequest, fieldErrors, notFound } from '../errors.ts'
import { expandOf, idsOf, orderOf, pageBean, sorted } from '../paging.ts'
import { lookUpProject, visibleProject } from '../rules/issues/find.ts'
import { can } from '../rules/permissions.ts'
import { isDate } from '../rules/time.ts'
import type { Component, Issue, Project, Version } from '../tables.ts'
import { versionView } from '../views/configuration.ts'
import { componentView, visibleProjects } from '../views/project.ts'
import { operations } from './define.ts'
import { administered } from './projects.ts'
import { bodyOf } from './shared.ts'

const ASSIGNEE_TYPES = ['PROJECT_DEFAULT', 'COMPONENT_LEAD', 'PROJECT_LEAD', 'UNASSIGNED'] as const

function componentOf(call: JiraCall, id: string): Component {
  const row = call.tables.components.get(id)
  const project = row && call.tables.projects.get(row.projectId)
  if (!row || !project || !can(call, call.caller.user, 'BROWSE_PROJECTS', project))
    throw notFound(`The component with id ${id} does not exist.`)
  return row
}

const issuesWith = (call: JiraCall, projectId: string, test: (issue: Issue) => boolean) =>
  call.tables.issues.where('project', projectId).filter(test)

function componentChange(call: JiraCall, project: Project, own?: Component): Omit<Component, 'id' | 'projectId'> {
  const { name, description, leadAccountId, assigneeType } = bodyOf(call)
  const wanted = name === undefined ? own?.name : String(name)
  if (!wanted) throw fieldErrors({ name: 'The component name must be provided.' })
  const clash = call.tables.components
    .where('project', project.id)
    .find((row) => row.name.toLowerCase() === wanted.toLowerCase() && row.id !== own?.id)
  if (clash) throw fieldErrors({ name: `A component with the name ${wanted} already exists in this project.` })
  const leadId = leadAccountId === undefined ? own?.leadId : leadAccountId ? String(leadAccountId) : undefined
  if (leadId && !call.tables.users.has(leadId))
    throw fieldErrors({ leadAccountId: `The user ${leadId} does not exist.` })
  const text = description === undefined ? own?.description : String(description)
  const type = ASSIGNEE_TYPES.find((candidate) => candidate === assigneeType) ?? own?.assigneeType ?? 'PROJECT_DEFAULT'
  return {
    name: wanted,
    assigneeType: type,
    ...(text !== undefined && { description: text }),
    ...(leadId && { leadId }),
  }
}

const COMPONENT_ORDER: Readonly<Record<string, (row: Component) => string | number>> = {
  name: (row) => row.name,
  description: (row) => row.description ?? '',
  lead: (row) => row.leadId ?? '',
  issueCount: () => 0,
}

export const components = operations({
  getProjectComponents(call) {
    const project = visibleProject(call, call.params.projectIdOrKey)
    return ok(call.tables.components.where('project', project.id).map((row) => componentView(reader(call), row)))
  },
  /** Rows carry the whole component twice (recorded): within `componentBean`, and beside it. */
  getProjectComponentsPaginated(call) {
    const { key, descending } = orderOf(call.query.orderBy, Object.keys(COMPONENT_ORDER), 'name')
    const project = visibleProject(call, call.params.projectIdOrKey)
    const words = (call.query as { query?: string }).query?.toLowerCase() ?? ''
    const rows = call.tables.components
      .where('project', project.id)
      .filter((row) => row.name.toLowerCase().includes(words) || row.description?.toLowerCase().includes(words))
    return ok(
      pageBean(call, sorted(rows, COMPONENT_ORDER[key] as (row: Component) => string, descending), (row) => {
        const view = componentView(reader(call), row)
        return {
          componentBean: view,
          issueCount: issuesWith(call, project.id, (issue) => issue.componentIds.includes(row.id)).length,
          ...view,
        }
      }),
    )
  },
  findComponentsForProjects(call) {
    const keys = idsOf(call.query.projectIdsOrKeys)
    const projects = keys.length > 0 ? keys.map((key) => visibleProject(call, key)) : visibleProjects(reader(call))
    const words = call.query.query?.toLowerCase() ?? ''
    const rows = projects
      .flatMap((project) => call.tables.components.where('project', project.id))
      .filter((row) => row.name.toLowerCase().includes(words))
    return ok(
      pageBean(
        call,
        sorted(rows, (row) => row.name),
        (row) => componentView(reader(call), row),
      ),
    )
  },
  createComponent(call) {
    const { project: key, projectId } = bodyOf(call)
    if (key === undefined && projectId === undefined) throw fieldErrors({ project: 'The project must be provided.' })
    const project = administered(call, String(key ?? projectId))
    const row = call.tables.components.insert({
      id: nextId(call, 'component'),
      projectId: project.id,
      ...componentChange(call, project),
    })
    const view = componentView(reader(call), row)
    return created(view, { location: view.self })
  },
  getComponent: (call) => ok(componentView(reader(call), componentOf(call, call.params.id))),
  updateComponent(call) {
    const row = componentOf(call, call.params.id)
    const project = administered(call, row.projectId)
    const changed = call.tables.components.replace({
      id: row.id,
      projectId: row.projectId,
      ...componentChange(call, project, row),
    })
    return ok(componentView(reader(call), changed))
  },
  deleteComponent(call) {
    const row = componentOf(call, call.params.id)
    administered(call, row.projectId)
    const { moveIssuesTo } = call.query
    if (moveIssuesTo !== undefined) componentOf(call, moveIssuesTo)
    for (const issue of issuesWith(call, row.projectId, (one) => one.componentIds.includes(row.id))) {
      const rest = issue.componentIds.filter((id) => id !== row.id)
      call.tables.issues.patch(issue.id, {
        componentIds: moveIssuesTo && !rest.includes(moveIssuesTo) ? [...rest, moveIssuesTo] : rest,
      })
    }
    call.tables.components.remove(row.id)
    return noContent()
  },
  getComponentRelatedIssues(call) {
    const row = componentOf(call, call.params.id)
    const issueCount = issuesWith(call, row.projectId, (issue) => issue.componentIds.includes(row.id)).length
    return ok({ self: self(reader(call), `component/${row.id}`), issueCount })
  },
})

function versionOf(call: JiraCall, id: string): Version {
  const row = call.tables.versions.get(id)
  const project = row && call.tables.projects.get(row.projectId)
  if (!row || !project || !can(call, call.caller.user, 'BROWSE_PROJECTS', project))
    throw notFound(`Could not find version for id '${id}'`)
  return row
}

function versionFull(call: JiraCall, row: Version, expand: readonly string[]) {
  const issues = issuesWith(call, row.projectId, (issue) => issue.fixVersionIds.includes(row.id))
  const category = (issue: Issue) => call.tables.statuses.get(issue.statusId)?.category
  const count = (wanted: string) => issues.filter((issue) => category(issue) === wanted).length
  return {
    ...versionView(reader(call), row),
    ...(expand.includes('operations') && { operations: [] }),
    ...(expand.includes('issuesstatus') && {
      issuesStatusForFixVersion: {
        unmapped: 0,
        toDo: count('TODO'),
        inProgress: count('IN_PROGRESS'),
        done: count('DONE'),
      },
    }),
    ...(expand.includes('driver') && row.driver && { driver: row.driver }),
  }
}

function versionChange(
  call: JiraCall,
  project: Project,
  own?: Version,
): Omit<Version, 'id' | 'projectId' | 'sequence'> {
  const body = bodyOf(call)
  const name = body.name === undefined ? own?.name : String(body.name)
  if (!name) throw fieldErrors({ name: 'You must specify a valid version name' })
  if (name.length > 255) throw fieldErrors({ name: 'The version name must not exceed 255 characters in length.' })
  const clash = call.tables.versions
    .where('project', project.id)
    .find((row) => row.name.toLowerCase() === name.toLowerCase() && row.id !== own?.id)
  if (clash) throw fieldErrors({ name: 'A version with this name already exists in this project.' })
  const day = (key: 'startDate' | 'releaseDate') => {
    const value = body[key] === undefined ? own?.[key] : body[key] || undefined
    if (value !== undefined && (typeof value !== 'string' || !isDate(value.slice(0, 10))))
      throw fieldErrors({ [key]: `The date '${value}' is not a valid date` })
    return value?.slice(0, 10)
  }
  const [startDate, releaseDate] = [day('startDate'), day('releaseDate')]
  if (startDate && releaseDate && startDate > releaseDate)
    throw fieldErrors({ startDate: 'Start date must be before the release date' })
  const description = body.description === undefined ? own?.description : String(body.description)
  const flag = (key: 'archived' | 'released') =>
    typeof body[key] === 'boolean' ? (body[key] as boolean) : (own?.[key] ?? false)
  return {
    name,
    archived: flag('archived'),
    released: flag('released'),
    ...(description !== undefined && { description }),
    ...(startDate && { startDate }),
    ...(releaseDate && { releaseDate }),
    ...((body.driver ?? own?.driver) !== undefined && { driver: String(body.driver ?? own?.driver) }),
    ...(own?.relatedWork && { relatedWork: own.relatedWork }),
  }
}

/** Takes a version out of the issues that name it; others may take its place. */
function replaceVersion(call: JiraCall, row: Version, fixTo: string | undefined, affectedTo: string | undefined): void {
  const swap = (ids: readonly string[], to: string | undefined) => {
    const rest = ids.filter((id) => id !== row.id)
    return to && ids.includes(row.id) && !rest.includes(to) ? [...rest, to] : rest
  }
  for (const issue of issuesWith(call, row.projectId, (one) =>
    [...one.fixVersionIds, ...one.affectedVersionIds].includes(row.id),
  )) {
    call.tables.issues.patch(issue.id, {
      fixVersionIds: swap(issue.fixVersionIds, fixTo),
      affectedVersionIds: swap(issue.affectedVersionIds, affectedTo),
    })
  }
  call.tables.versions.remove(row.id)
  call.emit({ type: 'jira:version_deleted', version: row, ...(fixTo !== undefined && { mergedTo: fixTo }) })
}

const VERSION_ORDER: Readonly<Record<string, (row: Version) => string | number>> = {
  description: (row) => row.description ?? '',
  name: (row) => row.name,
  releaseDate: (row) => row.releaseDate ?? '9999',
  sequence: (row) => row.sequence,
  startDate: (row) => row.startDate ?? '9999',
}

export const versions = operations({
  getProjectVersions(call) {
    const project = visibleProject(call, call.params.projectIdOrKey)
    return ok(
      call.tables.versions
        .where('project', project.id)
        .map((row) => versionFull(call, row, expandOf(call.query.expand))),
    )
  },
  getProjectVersionsPaginated(call) {
    const query = call.query as { orderBy?: string; query?: string; status?: string; expand?: string }
    const { key, descending } = orderOf(query.orderBy, Object.keys(VERSION_ORDER), 'sequence')
    const project = visibleProject(call, call.params.projectIdOrKey)
    const words = query.query?.toLowerCase() ?? ''
    const statuses = idsOf(query.status)
    const stateOf = (row: Version) => (row.archived ? 'archived' : row.released ? 'released' : 'unreleased')
    const rows = call.tables.versions
      .where('project', project.id)
      .filter((row) => row.name.toLowerCase().includes(words) || row.description?.toLowerCase().includes(words))
      .filter((row) => statuses.length === 0 || statuses.includes(stateOf(row)))
    return ok(
      pageBean(call, sorted(rows, VERSION_ORDER[key] as (row: Version) => string, descending), (row) =>
        versionFull(call, row, expandOf(query.expand)),
      ),
    )
  },
  createVersion(call) {
    const { project: key, projectId } = bodyOf(call)
    const found =
      key === undefined && projectId === undefined ? undefined : lookUpProject(call, String(projectId ?? key))
    if (!found) throw fieldErrors({ project: 'Project must be specified to create a version.' })
    const project = administered(call, found.id)
    const rows = call.tables.versions.where('project', project.id)
    const row = call.tables.versions.insert({
      id: nextId(call, 'version'),
      projectId: project.id,
      sequence: (rows.at(-1)?.sequence ?? 0) + 1000,
      ...versionChange(call, project),
    })
    call.emit({ type: 'jira:version_created', version: row })
    const view = versionFull(call, row, [])
    return created(view, { location: view.self })
  },
  getVersion: (call) => ok(versionFull(call, versionOf(call, call.params.id), expandOf(call.query.expand))),
  updateVersion(call) {
    const row = versionOf(call, call.params.id)
    const project = administered(call, row.projectId)
    const { moveUnfixedIssuesTo } = bodyOf(call)
    const changed = call.tables.versions.replace({
      id: row.id,
      projectId: row.projectId,
      sequence: row.sequence,
      ...versionChange(call, project, row),
    })
    if (moveUnfixedIssuesTo && changed.released) {
      const to = String(moveUnfixedIssuesTo).split('/').at(-1) as string
      for (const issue of issuesWith(
        call,
        row.projectId,
        (one) => one.fixVersionIds.includes(row.id) && !one.resolutionId,
      )) {
        call.tables.issues.patch(issue.id, {
          fixVersionIds: [...issue.fixVersionIds.filter((id) => id !== row.id), to],
        })
      }
    }
    const event =
      changed.released !== row.released
        ? changed.released
          ? 'jira:version_released'
          : 'jira:version_unreleased'
        : 'jira:version_updated'
    call.emit({ type: event, version: changed })
    return ok(versionFull(call, changed, []))
  },
  deleteVersion(call) {
    const row = versionOf(call, call.params.id)
    administered(call, row.projectId)
    replaceVersion(call, row, call.query.moveFixIssuesTo, call.query.moveAffectedIssuesTo)
    return noContent()
  },
  deleteAndReplaceVersion(call) {
    const row = versionOf(call, call.params.id)
    administered(call, row.projectId)
    const { moveFixIssuesTo, moveAffectedIssuesTo } = bodyOf(call)
    const target = (id: unknown) => (id === undefined || id === null ? undefined : versionOf(call, String(id)).id)
    replaceVersion(call, row, target(moveFixIssuesTo), target(moveAffectedIssuesTo))
    return noContent()
  },
  mergeVersions(call) {
    const row = versionOf(call, call.params.id)
    const to = versionOf(call, call.params.moveIssuesTo)
    if (row.id === to.id) throw badRequest('A version cannot be merged with itself.')
    administered(call, row.projectId)
    replaceVersion(call, row, to.id, to.id)
    return noContent()
  },
  /** Order within the project: after another version, or by a word. */
  moveVersion(call) {
    const row = versionOf(call, call.params.id)
    administered(call, row.projectId)
    const { after, position } = bodyOf(call)
    const rows = call.tables.versions.where('project', row.projectId).filter((other) => other.id !== row.id)
    const before = call.tables.versions.where('project', row.projectId).findIndex((other) => other.id === row.id)
    const behind = after === undefined ? -1 : rows.findIndex((other) => other.id === String(after).split('/').at(-1))
    if (after !== undefined && behind < 0) throw badRequest('The version to move after does not exist.')
    const places: Record<string, number> = {
      First: 0,
      Last: rows.length,
      Earlier: Math.max(0, before - 1),
      Later: Math.min(rows.length, before + 1),
    }
    const at = after !== undefined ? behind + 1 : places[String(position)]
    if (at === undefined) throw badRequest('You must provide either an after or a position.')
    rows.splice(at, 0, row)
    for (const [index, other] of rows.entries()) call.tables.versions.patch(other.id, { sequence: (index + 1) * 1000 })
    call.emit({ type: 'jira:version_moved', version: row })
    return ok(versionFull(call, versionOf(call, row.id), []))
  },
  getVersionRelatedIssues(call) {
    const row = versionOf(call, call.params.id)
    const count = (list: 'fixVersionIds' | 'affectedVersionIds') =>
      issuesWith(call, row.projectId, (issue) => issue[list].includes(row.id)).length
    return ok({
      self: self(reader(call), `version/${row.id}`),
      issuesFixedCount: count('fixVersionIds'),
      issuesAffectedCount: count('affectedVersionIds'),
      issueCountWithCustomFieldsShowingVersion: 0,
      customFieldUsage: [],
    })
  },
  getVersionUnresolvedIssues(call) {
    const row = versionOf(call, call.params.id)
    const issues = issuesWith(call, row.projectId, (issue) => issue.fixVersionIds.includes(row.id))
    return ok({
      self: self(reader(call), `version/${row.id}`),
      issuesUnresolvedCount: issues.filter((issue) => !issue.resolutionId).length,
      issuesCount: issues.length,
    })
  },
  getRelatedWork(call) {
    const row = versionOf(call, call.params.id)
    return ok((row.relatedWork ?? []).map(({ id, ...work }) => ({ ...work, relatedWorkId: id })))
  },
  createRelatedWork(call) {
    const row = versionOf(call, call.params.id)
    const { category, title, url, issueId } = bodyOf(call)
    if (!category) throw badRequest('The category must be provided.')
    const work = {
      id: call.random.uuid(),
      category: String(category),
      ...(title !== undefined && { title: String(title) }),
      ...(url !== undefined && { url: String(url) }),
      ...(issueId !== undefined && { issueId: String(issueId) }),
    }
    call.tables.versions.patch(row.id, { relatedWork: [...(row.relatedWork ?? []), work] })
    const { id, ...view } = work
    return created({ ...view, relatedWorkId: id })
  },
  updateRelatedWork(call) {
    const row = versionOf(call, call.params.id)
    const { relatedWorkId, category, title, url } = bodyOf(call)
    const work = (row.relatedWork ?? []).find((candidate) => candidate.id === relatedWorkId)
    if (!work) throw notFound('The related work does not exist.')
    const changed = {
      ...work,
      ...(category !== undefined && { category: String(category) }),
      ...(title !== undefined && { title: String(title) }),
      ...(url !== undefined && { url: String(url) }),
    }
    call.tables.versions.patch(row.id, {
      relatedWork: (row.relatedWork ?? []).map((one) => (one.id === work.id ? changed : one)),
    })
    const { id, ...view } = changed
    return ok({ ...view, relatedWorkId: id })
  },
  deleteRelatedWork(call) {
    const row = versionOf(call, call.params.versionId)
    const rest = (row.relatedWork ?? []).filter((work) => work.id !== call.params.relatedWorkId)
    if (rest.length === (row.relatedWork ?? []).length) throw notFound('The related work does not exist.')
    call.tables.versions.patch(row.id, { relatedWork: rest })
    return noContent()
  },
})
