import { z } from 'zod'
import type { Person } from '../../shared/kernel/twin.ts'
import { nextId, type Site } from './context.ts'
import { fromWiki } from './rules/adf/from-wiki.ts'
import { addComment } from './rules/comments.ts'
import { createIssue } from './rules/issues/create.ts'
import { transitionIssue } from './rules/issues/transition.ts'
import { createProject } from './rules/projects.ts'
import type { User } from './tables.ts'

const issue = z.strictObject({
  type: z.string().default('Task'),
  summary: z.string(),
  /** Wiki text. */
  description: z.string().optional(),
  assignee: z.email().optional(),
  reporter: z.email().optional(),
  priority: z.string().optional(),
  labels: z.array(z.string()).optional(),
  /** Name of the status it is moved to. */
  status: z.string().optional(),
  /** Summary of its parent, earlier in the list. */
  parent: z.string().optional(),
  comments: z.array(z.strictObject({ by: z.email(), text: z.string() })).optional(),
})

const project = z.strictObject({
  key: z.string().regex(/^[A-Z][A-Z0-9]+$/),
  /** Left out for a project that is there already: its issues are added. */
  name: z.string().optional(),
  lead: z.email().optional(),
  description: z.string().optional(),
  type: z.enum(['software', 'business']).default('software'),
  template: z.enum(['kanban', 'scrum', 'team-kanban', 'team-scrum']).default('kanban'),
  /** Only these of the template's issue types. */
  issueTypes: z.array(z.string()).optional(),
  board: z.boolean().default(true),
  components: z.array(z.string()).optional(),
  versions: z.array(z.string()).optional(),
  issues: z.array(issue).optional(),
})

/** The `jira` section of a fixture. */
export const fixture = z.strictObject({
  /** Serve the search endpoints that Atlassian removed in 2025. */
  legacySearch: z.boolean().optional(),
  plan: z.enum(['free', 'standard', 'premium', 'enterprise']).optional(),
  /** Levels of data classification that the organisation has. */
  classificationLevels: z
    .array(
      z.strictObject({
        name: z.string(),
        status: z.enum(['published', 'draft', 'archived']).optional(),
        description: z.string().optional(),
        guideline: z.string().optional(),
        color: z.string().optional(),
      }),
    )
    .optional(),
  groups: z.array(z.strictObject({ name: z.string(), members: z.array(z.email()) })).optional(),
  projects: z.array(project).optional(),
  /** API tokens with literal values, for software and suites that act as several people. */
  tokens: z.array(z.strictObject({ owner: z.email(), token: z.string() })).optional(),
})

const TEMPLATES = {
  kanban: 'com.pyxis.greenhopper.jira:gh-simplified-kanban-classic',
  scrum: 'com.pyxis.greenhopper.jira:gh-simplified-scrum-classic',
  'team-kanban': 'com.pyxis.greenhopper.jira:gh-simplified-agility-kanban',
  'team-scrum': 'com.pyxis.greenhopper.jira:gh-simplified-agility-scrum',
}

/** Adds the people, then the section: projects with their issues, in the order written. */
export function seed(site: Site, people: readonly Person[], section: unknown): void {
  for (const person of people) addPerson(site, person)
  const given = fixture.parse(section ?? {})
  for (const key of ['legacySearch', 'plan'] as const) {
    if (given[key] !== undefined) site.tables.settings.put({ key, value: given[key] })
  }
  const userOf = (email: string | undefined): User | undefined =>
    email ? site.tables.users.by('email', email.toLowerCase()) : undefined
  for (const group of given.groups ?? []) {
    const members = group.members.map((email) => userOf(email)?.accountId).filter((id) => id !== undefined)
    site.tables.groups.insert({ groupId: site.random.uuid(), name: group.name, members })
  }
  for (const [at, level] of (given.classificationLevels ?? []).entries())
    site.tables.classificationLevels.insert({
      id: `ari:cloud:platform::classification-tag/${site.random.uuid()}`,
      name: level.name,
      status: level.status ?? 'published',
      rank: at + 1,
      description: level.description ?? '',
      guideline: level.guideline ?? '',
      color: level.color ?? 'BLUE',
    })
  for (const project of given.projects ?? []) addProject(site, project, userOf)
  for (const { owner, token } of given.tokens ?? []) {
    const accountId = userOf(owner)?.accountId
    if (accountId === undefined) throw new Error(`jira.tokens: nobody has the address ${owner}`)
    site.tables.tokens.insert({ secret: token, kind: 'api', accountId })
  }
}

function addPerson(site: Site, person: Person): void {
  const user = site.tables.users.insert({
    accountId: `712020:${site.random.uuid()}`,
    accountType: 'atlassian',
    email: person.email,
    displayName: `${person.firstName} ${person.lastName}`,
    active: true,
    timeZone: person.timeZone ?? 'Etc/UTC',
    locale: 'en_US',
  })
  const groups = ['jira-software-users', 'jira-users', ...(person.admin ? ['jira-administrators', 'site-admins'] : [])]
  for (const name of groups) {
    const group = site.tables.groups.by('name', name)
    if (group) site.tables.groups.replace({ ...group, members: [...group.members, user.accountId] })
  }
}

type UserOf = (email: string | undefined) => User | undefined

function addProject(site: Site, given: z.infer<typeof project>, userOf: UserOf): void {
  const lead = userOf(given.lead) ?? site.tables.users.all().find((user) => user.accountType === 'atlassian')
  if (!lead) throw new Error('A project needs a lead')
  const known = site.tables.projects.by('key', given.key)
  const row =
    known ??
    createProject(site, {
      key: given.key,
      name: given.name ?? given.key,
      leadId: lead.accountId,
      typeKey: given.type,
      templateKey:
        given.type === 'business'
          ? 'com.atlassian.jira-core-project-templates:jira-core-simplified-project-management'
          : TEMPLATES[given.template],
      board: given.board,
      ...(given.description !== undefined && { description: given.description }),
      ...(given.issueTypes && { issueTypes: given.issueTypes }),
    })
  for (const name of given.components ?? []) {
    site.tables.components.insert({
      id: nextId(site, 'component'),
      projectId: row.id,
      name,
      assigneeType: 'PROJECT_DEFAULT',
    })
  }
  for (const [sequence, name] of (given.versions ?? []).entries()) {
    site.tables.versions.insert({
      id: nextId(site, 'version'),
      projectId: row.id,
      name,
      archived: false,
      released: false,
      sequence,
    })
  }
  for (const item of given.issues ?? []) addIssue(site, row.key, item, lead, userOf)
}

function addIssue(site: Site, projectKey: string, given: z.infer<typeof issue>, lead: User, userOf: UserOf): void {
  const user = userOf(given.reporter) ?? lead
  const assignee = userOf(given.assignee)
  const parent = given.parent
    ? site.tables.issues.all().find((row) => row.summary === given.parent && row.key.startsWith(`${projectKey}-`))
    : undefined
  const writer = { site, user, api: '3' as const }
  const made = createIssue(writer, {
    fields: {
      project: { key: projectKey },
      issuetype: { name: given.type },
      summary: given.summary,
      ...(given.description !== undefined && { description: fromWiki(given.description) }),
      ...(assignee && { assignee: { accountId: assignee.accountId } }),
      ...(given.priority && { priority: { name: given.priority } }),
      ...(given.labels && { labels: given.labels }),
      ...(parent && { parent: { id: parent.id } }),
    },
  })
  if (given.status) {
    const project = site.tables.projects.get(made.projectId)
    const scheme = project && site.tables.workflowSchemes.get(project.schemes.workflow)
    const workflow = scheme && site.tables.workflows.get(scheme.defaultWorkflow)
    const transition = workflow?.transitions.find(({ name, type }) => type !== 'INITIAL' && name === given.status)
    if (!transition) throw new Error(`${projectKey} has no status ${given.status}`)
    transitionIssue(writer, made, { transition: { id: transition.id } })
  }
  for (const comment of given.comments ?? []) {
    const by = userOf(comment.by) ?? user
    const now = site.tables.issues.get(made.id)
    if (now) addComment({ site, user: by, api: '3' }, now, { body: fromWiki(comment.text) })
  }
}
