import { created, noContent, ok } from '../../../shared/kernel/reply.ts'
import type { JiraCall } from '../context.ts'
import { badRequest, fieldErrors, forbidden, notFound } from '../errors.ts'
import * as agile from '../rules/agile.ts'
import { softwareField } from '../rules/fields/registry.ts'
import { projectOf, seenBy, visibleIssue } from '../rules/issues/find.ts'
import { saveIssue } from '../rules/issues/save.ts'
import { can } from '../rules/permissions.ts'
import type { Issue, Sprint } from '../tables.ts'
import { operations } from './define.ts'
import { bodyOf } from './shared.ts'

/** Managing sprints is a permission on the board's project. */
function managed(call: JiraCall, boardId: number): void {
  const board = agile.boardOf(call, boardId)
  const project = board.projectId ? call.tables.projects.get(board.projectId) : undefined
  if (project && !can(call, call.caller.user, 'MANAGE_SPRINTS_PERMISSION', project))
    throw forbidden('You do not have permission to manage sprints on this board.')
}

function nameOf(value: unknown): string {
  const name = String(value ?? '').trim()
  if (name === '') throw fieldErrors({ name: 'Sprint name is required.' })
  if (name.length > 30) throw fieldErrors({ name: 'The sprint name must be shorter than 30 characters.' })
  return name
}

function dateOf(value: unknown, key: string): number | undefined {
  if (value === undefined || value === null || value === '') return undefined
  const at = Date.parse(String(value).replace(/([+-]\d\d)(\d\d)$/, '$1:$2'))
  if (Number.isNaN(at)) throw fieldErrors({ [key]: `Invalid date: ${value}` })
  return at
}

/** Issues of a sprint that are not done. */
const unfinished = (call: JiraCall, sprint: Sprint): Issue[] =>
  call.tables.issues
    .all()
    .filter(
      (issue) =>
        agile.sprintsOf(call, issue).includes(sprint.id) &&
        call.tables.statuses.get(issue.statusId)?.category !== 'DONE',
    )

/** Changes a sprint: PUT replaces (what is missing is cleared), POST patches. */
function change(call: JiraCall, sprint: Sprint, full: boolean) {
  managed(call, sprint.boardId)
  const body = bodyOf(call)
  const given = (key: 'startDate' | 'endDate') => (full || key in body ? dateOf(body[key], key) : sprint[key])
  const closedNow = sprint.state === 'closed'
  const [startDate, endDate] = closedNow ? [sprint.startDate, sprint.endDate] : [given('startDate'), given('endDate')]
  if (startDate !== undefined && endDate !== undefined && startDate >= endDate)
    throw fieldErrors({ endDate: 'The end date of a sprint must be after the start date.' })
  const state = (closedNow ? 'closed' : (body.state ?? sprint.state)) as Sprint['state']
  const { startDate: _, endDate: __, goal: ___, ...rest } = sprint
  const goal = full || 'goal' in body ? body.goal : sprint.goal
  let next: Sprint = {
    ...rest,
    name: full || 'name' in body ? nameOf(body.name) : sprint.name,
    ...(startDate !== undefined && { startDate }),
    ...(endDate !== undefined && { endDate }),
    ...(goal !== undefined && goal !== null && { goal: String(goal) }),
  }
  if (state !== sprint.state) next = moved(call, next, sprint, state)
  const saved = call.tables.sprints.replace(next)
  if (state === 'closed' && sprint.state === 'active') {
    for (const issue of unfinished(call, sprint)) agile.plan(call, issue, undefined)
  }
  const event = { active: 'sprint_started', closed: 'sprint_closed', future: 'sprint_updated' }[saved.state]
  call.emit({ type: state === sprint.state ? 'sprint_updated' : event, sprintId: saved.id })
  return ok(agile.sprintView(call, saved))
}

/** future → active → closed; nothing else. */
function moved(call: JiraCall, next: Sprint, before: Sprint, state: Sprint['state']): Sprint {
  if (before.state === 'future' && state === 'active') {
    if (next.startDate === undefined || next.endDate === undefined)
      throw badRequest('The start date and end date must be set before a sprint can be started.')
    const running = call.tables.sprints.where('board', before.boardId).some((sprint) => sprint.state === 'active')
    if (running) throw badRequest('There is already an active sprint on this board.')
    return { ...next, state }
  }
  if (before.state === 'active' && state === 'closed') return { ...next, state, completeDate: call.now }
  throw badRequest(`The sprint cannot be moved from the state '${before.state}' to the state '${state}'.`)
}

export const sprints = operations({
  createSprint(call) {
    const body = bodyOf(call)
    const board = agile.boardOf(call, Number(body.originBoardId))
    if (!board.sprintsSupported) throw badRequest('The board does not support sprints')
    managed(call, board.id)
    const [startDate, endDate] = [dateOf(body.startDate, 'startDate'), dateOf(body.endDate, 'endDate')]
    const id = call.sequence('jira.sprint')
    const sprint = call.tables.sprints.insert({
      id,
      name: nameOf(body.name),
      state: 'future',
      boardId: board.id,
      created: call.now,
      sequence: id,
      ...(startDate !== undefined && { startDate }),
      ...(endDate !== undefined && { endDate }),
      ...(typeof body.goal === 'string' && { goal: body.goal }),
    })
    call.emit({ type: 'sprint_created', sprintId: id })
    return created(agile.sprintView(call, sprint))
  },
  getSprint: (call) => ok(agile.sprintView(call, agile.sprintOf(call, call.params.sprintId))),
  updateSprint: (call) => change(call, agile.sprintOf(call, call.params.sprintId), true),
  partiallyUpdateSprint: (call) => change(call, agile.sprintOf(call, call.params.sprintId), false),
  deleteSprint(call) {
    const sprint = agile.sprintOf(call, call.params.sprintId)
    managed(call, sprint.boardId)
    for (const issue of call.tables.issues.all())
      if (agile.sprintsOf(call, issue).includes(sprint.id)) agile.plan(call, issue, undefined)
    call.tables.sprints.remove(String(sprint.id))
    call.emit({ type: 'sprint_deleted', sprintId: sprint.id })
    return noContent()
  },
  getIssuesForSprint: (call) => ok(agile.issuePage(call, sprintIssues(call, call.params.sprintId))),
  getIssuesForSprintJSIS: (call) => ok(agile.issueTokenPage(call, sprintIssues(call, call.params.sprintId))),
  moveIssuesToSprintAndRank(call) {
    const sprint = agile.sprintOf(call, call.params.sprintId)
    managed(call, sprint.boardId)
    if (sprint.state === 'closed') throw badRequest('Issues can only be moved to active or future sprints.')
    const body = bodyOf(call)
    const issues = agile.namedIssues(call, body.issues)
    for (const issue of issues) agile.plan(call, issue, sprint.id)
    agile.rank(call, issues, body)
    return noContent()
  },
  swapSprint(call) {
    const sprint = agile.sprintOf(call, call.params.sprintId)
    const other = agile.sprintOf(call, Number(bodyOf(call).sprintToSwapWith))
    call.tables.sprints.patch(String(sprint.id), { sequence: other.sequence })
    call.tables.sprints.patch(String(other.id), { sequence: sprint.sequence })
    return noContent()
  },

  rankIssues(call) {
    const body = bodyOf(call)
    if (body.rankBeforeIssue === undefined && body.rankAfterIssue === undefined)
      throw badRequest('One of rankBeforeIssue and rankAfterIssue must be provided.')
    agile.rank(call, agile.namedIssues(call, body.issues), body)
    return noContent()
  },
  getAgileIssue: (call) => ok(agile.agileIssue(call, visibleIssue(call, call.params.issueIdOrKey))),
  getIssueEstimationForBoard(call) {
    const { issue, fieldId } = estimated(call)
    return ok({ fieldId, value: issue.custom[fieldId] ?? null })
  },
  estimateIssueForBoard(call) {
    const { issue, fieldId } = estimated(call)
    const { value } = bodyOf(call)
    const number = value === null || value === '' ? null : Number(value)
    if (Number.isNaN(number)) throw badRequest('The value of the estimation must be a number.')
    saveIssue(call, call.caller.user, issue, { custom: { ...issue.custom, [fieldId]: number } })
    return ok({ fieldId, value: number })
  },

  getEpic: (call) => ok(agile.epicView(call, epicNamed(call, call.params.epicIdOrKey))),
  partiallyUpdateEpic(call) {
    const epic = epicNamed(call, call.params.epicIdOrKey)
    const { name, summary, color, done } = bodyOf(call) as {
      name?: string
      summary?: string
      color?: { key?: string }
      done?: boolean
    }
    const [nameField, colourField] = [
      softwareField(call, 'gh-epic-label')?.id,
      softwareField(call, 'jsw-issue-color')?.id,
    ]
    const custom = {
      ...epic.custom,
      ...(name !== undefined && nameField && { [nameField]: name }),
      ...(color?.key !== undefined && colourField && { [colourField]: color.key }),
      ...(done !== undefined && { 'epic.done': done }),
    }
    saveIssue(call, call.caller.user, epic, { custom, ...(summary !== undefined && { summary }) })
    call.tables.issues.patch(epic.id, { custom })
    return ok(agile.epicView(call, epicNamed(call, epic.id)))
  },
  getIssuesForEpic: (call) => ok(agile.issuePage(call, epicIssues(call, call.params.epicIdOrKey))),
  getIssuesForEpicJSIS: (call) => ok(agile.issueTokenPage(call, epicIssues(call, call.params.epicIdOrKey))),
  getIssuesWithoutEpic: (call) => ok(agile.issuePage(call, orphans(call))),
  getIssuesWithoutEpicJSIS: (call) => ok(agile.issueTokenPage(call, orphans(call))),
  moveIssuesToEpic(call) {
    const epic = epicNamed(call, call.params.epicIdOrKey)
    for (const issue of agile.namedIssues(call, bodyOf(call).issues)) {
      if ((call.tables.issueTypes.get(issue.typeId)?.hierarchyLevel ?? 0) !== 0)
        throw badRequest('Only issues one level below an epic can be added to it.')
      saveIssue(call, call.caller.user, issue, { parentId: epic.id })
    }
    return noContent()
  },
  removeIssuesFromEpic(call) {
    for (const issue of agile.namedIssues(call, bodyOf(call).issues)) {
      if (agile.epicOf(call, issue)) saveIssue(call, call.caller.user, issue, { parentId: null })
    }
    return noContent()
  },
  rankEpics(call) {
    const { rankBeforeEpic, rankAfterEpic } = bodyOf(call)
    agile.rank(call, [epicNamed(call, call.params.epicIdOrKey)], {
      rankBeforeIssue: rankBeforeEpic,
      rankAfterIssue: rankAfterEpic,
    })
    return noContent()
  },
})

function sprintIssues(call: JiraCall, sprintId: number): Issue[] {
  const { id } = agile.sprintOf(call, sprintId)
  return call.tables.issues
    .all()
    .filter((issue) => agile.sprintsOf(call, issue).includes(id))
    .sort(agile.byRank)
}

function epicNamed(call: JiraCall, idOrKey: string): Issue {
  const epic = seenBy(call, call.caller.user, idOrKey)
  if (!agile.isEpic(call, epic))
    throw notFound(
      'The requested epic cannot be viewed because it either does not exist or you do not have permission to view it.',
    )
  if (projectOf(call, epic).style === 'next-gen')
    throw badRequest('Epics of team-managed projects are not supported by this API.')
  return epic
}

const epicIssues = (call: JiraCall, idOrKey: string) =>
  call.tables.issues.where('parent', epicNamed(call, idOrKey).id).sort(agile.byRank)
const orphans = (call: JiraCall) =>
  call.tables.issues
    .all()
    .filter((issue) => !agile.isEpic(call, issue) && !agile.epicOf(call, issue))
    .sort(agile.byRank)

/** An issue and the field its board estimates by. */
function estimated(call: JiraCall): { issue: Issue; fieldId: string } {
  const { boardId } = call.query as { boardId?: number }
  if (boardId === undefined) throw badRequest('The boardId query parameter must be provided.')
  const issue = visibleIssue(call, (call.params as { issueIdOrKey: string }).issueIdOrKey)
  const { estimationFieldId } = agile.boardOf(call, boardId)
  if (!estimationFieldId) throw badRequest('The board does not have an estimation field.')
  return { issue, fieldId: estimationFieldId }
}
