import { type Reader, self, shown } from '../context.ts'
import { toHtml } from '../rules/adf/html.ts'
import type { AdfNode } from '../rules/adf/types.ts'
import { friendlyDuration } from '../rules/duration.ts'
import { allFields, applies } from '../rules/fields/registry.ts'
import type { Field } from '../rules/fields/types.ts'
import { friendlyDate, friendlyTime } from '../rules/time.ts'
import type { Issue } from '../tables.ts'
import { statusView } from './configuration.ts'
import {
  attachmentView,
  changeView,
  commentField,
  linkView,
  slimIssue,
  statusCategoryOf,
  worklogField,
} from './issue-parts.ts'

export const ISSUE_EXPAND = 'renderedFields,names,schema,operations,editmeta,changelog,versionedRepresentations'
export const SEARCH_EXPAND = 'operations,versionedRepresentations,editmeta,changelog,renderedFields'

/** Which fields a caller asks for: `*all`, `*navigable`, ids, and `-id` to leave one out. */
export function selectFields(
  fields: readonly Field[],
  asked: readonly string[] | undefined,
  standard: '*all' | '*navigable',
): Field[] {
  const names = (asked ?? [])
    .flatMap((part) => part.split(','))
    .map((part) => part.trim())
    .filter(Boolean)
  const without = new Set(names.filter((name) => name.startsWith('-')).map((name) => name.slice(1)))
  const wanted = names.filter((name) => !name.startsWith('-'))
  if (wanted.length === 0) wanted.push(standard)
  const set = new Set(wanted)
  return fields.filter((field) => {
    if (without.has(field.id) || without.has('*all')) return false
    return set.has('*all') || (set.has('*navigable') && field.navigable) || set.has(field.id)
  })
}

/** Fields that are no members of `fields`. */
const ELSEWHERE: ReadonlySet<string> = new Set(['issuekey', 'thumbnail'])

type Made = (reader: Reader, issue: Issue) => unknown

/** Fields the issue's other rows make. */
const MADE: Readonly<Record<string, Made>> = {
  status: (reader, issue) => {
    const status = reader.site.tables.statuses.get(issue.statusId)
    return status ? statusView(reader, status) : null
  },
  statusCategory: statusCategoryOf,
  project: (reader, issue) => fieldValue(reader, issue, 'project'),
  parent: (reader, issue) => {
    const parent = issue.parentId ? reader.site.tables.issues.get(issue.parentId) : undefined
    return parent && slimIssue(reader, parent)
  },
  subtasks: (reader, issue) => subtasks(reader, issue).map((child) => slimIssue(reader, child)),
  issuelinks: (reader, issue) =>
    reader.site.tables.issueLinks.where('issue', issue.id).map((link) => linkView(reader, link, issue.id)),
  comment: commentField,
  worklog: worklogField,
  attachment: (reader, issue) =>
    reader.site.tables.attachments.where('issue', issue.id).map((row) => attachmentView(reader, row)),
  watches: (reader, issue) => ({
    self: self(reader, `issue/${issue.key}/watchers`),
    watchCount: issue.watchers.length,
    isWatching: !!reader.user && issue.watchers.includes(reader.user.accountId),
  }),
  lastViewed: (reader, issue) => {
    const view = reader.user && reader.site.tables.issueViews.get(`${reader.user.accountId}/${issue.id}`)
    return view ? shown(reader, view.at) : null
  },
  workratio: (_, issue) =>
    issue.originalEstimate ? Math.floor(((issue.timeSpent ?? 0) * 100) / issue.originalEstimate) : -1,
  progress: (_, issue) => progress(issue.timeSpent, issue.remainingEstimate),
  aggregateprogress: (reader, issue) =>
    progress(sum(reader, issue, 'timeSpent'), sum(reader, issue, 'remainingEstimate')),
  aggregatetimespent: (reader, issue) => sum(reader, issue, 'timeSpent'),
  aggregatetimeestimate: (reader, issue) => sum(reader, issue, 'remainingEstimate'),
  aggregatetimeoriginalestimate: (reader, issue) => sum(reader, issue, 'originalEstimate'),
}

function fieldValue(reader: Reader, issue: Issue, id: string): unknown {
  const field = allFields(reader.site).find((candidate) => candidate.id === id)
  return field?.kind.read(field.get(issue), reader, issue)
}

const subtasks = (reader: Reader, issue: Issue): Issue[] =>
  reader.site.tables.issues
    .where('parent', issue.id)
    .filter((child) => (reader.site.tables.issueTypes.get(child.typeId)?.hierarchyLevel ?? 0) < 0)

function sum(
  reader: Reader,
  issue: Issue,
  what: 'timeSpent' | 'remainingEstimate' | 'originalEstimate',
): number | null {
  const values = [issue, ...subtasks(reader, issue)].map((row) => row[what]).filter((value) => value !== null)
  return values.length > 0 ? values.reduce((a, b) => a + b, 0) : null
}

function progress(spent: number | null, remaining: number | null) {
  const [done, total] = [spent ?? 0, (spent ?? 0) + (remaining ?? 0)]
  return { progress: done, total, ...(total > 0 && { percent: Math.floor((done * 100) / total) }) }
}

/** Fields of an issue as JSON. */
export function fieldsOf(reader: Reader, issue: Issue, fields: readonly Field[]): Record<string, unknown> {
  const shownFields: Record<string, unknown> = {}
  const project = reader.site.tables.projects.get(issue.projectId)
  for (const field of fields) {
    if (ELSEWHERE.has(field.id) || (project && !applies(reader.site, field, project, issue.typeId))) continue
    const made = field.id === 'project' ? undefined : MADE[field.id]
    const value = made ? made(reader, issue) : field.kind.read(field.get(issue), reader, issue)
    if (field.id === 'parent' && value === undefined) continue
    shownFields[field.id] = value
  }
  return shownFields
}

export interface IssueOptions {
  readonly fields: readonly Field[]
  readonly expand?: readonly string[]
  readonly properties?: readonly string[]
  /** The constant list of what could be expanded. */
  readonly expandable?: string
  /** How many histories `expand=changelog` embeds. */
  readonly histories?: number
}

/** An issue, as `GET issue` and searches answer it. */
export function issueView(reader: Reader, issue: Issue, options: IssueOptions) {
  const { fields, expand = [], properties = [] } = options
  const asked = (name: string) => expand.includes(name)
  const values = fieldsOf(reader, issue, fields)
  return {
    expand: options.expandable ?? ISSUE_EXPAND,
    id: issue.id,
    self: self(reader, `issue/${issue.id}`),
    key: issue.key,
    ...(asked('renderedFields') && { renderedFields: renderedFields(reader, issue, fields, values) }),
    ...(asked('names') && { names: namesOf(fields, values) }),
    ...(asked('schema') && { schema: schemaOf(fields, values) }),
    ...(asked('operations') && { operations: { linkGroups: [] } }),
    ...(asked('changelog') && { changelog: changelogOf(reader, issue, options.histories ?? 100) }),
    ...(properties.length > 0 && { properties: propertiesOf(reader, issue, properties) }),
    ...(asked('versionedRepresentations')
      ? {
          versionedRepresentations: Object.fromEntries(
            Object.entries(values).map(([id, value]) => [id, { '1': value }]),
          ),
        }
      : { fields: values }),
  }
}

export const namesOf = (fields: readonly Field[], values: object) =>
  Object.fromEntries(fields.filter((field) => field.id in values).map((field) => [field.id, field.name]))

export const schemaOf = (fields: readonly Field[], values: object) =>
  Object.fromEntries(
    fields.filter((field) => field.id in values && field.schema).map((field) => [field.id, field.schema]),
  )

/** History, newest first. */
function changelogOf(reader: Reader, issue: Issue, limit: number) {
  const changes = reader.site.tables.changes.where('issue', issue.id).reverse()
  const histories = changes.slice(0, limit).map((change) => changeView(reader, change))
  return { startAt: 0, maxResults: histories.length, total: changes.length, histories }
}

function propertiesOf(reader: Reader, issue: Issue, keys: readonly string[]) {
  const wanted = keys.flatMap((key) => key.split(','))
  const rows = reader.site.tables.properties.where('entity', ['issue', issue.id])
  return Object.fromEntries(
    rows.filter((row) => wanted.includes('*all') || wanted.includes(row.key)).map((row) => [row.key, row.value]),
  )
}

/** Values for people: HTML, friendly dates and durations; null where there is nothing to render. */
function renderedFields(
  reader: Reader,
  issue: Issue,
  fields: readonly Field[],
  values: Readonly<Record<string, unknown>>,
) {
  return Object.fromEntries(
    fields.filter((field) => field.id in values).map((field) => [field.id, rendered(reader, issue, field)]),
  )
}

const DURATIONS: readonly string[] = ['timespent', 'timeestimate', 'timeoriginalestimate']

function rendered(reader: Reader, issue: Issue, field: Field): unknown {
  const stored = field.get(issue)
  if (field.id === 'comment') return renderedComments(reader, issue)
  if (field.id === 'worklog') return renderedWorklogs(reader, issue)
  if (DURATIONS.includes(field.id)) return stored === null ? null : friendlyDuration(stored as number)
  switch (field.schema?.type) {
    case 'datetime':
      return typeof stored === 'number' ? friendlyTime(stored, reader.zone) : null
    case 'date':
      return stored ? friendlyDate(Date.parse(`${stored}T00:00:00Z`), 'Etc/UTC') : null
    case 'string':
      if (field.id === 'summary') return null
      return stored && typeof stored === 'object' ? toHtml(stored as AdfNode) : ''
    case 'timetracking':
      return field.kind.read(stored, reader, issue)
    default:
      return null
  }
}

function renderedComments(reader: Reader, issue: Issue) {
  const { comments, ...page } = commentField(reader, issue)
  return {
    ...page,
    comments: comments.map((comment) => {
      const row = reader.site.tables.comments.get(comment.id)
      return row
        ? {
            ...comment,
            body: toHtml(row.body),
            created: friendlyTime(row.created, reader.zone),
            updated: friendlyTime(row.updated, reader.zone),
          }
        : comment
    }),
  }
}

function renderedWorklogs(reader: Reader, issue: Issue) {
  const { worklogs, ...page } = worklogField(reader, issue)
  return {
    ...page,
    worklogs: worklogs.map((worklog) => {
      const row = reader.site.tables.worklogs.get(worklog.id)
      return row
        ? {
            ...worklog,
            ...(row.comment && { comment: toHtml(row.comment) }),
            created: friendlyTime(row.created, reader.zone),
            updated: friendlyTime(row.updated, reader.zone),
            started: friendlyTime(row.started, reader.zone),
            timeSpent: friendlyDuration(row.seconds),
          }
        : worklog
    }),
  }
}
