import { isAdmin, type JiraCall, reader } from '../context.ts'
import { badRequest, notFound } from '../errors.ts'
import { jqlContext, parsed, searchable } from '../operations/search.ts'
import { expandOf, idsOf, namedPage, window } from '../paging.ts'
import type { Board, ChangeItem, Issue, Sprint } from '../tables.ts'
import { issueView, SEARCH_EXPAND, selectFields } from '../views/issue.ts'
import { record } from './changelog.ts'
import { allFields, softwareField } from './fields/registry.ts'
import { seenBy } from './issues/find.ts'
import { saveIssue } from './issues/save.ts'
import { comparator, compile } from './jql/evaluate.ts'
import { nextToken, readToken } from './jql/token.ts'
import { rankBetween } from './rank.ts'
import { mayView } from './sharing.ts'

/** A board the caller may see, or Jira's 404. */
export function boardOf(call: JiraCall, id: number): Board {
  const board = call.tables.boards.get(String(id))
  const filter = board && call.tables.filters.get(board.filterId)
  const { user } = call.caller
  if (!board || !filter || !(mayView(call, user, filter) || isAdmin(call, user))) {
    throw notFound(
      'The requested board cannot be viewed because it either does not exist or you do not have permission to view it.',
    )
  }
  return board
}

export function sprintOf(call: JiraCall, id: number): Sprint {
  const sprint = call.tables.sprints.get(String(id))
  if (!sprint) throw notFound('Sprint does not exist')
  return sprint
}

const sprintField = (call: JiraCall) => softwareField(call, 'gh-sprint')?.id ?? 'customfield_10020'

/** Sprints an issue is or was in. */
export const sprintsOf = (call: JiraCall, issue: Issue): number[] =>
  (issue.custom[sprintField(call)] as number[] | undefined) ?? []

/** The sprint an issue is planned for: not yet closed. */
export const openSprintOf = (call: JiraCall, issue: Issue): Sprint | undefined =>
  sprintsOf(call, issue)
    .map((id) => call.tables.sprints.get(String(id)))
    .find((sprint) => sprint && sprint.state !== 'closed')

/** Puts an issue into a sprint, or with none into the backlog. Closed sprints stay in its history. */
export function plan(call: JiraCall, issue: Issue, sprintId: number | undefined): void {
  const closed = sprintsOf(call, issue).filter((id) => call.tables.sprints.get(String(id))?.state === 'closed')
  const next = sprintId === undefined ? closed : [...closed, sprintId]
  saveIssue(call, call.caller.user, issue, { custom: { ...issue.custom, [sprintField(call)]: next } })
}

const level = (call: JiraCall, issue: Issue) => call.tables.issueTypes.get(issue.typeId)?.hierarchyLevel ?? 0

export const isEpic = (call: JiraCall, issue: Issue): boolean => level(call, issue) === 1

/** Issues of a board, by rank: its filter's, without epics on scrum boards. */
export function boardIssues(call: JiraCall, board: Board): Issue[] {
  const filter = call.tables.filters.get(board.filterId)
  const query = parsed(filter?.jql ?? '')
  const matches = compile(query.where, jqlContext(call))
  const rows = searchable(call).filter((issue) => matches(issue) && (board.type === 'kanban' || !isEpic(call, issue)))
  return rows.sort(query.orderBy.length > 0 ? comparator(query.orderBy, jqlContext(call)) : byRank)
}

export const byRank = (a: Issue, b: Issue) => (a.rank < b.rank ? -1 : a.rank > b.rank ? 1 : 0)

/** Issues nobody has planned or finished: incomplete, and in no future or active sprint (documented). */
export function backlogIssues(call: JiraCall, board: Board): Issue[] {
  const last = board.columns.at(-1)?.statusIds ?? []
  return boardIssues(call, board).filter(
    (issue) => !last.includes(issue.statusId) && openSprintOf(call, issue) === undefined && level(call, issue) >= 0,
  )
}

export const sprintView = (call: JiraCall, sprint: Sprint) => {
  const iso = (at: number | undefined) => (at === undefined ? undefined : new Date(at).toISOString())
  return {
    id: sprint.id,
    self: call.link(`/rest/agile/1.0/sprint/${sprint.id}`),
    state: sprint.state,
    name: sprint.name,
    ...(sprint.startDate !== undefined && { startDate: iso(sprint.startDate) }),
    ...(sprint.endDate !== undefined && { endDate: iso(sprint.endDate) }),
    ...(sprint.completeDate !== undefined && { completeDate: iso(sprint.completeDate) }),
    createdDate: iso(sprint.created),
    originBoardId: sprint.boardId,
    goal: sprint.goal ?? '',
  }
}

const sprintInIssue = (call: JiraCall, sprint: Sprint) => {
  const { createdDate: _, ...view } = sprintView(call, sprint)
  return view
}

export function epicView(call: JiraCall, epic: Issue) {
  const name = epic.custom[softwareField(call, 'gh-epic-label')?.id ?? '']
  const colour = epic.custom[softwareField(call, 'jsw-issue-color')?.id ?? '']
  const done = epic.custom['epic.done'] === true
  return {
    id: Number(epic.id),
    key: epic.key,
    self: call.link(`/rest/agile/1.0/epic/${epic.id}`),
    name: typeof name === 'string' ? name : '',
    summary: epic.summary,
    color: { key: typeof colour === 'string' ? colour : 'color_4' },
    issueColor: { key: typeof colour === 'string' ? colour : 'purple' },
    done,
  }
}

/** The epic an issue belongs to. */
export function epicOf(call: JiraCall, issue: Issue): Issue | undefined {
  const parent = issue.parentId ? call.tables.issues.get(issue.parentId) : undefined
  return parent && isEpic(call, parent) ? parent : undefined
}

/** Fields only Agile answers have. */
function agileFields(call: JiraCall, issue: Issue) {
  const sprint = openSprintOf(call, issue)
  const closed = sprintsOf(call, issue)
    .map((id) => call.tables.sprints.get(String(id)))
    .filter((row) => row?.state === 'closed')
  const epic = epicOf(call, issue)
  const flags = issue.custom.customfield_10021 as string[] | undefined
  return {
    sprint: sprint ? sprintInIssue(call, sprint) : null,
    closedSprints: closed.length > 0 ? closed.map((row) => sprintInIssue(call, row as Sprint)) : null,
    epic: epic ? epicView(call, epic) : null,
    flagged: (flags?.length ?? 0) > 0,
  }
}

/** An issue of an Agile answer: its own `self` and fields, other links of version 2. */
export function agileIssue(call: JiraCall, issue: Issue) {
  const query = call.query as { fields?: unknown; expand?: string }
  const asked = idsOf(query.fields)
  const fields = selectFields(allFields(call), asked, '*all')
  const view = issueView(reader(call), issue, { fields, expand: expandOf(query.expand), expandable: SEARCH_EXPAND })
  const more = agileFields(call, issue)
  const all = asked.length === 0 || asked.includes('*all') || asked.includes('*navigable')
  const own = Object.fromEntries(Object.entries(more).filter(([name]) => all || asked.includes(name)))
  return {
    ...view,
    self: call.link(`/rest/agile/1.0/issue/${issue.id}`),
    ...('fields' in view && { fields: { ...own, ...view.fields } }),
  }
}

/** Narrows by the `jql` parameter; with an ORDER BY that order wins. */
function narrowed(call: JiraCall, issues: readonly Issue[]): Issue[] {
  const { jql } = call.query as { jql?: string }
  if (!jql) return [...issues]
  const query = parsed(jql)
  const matches = compile(query.where, jqlContext(call))
  const rows = issues.filter((issue) => matches(issue))
  return query.orderBy.length > 0 ? rows.sort(comparator(query.orderBy, jqlContext(call))) : rows
}

/** An offset page of issues. */
export function issuePage(call: JiraCall, issues: readonly Issue[]) {
  const rows = narrowed(call, issues)
  return {
    expand: 'schema,names',
    ...namedPage('issues', rows, window(call.query as object, 50, 100), (issue) => agileIssue(call, issue)),
  }
}

/** A page by token, as the newer Software API answers. */
export function issueTokenPage(call: JiraCall, issues: readonly Issue[]) {
  const { nextPageToken, jql = '' } = call.query as { nextPageToken?: string; jql?: string }
  const from = nextPageToken ? readToken(nextPageToken, jql, call.now) : 0
  if (from === undefined) throw badRequest('The provided next page token is invalid or expired.')
  const { maxResults } = window(call.query as object, 50, 100)
  const rows = narrowed(call, issues)
  const page = rows.slice(from, from + maxResults)
  const isLast = from + page.length >= rows.length
  return {
    issues: page.map((issue) => agileIssue(call, issue)),
    ...(!isLast && { nextPageToken: nextToken(from + page.length, jql, call.now) }),
    isLast,
  }
}

export const countOf = (call: JiraCall, issues: readonly Issue[]) => ({ count: narrowed(call, issues).length })

/** Issues named in a body: at most fifty, all of them visible. */
export function namedIssues(call: JiraCall, value: unknown): Issue[] {
  const names = idsOf(value)
  if (names.length === 0) throw badRequest('issues: must not be empty')
  if (names.length > 50) throw badRequest('The maximum number of issues that can be moved in one operation is 50.')
  return names.map((name) => seenBy(call, call.caller.user, name))
}

/** Ranks issues before or after another one; relative to itself nothing moves. */
export function rank(
  call: JiraCall,
  issues: readonly Issue[],
  given: { rankBeforeIssue?: unknown; rankAfterIssue?: unknown },
): void {
  const { rankBeforeIssue, rankAfterIssue } = given
  if (rankBeforeIssue === undefined && rankAfterIssue === undefined) return
  const anchor = seenBy(call, call.caller.user, String(rankBeforeIssue ?? rankAfterIssue))
  const moving = issues.filter((issue) => issue.id !== anchor.id)
  const ids = new Set(moving.map((issue) => issue.id))
  const order = [...call.tables.issues.scan('rank')].filter((issue) => !ids.has(issue.id))
  const at = order.findIndex((issue) => issue.id === anchor.id) + (rankBeforeIssue === undefined ? 1 : 0)
  let before = order[at - 1]?.rank
  const after = order[at]?.rank
  const rankField = softwareField(call, 'gh-lexo-rank')
  for (const issue of moving) {
    const next = rankBetween(before, after)
    const up = next < issue.rank
    call.tables.issues.patch(issue.id, { rank: next, updated: call.now })
    const item: ChangeItem = {
      field: 'Rank',
      fieldtype: 'custom',
      fieldId: rankField?.id ?? 'customfield_10019',
      from: '',
      fromString: '',
      to: '',
      toString: up ? 'Ranked higher' : 'Ranked lower',
    }
    const entry = record(call, call.caller.user, issue.id, [item])
    call.emit({
      type: 'jira:issue_updated',
      issueId: issue.id,
      eventType: 'issue_updated',
      changeId: entry.id,
      accountId: call.caller.user?.accountId ?? null,
    })
    before = next
  }
}
