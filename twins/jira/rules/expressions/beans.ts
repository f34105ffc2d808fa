import { type JiraCall, reader, self } from '../../context.ts'
import type { Issue, Project, Sprint, User } from '../../tables.ts'
import { readableComments, readableWorklogs } from '../../views/issue-parts.ts'
import { userView } from '../../views/people.ts'
import { plainText } from '../adf/text.ts'
import type { AdfDocument } from '../adf/types.ts'
import { boardIssues, boardOf, epicOf, isEpic, openSprintOf, sprintOf, sprintsOf, sprintView } from '../agile.ts'
import { allFields } from '../fields/registry.ts'
import { projectOf } from '../issues/find.ts'
import { canSee } from '../permissions.ts'
import { Bag, Bean, Moment } from './values.ts'

type Properties = Readonly<Record<string, () => unknown>>

/** Properties whose values are at hand. */
const plain = (row: Readonly<Record<string, unknown>>): Record<string, () => unknown> =>
  Object.fromEntries(Object.entries(row).map(([name, value]) => [name, () => value]))

/** A bean that a result shows by its plain properties. */
const simple = (type: string, row: Readonly<Record<string, unknown>>, more: Properties = {}): Bean =>
  new Bean(type, String(row.id ?? row.name), { ...plain(row), ...more }, () => row)

const moment = (at: number | null | undefined) => (at === null || at === undefined ? null : new Moment(at))

const properties = (call: JiraCall, kind: string, id: string) =>
  new Bag((key) => call.tables.properties.get(`${kind}/${id}/${key}`)?.value ?? null)

const rich = (body: AdfDocument | null) =>
  body && new Bean('RichText', '', { plainText: () => plainText(body).trim(), value: () => body }, () => body)

export function userBean(call: JiraCall, accountId: string | null | undefined): Bean | null {
  const user: User | undefined = accountId ? call.tables.users.get(accountId) : undefined
  if (!user) return null
  const { displayName, active, timeZone, locale } = user
  const shown = { accountId: user.accountId, displayName, active, timeZone, locale, accountType: user.accountType }
  const groups = () => call.tables.groups.where('member', user.accountId).map((group) => group.name)
  const bag = () => properties(call, 'user', user.accountId)
  return new Bean('User', user.accountId, { ...plain(shown), groups, properties: bag }, () =>
    userView(reader(call), user.accountId),
  )
}

export function projectBean(call: JiraCall, project: Project): Bean {
  const { id, key, name, style, typeKey } = project
  return new Bean(
    'Project',
    id,
    {
      ...plain({ id: Number(id), key, name, style, projectTypeKey: typeKey }),
      lead: () => userBean(call, project.leadId),
      properties: () => properties(call, 'project', id),
    },
    () => ({ self: self(reader(call), `project/${id}`), id: Number(id), key }),
  )
}

export const sprintBean = (call: JiraCall, sprint: Sprint): Bean =>
  new Bean(
    'Sprint',
    String(sprint.id),
    {
      ...plain({ id: sprint.id, name: sprint.name, state: sprint.state, goal: sprint.goal ?? null }),
      startDate: () => moment(sprint.startDate),
      endDate: () => moment(sprint.endDate),
      completeDate: () => moment(sprint.completeDate),
      board: () => boardBean(call, sprint.boardId),
      properties: () => properties(call, 'sprint', String(sprint.id)),
    },
    () => sprintView(call, sprint),
  )

export function boardBean(call: JiraCall, id: number): Bean {
  const board = boardOf(call, id)
  const sprints = (state: Sprint['state']) => () =>
    call.tables.sprints
      .where('board', board.id)
      .filter((sprint) => sprint.state === state)
      .map((sprint) => sprintBean(call, sprint))
  return new Bean(
    'Board',
    String(board.id),
    {
      ...plain({ id: board.id, name: board.name, type: board.type }),
      activeSprints: sprints('active'),
      futureSprints: sprints('future'),
      closedSprints: sprints('closed'),
      issues: () => boardIssues(call, board).map((issue) => issueBean(call, issue)),
    },
    () => ({ id: board.id, name: board.name, type: board.type }),
  )
}

/** Named rows of the configuration: statuses, types, priorities … */
function parts(call: JiraCall, issue: Issue): Properties {
  const { tables } = call
  const named = (type: string, row: { id: string; name: string; description?: string } | undefined, more = {}) =>
    row ? simple(type, { id: Number(row.id), name: row.name, description: row.description ?? '', ...more }) : null
  const status = tables.statuses.get(issue.statusId)
  const type = tables.issueTypes.get(issue.typeId)
  const versions = (ids: readonly string[]) => () =>
    ids.map((id) => {
      const version = tables.versions.get(id)
      return named('Version', version, { released: version?.released, archived: version?.archived })
    })
  return {
    status: () => named('Status', status, { category: { key: status?.category, name: status?.category } }),
    issueType: () => named('IssueType', type, { hierarchyLevel: type?.hierarchyLevel }),
    priority: () => named('Priority', tables.priorities.get(issue.priorityId ?? '')),
    resolution: () => named('Resolution', tables.resolutions.get(issue.resolutionId ?? '')),
    components: () => issue.componentIds.map((id) => named('Component', tables.components.get(id))),
    fixVersions: versions(issue.fixVersionIds),
    versions: versions(issue.affectedVersionIds),
  }
}

/** What is said and done on an issue. */
function contents(call: JiraCall, issue: Issue): Properties {
  const { tables } = call
  const written = (row: { id: string; authorId: string | null; created: number }) => ({
    id: Number(row.id),
    author: userBean(call, row.authorId),
    created: moment(row.created),
  })
  return {
    comments: () =>
      readableComments(reader(call), issue).map((row) =>
        simple('Comment', { ...written(row), updated: moment(row.updated), body: rich(row.body) }),
      ),
    worklogs: () =>
      readableWorklogs(reader(call), issue).map((row) =>
        simple('Worklog', { ...written(row), timeSpentSeconds: row.seconds, started: moment(row.started) }),
      ),
    attachments: () =>
      tables.attachments.where('issue', issue.id).map((row) =>
        simple('Attachment', {
          ...written(row),
          filename: row.filename,
          mimeType: row.mimeType,
          size: row.bytes.length,
        }),
      ),
    changelogs: () =>
      tables.changes
        .where('issue', issue.id)
        .map((row) => simple('Changelog', { ...written({ ...row, id: String(row.id) }), items: row.items })),
    links: () => links(call, issue),
    properties: () => properties(call, 'issue', issue.id),
  }
}

const links = (call: JiraCall, issue: Issue) =>
  call.tables.issueLinks.where('issue', issue.id).flatMap((link) => {
    const outward = link.sourceId === issue.id
    const other = call.tables.issues.get(outward ? link.targetId : link.sourceId)
    const type = call.tables.issueLinkTypes.get(link.typeId)
    if (!other || !type || !canSee(call, call.caller.user, other)) return []
    const direction = outward ? 'outward' : 'inward'
    const shown = { id: Number(link.id), type: { id: Number(type.id), name: type.name }, direction }
    return [simple('IssueLink', shown, { linkedIssue: () => issueBean(call, other) })]
  })

/** Epics, parents, sub-tasks, sprints. */
function relatives(call: JiraCall, issue: Issue): Properties {
  const bean = (id: string | null | undefined) => {
    const other = id ? call.tables.issues.get(id) : undefined
    return other && canSee(call, call.caller.user, other) ? issueBean(call, other) : null
  }
  const children = () => call.tables.issues.where('parent', issue.id).map((child) => bean(child.id))
  const sprints = () => sprintsOf(call, issue).map((id) => sprintOf(call, id))
  return {
    parent: () => bean(issue.parentId),
    subtasks: children,
    epic: () => bean(epicOf(call, issue)?.id),
    isEpic: () => isEpic(call, issue),
    stories: () => (isEpic(call, issue) ? children() : []),
    sprint: () => {
      const open = openSprintOf(call, issue)
      return open ? sprintBean(call, open) : null
    },
    closedSprints: () =>
      sprints()
        .filter((sprint) => sprint.state === 'closed')
        .map((sprint) => sprintBean(call, sprint)),
  }
}

export function issueBean(call: JiraCall, issue: Issue): Bean {
  const custom = allFields(call)
    .filter((field) => field.custom)
    .map((field) => [field.id, () => field.kind.read(field.get(issue), reader(call), issue) ?? null] as const)
  return new Bean(
    'Issue',
    issue.id,
    {
      ...plain({ id: Number(issue.id), key: issue.key, summary: issue.summary, labels: issue.labels }),
      description: () => rich(issue.description),
      environment: () => rich(issue.environment),
      project: () => projectBean(call, projectOf(call, issue)),
      assignee: () => userBean(call, issue.assigneeId),
      reporter: () => userBean(call, issue.reporterId),
      creator: () => userBean(call, issue.creatorId),
      created: () => new Moment(issue.created),
      updated: () => new Moment(issue.updated),
      resolutionDate: () => moment(issue.resolved),
      dueDate: () => (issue.dueDate ? new Moment(Date.parse(`${issue.dueDate}T00:00:00Z`)) : null),
      originalEstimate: () => issue.originalEstimate,
      remainingEstimate: () => issue.remainingEstimate,
      timeSpent: () => issue.timeSpent,
      watchers: () => issue.watchers.map((id) => userBean(call, id)),
      ...parts(call, issue),
      ...contents(call, issue),
      ...relatives(call, issue),
      ...Object.fromEntries(custom),
    },
    () => ({ self: self(reader(call), `issue/${issue.id}`), id: Number(issue.id), key: issue.key }),
  )
}
