import { self } from '../../context.ts'
import type { Issue } from '../../tables.ts'
import * as references from './references.ts'
import type { Field, Kind, Schema } from './types.ts'
import * as values from './values.ts'

type Flags = `${'o' | '-'}${'n' | '-'}${'s' | '-'}`

/** One line of the table below: id, name, orderable/navigable/searchable, clause names, schema, and how it is kept. */
function field(
  id: string,
  name: string,
  flags: Flags,
  clauseNames: readonly string[],
  schema: Omit<Schema, 'system'> | undefined,
  kind: Kind,
  get: (issue: Issue) => unknown,
  set?: (stored: never, issue: Issue) => Partial<Issue>,
  more: Partial<Field> = {},
): Field {
  return {
    id,
    name,
    orderable: flags[0] === 'o',
    navigable: flags[1] === 'n',
    searchable: flags[2] === 's',
    clauseNames,
    ...(schema && { schema: { ...schema, system: id } }),
    kind,
    get,
    ...(set && { set: set as NonNullable<Field['set']> }),
    ...more,
  }
}

const type = (name: string) => ({ type: name })
const list = (items: string) => ({ type: 'array', items })
/** Fields whose values the issue view makes: they depend on other rows. */
const made = values.computed(() => null)
const none = () => null
const userSearch = (what: string) => (issueKey: string) => `user/recommend?context=${what}&issueKey=${issueKey}`

/** Jira's own fields, as `GET field` lists them. */
export const SYSTEM_FIELDS: readonly Field[] = [
  field('statuscategorychangedate', 'Status Category Changed', '-ns', ['statusCategoryChangedDate'], type('datetime'), values.dateTime, (i) => i.statusCategoryChanged),
  field('issuetype', 'Issue Type', 'ons', ['issuetype', 'type', 'worktype'], type('issuetype'), references.issueType, (i) => i.typeId, (typeId: string) => ({ typeId })),
  field('parent', 'Parent', 'ons', ['parent'], undefined, made, (i) => i.parentId, (parentId: string | null) => ({ parentId }), { historyName: 'IssueParentAssociation' }),
  field('timespent', 'Time Spent', '-n-', ['timespent'], type('number'), values.number, (i) => i.timeSpent),
  field('project', 'Project', '-ns', ['project', 'spaceJira'], type('project'), references.projectPicker, (i) => i.projectId),
  field('fixVersions', 'Fix versions', 'ons', ['fixVersion'], list('version'), references.versions([]), (i) => i.fixVersionIds, (fixVersionIds: string[]) => ({ fixVersionIds }), { historyName: 'Fix Version' }),
  field('statusCategory', 'Status Category', '-ns', ['statusCategory'], type('statusCategory'), made, none),
  field('aggregatetimespent', 'Σ Time Spent', '-n-', [], type('number'), made, none),
  field('resolution', 'Resolution', 'ons', ['resolution'], type('resolution'), references.resolution, (i) => i.resolutionId, (resolutionId: string | null) => ({ resolutionId })),
  field('resolutiondate', 'Resolved', '-ns', ['resolutiondate', 'resolved'], type('datetime'), values.dateTime, (i) => i.resolved),
  field('workratio', 'Work Ratio', '-ns', ['workratio'], type('number'), made, none),
  field('lastViewed', 'Last Viewed', '-n-', ['lastViewed'], type('datetime'), made, none),
  field('watches', 'Watchers', '-n-', ['watchers'], type('watches'), made, none),
  field('issuerestriction', 'Restrict to', 'o-s', [], type('issuerestriction'), values.computed(() => ({ issuerestrictions: {}, shouldDisplay: false })), none),
  field('thumbnail', 'Images', '-n-', [], undefined, made, none),
  field('created', 'Created', '-ns', ['created', 'createdDate'], type('datetime'), values.dateTime, (i) => i.created),
  field('priority', 'Priority', 'ons', ['priority'], type('priority'), values.priority, (i) => i.priorityId, (priorityId: string | null) => ({ priorityId })),
  field('labels', 'Labels', 'ons', ['labels'], list('string'), values.labels([]), (i) => i.labels, (labels: string[]) => ({ labels })),
  field('timeestimate', 'Remaining Estimate', '-n-', ['remainingEstimate', 'timeestimate'], type('number'), values.number, (i) => i.remainingEstimate),
  field('aggregatetimeoriginalestimate', 'Σ Original Estimate', '-n-', [], type('number'), made, none),
  field('versions', 'Affects versions', 'ons', ['affectedVersion'], list('version'), references.versions([]), (i) => i.affectedVersionIds, (affectedVersionIds: string[]) => ({ affectedVersionIds }), { historyName: 'Version' }),
  field('issuelinks', 'Linked Issues', 'ons', ['issueLink', 'workItemLink'], list('issuelinks'), { ...made, operations: ['add', 'copy'] }, none, undefined, {
    autoComplete: (key) => `issue/picker?currentProjectId=&showSubTaskParent=true&showSubTasks=true&currentIssueKey=${key}&query=`,
  }),
  field('assignee', 'Assignee', 'ons', ['assignee'], type('user'), values.user, (i) => i.assigneeId, (assigneeId: string | null) => ({ assigneeId }), {
    autoComplete: (key) => `user/assignable/search?issueKey=${key}&query=`,
  }),
  field('updated', 'Updated', '-ns', ['updated', 'updatedDate'], type('datetime'), values.dateTime, (i) => i.updated),
  field('status', 'Status', '-ns', ['status'], type('status'), made, (i) => i.statusId),
  field('components', 'Components', 'ons', ['component'], list('component'), references.components([]), (i) => i.componentIds, (componentIds: string[]) => ({ componentIds }), { historyName: 'Component' }),
  field('issuekey', 'Key', '-n-', ['id', 'issue', 'issuekey', 'key', 'workItem', 'workItemKey'], undefined, made, (i) => i.key),
  field('timeoriginalestimate', 'Original estimate', '-n-', ['originalEstimate', 'timeoriginalestimate'], type('number'), values.number, (i) => i.originalEstimate),
  field('description', 'Description', 'ons', ['description'], type('string'), values.richText, (i) => i.description, (description: Issue['description']) => ({ description })),
  field('timetracking', 'Time tracking', 'o-s', [], type('timetracking'), references.timeTracking, (i) => ({ original: i.originalEstimate, remaining: i.remainingEstimate, spent: i.timeSpent }), (t: { original: number | null; remaining: number | null }) => ({ originalEstimate: t.original, remainingEstimate: t.remaining })),
  field('security', 'Security Level', 'ons', ['level'], type('securitylevel'), references.security, (i) => i.securityId, (securityId: string | null) => ({ securityId }), { historyName: 'security' }),
  field('attachment', 'Attachment', 'o-s', ['attachments'], list('attachment'), { ...made, operations: ['set', 'copy'] }, none),
  field('aggregatetimeestimate', 'Σ Remaining Estimate', '-n-', [], type('number'), made, none),
  field('summary', 'Summary', 'ons', ['summary'], type('string'), values.summary, (i) => i.summary, (summary: string) => ({ summary })),
  field('creator', 'Creator', '-ns', ['creator'], type('user'), values.user, (i) => i.creatorId),
  field('subtasks', 'Sub-tasks', '-n-', ['subtasks'], list('issuelinks'), made, none),
  field('reporter', 'Reporter', 'ons', ['reporter'], type('user'), values.user, (i) => i.reporterId, (reporterId: string | null) => ({ reporterId }), { autoComplete: userSearch('Reporter') }),
  field('aggregateprogress', 'Σ Progress', '-n-', [], type('progress'), made, none),
  field('environment', 'Environment', 'ons', ['environment'], type('string'), values.richText, (i) => i.environment, (environment: Issue['environment']) => ({ environment })),
  field('duedate', 'Due date', 'ons', ['due', 'duedate'], type('date'), values.date, (i) => i.dueDate, (dueDate: string | null) => ({ dueDate })),
  field('progress', 'Progress', '-n-', ['progress'], type('progress'), made, none),
  field('votes', 'Votes', '-n-', ['votes'], type('votes'), values.computed((_, reader, issue) => ({
    self: self(reader, `issue/${issue.key}/votes`),
    votes: issue.voters.length,
    hasVoted: !!reader.user && issue.voters.includes(reader.user.accountId),
  })), none),
  field('comment', 'Comment', 'o-s', ['comment'], type('comments-page'), { ...made, operations: ['add', 'edit', 'remove'] }, none),
  field('worklog', 'Log Work', 'o-s', [], list('worklog'), { ...made, operations: ['add', 'edit', 'remove'] }, none),
]

export const SYSTEM_FIELD: ReadonlyMap<string, Field> = new Map(SYSTEM_FIELDS.map((field) => [field.id, field]))
