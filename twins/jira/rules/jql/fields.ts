import type { Site } from '../../context.ts'
import type { Issue, User } from '../../tables.ts'
import { plainText } from '../adf/text.ts'
import type { AdfNode } from '../adf/types.ts'
import { allFields } from '../fields/registry.ts'
import type { Field } from '../fields/types.ts'
import { canRead } from '../permissions.ts'
import { instantOf } from '../time.ts'
import type { Operator } from './ast.ts'

/** For whom a query runs. */
export interface JqlContext {
  readonly site: Site
  readonly user: User | undefined
  readonly zone: string
}

/** Values a field holds, for comparison: ids of rows, numbers, instants, words. */
export type Comparable = string | number

/** A field as JQL knows it. */
export interface JqlField {
  readonly id: string
  /** The name `jql/autocompletedata` shows first. */
  readonly name: string
  readonly clauseNames: readonly string[]
  readonly operators: readonly Operator[]
  readonly type: 'row' | 'text' | 'date' | 'number' | 'word' | 'key'
  readonly orderable: boolean
  /** The row ids a written value stands for; `undefined`: no such value. */
  readonly resolve?: (text: string, context: JqlContext) => readonly Comparable[] | undefined
  readonly values: (issue: Issue, context: JqlContext) => readonly Comparable[]
  /** Place of a value in the order of comparisons and sorting. */
  readonly rank?: (value: Comparable, context: JqlContext) => Comparable
  /** Name of the field in the history: WAS and CHANGED work. */
  readonly history?: string
  readonly custom?: Field
}

const EQUALITY: readonly Operator[] = ['=', '!=', 'in', 'not in']
const EMPTINESS: readonly Operator[] = ['is', 'is not']
const ORDER: readonly Operator[] = ['<', '>', '<=', '>=']
const HISTORY: readonly Operator[] = ['was', 'was in', 'was not', 'was not in', 'changed']
const TEXT: readonly Operator[] = ['~', '!~']

const optional = (value: Comparable | null | undefined): readonly Comparable[] =>
  value === null || value === undefined ? [] : [value]

/** Rows by id or by name, ignoring case. */
const rows =
  (list: (site: Site) => readonly { readonly id: string | number; readonly name: string }[]) =>
  (text: string, { site }: JqlContext): readonly Comparable[] | undefined => {
    const lower = text.toLowerCase()
    const named = list(site).filter((row) => row.name.toLowerCase() === lower)
    const found = named.length > 0 ? named : list(site).filter((row) => String(row.id) === text)
    return found.length > 0 ? found.map((row) => String(row.id)) : undefined
  }

/** A person by account id, e-mail or name. */
export function resolveUser(text: string, { site }: JqlContext): readonly Comparable[] | undefined {
  const lower = text.toLowerCase()
  const direct = site.tables.users.get(text) ?? site.tables.users.by('email', lower)
  if (direct) return [direct.accountId]
  const named = site.tables.users.all().filter((user) => user.displayName.toLowerCase() === lower)
  return named.length > 0 ? named.map((user) => user.accountId) : undefined
}

const userName = (id: Comparable, { site }: JqlContext) =>
  site.tables.users.get(String(id))?.displayName.toLowerCase() ?? ''

function resolveKey(text: string, { site }: JqlContext): readonly Comparable[] | undefined {
  const byId = /^\d+$/.test(text) ? site.tables.issues.get(text) : undefined
  const issue =
    byId ??
    site.tables.issues.by('key', text.toUpperCase()) ??
    site.tables.issues.where('formerKey', text.toUpperCase())[0]
  return issue ? [issue.id] : undefined
}

/** Keys compare by project, then by number. */
function keyRank(id: Comparable, { site }: JqlContext): string {
  const issue = site.tables.issues.get(String(id))
  return issue ? `${issue.key.replace(/-\d+$/, '')}-${String(issue.number).padStart(9, '0')}` : ''
}

const versionRank = (id: Comparable, { site }: JqlContext) => site.tables.versions.get(String(id))?.sequence ?? 0
const projectNamed = ({ site }: JqlContext, text: string) => {
  const lower = text.toLowerCase()
  return site.tables.projects
    .all()
    .filter((project) => !project.deleted)
    .filter(
      (project) =>
        project.key.toLowerCase() === lower ||
        project.name.toLowerCase() === lower ||
        project.id === text ||
        project.formerKeys.some((key) => key.toLowerCase() === lower),
    )
}

const text = (
  id: string,
  names: readonly string[],
  read: (issue: Issue, context: JqlContext) => readonly string[],
  operators = [...TEXT, ...EMPTINESS],
): JqlField => ({
  id,
  name: names[0] as string,
  clauseNames: names,
  operators,
  type: 'text',
  orderable: operators.includes('is'),
  values: read,
})

const rich = (node: AdfNode | null): readonly string[] => (node ? [plainText(node)] : [])

function commentsOf(issue: Issue, { site, user }: JqlContext): readonly string[] {
  return site.tables.comments
    .where('issue', issue.id)
    .filter((comment) => canRead(site, user, issue.projectId, comment.visibility))
    .map((comment) => plainText(comment.body))
}

const date = (
  id: string,
  names: readonly string[],
  read: (issue: Issue, context: JqlContext) => number | null | undefined,
  orderable = true,
): JqlField => ({
  id,
  name: names[0] as string,
  clauseNames: names,
  operators: [...EQUALITY, ...ORDER, ...EMPTINESS],
  type: 'date',
  orderable,
  values: (issue, context) => optional(read(issue, context)),
})

const number = (
  id: string,
  names: readonly string[],
  read: (issue: Issue, context: JqlContext) => number | null,
): JqlField => ({
  ...date(id, names, read),
  type: 'number',
})

const row = (
  id: string,
  names: readonly string[],
  resolve: NonNullable<JqlField['resolve']>,
  values: JqlField['values'],
  more: Partial<JqlField> = {},
): JqlField => ({
  id,
  name: names[0] as string,
  clauseNames: names,
  operators: [...EQUALITY, ...EMPTINESS, ...(more.history ? HISTORY : [])],
  type: 'row',
  orderable: true,
  resolve,
  values,
  ...more,
})

const person = (id: string, names: readonly string[], values: JqlField['values'], history?: string) =>
  row(id, names, resolveUser, values, { rank: userName, ...(history && { history }) })

const dayStart = (day: string | null, zoneless = 'T00:00:00Z') => (day ? Date.parse(day + zoneless) : null)

/** The system's fields. */
const SYSTEM: readonly JqlField[] = [
  row(
    'project',
    ['project', 'spaceJira'],
    (value, context) => {
      const found = projectNamed(context, value)
      return found.length > 0 ? found.map((project) => project.id) : undefined
    },
    (issue) => [issue.projectId],
    { operators: [...EQUALITY, ...EMPTINESS], rank: (id, { site }) => site.tables.projects.get(String(id))?.key ?? '' },
  ),
  row('issuekey', ['key', 'id', 'issue', 'issuekey', 'workItem', 'workItemKey'], resolveKey, (issue) => [issue.id], {
    type: 'key',
    operators: [...EQUALITY, ...ORDER, ...EMPTINESS],
    rank: keyRank,
  }),
  row(
    'issuetype',
    ['issuetype', 'type', 'worktype'],
    rows((site) => site.tables.issueTypes.all()),
    (issue) => [issue.typeId],
    { rank: (id, { site }) => site.tables.issueTypes.get(String(id))?.name.toLowerCase() ?? '' },
  ),
  row(
    'status',
    ['status'],
    rows((site) => site.tables.statuses.all()),
    (issue) => [issue.statusId],
    {
      history: 'status',
      rank: (id, { site }) =>
        `${'TODO IN_PROGRESS DONE'.indexOf(site.tables.statuses.get(String(id))?.category ?? '')}${id}`,
    },
  ),
  row(
    'statusCategory',
    ['statusCategory'],
    (value) => {
      const known: Record<string, string> = {
        'to do': 'TODO',
        new: 'TODO',
        '2': 'TODO',
        'in progress': 'IN_PROGRESS',
        indeterminate: 'IN_PROGRESS',
        '4': 'IN_PROGRESS',
        done: 'DONE',
        '3': 'DONE',
        complete: 'DONE',
        'no category': 'UNDEFINED',
        undefined: 'UNDEFINED',
        '1': 'UNDEFINED',
      }
      const category = known[value.toLowerCase()]
      return category === undefined ? undefined : [category]
    },
    (issue, { site }) => optional(site.tables.statuses.get(issue.statusId)?.category),
    { operators: EQUALITY },
  ),
  row(
    'priority',
    ['priority'],
    rows((site) => site.tables.priorities.all()),
    (issue) => optional(issue.priorityId),
    {
      history: 'priority',
      operators: [...EQUALITY, ...ORDER, ...EMPTINESS, ...HISTORY],
      // The first priority is the highest one.
      rank: (id, { site }) => -(site.tables.priorities.get(String(id))?.sequence ?? 0),
    },
  ),
  row(
    'resolution',
    ['resolution'],
    (value, context) =>
      value.toLowerCase() === 'unresolved'
        ? ['unresolved']
        : rows((site) => site.tables.resolutions.all())(value, context),
    (issue) => optional(issue.resolutionId),
    { history: 'resolution' },
  ),
  person('assignee', ['assignee'], (issue) => optional(issue.assigneeId), 'assignee'),
  person('reporter', ['reporter'], (issue) => optional(issue.reporterId), 'reporter'),
  person('creator', ['creator'], (issue) => optional(issue.creatorId)),
  person('watcher', ['watcher'], (issue) => issue.watchers),
  person('voter', ['voter'], (issue) => issue.voters),
  person('worklogAuthor', ['worklogAuthor'], (issue, { site }) =>
    site.tables.worklogs.where('issue', issue.id).flatMap((w) => optional(w.authorId)),
  ),
  row(
    'components',
    ['component'],
    rows((site) => site.tables.components.all()),
    (issue) => issue.componentIds,
  ),
  row(
    'fixVersions',
    ['fixVersion'],
    rows((site) => site.tables.versions.all()),
    (issue) => issue.fixVersionIds,
    {
      history: 'Fix Version',
      operators: [...EQUALITY, ...ORDER, ...EMPTINESS, ...TEXT, ...HISTORY],
      rank: versionRank,
    },
  ),
  row(
    'versions',
    ['affectedVersion'],
    rows((site) => site.tables.versions.all()),
    (issue) => issue.affectedVersionIds,
    { operators: [...EQUALITY, ...ORDER, ...EMPTINESS, ...TEXT], rank: versionRank },
  ),
  row(
    'labels',
    ['labels'],
    (value) => [value],
    (issue) => issue.labels,
    { type: 'word' },
  ),
  row('parent', ['parent', 'parentEpic'], resolveKey, (issue) => optional(issue.parentId), { rank: keyRank }),
  row(
    'security',
    ['level'],
    rows((site) => site.tables.securitySchemes.all().flatMap((scheme) => scheme.levels)),
    (issue) => optional(issue.securityId),
  ),
  row(
    'category',
    ['category'],
    rows((site) => site.tables.projectCategories.all()),
    (issue, { site }) => optional(site.tables.projects.get(issue.projectId)?.categoryId),
  ),
  row(
    'projectType',
    ['projectType'],
    (value) =>
      ['software', 'business', 'service_desk', 'product_discovery'].includes(value.toLowerCase())
        ? [value.toLowerCase()]
        : undefined,
    (issue, { site }) => optional(site.tables.projects.get(issue.projectId)?.typeKey),
    { orderable: false },
  ),
  row(
    'hierarchyLevel',
    ['hierarchyLevel'],
    (value) => (/^-?\d+$/.test(value) ? [Number(value)] : undefined),
    (issue, { site }) => optional(site.tables.issueTypes.get(issue.typeId)?.hierarchyLevel),
    { type: 'number', operators: [...EQUALITY, ...ORDER] },
  ),
  row(
    'issuelinks',
    ['issueLink', 'workItemLink'],
    resolveKey,
    (issue, { site }) =>
      site.tables.issueLinks
        .where('issue', issue.id)
        .map((link) => (link.sourceId === issue.id ? link.targetId : link.sourceId)),
    { orderable: false },
  ),
  row(
    'issueLinkType',
    ['issueLinkType', 'workItemLinkType'],
    (value, { site }) => {
      const lower = value.toLowerCase()
      const found = site.tables.issueLinkTypes
        .all()
        .filter((type) => [type.name, type.inward, type.outward].some((name) => name.toLowerCase() === lower))
      return found.length > 0 ? found.map((type) => type.id) : undefined
    },
    (issue, { site }) => site.tables.issueLinks.where('issue', issue.id).map((link) => link.typeId),
    { orderable: false },
  ),
  row(
    'filter',
    ['filter', 'request', 'savedFilter', 'searchRequest'],
    rows((site) => site.tables.filters.all()),
    () => [],
    { operators: EQUALITY, orderable: false },
  ),
  text('summary', ['summary'], (issue) => [issue.summary]),
  text('description', ['description'], (issue) => rich(issue.description)),
  text('environment', ['environment'], (issue) => rich(issue.environment)),
  text('comment', ['comment'], commentsOf, [...TEXT]),
  text(
    'worklogComment',
    ['worklogComment'],
    (issue, { site }) => site.tables.worklogs.where('issue', issue.id).flatMap((w) => rich(w.comment)),
    [...TEXT],
  ),
  text('text', ['text', 'textfields'], allText, ['~']),
  date('created', ['created', 'createdDate'], (issue) => issue.created),
  date('updated', ['updated', 'updatedDate'], (issue) => issue.updated),
  date('resolutiondate', ['resolved', 'resolutiondate'], (issue) => issue.resolved),
  date('duedate', ['due', 'duedate'], (issue, { zone }) => dueIn(issue.dueDate, zone)),
  date('statuscategorychangedate', ['statusCategoryChangedDate'], (issue) => issue.statusCategoryChanged),
  date('lastViewed', ['lastViewed'], (issue, { site, user }) =>
    user ? site.tables.issueViews.get(`${user.accountId}/${issue.id}`)?.at : undefined,
  ),
  {
    ...date('worklogDate', ['worklogDate'], () => null, false),
    values: (issue, { site }) => site.tables.worklogs.where('issue', issue.id).map((w) => w.started),
  },
  number('votes', ['votes'], (issue) => issue.voters.length),
  number('watches', ['watchers'], (issue) => issue.watchers.length),
  number('timespent', ['timespent'], (issue) => issue.timeSpent),
  number('timeoriginalestimate', ['originalEstimate', 'timeoriginalestimate'], (issue) => issue.originalEstimate),
  number('timeestimate', ['remainingEstimate', 'timeestimate'], (issue) => issue.remainingEstimate),
  number('workratio', ['workratio'], (issue) =>
    issue.originalEstimate ? Math.floor(((issue.timeSpent ?? 0) * 100) / issue.originalEstimate) : null,
  ),
  {
    id: 'attachment',
    name: 'attachments',
    clauseNames: ['attachments'],
    operators: EMPTINESS,
    type: 'word',
    orderable: false,
    values: (issue, { site }) => site.tables.attachments.where('issue', issue.id).map((a) => a.id),
  },
]

const dueIn = (day: string | null, zone: string) => {
  const wall = dayStart(day)
  return wall === null ? null : instantOf(wall, zone)
}

function allText(issue: Issue, context: JqlContext): readonly string[] {
  const custom = allFields(context.site)
    .filter((field) => field.custom && field.schema?.type === 'string')
    .flatMap((field) => customText(field.get(issue)))
  return [
    issue.summary,
    ...rich(issue.description),
    ...rich(issue.environment),
    ...commentsOf(issue, context),
    ...custom,
  ]
}

const customText = (stored: unknown): readonly string[] => {
  if (typeof stored === 'string') return [stored]
  return stored && typeof stored === 'object' ? rich(stored as AdfNode) : []
}

/** A custom field by its kind of value. */
function customJqlField(field: Field): JqlField {
  const names = [field.name, ...field.clauseNames.filter((name) => name !== field.name), field.id]
  const stored = (issue: Issue) => field.get(issue)
  const list = (issue: Issue) => [stored(issue)].flat().filter((v) => v !== null && v !== undefined) as Comparable[]
  const more = { custom: field }
  switch (field.schema?.type === 'array' ? field.schema.items : field.schema?.type) {
    case 'number':
      return { ...number(field.id, names, (issue) => stored(issue) as number | null), ...more }
    case 'date':
      return { ...date(field.id, names, (issue, { zone }) => dueIn(stored(issue) as string | null, zone)), ...more }
    case 'datetime':
      return { ...date(field.id, names, (issue) => stored(issue) as number | null), ...more }
    case 'option':
      return row(field.id, names, optionNamed(field), list, more)
    case 'option-with-child':
      return row(
        field.id,
        names,
        optionNamed(field),
        (issue) => Object.values((stored(issue) ?? {}) as Record<string, string>),
        more,
      )
    case 'user':
      return row(field.id, names, resolveUser, list, { ...more, rank: userName })
    case 'group':
      return row(
        field.id,
        names,
        rows((site) => site.tables.groups.all().map((g) => ({ id: g.groupId, name: g.name }))),
        list,
        more,
      )
    case 'version':
      return row(
        field.id,
        names,
        rows((site) => site.tables.versions.all()),
        list,
        { ...more, rank: versionRank },
      )
    case 'project':
      return row(field.id, names, (value, context) => projectNamed(context, value).map((p) => p.id), list, more)
    case 'json':
      return row(
        field.id,
        names,
        rows((site) => site.tables.sprints.all()),
        (issue) => list(issue).map(String),
        { ...more, rank: (id) => Number(id) },
      )
    case 'any':
      if (field.custom?.type.endsWith(':gh-epic-link'))
        return row(field.id, names, resolveKey, epicOf, { ...more, rank: keyRank })
      return row(field.id, names, (value) => [value], list, { ...more, type: 'word' })
    case 'string':
      if (field.schema?.type === 'array')
        return row(field.id, names, (value) => [value], list, { ...more, type: 'word' })
      return { ...text(field.id, names, (issue) => customText(stored(issue))), ...more }
    default:
      return row(field.id, names, (value) => [value], list, { ...more, type: 'word' })
  }
}

const epicOf = (issue: Issue, { site }: JqlContext): readonly Comparable[] => {
  const parent = issue.parentId ? site.tables.issues.get(issue.parentId) : undefined
  const level = parent ? (site.tables.issueTypes.get(parent.typeId)?.hierarchyLevel ?? 0) : 0
  return parent && level >= 1 ? [parent.id] : []
}

const optionNamed =
  (field: Field): NonNullable<JqlField['resolve']> =>
  (value, { site }) => {
    const options = site.tables.fieldOptions.where('field', field.id)
    const found = options.filter((option) => option.value.toLowerCase() === value.toLowerCase() || option.id === value)
    return found.length > 0 ? found.map((option) => option.id) : undefined
  }

/** Every field JQL knows on a site. */
export const jqlFields = (site: Site): JqlField[] => [
  ...SYSTEM,
  ...allFields(site)
    .filter((field) => field.custom)
    .map(customJqlField),
]

const BY_NAME = new Map(
  SYSTEM.flatMap((field) => field.clauseNames.map((name) => [name.toLowerCase(), field] as const)),
)

/** A field by any of its names: clause name, `cf[10010]`, `Story Points[Number]`, id. */
export function jqlField(site: Site, name: string): JqlField | undefined {
  const lower = name.toLowerCase()
  const system = BY_NAME.get(lower)
  if (system) return system
  const custom = allFields(site).find(
    (field) =>
      field.custom && (field.id === lower || field.clauseNames.some((clause) => clause.toLowerCase() === lower)),
  )
  return custom && customJqlField(custom)
}
