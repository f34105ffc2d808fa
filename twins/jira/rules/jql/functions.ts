import { can, inRole } from '../permissions.ts'
import { boundary, parseDate } from './dates.ts'
import type { Comparable, JqlContext } from './fields.ts'
import { resolveUser } from './fields.ts'

/** A function of JQL: what it stands for, or `undefined` when its arguments are wrong. */
export interface JqlFunction {
  readonly name: string
  /** Types of fields it suits, as `autocompletedata` names them. */
  readonly types: readonly string[]
  readonly isList: boolean
  readonly least: number
  readonly most: number
  readonly run: (args: readonly string[], context: JqlContext) => readonly Comparable[] | undefined
}

const ISSUE = ['com.atlassian.jira.issue.Issue']
const USER = ['com.atlassian.jira.user.ApplicationUser']
const DATE = ['java.util.Date']
const PROJECT = ['com.atlassian.jira.project.Project']
const VERSION = ['com.atlassian.jira.project.version.Version']
const TYPE = ['com.atlassian.jira.issue.issuetype.IssueType']
const SPRINT = ['java.lang.Object']

const list = (
  name: string,
  types: readonly string[],
  least: number,
  most: number,
  run: JqlFunction['run'],
): JqlFunction => ({ name, types, isList: true, least, most, run })
const one = (
  name: string,
  types: readonly string[],
  least: number,
  most: number,
  run: JqlFunction['run'],
): JqlFunction => ({ name, types, isList: false, least, most, run })

const edge = (side: 'start' | 'end', period: 'Day' | 'Week' | 'Month' | 'Year') =>
  one(`${side}Of${period}`, DATE, 0, 1, ([increment], { site, zone }) => {
    const at = boundary(side, period, increment, site.now, zone)
    return at === undefined ? undefined : [at]
  })

const sprints = (state: 'active' | 'closed' | 'future') =>
  list(`${{ active: 'open', closed: 'closed', future: 'future' }[state]}Sprints`, SPRINT, 0, 0, (_, { site }) =>
    site.tables.sprints
      .all()
      .filter((sprint) => sprint.state === state)
      .map((sprint) => String(sprint.id)),
  )

const projectsNamed = ({ site }: JqlContext, names: readonly string[]) =>
  site.tables.projects
    .all()
    .filter(
      (p) =>
        names.length === 0 ||
        names.some((name) => [p.key, p.name, p.id].some((known) => known.toLowerCase() === name.toLowerCase())),
    )

const versions = (released: boolean) => (args: readonly string[], context: JqlContext) => {
  const projects = projectsNamed(context, args).map((project) => project.id)
  return context.site.tables.versions
    .all()
    .filter((v) => v.released === released && !v.archived && projects.includes(v.projectId))
    .map((v) => v.id)
}

const edgeVersion = (released: boolean, last: boolean) => (args: readonly string[], context: JqlContext) => {
  const ids = versions(released)(args, context)
  const rows = ids
    .map((id) => context.site.tables.versions.get(id))
    .filter((v) => v !== undefined)
    .sort((a, b) => a.sequence - b.sequence)
  const found = last ? rows.at(-1) : rows[0]
  return found ? [found.id] : []
}

function linked([key, type]: readonly string[], { site }: JqlContext): readonly Comparable[] | undefined {
  const issue = site.tables.issues.by('key', (key ?? '').toUpperCase()) ?? site.tables.issues.get(key ?? '')
  if (!issue) return undefined
  const lower = type?.toLowerCase()
  return site.tables.issueLinks.where('issue', issue.id).flatMap((link) => {
    const kind = site.tables.issueLinkTypes.get(link.typeId)
    const outwards = link.sourceId === issue.id
    const words = outwards ? kind?.outward : kind?.inward
    if (lower !== undefined && words?.toLowerCase() !== lower && kind?.name.toLowerCase() !== lower) return []
    return [outwards ? link.targetId : link.sourceId]
  })
}

/** Issues somebody changed, commented on or created within a time. */
function updatedBy([who, from, to]: readonly string[], context: JqlContext): readonly Comparable[] | undefined {
  const { site, zone } = context
  const ids = resolveUser(who ?? '', context)
  if (!ids) return undefined
  const since = from === undefined ? 0 : parseDate(from, site.now, zone)?.from
  const until = to === undefined ? Number.MAX_SAFE_INTEGER : parseDate(to, site.now, zone)?.to
  if (since === undefined || until === undefined) return undefined
  const within = (at: number) => at >= since && at <= until
  const found = new Set<string>()
  for (const change of site.tables.changes.all())
    if (ids.includes(change.authorId ?? '') && within(change.created)) found.add(change.issueId)
  for (const comment of site.tables.comments.all())
    if (ids.includes(comment.updateAuthorId ?? '') && within(comment.updated)) found.add(comment.issueId)
  for (const issue of site.tables.issues.all())
    if (ids.includes(issue.creatorId ?? '') && within(issue.created)) found.add(issue.id)
  return [...found]
}

const descendants = ([key]: readonly string[], { site }: JqlContext): readonly Comparable[] | undefined => {
  const issue = site.tables.issues.by('key', (key ?? '').toUpperCase())
  if (!issue) return undefined
  const below = (id: string): string[] =>
    site.tables.issues.where('parent', id).flatMap((child) => [child.id, ...below(child.id)])
  return below(issue.id)
}

const typesWhere =
  (subtask: boolean) =>
  (_: readonly string[], { site }: JqlContext) =>
    site.tables.issueTypes
      .all()
      .filter((type) => type.hierarchyLevel < 0 === subtask)
      .map((type) => type.id)

export const FUNCTIONS: readonly JqlFunction[] = [
  one('currentUser', USER, 0, 0, (_, { user }) => (user ? [user.accountId] : [])),
  list(
    'membersOf',
    USER,
    1,
    1,
    ([name], { site }) => site.tables.groups.by('name', (name ?? '').toLowerCase())?.members,
  ),
  one('now', DATE, 0, 0, (_, { site }) => [site.now]),
  one('currentLogin', DATE, 0, 0, (_, { site }) => [site.now]),
  one('lastLogin', DATE, 0, 0, (_, { site }) => [site.now]),
  ...(['Day', 'Week', 'Month', 'Year'] as const).flatMap((period) => [edge('start', period), edge('end', period)]),
  list('issueHistory', ISSUE, 0, 0, (_, { site, user }) =>
    user ? site.tables.issueViews.where('user', user.accountId).map((view) => view.issueId) : [],
  ),
  list('linkedIssues', ISSUE, 1, 2, linked),
  list('linkedWorkItems', ISSUE, 1, 2, linked),
  list('linkedIssue', ISSUE, 1, 2, linked),
  list('votedIssues', ISSUE, 0, 0, (_, { site, user }) =>
    site.tables.issues
      .all()
      .filter((issue) => user && issue.voters.includes(user.accountId))
      .map((issue) => issue.id),
  ),
  list('watchedIssues', ISSUE, 0, 0, (_, { site, user }) =>
    site.tables.issues
      .all()
      .filter((issue) => user && issue.watchers.includes(user.accountId))
      .map((issue) => issue.id),
  ),
  list('updatedBy', ISSUE, 1, 3, updatedBy),
  list('childIssuesOf', ISSUE, 1, 1, descendants),
  list('portfolioChildIssuesOf', ISSUE, 1, 1, descendants),
  list('issuesWithRemoteLinksByGlobalId', ISSUE, 1, 100, (ids, { site }) =>
    site.tables.remoteLinks
      .all()
      .filter((link) => link.globalId && ids.includes(link.globalId))
      .map((link) => link.issueId),
  ),
  list('standardIssueTypes', TYPE, 0, 0, typesWhere(false)),
  list('subtaskIssueTypes', TYPE, 0, 0, typesWhere(true)),
  list('standardWorkTypes', TYPE, 0, 0, typesWhere(false)),
  list('subtaskWorkTypes', TYPE, 0, 0, typesWhere(true)),
  list('projectsLeadByUser', PROJECT, 0, 1, ([who], context) => {
    const ids = who === undefined ? [context.user?.accountId] : resolveUser(who, context)
    return (
      ids &&
      context.site.tables.projects
        .all()
        .filter((project) => ids.includes(project.leadId))
        .map((project) => project.id)
    )
  }),
  list('projectsWhereUserHasPermission', PROJECT, 1, 1, ([permission], { site, user }) => {
    const key = (permission ?? '').toUpperCase().replaceAll(' ', '_')
    return site.tables.projects
      .all()
      .filter((project) => can(site, user, key, project))
      .map((project) => project.id)
  }),
  list('projectsWhereUserHasRole', PROJECT, 1, 1, ([name], { site, user }) => {
    const role = site.tables.roles.all().find((candidate) => candidate.name.toLowerCase() === name?.toLowerCase())
    return (
      role &&
      site.tables.projects
        .all()
        .filter((project) => user && inRole(site, user, project.id, role.id))
        .map((project) => project.id)
    )
  }),
  list('componentsLeadByUser', ['com.atlassian.jira.bc.project.component.ProjectComponent'], 0, 1, ([who], context) => {
    const ids = who === undefined ? [context.user?.accountId] : resolveUser(who, context)
    return (
      ids &&
      context.site.tables.components
        .all()
        .filter((component) => ids.includes(component.leadId ?? ''))
        .map((component) => component.id)
    )
  }),
  list('releasedVersions', VERSION, 0, 100, versions(true)),
  list('unreleasedVersions', VERSION, 0, 100, versions(false)),
  one('latestReleasedVersion', VERSION, 1, 1, edgeVersion(true, true)),
  one('earliestUnreleasedVersion', VERSION, 1, 1, edgeVersion(false, false)),
  sprints('active'),
  sprints('closed'),
  sprints('future'),
]

export const jqlFunction = (name: string): JqlFunction | undefined =>
  FUNCTIONS.find((candidate) => candidate.name.toLowerCase() === name.toLowerCase())
