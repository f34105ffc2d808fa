import { created, noContent, ok } from '../../../shared/kernel/reply.ts'
import { isAdmin, type JiraCall, reader, signedIn } from '../context.ts'
import { badRequest, notFound } from '../errors.ts'
import { idsOf, pageBean, sorted } from '../paging.ts'
import * as agile from '../rules/agile.ts'
import { lookUpProject } from '../rules/issues/find.ts'
import { workflowStatuses } from '../rules/projects.ts'
import { mayView } from '../rules/sharing.ts'
import type { Board } from '../tables.ts'
import { avatarUrl, projectReference, versionReference } from '../views/configuration.ts'
import { listedProject } from '../views/project.ts'
import { operations } from './define.ts'
import { bodyOf } from './shared.ts'

function boardView(call: JiraCall, board: Board) {
  const project = board.projectId ? call.tables.projects.get(board.projectId) : undefined
  const user = board.userId ? call.tables.users.get(board.userId) : undefined
  const name = project ? `${project.name} (${project.key})` : undefined
  return {
    id: board.id,
    self: call.link(`/rest/agile/1.0/board/${board.id}`),
    name: board.name,
    type: board.type,
    ...(project && {
      location: {
        projectId: Number(project.id),
        displayName: name,
        projectName: project.name,
        projectKey: project.key,
        projectTypeKey: project.typeKey,
        avatarURI: avatarUrl(reader(call), 'project', project.avatarId, 'small'),
        name,
      },
    }),
    ...(user && {
      location: { userId: 0, userAccountId: user.accountId, displayName: user.displayName, name: user.displayName },
    }),
    isPrivate: board.isPrivate,
  }
}

/** Agile lists have no `self`; sprint lists no `total`. */
function page<R, V>(call: JiraCall, rows: readonly R[], view: (row: R) => V) {
  const { self: _, nextPage: __, ...bean } = pageBean(call, rows, view, 50, 100)
  return bean
}

const visibleBoards = (call: JiraCall) =>
  [...call.tables.boards.scan('id')].filter((board) => {
    const filter = call.tables.filters.get(board.filterId)
    return filter && (mayView(call, call.caller.user, filter) || isAdmin(call, call.caller.user))
  })

function projectsOf(call: JiraCall, board: Board) {
  const ids = new Set([
    ...(board.projectId ? [board.projectId] : []),
    ...agile.boardIssues(call, board).map((issue) => issue.projectId),
  ])
  return [...ids].map((id) => call.tables.projects.get(id)).filter((project) => project !== undefined)
}

export const boards = operations({
  getAllBoards(call) {
    const query = call.query as {
      type?: unknown
      name?: string
      projectKeyOrId?: string
      orderBy?: string
      filterId?: number
    }
    const types = idsOf(query.type)
    const project = query.projectKeyOrId === undefined ? undefined : lookUpProject(call, query.projectKeyOrId)
    if (query.projectKeyOrId !== undefined && !project)
      throw badRequest(`No project could be found with key or id '${query.projectKeyOrId}'.`)
    const rows = visibleBoards(call)
      .filter((board) => types.length === 0 || types.includes(board.type))
      .filter((board) => query.name === undefined || board.name.toLowerCase().includes(query.name.toLowerCase()))
      .filter((board) => query.filterId === undefined || board.filterId === String(query.filterId))
      .filter((board) => !project || board.projectId === project.id)
    const ordered = query.orderBy ? sorted(rows, (board) => board.name, query.orderBy.startsWith('-')) : rows
    return ok(page(call, ordered, (board) => boardView(call, board)))
  },
  createBoard(call) {
    const { accountId } = signedIn(call)
    const { name, type, filterId, location } = bodyOf(call) as {
      name?: string
      type?: string
      filterId?: number
      location?: { type?: string; projectKeyOrId?: string }
    }
    if (!name || name.length >= 255) throw badRequest('The name of the board must be between 1 and 255 characters.')
    if (type !== 'scrum' && type !== 'kanban' && type !== 'agility')
      throw badRequest('The board type must be one of scrum, kanban.')
    const filter = call.tables.filters.get(String(filterId ?? ''))
    if (!filter || !mayView(call, call.caller.user, filter)) {
      throw badRequest(
        'The selected filter is not available to you, perhaps it has been deleted or had its permissions changed.',
      )
    }
    const project = location?.type === 'project' ? lookUpProject(call, location.projectKeyOrId ?? '') : undefined
    if (location?.type === 'project' && !project)
      throw badRequest('The project of the location does not exist or you do not have permission to view it.')
    const statuses = project
      ? workflowStatuses(call, project)
      : call.tables.statuses.all().filter((status) => !status.projectId)
    const column = (title: string, category: string) => ({
      name: title,
      statusIds: statuses.filter((status) => status.category === category).map((status) => status.id),
    })
    const board = call.tables.boards.insert({
      id: call.sequence('jira.board'),
      name,
      type: type === 'agility' ? 'simple' : type,
      filterId: filter.id,
      ...(project ? { projectId: project.id } : { userId: accountId }),
      columns: [column('To Do', 'TODO'), column('In Progress', 'IN_PROGRESS'), column('Done', 'DONE')],
      isPrivate: false,
      sprintsSupported: type === 'scrum',
      ...(type === 'scrum' && { estimationFieldId: 'customfield_10026' }),
      ...(type === 'kanban' && { subQuery: 'fixVersion in unreleasedVersions() OR fixVersion is EMPTY' }),
    })
    call.emit({ type: 'board_created', boardId: board.id })
    return created(boardView(call, board))
  },
  getBoard: (call) => ok(boardView(call, agile.boardOf(call, call.params.boardId))),
  deleteBoard(call) {
    const board = agile.boardOf(call, call.params.boardId)
    for (const sprint of call.tables.sprints.where('board', board.id)) call.tables.sprints.remove(String(sprint.id))
    call.tables.boards.remove(String(board.id))
    call.emit({ type: 'board_deleted', boardId: board.id })
    return noContent()
  },
  getBoardByFilterId(call) {
    const rows = visibleBoards(call).filter((board) => board.filterId === String(call.params.filterId))
    return ok(page(call, rows, ({ id, name }) => ({ id, self: call.link(`/rest/agile/1.0/board/${id}`), name })))
  },
  getAgileConfiguration(call) {
    const board = agile.boardOf(call, call.params.boardId)
    const { location } = boardView(call, board) as {
      location?: { projectKey?: string; projectId?: number; projectName?: string }
    }
    const statusLink = (id: string) => ({ id, self: `${reader(call).root}/rest/api/2/status/${id}` })
    const field = board.estimationFieldId
    return ok({
      id: board.id,
      name: board.name,
      type: board.type,
      self: call.link(`/rest/agile/1.0/board/${board.id}/configuration`),
      ...(location?.projectKey && {
        location: {
          type: 'project',
          key: location.projectKey,
          id: String(location.projectId),
          self: `${reader(call).root}/rest/api/2/project/${location.projectId}`,
          name: location.projectName,
        },
      }),
      filter: { id: board.filterId, self: `${reader(call).root}/rest/api/2/filter/${board.filterId}` },
      ...(board.subQuery && { subQuery: { query: board.subQuery } }),
      columnConfig: {
        columns: board.columns.map(({ name, statusIds, min, max }) => ({
          name,
          statuses: statusIds.map(statusLink),
          ...(min !== undefined && { min }),
          ...(max !== undefined && { max }),
        })),
        constraintType: 'none',
      },
      ...(field && {
        estimation: {
          type: 'field',
          field: { fieldId: field, displayName: call.tables.customFields.get(field)?.name },
        },
      }),
      ranking: { rankCustomFieldId: 10_019 },
    })
  },
  getProjects(call) {
    const board = agile.boardOf(call, call.params.boardId)
    return ok(page(call, projectsOf(call, board), (project) => projectReference(reader(call), project)))
  },
  getProjectsFull(call) {
    const board = agile.boardOf(call, call.params.boardId)
    return ok(
      page(call, projectsOf(call, board), (project) =>
        listedProject(reader(call), project, ['description', 'lead', 'issueTypes']),
      ),
    )
  },
  getAllVersions(call) {
    const board = agile.boardOf(call, call.params.boardId)
    const released = (call.query as { released?: string }).released
    const rows = projectsOf(call, board)
      .flatMap((project) => call.tables.versions.where('project', project.id))
      .filter((version) => released === undefined || String(version.released) === String(released))
    return ok(
      page(call, rows, (version) => ({
        ...versionReference(reader(call), version),
        id: Number(version.id),
        projectId: Number(version.projectId),
      })),
    )
  },
  getAllQuickFilters(call) {
    agile.boardOf(call, call.params.boardId)
    return ok(page(call, [], (row) => row))
  },
  getQuickFilter(call) {
    agile.boardOf(call, call.params.boardId)
    throw notFound('The quick filter does not exist.')
  },
  getReportsForBoard(call) {
    agile.boardOf(call, call.params.boardId)
    return ok({ reports: [] })
  },

  getIssuesForBoard: (call) =>
    ok(agile.issuePage(call, agile.boardIssues(call, agile.boardOf(call, call.params.boardId)))),
  getIssuesForBoardJSIS: (call) =>
    ok(agile.issueTokenPage(call, agile.boardIssues(call, agile.boardOf(call, call.params.boardId)))),
  getApproximateIssueCountForBoard: (call) =>
    ok(agile.countOf(call, agile.boardIssues(call, agile.boardOf(call, call.params.boardId)))),
  getIssuesForBacklog: (call) =>
    ok(agile.issuePage(call, agile.backlogIssues(call, agile.boardOf(call, call.params.boardId)))),
  getIssuesForBacklogJSIS: (call) =>
    ok(agile.issueTokenPage(call, agile.backlogIssues(call, agile.boardOf(call, call.params.boardId)))),
  getApproximateIssueCountForBacklog: (call) =>
    ok(agile.countOf(call, agile.backlogIssues(call, agile.boardOf(call, call.params.boardId)))),
  getIssuesWithoutEpicForBoard: (call) => ok(agile.issuePage(call, withoutEpic(call, call.params.boardId))),
  getIssuesWithoutEpicForBoardJSIS: (call) => ok(agile.issueTokenPage(call, withoutEpic(call, call.params.boardId))),
  getBoardIssuesForEpic: (call) => ok(agile.issuePage(call, ofEpic(call, call.params.boardId, call.params.epicId))),
  getBoardIssuesForEpicJSIS: (call) =>
    ok(agile.issueTokenPage(call, ofEpic(call, call.params.boardId, call.params.epicId))),
  getBoardIssuesForSprint: (call) =>
    ok(agile.issuePage(call, ofSprint(call, call.params.boardId, call.params.sprintId))),
  getBoardIssuesForSprintJSIS: (call) =>
    ok(agile.issueTokenPage(call, ofSprint(call, call.params.boardId, call.params.sprintId))),
  moveIssuesToBoard(call) {
    agile.boardOf(call, call.params.boardId)
    const body = bodyOf(call)
    agile.rank(call, agile.namedIssues(call, body.issues), body)
    return noContent()
  },
  moveIssuesToBacklogForBoard(call) {
    agile.boardOf(call, call.params.boardId)
    const body = bodyOf(call)
    const issues = agile.namedIssues(call, body.issues)
    for (const issue of issues) agile.plan(call, issue, undefined)
    agile.rank(call, issues, body)
    return noContent()
  },
  moveIssuesToBacklog(call) {
    for (const issue of agile.namedIssues(call, bodyOf(call).issues)) agile.plan(call, issue, undefined)
    return noContent()
  },
  getEpics(call) {
    const board = agile.boardOf(call, call.params.boardId)
    const projects = new Set(projectsOf(call, board).map((project) => project.id))
    const done = call.query.done
    const rows = call.tables.issues
      .all()
      .filter((issue) => projects.has(issue.projectId) && agile.isEpic(call, issue))
      .filter((issue) => done === undefined || String(agile.epicView(call, issue).done) === String(done))
    const { total: _, ...bean } = page(call, rows.sort(agile.byRank), (epic) => agile.epicView(call, epic))
    return ok(bean)
  },
  getAllSprints(call) {
    const board = agile.boardOf(call, call.params.boardId)
    if (!board.sprintsSupported) throw badRequest('The board does not support sprints')
    const states = idsOf((call.query as { state?: unknown }).state)
    const unknown = states.find((state) => !['future', 'active', 'closed'].includes(state))
    if (unknown) throw badRequest(`Invalid state: ${unknown}`)
    const rows = call.tables.sprints
      .where('board', board.id)
      .filter((sprint) => states.length === 0 || states.includes(sprint.state))
    const order = ['closed', 'active', 'future']
    const ordered = rows.sort((a, b) => order.indexOf(a.state) - order.indexOf(b.state) || a.sequence - b.sequence)
    const { total: _, ...bean } = page(call, ordered, (sprint) => agile.sprintView(call, sprint))
    return ok(bean)
  },
})

const withoutEpic = (call: JiraCall, boardId: number) =>
  agile
    .boardIssues(call, agile.boardOf(call, boardId))
    .filter((issue) => !agile.isEpic(call, issue) && !agile.epicOf(call, issue))
const ofEpic = (call: JiraCall, boardId: number, epicId: number) =>
  agile.boardIssues(call, agile.boardOf(call, boardId)).filter((issue) => issue.parentId === String(epicId))
const ofSprint = (call: JiraCall, boardId: number, sprintId: number) => {
  const board = agile.boardOf(call, boardId)
  const { id } = agile.sprintOf(call, sprintId)
  return agile.boardIssues(call, board).filter((issue) => agile.sprintsOf(call, issue).includes(id))
}
